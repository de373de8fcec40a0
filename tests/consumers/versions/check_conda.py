"""conda's versions and version specifications against rattler, in which pixi and rattler-build are written."""

import fnmatch
import itertools
import re

from common import Questions, full, bits, ranks_of, skip

try:
    import rattler
    from rattler import MatchSpec, PackageRecord, Version, VersionSpec
    from rattler.package.build_string import BuildString
except ImportError:
    skip("conda", "py-rattler can't be installed")

questions = Questions("conda", f"rattler {rattler.__version__}")
random = questions.random

RELEASES = ["0", "0.9", "1", "1.0", "1.0.0", "1.0.0.1", "1.0.1", "1.1", "1.2", "1.2.0", "1.2.1", "1.2.3", "1.3", "1.9", "1.10", "2", "2.0", "3"]
TAILS = ["", "dev", "dev0", "dev.dev", ".dev", ".dev0", ".dev1", ".dev.dev", "a", "a0", "a1", ".a1", "b", "rc", "rc1", "rc1.dev", "rc2", ".rc1", "_", "_a", ".0", ".0.1", ".0.0.1", "post", "post1", ".post", ".post1", ".post.post", "post.1", "+a", "+1", "+dev", "+a.1", ".1", ".1dev"]
universe = [epoch + release + tail for epoch in ("", "1!") for release in (RELEASES if not epoch else RELEASES[1:6]) for tail in TAILS]
universe += ["1.0_1", "1.0-1", "1.0RC1", "1.0Post1", "2024a", "2024b", "1.1.1w", "1.1.1_", "9e", "1.0.1alpha", "1.0alpha1"]


def readable(version):
    try:
        Version(version)
        return True
    except Exception:
        return False


for _ in range(4000):
    text = "".join(random.choice(["0", "1", "2", ".", ".", "a", "rc", "post", "dev", "-", "_", "+", "!", " ", "*"]) for _ in range(random.randint(1, 6)))
    if "_" not in text or "-" not in text:
        questions.ask("ok", text, expect=int(readable(text)))
universe = [version for version in universe if readable(version)]
parsed = [Version(version) for version in universe]
by_text = dict(zip(universe, parsed))
questions.order(universe, ranks_of(universe, lambda left, right: (by_text[left] > by_text[right]) - (by_text[left] < by_text[right])), 30000)



def goes_on(version, spec_op, bound):
    """Whether a version goes on in a segment after which the pattern has further ones, as `1.5dev` does for `1.5.0.*`.

    rattler takes it, conda and jenvc don't: its parts would be no interval, `1.5dev.1` standing between them.
    """
    prefix = Version(bound).segments()
    if spec_op == "~=":
        prefix = prefix[:-1]
    return any(any(part != 0 for part in one[len(other) :]) for one, other in zip(version.segments(), prefix[:-1]))


def near(bound):
    """Versions that stand close to one, and at the ends of what begins with it: between two there is always a third."""
    # rattler parts `a_` into two, conda does not.
    tails = ["_"] if bound[-1].isdigit() else []
    tails += ["dev", ".dev", ".0dev", ".0.0.0.0dev", "a", ".a", "1", ".0.0.0.0.1", ".1", ".99", "post", ".post", ".post.post.post", ".dev.dev.dev", "dev.dev", "dev0dev", "post1", "post.post", "post99post", ".dev99dev", ".post99post"]
    # Nor is `dev0` followed by more what it is alone, equal to `dev`: rattler compares the texts there.
    if bound[-2:-1].isalpha() and bound[-1] == "0":
        tails = [tail for tail in tails if tail[0] != "."]
    if "+" in bound:
        return [bound + tail for tail in ("dev", ".0.0.1", "post", "1", ".1")]
    return [bound + tail for tail in tails] + [f"{bound}+{local}" for local in ("0dev", "a", "a.0.1", "1", "1.0.1", "2")]


# rattler and conda read `==1.2.*` as `==1.2`; here it is `1.2.*`, which is what is written for conda.
chosen = {}
while len(chosen) < 1000:
    op = random.choice(["==", "!=", ">=", "<=", ">", "<", "~=", "=", "!=*", "*"])
    bound = random.choice(universe if random.random() < 0.5 else RELEASES)
    if ("*" in op or op == "=") and "+" in bound or op == "~=" and ("." not in bound and "_" not in bound or "+" in bound or bound[-1] == "_"):
        continue
    theirs = f"{op.rstrip('*')}{bound}{'.*' if '*' in op else ''}"
    try:
        spec = VersionSpec(theirs)
    except Exception:
        continue
    chosen[theirs] = (op, bound, spec)
