//! J0414: a shell step that installs packages. Words that are plain are read as the manager reads them; what is put together in the
//! shell, comes from a file or from an address is left alone.

use std::ops::Range;

use super::lexer::{Kind, Token, tokens};
use super::{command_of, comparison, scripts};
use crate::base::Place;
use crate::diagnostics::{Diagnostic, Edit, Findings, known};
use crate::ir::{PackageSource, Program, Recipe, RunAs, Script, Step, StepKind};
use crate::requirements::{MatchSpec, Requirement};
use crate::versions::Scheme;

/// How many packages a message names.
const NAMED: usize = 4;

/// A manager whose lists the program has.
#[derive(Debug, PartialEq, Eq)]
struct Manager {
    /// The programs that are it.
    programs: &'static [&'static str],
    /// The words of a program that installs.
    verbs: &'static [&'static str],
    /// The word of its lists.
    list: &'static str,
    /// How names are compared.
    scheme: Scheme,
    /// Options that a value follows.
    valued: &'static [&'static str],
    /// Options with which the command is still what a list does.
    quiet: &'static [&'static str],
}

const MANAGERS: [Manager; 5] = [
    Manager {
        programs: &["pip", "pip3"],
        verbs: &["install"],
        list: "pip",
        scheme: Scheme::Pep440,
        valued: &[
            "-r",
            "--requirement",
            "-c",
            "--constraint",
            "-e",
            "--editable",
            "-i",
            "--index-url",
            "--extra-index-url",
            "-f",
            "--find-links",
            "-t",
            "--target",
            "--prefix",
            "--root",
            "--no-binary",
            "--only-binary",
            "--trusted-host",
            "--python-version",
            "--platform",
            "--src",
            "--config-settings",
            "-C",
            "--use-feature",
            "--cache-dir",
            "--timeout",
            "--retries",
            "--progress-bar",
            "--upgrade-strategy",
        ],
        quiet: &["--no-cache-dir", "-q", "--quiet", "--disable-pip-version-check", "--root-user-action=ignore"],
    },
    Manager {
        programs: &["conda", "mamba", "micromamba"],
        verbs: &["install"],
        list: "conda",
        scheme: Scheme::Conda,
        valued: &["-c", "--channel", "-n", "--name", "-p", "--prefix", "-f", "--file", "--solver", "-r", "--root-prefix"],
        quiet: &["-y", "--yes", "-q", "--quiet"],
    },
    Manager {
        programs: &["apt-get", "apt"],
        verbs: &["install"],
        list: "apt",
        scheme: Scheme::Debian,
        valued: &["-t", "--target-release", "-o", "--option", "-c"],
        quiet: &["-y", "--yes", "--assume-yes", "-q", "-qq", "--quiet", "--no-install-recommends"],
    },
    Manager {
        programs: &["dnf", "yum", "microdnf"],
        verbs: &["install"],
        list: "dnf",
        scheme: Scheme::Rpm,
        valued: &["--repo", "--enablerepo", "--disablerepo", "-x", "--exclude", "--setopt", "--releasever"],
        quiet: &["-y", "--assumeyes", "-q", "--quiet"],
    },
    Manager {
        programs: &["npm"],
        verbs: &["install", "i"],
        list: "npm",
        scheme: Scheme::Npm,
        valued: &["--prefix", "--registry"],
        quiet: &["-g", "--global"],
    },
];

/// A command that installs packages.
#[derive(Debug)]
struct Found {
    manager: &'static Manager,
    /// Each package: its name, as an entry of a list, and its bytes in the script.
    packages: Vec<(String, String, Range<usize>)>,
    /// Whether a list does the same: nothing but the packages and options that say nothing.
    plain: bool,
}

/// J0414
pub(super) fn check(program: &Program, findings: &mut Findings) {
    for cell in program.recipes() {
        for step in &cell.steps {
            for script in scripts(step) {
                let all = commands(&script.text);
                let alone = all.len() == 1 && all.iter().all(|found| is_whole(&script.text, found));
                for mut found in all {
                    found.packages.retain(|(name, ..)| !is_told(cell, step, found.manager, name));
                    if let Some(finding) = finding(step, script, &found, alone) {
                        findings.push(finding);
                    }
                }
            }
        }
    }
}

