//! `pip install`, with requirement files.

use std::sync::Arc;

use super::list::{Item, List, Lookup, Read};
use crate::import::docker::command::{Command, Word};
use crate::import::{RemarkKind, comment, quoted};
use crate::ir::PackageSource;
use crate::requirements::{Requirement, Said, lines};

/// Options that say nothing of what is installed; the second has the ones that a value follows.
const QUIET: [&str; 11] = [
    "--no-cache-dir",
    "--no-cache",
    "-q",
    "-qq",
    "--quiet",
    "--disable-pip-version-check",
    "--no-input",
    "--no-warn-script-location",
    "--root-user-action=ignore",
    "-v",
    "--verbose",
];
const QUIET_VALUES: [&str; 7] =
    ["--progress-bar", "--timeout", "--default-timeout", "--retries", "--root-user-action", "--cache-dir", "--log"];
/// Options that stay as they are; the second has the ones that a value follows.
const FLAGS: [&str; 16] = [
    "--pre",
    "--user",
    "--upgrade",
    "-U",
    "--break-system-packages",
    "--ignore-installed",
    "-I",
    "--force-reinstall",
    "--no-build-isolation",
    "--prefer-binary",
    "--no-compile",
    "--compile",
    "--only-binary=:all:",
    "--system",
    "--upgrade-strategy=eager",
    "--no-index",
];
/// From how many entries on a file of them stays a file.
const MANY: usize = 100;
const FLAG_VALUES: [&str; 8] =
    ["-c", "--constraint", "--find-links", "-f", "--trusted-host", "--no-binary", "--only-binary", "--upgrade-strategy"];

/// What an environment variable says of pip, as its options: `PIP_INDEX_URL=…` is `--index-url …`; nothing where it is no option that
/// a list can have (pip's documentation, "Environment Variables").
fn option(name: &str, value: &str) -> Option<Vec<String>> {
    let option = format!("--{}", name.strip_prefix("PIP_")?.to_ascii_lowercase().replace('_', "-"));
    let valued = ["--index-url", "--extra-index-url"].contains(&option.as_str()) || FLAG_VALUES.contains(&option.as_str());
    match value.trim_matches(['"', '\'']) {
        "1" | "true" | "yes" | "on" if FLAGS.contains(&option.as_str()) || option == "--no-deps" => Some(vec![option]),
        value if valued && !value.is_empty() && !value.contains([' ', '$', '`']) => Some(vec![option, value.to_owned()]),
        _ => None,
    }
}

/// Whether an environment variable is an option of pip that a list can have.
pub(in crate::import::docker) fn is_option(name: &str, value: &str) -> bool {
    option(name, value).is_some()
}

/// Whether a command is one of pip, also of that in an environment of conda.
pub(in crate::import::docker) fn is_pip(texts: &[&str]) -> bool {
    match texts {
        ["conda" | "mamba" | "micromamba", "run", "-n" | "--name", _, rest @ ..] => is_pip(rest),
        ["pip" | "pip3", ..] | ["python" | "python3", "-m", "pip", ..] => true,
        _ => false,
    }
}

/// A command of pip with the options in the place of the variables before it.
pub(super) fn with_options(command: &Command) -> Command {
    let mut command = command.clone();
    let texts = command.texts();
    if is_pip(&texts) {
        let found: Vec<String> = command.assigned.iter().filter_map(|(name, value)| option(name, value)).flatten().collect();
        command.assigned.retain(|(name, value)| !is_option(name, value));
        command.words.extend(found.into_iter().map(|text| Word { text, range: 0..0 }));
    }
    command
}

