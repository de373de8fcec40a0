//! `conda`, `mamba` and `micromamba`, with environment files.

use std::sync::Arc;

use super::list::{Item, List, Lookup, Makes, Read, entry};
use super::pip;
use crate::import::docker::command::Command;
use crate::import::{RemarkKind, comment, quoted};
use crate::requirements::{Dependency, Environment, MatchSpec};
use crate::versions::Op;

/// What stands for the command of a list in the place of `install`, beside its flags.
pub(in crate::import::docker) const UPDATE: &str = "update";

/// What the words of a command say.
#[derive(Default)]
struct Said {
    verb: Vec<String>,
    channels: Vec<String>,
    /// The environment, where it is not the base; whether it is named at all.
    environment: Option<String>,
    names_it: bool,
    /// Whether it says where conda is to be, and where what it loads is kept.
    bootstraps: bool,
    files: Vec<String>,
    flags: Vec<String>,
    /// Whether `update` is of all packages.
    all: bool,
    items: Vec<Item>,
    notes: Vec<(RemarkKind, String)>,
}

pub(super) fn read(command: &Command, lookup: Lookup<'_>) -> Read {
    let Some(said) = said(command) else { return Read::Other };
    let tool = command.texts().first().map(|tool| (*tool).to_owned()).filter(|tool| tool != "mamba");
    // A program that is only there to install conda.
    let bootstraps = tool.as_ref().is_some_and(|tool| tool.contains('/'));
    if bootstraps && (!said.bootstraps || said.verb != ["install"] || !said.files.is_empty()) {
        return Read::Other;
    }
    let create = matches!(said.verb.last().map(String::as_str), Some("create"));
    let makes = match said.verb.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [.., "create"] => Makes::Environment,
        ["env", "update"] => Makes::Missing,
        _ => Makes::Nothing,
    };
    let mut list = List { manager: "conda", tool, flags: said.flags, makes, ..List::default() };
    if said.environment.as_deref().is_some_and(|name| !super::list::is_environment(name)) {
        return Read::Other;
    }
    if let Some(name) = &said.environment {
        list.options.push(format!("env {}", super::list::name(name)));
    } else if create && (said.names_it || said.files.is_empty()) {
        return Read::Other;
    }
    let channels = |channels: &[String]| channels.iter().map(|channel| format!("channel {}", quoted(channel))).collect::<Vec<_>>();
    match said.verb.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["clean"] => Read::Written,
        ["update"] if said.environment.is_some() || !said.files.is_empty() => Read::Other,
        ["update"] if said.all => {
            // An upgrade takes no channels.
            let plain = said.items.is_empty() && said.channels.is_empty();
            list.options.push("upgrade".to_owned());
            if plain { Read::Lists(vec![list], said.notes) } else { Read::Other }
        }
        // conda refuses versions here.
        ["update"] if !said.items.is_empty() && said.items.iter().all(|item| !item.text.contains(' ')) => {
            list.options.extend(channels(&said.channels));
            list.flags.insert(0, UPDATE.to_owned());
            list.items = said.items;
            Read::Lists(vec![list], said.notes)
        }
        ["install" | "create"] if said.files.is_empty() && !said.items.is_empty() => {
            list.options.extend(channels(&said.channels));
            list.options.extend(bootstraps.then(|| "bootstrap".to_owned()));
            list.items = said.items;
            Read::Lists(vec![list], said.notes)
        }
        ["env", "update" | "create"] | ["install" | "create"] if said.items.is_empty() => {
            let [file] = said.files.as_slice() else { return Read::Other };
            let Some(text) = lookup(file) else { return Read::Other };
            // Where the command names no environment, the file does.
            if !said.names_it && (create || said.verb.len() > 1) {
                let named = text.lines().find_map(|line| line.strip_prefix("name:")?.split_whitespace().next());
                match named.map(|name| name.trim_matches(['"', '\''])) {
                    Some("base" | "root") | None if create => return Read::Other,
                    Some("base" | "root") | None => {}
                    Some(name) => list.options.push(format!("env {}", super::name(name))),
                }
            }
            described(&list, file, &text, &said.channels)
        }
        _ => Read::Other,
    }
}