/// Whether the step says in `provides` that it leaves the package.
fn is_told(cell: &Recipe, step: &Step, manager: &Manager, name: &str) -> bool {
    let normal = manager.scheme.normalize_name(name);
    let inside = |place: Place| {
        place.file == step.origin.file && step.origin.span.start <= place.span.start && place.span.end <= step.origin.span.end
    };
    cell.packages.iter().any(|package| package.provided && package.normal == normal && inside(package.origin))
}

/// Whether the command is all that the script does.
fn is_whole(script: &str, found: &Found) -> bool {
    found.plain && !tokens(script).iter().any(|token| token.kind == Kind::End)
}

fn finding(step: &Step, script: &Script, found: &Found, alone: bool) -> Option<Diagnostic> {
    let (first, last) = (found.packages.first()?, found.packages.last()?);
    let word = found.manager.list;
    let place = script.place(first.2.start..last.2.end).unwrap_or(step.origin);
    let mut names: Vec<String> = found.packages.iter().take(NAMED).map(|(_, entry, _)| format!("`{entry}`")).collect();
    if found.packages.len() > NAMED {
        names.push(format!("{} more", found.packages.len() - NAMED));
    }
    let entries: Vec<&str> = found.packages.iter().map(|(_, entry, _)| entry.as_str()).collect();
    let text = format!("{word} {{ {} }}", entries.join("  "));
    let message = format!("a shell step installs packages that the checks do not see: {}", names.join(", "));
    let finding = Diagnostic::new(&known::PACKAGES_IN_SHELL, place, message).here("installed by the shell");
    let bare = matches!(&step.kind, StepKind::Run(run) if run.directory.is_none() && run.mounts.is_empty());
    let as_list = match word {
        "apt" | "dnf" => step.run_as == RunAs::Root,
        _ => step.run_as == RunAs::User,
    };
    Some(if alone && bare && as_list {
        finding.fix(format!("write `{text}`"), false, vec![Edit { place: step.origin, text: text.clone() }])
    } else {
        finding.help(format!("write `{text}`, or say what the step leaves: `run provides {{ {word} {{ … }} }} \"…\"`"))
    })
}

/// The commands of a script that install packages which are named in plain words.
fn commands(script: &str) -> Vec<Found> {
    let tokens = tokens(script);
    tokens.split(|token| token.kind == Kind::End).filter_map(|command| read(script, command)).collect()
}

fn read(script: &str, command: &[Token]) -> Option<Found> {
    let (program, rest) = command_of(script, command)?;
    let manager = MANAGERS.iter().find(|manager| manager.programs.contains(&program))?;
    if (0..command.len()).any(|at| comparison(script, command, at).is_some()) {
        // What the shell makes of it is another finding.
        return None;
    }
    let mut words = rest.iter().peekable();
    let text = |token: &Token| script.get(token.range.clone()).unwrap_or_default();
    let mut plain = !rest.iter().any(|token| token.kind == Kind::Redirect);
    let mut verb = None;
    let mut packages = Vec::new();
    while let Some(token) = words.next() {
        let word = text(token);
        let redirect = |next: Option<&&Token>| next.is_some_and(|next| next.kind == Kind::Redirect && next.range.start == token.range.end);
        if token.kind == Kind::Redirect {
            words.next();
        } else if word.bytes().all(|byte| byte.is_ascii_digit()) && redirect(words.peek()) {
            // The number of a descriptor.
        } else if word.starts_with('-') {
            plain &= manager.quiet.contains(&word);
            if manager.valued.contains(&word) {
                words.next();
            }
        } else if verb.is_none() {
            verb = Some(manager.verbs.contains(&word));
        } else if let Some(word) = unquoted(word) {
            match entry(manager, &word) {
                Some((name, entry)) => packages.push((name, entry, token.range.clone())),
                None => plain = false,
            }
        } else {
            plain = false;
        }
    }
    (verb == Some(true) && !packages.is_empty()).then_some(Found { manager, packages, plain })
}

