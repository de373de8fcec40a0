"""Small random universes of packages: brute force says whether a program has an answer, and what `jenvc lock` writes is one; of a single
layer it is uv's own. JENVC_ALL: many of them; a number: where they begin."""

import itertools
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib

from index import Index
from place import Place, equal

NAMES = ["ant", "bee", "cow", "dog", "elk"]
COUNT = 60 if os.environ.get("JENVC_ALL") else 6
SEED = int(sys.argv[2]) if sys.argv[2:] else random.SystemRandom().randrange(1 << 20)
CACHE = tempfile.mkdtemp(prefix="jenvc-cache-")


def spec(chance):
    """Bounds on versions 1 to 3, and whether a version has them."""
    version = chance.randint(1, 3)
    return chance.choice([("", lambda _: True), (f">={version}", lambda v: v >= version), (f"<={version}", lambda v: v <= version), (f"=={version}", lambda v: v == version)])


def requirements(chance, names, most):
    chosen = chance.sample(names, min(len(names), chance.randint(0, most)))
    return [(name, *spec(chance)) for name in chosen]


def universe(chance):
    """What each version of each package requires. A package requires later ones, so there is no circle."""
    return {(name, version): requirements(chance, NAMES[at + 1 :], 2) for at, name in enumerate(NAMES) for version in range(1, chance.randint(1, 3) + 1)}


def fits(packages, chosen, asked):
    """Whether chosen versions have all that is asked for and required."""
    todo = [*asked, *(one for name, version in chosen.items() if version for one in packages[name, version])]
    return all(chosen.get(name) and test(chosen[name]) for name, _, test in todo)


def answers(packages, asked):
    """Whether there is one; the packages that nothing asks for are left out."""
    versions = [[None, *(version for name, version in packages if name == one)] for one in NAMES]
    return any(fits(packages, dict(zip(NAMES, chosen)), asked) for chosen in itertools.product(*versions))


def lines(asked):
    return [f"{name} {text}" for name, text, _ in asked]


def alone(index, asked, cut_off="2026-11-26"):
    """uv's own pins; None where it has no answer."""
    command = ["uv", "pip", "compile", "-", "--no-header", "--no-annotate", "--python-version", "3.12", "--python-platform", "x86_64-manylinux_2_36"]
    command += ["--default-index", index.url, "--exclude-newer", f"{cut_off}T23:59:59Z", "--only-binary", ":all:", "--cache-dir", CACHE]
    ran = subprocess.run(command, input="".join(f"{name}{text}\n" for name, text, _ in asked), capture_output=True, text=True)
    return None if ran.returncode else dict(line.split("==") for line in ran.stdout.splitlines())


def pins(one):
    """All pins, the base first; a name that two layers pin is a mistake."""
    found = {}
    for image in ["base", "a", "b"]:
        path = one.root / "locks" / f"{image}.toml"
        for section in tomllib.loads(path.read_text())["section"] if path.exists() else []:
            for name, pin in section.get("pypi", {}).items():
                found.setdefault(image, {})[name] = int(pin["version"])
    return found


def hold(number):
    chance = random.Random(number)
    packages, index = universe(chance), Index()
    for (name, version), required in packages.items():
        index.release(name, str(version), *(f"{other}{text}" for other, text, _ in required))
    base, one, two = (requirements(chance, NAMES, 2) or [("ant", "", lambda _: True)] for _ in range(3))
    place = Place(UV_DEFAULT_INDEX=index.url, UV_CACHE_DIR=CACHE, SOURCE_DATE_EPOCH="1795651200")
    what = f"universe {number}: {lines(base)} / {lines(one)}, {lines(two)}"
    # One layer: uv's own answer.
    place.write({"base python": lines(base)})
    solvable = answers(packages, base)
    place.run("lock", status=0 if solvable else 1)
    own = alone(index, base)
    equal(own is not None, solvable, f"{what}: uv and brute force")
    equal(pins(place).get("base", {}), {name: int(version) for name, version in (own or {}).items()}, f"{what}: the base as uv has it")
    # A layer, and two: resolved where brute force finds versions of the base that suit all.
    for layers in [{"a": one}, {"a": one, "b": two}]:
        shutil.rmtree(place.root / "locks", ignore_errors=True)
        place.write({"base python": lines(base)} | {f"{name} base": lines(asked) for name, asked in layers.items()})
        together = all(answers(packages, [*base, *asked]) for asked in layers.values())
        out = place.run("lock", status=None)
        found = pins(place)
        for name, asked in layers.items():
            if name in found or f"locks/{name}.toml" in out:
                both = found.get("base", {}) | found.get(name, {})
                equal(fits(packages, both, [*base, *asked]), True, f"{what}: {both}")
        if not re.search("error.J04[06]1", out):
            equal(together, True, f"{what}: a conflict that is not found\n{out}")
        else:
            equal(shared(packages, base, layers), False, f"{what}: a conflict that is none\n{out}")
    index.server.shutdown()
    shutil.rmtree(place.root)


def shared(packages, base, layers):
    """Whether some versions of the base suit all layers on it: each may add packages and moves none."""
    versions = [[None, *(version for name, version in packages if name == one)] for one in NAMES]
    whole = [dict(zip(NAMES, chosen)) for chosen in itertools.product(*versions)]
    below = [{name: version for name, version in chosen.items() if version} for chosen in whole if fits(packages, chosen, base)]
    below = [chosen for chosen in below if chosen.keys() == needed(packages, chosen, base)]
    above = {name: [chosen for chosen in whole if fits(packages, chosen, asked)] for name, asked in layers.items()}
    return any(all(any(all(one[name] == version for name, version in chosen.items()) for one in above[layer]) for layer in layers) for chosen in below)


def needed(packages, chosen, asked):
    """The names that are asked for or required."""
    names, todo = set(), [name for name, *_ in asked]
    while todo:
        name = todo.pop()
        if name not in names:
            names.add(name)
            todo += [other for other, *_ in packages[name, chosen[name]]]
    return names


for number in range(SEED, SEED + COUNT):
    hold(number)
shutil.rmtree(CACHE)
print(f"{COUNT} universes from {SEED}: each is resolved where brute force finds an answer, and nowhere else; one layer as uv does")
