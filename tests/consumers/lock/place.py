"""A program in a folder of its own, and what jenvc says of it."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import tomllib

JENVC = str(pathlib.Path(sys.argv[1]).resolve())
HEAD = """project demo { registry = "ghcr.io/demo" }
image python {
  ref      = "docker.io/library/python"
  tag      = "3.12.4-slim"
  os       = "debian 12"
  provides { conda { python %s.* } }
}
"""


class Place:
    """Layers are `name parent`: entries; an entry is a line of a `pip` list."""

    def __init__(self, python="3.12", **env):
        self.python = python
        self.env = os.environ | env
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="jenvc-lock-"))

    def write(self, layers, image="", install="constraints"):
        text = HEAD.replace("project demo {", f"project demo {{ install = {install} ") % self.python + image
        for head, entries in layers.items():
            name, parent = head.split()
            text += f"layer {name} {{\n  from {parent}\n  pip {{\n" + "\n".join(entries) + "\n  }\n}\n"
        (self.root / "main.jenv").write_text(text)

    def run(self, *arguments, status=0):
        ran = subprocess.run([JENVC, *arguments], cwd=self.root, env=self.env, capture_output=True, text=True)
        if status is not None and ran.returncode != status:
            sys.exit(f"jenvc {' '.join(arguments)}: {ran.returncode} in place of {status}\n{ran.stdout}{ran.stderr}")
        return ran.stdout + ran.stderr

    def findings(self, *arguments, status=0):
        return [f"{one['code']} {one['message']}" for one in json.loads(self.run(*arguments, "--format", "json", status=status))["findings"]]

    def pins(self, image):
        """Pins of the first section: name to version."""
        return {name: pin["version"] for name, pin in self.sections(image)[0].get("pypi", {}).items()}

    def sections(self, image):
        return tomllib.loads((self.root / "locks" / f"{image}.toml").read_text())["section"]

    def forget(self, name):
        """Takes a package out of uv's cache."""
        subprocess.run(["uv", "cache", "clean", name], env=self.env, check=True, capture_output=True)

    def pip(self, index, path, *more, python=None):
        """What pip says of a list, as if it installed it on amd64. A platform of pip's does not include older ones."""
        command = [sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed", "--no-deps", "--require-hashes", "--disable-pip-version-check"]
        command += ["--target", str(self.root / "target"), "--only-binary", ":all:", "--python-version", python or self.python]
        for platform in [*(f"manylinux_2_{minor}" for minor in range(5, 40)), "manylinux1", "manylinux2010", "manylinux2014", "linux"]:
            command += ["--platform", f"{platform}_x86_64"]
        return subprocess.run([*command, "--index-url", index, *more, "--requirement", str(path)], capture_output=True, text=True)

    def dry_run(self, index, *more):
        """Gives every list with checksums to pip; what it would install, by list."""
        lists = {}
        for path in sorted((self.root / "images").rglob("requirements*.txt")):
            ran = self.pip(index, path, *more)
            if ran.returncode:
                sys.exit(f"pip refuses {path}\n{ran.stdout}{ran.stderr}")
            would = [line.split()[2:] for line in ran.stdout.splitlines() if line.startswith("Would install")]
            lists[str(path.relative_to(self.root))] = sorted(one.rsplit("-", 1)[0] for one in (would or [[]])[0])
        return lists

    def files(self):
        return {path.name: path.read_text() for path in (self.root / "locks").glob("*.toml")}


def equal(found, wanted, what):
    if found != wanted:
        sys.exit(f"{what}: {found!r} in place of {wanted!r}")
