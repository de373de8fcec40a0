"""Requirement files against the parser of pip itself. What pip learns from what it downloads is left out."""

import contextlib
import io
import os
import tempfile
import warnings

from common import Questions, full, skip

try:
    import pip
    from pip._internal.exceptions import PipError
    from pip._internal.network.session import PipSession
    from pip._internal.req.constructors import install_req_from_parsed_requirement
    from pip._internal.req.req_file import RequirementsFileParser, get_line_parser, handle_line
    from pip._vendor.packaging.utils import canonicalize_name
except ImportError:
    skip("pip", "pip has other insides here")

warnings.simplefilter("ignore")
questions = Questions("pip", f"pip {pip.__version__}")
random = questions.random
session = PipSession()

NAMES = ["numpy", "Foo_Bar.baz", "a", "zope.interface", "tensorflow", "x2"]
EXTRAS = ["", "", "", "[x]", "[and-cuda,y]", " [ b , a ]", "[]"]
VERSIONS = ["1", "1.26.4", "2.0rc1", "1.0+cu121", "2!1.0", "1.*", "2024a", "1.0.post1", "banana", ""]
SIGNS = ["==", "!=", ">=", "<=", ">", "<", "~=", "===", "=", "=>"]
MARKERS = ["python_version<'3.13'", "os_name == 'posix' and extra != 'x'", 'sys_platform in "linux"', "python == '3'", "(os_name=='nt')"]
HASHES = [f"--hash=sha256:{digit * 64}" for digit in "0a"] + [f"--hash sha512:{'b' * 128}", "--hash=md5:00"]
ADDRESSES = [
    "https://example.org/whl/torch-2.3.1%2Bcu121-cp312-cp312-linux_x86_64.whl",
    "https://example.org/alpha-1.0-1-py3-none-any.whl",
    "https://example.org/archive/v1.2.zip#egg=tool",
    "https://example.org/six-1.16.0.tar.gz#egg=six&sha256=" + "a" * 64,
    "git+https://example.org/beta.git@0123456789012345678901234567890123456789#egg=beta",
    "git+ssh://git@example.org/gamma.git#egg=gamma",
    "git+https://example.org/delta.git@v1.0",
]
OPTIONS = ["--index-url https://x.org/simple", "--pre", "-f https://x.org/w", "--no-binary :all:", "--require-hashes", "--extra-index-url=https://y.org", "--nonsense", "-i", "--trusted-host x", "--prefer-binary", "--find-l https://x", "--no"]


def specifiers():
    some = [random.choice(SIGNS[:8] if random.random() < 0.97 else SIGNS) + random.choice(["", " "]) + random.choice(VERSIONS[:8] if random.random() < 0.95 else VERSIONS) for _ in range(random.choice([0, 1, 1, 1, 2, 3]))]
    text = random.choice([",", ", ", " , "]).join(some)
    return f" ({text})" if text and random.random() < 0.1 else random.choice(["", " "]) + text


def requirement():
    kind = random.random()
    name = random.choice(NAMES) + random.choice(EXTRAS)
    if kind < 0.7:
        text = name + specifiers()
    elif kind < 0.8:
        text = f"{name} @ {random.choice(ADDRESSES[:4])}"
    else:
        text = random.choice(ADDRESSES)
    if random.random() < 0.3:
        text += random.choice([" ; ", "; "] if "://" in text else [";", " ; ", "; "]) + random.choice(MARKERS if random.random() < 0.2 else MARKERS[:3])
    if random.random() < 0.1 and text.startswith("git"):
        text = f"-e {text}"
    elif random.random() < 0.25:
        for one in random.sample(HASHES[:3] if random.random() < 0.9 else HASHES, random.randint(1, 2)):
            text += random.choice([" ", " \\\n    ", "  "]) + one
    return text


def line():
    kind = random.random()
    if kind < 0.75:
        text = requirement()
    elif kind < 0.85:
        text = random.choice(OPTIONS[:6] if random.random() < 0.7 else OPTIONS)
    else:
        text = random.choice(["# comment", "", "   ", "#a \\", "-r more.txt", "-c 'a b.txt'", "--requirement=more.txt", "--constr=c.txt", "-rmore.txt --pre"])
    if random.random() < 0.15:
        text += random.choice(["  # why", "\t#x", " #", "#no comment"])
    return text


def escaped(text):
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")


class Flat(RequirementsFileParser):
    """The lines of one file: what it names is not followed."""

    def _parse_and_recurse(self, filename, constraint, *rest):
        yield from self._parse_file(filename, constraint)


def told(text):
    """What pip makes of a file, as `answer.rs` writes it."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "requirements.txt")
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        found = []
        for parsed in Flat(session, get_line_parser(None)).parse(path, False):
            if parsed.requirement is None and (parsed.opts.requirements or parsed.opts.constraints):
                found.append(f"-r {parsed.opts.requirements[0]}" if parsed.opts.requirements else f"-c {parsed.opts.constraints[0]}")
                continue
            asked = handle_line(parsed, session=session)
            if asked is None:
                continue
            read = install_req_from_parsed_requirement(asked, user_supplied=True)
            name = canonicalize_name(read.req.name) if read.req else ""
            wheel = read.link is not None
            bounds = [] if wheel or not read.req else sorted(str(one) for one in read.req.specifier)
            hashes = sorted(f"{algorithm}:{one}" for algorithm, ones in (asked.options or {}).get("hashes", {}).items() for one in ones)
            address = read.link.url_without_fragment if read.link else ""
            extras = sorted(read.extras)
            found.append(f"{name}[{','.join(extras)}]{','.join(bounds)}{';' if read.markers else ''}{' -e' if read.editable else ''} {' '.join([address, *hashes])}")
        return " | ".join(found)


while len(questions.asked) < full(2000, 20000):
    text = random.choice(["\n", "\n", "\r\n"]).join(line() for _ in range(random.choice([1, 1, 1, 2, 3])))
    try:
        with contextlib.redirect_stderr(io.StringIO()):
            expected = told(text)
    except PipError:
        expected = "!"
    questions.ask("list", escaped(text), expect=expected)

questions.finish()
