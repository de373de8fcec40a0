"""`jenvc lock` with uv over an index that is made here: wheels that hold nothing but their metadata, with upload dates."""

import hashlib
import pathlib
import shutil
import sys
import tempfile
import zipfile

from place import Place, equal

INDEX = pathlib.Path(tempfile.mkdtemp(prefix="jenvc-index-"))
LINKS = {}


def release(name, version, *requires, day="2026-01-01", tag="py3-none-any", source=False):
    folder = INDEX / name.replace("_", "-")
    folder.mkdir(exist_ok=True)
    if source:
        file = f"{name}-{version}.tar.gz"
        (folder / file).write_bytes(b"")
    else:
        file = f"{name}-{version}-{tag}.whl"
        info = f"{name}-{version}.dist-info"
        metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n" + "".join(f"Requires-Dist: {one}\n" for one in requires)
        with zipfile.ZipFile(folder / file, "w") as wheel:
            wheel.writestr(f"{info}/METADATA", metadata)
            wheel.writestr(f"{info}/WHEEL", f"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: {tag}\n")
            wheel.writestr(f"{info}/RECORD", "")
    digest = hashlib.sha256((folder / file).read_bytes()).hexdigest()
    LINKS.setdefault(folder, []).append(f'<a href="{file}#sha256={digest}" data-upload-time="{day}T00:00:00Z">{file}</a>')


release("numpy", "1.26.4")
release("numpy", "2.4.0", day="2026-03-01")
release("numpy", "2.5.0", day="2026-09-01")
release("pandas", "2.1.4", "numpy>=1.26,<2")
release("pandas", "3.1.0", "numpy>=2", "tz; sys_platform == 'linux'", "winreg; sys_platform == 'win32'")
release("tz", "1.0")
release("xarray", "2025.6", "pandas>=2.1")
release("xarray", "2025.9", "pandas>=2.2", "numpy!=2.4.1")
release("numba", "0.59.1", "numpy>=1.22,<1.27")
release("old_client", "1.0", source=True)
release("flow", "2.9", tag="cp312-cp312-manylinux_2_17_x86_64")
for folder, links in LINKS.items():
    (folder / "index.html").write_text("\n".join(links))


def place(**more):
    return Place(UV_DEFAULT_INDEX=INDEX.as_uri(), SOURCE_DATE_EPOCH="1795651200", **more)  # 2026-11-26


def siblings():
    one = place()
    one.write({"base python": ["pandas"], "a base": ["pandas <2.2"], "b base": ["pandas >=3"]})
    found = [text for text in one.findings("lock", status=1) if text.startswith("J046")]
    equal(found, ["J0461 the layers on `base` can't share one `pandas`"], "siblings that can't")
    one.write({"base python": ["pandas"], "a base": ["pandas <2.2"], "b base": ["pandas >=2.0"]})
    one.run("lock")
    equal(one.pins("base"), {"numpy": "1.26.4", "pandas": "2.1.4"}, "siblings that can")
    equal(one.pins("a") | one.pins("b"), {}, "nothing is repeated")


def transitive():
    one = place()
    one.write({"base python": ["pandas ==2.1.4"], "a base": ["xarray ==2025.9"]})
    out = one.run("lock", status=1)
    for text in ["`a` needs `pandas>=2.2`, and `base` asks for", "xarray ==2025.9 → pandas>=2.2", "write `pandas ==3.1.0` in `base`", "write `xarray ==2025.6` in `a`: tried"]:
        equal(text in out, True, text)


def reverse():
    one = place()
    one.write({"base python": ["numba ==0.59.1", "numpy ==1.26.4"], "a base": ['numpy >=2.1 override because "fast"']})
    equal([text[:5] for text in one.findings("lock")], ["J0462"], "an override that breaks what is below")
    equal(one.pins("a"), {"numpy": "2.5.0"}, "the override")


def sources():
    one = place()
    one.write({"base python": ["old-client"]})
    found = one.findings("lock", status=5)
    equal([text for text in found if "only a source distribution" in text] != [], True, "a source distribution")


def merged():
    """Two branches, each right: one moves numpy in the base, one adds xarray above."""
    one = place()
    one.write({"base python": ["numpy <2.5"], "a base": ["tz"]})
    one.run("lock")
    one.write({"base python": ["numpy <2.5"], "a base": ["tz", "xarray"]})
    one.run("lock")
    above = one.files()["a.toml"]
    one.write({"base python": ["numpy"], "a base": ["tz"]})
    one.run("lock", "--upgrade")
    one.write({"base python": ["numpy"], "a base": ["tz", "xarray"]})
    (one.root / "locks/a.toml").write_text(above)
    found = one.findings("check", status=4)
    equal([text for text in found if text.startswith("J0460") and "locks/a.toml" in text] != [], True, "a merge that git takes for clean")


