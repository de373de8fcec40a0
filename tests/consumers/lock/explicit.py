"""Lists of conda's packages as an image installs them from the lock, given to an installer: py-rattler, or the program that is named (conda, mamba,
micromamba). The channel is made here and served: archives of both formats, a text in which the folder is to be replaced. A list with another
checksum, and one with a file that is not what the lock has, must be refused."""

import asyncio
import bz2
import functools
import hashlib
import http.server
import io
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import threading
import tomllib
import zipfile

JENVC, TOOL = str(pathlib.Path(sys.argv[1]).resolve()), sys.argv[2]
HOLDER = "/made/in/a/folder/with/a/long/name" + "_placehold" * 8
PACKAGES = {"ant": ("linux-64", ".conda", ["bee >=2"]), "bee": ("noarch", ".tar.bz2", []), "cow": ("linux-64", ".conda", ["ant", "dog"]), "dog": ("noarch", ".conda", [])}
PROGRAM = """project demo { registry = "ghcr.io/demo"  install = locked }
image python {
  ref      = "quay.io/condaforge/miniforge3"
  tag      = "25.3.1-0"
  os       = "ubuntu 24.04"
  provides { conda { python 3.12.* } }
}
layer base { from python  conda channel "CHANNEL" { ant } }
layer top  { from base    conda channel "CHANNEL" { cow } }
output dockerfiles { dir = "images" }
"""


def frame(data):
    """Data as zstd without compression (RFC 8878): blocks as they are."""
    blocks = [data[at : at + 65536] for at in range(0, len(data), 65536)]
    head = b"\x28\xb5\x2f\xfd\xa0" + len(data).to_bytes(4, "little")
    return head + b"".join((len(block) << 3 | (at == len(blocks) - 1)).to_bytes(3, "little") + block for at, block in enumerate(blocks))


def tar(files):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for path, text in files.items():
            member = tarfile.TarInfo(path)
            member.size = len(text.encode())
            archive.addfile(member, io.BytesIO(text.encode()))
    return buffer.getvalue()


def package(name, subdir, depends):
    """What an archive holds: its metadata, and its files."""
    index = {"name": name, "version": "2.0", "build": "0", "build_number": 0, "subdir": subdir, "depends": depends}
    index |= {"noarch": "generic", "arch": None, "platform": None} if subdir == "noarch" else {"arch": "x86_64", "platform": "linux"}
    content = {f"share/{name}.txt": f"{name} is in {HOLDER}\n"}
    paths = [
        {"_path": path, "path_type": "hardlink", "file_mode": "text", "prefix_placeholder": HOLDER, "sha256": hashlib.sha256(text.encode()).hexdigest(), "size_in_bytes": len(text)}
        for path, text in content.items()
    ]
    info = {"info/index.json": json.dumps(index), "info/paths.json": json.dumps({"paths": paths, "paths_version": 1})}
    # conda of today reads the older lists as well.
    info |= {"info/files": "".join(f"{path}\n" for path in content), "info/has_prefix": "".join(f"{HOLDER} text {path}\n" for path in content)}
    return index, info, content


def archive(file, info, content):
    if file.endswith(".tar.bz2"):
        return bz2.compress(tar(info | content))
    buffer, stem = io.BytesIO(), file.removesuffix(".conda")
    with zipfile.ZipFile(buffer, "w") as outer:
        outer.writestr("metadata.json", json.dumps({"conda_pkg_format_version": 2}))
        outer.writestr(f"pkg-{stem}.tar.zst", frame(tar(content)))
        outer.writestr(f"info-{stem}.tar.zst", frame(tar(info)))
    return buffer.getvalue()


def channel(folder):
    records = {"linux-64": {}, "noarch": {}}
    for name, (subdir, end, depends) in PACKAGES.items():
        index, info, content = package(name, subdir, depends)
        file = f"{name}-2.0-0{end}"
        (folder / subdir).mkdir(parents=True, exist_ok=True)
        (folder / subdir / file).write_bytes(archive(file, info, content))
        data = (folder / subdir / file).read_bytes()
        records[subdir][file] = index | {"sha256": hashlib.sha256(data).hexdigest(), "md5": hashlib.md5(data).hexdigest(), "size": len(data)}
    for subdir, all_ in records.items():
        kinds = {"packages": ".tar.bz2", "packages.conda": ".conda"}
        text = {key: {file: one for file, one in all_.items() if file.endswith(end)} for key, end in kinds.items()}
        (folder / subdir / "repodata.json").write_text(json.dumps({"info": {"subdir": subdir}} | text))


