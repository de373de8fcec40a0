"""Writes `src/check/data/kubernetes.txt`, the types of Kubernetes' objects, from the schemas in PyPI's `kubernetes-validate`.

    python3 tests/consumers/hub/kubernetes.py            prints the table
    python3 tests/consumers/hub/kubernetes.py --check    compares it with the one that is committed; 1 where they differ
"""

import json
import pathlib
import sys

import kubernetes_validate

TABLE = pathlib.Path(__file__).resolve().parents[3] / "src/check/data/kubernetes.txt"
# What an entry of a menu can hold, each with what it stands on.
ROOTS = [
    "Container", "EnvVar", "Lifecycle", "LocalObjectReference", "NodeSelectorTerm", "PodAffinityTerm", "PodSecurityContext", "PodSpec",
    "PreferredSchedulingTerm", "SecurityContext", "Toleration", "Volume", "VolumeMount", "WeightedPodAffinityTerm",
]
CORE = "io.k8s.api.core.v1."
SCALARS = {"string": "text", "integer": "whole", "boolean": "bool", "number": "number"}
LEAVES = {"Quantity": "quantity", "IntOrString": "port", "Time": "text", "FieldsV1": "any"}


def newest(folder):
    number = lambda path: [int(part) for part in path.name.removeprefix("v").split("-")[0].split(".")]
    return max(folder.glob("v*-local-strict"), key=number)


def kind(value):
    """A type as the table has it: `text`, `[text]`, `{quantity}`, `Toleration`."""
    if "$ref" in value:
        name = value["$ref"].rsplit(".", 1)[-1]
        return LEAVES.get(name, name)
    types = value.get("type", "object")
    first = next((one for one in ([types] if isinstance(types, str) else types) if one != "null"), "object")
    if first == "array":
        return f"[{kind(value['items'])}]"
    if first == "object":
        return f"{{{kind(value['additionalProperties'])}}}" if "additionalProperties" in value else "any"
    return SCALARS[first]


def table():
    folder = newest(pathlib.Path(kubernetes_validate.__file__).parent / "kubernetes-json-schema")
    known = json.loads((folder / "_definitions.json").read_text())["$defs"]
    by_name, waiting, lines = {}, [CORE + name for name in ROOTS], {}
    for name in known:
        by_name.setdefault(name.rsplit(".", 1)[-1], name)
    while waiting:
        full = waiting.pop()
        name = full.rsplit(".", 1)[-1]
        if name in lines or name in LEAVES:
            continue
        needed = known[full].get("required", [])
        fields = []
        for field, value in sorted(known[full].get("properties", {}).items()):
            fields.append(f"{field}{'!' if field in needed else ''}:{kind(value)}")
            refs = [part for part in (value, value.get("items", {}), value.get("additionalProperties", {})) if isinstance(part, dict)]
            waiting += [part["$ref"].removeprefix("#/$defs/") for part in refs if "$ref" in part]
        lines[name] = " ".join([name, *fields])
    version = folder.name.removeprefix("v").split("-")[0]
    head = f"# The types of Kubernetes {version} that an entry of a menu can hold, from PyPI's kubernetes-validate {kubernetes_validate.__version__}.\n"
    head += "# `tests/consumers/hub/kubernetes.py` writes this table: a type, then its fields, `!` behind those that must be there.\n"
    return head + "\n".join(lines[name] for name in sorted(lines)) + "\n"


def main():
    if "--check" not in sys.argv:
        print(table(), end="")
        return 0
    if table() == TABLE.read_text():
        print(table().split("\n", 1)[0].removeprefix("# "))
        return 0
    print(f"REJECTED {TABLE.name} is not what this version of kubernetes-validate says")
    return 1


if __name__ == "__main__":
    sys.exit(main())
