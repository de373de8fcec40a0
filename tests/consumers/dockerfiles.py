"""What Dockerfiles say, as BuildKit's own parser sees it.

dockerfiles.py parse FILE…    every instruction is a known one; prints the count
dockerfiles.py images FILE    the images that it takes from elsewhere, build arguments put in, one a line
dockerfiles.py env FILE       the variables that the images below it set, those that the bake file beside it makes, on one line
"""

import json
import os
import re
import sys

import dockerfile

KNOWN = set(
    "ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR".split()
)


def parse(paths):
    bad = count = 0
    for path in paths:
        try:
            commands = dockerfile.parse_file(path)
        except dockerfile.GoParseError as error:
            print(f"{path}: {error}")
            bad += 1
            continue
        count += len(commands)
        for command in commands:
            # The parser itself takes any word for an instruction.
            if command.cmd.upper() not in KNOWN:
                print(f"{path}:{command.start_line}: unknown instruction {command.cmd}")
                bad += 1
        if not commands or commands[-1].cmd.upper() == "FROM":
            print(f"{path}: nothing is done to the image")
            bad += 1
    print(f"{len(paths)} files, {count} instructions")
    return bad


def images(path):
    print("\n".join(named(path)))
    return 0


def named(path):
    args, stages, found = {}, set(), []
    for command in dockerfile.parse_file(path):
        word = command.cmd.upper()
        named = []
        if word == "ARG":
            name, given, value = command.value[0].partition("=")
            if given:
                args[name] = value.strip("\"'")
        elif word == "FROM":
            named = [command.value[0]]
        for flag in command.flags:
            named += re.findall(r"(?:^--|,)from=([^,]+)", flag)
        for name in named:
            name = re.sub(r"\$\{(\w+)\}|\$(\w+)", lambda m: args.get(m[1] or m[2], m[0]), name)
            if name not in stages and name != "scratch" and "$" not in name and not name.isdigit() and name not in found:
                found.append(name)
        if word == "FROM" and len(command.value) == 3:
            stages.add(command.value[2])
    return found


def env(path):
    folder = os.path.dirname(os.path.abspath(path))
    while not os.path.isfile(os.path.join(folder, "docker-bake.json")):
        if folder == os.path.dirname(folder):
            return 0
        folder = os.path.dirname(folder)
    whole = json.load(open(os.path.join(folder, "docker-bake.json")))
    said = lambda tag: re.sub(r"\$\{tag\.([\w-]+)\}", lambda m: whole["tag"][m[1]], tag).partition("${")[0]
    made = {said(tag): os.path.join(folder, target["dockerfile"]) for target in whole["target"].values() for tag in target.get("tags", [])}
    names, todo, seen = set(), [path], set()
    while todo:
        for reference in named(todo.pop()):
            below = made.get(reference)
            if below and below not in seen:
                seen.add(below)
                todo.append(below)
                for command in dockerfile.parse_file(below):
                    if command.cmd.upper() == "ENV":
                        names |= set(command.value[::2])
    print(" ".join(sorted(names)))
    return 0


if __name__ == "__main__":
    mode, rest = sys.argv[1], sys.argv[2:]
    sys.exit(bool(parse(rest) if mode == "parse" else env(rest[0]) if mode == "env" else images(rest[0])))
