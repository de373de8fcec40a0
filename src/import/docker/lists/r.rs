//! R packages: `install2.r`, and `install.packages` in an expression.

use super::{Item, List, Read, entry};
use crate::import::docker::command::Command;
use crate::import::quoted;

/// How the script of the compiler's own `cran` lists begins.
const OURS: &str = "words <- commandArgs(TRUE)";

pub(super) fn read(command: &Command) -> Read {
    let texts = command.texts();
    match texts.as_slice() {
        ["Rscript", "-e", script, words @ ..] if script.starts_with(OURS) => ours(words),
        ["R" | "Rscript", options @ .., script] if options.contains(&"-e") => called(script),
        ["install2.r", ..] => install2(command),
        _ => Read::Other,
    }
}

fn list(items: Vec<Item>, repository: Option<&str>) -> Read {
    if items.is_empty() {
        return Read::Other;
    }
    let options = repository.map(|url| format!("index {}", quoted(url))).into_iter().collect();
    Read::Lists(vec![List { manager: "cran", items, options, ..List::default() }], Vec::new())
}

fn ours(words: &[&str]) -> Read {
    let mut repository = None;
    let mut items = Vec::new();
    for word in words {
        match (word.strip_prefix("--repos="), word.split_once("==")) {
            (Some(url), _) => repository = Some(url),
            (None, Some((name, version))) => items.push(Item { text: entry(name, &format!("=={version}")), ..Item::default() }),
            (None, None) => items.push(Item { text: entry(word, ""), ..Item::default() }),
        }
    }
    list(items, repository)
}

fn install2(command: &Command) -> Read {
    let mut items = Vec::new();
    let mut repository = None;
    let mut words = command.words.iter().skip(1);
    while let Some(word) = words.next() {
        match word.text.as_str() {
            "-e" | "--error" | "-s" | "--skipinstalled" => {}
            "-n" | "--ncpus" => drop(words.next()),
            "-r" | "--repos" => repository = words.next().map(|word| word.text.as_str()),
            option if option.starts_with('-') => return Read::Other,
            package if is_name(package) => items.push(Item::at(entry(package, ""), word.range.start)),
            _ => return Read::Other,
        }
    }
    list(items, repository)
}

/// `install.packages(c("a", "b"), repos = "…")`, and nothing else in the expression.
fn called(script: &str) -> Read {
    let inner = script.trim().trim_end_matches(';').strip_prefix("install.packages(").and_then(|rest| rest.strip_suffix(')'));
    let Some(inner) = inner else { return Read::Other };
    let (packages, rest) = match inner.trim().strip_prefix("c(") {
        Some(vector) => match vector.split_once(')') {
            Some(parts) => parts,
            None => return Read::Other,
        },
        None => inner.split_once(',').unwrap_or((inner, "")),
    };
    let unquoted = |text: &str| {
        let text = text.trim();
        let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        text.strip_prefix(quote)?.strip_suffix(quote).map(str::to_owned)
    };
    let names: Option<Vec<String>> = packages.split(',').map(|name| unquoted(name).filter(|name| is_name(name))).collect();
    let Some(names) = names else { return Read::Other };
    let mut repository = None;
    for option in rest.split(',').map(str::trim).filter(|option| !option.is_empty()) {
        let Some((key, value)) = option.split_once('=') else { return Read::Other };
        match (key.trim(), unquoted(value)) {
            ("repos", Some(url)) => repository = Some(url),
            ("Ncpus" | "quiet", _) => {}
            _ => return Read::Other,
        }
    }
    list(names.iter().map(|name| Item { text: entry(name, ""), ..Item::default() }).collect(), repository.as_deref())
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '.')
}
