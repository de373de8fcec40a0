//! `jenvc export`: what is locked of an image and of all below it, as `pylock.NAME.toml` (PEP 751), with the addresses of the files.
//!
//! A lock has no addresses, so uv asks the indexes for them: for exactly what is locked. Only a file with the checksum of the lock counts.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use clap::Args as Arguments;
use serde_json::json;

use super::program::{Engine, known_images, meant, read, read_program};
use super::pylock::{File, Pylock, file_of};
use super::uv::Uv;
use crate::check::locked::{Stale, Unit, stale, unlisted};
use crate::cli::compiled::{Compiled, Told, add, exit, failed};
use crate::cli::console::Console;
use crate::cli::drift::{Plan, Status, Target};
use crate::cli::errors::words;
use crate::cli::global::Global;
use crate::cli::reply::{Exit, Misuse, Reply};
use crate::cli::write;
use crate::diagnostics::{Diagnostic, known};
use crate::driver::lock::{Question, side_by_side};
use crate::emit::Artifact;
use crate::ir::{CellId, Lockable, Locks, Pin, Platform, Program};
use crate::report::{Summary, json_finding, json_summary};

#[derive(Arguments, Debug)]
pub(in crate::cli) struct Export {
    /// Only these images; all where left out. A path is the file that the program begins in, or its folder.
    #[arg(value_name = "IMAGE|FILE")]
    names: Vec<String>,
    /// The folder that the files go to [default: that of the program].
    #[arg(long, value_name = "FOLDER")]
    to: Option<PathBuf>,
    /// Overwrites files that jenvc did not write.
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    engine: Engine,
}

/// How a file of ours begins.
const HEAD: &str = "# Written by `jenvc export`";

pub(in crate::cli) fn run(args: &Export, global: &Global, console: &Console) -> Result<Reply, Misuse> {
    let (located, images) = meant(&args.names)?;
    let (mut compiled, program) = read_program(located, global);
    let Some(program) = program else { return Ok(failed(&compiled.told(), global, console)) };
    known_images(&program, &images)?;
    let mut questions = Vec::new();
    let wanted = wanted(&program, &images, &mut questions)?;
    let stale = Stale::findings(&old(&program, &wanted));
    if !stale.is_empty() {
        add_all(&mut compiled, stale, global);
        return Ok(Reply { exit: Exit::Stale, ..failed(&compiled.told(), global, console) });
    }
    let (found, missing) = ask(&wanted, &questions, &Uv::new(&args.engine, console)?);
    let is_whole = missing.is_empty();
    add_all(&mut compiled, missing, global);
    // Folders are made from the first one that is there.
    let folder = args.to.as_ref().map_or_else(|| Ok(compiled.located.root.clone()), std::path::absolute);
    let folder = folder.map_err(|error| Misuse(format!("`--to` names no folder: {}", words(&error))))?;
    let head = format!("{HEAD} from {} and its lock: run both again.", compiled.located.main);
    let artifacts: Vec<Artifact> = wanted.iter().filter(|_| is_whole).map(|one| one.artifact(&head, &found)).collect();
    let mut plan = plan(&folder, &artifacts, args.force)?;
    let refusals = std::mem::take(&mut plan.refusals);
    let refusals = if refusals.is_empty() { write::apply(&folder, &plan).err().map(|one| *one).into_iter().collect() } else { refusals };
    if !refusals.is_empty() {
        add_all(&mut compiled, refusals, global);
        return Ok(failed(&compiled.told(), global, console));
    }
    let told = compiled.told();
    let status = if is_whole || told.has_errors() { exit(told.has_errors()) } else { Exit::Unknown };
    let wanted: &[_] = if is_whole { &wanted } else { &[] };
    let text = if global.json() { json(&plan, wanted, &told) } else { text(&plan, wanted, console) };
    Ok(told.answer(text, status, global, console))
}

fn add_all(compiled: &mut Compiled, findings: Vec<Diagnostic>, global: &Global) {
    for finding in findings {
        add(&mut compiled.outcome.findings, finding, global);
    }
}

/// One file: what a cell has on a platform.
struct Wanted<'p> {
    path: String,
    cells: Vec<CellId>,
    platform: Platform,
    python: String,
    /// By name: the image that pins it, the number of the question for its file, and the pin; the highest layer counts.
    pins: BTreeMap<&'p str, (&'p str, usize, &'p Pin)>,
    /// What pip installs there and the lock does not hold.
    without: BTreeSet<&'p str>,
}

