//! `apt-get`, and `dnf` with its kin.

use super::list::{Item, List, Read, entry};
use crate::import::docker::command::Command;
use crate::import::{RemarkKind, quoted};
use crate::ir::of_patterns;
use crate::requirements::name_in_path;

/// Options of `apt-get` that say nothing of what is installed, beside `-y` and `-q`.
const QUIET: [&str; 12] = [
    "--yes",
    "--assume-yes",
    "--quiet",
    "--no-install-suggests",
    "--fix-missing",
    "-o=Dpkg::Use-Pty=0",
    "-o=APT::Install-Suggests=0",
    "--show-progress",
    "-o=Dpkg::Progress-Fancy=0",
    "--no-show-upgraded",
    "-qq=y",
    "--autoremove",
];

pub(super) fn apt(command: &Command) -> Read {
    let mut list = List { manager: "apt", ..List::default() };
    let program = command.texts().first().copied().unwrap_or_default();
    let (mut verb, mut recommends, mut words) = ("", true, command.words.iter().skip(1));
    while let Some(word) = words.next() {
        match word.text.as_str() {
            "--no-install-recommends" | "--without-recommends" | "-R" => recommends = false,
            "-t" | "--target-release" | "--default-release" => {
                let Some(release) = words.next().filter(|word| is_release(&word.text)) else { return Read::Other };
                list.options.push(format!("release {}", quoted(&release.text)));
            }
            "-o" | "--option" => {
                let value = words.next().map(|word| word.text.as_str()).unwrap_or_default();
                match value {
                    "APT::Install-Recommends=0" | "APT::Install-Recommends=false" => recommends = false,
                    value if value.starts_with("Dpkg::Use-Pty") || value.starts_with("Acquire::") => {}
                    _ => return Read::Other,
                }
            }
            option if QUIET.contains(&option) || is_quiet(option) => {}
            option if option.starts_with('-') => match option.split_once('=') {
                Some(("-t" | "--target-release" | "--default-release", release)) if is_release(release) => {
                    list.options.push(format!("release {}", quoted(release)));
                }
                _ => return Read::Other,
            },
            word if verb.is_empty() => verb = word,
            path if path.contains('/') && is_file(path, ".deb") => list.items.push(Item::of_file(path, "", word.range.start)),
            pattern if is_pattern(program, pattern) => list.items.push(Item::at(entry(pattern, ""), word.range.start)),
            package => match item(package) {
                Some(text) => list.items.push(Item::at(text, word.range.start)),
                None => return Read::Other,
            },
        }
    }
    match (verb, list.items.is_empty()) {
        ("update" | "clean" | "autoclean", true) => Read::Written,
        ("upgrade", true) => Read::Lists(vec![List { options: vec!["upgrade".to_owned()], ..list }], Vec::new()),
        ("install", false) => {
            if recommends {
                list.options.push("recommends".to_owned());
            }
            Read::Lists(vec![list], Vec::new())
        }
        _ => Read::Other,
    }
}

/// `-y`, `-yqq`.
fn is_quiet(option: &str) -> bool {
    option.strip_prefix('-').is_some_and(|letters| !letters.is_empty() && letters.chars().all(|letter| matches!(letter, 'y' | 'q')))
}

/// Whether a text is the name of a release: `stable`, `bookworm-backports`.
fn is_release(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_'))
}

/// Whether a word stands for all packages that it fits: `^libgdal[0-9]+$`, `libglew2.*`. `apt` takes only what begins with `^` or ends with
/// `$`, and a hyphen at the end removes packages.
fn is_pattern(program: &str, word: &str) -> bool {
    let known = |c: char| c.is_ascii_alphanumeric() || "-+.:_,\\(){}]".contains(c) || of_patterns(c);
    let taken = program == "apt-get" || program == "apt" && (word.starts_with('^') || word.ends_with('$'));
    taken && word.contains(of_patterns) && word.chars().all(known) && !word.ends_with('-') && !word.contains("{{")
}

