//! Package lists: managers, the words before the braces, the words behind a package.

use super::word::{Room, Word, behind, list};

/// The managers of the standard library; an `installer` adds others.
pub(super) const MANAGERS: &[Word] = &[
    list("apt", "options and packages in braces", "Packages of Debian and Ubuntu, which root installs.", "apt { curl  git }")
        .makes("`RUN apt-get install`")
        .holds(Room::List),
    list("dnf", "options and packages in braces", "Packages of Fedora and its kin, which root installs.", "dnf { curl }")
        .makes("`RUN dnf install`")
        .holds(Room::List),
    list(
        "conda",
        "options and packages in braces",
        "Packages of conda, by `mamba`, or by what the image has of it.",
        "conda channel \"conda-forge\" { dask >=2026.1 }",
    )
    .makes("`RUN mamba install`")
    .holds(Room::List),
    list(
        "pip",
        "options and packages in braces",
        "Python packages, into the innermost environment of the stack.",
        "pip { httpx ==0.28.1 }",
    )
    .makes("`RUN pip install`")
    .holds(Room::List),
    list("cran", "options and packages in braces", "R packages from CRAN, Bioconductor and git.", "cran { jsonlite }")
        .makes("`RUN Rscript`")
        .holds(Room::List),
    list("julia", "options and packages in braces", "Julia packages.", "julia { JSON }").makes("`RUN julia`").holds(Room::List),
    list("npm", "options and packages in braces", "Packages of npm, globally.", "npm { esbuild }")
        .makes("`RUN npm install --global`")
        .holds(Room::List),
];

/// Before the braces of a list. What an `installer` defines by `option` is among them where it is a standard one.
pub(super) const LIST: &[Word] = &[
    behind("recommends", "nothing", "Installs recommended packages, too: `apt` and `dnf`.", "apt recommends { curl }"),
    behind(
        "at",
        "a text: a path",
        "Where the step sees a file that `with` mounts.",
        "pip with \"notes.txt\" at \"/tmp/notes.txt\" { httpx }",
    ),
    behind(
        "file",
        "a text: a path",
        "Takes the list from a file: requirements for `pip`, an environment or an explicit list for \
    `conda`.",
        "pip file \"requirements.txt\"",
    )
    .makes("a mount of `RUN`"),
    behind(
        "index",
        "a text: an address",
        "The index of `pip` instead of PyPI, the repository of `cran` instead of the image's.",
        "pip index \
    \"https://download.pytorch.org/whl/cpu\" { torch ==2.5.1 }",
    )
    .makes("`--index-url`"),
    behind(
        "extra-index",
        "a text: an address",
        "A further index of `pip`, a further repository of `cran`.",
        "pip extra-index \"https://example.org/simple\" { \
    torch ==2.5.1 }",
    )
    .makes("`--extra-index-url`"),
    behind(
        "channel",
        "a text",
        "A channel of `conda`; also among the packages.",
        "conda channel \"bioconda\" { samtools \
    }",
    )
    .makes("`--channel`"),
    behind(
        "release",
        "a text: the name of a release, as in the sources",
        "Takes packages of `apt`, and what they need, from this release first; for one package alone write `\"NAME/RELEASE\"`.",
        "apt release \"trixie-backports\" { git }",
    )
    .makes("`--target-release`"),
    behind(
        "snapshot",
        "a text: a day",
        "Packages of `apt` as the archive of Debian or Ubuntu had them when that day began, in UTC.",
        "apt snapshot \"2026-11-20\" { curl }",
    )
    .makes("sources on snapshot.debian.org or snapshot.ubuntu.com, for this step"),
    behind(
        "no-deps",
        "nothing",
        "Installs the packages without what they need.",
        "pip no-deps { swankernelenv ==1.0.0 \
    }",
    )
    .makes("`--no-deps`"),
    behind("bioconductor", "nothing", "Packages of Bioconductor, too: `cran`.", "cran bioconductor { DESeq2 }")
        .makes("`BiocManager::repositories()`"),
    behind("suggests", "nothing", "Installs what the packages suggest, too: `cran`.", "cran suggests { tidyverse }")
        .makes("`dependencies = TRUE`"),
    behind("system", "nothing", "`pip` of the system's Python.", "pip system { httpx }").makes("`/usr/bin/python3 -m pip`"),
    behind(
        "env",
        "a name",
        "A named environment of `conda`, with lists of its own.",
        "conda env work { python 3.12.*  dask \
    }",
    )
    .makes("`mamba create --name`"),
    behind(
        "activate",
        "nothing",
        "Makes the named environment the one that further lists go to.",
        "conda env work activate { \
    python 3.12.*  dask }",
    ),
    behind(
        "bootstrap",
        "nothing",
        "Installs conda itself, by `micromamba`.",
        "conda bootstrap { python 3.12.*  mamba \
    }",
    )
    .makes("`micromamba install`"),
    behind(
        "with",
        "a tool",
        "Mounts a `tool` for the step.",
        "tool micromamba from \
    \"mambaorg/micromamba:2.8.1@sha256:1111111111111111111111111111111111111111111111111111111111111111\" bin \
    \"/bin/micromamba\"\nconda bootstrap with micromamba { python 3.12.*  mamba }",
    )
    .makes("`RUN --mount`"),
    behind("upgrade", "nothing", "Brings packages of `apt`, `dnf` or `conda` that are there up to date.", "apt upgrade")
        .makes("`apt-get upgrade`"),
    behind(
        "from",
        "a `repo`",
        "Takes the packages from a package repository of the program.",
        "apt from egi { ca-policy-egi-core \
    }",
    )
    .makes("the key and the source, once in a stack"),
    behind("as", "`root` or `user`", "Who installs.", "npm as root { esbuild }"),
    behind("then", "a text: shell", "A command behind the braces, in the same `RUN`.", "pip { jupyterlab } then \"jupyter lab clean\""),
];

