//! Files, packages and kernels of an image that a mount of the pod hides.

use super::meeting::{Meeting, is_below, program_name};
use crate::base::Place;
use crate::diagnostics::{Diagnostic, Findings, known};
use crate::ir::{Cell, CopySource, Install, RunAs, ShellPart, Step, StepKind};
use crate::shell;

/// Commands that put files where they are told.
const WRITERS: [&str; 9] = ["cp", "mv", "install", "ln", "rsync", "tar", "unzip", "curl", "wget"];

/// Folders of conda's prefix without which nothing in it runs, or in which kernels and extensions are.
const OF_PREFIX: [&str; 8] =
    ["", "/bin", "/lib", "/share", "/share/jupyter", "/share/jupyter/kernels", "/share/jupyter/labextensions", "/etc"];
/// Folders of the system without which no program runs.
const OF_SYSTEM: [&str; 8] = ["/usr", "/usr/bin", "/usr/lib", "/usr/local", "/usr/local/bin", "/bin", "/lib", "/etc"];

/// What each step of the stack puts below a mount.
pub(super) fn files(meeting: &Meeting<'_, '_>, findings: &mut Findings) {
    let mounts = meeting.pod.mounts();
    if mounts.is_empty() {
        return;
    }
    let mut folder = None;
    for (cell, step) in meeting.steps() {
        if let StepKind::Workdir(path) = &step.kind {
            folder = Some(expanded(&path.written(), meeting.program[cell].account.home.as_deref()));
        }
        for (path, place) in written(&meeting.program[cell], step, folder.as_deref()) {
            if let Some((mount, _)) = mounts.iter().find(|(mount, _)| is_below(&path, mount)) {
                findings.push(hidden(&path, mount, place));
            }
        }
    }
    whole(meeting, &mounts, findings);
}

/// Mounts over all packages of the image, or over a folder that they need.
fn whole(meeting: &Meeting<'_, '_>, mounts: &[(&str, Place)], findings: &mut Findings) {
    let prefix = prefix(meeting);
    let of_prefix = |mount: &str| {
        let prefix = prefix.as_deref()?;
        let inside = mount.strip_prefix(prefix).is_some_and(|rest| OF_PREFIX.contains(&rest));
        (inside || is_below(prefix, mount)).then(|| format!("the packages in `{prefix}`"))
    };
    for (mount, place) in mounts {
        let system = || OF_SYSTEM.contains(mount).then(|| "what the image has there".to_owned());
        let Some(what) = of_prefix(mount).or_else(system) else { continue };
        findings.push(
            Diagnostic::new(&known::HIDDEN_BY_MOUNT, *place, format!("a volume is mounted over `{mount}` and hides {what}"))
                .here("mounted here")
                .also(meeting.image.place, "over this image")
                .help("mount it elsewhere, below `/srv` or `/mnt` for example"),
        );
    }
}