/// The environment that a command makes without a package in it: `conda create --name work`.
pub(in crate::import::docker) fn begins(command: &Command) -> Option<String> {
    let conda = matches!(command.texts().first(), Some(&("conda" | "mamba" | "micromamba")));
    let said = said(command).filter(|_| conda && command.redirects.is_empty() && command.assigned.is_empty())?;
    let bare = said.verb == ["create"] && said.items.is_empty() && said.files.is_empty() && said.flags.is_empty();
    said.environment.filter(|name| bare && super::list::is_environment(name))
}

fn said(command: &Command) -> Option<Said> {
    let mut said = Said::default();
    let mut words = command.words.iter().skip(1);
    let mut roots = 0;
    while let Some(word) = words.next() {
        let (option, mut value) = match word.text.split_once('=') {
            Some((option, value)) if option.starts_with("--") => (option, Some(value.to_owned())),
            _ => (word.text.as_str(), None),
        };
        let mut next = || value.take().or_else(|| words.next().map(|word| word.text.clone()));
        match option {
            // Only what is cached, of which the compiler keeps nothing.
            option if option.starts_with('-') && said.verb == ["clean"] => {}
            "--yes" | "--quiet" | "--force-pkgs-dirs" | "--verbose" => {}
            letters if is_quiet(letters) => said.flags.extend(letters.contains('S').then(|| "--satisfied-skip-solve".to_owned())),
            "-c" | "--channel" => said.channels.push(next()?),
            "-n" | "--name" => {
                said.names_it = true;
                said.environment = Some(next()?).filter(|name| !matches!(name.as_str(), "base" | "root"));
            }
            "-p" | "--prefix" | "-r" | "--root-prefix" => {
                said.names_it |= matches!(option, "-p" | "--prefix");
                let path = next()?;
                let path = path.trim_end_matches('/');
                roots += usize::from(matches!(path, "/opt/conda" | "${CONDA_DIR}"));
                if !matches!(path, "/opt/conda" | "${CONDA_DIR}") {
                    let inner = ["/opt/conda/envs/", "${CONDA_DIR}/envs/"].iter().find_map(|folder| path.strip_prefix(folder));
                    said.environment = Some(inner.filter(|name| !name.contains('/'))?.to_owned());
                }
            }
            "-f" | "--file" => said.files.push(next()?),
            "--all" | "--update-all" if said.verb == ["update"] => said.all = true,
            "--no-deps"
            | "--freeze-installed"
            | "--force-reinstall"
            | "--override-channels"
            | "--strict-channel-priority"
            | "--satisfied-skip-solve"
            | "--update-deps"
            | "--no-update-deps"
            | "--no-channel-priority" => said.flags.push(option.to_owned()),
            option if option.starts_with('-') => return None,
            verb if said.verb.is_empty() || said.verb == ["env"] => said.verb.push(verb.to_owned()),
            spec => {
                if spec.contains("==$(") {
                    let words = format!("`{spec}` takes `=` in place of `==`, and versions with one number more");
                    said.notes.push((RemarkKind::Changed, words));
                }
                let entry = item(spec).or_else(|| {
                    // `=1.2*` is `=1.2`, and 1.20 besides.
                    let stem = spec.strip_suffix('*').filter(|stem| stem.ends_with(|c: char| c.is_ascii_digit()))?;
                    said.notes
                        .push((RemarkKind::Changed, format!("`{spec}` also took versions that go on with a digit; `{stem}` does not")));
                    item(stem)
                });
                said.items.push(Item::at(entry?, word.range.start));
            }
        }
    }
    said.flags.sort();
    said.bootstraps = roots == 2;
    Some(said)
}

/// Whether an option is of letters that say nothing of what is installed, and `S`.
fn is_quiet(option: &str) -> bool {
    option.strip_prefix('-').is_some_and(|letters| !letters.is_empty() && letters.chars().all(|letter| "yqvS".contains(letter)))
}

