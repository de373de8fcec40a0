"""Random histories of a menu, before a real KubeSpawner.

    histories.py JENVC [COUNT [FIRST]]

A history is ten releases of one program: entries, options and choices come, go (retired), are renamed, change places, and get other
defaults. After each release every choice that anybody could have saved since the first is submitted: it must start what it
started, under whichever name that has today, or the default where it is gone; never an error. Each history has its number as seed.
Exit status 0 accepted, 1 rejected.
"""

import asyncio
import pathlib
import random
import subprocess
import sys
import tempfile

import yaml
from config import builtin_config
from spawner import make_spawner

RELEASES = 10
SHAPES = ["k{}", "{}-cores", "py3-{}", "0{}-first", "n_{}", "mem-{}-g"]


class Thing:
    """An entry, an option or a choice: what it is stays, its name may change."""

    def __init__(self, history, inner=()):
        self.id = history.next()
        self.name = history.name()
        self.former, self.inner = [], list(inner)

    def rename(self, history):
        self.former.append(self.name)
        self.name = history.name()


class History:
    def __init__(self, seed):
        self.random, self.count = random.Random(seed), 0
        self.retired = []
        self.entries = [self.entry() for _ in range(self.random.randint(1, 3))]

    def next(self):
        self.count += 1
        return self.count

    def name(self):
        return self.random.choice(SHAPES).format(self.next())

    def option(self):
        return Thing(self, [Thing(self) for _ in range(self.random.randint(2, 4))])

    def entry(self):
        entry = Thing(self, [self.option() for _ in range(self.random.randint(0, 3))])
        entry.name = f"e{entry.id}"
        return entry

    def change(self):
        """One thing that people do to a menu between two releases."""
        entry = self.random.choice(self.entries)
        option = self.random.choice(entry.inner) if entry.inner else None
        choice = self.random.choice(option.inner) if option else None
        what = self.random.choice(["add", "retire", "rename", "reorder"])
        where = self.random.choice([self.entries, entry.inner, option.inner if option else entry.inner])
        if what == "reorder":
            self.random.shuffle(where)
        elif where is self.entries:
            if what == "add":
                where.insert(self.random.randint(0, len(where)), self.entry())
            elif what == "rename":
                entry.former.append(entry.name)
                entry.name = f"e{self.next()}"
            elif len(where) > 1:
                where.remove(entry)
                self.retired += [entry.name, *entry.former]
        elif where is entry.inner:
            if what == "add":
                where.insert(self.random.randint(0, len(where)), self.option())
            elif what == "rename" and option:
                option.rename(self)
            elif option:
                where.remove(option)
                self.retired += [f"{entry.name}/{name}" for name in (option.name, *option.former)]
        elif what == "add":
            where.insert(self.random.randint(0, len(where)), Thing(self))
        elif what == "rename":
            choice.rename(self)
        elif len(where) > 1:
            where.remove(choice)
            self.retired += [f"{entry.name}/{name}" for name in (choice.name, *choice.former)]

    def program(self):
        text = 'project demo { registry = "ghcr.io/example" }\n'
        quoted = lambda names: "[" + ", ".join(f'"{name}"' for name in names) + "]"
        for entry in self.entries:
            text += f'profile p{entry.id} {{\n  title = "Entry {entry.id}"\n  slug = "{entry.name}"\n  image = "ghcr.io/example/lab:{entry.id}"\n'
            text += f"  renamed_from = {quoted(entry.former)}\n"
            for option in entry.inner:
                text += f'  option "{option.name}" {{\n    renamed_from = {quoted(option.former)}\n'
                for choice in option.inner:
                    text += f'    "{choice.name}" {{ title = "Choice {choice.id}"  env = {{ PICK_{option.id} = "{choice.id}" }}'
                    text += f"  renamed_from = {quoted(choice.former)} }}\n"
                text += "  }\n"
            text += "}\n"
        text += f'hub campus {{ chart = 4.4  namespace = "jhub"  retired = {quoted(self.retired)} }}\n'
        return text + 'output configmap { path = "profiles.yaml"  hub = campus  name = "profiles" }\n'

    def saved(self, menu):
        """All that a form of this menu can save, one option each, with what it stands for."""
        for entry, written in zip(self.entries, menu):
            yield {"profile": written["slug"]}, (entry.id, None, None)
            for option, (key, said) in zip(entry.inner, written.get("profile_options", {}).items()):
                for choice, picked in zip(option.inner, said["choices"]):
                    yield {"profile": written["slug"], key: picked}, (entry.id, option.id, choice.id)

    def starts(self, meant):
        """The entry that a saved choice is to start, and the choice of each of its options."""
        entry = next((entry for entry in self.entries if entry.id == meant[0]), self.entries[0])
        picks = {}
        for option in entry.inner:
            known = [choice.id for choice in option.inner]
            wanted = meant[2] if meant[1] == option.id and meant[0] == entry.id else None
            picks[f"PICK_{option.id}"] = str(wanted if wanted in known else known[0])
        return f"ghcr.io/example/lab:{entry.id}", picks


