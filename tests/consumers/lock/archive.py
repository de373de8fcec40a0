"""`apt snapshot`: the commands of a Dockerfile, run by apt over archives of two days, which a proxy serves under the names of Debian and Ubuntu.

What they do to `/etc/apt` and `/tmp` happens in a folder, and no package is unpacked."""

import gzip
import hashlib
import http.server
import io
import pathlib
import re
import subprocess
import tarfile
import tempfile
import threading

from place import HEAD, Place, equal

DAY = "20261120T000000Z"
# What each line of an image's sources leads to on that day.
ARCHIVES = {
    "http://deb.debian.org/debian": f"http://snapshot.debian.org/archive/debian/{DAY}",
    "http://security.debian.org/debian-security/": f"http://snapshot.debian.org/archive/debian-security/{DAY}",
    "http://archive.ubuntu.com/ubuntu": f"http://snapshot.ubuntu.com/ubuntu/{DAY}",
    "http://de.archive.ubuntu.com/ubuntu/": f"http://snapshot.ubuntu.com/ubuntu/{DAY}",
    "http://ports.ubuntu.com/ubuntu-ports/": f"http://snapshot.ubuntu.com/ubuntu/{DAY}",
    "http://packages.example.org/debian": "http://packages.example.org/debian",
}


def package(name, version):
    """A package that holds nothing."""
    control = f"Package: {name}\nVersion: {version}\nArchitecture: all\nMaintainer: t <t@example.org>\nDescription: a stand-in\n"
    members = []
    for member, files in [("control.tar.gz", {"./control": control}), ("data.tar.gz", {})]:
        content = io.BytesIO()
        with tarfile.open(fileobj=content, mode="w:gz") as archive:
            for path, text in files.items():
                one = tarfile.TarInfo(path)
                one.size = len(text)
                archive.addfile(one, io.BytesIO(text.encode()))
        members.append((member, content.getvalue()))
    deb = b"!<arch>\n"
    for member, content in [("debian-binary", b"2.0\n"), *members]:
        deb += f"{member:<16}{0:<12}{0:<6}{0:<6}{100644:<8}{len(content):<10}`\n".encode() + content + b"\n" * (len(content) % 2)
    return control, deb


def archive(files, url, versions):
    """An archive whose signature has run out."""
    lists = ""
    for name, version in versions.items():
        control, deb = package(name, version)
        files[f"{url}/pool/{name}_{version}_all.deb"] = deb
        lists += f"{control}Filename: pool/{name}_{version}_all.deb\nSize: {len(deb)}\nSHA256: {hashlib.sha256(deb).hexdigest()}\n\n"
    packed = gzip.compress(lists.encode())
    path = "main/binary-amd64/Packages"
    sums = "".join(f" {hashlib.sha256(one).hexdigest()} {len(one)} {name}\n" for name, one in [(path, lists.encode()), (f"{path}.gz", packed)])
    dates = "Date: Fri, 20 Nov 2026 00:00:00 UTC\nValid-Until: Sat, 21 Nov 2020 00:00:00 UTC\n"
    files[f"{url}/dists/stable/Release"] = f"Suite: stable\nCodename: stable\n{dates}Architectures: amd64\nComponents: main\nSHA256:\n{sums}".encode()
    files[f"{url}/dists/stable/{path}.gz"] = packed


