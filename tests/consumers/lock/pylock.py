"""`jenvc export`: files of PEP 751 with uv, over an index that is made here; uv and pip install from them what is locked."""

import pathlib
import shutil
import subprocess
import sys
import tempfile
import tomllib

from index import Index
from place import Place, equal

HERE = f"{sys.version_info[0]}.{sys.version_info[1]}"
CACHE = tempfile.mkdtemp(prefix="jenvc-cache-")
index, other = Index(), Index("nightly")
index.release("numpy", "1.26.4")
index.release("numpy", "2.5.0")
index.release("pandas", "3.1.0", "numpy>=1.26", "tz")
index.release("tz", "1.0", tag="cp39-abi3-manylinux_2_17_x86_64")
index.release("tz", "1.0")
index.release("six", "1.17.0")
index.release("wheel_by_address", "2.0")
index.source("promising", "1.0", "six", form="2.2")
other.release("engine", "2.0+special", "six")
PIP = pathlib.Path(CACHE) / "pip"


def place(**more):
    return Place(python=HERE, **{"UV_DEFAULT_INDEX": index.url, "UV_CACHE_DIR": CACHE, "SOURCE_DATE_EPOCH": "1795651200"} | more)  # 2026-11-26


def packages(one, name):
    return {package["name"]: package for package in tomllib.loads((one.root / name).read_text())["packages"]}


def versions(one, name):
    return {package: it["version"] for package, it in packages(one, name).items()}


def installed(folder):
    names = [path.name.removesuffix(".dist-info").rsplit("-", 1) for path in folder.glob("*.dist-info")]
    return {name.replace("_", "-"): version for name, version in names}


def install(one, name):
    """What uv and pip install from a file into an empty folder; a build is none of their business here."""
    wanted = {package: version for package, version in versions(one, name).items() if "sdist" not in packages(one, name)[package]}
    target = pathlib.Path(tempfile.mkdtemp(dir=CACHE))
    # What has sources alone would be built.
    text = (one.root / name).read_text().split("\n\n")
    plain = target / "pylock.toml"
    plain.write_text("\n\n".join(part for part in text if "\nsdist = " not in part))
    runs = [["uv", "pip", "install", "--preview-features", "pylock", "--python-version", HERE]]
    if (PIP / "pip").is_dir():
        runs.append([sys.executable, "-m", "pip", "install", "--disable-pip-version-check"])
    for number, command in enumerate(runs):
        folder = target / str(number)
        env = one.env | ({"PYTHONPATH": str(PIP)} if command[0] != "uv" else {})
        ran = subprocess.run([*command, "--target", str(folder), "-r", str(plain)], env=env, capture_output=True, text=True)
        if ran.returncode:
            sys.exit(f"{command}: {ran.stdout}{ran.stderr}")
        equal(installed(folder), wanted, command)


def whole():
    """A stack in one file: the higher layer counts, each package with the one file that is locked, from its own index."""
    one = place()
    rev = "0123456789" * 4
    address = f"wheel-by-address url \"{index.url}/files/wheel_by_address-2.0-py3-none-any.whl\""
    one.write({"base python": ["pandas", "numpy <2", f'tool git "https://example.org/tool" rev "{rev}"'], "a base": ['numpy >=2 override because "fast"', "promising", address]})
    text = (one.root / "main.jenv").read_text() + f'layer b {{\n  from base\n  pip extra-index "{other.url}" {{ engine }}\n}}\n'
    (one.root / "main.jenv").write_text(text)
    one.run("lock", status=None)
    out = one.run("export")
    equal(out.splitlines()[:3], ["new      pylock.a.toml", "new      pylock.b.toml", "new      pylock.base.toml"], out)
    equal("not in pylock.base.toml, since the lock has no file: tool" in out, True, out)
    equal(versions(one, "pylock.base.toml"), {"numpy": "1.26.4", "pandas": "3.1.0", "tz": "1.0"}, "the base")
    wanted = {"numpy": "2.5.0", "pandas": "3.1.0", "promising": "1.0", "six": "1.17.0", "tz": "1.0", "wheel-by-address": "2.0"}
    equal(versions(one, "pylock.a.toml"), wanted, "what is above")
    locked = one.sections("base")[0]["pypi"]["tz"]
    equal([(file["name"], file["hashes"]["sha256"]) for file in packages(one, "pylock.base.toml")["tz"]["wheels"]], [(locked["file"], locked["sha256"])], "one file")
    equal(packages(one, "pylock.a.toml")["promising"]["sdist"]["url"], f"{index.url}/files/promising-1.0.tar.gz", "sources")
    equal(packages(one, "pylock.b.toml")["engine"]["wheels"][0]["url"].startswith(other.url), True, "another index")
    for name in ["pylock.a.toml", "pylock.b.toml", "pylock.base.toml"]:
        install(one, name)
    equal(one.run("export", "-q"), "", "quiet")
    one.run("build", status=None)
    equal((one.root / "pylock.a.toml").exists(), True, "a build takes it for its own")


