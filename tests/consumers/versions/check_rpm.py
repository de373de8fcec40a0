"""RPM's versions against librpm: `labelCompare` for the order, dependency sets for what a bound holds."""

from common import Questions, bits, ranks_of, skip

try:
    import rpm
except ImportError:
    skip("rpm", "the Python module of librpm (python3-rpm) is not here")

questions = Questions("rpm", f"librpm {rpm.__version__}")
random = questions.random


def label(version):
    """Epoch, version and release."""
    epoch, rest = version.split(":", 1) if ":" in version else ("0", version)
    return (epoch, *(rest.split("-", 1) if "-" in rest else (rest, None)))


def compare(left, right):
    return rpm.labelCompare(label(left), label(right))


VERSIONS = ["0", "0~", "1", "1.0", "1.0~", "1.0~rc1", "1.0~~", "1.0^", "1.0^git1", "1.0^~", "1.0a", "1.0.a", "1.0.1", "1.0.~", "1.1", "1.2", "1.2~rc1", "1.2.0", "1.2.3", "1.2a", "1.10", "2", "2^", "01.0"]
RELEASES = ["-0", "-0~", "-1", "-1~", "-1^", "-1.el9", "-1.el9_1", "-2", "-10", "-a"]
versions = sorted(set(VERSIONS) | {"1" + "".join(random.choice(["0", "1", "10", "a", "B", "~", "^", ".", "_", "+"]) for _ in range(random.randint(1, 6))) for _ in range(800)})
released = [version + random.choice(RELEASES) for version in versions] + [epoch + version + release for epoch in ("", "1:") for version in VERSIONS for release in RELEASES]
released = sorted(set(released))
questions.order(released, ranks_of(released, compare), 30000)

# A bound without a release is met by every release; librpm's own dependency sets say which.
SENSE = {"==": rpm.RPMSENSE_EQUAL, ">=": rpm.RPMSENSE_GREATER | rpm.RPMSENSE_EQUAL, "<=": rpm.RPMSENSE_LESS | rpm.RPMSENSE_EQUAL, ">": rpm.RPMSENSE_GREATER, "<": rpm.RPMSENSE_LESS}


def dependency(op, version):
    return rpm.ds(("x", SENSE[op], version), rpm.RPMTAG_REQUIRENAME)


bounds = sorted(set(VERSIONS) | {"1:" + version for version in VERSIONS[:6]} | set(random.sample(released, 80)))


def near(bound):
    """Releases of the version of a bound, and of versions next to it."""
    version, _, release = bound.partition("-")
    yield from (version + tail + end for tail in ("", "~", "~~", "^", "^~", ".a", ".a~", ".0", ".0~") for end in ("-0", "-0~", "-0~~", "-1", "-99"))
    if release:
        yield from (bound + tail for tail in ("", "~", "~~", "^", "^~", ".a", ".a~", ".0", ".0~"))


universe = sorted({version for bound in bounds for version in near(bound)} | {"0~~~~-1", "99-1", "1:0~~~~-1", "1:99-1"})
provided = [dependency("==", version) for version in universe]
masks = []
for version in bounds:
    for op in SENSE:
        asked = dependency(op, version)
        masks.append((op + version, bits(asked.Compare(one) for one in provided)))
questions.sets(masks, universe, 15000)
questions.finish()
