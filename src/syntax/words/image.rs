//! The fields of an `image`.

use super::word::{Word, field};

/// `image NAME { }`; the statements of a layer that describe what is there may be in it, too.
pub(super) const IMAGE: &[Word] = &[
    field(
        "ref",
        "a text: registry and repository, with or without a tag",
        "Which image it is; must be there.",
        "ref = \"quay.io/jupyter/scipy-notebook\"",
    )
    .makes("the `FROM` of what is built on it"),
    field("tag", "a text or a version; sees the axes", "The tag of the image.", "tag = \"2026-07-28\"")
        .makes("the part of `FROM` behind the `:`"),
    field(
        "digest",
        "a text `\"sha256:…\"`, or a map: value of an axis = text",
        "The digest of the image; a registry takes it over the tag.",
        "digest = \"sha256:1111111111111111111111111111111111111111111111111111111111111111\"",
    )
    .makes("the part of `FROM` behind the `@`"),
    field("user", "a name or a number", "Who the image runs as; the statement `user` says more.", "user = jovyan")
        .default("`root`, which is reported where a step needs it (J0611)"),
    field("uid", "a whole number", "The id of the `user`.", "uid = 1000"),
    field("home", "a text: a path", "The home folder of the `user`.", "home = \"/home/jovyan\""),
    field("prefix", "a text: a path", "Where the conda installation of the image is.", "prefix = \"/opt/conda\"").makes("`CONDA_DIR`"),
    field(
        "platforms",
        "a list of `\"linux/amd64\"` and `\"linux/arm64\"`",
        "The platforms that the image has.",
        "platforms = [\"linux/amd64\"]",
    )
    .default("those of the project"),
    field("os", "a text: name and version", "The operating system, for `requires { os \"…\" }`.", "os = \"ubuntu 24.04\""),
    field("description", "a text", "What the image is, for the catalogue.", "description = \"The scientific Python stack\""),
];
