//! Definitions, the project, installers and package repositories.

use super::word::{Room, Word, definition, field, statement};

/// What begins an item at the top of a file.
pub(super) const TOP: &[Word] = &[
    statement(
        "import",
        "`std.NAME`, or a path or pattern in quotes, and `as NAME`",
        "Reads other files into the program; with \
    `as`, their names have a prefix.",
        "import std.nvidia\nimport \"layers.jenv\"",
    ),
    statement(
        "let",
        "a name, `=` and a value: text, number, version, constraint, list or map",
        "Gives a value a name for `{{ \
    }}`, versions and conditions.",
        "let rucio = ==39.2.0",
    ),
    definition(
        "project",
        "a name and a block",
        "Says where the images go and what holds for all of them; a program has \
    one.",
        "project demo { registry = \"ghcr.io/demo\" }",
    )
    .holds(Room::Project),
    definition(
        "image",
        "a name and a block",
        "Describes an image that exists in a registry and what is known to be in \
    it.",
        "image scipy { ref = \"quay.io/jupyter/scipy-notebook\"  tag = \"2026-07-28\" }",
    )
    .makes(
        "the `FROM` of what is built on \
    it",
    )
    .holds(Room::Image),
    definition(
        "layer",
        "a name and a block",
        "Describes steps on top of something. With `from` it is an image; without, it is \
    stacked on whatever it is put on.",
        "layer tools { from base  apt { curl } }",
    )
    .makes(
        "a Dockerfile, a job, a bake target and \
    a tag",
    )
    .holds(Room::Layer),
    definition(
        "environment",
        "a name and a block",
        "Describes what a person picks: a stack of layers and a \
    `profile`.",
        "environment lab { from base  profile { title = \"Lab\" } }",
    )
    .makes(
        "an image where it has steps of its own, and \
    an entry of the menu",
    )
    .holds(Room::Layer),
    definition(
        "fragment",
        "a name, parameters in parentheses and a block",
        "Names steps that `include` puts in place, once for \
    each set of arguments.",
        "fragment voms(organisation, mode = 644) { run \"mkdir -p /etc/vomses/{{ organisation }}\" \
    }",
    )
    .holds(Room::Steps),
    definition(
        "hub",
        "a name and a block",
        "Describes one JupyterHub: its chart, what it needs of images, its menu.",
        "hub \
    production { chart = 4.4  namespace = \"jhub\" }",
    )
    .holds(Room::Hub),
    definition(
        "profile",
        "a name and a block",
        "An entry of the menu for an image that no environment of the program \
    describes.",
        "profile dev { title = \"Development\"  image = \"ghcr.io/demo/dev:1.0\" }",
    )
    .makes(
        "an entry of \
    `profileList`",
    )
    .holds(Room::NamedProfile),
    definition(
        "output",
        "a kind and a block",
        "Says which artifact is written, and where.",
        "output bake { path = \
    \"docker-bake.json\" }",
    )
    .holds(Room::Output),
    definition(
        "installer",
        "a name and a block",
        "Describes how a package manager works; `replace installer` puts one in the \
    place of a standard one.",
        "installer cargo {\n  versions  = \"semver\"\n  ecosystem = \"npm\"\n  command   = \"cargo \
    install\"\n  item      = \"{{ name }}{{ '@' ~ constraint if constraint else '' }}\"\n}",
    )
    .holds(Room::Installer),
    definition(
        "repo",
        "a name, `apt` or `dnf`, and a block",
        "Describes a package repository for `apt from NAME` and `dnf from \
    NAME`.",
        "repo egi apt { key = \"https://example.org/key.asc\"  line = \"deb https://example.org stable main\" }",
    )
    .holds(Room::Repo),
];

/// What every definition may hold.
pub(super) const ALLOW: &[Word] = &[statement(
    "allow",
    "the code or name of a finding, `because` and a reason",
    "Leaves out a warning or note in this definition; errors can't be allowed.",
    "allow J0905 because \"the old hub needs it\"",
)];

