//! The platform of the node that a pod asks for.

use super::Meeting;
use crate::diagnostics::{Diagnostic, Findings, known};

/// The label that every node has.
const ARCHITECTURE: &str = "kubernetes.io/arch";

/// An image that does not exist for the nodes on which it is to run.
pub(super) fn platform(meeting: &Meeting<'_>, findings: &mut Findings) {
    let Some(wanted) = meeting.pod.get("node_selector").and_then(|selector| selector.value.value.get(ARCHITECTURE)) else { return };
    let (Some(name), platforms) = (wanted.value.as_text(), meeting.platforms()) else { return };
    let has = platforms.iter().any(|platform| platform.as_str().split('/').nth(1) == Some(name));
    if platforms.is_empty() || has {
        return;
    }
    let there: Vec<String> = platforms.iter().map(|platform| format!("`{}`", platform.as_str())).collect();
    findings.push(
        Diagnostic::new(
            &known::WRONG_NODE_PLATFORM,
            wanted.place,
            format!("`{}` does not exist for nodes of `{name}`", meeting.image.name),
        )
        .here("the node that is asked for")
        .also(meeting.image.place, format!("exists for {}", there.join(" and ")))
        .help(format!("build it for `linux/{name}` as well, or ask for other nodes")),
    );
}
