"""What the wheels hold, for the scripts beside this one."""

import re
import zipfile
from pathlib import Path

# The platform in a wheel's name: the Rust target, and the platform as Node.js calls it, where npm has a package of it. Node.js gets
# the static binary, which runs with every C library.
PLATFORMS = {
    r"manylinux.*_x86_64": ("x86_64-unknown-linux-gnu", None),
    r"manylinux.*_aarch64": ("aarch64-unknown-linux-gnu", None),
    r"musllinux.*_x86_64": ("x86_64-unknown-linux-musl", "linux-x64"),
    r"musllinux.*_aarch64": ("aarch64-unknown-linux-musl", "linux-arm64"),
    r"macosx.*_x86_64": ("x86_64-apple-darwin", "darwin-x64"),
    r"macosx.*_arm64": ("aarch64-apple-darwin", "darwin-arm64"),
    r"win_amd64": ("x86_64-pc-windows-msvc", "win32-x64"),
}


class Wheel:
    """A wheel of jenvc."""

    def __init__(self, path):
        self.path = Path(path)
        self.size = self.path.stat().st_size
        self.name, self.version, _, _, self.platform = self.path.name.removesuffix(".whl").split("-")
        first = self.platform.split(".")[0]
        found = [targets for pattern, targets in PLATFORMS.items() if re.fullmatch(pattern, first)]
        if len(found) != 1:
            raise SystemExit(f"{self.path.name}: a platform that nobody knows: {self.platform}")
        self.target, self.node = found[0]
        with zipfile.ZipFile(self.path) as archive:
            self.files = {name: archive.read(name) for name in archive.namelist()}

    def scripts(self):
        """The programs that it installs: names and bytes."""
        folder = f"{self.name}-{self.version}.data/scripts/"
        return {name.removeprefix(folder): data for name, data in self.files.items() if name.startswith(folder)}

    def about(self, end):
        """The files beside its metadata whose path ends so."""
        folder = f"{self.name}-{self.version}.dist-info/"
        return {name.removeprefix(folder): data for name, data in self.files.items() if name.startswith(folder) and name.endswith(end)}

    def program(self):
        """The one program: its name and its bytes."""
        programs = self.scripts()
        if sorted(name.removesuffix(".exe") for name in programs) != ["jenvc"]:
            raise SystemExit(f"{self.path.name}: installs {sorted(programs)}, not jenvc alone")
        return next(iter(programs.items()))