/// A word without its quotes, where nothing in it is for the shell.
fn unquoted(word: &str) -> Option<String> {
    let text: String = word.chars().filter(|c| !matches!(c, '"' | '\'' | '\\')).collect();
    let odd = |c: char| matches!(c, '$' | '`' | '{' | '}' | '(' | ')' | '?') || c.is_whitespace();
    (!text.is_empty() && !text.contains(odd)).then_some(text)
}

/// Name and entry of a package as the lists of the program have it; `None` for a path, an address, and the tools that install.
fn entry(manager: &Manager, word: &str) -> Option<(String, String)> {
    let joined = |name: &str, versions: &str| if versions.is_empty() { name.to_owned() } else { format!("{name} {versions}") };
    match manager.list {
        "pip" => {
            let read = Requirement::read(word).ok().filter(|read| read.source == PackageSource::Index && read.marker.is_none())?;
            let name = read.name?;
            let tool = matches!(name.as_str(), "pip" | "setuptools" | "wheel") && read.constraint.is_any();
            let extras = if read.extras.is_empty() { String::new() } else { format!("[{}]", read.extras.join(",")) };
            (!tool).then(|| (name.clone(), joined(&format!("{name}{extras}"), &read.constraint.to_string())))
        }
        "conda" => {
            let read = MatchSpec::read(word).ok().filter(|_| !word.contains('/'))?;
            let channel = read.channel.map(|channel| channel + "::").unwrap_or_default();
            Some((read.name.clone(), joined(&format!("{channel}{}", read.name), &read.constraint.to_string())))
        }
        "npm" => {
            let (name, version) = match word.get(1..)?.find('@') {
                Some(at) => (word.get(..=at)?, word.get(at + 2..)?),
                None => (word, ""),
            };
            let exact = version.starts_with(|c: char| c.is_ascii_digit()) && version.split('.').count() == 3;
            let known = name.starts_with(|c: char| c == '@' || c.is_ascii_alphanumeric()) && !name.contains(':') && !version.contains(':');
            let versions = if exact { format!("=={version}") } else { version.to_owned() };
            (known && version != "latest").then(|| (name.to_owned(), joined(name, &versions)))
        }
        _ => {
            let (name, version) = word.split_once('=').map_or((word, String::new()), |(name, version)| (name, format!("=={version}")));
            let known = name.starts_with(|c: char| c.is_ascii_alphanumeric()) && !name.contains('/') && !name.contains('*');
            known.then(|| (name.to_owned(), joined(name, &version)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(script: &str) -> Vec<String> {
        let one = |found: Found| {
            let entries: Vec<_> = found.packages.into_iter().map(|(_, entry, _)| entry).collect();
            format!("{}{}: {}", found.manager.list, if found.plain { "" } else { " +" }, entries.join("; "))
        };
        commands(script).into_iter().map(one).collect()
    }

    #[test]
    fn packages_are_read() {
        assert_eq!(
            found("pip install --no-cache-dir numpy==2.2.6 'rich>=13,<15' tqdm[x]"),
            ["pip: numpy ==2.2.6; rich >=13, <15; tqdm[x]"]
        );
        assert_eq!(found("cd /x && python3 -m pip install -r a.txt -U six . ./b.whl && rm x"), ["pip +: six"]);
        assert_eq!(found("pip install c d > log.txt 2>&1"), ["pip +: c; d"]);
        assert_eq!(found("mamba install -y -c conda-forge python=3.11 'numpy>=1.26'"), ["conda +: python =3.11.*; numpy >=1.26"]);
        assert_eq!(found("sudo apt-get update && DEBIAN_FRONTEND=x apt-get install -y curl=7.88 git ./x.deb"), ["apt +: curl ==7.88; git"]);
        assert_eq!(found("npm install -g typescript@5.9.3 @scope/tool"), ["npm: typescript ==5.9.3; @scope/tool"]);
        assert_eq!(found("dnf install -y git"), ["dnf: git"]);
    }

    #[test]
    fn other_commands_are_left_alone() {
        for script in [
            "pip install --upgrade pip setuptools",
            "pip install .",
            "pip install $X",
            "pip download x",
            "echo pip install x",
            "npm ci",
            "pip install git+https://h/x",
            "conda env update -f x.yml",
            "apt-get install ./x.deb",
            "pip list",
        ] {
            assert_eq!(found(script), Vec::<String>::new(), "{script}");
        }
    }
}
