//! The menu: entries, their settings, options and free texts.

use super::word::{Room, Word, field, statement};

/// What an entry or a choice shows.
pub(super) const SHOWN: &[Word] = &[
    field("title", "a text; sees the cell", "What people read.", "title = \"Python {{ python }}\"")
        .default("made of the name")
        .makes("`display_name`"),
    field("description", "a text; sees the cell", "The line below the title.", "description = \"For everybody\"").makes("`description`"),
    field("default", "`true` or `false`", "Whether it is chosen where nobody chooses.", "default = true")
        .default("`false`; the first entry")
        .makes("`default`"),
    field("groups", "a list of texts", "The groups that see it; the hub must say `filters_groups`.", "groups = [\"physics\"]")
        .makes("`allowed_groups`"),
    field(
        "renamed_from",
        "a text or a list of texts",
        "Former names, so that what people have saved still works.",
        "renamed_from = \"old-lab\"",
    ),
];

/// Entries.
pub(super) const PROFILE: &[Word] = &[
    field("slug", "a text", "What a saved choice names.", "slug = \"lab\"")
        .default("made of the title, as KubeSpawner makes it")
        .makes("`slug`"),
    field("choose", "a list of axes", "One entry with drop-downs over the cells that exist.", "choose = [python]")
        .default("an entry for each cell")
        .makes("`profile_options`"),
    field("keep", "a whole number, 0 to 10", "How many earlier releases stay on offer, as far as `jenv.lock` knows them.", "keep = 3")
        .default("what the hub's `defaults` say, else `0`")
        .makes("the drop-down `release`"),
    statement(
        "option",
        "a name and a block of choices",
        "A drop-down of the entry.",
        "option size {\n  small { cpu = 1  default = true }\n  large { cpu = 8 }\n}",
    )
    .makes("`profile_options`")
    .holds(Room::MenuOption),
    statement(
        "unlisted",
        "a name and a block",
        "A free text, as for an image that is not on the list.",
        "unlisted image { title = \"Another image\"  match = 'ghcr\\.io/demo/.+:.+' }",
    )
    .makes("`unlisted_choice`")
    .holds(Room::Unlisted),
];

/// Where an entry or a choice names its image.
pub(super) const PICKED_IMAGE: &[Word] =
    &[field("image", "a text, or the name of an image of the program", "The image that is started.", "image = \"ghcr.io/demo/dev:1.0\"")
        .makes("`image`")];

/// What a server gets: entries, choices, free texts, defaults of a hub.
pub(super) const SETTINGS: &[Word] = &[
    field("cpu", "cores: `2`, `0.5`, `500m`, or a range `2..4`", "Processor cores: guaranteed..at most; one value is both.", "cpu = 2..4")
        .makes("`cpu_guarantee` and `cpu_limit`"),
    field(
        "memory",
        "memory: `4G`, or a range `4G..16G`; `K`, `M`, `G`, `T`, powers of 1024",
        "Memory: guaranteed..at most; one value is both.",
        "memory = 2G..4G",
    )
    .makes("`mem_guarantee` and `mem_limit`"),
    field("gpu", "a whole number, or a map with `count` and `resource`", "Graphics cards.", "gpu = 1")
        .makes("`extra_resource_limits`")
        .holds(Room::Gpu),
    field("node", "a map: label = text", "The nodes that a server may run on.", "node = { \"example.org/pool\" = \"notebooks\" }")
        .makes("`node_selector`"),
    field("env", "a map: NAME = text", "Variables of the server.", "env = { DASK_WORKERS = \"4\" }").makes("`environment`"),
    field("url", "a text: a path", "Where a server opens.", "url = \"/lab\"").makes("`default_url`"),
    statement(
        "override",
        "a block: trait = value",
        "Traits of KubeSpawner that have no word of their own; names and types are checked.",
        "override { start_timeout = 600 }",
    )
    .makes("`kubespawner_override`"),
    statement("when", "a condition and a block", "What holds for some cells, or for one hub.", "when hub == main { memory = 1G }"),
];

/// `option NAME { }`: its choices are named by their keys.
pub(super) const OPTION: &[Word] = &[
    field(
        "renamed_from",
        "a text or a list of texts",
        "Former names, so that what people have saved still works.",
        "option size {\n  renamed_from = \"flavour\"\n  small { cpu = 1 }\n}",
    ),
    field(
        "dynamic_image_building",
        "`true` or `false`, or a map with `on`",
        "Whether people may have an image built, with the form `fancy`.",
        "option image {\n  dynamic_image_building = true\n  unlisted { title = \"Other\"  match = '.+' }\n  plain { image = \
        \"ghcr.io/demo/x:1\" }\n}",
    )
    .makes("`dynamic_image_building`")
    .holds(Room::Building),
    field("title", "a text", "What people read above the drop-down.", "option size { title = \"Size\"  small { cpu = 1 } }")
        .default("made of the name")
        .makes("`display_name`"),
    statement(
        "unlisted",
        "a block",
        "A free text beside the choices.",
        "option image {\n  unlisted { title = \"Other\"  match = '.+' }\n  plain { image = \"ghcr.io/demo/x:1\" }\n}",
    )
    .makes("`unlisted_choice`")
    .holds(Room::Unlisted),
];

/// `unlisted NAME { }`.
pub(super) const UNLISTED: &[Word] = &[
    field("title", "a text", "What people read above the field.", "unlisted image { title = \"Another image\"  match = 'x.+' }")
        .makes("`display_name`"),
    field(
        "in_choices",
        "a text",
        "The line of the drop-down that opens the field.",
        "unlisted image { title = \"Another image\"  in_choices = \"Other…\"  match = 'x.+' }",
    )
    .makes("`display_name_in_choices`"),
    field(
        "match",
        "a text: a regular expression",
        "What may be entered.",
        "unlisted image { title = \"Another image\"  match = 'ghcr\\.io/.+:.+' }",
    )
    .makes("`validation_regex`"),
    field(
        "message",
        "a text",
        "What people read where it does not match.",
        "unlisted image { title = \"Another image\"  match = 'x.+'  message = \"Begin with x\" }",
    )
    .makes("`validation_message`"),
    field(
        "groups",
        "a list of texts",
        "The groups that see it.",
        "unlisted image { title = \"Another image\"  match = 'x.+'  groups = [\"physics\"] }",
    ),
];

/// `gpu = { }`.
pub(super) const GPU: &[Word] = &[
    field("count", "a whole number", "How many cards.", "gpu = { count = 2 }").default("`1`"),
    field("resource", "a text", "The resource of Kubernetes that the cards are.", "gpu = { resource = \"amd.com/gpu\" }")
        .default("`\"nvidia.com/gpu\"`"),
];

/// `dynamic_image_building = { }`.
pub(super) const BUILDING: &[Word] = &[
    field(
        "enabled",
        "`true` or `false`",
        "As fancy-profiles writes it.",
        "option image {\n  dynamic_image_building = { enabled = true }\n  unlisted { title = \"Other\"  match = '.+' }\n  plain { \
        image = \"ghcr.io/demo/x:1\" }\n}",
    )
    .default("`true`"),
    field(
        "on",
        "a text, or the name of an image of the program",
        "The image that people's Dockerfiles start from; the line of the free text names it.",
        "option image {\n  dynamic_image_building = { on = \"ghcr.io/demo/base:1\" }\n  unlisted { title = \"Other\"  match = '.+' }\n  \
        plain { image = \"ghcr.io/demo/x:1\" }\n}",
    )
    .makes("`description_in_choices`"),
];
