//! `copy` and `fetch`: files of the project, of other images and of the network. Texts are in `texts.rs`.

use super::mounts::{UNMOUNTABLE, mountable};
use super::walk::Walk;
use crate::analyse::parts::Parts;
use crate::analyse::scope::Scope;
use crate::analyse::{addresses, globs, hashing, typed};
use crate::base::{Kind, Place, Span, join};
use crate::diagnostics::{Diagnostic, known};
use crate::ir::{Copy, CopySource, Expandable, FILE_MODE, Fetch, Growing, ImageRef, LocalFile, RunAs, StepKind};
use crate::syntax::ast::{Keyword, Phrase, Statement, Text};
use crate::syntax::words::Room;

/// The words after the target of a copy or a download.
#[derive(Debug, Default)]
pub(super) struct FileWords<'a> {
    to: Option<&'a Text>,
    #[expect(clippy::option_option, reason = "named and broken is not the same as not named")]
    image: Option<Option<ImageRef>>,
    sha256: Option<String>,
    pub(super) owned: bool,
    pub(super) mode: Option<u32>,
    optional: bool,
    unpack: bool,
    strip: Option<u32>,
}

impl<'a> Walk<'_, 'a> {
    pub(super) fn copy(&mut self, scope: &Scope<'_>, phrase: &'a Phrase) {
        let mut parts = Parts::of(self.cx, scope.unit, phrase);
        let Some(sources) = parts.texts("the path of a file") else { return };
        let Some(words) = self.file_words(scope, &mut parts, Room::Copy) else { return };
        let (image, to) = (words.image.clone(), words.to);
        let Some(to) = to else {
            parts.missing("`to` and where it goes");
            return;
        };
        parts.finish();
        let origin = self.place(scope, phrase.span);
        let (Some(target), Some(paths)) = (self.target(scope, to), self.texts(scope, &sources)) else { return };
        let source = match image {
            Some(image) => {
                let Some(image) = image else { return };
                if let Some((path, text)) = paths.iter().zip(&sources).find(|(path, _)| !path.starts_with('/')) {
                    let place = self.place(scope, text.span);
                    self.cx.report(
                        Diagnostic::new(&known::BAD_VALUE, place, format!("`{path}` is no absolute path of an image"))
                            .help(format!("write `/{}`", path.trim_start_matches("./"))),
                    );
                    return;
                }
                CopySource::Image { image, paths }
            }
            None => match self.local(scope, &sources, &paths, words.optional) {
                Some(source) => source,
                None => return,
            },
        };
        if !self.folder_target(scope, to, &target, &source) || !self.mode_of_folder(origin, &source, words.mode) {
            return;
        }
        if let CopySource::Local { files, .. } = &source {
            for file in files {
                self.brought(origin, &target, &file.path);
            }
        }
        let kept_out = words.mode.is_some_and(|mode| folder_mode(mode) != mode);
        let of_project = kept_out && self.is_tree(&source);
        let tree = of_project || kept_out && may_be_folder(&source);
        if of_project {
            self.made(origin, self.resolved(&target).trim_end_matches('/').to_owned());
        } else {
            self.folder_for(origin, &target, words.owned, words.mode);
        }
        let copy = Copy { source, to: target, owned: words.owned, mode: words.mode, tree };
        self.step(origin, RunAs::Root, StepKind::Copy(copy));
    }

    /// Several files need a folder as their target.
    fn folder_target(&self, scope: &Scope<'_>, to: &Text, target: &Expandable, source: &CopySource) -> bool {
        let several = match source {
            CopySource::Local { paths, files, .. } => {
                paths.len() > 1 || (files.len() > 1 && paths.iter().any(|path| globs::is_pattern(path)))
            }
            CopySource::Image { paths, .. } => paths.len() > 1,
            CopySource::Text(_) => false,
        };
        let fine = !several || target.written().ends_with('/');
        if !fine {
            let place = self.place(scope, to.span);
            self.cx.report(
                Diagnostic::new(&known::BAD_VALUE, place, "several files are copied, and the target is no folder")
                    .help(format!("end it with a slash: `\"{}/\"`", target.written())),
            );
        }
        fine
    }

    /// `COPY --chmod` gives the mode to the folders of a tree, too, and whoever may read them must be able to enter them. One folder is
    /// copied in another way; what that can't do either is reported.
    fn mode_of_folder(&self, place: Place, source: &CopySource, mode: Option<u32>) -> bool {
        let (CopySource::Local { paths, files, .. }, Some(mode)) = (source, mode) else { return true };
        let with = folder_mode(mode);
        let inside = |path: &str, file: &str| file.strip_prefix(path.trim_end_matches('/')).is_some_and(|rest| rest.starts_with('/'));
        let below = |path: &String| files.iter().any(|file| inside(path, &file.path));
        let tree = paths.iter().find(|path| path.is_empty() || below(path));
        let Some(tree) = tree.filter(|_| with != mode) else { return true };
        if self.is_tree(source) && mode & 0o111 == 0 {
            return mountable(self.cx, place, tree).is_some();
        }
        let message = format!("mode {mode:o} would keep people out of the folders in `{}`", if tree.is_empty() { "." } else { tree });
        self.cx.report(
            Diagnostic::new(&known::MODE_OF_FOLDER, place, message)
                .here("a folder can be entered only where its mode has an `x`")
                .help("copy the folder by its name alone, or drop `mode`: files keep the modes that they have in the project")
                .help(format!("or write `mode {with:o}`")),
        );
        false
    }

    /// Whether a source is one folder of the project.
    fn is_tree(&self, source: &CopySource) -> bool {
        let CopySource::Local { paths, .. } = source else { return false };
        matches!(paths.as_slice(), [path] if matches!(self.cx.files.kind(path.trim_end_matches('/')), Ok(Kind::Folder)))
    }

    fn texts(&self, scope: &Scope<'_>, texts: &[&Text]) -> Option<Vec<String>> {
        texts.iter().map(|text| scope.text(self.cx, text)).collect()
    }

    /// The files of the project that a copy takes.
    pub(super) fn local(&self, scope: &Scope<'_>, texts: &[&Text], written: &[String], optional: bool) -> Option<CopySource> {
        let cx = self.cx;
        let mut paths = Vec::new();
        let mut files: Vec<LocalFile> = Vec::new();
        let mut growing = Vec::new();
        for (text, written) in texts.iter().zip(written) {
            let place = self.place(scope, text.span);
            if cx.is_standard(scope.unit) {
                cx.report(
                    Diagnostic::new(&known::IMPORT_OUTSIDE, place, "the standard library has no files to copy")
                        .help("fetch it with a checksum"),
                );
                return None;
            }
            let Some(mut path) = join(cx.folder(scope.unit), written) else {
                cx.report(
                    Diagnostic::new(&known::IMPORT_OUTSIDE, place, format!("`{written}` leaves the folder of the program"))
                        .here("only files below the program's folder reach a build"),
                );
                return None;
            };
            let found = self.matched(place, &path, optional)?;
            if globs::is_pattern(&path) || path.is_empty() || found.is_empty() {
                growing.push(Growing { path: path.clone(), files: found.iter().map(|file| file.path.clone()).collect() });
            }
            let whole = || globs::is_whole(cx.files, &path) && globs::expand(cx.files, &path).len() == found.len();
            if globs::is_pattern(&path) && !whole() {
                paths.extend(found.iter().map(|file| file.path.clone()));
                files.extend(found);
                continue;
            }
            files.extend(found);
            if written.ends_with('/') {
                path.push('/');
            }
            paths.push(path);
        }
        files.sort();
        files.dedup();
        Some(CopySource::Local { paths, optional, files, growing })
    }

    fn matched(&self, place: Place, path: &str, optional: bool) -> Option<Vec<LocalFile>> {
        let cx = self.cx;
        if globs::is_pattern(path) {
            let names: Vec<String> = globs::expand(cx.files, path).into_iter().filter(|name| !hashing::is_artifact(cx, name)).collect();
            if names.is_empty() && !optional {
                cx.report(
                    Diagnostic::new(&known::MISSING_FILE, place, format!("`{path}` matches no file"))
                        .help("correct the pattern, or say `optional`"),
                );
                return None;
            }
            return names.iter().map(|name| hashing::file(cx, place, name)).collect();
        }
        if optional && cx.files.kind(path).is_err() {
            return Some(Vec::new());
        }
        hashing::tree(cx, place, path)
    }

    /// `to "/opt/" owner user mode 755 optional unpack strip 1`, in any order, as far as the statement has them.
    fn file_words(&mut self, scope: &Scope<'_>, parts: &mut Parts<'_, 'a>, room: Room) -> Option<FileWords<'a>> {
        let mut words = FileWords::default();
        let mut strip = None;
        loop {
            if parts.word("to") {
                words.to = Some(parts.text("where it goes")?);
            } else if room == Room::Copy && parts.word("from") {
                words.image = Some(self.taken_from(scope, parts, &[Keyword::Image, Keyword::Layer, Keyword::Environment]));
            } else if room == Room::Fetch && parts.word("sha256") {
                let place = parts.place();
                let written = parts.evaluated(scope, "a checksum")?;
                words.sha256 = Some(typed::sha256(self.cx, place, &written)?);
            } else if self.owning(scope, parts, &mut words)? {
            } else if room == Room::Copy && parts.word("optional") {
                words.optional = true;
            } else if room == Room::Fetch && parts.word("unpack") {
                words.unpack = true;
            } else if let Some(place) = Some(parts.place()).filter(|_| room == Room::Fetch && parts.word("strip")) {
                let number = parts.number("how many leading folders to drop")?;
                words.strip = number.node.parse().ok();
                strip = Some(place);
            } else {
                break;
            }
        }
        if let (Some(place), false) = (strip, words.unpack) {
            let before = Place { span: Span { end: place.span.start, ..place.span }, ..place };
            self.cx.report(
                Diagnostic::new(&known::IDLE_OPTION, place, "`strip` has no effect without `unpack`").here("nothing is unpacked").replace(
                    "write `unpack` before it",
                    false,
                    before,
                    "unpack ",
                ),
            );
        }
        Some(words)
    }

    /// `owner user` or `mode 755`: whether it is one of them.
    pub(super) fn owning(&self, scope: &Scope<'_>, parts: &mut Parts<'_, 'a>, words: &mut FileWords<'a>) -> Option<bool> {
        if parts.word("owner") {
            let name = parts.name("`user` or `root`")?;
            words.owned = typed::member(self.cx, self.place(scope, name.span), "owner", &name.node, &["user", "root"])? == "user";
        } else if parts.word("mode") {
            let number = parts.number("an octal mode: `755`")?;
            words.mode = Some(typed::mode(self.cx, self.place(scope, number.span), &number.node)?);
        } else {
            return Some(false);
        }
        Some(true)
    }

    pub(super) fn fetch(&mut self, scope: &Scope<'_>, phrase: &'a Phrase) {
        let mut parts = Parts::of(self.cx, scope.unit, phrase);
        let origin = self.place(scope, phrase.span);
        let many = parts.word("from");
        let place = parts.place();
        let Some(url) = parts.evaluated(scope, "an address") else { return };
        if addresses::check_download(self.cx, place, &url, origin, many).is_none() {
            return;
        }
        let Some(words) = self.file_words(scope, &mut parts, Room::Fetch) else { return };
        let Some(to) = words.to else {
            parts.missing("`to` and where it goes");
            return;
        };
        let Some(to) = self.target(scope, to) else { return };
        let block = if many { parts.block() } else { None };
        if many && block.is_none() {
            parts.missing("files with their checksums in braces");
        }
        parts.finish();
        let unpack = words.unpack.then(|| words.strip.unwrap_or(0));
        let fetch = Fetch { url, sha256: words.sha256, to, owned: words.owned, mode: words.mode, unpack };
        match block {
            None => self.download(origin, fetch),
            Some(block) => {
                for statement in &block.statements {
                    self.fetch_one(scope, statement, &fetch);
                }
            }
        }
    }

    /// `start.sh "sha256:…"` within `fetch from`.
    fn fetch_one(&mut self, scope: &Scope<'_>, statement: &'a Statement, folder: &Fetch) {
        let Statement::Phrase(phrase) = statement else {
            self.cx.report(
                Diagnostic::new(&known::UNEXPECTED_PART, self.place(scope, statement.span()), "a file and its checksum belong here")
                    .help("write `start.sh \"sha256:…\"`"),
            );
            return;
        };
        let mut parts = Parts::of(self.cx, scope.unit, phrase);
        let name = match &phrase.head {
            Some(head) => head.node.clone(),
            None => match parts.evaluated(scope, "the name of a file") {
                Some(name) => name,
                None => return,
            },
        };
        let place = parts.place();
        let sha256 = match parts.maybe_text() {
            Some(text) => {
                let digits = scope.text(self.cx, text).and_then(|written| typed::sha256(self.cx, place, &written));
                if digits.is_none() {
                    return;
                }
                digits
            }
            None => None,
        };
        parts.finish();
        let url = format!("{}/{name}", folder.url.trim_end_matches('/'));
        if addresses::check(self.cx, self.place(scope, phrase.span), &url, addresses::DOWNLOADS).is_none() {
            return;
        }
        let fetch = Fetch { url, sha256, ..folder.clone() };
        self.download(self.place(scope, phrase.span), fetch);
    }

    /// A download, and the folder it goes to.
    pub(super) fn download(&mut self, origin: Place, fetch: Fetch) {
        if fetch.unpack.is_none() {
            self.folder_for(origin, &fetch.to, fetch.owned, Some(fetch.mode.unwrap_or(FILE_MODE)));
        }
        self.brought(origin, &fetch.to, &fetch.url);
        self.step(origin, RunAs::Root, StepKind::Fetch(fetch));
    }

    /// Notes that a program is there, where a file goes into a folder of programs.
    pub(super) fn brought(&self, origin: Place, to: &Expandable, source: &str) {
        let to = to.written();
        if let Some((folder, name)) = to.rsplit_once('/').filter(|(folder, _)| folder.ends_with("bin")) {
            debug_assert!(!folder.is_empty());
            self.comes_late(if name.is_empty() { source.rsplit('/').next().unwrap_or(source) } else { name }, origin);
        }
    }

    /// A path in the image; `${NAME}` is a name that the stack sets.
    pub(super) fn target(&self, scope: &Scope<'_>, text: &Text) -> Option<Expandable> {
        let written = scope.text(self.cx, text)?;
        let place = self.place(scope, text.span);
        let expandable = self.references(scope, place, &written);
        if written.is_empty() || !(written.starts_with('/') || written.starts_with("${") || written.starts_with("./")) {
            let finding = Diagnostic::new(&known::BAD_VALUE, place, format!("`{written}` is no absolute path"));
            let braced = super::variables::braced(&written).filter(|_| text.literal().is_some());
            self.cx.report(match braced {
                Some(braced) => finding.replace(format!("write `\"{braced}\"`"), false, place, format!("\"{braced}\"")),
                None => finding.help("begin it with a slash"),
            });
            return None;
        }
        self.bare_dollars(scope, text, None);
        if written.chars().any(char::is_control) {
            self.cx.report(Diagnostic::new(&known::BAD_VALUE, place, "a path can't hold control characters"));
            return None;
        }
        Some(expandable)
    }
}

/// Whether a source is one path of another image that can be a folder: by its name, it has no ending, and a step can mount it.
fn may_be_folder(source: &CopySource) -> bool {
    let CopySource::Image { paths, .. } = source else { return false };
    let name = |path: &str| path.trim_end_matches('/').rsplit('/').next().is_some_and(|name| !name.is_empty() && !name.contains('.'));
    matches!(paths.as_slice(), [path] if name(path) && !path.contains(UNMOUNTABLE) && !path.contains(char::is_whitespace))
}

/// The mode of a folder whose files have `mode`: who may read may enter.
pub(super) fn folder_mode(mode: u32) -> u32 {
    mode | (mode & 0o444) >> 2
}
