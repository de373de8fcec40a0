#!/usr/bin/env python3
"""Builds the images of programs by buildah too, Dockerfile after Dockerfile, and compares what comes out with BuildKit's.

    buildah.py PARTS WORK PROGRAM…

Compared are owner, mode and kind of everything that the steps copied or made, and what the image says of itself. buildah knows no
source policy: while it runs, the names of the served hosts lead to this machine, for it alone.
"""

import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys

import roots
from build import Family, Site, plain, shell

LIST = """
list() { for one in "$@"; do [ -e "$one" ] && find "$one" -xdev -maxdepth 3 ! -name '*.pyc' ! -name __pycache__ -exec stat -c '%n %A %u:%g' {} +; done; }
"""


def isolated(site):
    """The words before a command for which the served hosts are here."""
    hosts = site.work / "hosts"
    hosts.write_text(pathlib.Path("/etc/hosts").read_text() + "".join(f"{site.world.address} {host}\n" for host in site.world.hosts))
    return ["unshare", "--mount", "sh", "-ec", f'mount --bind {hosts} /etc/hosts; exec "$@"', "sh"]


def buildah(*words, before=(), **options):
    environment = {name: value for name, value in os.environ.items() if name != "DOCKER_CONFIG"}
    environment["SSL_CERT_FILE"] = str(options.pop("bundle", os.environ.get("SSL_CERT_FILE", "/etc/ssl/certs/ca-certificates.crt")))
    for _ in range(5):
        done = subprocess.run([*before, "buildah", *map(str, words)], capture_output=True, text=True, env=environment, **options)
        # Now and then the kernel still writes to the copy that buildah makes of itself.
        if "sealing memfd copy" not in done.stderr:
            break
    if done.returncode:
        raise SystemExit(f"buildah {' '.join(map(str, words))}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout


def take_over(ref, work):
    """A root image of BuildKit's, under its real name."""
    file = work / "root.tar"
    roots.docker("save", "--output", file, roots.local(ref))
    name = buildah("pull", "--quiet", f"docker-archive:{file}").strip().splitlines()[-1]
    buildah("tag", name, ref)
    file.unlink()


def build(site, family, target, bundle):
    plan = family.plan[target]
    arguments = [f"--build-arg={name}={value}" for name, value in plan.get("args", {}).items()]
    # The images from elsewhere are stand-ins, also those that the Dockerfile names by their digest.
    contexts = [f"--build-context={name}=docker-image://{plain(name)}" for name in family.external(target)]
    hosts = [f"--add-host={host}:{site.world.address}" for host in site.world.hosts]
    secrets = []
    for number, secret in enumerate(plan.get("secret", [])):
        said = dict(part.split("=", 1) for part in secret.split(",")) if isinstance(secret, str) else secret
        file = site.work / f"secret-{number}"
        file.write_text(site.environment()[said["env"]])
        secrets.append(f"--secret=id={said['id']},src={file}")
    # A stage out of the cache can't be mounted by a step of another (buildah 1.28): each image is built from its first step.
    buildah("bud", "--isolation", "chroot", "--network", "host", "--pull-never", "--layers", "--no-cache", *hosts, *contexts, *arguments, *secrets, "--format", "docker",
            "--ignorefile", f"{plan['dockerfile']}.dockerignore", "--tag", plan["tags"][0], "--file", plan["dockerfile"], ".",
            cwd=family.folder, before=isolated(site), bundle=bundle)


def listing(script, words):
    done = subprocess.run(words, input=script, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, words))}\n{done.stderr[-2000:]}")
    return set(done.stdout.splitlines())


def differences(family, target):
    reference = family.plan[target]["tags"][0]
    places = " ".join(shell(place) for step in family.steps[target] for place in step["places"] if "*" not in place)
    script = f"{LIST}\nlist {places}\ntrue\n"
    ours = listing(script, ["docker", "run", "--rm", "--interactive", "--user", "0", "--entrypoint", "sh", reference])
    says = [config(json.loads(roots.docker("image", "inspect", reference))[0]["Config"]),
            config(json.loads(buildah("inspect", "--type", "image", reference))["Docker"]["config"])]
    container = buildah("from", "--pull-never", reference).strip()
    try:
        # Not by `buildah run`: its root may lack the right to enter folders of others, and would see less.
        theirs = listing(script, ["env", "-i", *says[1]["Env"], shutil.which("chroot"), buildah("mount", container).strip(), "sh"])
    finally:
        buildah("rm", container)
    for line in sorted(ours ^ theirs):
        yield f"{'BuildKit' if line in ours else 'buildah'}: {line}"
    for key in says[0]:
        if says[0][key] != says[1][key]:
            yield f"{key}: BuildKit: {says[0][key]}, buildah: {says[1][key]}"
    if places and not ours:
        yield "nothing was compared"


def config(image):
    labels = {key: value for key, value in (image.get("Labels") or {}).items() if not key.startswith("io.buildah")}
    return {"User": image.get("User"), "WorkingDir": image.get("WorkingDir"), "Entrypoint": image.get("Entrypoint") or None, "Cmd": image.get("Cmd") or None,
            "Env": sorted(image.get("Env") or []), "Labels": labels, "ExposedPorts": image.get("ExposedPorts") or {},
            "Healthcheck": (image.get("Healthcheck") or {}).get("Test")}


def main():
    words = argparse.ArgumentParser()
    words.add_argument("parts", type=pathlib.Path)
    words.add_argument("work", type=pathlib.Path)
    words.add_argument("programs", nargs="+", type=pathlib.Path)
    words = words.parse_args()
    version = buildah("--version").split()[2]
    old = tuple(map(int, version.split(".")[:2])) <= (1, 28)
    site = Site(words.parts, words.work)
    bundle = site.work / "bundle"
    bundle.write_text(pathlib.Path(os.environ.get("SSL_CERT_FILE", "/etc/ssl/certs/ca-certificates.crt")).read_text() + (site.parts / "authority/ca.crt").read_text())
    count = bad = 0
    left_out = []
    for program in words.programs:
        family = Family(site, program)
        chosen = family.choose("", True)
        # The buildah of Debian 12 looks for a stage by its name before it replaces variables.
        left_out += [target for target in chosen if old and "${TARGETARCH}" in (family.folder / family.plan[target]["dockerfile"]).read_text()]
        chosen = [target for target in chosen if target not in left_out]
        needed = [ref for ref in family.needed(chosen) if ref not in site.made]
        site.make_roots(needed)
        for ref in needed:
            take_over(ref, site.work)
        family.build(chosen)
        if family.errors:
            raise SystemExit(f"{family.name}, by BuildKit: {family.errors}")
        for target in chosen:
            build(site, family, target, bundle)
            for line in differences(family, target):
                print(f"FAILED: {family.name}/{target}: {line}")
                bad += 1
        count += len(chosen)
    print(f"{count} images, by buildah {version} as by BuildKit{'; left out, since a variable names a stage: ' if left_out else ''}{', '.join(left_out)}")
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main())
