"""Stand-ins for the images that programs start from, built on the parts that `parts.sh` has made: `roots(parts, table, work)`."""

import gzip
import hashlib
import pathlib
import shutil
import subprocess
import tarfile
import threading

import world

HERE = pathlib.Path(__file__).resolve().parent
SCRIPTS = {
    "fix-permissions": "/usr/local/bin/", "start.sh": "/usr/local/bin/", "run-hooks.sh": "/usr/local/bin/", "_docker_stacks_log.sh": "/usr/local/bin/",
    "start-notebook.py": "/usr/local/bin/", "start-notebook.sh": "/usr/local/bin/", "start-singleuser.py": "/usr/local/bin/",
    "start-singleuser.sh": "/usr/local/bin/", "10activate-conda-env.sh": "/usr/local/bin/before-notebook.d/", "docker_healthcheck.py": "/etc/jupyter/",
    "jupyter_server_config.py": "/etc/jupyter/",
}
WHEELS = "/opt/stand-in-wheels/"
ONE = threading.Lock() # at what several of them are made of
SYSTEM_PACKAGES = "ca-certificates curl git gnupg locales openssl sudo tini wget build-essential"


def docker(*words, **options):
    return subprocess.run(["docker", *map(str, words)], check=True, capture_output=True, **options).stdout.decode()


def local(ref):
    """The name that a root image has here; BuildKit is given it as a context, so that a digest behind the name is no matter."""
    return "stand-in/" + ref.replace("/", "-").replace(":", "-").lower() + ":latest"


def payload(parts, versions, recorded=()):
    """The stand-in for micromamba: the program, and behind it the Pythons that it can install, in one file. Of the packages in `recorded`
    it leaves the record alone."""
    program = (HERE / "programs/conda").read_bytes()
    packages = (HERE / "programs/packages").read_bytes() + "".join(f"{name} -\n" for name in recorded).encode()
    made = [f"{version} {(parts / f'python/{version}.tar').stat().st_mtime}" for version in versions]
    name = hashlib.sha256(program + packages + " ".join(made).encode()).hexdigest()[:12]
    file = parts / f"micromamba-{name}"
    if not file.exists():
        tree = parts / "payload"
        shutil.rmtree(tree, ignore_errors=True)
        tree.mkdir()
        (tree / "packages").write_bytes(packages)
        shutil.copy(parts / "uv", tree / "uv")
        for version in versions:
            with tarfile.open(parts / f"python/{version}.tar") as archive:
                archive.extractall(tree / f"python-{version}", filter="tar")
        packed = subprocess.run(["tar", "-C", tree, "--owner=0", "--group=0", "-cf", "-", "."], check=True, capture_output=True).stdout
        new = file.with_suffix(".new")
        new.write_bytes(program + b"__PAYLOAD__\n" + gzip.compress(packed, compresslevel=1))
        new.chmod(0o755)
        new.rename(file)
        shutil.rmtree(tree)
    return file


