"""`jenvc lock` with uv over an index that is made here: wheels that hold nothing but their metadata, with upload dates."""

import http.server
import pathlib
import shutil
import sys
import tempfile
import threading

from index import Index
from place import Place, equal

index = Index()
index.release("numpy", "1.26.4")
index.release("numpy", "2.4.0", day="2026-03-01")
index.release("numpy", "2.5.0", day="2026-09-01")
index.release("pandas", "2.1.4", "numpy>=1.26,<2")
index.release("pandas", "3.1.0", "numpy>=2", "tz; sys_platform == 'linux'", "winreg; sys_platform == 'win32'")
index.release("tz", "1.0")
index.release("xarray", "2025.6", "pandas>=2.1")
index.release("xarray", "2025.9", "pandas>=2.2", "numpy!=2.4.1")
index.release("numba", "0.59.1", "numpy>=1.22,<1.27")
index.release("flow", "2.9", tag="cp312-cp312-manylinux_2_17_x86_64")
index.release("six", "1.17.0")

CACHE = tempfile.mkdtemp(prefix="jenvc-cache-")


def place(**more):
    return Place(**{"UV_DEFAULT_INDEX": index.url, "UV_CACHE_DIR": CACHE, "SOURCE_DATE_EPOCH": "1795651200"} | more)  # 2026-11-26


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
    """What a source distribution promises to require is known without a build; what it does not promise is unknown. Its code never runs."""
    ran = pathlib.Path(CACHE) / "ran"
    index.source("old_client", "1.0", "numpy <2", ran=ran)
    index.source("varying", "1.0", form="2.2", dynamic=True, ran=ran)
    index.source("promising", "1.0", "pandas <3", form="2.2", ran=ran)
    index.source("promising", "2.0", "pandas <2", form="2.2", ran=ran)
    index.source("apart", "1.0", "promising", form="2.3", apart=True, ran=ran)
    one = place()
    for name in ["old-client", "varying"]:
        one.write({"base python": [name, "six"]})
        found = one.findings("lock", status=5)
        equal([text for text in found if "only a source distribution" in text] != [], True, f"{name}: {found}")
        equal(one.pins("base"), {"six": "1.17.0"}, "the others")
    one.write({"base python": ["apart"]})
    one.run("lock")
    wanted = {"apart": "1.0", "promising": "1.0", "pandas": "2.1.4", "numpy": "1.26.4"}
    equal(one.pins("base"), wanted, "promised requirements")
    equal('file = "promising-1.0.tar.gz"' in one.files()["base.toml"], True, "the archive is locked")
    one.write({"base python": ["pandas ==3.1.0"], "a base": ["promising ==1.0"]})
    found = one.findings("lock", status=1)
    equal(found, ["J0461 `a` needs `pandas<3`, and `base` asks for `pandas ==3.1.0`"], "a conflict that a source distribution brings")
    equal(ran.exists(), False, "code has run")
    one.write({"base python": ["numpy ==2.4.0"], "a base": ["old-client"]})
    found = one.findings("lock", status=1)
    equal(found, ["J0461 `a` needs `numpy<2`, and `base` asks for `numpy ==2.4.0`"], "a conflict that one without a promise brings")
    # One release of many has no wheel: the others, which have, are no less in conflict.
    for version in ["1.0", "2.0", "4.0"]:
        index.release("mixed", version, "numpy <2")
    index.source("mixed", "3.0", "numpy <2", ran=ran)
    one.write({"base python": ["numpy ==2.4.0"], "a base": ["mixed"]})
    found = one.findings("lock", status=1)
    equal(found, ["J0461 `a` needs `numpy<2`, and `base` asks for `numpy ==2.4.0`"], "a release without a wheel")
    equal(ran.exists(), False, "code has run")
    one.write({"base python": ["old-client"]})
    one.run("lock", "--build", status=None)
    equal(ran.exists(), True, "`--build` runs code")


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
    wheel = one.root / "tz-1.0-py3-none-any.whl"
    wheel.write_bytes(index.files[wheel.name])
    tool = "https://example.org/tool"
    entries = ["xarray", f'tool git "{tool}" rev "{"0123456789" * 4}"', f'tz path "{wheel.name}"', "other"]
    image = 'image lab {\n  ref = "quay.io/demo/lab"\n  tag = "2026-07-28"\n  os = "debian 12"\n  provides {\n    conda { python 3.12.*  pandas ==2.1.4  numpy ==1.26.4 }\n    pip { other ==1.0 }\n  }\n}\n'
    one.write({"base lab": entries, "above base": ["numba ==0.59.1"]}, image + INSTALLED, install="locked")
    one.run("lock")
    one.run("build")
    lists = one.dry_run(index.url)
    equal(lists, {"images/base/requirements.txt": ["xarray"], "images/above/requirements.txt": ["numba"]}, "the lists")
    text = (one.root / "images/base/Dockerfile").read_text()
    for part in ["--no-deps", f"'tool @ git+{tool}@", "/tmp/tz-1.0-py3-none-any.whl", "--require-hashes --requirement /tmp/requirements.txt"]:
        equal(part in text, True, part + "\n" + text)
    broken = one.root / "images/above/requirements.txt"
    broken.write_text(broken.read_text().replace("sha256:", "sha256:0", 1)[:-2])
    equal(one.pip(index.url, broken).returncode != 0, True, "pip takes another checksum")


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


