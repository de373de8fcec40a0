//! Puts a plan on the disk: all new bytes are written and synced beside their places first, then moved in.
//!
//! A disk that fills, or a kill, meets the old files. What such a kill leaves behind has names that begin as nothing
//! else does, so the next build clears it away. Two builds of one folder wait for each other.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::{NamedTempFile, TempPath};

use super::drift::{self, Plan, Status};
use super::errors::words;
use super::ours::UNFINISHED;
use crate::base::parent_of;
use crate::diagnostics::Diagnostic;
use crate::emit::Artifact;
use crate::import::Written;

/// The folder of a program, for as long as this is kept: nobody else builds there.
#[derive(Debug)]
pub(super) struct Turn {
    _folder: Option<File>,
}

impl Turn {
    /// Waits until no build runs in the folder. `alone` keeps everybody else waiting, not only builds.
    /// Where the machine has no locks for folders, nobody waits.
    pub(super) fn take(root: &Path, alone: bool) -> Self {
        let folder = File::open(root).ok();
        let _unlocked = folder.as_ref().map(|folder| if alone { folder.lock() } else { folder.lock_shared() });
        Self { _folder: folder }
    }
}

/// Writes what changed and removes what is gone.
///
/// # Errors
/// A finding that names the file that the machine refused. Before the first file is moved in, nothing has changed.
pub(super) fn apply(root: &Path, plan: &Plan<'_>) -> Result<(), Box<Diagnostic>> {
    let mut made = Made::default();
    let mut staged = Vec::new();
    for target in &plan.targets {
        let (Some(artifact), Status::New | Status::Changed) = (target.artifact, target.status) else { continue };
        staged.push((artifact, stage(root, artifact, &mut made).map_err(|error| refused(&artifact.path, &error))?));
    }
    made.keep();
    for (artifact, file) in staged {
        file.persist(root.join(&artifact.path)).map_err(|error| refused(&artifact.path, &error.error))?;
    }
    for target in plan.targets.iter().filter(|target| target.status == Status::Gone) {
        fs::remove_file(root.join(&target.path)).map_err(|error| refused(&target.path, &error))?;
        prune(root, parent_of(&target.path));
    }
    Ok(())
}

/// Puts another text in the place of a file, whole or not at all. Its mode stays; one that may not be written is refused.
pub(super) fn replace(file: &Path, text: &str) -> io::Result<()> {
    stage_text(file, text)?.persist(file).map(drop).map_err(|error| error.error)
}

/// The same for several files: before the first one changes, all are written beside their places.
///
/// # Errors
/// The file that the machine refused, and why.
pub(super) fn replace_all(files: &[(PathBuf, String)]) -> Result<(), (PathBuf, io::Error)> {
    let staged = files.iter().map(|(file, text)| Ok((file, stage_text(file, text).map_err(|error| (file.clone(), error))?)));
    for (file, new) in staged.collect::<Result<Vec<_>, _>>()? {
        new.persist(file).map_err(|error| (file.clone(), error.error))?;
    }
    Ok(())
}

