"""The hosts that can't be reached, on an address of this machine: files, git repositories, package repositories of apt and R, indexes of pip.

`World(parts, folder)` makes what `served.toml` lists, `start()` serves it; `policy()` is what maps the URLs of ADD for BuildKit, and
`replaced` the checksums that programs pin, each with the stand-in's.
"""

import gzip
import hashlib
import http.server
import io
import os
import pathlib
import shutil
import socket
import ssl
import subprocess
import tarfile
import threading
import tomllib
import urllib.parse
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
NOBODY = {"GIT_AUTHOR_NAME": "t", "GIT_AUTHOR_EMAIL": "t@example.org", "GIT_COMMITTER_NAME": "t", "GIT_COMMITTER_EMAIL": "t@example.org",
          "GIT_AUTHOR_DATE": "2026-01-01T00:00:00Z", "GIT_COMMITTER_DATE": "2026-01-01T00:00:00Z", "GIT_CONFIG_GLOBAL": "/dev/null"}


def run(*words, **options):
    return subprocess.run([str(word) for word in words], check=True, capture_output=True, **options).stdout


class World:
    def __init__(self, parts, folder):
        self.table = tomllib.loads((HERE / "served.toml").read_text())
        self.parts, self.root = pathlib.Path(parts), pathlib.Path(folder)
        self.address, self.replaced, self.added = free_address(self.table["address"]), {}, []
        shutil.rmtree(self.root, ignore_errors=True)
        self.root.mkdir(parents=True)
        self.key()
        for group in self.table["files"]:
            for name, entry in group.items():
                if name != "below":
                    self.file(group["below"] + name, entry)
        for entry in self.table["git"]:
            self.repository(entry)
        for entry in self.table["apt"]:
            self.packages(entry)
        for entry in self.table["index"]:
            self.index(entry)
        for entry in self.table["cran"]:
            self.cran(entry)

    @property
    def hosts(self):
        return sorted(path.name for path in self.root.iterdir() if path.is_dir() and not path.name.startswith("."))

    def place(self, url):
        parsed = urllib.parse.urlsplit(url)
        path = self.root / parsed.netloc / parsed.path.lstrip("/")
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def file(self, url, entry):
        content = self.content(url, entry)
        self.place(url).write_bytes(content)
        self.added.append(url)
        if "sha256" in entry:
            self.replaced[entry["sha256"]] = hashlib.sha256(content).hexdigest()

    def content(self, url, entry):
        if "file" in entry:
            return (HERE / "served" / entry["file"]).read_bytes()
        if "folder" in entry:
            return packed(HERE / "served" / entry["folder"], url)
        if "certificate" in entry:
            return run("openssl", "x509", "-in", self.parts / "authority/root.crt", "-outform", entry["certificate"])
        return self.public

    def key(self):
        """That of the package repository, and a certificate that says whose authority it stands for."""
        home = self.parts / "gnupg"
        if not home.is_dir():
            home.mkdir(mode=0o700)
            run("gpg", "--homedir", home, "--batch", "--passphrase", "", "--quick-gen-key", "repository@example.org", "rsa2048", "sign", "never")
        self.public = run("gpg", "--homedir", home, "--armor", "--export")
        root = self.parts / "authority/root.crt"
        if not root.exists():
            run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "3650", "-subj", "/O=CERN/CN=stand-in",
                "-keyout", os.devnull, "-out", root)

    def repository(self, entry):
        path = self.place(entry["url"])
        bare = path.with_name(path.name.removesuffix(".git") + ".git")
        work = self.root / ".work"
        shutil.copytree(HERE / "served" / entry["folder"], work)
        git = ["git", "-C", work, "-c", "core.autocrlf=false"]
        run("git", "init", "--quiet", "--initial-branch", entry.get("branch", "master"), work, env=os.environ | NOBODY)
        run(*git, "add", "--all", env=os.environ | NOBODY)
        run(*git, "commit", "--quiet", "--message", "a stand-in", env=os.environ | NOBODY)
        run("git", "clone", "--quiet", "--bare", work, bare)
        run("git", "-C", bare, "config", "uploadpack.allowAnySHA1InWant", "true")
        run("git", "-C", bare, "config", "uploadpack.allowFilter", "true")
        if "rev" in entry:
            self.replaced[entry["rev"]] = run(*git, "rev-parse", "HEAD").decode().strip()
        shutil.rmtree(work)

    def packages(self, entry):
        top, pool = self.place(entry["url"] + "/x").parent, self.root / ".pool"
        folder = top / "dists" / entry["suite"]
        for name in entry["packages"]:
            tree = pool / name
            (tree / "DEBIAN").mkdir(parents=True)
            (tree / "usr/share/doc" / name).mkdir(parents=True)
            (tree / "DEBIAN/control").write_text(f"Package: {name}\nVersion: 1\nArchitecture: all\nMaintainer: t <t@example.org>\nDescription: a stand-in\n")
            (top / "pool").mkdir(exist_ok=True)
            file = top / "pool" / f"{name}_1_all.deb"
            run("dpkg-deb", "--root-owner-group", "--build", tree, file)
            if name in entry.get("sha256", {}):
                self.added.append(f"{entry['url']}/pool/{file.name}")
                self.replaced[entry["sha256"][name]] = hashlib.sha256(file.read_bytes()).hexdigest()
        lists = folder / entry["component"] / "binary-amd64"
        lists.mkdir(parents=True)
        (lists / "Packages").write_bytes(run("dpkg-scanpackages", "--multiversion", "pool", cwd=top))
        (lists / "Packages.gz").write_bytes(gzip.compress((lists / "Packages").read_bytes()))
        sums = "".join(f" {hashlib.sha256(p.read_bytes()).hexdigest()} {p.stat().st_size} {p.relative_to(folder)}\n" for p in sorted(lists.iterdir()))
        release = f"Origin: t\nSuite: {entry['suite']}\nCodename: {entry['suite']}\nArchitectures: amd64\nComponents: {entry['component']}\n"
        (folder / "Release").write_text(release + "Date: Thu, 01 Jan 2026 00:00:00 UTC\nSHA256:\n" + sums)
        run("gpg", "--homedir", self.parts / "gnupg", "--batch", "--clearsign", "--output", folder / "InRelease", folder / "Release")

    def index(self, entry):
        for url in entry["urls"]:
            for spec in entry["wheels"]:
                page = self.place(f"{url}/{spec.split()[0]}/index.html")
                file = wheel(page.parent, spec)
                page.write_text(f'<a href="{file}">{file}</a>')

    def cran(self, entry):
        """A repository of R packages, each with what is in `served/r/NAME.R`; earlier versions are in its archive."""
        index = ""
        for spec in entry["packages"]:
            name, *versions = spec.split()
            code = HERE / f"served/r/{name}.R"
            for version in versions:
                newest = version == versions[-1]
                said = f"Package: {name}\nVersion: {version}\n"
                if name in entry.get("suggests", {}):
                    said += f"Suggests: {entry['suggests'][name]}\n"
                files = {"DESCRIPTION": f"{said}Title: T\nDescription: A stand-in.\nAuthor: t\nMaintainer: t <t@example.org>\nLicense: MIT\n",
                         "NAMESPACE": 'exportPattern("^[a-z]")\n', f"R/{name}.R": code.read_text() if code.exists() else f"{name} <- 1\n"}
                place = self.place(f"{entry['url']}/src/contrib/{'' if newest else f'Archive/{name}/'}{name}_{version}.tar.gz")
                with tarfile.open(place, "w:gz") as archive:
                    for path, text in files.items():
                        info = tarfile.TarInfo(f"{name}/{path}")
                        info.size = len(text.encode())
                        archive.addfile(info, io.BytesIO(text.encode()))
                if newest:
                    index += f"{said}\n"
        self.place(f"{entry['url']}/src/contrib/PACKAGES").write_text(index)

    def policy(self):
        """In the words of EXPERIMENTAL_BUILDKIT_SOURCE_POLICY: each URL that ADD may name, exactly."""
        def local(url):
            parsed = urllib.parse.urlsplit(url)
            return f"http://{self.address}/{parsed.netloc}{parsed.path}"
        return {"rules": [{"action": "CONVERT", "selector": {"identifier": url}, "updates": {"identifier": local(url)}} for url in self.added]}

    def start(self):
        authority, names = self.parts / "authority", ",".join(f"DNS:{host}" for host in self.hosts)
        certificate = self.root / ".server"
        run("openssl", "req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=served", "-keyout", f"{certificate}.key", "-out", f"{certificate}.csr")
        pathlib.Path(f"{certificate}.ext").write_text(f"subjectAltName={names}\n")
        run("openssl", "x509", "-req", "-in", f"{certificate}.csr", "-CA", authority / "ca.crt", "-CAkey", authority / "ca.key", "-CAcreateserial",
            "-days", "3650", "-extfile", f"{certificate}.ext", "-out", f"{certificate}.crt")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(f"{certificate}.crt", f"{certificate}.key")
        handler = type("Served", (Handler,), {"root": self.root, "hosts": set(self.hosts)})
        for port in (80, 443):
            server = http.server.ThreadingHTTPServer((self.address, port), handler)
            if port == 443:
                server.socket = context.wrap_socket(server.socket, server_side=True)
            threading.Thread(target=server.serve_forever, daemon=True).start()


