"""Holds the tables of KubeSpawner, JupyterHub, fancy-profiles and the chart against what is installed.

    tables.py                       prints the versions of PyPI's packages and compares; exit status 1 where a table is behind
    tables.py --write               brings `src/ir/hub/traits.rs` up to the KubeSpawner that is installed; new rows are to be read
    tables.py --chart VALUES.yaml [SCHEMA.yaml]
                                    compares what the chart sets, from the `values.yaml` of a chart, with `src/ir/hub/pod.rs`, and with
                                    its schema what is written as its values; with --write, brings that file up to the chart

The traits of older versions stay in the table: a hub may run one.
"""

import ast
import importlib.metadata
import inspect
import pathlib
import re
import sys
import textwrap

ROOT = pathlib.Path(__file__).resolve().parents[3]
TRAITS, POD = ROOT / "src/ir/hub/traits.rs", ROOT / "src/ir/hub/pod.rs"
ROW = re.compile(r'^    row\("(\w+)", (\w+), (true|false), (\w+), (\w+), (\w+)\),$', re.M)
# The outermost type of a trait, and the kinds of the table that are one.
KINDS = {
    "Unicode": {"Text"}, "Enum": {"Text"}, "Int": {"Int"}, "Integer": {"Int"}, "Float": {"Number"}, "Bool": {"Bool"},
    "ByteSpecification": {"Bytes"}, "Command": {"Command"}, "Callable": {"Hook"}, "Any": {"Hook"},
    "List": {"Texts", "Ints"}, "Dict": {"Map", "TextMap", "QuantityMap", "Environment"},
}
# What fancy-profiles is written for here.
FANCY = ["dynamic_image_building", "unlisted_choice", "validation_regex", "description", "profile_options"]


def kinds(trait):
    """The kinds that a trait may have in the table. A union takes what its first type that is no function takes."""
    name = type(trait).__name__
    if name != "Union":
        return KINDS.get(name, set())
    inner = [type(one).__name__ for one in trait.trait_types]
    if "List" in inner and "Dict" in inner:
        return {"Objects", "Text"}
    found = [KINDS.get(one, set()) for one in inner if one != "Callable"]
    return set().union(*found) | ({"PullSecrets", "Objects"} if "List" in inner else set())


def installed():
    from kubespawner import KubeSpawner

    return KubeSpawner.class_traits(config=True)


def placeholders():
    """What `KubeSpawner` fills in: the keywords of its namespace, and the attributes that it adds."""
    from kubespawner import KubeSpawner

    tree = ast.parse(textwrap.dedent(inspect.getsource(KubeSpawner._expand_user_properties)))
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "dict":
            names |= {keyword.arg for keyword in node.keywords}
        if isinstance(node, ast.For) and isinstance(node.iter, ast.Tuple):
            names |= {one.value for one in node.iter.elts}
    return names


def behind(text):
    rows = {name: (kind, nullable == "true") for name, kind, nullable, *_ in ROW.findall(text)}
    known, wrong = installed(), []
    wrong += [f"`{name}` is new" for name in sorted(known.keys() - rows.keys())]
    for name in sorted(known.keys() & rows.keys()):
        kind, nullable = rows[name]
        trait = known[name]
        if kind not in kinds(trait):
            wrong.append(f"`{name}` is {type(trait).__name__}, and the table says {kind}")
        if bool(trait.allow_none) != nullable and kind != "Hook":
            wrong.append(f"`{name}` may {'' if trait.allow_none else 'not '}be none")
    said = set(re.findall(r'"(\w+)"', text[text.index("KUBESPAWNER_NAMES:") : text.index("JUPYTERHUB_NAMES:")].split("=", 1)[1]))
    wrong += [f"the placeholder `{name}` is not in both" for name in sorted(said ^ placeholders())]
    version = importlib.metadata.version("jupyterhub-kubespawner")
    newest = re.search(r'KUBESPAWNER_VERSION: &str = "([\d.]+)"', text)[1]
    if [*map(int, version.split("."))] > [*map(int, newest.split("."))]:
        wrong.append(f"the table is of KubeSpawner {newest}")
    return wrong


