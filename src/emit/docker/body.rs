//! The text of a Dockerfile for one cell, with what must be known to share it with other cells and to hash it.
//!
//! Everything goes into one buffer. What cells of one file may differ in is left out of it and kept as a slot at its place.

use std::collections::BTreeSet;
use std::ops::Range;

use super::quote::{self, Quotes};
use crate::ir::{Account, CellId, ImageRef, LocalFile, LockedList, Segment, Segments};

/// Where sources are built.
pub(super) const BUILD: &str = "/tmp/build";

/// The text and what belongs to it.
#[derive(Clone, Debug, Default)]
pub(super) struct Body<'a> {
    /// From the first `FROM` that is the cell's own to the end.
    pub(super) text: String,
    /// Where comments and blank lines are: they are not hashed.
    pub(super) comments: Vec<Range<usize>>,
    /// What is put in later, by place.
    pub(super) slots: Vec<(usize, Slot<'a>)>,
    /// Images that something is taken from, each with the name of its stage.
    pub(super) images: Vec<(String, ImageRef)>,
    /// Cells whose stages are in the text, each with the name of its last one.
    pub(super) stages: Vec<(CellId, String)>,
    /// How values of axes are written.
    pub(super) values: Values,
    /// Whether it has a stage for each platform.
    pub(super) parted: bool,
    /// Files that are fetched for one step each: the name in the stage `downloads`, and the address.
    pub(super) downloads: Vec<(String, &'a str)>,
    /// Files of the project, in the order of their use.
    pub(super) files: Vec<&'a LocalFile>,
    /// Lists of packages from a lock.
    pub(super) lists: Vec<&'a LockedList>,
    /// Whether it has a `RUN` whose failing line only the shell's options `-e -o pipefail` notice.
    pub(super) wants_shell: bool,
    /// What runs the commands of the stage that is being written; of the image, in the end.
    pub(super) shell: Shell,
    /// Rules of hadolint that it breaks on purpose.
    pub(super) lint: BTreeSet<&'static str>,
    /// Who the last `USER` names, or the image below without one; `None` is the superuser.
    pub(super) user: Option<&'a Account>,
    /// Whether it has a `RUN`.
    pub(super) runs: bool,
    /// The axes of its slots with the values of this cell, in the order of their use.
    pub(super) axes: Vec<(&'a str, &'a str)>,
}

/// The shell of an image.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Shell {
    /// Nearly every image has it.
    #[default]
    Bash,
    /// That of `BusyBox`.
    Ash,
}

/// How values of axes are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Values {
    /// Those in which the cells of the file differ as build arguments.
    #[default]
    Arguments,
    /// As they are.
    Literal,
}

/// What is put in when the file is written.
#[derive(Clone, Copy, Debug)]
pub(super) enum Slot<'a> {
    /// The `SHELL` instruction, if any: a root always has it.
    Shell {
        /// Whether the image stands on one that exists already.
        root: bool,
        /// The shell of the image or of the stage.
        shell: Shell,
    },
    /// `ARG` for an axis, if the cells of the file differ in it.
    Argument(&'a str),
    /// `ARG BASE_DIGEST`, if the cells of the file differ in it.
    DigestArgument,
    /// The digest of the base.
    Digest,
    /// The path of a list of a lock.
    Path {
        /// Its pieces.
        path: &'a Segments,
        /// Whether axes stand there by their values.
        plain: bool,
    },
    /// A word of a shell with values of axes.
    Word {
        /// Its pieces.
        word: &'a Segments,
        /// The quotes that are open around it.
        within: Quotes,
        /// Whether it is quoted even where it need not be.
        quoted: bool,
    },
}

impl<'a> Body<'a> {
    /// Notes that something is put in here.
    pub(super) fn slot(&mut self, slot: Slot<'a>) {
        self.slots.push((self.text.len(), slot));
    }

