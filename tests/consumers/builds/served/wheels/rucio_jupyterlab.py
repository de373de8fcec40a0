

def _jupyter_server_extension_points():
    return [{"module": "rucio_jupyterlab"}]


_jupyter_server_extension_paths = _jupyter_server_extension_points


def _load_jupyter_server_extension(server):
    pass


load_jupyter_server_extension = _load_jupyter_server_extension