/// Behind a package.
pub(super) const ENTRY: &[Word] = &[
    behind(
        "because",
        "a text",
        "Why the entry is as it is; reports and the catalogue show it.",
        "pip { httpx <1 because \"the course uses its old names\" }",
    ),
    behind(
        "until",
        "a date",
        "When the reason should be looked at again; a warning from then on.",
        "pip { httpx <1 because \"the course\" until 2027-12-31 }",
    ),
    behind("pin", "nothing", "Nothing above may move the version.", "conda { python 3.12.* pin }").makes("a line of `conda-meta/pinned`"),
    behind(
        "override",
        "nothing",
        "Replaces what a layer below asked for, on purpose.",
        "pip { httpx ==0.28.1 override because \"this image is tested with it\" }",
    ),
    behind(
        "git",
        "an address, `rev` and a commit, `subdirectory` and a path",
        "Takes the package from a git repository.",
        "pip { x git \"https://example.org/x.git\" rev \"1111111111111111111111111111111111111111\" }",
    ),
    behind(
        "rev",
        "a text: a commit",
        "The state of the `git` repository.",
        "pip { x git \"https://example.org/x.git\" rev \"1111111111111111111111111111111111111111\" }",
    ),
    behind(
        "subdirectory",
        "a text: a path",
        "The folder of the `git` repository that has the package.",
        "pip { x git \"https://example.org/x.git\" rev \"1111111111111111111111111111111111111111\" subdirectory \"python\" }",
    ),
    behind(
        "url",
        "an address, `sha256` and a checksum",
        "Takes the package from an address.",
        "pip { x url \"https://example.org/x.whl\" sha256 \"1111111111111111111111111111111111111111111111111111111111111111\" }",
    ),
    behind(
        "sha256",
        "a text: 64 hexadecimal digits",
        "The checksum of the file at the `url`.",
        "pip { x url \"https://example.org/x.whl\" sha256 \"1111111111111111111111111111111111111111111111111111111111111111\" }",
    ),
    behind(
        "path",
        "a text: a path",
        "Takes the package from a file of the program, or, with a path that begins with `/`, from a file or folder that is in the image.",
        "pip { x path \"x-1.0-py3-none-any.whl\"  tools path \"/srv/tools\" }",
    ),
    behind(
        "resolved",
        "a text: shell",
        "The version is what a command prints in the build.",
        "pip { pyspark resolved \"cat /opt/spark/VERSION\" }",
    ),
    behind(
        "enable",
        "a kind that the manager knows: `server`, `lab`, `nbclassic`",
        "Switches an extension of Jupyter on.",
        "pip { rucio-jupyterlab ==1.4.0 enable server }",
    ),
];
