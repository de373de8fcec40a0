"""Saved choices of yesterday, before a real KubeSpawner with the configuration of today.

    saved.py CONFIGMAP.yaml

Every choice of every entry is submitted as it was saved when it had another number before its key; the server that starts
must be the one of today's key, and the page must show that as chosen. Beside each earlier release, one is submitted that is not on offer any longer: today's choice must
start. An entry that is not there starts the default. Exit status 0 accepted, 1 rejected.
"""

import asyncio
import json
import re
import sys
from os.path import commonprefix

import yaml
from config import builtin_config
from spawner import make_spawner


def renumbered(key):
    return re.sub(r"^[0-9]+-", "77-", key)


def went_by(choice, choices):
    """The key of a release that has gone beside this one, and of the choice that is to start in its place; None for today's."""
    if "was-" not in choice:
        return None

    def image(key):
        return choices[key].get("kubespawner_override", {}).get("image", "")

    # The image of today has the same name, and a tag that begins alike.
    today = max((key for key in choices if "was-" not in key), key=lambda key: len(commonprefix([image(key), image(choice)])))
    return choice[: choice.rindex("was-")] + "was-00gone00", today


async def started(config, saved):
    spawner = make_spawner(config, [])
    spawner.user_options = dict(saved)
    page = await spawner.get_options_form()
    chosen = re.search(r"const userOptions = (\{.*\});", page)
    chosen = json.loads(chosen[1]) if chosen else {}  # older forms begin with the defaults
    await spawner.load_user_options()
    return spawner.image, spawner.mem_limit, spawner.cpu_limit, chosen


async def check(values):
    config = builtin_config(values)
    exec(values["hub"]["extraConfig"]["saved-choices"], {})
    count = 0
    for entry in values["singleuser"]["profileList"]:
        for option, said in entry.get("profile_options", {}).items():
            for choice in said["choices"]:
                today = {"profile": entry["slug"], option: choice}
                before = {"profile": entry["slug"], renumbered(option): renumbered(choice)}
                count += 1
                if await started(config, today) != await started(config, before):
                    print(f"REJECTED {before} does not start what {today} starts")
                    return 1
                gone = went_by(choice, said["choices"])
                if gone:
                    before, today = {**before, renumbered(option): gone[0]}, {**today, option: gone[1]}
                    count += 1
                    if await started(config, today) != await started(config, before):
                        print(f"REJECTED {before}, a release that went by, does not start what {today} starts")
                        return 1
        dropped = {"profile": entry["slug"], "release-77": "was-00gone00"}
        if (await started(config, {"profile": entry["slug"]}))[:3] != (await started(config, dropped))[:3]:
            print(f"REJECTED {dropped}, whose option is not there any longer, does not start the entry")
            return 1
    if (await started(config, {}))[:3] != (await started(config, {"profile": "no-such-entry-77"}))[:3]:
        print("REJECTED an entry that is not there does not start the default")
        return 1
    print(f"{count} saved choices start what they did")
    return 0


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        values = yaml.safe_load(yaml.safe_load(file)["data"]["values.yaml"])
    return asyncio.run(check(values))


if __name__ == "__main__":
    sys.exit(main())
