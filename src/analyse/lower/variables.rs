//! `${NAME}` in places that a Dockerfile expands: which variable it means, and whether the stack has it.

use super::Walk;
use crate::base::{Place, nearest};
use crate::diagnostics::{Diagnostic, known};
use crate::ir::{ExpandPart, Expandable};

impl Walk<'_, '_> {
    /// A text with its references; a warning for each variable that nothing sets.
    pub(super) fn references(&self, place: Place, text: &str) -> Expandable {
        let expandable = expandable(text);
        for part in &expandable.0 {
            if let ExpandPart::Variable(name) = part
                && !self.sets(name)
            {
                self.unset(place, name);
            }
        }
        expandable
    }

    /// Whether the stack sets a variable; `PATH` and `HOME` always are.
    fn sets(&self, name: &str) -> bool {
        ["PATH", "HOME"].contains(&name) || self.state.variables.contains_key(name)
    }

    fn unset(&self, place: Place, name: &str) {
        let near = nearest(name, self.state.variables.keys().map(String::as_str));
        let finding = Diagnostic::new(&known::UNSET_VARIABLE, place, format!("nothing in the program sets `{name}`"))
            .here("it is empty, unless the base image sets it");
        let finding = match near {
            Some(near) => finding.help(format!("did you mean `{near}`?")),
            None => finding,
        };
        self.cx.report(
            finding.help(format!("where the base sets it, add `env {{ {name} = \"…\" }}` to its `image`; else set it here with `env`")),
        );
    }

    /// A path with the values of its variables, as far as they are known.
    pub(super) fn resolved(&self, path: &Expandable) -> String {
        let mut text = String::new();
        for part in &path.0 {
            match part {
                ExpandPart::Literal(literal) => text.push_str(literal),
                ExpandPart::Variable(name) => match self.value_of(name) {
                    Some(value) => text.push_str(value),
                    None => text.extend(["${", name, "}"]),
                },
            }
        }
        text
    }

    /// The value of a variable where it is known and names no other.
    fn value_of(&self, name: &str) -> Option<&str> {
        let set = self.state.variables.get(name).and_then(|variable| variable.value.as_deref()).filter(|value| !value.contains("${"));
        set.or_else(|| self.state.account.home.as_deref().filter(|_| name == "HOME"))
    }
}

/// A text in a place that a Dockerfile expands: `${NAME}` is a variable, `$${NAME}` means the characters, and any other `$` reaches
/// the image as it is.
pub(super) fn expandable(text: &str) -> Expandable {
    let mut parts = Vec::new();
    let mut literal = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("${") {
        let (before, after) = rest.split_at(at);
        let name = after.strip_prefix("${").and_then(|inner| inner.split_once('}')).map(|(name, _)| name).filter(|name| is_name(name));
        if let Some(before) = before.strip_suffix('$') {
            literal.push_str(before);
            literal.push_str("${");
            rest = after.get(2..).unwrap_or_default();
            continue;
        }
        literal.push_str(before);
        if let Some(name) = name {
            if !literal.is_empty() {
                parts.push(ExpandPart::Literal(std::mem::take(&mut literal)));
            }
            parts.push(ExpandPart::Variable(name.to_owned()));
            rest = after.get(name.len() + 3..).unwrap_or_default();
        } else {
            literal.push_str("${");
            rest = after.get(2..).unwrap_or_default();
        }
    }
    literal.push_str(rest);
    if !literal.is_empty() {
        parts.push(ExpandPart::Literal(literal));
    }
    Expandable(parts)
}

/// Whether a text is the name of a variable: letters, digits and `_`, no digit first.
pub(super) fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.starts_with(|c: char| c.is_ascii_digit()) && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_found() {
        let literal = |text: &str| ExpandPart::Literal(text.to_owned());
        let variable = |name: &str| ExpandPart::Variable(name.to_owned());
        for (text, parts) in [
            ("${A}/bin", vec![variable("A"), literal("/bin")]),
            ("/x:${A}:${B_2}", vec![literal("/x:"), variable("A"), literal(":"), variable("B_2")]),
            ("$${A}", vec![literal("${A}")]),
            ("$A ${} ${1} ${A:-x} ${A", vec![literal("$A ${} ${1} ${A:-x} ${A")]),
            ("", vec![]),
        ] {
            assert_eq!(expandable(text).0, parts, "{text}");
        }
    }
}