def cells():
    """Names tell cells and platforms apart, without dots."""
    one = place()
    one.write({})
    text = (one.root / "main.jenv").read_text().replace('registry = "ghcr.io/demo"', 'registry = "ghcr.io/demo"  platforms = ["linux/amd64", "linux/arm64"]')
    (one.root / "main.jenv").write_text(text + "environment ml {\n  from python\n  matrix release = [1.2, 2.0]\n  pip { numpy }\n}\n")
    one.run("lock")
    one.run("export", "--to", "out/locks")
    names = [f"pylock.ml-{cell}-{platform}.toml" for cell in ["release1_2", "release2_0"] for platform in ["amd64", "arm64"]]
    equal(sorted(path.name for path in (one.root / "out/locks").iterdir()), names, "names")
    found = tomllib.loads((one.root / "out/locks" / names[1]).read_text())
    equal(found["environments"], ["sys_platform == 'linux' and platform_machine == 'aarch64'"], "the platform")
    equal(found["requires-python"], f"=={HERE}.*", "Python")
    equal(one.run("export", "--to", "out/locks"), "4 files up to date\n", "a second run")


def refused():
    """Nothing is written where something is stale, gone, unknown or in the way."""
    one = place(UV_CACHE_DIR=tempfile.mkdtemp(dir=CACHE))
    one.write({"base python": ["six", "tz"]})
    equal("nothing of the program is locked: run `jenvc lock`" in one.run("export", status=64), True, "no lock")
    one.run("lock")
    equal("the program has no image `bas`" in one.run("export", "bas", status=64), True, "an image that is none")
    (one.root / "pylock.base.toml").write_text("by hand\n")
    equal([text[:5] for text in one.findings("export", status=1) if "in the way" in text], ["J0902"], "a file in the way")
    equal((one.root / "pylock.base.toml").read_text(), "by hand\n", "a file in the way")
    one.run("export", "--force")
    before = (one.root / "pylock.base.toml").read_text()
    one.write({"base python": ["six", "tz", "numpy"]})
    equal([text[:5] for text in one.findings("export", status=4) if text.startswith("J0460")], ["J0460"], "a stale lock")
    one.write({"base python": ["six", "tz"]})
    index.links.pop("six")
    one.env["UV_CACHE_DIR"] = tempfile.mkdtemp(dir=CACHE)
    found = one.findings("export", status=5)
    equal(any("no files of `locks/base.toml`" in text and "six" in text for text in found), True, found)
    index.files["six-1.17.0-py3-none-any.whl"] += b"\0"
    index.put("six", "six-1.17.0-py3-none-any.whl", index.files["six-1.17.0-py3-none-any.whl"], "2026-01-01")
    one.env["UV_CACHE_DIR"] = tempfile.mkdtemp(dir=CACHE)
    found = one.findings("export", status=5)
    equal(any("no file of `six 1.17.0` with the checksum of `locks/base.toml`" in text for text in found), True, found)
    one.env["UV_CACHE_DIR"] = tempfile.mkdtemp(dir=CACHE)
    found = one.findings("export", "--offline", status=5)
    equal(any("`--offline` forbids" in text for text in found), True, found)
    one.env["UV_DEFAULT_INDEX"] = "http://127.0.0.1:9/simple"
    found = one.findings("export", status=5)
    equal(any("no files of `locks/base.toml`: `http://127.0.0.1:9` does not answer" in text for text in found), True, found)
    equal((one.root / "pylock.base.toml").read_text(), before, "what was there stays")


# The pip that reads such files is 26.1 or later.
ran = subprocess.run(["uv", "pip", "install", "--quiet", "--target", str(PIP), "pip>=26.1"], capture_output=True, text=True)
if ran.returncode:
    print("no pip that reads files of PEP 751: uv alone has installed from them")
for test in [whole, cells, refused]:
    test()
    print(f"holds: {test.__name__}")
shutil.rmtree(CACHE)
