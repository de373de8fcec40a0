//! Which files are where in the image: those of the context, packages from files, downloads that are there for one command alone.

use super::command::{self, Command};
use super::downloads::downloaded;
use super::lists::{List, name};
use super::read::Instruction;
use super::stage::Stage;
use super::steps::{Act, Loaded, Script, Step};
use super::words::split;
use crate::analyse::is_everywhere;
use crate::import::RemarkKind::{self, Decide};
use crate::import::quoted;
use crate::requirements::name_in_path;
use crate::shell::installing;

type Note = (RemarkKind, String);

impl Stage<'_> {
    /// Remembers which files are where.
    pub(super) fn place(&mut self, sources: &[String], paths: &[String], to: &str) {
        for (source, path) in sources.iter().zip(paths) {
            let file = source.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
            if self.is_folder(to) && (self.file_at)(path).is_some() {
                self.place_at(path, &format!("{}/{file}", to.trim_end_matches('/')));
            } else {
                self.place_at(path, to);
            }
        }
    }

    /// Whether a path is a folder when something is copied to it: files go into it.
    fn is_folder(&self, path: &str) -> bool {
        let made = |step: &Step| matches!(&step.act, Act::Folder(made) if made.paths.iter().any(|one| one.trim_end_matches('/') == path));
        path.ends_with('/') || is_everywhere(path) || self.state.workdir.as_deref() == Some(path) || self.steps.iter().any(made)
    }

    /// Remembers a file of the context, or a folder with all in it.
    pub(super) fn place_at(&mut self, path: &str, at: &str) {
        let folder = (self.file_at)(path).is_none();
        let at = if folder { format!("{}/", at.trim_end_matches('/')) } else { at.to_owned() };
        self.state.placed.insert(at, path.trim_end_matches('/').to_owned());
    }

    /// Reads a script. Where a download that seemed to be of one list alone is in none, it is read again without such downloads.
    pub(super) fn cut(&mut self, one: &Instruction, script: &Instruction, (around, notes): (Script, Vec<Note>)) {
        if around == Script::default() && self.may_load(&script.text) {
            let before = (self.state.clone(), self.steps.clone(), self.installs, self.written, self.indexed);
            self.cut_with(one, script, (around.clone(), notes.clone()), true);
            if self.loaded.values().all(|loaded| loaded.used) {
                return;
            }
            (self.state, self.steps, self.installs, self.written, self.indexed) = before;
            self.loaded.clear();
        }
        self.cut_with(one, script, (around, notes), false);
    }

    /// Says of the entries that are files where they come from, as the language writes it, with what is to be said of their names.
    /// `None` where a path is not known, or is a pattern.
    pub(super) fn named(&mut self, lists: &mut [List]) -> Option<Vec<Note>> {
        let mut notes = Vec::new();
        for item in lists.iter_mut().flat_map(|list| &mut list.items) {
            let Some((path, extras)) = item.file.take() else { continue };
            let at = self.at(&path).trim_end_matches('/').to_owned();
            if !at.starts_with('/') && !self.loaded.contains_key(&at) {
                return None;
            }
            if at.is_empty() || at.contains(['$', '*', '?', '[', '"', '\\', '~']) || at.split('/').any(|part| part == "..") {
                return None;
            }
            let known = self.project(&at).map(|name| (name, true));
            let address = self.loaded.get(&at).map(|loaded| loaded.url.as_str());
            let (called, certain) = known.or_else(|| name_in_path(address?)).or_else(|| name_in_path(&at))?;
            let plain = name(&called);
            if plain.starts_with('"') && !extras.is_empty() {
                return None;
            }
            let source = match self.loaded.get_mut(&at) {
                Some(loaded) => {
                    loaded.used = true;
                    let sum = loaded.sha256.as_ref().map(|sum| format!(" sha256 {}", quoted(sum))).unwrap_or_default();
                    if loaded.sha256.is_none() {
                        notes.push((
                            Decide,
                            format!("`{}` is downloaded without a checksum: the build takes whatever is there", loaded.url),
                        ));
                    }
                    format!("url {}{sum}", quoted(&loaded.url))
                }
                None => format!("path {}", quoted(&at)),
            };
            if !certain {
                notes.push((Decide, format!("the name of the package in `{at}` is taken from that of its file")));
            }
            item.text = format!("{plain}{extras} {source}");
        }
        Some(notes)
    }

    /// A path in the image; where the folder that a script begins in is not known, the path from there.
    fn at(&self, path: &str) -> String {
        let inner = || self.state.expand(path).trim_start_matches("./").to_owned();
        self.state.absolute(path).unwrap_or_else(inner)
    }

    /// The name of the Python project in a folder that is copied from the context.
    fn project(&self, folder: &str) -> Option<String> {
        let (_, source) = self.state.file(&format!("{folder}/pyproject.toml"))?;
        let text = (self.texts)(&source)?;
        let mut lines =
            text.lines().map(str::trim).skip_while(|line| *line != "[project]").skip(1).take_while(|line| !line.starts_with('['));
        let said = lines.find_map(|line| line.strip_prefix("name")?.trim_start().strip_prefix('='))?.trim();
        let name = said.trim_matches(['"', '\'']);
        name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')).then(|| name.to_owned())
    }

    /// Whether a script may hold a download that is there for one command alone.
    pub(super) fn may_load(&self, text: &str) -> bool {
        !self.compiled && ["curl ", "wget "].iter().any(|program| text.contains(program)) && text.contains("rm ") && installing(text) > 0
    }

    /// Reads a command as the download of a file that one command behind it installs from, and another one takes away: the file, what it
    /// is, and how many of the commands behind it belong to it.
    pub(super) fn load(&self, part: &str, ahead: &[String]) -> Option<(String, Loaded, usize)> {
        let read = |text: &str| command::read(text, &|name| self.state.value(name));
        let (url, file) = downloaded(&read(part)?)?;
        let file = self.at(&file?);
        let name = file.rsplit('/').next().filter(|name| !name.is_empty())?;
        let sha256 = ahead.first().and_then(|next| self.sum(next, &file));
        let taken = usize::from(sha256.is_some());
        let (mut installs, mut removes) = (0, 0);
        for text in ahead.iter().skip(taken).map(|text| self.state.expand(text)).filter(|text| text.contains(name)) {
            let first = text.split_whitespace().next().unwrap_or_default();
            match first {
                "rm" if installs == 1 => removes += 1,
                _ if removes == 0 && installing(&text) == 1 => installs += 1,
                _ => return None,
            }
        }
        let known = !self.steps.iter().any(|step| matches!(&step.act, Act::Fetch(fetched) if fetched.to == file));
        (installs == 1 && removes == 1 && known).then_some((file, Loaded { url, sha256, used: false }, taken))
    }

    /// The words of an `rm` that are left when files that are in no layer are taken out; `None` where it names none of them.
    pub(super) fn removed(&self, part: &str) -> Option<String> {
        let words = split(part.strip_prefix("rm ")?);
        let gone = |word: &String| self.loaded.get(&self.at(word)).is_some_and(|loaded| loaded.used);
        if part.contains(['&', ';', '|', '\n']) || !words.iter().any(gone) {
            return None;
        }
        let rest: Vec<String> = words.into_iter().filter(|word| !gone(word)).collect();
        let files = rest.iter().any(|word| !super::lists::is_cache(word));
        Some(if files { format!("rm {}", rest.join(" ")) } else { String::new() })
    }

    /// Remembers a file that the compiler mounts for the step that installs from it, where the script does.
    pub(super) fn mounts(&mut self, source: &str, target: &str, script: &str) -> bool {
        let Some(url) = self.downloads.get(source).cloned() else { return false };
        let named = |command: Command| command.texts().iter().any(|word| word.split('[').next() == Some(target));
        let parts = super::chain::cut(script, true);
        let installs = parts.iter().any(|part| installing(&part.text) == 1 && command::read(&part.text, &|_| None).is_some_and(named));
        if installs {
            self.loaded.insert(target.to_owned(), Loaded { url, sha256: None, used: false });
        }
        installs
    }
}
