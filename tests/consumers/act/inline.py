"""inline.py WORKFLOW: the same with its reusable part written out in each job that calls it.

The emulator ends a run with the first called workflow that fails; of jobs of their own the others go on, as on GitHub.
"""

import json
import re
import sys
import yaml

path = sys.argv[1]
workflow, cell = (yaml.safe_load(open(file)) for file in (path, path.replace(".yml", "-cell.yml")))
workflow["on"] = workflow.pop(True)  # what YAML 1.1 makes of `on`
cell = cell["jobs"]["build"]


def filled(value, inputs):
    if isinstance(value, dict):
        return {key: filled(inner, inputs) for key, inner in value.items()}
    if isinstance(value, list):
        return [filled(inner, inputs) for inner in value]
    if not isinstance(value, str):
        return value
    bare = re.fullmatch(r"\$\{\{ inputs\.([a-z-]+) \}\}", value)
    if bare:
        return inputs.get(bare[1], "")

    def expression(match):
        given = inputs.get(match[1], "''")
        return re.sub(r"^\$\{\{ (.*) \}\}$", r"\1", given) if isinstance(given, str) else json.dumps(given)

    return re.sub(r"inputs\.([a-z-]+)", expression, value)


for job in workflow["jobs"].values():
    if "uses" in job:
        inputs = job.pop("with")
        job.pop("uses"), job.pop("secrets", None)
        job.update({key: filled(value, inputs) for key, value in cell.items() if key not in ("name", "permissions")})
print(yaml.safe_dump(workflow, sort_keys=False, width=1000))
