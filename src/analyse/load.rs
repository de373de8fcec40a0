//! Which files a program is made of: the main one and everything that it imports, each read and parsed once.
//!
//! Imports may form loops; a file is simply not read twice. What an import names is found by the rules of the language:
//! a path is relative to the file it is written in, `std.x` is a file of the standard library.

use std::cell::OnceCell;
use std::collections::VecDeque;
use std::sync::Arc;

use foldhash::HashSet;

use super::{globs, pieces};
use crate::base::{FileError, FileId, Files, MAX_FILE_BYTES, Place, Source, Sources, Span, join, or_nearest, parent_of};
use crate::diagnostics::{Diagnostic, Findings, known};
use crate::syntax::ast::{Definition, File, Import, ImportTarget, Item, Keyword};
use crate::syntax::parse_part;

/// The most files that a program may be made of.
pub(crate) const MAX_FILES: usize = 2_000;

/// One file of the program.
#[derive(Debug)]
pub(crate) struct Unit {
    /// Its id among the sources.
    pub(crate) file: FileId,
    /// Its folder, relative to the folder of the program.
    pub(crate) folder: String,
    /// The name that qualifies what it defines: `jupyter` for `std.jupyter`, the alias of an import; `None` for the rest.
    pub(crate) module: Option<String>,
    /// Whether it belongs to the standard library.
    pub(crate) standard: bool,
    /// What it says; of a module of the standard library, what is named.
    pub(crate) tree: File,
    /// What else it defines.
    pub(crate) unread: Vec<Unread>,
}

/// A definition of the standard library that nothing names, or that is read where something asks for it.
#[derive(Debug)]
pub(crate) struct Unread {
    /// Its kind.
    pub(crate) keyword: Keyword,
    /// Its name.
    pub(crate) name: &'static str,
    file: FileId,
    text: &'static str,
    span: Span,
    read: OnceCell<Option<Definition>>,
}

impl Unread {
    /// What it says; it is read once.
    pub(crate) fn definition(&self) -> Option<&Definition> {
        let first = |items: Vec<Item>| items.into_iter().find_map(|item| if let Item::Definition(node) = item { Some(node) } else { None });
        self.read.get_or_init(|| first(parse_part(self.file, self.text, self.span).file.items)).as_ref()
    }
}

/// The file that holds the installers; always there.
const PRELUDE: &str = "installers";

/// Reads the main file and all that it imports, in the order in which the imports stand. The prelude comes first: each of its installers is
/// read where something asks for it.
pub(crate) fn load(inputs: &Inputs<'_>, sources: &mut Sources, findings: &mut Findings) -> Vec<Unit> {
    let mut loader = Loader { inputs, sources, findings, units: Vec::new(), queue: VecDeque::new(), waiting: Vec::new() };
    if let Some(text) = (inputs.standard)(PRELUDE) {
        loader.module(PRELUDE, text);
        loader.unread();
    }
    loader.file(inputs.main, None, None);
    while let Some((unit, import)) = loader.queue.pop_front() {
        loader.import(unit, &import);
    }
    loader.named();
    loader.units
}

/// What a file of the standard library is called among the sources.
fn standard_path(name: &str) -> String {
    format!("std/{name}.jenv")
}

struct Loader<'a, 'b> {
    inputs: &'a Inputs<'b>,
    sources: &'a mut Sources,
    findings: &'a mut Findings,
    units: Vec<Unit>,
    queue: VecDeque<(usize, Import)>,
    /// Definitions of the standard library, each with its unit, that are read where something names them.
    waiting: Vec<(usize, Unread)>,
}

impl Loader<'_, '_> {
    fn import(&mut self, unit: usize, import: &Import) {
        let Some((file, folder, standard)) = self.units.get(unit).map(|unit| (unit.file, unit.folder.clone(), unit.standard)) else {
            return;
        };
        let alias = import.alias.as_ref().map(|name| name.node.clone());
        match &import.target {
            ImportTarget::Standard(name) => self.import_standard(Place::new(file, name.span), &name.node),
            ImportTarget::Path(text) => {
                let place = Place::new(file, text.span);
                match text.literal() {
                    Some(path) if !standard => self.import_path(place, &folder, path, alias.as_deref()),
                    Some(_) => {
                        self.findings.push(Diagnostic::new(&known::IMPORT_OUTSIDE, place, "a file of the standard library imports a path"));
                    }
                    None => self.findings.push(
                        Diagnostic::new(&known::IMPORT_INTERPOLATED, place, "the path of an import holds `{{ }}`")
                            .here("which files a program is made of can't depend on values")
                            .help("write the path out"),
                    ),
                }
            }
        }
    }

