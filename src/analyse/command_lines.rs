//! Command lines of package managers where a list belongs: each becomes the list that is meant.

use super::context::Context;
use super::definitions::UnitId;
use super::instructions::{Line, step, unbroken, whole};
use crate::diagnostics::{Diagnostic, known};
use crate::syntax::ast::{PackageList, Part, Phrase};
use crate::syntax::words::{Room, SILENT_FLAGS, habit, is_standard_manager};

/// `pip install --index-url https://… dask`, `pip "dask"`, `pip -r requirements.txt`: a list without its braces.
pub(super) fn command(cx: &Context<'_>, unit: UnitId, list: &PackageList) -> Option<Line> {
    let manager = list.manager.node.as_str();
    let known = |word: &str| word != "from" && (Room::List.words().any(|known| known.name == word) || word == "at");
    let named = match list.options.first() {
        Some(Part::Word(word)) => known(&word.node),
        _ => false,
    };
    if list.body.is_some() || named || !is_standard_manager(manager) {
        return None;
    }
    let mut place = whole(cx, cx.place(unit, list.span));
    // Brackets may end on a later line.
    place.span.end = place.span.end.max(list.span.end);
    let here = cx.place(unit, list.manager.span);
    let unopened = cx.has_reported(known::STRAY_BRACE.id, here);
    if unopened {
        // The brace that ends the definition is that of the list.
        cx.supersede(&known::STRAY_BRACE, here);
        let line = cx.sources.get(place.file).and_then(|source| source.text.get(place.span.start as usize..)).unwrap_or_default();
        place.span.end = place.span.start + u32::try_from(line.find('}').map_or(0, |brace| brace + 1)).unwrap_or(0);
    }
    let rest = unbroken(cx.sources.text(place).get(manager.len()..)?);
    let rest = if unopened { rest.replace(['[', '(', '}'], " ") } else { rest };
    if rest.trim().is_empty() || rest.contains("{{") {
        return None;
    }
    let finding =
        Diagnostic::new(&known::MISSING_PART, cx.place(unit, list.manager.span), format!("`{manager}` takes its packages in braces"));
    // What a manager does besides installing is a step.
    let task = rest.split_whitespace().next().filter(|task| TASKS.contains(task));
    if let Some(written) = task.and_then(|_| step(&format!("{manager} {}", rest.trim()))) {
        return Some(Line { place, finding: finding.replace(format!("write `{written}`"), false, place, written.clone()) });
    }
    let finding = match package_list(manager, rest.trim()) {
        Some(written) => {
            let shown = if written.len() <= 72 { written.as_str() } else { manager };
            finding.replace(format!("write `{shown}`"), false, place, written.clone())
        }
        None => finding.help(format!("write `{manager} {{ … }}`; `jenvc explain list` has the words before the braces")),
    };
    Some(Line { place, finding })
}

/// `apt-get install -y curl`: a command by another name than the list has.
pub(super) fn other_manager(cx: &Context<'_>, unit: UnitId, phrase: &Phrase) -> Option<Line> {
    let head = phrase.head.as_ref().filter(|head| Room::Layer.statement(&head.node).is_none())?;
    let manager = standard_manager(&head.node).filter(|manager| *manager != head.node)?;
    if phrase.parts.iter().any(|part| matches!(part, Part::Block(_) | Part::Packages(_))) {
        return None;
    }
    let place = whole(cx, cx.place(unit, phrase.span));
    let rest = unbroken(cx.sources.text(place).get(head.node.len()..)?);
    let rest = rest.trim().strip_prefix("pip ").unwrap_or(rest.trim());
    let written = package_list(manager, rest)?;
    let finding =
        Diagnostic::new(&known::UNKNOWN_STATEMENT, cx.place(unit, head.span), format!("a layer has no statement `{}`", head.node));
    Some(Line { place, finding: finding.replace(format!("write `{written}`"), false, place, written.clone()) })
}

/// The manager of the standard library that a program's name stands for: `apt` of `apt-get`.
pub(super) fn standard_manager(program: &str) -> Option<&str> {
    if is_standard_manager(program) {
        return Some(program);
    }
    habit(Room::Layer, program).map(|habit| habit.instead).filter(|word| is_standard_manager(word))
}

