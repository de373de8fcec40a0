#!/usr/bin/env python3
"""Writes the Rucio extension's configuration for JupyterLab from RUCIO_* variables, before the server starts."""

import json
import os
from pathlib import Path

# Setting of the extension, variable that holds it, value where the hub sets none.
TEXTS = [
    ("name", "RUCIO_NAME", "vre-rucio.cern.ch"),
    ("display_name", "RUCIO_DISPLAY_NAME", "Rucio"),
    ("rucio_base_url", "RUCIO_BASE_URL", "https://vre-rucio.cern.ch"),
    ("rucio_auth_url", "RUCIO_AUTH_URL", "https://vre-rucio-auth.cern.ch"),
    ("rucio_webui_url", "RUCIO_WEBUI_URL", "https://vre-rucio-ui.cern.ch"),
    ("rucio_ca_cert", "RUCIO_CA_CERT", "/certs/rucio_ca.pem"),
    ("site_name", "RUCIO_SITE_NAME", "CERN"),
    ("vo", "RUCIO_VO", "escape"),
    ("voms_vomses_path", "RUCIO_VOMS_VOMSES_PATH", "/etc/vomses"),
    ("voms_certdir_path", "RUCIO_VOMS_CERTDIR_PATH", "/etc/grid-security/certificates"),
    ("voms_vomsdir_path", "RUCIO_VOMS_VOMSDIR_PATH", "/etc/grid-security/vomsdir"),
    ("destination_rse", "RUCIO_DESTINATION_RSE", "CERN-EOSPILOT"),
    ("rse_mount_path", "RUCIO_RSE_MOUNT_PATH", "/eos/eulake"),
    ("mode", "RUCIO_MODE", "replica"),
    ("oidc_auth", "RUCIO_OIDC_AUTH", None),
    ("oidc_env_name", "RUCIO_OIDC_ENV_NAME", None),
]
SWITCHES = [("voms_enabled", "RUCIO_VOMS_ENABLED", "0"), ("wildcard_enabled", "RUCIO_WILDCARD_ENABLED", "1")]
COUNTS = [("path_begins_at", "RUCIO_PATH_BEGINS_AT", "5"), ("replication_rule_lifetime_days", "RUCIO_REPLICATION_RULE_LIFETIME_DAYS", "1")]


def update(path: Path, change) -> None:
    """Changes a JSON file, and begins a new one where there is none or it cannot be read."""
    try:
        content = json.loads(path.read_text())
    except (OSError, ValueError):
        content = {}
    change(content)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=2) + "\n")


def server(content: dict) -> None:
    instance = {key: os.environ.get(name, default) for key, name, default in TEXTS}
    instance.update({key: os.environ.get(name, default) == "1" for key, name, default in SWITCHES})
    instance.update({key: int(os.environ.get(name, default)) for key, name, default in COUNTS})
    instance = {key: value for key, value in instance.items() if value is not None}
    content["RucioConfig"] = {
        "instances": [instance],
        "default_instance": instance["name"],
        "default_auth_type": os.environ.get("RUCIO_DEFAULT_AUTH_TYPE", "x509_proxy"),
    }


def kernel(content: dict) -> None:
    extensions = content.setdefault("IPKernelApp", {}).setdefault("extensions", [])
    if "rucio_jupyterlab.kernels.ipython" not in extensions:
        extensions.append("rucio_jupyterlab.kernels.ipython")


if __name__ == "__main__":
    home = Path.home()
    update(home / ".jupyter/jupyter_server_config.json", server)
    update(home / ".ipython/profile_default/ipython_kernel_config.json", kernel)