/// `curl=7.88.1-10`, `nano/stable`
fn item(package: &str) -> Option<String> {
    if let Some((name, release)) = package.split_once('/') {
        return item(name).filter(|text| text == name && is_release(release)).map(|_| quoted(package));
    }
    let (name, version) = package.split_once('=').unwrap_or((package, ""));
    let letters = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.' | ':');
    if name.is_empty() || !name.chars().all(letters) || name.ends_with('-') || name.starts_with('.') {
        return None;
    }
    match version.strip_suffix('*') {
        _ if version.is_empty() => Some(entry(name, "")),
        Some(stem) if !stem.contains(['*', '?']) && stem.ends_with('.') => Some(entry(name, &format!("=={version}"))),
        None if !version.contains('?') => Some(entry(name, &format!("=={version}"))),
        _ => None,
    }
}

/// Whether a word is the name of a file that packages of the distribution are in.
fn is_file(word: &str, ending: &str) -> bool {
    word.ends_with(ending) && !word.contains("://")
}

/// `dpkg -i x.deb`, `gdebi -n x.deb`: apt installs the same, as root would.
pub(super) fn files(command: &Command) -> Read {
    let gdebi = command.texts().first() == Some(&"gdebi");
    let (mut installs, mut items, mut notes) = (false, Vec::new(), Vec::new());
    for word in command.words.iter().skip(1) {
        match word.text.as_str() {
            "-i" | "--install" if !gdebi => installs = true,
            "-n" | "--n" | "--non-interactive" if gdebi => installs = true,
            "-q" | "--quiet" if gdebi => {}
            path if is_file(path, ".deb") => items.push(Item::of_file(path, "", word.range.start)),
            _ => return Read::Other,
        }
    }
    if gdebi {
        notes.push((RemarkKind::Changed, "apt installs the file, and gdebi is not called".to_owned()));
    }
    let list = List { manager: "apt", items, ..List::default() };
    if installs && !list.items.is_empty() { Read::Lists(vec![list], notes) } else { Read::Other }
}

/// The package in an address: `https://…/epel-release-latest-9.noarch.rpm`.
fn named(address: &str) -> Option<String> {
    let file = address.split(['?', '#']).next().filter(|file| file.strip_suffix(".rpm").is_some() && !address.contains('$'))?;
    name_in_path(file).map(|(name, _)| name)
}

pub(super) fn dnf(command: &Command) -> Read {
    let tool = match command.texts().first() {
        Some(&"yum") => Some("yum"),
        Some(&"microdnf") => Some("microdnf"),
        _ => None,
    };
    let mut list = List { manager: "dnf", tool: tool.map(str::to_owned), ..List::default() };
    let (mut verb, mut weak, mut notes) = (String::new(), tool.is_none(), Vec::new());
    for word in command.words.iter().skip(1) {
        match word.text.as_str() {
            "-y" | "-q" | "-qy" | "-yq" | "--assumeyes" | "--quiet" => {}
            "--setopt=install_weak_deps=False" | "--setopt=install_weak_deps=0" | "--setopt=install_weak_deps=false" => weak = false,
            option if option.starts_with('-') => list.flags.push(option.to_owned()),
            text if verb.is_empty() => text.clone_into(&mut verb),
            address if address.contains("://") => match named(address) {
                Some(name) => {
                    notes.push((RemarkKind::Decide, format!("the name of the package at `{address}` is taken from its address")));
                    list.items.push(Item::at(format!("{} url {}", super::name(&name), quoted(address)), word.range.start));
                }
                None => return Read::Other,
            },
            path if is_file(path, ".rpm") => list.items.push(Item::of_file(path, "", word.range.start)),
            package if package.contains(['/', '@', '*', '=']) => return Read::Other,
            package => list.items.push(Item::at(entry(package, ""), word.range.start)),
        }
    }
    list.flags.sort();
    match (verb.as_str(), list.items.is_empty()) {
        ("clean" | "makecache", _) => Read::Written,
        ("upgrade" | "update", true) => Read::Lists(vec![List { options: vec!["upgrade".to_owned()], ..list }], Vec::new()),
        ("install" | "localinstall", false) => {
            if weak {
                list.options.push("recommends".to_owned());
            }
            Read::Lists(vec![list], notes)
        }
        _ => Read::Other,
    }
}