/// Where the packages of an image are, as far as it is known.
fn prefix(meeting: &Meeting<'_, '_>) -> Option<String> {
    let program = meeting.program;
    let mut set = meeting.steps().filter_map(|(_, step)| match &step.kind {
        StepKind::Env(pairs) => pairs.iter().find(|(name, _)| name == "CONDA_DIR").map(|(_, value)| value.written()),
        _ => None,
    });
    let base = meeting.base().map(|base| &program[base]);
    let of_base = base.and_then(|base| {
        let variable = base.env.iter().find(|(name, _)| name == "CONDA_DIR").map(|(_, value)| value.clone());
        base.prefix.clone().or(variable)
    });
    let has_conda = meeting.image.packages().any(|package| package.ecosystem == "conda");
    set.next_back().or(of_base).or_else(|| has_conda.then(|| "/opt/conda".to_owned())).map(|path| path.trim_end_matches('/').to_owned())
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
fn written(cell: &Cell, step: &Step, folder: Option<&str>) -> Vec<(String, Place)> {
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
        StepKind::Folders(folders) if folders.asked => {
            let paths = folders.paths.iter().map(|path| expanded(&path.written(), cell.account.home.as_deref()));
            paths.map(|path| (path, step.origin)).collect()
        }
        StepKind::Fetch(fetch) => whole(expanded(&fetch.to.written(), cell.account.home.as_deref())),
        StepKind::Install(install) if for_user(install) => home().map_or_else(Vec::new, |home| whole(format!("{home}/.local"))),
        StepKind::Run(run) => {
            let own = run.directory.as_ref().map(|directory| expanded(&directory.written(), cell.account.home.as_deref()));
            of_script(&run.script.text, home(), own.as_deref().or(folder)).into_iter().map(|path| (path, step.origin)).collect()
        }
        StepKind::Build(build) => {
            build.scripts.iter().flat_map(|script| of_script(&script.text, home(), None)).map(|path| (path, step.origin)).collect()
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

/// The paths that a script writes to and does not remove, as far as they are known; `folder` is the one that it starts in.
fn of_script(script: &str, home: Option<&str>, folder: Option<&str>) -> Vec<String> {
    let commands = shell::commands(script);
    let mut folder = folder.map(str::to_owned);
    let (mut paths, mut removed) = (Vec::new(), Vec::new());
    for command in &commands {
        let words: Vec<&str> = command.words.iter().map(String::as_str).collect();
        let here = |word: &str| {
            let path = expanded(word, home);
            if path.starts_with('/') { path } else { folder.as_deref().map_or(path.clone(), |folder| join(folder, &path)) }
        };
        paths.extend(command.files.iter().map(|file| here(file)));
        match words.first().map_or("", |word| program_name(word)) {
            "cd" | "pushd" => folder = words.get(1).map(|word| here(word)),
            "rm" | "rmdir" => removed.extend(words.iter().skip(1).map(|word| here(word))),
            _ if words.contains(&"--user") && words.iter().any(|word| matches!(*word, "install" | "ipykernel" | "kernelspec")) => {
                paths.extend(home.map(|home| format!("{home}/.local")));
            }
            name => paths.extend(targets(name, &words).into_iter().map(here)),
        }
    }
    paths.retain(|path| path.starts_with('/') && !removed.iter().any(|gone: &String| is_below(path, gone.trim_end_matches(['/', '*']))));
    paths
}

/// A path below a folder.
fn join(folder: &str, path: &str) -> String {
    format!("{}/{}", folder.trim_end_matches('/'), path.strip_prefix("./").unwrap_or(path))
}

/// The words of a command that name what it writes.
fn targets<'w>(name: &str, words: &[&'w str]) -> Vec<&'w str> {
    let plain = || words.iter().skip(1).copied().filter(|word| !word.starts_with('-'));
    match name {
        "touch" | "tee" => plain().collect(),
        "sed" if !words.iter().any(|word| word.starts_with("-i") || *word == "--in-place") => Vec::new(),
        "sed" | "virtualenv" => plain().next_back().into_iter().collect(),
        _ if name.starts_with("python") && words.get(1..3) == Some(&["-m", "venv"]) => plain().next_back().into_iter().collect(),
        "git" => words.contains(&"clone").then(|| cloned(words)).flatten().into_iter().collect(),
        "conda" | "mamba" | "micromamba" => behind(words, &["-p", "--prefix"]).into_iter().collect(),
        _ if WRITERS.contains(&name) => target(words).into_iter().collect(),
        _ => behind(words, &["--prefix", "--target"]).into_iter().collect(),
    }
}

/// The folder of a clone: the one that is named, or that of the repository.
fn cloned<'w>(words: &[&'w str]) -> Option<&'w str> {
    let last = *words.last()?;
    if !last.contains("://") && !last.contains('@') {
        return Some(last);
    }
    let name = last.trim_end_matches('/').rsplit(['/', ':']).next()?;
    Some(name.strip_suffix(".git").unwrap_or(name))
}

/// The word behind an option, or behind its `=`.
fn behind<'w>(words: &[&'w str], options: &[&str]) -> Option<&'w str> {
    let after = words.iter().position(|word| options.contains(word)).and_then(|at| words.get(at + 1)).copied();
    after
        .or_else(|| words.iter().find_map(|word| word.split_once('=').filter(|(option, _)| options.contains(option)).map(|(_, path)| path)))
}

/// The word behind an option that names the target, or the last one.
fn target<'w>(words: &[&'w str]) -> Option<&'w str> {
    let options = ["-C", "-d", "-o", "-O", "-P", "-t", "--output", "--target-directory", "--directory"];
    behind(words, &options).or_else(|| words.last().filter(|word| !word.starts_with('-') && !word.contains("://")).copied())
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
        let paths = |script: &str| of_script(script, Some("/home/jovyan"), None);
        assert_eq!(paths("python -m pip install --user tqdm==4.67.1"), ["/home/jovyan/.local"]);
        assert_eq!(paths("python3 -m ipykernel install --user --name x"), ["/home/jovyan/.local"]);
        assert_eq!(paths("cp -r /tmp/a ~/b && echo x > \"$HOME/.bashrc\""), ["/home/jovyan/b", "/home/jovyan/.bashrc"]);
        assert_eq!(paths("git clone https://example.org/a ${HOME}/a"), ["/home/jovyan/a"]);
        assert_eq!(paths("wget -O /home/jovyan/x.tgz https://a/x && tar -xf ~/x.tgz -C /opt && rm ~/x.tgz"), ["/opt"]);
        let inside = |script: &str| of_script(script, Some("/home/jovyan"), Some("/home/jovyan/work"));
        assert_eq!(inside("git clone https://example.org/a.git"), ["/home/jovyan/work/a"]);
        assert_eq!(inside("cd /srv && tar -xf a.tgz -C b"), ["/srv/b"]);
        assert_eq!(paths("python -m venv ~/v && touch ~/x && echo a | tee -a ~/y && sed -i s/a/b/ ~/.bashrc").len(), 4);
        assert_eq!(
            paths("conda create -y --prefix=/home/jovyan/e python && pip install --target ~/lib x"),
            ["/home/jovyan/e", "/home/jovyan/lib"]
        );
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
