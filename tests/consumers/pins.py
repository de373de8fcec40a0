"""Pins before the real tools: pins.py JENVC dnf|dnf5|julia

A program of layers is compiled, and the steps of each image are run after those of the images below it, against packages that are made
here. An image passes or is refused, and ends with the versions that are said.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

JENVC, TOOL = sys.argv[1:]
# Each layer: what it stands on, its list, and the versions that the image then has; None where the step is refused.
DNF = {
    "below": ("root", "libthing ==1.0-1 pin  zlib", {"libthing": "1.0-1", "zlib": "1-1"}),
    "again": ("below", "libthing  tool", {"libthing": "1.0-1", "tool": "1-1"}),
    "same": ("below", "libthing ==1.0-1  tool", {"libthing": "1.0-1", "tool": "1-1"}),
    "newer": ("below", "app", None),
    "all": ("below", "extra", {"libthing": "1.0-1", "extra": "1-2"}),
    "older": ("root", "base ==1-1", {"base": "1-1"}),
    "held": ("root", "uses-base", {"base": "1-1", "uses-base": "1-1"}),
    "moved": ("held", "base ==1-2  zlib", {"base": "1-2", "zlib": "1-1"}),
    "kept": ("moved", "needs-base", None),
}
JULIA = {
    "below": ("root", "Thing >=1.1, <2 pin  Other", {"Thing": "1.2.0", "Other": "1.0.0"}),
    "again": ("below", "Thing  App", {"Thing": "1.2.0", "App": "1.0.0"}),
    "newer": ("below", "App ==2.0.0", None),
    "moved": ("below", "Thing ==1.1.0", {"Thing": "1.1.0"}),
    "kept": ("moved", "App ==2.0.0", None),
    "both": ("root", "Thing >=1.0, <1.1 | ==1.1.0", {"Thing": "1.1.0"}),
    "caret": ("root", "Thing ^1.0", {"Thing": "1.2.0"}),
    "upper": ("root", "Thing <1.2", {"Thing": "1.1.0"}),
    "open": ("root", "Thing", {"Thing": "2.0.0"}),
}
RPMS = [
    ("libthing", "1.0", "1", ""), ("libthing", "1.0", "2", ""), ("libthing", "2.0", "1", ""), ("zlib", "1", "1", ""),
    ("tool", "1", "1", "libthing"), ("app", "1", "1", "libthing >= 2"), ("extra", "1", "1", "libthing"), ("extra", "1", "2", "libthing"),
    ("base", "1", "1", ""), ("base", "1", "2", ""), ("base", "1", "3", ""), ("uses-base", "1", "1", "base"), ("needs-base", "1", "1", "base = 1-3"),
]
PACKAGES = {"Thing": ["1.0.0", "1.1.0", "1.2.0", "2.0.0"], "App": ["1.0.0", "2.0.0"], "Other": ["1.0.0"]}
UUID = {"Thing": "2" * 8, "App": "3" * 8, "Other": "4" * 8}


def run(command, check=True, **options):
    done = subprocess.run(["bash", "-e", "-o", "pipefail", "-c", command], text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options)
    if check and done.returncode:
        sys.exit(f"{command}\n{done.stdout}")
    return done


def program(work, layers, manager, facts):
    """Compiles the layers; the steps of each image."""
    text = 'project demo { registry = "ghcr.io/demo"  platforms = ["linux/amd64"] }\n'
    text += f'image root {{ ref = "example/root"  digest = "sha256:{"ab" * 32}"  user = root  {facts} }}\n'
    for name, (below, words, _) in layers.items():
        text += f"layer {name} {{\n  from {below}\n  {manager} {{ {words} }}\n}}\n"
    (work / "main.jenv").write_text(text + 'output dockerfiles { dir = "images" }\n')
    allow = [word for code in ("J0403", "J0406", "J0611") for word in ("--allow", code)]
    run(" ".join([JENVC, "build", "--quiet", *allow]), cwd=work)
    steps = {}
    for path in work.glob("images/*/Dockerfile"):
        text = re.sub(r"^\s*#.*\n", "", path.read_text(), flags=re.M)
        steps[path.parent.name] = re.findall(r"^RUN (.*)$", re.sub(r"\\\n\s*", " ", text), re.M)
    return steps


def lines(path, *all_lines):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{line}\n" for line in all_lines))


def rpms(work):
    """A repository of packages without files."""
    for name, version, release, requires in RPMS:
        lines(work / "x.spec", f"Name: {name}", f"Version: {version}", f"Release: {release}", "Summary: x", "License: x", "BuildArch: noarch",
              *([f"Requires: {requires}"] if requires else []), "%description", "x", "%files")
        run(f"rpmbuild -bb --quiet --define '_topdir {work}/rpmbuild' --define '_rpmdir {work}/repo' x.spec", cwd=work)
    run("createrepo_c --quiet repo", cwd=work)


class Dnf:
    layers, manager, facts = DNF, "dnf", "provides { dnf { base ==1-1 pin >=1-1, <1-3 } }"

    def __init__(self, work):
        self.work = work
        rpms(work)

    def fresh(self, place):
        lines(place / "etc/dnf/dnf.conf", "[main]", "gpgcheck=0", "excludepkgs = nothing", "[other]", "name=other", "baseurl=file:///none", "enabled=0")
        lines(place / "etc/yum.repos.d/r.repo", "[r]", "name=r", f"baseurl=file://{self.work}/repo", "gpgcheck=0")
        self.step(place, "dnf install --assumeyes base-1-1")

    def step(self, place, command):
        tool = f"{TOOL} --installroot={place} --config={place}/etc/dnf/dnf.conf --setopt=reposdir={place}/etc/yum.repos.d --releasever=9"
        tool += " --use-host-config" if TOOL == "dnf5" else ""
        return run(re.sub(r"\bdnf (?=install|clean)", f"{tool} ", command.replace(" /etc/dnf", f" {place}/etc/dnf")), check=False)

    def versions(self, place):
        said = run(f"rpm --root {place} --query --all --queryformat '%{{NAME}} %{{VERSION}}-%{{RELEASE}}\\n'").stdout
        return dict(line.split() for line in said.splitlines())


def registry(work):
    """A registry with packages that have nothing in them."""
    git = "git -c user.name=a -c user.email=a@example.org"
    lines(work / "registry/Registry.toml", 'name = "Local"', 'uuid = "11111111-1111-1111-1111-111111111111"', f'repo = "{work}/registry"', "[packages]",
          *(f'{UUID[name]}-0000-0000-0000-000000000000 = {{ name = "{name}", path = "{name}" }}' for name in PACKAGES))
    thing = f'Thing = "{UUID["Thing"]}-0000-0000-0000-000000000000"'
    for name, versions in PACKAGES.items():
        source, listed = work / "sources" / name, work / "registry" / name
        head = [f'name = "{name}"', f'uuid = "{UUID[name]}-0000-0000-0000-000000000000"']
        lines(listed / "Package.toml", *head, f'repo = "{source}"')
        known = []
        for version in versions:
            lines(source / "src" / f"{name}.jl", f"module {name} end # {version}")
            lines(source / "Project.toml", *head, f'version = "{version}"', *(["[deps]", thing] if name == "App" else []))
            run(f"git init --quiet . && git add --all && {git} commit --quiet --message {version}", cwd=source)
            known += [f'["{version}"]', f'git-tree-sha1 = "{run("git rev-parse HEAD^{tree}", cwd=source).stdout.strip()}"']
        lines(listed / "Versions.toml", *known)
        lines(listed / "Deps.toml", *(['["1-2"]', thing] if name == "App" else []))
        lines(listed / "Compat.toml", *(['["1"]', 'Thing = "1-2"', '["2"]', 'Thing = "2"'] if name == "App" else []))
    run(f"git init --quiet . && git add --all && {git} commit --quiet --message registry", cwd=work / "registry")


class Julia:
    layers, manager, facts = JULIA, "julia", ""

    def __init__(self, work):
        self.work = work
        registry(work)

    def fresh(self, place):
        place.mkdir()
        self.step(place, f"julia --startup-file=no -e 'import Pkg; Pkg.Registry.add(Pkg.RegistrySpec(url = \"{self.work}/registry\"))'")

    def step(self, place, command):
        return run(command, check=False, env={**os.environ, "JULIA_DEPOT_PATH": str(place), "JULIA_PKG_SERVER": ""})

    def versions(self, place):
        manifest = next(place.glob("environments/*/Manifest.toml")).read_text()
        return dict(re.findall(r'^\[\[(?:deps\.)?(\w+)\]\]\n(?:(?!\[\[).*\n)*?version = "([^"]*)"', manifest, re.M))


def ask(kind):
    bad = 0
    with tempfile.TemporaryDirectory() as place:
        work = pathlib.Path(place)
        tool = kind(work)
        steps = program(work, tool.layers, tool.manager, tool.facts)
        for name, (_, words, wanted) in tool.layers.items():
            chain = [name]
            while chain[0] in tool.layers:
                chain.insert(0, tool.layers[chain[0]][0])
            image = work / f"image-{name}"
            tool.fresh(image)
            below = [tool.step(image, step) for layer in chain[:-1] for step in steps.get(layer, [])]
            own = [tool.step(image, step) for step in steps.get(name, [])]
            failed = [step.stdout for step in below if step.returncode]
            refused = [step.stdout for step in own if step.returncode]
            found = {} if failed or refused else tool.versions(image)
            if failed or bool(refused) != (wanted is None) or any(found.get(package) != version for package, version in (wanted or {}).items()):
                bad += 1
                print(f"{name} {{ {words} }}: {found}", *failed, *refused, sep="\n    ")
    print(f"{len(tool.layers)} images, {bad} wrong")
    return bad


sys.exit(bool(ask(Julia if TOOL == "julia" else Dnf)))
