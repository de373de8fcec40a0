"""bake.py FOLDER PLAN: what buildx made of the bake file of FOLDER, against the files beside it.

Every Dockerfile is there; every link has the name of the image that its target makes; the workflow builds exactly the targets
that it can, each after the job of its parent.
"""

import json
import os
import re
import sys

import yaml


def familiar(reference):
    """As BuildKit looks up contexts: without what Docker Hub's names leave out."""
    return re.sub(r"^(index\.)?docker\.io/(library/)?", "", reference)


def images(folder, plan):
    for name, target in plan.items():
        file = os.path.join(folder, target.get("dockerfile", "Dockerfile"))
        if not os.path.isfile(file):
            yield f"{name}: no {file}"
        for reference, context in target.get("contexts", {}).items():
            parent = context.removeprefix("target:")
            made = {familiar(tag) for tag in plan[parent]["tags"]} if context != parent else set()
            if context != parent and reference not in made:
                yield f"{name}: {reference} is not what {parent} makes: {plan[parent]['tags']}"
            if context != parent and reference not in target.get("args", {}).values() and reference not in open(file).read():
                yield f"{name}: nothing in {file} takes {reference}"
        for tag in target["tags"]:
            if not tag.partition(":")[2]:
                yield f"{name}: {tag} is no content tag"


def workflow(path, plan):
    jobs = yaml.safe_load(open(path))["jobs"]
    job_of, arches = {}, {}
    for key, job in jobs.items():
        if (job.get("with") or {}).get("publish") is True:
            matrix = job["strategy"]["matrix"]
            rows = matrix.get("include") or [{"target": t, "arch": a} for t in matrix["target"] for a in matrix["arch"]]
            for row in rows:
                job_of[row["target"]] = key
                arches.setdefault(row["target"], set()).add(row["arch"])

    def before(key, seen):
        needs = jobs[key].get("needs") or []
        for need in [needs] if isinstance(needs, str) else needs:
            if need not in seen:
                seen.add(need)
                before(need, seen)
        return seen

    for target, key in job_of.items():
        if target not in plan:
            yield f"{key}: {target} is no target of the bake file"
            continue
        for context in plan[target].get("contexts", {}).values():
            parent = context.removeprefix("target:")
            if parent in job_of and job_of[parent] != key and job_of[parent] not in before(key, set()):
                yield f"{key}: {target} stands on {parent}, and {job_of[parent]} is not among its needs"
    merged = set()
    for job in jobs.values():
        if "steps" in job and "strategy" in job:
            merged |= set(job["strategy"]["matrix"]["target"])
    if merged != set(job_of):
        yield f"built, but not merged, or the other way: {sorted(merged ^ set(job_of))}"


def main(folder, plan):
    plan = json.load(open(plan))["target"]
    problems = list(images(folder, plan))
    path = os.path.join(folder, ".github/workflows/images.yml")
    if os.path.isfile(path):
        problems += workflow(path, plan)
    print("\n".join(problems) or f"{folder}: {len(plan)} targets")
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
