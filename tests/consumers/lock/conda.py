"""Random channels of conda: what `jenvc lock` writes of a single layer is what py-rattler, which has the same solver and reads channels by
itself, answers. JENVC_ALL: many of them; a number: where they begin."""

import asyncio
import functools
import hashlib
import http.server
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import threading
import tomllib

import rattler
from rattler.exceptions import SolverError

NAMES = ["ant", "bee", "cow", "dog", "elk", "fox"]
COUNT = 300 if os.environ.get("JENVC_ALL") else 30
JENVC = sys.argv[1]
SEED = int(sys.argv[2]) if sys.argv[2:] else random.SystemRandom().randrange(1 << 20)
HEAD = """project demo { registry = "ghcr.io/demo" }
image mamba {
  ref    = "docker.io/mambaorg/micromamba"
  tag    = "2.3.0"
  digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  os     = "debian 12"
}
"""
MACHINE = [("__unix", "0", "0"), ("__linux", "5.10", "0"), ("__glibc", "2.36", "0"), ("__archspec", "1", "x86_64")]


def spec(chance):
    version = chance.randint(1, 3)
    build = chance.choice(["", "", "", " *_a"])
    if build:
        return f" {version}.*{build}"
    return chance.choice(["", f" >={version}", f" <{version}", f" {version}.*", f" !={version}.1", f" >={version},<{version + 2}"])


def channel(chance, folder, names):
    """A folder with packages of some names, half of them in `noarch`."""
    packages = {"linux-64": {}, "noarch": {}}
    for name in names:
        for version in range(1, chance.randint(1, 3) + 1):
            for build in chance.sample(["0_a", "1_b"], chance.randint(1, 2)):
                others = [other for other in NAMES if other != name]
                wants = lambda most: [other + spec(chance) for other in chance.sample(others, chance.randint(0, most))]
                subdir, file = chance.choice(list(packages)), f"{name}-{version}.{chance.randint(0, 1)}-{build}"
                record = {"name": name, "version": file.split("-")[1], "build": build, "build_number": int(build[0]), "subdir": subdir}
                record |= {"depends": wants(2), "constrains": wants(1) if chance.random() < 0.2 else [], "timestamp": 1_700_000_000_000}
                record |= {"sha256": f"{chance.getrandbits(256):064x}", "md5": f"{chance.getrandbits(128):032x}", "size": 1}
                if chance.random() < 0.1:
                    record["depends"].append(f"__glibc >=2.{chance.choice([17, 38])}")
                packages[subdir][file + chance.choice([".conda", ".tar.bz2"])] = record
    for subdir, records in packages.items():
        (folder / subdir).mkdir(parents=True)
        conda = {file: one for file, one in records.items() if file.endswith(".conda")}
        old = {file: one for file, one in records.items() if not file.endswith(".conda")}
        text = json.dumps({"info": {"subdir": subdir}, "packages": old, "packages.conda": conda})
        (folder / subdir / "repodata.json").write_text(text)


class Served(http.server.SimpleHTTPRequestHandler):
    """Files with their digests as tags, so that a copy is asked about and not fetched again."""

    fetched = []

    def end_headers(self):
        path = pathlib.Path(self.translate_path(self.path))
        if path.is_file():
            self.send_header("ETag", f'"{hashlib.sha256(path.read_bytes()).hexdigest()}"')
        super().end_headers()

    def do_GET(self):
        path = pathlib.Path(self.translate_path(self.path))
        if path.is_file() and self.headers.get("If-None-Match", "").strip('"') == hashlib.sha256(path.read_bytes()).hexdigest():
            self.send_response(304)
            self.end_headers()
            return
        if path.is_file():
            self.fetched.append(self.path)
        super().do_GET()

    def log_message(self, *words):
        pass


def serve(folder):
    """Serves a folder; the address."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Served, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_address[1]}"


async def alone(channels, asked, cache):
    """py-rattler's own answer; None where it has none."""
    machine = [rattler.GenericVirtualPackage(rattler.PackageName(name), rattler.Version(version), rattler.BuildString(build)) for name, version, build in MACHINE]
    try:
        records = await rattler.solve(
            [rattler.Channel(address) for address in channels], asked, gateway=rattler.Gateway(cache_dir=cache),
            platforms=["linux-64", "noarch"], virtual_packages=machine, channel_priority=rattler.ChannelPriority.Flexible,
        )
    except SolverError:
        return None
    return {one.name.normalized: f"{one.version} {one.build}" for one in records}


def locked(root, channels, asked):
    """What jenvc locks; None where it has no answer."""
    options = "".join(f' channel "{address}"' for address in channels[:-1])
    lines = "\n".join(asked)
    (root / "main.jenv").write_text(f"{HEAD}layer base {{\n  from mamba\n  conda{options} {{\n{lines}\n}}\n}}\n")
    variables = os.environ | {"CONDA_CHANNELS": channels[-1], "SOURCE_DATE_EPOCH": "1795651200", "XDG_CACHE_HOME": str(root / "copies")}
    variables = {name: value for name, value in variables.items() if not name.lower().endswith("_proxy")}
    ran = subprocess.run([JENVC, "lock"], cwd=root, env=variables, capture_output=True, text=True)
    if ran.returncode == 1 and "J0461" in ran.stdout + ran.stderr:
        return None
    assert ran.returncode == 0, f"status {ran.returncode}\n{ran.stdout}{ran.stderr}"
    sections = tomllib.loads((root / "locks" / "base.toml").read_text())["section"]
    return {name: f"{pin['version']} {pin['build']}" for section in sections for name, pin in section["conda"].items()}


def hold(number):
    chance = random.Random(number)
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        (root / ".git").mkdir()
        channels = [root / "one", root / "two"][: chance.randint(1, 2)]
        for one in channels:
            channel(chance, one, chance.sample(NAMES, chance.randint(3, 6)))
        # jenvc's lists have bounds behind a blank, conda's specs of a version a star.
        asked = [f"{name} {chance.choice(['', '>=1', '<3', '2.*'])}".strip() for name in chance.sample(NAMES, 2)]
        # Half of them from a server.
        addresses = [f"{serve(root)}/{one.name}" if number % 2 else one.as_uri() for one in channels]
        theirs = asyncio.run(alone(addresses, asked, root / "cache"))
        ours = locked(root, addresses, asked)
        if number % 2:
            Served.fetched.clear()
            again = locked(root, addresses, asked[::-1])
            assert not Served.fetched, f"{number}: fetched again: {Served.fetched}"
            # What is locked stays, but where the solver has another answer for this order (number 151915).
            if again != ours and ours is not None:
                turned = asyncio.run(alone(addresses, asked[::-1], root / "turned"))
                assert again == turned, f"{number}: {ours}, then {again}; rattler: {turned}"
        assert ours == theirs, f"{number}: {asked}\n  jenvc:   {ours}\n  rattler: {theirs}"
        return theirs is not None


answered = [hold(number) for number in range(SEED, SEED + COUNT)]
assert 0 < sum(answered) < COUNT, f"all of {COUNT} alike"
print(f"{COUNT} channels from {SEED} on: {sum(answered)} answers, the others have none")
# py-rattler's threads live on, and an interpreter that ends beside them can crash after all has passed (0.28.0, seen once).
sys.stdout.flush()
os._exit(0)