def again():
    one = place()
    layers = {"base python": ["pandas"], "a base": ["xarray"]}
    one.write(layers)
    one.run("lock", "--cut-off", "2026-06-01")
    equal(one.pins("base")["numpy"], "2.4.0", "the cut-off")
    files = one.files()
    one.run("lock")
    equal(one.files(), files, "a second run")
    equal(one.run("check") is not None, True, "check")
    one.run("lock", "--upgrade-package", "numpy")
    equal(one.pins("base"), {"numpy": "2.5.0", "pandas": "3.1.0", "tz": "1.0"}, "an upgrade of one package")
    files = one.files()
    one.run("lock")
    equal(one.files(), files, "a run after the upgrade")
    shutil.rmtree(one.root / "locks")
    one.run("lock")
    equal(one.files(), files, "locked anew")
    requires = 'requires = ["numpy!=2.4.1", "pandas>=2.2"]'
    equal(requires in files["a.toml"], True, requires)


def platforms():
    one = place()
    image = ""
    one.write({"base python": ["flow ==2.9"]}, image)
    text = (one.root / "main.jenv").read_text().replace("registry = \"ghcr.io/demo\"", "registry = \"ghcr.io/demo\"  platforms = [\"linux/amd64\", \"linux/arm64\"]")
    (one.root / "main.jenv").write_text(text)
    out = one.run("lock", status=1)
    for text in ["nothing that `flow ==2.9` allows can be installed on linux/arm64", 'write `flow ==2.9 ; platform == "linux/amd64"`: tried']:
        equal(text in out, True, text + "\n" + out)


INSTALLED = """
output dockerfiles { dir = "images" }
"""


def installed():
    """A wheel, a repository of git, a local wheel and a package of conda's in one layer: pip takes each list, and none of them names what
    is there already."""
    one = place()
    wheel = INDEX / "tz" / "tz-1.0-py3-none-any.whl"
    shutil.copy(wheel, one.root / wheel.name)
    tool = "https://example.org/tool"
    entries = ["xarray", f'tool git "{tool}" rev "{"0123456789" * 4}"', f'tz path "{wheel.name}"', "other"]
    image = 'image lab {\n  ref = "quay.io/demo/lab"\n  tag = "2026-07-28"\n  os = "debian 12"\n  provides {\n    conda { python 3.12.*  pandas ==2.1.4  numpy ==1.26.4 }\n    pip { other ==1.0 }\n  }\n}\n'
    one.write({"base lab": entries, "above base": ["numba ==0.59.1"]}, image + INSTALLED, install="locked")
    one.run("lock")
    one.run("build")
    lists = one.dry_run(INDEX.as_uri())
    equal(lists, {"images/base/requirements.txt": ["xarray"], "images/above/requirements.txt": ["numba"]}, "the lists")
    text = (one.root / "images/base/Dockerfile").read_text()
    for part in ["--no-deps", f"'tool @ git+{tool}@", "/tmp/tz-1.0-py3-none-any.whl", "--require-hashes --requirement /tmp/requirements.txt"]:
        equal(part in text, True, part + "\n" + text)
    broken = one.root / "images/above/requirements.txt"
    broken.write_text(broken.read_text().replace("sha256:", "sha256:0", 1)[:-2])
    equal(one.pip(INDEX.as_uri(), broken).returncode != 0, True, "pip takes another checksum")


def facts():
    """A package of the existing image that no index has, in a version that bounds what is chosen."""
    one = place()
    image = 'image lab {\n  ref = "quay.io/demo/lab"\n  tag = "2026-07-28"\n  os = "debian 12"\n  provides {\n    conda { python 3.12.*  pandas ==2.1.9  labonly ==1.0 }\n  }\n}\n'
    one.write({"base lab": ["xarray"]}, image)
    one.run("lock")
    equal(one.pins("base"), {"xarray": "2025.6"}, "facts")


for test in [siblings, transitive, reverse, sources, merged, again, platforms, installed, facts]:
    test()
    print(f"holds: {test.__name__}")
shutil.rmtree(INDEX)
sys.exit()
