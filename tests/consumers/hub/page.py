#!/usr/bin/env python3
"""page.py CONFIGMAP OUT.html [--fancy]: the page on which people pick an environment, as JupyterHub's own templates draw it.

With --fancy the form is the one of jupyterhub-fancy-profiles. The page takes its style and scripts from the installed packages.
"""

import asyncio
import os
import sys

import jinja2

from config import builtin_config
from spawner import make_spawner
from values import read_configmap, read_values

HUB = os.path.join(sys.prefix, "share", "jupyterhub")


async def form(configmap, fancy):
    config = builtin_config(read_values(read_configmap(configmap, "values.yaml")[1], "values.yaml"))
    if fancy:
        import jupyterhub_fancy_profiles

        config.KubeSpawner.additional_profile_form_template_paths = jupyterhub_fancy_profiles.TEMPLATE_PATHS
        static = os.path.join(os.path.dirname(jupyterhub_fancy_profiles.__file__), "static")
    spawner = make_spawner(config, [])
    page = await spawner.get_options_form() if callable(spawner.options_form) else spawner.options_form
    return page.replace("/hub/fancy-profiles/static", f"file://{static}") if fancy else page


def main(configmap, out, *flags):
    environment = jinja2.Environment(loader=jinja2.FileSystemLoader(os.path.join(HUB, "templates")))

    def static_url(path, **_):
        return f"file://{HUB}/static/{path}"

    page = environment.get_template("spawn.html").render(
        static_url=static_url, base_url="/hub/", prefix="/", parsed_scopes=[], no_spawner_check=True,
        logo_url="#", spawner_options_form=asyncio.run(form(configmap, "--fancy" in flags)),
    )
    with open(out, "w") as file:
        file.write(page.replace("/hub/logo", static_url("images/jupyterhub-80.png")))


if __name__ == "__main__":
    main(*sys.argv[1:])
