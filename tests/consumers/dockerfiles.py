"""What Dockerfiles say, as BuildKit's own parser sees it.

dockerfiles.py parse FILE…    every instruction is a known one; prints the count
dockerfiles.py images FILE    the images that it takes from elsewhere, build arguments put in, one a line
"""

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
    args, stages, found = {}, set(), []
    for command in dockerfile.parse_file(path):
        word = command.cmd.upper()
        named = []
        if word == "ARG":
            name, _, value = command.value[0].partition("=")
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
    print("\n".join(found))
    return 0


if __name__ == "__main__":
    mode, rest = sys.argv[1], sys.argv[2:]
    sys.exit(1 if (parse(rest) if mode == "parse" else images(rest[0])) else 0)