    fn import_standard(&mut self, place: Place, dotted: &str) {
        let name = dotted.strip_prefix("std.").unwrap_or(dotted);
        if !dotted.starts_with("std.") || (self.inputs.standard)(name).is_none() {
            let known: Vec<String> = self.inputs.standard_names.iter().map(|name| format!("std.{name}")).collect();
            self.findings.push(
                Diagnostic::new(&known::UNKNOWN_STANDARD_MODULE, place, format!("there is no `{dotted}` in the standard library"))
                    .maybe_help(or_nearest(dotted, known.iter().map(String::as_str)))
                    .help("put the path of a file of yours in quotes"),
            );
            return;
        }
        self.standard(name);
    }

    /// A module of the standard library: what it imports and its values at once, its definitions where they are named.
    fn standard(&mut self, name: &str) {
        if self.units.iter().any(|unit| unit.standard && unit.module.as_deref() == Some(name)) {
            return;
        }
        if let Some(text) = (self.inputs.standard)(name) {
            self.module(name, text);
        }
    }

    fn module(&mut self, name: &str, text: &'static str) {
        let unit = self.unit(&standard_path(name), text, Some(name.to_owned()), true);
        let file = self.units.get(unit).map_or_else(FileId::default, |unit| unit.file);
        for pieces::Piece { span, defines } in pieces::cut(text) {
            match defines {
                Some((keyword, name)) => self.waiting.push((unit, Unread { keyword, name, file, text, span, read: OnceCell::new() })),
                None => self.read(unit, span),
            }
        }
    }

    /// Reads the definitions of the standard library that the program names, and those that they name.
    fn named(&mut self) {
        let texts: Vec<Arc<str>> = self.sources.iter().map(|(_, source)| Arc::clone(&source.text)).collect();
        let text_of = |unit: &Unit| texts.get(unit.file.0 as usize).map_or("", |text| &**text);
        let mut words = HashSet::default();
        for unit in self.units.iter().filter(|unit| !unit.standard) {
            pieces::qualified(text_of(unit), &mut words);
        }
        while let Some(at) = self.waiting.iter().position(|(_, definition)| words.contains(definition.name)) {
            let (unit, definition) = self.waiting.remove(at);
            pieces::words(definition.text.get(definition.span.range()).unwrap_or(""), &mut words);
            self.read(unit, definition.span);
        }
        self.unread();
        for unit in self.units.iter_mut().filter(|unit| unit.standard) {
            unit.tree.items.sort_by_key(|item| item.span().start);
        }
    }

    /// Gives what is still waiting to its unit.
    fn unread(&mut self) {
        for (unit, definition) in std::mem::take(&mut self.waiting) {
            if let Some(unit) = self.units.get_mut(unit) {
                unit.unread.push(definition);
            }
        }
    }

    fn import_path(&mut self, place: Place, folder: &str, written: &str, alias: Option<&str>) {
        let Some(found) = imported(self.inputs.files, folder, written) else {
            self.findings.push(
                Diagnostic::new(&known::IMPORT_OUTSIDE, place, format!("`{written}` leaves the folder of the program"))
                    .here("paths are relative to this file and stay within the folder of the program")
                    .help("move the file into the folder of the program"),
            );
            return;
        };
        if found.is_empty() {
            self.findings.push(
                Diagnostic::new(&known::IMPORT_MATCHES_NOTHING, place, format!("`{written}` matches no file"))
                    .here("no file has such a name")
                    .help("correct the pattern, or drop the import"),
            );
        }
        for path in found {
            self.file(&path, Some(place), alias);
        }
    }

    /// Reads a file of the program, unless it is there already.
    fn file(&mut self, path: &str, from: Option<Place>, alias: Option<&str>) {
        if self.units.iter().any(|unit| !unit.standard && self.sources.get(unit.file).is_some_and(|source| source.name == path)) {
            return;
        }
        if self.units.len() >= MAX_FILES {
            let message = format!("the program is made of more than {MAX_FILES} files");
            let finding = from.map_or_else(
                || Diagnostic::nowhere(&known::TOO_MANY_FILES, &message),
                |place| Diagnostic::new(&known::TOO_MANY_FILES, place, &message),
            );
            self.findings.push(finding.help("name a smaller folder, or join the files"));
            return;
        }
        match self.inputs.files.read(path, MAX_FILE_BYTES) {
            Ok(bytes) => {
                let text = decode(path, &bytes, self.sources, self.findings);
                let unit = self.unit(path, text, alias.map(str::to_owned), false);
                self.read(unit, Span::new(0, usize::MAX));
            }
            Err(error) => self.unreadable(path, from, &error),
        }
    }