fn wanted<'p>(program: &'p Program, images: &[&String], questions: &mut Vec<Question>) -> Result<Vec<Wanted<'p>>, Misuse> {
    let image = |cell: CellId| &program[program[cell].image].name;
    let mut all: BTreeMap<String, Wanted<'p>> = BTreeMap::new();
    for (cell, of_cell) in program.cells().filter(|(cell, _)| images.is_empty() || images.contains(&image(*cell))) {
        for one in of_cell.platforms.iter().filter_map(|platform| Wanted::new(program, cell, *platform, questions)) {
            let path = one.path.clone();
            if all.insert(path.clone(), one).is_some() {
                return Err(Misuse(format!("two images would be `{path}`: export `{}` alone, with `--to`", image(cell))));
            }
        }
    }
    if all.is_empty() {
        let what = images.first().map_or_else(|| "the program".to_owned(), |image| format!("`{image}`"));
        return Err(Misuse(format!("nothing of {what} is locked: run `jenvc lock`")));
    }
    Ok(all.into_values().collect())
}

impl<'p> Wanted<'p> {
    /// `None` where nothing of it is locked.
    fn new(program: &'p Program, cell: CellId, platform: Platform, questions: &mut Vec<Question>) -> Option<Self> {
        let (mut pins, mut without) = (BTreeMap::new(), BTreeSet::new());
        let cells = program.stack(cell);
        for level in &cells {
            let unit = Unit::of(program, *level, platform, Lockable::Pypi);
            without.extend(unit.roots.iter().filter(|root| unlisted(root).is_some()).map(|root| root.normal.as_str()));
            let Some(section) = unit.section(program, &program.locks) else { continue };
            without.extend(section.unknown.keys().map(String::as_str));
            let question = Question::pinned(program, &unit, section);
            let number = questions.iter().position(|known| *known == question).unwrap_or_else(|| {
                questions.push(question);
                questions.len() - 1
            });
            let image = program[program[*level].image].name.as_str();
            pins.extend(section.pins.iter().map(|(name, pin)| (name.as_str(), (image, number, pin))));
        }
        without.retain(|name| !pins.contains_key(name));
        let python = Unit::of(program, cell, platform, Lockable::Pypi).python?;
        let path = path(program, cell, platform);
        Some(Self { path, cells, platform, python, pins, without }).filter(|one| !one.pins.is_empty())
    }

    fn artifact(&self, head: &str, found: &[BTreeMap<String, File>]) -> Artifact {
        let packages = self.pins.iter().filter_map(|(name, (_, number, pin))| Some((*name, *pin, found.get(*number)?.get(*name)?)));
        let text = Pylock { python: &self.python, platform: self.platform }.text(head, packages);
        Artifact { path: self.path.clone(), text, executable: false }
    }
}

/// `pylock.ml-py3_11-amd64.toml`: what tells the files of a program apart, without the dots that PEP 751 has no room for.
fn path(program: &Program, cell: CellId, platform: Platform) -> String {
    let image = &program[program[cell].image].name;
    let is_one_of_many = program.cells().filter(|(_, other)| other.image == program[cell].image).nth(1).is_some();
    let of_cell = if is_one_of_many { format!("-{}", program[cell].lock_name()) } else { String::new() };
    let of_platform = if program[cell].platforms.len() > 1 { format!("-{}", platform.arch()) } else { String::new() };
    format!("pylock.{}.toml", format!("{image}{of_cell}{of_platform}").replace('.', "_"))
}