/// Writes a text beside the file whose place it is to take.
fn stage_text(file: &Path, text: &str) -> io::Result<NamedTempFile> {
    let permissions = fs::metadata(file)?.permissions();
    if permissions.readonly() {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    let new = beside(file, text)?;
    new.as_file().set_permissions(permissions)?;
    Ok(new)
}

/// Writes a file, whole or not at all, in the place of one that may be there.
pub(super) fn put(file: &Path, text: &str) -> io::Result<()> {
    beside(file, text)?.persist(file).map(drop).map_err(|error| error.error)
}

/// Writes a file that is not there yet, whole or not at all.
pub(super) fn create_new(file: &Path, text: &str) -> io::Result<()> {
    beside(file, text)?.persist_noclobber(file).map(drop).map_err(|error| error.error)
}

/// Writes files that are not there yet into a folder that may be missing: all of them or none.
///
/// # Errors
/// The file that the machine refused, and why.
pub(super) fn create_all(root: &Path, files: &[Written]) -> Result<(), (String, io::Error)> {
    let mut made = Made::default();
    let mut staged = Vec::new();
    for file in files {
        let folder = root.join(parent_of(&file.path));
        let stage = |made: &mut Made| {
            made.folder(&folder)?;
            let mut new = create(&folder, file.executable)?;
            new.write_all(&file.bytes)?;
            new.as_file().sync_all().map(|()| new)
        };
        staged.push((file, stage(&mut made).map_err(|error| (file.path.clone(), error))?));
    }
    let mut there: Vec<PathBuf> = Vec::new();
    for (file, new) in staged {
        let place = root.join(&file.path);
        if let Err(error) = new.persist_noclobber(&place) {
            for place in &there {
                let _ = fs::remove_file(place);
            }
            return Err((file.path.clone(), error.error));
        }
        there.push(place);
    }
    made.keep();
    Ok(())
}

/// A text beside the place that it is for, locked so that no build takes it for a leftover.
fn beside(file: &Path, text: &str) -> io::Result<NamedTempFile> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut new = create(folder.unwrap_or(Path::new(".")), false)?;
    let _unlocked = new.as_file().try_lock();
    new.write_all(text.as_bytes())?;
    new.as_file().sync_all()?;
    Ok(new)
}

/// Folders that were made for files that are not there yet; taken away again unless kept.
#[derive(Debug, Default)]
struct Made {
    folders: Vec<PathBuf>,
    known: BTreeSet<PathBuf>,
}

impl Made {
    fn folder(&mut self, folder: &Path) -> io::Result<()> {
        if self.known.contains(folder) {
            return Ok(());
        }
        let missing: Vec<_> = folder.ancestors().take_while(|path| !path.exists()).map(Path::to_owned).collect();
        for path in missing.into_iter().rev() {
            fs::create_dir(&path)?;
            self.folders.push(path);
        }
        self.known.insert(folder.to_owned());
        Ok(())
    }

    fn keep(&mut self) {
        self.folders.clear();
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        for folder in self.folders.iter().rev() {
            // One that something else has used meanwhile stays.
            let _ = fs::remove_dir(folder);
        }
    }
}

/// Writes an artifact beside its place.
fn stage(root: &Path, artifact: &Artifact, made: &mut Made) -> io::Result<TempPath> {
    let folder = root.join(parent_of(&artifact.path));
    made.folder(&folder)?;
    let mut file = create(&folder, artifact.executable)?;
    file.write_all(artifact.text.as_bytes())?;
    file.as_file().sync_all()?;
    Ok(file.into_temp_path())
}

/// A new file with the mode that a plain `open` would give; the umask applies.
fn create(folder: &Path, executable: bool) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(UNFINISHED);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(if executable { 0o777 } else { 0o666 }));
    #[cfg(not(unix))]
    let _ = executable;
    builder.tempfile_in(folder)
}

/// Removes folders that are empty now, upwards, never the folder of the program.
fn prune(root: &Path, folder: &str) {
    let mut folder = folder;
    while !folder.is_empty() && fs::remove_dir(root.join(folder)).is_ok() {
        folder = parent_of(folder);
    }
}

