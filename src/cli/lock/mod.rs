//! `jenvc lock`: resolves what the layers ask `PyPI` and channels of conda for, and writes `locks/NAME.toml` for each image.

mod answer;
#[cfg(feature = "conda")]
mod conda;
mod curl;
mod engines;
mod export;
mod images;
mod outdated;
mod program;
mod project;
mod pylock;
mod registry;
mod sources;
mod uv;

pub(super) use export::{Export, run as export};
pub(super) use outdated::{Outdated, run as outdated};
pub(super) use program::Engine;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use clap::Args as Arguments;
use serde_json::json;

use super::compiled::{Compiled, Told, add, exit, failed};
use super::console::Console;
use super::drift::{Plan, Status, Target};
use super::global::Global;
use super::reply::{Exit, Misuse, Reply};
use super::write;
use crate::check::locked::{Unit, stale};
use crate::diagnostics::{Diagnostic, Findings, Severity, known};
use crate::driver::lock::{Locked, Move, Request, moves};
use crate::emit::Artifact;
use crate::ir::{Date, LOCKS, Lockable, Locks, Package, Program, is_written_lock, write_sections};
use crate::report::{Summary, count, json_finding, json_summary};
use program::{OPEN, day, known_images, meant, read, read_program, today};

#[derive(Arguments, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is one flag of the command line")]
pub(super) struct Lock {
    /// Only these images; all where left out. A path is the file that the program begins in, or its folder.
    #[arg(value_name = "IMAGE|FILE")]
    pub(super) names: Vec<String>,
    /// Takes the newest versions that the constraints allow.
    #[arg(long)]
    pub(super) upgrade: bool,
    /// Takes the newest version of this package that the constraints allow; may be given more than once.
    #[arg(long, value_name = "PACKAGE", conflicts_with = "upgrade")]
    pub(super) upgrade_package: Vec<String>,
    /// Takes no file that was uploaded after this day; if left out, today, or the day of a section whose constraints are the same.
    #[arg(long, value_parser = day, value_name = "DATE")]
    pub(super) cut_off: Option<String>,
    /// Allows code of source distributions to run, to learn what they require.
    #[arg(long)]
    pub(super) build: bool,
    /// Prints what uv says of each question that has no answer.
    #[arg(long)]
    pub(super) explain: bool,
    /// Writes the digests of existing images into `jenv.lock` instead, for those that the program names by a tag.
    #[arg(long, conflicts_with_all = ["upgrade_package", "cut_off", "build", "explain", "offline", "uv"])]
    pub(super) images: bool,
    #[command(flatten)]
    pub(super) engine: Engine,
}

pub(super) fn run(args: &Lock, global: &Global, console: &Console) -> Result<Reply, Misuse> {
    let (located, images) = meant(&args.names)?;
    let _turn = write::Turn::take(&located.root, true);
    let (mut compiled, program) = read_program(located, global);
    let Some(program) = program else { return Ok(failed(&compiled.told(), global, console)) };
    if args.images {
        return images::run(&compiled.located.root, &program, args.upgrade, global.json(), console);
    }
    known_images(&program, &images)?;
    engines::known_packages(&program, &args.upgrade_package)?;
    let request = Request {
        images: images.iter().map(|image| (*image).clone()).collect(),
        upgrade: args.upgrade,
        packages: engines::names(&args.upgrade_package),
        cut_off: args.cut_off.clone(),
        today: today()?,
        build: args.build,
    };
    let mut locked = engines::resolve(&program, &request, &args.engine, console)?;
    for finding in std::mem::take(&mut locked.findings).sorted() {
        add(&mut compiled.outcome.findings, finding, global);
    }
    let artifacts = artifacts(&locked.locks);
    let plan = plan(&compiled.located.root, &artifacts, &request)?;
    if let Err(refusal) = write::apply(&compiled.located.root, &plan) {
        add(&mut compiled.outcome.findings, *refusal, global);
        return Ok(failed(&compiled.told(), global, console));
    }
    compiled.outcome.findings = menus(&compiled, global);
    let told = compiled.told();
    let is_wrong = told.findings.iter().any(|finding| finding.severity == Severity::Error && finding.code != &known::NOT_IN_LOCK);
    let status = if is_wrong || !locked.undecided { exit(told.has_errors()) } else { Exit::Unknown };
    let run = Run { locked: &locked, plan: &plan, moves: moves(&program.locks, &locked.locks), program: &program };
    let text = if global.json() { run.json(&told) } else { run.text(console) };
    let mut reply = told.answer(text, status, global, console);
    if args.explain {
        for words in &locked.words {
            let _ = write!(reply.after, "\n{words}\n");
        }
    }
    Ok(reply)
}

/// The findings of a run: what menus say of versions is asked again of the lock as it is now.
fn menus(compiled: &Compiled, global: &Global) -> Findings {
    let mut findings = compiled.outcome.findings.clone();
    let is_open = |finding: &Diagnostic| OPEN.contains(&finding.code);
    if findings.iter().any(is_open) {
        findings.retain_mut(|finding| !is_open(finding));
        let mut now = Compiled::new(compiled.located.clone(), global).outcome.findings;
        now.retain_mut(|finding| is_open(finding));
        findings.append(now);
    }
    findings
}

fn artifacts(locks: &Locks) -> Vec<Artifact> {
    let artifact =
        |(image, sections): (&String, &Vec<_>)| Artifact { path: Locks::path(image), text: write_sections(sections), executable: false };
    locks.0.iter().map(artifact).collect()
}

