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
    OTHER_LANGUAGE "J0032" "other-language" Error;
    MERGE_CONFLICT "J0033" "merge-conflict" Error;
    OPTION_BETWEEN "J0037" "option-between" Error;
    EARLY_END "J0038" "early-end" Error;
    // J01xx: files and imports
    MISSING_FILE "J0101" "missing-file" Error;
    IMPORT_OUTSIDE "J0102" "outside-the-program" Error;
    UNREADABLE_FILE "J0103" "unreadable-file" Error;
    FILE_TOO_LARGE "J0104" "file-too-large" Error;
    IMPORT_MATCHES_NOTHING "J0105" "import-matches-nothing" Error;
    UNKNOWN_STANDARD_MODULE "J0106" "unknown-standard-module" Error;
    TOO_MANY_FILES "J0107" "too-many-files" Error;
    IMPORT_INTERPOLATED "J0108" "import-interpolated" Error;
    BAD_FACTS "J0109" "bad-facts" Error;
    UNREAD_REQUIREMENT "J0110" "unread-requirement" Warning;
    BAD_LOCK "J0111" "bad-lock" Error;
    PATH_IN_REQUIREMENTS "J0112" "path-in-requirements" Error;
    CIRCULAR_REQUIREMENTS "J0113" "circular-requirements" Error;
    REFUSED_REQUIREMENT "J0114" "refused-requirement" Error;
    MISSING_HASH "J0115" "missing-hash" Error;
    FOREIGN_LIST "J0116" "foreign-list" Error;
    IGNORED_SELECTOR "J0117" "ignored-selector" Warning;
    LIST_OF_ANOTHER_PLATFORM "J0118" "list-of-another-platform" Error;
    // J02xx: names
    UNKNOWN_NAME "J0201" "unknown-name" Error;
    DUPLICATE_NAME "J0202" "duplicate-name" Error;
    NAMES_DIFFER_IN_CASE "J0203" "names-differ-in-case" Error;
    WRONG_KIND "J0204" "wrong-kind" Error;
    UNKNOWN_VALUE "J0205" "unknown-value" Error;
    HYPHEN_IN_VALUE_NAME "J0206" "hyphen-in-value-name" Error;
    RESERVED_NAME "J0207" "reserved-name" Error;
    REPLACES_NOTHING "J0208" "replaces-nothing" Error;
    UNKNOWN_STATEMENT "J0209" "unknown-statement" Error;
    UNKNOWN_FIELD "J0210" "unknown-field" Error;
    DUPLICATE_FIELD "J0211" "duplicate-field" Error;
    MISSING_FIELD "J0212" "missing-field" Error;
    UNKNOWN_WORD "J0213" "unknown-word" Error;
    UNKNOWN_ARGUMENT "J0214" "unknown-argument" Error;
    MISSING_ARGUMENT "J0215" "missing-argument" Error;
    NO_PROJECT "J0216" "no-project" Error;
    SECOND_PROJECT "J0217" "second-project" Error;
    CIRCULAR_STACK "J0218" "circular-stack" Error;
    CIRCULAR_INCLUDE "J0219" "circular-include" Error;
    UNKNOWN_PACKAGE "J0220" "unknown-package" Error;
    NO_ROOT "J0221" "no-root" Error;
    UNUSED_LAYER "J0222" "unused-layer" Warning;
    MISPLACED_WORD "J0223" "misplaced-word" Error;
    IDLE_OPTION "J0224" "idle-option" Warning;
    IDLE_COMMAND "J0225" "idle-command" Warning;
    // J03xx: types and values
    WRONG_TYPE "J0301" "wrong-type" Error;
    CIRCULAR_VALUE "J0302" "circular-value" Error;
    NO_TEXT "J0303" "no-text" Error;
    EXPRESSION "J0304" "expression" Error;
    OPEN_PACKAGE_VERSION "J0305" "open-package-version" Error;
    UNKNOWN_OPERATOR "J0306" "unknown-operator" Error;
    BAD_VALUE "J0307" "bad-value" Error;
    BAD_VERSION "J0309" "bad-version" Error;
    UNEXPECTED_PART "J0310" "unexpected-part" Error;
    MISSING_PART "J0311" "missing-part" Error;
    BAD_PACKAGE_NAME "J0312" "bad-package-name" Error;
    UNSUPPORTED_SOURCE "J0314" "unsupported-source" Error;
    BAD_REFERENCE "J0315" "bad-reference" Error;
    CHANGES_IMAGE "J0316" "changes-image" Error;
    CREDENTIALS_IN_ADDRESS "J0317" "credentials-in-address" Error;
    IDLE_TEST "J0318" "idle-test" Warning;
    HOOK_REPLACED "J0319" "hook-replaced" Warning;
    // J04xx: packages and conflicts
    DISJOINT_CONSTRAINTS "J0401" "disjoint-constraints" Error;
    PINNED_BELOW "J0402" "pinned-below" Error;
    NARROWED_BELOW "J0403" "narrowed-below" Note;
    UNEXPLAINED_OVERRIDE "J0404" "unexplained-override" Warning;
    DOWNGRADED_BELOW "J0405" "downgraded-below" Warning;
    REPEATED_PACKAGE "J0406" "repeated-package" Note;
    TWO_MANAGERS "J0407" "two-managers" Warning;
    PYTHON_MOVED "J0408" "python-moved" Warning;
    PYTHON_AXIS "J0409" "python-axis" Error;
    IDLE_OVERRIDE "J0410" "idle-override" Note;
    UNDECIDED_MARKER "J0411" "undecided-marker" Note;
    BOUND_BELOW "J0412" "bound-below" Warning;
    UNHELD_PIN "J0413" "unheld-pin" Note;
    PACKAGES_IN_SHELL "J0414" "packages-in-shell" Note;
    TWICE_IN_LIST "J0415" "twice-in-list" Note;
    EMPTY_CONSTRAINT "J0418" "empty-constraint" Error;
    RIVAL_PACKAGES "J0419" "rival-packages" Warning;
    MIXED_CHANNELS "J0420" "mixed-channels" Warning;
    UNBOUNDED_SERVER "J0421" "unbounded-server" Note;
    EXTENSION_ELSEWHERE "J0422" "extension-elsewhere" Warning;
    MOVING_GIT "J0430" "moving-git" Warning;
    UNCHECKED_DOWNLOAD "J0431" "unchecked-download" Warning;
    FLOATING_BASE "J0432" "floating-base" Warning;
    EXPIRED_UNTIL "J0433" "expired-until" Warning;
    UNMET_REQUIREMENT "J0434" "unmet-requirement" Error;
    OPEN_REQUIREMENT "J0435" "open-requirement" Note;
    WRONG_ORDER "J0436" "wrong-order" Error;
    UNQUOTED_COMPARISON "J0440" "unquoted-comparison" Error;
    WHEEL_INDEX "J0450" "wheel-index" Warning;
    OTHER_CUDA "J0451" "other-cuda" Warning;
    KEPT_WHEEL "J0452" "kept-wheel" Warning;
    LABEL_WITHOUT_INDEX "J0453" "label-without-index" Warning;
    BUILD_WITHOUT_CARD "J0454" "build-without-card" Warning;
    NOT_BY_LOCK "J0455" "not-by-lock" Error;
    NOT_IN_LOCK "J0456" "not-in-lock" Error;
    NO_CHECKSUM "J0457" "no-checksum" Error;
    HIDDEN_FROM_PIP "J0458" "hidden-from-pip" Warning;
    STALE_LOCK "J0460" "stale-lock" Error;
    TRANSITIVE_CONFLICT "J0461" "transitive-conflict" Error;
    BROKEN_BELOW "J0462" "broken-below" Warning;
    UNKNOWN_REQUIREMENTS "J0463" "unknown-requirements" Note;
    // J05xx: axes, cells, tags
    UNKNOWN_AXIS "J0501" "unknown-axis" Error;
    UNKNOWN_AXIS_VALUE "J0502" "unknown-axis-value" Error;
    EMPTY_AXIS "J0503" "empty-axis" Error;
    AXIS_TWICE "J0504" "axis-twice" Error;
    EXCLUDE_HITS_NOTHING "J0505" "rule-hits-nothing" Error;
    TOO_MANY_CELLS "J0506" "too-many-cells" Error;
    NO_CELLS "J0507" "no-cells" Error;
    UNEVEN_LINK "J0508" "uneven-link" Error;
    TOO_MANY_STEPS "J0509" "too-many-steps" Error;
    REFUSED_NAME "J0510" "refused-name" Error;
    SAME_IMAGE_NAME "J0511" "same-image-name" Error;
    SAME_CELL_NAME "J0512" "same-cell-name" Error;
    SAME_TAG "J0513" "same-tag" Error;
    SAME_FILE "J0514" "same-file" Error;
    ONE_DIGEST "J0515" "one-digest" Warning;
    // J06xx: Dockerfiles and builds
    VARIABLE_CHANGED "J0601" "variable-changed" Warning;
    LITERAL_SECRET "J0602" "literal-secret" Warning;
    UNSET_VARIABLE "J0603" "unset-variable" Warning;
    MODE_OF_FOLDER "J0604" "mode-of-folder" Error;
    EARLY_FINISH "J0605" "early-finish" Warning;
    USER_OF_ONE_PLATFORM "J0606" "user-of-one-platform" Error;
    ONE_ARCHITECTURE "J0607" "one-architecture" Warning;
    BARE_DOLLAR "J0608" "bare-dollar" Warning;
    UNUSED_MOUNT "J0609" "unused-mount" Warning;
    NO_OUTPUT "J0610" "no-output" Warning;
    UNKNOWN_USER "J0611" "unknown-user" Warning;
    MANAGER_NOT_THERE "J0612" "manager-not-there" Warning;
    UNEXPANDED_VARIABLE "J0613" "unexpanded-variable" Warning;
    CIRCULAR_COPY "J0614" "circular-copy" Error;
    HOME_OF_ANOTHER "J0615" "home-of-another" Warning;
    ENVIRONMENT_NOT_MADE "J0616" "environment-not-made" Warning;
    NEEDS_ROOT "J0617" "needs-root" Warning;
    // J07xx: workflows
    UNPINNED_ACTION "J0701" "unpinned-action" Warning;
    UNKNOWN_ACTION "J0702" "unknown-action" Error;
    WORKFLOW_OUT_OF_PLACE "J0703" "workflow-out-of-place" Error;
    BAD_SCHEDULE "J0704" "bad-schedule" Error;
    WORKFLOW_WITHOUT_BUILD "J0705" "workflow-without-build" Error;
    RUNNER_FOR_TWO_PLATFORMS "J0706" "runner-for-two-platforms" Warning;
    BAD_SECRET_NAME "J0708" "bad-secret-name" Error;
    EXPRESSION_IN_COMMAND "J0709" "expression-in-command" Error;
    WORKFLOW_TOO_LARGE "J0710" "workflow-too-large" Warning;
    IDLE_REBUILD "J0711" "idle-rebuild" Warning;
    ROOT_ELSEWHERE "J0712" "root-elsewhere" Error;
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
    EMPTY_MENU "J0810" "empty-menu" Warning;
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
    INLINE_MENU "J0836" "inline-menu" Warning;
    HUB_VERSION_APART "J0837" "hub-version-apart" Warning;
    NOTHING_TO_KEEP "J0838" "nothing-to-keep" Error;
    NO_RELEASE_YET "J0839" "no-release-yet" Note;
    UNKNOWN_KUBERNETES_KEY "J0840" "unknown-kubernetes-key" Error;
    WRONG_KUBERNETES_TYPE "J0841" "wrong-kubernetes-type" Error;
    SAME_TITLE "J0842" "same-title" Warning;
    BUILD_WITHOUT_PAGE "J0843" "build-without-page" Error;
    SAME_CONFIGMAP "J0844" "same-configmap" Note;
    HOME_NOT_MOUNTED "J0845" "home-not-mounted" Warning;
    OTHER_USER_ID "J0846" "other-user-id" Warning;
    HIDDEN_BY_MOUNT "J0847" "hidden-by-mount" Warning;
    COMMAND_NOT_RUN "J0848" "command-not-run" Note;
    COMMAND_NOT_FOUND "J0849" "command-not-found" Warning;
    CARDS_AND_IMAGE "J0850" "cards-and-image" Warning;
    WRONG_NODE_PLATFORM "J0851" "wrong-node-platform" Error;
    SECRET_OF_NO_PULLER "J0852" "secret-of-no-puller" Warning;
    OTHER_VERSION_IN_WORDS "J0853" "other-version-in-words" Warning;
    PAGE_NOT_THERE "J0854" "page-not-there" Warning;
    RETIRED_NAME "J0855" "retired-name" Warning;
    LOOSE_PATTERN "J0856" "loose-pattern" Warning;
    STALE_LINK "J0857" "stale-link" Note;
    PERSONAL_PACKAGES "J0858" "personal-packages" Note;
    NAME_AS_IT_IS "J0859" "name-as-it-is" Warning;
    // J09xx: drift and lock (made by `driver` and `cli`)
    STALE_ARTIFACT "J0901" "stale-artifact" Error;
    FOREIGN_FILE "J0902" "foreign-file" Error;
    UNWRITABLE_PATH "J0903" "unwritable-path" Error;
    CASE_COLLISION "J0904" "case-collision" Error;
    UNREAD_FILE "J0905" "unread-file" Warning;
    IDLE_ALLOW "J0906" "idle-allow" Note;
    // J10xx: what is imported
    UNREADABLE_IMAGE "J1001" "unreadable-image" Error;
}

/// The code with this id or name.
#[must_use]
pub fn find(word: &str) -> Option<&'static Code> {
    ALL.iter().copied().find(|code| code.id.eq_ignore_ascii_case(word) || code.name == word)
}
