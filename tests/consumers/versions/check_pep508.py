"""Markers against PyPA's `packaging`."""

from common import Questions, full, skip

try:
    import packaging
    from packaging.markers import InvalidMarker, Marker, UndefinedComparison, UndefinedEnvironmentName
except ImportError:
    skip("pep508", "packaging can't be installed")

questions = Questions("pep508", f"packaging {packaging.__version__}")
random = questions.random

VERSIONS = ["3", "3.1", "3.8", "3.9", "3.10", "3.11", "3.11.0", "3.11.4", "3.11.8", "3.12", "3.13.0a2", "3.9.*", "3.*", "3.11.*", "2.7", "4", "3.11rc1", "x", ""]
PYTHONS = ["2.7.18", "3.8.20", "3.9.0", "3.10.13", "3.11.0", "3.11.4", "3.11.8", "3.12.1", "3.13.0a2", "3.13.0rc1", "3.14.0"]
TEXTS = {
    "os_name": ["posix", "nt", "java", "POSIX"],
    "sys_platform": ["linux", "win32", "darwin", "linux2", "lin"],
    "platform_system": ["Linux", "Windows", "Darwin", "linux"],
    "platform_machine": ["x86_64", "aarch64", "arm64", "x86_64 aarch64", "AMD64"],
    "platform_python_implementation": ["CPython", "PyPy", "cpython"],
    "implementation_name": ["cpython", "pypy"],
    "extra": ["test", "", "Test_x"],
}
OLD = {"os_name": "os.name", "sys_platform": "sys.platform", "platform_machine": "platform.machine", "platform_python_implementation": "python_implementation"}
SIGNS = ["==", "!=", "<", "<=", ">", ">=", "~=", "===", "in", "not in"]


def comparison():
    if random.random() < 0.6:
        name = random.choice(["python_version", "python_full_version", "implementation_version"])
        text = random.choice(VERSIONS) if random.random() < 0.9 else " ".join(random.sample(VERSIONS, 2))
        signs = SIGNS
    else:
        name = random.choice(list(TEXTS))
        text = random.choice(TEXTS[name])
        # The order of texts is another one with each release of packaging.
        signs = SIGNS if random.random() < 0.1 else ["==", "!=", "in", "not in"]
        if name in OLD and random.random() < 0.2:
            name = OLD[name]
    quote = random.choice("'\"")
    sign = random.choice(signs)
    sides = [name, f"{quote}{text}{quote}"]
    if random.random() < 0.2:
        sides.reverse()
    blank = random.choice(["", " ", "  "]) if sign[0] in "=!<>~" else " "
    return f"{sides[0]}{blank}{sign}{blank}{sides[1]}"


def marker(depth=0):
    if depth > 3 or random.random() < 0.5:
        text = comparison()
    else:
        text = f" {random.choice(['and', 'or'])} ".join(marker(depth + 1) for _ in range(random.randint(2, 3)))
    return f"({text})" if random.random() < 0.3 else text


def broken(text):
    place = random.randrange(len(text))
    return text[:place] + random.choice(["", "(", ")", "'", " and ", "=", "x"]) + text[place + 1 :]


while len(questions.asked) < full(2000, 20000):
    text = marker()
    if random.random() < 0.05:
        text = broken(text)
    python = random.choice(PYTHONS)
    machine = random.choice(["x86_64", "aarch64"])
    environment = {
        "implementation_name": "cpython",
        "implementation_version": python,
        "os_name": "posix",
        "platform_machine": machine,
        "platform_release": "6.1",
        "platform_system": "Linux",
        "platform_version": "1",
        "python_full_version": python,
        "platform_python_implementation": "CPython",
        "python_version": ".".join(python.split(".")[:2]),
        "sys_platform": "linux",
        "extra": "",
    }
    try:
        expected = int(Marker(text).evaluate(environment))
    except (InvalidMarker, UndefinedComparison, UndefinedEnvironmentName):
        expected = "!"
    questions.ask("marker", text, machine, python, expect=expected)

questions.finish()
