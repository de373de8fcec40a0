"""`jenvc lock` with uv over an index that is made here: wheels that hold nothing but their metadata, with upload dates."""

import hashlib
import http.server
import pathlib
import shutil
import sys
import tempfile
import threading
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


def newer():
    one = place()
    one.write({"base python": ["pandas <3"], "a base": ["xarray"]})
    one.run("lock")
    rows = [line.split(None, 5) for line in one.run("outdated").splitlines()]
    equal(rows[0], ["PACKAGE", "IMAGE", "LOCKED", "ALLOWED", "NEWEST", "HELD BY"], "the head of the table")
    equal(["pandas", "base", "2.1.4", "2.1.4", "3.1.0", "`base` asks for `pandas <3`"] in rows, True, rows)
    equal(["xarray", "a", "2025.6", "2025.6", "2025.9", "what it requires itself"] in rows, True, rows)
    one.write({"base python": ["pandas"], "a base": ["xarray"]})
    out = one.run("lock", "--upgrade")
    equal("pandas 2.1.4 → 3.1.0" in out, True, out)
    equal("0 " not in one.run("lock", "--upgrade"), True, "a second upgrade")
    equal(one.run("outdated"), "all packages are as new as there are\n", "nothing is newer")


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


class Registry(http.server.BaseHTTPRequestHandler):
    """A registry of one image, which wants a token that anybody gets."""

    digest = "sha256:" + "ab" * 32

    def do_HEAD(self):
        if self.headers.get("Authorization") != "Bearer secret":
            realm = f"http://127.0.0.1:{self.server.server_port}/token"
            self.reply(401, {"WWW-Authenticate": f'Bearer realm="{realm}",service="here",scope="repository:lab:pull"'})
        else:
            known = self.path == "/v2/demo/lab/manifests/3.12"
            self.reply(200 if known else 404, {"Docker-Content-Digest": self.digest} if known else {})

    def do_GET(self):
        self.reply(200, {}, b'{"token": "secret"}')

    def reply(self, status, headers, body=b""):
        self.send_response(status)
        for name, value in (headers | {"Content-Length": str(len(body))}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def images():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Registry)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    one = place()
    name = f"127.0.0.1:{server.server_port}/demo/lab"
    image = 'image lab {\n  ref = "%s"\n  tag = "%s"\n  os = "debian 12"\n  provides { conda { python 3.12.* } }\n}\n' + INSTALLED
    one.write({"base lab": ["numpy"]}, image % (name, "3.12"))
    equal(one.run("lock", "--images"), f"new      {name}:3.12 {Registry.digest}\n", "a digest")
    one.run("build")
    equal(f"{name}:3.12@{Registry.digest}" in (one.root / "images/base/Dockerfile").read_text(), True, "the base by its digest")
    Registry.digest = "sha256:" + "cd" * 32
    equal(one.run("lock", "--images"), "the digests are up to date\n", "a second run")
    equal(one.run("lock", "--images", "--upgrade"), f"changed  {name}:3.12 {Registry.digest}\n", "an upgrade")
    one.write({"base lab": ["numpy"]}, image % (name, "3.99"))
    out = one.run("lock", "--images", status=5)
    equal("the registry has no such tag" in out, True, out)
    server.shutdown()


def facts():
    """A package of the existing image that no index has, in a version that bounds what is chosen."""
    one = place()
    image = 'image lab {\n  ref = "quay.io/demo/lab"\n  tag = "2026-07-28"\n  os = "debian 12"\n  provides {\n    conda { python 3.12.*  pandas ==2.1.9  labonly ==1.0 }\n  }\n}\n'
    one.write({"base lab": ["xarray"]}, image)
    one.run("lock")
    equal(one.pins("base"), {"xarray": "2025.6"}, "facts")


for test in [siblings, transitive, reverse, sources, merged, again, platforms, newer, installed, images, facts]:
    test()
    print(f"holds: {test.__name__}")
shutil.rmtree(INDEX)
sys.exit()
