//! Steps: what runs, what is copied, what an image carries.

use super::word::{Room, Word, behind, field, statement};

const TOOL_EXAMPLE: &str = "tool uv from \
\"ghcr.io/astral-sh/uv:0.9@sha256:1111111111111111111111111111111111111111111111111111111111111111\" bin \"/uv\"";
const BUILD_URL: &str = "build from url \"https://example.org/x.tar.gz\" sha256 \
\"1111111111111111111111111111111111111111111111111111111111111111\" { run \"make install\" }";
const BUILD_GIT: &str = "build from git \"https://example.org/x.git\" rev \"1111111111111111111111111111111111111111\" { run \
\"make install\" }";

/// The statements of layers, environments, fragments, variants and conditions.
pub(super) const STEPS: &[Word] = &[
    statement(
        "variant",
        "a name and a block; or the name of an axis and a block of values with blocks",
        "Steps, settings and profile of one value of an axis.",
        "variant cpu    { env { DEVICE = \"cpu\" } }\nvariant cuda12 { env { DEVICE = \"cuda\" } }",
    )
    .holds(Room::Steps),
    statement(
        "when",
        "a condition and a block",
        "Steps for some cells or platforms.",
        "when platform == \"linux/amd64\" { apt { libmkl-dev } }",
    )
    .makes("a check of `TARGETARCH` where it asks for the platform")
    .holds(Room::Steps),
    statement(
        "include",
        "a fragment or an open layer, with arguments",
        "Puts the steps of a fragment in place; a list for one value means once for each.",
        "include tools",
    )
    .holds(Room::Include),
    statement("after", "a fragment or a layer", "Where both are in one stack, this definition must come later.", "after tools"),
    statement("requires", "a block: packages, `os`, `platform`, `command`", "What must be underneath.", "requires { command \"jupyter\" }")
        .holds(Room::Requires),
    statement(
        "provides",
        "a block of package lists, or `from` and a file",
        "What is there without an install step, for the checks. Lists of an environment of conda that is named here are added to it.",
        "provides { pip { mlfermi ==1.0 } }",
    )
    .holds(Room::Provides),
    statement(
        "run",
        "options and a text: shell",
        "Runs a shell command. A block in `\"\"\"` stops at the first line that fails.",
        "run \"jupyter lab build\"",
    )
    .makes("`RUN`")
    .holds(Room::Run),
    statement(
        "build",
        "`from git` or `from url`, an address, options and a block of `run`",
        "Fetches sources, builds and removes them in one image layer.",
        BUILD_GIT,
    )
    .makes("`RUN`")
    .holds(Room::Build),
    statement(
        "copy",
        "paths in quotes, `to` and a path in quotes",
        "Copies files of the program, or of another image. A target that ends with `/` is a folder. A folder is \
         copied without what jenvc wrote in it, `.git` and `.jenv`. A `mode` without `x` is for files: folders get it where it lets \
         people read.",
        "copy \"notes.txt\" to \"/opt/notes.txt\"",
    )
    .makes("`COPY`")
    .holds(Room::Copy),
    statement(
        "file",
        "a path in quotes, options and a text: what is in the file",
        "Writes a small file. It has the lines of the text, each with its line end; an empty text makes an empty file. A file that \
         is there is replaced.",
        "file \"/etc/lab.conf\" mode 600 \"x = 1\"\nfile \"/etc/pip.conf\" \"\"\"\n  [global]\n  timeout = 60\n  \"\"\"",
    )
    .makes("`RUN`, which makes the file and writes its lines")
    .holds(Room::File),
    statement(
        "folder",
        "paths in quotes, and options",
        "Makes folders, and those above them that are missing, which belong to root. A folder that is there gets the `owner` and the \
         `mode`, too, and keeps what is in it.",
        "folder \"/srv/data\" owner user mode 750\nfolder \"/opt/lab\" \"/etc/lab\"",
    )
    .makes("`RUN mkdir -p`, with `chown` and `chmod`")
    .holds(Room::Folder),
    statement(
        "fetch",
        "an address, `to` and a path; or `from`, an address, `to`, a path and a block of files",
        "Downloads a file, or several from one place.",
        "fetch \"https://example.org/tool\" sha256 \"1111111111111111111111111111111111111111111111111111111111111111\" to \
        \"/opt/tool\" mode 755",
    )
    .makes("`ADD`, or a download in a stage of its own")
    .holds(Room::Fetch),
    statement("env", "a block: NAME = text", "Variables of the image.", "env { JUPYTER_ENABLE_LAB = \"yes\" }").makes("`ENV`"),
    statement(
        "path",
        "a variable, `prepend` or `append`, a folder or a list of folders",
        "Puts folders before or behind those that a variable has.",
        "path PATH prepend \"/opt/x/bin\"",
    )
    .makes("`ENV`")
    .holds(Room::Path),
    statement("arg", "a name and perhaps `=` and a text", "A build argument; its default is in the tag.", "arg VERSION = \"1.2.3\"")
        .makes("`ARG`")
        .holds(Room::Arg),
    statement(
        "user",
        "a name and a block",
        "Who the image runs as from here on; `std.account` makes the account. Where the image sets `HOME` for another account, the \
         `home` of this one takes its place.",
        "user jovyan { uid = 1000  gid = 100  home = \"/home/jovyan\" }",
    )
    .makes("`USER`")
    .holds(Room::User),
    statement("workdir", "a text: a path", "The working folder of what follows, and of the image.", "workdir \"/opt/work\"")
        .makes("`WORKDIR`"),
    statement("shell", "a list of texts", "The shell of the `run` steps that follow.", "shell [\"/bin/bash\", \"-c\"]").makes("`SHELL`"),
    statement("expose", "a port, or a text `\"4040/udp\"`", "A port that the image listens on.", "expose 8888\nexpose \"4040/udp\"")
        .makes("`EXPOSE`"),
    statement(
        "entrypoint",
        "a list of texts",
        "The program that starts the command; a new one resets `cmd`.",
        "entrypoint [\"tini\", \"--\"]",
    )
    .makes("`ENTRYPOINT`"),
    statement("cmd", "a list of texts", "The command that an image runs; the nearest one wins.", "cmd [\"start-notebook.py\"]")
        .makes("`CMD`"),
    statement(
        "healthcheck",
        "a list of texts and a block",
        "The command that says whether a container is well.",
        "healthcheck [\"curl\", \"-f\", \"http://localhost:8888\"] { interval = 5s }",
    )
    .makes("`HEALTHCHECK`")
    .holds(Room::Healthcheck),
    statement(
        "label",
        "a key in quotes, `=` and a text; or a block of them",
        "A label of the image.",
        "label \"org.example.team\" = \"physics\"",
    )
    .makes("`LABEL`"),
    statement("authors", "a list of texts", "Who made the image.", "authors [\"Ada <ada@example.org>\"]")
        .makes("the label `org.opencontainers.image.authors`"),
    statement(
        "hooks",
        "a block: name = folder",
        "Where an image runs scripts at its start.",
        "hooks { before-notebook = \"/usr/local/bin/before-notebook.d/\" }",
    ),
    statement(
        "hook",
        "the name of a hook and the path or address of a script",
        "Puts a script where the image runs it at its start.",
        "hooks { start = \"/usr/local/bin/start.d/\" }\nhook start \"notes.txt\"",
    )
    .makes("`COPY`, executable"),
    statement(
        "finish",
        "package managers or `run`, and a text: shell",
        "A command at the end of each such step, in the same `RUN`, from here up the stack.",
        "finish pip run \"fix-permissions /opt\"",
    ),
    statement(
        "credential",
        "a name, `env` and a variable or `file` and a path, and perhaps `from` and a secret",
        "Declares a build secret for the steps that say `with NAME`; its value is in no file and no image.",
        "credential inner-index env \"PIP_INDEX_URL\" from \"INNER_INDEX\"",
    )
    .makes("a mount of `RUN`, a secret of the workflow")
    .holds(Room::Credential),
    statement(
        "tool",
        "a name, `from` an image, `bin` and a path",
        "A program of another image for the steps that say `with NAME`; never in the image. A step finds it by its name: from \
         a folder that is not on every `PATH` it is mounted into `/usr/local/bin`.",
        TOOL_EXAMPLE,
    )
    .makes("a mount of `RUN`")
    .holds(Room::Tool),
    statement("tags", "a block", "Further tags, besides the one that is computed.", "tags { latest  date }").holds(Room::Tags),
    statement(
        "test",
        "a name in quotes and a block, or `host` and a text",
        "A test of the built image; what stands on it inherits it.",
        "test \"it starts\" { run \"jupyter lab --version\" }",
    )
    .makes("a step of the workflow before anything is pushed")
    .holds(Room::Test),
    statement(
        "profile",
        "a block",
        "The entry of an environment on the menu; in a variant or a condition, what differs \
    there.",
        "profile { title = \"Lab\"  default = true }",
    )
    .makes("an entry of `profileList`")
    .holds(Room::Profile),
];

