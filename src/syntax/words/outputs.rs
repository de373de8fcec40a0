//! What is written.

use super::word::{Room, Word, field, statement};

/// The kinds of output.
pub(super) const KINDS: &[Word] = &[
    statement(
        "dockerfiles",
        "a block",
        "A Dockerfile for each image, and the scripts beside it.",
        "output dockerfiles { dir = \
    \"images\" }",
    )
    .makes("`images/NAME/Dockerfile` and its `.dockerignore`")
    .holds(Room::OutputDockerfiles),
    statement(
        "workflow",
        "a block",
        "The GitHub workflow that builds, tests and pushes.",
        "output workflow { path = \
    \".github/workflows/images.yml\" }",
    )
    .holds(Room::OutputWorkflow),
    statement(
        "bake",
        "a block",
        "The graph of images for `docker buildx bake`.",
        "output bake { path = \"docker-bake.json\" \
    }",
    )
    .holds(Room::OutputBake),
    statement(
        "configmap",
        "a block",
        "The menu of a hub as a ConfigMap with `values.yaml`.",
        "output configmap { path = \
    \"deploy/profiles.yaml\"  hub = main  name = \"profiles\" }",
    )
    .holds(Room::OutputMenu),
    statement(
        "values",
        "a block",
        "The menu of a hub as values of the chart.",
        "output values { path = \"deploy/values.yaml\"  \
    hub = main }",
    )
    .holds(Room::OutputMenu),
    statement(
        "helmrelease",
        "a block",
        "A HelmRelease of Flux that takes the menu by `valuesFrom`.",
        "output helmrelease { path \
    = \"deploy/jupyterhub.yaml\"  hub = main  name = \"jupyterhub\"  values_from = \"profiles\"  chart_source = \
    \"HelmRepository/jupyterhub\" }",
    )
    .holds(Room::OutputMenu),
    statement(
        "catalog",
        "a block",
        "A page of every environment for those who choose.",
        "output catalog { path = \
    \"docs/environments.html\" }",
    )
    .holds(Room::OutputCatalog),
];

/// `output dockerfiles { }`.
pub(super) const DOCKERFILES: &[Word] =
    &[field("dir", "a text: a folder", "Where the files go.", "dir = \"images\"").default("`\"images\"`")];

/// `output bake { }`.
pub(super) const BAKE: &[Word] =
    &[field("path", "a text: a path", "Where the file goes.", "path = \"docker-bake.json\"").default("`\"docker-bake.json\"`")];

/// `output workflow { }`.
pub(super) const WORKFLOW: &[Word] = &[
    field(
        "read_secrets",
        "two names of secrets: the user, the password",
        "A login that can only read, for pull requests from the repository itself.",
        "read_secrets = [\"READ_USERNAME\", \"READ_TOKEN\"]",
    ),
    field("environment", "a text", "The environment of GitHub in which images are pushed.", "environment = \"registry\"")
        .makes("`environment` of the jobs that push"),
    field("commits", "`push` or `pull_request`", "How a scheduled run hands in what it has written.", "commits = pull_request")
        .default("`push`"),
    field(
        "upgrade",
        "`true` or `false`",
        "A scheduled run moves the lock to the newest versions that the constraints allow; the command in `check` has to bring `uv`, too.",
        "upgrade = true",
    )
    .default("`false`")
    .makes("`jenvc lock --upgrade` in the scheduled job"),
    field("token", "a name of a secret", "As whom a scheduled run hands in what it has written.", "token = \"UPDATE_TOKEN\"")
        .default("the token of the workflow"),
    field(
        "uses",
        "`\"./\"` or `\"$/\"`",
        "How the workflow names the one that it calls; `./` is for runners before 2.336 and for GitHub Enterprise Server.",
        "uses = \"./\"",
    )
    .default("`\"$/\"`"),
    field(
        "tools",
        "a map: image = version and digest",
        "The images of the tools of a build at other versions.",
        "tools = { \"moby/buildkit\" = \"v0.29.0@sha256:1111111111111111111111111111111111111111111111111111111111111111\" }",
    ),
    field("path", "a text: a path", "Where the file goes.", "path = \".github/workflows/images.yml\"")
        .default("`\".github/workflows/images.yml\"`"),
    field("root", "a text: a folder", "Where the program is in its repository.", "root = \"/\"")
        .default("the top")
        .makes("`working-directory`"),
    field("schedule", "a text: five fields of cron, in UTC", "When the workflow runs by itself.", "schedule = \"0 3 * * 1\"")
        .makes("`on.schedule`"),
    field("pull_requests", "`all`, `default_cells` or `none`", "What is built for a pull request.", "pull_requests = default_cells")
        .default("`all`"),
    field("cache", "`true` or `false`", "Keeps the layers of builds in the registry.", "cache = true")
        .default("`false`")
        .makes("`--cache-to`"),
    field("sign", "`true` or `false`", "Signs what is pushed, with cosign and the identity of the workflow.", "sign = true")
        .default("`false`"),
    field("attest", "`true` or `false`", "Pushes provenance and an SBOM.", "attest = true").default("`true`"),
    field(
        "secrets",
        "two names of secrets: the user, the password",
        "What the workflow logs in with.",
        "secrets = [\"REGISTRY_USERNAME\", \"REGISTRY_PASSWORD\"]",
    )
    .default("the token of the workflow for `ghcr.io`; `REGISTRY_USERNAME` and `REGISTRY_PASSWORD` for others"),
    field("check", "a text: shell", "The command that gets jenvc, for the job that checks.", "check = \"pip install jenvc==0.1.0\""),
    field(
        "actions",
        "a map: action = commit and version",
        "The actions of GitHub at other commits.",
        "actions = { \"actions/checkout\" = \"1111111111111111111111111111111111111111 v7.0.1\" }",
    )
    .default("those of this version of jenvc"),
];

/// `output configmap`, `values` and `helmrelease`.
pub(super) const MENU: &[Word] = &[
    field("path", "a text: a path", "Where the file goes.", "path = \"deploy/profiles.yaml\"").default("a file below `deploy`"),
    field("hub", "a hub", "Whose menu it is.", "hub = main").default("the only hub"),
    field("name", "a text", "The name of the object.", "name = \"profiles\"").makes("`metadata.name`"),
    field("namespace", "a text", "The namespace of the object; the hub says it as well.", "namespace = \"jhub\""),
    field("values_from", "a text", "The ConfigMap from which a HelmRelease takes the menu.", "values_from = \"profiles\"")
        .makes("`valuesFrom`"),
    field(
        "chart_source",
        "a text: kind and name",
        "The source of the chart of a HelmRelease.",
        "chart_source = \"HelmRepository/jupyterhub\"",
    )
    .makes("`sourceRef`"),
    field("pre_pull", "`true` or `false`", "Whether today's images are listed for the puller.", "pre_pull = true")
        .default("`true` where a hub keeps releases")
        .makes("`prePuller.extraImages`"),
];

/// `output catalog { }`.
pub(super) const CATALOG: &[Word] = &[
    field(
        "path",
        "a text: a path that ends with `.html` or `.md`",
        "Where the page goes, and how it is written.",
        "path = \"docs/environments.html\"",
    )
    .default("`\"docs/environments.html\"`"),
    field("hub", "a hub", "Leaves only the menu of this hub.", "hub = main").default("all hubs"),
    field("title", "a text", "The heading of the page.", "title = \"What you can pick\"").default("the name of the project"),
];