def serve(files):
    asked = []

    class Proxy(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            body = files.get(self.path)
            self.send_response(404 if body is None else 200)
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_port, asked


def step(day):
    """The commands of the step."""
    one = Place()
    text = HEAD % "3.12" + f'layer base {{\n  from python\n  apt snapshot "{day}" {{ tool  own }}\n}}\noutput dockerfiles {{ dir = "images" }}\n'
    (one.root / "main.jenv").write_text(text)
    one.run("build")
    [commands] = re.findall(r"^RUN (mkdir .*?[^\\])\n\n", (one.root / "images/base/Dockerfile").read_text() + "\n\n", re.S | re.M)
    return commands


def run(commands, sources, port):
    """Runs them in a folder in place of the root."""
    root = pathlib.Path(tempfile.mkdtemp(prefix="jenvc-apt-"))
    for folder in ["etc/apt/apt.conf.d", "etc/apt/sources.list.d", "etc/apt/preferences.d", "etc/apt/trusted.gpg.d", "tmp",
                   "var/lib/apt/lists/partial", "var/cache/apt/archives/partial", "var/lib/dpkg", "var/log/apt"]:
        (root / folder).mkdir(parents=True)
    (root / "var/lib/dpkg/status").write_text("")
    lines = [f"deb [trusted=yes] {url} stable main" for url in sources]
    (root / "etc/apt/sources.list").write_text("\n".join(lines[:1]) + "\n# http://snapshot.debian.org/archive/debian/20250101T000000Z\n")
    (root / "etc/apt/sources.list.d/more.list").write_text("\n".join(lines[1:2]) + "\n")
    deb822 = [f"Types: deb\nURIs: {url}\nSuites: stable\nComponents: main\nTrusted: yes\n" for url in sources[2:]]
    (root / "etc/apt/sources.list.d/more.sources").write_text("\n".join(deb822))
    settings = {"Dir": f"{root}/", "Dir::State::status": f"{root}/var/lib/dpkg/status", "Dir::Bin::dpkg": "/bin/true", "Acquire::http::Proxy": f"http://127.0.0.1:{port}",
                "APT::Architecture": "amd64", "APT::Sandbox::User": "root", "Acquire::Languages": "none"}
    (root / "apt.conf").write_text("".join(f'{name} "{value}";\n' for name, value in settings.items()))
    before = {path: path.read_bytes() for path in (root / "etc").rglob("*") if path.is_file()}
    there = re.sub(r"(?<![\w.])/(tmp|etc|var)/", lambda path: f"{root}/{path[1]}/", commands)
    ran = subprocess.run(["bash", "-e", "-o", "pipefail", "-c", there], env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "APT_CONFIG": str(root / "apt.conf")}, capture_output=True, text=True)
    after = {path: path.read_bytes() for path in (root / "etc").rglob("*") if path.is_file()}
    return ran, before == after and not list((root / "tmp").iterdir())


commands = step("2026-11-20")
for now, then in ARCHIVES.items():
    if now == then:
        continue
    files = {}
    archive(files, now.rstrip("/"), {"tool": "2.0"})
    archive(files, then, {"tool": "1.0"})
    archive(files, "http://packages.example.org/debian", {"own": "3.0"})
    port, asked = serve(files)
    ran, clean = run(commands, [now, "http://packages.example.org/debian"], port)
    taken = sorted(path for path in asked if path.endswith(".deb"))
    equal((ran.returncode, taken), (0, ["http://packages.example.org/debian/pool/own_3.0_all.deb", f"{then}/pool/tool_1.0_all.deb"]), f"{now}\n{ran.stdout}{ran.stderr}")
    equal(clean, True, "the sources are as they were")
    print(f"holds: {now}")
files = {}
archive(files, "http://mirror.example.org/debian", {"tool": "2.0", "own": "3.0"})
port, asked = serve(files)
ran, _ = run(commands, ["http://mirror.example.org/debian"], port)
equal((ran.returncode != 0, asked), (True, []), "an archive whose days nobody keeps")
print("holds: another archive is refused")
both = {}
for now, then in list(ARCHIVES.items())[:5]:
    archive(both, then, {"tool": "1.0", "own": "3.0"})
port, asked = serve(both)
ran, _ = run(commands, list(ARCHIVES)[:5], port)
equal(ran.returncode, 0, ran.stdout + ran.stderr)
equal({path.split("/dists")[0] for path in asked if "/dists" in path}, set(list(ARCHIVES.values())[:5]), "all forms of sources")
print("holds: lines and stanzas")
