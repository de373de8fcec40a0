//! The IR in words: one line for a package, one for a step. What `list` and `show` print for people.

use crate::ir::{
    Account, BuildSource, CellId, Copy, CopySource, Expandable, ImageRef, Only, Package, PackageSource, Program, Requirement,
    RequirementKind, Step, StepKind,
};

/// `torch[cuda] ==2.5.1`, as a list would say it.
pub(super) fn package(package: &Package) -> String {
    let mut text = name(package);
    let constraint = package.constraint.to_string();
    let source = match &package.source {
        PackageSource::Index => String::new(),
        PackageSource::Git { url, rev, .. } => format!("git {url}{}", rev.as_ref().map_or_else(String::new, |rev| format!(" at {rev}"))),
        PackageSource::Url { url, .. } => url.clone(),
        PackageSource::Path(path) => path.clone(),
        PackageSource::Resolved(command) => format!("what `{command}` prints"),
    };
    let marks = [(package.pin.is_some(), "pin"), (package.overrides, "override"), (package.no_deps, "no-deps")];
    let marks = marks.into_iter().filter(|(given, _)| *given).map(|(_, word)| word.to_owned());
    for part in [constraint, source].into_iter().chain(marks).filter(|part| !part.is_empty()) {
        text.push(' ');
        text.push_str(&part);
    }
    text
}

/// `torch[cuda]`.
pub(super) fn name(package: &Package) -> String {
    if package.extras.is_empty() { package.name.clone() } else { format!("{}[{}]", package.name, package.extras.join(",")) }
}

/// What a step is, and its detail on one line.
pub(super) fn step(program: &Program, step: &Step) -> (String, String) {
    let (word, detail) = match &step.kind {
        StepKind::Install(install) => {
            let words: Vec<_> = install.items.iter().map(|item| item.word.plain()).collect();
            return (install.manager.clone(), words.join(" "));
        }
        StepKind::Run(run) => ("run", first_line(&run.script.text)),
        StepKind::Build(build) => match &build.source {
            BuildSource::Git { url, rev } => ("build", format!("{url} at {rev}")),
            BuildSource::Url { url, .. } => ("build", url.clone()),
        },
        StepKind::Folders(folders) => {
            (if folders.asked { "folder" } else { "mkdir" }, folders.paths.iter().map(Expandable::written).collect::<Vec<_>>().join(" "))
        }
        StepKind::Copy(one) if matches!(one.source, CopySource::Text(_)) => ("file", copy(program, one)),
        StepKind::Copy(one) => ("copy", copy(program, one)),
        StepKind::Fetch(fetch) => ("fetch", format!("{} to {}", fetch.url, fetch.to.written())),
        StepKind::Env(pairs) => ("env", pairs.iter().map(pair).collect::<Vec<_>>().join(" ")),
        StepKind::Path { variable, prepend, entries, .. } => {
            let entries: Vec<_> = entries.iter().map(Expandable::written).collect();
            ("path", format!("{variable} {} {}", if *prepend { "prepend" } else { "append" }, entries.join(":")))
        }
        StepKind::Arg { name, value, .. } => ("arg", value.as_ref().map_or_else(|| name.clone(), |value| format!("{name}={value}"))),
        StepKind::User(account) => ("user", account_in_words(account)),
        StepKind::Workdir(path) => ("workdir", path.written()),
        StepKind::Shell(words) => ("shell", words.join(" ")),
        StepKind::Expose(port) => ("expose", port.clone()),
        StepKind::Entrypoint(words) => ("entrypoint", words.join(" ")),
        StepKind::Cmd(words) => ("cmd", words.join(" ")),
        StepKind::Healthcheck(check) => ("healthcheck", check.command.join(" ")),
        StepKind::Label { key, value } => ("label", format!("{key}={value}")),
    };
    (word.to_owned(), detail)
}

/// `jovyan (1000:100)`.
pub(super) fn account_in_words(account: &Account) -> String {
    match (account.uid, account.gid) {
        (Some(uid), Some(gid)) => format!("{} ({uid}:{gid})", account.name),
        (Some(uid), None) => format!("{} ({uid})", account.name),
        (None, _) => account.name.clone(),
    }
}

/// What a requirement asks for.
pub(super) fn requirement(requirement: &Requirement) -> String {
    match &requirement.kind {
        RequirementKind::Os(text) => format!("os {text}"),
        RequirementKind::Platform(text) => format!("platform {text}"),
        RequirementKind::Command(text) => format!("command {text}"),
        RequirementKind::Python(constraint) => format!("python {constraint}"),
        RequirementKind::Package(one) => package(one),
        RequirementKind::After(name) => format!("after {name}"),
    }
}

/// ` on linux/amd64` where something is not for all platforms.
pub(super) fn only(only: &Only) -> String {
    let Some(platforms) = only else { return String::new() };
    format!(" on {}", platforms.iter().map(|platform| platform.as_str()).collect::<Vec<_>>().join(", "))
}

fn pair((name, value): &(String, Expandable)) -> String {
    format!("{name}={}", value.written())
}

fn copy(program: &Program, copy: &Copy) -> String {
    let to = copy.to.written();
    match &copy.source {
        CopySource::Local { paths, .. } => format!("{} to {to}", paths.join(" ")),
        CopySource::Text(text) if text.is_empty() => format!("{to}: empty"),
        CopySource::Text(text) => format!("{to}: {}", first_line(text)),
        CopySource::Image { image, paths } => format!("{} from {} to {to}", paths.join(" "), image_ref(program, image)),
    }
}

/// `base (py3.11)`: the image of a cell, and which of its cells.
pub(super) fn cell(program: &Program, id: CellId) -> String {
    let (cell, image) = (&program[id], &program[program[id].image]);
    if cell.name.is_empty() { image.name.clone() } else { format!("{} ({})", image.name, cell.name) }
}

/// How an image is called that something is taken from.
pub(super) fn image_ref(program: &Program, image: &ImageRef) -> String {
    match image {
        ImageRef::Cell(cell) => program[program[*cell].image].name.clone(),
        ImageRef::Base(base) => program[*base].reference(),
        ImageRef::Reference(reference) => reference.clone(),
    }
}

/// The first line of a script that says something, and a sign that there are more.
fn first_line(script: &str) -> String {
    let mut lines = script.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let first = lines.next().unwrap_or("").to_owned();
    if lines.next().is_some() { first + " …" } else { first }
}
