//! uv as the engine: a question becomes a project of its own in a folder of its own, `uv pip compile` resolves it.
//!
//! uv runs nothing of a package and downloads no Python unless the question allows builds; indexes, proxies and certificates come from
//! where it always takes them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::super::console::Console;
use super::answer::{self, Asked};
use super::program::Engine;
use super::project::{kept, project, stub, stub_name};
use super::sources::{Learnt, Promises, Sources};
use crate::cli::reply::Misuse;
use crate::driver::lock::{Answer, Question, Resolver};
use crate::ir::Platform;

/// The newest `manylinux` that uv can resolve for: `uv pip compile --help`, uv 0.13.
const NEWEST_GLIBC: u32 = 40;
/// How often a question is asked again without the cut-off for packages of which the index gives no upload dates.
const DATELESS: usize = 3;
/// Settings that would change what is resolved. Those of indexes, caches, proxies and certificates hold.
const NOT_OURS: &[&str] = &[
    "RUST_LOG",
    "UV_BUILD_CONSTRAINT",
    "UV_CONSTRAINT",
    "UV_EXCLUDE",
    "UV_EXCLUDE_NEWER",
    "UV_NO_BINARY",
    "UV_NO_BINARY_PACKAGE",
    "UV_ONLY_BINARY",
    "UV_OVERRIDE",
    "UV_PRERELEASE",
    "UV_PYTHON",
    "UV_RESOLUTION",
    "UV_SYSTEM_PYTHON",
    "UV_TORCH_BACKEND",
    "VIRTUAL_ENV",
];

/// uv, on the `PATH` or where it was said to be.
#[derive(Debug)]
pub(super) struct Uv {
    program: PathBuf,
    version: String,
    /// The interpreter of all questions that build nothing: it decides nothing, and to look for the one of each question takes seconds
    /// where shims of pyenv are on the `PATH`.
    python: OnceLock<Option<String>>,
    offline: bool,
    progress: Progress,
    promises: Promises,
}

/// What people see on a terminal while questions are asked.
#[derive(Debug)]
struct Progress {
    shown: bool,
    asked: AtomicUsize,
}

impl Progress {
    fn step(&self, question: &Question) {
        if self.shown {
            let number = self.asked.fetch_add(1, Ordering::Relaxed) + 1;
            let platform = question.platform.map_or("", Platform::as_str);
            let _ = write!(io::stderr().lock(), "\r\x1b[Kresolving: question {number} (Python {}, {platform})", question.python);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.shown {
            let _ = write!(io::stderr().lock(), "\r\x1b[K");
        }
    }
}

impl Uv {
    /// Asks it for its version.
    pub(super) fn new(engine: &Engine, console: &Console) -> Result<Self, Misuse> {
        let named = engine.uv.as_deref();
        let program = named.unwrap_or(Path::new("uv")).to_owned();
        let shown = program.display();
        let output = Command::new(&program).arg("--version").output().map_err(|error| match error.kind() {
            io::ErrorKind::NotFound if named.is_none() => {
                Misuse("`uv` resolves the packages and is not on the `PATH`; install it with `pip install uv`".to_owned())
            }
            _ => Misuse(format!("`{shown}` can't be run: {error}")),
        })?;
        let text = String::from_utf8_lossy(&output.stdout);
        let mut words = text.split_whitespace();
        match (words.next(), words.next()) {
            (Some("uv"), Some(version)) => {
                // It is run in other folders.
                let is_path = program.components().count() > 1;
                let whole = std::path::absolute(&program).ok().filter(|_| is_path);
                let progress = Progress { shown: !console.quiet() && io::stderr().is_terminal(), asked: AtomicUsize::new(0) };
                let program = whole.unwrap_or(program);
                Ok(Self {
                    version: version.to_owned(),
                    python: OnceLock::new(),
                    program,
                    offline: engine.offline,
                    progress,
                    promises: Promises::default(),
                })
            }
            _ => Err(Misuse(format!("`{shown} --version` does not name a version of uv"))),
        }
    }