    /// A blank line, unless there is one.
    pub(super) fn blank(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.unhashed(|text| text.push('\n'));
        }
    }

    /// Comment lines, one for each line of `comment`.
    pub(super) fn comment(&mut self, indent: usize, comment: &str) {
        self.unhashed(|text| {
            for line in comment.split(['\n', '\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}']) {
                // A backslash at its end would look like a continuation to some readers.
                let line = line.trim().trim_end_matches('\\').trim_end();
                if !line.is_empty() {
                    text.extend(std::iter::repeat_n(' ', indent));
                    text.push_str("# ");
                    text.push_str(line);
                    text.push('\n');
                }
            }
        });
    }

    /// Notes the axes in a word; tells whether their values are put in later.
    fn note_axes(&mut self, word: &'a Segments) -> bool {
        let mut axes = false;
        for segment in word.0.iter().filter(|_| self.values == Values::Arguments) {
            if let Segment::Axis { name, value } = segment {
                axes = true;
                if !self.axes.iter().any(|(known, _)| known == name) {
                    self.axes.push((name, value));
                }
            }
        }
        axes
    }

    /// The path of a list of a lock, as a mount has it. What is hashed is the list.
    pub(super) fn path(&mut self, path: &'a Segments) {
        self.note_axes(path);
        let plain = self.values == Values::Literal;
        self.slot(Slot::Path { path, plain });
    }

    /// A word of a shell command.
    pub(super) fn word(&mut self, word: &'a Segments, within: Quotes, quoted: bool) {
        if self.note_axes(word) {
            self.slot(Slot::Word { word, within, quoted });
        } else {
            self.wants_shell |= push_word(&mut self.text, word, within, quoted, &|_| None);
        }
    }

    /// The name of the stage that stands for an image; `like` is what it should be called.
    pub(super) fn stage(&mut self, image: &ImageRef, like: &str) -> String {
        let taken = self.images.iter().find(|(_, known)| known == image).map(|(name, _)| name);
        let built = || self.stages.iter().find(|(cell, _)| *image == ImageRef::Cell(*cell)).map(|(_, name)| name);
        if let Some(name) = taken.or_else(built) {
            return name.clone();
        }
        let name = self.free(like);
        self.images.push((name.clone(), image.clone()));
        name
    }

    /// A name for a stage that no other has, nor one of those that parted platforms bring.
    pub(super) fn free(&self, like: &str) -> String {
        let known = || self.images.iter().map(|(name, _)| name).chain(self.stages.iter().map(|(_, name)| name));
        let within = |one: &str, two: &str| one.strip_prefix(two).is_some_and(|rest| rest.is_empty() || rest.starts_with("-common"));
        unique(&stage_name(like), |name| known().any(|other| within(name, other) || within(other, name)))
    }

    /// The name of a downloaded file in the stage `downloads`: below `/tmp`, where a step sees it, nothing else is called so.
    pub(super) fn download(&mut self, url: &'a str, name: &str) -> String {
        if let Some((name, _)) = self.downloads.iter().find(|(_, known)| *known == url) {
            return name.clone();
        }
        let folder = |name: &str| BUILD.strip_prefix("/tmp/") == Some(name);
        let name = unique(name, |name| folder(name) || self.downloads.iter().any(|(known, _)| known == name));
        self.downloads.push((name.clone(), url));
        name
    }

    /// Whether two cells can share a file as far as their bodies go.
    pub(super) fn same_shape(&self, other: &Self) -> bool {
        self.text == other.text
            && self.wants_shell == other.wants_shell
            && self.shell == other.shell
            && self.downloads == other.downloads
            && self.images.len() == other.images.len()
            && self.images.iter().zip(&other.images).all(|((one, _), (two, _))| one == two)
            && self.slots.len() == other.slots.len()
            && self.slots.iter().zip(&other.slots).all(|(one, two)| one.0 == two.0 && one.1.same_shape(&two.1))
    }

    fn unhashed(&mut self, write: impl FnOnce(&mut String)) {
        let start = self.text.len();
        write(&mut self.text);
        let end = self.text.len();
        match self.comments.last_mut() {
            Some(last) if last.end == start => last.end = end,
            _ if start < end => self.comments.push(start..end),
            _ => {}
        }
    }
}

