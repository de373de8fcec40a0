"""PEP 440 against PyPA's `packaging`."""

from common import Questions, bits, ranks_of, skip

try:
    import packaging
    from packaging.specifiers import InvalidSpecifier, Specifier, SpecifierSet
    from packaging.version import InvalidVersion, Version
except ImportError:
    skip("pep440", "packaging can't be installed")

questions = Questions("pep440", f"packaging {packaging.__version__}")
random = questions.random

RELEASES = ["0", "0.0", "0.0.1", "0.1", "0.9", "1", "1.0", "1.0.0", "1.0.0.1", "1.0.1", "1.0.2", "1.1", "1.1.0", "1.1.1", "1.2", "1.9", "1.10", "2", "2.0", "3"]
SUFFIXES = [
    "", ".dev0", ".dev1", ".dev2", "a0.dev0", "a0", "a1.dev0", "a1.dev1", "a1.dev2", "a1", "a1.post0.dev0", "a1.post0", "a1.post1", "a2.dev0", "a2",
    "b1", "rc1.dev0", "rc1", "rc1.post0", "rc2.dev0", "rc2", ".post0.dev0", ".post0.dev1", ".post0", ".post1.dev0", ".post1.dev1", ".post1", ".post2.dev0", ".post2",
    "+a", "+a.1", "+1", "+a.2", "+2", ".post1+a", ".dev1+a", "a1+a", "rc1+1",
]  # fmt: skip
SPELLINGS = ["1.0alpha1", "1.0-1", "v1.0", "1.0.RC1", "1.0_post1", "1.0.post", "1.0dev", "1.0+A-1", "1.0c1", "1.0.preview2", "1.0-rev1", "01.0"]
universe = [epoch + release + suffix for epoch in ("", "1!") for release in (RELEASES if not epoch else RELEASES[:8]) for suffix in SUFFIXES] + SPELLINGS
parsed = {version: Version(version) for version in universe}

questions.order(universe, ranks_of(universe, lambda left, right: (parsed[left] > parsed[right]) - (parsed[left] < parsed[right])), 30000)

for _ in range(5000):
    text = "".join(random.choice(["0", "1", "2", ".", ".", "a", "b", "rc", "post", "dev", "-", "_", "+", "!", "alpha", "v", "x"]) for _ in range(random.randint(1, 7)))
    try:
        Version(text)
        valid = 1
    except InvalidVersion:
        valid = 0
    questions.ask("ok", text, expect=valid)


chosen = []
bounds = [version for version in universe if "!" not in version or random.random() < 0.3]
while len(chosen) < 900:
    op = random.choice(["==", "!=", ">=", "<=", ">", "<", "~=", "==*", "!=*", "==="])
    version = random.choice(bounds if random.random() < 0.6 else RELEASES)
    text = op.rstrip("*") + version + (".*" if "*" in op else "")
    try:
        chosen.append((text, Specifier(text), version))
    except InvalidSpecifier:
        # What the reference refuses is refused here too.
        questions.ask("in", text, "1.0", expect="!")


def near(version):
    """Versions next to a version, and between it and whatever else may be written."""
    public = version.public
    yield public
    yield from (f"{public}+{local}" for local in ("0a", "a", "a.0", "a.1", "a.1.0", "b", "1", "1.0", "2"))
    base = version.base_version
    yield from (f"{base}.dev0", base, f"{base}.post0.dev0", f"{base}.post99", f"{base}.0.0.0.1.dev0", f"{base}.0.0.0.1", f"{base}.1", f"{base}.99")
    if version.dev is not None:
        yield f"{public.rsplit('.dev', 1)[0]}.dev{version.dev + 1}"
        return
    yield f"{public}.dev0"
    if version.post is not None:
        yield f"{public.rsplit('.post', 1)[0]}.post{version.post + 1}.dev0"
        return
    yield f"{public}.post0.dev0"
    if version.pre is not None:
        yield f"{base}{version.pre[0]}{version.pre[1] + 1}.dev0"


universe += ["0.dev0", "99", "1!99", "99!99"]
universe = sorted(set(universe) | {one for _, _, version in chosen for one in near(Version(version))})
masks = sorted({text: bits(specifier.contains(version, prereleases=True) for version in universe) for text, specifier, _ in chosen}.items())
questions.sets(masks, universe, 20000)

# The reference decides emptiness itself.
for _ in range(20000):
    some = [random.choice(masks)[0] for _ in range(random.randint(2, 4))]
    empty = SpecifierSet(",".join(some), prereleases=True).is_unsatisfiable()
    questions.ask("dis", ", ".join(some[:-1]), some[-1], expect=int(empty))

questions.finish()