def free_address(wanted):
    """The address of the table, or the next one where another run has it. A step that was built with another one is built anew."""
    head, _, last = wanted.rpartition(".")
    for number in range(int(last), 255):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((f"{head}.{number}", 443))
                return f"{head}.{number}"
            except OSError:
                continue
    raise SystemExit("no address is free for the served hosts")


def wheel(folder, spec, modules=None):
    """A stand-in for a wheel, `NAME VERSION REQUIRED…`, with the module that `modules` has for it. Its build number is above that of real ones."""
    name, version, *required = spec.split()
    plain = name.replace("-", "_")
    file = f"{plain}-{version}-9-py3-none-any.whl"
    module = modules / f"{plain}.py" if modules else None
    code = module.read_text() if module and module.exists() else ""
    with zipfile.ZipFile(folder / file, "w") as archive:
        def add(path, text):
            archive.writestr(zipfile.ZipInfo(path), text)
        add(f"{plain}/__init__.py", f'__version__ = "{version}"\n' + code)
        info = f"{plain}-{version}.dist-info"
        add(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n" + "".join(f"Requires-Dist: {one}\n" for one in required))
        add(f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        add(f"{info}/entry_points.txt", f"[console_scripts]\n{name.partition('-')[0]} = {plain}:main\n" if "def main" in code else "")
        add(f"{info}/RECORD", "")
    return file


def packed(folder, url):
    """An archive of a folder, in one folder of its own, the same bytes each time."""
    buffer, files = io.BytesIO(), sorted(path for path in folder.rglob("*") if path.is_file())
    if url.endswith(".zip"):
        with zipfile.ZipFile(buffer, "w") as archive:
            for path in files:
                archive.writestr(zipfile.ZipInfo(f"{folder.name}/{path.relative_to(folder)}"), path.read_bytes())
        return buffer.getvalue()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for path in files:
            info = tarfile.TarInfo(f"{folder.name}/{path.relative_to(folder)}")
            info.size, info.mode = path.stat().st_size, 0o755 if os.access(path, os.X_OK) else 0o644
            archive.addfile(info, io.BytesIO(path.read_bytes()))
    return gzip.compress(buffer.getvalue(), mtime=0)


class Handler(http.server.BaseHTTPRequestHandler):
    """Files by host and path; below `.git`, what git itself answers. Without a served name, the host is the first part of the path."""

    protocol_version = "HTTP/1.0"

    def do_GET(self):
        path, _, query = self.path.partition("?")
        path = urllib.parse.unquote(path)
        host = self.headers.get("Host", "").split(":")[0]
        if host in self.hosts:
            path = f"/{host}{path}"
        if self.git(path, query):
            return
        file = self.root / path.lstrip("/")
        if file.is_dir():
            file = file / "index.html"
        if ".." in path or not file.is_file():
            self.send_error(404)
            return
        body = file.read_bytes()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Type", "text/html" if file.name == "index.html" else "application/octet-stream")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_HEAD = do_POST = do_GET

    def git(self, path, query):
        for service in ("/info/refs", "/git-upload-pack"):
            if path.endswith(service):
                repository = path.removesuffix(service)
                bare = self.root / (repository.removesuffix(".git") + ".git").lstrip("/")
                if not bare.is_dir():
                    return False
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                if self.headers.get("Content-Encoding") == "gzip":
                    body = gzip.decompress(body)
                out = run("git", "http-backend", input=body, env=os.environ | {
                    "GIT_PROJECT_ROOT": str(bare), "PATH_INFO": service, "GIT_HTTP_EXPORT_ALL": "1", "REQUEST_METHOD": self.command,
                    "QUERY_STRING": query, "CONTENT_TYPE": self.headers.get("Content-Type", ""), "CONTENT_LENGTH": str(len(body)),
                    "GIT_PROTOCOL": self.headers.get("Git-Protocol", "")})
                head, _, answer = out.partition(b"\r\n\r\n")
                self.wfile.write(b"HTTP/1.0 200 OK\r\n" + head + b"\r\nContent-Length: %d\r\n\r\n" % len(answer) + answer)
                return True
        return False

    def log_message(self, *_):
        pass