def serve(folder):
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *words):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_address[1]}"


def variables(home):
    """No configuration of this machine's, no proxy."""
    kept = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy") and not name.startswith(("CONDA", "MAMBA"))}
    return kept | {"HOME": str(home), "XDG_CACHE_HOME": str(home / "cache"), "SOURCE_DATE_EPOCH": "1795651200", "CONDA_PKGS_DIRS": str(home / "pkgs"), "MAMBA_ROOT_PREFIX": str(home / "root")}


def by_rattler(home, prefix, lists):
    """Each address as a record, with the checksum of the list: what rattler installs."""
    import rattler

    async def install():
        records = []
        for line in [line for one in lists for line in one.read_text().splitlines() if line.startswith("http")]:
            url, checksum = line.split("#sha256:")
            file = url.rsplit("/", 1)[1]
            name, version, build = re.sub(r"\.conda$|\.tar\.bz2$", "", file).rsplit("-", 2)
            record = rattler.PackageRecord(name, version, rattler.BuildString(build), 0, url.rsplit("/", 2)[1], None, None, sha256=bytes.fromhex(checksum))
            records.append(rattler.RepoDataRecord(record, file, url, url.rsplit("/", 2)[0]))
        await rattler.install(records, prefix, cache_dir=home / "pkgs", show_progress=False)

    asyncio.run(install())


def by_program(home, prefix, lists):
    for at, one in enumerate(lists):
        command = [TOOL, "install" if at else "create", "--yes", "--prefix", str(prefix), "--file", str(one)]
        ran = subprocess.run(command, env=variables(home), cwd=home, capture_output=True, text=True)
        if ran.returncode:
            raise OSError(f"{' '.join(command)}\n{ran.stdout}{ran.stderr}")


def install(lists):
    """What is in a new folder after the lists, one after the other: packages, and the texts of their files."""
    home = pathlib.Path(tempfile.mkdtemp(prefix="jenvc-conda-"))
    prefix = home / "env"
    (by_rattler if TOOL == "py-rattler" else by_program)(home, prefix, lists)
    there = {one.stem.rsplit("-", 2)[0] for one in (prefix / "conda-meta").glob("*.json")}
    texts = {one.stem: one.read_text() for one in (prefix / "share").glob("*.txt")}
    shutil.rmtree(home)
    return there, texts, prefix


def refused(lists, what):
    try:
        install(lists)
    except Exception as error:
        print(f"refused: {what}: {str(error).strip().splitlines()[-1][:160] if str(error).strip() else type(error).__name__}")
        return
    sys.exit(f"{TOOL} takes {what}")


root = pathlib.Path(tempfile.mkdtemp(prefix="jenvc-explicit-"))
(root / ".git").mkdir()
channel(root / "channel")
address = serve(root) + "/channel"
(root / "main.jenv").write_text(PROGRAM.replace("CHANNEL", address))
for command in (["lock"], ["build"]):
    ran = subprocess.run([JENVC, *command], cwd=root, env=variables(root) | {"CONDA_CHANNELS": address}, capture_output=True, text=True)
    if ran.returncode:
        sys.exit(f"jenvc {command[0]}: {ran.returncode}\n{ran.stdout}{ran.stderr}")
lists = [root / "images" / name / "conda.txt" for name in ("base", "top")]
pins = {name for image in ("base", "top") for section in tomllib.loads((root / "locks" / f"{image}.toml").read_text())["section"] for name in section["conda"]}
there, texts, prefix = install(lists)
assert there == pins == set(PACKAGES), f"installed: {there}, locked: {pins}"
assert texts == {name: f"{name} is in {prefix}\n" for name in PACKAGES}, texts
other = root / "other.txt"
other.write_text(re.sub(r"#sha256:.", lambda found: found[0][:-1] + ("0" if found[0][-1] != "0" else "1"), lists[0].read_text()))
refused([other], "a checksum of another file")
moved = root / "channel" / "linux-64" / "ant-2.0-0.conda"
moved.write_bytes(archive(moved.name, *package("ant", "linux-64", ["bee >=2"])[1:]) + b"\n")
refused(lists[:1], "a file that the channel has replaced")
print(f"{len(there)} packages of {len(lists)} lists installed, their files in place; two lists refused")
# py-rattler's threads live on, and an interpreter that ends beside them can crash after all has passed (0.28.0, seen once).
sys.stdout.flush()
os._exit(0)
