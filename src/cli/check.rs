//! `jenvc check`: everything but the writing, for any number of files, each in the program that it belongs to.

use std::fs;
use std::io::ErrorKind::NotFound;
use std::path::Path;

use super::args::Check;
use super::compiled::{Compiled, Told, add, exit};
use super::console::{Console, Stream};
use super::disk::Disk;
use super::drift::{plan, stale};
use super::find::{self, Located};
use super::fix;
use super::global::Global;
use super::reply::{Exit, Misuse, Reply};
use super::write::Turn;
use crate::base::{Files, IndexMap, MAX_FILE_BYTES, Source, Sources};
use crate::check::locked::{Stale, stale as stale_locks};
use crate::diagnostics::{Diagnostic, Findings, Severity, known};
use crate::driver::Outcome;
use crate::ir::Outputs;
use crate::report::{Format, render};
use crate::syntax::parse;

/// Programs that were compiled, and whether one of the files belongs to them.
#[derive(Debug, Default)]
struct Programs(IndexMap<Located, (Compiled, bool)>);

pub(super) fn run(check: &Check, global: &Global, console: &Console) -> Result<Reply, Misuse> {
    let mut all = programs(check, global)?;
    if check.diff {
        return Ok(shown(all, global, console));
    }
    if check.fix {
        all = all.into_iter().map(|compiled| fix::apply(compiled, global, console)).collect();
    }
    let told = told(all, global);
    let reply = reply(&told, global, console);
    told.into_iter().for_each(Told::forget);
    Ok(reply)
}

/// The programs that the files belong to, with all that is to be told of them.
pub(super) fn all(check: &Check, global: &Global) -> Result<Vec<Told>, Misuse> {
    Ok(told(programs(check, global)?, global))
}

fn told(mut all: Vec<Compiled>, global: &Global) -> Vec<Told> {
    for compiled in &mut all {
        drift(compiled, global);
    }
    all.into_iter().map(Compiled::told).collect()
}

/// The programs that the files belong to, compiled.
fn programs(check: &Check, global: &Global) -> Result<Vec<Compiled>, Misuse> {
    let mut programs = Programs::default();
    if check.files.is_empty() {
        programs.of(find::program(None)?, global).1 = true;
    }
    for file in &check.files {
        programs.belonging(file, global)?;
    }
    Ok(programs.0.into_values().filter(|(_, wanted)| *wanted).map(|(compiled, _)| compiled).collect())
}

/// The findings; where there is none, people are told so on standard error.
pub(super) fn reply(told: &[Told], global: &Global, console: &Console) -> Reply {
    let batches: Vec<_> = told.iter().map(Told::batch).collect();
    let text = render(global.format.into(), &batches, console.style(Stream::Out));
    let silent = told.iter().all(|told| told.findings.is_empty());
    if silent && !console.quiet() && Format::from(global.format) == Format::Human {
        let counts: Vec<_> = told.iter().filter_map(|told| told.compiled.counts()).collect();
        let what =
            if told.is_empty() { "no program is near these files".to_owned() } else { format!("no findings in {}", counts.join("; ")) };
        console.error(&(what + "\n"));
    }
    let has = |of_lock: bool| {
        told.iter().flat_map(|told| &told.findings).any(|finding| is_error(finding) && of_lock == (finding.code == &known::STALE_LOCK))
    };
    let status = if has(true) && !has(false) { Exit::Stale } else { exit(has(false)) };
    Reply::new(text, status)
}

fn is_error(finding: &Diagnostic) -> bool {
    finding.severity == Severity::Error
}

/// What the fixes would change, for standard output; what they would leave goes aside.
fn shown(all: Vec<Compiled>, global: &Global, console: &Console) -> Reply {
    let (mut text, mut after) = (String::new(), String::new());
    let mut has_errors = false;
    for compiled in all {
        let (compiled, diff) = fix::show(compiled, global, console);
        has_errors |= compiled.outcome.findings.has_errors();
        text.push_str(&diff);
        after.push_str(&compiled.told().answer("", Exit::Clean, global, console).after);
    }
    let exit = if has_errors || text.is_empty() { exit(has_errors) } else { Exit::Drift };
    Reply { after, ..Reply::new(text, exit) }
}

