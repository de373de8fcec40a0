//! Reading shell text just far enough to know how it can stand in a `RUN`.
//!
//! A line is *understood* where its quotes and brackets close on it and nothing in it depends on line ends: then lines can be
//! joined by `; \`, which people review most easily. Whatever is not understood (here-documents, strings over several lines,
//! `case`, functions) is handed to bash as quoted text instead, so that a wrong guess can only make a `RUN` less pretty.

/// A line of shell text that is understood.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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
    let mut found = Line { code: text, indent, ..Line::default() };
    let mut open: Vec<Open> = Vec::new();
    let mut rest = text.char_indices().peekable();
    let mut word_start = true;
    let mut separators: Vec<usize> = Vec::new();
    while let Some((at, c)) = rest.next() {
        let top = open.last().copied();
        let starts = std::mem::replace(&mut word_start, matches!(c, ' ' | '\t' | ';' | '&' | '|' | '('));
        match (c, top) {
            ('\\', _) if rest.next().is_none() => {
                if !open.is_empty() || !starts {
                    return None;
                }
                found.continues = true;
                found.code = text.get(..at)?.trim_end();
            }
            ('\\', _) => {}
            ('`', _) => return None,
            ('"', Some(Open::Double)) | ('}', Some(Open::Brace)) | (')', Some(Open::Paren)) => {
                open.pop();
            }
            ('"', _) => open.push(Open::Double),
            ('$', _) => match rest.peek() {
                Some((_, '(')) => {
                    rest.next();
                    open.push(Open::Paren);
                    word_start = true;
                }
                Some((_, '{')) => {
                    rest.next();
                    open.push(Open::Brace);
                }
                Some((_, '\'')) if top != Some(Open::Double) => return None,
                _ => {}
            },
            (_, Some(Open::Double)) => {}
            ('\'', _) => {
                rest.find(|(_, c)| *c == '\'')?;
            }
            ('(', _) if at > 0 && !starts => return None,
            ('(', _) => open.push(Open::Paren),
            (')', _) => return None,
            ('<', _) if rest.peek().is_some_and(|(_, c)| *c == '<') => {
                rest.next();
                rest.next_if(|(_, c)| *c == '<')?;
            }
            ('#', _) if starts && open.is_empty() => {
                found.code = text.get(..at)?.trim_end();
                found.comment = Some(text.get(at + 1..)?.trim());
                break;
            }
            ('#', _) if starts => return None,
            (';', None) => separators.push(at),
            ('|', None) => match rest.next_if(|(_, c)| *c == '|') {
                Some(_) => found.either = true,
                None => found.pipe = true,
            },
            // `2>&1`, `&>file` and `&&` are no background jobs.
            ('&', None) if rest.next_if(|(_, c)| *c == '&').is_none() => {
                let redirects = text.get(..at)?.ends_with(['>', '<']) || text.get(at + 1..)?.starts_with('>');
                found.compound |= !redirects;
            }
            _ => {}
        }
    }
    if !open.is_empty() {
        return None;
    }
    // A `;` at the end says nothing that the line end does not.
    if separators.last().is_some_and(|at| at + 1 == found.code.len()) && !found.code.ends_with(";;") {
        separators.pop();
        found.code = found.code.get(..found.code.len() - 1)?.trim_end();
    }
    found.compound |= !separators.is_empty();
    for word in found.code.split([' ', '\t', ';', '&', '|', '(', ')']) {
        if INVOLVED.contains(&word) {
            return None;
        }
        found.compound |= COMPOUND.contains(&word);
    }
    Some(found)
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
