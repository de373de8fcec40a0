//! J0440: a comparison without quotes in a command that installs packages. The shell reads `pip install x>=1` as `pip install x`
//! whose output goes into a file called `=1`.

pub(super) mod idle;
mod packages;
pub(super) mod root;
mod scripts;

pub(super) use packages::check as packages;
pub(crate) use scripts::scripts;

use std::collections::BTreeSet;

use crate::base::Place;
use crate::diagnostics::{Diagnostic, Edit, Findings, known};
use crate::ir::{Program, Script};
use crate::shell::{Comparison, Takes, comparisons};

/// J0440
pub(super) fn check(program: &Program, findings: &mut Findings) {
    let mut seen = BTreeSet::new();
    for step in program.recipes().into_iter().flat_map(|recipe| &recipe.steps) {
        for script in scripts(step) {
            for found in comparisons(&script.text) {
                let place = script.spanning(found.range.clone()).unwrap_or(step.origin);
                if seen.insert(place) {
                    findings.push(finding(script, &found, place));
                }
            }
        }
    }
}

fn finding(script: &Script, found: &Comparison, place: Place) -> Diagnostic {
    let text = script.text.get(found.range.clone()).unwrap_or("");
    let at = text.find(['<', '>']).unwrap_or(0);
    let (package, rest) = (text.get(..at).unwrap_or("").trim_matches([' ', '"', '\'', '\\']), text.get(at..).unwrap_or(""));
    let target = rest.get(1..).unwrap_or("").trim_start().split(|c: char| c.is_whitespace() || matches!(c, '<' | '>')).next().unwrap_or("");
    let here = if rest.starts_with('>') {
        format!("the shell installs any `{package}` and writes a file called `{target}`")
    } else {
        format!("the shell installs any `{package}` and reads a file called `{target}`")
    };
    let why = if found.takes == Takes::One { "is no constraint, but a redirection" } else { "is no constraint without quotes" };
    let finding = Diagnostic::new(&known::UNQUOTED_COMPARISON, place, format!("`{text}` {why}")).here(here);
    if found.takes == Takes::One {
        return finding.help(format!("name one version, such as `{package}=1.2-3`, or none: bounds can't be said there"));
    }
    match quoted(script, found, text) {
        Some(edits) if found.takes == Takes::AfterAt => finding.fix(format!("write `{package}@{rest}` in quotes"), true, edits),
        Some(edits) => finding.fix(format!("put `{text}` in quotes"), true, edits),
        None => finding.help("put the package and its constraint in quotes"),
    }
}

/// The edits that put a range in quotes which the text around it can hold.
fn quoted(script: &Script, found: &Comparison, text: &str) -> Option<Vec<Edit>> {
    let range = &found.range;
    if text.contains(['\'', '"', '\\', '`', '\n']) {
        return None;
    }
    let variable = text.contains('$');
    let quote = match script.quotes {
        "\"" if variable => "\\\"",
        "\"\"\"" if variable => "\"",
        "\"" | "\"\"\"" => "'",
        "'" | "'''" => "\"",
        _ => return None,
    };
    // At the very end the quote would join those that close the text.
    if script.quotes.starts_with(quote) && (range.end == script.text.len() || range.start == 0) {
        return None;
    }
    let insert = |at: usize, text: &str| script.place(at..at).map(|place| Edit { place, text: text.to_owned() });
    let mut edits = vec![insert(range.start, quote)?, insert(range.end, quote)?];
    if found.takes == Takes::AfterAt {
        edits.insert(1, insert(found.name, "@")?);
    }
    Some(edits)
}
