//! `jenvc fmt`: files in the one style. A file that can't be read as a program is left alone, and told.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use clap::Args as Arguments;
use serde_json::json;

use super::console::{Console, Stream};
use super::disk::Disk;
use super::drift::refused;
use super::errors::words;
use super::global::Global;
use super::reply::{Exit, Misuse, Reply};
use super::{find, unified, write};
use crate::analyse::{decode, imported};
use crate::base::{FileId, Files as _, IndexSet, MAX_FILE_BYTES, Source, Sources, parent_of};
use crate::diagnostics::{Diagnostic, Findings};
use crate::format::format;
use crate::report::{Batch, Summary, count, json_finding, json_summary, render};
use crate::syntax::ast::{File, Import, ImportTarget, Item};
use crate::syntax::parse;

#[derive(Arguments, Debug)]
pub(super) struct Fmt {
    /// Files, folders with all that is in them, or `-` for standard input; all files of the program where left out.
    pub(super) files: Vec<PathBuf>,
    /// Writes nothing; names the files that are not in the style, and exits with 3 where there is one.
    #[arg(long)]
    pub(super) check: bool,
    /// Writes nothing; shows what would change, and exits with 3 where something would.
    #[arg(long)]
    pub(super) diff: bool,
}

/// The name that stands for standard input.
const STDIN: &str = "-";

/// One file, as it is and as it should be.
struct Text {
    /// The name as it was given, or from the current folder.
    name: String,
    /// Where it really is; `None` for standard input.
    place: Option<PathBuf>,
    before: String,
    /// The same in the style; `None` where it is broken.
    after: Option<String>,
}

/// All files, with what is wrong in the broken ones.
#[derive(Default)]
struct Texts {
    all: Vec<Text>,
    sources: Sources,
    findings: Vec<Diagnostic>,
}

pub(super) fn run(fmt: &Fmt, global: &Global, console: &Console) -> Result<Reply, Misuse> {
    if fmt.files.len() > 1 && fmt.files.iter().any(|file| file == Path::new(STDIN)) {
        return Err(Misuse("`-` stands for standard input and goes with no other file".to_owned()));
    }
    let mut texts = Texts::default();
    let stdin = fmt.files.first().is_some_and(|file| file == Path::new(STDIN));
    if stdin {
        let bytes = limited(&mut io::stdin().lock()).map_err(|error| unreadable(STDIN, &words(&error)))?;
        texts.add("<stdin>".to_owned(), None, &bytes)?;
    }
    if fmt.files.is_empty() {
        texts.program()?;
    }
    for (name, place) in if stdin { Vec::new() } else { files(&fmt.files)? } {
        let bytes = fs::File::open(&place).and_then(|mut file| limited(&mut file)).map_err(|error| unreadable(&name, &words(&error)))?;
        texts.add(name, Some(place), &bytes)?;
    }
    let writes = !fmt.check && !fmt.diff;
    if writes {
        texts.write();
    }
    let text = texts.told(fmt, global, console);
    let exit = if !texts.findings.is_empty() {
        Exit::Findings
    } else if !writes && texts.changed().next().is_some() {
        Exit::Unformatted
    } else {
        Exit::Clean
    };
    Ok(Reply::new(text, exit))
}

/// At most one byte more than a file may have.
fn limited(reader: &mut dyn Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes).map(|_| bytes)
}

fn unreadable(name: &str, why: &str) -> Misuse {
    Misuse(format!("`{name}` can't be read: {why}"))
}

/// The files that are meant, each once: with the name for people, and where it really is.
fn files(given: &[PathBuf]) -> Result<Vec<(String, PathBuf)>, Misuse> {
    let mut found = Vec::new();
    for path in given {
        let place = find::canonical(path)?;
        if place.is_dir() {
            in_folder(path, &mut found)?;
        } else if place.is_file() {
            found.push((path.display().to_string(), place));
        } else {
            return Err(Misuse(format!("`{}` is not a file", path.display())));
        }
    }
    let mut seen = BTreeSet::new();
    found.retain(|(_, place)| seen.insert(place.clone()));
    Ok(found)
}

/// Every `.jenv` file of a folder and of those in it, by name. Hidden folders and links are passed by.
fn in_folder(folder: &Path, found: &mut Vec<(String, PathBuf)>) -> Result<(), Misuse> {
    let refused = |error: io::Error| unreadable(&folder.display().to_string(), &words(&error));
    let mut entries = fs::read_dir(folder).map_err(refused)?.collect::<Result<Vec<_>, _>>().map_err(refused)?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let (kind, hidden) = (entry.file_type().map_err(refused)?, entry.file_name().to_string_lossy().starts_with('.'));
        let path = if folder == Path::new(".") { PathBuf::from(entry.file_name()) } else { entry.path() };
        if kind.is_dir() && !hidden {
            in_folder(&path, found)?;
        } else if kind.is_file() && find::is_jenv(&path) {
            found.push((path.display().to_string(), find::canonical(&path)?));
        }
    }
    Ok(())
}

/// The paths that a file imports, as written.
fn imports(file: &File) -> impl Iterator<Item = &str> {
    file.items.iter().filter_map(|item| match item {
        Item::Import(Import { target: ImportTarget::Path(text), .. }) => text.literal(),
        _ => None,
    })
}

