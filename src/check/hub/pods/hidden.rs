//! Files, packages and kernels of an image that a mount of the pod hides.

use super::{Meeting, is_below, program_name};
use crate::base::Place;
use crate::diagnostics::{Diagnostic, Findings, known};
use crate::ir::{Cell, CopySource, Install, RunAs, ShellPart, Step, StepKind};
use crate::shell;

/// Commands that put files where they are told.
const WRITERS: [&str; 10] = ["cp", "mv", "install", "ln", "rsync", "tar", "unzip", "git", "curl", "wget"];

/// What each step of the stack puts below a mount.
pub(super) fn files(meeting: &Meeting<'_>, findings: &mut Findings) {
    let mounts = meeting.pod.mounts();
    if mounts.is_empty() {
        return;
    }
    for (cell, step) in meeting.steps() {
        for (path, place) in written(&meeting.program[cell], step) {
            if let Some((mount, _)) = mounts.iter().find(|(mount, _)| is_below(&path, mount)) {
                findings.push(hidden(&path, mount, place));
            }
        }
    }
}

fn hidden(path: &str, mount: &str, place: Place) -> Diagnostic {
    let installed = program_name(path) == ".local";
    let what = if installed { "what this step installs" } else { "what this step puts there" };
    Diagnostic::new(&known::HIDDEN_BY_MOUNT, place, format!("a volume is mounted over `{mount}` and hides {what}"))
        .here(format!("`{path}` of the image is in no server"))
        .help(if installed {
            "install it without `--user`"
        } else {
            "put it elsewhere, below `/opt` for example, and copy it when a server starts"
        })
}

/// The paths that a step writes to, each with the place that says so.
fn written(cell: &Cell, step: &Step) -> Vec<(String, Place)> {
    let home = || match step.run_as {
        RunAs::Root => Some("/root"),
        RunAs::User => cell.account.home.as_deref(),
    };
    let whole = |path: String| vec![(path, step.origin)];
    match &step.kind {
        StepKind::Copy(copy) => match &copy.source {
            CopySource::Local { files, optional: true, .. } if files.is_empty() => Vec::new(),
            _ => whole(expanded(&copy.to.written(), cell.account.home.as_deref())),
        },
        StepKind::Fetch(fetch) => whole(expanded(&fetch.to.written(), cell.account.home.as_deref())),
        StepKind::Install(install) if for_user(install) => home().map_or_else(Vec::new, |home| whole(format!("{home}/.local"))),
        StepKind::Run(run) => of_script(&run.script.text, home()).into_iter().map(|path| (path, step.origin)).collect(),
        StepKind::Build(build) => {
            build.scripts.iter().flat_map(|script| of_script(&script.text, home())).map(|path| (path, step.origin)).collect()
        }
        _ => Vec::new(),
    }
}

/// Whether a list is installed into the home folder.
fn for_user(install: &Install) -> bool {
    install.flags.iter().chain([&install.command]).flat_map(|text| &text.0).any(|part| match part {
        ShellPart::Raw(text) => text.split_whitespace().any(|word| word == "--user"),
        ShellPart::Word(word) => word.plain() == "--user",
    })
}

/// The paths that a script writes to and does not remove.
fn of_script(script: &str, home: Option<&str>) -> Vec<String> {
    let commands = shell::commands(script);
    let removed: Vec<String> = commands
        .iter()
        .filter(|command| command.words.first().is_some_and(|word| matches!(program_name(word), "rm" | "rmdir")))
        .flat_map(|command| &command.words)
        .map(|word| expanded(word, home))
        .collect();
    let mut paths = Vec::new();
    for command in &commands {
        paths.extend(command.files.iter().map(|file| expanded(file, home)));
        let words: Vec<&str> = command.words.iter().map(String::as_str).collect();
        let name = words.first().map_or("", |word| program_name(word));
        if words.contains(&"--user") && words.iter().any(|word| matches!(*word, "install" | "ipykernel")) {
            paths.extend(home.map(|home| format!("{home}/.local")));
        } else if WRITERS.contains(&name) {
            paths.extend(target(&words).map(|word| expanded(word, home)));
        }
    }
    paths.retain(|path| path.starts_with('/') && !removed.iter().any(|gone| is_below(path, gone.trim_end_matches(['/', '*']))));
    paths
}

/// The word behind an option that names the target, or the last one.
fn target<'w>(words: &[&'w str]) -> Option<&'w str> {
    let option = |word: &&str| matches!(*word, "-C" | "-d" | "-o" | "-O" | "-P" | "-t" | "--output" | "--target-directory" | "--directory");
    let after = words.iter().position(option).and_then(|at| words.get(at + 1));
    after.or_else(|| words.last().filter(|word| !word.starts_with('-') && !word.contains("://"))).copied()
}

/// A path with the home folder put in.
fn expanded(path: &str, home: Option<&str>) -> String {
    let Some(home) = home else { return path.to_owned() };
    let path = path.replace("${HOME}", home).replace("$HOME", home).replace("/home/${NB_USER}", home).replace("/home/$NB_USER", home);
    match path.strip_prefix('~') {
        Some(rest) if rest.is_empty() || rest.starts_with('/') => format!("{home}{rest}"),
        _ => path,
    }
}

#[cfg(test)]
mod tests {
    use super::of_script;

    #[test]
    fn scripts_write_where_they_say() {
        let paths = |script: &str| of_script(script, Some("/home/jovyan"));
        assert_eq!(paths("python -m pip install --user tqdm==4.67.1"), ["/home/jovyan/.local"]);
        assert_eq!(paths("python3 -m ipykernel install --user --name x"), ["/home/jovyan/.local"]);
        assert_eq!(paths("cp -r /tmp/a ~/b && echo x > \"$HOME/.bashrc\""), ["/home/jovyan/b", "/home/jovyan/.bashrc"]);
        assert_eq!(paths("git clone https://example.org/a ${HOME}/a"), ["/home/jovyan/a"]);
        assert_eq!(paths("wget -O /home/jovyan/x.tgz https://a/x && tar -xf ~/x.tgz -C /opt && rm ~/x.tgz"), ["/opt"]);
        for harmless in [
            "rm -rf /home/jovyan/.cache",
            "fix-permissions \"/home/${NB_USER}\"",
            "mkdir -p ~/work",
            "pip install tqdm",
            "git clone https://a/b",
        ] {
            assert_eq!(paths(harmless).iter().filter(|path| path.starts_with("/home")).count(), 0, "{harmless}");
        }
    }
}
