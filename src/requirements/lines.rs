//! The lines of a requirement file: joined, without comments, divided into a requirement and its options.

use super::options::{self, Given};
use super::requirement::Requirement;
use crate::base::Span;
use crate::ir::PackageSource;

/// One line that says something, in bytes of the text.
#[derive(Clone, Debug)]
pub struct Line {
    /// The requirement, or the whole line where it is none.
    pub span: Span,
    /// What it says.
    pub said: Said,
}

/// What a line says.
#[derive(Clone, Debug)]
pub enum Said {
    /// A package.
    Requirement {
        /// The package, or why it can't be read.
        requirement: Result<Box<Requirement>, String>,
        /// The text of it.
        text: String,
        /// The checksums of its files: `sha256:…`.
        hashes: Vec<String>,
        /// `-e`: installed as it lies there.
        editable: bool,
    },
    /// `-r FILE`, `-c FILE`.
    Include {
        /// As written: an address, or a path beside the file.
        path: String,
        /// Whether it only bounds what others ask for.
        constraint: bool,
    },
    /// `--find-links` with a path or an address.
    Links(String),
    /// `--require-hashes`
    RequireHashes,
    /// What pip does not take, and why.
    Refused(String),
}

/// Reads the text of a file. `variable` gives the value of an environment variable: `${NAME}` without one stays as it is.
pub fn lines(text: &str, variable: &dyn Fn(&str) -> Option<String>) -> Vec<Line> {
    let mut all = Vec::new();
    for joined in joined(text) {
        let bare = without_comment(&joined.text);
        let start = bare.len() - bare.trim_start().len();
        let bare = bare.trim();
        if bare.is_empty() {
            continue;
        }
        let wanted = wanted(bare);
        let span = joined.span(start, start + if wanted.is_empty() { bare.len() } else { wanted.len() });
        let expanded = expand(bare, variable);
        all.extend(read(&expanded).into_iter().map(|said| Line { span, said }));
    }
    all
}

/// What one line says. A line of options may say several things.
fn read(line: &str) -> Vec<Said> {
    let text = wanted(line);
    let given = match options::read(line.get(text.len()..).unwrap_or_default()) {
        Ok(given) => given,
        Err(problem) => return vec![Said::Refused(problem)],
    };
    if !text.is_empty() {
        return vec![asked(text, false, given)];
    }
    if let Some(editable) = given.editable.clone() {
        return vec![asked(&editable, true, given)];
    }
    let requirement = given.requirement.map(|path| Said::Include { path, constraint: false });
    let constraint = given.constraint.map(|path| Said::Include { path, constraint: true });
    // pip follows one file of a line, and leaves its other options.
    if let Some(include) = requirement.or(constraint) {
        return vec![include];
    }
    given.links.map(Said::Links).into_iter().chain(given.require_hashes.then_some(Said::RequireHashes)).collect()
}

fn asked(text: &str, editable: bool, given: Given) -> Said {
    let requirement = Requirement::read(text).map(Box::new);
    let nameless = |one: &Requirement| one.name.is_none() && !matches!(one.source, PackageSource::Path(_));
    if editable && requirement.as_ref().is_ok_and(|one| nameless(one)) {
        return Said::Refused(format!("`-e` needs the name of the package: `-e NAME @ {text}`"));
    }
    Said::Requirement { requirement, text: text.to_owned(), hashes: if editable { Vec::new() } else { given.hashes }, editable }
}

/// What stands before the first word that begins with `-`.
fn wanted(line: &str) -> &str {
    if line.starts_with('-') {
        return "";
    }
    let end = line.match_indices(" -").next().map_or(line.len(), |(at, _)| at);
    line.get(..end).unwrap_or(line).trim_end()
}

