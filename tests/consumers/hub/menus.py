"""Hand-written menus and what `jenvc import` makes of them, before a real KubeSpawner.

    menus.py JENVC FILE-OR-FOLDER…

Each list is imported and compiled. Whatever can be picked of the original, under the names that people have saved, is submitted to
both: the pods must be the same. So must be the entries, drop-downs and choices, in their order, by their titles. What the original
can't start must have a remark. `--verify` must say the same. Pods are compared as the API server stores them: cores in thousandths, rounded up; requests that are
not given are the limits; environment, volumes, mounts and tolerations in any order.
Exit status 0 accepted, 1 rejected.
"""

import asyncio
import html
import itertools
import json
import math
import pathlib
import subprocess
import sys
import tempfile

import yaml
from config import builtin_config, dig
from form import regex_sample
from histories import configured
from spawner import _sanitize, describe, make_spawner, quantity
from values import json_round_trip, merge

# What the chart sets that entries have to do with, as in its values.yaml of 4.4.0.
DEDICATED = [{"key": f"hub.jupyter.org{mark}dedicated", "operator": "Equal", "value": "user", "effect": "NoSchedule"} for mark in "/_"]
CHART = {
    "scheduling": {"userPods": {"tolerations": DEDICATED}},
    "singleuser": {
        "image": {"name": "quay.io/jupyterhub/k8s-singleuser-sample", "tag": "4.4.0"},
        "memory": {"guarantee": "1G"},
        "cmd": "jupyterhub-singleuser",
        "uid": 1000,
        "fsGid": 100,
        "storage": {"type": "dynamic", "homeMountPath": "/home/jovyan", "dynamic": {"volumeNameTemplate": "volume-{user_server}"}},
        "networkTools": {"image": {"name": "quay.io/jupyterhub/k8s-network-tools", "tag": "4.4.0"}},
        "cloudMetadata": {"blockWithIptables": True},
        "extraNodeAffinity": {
            "preferred": [
                {
                    "weight": 100,
                    "preference": {
                        "matchExpressions": [{"key": "hub.jupyter.org/node-purpose", "operator": "In", "values": ["user"]}]
                    },
                }
            ]
        },
    },
}


def values_of(path):
    """The values of the chart in a file, and the path of keys to its menu."""
    document = next(doc for doc in yaml.safe_load_all(path.read_text()) if doc)
    if isinstance(document, list):
        return {"singleuser": {"profileList": json_round_trip({"list": document})["list"]}}, None
    version = dig(document, "spec.chart.spec.version")
    if document.get("kind") == "ConfigMap":
        document = yaml.safe_load(document["data"]["values.yaml"])
    elif document.get("kind") == "HelmRelease":
        document = document["spec"]["values"]
    while "singleuser" not in document and "hub" not in document:
        document = next(value for value in document.values() if isinstance(value, dict))
    return json_round_trip(document), version


def without_menu(values):
    values = json.loads(json.dumps(values))
    (values.get("singleuser") or {}).pop("profileList", None)
    ((dig(values, "hub.config") or {}).get("KubeSpawner") or {}).pop("profile_list", None)
    return values


def hub(values, chart):
    """The configuration of a hub with these values."""
    config = builtin_config(merge(CHART, values))
    if chart and tuple(map(int, str(chart).split(".")[:2])) < (4, 3):
        # Older charts have lists there.
        for trait in ("volumes", "volume_mounts"):
            setattr(config.KubeSpawner, trait, list(getattr(config.KubeSpawner, trait).values()))
    return config


def menu(config):
    listed = config.KubeSpawner.profile_list
    listed = [listed[key] for key in sorted(listed)] if isinstance(listed, dict) else listed
    spawner = make_spawner(config, [])
    return spawner._get_initialized_profile_list(json.loads(json.dumps(listed)))


def picks(profile):
    """All that can be saved of an entry."""
    axes = []
    for key, option in (profile.get("profile_options") or {}).items():
        axis = [{key: choice} for choice in option.get("choices") or {}]
        unlisted = option.get("unlisted_choice") or {}
        if unlisted.get("enabled"):
            pattern = unlisted.get("validation_regex")
            axis.append({f"{key}--unlisted-choice": regex_sample(pattern) if pattern else "quay.io/other/image:1"})
        axes.append(axis or [{}])
    for combination in itertools.product(*axes):
        yield {"profile": profile["slug"]} | {key: value for one in combination for key, value in one.items()}
    if axes:
        yield {"profile": profile["slug"]}


def cores(value):
    number = quantity(value)
    return math.ceil(round(number * 1000, 6))


def stored(pod):
    """A pod as the API server stores it."""
    pod = json.loads(json.dumps(pod))
    spec = pod["spec"]
    for container in [*spec["containers"], *(spec.get("initContainers") or [])]:
        resources = container.get("resources") or {}
        limits, requests = resources.get("limits") or {}, resources.get("requests") or {}
        same = lambda name, value: cores(value) if name == "cpu" else quantity(value)
        limits = {name: same(name, value) for name, value in limits.items() if value is not None}
        requests = {name: same(name, value) for name, value in requests.items() if value is not None}
        container["resources"] = {"limits": limits, "requests": limits | requests}
        container["env"] = sorted(container.get("env") or [], key=lambda one: one["name"])
        container["volumeMounts"] = sorted(container.get("volumeMounts") or [], key=lambda one: (one["mountPath"], str(one)))
    spec["volumes"] = sorted(spec.get("volumes") or [], key=str)
    spec["tolerations"] = sorted(spec.get("tolerations") or [], key=str)
    return pod


