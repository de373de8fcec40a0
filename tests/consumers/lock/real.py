"""Conflicts of packages on PyPI that no list states: each is found, and both lines are named."""

import sys
import urllib.request

from place import Place, equal

# Base, child, python, what the message names. Read from the index in November 2026.
CASES = [
    ("torch ==2.5.1", "torchvision ==0.19.1", "3.11", "torch==2.4.1"),
    ("numpy >=2", "tensorflow ==2.16.1", "3.11", "numpy"),
    ("protobuf >=5", "tensorflow ==2.15.0", "3.11", "protobuf"),
    ("pandas ==2.1.4", "xarray >=2025.9", "3.11", "pandas>=2.2"),
    ("dask ==2024.1.0", "distributed ==2022.6.0", "3.11", "dask==2022.6.0"),
    ("jupyterlab-server >=2.28", "jsonschema <4.18", "3.11", "jsonschema"),
]

try:
    urllib.request.urlopen("https://pypi.org/simple/six/", timeout=20).close()
except OSError as error:
    print(f"PyPI does not answer: {error}")
    sys.exit()


def found_in(base, child, python, more=""):
    one = Place(python)
    one.write({"base python": [base], "child base": [child]})
    if more:
        text = (one.root / "main.jenv").read_text()
        (one.root / "main.jenv").write_text(text.replace("project demo {", f"project demo {{ {more} "))
    return one


for base, child, python, named in CASES:
    out = found_in(base, child, python).run("lock", "--cut-off", "2026-11-20", status=1)
    equal("J0461" in out and named in out and base.split()[0] in out and child.split()[0] in out, True, f"{base} / {child}\n{out}")
    print(f"found: {base} / {child}")
one = Place("3.11")
one.write({"base python": ["pandas", "numpy"], "child base": ["scikit-learn ==1.3.2", "pandas <2.2"]})
one.run("lock", "--cut-off", "2026-11-20")
equal((one.pins("base")["pandas"], one.pins("base")["numpy"]), ("2.1.4", "1.26.4"), "the base is chosen so that the child stands")
print("found: a base that is chosen so that the child stands")
# No wheel: of a Python, of a platform.
found = found_in("six", "numba ==0.57.1", "3.12").findings("lock", "--cut-off", "2026-11-20", status=5)
equal(["`numba` (only a source distribution" in text for text in found], [True], found)
print("found: numba ==0.57.1 on Python 3.12")
platforms = 'platforms = ["linux/amd64", "linux/arm64"]'
out = found_in("six", "tensorflow ==2.9.3", "3.10", platforms).run("lock", "--cut-off", "2026-11-20", status=1)
equal('`tensorflow ==2.9.3 ; platform == "linux/amd64"`' in out and out.count("error[J0461]") == 1, True, out)
print("found: tensorflow ==2.9.3 on arm64")
# Source distributions alone, whose metadata promises nothing: enough for a conflict.
for base, child in [("notebook >=7.2.2", "rucio-jupyterlab ==1.4.0"), ("jupyterlab >=4", "rucio-jupyterlab ==0.10.0")]:
    found = found_in(base, child, "3.11").findings("lock", "--cut-off", "2026-11-20", status=1)
    equal([text.startswith("J0461") and base.split()[0] in text for text in found], [True], found)
    print(f"found: {base} / {child}: {found[0]}")
