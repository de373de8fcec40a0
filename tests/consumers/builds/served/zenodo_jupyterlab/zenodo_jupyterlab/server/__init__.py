def _jupyter_server_extension_points():
    return [{"module": "zenodo_jupyterlab.server"}]


def _load_jupyter_server_extension(app):
    app.log.info("a stand-in")
