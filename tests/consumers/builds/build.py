#!/usr/bin/env python3
"""Builds the images of programs with BuildKit, as their bake files say, parents first, and looks at what comes out.

    build.py PARTS WORK [--all] [--seed TEXT] [--target NAME]… PROGRAM…

A program is a folder with a bake file among its outputs. With --all, one cell of each Dockerfile is built; the seed picks which. Without
it, a few images of each program: one that nothing else stands on, with all that it stands on, or as many as `sample` of `served.toml` says.
With --target, those targets and what they stand on.
Each program is copied, compiled by a copy of jenvc, and handed to BuildKit as it is; only the checksums of `served.toml` are replaced.
Exit status 1 where a step does not run, an image can't be built, a test of the program fails, the final user is root, or a file that
was copied or a folder that is new can't be read by it. A table with all of that stands at the end.
"""

import argparse
import base64
import concurrent.futures
import hashlib
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import time

import dockerfile

import real_hub
import roots
import spawn
from world import World

class Failed(Exception):
    """What is wrong with an image, in one line and what belongs to it."""


def main():
    words = argparse.ArgumentParser()
    words.add_argument("parts", type=pathlib.Path)
    words.add_argument("work", type=pathlib.Path)
    words.add_argument("programs", nargs="+", type=pathlib.Path)
    words.add_argument("--all", action="store_true")
    words.add_argument("--seed", default="0")
    words.add_argument("--target", action="append", default=[])
    words = words.parse_args()
    site = Site(words.parts, words.work)
    rows, bad = [], []
    for program in words.programs:
        began = time.monotonic()
        family = Family(site, program)
        chosen = family.below(words.target) if words.target else family.choose(words.seed, words.all)
        site.make_roots(family.needed(chosen))
        ready = time.monotonic()
        looked = list(family.each(chosen) if words.all or words.target else family.together(chosen))
        print(f"{family.name}: {len(chosen)} of {len(family.plan)} images, {ready - began:.0f} s for the images below, "
              f"{time.monotonic() - ready:.0f} s to build, look and test", flush=True)
        for row in looked + (list(family.left_out(chosen)) if words.all else []):
            rows.append(row)
            bad += [f"{row['image']}: {line}" for line in row["bad"]]
    print_table(rows)
    for line in bad:
        print(f"FAILED: {line}")
    real, stand_in, skipped = (sum(row[key] for row in rows) for key in ("real", "stand-in", "not"))
    print(f"{len(rows)} images, {real + stand_in + skipped} steps: {real} for real, {stand_in} against a stand-in, {skipped} not; "
          f"{sum(row['passed'] for row in rows)} tests passed, {sum(len(row['unreachable']) for row in rows)} need what can't be had")
    return bool(bad)


class Site:
    """The machine as the builds see it: the served hosts, the stand-ins for root images, a copy of jenvc."""

    def __init__(self, parts, work):
        self.parts, self.work = parts.resolve(), work.resolve()
        self.work.mkdir(parents=True, exist_ok=True)
        self.world = World(self.parts, self.work / "www")
        self.world.start()
        self.hub, self.real_hub = spawn.hub(), real_hub.there()
        self.roots = {root["ref"]: root for root in self.world.table["roots"]}
        self.made = set()
        self.stood_in = StoodIn(self.parts / "stood-in")
        self.policy = self.work / "policy.json"
        self.policy.write_text(json.dumps(self.world.policy()))
        self.jenvc = self.work / "jenvc"
        source = pathlib.Path(os.environ.get("JENVC", roots.HERE.parents[2] / "target/debug/jenvc"))
        self.jenvc.write_bytes(self.replace(source.read_bytes()))
        self.jenvc.chmod(0o755)

    def replace(self, content):
        for old, new in self.world.replaced.items():
            content = content.replace(old.encode(), new.encode())
        return content

    def make_roots(self, refs):
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda ref: roots.build(self.parts, self.roots[ref], self.work), [ref for ref in refs if ref not in self.made]))
        self.made.update(refs)

    def environment(self):
        return os.environ | {"EXPERIMENTAL_BUILDKIT_SOURCE_POLICY": str(self.policy), "ARCH": ""} | self.world.table["credentials"]


