//! What resolves the packages of each ecosystem, and when it is asked: an engine that has nothing to do need not be there.

use std::collections::BTreeSet;

use super::super::console::Console;
use super::program::Engine;
use super::uv::Uv;
use crate::base::or_nearest;
use crate::check::locked::{Stale, Unit, stale};
use crate::cli::reply::Misuse;
use crate::diagnostics::{Diagnostic, known};
use crate::driver::lock::{self, Locked, Outdated, Request, Resolver};
use crate::ir::{Lockable, Program, Section};

/// Whether this jenvc resolves packages of conda.
pub(super) const CONDA: bool = cfg!(feature = "conda");
/// What it resolves.
pub(super) const LOCKABLE: &[Lockable] = if CONDA { &Lockable::ALL } else { &[Lockable::Pypi] };
/// The managers, for messages.
pub(super) const MANAGERS: &str = if CONDA { "`conda` or `pip`" } else { "`pip`" };
/// What a jenvc without it says.
pub(super) const WITHOUT_CONDA: &str = "this jenvc resolves no packages of conda: `pip install jenvc` installs one that does, and so does \
                                        `cargo install --features conda`";

#[cfg(feature = "conda")]
#[expect(clippy::unnecessary_wraps, reason = "a jenvc without the feature has none")]
fn conda(engine: &Engine, console: &Console) -> Option<Box<dyn Resolver>> {
    Some(Box::new(super::conda::Conda::new(engine, console)))
}

#[cfg(not(feature = "conda"))]
fn conda(_: &Engine, _: &Console) -> Option<Box<dyn Resolver>> {
    None
}

/// The names of packages as each ecosystem compares them.
pub(super) fn names(written: &[String]) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for name in written.iter().flat_map(|name| Lockable::ALL.map(|lockable| lockable.scheme().normalize_name(name))) {
        if !all.contains(&name) {
            all.push(name);
        }
    }
    all
}

/// Refuses a package that no lock pins and no layer asks for.
pub(super) fn known_packages(program: &Program, written: &[String]) -> Result<(), Misuse> {
    let pinned = program.locks.0.values().flatten().flat_map(|section| section.pins.keys());
    let asked = program.cells.iter().flat_map(|cell| &cell.packages).map(|package| &package.normal);
    let known: BTreeSet<&str> = pinned.chain(asked).map(String::as_str).collect();
    let is_new = |name: &&String| !names(std::slice::from_ref(name)).iter().any(|name| known.contains(name.as_str()));
    let Some(name) = written.iter().find(is_new) else { return Ok(()) };
    let hint = or_nearest(name, known).map(|hint| format!("; {hint}")).unwrap_or_default();
    Err(Misuse(format!("no lock has a package `{name}`{hint}")))
}

/// Resolves what is stale, conda before pip, and says what comes of it.
pub(super) fn resolve(program: &Program, request: &Request, engine: &Engine, console: &Console) -> Result<Locked, Misuse> {
    let mut locked = Locked::unchanged(program);
    if request.images.is_empty() {
        locked.prune(program);
    }
    let kept = locked.program(program);
    let old = stale(&kept);
    let of_conda = is_asked(&kept, Lockable::Conda, request, &old);
    let conda = conda(engine, console).filter(|_| of_conda);
    let is_whole = conda.is_some() || !kept.locks.has(Lockable::Conda);
    // What conda moves may move what pip finds: uv is looked for before anything is resolved.
    let may_be_asked = conda.is_some() && !Unit::all(program, Lockable::Pypi).is_empty();
    let uv = if may_be_asked || is_asked(&kept, Lockable::Pypi, request, &old) { Some(Uv::new(engine, console)?) } else { None };
    if let Some(conda) = conda {
        locked.resolve(program, &*conda, request);
    } else if of_conda && !is_whole {
        let moves = request.upgrade || !request.packages.is_empty();
        let old = old.iter().find(|one| one.lockable == Lockable::Conda);
        locked.undecided |= moves || old.is_some();
        locked.findings.push(without_conda(old));
    }
    if let Some(uv) = uv {
        let now = locked.program(program);
        if is_asked(&now, Lockable::Pypi, request, &stale(&now)) {
            locked.resolve(program, &uv, request);
        }
    }
    Ok(locked.judged(program))
}

/// What could be newer of each ecosystem.
pub(super) fn outdated(
    program: &Program,
    request: &Request,
    engine: &Engine,
    console: &Console,
) -> Result<(Vec<Outdated>, Locked), Misuse> {
    let (mut all, mut whole) = (Vec::new(), Locked::unchanged(program));
    let mut add = |resolver: &dyn Resolver| {
        let (some, run) = lock::outdated(program, resolver, request);
        all.extend(some);
        for finding in run.findings.sorted() {
            if !whole.findings.iter().any(|known| known.code == finding.code && known.message == finding.message) {
                whole.findings.push(finding);
            }
        }
        whole.undecided |= run.undecided;
    };
    if let Some(conda) = conda(engine, console).filter(|_| program.locks.has(Lockable::Conda)) {
        add(&*conda);
    }
    if program.locks.has(Lockable::Pypi) {
        add(&Uv::new(engine, console)?);
    }
    Ok((all, whole))
}

/// Whether there is something to resolve.
fn is_asked(program: &Program, lockable: Lockable, request: &Request, old: &[Stale]) -> bool {
    let is_there = !Unit::all(program, lockable).is_empty();
    let is_new = is_there && !program.locks.has(lockable) && (lockable == Lockable::Conda || !program.locks.is_used());
    let builds = request.build && lockable == Lockable::Pypi && program.locks.0.values().flatten().any(Section::needs_builds);
    let moves = is_there && (request.upgrade || !request.packages.is_empty());
    is_new || builds || moves || old.iter().any(|one| one.lockable == lockable)
}

/// The finding of a lock of conda's packages that this jenvc can't make anew.
fn without_conda(old: Option<&Stale>) -> Diagnostic {
    let what = old.map_or_else(|| "the packages of conda".to_owned(), |old| format!("the packages of conda of `{}`", old.image));
    let message = format!("{what} have to be resolved, and this jenvc resolves none of them");
    let help = "install one that does: `pip install jenvc`, or build it with `--features conda`";
    Diagnostic::nowhere(&known::UNKNOWN_REQUIREMENTS, message).help(help)
}