/// Behind `include`.
pub(super) const INCLUDE: &[Word] =
    &[behind("without", "packages in braces", "Leaves packages of the fragment out.", "include tools without { tree }")];

/// In `requires`.
pub(super) const REQUIRES: &[Word] = &[
    behind("os", "a text: name and version", "The operating system that must be underneath.", "requires { os \"ubuntu 24.04\" }"),
    behind("platform", "a text", "The platform that the image must be built for.", "requires { platform \"linux/amd64\" }"),
    behind("command", "a text", "A program that must be there.", "requires { command \"git\" }"),
];

/// Behind `provides`.
pub(super) const PROVIDES: &[Word] = &[behind(
    "from",
    "a text: the path of a file",
    "Reads what `conda list`, `conda env export`, `pip list`, `pip freeze`, `npm ls --global --json`, `dpkg-query -W` or `rpm -qa` prints, \
     or an SBOM (SPDX, CycloneDX).",
    "provides from \"packages.json\"",
)];

/// Behind `run`.
pub(super) const RUN: &[Word] = &[
    behind(
        "at",
        "a text: a path",
        "Where the step sees a file that `with` mounts.",
        "run with \"notes.txt\" at \"/tmp/notes.txt\" \"cat /tmp/notes.txt\"",
    ),
    behind("as", "`root` or `user`", "Who runs the command.", "run as root \"mkdir /opt/x\"").default("`user`").makes("`USER` before it"),
    behind("in", "a text: a path", "The folder in which it runs.", "run in \"/tmp\" \"ls\"").makes("`cd` in the `RUN`"),
    behind(
        "with",
        "a tool",
        "Mounts a `tool`, a `credential` or a file of the program (in quotes) for this step.",
        "tool uv from \"ghcr.io/astral-sh/uv:0.9@sha256:1111111111111111111111111111111111111111111111111111111111111111\" bin \
        \"/uv\"\nrun with uv \"uv --version\"",
    )
    .makes("`RUN --mount`"),
    behind(
        "provides",
        "package lists in braces",
        "What the command leaves, for the checks.",
        "run provides { pip { mlfermi } } \"make install\"",
    ),
];

