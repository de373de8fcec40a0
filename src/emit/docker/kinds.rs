//! What the steps of a cell are, as far as their neighbours and their stage depend on it.

use crate::ir::{Account, Cell, CellId, Install, MountSource, Parent, Program, Segment, Segments, ShellPart, Step, StepKind};

/// How a `USER` line or `--chown` names an account: by number where known, since Kubernetes can't tell from a name whether it is root.
pub(super) fn name(account: &Account) -> String {
    match account.uid {
        _ if account.is_root() => "root".to_owned(),
        Some(uid) => uid.to_string(),
        None => account.name.clone(),
    }
}

/// hadolint's rule against packages without a version: the program may leave versions open.
pub(super) fn unpinned(install: &Install) -> Option<&'static str> {
    match install.manager.as_str() {
        _ if install.items.is_empty() && install.locked.is_some() => None,
        "apt" => Some("DL3008"),
        "pip" => Some("DL3013"),
        "npm" => Some("DL3016"),
        "dnf" => Some("DL3041"),
        _ => None,
    }
}

/// Short steps of one sort stand below each other without a blank line.
pub(super) fn kind(kind: &StepKind) -> Option<u8> {
    match kind {
        StepKind::Copy(_) if kind.runs() => None,
        StepKind::Copy(_) | StepKind::Folders(_) => Some(0),
        StepKind::Fetch(fetch) if fetch.unpack.is_none() => Some(0),
        StepKind::Arg { .. } => Some(1),
        StepKind::Env(_) | StepKind::Path { .. } => Some(2),
        StepKind::Expose(_) | StepKind::Entrypoint(_) | StepKind::Cmd(_) | StepKind::Healthcheck(_) | StepKind::Workdir(_) => Some(3),
        _ => None,
    }
}

/// Whether the program says itself, in time, which shell runs the steps of a cell.
pub(super) fn sets_shell(program: &Program, id: CellId) -> bool {
    let is_shell = |step: &Step| matches!(step.kind, StepKind::Shell(_));
    let cell: &Cell = &program[id];
    if cell.steps.iter().find(|step| is_shell(step) || step.kind.runs()).is_some_and(is_shell) {
        return true;
    }
    let mut at = cell;
    while let Parent::Cell(parent) = at.parent {
        at = &program[parent];
        if at.steps.iter().any(is_shell) {
            return true;
        }
    }
    false
}

/// The axes in the words of a list.
pub(super) fn axes(install: &Install) -> impl Iterator<Item = &str> {
    let texts = install.before.iter().chain([&install.command]).chain(&install.flags).chain(&install.after);
    let words = texts.flat_map(|text| &text.0).filter_map(|part| if let ShellPart::Word(word) = part { Some(word) } else { None });
    let lists = install.mounts.iter().filter_map(|mount| if let MountSource::List(list) = &mount.source { Some(&list.path) } else { None });
    let words = words.chain(install.items.iter().map(|item| &*item.word)).chain(lists);
    words.flat_map(|word: &Segments| &word.0).filter_map(|segment| match segment {
        Segment::Axis { name, .. } => Some(name.as_str()),
        _ => None,
    })
}

/// The name of the stage before platforms part for the `count`th time.
pub(super) fn common(count: usize) -> String {
    if count == 1 { "common".to_owned() } else { format!("common-{count}") }
}
