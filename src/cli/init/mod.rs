//! `jenvc init`: a first program that compiles, from flags or from a few questions. Nothing is ever overwritten.

mod answers;
mod ask;
mod guess;
mod texts;

use std::fs;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use serde_json::json;

use super::args::Init;
use super::console::Console;
use super::disk::Disk;
use super::errors::words;
use super::global::Global;
use super::reply::{Exit, Misuse, Reply};
use super::{find, write};
use crate::base::{FileId, MemoryFiles};
use crate::driver::{self, compile};
use crate::format::format;
use crate::import;
use crate::ir::slugify;
use crate::syntax::ast::{Definition, Item, Keyword};
use crate::syntax::parse;
use answers::Answers;

/// The file that the program begins in.
const MAIN: &str = "main.jenv";
/// What pre-commit reads, at the top of a repository.
const PRE_COMMIT: &str = ".pre-commit-config.yaml";

pub(super) fn run(init: &Init, global: &Global, console: &Console) -> Result<Reply, Misuse> {
    let folder = init.folder.clone().unwrap_or_else(|| PathBuf::from("."));
    let made = !folder.exists();
    fs::create_dir_all(&folder).map_err(|error| Misuse(format!("`{}` can't be made: {}", folder.display(), words(&error))))?;
    let reply = write_in(&folder, init, global, console);
    if made && reply.is_err() {
        // Where nothing was written, nothing is left behind.
        let _ = fs::remove_dir(&folder);
    }
    reply
}

fn write_in(folder: &Path, init: &Init, global: &Global, console: &Console) -> Result<Reply, Misuse> {
    let place = find::canonical(folder)?;
    let there = find::programs_in(&place);
    if let Some(there) = there.first()
        && (!init.workflow && !init.pre_commit || init.name.is_some() || init.registry.is_some() || init.base.is_some())
    {
        return Err(Misuse(format!(
            "there is a program already: `{}`; `--workflow` and `--pre-commit` alone add to it",
            shown(&folder.join(there))
        )));
    }
    let root = find::repository(&place).unwrap_or_else(|| place.clone());
    let below = place.strip_prefix(&root).ok().and_then(Path::to_str).unwrap_or("");
    let answers = if there.is_empty() { Some(answers(init, &place, below)?) } else { None };
    let (workflow, pre_commit) =
        answers.as_ref().map_or((init.workflow, init.pre_commit), |answers| (answers.workflow, answers.pre_commit));
    let mut files = Vec::new();
    if let Some(answers) = &answers {
        files.push((place.join(MAIN), folder.join(MAIN), program(answers)?));
    } else if let (true, Some(main)) = (workflow, there.first()) {
        with_workflow(&place, main, &folder.join(main), &import::workflow(below))?;
        console.write(&format!("changed  {}\n", shown(&folder.join(main))));
    }
    if pre_commit {
        let text = texts::pre_commit(below);
        let path = root.join(PRE_COMMIT);
        if path.exists() {
            console.error(&format!("`{PRE_COMMIT}` is there already; add to its `repos`:\n\n{}\n", texts::entry(below)));
        } else {
            let top = find::Located { root, main: PRE_COMMIT.to_owned() };
            files.push((path, PathBuf::from(top.prefix() + PRE_COMMIT), text));
        }
    }
    for (path, name, text) in &files {
        write::create_new(path, text).map_err(|error| Misuse(format!("`{}` can't be written: {}", shown(name), words(&error))))?;
    }
    Ok(told(&files, folder, global, console))
}

/// Adds the workflow to a program that has none.
fn with_workflow(place: &Path, main: &str, name: &Path, workflow: &str) -> Result<(), Misuse> {
    let sources = driver::sources(&Disk::new(place.to_owned()), main);
    let has_one = |text: &str| {
        let named = |one: &Definition| one.name.as_ref().is_some_and(|name| name.node == "workflow");
        let is_workflow = |item: &Item| matches!(item, Item::Definition(one) if one.keyword.node == Keyword::Output && named(one));
        parse(FileId::default(), text).file.items.iter().any(is_workflow)
    };
    if sources.iter().any(|(_, source)| !source.standard && has_one(&source.text)) {
        return Err(Misuse("the program has an `output workflow` already".to_owned()));
    }
    let path = place.join(main);
    let refused = |error: io::Error| Misuse(format!("`{}` can't be changed: {}", shown(name), words(&error)));
    let before = fs::read_to_string(&path).map_err(refused)?;
    let text = format!("{}\n\n{workflow}\n", before.trim_end());
    write::replace(&path, &text).map_err(refused)
}

fn told(files: &[(PathBuf, PathBuf, String)], folder: &Path, global: &Global, console: &Console) -> Reply {
    let names: Vec<_> = files.iter().map(|(_, path, _)| shown(path)).collect();
    if global.json() {
        let files: Vec<_> = names.iter().map(|name| json!({ "path": name, "status": "new" })).collect();
        return Reply::new(format!("{:#}\n", json!({ "version": 1, "files": files })), Exit::Clean);
    }
    if console.quiet() {
        return Reply::new("", Exit::Clean);
    }
    let argument = if folder == Path::new(".") { String::new() } else { format!(" {}", folder.display()) };
    let lines: String = names.iter().flat_map(|name| ["new      ", name, "\n"]).collect();
    Reply::new(format!("{lines}\nnext: look at it, then run `jenvc build{argument}`\n"), Exit::Clean)
}

/// A path as people write it.
fn shown(path: &Path) -> String {
    path.strip_prefix(".").unwrap_or(path).display().to_string()
}

/// What the flags say; what they leave open is asked on a terminal where no flag is given, and guessed elsewhere.
fn answers(init: &Init, place: &Path, below: &str) -> Result<Answers, Misuse> {
    let remote = guess::remote(place);
    let folder = place.file_name().map(|name| slugify(&name.to_string_lossy())).filter(|name| !name.is_empty());
    let start = Answers {
        name: init.name.clone().or(folder).unwrap_or_else(|| "hub".to_owned()),
        registry: init.registry.clone().or(remote.as_ref().map(|remote| remote.registry.clone())).unwrap_or_default(),
        source: remote.map(|remote| remote.source),
        base: init.base.unwrap_or_default(),
        workflow: init.workflow,
        below: below.to_owned(),
        branch: guess::branch(place),
        pre_commit: init.pre_commit,
    };
    let flags = init.name.is_some() || init.registry.is_some() || init.base.is_some() || init.workflow || init.pre_commit;
    let answers = if !flags && io::stdin().is_terminal() && io::stderr().is_terminal() {
        ask::ask(start, &mut io::stdin().lock(), &mut io::stderr().lock())
            .map_err(|error| Misuse(format!("no answer: {}", words(&error))))?
    } else {
        start
    };
    if answers.registry.is_empty() {
        return Err(Misuse("where do the images go? name the registry: `--registry ghcr.io/OWNER`".to_owned()));
    }
    Ok(answers)
}

/// The program in the one style; it compiles.
fn program(answers: &Answers) -> Result<String, Misuse> {
    let text = texts::program(answers);
    let text = format(&text, &parse(FileId::default(), &text));
    let files: MemoryFiles = [(MAIN, &text)].into_iter().collect();
    let outcome = compile(&files, MAIN);
    let finding = outcome.findings.sorted().into_iter().find(|_| outcome.checked.is_none());
    finding.map_or(Ok(text), |finding| Err(Misuse(finding.message)))
}

#[cfg(test)]
mod tests;
