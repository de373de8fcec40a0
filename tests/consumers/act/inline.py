"""inline.py WORKFLOW: the same with its reusable part written out in each job that calls it.

The emulator ends a run with the first called workflow that fails; of jobs of their own the others go on, as on GitHub.
"""

import re
import sys
import yaml

path = sys.argv[1]
load = lambda path: yaml.load(open(path), yaml.BaseLoader)  # texts alone, so that `on` and `true` stay as they are
workflow, cell = load(path), load(path.replace(".yml", "-cell.yml"))["jobs"]["build"]


def filled(value, inputs):
    if isinstance(value, dict):
        return {key: filled(inner, inputs) for key, inner in value.items()}
    if isinstance(value, list):
        return [filled(inner, inputs) for inner in value]
    bare = re.fullmatch(r"\$\{\{ inputs\.([a-z-]+) \}\}", value)
    if bare:
        return inputs.get(bare[1], "")
    plain = lambda name: re.sub(r"^\$\{\{ (.*) \}\}$", r"\1", inputs.get(name, "''"))
    return re.sub(r"inputs\.([a-z-]+)", lambda match: plain(match[1]), value)


for job in workflow["jobs"].values():
    if "uses" in job:
        inputs = job.pop("with")
        job.pop("uses"), job.pop("secrets", None)
        job.update({key: filled(value, inputs) for key, value in cell.items() if key not in ("name", "permissions")})
print(yaml.safe_dump(workflow, sort_keys=False, width=1000))
