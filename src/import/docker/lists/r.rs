//! R packages: `install2.r`, and `install.packages` in an expression.

use super::list::{Item, List, Read, entry};
use crate::import::docker::command::Command;
use crate::import::quoted;

/// How the script of the compiler's own `cran` lists begins.
const OURS: &str = "words <- commandArgs(TRUE)";

pub(super) fn read(command: &Command) -> Read {
    let texts = command.texts();
    match texts.as_slice() {
        ["Rscript", "-e", script, words @ ..] if script.starts_with(OURS) => ours(words),
        ["R" | "Rscript", words @ ..] => expressions(words),
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

/// Options, and expressions that only install packages: those of all are one list, where they are from one repository.
fn expressions(words: &[&str]) -> Read {
    let mut all: Option<List> = None;
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let script = match *word {
            "-e" => words.next().copied().unwrap_or_default(),
            option if option.starts_with('-') => continue,
            _ => return Read::Other,
        };
        for call in script.split(';').filter(|call| !call.trim().is_empty()) {
            let Read::Lists(lists, _) = called(call) else { return Read::Other };
            for list in lists {
                match &mut all {
                    Some(known) if known.options == list.options => known.items.extend(list.items),
                    Some(_) => return Read::Other,
                    None => all = Some(list),
                }
            }
        }
    }
    all.map_or(Read::Other, |list| Read::Lists(vec![list], Vec::new()))
}

/// Functions that install packages of CRAN, by their names or of the package that has them.
const FUNCTIONS: [&str; 4] = ["install.packages(", "install_cran(", "pkg_install(", "install_version("];

/// `install.packages(c("a", "b"), repos = "…")`, and nothing else in the expression.
fn called(script: &str) -> Read {
    let script = script.trim().trim_end_matches(';');
    let script = ["remotes::", "devtools::", "pak::", "utils::"].iter().find_map(|from| script.strip_prefix(from)).unwrap_or(script);
    let function = FUNCTIONS.into_iter().find(|function| script.starts_with(function));
    let Some(inner) = function.and_then(|function| script.strip_prefix(function)).and_then(|rest| rest.strip_suffix(')')) else {
        return Read::Other;
    };
    let one = function == Some("install_version(");
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
    let (mut repository, mut version) = (None, None);
    for option in rest.split(',').map(str::trim).filter(|option| !option.is_empty()) {
        let (key, value) = match option.split_once('=') {
            Some(parts) => parts,
            None if one && version.is_none() => ("version", option),
            None => return Read::Other,
        };
        match (key.trim(), unquoted(value)) {
            // R takes the beginning of a name for the name.
            ("repos" | "repo", Some(url)) => repository = Some(url),
            ("type", Some(kind)) if kind == "source" => {}
            ("version", Some(exact)) if one && is_version(&exact) => version = Some(exact),
            ("Ncpus" | "quiet" | "ask", _) => {}
            _ => return Read::Other,
        }
    }
    let exact = version.map(|version| format!("=={version}")).unwrap_or_default();
    if one && (names.len() > 1 || exact.is_empty()) {
        return Read::Other;
    }
    list(names.iter().map(|name| Item { text: entry(name, &exact), ..Item::default() }).collect(), repository.as_deref())
}

fn is_version(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit()) && text.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '-'))
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '.')
}
