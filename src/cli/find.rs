//! Which program is meant: from a file, from a folder, or from where one stands.

use std::path::{Component, Path, PathBuf};
use std::{fs, io};

use super::reply::Misuse;
use crate::base::{FileId, MAX_FILE_BYTES};
use crate::syntax::ast::{Item, Keyword};
use crate::syntax::parse;

/// The name that a program's first file has by custom.
const MAIN: &str = "main.jenv";

/// A program on the disk.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Located {
    /// Its folder, canonical.
    pub(super) root: PathBuf,
    /// The file that it begins in: a name in that folder.
    pub(super) main: String,
}

impl Located {
    /// The folder as the current folder names it, with a slash at its end; empty where it is the current one.
    pub(super) fn prefix(&self) -> String {
        let here = std::env::current_dir().and_then(fs::canonicalize).unwrap_or_default();
        relative(&here, &self.root)
    }

    /// The command that builds this program from the current folder.
    pub(super) fn build_command(&self) -> String {
        let alone = one_of(&self.root).is_ok_and(|found| found.as_deref() == Some(self.main.as_str()));
        let argument = if alone { self.prefix().trim_end_matches('/').to_owned() } else { format!("{}{}", self.prefix(), self.main) };
        format!("jenvc build {argument}").trim_end().to_owned()
    }
}

/// The program that a command is about: `file` may be its first file or its folder; where it is left out, the current
/// folder is asked, then the folders above.
pub(super) fn program(file: Option<&Path>) -> Result<Located, Misuse> {
    let Some(file) = file else { return above(Path::new(".")) };
    let path = canonical(file)?;
    if path.is_dir() {
        let main = one_of(&path)?
            .ok_or_else(|| Misuse(format!("there is no .jenv file in `{0}`; `jenvc init {0}` begins a program", file.display())))?;
        return Ok(Located { root: path, main });
    }
    located(&path).ok_or_else(|| Misuse(format!("`{}` is no file that a program can begin in", file.display())))
}

/// The programs that a file may belong to, nearest first: the file itself where it begins one, then every folder's.
/// For a folder, the program in it or above it.
pub(super) fn candidates(file: &Path) -> Result<Vec<Located>, Misuse> {
    let path = canonical(file)?;
    if path.is_dir() {
        return above(&path).map(|found| vec![found]);
    }
    let mut found: Vec<_> = if is_jenv(&path) && begins_program(&path) { located(&path).into_iter().collect() } else { Vec::new() };
    for folder in upwards(path.parent().unwrap_or(&path)) {
        for main in programs_in(folder) {
            let one = Located { root: folder.to_owned(), main };
            if !found.contains(&one) {
                found.push(one);
            }
        }
    }
    Ok(found)
}

/// A file on its own, as if it were a program.
pub(super) fn alone(file: &Path) -> Result<Located, Misuse> {
    let path = canonical(file)?;
    located(&path).ok_or_else(|| Misuse(format!("`{}` is not a file", file.display())))
}

/// Whether a word of the command line is a path rather than a name of the program's.
pub(super) fn is_path(word: &str) -> bool {
    word == "." || word.contains('/') || is_jenv(Path::new(word))
}

/// Whether a word of the command line is a path, or the folder of a program.
pub(super) fn holds_program(word: &str) -> bool {
    let folder = Path::new(word);
    is_path(word) || (folder.is_dir() && !matches!(one_of(folder), Ok(None)))
}

pub(super) fn is_jenv(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "jenv")
}

/// A path with every link followed.
pub(super) fn canonical(path: &Path) -> Result<PathBuf, Misuse> {
    fs::canonicalize(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => Misuse(format!("there is no `{}`", path.display())),
        _ => Misuse(format!("`{}` can't be read: {error}", path.display())),
    })
}

fn located(path: &Path) -> Option<Located> {
    let main = path.file_name()?.to_str()?.to_owned();
    path.is_file().then_some(Located { root: path.parent()?.to_owned(), main })
}

