"""npm's versions and ranges against node-semver by its own rule: a range holds only pre-releases of whose release it names one."""

import json
import os
import shutil
import subprocess

from common import Questions, full, bits, skip

modules = os.environ.get("NODE_PATH", "")
if not shutil.which("node") or not os.path.isdir(os.path.join(modules, "semver")):
    skip("semver", "node and its package semver are not here")

NODE = """
const semver = require("semver")
const { versions, ranges, doubtful } = JSON.parse(require("fs").readFileSync(0, "utf8"))
const order = versions.map((_, at) => at).sort((a, b) => semver.compare(versions[a], versions[b]))
const rank = []
order.forEach((at, place) => {
  rank[at] = place && semver.compare(versions[order[place - 1]], versions[at]) === 0 ? rank[order[place - 1]] : place
})
const masks = ranges.map((range) => { const read = new semver.Range(range); return versions.map((version) => read.test(version)) })
console.log(JSON.stringify({ rank, masks, valid: doubtful.map((text) => semver.valid(text) === text.split("+")[0]), version: require("semver/package.json").version }))
"""
questions = Questions("semver", "")
random = questions.random
NUMBERS = ["0.0.0", "0.0.1", "0.0.2", "0.1.0", "0.1.1", "0.2.0", "0.2.3", "0.2.4", "0.3.0", "1.0.0", "1.0.1", "1.1.0", "1.2.0", "1.2.2", "1.2.3", "1.2.4", "1.3.0", "1.3.1", "1.10.0", "2.0.0", "2.0.1", "3.0.0"]
TAILS = ["", "-0", "-0.0", "-1", "-1.0", "-a", "-a.0", "-a.0.0", "-a.1", "-a.a", "-a-b", "-b", "-rc.1", "-rc.1.0", "-rc.11", "-A"]
universe = [numbers + tail for numbers in [*NUMBERS, "0.0.5"] for tail in TAILS]
bounds = sorted({version for version in universe if random.random() < 0.35} | set(NUMBERS))
partial = ["0", "1", "2", "0.0", "0.1", "0.2", "1.0", "1.2", "1.3", "2.0"]
ranges = [(op + version, ("=" if op == "==" else op) + version) for op in ("==", ">=", "<=", ">", "<", "^", "~") for version in bounds + partial]
ranges += [(f"=={version}.*", f"{version}.x") for version in partial]
doubtful = sorted({random.choice(["1.2.3", "1.2", "0.1.0"]) + "".join(random.choice(["-", "+", ".", "0", "1", "01", "a", "-a", "x", "~"]) for _ in range(random.randint(0, 4))) for _ in range(3000)})


def near(version):
    """The version just above one, and those around its release."""
    release, _, pre = version.partition("-")
    major, minor, patch = map(int, release.split("."))
    yield from (f"{release}-0", release, f"{release}-zz", f"{major}.{minor}.{patch + 1}-0", f"{major}.{minor}.{patch + 1}", f"{major}.{minor}.{patch + 2}", f"{major}.{minor + 1}.1", f"{major + 1}.0.1", f"{major}.{minor + 1}.0-0", f"{major + 1}.0.0-0", f"{major + 1}.0.0", f"{major}.{minor + 1}.0")
    if pre:
        yield f"{version}.0"
        yield f"{version}.0.0"


universe = sorted(set(universe) | {one for version in bounds for one in near(version)} | {"99.0.0"})


def written(bound, alternative):
    """A constraint of random bounds in jenv's words and in npm's; npm's rule asks for all bounds of an alternative together."""
    alternatives = [[random.choice(ranges) for _ in range(random.randint(1, 3))] for _ in range(random.choice([1, 1, 1, 2]))]
    return tuple(alternative[at].join(bound[at].join(one[at] for one in bounds) for bounds in alternatives) for at in (0, 1))


# node-semver takes `>=0` for `*`, which swallows the other alternatives.
chosen = sorted({written((", ", " "), (" | ", " || ")) for _ in range(full(3000, 20000))} | set(ranges))
question = json.dumps({"versions": universe, "ranges": [theirs for _, theirs in chosen], "doubtful": doubtful})
told = json.loads(subprocess.run(["node", "-e", NODE], input=question, capture_output=True, text=True, check=True).stdout)
questions.reference = f"node-semver {told['version']}"
for text, valid in zip(doubtful, told["valid"]):
    questions.ask("ok", text, expect=int(valid))
questions.order(universe, told["rank"], 20000)
questions.sets([(ours, bits(mask)) for (ours, theirs), mask in zip(chosen, told["masks"]) if ">=0 ||" not in theirs and "|| >=0" not in theirs], universe, 20000, alternatives=1, bounds=1)
questions.finish()
