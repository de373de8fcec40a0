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
    UNPINNED_ACTION "J0701" "unpinned-action" Warning;
    UNKNOWN_ACTION "J0702" "unknown-action" Error;
    WORKFLOW_OUT_OF_PLACE "J0703" "workflow-out-of-place" Error;
    BAD_SCHEDULE "J0704" "bad-schedule" Error;
    WORKFLOW_WITHOUT_BUILD "J0705" "workflow-without-build" Error;
    RUNNER_FOR_TWO_PLATFORMS "J0706" "runner-for-two-platforms" Warning;
    TIMEOUT_TOO_LONG "J0707" "timeout-too-long" Warning;
    BAD_SECRET_NAME "J0708" "bad-secret-name" Error;
    EXPRESSION_IN_COMMAND "J0709" "expression-in-command" Error;
    WORKFLOW_TOO_LARGE "J0710" "workflow-too-large" Warning;
    // J08xx: the hub
    // J09xx: drift and lock
}

/// The code with this id or name.
#[must_use]
pub fn find(word: &str) -> Option<&'static Code> {
    ALL.iter().copied().find(|code| code.id.eq_ignore_ascii_case(word) || code.name == word)
}
