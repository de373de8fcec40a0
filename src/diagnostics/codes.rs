//! The table of codes. A code without a page does not compile: each line includes `codes/<id>-<name>.md`.

use super::Code;

macro_rules! codes {
    ($($constant:ident $id:literal $name:literal $severity:ident;)*) => {
        pub(super) mod constants {
            use crate::diagnostics::{Code, Severity};
            $(
                #[doc = concat!("`", $id, "` `", $name, "`")]
                pub static $constant: Code = Code {
                    id: $id,
                    name: $name,
                    severity: Severity::$severity,
                    page: include_str!(concat!("codes/", $id, "-", $name, ".md")),
                };
            )*
        }
        /// Every code there is, by number.
        pub static ALL: &[&Code] = &[$(&constants::$constant),*];
    };
}

codes! {
    // J00xx: text and grammar (made by `syntax`)
    NOT_UTF8 "J0001" "not-utf8" Error;
    // J01xx: files and imports
    // J02xx: names
    // J03xx: types and values
    // J04xx: packages and conflicts
    // J05xx: axes, cells, tags
    // J06xx: Dockerfiles and builds
    // J07xx: workflows
    // J08xx: the hub
    UNKNOWN_TRAIT "J0801" "unknown-trait" Error;
    WRONG_TRAIT_TYPE "J0802" "wrong-trait-type" Error;
    TRAIT_WITHOUT_EFFECT "J0803" "trait-without-effect" Error;
    TRAIT_NOT_IN_CHART "J0804" "trait-not-in-chart" Error;
    DEPRECATED_TRAIT "J0805" "deprecated-trait" Warning;
    TRAIT_SET_TWICE "J0806" "trait-set-twice" Error;
    GUARANTEE_OVER_LIMIT "J0807" "guarantee-over-limit" Error;
    MALFORMED_SLUG "J0808" "malformed-slug" Error;
    DUPLICATE_SLUG "J0809" "duplicate-slug" Error;
    NO_DEFAULT_ENTRY "J0810" "no-default-entry" Error;
    SEVERAL_DEFAULTS "J0811" "several-defaults" Error;
    RESERVED_KEY "J0812" "reserved-key" Error;
    DUPLICATE_KEY "J0813" "duplicate-key" Error;
    PULLER_NAME "J0814" "puller-name" Error;
    UNREADABLE_TITLE "J0815" "unreadable-title" Error;
    UNREADABLE_PATTERN "J0816" "unreadable-pattern" Error;
    OPEN_CHOICE "J0817" "open-choice" Error;
    UNUSED_TEXT "J0818" "unused-text" Error;
    EMPTY_OPTION "J0819" "empty-option" Error;
    REFUSED_BY_KUBERNETES "J0820" "refused-by-kubernetes" Error;
    URL_WITHOUT_SLASH "J0821" "url-without-slash" Error;
    CHART_LIST_REPLACED "J0822" "chart-list-replaced" Warning;
    MENU_SIZE "J0823" "menu-size" Error;
    HUB_CONTRACT_BROKEN "J0824" "hub-contract-broken" Error;
    HUB_CONTRACT_OPEN "J0825" "hub-contract-open" Warning;
    UNKNOWN_PLACEHOLDER "J0826" "unknown-placeholder" Warning;
    GROUPS_NOT_FILTERED "J0827" "groups-not-filtered" Warning;
    OBJECT_NAME "J0828" "object-name" Error;
    RELEASE_WITHOUT_VALUES "J0829" "release-without-values" Error;
    UNKNOWN_CHART "J0830" "unknown-chart" Warning;
    IMAGE_REFERENCE "J0831" "image-reference" Error;
    FLOATING_MENU_IMAGE "J0832" "floating-menu-image" Warning;
    UNUSED_MENU_IMAGE "J0833" "unused-menu-image" Warning;
    VANISHED_ENTRY "J0834" "vanished-entry" Error;
    FLATTENED_CHOICES "J0835" "flattened-choices" Note;
    // J09xx: drift and lock
}

/// The code with this id or name.
#[must_use]
pub fn find(word: &str) -> Option<&'static Code> {
    ALL.iter().copied().find(|code| code.id.eq_ignore_ascii_case(word) || code.name == word)
}