/// `python=3.12`, `conda-forge::blas=*=openblas`
fn item(spec: &str) -> Option<String> {
    if spec.contains("://") {
        return None;
    }
    if spec.contains("$(") {
        return super::list::resolved(spec, if spec.contains("==") { "==" } else { "=" });
    }
    let MatchSpec { channel, subdir: _, name, mut constraint } = MatchSpec::read(spec).ok()?;
    for bound in constraint.alternatives.iter_mut().flatten() {
        if bound.op == Op::Fuzzy && bound.build.is_none() {
            bound.version = bound.version.strip_suffix(".*").unwrap_or(&bound.version).to_owned();
        }
    }
    let named = channel.map_or_else(|| name.clone(), |channel| format!("{channel}::{name}"));
    let text = constraint.to_string();
    let plain = super::list::name(&name) == name;
    Some(if plain && text.is_empty() {
        named
    } else if plain {
        format!("{named} {text}")
    } else {
        entry(&named, &text)
    })
}

/// An environment file: its part for conda and its part for pip.
fn described(list: &List, path: &str, text: &Arc<str>, channels: &[String]) -> Read {
    let whole = |why: &str| {
        let list = List { file: Some((path.to_owned(), text.clone())), ..list.clone() };
        Read::Lists(vec![list], vec![(RemarkKind::Decide, format!("`{path}` stays a file: {why}"))])
    };
    let (dependencies, described) = match Environment::read(path, text) {
        Ok(Environment::Described(all, _)) => (all, true),
        Ok(Environment::Specs(all)) => (all, false),
        _ => return whole("it is no list that people write"),
    };
    let named = serde_saphyr::from_str::<serde_json::Value>(text).ok().filter(|_| described);
    let mut own: Vec<String> = channels.to_vec();
    if let Some(all) = named.as_ref().and_then(|value| value.get("channels")).and_then(|value| value.as_array()) {
        own.extend(all.iter().filter_map(|channel| channel.as_str()).filter(|channel| *channel != "nodefaults").map(str::to_owned));
    }
    let mut seen = std::collections::BTreeSet::new();
    own.retain(|channel| seen.insert(channel.clone()));
    let options = own.iter().map(|channel| format!("channel {}", quoted(channel)));
    let mut conda = List { options: list.options.iter().cloned().chain(options).collect(), ..list.clone() };
    let mut pip = List { manager: "pip", ..List::default() };
    let mut from = text.find("dependencies").filter(|_| described).unwrap_or(0);
    let mut notes = Vec::new();
    for one in &dependencies {
        let comments = comments(text, from, one);
        from = one.span.end as usize;
        let read = if one.pip { pip::item(&one.text) } else { item(&one.text) };
        let Some(words) = read.filter(|_| one.span.end > one.span.start) else {
            return whole(&format!("`{}` is no entry of a list", one.text));
        };
        if !one.pip && words.trim_matches('"') == "pip" && dependencies.iter().any(|one| one.pip) {
            if !comments.is_empty() {
                conda.items.push(Item { comments, ..Item::default() });
            }
            continue;
        }
        let to = if one.pip { &mut pip } else { &mut conda };
        to.items.push(Item { text: words, comments, because: reason(text, one), ..Item::default() });
    }
    if let Some(variables) = named.as_ref().and_then(|value| value.get("variables")) {
        notes.push((RemarkKind::NotExpressible, format!("`variables: {variables}` of `{path}`: an activation sets them")));
    }
    // pip installs to the environment that conda does.
    pip.options.extend(conda.environment().map(str::to_owned));
    if pip.items.is_empty() {
        return Read::Lists(vec![conda], notes);
    }
    Read::Lists([conda, pip].into_iter().filter(|list| !list.items.is_empty()).collect(), notes)
}

/// The comment behind an entry, on its line.
fn reason(text: &str, one: &Dependency) -> Option<String> {
    let rest = text.get(one.span.end as usize..)?.lines().next()?;
    rest.split_once(" #").map(|(_, words)| words.trim().to_owned()).filter(|words| !words.is_empty())
}

/// Lines that are comments between the entry before and this one.
fn comments(text: &str, from: usize, one: &Dependency) -> Vec<String> {
    let between = text.get(from..one.span.start as usize).unwrap_or_default();
    between.lines().skip(1).filter_map(comment).filter(|words| !words.is_empty()).map(str::to_owned).collect()
}