class Family:
    """A program: its copy, compiled, and the plan that its bake file makes."""

    def __init__(self, site, program):
        self.site, self.name, self.folder = site, program.resolve().name, site.work / program.resolve().name
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(program, self.folder, symlinks=True)
        for file in self.folder.rglob("*.jenv"):
            file.write_bytes(site.replace(file.read_bytes()))
        self.call(site.jenvc, "build")
        self.pods = spawn.pods(self.folder)
        self.read_plan()

    def read_plan(self):
        self.plan = json.loads(self.call("docker", "buildx", "bake", "--progress", "quiet", "--print"))["target"]
        self.steps = {target: steps_of(self.folder / plan["dockerfile"]) for target, plan in self.plan.items()}

    def call(self, *words):
        done = subprocess.run([str(word) for word in words], cwd=self.folder, env=self.site.environment(), capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"{self.name}: {' '.join(map(str, words))}\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
        return done.stdout

    def parents(self, target):
        found = [value.removeprefix("target:") for value in self.plan[target].get("contexts", {}).values() if value.startswith("target:")]
        return found + [above for parent in found for above in self.parents(parent)]

    def choose(self, seed, whole):
        """The targets to build, parents first: one for each Dockerfile, those whose parents are built anyway before others; of a sample,
        the first few Dockerfiles, of those that nothing else stands on."""
        order = sorted(self.plan, key=lambda target: (len(self.parents(target)), target))
        table = self.site.world.table
        limit = len(order) if whole else table["sample"].get(self.name, 1)
        dice, chosen, covered = random.Random(f"{seed} {self.name}"), set(), set(table["heavy"])
        shuffled = sorted(order, key=lambda target: (-len(self.parents(target)), dice.random()))
        if not whole:
            below = {parent for target in order for parent in self.parents(target)}
            shuffled = dice.sample([target for target in shuffled if target not in below], len(order) - len(below))
        for target in shuffled:
            file = self.plan[target]["dockerfile"]
            if file in covered:
                continue
            if limit == 0:
                break
            limit -= 1
            twins = [other for other in order if self.plan[other]["dockerfile"] == file]
            cheap = [other for other in twins if set(self.parents(other)) <= chosen]
            pick = dice.choice(cheap or twins)
            chosen |= {pick, *self.parents(pick)}
            covered |= {self.plan[one]["dockerfile"] for one in chosen}
        return [target for target in order if target in chosen]

    def below(self, targets):
        """These targets and what they stand on, parents first."""
        chosen = {*targets, *(parent for target in targets for parent in self.parents(target))}
        return sorted(chosen, key=lambda target: (len(self.parents(target)), target))

    def left_out(self, chosen):
        """Rows of the table for Dockerfiles of which no cell is built, with the reason."""
        files = {self.plan[target]["dockerfile"] for target in chosen}
        for target, plan in self.plan.items():
            if plan["dockerfile"] not in files:
                files.add(plan["dockerfile"])
                reason = self.site.world.table["heavy"].get(plan["dockerfile"])
                yield self.row(target) | {"not": len(self.steps[target]), "unreachable": [reason or "no reason"],
                                          "bad": [] if reason else ["no cell of this Dockerfile is built"]}

    def external(self, target):
        """The images that its Dockerfile takes from elsewhere, as it names them."""
        plan, inside = self.plan[target], set(self.plan[target].get("contexts", {}))
        names, stages, values = [], set(), {"TARGETARCH": "amd64"} | plan.get("args", {})
        for step in dockerfile.parse_file(str(self.folder / plan["dockerfile"])):
            if step.cmd.upper() == "ARG":
                name, _, value = step.value[0].partition("=")
                values.setdefault(name, value.strip('"'))
            taken = [step.value[0]] if step.cmd.upper() == "FROM" else []
            taken += [match for flag in step.flags for match in re.findall(r"(?:^--|,)from=([^,]+)", flag)]
            for name in taken:
                name = re.sub(r"\$\{?(\w+)\}?", lambda match: values.get(match[1], match[0]), name)
                if name not in stages | {"scratch"} and familiar(name) not in inside:
                    names.append(name)
            if step.cmd.upper() == "FROM" and len(step.value) == 3:
                stages.add(step.value[2])
        return names

    def needed(self, targets):
        return list(dict.fromkeys(plain(name) for target in targets for name in self.external(target)))

    def together(self, targets):
        """Their rows, once all are built."""
        self.build(targets)
        return [self.look(target) for target in targets]

    def each(self, targets):
        """Their rows, a few targets at a time, each printed at once. An image is deleted when it has been looked at and no later target
        stands on it: the layers of the cache go with it."""
        failed = set()
        for number, group in enumerate(self.groups(targets)):
            began, later = time.monotonic(), [target for one in self.groups(targets)[number + 1:] for target in one]
            self.build([target for target in group if failed.isdisjoint(self.parents(target))])
            for target in group:
                below = [parent for parent in self.parents(target) if parent in failed]
                row = self.row(target) | {"not": len(self.steps[target]), "bad": [f"`{below[0]}` is not built"]} if below else self.look(target)
                if row["bad"]:
                    failed.add(target)
                print(f"{time.strftime('%H:%M')} {row['image']}: {'FAILED' if row['bad'] else 'built'}, {time.monotonic() - began:.0f} s, "
                      f"{row['real']} for real, {row['stand-in']} against a stand-in, {row['not']} not, {row['passed']} tests", flush=True)
                for line in row["bad"]:
                    print(f"    {line}", flush=True)
                yield row
            needed = {parent for target in later for parent in self.parents(target)}
            for target in [target for target in targets if target not in needed and target not in later]:
                subprocess.run(["docker", "image", "rm", "--force", self.row(target)["reference"]], capture_output=True)

    def groups(self, targets):
        """Three at a time, none of which stands on another."""
        found = []
        for target in targets:
            if found and len(found[-1]) < 3 and len(self.parents(found[-1][0])) == len(self.parents(target)):
                found[-1].append(target)
            else:
                found.append([target])
        return found

    def build(self, targets):
        """One run of bake over all of them. What every step printed is kept, by the step."""
        said = "".join(step["text"] for steps in self.steps.values() for step in steps if step["cmd"] == "RUN")
        hosts = {host: self.site.world.address for host in self.site.world.hosts if host in said}
        over = {"target": {target: {
            "network": "host", "extra-hosts": hosts, "platforms": ["linux/amd64"], "attest": [], "output": ["type=docker"],
            "contexts": {familiar(name): f"docker-image://{roots.local(plain(name))}" for name in self.external(target)}} for target in self.plan}}
        (self.folder / "here.json").write_text(json.dumps(over))
        self.ran, self.errors = [], []
        if targets:
            self.bake(targets)
        if not self.errors or len(targets) == 1:
            return
        # The first failure has stopped the others: each by itself, but those that stand on what has failed.
        self.ran, self.errors, failed = [], [], set()
        for target in targets:
            if failed.isdisjoint(self.parents(target)) and not self.bake([target]):
                failed.add(target)

    def bake(self, targets):
        words = ["docker", "buildx", "bake", "--allow", "network.host", "--allow", "fs.read=/", "--file", "docker-bake.json", "--file", "here.json",
                 "--progress", "rawjson", *targets]
        done = subprocess.run(words, cwd=self.folder, env=self.site.environment(), capture_output=True, text=True)
        ran, errors = read_progress(done.stderr)
        if done.returncode and not errors:
            errors = [("", done.stderr[-2000:])]
        self.ran += ran
        self.errors += [(targets[0] if len(targets) == 1 else target, text) for target, text in errors]
        return not done.returncode

    def row(self, target):
        return {"image": f"{self.name}/{target}", "real": 0, "stand-in": 0, "not": 0, "passed": 0, "unreachable": [], "bad": [],
                "reference": self.plan[target]["tags"][0]}

    def look(self, target):
        row = self.row(target)
        row["bad"] += [text for name, text in self.errors if name == target]
        for step in self.steps[target]:
            results = [vertex for vertex in self.ran if step["key"].match(vertex["step"])]
            result = next((vertex for vertex in results if vertex["target"] == target), results[0] if results else None)
            if result is None or result["error"] or not result["done"]:
                row["not"] += 1
                if not row["bad"] or row["bad"][-1].startswith("a step"):
                    row["bad"].append(f"a step did not run: {step['text'][:120]}")
            elif self.is_stand_in(step, result):
                row["stand-in"] += 1
            else:
                row["real"] += 1
        if not row["not"] and not row["bad"]:
            self.inspect(target, row)
            self.test(target, row)
            self.spawn(row)
        return row

    def is_stand_in(self, step, result):
        """By what the stand-ins print, also when a cache answers, and by the hosts that the step names."""
        said = "stand-in:" in result["log"] or f"Processing {roots.WHEELS}" in result["log"]
        return self.site.stood_in.know(result["digest"], step["text"], said) or any(host in step["text"] for host in self.site.world.hosts)

    def inspect(self, target, row):
        """The final user is the account, and can read what was copied and enter what is new."""
        image = json.loads(subprocess.check_output(["docker", "image", "inspect", row["reference"]]))[0]
        user = image["Config"].get("User", "")
        if user.split(":")[0] in ("", "0", "root"):
            row["bad"].append("the image runs as root")
        places = [place for step in self.steps[target] for place in step["places"]]
        script = LOOK + "\n".join(f"look {shell(place)}" for place in dict.fromkeys(places)) + "\nexit $bad\n"
        done = subprocess.run(["docker", "run", "--rm", "--interactive", "--entrypoint", "sh", row["reference"]], input=script, capture_output=True, text=True)
        if done.returncode:
            row["bad"] += [f"as {user or 'root'}: {line}" for line in (done.stdout + done.stderr).splitlines()]

    def spawn(self, row):
        """An image on a menu starts as its pod would start it."""
        pod = self.pods.get(row["reference"])
        if pod is not None:
            wrong = spawn.spawn(row["reference"], pod, self.site.hub, spawn.free_port())
            # One image is also started by JupyterHub itself.
            if not wrong and self.site.real_hub:
                wrong, self.site.real_hub = real_hub.spawn(row["reference"], pod, spawn.free_port(3)), False
                row["spawned by JupyterHub"] = not wrong
            row["spawned"] = "no" if wrong else "yes"
            row["bad"] += [wrong] if wrong else []

    def test(self, target, row):
        script = self.folder / pathlib.Path(self.plan[target]["dockerfile"]).parent / "test.sh"
        if not script.is_file():
            return
        done = subprocess.run(["bash", script, row["reference"], target], cwd=self.folder, env=self.site.environment(), capture_output=True, text=True)
        known, failing = self.site.world.table["unreachable"], None
        for line in done.stdout.splitlines():
            if line.startswith("ok "):
                row["passed"] += 1
                name = re.sub(r" \(of [^)]*\)$", "", line[6:])
                if name in known:
                    row["bad"].append(f"the test `{name}` passes, and is in the list of those that can't")
            if line.startswith("FAIL "):
                failing = re.sub(r"( \(of [^)]*\))?: [^:]*$", "", line[6:])
                if failing in known:
                    row["unreachable"].append(failing)
                else:
                    row["bad"].append(line)
            elif failing and failing not in known:
                row["bad"].append("    " + line)
        if not row["passed"]:
            row["bad"].append(f"no test passes: {done.stdout[-500:]}{done.stderr[-500:]}")


class StoodIn:
    """Which steps a stand-in has run for: one that is in the cache prints nothing. A step is known by BuildKit's digest, and by its text,
    since where the served hosts are at another address it has another digest, and the cache answers all the same."""

    def __init__(self, file):
        self.file = file
        self.known = set(file.read_text().split()) if file.exists() else set()

    def know(self, digest, text, said):
        names = {digest, "text:" + hashlib.sha256(text.encode()).hexdigest()}
        if said and not names <= self.known:
            self.known |= names
            with self.file.open("a") as file:
                file.write("".join(f"{name}\n" for name in sorted(names)))
        return bool(names & self.known)


LOOK = """
bad=0
say() { echo "$*"; bad=1; }
folder() { # each folder above can be entered
  case $1 in /|.) return ;; esac
  folder "$(dirname "$1")"
  [ -d "$1" ] && [ -r "$1" ] && [ -x "$1" ] || say "can't enter $1: $(ls -ld "$1" 2>&1)"
}
look() {
  if [ -d "$1" ]; then
    folder "$1"
    find "$1" -maxdepth 3 -type d ! -name root ! -executable -print 2>&1 | while read -r one; do echo "can't enter $one"; done | grep . && bad=1
    find "$1" -maxdepth 3 -type f ! -readable -print 2>/dev/null | grep . && say "can't read these in $1"
  else
    folder "$(dirname "$1")"
    [ -r "$1" ] && cat "$1" >/dev/null || say "can't read $1: $(ls -ld "$1" 2>&1)"
  fi
}
"""


def familiar(name):
    """As BuildKit looks up the contexts of a bake file: what Docker Hub's names leave out is left out."""
    return re.sub(r"^docker\.io/(library/)?", "", name)


def plain(name):
    return name.partition("@")[0]


def shell(place):
    """A place as the image's shell reads it, so that its variables are the image's."""
    return '"' + re.sub(r'(["\\`])', r"\\\1", place) + '"'


def steps_of(file):
    """The instructions that do something to a file system, with the files and folders that they put there."""
    steps, elsewhere = [], False
    for step in dockerfile.parse_file(str(file)):
        cmd = step.cmd.upper()
        if cmd == "FROM":
            final = len(steps)
            # A stage of another platform is not built here.
            elsewhere = len(step.value) == 3 and re.search(r"(^|-)common(-\d+)?-arm64$", step.value[2]) is not None
        if elsewhere or cmd not in ("RUN", "COPY", "ADD", "WORKDIR"):
            continue
        text = step.original
        places = []
        if cmd in ("COPY", "ADD"):
            *sources, target = step.value
            places = [f"{target}{os.path.basename(source.rstrip('/'))}" if target.endswith("/") and "*" not in source else target for source in sources]
            if any(mark in text for mark in ("--from=", "<<")) and target.endswith("/"):
                places = [target]
        elif cmd == "WORKDIR":
            places = [step.value[0]]
        else:
            places = re.findall(r"(?:mkdir|install (?:-d|--directory))(?: -[\w=\"${}-]+(?: \d+\b)?)* ((?:\"?/[^\s;&|]+ ?)+)", text)
            places = [word.strip('"') for group in places for word in group.split() if not word.strip('"').startswith(("/tmp", "/root"))]
        steps.append({"cmd": cmd, "text": text, "key": key_of(cmd, text), "places": places})
    for step in steps[:final]:
        step["places"] = []
    return steps


def key_of(cmd, text):
    """A step as BuildKit names it: a pattern, since it puts the values of variables in."""
    head = re.sub(r"\\\n(?:\s*#[^\n]*\n)*", " ", text).split("\n")[0]
    cut = re.sub(r"\$\{?[^\s}]*$", "", bare(re.sub(r"^\w+", cmd, head))[:200])
    known = re.split(r"\$\w+|\$\{\w+[^}]*\}", cut)
    return re.compile(".*?".join(re.escape(part) for part in known), re.DOTALL)


def bare(text):
    """A step without what BuildKit's names of steps lose: quotes, backslashes, commas of lists, repeated blanks."""
    return re.sub(r"\s+", " ", re.sub(r"[\\\"',]", "", text)).strip()


def read_progress(text):
    """The steps that ran, each with what it printed, and what went wrong: pairs of a target and a text. A step that several images
    share is told as one of them's."""
    vertices, ran, errors = {}, [], []
    for line in text.splitlines():
        try:
            event = json.loads(line)
        except ValueError:
            continue
        for vertex in event.get("vertexes") or []:
            known = vertices.setdefault(vertex["digest"], {"log": "", "done": False, "error": "", "digest": vertex["digest"]})
            known["name"] = vertex["name"]
            known["done"] = known["done"] or bool(vertex.get("completed"))
            known["error"] = vertex.get("error") or known["error"]
        for log in event.get("logs") or []:
            vertices.setdefault(log["vertex"], {"log": "", "done": False, "error": "", "name": "", "digest": log["vertex"]})["log"] += base64.b64decode(log["data"]).decode(errors="replace")
    for vertex in vertices.values():
        # An only target is not named, but a stage is.
        match = re.match(r"\[(?:(\S+)(?: \S+)?)? *\d+/\d+\] (.*)", vertex["name"], re.DOTALL)
        if match:
            ran.append(vertex | {"target": match[1], "step": bare(match[2])})
            if vertex["error"] and "context canceled" not in vertex["error"]:
                errors.append((match[1] or "", f"{vertex['name'][:200]}\n{vertex['log'][-2000:]}\n{vertex['error'][-300:]}"))
        elif vertex["error"] and "context canceled" not in vertex["error"]:
            errors.append(("", f"{vertex['name']}: {vertex['error']}"))
    return ran, errors


def print_table(rows):
    print(f"{'IMAGE':<58} {'REAL':>5} {'STAND-IN':>8} {'NOT':>4} {'TESTS':>6} {'POD':>4}  NOT POSSIBLE HERE")
    for row in rows:
        print(f"{row['image']:<58} {row['real']:>5} {row['stand-in']:>8} {row['not']:>4} {row['passed']:>6} {row.get('spawned', '-'):>4}  {', '.join(row['unreachable'])}")


if __name__ == "__main__":
    sys.exit(main())
