//! What a layer or an environment says as a whole: axes and cells, names and tags, CI and tests.

use super::word::{Room, Word, behind, field, statement};

/// The top of `layer` and `environment`.
pub(super) const LAYER: &[Word] = &[
    statement(
        "from",
        "a layer, image or environment, `/` and open layers; `onto` and another root",
        "What the layer stands on, and the open layers between.",
        "from base",
    )
    .makes("the `FROM` of the Dockerfile"),
    statement("ci", "a block", "How the workflow treats the image.", "ci { timeout = 30m  free_disk = true }").holds(Room::Ci),
    statement("publish", "nothing", "Gives the image its further tags; it is the default.", "publish"),
    statement(
        "internal",
        "nothing",
        "Leaves the image out of what others use: it has its computed tag alone, or is a stage of the images that take files from it.",
        "internal",
    ),
    statement(
        "rebuild",
        "`daily`, `weekly` or `monthly`",
        "Asks for a new image from time to time, though nothing of the program has changed.",
        "rebuild weekly",
    )
    .makes("a slot in `jenv.lock`, which `jenvc update` moves"),
    field(
        "platforms",
        "a list of `\"linux/amd64\"` and `\"linux/arm64\"`",
        "The platforms of this image.",
        "platforms = [\"linux/amd64\"]",
    )
    .default("those of what it stands on"),
    field(
        "install",
        "`locked` or `constraints`",
        "Whether this image installs what `jenvc lock` has resolved for its `pip` lists, or what fits the constraints.",
        "install = constraints",
    )
    .default("the project's"),
    field("title", "a text", "The title of the image.", "title = \"Laboratory\"")
        .default("the name")
        .makes("the label `org.opencontainers.image.title`"),
    field("description", "a text", "What the image is.", "description = \"Tools for everybody\"")
        .makes("the label `org.opencontainers.image.description`"),
];

/// The repository: at the top, and in variants and conditions.
pub(super) const REPOSITORY: &[Word] = &[field(
    "repository",
    "a text; sees the axes; with a host before the first `/` it is in another registry",
    "How the repository of the image is called, for all cells or those of a variant.",
    "repository = \"singleuser-lab\"",
)
.default("the project's `repository`")];

/// Where conda is from here on: layers, fragments, variants and conditions.
pub(super) const PREFIX: &[Word] =
    &[field("prefix", "a text: a path", "Where the conda installation is that a step of this layer makes.", "prefix = \"/opt/mamba\"")];

/// Axes, and which of their points exist: images, layers, environments.
pub(super) const CELLS: &[Word] = &[
    statement(
        "matrix",
        "a name, `=` and values in brackets",
        "An axis: one cell for each value. The axis `python` is the interpreter of the cell.",
        "matrix python = [3.11, 3.12] default 3.12",
    )
    .makes("a build argument, a part of the tag")
    .holds(Room::Matrix),
    statement(
        "link",
        "a block of axes with as many values each",
        "Axes that move together instead of multiplying.",
        "link { torch = [2.4.1, 2.5.1]  vision = [0.19.1, 0.20.1] }",
    ),
    statement(
        "exclude",
        "a block: axis = value or list; `platform` as well",
        "Takes cells away.",
        "matrix python = [3.11, 3.12]\nexclude { python = 3.11 } because \"the driver needs 3.12\"",
    )
    .holds(Room::Rule),
    statement(
        "only",
        "a block: axis = value or list; `platform` as well",
        "Names the cells that stay; several unite.",
        "matrix python = [3.11, 3.12]\nonly { python = 3.12 }",
    )
    .holds(Room::Rule),
];

/// Behind the values of a `matrix`.
pub(super) const MATRIX: &[Word] = &[behind(
    "default",
    "a value of the axis",
    "The value that is taken where nobody chooses.",
    "matrix python = [3.11, 3.12] default 3.11",
)
.default("the first value")];

/// In and behind the braces of `exclude` and `only`.
pub(super) const RULE: &[Word] = &[behind(
    "because",
    "a text",
    "Why these cells do not exist.",
    "matrix python = [3.11, 3.12]\nexclude { python = 3.11 } because \"no driver\"",
)];

/// `tags { }`.
pub(super) const TAGS: &[Word] = &[
    statement(
        "latest",
        "nothing",
        "The tag `latest`; as all but `exact`, behind the name of a cell that is not the default one.",
        "tags { latest }",
    )
    .makes("a further tag in the workflow"),
    statement("date", "nothing", "The day of the build in UTC: `2026-11-24`.", "tags { date }").makes("a further tag in the workflow"),
    statement("sha", "nothing", "Twelve digits of the commit.", "tags { sha }").makes("a further tag in the workflow"),
    statement(
        "exact",
        "a text; sees the axes",
        "A tag as it is written, for every cell.",
        "matrix python = [3.11, 3.12]\ntags { exact \"{{ python }}\" }",
    )
    .makes("a further tag in the workflow"),
    statement(
        "probe",
        "a name, `=`, a command and `matching` with a regular expression",
        "A tag that a command prints in the built image.",
        "tags { probe lab = \"jupyter-lab --version\" matching '[0-9.]+' }",
    )
    .makes("a further tag in the workflow")
    .holds(Room::Tags),
    behind(
        "matching",
        "a text: a POSIX extended regular expression",
        "The part of what a `probe` prints that is meant.",
        "tags { probe lab = \"jupyter-lab --version\" matching '[0-9.]+' }",
    )
    .default("the first line"),
];

/// `test "…" { }`.
pub(super) const TEST: &[Word] = &[
    statement(
        "run",
        "a text: shell",
        "What runs in the built image, through its entrypoint.",
        "test \"it starts\" { run \"jupyter lab --version\" }",
    ),
    statement(
        "expect",
        "a text",
        "What the command must print; several must all be there.",
        "test \"it starts\" { run \"jupyter lab --version\"  expect \"4.\" }",
    ),
    behind("as", "`root` or `user`", "Who runs the test.", "test \"root can\" as root { run \"true\" }").default("`user`"),
    behind("env", "a block of names and values", "Variables of the test.", "test \"quiet\" env { A = \"1\" } { run \"true\" }"),
    behind(
        "host",
        "a text: shell",
        "Runs on the machine of the workflow instead, with the reference in `$IMAGE`.",
        "test \"from outside\" host \"docker run --rm $IMAGE true\"",
    ),
];

/// `ci { }`.
pub(super) const CI: &[Word] = &[
    field("timeout", "a duration: `30m`, `2h`", "How long a build may take.", "ci { timeout = 30m }").makes("`timeout-minutes` of the job"),
    field("runner", "a text", "The runner in place of GitHub's own for the platform.", "ci { runner = \"self-hosted\" }")
        .makes("`runs-on` of the job"),
    field("free_disk", "`true` or `false`", "Frees the disk of the runner first.", "ci { free_disk = true }").default("`false`"),
    statement("skip", "`because` and a text", "Leaves the image out of the workflow.", "ci { skip because \"it is built by hand\" }"),
    behind("because", "a text", "Why the image is left out.", "ci { skip because \"it is built by hand\" }"),
];