def builds_of_cards():
    """Two builds of one version from two indexes; a wheel for one build is not taken for the other (T7)."""
    cpu, card = Index("cpu"), Index("cuda12")
    for other, label in [(cpu, "cpu"), (card, "cu124")]:
        other.release("torch", f"2.5.1+{label}", "numpy")
        other.release("torchvision", f"0.20.1+{label}", "torch==2.5.1")
    index.release("torchvision", "0.20.1", "torch==2.5.1")
    index.release("torch", "2.5.1", "numpy")
    one = place()
    text = "environment ml {\n  from python\n"
    for name, other in [("cpu", cpu), ("cuda12", card)]:
        text += f'  variant {name} {{ pip index "{other.url}" {{ torch ==2.5.1 }} }}\n'
    one.write({}, text + "}\nlayer vision {\n  from ml\n  pip { torchvision ==0.20.1 }\n}\n")
    found = one.findings("lock", status=1)
    sections = one.sections("ml")
    pins = [(section["cells"], section["pypi"]["torch"]["version"], section["pypi"]["torch"]["index"]) for section in sections]
    equal(pins, [(["cpu"], "2.5.1+cpu", "cpu"), (["cuda12"], "2.5.1+cu124", "cuda12")], "two builds")
    equal(len({section["pypi"]["torch"]["sha256"] for section in sections}), 2, "two files")
    equal([text[:5] for text in found], ["J0461", "J0461"], found)


def best_of_both():
    """`extra-index` is asked besides the default index: the higher version of both counts, for what is required as well."""
    other = Index("nightly")
    other.release("engine", "2.0+special", "parts")
    other.release("parts", "0.9")
    other.release("six", "1.16.0")
    index.release("engine", "2.0", "parts")
    index.release("parts", "1.0")
    index.release("above", "1.0", "engine==2.0")
    one = place()
    one.write({}, f'layer base {{\n  from python\n  pip extra-index "{other.url}" {{ engine  six }}\n}}\nlayer top {{ from base  pip {{ parts >=0.5 }} }}\n')
    one.run("lock")
    pins = one.sections("base")[0]["pypi"]
    equal({name: (pin["version"], pin.get("index")) for name, pin in pins.items()}, {"engine": ("2.0+special", "nightly"), "parts": ("1.0", None), "six": ("1.17.0", None)}, "the best of both")
    equal(one.pins("top"), {}, "nothing is repeated")


