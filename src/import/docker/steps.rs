//! What instructions do, step by step, in a form in which two Dockerfiles can be compared.

use std::borrow::Cow;

use super::activated::activates;
use super::chain::holds_sequence;
use super::lists::{Item, List, Makes};
use super::words::{expand, names};
use crate::base::Place;
use crate::import::RemarkKind;
use crate::shell::Kind;

/// The word of a setting that is a statement of the language, not of a Dockerfile.
pub(super) const STATEMENT: &str = "statement";

/// What is said where a failure in the first part of a pipe stops nothing.
pub(super) const PIPES: &str = "set +o pipefail";

/// One step of an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Step {
    /// What it does.
    pub(super) act: Act,
    /// Who does it: `root`, or the account.
    pub(super) user: String,
    /// The instruction.
    pub(super) place: Place,
    /// The comments above the instruction.
    pub(super) above: Vec<String>,
    /// What is to be said of it.
    pub(super) notes: Vec<(RemarkKind, String)>,
}

/// What a step does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Act {
    /// A package list, and the commands behind it in the same layer.
    List(List, Vec<String>),
    /// Shell commands.
    Run(Script),
    /// Files of the context or of another image.
    Copy(Copied),
    /// A download.
    Fetch(Fetched),
    /// A file that is written in full.
    File(Written),
    /// Folders that are made.
    Folder(Made),
    /// A variable.
    Env(String, String),
    /// Entries before (`true`) or behind those that a variable has.
    Path(String, bool, Vec<String>),
    /// A build argument.
    Arg(String, Option<String>),
    /// The working folder.
    Workdir(String),
    /// Something of which the last one counts: its word, its key, the statement.
    Setting(&'static str, String, String),
    /// Nothing but a remark.
    Nothing,
}

/// Commands that one shell runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Script {
    /// What holds for each of them: `cd /opt`, `export A=b`.
    pub(super) state: Vec<String>,
    /// The commands: each runs if the one before went well.
    pub(super) commands: Vec<String>,
    /// Whether a failing command within one of them stops nothing.
    pub(super) goes_on: bool,
    /// Files of the context that are mounted: the file, and where.
    pub(super) mounts: Vec<(String, String)>,
    /// Programs of other images that are mounted: the image, and the path.
    pub(super) tools: Vec<(String, String)>,
    /// What it leaves installed, as the language writes it.
    pub(super) provides: String,
}

/// What is copied.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Copied {
    /// The image or stage it comes from.
    pub(super) from: Option<String>,
    /// Paths of the repository, or of that image.
    pub(super) paths: Vec<String>,
    /// An absolute path.
    pub(super) to: String,
    /// Whose it is; root's where nobody is named.
    pub(super) owner: Option<String>,
    /// `755`
    pub(super) mode: Option<String>,
    /// Whether a path was a pattern, which may match nothing.
    pub(super) pattern: bool,
}

/// A file that is written in full.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Written {
    /// An absolute path.
    pub(super) to: String,
    /// Whose it is; root's where nobody is named.
    pub(super) owner: Option<String>,
    /// `644`
    pub(super) mode: String,
    /// All of it, with the end of its last line.
    pub(super) text: String,
}

/// Folders that are made, with those above them that are missing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Made {
    /// Absolute paths.
    pub(super) paths: Vec<String>,
    /// Whose they are; root's where nobody is named.
    pub(super) owner: Option<String>,
    /// `755`
    pub(super) mode: Option<String>,
    /// Whether they were not there before.
    pub(super) new: bool,
}

/// What is downloaded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Fetched {
    /// The address.
    pub(super) url: String,
    /// Its checksum, in hexadecimal.
    pub(super) sha256: Option<String>,
    /// An absolute path.
    pub(super) to: String,
    /// Whose it is.
    pub(super) owner: Option<String>,
    /// `755`
    pub(super) mode: Option<String>,
    /// How many leading folders are dropped, where it is an archive that is unpacked.
    pub(super) unpack: Option<u32>,
}

/// A file that is downloaded, installed from and taken away again in one script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Loaded {
    pub(super) url: String,
    pub(super) sha256: Option<String>,
    /// Whether a list takes its package from it.
    pub(super) used: bool,
}

impl Fetched {
    /// What a comparison holds against another download.
    fn key(&self) -> String {
        let file = self.url.rsplit('/').next().filter(|_| self.to.ends_with('/')).unwrap_or_default();
        let to = match self.unpack {
            Some(strip) => format!("{} unpacked without {strip}", self.to.trim_end_matches('/')),
            None => format!("{}{file}", self.to),
        };
        let (owner, mode, sum) =
            (said(" of ", self.owner.as_ref()), said(" mode ", self.mode.as_ref()), said(" sum ", self.sha256.as_ref()));
        format!("fetch {} to {to}{owner}{mode}{sum}", self.url)
    }
}

/// A word and what it says, where it is said.
fn said(word: &str, what: Option<&String>) -> String {
    what.map(|what| format!("{word}{what}")).unwrap_or_default()
}

