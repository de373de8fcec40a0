//! `${NAME}` in places that a Dockerfile expands: which variable it means, and whether the stack has it.

use super::walk::Walk;
use crate::analyse::scope::Scope;
use crate::base::{Place, Span, nearest};
use crate::diagnostics::{Diagnostic, Edit, known};
use crate::ir::{ExpandPart, Expandable};
use crate::syntax::ast::{Text, TextKind, Value};

/// Programs that put the values of variables into their words.
const SHELLS: [&str; 5] = ["sh", "bash", "dash", "ash", "zsh"];

impl Walk<'_, '_> {
    /// A text with its references; a warning for each variable that nothing sets.
    pub(super) fn references(&self, scope: &Scope<'_>, place: Place, text: &str) -> Expandable {
        let mut expandable = expandable(text);
        if let Some(home) = self.unset_home() {
            for part in &mut expandable.0 {
                if matches!(part, ExpandPart::Variable(name) if name == "HOME") {
                    *part = ExpandPart::Literal(home.to_owned());
                }
            }
        }
        for part in &expandable.0 {
            if let ExpandPart::Variable(name) = part
                && !self.sets(name)
            {
                self.unset(scope, place, name);
            }
        }
        expandable
    }

    /// The home of the account where no image sets `HOME`: a shell knows it, and a Dockerfile has nothing to put in.
    fn unset_home(&self) -> Option<&str> {
        let account = &self.state.account;
        let known =
            self.state.variables.contains_key("HOME") || self.state.base_home.is_some() || self.state.user_of_one_platform.is_some();
        account.home.as_deref().or_else(|| account.is_root().then_some("/root")).filter(|_| !known)
    }

    /// Whether the stack sets a variable; `PATH` and `HOME` always are.
    fn sets(&self, name: &str) -> bool {
        ["PATH", "HOME"].contains(&name) || self.state.variables.contains_key(name)
    }

    /// Reports `$NAME` in a text whose references have braces; `list` is the variable that the text is the value of.
    pub(super) fn bare_dollars(&self, scope: &Scope<'_>, text: &Text, list: Option<&str>) {
        if text.kind != TextKind::Plain {
            return;
        }
        let place = self.place(scope, text.span);
        let written = self.cx.sources.text(place);
        let names = bare_names(written);
        let Some((_, first)) = names.first() else { return };
        let at = |start: usize, length: usize| {
            let start = place.span.start as usize + start;
            Place { span: Span::new(start, start + length), ..place }
        };
        let edits = names.iter().map(|(start, name)| Edit { place: at(start + 1, name.len()), text: format!("{{{name}}}") }).collect();
        let finding = Diagnostic::new(&known::BARE_DOLLAR, place, format!("`${first}` is written into the image as it is"))
            .here("a reference to a variable has braces")
            .fix(format!("write `${{{first}}}`"), false, edits);
        let added = list.and_then(|list| added_folders(written, list));
        self.cx.report(finding.maybe_help(added.map(|added| format!("write `{added}` for a list of folders"))));
    }

