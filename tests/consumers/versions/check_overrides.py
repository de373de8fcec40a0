"""Overrides, platforms and variants in stacks of layers, against a model that keeps what each cell asks for on each platform."""

from packaging.specifiers import SpecifierSet

from common import Questions, full

questions = Questions("overrides", "a model over packaging")
random = questions.random
HEAD = [
    'project demo { registry = "r.io/d"  platforms = ["linux/amd64", "linux/arm64"] }',
    f'image root {{ ref = "r.io/b"  digest = "sha256:{"2" * 64}" }}',
]
VERSIONS = ["0.5", "1.0", "1.0.1", "1.5", "1.7", "2.0", "2.0.1", "2.1", "2.1.1", "2.5", "3.0", "3.5"]
BOUNDS = ["==1.0", "==2.0", "==2.1", "<2", ">=2", ">=1.5, <2.1", "!=2.0", "<3", ">=3", "==2.*"]
PLATFORMS = ["linux/amd64", "linux/arm64"]
VARIANTS = ["one", "two"]


def entry():
    """What a layer says: a constraint, and for which platforms and variants; whether it overrides or pins."""
    return {
        "bound": random.choice(BOUNDS),
        "override": random.random() < 0.3,
        "pin": random.random() < 0.1,
        "platform": random.choice([None, None, *PLATFORMS]),
        "variant": random.choice([None, None, *VARIANTS]),
    }


def text(layer):
    pin, override = (" pin" if layer["pin"] else ""), (' override because "it is meant"' if layer["override"] else ' because "of it"')
    marker = f' ; platform == "{layer["platform"]}"' if layer["platform"] else ""
    entry = f"pip {{ alpha {layer['bound']}{pin}{override}{marker} }}"
    return f"when variant == {layer['variant']} {{ {entry} }}" if layer["variant"] else entry


def clashes(layers):
    """The index of the first layer that leaves no version in some cell on some platform."""
    first = len(layers)
    for variant in VARIANTS:
        for platform in PLATFORMS:
            state = []
            for at, layer in enumerate(layers):
                if layer["platform"] not in (None, platform) or layer["variant"] not in (None, variant):
                    continue
                if layer["override"]:
                    state = [below for below in state if below["pin"]]
                state.append(layer)
                if not any(all(SpecifierSet(one["bound"]).contains(version) for one in state) for version in VERSIONS):
                    first = min(first, at)
                    break
    return first


for _ in range(full(600, 20000)):
    layers = [entry() for _ in range(random.randint(2, 4))]
    lines = HEAD + ["layer base { from root  variant one { }  variant two { } }"]
    start = len(lines)
    for at, layer in enumerate(layers):
        lines.append(f"layer l{at} {{ from {'base' if at == 0 else f'l{at - 1}'}  {text(layer)} }}")
    first = clashes(layers)
    questions.asked.append(("check\t-\t" + "\\n".join(lines), str(start + first + 1 if first < len(layers) else 0)))
questions.finish()