/// Behind and in `build`.
pub(super) const BUILD: &[Word] = &[
    statement("run", "a text: shell", "A command in the folder of the sources.", BUILD_URL),
    statement(
        "provides",
        "package lists in braces",
        "What the build leaves, for the checks.",
        "build from git \"https://example.org/x.git\" rev \"1111111111111111111111111111111111111111\" {\n  run \"pip install .\"\n  \
        provides { pip { x } }\n}",
    )
    .holds(Room::Provides),
    behind("from", "`git` or `url` and an address", "Where the sources are; must be there.", BUILD_URL),
    behind("rev", "a text: a commit", "Which state of a git repository.", BUILD_GIT),
    behind("sha256", "a text: 64 hexadecimal digits", "The checksum of a download.", BUILD_URL),
    behind(
        "as",
        "`root` or `user`",
        "Who builds.",
        "build from git \"https://example.org/x.git\" rev \"1111111111111111111111111111111111111111\" as user { run \"make\" }",
    )
    .default("`root`"),
    behind(
        "with",
        "a tool",
        "Mounts a `tool` for the build.",
        "tool uv from \"ghcr.io/astral-sh/uv:0.9@sha256:1111111111111111111111111111111111111111111111111111111111111111\" bin \
        \"/uv\"\nbuild from git \"https://example.org/x.git\" rev \"1111111111111111111111111111111111111111\" with uv { run \"uv \
        build\" }",
    ),
];

/// Behind `copy`.
pub(super) const COPY: &[Word] = &[
    behind(
        "from",
        "an image or a layer of the program, or a reference in quotes",
        "Takes the files from another image.",
        "copy \"/uv\" from \"ghcr.io/astral-sh/uv:0.9@sha256:1111111111111111111111111111111111111111111111111111111111111111\" \
        to \"/usr/local/bin/uv\"",
    )
    .makes("`COPY --from`"),
    behind("optional", "nothing", "It is no mistake where no file matches.", "copy \"*.conf\" to \"/etc/x/\" optional"),
];

