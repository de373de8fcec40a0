"""conda's packages under and over pip's, against rattler for conda's side and packaging for pip's."""

from packaging.specifiers import SpecifierSet

from common import Questions, full, skip

try:
    from rattler import VersionSpec, Version
except ImportError:
    skip("managers", "py-rattler can't be installed")

questions = Questions("managers", "rattler and packaging")
random = questions.random
HEAD = [
    'project demo { registry = "r.io/d" }',
    f'image root {{ ref = "r.io/b"  digest = "sha256:{"2" * 64}" }}',
]
FINAL = [f"{major}.{minor}{patch}" for major in range(1, 5) for minor in range(12) for patch in ("", ".0", ".0.1", ".1", ".1.1", ".5", ".9")] + ["0.9", "5.0"]
VERSIONS = FINAL + ["1.9.dev1", "2.0.dev0", "2.0a1", "2.0rc0", "2.0rc1.dev0", "2.0rc1", "2.0rc2", "2.1rc1"]
BOUNDS = ["1", "1.2", "1.2.0", "1.2.1", "1.9", "2", "2.0", "2.0.1", "2.4", "2.5.1", "3", "3.0", "2.0rc0", "2.0rc1"]
CONDA = ["==", "=", ">=", "<=", ">", "<", "!=", "~=", ".*"]
PIP = ["==", ">=", "<=", ">", "<", "!=", "~=", "==*", "!=*"]


def conda():
    op, bound = random.choice(CONDA), random.choice(BOUNDS)
    if "rc" in bound and op in ("=", "~=", ".*"):
        op = ">="
    if op == "~=" and "." not in bound:
        bound += ".0"
    return (f"{bound}.*", f"{bound}.*") if op == ".*" else (op + bound, op + bound)


def pip():
    op, bound = random.choice(PIP), random.choice(BOUNDS)
    if "rc" in bound and (op.endswith("*") or op == "~="):
        op = "!="
    if op == "~=" and "." not in bound:
        bound += ".0"
    return f"{op.rstrip('*')}{bound}{'.*' if op.endswith('*') else ''}"


def several(make):
    return [make() for _ in range(random.choice([1, 1, 2]))]


asked = set()
while len(asked) < full(800, 20000):
    of_conda, of_pip = several(conda), several(pip)
    pin, override = random.random() < 0.2, random.random() < 0.3
    left = [version for version in VERSIONS if all(VersionSpec(theirs).matches(Version(version)) for _, theirs in of_conda)]
    right = SpecifierSet(",".join(of_pip))
    # Channels hold the pre-releases that somebody names; in Python's reading `<2.0` holds none of 2.0.
    asks = any("rc" in theirs and not theirs.startswith("!=") for _, theirs in of_conda)
    read = SpecifierSet(",".join(f"=={theirs.strip('=')}{'' if theirs.endswith('*') else '.*'}" if theirs[0] in "=123" and theirs[:2] != "==" else theirs for _, theirs in of_conda))
    if not any(asks or version in FINAL for version in left) or not any(right.contains(version) for version in VERSIONS):
        continue
    name = random.choice([("numpy", "numpy"), ("pytorch", "torch"), ("ruamel.yaml", "ruamel-yaml")])
    lists = [f"conda {{ {name[0]} {', '.join(ours for ours, _ in of_conda)}{' pin' if pin else ''}", f"pip {{ {name[1]} {', '.join(of_pip)}"]
    below = 0 if pin else random.randrange(2)
    above = lists[1 - below] + (' override because "it is meant"' if override else "")
    lines = HEAD + [f"layer base {{ from root  {lists[below]} }} }}", f"layer lab {{ from base  {above} }} }}"]
    both = [version for version in left if right.contains(version, prereleases=True) and (asks or right.prereleases or version in FINAL)]
    if any(read.contains(version, prereleases=True) for version in both) != bool(both):
        continue
    clash = not both
    expected = 4 if clash and (pin or not override) else 0
    line = "check\t-\t" + "\\n".join(lines)
    if line not in asked:
        asked.add(line)
        questions.asked.append((line, str(expected)))
questions.finish()