/// What is to be written and removed. Locks of images that are no more are removed where all are locked.
fn plan<'a>(root: &Path, artifacts: &'a [Artifact], request: &Request) -> Result<Plan<'a>, Misuse> {
    let mut plan = Plan::default();
    for artifact in artifacts {
        let status = match read(root, &artifact.path)? {
            None => Status::New,
            Some(text) if text == artifact.text => Status::Kept,
            Some(_) => Status::Changed,
        };
        plan.targets.push(Target { path: artifact.path.clone(), status, artifact: Some(artifact) });
    }
    let known: BTreeSet<&str> = artifacts.iter().map(|artifact| artifact.path.as_str()).collect();
    let there: BTreeSet<_> = fs::read_dir(root.join(LOCKS)).into_iter().flatten().flatten().map(|entry| entry.file_name()).collect();
    for name in there.iter().filter_map(|name| name.to_str()).filter(|_| request.images.is_empty()) {
        let path = format!("{LOCKS}/{name}");
        let is_ours = name.strip_suffix(".toml").is_some()
            && !known.contains(path.as_str())
            && read(root, &path)?.is_some_and(|text| is_written_lock(&text));
        if is_ours {
            plan.targets.push(Target { path, status: Status::Gone, artifact: None });
        }
    }
    Ok(plan)
}

/// What a run has done.
struct Run<'a> {
    locked: &'a Locked,
    plan: &'a Plan<'a>,
    moves: Vec<Move>,
    program: &'a Program,
}

impl Run<'_> {
    /// A line for each file that changes, with the packages that have moved in it, and what was left out.
    fn text(&self, console: &Console) -> String {
        let mut text = String::new();
        if console.quiet() {
            return text;
        }
        for target in self.plan.targets.iter().filter(|target| target.status != Status::Kept || console.verbose()) {
            let _ = write!(text, "{:<8} {}", target.status.word(), target.path);
            let of_file = |one: &&Move| Locks::path(&one.image) == target.path;
            let moved: Vec<_> = self.moves.iter().filter(of_file).collect();
            if target.status == Status::New {
                let _ = write!(text, ": {}", count(moved.len(), "package"));
            }
            text.push('\n');
            for one in moved.iter().filter(|_| target.status == Status::Changed) {
                let _ = writeln!(text, "         {}", words_of(one));
            }
        }
        if !self.locked.waiting.is_empty() {
            let _ = writeln!(text, "not tried, since a layer below is not resolved: {}", self.locked.waiting.join(", "));
        }
        let others = self.others();
        if !others.is_empty() {
            let _ = writeln!(text, "not locked: {}", others.join(", "));
        }
        if others.contains(&"conda") && !engines::CONDA {
            let _ = writeln!(text, "{}", engines::WITHOUT_CONDA);
        }
        let files = self.plan.targets.iter().filter(|target| target.artifact.is_some()).count();
        if files == 0 && engines::LOCKABLE.iter().all(|lockable| Unit::all(self.program, *lockable).is_empty()) {
            let _ = writeln!(text, "nothing to lock: no layer asks {} for a package", engines::MANAGERS);
        } else if files > 0 && self.plan.stale().next().is_none() && self.is_whole() {
            let _ = writeln!(text, "{} up to date", count(files, "lock"));
        }
        text
    }

    /// Whether nothing is stale now: a cell that failed, and an image that was not meant, keep what they had.
    fn is_whole(&self) -> bool {
        stale(&Program { locks: self.locked.locks.clone(), ..self.program.clone() }).is_empty()
    }

    /// Managers that are not locked: `apt`, `conda`.
    fn others(&self) -> Vec<&str> {
        let is_locked = |package: &&Package| {
            let of = |lockable: Lockable| package.ecosystem == lockable.as_str() && self.locked.locks.has(lockable);
            let is_of_day = package.index.as_deref().is_some_and(|index| Date::parse(index).is_some());
            package.provided || is_of_day || package.ecosystem == Lockable::Pypi.as_str() || Lockable::ALL.into_iter().any(of)
        };
        let all = self.program.cells.iter().flat_map(|cell| &cell.packages).filter(|package| !is_locked(package));
        all.map(|package| &*package.manager).collect::<BTreeSet<&str>>().into_iter().collect()
    }

    fn json(&self, told: &Told) -> String {
        let batch = told.batch();
        let files: Vec<_> = self.plan.targets.iter().map(|target| json!({ "path": target.path, "status": target.status.word() })).collect();
        let moves: Vec<_> = self
            .moves
            .iter()
            .map(|one| {
                let from = one.lockable.as_str();
                json!({ "image": one.image, "ecosystem": from, "name": one.name, "before": one.before, "after": one.after })
            })
            .collect();
        let findings: Vec<_> = told.findings.iter().map(|finding| json_finding(&batch, finding, false)).collect();
        let sections: BTreeMap<_, _> = self.locked.locks.0.iter().map(|(image, sections)| (image, sections.len())).collect();
        let object = json!({
            "version": 1, "files": files, "sections": sections, "moves": moves, "waiting": self.locked.waiting,
            "not_locked": self.others(),
            "undecided": self.locked.undecided, "questions": self.locked.questions,
            "findings": findings, "summary": json_summary(Summary::of(&told.findings)),
        });
        format!("{object:#}\n")
    }
}

/// `numpy 2.2.6 → 2.4.1`
fn words_of(one: &Move) -> String {
    let versions = |all: &[String]| all.join(", ");
    match (one.before.as_slice(), one.after.as_slice()) {
        ([], after) => format!("{} {} is new", one.name, versions(after)),
        (before, []) => format!("{} {} is gone", one.name, versions(before)),
        (before, after) => format!("{} {} → {}", one.name, versions(before), versions(after)),
    }
}