pub(super) fn read(command: &Command, from: usize, tool: Option<&'static str>, lookup: Lookup<'_>) -> Read {
    let mut list = List { manager: "pip", tool: tool.map(str::to_owned), ..List::default() };
    let (mut notes, mut verb, mut files) = (Vec::new(), false, Vec::new());
    let mut words = command.words.iter().skip(from);
    while let Some(word) = words.next() {
        let (option, mut value) = match word.text.split_once('=') {
            Some((option, value)) if option.starts_with("--") => (option, Some(value.to_owned())),
            _ => (word.text.as_str(), None),
        };
        let mut next = || value.take().or_else(|| words.next().map(|word| word.text.clone())).unwrap_or_default();
        match option {
            "install" if !verb => verb = true,
            "cache" if !verb => return Read::Written,
            _ if QUIET.contains(&word.text.as_str()) || QUIET.contains(&option) => {}
            option if QUIET_VALUES.contains(&option) => drop(next()),
            "-i" | "--index-url" | "--default-index" => list.options.push(format!("index {}", quoted(&next()))),
            "--extra-index-url" | "--index" => list.options.push(format!("extra-index {}", quoted(&next()))),
            "--no-deps" => list.options.push("no-deps".to_owned()),
            "-r" | "--requirement" => files.push(next()),
            _ if FLAGS.contains(&word.text.as_str()) => list.flags.push(long(&word.text).to_owned()),
            option if FLAG_VALUES.contains(&option) => {
                let value = next();
                // What an address has for bounds is known when the image is built.
                if long(option) == "--constraint" && value.contains("://") {
                    return Read::Other;
                }
                list.flags.push(format!("{} {value}", long(option)));
            }
            option if option.starts_with('-') => return Read::Other,
            _ if !verb => return Read::Other,
            path if is_path(path) => {
                let (path, extras) =
                    path.strip_suffix(']').and_then(|rest| rest.rsplit_once('[')).map_or((path, None), |(path, inner)| (path, Some(inner)));
                let extras = extras.map(|inner| format!("[{inner}]")).unwrap_or_default();
                list.items.push(Item::of_file(path, &extras, word.range.start));
            }
            package => match item(package) {
                Some(text) => list.items.push(Item::at(text, word.range.start)),
                None => return Read::Other,
            },
        }
        // Of an address without a name, pip asks the project itself.
        if verb && (word.text.starts_with("git+") && !word.text.contains("#egg=") || named_by_address(&word.text).is_some()) {
            let words = format!("the name of the package at `{}` is taken from its address", word.text);
            notes.push((RemarkKind::Decide, words));
        }
    }
    finish(list, &files, notes, lookup)
}

/// The list, with the files that it names.
fn finish(mut list: List, files: &[String], mut notes: Vec<(RemarkKind, String)>, lookup: Lookup<'_>) -> Read {
    list.flags.sort();
    list.flags.dedup();
    if list.flags == ["--upgrade"]
        && list.items.len() == 1
        && files.is_empty()
        && list.items.iter().all(|item| item.text.trim_matches('"') == "pip")
    {
        notes.push((RemarkKind::Changed, "pip is not brought up to date: the base has the one that it was built with".to_owned()));
        return Read::Lists(Vec::new(), notes);
    }
    for file in files {
        let Some(text) = lookup(file) else { return Read::Other };
        let alone = list.items.is_empty() && files.len() == 1;
        match inlined(&text).filter(|items| !alone || items.len() <= MANY && !is_generated(&text)) {
            Some(items) => list.items.extend(items),
            None if alone => {
                list.file = Some((file.clone(), text));
                return Read::Lists(vec![list], notes);
            }
            None => return Read::Other,
        }
    }
    if list.items.iter().all(|item| item.text.is_empty() && item.file.is_none()) { Read::Other } else { Read::Lists(vec![list], notes) }
}

/// Whether pip takes a word for a file or a folder.
fn is_path(word: &str) -> bool {
    let path = word.split('[').next().unwrap_or(word);
    let begins = path.starts_with(['.', '/']);
    (begins || path.strip_suffix(".whl").is_some() || path.ends_with('/')) && !path.contains("://") && !path.contains(['@', ';'])
}

/// Whether a program wrote a list: `pip-compile`, `uv pip compile`, `pip freeze` of conda.
fn is_generated(text: &str) -> bool {
    text.lines().take_while(|line| line.starts_with('#')).any(|line| line.contains("autogenerated") || line.contains("pip compile"))
}

