"""The example with the most lists of pip, as far as PyPI reaches: locked, and every list with checksums given to pip. What has only source
distributions, and what has no known Python, is left out first. The lists of `jupyter-stacks` are 3 GB of wheels for cards, and PyTorch's."""

import json
import pathlib
import re
import shutil
import sys
import time
import tomllib
import urllib.request

from place import Place, equal

ROOT = pathlib.Path(__file__).resolve().parents[3]
CUT_OFF = "2026-11-20"
# Layers of which nothing says which Python they have.
WITHOUT_PYTHON = {"vre": ["swan", "swan-cern"]}


def findings(one, *arguments):
    return json.loads(one.run(*arguments, "--format", "json", status=None))["findings"]


def reachable(one, name):
    """The program with `install = locked`, without what can't be locked."""
    for path in one.root.rglob("*.jenv"):
        text = path.read_text()
        text = re.sub(r"^project ([\w-]+) \{", r"project \1 {\n  install = locked", text, flags=re.M)
        for layer in WITHOUT_PYTHON[name]:
            text = re.sub(rf"^layer {layer} \{{", f"layer {layer} {{\n  install = constraints", text, flags=re.M)
        path.write_text(text)
    left_out = set()
    for _ in range(6):
        one.run("lock", "--cut-off", CUT_OFF, status=None)
        labels = [label for found in findings(one, "check") if found["code"] == "J0456" for label in found["labels"] if label["primary"]]
        if not labels:
            return sorted(left_out)
        places = {(label["file"], label["line"], label["column"], label["end_column"]) for label in labels}
        for file, line, column, end in sorted(places, reverse=True):
            path = one.root / file
            lines = path.read_text().splitlines(keepends=True)
            text = lines[line - 1]
            left_out.add(text[column - 1 : end - 1])
            lines[line - 1] = text[: column - 1] + text[end - 1 :]
            path.write_text("".join(lines))
            # Titles that have its version.
            package = re.match(r"[\w-]+", text[column - 1 :]).group().replace("-", "_")
            for other in one.root.rglob("*.jenv"):
                other.write_text(re.sub(rf"\{{\{{ packages\.{package} \}}\}}", "", other.read_text()))
    sys.exit(f"{name}: packages are left that can't be locked")


def python_of(locks):
    """The Python of an image, from the wheels that are locked for it: a late one, since pip takes `3.11` for its first release."""
    tags = re.findall(r"-cp(3)(\d+)-cp3\d+-", locks)
    return ".".join(tags[0] if tags else ("3", "12")) + ".99"


def example(name):
    one = Place()
    shutil.copytree(ROOT / "examples" / name, one.root, dirs_exist_ok=True)
    left_out = reachable(one, name)
    began = time.monotonic()
    out = one.run("lock", status=None)
    equal([line for line in out.splitlines() if line.startswith(("new ", "changed "))], [], out)
    warm = time.monotonic() - began
    one.run("build", "--force", status=None)
    count = packages = 0
    for path in sorted((one.root / "images").rglob("requirements*.txt")):
        locks = (one.root / "locks" / f"{path.parent.name}.toml").read_text()
        sections = tomllib.loads(locks)["section"]
        version = re.search(r"-(3\.\d+)\.txt", path.name)
        # With `--python-version` pip takes no source distribution.
        sources = {name for section in sections for name, pin in section.get("pypi", {}).items() if not pin.get("file", ".whl").endswith(".whl")}
        lines = re.split(r"\n(?=\S)", path.read_text())
        wheels = one.root / "wheels.txt"
        wheels.write_text("\n".join(line for line in lines if line.split("==")[0] not in sources) + "\n")
        ran = one.pip("https://pypi.org/simple", wheels, python=f"{version.group(1)}.99" if version else python_of(locks))
        if ran.returncode:
            sys.exit(f"pip refuses {path} of {len(sections)} sections\n{ran.stdout[-2000:]}{ran.stderr[-2000:]}")
        count += 1
        packages += sum("==" in line for line in path.read_text().splitlines())
    equal(count > 0, True, f"{name}: lists")
    print(f"{name}: pip takes {count} lists with {packages} packages; a run without a change {warm * 1000:.0f} ms; left out: {', '.join(left_out) or 'nothing'}")


try:
    urllib.request.urlopen("https://pypi.org/simple/six/", timeout=20).close()
except OSError as error:
    print(f"PyPI does not answer: {error}")
    sys.exit()
for name in WITHOUT_PYTHON:
    example(name)
