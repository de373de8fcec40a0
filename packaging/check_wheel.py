"""Checks wheels before anybody installs them: check_wheel.py [--any-size] WHEEL...

One program, for the machine that the name says, linked against no newer glibc than 2.17, the licences and a list of what it was
built from inside, no more than 8 MB. With `--any-size` the last is not asked, for builds without optimisation.
"""

import json
import re
import struct
import sys
from email.parser import BytesParser
from pathlib import Path

from wheels import Wheel

LARGEST = 8_000_000  # bytes; with the feature `conda`
NEWEST_GLIBC = (2, 17)
MACHINES = {"x86_64": 62, "aarch64": 183}  # e_machine of the ELF header
CARGO = Path(__file__).parent.parent / "Cargo.toml"


def needed_glibc(program):
    """The newest version of a glibc symbol that a program asks for; None where it asks for none."""
    found = [tuple(int(part) for part in version.split(b".")) for version in re.findall(rb"GLIBC_(\d+(?:\.\d+)+)\0", program)]
    return max(found, default=None)


def dotted(version):
    """A version as people write it."""
    return ".".join(str(part) for part in version) or "none"


def elf_faults(wheel, program):
    """What is wrong with a program for Linux."""
    architecture = wheel.target.split("-")[0]
    if program[:5] != b"\x7fELF\x02":
        yield "the program is no ELF file of 64 bits"
        return
    (machine,) = struct.unpack_from("<H", program, 18)
    if machine != MACHINES[architecture]:
        yield f"the program is for machine {machine}, not for {architecture}"
    glibc = needed_glibc(program)
    if wheel.target.endswith("musl") and glibc:
        yield f"the program is not static: it asks for glibc {dotted(glibc)}"
    if wheel.target.endswith("gnu") and (not glibc or glibc > NEWEST_GLIBC):
        yield f"the program asks for glibc {dotted(glibc or ())}, not for {dotted(NEWEST_GLIBC)} or older"


def faults(wheel, any_size):
    """What is wrong with a wheel."""
    name, program = wheel.program()
    if wheel.size > LARGEST and not any_size:
        yield f"{wheel.size} bytes; {LARGEST} is the limit"
    if "linux" in wheel.target:
        yield from elf_faults(wheel, program)
    if ("windows" in wheel.target) != name.endswith(".exe"):
        yield f"the program is called {name}"
    parts = [json.loads(data) for data in wheel.about(".cyclonedx.json").values()]
    if not any(part.get("components") for part in parts):
        yield "no list of what it was built from (CycloneDX)"
    licences = sorted(path.rpartition("/")[2] for path in wheel.about("") if "/licenses/" in f"/{path}")
    if licences != ["LICENSE-APACHE", "LICENSE-MIT"]:
        yield f"its licences are {licences}"
    metadata = BytesParser().parsebytes(wheel.about("METADATA")["METADATA"])
    version = re.search(r'^version = "(.*)"$', CARGO.read_text(), re.MULTILINE)[1]
    if (metadata["Name"], metadata["Version"], wheel.version) != ("jenvc", version, version):
        yield f"it is {metadata['Name']} {metadata['Version']}; Cargo.toml says {version}"


def main(arguments):
    any_size = "--any-size" in arguments
    wheels = [Wheel(path) for path in arguments if path != "--any-size"]
    bad = [f"{wheel.path.name}: {fault}" for wheel in wheels for fault in faults(wheel, any_size)]
    print("\n".join(bad or [f"{wheel.path.name}: {wheel.size} bytes, {wheel.target}" for wheel in wheels]))
    return 1 if bad or not wheels else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