/// The list of a command line; `None` where a flag has no word here.
pub(super) fn package_list(manager: &str, rest: &str) -> Option<String> {
    let bare = rest.strip_prefix('[').and_then(|list| list.strip_suffix(']')).unwrap_or(rest);
    let plain = bare.replace([',', '{', '}'], " ");
    let mut words = plain.split_whitespace().map(|word| word.trim_matches(['"', '\''])).peekable();
    let (mut options, mut packages) = (Vec::new(), Vec::new());
    while let Some(word) = words.next() {
        let (flag, value) =
            word.split_once('=').filter(|_| word.starts_with('-')).map_or((word, None), |(flag, value)| (flag, Some(value)));
        let option = match flag {
            "-i" | "--index-url" if manager == "pip" => Some("index"),
            "--extra-index-url" => Some("extra-index"),
            "-c" | "--channel" if manager == "conda" => Some("channel"),
            "-r" | "--requirement" | "-f" | "--file" | "file" => Some("file"),
            "from" if manager == "pip" || manager == "conda" => Some("file"),
            _ if is_list(flag) => {
                options.push(format!("file \"{flag}\""));
                continue;
            }
            _ => None,
        };
        match option {
            Some(option) => {
                let value = value.or_else(|| words.next())?;
                options.push(format!("{option} \"{value}\""));
            }
            None if flag == "--no-deps" => options.push("no-deps".to_owned()),
            None if SILENT_FLAGS.contains(&flag) => {}
            None if packages.is_empty() && ["install", "add"].contains(&word) => {}
            None if word.starts_with('-') => return None,
            // A bound that a blank parts from its name.
            None if word.starts_with(['=', '<', '>', '!', '~']) => {
                let last: &mut String = packages.last_mut()?;
                last.push(' ');
                last.push_str(word);
            }
            None => packages.push(package(word)?),
        }
    }
    let head = std::iter::once(manager.to_owned()).chain(options).collect::<Vec<_>>().join(" ");
    match packages.as_slice() {
        [] if head == manager => None,
        [] => Some(head),
        packages => Some(format!("{head} {{ {} }}", packages.join("  "))),
    }
}

/// What package managers do besides installing.
const TASKS: [&str; 12] =
    ["run", "exec", "config", "create", "activate", "init", "uninstall", "remove", "cache", "download", "wheel", "freeze"];

/// Whether a word is the path of a file with packages.
fn is_list(word: &str) -> bool {
    [".txt", ".yml", ".yaml"].iter().any(|end| word.ends_with(end)) && !word.starts_with('-')
}

/// A package of a command line as an entry: `rich>=13` is `rich >=13`.
pub(super) fn package(word: &str) -> Option<String> {
    let end = word.find(['=', '<', '>', '!', '~']).unwrap_or(word.len());
    let (name, version) = (word.get(..end)?.trim_end(), word.get(end..)?);
    let closed = word.matches('[').count() == word.matches(']').count();
    let fine = closed && !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.[]/:@".contains(c));
    fine.then(|| if version.is_empty() { name.to_owned() } else { format!("{name} {version}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn command_lines_become_lists() {
        for (manager, rest, meant) in [
            ("pip", "install --no-cache-dir rich>=13 dask", "pip { rich >=13  dask }"),
            ("pip", "--index-url https://x.org/simple { torch }", "pip index \"https://x.org/simple\" { torch }"),
            ("pip", "[ \"rich\", \"dask\" ]", "pip { rich  dask }"),
            ("pip", "install 'dask[complete]'", "pip { dask[complete] }"),
            ("pip", "install 'dask[array,complete]'", ""),
            ("pip", "from \"requirements.txt\"", "pip file \"requirements.txt\""),
            ("pip", "\"requirements.txt\"", "pip file \"requirements.txt\""),
            ("pip", "-r requirements.txt", "pip file \"requirements.txt\""),
            ("conda", "-c conda-forge dask", "conda channel \"conda-forge\" { dask }"),
            ("apt", "install -y curl git", "apt { curl  git }"),
            ("pip", "[ rich >=13  dask ]", "pip { rich >=13  dask }"),
            ("pip", "--target /opt rich", ""),
        ] {
            assert_eq!(package_list(manager, rest).unwrap_or_default(), meant, "{manager} {rest}");
        }
    }
}