impl Step {
    /// Whether its place among the others counts: of a setting it does not, but for the shell of what is behind it.
    pub(super) fn has_place(&self) -> bool {
        self.setting().is_none() && !matches!(self.act, Act::Arg(..) | Act::Nothing)
    }

    /// A setting that is the same wherever it is: its word, its key, the statement.
    pub(super) fn setting(&self) -> Option<(&'static str, &str, &str)> {
        match &self.act {
            Act::Setting(word, key, statement) if !matches!(*word, "shell" | STATEMENT) => Some((word, key, statement)),
            _ => None,
        }
    }

    /// The images that it takes files from.
    pub(super) fn sources(&mut self) -> Vec<&mut String> {
        match &mut self.act {
            Act::Copy(copied) => copied.from.iter_mut().collect(),
            Act::Run(script) => script.tools.iter_mut().map(|(from, _)| from).collect(),
            Act::List(list, _) => list.tools.iter_mut().map(|(from, _)| from).collect(),
            _ => Vec::new(),
        }
    }

    /// What a comparison holds against another step: one text for each command.
    pub(super) fn keys(&self) -> Vec<String> {
        let user = &self.user;
        match &self.act {
            Act::List(list, then) => {
                let mut options = list.options.clone();
                options.sort();
                let file = list.file.as_ref().map(|(_, text)| text.trim().to_owned()).unwrap_or_default();
                let items: Vec<Cow<'_, str>> =
                    list.items.iter().filter(|item| !item.text.is_empty()).map(|item| plain(list, item)).collect();
                // Who calls apt and dnf is root in any case.
                let who = if matches!(list.manager, "apt" | "dnf") { "root" } else { user };
                let mut flags = list.flags.join(" ");
                list.tools.iter().for_each(|(from, path)| flags.extend([" with ", path, " of ", from]));
                // conda installs what mamba does.
                let tool = list.tool.as_deref().filter(|tool| *tool != "conda");
                let words = [list.manager, tool.unwrap_or_default(), flags.trim(), &options.join(" "), "by", who];
                let head = words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
                // Lists side by side are one command, so each entry counts alone.
                let first = |(at, item): &(usize, &Cow<'_, str>)| items.iter().position(|other| other == *item) == Some(*at);
                let mut all: Vec<String> = items.iter().enumerate().filter(first).map(|(_, item)| format!("{head}: {item}")).collect();
                all.extend(items.is_empty().then(|| format!("{head}: {file}")));
                let made = list.environment().filter(|_| list.makes == Makes::Environment);
                all.splice(0..0, made.map(|environment| format!("conda makes {environment}"))).for_each(drop);
                // What a manager keeps is taken away behind a list in any case.
                let then = then
                    .iter()
                    .filter(|command| !["conda clean", "mamba clean", "micromamba clean"].iter().any(|clean| command.starts_with(clean)));
                all.extend(then.map(|command| format!("run by {user}: {}", spaced(command))));
                all
            }
            Act::Run(script) => {
                let mut state: Vec<String> = script.state.iter().filter(|state| !state.starts_with("set +o")).cloned().collect();
                let mut with = String::new();
                script.mounts.iter().for_each(|(source, at)| with.extend([" with ", source, " at ", at]));
                script.tools.iter().for_each(|(from, path)| with.extend([" with ", path, " of ", from]));
                let mut all = Vec::new();
                for command in script.commands.iter().filter(|command| !command.starts_with("set +o")) {
                    if is_state(command) {
                        add_state(&mut state, command);
                    } else {
                        let goes_on = if script.goes_on && holds_sequence(command) { " whatever fails" } else { "" };
                        all.push(format!("run by {user}{goes_on}{with}: {}", spaced(&[state.join(" && "), command.clone()].join(" "))));
                    }
                }
                all
            }
            Act::Copy(copied) => {
                let paths: Vec<&str> = copied.paths.iter().map(|path| path.trim_end_matches('/')).collect();
                let (from, owner) = (said(" from ", copied.from.as_ref()), said(" of ", copied.owner.as_ref()));
                let mode = said(" mode ", copied.mode.as_ref());
                vec![format!("copy {}{from} to {}{owner}{mode}", paths.join(" "), copied.to)]
            }
            Act::Fetch(one) => vec![one.key()],
            Act::File(Written { to, owner, mode, text }) => vec![format!("file {to}{} mode {mode}: {text}", said(" of ", owner.as_ref()))],
            Act::Folder(Made { paths, owner, mode, .. }) => {
                let (owner, mode) = (said(" of ", owner.as_ref()), said(" mode ", mode.as_ref()));
                paths.iter().map(|path| format!("folder {path}{owner}{mode}")).collect()
            }
            // What the base may set is read as if it did not, on both sides.
            Act::Env(name, value) => vec![format!("env {name}={}", expand(value, &|_| None).0)],
            Act::Path(name, before, entries) => vec![format!("path {name} {before} {}", entries.join(":"))],
            Act::Workdir(path) => vec![format!("workdir {path}")],
            Act::Arg(..) | Act::Setting(..) | Act::Nothing => Vec::new(),
        }
    }
}

/// Whether a step that stays shell reads a variable.
pub(super) fn reads(step: &Step, name: &str) -> bool {
    match &step.act {
        Act::Run(script) => script.state.iter().chain(&script.commands).any(|text| names(text).contains(&name)),
        Act::List(_, then) => then.iter().any(|text| names(text).contains(&name)),
        _ => false,
    }
}

/// Whether a command does nothing but say what holds for those behind it, and can be repeated before each of them.
pub(super) fn is_state(command: &str) -> bool {
    let mut words = command.split_whitespace();
    let plain = !command.contains("$(") && !command.contains('`');
    match words.next() {
        _ if activates(command) => true,
        Some("cd") => !command.contains(['|', '$', '`', '&', ';']),
        Some("export") => plain,
        Some(word) if is_question(command) => crate::shell::is_assignment(word),
        Some(word) => plain && crate::shell::is_assignment(word) && super::words::split(command).len() == 1,
        None => false,
    }
}

/// Questions to the system that have one answer as long as an image is built.
const QUESTIONS: [&str; 8] =
    ["arch", "dpkg --print-architecture", "lsb_release -cs", "lsb_release -rs", "lsb_release -sc", "nproc", "rpm -E %rhel", "uname -m"];

/// Whether a command gives a variable the answer to such a question: `ARCH="$(uname -m)"`.
fn is_question(command: &str) -> bool {
    let value = command.trim().split_once('=').map_or("", |(_, value)| value.trim_matches('"'));
    value.strip_prefix("$(").and_then(|inner| inner.strip_suffix(')')).is_some_and(|inner| QUESTIONS.contains(&inner.trim()))
}

/// Programs that change a few files, and take no time.
const SMALL: [&str; 22] = [
    "cat",
    "chgrp",
    "chmod",
    "chown",
    "cp",
    "echo",
    "fix-permissions",
    "groupadd",
    "install",
    "ldconfig",
    "ln",
    "locale-gen",
    "mkdir",
    "mv",
    "printf",
    "rm",
    "rmdir",
    "sed",
    "touch",
    "truncate",
    "update-alternatives",
    "usermod",
];

/// Whether a command is one of those that change a few files: on one line, with one outcome.
pub(super) fn is_small(command: &str) -> bool {
    let program = command.split_whitespace().next().unwrap_or_default();
    let one = !crate::shell::tokens(command).iter().any(|token| matches!(token.kind, Kind::End | Kind::Document));
    one && !command.contains(['\n', '`']) && !command.contains("$(") && SMALL.contains(&program.rsplit('/').next().unwrap_or(program))
}

/// Adds what a command says of those behind it: a folder takes the place of the one before.
pub(super) fn add_state(state: &mut Vec<String>, command: &str) {
    state.retain(|known| !known.starts_with("cd ") || !command.starts_with("cd /"));
    state.push(command.to_owned());
}

/// A command with one blank where there are several, and one line break.
fn spaced(command: &str) -> String {
    let lines = command.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    let lines = lines.map(|line| line.trim_end_matches(';').trim_end().to_owned());
    let mut out = String::new();
    // What looks like a comment in a here-document is text of it.
    let comments = !command.contains("<<");
    for line in lines.filter(|line| !line.is_empty() && line != "set +u" && !(comments && line.starts_with('#'))) {
        let open = ["then", "do", "else", "{", "(", "&&", "||", "|"].iter().any(|word| out.rsplit([' ', '\n']).next() == Some(word));
        // A line that goes on in the next one.
        let goes_on = comments && out.ends_with('\\');
        if goes_on {
            out.truncate(out.trim_end_matches(['\\', ' ']).len());
        }
        if !out.is_empty() {
            out.push(if open || goes_on { ' ' } else { '\n' });
        }
        out.push_str(&line);
    }
    out.replace("; ", "\n")
}

/// An entry in one of the ways to say it: to conda, `==3.13.*` is `=3.13`.
fn plain<'i>(list: &List, item: &'i Item) -> Cow<'i, str> {
    // A command that is given a file is not told the name of the package in it.
    let unnamed = |source: &str| item.text.split_once(source).map(|(name, rest)| (name.find('[').and_then(|at| name.get(at..)), rest));
    let of_file = unnamed(" path \"").or_else(|| unnamed(" url \"").filter(|_| matches!(list.manager, "apt" | "dnf")));
    if let Some((extras, rest)) = of_file {
        return Cow::Owned(format!("{} from \"{rest}", extras.unwrap_or_default()));
    }
    let parts = item.text.split_once(" ==").and_then(|(name, version)| Some((name, version.strip_suffix(".*")?)));
    match parts.filter(|_| list.manager == "conda") {
        Some((name, version)) if !version.contains([' ', ',']) => Cow::Owned(format!("{name} ={version}")),
        _ => Cow::Borrowed(&item.text),
    }
}
