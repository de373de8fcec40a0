//! From a question to a task of the solver, and from its records to pins.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use rattler_conda_types::{MatchSpec, Matches, ParseStrictness, RepoDataRecord};
use rattler_solve::resolvo::Solver;
use rattler_solve::{ChannelPriority, RepoDataIter, SolveError, SolverImpl, SolverTask};

use super::channel::{Channel, Channels};
use super::repodata::Repodata;
use super::task::{Stock, virtual_packages};
use crate::check::locked::of_requirement;
use crate::driver::lock::{Answer, Question};
use crate::ir::{Lockable, Pin, Platform};

/// How long one question may take.
const LONGEST: Duration = Duration::from_mins(5);

/// Answers a question.
pub(super) fn solve(question: &Question, channels: &[Channel], all: &Channels) -> Answer {
    let platform = question.platform.unwrap_or(Platform::Amd64);
    let folders = match all.read(channels, platform.subdir()) {
        Ok(folders) => folders,
        Err(words) => return Answer::Failed(words),
    };
    let answer = if question.alone { newest(question, &folders) } else { together(question, &folders, platform) };
    answer.unwrap_or_else(Answer::Failed)
}

/// Reads specs of a question.
fn specs<'q>(all: impl Iterator<Item = (&'q String, &'q String)>) -> Result<Vec<MatchSpec>, String> {
    all.map(|(name, spec)| {
        let text = format!("{name}{spec}");
        MatchSpec::from_str(&text, ParseStrictness::Lenient).map_err(|error| format!("`{text}` can't be read: {error}"))
    })
    .collect()
}

/// All packages of a question together.
fn together(question: &Question, folders: &[Arc<Repodata>], platform: Platform) -> Result<Answer, String> {
    let stock = Stock::new(question, folders);
    let mut task: SolverTask<'_, Vec<RepoDataIter<&Vec<RepoDataRecord>>>> = stock.folders.iter().collect();
    let there = stock.there.keys().map(|name| (name, &stock.any));
    task.specs = specs(question.roots.iter().map(|root| (&root.name, &root.spec)).chain(there))?;
    let bounds = question.constraints.iter().filter(|(name, spec)| !spec.is_empty() && !stock.there.contains_key(name));
    task.constraints = specs(bounds.map(|(name, spec)| (name, spec)))?;
    task.virtual_packages = virtual_packages(question, platform)?;
    task.locked_packages = stock.kept(question);
    task.channel_priority = ChannelPriority::Flexible;
    task.timeout = Some(LONGEST);
    Ok(match Solver.solve(task) {
        Ok(result) => {
            let new = result.records.iter().filter(|record| !stock.there.contains_key(record.package_record.name.as_normalized()));
            Answer::Solved(new.map(pin).collect())
        }
        Err(SolveError::Unsolvable(words)) => Answer::Nothing(words.join("\n")),
        Err(SolveError::Cancelled) => Answer::Failed(format!("no answer was found within {} s", LONGEST.as_secs())),
        Err(error) => Answer::Failed(error.to_string()),
    })
}

/// A record as the lock has it.
fn pin(record: &RepoDataRecord) -> (String, Pin) {
    let one = &record.package_record;
    let requires = one.depends.iter().filter(|text| !text.starts_with("__")).cloned().collect();
    let pin = Pin {
        version: one.version.as_str().to_string(),
        build: one.build.to_string(),
        index: record.channel.clone(),
        file: format!("{}/{}", one.subdir, record.identifier.to_file_name()),
        sha256: one.sha256.iter().flatten().fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        }),
        requires,
    };
    (one.name.as_normalized().to_owned(), pin)
}

/// The newest release of each package by itself, for the interpreter.
fn newest(question: &Question, folders: &[Arc<Repodata>]) -> Result<Answer, String> {
    let stock = Stock::new(question, folders);
    let mut pins = BTreeMap::new();
    for root in &question.roots {
        let spec = specs([(&root.name, &root.spec)].into_iter())?;
        let fits = |record: &&RepoDataRecord| {
            record.package_record.name.as_normalized() == root.name
                && spec.iter().all(|spec| spec.matches(*record))
                && is_for_python(record, &question.python)
        };
        // The first channel that has a package counts.
        let best = stock.folders.iter().find_map(|folder| folder.iter().filter(fits).max());
        pins.extend(best.map(pin));
    }
    Ok(Answer::Solved(pins))
}

/// Whether what a record requires of the interpreter allows it.
fn is_for_python(record: &RepoDataRecord, python: &str) -> bool {
    let minor: Vec<&str> = python.split('.').take(2).collect();
    if minor.len() < 2 {
        return true;
    }
    // Any release of it will do: the bounds are of minor versions.
    let release = format!("{}.99", minor.join("."));
    let requires = record.package_record.depends.iter().filter_map(|text| of_requirement(text, Lockable::Conda));
    requires.filter(|one| one.name == "python").all(|one| one.set.contains(&release).unwrap_or(true))
}