fn long(option: &str) -> &str {
    match option {
        "-U" => "--upgrade",
        "-c" => "--constraint",
        "-I" => "--ignore-installed",
        "-f" => "--find-links",
        other => other,
    }
}

/// `dask[complete]==2026.3.0`, as an entry of a list.
pub(super) fn item(word: &str) -> Option<String> {
    if word.contains("$(") {
        return super::list::resolved(word, "==");
    }
    if let Some(address) = word.strip_prefix("git+").filter(|address| !address.contains("egg=")) {
        let path = address.split(['#', '?']).next()?;
        let file = path.trim_end_matches('/').rsplit('/').next()?;
        let file = file.split('@').next()?;
        return item(&format!("{} @ {word}", file.strip_suffix(".git").unwrap_or(file)));
    }
    if let Some(name) = named_by_address(word) {
        return item(&format!("{name} @ {word}"));
    }
    let Requirement { name, extras, constraint, source, marker } = Requirement::read(word).ok()?;
    let name = name.filter(|_| marker.is_none())?;
    let extras = if extras.is_empty() { String::new() } else { format!("[{}]", extras.join(",")) };
    let plain = super::list::name(&name);
    let named = if extras.is_empty() {
        plain
    } else if plain.starts_with('"') {
        return None;
    } else {
        format!("{name}{extras}")
    };
    Some(match source {
        PackageSource::Index if constraint.is_any() => named,
        PackageSource::Index => format!("{named} {constraint}"),
        PackageSource::Git { url, rev, subdirectory } => {
            let part = |word: &str, value: Option<String>| value.map(|value| format!(" {word} {}", quoted(&value))).unwrap_or_default();
            format!("{named} git {}{}{}", quoted(&url), part("rev", rev), part("subdirectory", subdirectory))
        }
        PackageSource::Url { url, sha256 } => {
            let sum = sha256.map(|sum| format!(" sha256 {}", quoted(&sum))).unwrap_or_default();
            format!("{named} url {}{sum}", quoted(&url))
        }
        PackageSource::Path(_) | PackageSource::Resolved(_) => return None,
    })
}

/// The name in the address of a file: of a wheel or an archive with a version, or of the repository that the archive is of.
fn named_by_address(word: &str) -> Option<String> {
    let rest = word.strip_prefix("https://").or_else(|| word.strip_prefix("http://"))?;
    let mut parts: Vec<&str> = rest.split(['#', '?']).next()?.split('/').collect();
    let file = parts.pop().filter(|_| !word.contains("egg="))?;
    let stem = [".whl", ".tar.gz", ".zip"].iter().find_map(|end| file.strip_suffix(end))?;
    let name = match parts.iter().position(|part| *part == "archive") {
        Some(at) => parts.get(at.checked_sub(1)?)?,
        None if file.strip_suffix(".whl").is_some() => stem.split('-').next()?,
        None => stem.rsplit_once('-').filter(|(_, version)| version.starts_with(|c: char| c.is_ascii_digit()))?.0,
    };
    (!name.is_empty()).then(|| name.to_owned())
}

/// The entries of a requirement file with their comments; `None` where a line is more than an entry.
fn inlined(text: &Arc<str>) -> Option<Vec<Item>> {
    let mut items: Vec<Item> = Vec::new();
    let mut from = 0;
    for line in lines(text, &|_| None) {
        let Said::Requirement { text: word, hashes, editable: false, .. } = &line.said else { return None };
        let words = item(word).filter(|_| hashes.is_empty())?;
        let start = line.span.start as usize;
        let comments = text.get(from..start)?.lines().filter_map(comment).filter(|words| !words.is_empty()).map(str::to_owned);
        let rest = text.get(line.span.end as usize..)?.lines().next().unwrap_or_default();
        let because = rest.split_once('#').map(|(_, words)| words.trim().to_owned()).filter(|words| !words.is_empty());
        items.push(Item { text: words, comments: comments.collect(), because, ..Item::default() });
        from = start + text.get(start..)?.find('\n').unwrap_or(0);
    }
    Some(items).filter(|items| !items.is_empty())
}
