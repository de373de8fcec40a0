"""Menus as jenv beside the same menus written by hand, before a real KubeSpawner.

    written.py JENVC FILE-OR-FOLDER…

A file holds a program, a line `---`, and the list that somebody would have written: the entries, or values of the chart. `$(NAME)` in
the list is the reference of an image that the program builds; behind a host and a path it is the part after the project's registry.
A program without a hub gets one called `campus`, whose menu is compared. The page must show the same entries, drop-downs and choices
in the same order, and whatever can be picked must start the same pod, whichever keys the two lists have.
Exit status 0 accepted, 1 rejected.
"""

import asyncio
import json
import pathlib
import re
import subprocess
import sys
import tempfile

import yaml
from histories import configured
from menus import by_helm, differs, hub, menu, merge, picks, shape, start, verdict, without_menu
from values import json_round_trip

REGISTRY = "ghcr.io/demo"


def compiled(jenvc, program):
    """The values that a program compiles to, its chart, and the reference of an image by its name."""
    text = f'project demo {{ registry = "{REGISTRY}" }}\n{program}'
    if not re.search(r"^hub ", program, re.M):
        text += "hub campus { chart = 4.4 }\n"
    text += 'output configmap { path = "menu.yaml"  hub = campus }\n'
    with tempfile.TemporaryDirectory() as folder:
        main = pathlib.Path(folder, "main.jenv")
        main.write_text(text)
        built = subprocess.run([jenvc, "build", folder], capture_output=True, text=True)
        if built.returncode:
            raise ValueError(f"not compiled\n{built.stderr}")
        artifact = yaml.safe_load(pathlib.Path(folder, "menu.yaml").read_text())

        def reference(name):
            shown = subprocess.run([jenvc, "show", name, str(main), "--format", "json"], capture_output=True, text=True, check=True)
            return json.loads(shown.stdout)["reference"]

        names = re.findall(r"^(?:environment|layer) ([\w-]+)", program, re.M)
        references = {name: reference(name) for name in names}
    return yaml.safe_load(artifact["data"]["values.yaml"]), re.search(r"chart = ([\d.]+)", text)[1], references


def by_hand(text, references):
    """The values of a list that was written by hand."""
    path = lambda found: references[found[1]].removeprefix(REGISTRY)
    text = re.sub(r"(?<=[\w/])\$\(([\w-]+)\)", path, text)
    text = re.sub(r"\$\(([\w-]+)\)", lambda found: references[found[1]], text)
    values = yaml.safe_load(text)
    return json_round_trip({"singleuser": {"profileList": values}} if isinstance(values, list) else values)


def translated(saved, old, new):
    """What is picked in the one list, by the keys of the other: entries, options and choices of the same place are the same."""
    if not saved:
        return {}
    at = next(at for at, profile in enumerate(old) if profile["slug"] == saved["profile"])
    picked = {"profile": new[at]["slug"]}
    options = zip((old[at].get("profile_options") or {}).items(), (new[at].get("profile_options") or {}).items())
    for (key, option), (today, other) in options:
        if key in saved:
            place = list(option["choices"]).index(saved[key])
            picked[today] = list(other["choices"])[place]
        if f"{key}--unlisted-choice" in saved:
            picked[f"{today}--unlisted-choice"] = saved[f"{key}--unlisted-choice"]
    return picked


def compare(path, jenvc):
    """What is wrong with one file; None where nothing is. The second value: how many pods were compared."""
    program, hand = path.read_text().split("\n---\n")
    values, chart, references = compiled(jenvc, program + "\n")
    original = by_hand(hand, references)
    before, after = by_helm(hub(original, chart)), by_helm(hub(merge(without_menu(original), values), chart))
    old, new, count = menu(before), menu(after), 0
    if shape(old) != shape(new):
        return f"the page: {shape(old)} is {shape(new)}", 0
    groups = lambda profiles: re.findall(r'"allowed_groups": (\[.*?\])', json.dumps(profiles))
    if groups(old) != groups(new):
        return f"groups: {groups(old)} are {groups(new)}", 0
    wanted = [(saved, asyncio.run(start(before, saved))) for saved in [{}, *(one for profile in old for one in picks(profile))]]
    back = configured(values)
    try:
        for saved, pod in wanted:
            got = asyncio.run(start(after, translated(saved, old, new)))
            if pod != got:
                return f"{saved}: {differs(pod, got)}", count
            count += 1
    finally:
        back()
    return None, count


if __name__ == "__main__":
    sys.exit(verdict(compare, sys.argv[1], sys.argv[2:], ".txt"))