    fn unreadable(&mut self, path: &str, from: Option<Place>, error: &FileError) {
        let code = match error {
            FileError::Missing => &known::MISSING_FILE,
            FileError::TooLarge(_) => &known::FILE_TOO_LARGE,
            FileError::Outside => &known::IMPORT_OUTSIDE,
            FileError::NotAFile | FileError::Io(_) => &known::UNREADABLE_FILE,
        };
        let message = format!("can't read `{path}`: {error}");
        let help = match error {
            FileError::Missing if path.starts_with("std.") => Some(format!("write `import {path}` without quotes")),
            FileError::Missing => self.nearest_file(path),
            FileError::TooLarge(_) => Some(format!("split it: a file has at most {} MiB", MAX_FILE_BYTES >> 20)),
            FileError::NotAFile => Some(format!("name a file; `{path}/*.jenv` takes all programs of a folder")),
            _ => None,
        };
        let finding = from.map_or_else(|| Diagnostic::nowhere(code, &message), |place| Diagnostic::new(code, place, &message));
        self.findings.push(finding.maybe_help(help));
    }

    fn nearest_file(&self, path: &str) -> Option<String> {
        let folder = parent_of(path);
        let names: Vec<String> = self.inputs.files.list(folder).ok()?.into_iter().map(|entry| entry.name).collect();
        let near = crate::base::nearest(path.rsplit('/').next()?, names.iter().map(String::as_str))?;
        Some(if folder.is_empty() { format!("did you mean `{near}`?") } else { format!("did you mean `{folder}/{near}`?") })
    }

    /// A file of which nothing is read yet; gives its place among the units.
    fn unit(&mut self, name: &str, text: &str, module: Option<String>, standard: bool) -> usize {
        let mut source = Source::new(name, text);
        source.standard = standard;
        let file = self.sources.add(source);
        let folder = if standard { String::new() } else { parent_of(name).to_owned() };
        self.units.push(Unit { file, folder, module, standard, tree: File::default(), unread: Vec::new() });
        self.units.len() - 1
    }

    /// Reads a part of a file, to its end at most, and puts what it imports into the queue.
    fn read(&mut self, at: usize, part: Span) {
        let Some(unit) = self.units.get_mut(at) else { return };
        let Some(source) = self.sources.get(unit.file) else { return };
        let parsed = parse_part(unit.file, &source.text, part);
        self.findings.append(parsed.findings);
        let imports = parsed.file.items.iter().filter_map(|item| match item {
            Item::Import(import) => Some((at, import.clone())),
            _ => None,
        });
        self.queue.extend(imports);
        unit.tree.items.extend(parsed.file.items);
    }
}

/// The files that an import of a path names, relative to the folder of the program: one, or all that a pattern matches. `None`
/// where the path leaves that folder.
pub fn imported(files: &dyn Files, folder: &str, written: &str) -> Option<Vec<String>> {
    let path = join(folder, written)?;
    Some(if globs::is_pattern(&path) { globs::expand(files, &path) } else { vec![path] })
}

/// The text of a file; where it is not UTF-8, what comes before the first bad byte, and a finding.
pub fn decode<'b>(path: &str, bytes: &'b [u8], sources: &mut Sources, findings: &mut Findings) -> &'b str {
    match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let good = bytes.get(..error.valid_up_to()).and_then(|good| std::str::from_utf8(good).ok()).unwrap_or_default();
            let id = sources.add(Source::new(path, good));
            let end = sources.get(id).map_or(0, |source| source.text.len());
            let byte = bytes.get(error.valid_up_to()).copied().unwrap_or_default();
            findings.push(
                Diagnostic::new(&known::NOT_UTF8, Place::new(id, Span::new(end, end)), format!("`{path}` is not UTF-8"))
                    .here(format!("the byte 0x{byte:02x} comes after this"))
                    .help("save the file as UTF-8"),
            );
            good
        }
    }
}

/// What an analysis reads.
#[derive(Clone, Copy)]
pub struct Inputs<'a> {
    /// The files of the program.
    pub files: &'a dyn Files,
    /// The text of a file of the standard library by name: `jupyter` for `std.jupyter`.
    pub standard: &'a dyn Fn(&str) -> Option<&'static str>,
    /// The names of the standard library's files, sorted.
    pub standard_names: &'a [&'static str],
    /// The file that the program begins in, relative to the folder of the program.
    pub main: &'a str,
}
