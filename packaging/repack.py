"""Makes what else is released from the wheels: repack.py WHEELS OUT

OUT/archives gets an archive of each target, for `cargo binstall`, Homebrew and those who fetch a program by hand; OUT/npm a folder for
each package of npm: one for each platform, and the one that people name, which asks for them.
"""

import io
import json
import shutil
import sys
import tarfile
from pathlib import Path

from wheels import PLATFORMS, Wheel

HERE = Path(__file__).parent


def licences(wheel):
    """The licence files of a wheel, by name."""
    return {path.rpartition("/")[2]: data for path, data in wheel.about("").items() if path.startswith("licenses/")}


def archive(wheel, folder):
    """The archive of a target: the program and its licences, without a folder around them."""
    name, program = wheel.program()
    with tarfile.open(folder / f"jenvc-{wheel.target}.tar.gz", "w:gz") as out:
        for member, data in [(name, program), *sorted(licences(wheel).items())]:
            entry = tarfile.TarInfo(member)
            entry.size, entry.mode = len(data), 0o755 if member == name else 0o644
            out.addfile(entry, io.BytesIO(data))


def platform_package(wheel, wrapper, folder):
    """The package of npm that holds the program for one platform."""
    system, processor = wheel.node.split("-")
    name, program = wheel.program()
    package = folder / wheel.node
    (package / "bin").mkdir(parents=True)
    (package / "bin" / name).write_bytes(program)
    (package / "bin" / name).chmod(0o755)
    for path, data in licences(wheel).items():
        (package / path).write_bytes(data)
    about = {
        "name": f"@jenvc/{wheel.node}",
        "version": wheel.version,
        "description": f"The program of jenvc for {system} on {processor}",
        **{key: wrapper[key] for key in ("license", "repository", "homepage", "engines")},
        "os": [system],
        "cpu": [processor],
        "preferUnplugged": True,
    }
    (package / "package.json").write_text(json.dumps(about, indent=2) + "\n")


def main(wheels, out):
    wheels = [Wheel(path) for path in sorted(Path(wheels).glob("*.whl"))]
    archives, npm = Path(out) / "archives", Path(out) / "npm"
    archives.mkdir(parents=True)
    shutil.copytree(HERE / "npm" / "jenvc", npm / "jenvc")
    wrapper = json.loads((npm / "jenvc" / "package.json").read_text())
    if sorted(wrapper["optionalDependencies"]) != sorted(f"@jenvc/{node}" for _, node in PLATFORMS.values() if node):
        raise SystemExit("packaging/npm/jenvc/package.json asks for other packages than are made")
    for licence in HERE.parent.glob("LICENSE-*"):
        shutil.copy(licence, npm / "jenvc")
    for wheel in wheels:
        archive(wheel, archives)
        if wheel.node:
            platform_package(wheel, wrapper, npm)
    return wheels


if __name__ == "__main__":
    main(*sys.argv[1:])