/// `${NAME}` in capitals.
fn expand(line: &str, variable: &dyn Fn(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((before, after)) = rest.split_once("${") {
        out.push_str(before);
        let name = after.split_once('}').map(|(name, _)| name);
        let name = name.filter(|name| !name.is_empty() && name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_'));
        let value = name.and_then(|name| variable(name).filter(|value| !value.is_empty()).map(|value| (name, value)));
        if let Some((name, value)) = value {
            out.push_str(&value);
            rest = after.get(name.len() + 1..).unwrap_or_default();
        } else {
            out.push_str("${");
            rest = after;
        }
    }
    out + rest
}

/// A line with those that go on with it.
#[derive(Debug, Default)]
struct Joined {
    text: String,
    /// Where each piece begins: in `text`, in the file.
    pieces: Vec<(usize, usize)>,
}

impl Joined {
    fn push(&mut self, piece: &str, at: usize) {
        self.pieces.push((self.text.len(), at));
        self.text.push_str(piece);
    }

    /// Where bytes of the line stand in the file.
    fn span(&self, start: usize, end: usize) -> Span {
        let place = |at: usize| {
            let piece = self.pieces.iter().rev().find(|(from, _)| *from <= at);
            piece.map_or(0, |(from, file)| file + (at - from))
        };
        Span::new(place(start), place(end.saturating_sub(1).max(start)) + usize::from(end > start))
    }
}

/// Lines that end in `\` go on with the next one, unless they are comments.
fn joined(text: &str) -> Vec<Joined> {
    let mut all = Vec::new();
    let mut open: Option<Joined> = None;
    for (at, line) in physical(text) {
        let comment = is_comment(line);
        if line.ends_with('\\') && !comment {
            // pip takes all backslashes off both ends.
            let kept = line.trim_matches('\\');
            open.get_or_insert_default().push(kept, at + (line.len() - line.trim_start_matches('\\').len()));
            continue;
        }
        let mut whole = open.take().unwrap_or_default();
        if comment {
            whole.text.push(' ');
        }
        whole.push(line, at);
        all.push(whole);
    }
    all.extend(open);
    all
}

/// The lines of a text, each with where it begins, as Python's `splitlines` parts them.
fn physical(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.get(at..).filter(|rest| !rest.is_empty())?;
        let ends = |c: char| matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{1c}'..='\u{1e}' | '\u{85}' | '\u{2028}' | '\u{2029}');
        let end = rest.find(ends).unwrap_or(rest.len());
        let (line, after) = rest.split_at(end);
        let from = at;
        let width = if after.starts_with("\r\n") { 2 } else { after.chars().next().map_or(0, char::len_utf8) };
        at += end + width;
        Some((from, line))
    })
}

fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with('#')
}

/// The line up to a `#` at its beginning or behind a blank.
fn without_comment(line: &str) -> &str {
    if is_comment(line) {
        return "";
    }
    let comment = line.match_indices('#').find(|(at, _)| line.get(..*at).is_some_and(|before| before.ends_with(char::is_whitespace)));
    comment.map_or(line, |(at, _)| line.get(..at).unwrap_or(line))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Vec<String> {
        let variable = |name: &str| (name == "LEVEL").then(|| "dev".to_owned());
        let one = |line: &Line| {
            let at = text.get(line.span.range()).unwrap_or("?").to_owned();
            match &line.said {
                Said::Requirement { requirement, hashes, editable, .. } => match requirement {
                    Ok(one) => format!(
                        "{at}: {} {} {}{}",
                        one.name.as_deref().unwrap_or("?"),
                        one.constraint,
                        hashes.len(),
                        if *editable { " -e" } else { "" }
                    ),
                    Err(problem) => format!("{at}: {problem}"),
                },
                other => format!("{at}: {other:?}"),
            }
        };
        lines(text, &variable).iter().map(one).collect()
    }

    #[test]
    fn lines_are_joined_and_comments_left_out() {
        assert_eq!(
            said("numpy==1.26.4 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\nsix==1.16.0  # why\n"),
            ["numpy==1.26.4: numpy ==1.26.4 2", "six==1.16.0: six ==1.16.0 0"]
        );
        assert_eq!(said("# a \\\nb\r\n\r\n  c\t# d\nx#y\n"), ["b: b  0", "c: c  0", "x#y: `#y` is left over"]);
        assert_eq!(said("a \\\n# comment\nb>=1, \\\n<2"), ["a: a  0", "b>=1, \\\n<2: b >=1, <2 0"]);
        assert_eq!(said("a\\"), ["a: a  0"]);
    }

    #[test]
    fn options_of_lines() {
        assert_eq!(said("-r more.txt"), ["-r more.txt: Include { path: \"more.txt\", constraint: false }"]);
        assert_eq!(said("--constraint='a b.txt'"), ["--constraint='a b.txt': Include { path: \"a b.txt\", constraint: true }"]);
        assert_eq!(said("-cx.txt --pre"), ["-cx.txt --pre: Include { path: \"x.txt\", constraint: true }"]);
        assert_eq!(
            said("--index-url https://x\n--pre\n--no-binary :all:\n-i https://y --extra-index-url=https://z\n--require-hashes"),
            ["--require-hashes: RequireHashes"]
        );
        assert_eq!(said("-e git+https://h/x.git#egg=x"), ["-e git+https://h/x.git#egg=x: x  0 -e"]);
        assert_eq!(said("-e git+https://h/x.git").len(), 1);
        assert!(said("-e git+https://h/x.git")[0].contains("Refused"));
        assert_eq!(said("-f ./wheels"), ["-f ./wheels: Links(\"./wheels\")"]);
        assert_eq!(said("--nonsense"), ["--nonsense: Refused(\"pip's files have no option `--nonsense`\")"]);
        assert_eq!(said("numpy --config-settings=a=b"), ["numpy: numpy  0"]);
    }

    #[test]
    fn variables_are_put_in() {
        assert_eq!(
            said("x @ https://h/${LEVEL}/${TOKEN}.zip\n-r ${LEVEL}.txt\n"),
            ["x @ https://h/${LEVEL}/${TOKEN}.zip: x  0", "-r ${LEVEL}.txt: Include { path: \"dev.txt\", constraint: false }"]
        );
    }
}