    fn unset(&self, scope: &Scope<'_>, place: Place, name: &str) {
        if scope.lookup(self.cx, name).is_some() {
            let finding =
                Diagnostic::new(&known::UNSET_VARIABLE, place, format!("`${{{name}}}` is a variable of the image, and none is set"))
                    .here(format!("`{name}` is a value of the program"));
            self.cx.report(finding.help(format!("write `{{{{ {name} }}}}`")));
            return;
        }
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

    /// J0613: a variable in the words of a command that no shell reads. What they hold is also held against secrets.
    pub(super) fn exec_words(&self, scope: &Scope<'_>, what: &str, tree: &Value, words: &[String]) {
        let written = if let Value::List(list) = tree { list.items.as_slice() } else { &[] };
        let by_shell = words.iter().any(|word| SHELLS.contains(&word.rsplit('/').next().unwrap_or(word)));
        for (word, tree) in words.iter().zip(written) {
            let place = self.place(scope, tree.span());
            self.secret_in_word(place, word);
            let Some(name) = named(word).or_else(|| bare_names(word).first().map(|(_, name)| (*name).to_owned())) else { continue };
            if by_shell || what == "shell" {
                continue;
            }
            let finding = Diagnostic::new(&known::UNEXPANDED_VARIABLE, place, format!("no shell reads this word of `{what}`"));
            self.cx.report(
                finding
                    .here(format!("the program gets the characters of `{name}` and its `$`, not its value"))
                    .help(format!("write the value, or start a shell: `{what} [\"sh\", \"-c\", \"exec …\"]`")),
            );
        }
    }

    /// J0613: a variable in a text that stays as it is written.
    pub(super) fn stays(&self, place: Place, what: &str, text: &str) {
        let Some(name) = named(text) else { return };
        self.cx.report(
            Diagnostic::new(&known::UNEXPANDED_VARIABLE, place, format!("the value of `{what}` names a variable"))
                .here(format!("it stays the characters of `{name}` and its `$`"))
                .help("write the value, or `{{ name }}` for one of the program"),
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

/// The first variable that a text names, `${NAME}`.
fn named(text: &str) -> Option<String> {
    expandable(text).0.into_iter().find_map(|part| if let ExpandPart::Variable(name) = part { Some(name) } else { None })
}

/// The variables in capitals that a text names without braces, and where their `$` is.
fn bare_names(text: &str) -> Vec<(usize, &str)> {
    let found = text.match_indices('$').filter_map(|(at, _)| {
        let rest = text.get(at + 1..)?;
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len());
        let name = rest.get(..end)?;
        let capitals =
            name.len() > 1 && name.starts_with(|c: char| c.is_ascii_uppercase()) && !name.contains(|c: char| c.is_ascii_lowercase());
        (capitals && !text.get(..at)?.ends_with('$')).then_some((at, name))
    });
    found.collect()
}

/// The `path` that `"/a:$PATH"` stands for.
fn added_folders(written: &str, list: &str) -> Option<String> {
    let folders: Vec<&str> = written.trim_matches('"').split(':').collect();
    let own = format!("${list}");
    let at = folders.iter().position(|folder| *folder == own)?;
    let others: Vec<String> = folders.iter().filter(|folder| **folder != own).map(|folder| format!("\"{folder}\"")).collect();
    let side = match at {
        0 => "append",
        at if at + 1 == folders.len() => "prepend",
        _ => return None,
    };
    match others.as_slice() {
        [] => None,
        [one] => Some(format!("path {list} {side} {one}")),
        several => Some(format!("path {list} {side} [{}]", several.join(", "))),
    }
}

/// `$HOME/work` or `~/work` as the reference to a variable that is meant.
pub(super) fn braced(path: &str) -> Option<String> {
    if let Some(rest) = path.strip_prefix('~').filter(|rest| rest.is_empty() || rest.starts_with('/')) {
        return Some(format!("${{HOME}}{rest}"));
    }
    let rest = path.strip_prefix('$')?;
    let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len());
    let (name, rest) = rest.split_at(end);
    is_name(name).then(|| format!("${{{name}}}{rest}"))
}

/// Whether a text is the name of a variable: letters, digits and `_`, no digit first.
pub(super) fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.starts_with(|c: char| c.is_ascii_digit()) && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dollars_without_braces_are_found() {
        assert_eq!(bare_names("\"/x:$PATH:$LD_2\""), [(4, "PATH"), (10, "LD_2")]);
        for fine in ["${PATH}", "$${PATH}", "$$PATH", "costs $5", "$x", "$", "$Path"] {
            assert_eq!(bare_names(fine), [], "{fine}");
        }
        assert_eq!(added_folders("\"/x:/y:$PATH\"", "PATH").as_deref(), Some("path PATH prepend [\"/x\", \"/y\"]"));
        assert_eq!(added_folders("\"$PATH:/x\"", "PATH").as_deref(), Some("path PATH append \"/x\""));
        assert_eq!(added_folders("\"/x:$PATH:/y\"", "PATH"), None);
    }

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
