"""Julia's compat entries against juliapkg, which reads them for Python."""

from common import Questions, bits, skip

try:
    import juliapkg.compat as reference
    from importlib.metadata import version as installed
except ImportError:
    skip("julia", "juliapkg can't be installed")

from semver import Version

questions = Questions("julia", f"juliapkg {installed('juliapkg')}")
numbers = [0, 1, 2, 3, 4, 5, 99]
triples = [(major, minor, patch) for major in numbers for minor in numbers for patch in numbers]
universe = [".".join(map(str, triple)) for triple in triples]
parsed = [Version(*triple) for triple in triples]
small = [0, 1, 3]
written = [str(major) for major in small] + [f"{major}.{minor}" for major in small for minor in small] + [f"{major}.{minor}.{patch}" for major in small for minor in small for patch in small]

masks = []
for version in written:
    for op in ("^", "~", "=="):
        if op == "==" and version.count(".") < 2:
            continue
        compat = reference.Compat.parse(op.replace("==", "=") + version)
        masks.append((op + version, bits(one in compat for one in parsed)))
    full = Version(*(int(part) for part in (version + ".0.0").split(".")[:3]))
    masks.append((">=" + version, bits(one >= full for one in parsed)))
    masks.append(("<" + version, bits(one < full for one in parsed)))
questions.order(universe, list(range(len(universe))), 5000)
questions.sets(masks, universe, 10000)
questions.finish()
