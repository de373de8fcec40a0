"""Starts a built image as its pod would be started, and asks its server: `spawn(reference, pod, hub)` says what is wrong.

A pod of the chart's: its command or the image's own, uid and gid, the home an empty volume, the variables that JupyterHub passes. `Hub`
stands in for JupyterHub: it says which version it is, takes notes of activity, and knows one user by one token.
"""

import http.server
import json
import os
import random
import re
import shutil
import socket
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.request
import uuid

import yaml

# What zero-to-jupyterhub's values.yaml sets for `singleuser`, chart 4.
CHART = {"cmd": ["jupyterhub-singleuser"], "uid": 1000, "fs_gid": 100, "home": "/home/jovyan"}


class Hub(http.server.BaseHTTPRequestHandler):
    """As much of JupyterHub's API as a single-user server asks for."""

    def answer(self, body, status=200):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.send_header("X-JupyterHub-Version", "5.4.2")
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self):
        if self.path.rstrip("/") == "/hub/api":
            self.answer({"version": "5.4.2"})
        elif self.path.startswith("/hub/api/user"):
            scopes = ["access:servers!server=somebody/"]
            self.answer({"name": "somebody", "kind": "user", "admin": False, "groups": [], "scopes": scopes, "session_id": None})
        else:
            self.answer({}, 404)

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.answer({})

    def log_message(self, *_):
        pass


def pods(folder):
    """What the menus of a program say of each image: the entry's settings with the choice's over them, by the image's reference."""
    found = {}
    for file in sorted(folder.glob("deploy/**/*.yaml")):
        for document in yaml.safe_load_all(file.read_text()):
            for entry in entries(document):
                settings = entry.get("kubespawner_override") or {}
                note(found, settings)
                for option in (entry.get("profile_options") or {}).values():
                    for choice in (option.get("choices") or {}).values():
                        note(found, settings | (choice.get("kubespawner_override") or {}))
    return found


def note(found, settings):
    if isinstance(settings.get("image"), str):
        found.setdefault(settings["image"], settings)


def entries(node):
    """The entries of menus anywhere in a document, also in a text that is one."""
    if isinstance(node, dict):
        if "kubespawner_override" in node or "profile_options" in node:
            yield node
            return
        for value in node.values():
            yield from entries(value)
    elif isinstance(node, list):
        for value in node:
            yield from entries(value)
    elif isinstance(node, str) and "kubespawner_override" in node:
        try:
            yield from entries(yaml.safe_load(node))
        except yaml.YAMLError:
            return


def hub():
    """A hub on a port of its own, which it returns."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]


def free_port(many=1):
    """A port that nothing listens on, and so many behind it."""
    while True:
        first = random.randrange(20000, 32000)
        probes = [socket.socket() for _ in range(many)]
        try:
            for number, probe in enumerate(probes):
                probe.bind(("127.0.0.1", first + number))
            return first
        except OSError:
            continue
        finally:
            for probe in probes:
                probe.close()


def volume_of(pod):
    """An empty folder, as the kubelet leaves a new volume where the pod has an fsGroup."""
    volume = tempfile.mkdtemp()
    os.chown(volume, 0, pod.get("fs_gid", CHART["fs_gid"]))
    os.chmod(volume, 0o2775)
    return volume


def arguments(reference, pod, variables, volume):
    """The words that start a container as the pod's would be, with these variables of JupyterHub."""
    variables = variables | {key: str(value) for key, value in (pod.get("environment") or {}).items()}
    home = pod.get("home", CHART["home"])
    words = ["docker", "run", "--detach", "--network", "host", "--user", f"{pod.get('uid', CHART['uid'])}:{pod.get('gid', 100)}",
             "--group-add", str(pod.get("fs_gid", CHART["fs_gid"])), "--volume", f"{volume}:{home}"]
    words += [word for name, value in variables.items() for word in ("--env", f"{name}={value}")]
    # Kubernetes' `args`: the image's entrypoint stays.
    return [*words, reference, *(pod.get("cmd", CHART["cmd"]) or [])]


def told(reference, hub_port, port):
    """What the stand-in for JupyterHub tells a server, and the token by which it is asked."""
    token = uuid.uuid4().hex
    variables = {
        "JUPYTERHUB_API_TOKEN": token, "JPY_API_TOKEN": token, "JUPYTERHUB_CLIENT_ID": "jupyterhub-user-somebody", "JUPYTERHUB_HOST": "",
        "JUPYTERHUB_API_URL": f"http://127.0.0.1:{hub_port}/hub/api", "JUPYTERHUB_BASE_URL": "/", "JUPYTERHUB_USER": "somebody",
        "JUPYTERHUB_SERVICE_PREFIX": "/user/somebody/", "JUPYTERHUB_SERVICE_URL": f"http://127.0.0.1:{port}/user/somebody/",
        "JUPYTERHUB_OAUTH_CALLBACK_URL": "/user/somebody/oauth_callback", "JUPYTERHUB_OAUTH_SCOPES": '["access:servers!server=somebody/"]',
        "JUPYTERHUB_SERVER_NAME": "", "JUPYTERHUB_ACTIVITY_URL": f"http://127.0.0.1:{hub_port}/hub/api/users/somebody/activity",
        "MEM_LIMIT": "1073741824", "JUPYTER_IMAGE": reference,
    }
    return variables, token


def spawn(reference, pod, hub_port, port):
    """Nothing where the server answers to whoever has the token, and to nobody else."""
    volume = volume_of(pod)
    variables, token = told(reference, hub_port, port)
    container = subprocess.check_output(arguments(reference, pod, variables, volume), text=True).strip()
    url = f"http://127.0.0.1:{port}/user/somebody/api/status"
    try:
        for _ in range(120):
            running = subprocess.check_output(["docker", "inspect", "--format", "{{.State.Running}}", container], text=True).strip()
            if running != "true":
                return f"the pod's command ends: {log(container)}"
            try:
                with urllib.request.urlopen(urllib.request.Request(url, headers={"Authorization": f"token {token}"}), timeout=5) as answer:
                    if "started" not in json.loads(answer.read()):
                        return "the server's answer is another's"
                    # The images' scripts go on behind a hook that fails.
                    failed = re.findall(r"(\S+\.d/\S+) has failed", output(container))
                    return f"{failed[0]} fails" if failed else ""
            except urllib.error.HTTPError as error:
                return f"the server answers {error.code}: {log(container)}"
            except OSError:
                time.sleep(1)
        return f"nothing answers on port {port}: {log(container)}"
    finally:
        subprocess.run(["docker", "rm", "--force", container], capture_output=True)
        shutil.rmtree(volume)


def log(container):
    return re.sub(r"\s+", " ", output(container, "--tail", "8"))[-600:]


def output(container, *words):
    done = subprocess.run(["docker", "logs", *words, container], capture_output=True, text=True)
    return done.stdout + done.stderr