impl Texts {
    /// The program's own files: each is read once, for what it imports and for its style.
    fn program(&mut self) -> Result<(), Misuse> {
        let located = find::program(None)?;
        let disk = Disk::new(located.root.clone());
        let mut names: IndexSet<String> = std::iter::once(located.main.clone()).collect();
        let mut places = BTreeSet::new();
        let mut at = 0;
        while let Some(name) = names.get_index(at).cloned() {
            at += 1;
            // `jenvc check` reports what can't be read.
            let Ok(bytes) = disk.read(&name, MAX_FILE_BYTES) else { continue };
            let place = find::canonical(&located.root.join(&name))?;
            let file = if find::is_jenv(Path::new(&name)) && places.insert(place.clone()) {
                self.add(format!("{}{name}", located.prefix()), Some(place), &bytes)?
            } else {
                parse(FileId::default(), &String::from_utf8_lossy(&bytes)).file
            };
            names.extend(imports(&file).filter_map(|written| imported(&disk, parent_of(&name), written)).flatten());
        }
        Ok(())
    }

    /// Adds a file, and gives its tree.
    fn add(&mut self, name: String, place: Option<PathBuf>, bytes: &[u8]) -> Result<File, Misuse> {
        if bytes.len() as u64 > MAX_FILE_BYTES {
            return Err(unreadable(&name, &format!("it has more than {} MiB", MAX_FILE_BYTES >> 20)));
        }
        let mut findings = Findings::default();
        let before = decode(&name, bytes, &mut self.sources, &mut findings);
        let file = self.sources.add(Source::new(name.clone(), before));
        let source = self.sources.get(file).map_or("", |source| &source.text);
        let mut parsed = parse(file, source);
        parsed.findings.append(findings);
        let after = (!parsed.findings.has_errors()).then(|| with_line_ends(format(source, &parsed), before));
        if after.is_none() {
            self.findings.append(&mut std::mem::take(&mut parsed.findings).sorted());
        }
        self.all.push(Text { name, place, before: before.to_owned(), after });
        Ok(parsed.file)
    }

    fn changed(&self) -> impl Iterator<Item = &Text> {
        self.all.iter().filter(|text| text.is_changed())
    }

    /// Writes what changed; a file that the machine refuses is left alone, and told.
    fn write(&mut self) {
        for text in self.all.iter_mut().filter(|text| text.is_changed()) {
            let (Some(place), Some(after)) = (&text.place, &text.after) else { continue };
            if let Err(error) = write::replace(place, after) {
                self.findings.push(refused(&text.name, &words(&error)));
                text.after = None;
            }
        }
    }

    fn batch(&self) -> Batch<'_> {
        Batch { main: "", prefix: "", sources: &self.sources, findings: &self.findings }
    }

    /// What goes to standard output; what is broken, and the counts, go to standard error.
    fn told(&self, fmt: &Fmt, global: &Global, console: &Console) -> String {
        if global.json() {
            return self.json();
        }
        if !self.findings.is_empty() {
            console.error(&render(global.format.into(), &[self.batch()], console.style(Stream::Error)));
        }
        let stdin = self.all.iter().find(|text| text.place.is_none());
        let looks = fmt.check || fmt.diff;
        if let Some(text) = stdin.filter(|_| !looks) {
            return text.after.clone().unwrap_or_default();
        }
        let counts = if console.quiet() { String::new() } else { self.counts(looks) };
        if looks {
            console.error(&counts);
        }
        if fmt.diff {
            return self.changed().map(|text| unified::diff(&text.name, Some(&text.before), text.after.as_deref())).collect();
        }
        if fmt.check {
            return self.changed().flat_map(|text| [text.name.as_str(), "\n"]).collect();
        }
        let shown = self.all.iter().filter(|text| if text.is_changed() { !console.quiet() } else { console.verbose() });
        shown.map(|text| format!("{:<8} {}\n", text.word(), text.name)).chain([counts]).collect()
    }

    /// `2 files formatted, 3 kept, 1 left alone`.
    fn counts(&self, looks: bool) -> String {
        let (changed, all) = (self.changed().count(), self.all.len());
        let broken = self.all.iter().filter(|text| text.after.is_none()).count();
        let done = if looks { "not formatted" } else { "formatted" };
        let parts = [(changed, done), (all - changed - broken, "kept"), (broken, "left alone")];
        let told: Vec<_> = parts.into_iter().filter(|(number, _)| *number > 0).collect();
        let words = told.iter().enumerate().map(|(at, (number, word))| {
            let number = if at == 0 { count(*number, "file") } else { number.to_string() };
            format!("{number} {word}")
        });
        format!("{}\n", words.collect::<Vec<_>>().join(", "))
    }

    fn json(&self) -> String {
        let batch = self.batch();
        let files: Vec<_> = self.all.iter().map(|text| json!({ "path": text.name, "status": text.word() })).collect();
        let findings: Vec<_> = self.findings.iter().map(|finding| json_finding(&batch, finding, false)).collect();
        let summary = json_summary(Summary::of(&self.findings));
        format!("{:#}\n", json!({ "version": 1, "findings": findings, "summary": summary, "files": files }))
    }
}

impl Text {
    fn is_changed(&self) -> bool {
        self.after.as_ref().is_some_and(|after| *after != self.before)
    }

    fn word(&self) -> &'static str {
        match &self.after {
            None => "left alone",
            Some(after) if *after == self.before => "kept",
            Some(_) => "changed",
        }
    }
}

/// The line ends that the first line of a text has: those of Windows stay, where somebody's git makes them.
fn with_line_ends(text: String, like: &str) -> String {
    if like.split_once('\n').is_some_and(|(first, _)| first.ends_with('\r')) { text.replace('\n', "\r\n") } else { text }
}