fn refused(path: &str, error: &io::Error) -> Box<Diagnostic> {
    Box::new(drift::refused(path, &words(error)))
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::super::drift::plan;
    use super::super::ours::Question;
    use super::*;
    use crate::base::{Source, Sources};
    use crate::emit::MARK;

    struct Case {
        folder: tempfile::TempDir,
        root: PathBuf,
        sources: Sources,
    }

    impl Case {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let root = folder.path().canonicalize().unwrap().join("program");
            fs::create_dir(&root).unwrap();
            fs::write(root.join("main.jenv"), "x").unwrap();
            let mut sources = Sources::default();
            sources.add(Source::new("main.jenv", "x"));
            Self { folder, root, sources }
        }

        /// Builds; says what was done, or what is in the way.
        fn build(&self, artifacts: &[Artifact], force: bool) -> Vec<String> {
            let question =
                Question { root: &self.root, main: "main.jenv", above: 0, sources: &self.sources, own_folder: Some("images"), force };
            let plan = plan(&question, artifacts);
            if !plan.refusals.is_empty() {
                return plan.refusals.into_iter().map(|finding| finding.message).collect();
            }
            match apply(&self.root, &plan) {
                Ok(()) => plan.targets.iter().map(|target| format!("{} {}", target.status.word(), target.path)).collect(),
                Err(finding) => vec![finding.message],
            }
        }

        fn read(&self, path: &str) -> String {
            fs::read_to_string(self.root.join(path)).unwrap()
        }

        fn write(&self, path: &str, text: &str) {
            fs::create_dir_all(self.root.join(path).parent().unwrap()).unwrap();
            fs::write(self.root.join(path), text).unwrap();
        }

        /// Every path under the folder of the program.
        fn all(&self) -> Vec<String> {
            let mut waiting = vec![self.root.clone()];
            let mut found = Vec::new();
            while let Some(folder) = waiting.pop() {
                for entry in fs::read_dir(folder).unwrap() {
                    let path = entry.unwrap().path();
                    found.push(path.strip_prefix(&self.root).unwrap().to_str().unwrap().to_owned());
                    if path.is_dir() && !path.is_symlink() {
                        waiting.push(path);
                    }
                }
            }
            found.sort();
            found
        }
    }

    fn artifact(path: &str, text: &str) -> Artifact {
        Artifact { path: path.to_owned(), text: format!("# {MARK}main.jenv:1.\n{text}\n"), executable: path.contains(".sh") }
    }

    #[test]
    fn only_what_changes_is_written_and_what_is_gone_is_removed() {
        let case = Case::new();
        let first = [artifact("images/a/Dockerfile", "1"), artifact("images/b/test.sh", "1"), artifact("bake.yml", "1")];
        assert_eq!(case.build(&first, false), ["new bake.yml", "new images/a/Dockerfile", "new images/b/test.sh"]);
        let before = fs::metadata(case.root.join("bake.yml")).unwrap();
        assert_eq!(case.build(&first, false), ["kept bake.yml", "kept images/a/Dockerfile", "kept images/b/test.sh"]);
        let second = [artifact("images/a/Dockerfile", "2"), artifact("bake.yml", "1")];
        assert_eq!(case.build(&second, false), ["kept bake.yml", "changed images/a/Dockerfile", "removed images/b/test.sh"]);
        assert_eq!(case.all(), ["bake.yml", "images", "images/a", "images/a/Dockerfile", "main.jenv"]);
        assert!(case.read("images/a/Dockerfile").contains('2'));
        let after = fs::metadata(case.root.join("bake.yml")).unwrap();
        assert_eq!(std::os::unix::fs::MetadataExt::ino(&before), std::os::unix::fs::MetadataExt::ino(&after));
    }

    #[test]
    fn scripts_are_executable_and_a_lost_bit_comes_back() {
        let case = Case::new();
        let all = [artifact("images/test.sh", "1"), artifact("images/Dockerfile", "1")];
        case.build(&all, false);
        let mode = |path: &str| fs::metadata(case.root.join(path)).unwrap().permissions().mode() & 0o111;
        assert_eq!((mode("images/test.sh") & 0o100, mode("images/Dockerfile")), (0o100, 0));
        fs::set_permissions(case.root.join("images/test.sh"), fs::Permissions::from_mode(0o644)).unwrap();
        assert_eq!(case.build(&all, false), ["kept images/Dockerfile", "changed images/test.sh"]);
        assert_eq!(mode("images/test.sh") & 0o100, 0o100);
    }

    #[test]
    fn files_of_others_stay() {
        let case = Case::new();
        case.write("images/a/Dockerfile", "FROM scratch\n");
        case.write("images/notes.md", "mine\n");
        let all = [artifact("images/a/Dockerfile", "1"), artifact("images/b/Dockerfile", "1")];
        assert_eq!(case.build(&all, false), ["`images/a/Dockerfile` is in the way: jenvc did not write it"]);
        assert_eq!(case.read("images/a/Dockerfile"), "FROM scratch\n");
        assert!(!case.root.join("images/b").exists());
        assert_eq!(case.build(&all, true), ["changed images/a/Dockerfile", "new images/b/Dockerfile"]);
        assert_eq!(case.read("images/notes.md"), "mine\n");
    }

    #[test]
    fn files_of_another_program_stay() {
        let case = Case::new();
        case.write("other.jenv", "x");
        case.write("images/other/Dockerfile", &format!("# {MARK}other.jenv:3.\n"));
        case.write("images/old/Dockerfile", &format!("# {MARK}layers/old.jenv:3.\n"));
        let all = [artifact("images/a/Dockerfile", "1")];
        assert_eq!(case.build(&all, false), ["new images/a/Dockerfile", "removed images/old/Dockerfile"]);
        assert!(case.root.join("images/other/Dockerfile").exists() && !case.root.join("images/old").exists());
    }

    #[test]
    fn nothing_is_written_through_links_or_outside() {
        let case = Case::new();
        fs::create_dir(case.folder.path().join("outside")).unwrap();
        symlink("../outside", case.root.join("images")).unwrap();
        let message = "`images` can't be written: it is a symbolic link that leads out of the project";
        assert_eq!(case.build(&[artifact("images/a", "1"), artifact("images/b", "1")], true), [message]);
        symlink("main.jenv", case.root.join("link")).unwrap();
        assert_eq!(case.build(&[artifact("link", "1")], true), ["`link` can't be written: a symbolic link stands there"]);
        let places = ["../x", "/x", ".git/config", "a/./b"];
        for place in places {
            let message = format!("`{place}` can't be written: it is no place for an artifact");
            assert_eq!(case.build(&[artifact(place, "1")], true), [message]);
        }
        let message = "`main.jenv` can't be written: the program itself is in this file";
        assert_eq!(case.build(&[artifact("main.jenv", "1")], true), [message]);
        assert_eq!(fs::read_dir(case.folder.path().join("outside")).unwrap().count(), 0);
    }

    #[test]
    fn a_file_where_a_folder_is_needed_and_the_other_way_round() {
        let case = Case::new();
        case.write("images", "mine");
        let message = "`images` can't be written: a file stands there, and a folder is needed";
        assert_eq!(case.build(&[artifact("images/a/b", "1")], true), [message]);
        fs::create_dir(case.root.join("bake.yml")).unwrap();
        assert_eq!(case.build(&[artifact("bake.yml", "1")], true), ["`bake.yml` can't be written: a folder stands there"]);
    }

    #[test]
    fn what_a_kill_left_behind_is_cleared_away() {
        let case = Case::new();
        case.write("images/a/.jenvc-x81", "");
        assert_eq!(case.build(&[artifact("images/a/D", "1")], false), ["removed images/a/.jenvc-x81", "new images/a/D"]);
    }

    /// A name that is too long stands for any refusal of the machine: the third of three files can't be staged.
    #[test]
    fn where_one_file_is_refused_none_is_written() {
        let case = Case::new();
        let old = [artifact("images/a/D", "1")];
        case.build(&old, false);
        let long = format!("images/c/{}/D", "x".repeat(300));
        let new = [artifact("images/a/D", "2"), artifact("images/b/D", "2"), artifact(&long, "2")];
        assert_eq!(case.build(&new, false), [format!("`{long}` can't be written: File name too long")]);
        assert!(case.read("images/a/D").contains('1'));
        assert_eq!(case.all(), ["images", "images/a", "images/a/D", "main.jenv"]);
    }
}