    /// Asks in a folder. Of some packages the sources alone count; the question says what they require, so that uv builds none.
    fn ask(&self, question: &Question, folder: &Path, dateless: &Dateless, sources: &Sources) -> io::Result<Asked> {
        fs::write(folder.join("pyproject.toml"), project(question))?;
        // An earlier answer would be kept.
        match question.kept.as_slice() {
            [] if folder.join(ANSWER).exists() => fs::remove_file(folder.join(ANSWER))?,
            [] => {}
            _ => fs::write(folder.join(ANSWER), kept(question))?,
        }
        let mut command = self.compile(question, folder, dateless, sources);
        let output = command.args(["--format", "pylock.toml", "--output-file", ANSWER, "--verbose"]).output()?;
        let log = String::from_utf8_lossy(&output.stderr).into_owned();
        let mut asked = Asked { solved: output.status.success(), log, text: String::new(), origins: BTreeMap::new() };
        if asked.solved {
            asked.text = fs::read_to_string(folder.join(ANSWER))?;
        }
        if asked.solved && !question.besides().is_empty() {
            // `pylock.toml` as uv writes it does not say which index a package is from.
            fs::write(folder.join(ORIGINS), answer::versions(&asked.text))?;
            let mut command = self.compile(question, folder, dateless, sources);
            command
                .args(["--format", "requirements.txt", "--output-file", ORIGINS, "--emit-index-annotation", "--no-annotate"])
                .output()?;
            asked.origins = answer::origins(&fs::read_to_string(folder.join(ORIGINS))?);
        }
        Ok(asked)
    }

    /// The command, but for what it writes.
    fn compile(&self, question: &Question, folder: &Path, dateless: &Dateless, sources: &Sources) -> Command {
        let mut command = run(&self.program);
        command.current_dir(folder);
        command.args(["pip", "compile", "pyproject.toml", "--no-header"]);
        command.args(["--python-version", &question.python, "--python-platform", &platform(question)]);
        if !question.build {
            command.args(["--only-binary", ":all:"]).env("UV_PYTHON_DOWNLOADS", "never");
            command.args(sources.names().flat_map(|name| ["--no-binary", name]));
            command.args(self.python.get_or_init(|| python(&self.program)).iter().flat_map(|python| ["--python", python]));
        }
        if self.offline {
            command.arg("--offline");
        }
        if !question.besides().is_empty() {
            // pip takes the best of all indexes.
            command.args(["--index-strategy", "unsafe-best-match"]);
        }
        if question.alone {
            command.arg("--no-deps");
        }
        if !question.known.is_empty() {
            command.args(["--find-links", STUBS]);
        }
        if !dateless.all {
            command.arg("--exclude-newer").arg(format!("{}T23:59:59Z", question.cut_off));
            for name in &dateless.names {
                command.arg("--exclude-newer-package").arg(format!("{name}=false"));
            }
        }
        command
    }

    /// The files of the pins that a question asks for, as `pylock.toml`; sources of which it says what they require are not built.
    ///
    /// # Errors
    /// What uv says where it can't tell.
    pub(super) fn files(&self, question: &Question) -> Result<String, String> {
        self.progress.step(question);
        let (dateless, sources) = (Dateless { all: true, ..Dateless::default() }, Sources::of(question));
        let asked = tempfile::Builder::new()
            .prefix("jenvc-lock-")
            .tempdir()
            .and_then(|folder| self.ask(question, folder.path(), &dateless, &sources));
        match asked.map(|asked| if asked.solved { Ok(asked.text) } else { Err(answer::refusal(&asked.log, false)) }) {
            Ok(Ok(text)) => Ok(text),
            Ok(Err(Answer::Nothing(words) | Answer::Failed(words) | Answer::SourceOnly(_, words))) => Err(words),
            Ok(Err(Answer::Solved(_))) => Err(String::new()),
            Err(error) => Err(format!("`{}` can't be run: {error}", self.program.display())),
        }
    }

