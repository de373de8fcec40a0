//! Reading shell text just far enough to know how it can stand in a `RUN`.
//!
//! A line is *understood* where its quotes and brackets close on it and nothing in it depends on line ends: then lines can be
//! joined by `; \`, which people review most easily. Whatever is not understood (here-documents, strings over several lines,
//! `case`, functions) is handed to bash as quoted text instead, so that a wrong guess can only make a `RUN` less pretty.

use std::iter::Peekable;
use std::str::CharIndices;

/// A line of shell text that is understood.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is one thing that a line may hold, and they go together freely")]
pub(super) struct Line<'a> {
    /// The command, without comment and surrounding space; empty on a line without.
    pub(super) code: &'a str,
    /// How far it is indented.
    pub(super) indent: usize,
    /// The comment, without `#`.
    pub(super) comment: Option<&'a str>,
    /// Whether it ends in `\` (which is not part of `code`): the next line goes on with it.
    pub(super) continues: bool,
    /// Whether `;`, `&`, or a compound command stands in it, so that it can't be an element of an `&&` chain.
    pub(super) compound: bool,
    /// Whether `||` stands in it: in a chain it needs braces.
    pub(super) either: bool,
    /// Whether a pipe stands in it.
    pub(super) pipe: bool,
}

/// What is open at a point of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Open {
    /// `"`
    Double,
    /// `(` or `$(`
    Paren,
    /// `${`
    Brace,
}

/// Words that begin or belong to compound commands.
const COMPOUND: [&str; 15] = ["if", "then", "elif", "else", "fi", "for", "while", "until", "do", "done", "{", "}", "!", "time", "coproc"];
/// Words that make a text too involved to be joined by lines.
const INVOLVED: [&str; 4] = ["case", "esac", "select", "function"];

/// Reads one line; `None` where it is not understood.
pub(super) fn line(text: &str) -> Option<Line<'_>> {
    let indent = text.chars().take_while(|c| *c == ' ').count();
    let text = text.trim_matches([' ', '\t']);
    if text.chars().any(|c| c.is_control() && c != '\t') {
        return None;
    }
    let found = Line { code: text, indent, ..Line::default() };
    let rest = text.char_indices().peekable();
    let mut scan = Scan { text, rest, open: Vec::new(), word_start: true, separators: Vec::new(), bare: String::new(), found };
    while let Some((at, c)) = scan.rest.next() {
        scan.character(at, c)?;
    }
    let Scan { mut found, mut separators, open, bare, .. } = scan;
    if !open.is_empty() {
        return None;
    }
    // A `;` at the end says nothing that the line end does not.
    if separators.last().is_some_and(|at| at + 1 == found.code.len()) && !found.code.ends_with(";;") {
        separators.pop();
        found.code = found.code.get(..found.code.len() - 1)?.trim_end();
    }
    found.compound |= !separators.is_empty();
    for word in bare.split([' ', '\t', ';', '&', '|', '(', ')']) {
        if INVOLVED.contains(&word) {
            return None;
        }
        found.compound |= COMPOUND.contains(&word);
    }
    Some(found)
}

/// Whether a line is run by a shell of its own, which stops at a variable without a value.
pub(crate) fn is_block(text: &str) -> bool {
    line(text).is_none_or(|line| line.continues || line.comment.is_some())
}

/// A line that is being read.
struct Scan<'a> {
    text: &'a str,
    rest: Peekable<CharIndices<'a>>,
    open: Vec<Open>,
    /// Whether the next character begins a word.
    word_start: bool,
    /// Where a `;` stands outside of quotes and brackets.
    separators: Vec<usize>,
    /// What stands outside of quotes.
    bare: String,
    found: Line<'a>,
}

