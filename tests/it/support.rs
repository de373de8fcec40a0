//! What several tests need: the folder of the project, files of folders, the binary in a folder of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use jenvc::base::MemoryFiles;

/// The folder of the project.
pub(crate) fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A file of the project as text.
pub(crate) fn text(path: &str) -> String {
    fs::read_to_string(project().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every file under a folder of the project, sorted, without build products: paths relative to the project.
pub(crate) fn files_under(folder: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut waiting = vec![project().join(folder)];
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(project()).unwrap().to_str().unwrap().to_owned();
            if path.is_dir() && !matches!(name.as_str(), "target" | ".git") {
                waiting.push(path);
            } else if path.is_file() {
                found.push(name);
            }
        }
    }
    found.sort();
    found
}

/// Whether a path ends in `.extension`.
pub(crate) fn ends(path: &str, extension: &str) -> bool {
    Path::new(path).extension().is_some_and(|found| found == extension)
}

/// Which lines of a Rust file only its tests see: items behind `#[cfg(test)]`, up to their last line.
pub(crate) fn test_lines(text: &str) -> Vec<bool> {
    let mut end: Option<String> = None;
    let of_test = text.lines().map(|line| {
        let code = line.trim_start();
        let indent = &line[..line.len() - code.len()];
        let begins = code.starts_with("#[cfg(") && code.contains("test") && end.is_none();
        if begins {
            end = Some(format!("{indent}}}"));
        }
        let is_test = end.is_some();
        let is_last = end.as_ref().is_some_and(|end| line == end || (indent.len() + 1 == end.len() && code.ends_with(';')));
        if is_last {
            end = None;
        }
        is_test
    });
    of_test.collect()
}

/// The files of a folder, in memory, with their executable bits.
pub(crate) fn load(folder: &Path) -> MemoryFiles {
    let mut files = MemoryFiles::default();
    let mut waiting = vec![folder.to_owned()];
    while let Some(next) = waiting.pop() {
        for entry in fs::read_dir(&next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
            } else {
                let executable = std::os::unix::fs::PermissionsExt::mode(&path.metadata().unwrap().permissions()) & 0o100 != 0;
                files.insert(path.strip_prefix(folder).unwrap().to_str().unwrap(), fs::read(&path).unwrap(), executable);
            }
        }
    }
    files
}

/// A folder that goes away at the end of a test, and the binary run in it.
pub(crate) struct Workplace {
    folder: tempfile::TempDir,
}

impl Workplace {
    /// Empty.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        // Here the search for a program ends, whatever lies about in the folder of temporary files.
        fs::create_dir(folder.path().join(".git")).unwrap();
        Self { folder }
    }

    /// With these files.
    pub(crate) fn with<P: AsRef<str>, B: AsRef<[u8]>>(files: impl IntoIterator<Item = (P, B)>) -> Self {
        let place = Self::new();
        for (path, bytes) in files {
            place.write(path.as_ref(), bytes);
        }
        place
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().canonicalize().unwrap()
    }

    pub(crate) fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    pub(crate) fn has(&self, path: &str) -> bool {
        self.path().join(path).exists()
    }

    /// Commits everything that is there.
    pub(crate) fn commit(&self) {
        let who = ["-c", "user.name=test", "-c", "user.email=test@example.org"];
        for arguments in [&["init", "--quiet"] as &[&str], &["add", "--all"], &["commit", "--quiet", "--message", "test"]] {
            let status = Command::new("git").args(who).args(arguments).current_dir(self.path()).status().unwrap();
            assert!(status.success(), "git {arguments:?}");
        }
    }

    /// The binary, in this folder, without the variables of the machine that change what it says.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_jenvc"));
        command.args(arguments).current_dir(self.path()).env_clear();
        // It is always 2026-11-26.
        command.env("SOURCE_DATE_EPOCH", "1795651200");
        // What it runs itself, git, has to be found.
        command.envs(std::env::var_os("PATH").map(|path| ("PATH", path)));
        command
    }

    /// Runs the binary.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        Ran::from(self.command(arguments).output().unwrap())
    }
}

/// What came of a run.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) status: i32,
    pub(crate) out: String,
    pub(crate) error: String,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Self { status: output.status.code().unwrap_or(-1), out: text(output.stdout), error: text(output.stderr) }
    }
}