impl Slot<'_> {
    /// Whether two slots can be one slot with different values.
    fn same_shape(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Shell { root: one, shell: a }, Self::Shell { root: two, shell: b }) => one == two && a == b,
            (Self::Argument(one), Self::Argument(two)) => one == two,
            (Self::DigestArgument, Self::DigestArgument) | (Self::Digest, Self::Digest) => true,
            (Self::Word { word: one, within: a, quoted: q }, Self::Word { word: two, within: b, quoted: r }) => {
                a == b && q == r && same_pieces(one, two)
            }
            (Self::Path { path: one, plain: false }, Self::Path { path: two, plain: false }) => same_pieces(one, two),
            (Self::Path { path: one, plain: true }, Self::Path { path: two, plain: true }) => one == two,
            _ => false,
        }
    }
}

fn same_pieces(one: &Segments, two: &Segments) -> bool {
    one.0.len() == two.0.len() && one.0.iter().zip(&two.0).all(|(one, two)| same_piece(one, two))
}

fn same_piece(one: &Segment, two: &Segment) -> bool {
    match (one, two) {
        (Segment::Axis { name: one, .. }, Segment::Axis { name: two, .. }) => one == two,
        _ => one == two,
    }
}

/// Writes a word of a shell command. `argument` gives the build argument that stands for an axis, if one does. Tells whether
/// it needs bash.
pub(super) fn push_word<'n>(
    out: &mut String,
    word: &Segments,
    within: Quotes,
    quoted: bool,
    argument: &impl Fn(&str) -> Option<&'n str>,
) -> bool {
    let expands = |segment: &Segment| match segment {
        Segment::Literal(_) => false,
        Segment::Axis { name, .. } => argument(name).is_some(),
        Segment::Command(_) => true,
    };
    let start = out.len();
    let literal = !word.0.iter().any(expands);
    match within {
        Quotes::None if literal && !quoted && word.0.iter().all(is_plain) && !word.0.is_empty() => {
            word.0.iter().for_each(|segment| out.push_str(text_of(segment)));
        }
        Quotes::None if literal => {
            out.push('\'');
            word.0.iter().for_each(|segment| quote::single(out, text_of(segment)));
            out.push('\'');
        }
        Quotes::None => {
            out.push('"');
            push_double(out, word, argument);
            out.push('"');
        }
        Quotes::Double => push_double(out, word, argument),
        Quotes::Single if literal => word.0.iter().for_each(|segment| quote::single(out, text_of(segment))),
        Quotes::Single => {
            out.push_str("'\"");
            push_double(out, word, argument);
            out.push_str("\"'");
        }
    }
    out.get(start..).is_some_and(|written| written.contains("$'"))
}

/// The pieces between double quotes.
fn push_double<'n>(out: &mut String, word: &Segments, argument: &impl Fn(&str) -> Option<&'n str>) {
    for segment in &word.0 {
        match segment {
            Segment::Literal(text) => quote::double(out, text),
            Segment::Axis { name, value } => match argument(name) {
                Some(name) => quote::variable(out, name),
                None => quote::double(out, value),
            },
            Segment::Command(command) => {
                out.push_str("$(");
                command.chars().for_each(|c| out.push(if c.is_control() { ' ' } else { c }));
                out.push(')');
            }
        }
    }
}

fn text_of(segment: &Segment) -> &str {
    match segment {
        Segment::Literal(text) | Segment::Axis { value: text, .. } | Segment::Command(text) => text,
    }
}

fn is_plain(segment: &Segment) -> bool {
    quote::is_plain(text_of(segment))
}

/// `name`, or `name-2`, `name-3`, … until `taken` says no.
pub(super) fn unique(name: &str, taken: impl Fn(&str) -> bool) -> String {
    if !taken(name) {
        return name.to_owned();
    }
    (2..=u32::MAX).map(|count| format!("{name}-{count}")).find(|name| !taken(name)).unwrap_or_default()
}

/// A name as a stage may have it: lower case, a letter first, and none that a Dockerfile or this compiler gives a meaning.
fn stage_name(like: &str) -> String {
    let mut name: String = like.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c.to_ascii_lowercase() } else { '-' }).collect();
    if !name.starts_with(|c: char| c.is_ascii_lowercase()) {
        name.insert_str(0, "image-");
    }
    if matches!(name.as_str(), "scratch" | "context" | "downloads" | "base") || name.starts_with("common") {
        name.push_str("-image");
    }
    name
}