def from_the_cache():
    """Without one file in the cache, what depends on it is unknown, and nothing else (T11)."""
    cache = tempfile.mkdtemp(prefix="jenvc-cache-")
    one = place(UV_CACHE_DIR=cache)
    one.write({"base python": ["numpy"], "a base": ["pandas"], "b base": ["six"], "above a": ["tz"]})
    one.run("lock")
    whole = one.files()
    one.run("check")
    one.forget("pandas")
    shutil.rmtree(one.root / "locks")
    asked = len(index.asked)
    found = one.findings("lock", "--offline", status=5)
    equal(len(index.asked), asked, "requests of `--offline`")
    equal([text.split("`")[1] for text in found if text.startswith("J0463")], ["a"], found)
    files = one.files()
    equal(files, {name: text for name, text in whole.items() if name in ["base.toml", "b.toml"]}, "what stands")
    one.findings("check", status=4)
    shutil.rmtree(cache)


def nothing_to_do():
    """A run that changes nothing asks nothing, neither the index nor uv."""
    one = place()
    one.write({"base python": ["pandas"], "a base": ["xarray"]})
    one.run("lock")
    asked = len(index.asked)
    equal(one.run("lock", "--uv", "no/uv"), "2 locks up to date\n", "a second run")
    one.run("check")
    equal(len(index.asked), asked, "requests")


def unknown_system():
    one = place()
    one.write({"base bare": ["six"]}, 'image bare {\n  ref = "docker.io/library/bare"\n  tag = "1.0"\n  provides { conda { python 3.12.* } }\n}\n')
    found = one.findings("lock")
    equal([text for text in found if text.startswith("J046")], ["J0463 `bare` does not say which operating system it has: wheels for glibc 2.28 and earlier are chosen"], "a note")


def withdrawn():
    """A release that was withdrawn is taken where it is required exactly, as pip does (PEP 592), and only there."""
    index.release("pulled", "1.0")
    index.release("pulled", "0.9")
    index.links["pulled"][0] = index.links["pulled"][0].replace("<a ", '<a data-yanked="broken" ')
    index.release("exact", "1.0", "pulled==1.0")
    index.release("open", "1.0", "pulled>=0.5")
    for name, version in [("exact", "1.0"), ("open", "0.9")]:
        one = place()
        one.write({"base python": [name]})
        one.run("lock")
        equal(one.pins("base")["pulled"], version, name)
    one.write({"base python": ["open"], "a base": ["pulled >=1"]})
    one.findings("lock", status=1)


def first_of_a_menu():
    """A menu that names a version does not keep the lock from being made; what no lock knows is reported after it."""
    one = place()
    entry = 'environment lab {\n  from python\n  pip { pandas }\n  profile { title = "pandas {{ packages.pandas }}, numpy {{ packages.%s }}"  memory = 1G }\n}\n'
    menu = 'hub one { chart = 4.4  namespace = "jhub" }\noutput configmap { path = "deploy.yaml"  hub = one  name = "profiles" }\n'
    one.write({}, entry % "numpy" + menu)
    equal([text[:5] for text in one.findings("check", status=1)], ["J0305"], "before the lock")
    equal(one.findings("lock"), [], "the lock")
    one.run("build")
    equal('display_name: "pandas 3.1.0, numpy 2.5.0"' in (one.root / "deploy.yaml").read_text(), True, "the title")
    one.write({}, entry % "numbat" + menu)
    equal(len(one.findings("lock", status=1)), 1, "what no lock knows")


TESTS = [siblings, transitive, reverse, sources, merged, again, platforms, newer, installed, images, facts, builds_of_cards, best_of_both, from_the_cache, nothing_to_do, unknown_system, withdrawn, first_of_a_menu]
for test in [test for test in TESTS if not sys.argv[2:] or test.__name__ in sys.argv[2:]]:
    test()
    print(f"holds: {test.__name__}")
shutil.rmtree(CACHE)
