//! Which commands go behind a list.

use crate::import::RemarkKind::{self, KeptAsRun};
use crate::import::docker::links::{Between, Form, Link, is_sequence, links};
use crate::import::docker::lists::List;
use crate::import::docker::state::State;

/// What is to be said of a step that swallows failures.
pub(super) fn swallowed() -> (RemarkKind, String) {
    (KeptAsRun, "a failure in it stops nothing, as before".to_owned())
}

/// Whether a command can go behind a list in the same layer: one line, with one outcome, by who runs the list.
pub(super) fn joins(list: &List, part: &str, state: &State) -> bool {
    let same = state.user == "root" || !matches!(list.manager, "apt" | "dnf");
    let assigns = part.split_whitespace().all(crate::shell::is_assignment);
    // Of a pipe each part counts there.
    let piped = |links: Vec<Link>| {
        let simple = |link: &Link| {
            link.form == Form::Plain && !link.sequence && part.get(link.range.clone()).is_some_and(|text| !text.starts_with(['!', '(']))
        };
        state.pipefail
            && links.iter().all(|link| simple(link) && matches!(link.between, Between::Pipe | Between::Next))
            && !is_sequence(&links)
    };
    let plain = !part.contains([';', '|', '&']) || links(part).is_some_and(piped);
    same && list.takes_commands() && !assigns && plain && !part.contains(['\n', '#'])
}