impl Programs {
    /// Finds the program that a file belongs to: the nearest one, from its folder upwards, that reads the file. A file that is
    /// not jenv may be copied into an image, or be an artifact: where no program reads it, it belongs to the nearest one.
    fn belonging(&mut self, file: &Path, global: &Global) -> Result<(), Misuse> {
        let real = find::canonical(file)?;
        let candidates = find::candidates(file)?;
        let nearest = candidates.first().cloned();
        for located in candidates {
            let (compiled, wanted) = self.of(located, global);
            if reads(compiled, &real) {
                *wanted = true;
                return Ok(());
            }
        }
        if find::is_jenv(&real) {
            let compiled = unread(file, global)?;
            self.0.insert(compiled.located.clone(), (compiled, true));
        } else if let Some(nearest) = nearest {
            self.of(nearest, global).1 = true;
        }
        Ok(())
    }

    /// A program, compiled once, and whether one of the files belongs to it.
    fn of(&mut self, located: Located, global: &Global) -> &mut (Compiled, bool) {
        self.0.entry(located.clone()).or_insert_with(|| (Compiled::new(located, global), false))
    }
}

/// Whether a file is a part of a program: its folder or a source.
fn reads(compiled: &Compiled, file: &Path) -> bool {
    let root = &compiled.located.root;
    let Some(name) = file.strip_prefix(root).ok().and_then(Path::to_str) else { return false };
    let name = name.replace(std::path::MAIN_SEPARATOR, "/");
    name.is_empty() || compiled.outcome.sources.iter().any(|(_, source)| !source.standard && source.name == name)
}

/// A file of jenv that no program reads: its text is checked on its own.
fn unread(file: &Path, global: &Global) -> Result<Compiled, Misuse> {
    let located: Located = find::alone(file)?;
    let (mut sources, mut findings) = (Sources::default(), Findings::default());
    let message = format!("no program reads `{}`", located.main);
    let finding = Diagnostic::nowhere(&known::UNREAD_FILE, message);
    add(&mut findings, finding.help("import it from the program that it is for, or take it away"), global);
    let bytes = Disk::new(located.root.clone()).read(&located.main, MAX_FILE_BYTES);
    if let Ok(bytes) = bytes {
        let text = String::from_utf8_lossy(&bytes);
        let source = sources.add(Source::new(located.main.clone(), &text));
        for finding in parse(source, sources.get(source).map_or("", |source| &source.text)).findings.sorted() {
            add(&mut findings, finding, global);
        }
    }
    let prefix = located.prefix();
    Ok(Compiled { located, prefix, outcome: Outcome { findings, sources, ..Outcome::default() } })
}

/// Adds what the disk has to say about the artifacts. A program that was never built has none, and nothing is emitted
/// only to find that out.
fn drift(compiled: &mut Compiled, global: &Global) {
    let is_read = !compiled.outcome.findings.has(&known::BAD_LOCK);
    let locks = compiled.outcome.program().filter(|_| is_read).map(stale_locks).unwrap_or_default();
    for finding in Stale::findings(&locks) {
        add(&mut compiled.outcome.findings, finding, global);
    }
    let absent = |path: &&str| fs::symlink_metadata(compiled.located.root.join(path)).is_err_and(|error| error.kind() == NotFound);
    let built = |outputs: &Outputs| !output_paths(outputs).iter().all(absent);
    if !compiled.outcome.checked.as_ref().is_some_and(|checked| built(&checked.program().outputs)) {
        return;
    }
    compiled.outcome.emit();
    let artifacts = std::mem::take(&mut compiled.outcome.artifacts);
    let _turn = Turn::take(&compiled.located.root, false);
    let mut plan = plan(&compiled.question(false), &artifacts);
    let command = compiled.located.build_command();
    let mut findings = std::mem::take(&mut plan.refusals);
    if findings.is_empty() {
        findings.extend(stale(&plan, &command));
    }
    for finding in findings {
        add(&mut compiled.outcome.findings, finding, global);
    }
}

/// Where a program's artifacts begin to be.
fn output_paths(outputs: &Outputs) -> Vec<&str> {
    let single = [
        outputs.dockerfiles.as_ref().map(|output| output.dir.as_str()),
        outputs.workflow.as_ref().map(|output| output.path.as_str()),
        outputs.bake.as_ref().map(|output| output.path.as_str()),
    ];
    let hubs = outputs.configmaps.iter().chain(&outputs.values).chain(&outputs.helmreleases);
    let many = hubs.map(|output| output.path.as_str()).chain(outputs.catalogs.iter().map(|output| output.path.as_str()));
    single.into_iter().flatten().chain(many).collect()
}