/// What is stale of the images that are wanted, and of those below.
fn old(program: &Program, wanted: &[Wanted<'_>]) -> Vec<Stale> {
    let cells = wanted.iter().flat_map(|one| &one.cells);
    let images: BTreeSet<&str> = cells.map(|cell| program[program[*cell].image].name.as_str()).collect();
    stale(program).into_iter().filter(|one| images.contains(one.image.as_str())).collect()
}

/// Asks the indexes for the files of all pins, and says which there are not.
fn ask(wanted: &[Wanted<'_>], questions: &[Question], uv: &Uv) -> (Vec<BTreeMap<String, File>>, Vec<Diagnostic>) {
    let answers: Vec<Mutex<Result<String, String>>> = questions.iter().map(|_| Mutex::new(Ok(String::new()))).collect();
    let all: Vec<_> = questions.iter().zip(&answers).collect();
    side_by_side(&all, |(question, answer)| {
        let text = uv.files(question);
        if let Ok(mut answer) = answer.lock() {
            *answer = text;
        }
    });
    let answers: Vec<_> = answers.into_iter().map(|answer| answer.into_inner().unwrap_or_else(|_| Ok(String::new()))).collect();
    let mut found = vec![BTreeMap::new(); questions.len()];
    let mut missing: Vec<Diagnostic> = Vec::new();
    for (name, (image, number, pin)) in wanted.iter().flat_map(|one| &one.pins) {
        let (Some(answer), Some(files)) = (answers.get(*number), found.get_mut(*number)) else { continue };
        let finding = match answer {
            Err(words) => failed_for(image, words),
            Ok(text) => match file_of(text, name, pin) {
                Some(file) => {
                    files.insert((*name).to_owned(), file);
                    continue;
                }
                None => gone(image, name, pin),
            },
        };
        if !missing.iter().any(|known| known.message == finding.message) {
            missing.push(finding);
        }
    }
    (found, missing)
}

fn failed_for(image: &str, said: &str) -> Diagnostic {
    let line = |line: &'_ str| line.trim().trim_start_matches("error: ").trim_start_matches("cause: ").trim_end_matches('.').to_owned();
    let first = said.lines().find(|line| !line.trim().is_empty()).map(line);
    let cause = said.lines().rfind(|line| line.trim().starts_with("cause: ")).map(line);
    let said: Vec<String> = first.into_iter().chain(cause).collect();
    Diagnostic::nowhere(&known::UNKNOWN_REQUIREMENTS, format!("no files of `{}`: {}", Locks::path(image), said.join(": ")))
}

fn gone(image: &str, name: &str, pin: &Pin) -> Diagnostic {
    let (path, version) = (Locks::path(image), &pin.version);
    let message = if pin.sha256.is_empty() {
        format!("`{path}` has no checksum of `{name} {version}`, which a file of PEP 751 must have")
    } else {
        format!("the index has no file of `{name} {version}` with the checksum of `{path}`")
    };
    Diagnostic::nowhere(&known::UNKNOWN_REQUIREMENTS, message)
        .help(format!("`jenvc lock --upgrade-package {name}` locks a file that the index has"))
}

/// What is to be written. Nothing that we did not write is in the way of it, unless that is allowed.
fn plan<'a>(folder: &Path, artifacts: &'a [Artifact], force: bool) -> Result<Plan<'a>, Misuse> {
    let mut plan = Plan::default();
    for artifact in artifacts {
        let status = match read(folder, &artifact.path)? {
            None => Status::New,
            Some(text) if text == artifact.text => Status::Kept,
            Some(text) => {
                if !force && !text.starts_with(HEAD) {
                    let message = format!("`{}` is in the way: jenvc did not write it", folder.join(&artifact.path).display());
                    let help = "move it away, write to another folder with `--to`, or overwrite it with `--force`";
                    plan.refusals.push(Diagnostic::nowhere(&known::FOREIGN_FILE, message).help(help));
                }
                Status::Changed
            }
        };
        plan.targets.push(Target { path: artifact.path.clone(), status, artifact: Some(artifact) });
    }
    Ok(plan)
}

/// A line for each file that changes, and what it lacks.
fn text(plan: &Plan<'_>, wanted: &[Wanted<'_>], console: &Console) -> String {
    if console.quiet() {
        return String::new();
    }
    let files = plan.targets.iter().filter(|target| target.status != Status::Kept || console.verbose());
    let files = files.map(|target| format!("{:<8} {}\n", target.status.word(), target.path));
    let lacks = wanted.iter().filter(|one| !one.without.is_empty()).map(|one| {
        let names: Vec<&str> = one.without.iter().copied().collect();
        format!("not in {}, since the lock has no file: {}\n", one.path, names.join(", "))
    });
    let text: String = files.chain(lacks).collect();
    if text.is_empty() && !wanted.is_empty() { format!("{} up to date\n", crate::report::count(wanted.len(), "file")) } else { text }
}

fn json(plan: &Plan<'_>, wanted: &[Wanted<'_>], told: &Told) -> String {
    let files: Vec<_> = plan.targets.iter().map(|target| json!({ "path": target.path, "status": target.status.word() })).collect();
    let lacks: BTreeMap<&str, &BTreeSet<&str>> = wanted.iter().map(|one| (one.path.as_str(), &one.without)).collect();
    let batch = told.batch();
    let findings: Vec<_> = told.findings.iter().map(|finding| json_finding(&batch, finding, false)).collect();
    let summary = json_summary(Summary::of(&told.findings));
    let object = json!({ "version": 1, "files": files, "without": lacks, "findings": findings, "summary": summary });
    format!("{object:#}\n")
}