impl Scan<'_> {
    /// Takes the next character, and what belongs to it. `None` where it is not understood.
    fn character(&mut self, at: usize, c: char) -> Option<()> {
        let top = self.open.last().copied();
        if top != Some(Open::Double) {
            self.bare.push(c);
        }
        let starts = std::mem::replace(&mut self.word_start, matches!(c, ' ' | '\t' | ';' | '&' | '|' | '('));
        match (c, top) {
            ('\\', _) => self.backslash(at, starts)?,
            ('`', _) => return None,
            ('"', Some(Open::Double)) | ('}', Some(Open::Brace)) | (')', Some(Open::Paren)) => {
                self.open.pop();
            }
            ('"', _) => self.open.push(Open::Double),
            ('$', _) => self.dollar(top)?,
            (_, Some(Open::Double)) => {}
            ('\'', _) => {
                self.rest.find(|(_, c)| *c == '\'')?;
            }
            ('(', _) if at == 0 || starts => self.open.push(Open::Paren),
            ('(' | ')', _) => return None,
            ('<', _) if self.rest.next_if(|(_, c)| *c == '<').is_some() => {
                self.rest.next_if(|(_, c)| *c == '<')?;
            }
            ('#', _) if starts => self.comment(at)?,
            (';' | '|' | '&', None) => self.operator(at, c)?,
            _ => {}
        }
        Some(())
    }

    /// A backslash: the next character means itself; at the end of the line, the next line goes on with this one.
    fn backslash(&mut self, at: usize, starts: bool) -> Option<()> {
        if self.rest.next().is_some() {
            return Some(());
        }
        if !self.open.is_empty() || !starts {
            return None;
        }
        self.found.continues = true;
        self.found.code = self.text.get(..at)?.trim_end();
        Some(())
    }

    /// After a `$`.
    fn dollar(&mut self, top: Option<Open>) -> Option<()> {
        match self.rest.peek() {
            Some((_, '(')) => {
                self.rest.next();
                self.open.push(Open::Paren);
                self.word_start = true;
            }
            Some((_, '{')) => {
                self.rest.next();
                self.open.push(Open::Brace);
            }
            Some((_, '\'')) if top != Some(Open::Double) => return None,
            _ => {}
        }
        Some(())
    }

    /// The rest of the line is a comment.
    fn comment(&mut self, at: usize) -> Option<()> {
        if !self.open.is_empty() {
            return None;
        }
        self.found.code = self.text.get(..at)?.trim_end();
        self.found.comment = Some(self.text.get(at + 1..)?.trim());
        self.rest = "".char_indices().peekable();
        Some(())
    }

    /// What stands between commands.
    fn operator(&mut self, at: usize, c: char) -> Option<()> {
        let twice = c != ';' && self.rest.next_if(|(_, next)| *next == c).is_some();
        match c {
            ';' => self.separators.push(at),
            '|' if twice => self.found.either = true,
            '|' => self.found.pipe = true,
            _ if twice => {}
            // `2>&1` and `&>file` are no background jobs.
            _ => {
                let redirects = self.text.get(..at)?.ends_with(['>', '<']) || self.text.get(at + 1..)?.starts_with('>');
                self.found.compound |= !redirects;
            }
        }
        Some(())
    }
}

/// Reads all lines of a script; `None` where they can't be joined by `;`.
pub(super) fn lines(script: &str) -> Option<Vec<Line<'_>>> {
    let mut all: Vec<Line<'_>> = Vec::new();
    let mut continued = false;
    for text in script.lines() {
        let read = line(text)?;
        if continued && read.code.is_empty() {
            return None;
        }
        continued = read.continues;
        if !read.code.is_empty() || read.comment.is_some() {
            all.push(read);
        }
    }
    (!continued && all.iter().any(|line| !line.code.is_empty())).then_some(all)
}

/// Whether a line is a whole command, after which a `;` is due before the next.
pub(super) fn wants_semicolon(code: &str) -> bool {
    let last = code.rsplit([' ', '\t', ';', '&', '|', '(', ')']).next().unwrap_or(code);
    !(code.ends_with([';', '|', '(', '{', '&']) || matches!(last, "then" | "do" | "else" | "!" | "in"))
}

/// Whether a script can end its shell before the last line, so that nothing may follow it in the same shell.
pub(super) fn may_leave(script: &str) -> bool {
    script
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-')
        .any(|word| matches!(word, "exit" | "exec" | "return" | "trap"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_understood() {
        assert_eq!(line("make -j4  # all of it").map(|l| (l.code, l.comment)), Some(("make -j4", Some("all of it"))));
        assert_eq!(line("a 2>&1 && b").map(|l| (l.compound, l.either, l.pipe)), Some((false, false, false)));
        assert_eq!(line("a & b").map(|l| l.compound), Some(true));
        assert_eq!(line("a || b | c").map(|l| (l.compound, l.either, l.pipe)), Some((false, true, true)));
        assert_eq!(line("echo ${a#x} $(b; c)").map(|l| l.compound), Some(false));
        assert_eq!(line("if a; then").map(|l| l.compound), Some(true));
        assert_eq!(line("R -e 'if (a) { b }' \"for x in y; do\"").map(|l| l.compound), Some(false));
        assert_eq!(line("echo \"$(if a; then b; fi)\"").map(|l| l.compound), Some(true));
        assert_eq!(line("cd x \\").map(|l| (l.code, l.continues)), Some(("cd x", true)));
    }

    #[test]
    fn a_semicolon_at_the_end_is_dropped_unless_it_is_an_argument() {
        assert_eq!(line("make;").map(|l| (l.code, l.compound)), Some(("make", false)));
        assert_eq!(line(r"find . -exec a {} \;").map(|l| l.code), Some(r"find . -exec a {} \;"));
    }

    #[test]
    fn what_is_not() {
        for text in
            ["cat <<EOF", "echo 'a", "echo \"a", "f() {", "a=(1 2)", "x\\", "case $a in", "echo `a`", "echo $'a'", "echo $(a # b", "a )"]
        {
            assert_eq!(line(text), None, "{text}");
        }
        assert!(line("cat <<< x").is_some());
        assert_eq!(lines("a \\\n# no\nb"), None);
        assert_eq!(lines("a \\"), None);
        assert_eq!(lines("# only"), None);
    }
}
