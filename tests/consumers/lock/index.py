"""An index that a test makes and serves: wheels that hold nothing but their metadata, source distributions, with upload dates."""

import hashlib
import http.server
import io
import tarfile
import threading
import zipfile


class Index:
    """Files by name, listed under `/FOLDER/NAME/`; keeps what it is asked for."""

    def __init__(self, folder="simple"):
        self.folder = folder
        self.files, self.links, self.asked = {}, {}, []
        index = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                index.asked.append(self.path)
                body = index.page(self.path)
                self.send_response(404 if body is None else 200)
                self.send_header("Content-Type", "text/html" if self.path.endswith("/") else "application/octet-stream")
                self.send_header("Content-Length", str(len(body or b"")))
                self.end_headers()
                if self.command == "GET":
                    self.wfile.write(body or b"")

            do_HEAD = do_GET

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/{folder}"

    def page(self, path):
        name = path.removeprefix(f"/{self.folder}/").strip("/")
        if path.endswith("/"):
            links = self.links.get(name)
            return links and ("<!DOCTYPE html>\n" + "\n".join(links)).encode()
        return self.files.get(name.rsplit("/", 1)[-1])

    def put(self, project, file, content, day, more=""):
        self.files[file] = content
        link = f'<a href="/{self.folder}/files/{file}#sha256={hashlib.sha256(content).hexdigest()}" data-upload-time="{day}T00:00:00Z"{more}>{file}</a>'
        self.links.setdefault(project.replace("_", "-"), []).append(link)

    def release(self, name, version, *requires, day="2026-01-01", tag="py3-none-any"):
        """A wheel."""
        info = f"{name}-{version}.dist-info"
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as wheel:
            wheel.writestr(f"{info}/METADATA", metadata("2.1", name, version, requires))
            wheel.writestr(f"{info}/WHEEL", f"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: {tag}\n")
            wheel.writestr(f"{info}/RECORD", "")
        self.put(name, f"{name}-{version}-{tag}.whl", content.getvalue(), day)

    def source(self, name, version, *requires, form="2.1", dynamic=False, apart=False, ran=None):
        """A source distribution. Its code makes the file `ran`; its metadata can be served `apart`."""
        text = metadata(form, name, version, requires, "Dynamic: Requires-Dist\n" if dynamic else "")
        build = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
        parts = {"PKG-INFO": "" if apart else text, "pyproject.toml": build, "backend.py": f"open({str(ran)!r}, 'w').close()\n"}
        content = io.BytesIO()
        with tarfile.open(fileobj=content, mode="w:gz") as archive:
            for path, body in parts.items():
                one = tarfile.TarInfo(f"{name}-{version}/{path}")
                one.size = len(body.encode())
                archive.addfile(one, io.BytesIO(body.encode()))
        file = f"{name}-{version}.tar.gz"
        self.put(name, file, content.getvalue(), "2026-01-01", ' data-core-metadata="true"' if apart else "")
        if apart:
            self.files[f"{file}.metadata"] = text.encode()


def metadata(form, name, version, requires, more=""):
    head = f"Metadata-Version: {form}\nName: {name}\nVersion: {version}\n{more}"
    return head + "".join(f"Requires-Dist: {one}\n" for one in requires)