def write(text):
    known = installed()
    rows = {name: (kind, nullable, expansion, effect, since) for name, kind, nullable, expansion, effect, since in ROW.findall(text)}
    for name, trait in known.items():
        guess = next(iter(sorted(kinds(trait))), "Map")
        rows.setdefault(name, (guess, str(bool(trait.allow_none)).lower(), "No", "Spawn", "V7_1"))
    lines = "\n".join(f'    row("{name}", {", ".join(rows[name])}),' for name in sorted(rows))
    text = re.sub(r"pub const TRAITS: \[Trait; \d+\] = \[\n.*?\n\];", f"pub const TRAITS: [Trait; {len(rows)}] = [\n{lines}\n];", text, flags=re.S)
    version = importlib.metadata.version("jupyterhub-kubespawner")
    return re.sub(r'(KUBESPAWNER_VERSION: &str = )"[\d.]+"', rf'\1"{version}"', text)


def page():
    """What the page of fancy-profiles reads."""
    import jupyterhub_fancy_profiles

    folder = pathlib.Path(jupyterhub_fancy_profiles.__file__).parent / "static"
    script = "".join(path.read_text(errors="replace") for path in sorted(folder.rglob("*.js")))
    return [f"fancy-profiles reads no `{name}`" for name in FANCY if name not in script]


# What stands around the values of `singleuser` in `src/ir/hub/pod.rs`.
SETS = {
    "cmd": r'(\("cmd", text\(")@("\)\))', "uid": r'(\("uid", here\(OverrideValue::Int\()@(\)\)\))',
    "fsGid": r'(\("fs_gid", here\(OverrideValue::Int\()@(\)\)\))', "memory.guarantee": r'(\("mem_guarantee", text\(")@("\)\))',
    "storage.homeMountPath": r"""(HOME: &'static str = ")@(")""",
    "storage.dynamic.volumeNameTemplate": r"""(HOME_VOLUME: &'static str = ")@(")""",
}
# One value for each key that is written.
WRITTEN = {
    "singleuser": {
        "image": {"name": "x", "tag": "1"}, "storage": {"homeMountPath": "/x"}, "cloudMetadata": {"blockWithIptables": False},
        "profileList": [{"display_name": "x"}],
    },
    "imagePullSecrets": ["x"], "hub": {"extraConfig": {"saved-choices": "pass"}}, "custom": {"jenvc": {"retired": ["x"]}},
    "prePuller": {
        "hook": {"enabled": False}, "continuous": {"enabled": False}, "pullProfileListImages": False,
        "extraImages": {"x": {"name": "x", "tag": "1"}},
    },
}


def chart(values, schema=None, write=False):
    """What the chart sets otherwise than the table, and what its schema does not take."""
    import yaml
    from config import dig

    read = lambda path: yaml.safe_load(pathlib.Path(path).read_text())
    chart, text, wrong = read(values), POD.read_text(), []
    for key, around in SETS.items():
        value = str(dig(chart["singleuser"], key))
        now = re.sub(around.replace("@", "([^\"()]*)", 1), lambda found: found[1] + value + found[3], text)
        if not re.search(around.replace("@", f"({re.escape(value)})", 1), text):
            wrong.append(f"singleuser.{key} is {value} in {values}")
        text = now if write else text
    if write and wrong:
        POD.write_text(text)
    if schema:
        import jsonschema
        from values import merge

        refused = jsonschema.Draft7Validator(read(schema)).iter_errors(merge(chart, WRITTEN))
        wrong += [f"{schema} refuses {'.'.join(map(str, error.absolute_path))}: {error.message}" for error in refused]
    return wrong


def main():
    if "--chart" in sys.argv:
        files = [word for word in sys.argv[sys.argv.index("--chart") + 1 :] if not word.startswith("--")]
        wrong = chart(*files[:2], write="--write" in sys.argv)
        done = "what the chart sets is what the table says" if not wrong else "the table and the chart differ"
    else:
        text = TRAITS.read_text()
        if "--write" in sys.argv:
            text = write(text)
            TRAITS.write_text(text)
        wrong = behind(text) + page()
        names = ["jupyterhub-kubespawner", "jupyterhub", "jupyterhub-fancy-profiles"]
        done = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in names)
    for line in wrong:
        print(f"REJECTED {line}")
    print(done)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