/// Behind `fetch`.
pub(super) const FETCH: &[Word] = &[
    behind(
        "from",
        "an address",
        "The place of several files, which a block names with their checksums.",
        "fetch from \"https://example.org/bin\" to \"/usr/local/bin/\" mode 755 { start.sh \
        \"sha256:1111111111111111111111111111111111111111111111111111111111111111\" }",
    ),
    behind(
        "sha256",
        "a text: 64 hexadecimal digits",
        "The checksum of the file; without one, the build takes whatever is there.",
        "fetch \"https://example.org/tool\" sha256 \"1111111111111111111111111111111111111111111111111111111111111111\" to \"/opt/tool\"",
    )
    .makes("`ADD --checksum`"),
    behind(
        "unpack",
        "nothing",
        "Unpacks the archive into the target.",
        "fetch \"https://example.org/x.tar.gz\" sha256 \"1111111111111111111111111111111111111111111111111111111111111111\" to \
        \"/opt/\" unpack",
    ),
    behind(
        "strip",
        "a whole number",
        "How many leading folders `unpack` drops.",
        "fetch \"https://example.org/x.tar.gz\" sha256 \"1111111111111111111111111111111111111111111111111111111111111111\" to \
        \"/opt/x/\" unpack strip 1",
    )
    .default("`0`"),
];

/// Behind both.
pub(super) const TARGET: &[Word] =
    &[behind("to", "a text: a path in the image", "Where it goes; must be there.", "copy \"notes.txt\" to \"/opt/notes.txt\"")];

/// Behind both, and behind `file`.
pub(super) const OWNED: &[Word] = &[
    behind("owner", "`user` or `root`", "Whose files they are.", "copy \"notes.txt\" to \"/opt/notes.txt\" owner user")
        .default("`root`")
        .makes("`--chown`"),
    behind("mode", "three or four octal digits", "The mode of the files.", "copy \"notes.txt\" to \"/opt/notes.txt\" mode 644")
        .makes("`--chmod`"),
];

/// Behind `path`.
pub(super) const PATH: &[Word] = &[
    behind("prepend", "a text or a list of texts: folders", "Puts them before those that are there.", "path PATH prepend \"/opt/x/bin\""),
    behind(
        "append",
        "a text or a list of texts: folders",
        "Puts them behind those that are there.",
        "path LD_LIBRARY_PATH append [\"/a\", \"/b\"]",
    ),
];

/// Behind `arg`.
pub(super) const ARG: &[Word] =
    &[behind("env", "nothing", "Makes the argument a variable of the image as well.", "arg VERSION = \"1.2.3\" env").makes("`ENV`")];

/// `user NAME { }`.
pub(super) const USER: &[Word] = &[
    field("uid", "a whole number", "The id of the account.", "user jovyan { uid = 1000 }"),
    field("gid", "a whole number", "The id of its group.", "user jovyan { uid = 1000  gid = 100 }"),
    field("home", "a text: a path", "Its home folder.", "user jovyan { uid = 1000  home = \"/home/jovyan\" }").makes("`HOME`"),
];

/// `healthcheck [ ] { }`.
pub(super) const HEALTHCHECK: &[Word] = &[
    field("interval", "a duration: `5s`", "The time between two checks.", "healthcheck [\"true\"] { interval = 5s }").makes("`--interval`"),
    field("timeout", "a duration", "How long a check may take.", "healthcheck [\"true\"] { timeout = 3s }").makes("`--timeout`"),
    field("start_period", "a duration", "How long a container may take to start.", "healthcheck [\"true\"] { start_period = 5s }")
        .makes("`--start-period`"),
    field("retries", "a whole number", "How many checks must fail in a row.", "healthcheck [\"true\"] { retries = 3 }")
        .makes("`--retries`"),
];

/// Behind `tool`.
pub(super) const TOOL: &[Word] = &[
    behind(
        "from",
        "an image or a layer of the program, or a reference in quotes",
        "The image that has the program; must be there.",
        TOOL_EXAMPLE,
    ),
    behind("bin", "a text: a path", "Where the program is in that image; must be there.", TOOL_EXAMPLE),
];

/// Behind `credential`.
pub(super) const CREDENTIAL: &[Word] = &[
    behind("env", "a text: a variable", "The step sees the secret in this variable.", "credential inner-index env \"PIP_INDEX_URL\""),
    behind("file", "a text: a path", "The step sees the secret in this file.", "credential netrc file \"/root/.netrc\""),
    behind("from", "a text", "The name of the secret at GitHub.", "credential netrc file \"/root/.netrc\" from \"GIT_NETRC\"")
        .default("the name in capitals"),
];
