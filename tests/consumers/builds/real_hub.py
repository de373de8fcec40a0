"""Lets a real JupyterHub start a built image, as its pod would be started: `spawn(reference, pod, port)` says what is wrong.

The hub runs with this file as its configuration. Its spawner starts a container where KubeSpawner would ask for a pod; it has no proxy,
since the server is asked on its own port. Starting it goes over the hub's API, as the button of its page does.
"""

import importlib.util
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

TOKEN = "of-the-test"


def there():
    return importlib.util.find_spec("jupyterhub") is not None


def spawn(reference, pod, port):
    """Nothing where the hub says that the server is ready, and the server answers to a token of the hub's."""
    folder = pathlib.Path(tempfile.mkdtemp())
    said = {"reference": reference, "pod": pod, "port": port}
    environment = os.environ | {"JENVC_POD": json.dumps(said), "PYTHONPATH": str(pathlib.Path(__file__).parent)}
    with open(folder / "log", "w") as log:
        words = [sys.executable, "-m", "jupyterhub", "--config", __file__]
        hub = subprocess.Popen(words, cwd=folder, env=environment, stdout=log, stderr=log)
        try:
            wrong = started(hub, port)
        finally:
            subprocess.run(["docker", "rm", "--force", container_of(port)], capture_output=True)
            hub.terminate()
            hub.wait()
    last = " ".join((folder / "log").read_text().split())[-600:]
    shutil.rmtree(folder)
    return f"{wrong}: {last}" if wrong else ""


def started(hub, port):
    api = f"http://127.0.0.1:{port + 1}/hub/api"
    for _ in range(120):
        if hub.poll() is not None:
            return "JupyterHub ends"
        if ask(f"{api}/")[0] == 200:
            break
        time.sleep(1)
    else:
        return "JupyterHub does not answer"
    for path in ("users/somebody", "users/somebody/server"):
        status, answer = ask(f"{api}/{path}", "POST")
        if status not in (201, 202):
            return f"JupyterHub answers {status} to {path}: {answer}"
    for _ in range(180):
        server = (ask(f"{api}/users/somebody")[1].get("servers") or {}).get("")
        if server is None:
            return "JupyterHub gives the server up"
        if server["ready"]:
            status, answer = ask(f"http://127.0.0.1:{port}/user/somebody/api/status")
            return "" if status == 200 and "started" in answer else f"the server answers {status}"
        time.sleep(1)
    return "the server is not ready"


def ask(url, method="GET"):
    request = urllib.request.Request(url, method=method, headers={"Authorization": f"token {TOKEN}"})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, json.loads(answer.read() or b"{}")
    except urllib.error.HTTPError as error:
        return error.code, {"body": error.read().decode(errors="replace")[:300]}
    except (OSError, ValueError):
        return 0, {}


def container_of(port):
    return f"real-hub-{port}"


def configure(c, said):
    """The configuration of the hub."""
    from jupyterhub.proxy import Proxy
    from jupyterhub.spawner import Spawner
    from spawn import arguments, volume_of

    class NoProxy(Proxy):
        should_start = False
        routes = {}

        async def add_route(self, routespec, target, data):
            self.routes[routespec] = {"routespec": routespec, "target": target, "data": data}

        async def delete_route(self, routespec):
            self.routes.pop(routespec, None)

        async def get_all_routes(self):
            return self.routes

    class Container(Spawner):
        async def start(self):
            self.ip, self.port = "127.0.0.1", said["port"]
            words = arguments(said["reference"], said["pod"], self.get_env(), volume_of(said["pod"]))
            words[2:2] = ["--name", container_of(said["port"])]
            subprocess.run(words, check=True)
            return self.ip, self.port

        async def poll(self):
            words = ["docker", "inspect", "--format", "{{.State.Running}}", container_of(said["port"])]
            return None if subprocess.run(words, capture_output=True, text=True).stdout.strip() == "true" else 1

        async def stop(self, now=False):
            subprocess.run(["docker", "rm", "--force", container_of(said["port"])], capture_output=True)

    c.JupyterHub.spawner_class, c.JupyterHub.proxy_class, c.JupyterHub.authenticator_class = Container, NoProxy, "dummy"
    c.JupyterHub.bind_url, c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{said['port'] + 2}", f"http://127.0.0.1:{said['port'] + 1}"
    c.Authenticator.allow_all = True
    c.JupyterHub.services = [{"name": "test", "api_token": TOKEN}]
    scopes = ["admin:users", "admin:servers", "access:servers"]
    c.JupyterHub.load_roles = [{"name": "test", "scopes": scopes, "services": ["test"]}]
    c.Spawner.http_timeout = c.Spawner.start_timeout = 150


if "get_config" in globals():
    configure(get_config(), json.loads(os.environ["JENVC_POD"]))  # noqa: F821
