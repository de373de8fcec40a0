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
    NESTED_TOO_DEEP "J0002" "nested-too-deep" Error;
    ODD_CHARACTER "J0003" "odd-character" Error;
    BIDIRECTIONAL_CHARACTER "J0004" "bidirectional-character" Error;
    UNCLOSED_BRACKET "J0005" "unclosed-bracket" Error;
    UNCLOSED_TEXT "J0006" "unclosed-text" Error;
    UNCLOSED_INTERPOLATION "J0007" "unclosed-interpolation" Error;
    EMPTY_INTERPOLATION "J0008" "empty-interpolation" Error;
    DOLLAR_BRACES "J0009" "dollar-braces" Error;
    BAD_ESCAPE "J0010" "bad-escape" Error;
    UNEXPECTED_TEXT "J0011" "unexpected-text" Error;
    MISSING_VALUE "J0012" "missing-value" Error;
    MISSING_COMMA "J0013" "missing-comma" Error;
    STRAY_COMMA "J0014" "stray-comma" Error;
    WRONG_OPERATOR "J0015" "wrong-operator" Error;
    WRONG_ASSIGNMENT "J0016" "wrong-assignment" Error;
    UNKNOWN_ITEM "J0017" "unknown-item" Error;
    STRAY_BRACE "J0018" "stray-brace" Error;
    OUTSIDE_DEFINITION "J0019" "outside-definition" Error;
    BAD_NAME "J0020" "bad-name" Error;
    MISSING_BLOCK "J0021" "missing-block" Error;
    BARE_VERSION "J0022" "bare-version" Error;
    NOT_A_PACKAGE "J0023" "not-a-package" Error;
    QUOTED_VERSION "J0024" "quoted-version" Error;
    BAD_KEY "J0025" "bad-key" Error;
    INNER_ITEM "J0026" "inner-item" Error;
    EMPTY_PIN "J0027" "empty-pin" Error;
    BAD_CONDITION "J0028" "bad-condition" Error;
    NOT_A_SOURCE "J0029" "not-a-source" Error;
    FIELDS_ONLY "J0030" "fields-only" Error;
    BRACE_ALONE "J0031" "brace-alone" Error;
    // J01xx: files and imports
    // J02xx: names
    // J03xx: types and values
    // J04xx: packages and conflicts
    // J05xx: axes, cells, tags
    // J06xx: Dockerfiles and builds
    // J07xx: workflows
    // J08xx: the hub
    // J09xx: drift and lock
}

/// The code with this id or name.
#[must_use]
pub fn find(word: &str) -> Option<&'static Code> {
    ALL.iter().copied().find(|code| code.id.eq_ignore_ascii_case(word) || code.name == word)
}
