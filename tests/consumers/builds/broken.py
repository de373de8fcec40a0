#!/usr/bin/env python3
"""Breaks what jenvc has written, as a mistake in it would, and shows that a build or a run notices each.

    broken.py PARTS WORK PROGRAM [--all] [--seed TEXT]

PROGRAM is tests/builds/every-step. It is built as it is first; then each break is made in a copy of its artifacts, and the image that
it concerns is built and looked at again. Without --all, three breaks are picked by the seed. Exit status 1 where one is not noticed.
"""

import argparse
import pathlib
import random
import re
import sys

from build import Family, Site

# What a mistake in the compiler would be, the image that it shows in, the file, what stands there, what would stand there.
BREAKS = [
    ("a file's mode reaches its new folder", "files", "images/files/Dockerfile", r"(?m)^RUN mkdir -p (/srv/data .*)\n", ""),
    ("the owner of a copied file is left out", "files", "images/files/Dockerfile", r"COPY --chown=1000:100 --chmod=600", "COPY --chmod=600"),
    ("what a step copies is not in the build context", "files", "images/files/Dockerfile.dockerignore", r"(?m)^!files/one\.txt\n", ""),
    ("a file is taken from a stage that is another's", "files", "images/files/Dockerfile", r"--from=builder", "--from=notebook"),
    ("folders above a tree get its mode", "files", "images/files/Dockerfile", r"install -d -o 1000 -g 100 -m 750 /srv/further/down/tree",
     "{ mkdir -p /srv/further/down/tree && chown 1000:100 /srv/further/down/tree; }"),
    ("what was there gets the owner of what is unpacked", "downloads", "images/downloads/Dockerfile", r"(chown -R 1000:100) /tmp/\.copied", r"\1 /tmp/.copied /usr/local"),
    ("a stage stands on that of another platform", "parted", "images/parted/Dockerfile", r"FROM common-\$\{TARGETARCH\}", "FROM common-arm64"),
    ("a checksum is compared with another file", "downloads", "images/downloads/Dockerfile", r'  /usr/local/bin/fetched"', '  /opt/fetched/plain.txt"'),
    ("an archive keeps its top folder", "downloads", "images/downloads/Dockerfile", r" --strip-components=1", ""),
    ("apt runs as the image's user", "packages", "images/packages/Dockerfile", r"(?m)^USER root\nRUN apt-get update", "RUN apt-get update"),
    ("a constraint is not quoted", "packages", "images/packages/Dockerfile", r"'toolz>=1,<2'", "toolz>=1,<2"),
    ("a requirement file is not mounted", "packages", "images/packages/Dockerfile", r"--mount=type=bind,source=requirements\.txt,target=\S+ \\\n", "\\\n"),
    ("an environment is not on PATH", "packages", "images/packages/Dockerfile", r'(?m)^ENV PATH="[^"]*/envs/second/bin:\$\{PATH\}"\n', ""),
    ("`finish` is left out behind a list", "packages", "images/packages/Dockerfile", r' && \\\n    echo list >> "\$\{CONDA_DIR\}/finished"', ""),
    ("a build argument is not declared behind FROM", "settings", "images/settings/Dockerfile", r"(?m)^ARG COLOUR=.*\n", ""),
    ("a variable stands beside the one that it refers to", "settings", "images/settings/Dockerfile",
     r'ENV TOOL_HOME="/opt/tool"((?:.|\n)*?)ENV TOOL_LOG="\$\{TOOL_HOME\}/log"', r'ENV TOOL_HOME="/opt/tool" TOOL_LOG="${TOOL_HOME}/log"\1ENV X="x"'),
    ("the folder of `workdir` is root's", "settings", "images/settings/Dockerfile", r"(?m)^USER 1000\nWORKDIR (\S+)", r"WORKDIR \1\nUSER 1000"),
    ("a tool is not mounted", "settings", "images/settings/Dockerfile", r"--mount=type=bind,from=\S+,source=/bin/micromamba,target=\S+ \\\n", "\\\n"),
    ("the image ends as root", "settings", "images/settings/Dockerfile", r"(?m)^USER 1000\n(?![\s\S]*^USER)", "USER root\n"),
    ("the entrypoint is one word", "settings", "images/settings/Dockerfile", r'ENTRYPOINT \["tini", "-g", "--", "start.sh"\]', 'ENTRYPOINT ["tini -g -- start.sh"]'),
    ("a parent has another name in the bake file", "downloads", "docker-bake.json", r'"example/files:([^"]*)": "target', r'"docker.io/example/files:\1": "target'),
    ("an account is left with another's HOME", "other-user", "images/other-user/Dockerfile", r'(?m)^ENV HOME="/home/second"\n', ""),
    ("a folder out of an image gets the mode of a file", "files", "images/files/Dockerfile",
     r"RUN --mount=type=bind,from=builder,source=/out/deep,target=/tmp/deep(?:.*\\\n)+.*/tmp/\.copied\n",
     "COPY --from=builder --chown=1000:100 --chmod=640 /out/deep /opt/result-of-mode\n"),
    ("a list runs a mamba that is not there", "by-conda", "images/by-conda/Dockerfile", r"RUN conda install", "RUN mamba install"),
    ("an image without bash is given bash", "small", "images/small/Dockerfile", r'"/bin/ash"', '"/bin/bash"'),
    ("a stage has the shell of the image that takes from it", "other-user", "images/other-user/Dockerfile", r'"/bin/ash"', '"/bin/bash"'),
    ("BusyBox is given an option of GNU's", "small", "images/small/Dockerfile", r"cp -R /tmp/tree", "cp -R --no-preserve=mode /tmp/tree"),
    ("the next user's file is the last one's", "other-user", "images/other-user/Dockerfile", r"COPY --chown=1234:100", "COPY --chown=1000:100"),
]


def broken(family, target, file, old, new):
    """What is noticed once the file says something else; nothing where the break can't be made."""
    place = family.folder / file
    text = place.read_text()
    changed, times = re.subn(old, new, text, count=1)
    if not times:
        raise SystemExit(f"{file} has no {old}: the table of breaks is older than the artifacts")
    place.write_text(changed)
    try:
        family.read_plan()
        family.build([target])
        return family.errors + family.look(target)["bad"]
    finally:
        place.write_text(text)


def main():
    words = argparse.ArgumentParser()
    words.add_argument("parts", type=pathlib.Path)
    words.add_argument("work", type=pathlib.Path)
    words.add_argument("program", type=pathlib.Path)
    words.add_argument("--all", action="store_true")
    words.add_argument("--seed", default="0")
    words = words.parse_args()
    site = Site(words.parts, words.work)
    family = Family(site, words.program)
    chosen = family.choose(words.seed, True)
    site.make_roots(family.needed(chosen))
    picked = BREAKS if words.all else random.Random(words.seed).sample(BREAKS, 3)
    bad = 0
    for name, target, file, old, new in picked:
        noticed = broken(family, target, file, old, new)
        first = str(noticed[0][1] if noticed and isinstance(noticed[0], tuple) else noticed[0]) if noticed else ""
        lines = [line.strip() for line in first.splitlines() if line.strip()]
        said = next((line for line in lines if re.search(r"denied|not found|No such|error|FAIL|can't|root|did not|fatal", line)), lines[0] if lines else "")
        print(f"{'noticed' if noticed else 'FAILED: nobody noticed'}: {name}: {said[:120]}", flush=True)
        bad += not noticed
    print(f"{len(picked)} of {len(BREAKS)} breaks made, {len(picked) - bad} noticed")
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main())
