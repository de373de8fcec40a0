//! A hub and its defaults.

use super::word::{Room, Word, field, statement};

/// `hub NAME { }`.
pub(super) const HUB: &[Word] = &[
    field(
        "chart",
        "a version of the chart of JupyterHub",
        "Decides which traits there are and how volumes are written; must be there.",
        "chart = 4.4",
    ),
    field("namespace", "a text", "The namespace of Kubernetes.", "namespace = \"jhub\"").makes("`metadata.namespace`"),
    field("form", "`kubespawner` or `fancy`", "Who draws the page on which people choose.", "form = kubespawner").default("`kubespawner`"),
    field(
        "pull_secrets",
        "a list of texts",
        "The secrets of Kubernetes with which nodes pull images from a private registry.",
        "pull_secrets = [\"registry\"]",
    )
    .makes("`imagePullSecrets`"),
    field("home", "a text: a path", "Where the chart mounts the home folder of a server.", "home = \"/home/jovyan\"")
        .makes("`singleuser.storage.homeMountPath`"),
    field(
        "block_metadata",
        "`true` or `false`",
        "Whether servers are kept from the metadata of the cloud by iptables.",
        "block_metadata = false",
    )
    .makes("`singleuser.cloudMetadata.blockWithIptables`"),
    field("puller", "`true` or `false`", "Whether the chart pulls images to nodes before they are needed.", "puller = false")
        .makes("`prePuller`"),
    field(
        "registry",
        "a text: host and path",
        "A mirror from which this hub pulls the images of the program.",
        "registry = \"mirror.example.org/demo\"",
    )
    .default("the project's `registry`"),
    field(
        "pushes_to",
        "a text: how the names of images begin",
        "Where the hub pushes images that people build there (`image_prefix` of its BinderHub); `match` of a free text beside \
        `dynamic_image_building` admits these where the program does not say it.",
        "pushes_to = \"registry.example.org/demo/built-\"",
    )
    .makes("`validation_regex`"),
    field(
        "filters_groups",
        "`true`, `false` or `lowercase`",
        "Whether the configuration of the hub reads `allowed_groups`.",
        "filters_groups = true",
    )
    .default("`false`"),
    field(
        "saved_choices",
        "`true` or `false`",
        "Whether the artifact brings the piece of configuration that finds saved choices under today's names.",
        "saved_choices = false",
    )
    .default("`true`")
    .makes("`hub.extraConfig`"),
    field("menu", "a list of environments and profiles", "What is on the menu, in the order of the page.", "menu = [lab]")
        .default("every environment with a profile"),
    field("retired", "a list of texts: an entry, or `entry/choice`", "What was offered once and may be gone.", "retired = [\"old-lab\"]"),
    field(
        "release",
        "a text: a path",
        "A HelmRelease that is written by hand: a menu that is left in it is reported.",
        "release = \"release.yaml\"",
    ),
    statement("from", "a hub", "Takes over what another hub says.", "from base_hub"),
    statement("provides", "packages in braces", "What the chart runs.", "provides { jupyterhub ==5.5.0 }").holds(Room::Provides),
    statement("requires", "packages in braces", "What every image on the menu must have, cell by cell.", "requires { jupyterhub ==5.* }")
        .holds(Room::Requires),
    statement("defaults", "a block", "What holds for every entry.", "defaults { memory = 1G..2G }")
        .makes("`singleuser` of the chart")
        .holds(Room::Defaults),
];

/// `defaults { }`.
pub(super) const DEFAULTS: &[Word] = &[
    field("keep", "a whole number, 0 to 10", "How many earlier releases every entry keeps.", "defaults { keep = 2 }"),
    statement(
        "option",
        "a name and a block of choices",
        "A drop-down of every entry that has none of the same name.",
        "defaults { option size { small { cpu = 1 }  large { cpu = 4 } } }",
    )
    .makes("`profile_options`")
    .holds(Room::MenuOption),
];
