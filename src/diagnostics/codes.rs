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
    // J09xx: drift and lock (made by `driver` and `cli`)
    STALE_ARTIFACT "J0901" "stale-artifact" Error;
    FOREIGN_FILE "J0902" "foreign-file" Error;
    UNWRITABLE_PATH "J0903" "unwritable-path" Error;
    CASE_COLLISION "J0904" "case-collision" Error;
    UNREAD_FILE "J0905" "unread-file" Warning;
    IDLE_ALLOW "J0906" "idle-allow" Note;
}

/// The code with this id or name.
#[must_use]
pub fn find(word: &str) -> Option<&'static Code> {
    ALL.iter().copied().find(|code| code.id.eq_ignore_ascii_case(word) || code.name == word)
}