/// The nearest folder, from this one up, that holds a program. A folder with parts of a program alone, such as
/// `layers/`, is passed by; its file counts only where nothing is found above.
fn above(folder: &Path) -> Result<Located, Misuse> {
    let start = canonical(folder)?;
    for root in upwards(&start) {
        if let [main] = programs_in(root).as_slice() {
            return Ok(Located { root: root.to_owned(), main: main.clone() });
        }
        if programs_in(root).len() > 1 {
            one_of(root)?;
        }
    }
    one_of(&start)?.map(|main| Located { root: start, main }).ok_or_else(|| {
        Misuse("there is no .jenv file here or in a folder above; `jenvc init` begins a program, or name the file of one".to_owned())
    })
}

/// A folder and those above it, up to the one that holds the repository: what lies above is not of this project.
fn upwards(folder: &Path) -> impl Iterator<Item = &Path> {
    let mut left = false;
    folder.ancestors().take_while(move |folder| {
        let inside = !left;
        left = folder.join(".git").exists();
        inside
    })
}

/// The folder that holds the repository around a folder.
pub(super) fn repository(folder: &Path) -> Option<PathBuf> {
    folder.ancestors().find(|folder| folder.join(".git").exists()).map(Path::to_owned)
}

/// The file that the program of a folder begins in; `None` where the folder holds no `.jenv` file.
fn one_of(folder: &Path) -> Result<Option<String>, Misuse> {
    let programs = programs_in(folder);
    let names = if programs.is_empty() { jenv_files(folder) } else { programs };
    match names.as_slice() {
        [] => Ok(None),
        [one] => Ok(Some(one.clone())),
        several => {
            let list: Vec<_> = several.iter().map(|name| format!("`{name}`")).collect();
            Err(Misuse(format!("more than one program could be meant: {}; name one of them", list.join(", "))))
        }
    }
}

/// The files of a folder in which programs begin: `main.jenv`, or all that define a project.
pub(super) fn programs_in(folder: &Path) -> Vec<String> {
    if jenv_files(folder).iter().any(|name| name == MAIN) { vec![MAIN.to_owned()] } else { all_programs_in(folder) }
}

/// The files of a folder that define a project.
pub(super) fn all_programs_in(folder: &Path) -> Vec<String> {
    jenv_files(folder).into_iter().filter(|name| begins_program(&folder.join(name))).collect()
}

/// The `.jenv` files of a folder, by name.
fn jenv_files(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let files = entries.filter(|entry| is_jenv(Path::new(&entry.file_name())) && entry.path().is_file());
    let mut names: Vec<_> = files.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort();
    names
}

/// Whether a file defines the project.
fn begins_program(path: &Path) -> bool {
    if !fs::metadata(path).is_ok_and(|data| data.is_file() && data.len() <= MAX_FILE_BYTES) {
        return false;
    }
    let Ok(bytes) = fs::read(path) else { return false };
    let text = String::from_utf8_lossy(&bytes);
    // At the start of a line the word and a blank begin the definition, whatever is open before; elsewhere the tree says what it is.
    let word = Keyword::Project.word();
    if text.lines().any(|line| line.strip_prefix(word).is_some_and(|rest| rest.starts_with([' ', '\t']))) {
        return true;
    }
    if !text.contains(word) {
        return false;
    }
    let parsed = parse(FileId::default(), &text);
    parsed.file.items.iter().any(|item| matches!(item, Item::Definition(definition) if definition.keyword.node == Keyword::Project))
}

/// `to` as `from` names it, with a slash at its end; both canonical.
fn relative(from: &Path, to: &Path) -> String {
    let (from, to): (Vec<_>, Vec<_>) = (from.components().collect(), to.components().collect());
    let common = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = from.iter().skip(common).map(|_| "..".to_owned());
    let down = to.iter().skip(common).map(|part| match part {
        Component::Normal(name) => name.to_string_lossy().into_owned(),
        other => other.as_os_str().to_string_lossy().into_owned(),
    });
    up.chain(down).map(|part| part + "/").collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_named_from_where_one_stands() {
        assert_eq!(relative(Path::new("/a/b"), Path::new("/a/b")), "");
        assert_eq!(relative(Path::new("/a"), Path::new("/a/b/c")), "b/c/");
        assert_eq!(relative(Path::new("/a/b/c"), Path::new("/a/d")), "../../d/");
    }
}