async def start(config, saved):
    spawner = make_spawner(config, [])
    spawner.user_options = dict(saved)
    await spawner.get_options_form()
    spawner.user_options = dict(saved)
    await spawner.load_user_options()
    return spawner.image, {key: value for key, value in spawner.environment.items() if key.startswith("PICK_")}


def configured(values):
    """The class as the hub's configuration leaves it, and what takes the changes back."""
    from kubespawner import KubeSpawner

    names = ["load_user_options", "get_options_form", "progress"]
    own = {name: vars(KubeSpawner).get(name) for name in names}
    for piece in (values.get("hub", {}).get("extraConfig") or {}).values():
        exec(piece, {})

    def back():
        for name, method in own.items():
            if method is not None:
                setattr(KubeSpawner, name, method)
            elif name in vars(KubeSpawner):
                delattr(KubeSpawner, name)

    return back


def run(jenvc, seed):
    """What is wrong with a history; None where nothing is. The second value: how many saved choices were submitted."""
    history, known, submitted = History(seed), {}, 0
    with tempfile.TemporaryDirectory() as folder:
        main, out = pathlib.Path(folder, "main.jenv"), pathlib.Path(folder, "profiles.yaml")
        for release in range(RELEASES):
            if release:
                for _ in range(history.random.randint(1, 3)):
                    history.change()
            main.write_text(history.program())
            built = subprocess.run([jenvc, "build", folder], capture_output=True, text=True)
            if built.returncode:
                return f"history {seed}, release {release}: refused\n{built.stdout}{built.stderr}\n{main.read_text()}", submitted
            values = yaml.safe_load(yaml.safe_load(out.read_text())["data"]["values.yaml"])
            for saved, meant in history.saved(values["singleuser"]["profileList"]):
                known[tuple(sorted(saved.items()))] = meant
            back, config = configured(values), builtin_config(values)
            try:
                for saved, meant in known.items():
                    submitted += 1
                    try:
                        started = asyncio.run(start(config, dict(saved)))
                    except Exception as error:
                        return f"history {seed}, release {release}: {dict(saved)} is an error: {error!r}\n{main.read_text()}", submitted
                    if started != history.starts(meant):
                        return f"history {seed}, release {release}: {dict(saved)} starts {started}, not {history.starts(meant)}\n{main.read_text()}", submitted
            finally:
                back()
    return None, submitted


def main():
    jenvc, *numbers = sys.argv[1:]
    count, first = [*map(int, numbers), *[20, 1][len(numbers) :]]
    submitted = 0
    for seed in range(first, first + count):
        wrong, some = run(str(pathlib.Path(jenvc).resolve()), seed)
        submitted += some
        if wrong:
            print(f"REJECTED {wrong}")
            return 1
    print(f"{count} histories of {RELEASES} releases: {submitted} saved choices start what they did, or the default")
    return 0


if __name__ == "__main__":
    sys.exit(main())