/// `project NAME { }`.
pub(super) const PROJECT: &[Word] = &[
    field("registry", "a text: host and path", "The registry that images are pushed to; must be there.", "registry = \"ghcr.io/demo\"")
        .makes("the first part of every reference"),
    field(
        "repository",
        "a text; `{{ name }}` is the name of the image",
        "How repositories are called below the registry; a definition may say its own.",
        "repository = \"singleuser-{{ name }}\"",
    )
    .default("`\"{{ name }}\"`"),
    field("source", "an address", "Where the source code of the images is.", "source = \"https://github.com/demo/images\"")
        .makes("the label `org.opencontainers.image.source`, and the repository for which the workflow pushes"),
    field("maintainer", "a text", "Who maintains the images.", "maintainer = \"Demo Team\"")
        .makes("the label `org.opencontainers.image.authors`"),
    field("license", "a text: an SPDX expression", "The licence of what the images add.", "license = \"BSD-3-Clause\"")
        .makes("the label `org.opencontainers.image.licenses`"),
    field(
        "platforms",
        "a list of `\"linux/amd64\"` and `\"linux/arm64\"`",
        "The platforms that images are built for; a layer may say its own.",
        "platforms = [\"linux/amd64\", \"linux/arm64\"]",
    )
    .default("`[\"linux/amd64\"]`"),
    field("branch", "a text", "The branch from which the workflow pushes.", "branch = \"main\"").default("`\"main\"`"),
    field(
        "install",
        "`locked` or `constraints`",
        "Whether images install exactly what `jenvc lock` has resolved for their `pip` lists, or what fits the constraints on the day of \
    the build.",
        "install = locked",
    )
    .default("`constraints`")
    .makes("`requirements.txt` with checksums beside each Dockerfile"),
    field("title", "a text", "The title of the project, for readers of the program.", "title = \"Demo\""),
    field("description", "a text", "What the project is, for readers of the program.", "description = \"The images of one hub\""),
    field(
        "same",
        "a map: name of a package = name of another",
        "Packages that are the same software under two names, for the checks.",
        "same = { \"my-torch\" = \"torch\" }",
    ),
    field("distinct", "a list of names", "Packages that are not the same software although their names say so.", "distinct = [\"attr\"]"),
];