    fn answer(&self, question: &Question) -> io::Result<Answer> {
        let folder = tempfile::Builder::new().prefix("jenvc-lock-").tempdir()?;
        let stubs = folder.path().join(STUBS);
        fs::create_dir(&stubs)?;
        for (name, version, requires) in &question.known {
            fs::write(stubs.join(stub_name(name, version)), stub(name, version, requires))?;
        }
        let (mut dateless, mut sources) = (Dateless::default(), Sources::default());
        // What has no answer without them, and the withdrawn releases that one was asked for with.
        let mut refused = None;
        let mut yanked: Vec<(String, String)> = Vec::new();
        loop {
            let mut stated = sources.stated(question);
            stated.constraints.extend(yanked.iter().cloned());
            let asked = self.ask(&stated, folder.path(), &dateless, &sources)?;
            if dateless.learn(&asked.log) {
                continue;
            }
            match asked.answer(&stated) {
                Answer::SourceOnly(names, words) if self.offline || !sources.open(&names, &words, &self.promises) => {
                    return Ok(Answer::SourceOnly(names, words));
                }
                Answer::SourceOnly(..) => {}
                Answer::Solved(pins) => match sources.learn(question, answer::sources(&asked.text), &self.promises) {
                    Learnt::Nothing => return Ok(Answer::Solved(pins)),
                    Learnt::More => {}
                    Learnt::Unknown(name, words) => return Ok(Answer::SourceOnly(vec![name], words)),
                },
                Answer::Nothing(words) => {
                    let known = yanked.len();
                    yanked.extend(answer::yanked(&words, &asked.log, &stated));
                    let words = refused.get_or_insert(words);
                    if yanked.len() == known {
                        return Ok(Answer::Nothing(words.clone()));
                    }
                }
                other @ Answer::Failed(_) => return Ok(other),
            }
        }
    }
}

/// uv with nothing set that changes what is resolved.
fn run(program: &Path) -> Command {
    let mut command = Command::new(program);
    command.env("NO_COLOR", "1");
    for name in NOT_OURS {
        command.env_remove(name);
    }
    command
}

/// The interpreter that uv finds first; `None` where there is none.
fn python(program: &Path) -> Option<String> {
    let output = run(program).args(["python", "find", "--no-project", "cpython"]).env("UV_PYTHON_DOWNLOADS", "never").output().ok()?;
    let path = String::from_utf8(output.stdout).ok()?;
    Some(path.trim().to_owned()).filter(|path| output.status.success() && !path.is_empty())
}

/// The file that uv writes its answer to, and reads the versions from that it should keep.
const ANSWER: &str = "pylock.toml";
/// The file that uv names indexes in.
const ORIGINS: &str = "origins.txt";
/// The folder of wheels for packages that are there although no index need have them.
const STUBS: &str = "stubs";

impl Asked {
    fn answer(&self, question: &Question) -> Answer {
        if self.solved {
            let pins = answer::pins(self, question);
            return pins.map_or_else(|| Answer::Failed("uv answers in a way that jenvc can't read".to_owned()), Answer::Solved);
        }
        answer::refusal(&self.log, question.build)
    }
}

/// Packages of which the index gives no upload dates: the cut-off can't hold for them.
#[derive(Default)]
struct Dateless {
    names: BTreeSet<String>,
    rounds: usize,
    all: bool,
}

impl Dateless {
    /// Whether a log names more of them.
    fn learn(&mut self, log: &str) -> bool {
        let known = self.names.len();
        self.names.extend(answer::dateless(log));
        if self.all || self.names.len() == known {
            return false;
        }
        self.rounds += 1;
        self.all = self.rounds > DATELESS;
        true
    }
}

fn platform(question: &Question) -> String {
    let machine = question.platform.unwrap_or(Platform::Amd64).machine();
    format!("{machine}-manylinux_2_{}", question.glibc.min(NEWEST_GLIBC))
}

impl Resolver for Uv {
    fn name(&self) -> String {
        format!("uv {}", self.version)
    }

    fn solve(&self, question: &Question) -> Answer {
        self.progress.step(question);
        self.answer(question).unwrap_or_else(|error| Answer::Failed(format!("`{}` can't be run: {error}", self.program.display())))
    }
}