async def start(config, saved):
    spawner = make_spawner(config, [])
    spawner.user_options = dict(saved)
    await spawner.load_user_options()
    pod = _sanitize(await spawner.get_pod_manifest())
    # The entry that was picked is no part of what runs.
    (pod["metadata"].get("annotations") or {}).pop("hub.jupyter.org/profile", None)
    return stored(pod)


def words(text):
    """What the page shows of a title."""
    return " ".join(html.unescape(str(text or "")).split())


def shape(profiles):
    option = lambda key, one: (words(one.get("display_name")), [words(choice.get("display_name")) for choice in (one.get("choices") or {}).values()])
    return [(words(one.get("display_name")), [option(*item) for item in (one.get("profile_options") or {}).items()]) for one in profiles]


def helm_sorted(profiles):
    """Drop-downs and choices in the order in which Helm writes them."""
    import re

    natural = lambda key: [(1, part) if part.isalpha() else (0, int(part), part) if part.isdigit() else (0, -1, part) for part in re.findall(r"[a-zA-Z]|[0-9]+|[^a-zA-Z0-9]", key)]
    order = lambda given: dict(sorted(given.items(), key=lambda item: natural(item[0])))
    for profile in profiles:
        options = profile.get("profile_options") or {}
        for option in options.values():
            option["choices"] = order(option.get("choices") or {})
        if options:
            profile["profile_options"] = order(options)
    return profiles


def by_helm(config):
    listed = config.KubeSpawner.profile_list
    helm_sorted(listed.values() if isinstance(listed, dict) else listed)
    return config


def differs(a, b, path=""):
    if isinstance(a, dict) and isinstance(b, dict):
        for key in sorted(set(a) | set(b)):
            if a.get(key) != b.get(key):
                return differs(a.get(key), b.get(key), f"{path}.{key}")
    if isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        for at, (one, other) in enumerate(zip(a, b)):
            if one != other:
                return differs(one, other, f"{path}[{at}]")
    return f"{path}: {a!r} is {b!r}"


def compare(path, jenvc):
    """What is wrong with one list; None where nothing is. The second value: how many pods were compared."""
    with tempfile.TemporaryDirectory() as folder:
        imported = subprocess.run([jenvc, "import", str(path), "--to", folder, "--format", "json"], capture_output=True, text=True)
        if imported.returncode:
            return f"not imported\n{imported.stdout}{imported.stderr}", 0
        remarks = json.loads(imported.stdout)["remarks"]
        built = subprocess.run([jenvc, "build", folder], capture_output=True, text=True)
        if built.returncode:
            return f"not compiled\n{built.stderr}\n{pathlib.Path(folder, 'hub.jenv').read_text()}", 0
        artifact = yaml.safe_load(next(pathlib.Path(folder, "deploy").iterdir()).read_text())
        proof = subprocess.run([jenvc, "import", str(path), "--verify", folder], capture_output=True, text=True)
        if proof.returncode or not proof.stdout.startswith("equal"):
            return f"not equal by `--verify`\n{proof.stdout}{proof.stderr}", 0
    compiled_values = yaml.safe_load(artifact["data"]["values.yaml"])
    original, chart = values_of(path)
    before, after = by_helm(hub(original, chart)), hub(merge(without_menu(original), compiled_values), chart)
    old, new, count = menu(before), menu(after), 0
    if not any(one["kind"] in ("looks like a mistake", "changed in meaning") for one in remarks) and shape(old) != shape(new):
        return f"the page: {shape(old)} is {shape(new)}", 0
    wanted = []
    for saved in itertools.chain([{}], *map(picks, old)):
        try:
            wanted.append((saved, asyncio.run(start(before, saved))))
        except Exception as error:
            if not any(one["kind"] == "looks like a mistake" for one in remarks):
                return f"{saved}: the original fails, and no remark says so: {describe(error)}", count
    # What the compiled values bring for choices that were saved changes KubeSpawner's class: the originals have started.
    back = configured(compiled_values)
    try:
        for saved, pod in wanted:
            try:
                got = asyncio.run(start(after, saved))
            except Exception as error:
                return f"{saved}: the compiled menu fails: {describe(error)}", count
            if pod != got:
                return f"{saved}: {differs(pod, got)}", count
            count += 1
    finally:
        back()
    return None, count


def verdict(compare, jenvc, given, ending):
    """Compares all files, prints what is wrong with each, and returns the exit status."""
    files = [file for one in map(pathlib.Path, given) for file in (sorted(one.glob(f"*{ending}")) if one.is_dir() else [one])]
    wrong, pods = 0, 0
    for file in files:
        try:
            problem, count = compare(file, str(pathlib.Path(jenvc).resolve()))
        except Exception as error:
            problem, count = describe(error), 0
        pods += count
        if problem:
            wrong += 1
            print(f"REJECTED {file}: {problem}")
    print(f"{len(files) - wrong} of {len(files)} menus are equal: {pods} pods")
    return 1 if wrong or not files else 0


if __name__ == "__main__":
    sys.exit(verdict(compare, sys.argv[1], sys.argv[2:], ".yaml"))
