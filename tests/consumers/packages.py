"""Realistic programs against pip: packages.py JENVC FOLDER [PROGRAM…]

Comments at the head of a program say what pip does with requirements (`# pip installs: …`, `# pip refuses: …`), with the steps of an image
(`# build refuses: IMAGE`), and after a change to the program and to its Dockerfile alike (`# build swap: ENTRY -> ENTRY`): the check
reports J0402, and pip refuses. All other steps of pip must pass.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

JENVC, FOLDER, *ONLY = sys.argv[1:]
# Wheels for the Python of the programs, whatever runs this; one index, whatever this machine is set up for.
PIP = {
    "PIP_DRY_RUN": "1",
    "PIP_IGNORE_INSTALLED": "1",
    "PIP_PYTHON_VERSION": "3.12",
    "PIP_PLATFORM": "manylinux_2_28_x86_64 manylinux_2_17_x86_64 manylinux2014_x86_64",
    "PIP_ONLY_BINARY": ":all:",
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
}
CONFLICT = re.compile(r"conflicting dependencies|Double requirement given|ResolutionImpossible|Cannot install")
asked = wrong = 0


def shell(command, work):
    """Runs a command as the image would; with pip of this Python. Returns status and output."""
    path = f"{pathlib.Path(sys.executable).parent}:{os.environ['PATH']}"
    environment = {**os.environ, **PIP, "PATH": path, "PIP_TARGET": f"{work}/target"}
    run = subprocess.run(["bash", "-e", "-o", "pipefail", "-c", command], cwd=work, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return run.returncode, run.stdout


def expect(name, what, refused, outcome):
    """Counts a question and prints where pip says something else."""
    global asked, wrong
    status, output = outcome
    asked += 1
    if (status != 0) != refused or (refused and not CONFLICT.search(output)):
        wrong += 1
        print(f"{name}: {what}: pip {'installs' if status == 0 else 'refuses'}", *output.splitlines()[-8:], sep="\n    ")


def steps(dockerfile, work):
    """The commands of a Dockerfile that pin or that run pip, with paths of this machine."""
    text = re.sub(r"^\s*#.*\n", "", dockerfile, flags=re.M)
    text = re.sub(r"\\\n\s*", " ", text)
    for line in re.findall(r"^RUN (.*)$", text, re.M):
        command = re.sub(r"--mount=\S+ ", "", line).strip()
        if re.match(r"printf .* > /etc/pip-|pip install |export PIP_CONSTRAINT=", command) and "--index-url" not in command:
            command = re.sub(r"/tmp/(\S+\.txt)", lambda match: str(work / match[1]), command)
            yield command.replace("/etc/pip-", f"{work}/pip-")


def build(program, work):
    """The pip steps of each image, those of the images below it first."""
    subprocess.run([JENVC, "build", "--quiet", "--allow", "J0419"], cwd=work, check=True)
    files = {path.parent.name: path.read_text() for path in work.glob("images/*/Dockerfile")}
    for image, text in files.items():
        chain = [text]
        while (below := re.search(r"^ARG BASE=ghcr\.io/campus/([a-z0-9-]+):", chain[0], re.M)) and below[1] in files:
            chain.insert(0, files[below[1]])
        yield image, chain


def realistic(folder):
    text = (folder / "main.jenv").read_text()
    head = dict.fromkeys(re.findall(r"^# (pip|build) (installs|refuses|swap): (.*)$", text, re.M))
    with tempfile.TemporaryDirectory() as place:
        work = pathlib.Path(place)
        shutil.copytree(folder, work, dirs_exist_ok=True)
        for _, verb, words in (line for line in head if line[0] == "pip"):
            expect(folder.name, words, verb == "refuses", shell("pip install " + " ".join(f"'{word}'" for word in words.split()), work))
        if not re.search(r"output dockerfiles", text):
            return
        refused = [words for kind, verb, words in head if (kind, verb) == ("build", "refuses")]
        swaps = [words.split(" -> ") for kind, verb, words in head if (kind, verb) == ("build", "swap")]
        for image, chain in list(build(folder, work)):
            lower, upper = ([step for text in part for step in steps(text, work)] for part in (chain[:-1], chain[-1:]))
            pinned = [step for step in lower if step.startswith("printf")]
            if any("pip install" in step for step in upper):
                expect(folder.name, f"the steps of {image}", image in refused, shell(" && ".join(pinned + upper), work))
            for old, new in swaps:
                changed = [step.replace(old.replace(" ", ""), new.replace(" ", "")) for step in upper]
                if changed != upper:
                    expect(folder.name, f"`{new}` in {image}", True, shell(" && ".join(pinned + changed), work))
        for old, new in swaps:
            (work / "main.jenv").write_text(text.replace(old, new))
            report = subprocess.run([JENVC, "check", "--format", "concise"], cwd=work, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            expect(folder.name, f"check of `{new}`", False, (0 if "J0402" in report.stdout else 1, report.stdout))


for folder in sorted(pathlib.Path(FOLDER).iterdir()):
    if not ONLY or folder.name in ONLY:
        realistic(folder)
print(f"{asked} questions, {wrong} disagreements")
sys.exit(bool(wrong))