def dockerfile(root):
    lines = [f"FROM stand-in/{root['system']}", "ENV DEBIAN_FRONTEND=noninteractive"]
    if "wheels" in root:
        lines.insert(1, f"COPY wheels {WHEELS}\nRUN echo 'find-links = {WHEELS}' >> /etc/pip.conf")
    if root.get("busybox"):
        # Debian's `tar` stays: that of its BusyBox does not tell by itself how an archive is packed, as Alpine's does.
        return lines[:-1] + ["RUN apt-get update -qq && apt-get install -y -qq busybox >/dev/null && ln -s busybox /bin/ash && rm /bin/bash && "
                             "for name in $(busybox --list | grep -vx 'tar\\|busybox'); do ln -s /bin/busybox /usr/local/bin/$name; done"]
    if "python" not in root:
        return lines[:-1]
    copies = [f"COPY --chmod=755 {name} {place}" for name, place in SCRIPTS.items()]
    lines += [
        f"RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends {SYSTEM_PACKAGES} >/dev/null && rm -rf /var/lib/apt/lists/*",
        "RUN (userdel --remove ubuntu 2>/dev/null || true) && useradd --no-log-init --create-home --shell /bin/bash --uid 1000 --gid 100 jovyan && "
        "install --directory --owner=1000 --group=100 /opt/conda /home/jovyan/work && mkdir -p /usr/local/bin/start-notebook.d /usr/local/bin/before-notebook.d",
        *copies,
        f"RUN echo STAND_IN_MAMBA={root.get('mamba', 2)} > /etc/stand-in",
        "ENV DEBIAN_FRONTEND= CONDA_DIR=/opt/conda NB_USER=jovyan NB_UID=1000 NB_GID=100 HOME=/home/jovyan SHELL=/bin/bash LC_ALL=C.UTF-8 LANG=C.UTF-8 "
        "JUPYTER_PORT=8888 PATH=/opt/conda/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    ]
    if root.get("dnf"):
        lines += ["COPY --chmod=755 dnf /usr/bin/dnf", "RUN mkdir -p /etc/yum.repos.d && rm /usr/bin/apt-get"]
    words = " ".join(f"'{word}'" for word in [*root.get("programs", ["conda", "mamba"]), f"python={root['python']}.*", *root["conda"]])
    lines += [
        "USER 1000",
        "RUN --mount=type=bind,source=micromamba,target=/bin/micromamba micromamba install --root-prefix=/opt/conda --prefix=/opt/conda --yes "
        f"{words} && echo 'python {root['python']}.*' >> /opt/conda/conda-meta/pinned && fix-permissions /opt/conda",
        "WORKDIR /home/jovyan",
        'ENTRYPOINT ["tini", "-g", "--", "start.sh"]',
        'CMD ["start-notebook.py"]',
        "EXPOSE 8888",
    ]
    return lines


def system(parts, name):
    """Imports a system's tar, once for each content."""
    file = parts / f"{name}.tar"
    mark = f"{file.stat().st_size}-{int(file.stat().st_mtime)}-2"
    have = subprocess.run(["docker", "image", "inspect", "--format", "{{.Config.Labels.mark}}", f"stand-in/{name}"], capture_output=True, text=True)
    if have.stdout.strip() != mark:
        docker("import", "--change", 'CMD ["/bin/bash"]', "--change", "ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
               "--change", "ENV NODE_EXTRA_CA_CERTS=/usr/local/share/ci/bundle.crt", "--change", f"LABEL mark={mark}", file, f"stand-in/{name}")


def build(parts, root, work):
    folder = work / local(root["ref"]).partition(":")[0].replace("/", "-")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    if "micromamba" in root:
        with ONE:
            shutil.copy(payload(parts, root["micromamba"]), folder / "micromamba")
        lines = ["FROM scratch", "COPY micromamba /bin/micromamba"]
    else:
        lines = dockerfile(root)
        with ONE:
            system(parts, root["system"])
            if "python" in root:
                shutil.copy(payload(parts, [root["python"]], root.get("recorded", ())), folder / "micromamba")
        for wheel in root.get("wheels", []):
            (folder / "wheels").mkdir(exist_ok=True)
            world.wheel(folder / "wheels", wheel, HERE / "served/wheels")
        if "python" in root:
            shutil.copy(HERE / "programs/dnf", folder / "dnf")
            for name in SCRIPTS:
                shutil.copy(HERE / "served/scripts" / name, folder / name)
    (folder / "Dockerfile").write_text("\n".join(lines) + "\n")
    done = subprocess.run(["docker", "build", "--network", "host", "--progress", "plain", "--tag", local(root["ref"]), folder], capture_output=True, text=True)
    shutil.rmtree(folder)
    if done.returncode:
        raise SystemExit(f"the stand-in for {root['ref']} can't be built:\n{done.stderr[-3000:]}")