/// `installer NAME { }`.
pub(super) const INSTALLER: &[Word] = &[
    field(
        "versions",
        "`\"pep440\"`, `\"conda\"`, `\"debian\"`, `\"rpm\"`, `\"semver\"`, `\"julia\"` or `\"r\"`",
        "How versions compare; must be there.",
        "versions = \"semver\"",
    ),
    field(
        "ecosystem",
        "`\"pypi\"`, `\"conda\"`, `\"apt\"`, `\"rpm\"`, `\"cran\"`, `\"julia\"` or `\"npm\"`",
        "Which names mean the same package.",
        "ecosystem = \"npm\"",
    )
    .default("`\"pypi\"`"),
    field("as", "`user` or `root`", "Who runs the command.", "as = root").default("`user`"),
    field("command", "a text: shell", "The command that gets the packages; must be there.", "command = \"cargo install\"")
        .makes("the `RUN` of its lists"),
    field(
        "item",
        "a text: one word of the command",
        "How one package is written; sees `name`, `extras` and `constraint`; must be there.",
        "item = \"{{ name }}{{ constraint }}\"",
    ),
    field(
        "git",
        "a text: one word of the command",
        "How a package from a git repository is written; sees `url`, `rev` and `subdirectory`.",
        "git = \"git+{{ url }}\"",
    ),
    field(
        "url",
        "a text: one word of the command",
        "How a package from an address is written; sees `url` and `sha256`, or the `path` of what is downloaded for the step.",
        "url = \"{{ url }}\"",
    ),
    field("path", "a text: one word of the command", "How a package from a file is written; sees `path`.", "path = \"{{ path }}\""),
    field("before", "a list of texts: shell", "Commands before, in the same `RUN`.", "before = [\"cargo update\"]"),
    field("after", "a list of texts: shell", "Commands after, in the same `RUN`: cleaning up.", "after = [\"rm -rf /tmp/cargo\"]"),
    field("file", "a text: shell; sees `path`", "How a list in a file is given to the command.", "file = \"--file {{ path }}\""),
    field("upgrade", "a text: shell", "The command of `NAME upgrade`.", "upgrade = \"cargo update\""),
    field("pinned", "a text: shell; sees `item`", "What runs for each entry with `pin`.", "pinned = \"echo {{ item }} >> /etc/pins\""),
    field(
        "enable",
        "a map: kind = shell; sees `name`",
        "What runs for each entry with `enable KIND`.",
        "enable = { server = \"cargo enable {{ name }}\" }",
    ),
    field(
        "bootstrap",
        "a text: shell",
        "The command of `NAME bootstrap`, while the manager is not there yet.",
        "bootstrap = \"rustup-init -y\"",
    ),
    field(
        "create",
        "a text: shell; sees `environment`",
        "The command of the first list of `NAME env`.",
        "create = \"cargo init {{ environment }}\"",
    ),
    field(
        "within",
        "a text: shell; sees `environment`",
        "The command of further lists of `NAME env`.",
        "within = \"cargo install --root {{ environment }}\"",
    ),
    field("system", "a text: shell", "The command of `NAME system`, which root runs.", "system = \"cargo install --root /usr\""),
    field(
        "create_from",
        "a text: shell; sees `environment` and `path`",
        "The command of the first list in a file of `NAME env`.",
        "create_from = \"cargo init {{ environment }} --file {{ path }}\"",
    ),
    field(
        "update_from",
        "a text: shell; sees `environment` and `path`",
        "The command of a further list in a file.",
        "update_from = \"cargo update --file {{ path }}\"",
    ),
    field(
        "hold",
        "a text: shell; sees `name`",
        "What runs before the first command for each package that the image below pins.",
        "hold = \"cargo hold {{ name }}\"",
    ),
    field(
        "release",
        "a text: shell; sees `name`",
        "What runs before the command for each package that is held and that the list moves within its pin; `pinned` follows.",
        "release = \"cargo release {{ name }}\"",
    ),
    field(
        "verify",
        "a text: shell; sees `name` and `constraint`",
        "What runs after the packages for each one that is pinned so far, where the manager holds nothing back.",
        "verify = \"check-version {{ name }} {{ constraint }}\"",
    ),
    field(
        "constraint",
        "a text: shell; sees `path`",
        "How the pins below are given to the command.",
        "constraint = \"--constraint {{ path }}\"",
    ),
    field(
        "locked",
        "a text: shell",
        "What comes before the path of a list with checksums, where images install from the lock.",
        "locked = \"--locked --file\"",
    ),
    field("recommends", "a text: shell", "The command of `NAME recommends`.", "recommends = \"cargo install --all-features\""),
    statement(
        "option",
        "a name, parameters in parentheses and `{ flag = \"…\" }`",
        "An option of the lists of this manager.",
        "option locked { flag = \"--locked\" }",
    )
    .holds(Room::InstallerOption),
];

/// `option NAME { }` of an installer.
pub(super) const INSTALLER_OPTION: &[Word] = &[
    field(
        "flag",
        "a text: shell; sees the parameters",
        "What the option adds to the command; must be there, unless the option has commands.",
        "flag = \"--locked\"",
    ),
    field("before", "texts: shell; see the parameters", "Commands before all others of the step.", "before = [\"export CARGO_OFFLINE=1\"]"),
    field("after", "texts: shell; see the parameters", "Commands at the end of the step.", "after = [\"rm -rf /root/.cargo\"]"),
];

/// `repo NAME MANAGER { }`.
pub(super) const REPO: &[Word] = &[
    field(
        "line",
        "a text: a line of `sources.list`; for dnf an address or a whole section",
        "The repository itself; must be there.",
        "line = \"deb https://example.org stable main\"",
    )
    .makes("a file below `/etc/apt/sources.list.d` or `/etc/yum.repos.d`"),
    field("key", "an address", "Where the key is that signs the repository.", "key = \"https://example.org/key.asc\"")
        .makes("a download to `/etc/apt/keyrings` or `/etc/pki/rpm-gpg`"),
    field(
        "sha256",
        "a text: 64 hexadecimal digits",
        "The checksum of the key.",
        "sha256 = \"1111111111111111111111111111111111111111111111111111111111111111\"",
    ),
];