universe = sorted(set(universe) | {"99", "1!99", "2!0"} | {one for _, bound, _ in chosen.values() for one in near(bound) if readable(one)})
parsed = [Version(version) for version in universe]
masks = []
for theirs, (op, bound, spec) in sorted(chosen.items()):
    begins, refused = "*" in op or op in ("=", "~="), op == "!=*"
    masks.append((theirs, bits(refused if begins and goes_on(version, op, bound) else spec.matches(version) for version in parsed)))
questions.sets(masks, universe, 20000)

def words_of(version):
    """What makes a version a pre-release: any word but `post`."""
    return [word for word in re.findall(r"[a-z]+_?|_(?=$|\+)", version.lower()) if word != "post"]


# What channels have: releases, and the pre-releases that one of the sides names.
RELEASE = bits(not words_of(text) for text in universe)


def names_prerelease(text):
    def names(bound):
        op, version = re.match("([=<>!~]*)(.*)", bound.strip().lower()).groups()
        if not words_of(version) or op == "!=":
            return False
        found = re.search("(?!post([^a-z]|$))(dev|[a-z]+|_(?=$)).*", version.split("+")[0])
        return op != "<" or not re.fullmatch(r"(a|alpha)0?|[._]?dev.*|(a|alpha)0?[._-]0", found[0])

    return any(names(bound) for alternative in text.split("|") for bound in alternative.split(","))


plain = [pair for pair in masks if "+" not in pair[0] and "_" not in pair[0] and "!" not in re.sub("!=", "", pair[0])]
near_release = [
    (f"{op}{bound}", bits(not (op == "=" and goes_on(version, op, bound)) and VersionSpec(f"{op}{bound}").matches(version) for version in parsed))
    for op in ("<", "<=", ">", ">=", "==", "=")
    for bound in RELEASES
]
for _ in range(full(6000, 20000)):
    (left, left_bits), (right, right_bits) = (random.choice(random.choice([plain, near_release])) for _ in range(2))
    both = left_bits & right_bits
    questions.ask("meet", left, right, expect=int(bool(both if names_prerelease(left) or names_prerelease(right) else both & RELEASE)))

# Builds behind a version, as rattler reads a MatchSpec: `=2.5=*cuda*` is exactly 2.5.
VERSIONS = ["2.4", "2.5", "2.5.0", "2.5.1", "2.6"]
BUILDS = [f"{kind}_{python}" for kind in ("cpu", "cuda118", "cuda120", "cuda126") for python in ("py311", "py312")]
GLOBS = ["*cuda*", "*cpu*", "cuda118*", "*py312*", "*cuda12*", "cpu_py311"]
records = [PackageRecord("x", version, BuildString(build), 0, "linux-64") for version in (*VERSIONS, "1.0", "2.1", "2.4.5", "2.7") for build in BUILDS]
specs = {}
for op in ("", "=", "==", ">=", "<", "<="):
    for version in (*VERSIONS, "2.5.*", "2.*"):
        for glob in GLOBS:
            if "*" not in version or op in ("", "="):
                text = f"{op}{version}={glob}"
                spec = MatchSpec(f"x {op}{version} {glob}" if op in (">=", "<", "<=") else f"x{op or '='}{version}={glob}")
                specs[text] = bits(spec.matches(record) for record in records)
specs = sorted((text, mask) for text, mask in specs.items() if text[0] != "2" or "*" in text.split("=")[0])
for _ in range(full(4000, 20000)):
    (left, left_bits), (right, right_bits) = random.choice(specs), random.choice(specs)
    questions.ask("meet", left, right, expect=int(left_bits & right_bits != 0))
    place = random.randrange(len(records))
    record = records[place]
    questions.ask("build", left, str(record.version), str(record.build), expect=left_bits >> place & 1)

# Build strings: all texts over three letters that two short globs may need, against the shell's globs.
texts = ["".join(letters) for length in range(7) for letters in itertools.product("abc", repeat=length)]
globs = sorted({"".join(random.choice(["a", "b", "c", "*", "*"]) for _ in range(random.randint(1, 4))) for _ in range(150)})
globs = [("1.0=" + glob, bits(fnmatch.fnmatchcase(text, glob) for text in texts)) for glob in globs]
for _ in range(4000):
    (left, left_bits), (right, right_bits) = random.choice(globs), random.choice(globs)
    questions.ask("dis", left, right, expect=int(left_bits & right_bits == 0))
    questions.ask("sub", left, right, expect=int(left_bits & ~right_bits == 0))
    place = random.randrange(len(texts))
    questions.ask("build", left, "1.0", texts[place], expect=left_bits >> place & 1)
questions.finish()
