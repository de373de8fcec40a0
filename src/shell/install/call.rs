//! Packages that R and Julia are told to install, in a call: `install.packages(c("a", "b"))`, `Pkg.add(name = "X", version = "1")`.

use std::ops::Range;

use super::manager::Manager;
use super::named::Named;
use crate::versions::Op;

/// The calls that install, with the manager whose list does the same.
const CALLS: [(&str, &str); 4] =
    [("install.packages(", "cran"), ("install_version(", "cran"), ("Pkg.add(", "julia"), ("install_cran(", "cran")];

/// Calls that install what a list can't name in the same words.
const OTHERS: [&str; 7] =
    ["BiocManager::install(", "install_github(", "install_gitlab(", "install_git(", "install_bioc(", "pkg_install(", "pak::pak("];

/// Whether an expression installs packages.
pub(super) fn is_installing(expression: &str) -> bool {
    CALLS.iter().map(|(call, _)| call).chain(&OTHERS).any(|call| expression.contains(call))
}

/// The packages of the calls in an expression that starts at `offset` of the script, by manager; and whether nothing else is in a call.
pub(super) fn calls(expression: &str, offset: usize) -> Vec<(&'static Manager, Vec<Named>, bool)> {
    let mut all = Vec::new();
    for (call, list) in CALLS {
        let Some(manager) = Manager::of_list(list) else { continue };
        for (at, _) in expression.match_indices(call) {
            let start = at + call.len();
            let Some(inside) = expression.get(start..).and_then(inside) else { continue };
            let (named, whole) = read(manager, call, inside, offset + start);
            all.push((manager, named, whole));
        }
    }
    all
}

/// A text up to the bracket that closes the call.
fn inside(text: &str) -> Option<&str> {
    let (mut depth, mut quote) = (1usize, None);
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(open), _) if open == c => quote = None,
            (None, '"' | '\'') => quote = Some(c),
            (None, '(' | '[') => depth += 1,
            (None, ')' | ']') => {
                depth -= 1;
                if depth == 0 {
                    return text.get(..at);
                }
            }
            _ => {}
        }
    }
    None
}

fn read(manager: &Manager, call: &str, inside: &str, offset: usize) -> (Vec<Named>, bool) {
    let texts = texts(inside);
    let key = |at: usize| {
        let before = inside.get(..at).unwrap_or_default().trim_end().strip_suffix('=')?.trim_end();
        before.rsplit(|c: char| !c.is_ascii_alphanumeric() && c != '_').next()
    };
    let range = |at: usize, text: &str| -> Range<usize> { offset + at..offset + at + text.len() + 2 };
    let versioned = call == "install_version(";
    let version = |op| {
        let known = texts
            .iter()
            .enumerate()
            .find(|(place, (at, _))| key(*at) == Some("version") || (versioned && *place == 1 && key(*at).is_none()));
        known.map(|(_, (_, text))| (op, *text))
    };
    // Everything before the first named argument is the packages; `name` is one, too.
    let packages = texts.iter().enumerate().filter(|(place, (at, _))| match key(*at) {
        Some("name" | "pkgs" | "package") => true,
        Some(_) => false,
        None => !versioned || *place == 0,
    });
    let version = version(if manager.list == "julia" { Op::Caret } else { Op::Equal }).filter(|_| versioned || manager.list == "julia");
    let named = packages.filter_map(|(_, (at, text))| Named::plain(manager, text, version, range(*at, text))).collect::<Vec<_>>();
    let whole = named.len() + usize::from(version.is_some()) == texts.len();
    (named, whole)
}

/// The texts in quotes, each with where its quote opens.
fn texts(inside: &str) -> Vec<(usize, &str)> {
    let mut all = Vec::new();
    let mut from = 0;
    while let Some(at) = inside.get(from..).and_then(|rest| rest.find(['"', '\''])).map(|at| from + at) {
        let Some(quote) = inside.get(at..).and_then(|rest| rest.chars().next()) else { break };
        let Some(length) = inside.get(at + 1..).and_then(|rest| rest.find(quote)) else { break };
        all.extend(inside.get(at + 1..at + 1 + length).map(|text| (at, text)));
        from = at + length + 2;
    }
    all
}
