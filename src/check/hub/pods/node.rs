//! The platform of the node that a pod asks for.

use super::meeting::Meeting;
use crate::base::Place;
use crate::diagnostics::{Diagnostic, Findings, known};
use crate::ir::{OverrideValue, objects};

/// The labels that every node has: of its architecture, also under its old name, and of its operating system.
const LABELS: [(&str, usize); 4] =
    [("kubernetes.io/arch", 1), ("beta.kubernetes.io/arch", 1), ("kubernetes.io/os", 0), ("beta.kubernetes.io/os", 0)];

/// An image that does not exist for the nodes on which it is to run.
pub(super) fn platform(meeting: &Meeting<'_, '_>, findings: &mut Findings) {
    let platforms = meeting.platforms();
    if platforms.is_empty() {
        return;
    }
    for (label, part) in LABELS {
        let has = |name: &str| platforms.iter().any(|platform| platform.as_str().split('/').nth(part) == Some(name));
        let asked = selected(meeting, label).into_iter().chain(required(meeting, label));
        let Some((names, place)) = asked.into_iter().find(|(names, _)| !names.is_empty() && !names.iter().any(|name| has(name))) else {
            continue;
        };
        let there: Vec<String> = platforms.iter().map(|platform| format!("`{}`", platform.as_str())).collect();
        let name = names.first().copied().unwrap_or_default();
        let help = if part == 1 {
            format!("build it for `linux/{name}` as well, or ask for other nodes")
        } else {
            "ask for nodes with Linux".to_owned()
        };
        findings.push(
            Diagnostic::new(&known::WRONG_NODE_PLATFORM, place, format!("`{}` does not exist for nodes of `{name}`", meeting.image.name))
                .here("the node that is asked for")
                .also(meeting.image.place, format!("exists for {}", there.join(" and ")))
                .help(help),
        );
    }
}

/// What `node_selector` asks for.
fn selected<'m>(meeting: &'m Meeting<'_, '_>, label: &str) -> Option<(Vec<&'m str>, Place)> {
    let value = meeting.pod.get("node_selector")?.value.value.get(label)?;
    Some((vec![value.value.as_text()?], value.place))
}

/// What every term of `node_affinity_required` asks for: a node has to meet one of them.
fn required<'m>(meeting: &'m Meeting<'_, '_>, label: &str) -> Option<(Vec<&'m str>, Place)> {
    let all = meeting.pod.get("node_affinity_required")?;
    let mut names = Vec::new();
    for term in objects(&all.value.value) {
        let conditions = term.value.get("matchExpressions").map(|all| objects(&all.value))?;
        let text = |one: &'m OverrideValue, name: &str| one.get(name).and_then(|value| value.value.as_text());
        let mut in_them = conditions.filter(|one| text(&one.value, "key") == Some(label) && text(&one.value, "operator") == Some("In"));
        let values = in_them.next()?.value.get("values")?;
        names.extend(objects(&values.value).filter_map(|value| value.value.as_text()));
    }
    Some((names, all.value.place))
}
