//! What is settled before the grammar sees a text: texts and comments, the depth of brackets, and characters that can't be
//! seen. One pass, which does not nest.

use super::foreign;
use super::opening::behind_brace;
use super::scan::{Kind, pieces};
use super::trivia::{Comment, Trivia};
use crate::base::{FileId, Place, Span};
use crate::diagnostics::{Diagnostic, Findings, known};

/// How deep `{`, `[` and `(` may nest: what the parser needs for it is half of a thread's usual stack, unoptimised.
pub(super) const MAX_DEPTH: usize = 128;

/// What the first pass has found.
pub(super) struct Scan {
    /// The comments of the text.
    pub(super) trivia: Trivia,
    /// Whether the text nests too deep to be read.
    pub(super) too_deep: bool,
    /// What the grammar reads, byte for byte in the place of the text: blanks for comments, tabs, `\r` before a line end and
    /// characters that can't be seen; `"xx'` for a text, `'` for one of a single byte.
    pub(super) plain: String,
}

/// Reads a part of a text without nesting.
pub(super) fn scan(file: FileId, text: &str, part: Span, findings: &mut Findings) -> Scan {
    let mut budget = MAX_FINDINGS;
    let mut scan = Scan { trivia: Trivia::default(), too_deep: false, plain: String::with_capacity(part.range().len()) };
    let mut open: Vec<(usize, u8)> = Vec::new();
    for (kind, token, start) in pieces(text, part) {
        match kind {
            Kind::Comment => {
                scan.trivia.comments.push(comment(text, start, token));
                scan.plain.extend(std::iter::repeat_n(' ', token.len()));
            }
            Kind::Gap => {
                if token.bytes().all(|byte| byte == b'\n' || (b' '..0x7f).contains(&byte)) {
                    scan.plain.push_str(token);
                } else {
                    odd_characters(file, start, token, &mut budget, findings);
                    blank(token, &mut scan.plain);
                }
                if let Some(deep) = deepen(&mut open, start, token).filter(|_| !scan.too_deep) {
                    scan.too_deep = true;
                    findings.push(too_deep(file, deep, open.first().map(|first| first.0)));
                }
            }
            Kind::Text => mark(token.len(), &mut scan.plain),
            Kind::Foreign => {
                if let Some(finding) = foreign::piece(file, text, start, token) {
                    findings.push(finding);
                }
                scan.plain.extend(token.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
            }
        }
        if kind != Kind::Gap && !token.is_ascii() {
            bidirectional(file, start, token, &mut budget, findings);
        }
    }
    scan
}

/// Puts what the rule `text` reads in the place of a text of so many bytes.
fn mark(length: usize, plain: &mut String) {
    if length > 1 {
        plain.push('"');
        plain.extend(std::iter::repeat_n('x', length - 2));
    }
    plain.push('\'');
}

/// Puts blanks in the place of tabs, carriage returns and characters that can't be seen, as long as those are.
fn blank(gap: &str, plain: &mut String) {
    for c in gap.chars() {
        if c == '\t' || is_odd(c) {
            plain.extend(std::iter::repeat_n(' ', c.len_utf8()));
        } else {
            plain.push(c);
        }
    }
}

fn comment(text: &str, start: usize, token: &str) -> Comment {
    let token = token.strip_suffix('\r').unwrap_or(token);
    let line = text.get(..start).unwrap_or("");
    let whole = line.get(line.rfind('\n').map_or(0, |at| at + 1)..).is_some_and(|before| before.trim().is_empty());
    let doc = whole && token.strip_prefix("##").is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']));
    Comment { span: Span::new(start, start + token.len()), doc }
}

/// Counts the brackets of a gap; gives where the limit is passed first. Where a line begins a definition, all that is open
/// is unclosed, as it is in the grammar; and as there, a closing brace closes what is open within its braces, while another
/// mark closes no braces.
fn deepen(open: &mut Vec<(usize, u8)>, start: usize, gap: &str) -> Option<usize> {
    let mut deep = None;
    let mut line = start == 0;
    for (at, byte) in gap.bytes().enumerate() {
        // Blanks before the first word of a line are behind its end.
        line = line && matches!(byte, b' ' | b'\t') || byte == b'\n' || {
            if line && !open.is_empty() && behind_brace(gap.get(at..).unwrap_or("")).is_some() {
                open.clear();
            }
            false
        };
        match byte {
            b'{' | b'[' | b'(' => {
                open.push((start + at, byte));
                if open.len() > MAX_DEPTH && deep.is_none() {
                    deep = Some(start + at);
                }
            }
            b'}' => open.truncate(open.iter().rposition(|(_, kind)| *kind == b'{').unwrap_or(open.len())),
            b']' | b')' => {
                open.pop_if(|(_, kind)| *kind != b'{');
            }
            _ => {}
        }
    }
    deep
}

fn too_deep(file: FileId, at: usize, first: Option<usize>) -> Diagnostic {
    let place = |at: usize| Place::new(file, Span::new(at, at + 1));
    let finding = Diagnostic::new(&known::NESTED_TOO_DEEP, place(at), format!("brackets nest more than {MAX_DEPTH} deep"))
        .here("the file is not read because of this one")
        .help("close the brackets before, or divide the definition");
    match first {
        Some(first) => finding.also(place(first), "the outermost one that is open here"),
        None => finding,
    }
}

/// Reports characters that look like a blank or like nothing, outside of texts and comments.
fn odd_characters(file: FileId, start: usize, gap: &str, budget: &mut usize, findings: &mut Findings) {
    let mut characters = gap.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        if c == '\r' && characters.peek().is_some_and(|(_, next)| *next == '\n') || !is_odd(c) || *budget == 0 {
            continue;
        }
        *budget -= 1;
        let place = Place::new(file, Span::new(start + at, start + at + c.len_utf8()));
        let (what, instead) = describe(c);
        let finding = Diagnostic::new(&known::ODD_CHARACTER, place, format!("{what} ({}) stands between the words", code_point(c)))
            .here("can't be seen, and is read as a blank");
        findings.push(match instead {
            "" => finding.replace("delete it", false, place, ""),
            "\n" => finding.replace("write a line end", false, place, "\n"),
            _ => finding.replace("write a blank", true, place, instead),
        });
    }
}

/// Reports characters that change the order in which a text is shown.
fn bidirectional(file: FileId, start: usize, token: &str, budget: &mut usize, findings: &mut Findings) {
    for (at, c) in token.char_indices().filter(|(_, c)| is_bidirectional(*c)).take(*budget) {
        *budget -= 1;
        let place = Place::new(file, Span::new(start + at, start + at + c.len_utf8()));
        let message = format!("a character that turns the direction of the text ({}) hides what is written", code_point(c));
        let finding = Diagnostic::new(&known::BIDIRECTIONAL_CHARACTER, place, message).here("what follows is shown in another order");
        findings.push(finding.replace("delete it", false, place, ""));
    }
}

fn code_point(c: char) -> String {
    format!("U+{:04X}", u32::from(c))
}

fn is_bidirectional(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Characters that can't be seen: read as blanks, and reported.
fn is_odd(c: char) -> bool {
    matches!(
        c,
        '\0'..='\u{8}' | '\u{b}'..='\u{1f}' | '\u{7f}'..='\u{a0}' | '\u{ad}' | '\u{61c}' | '\u{1680}' | '\u{180e}'
        | '\u{2000}'..='\u{200f}' | '\u{2028}'..='\u{202f}' | '\u{205f}'..='\u{206f}' | '\u{3000}' | '\u{feff}'
    )
}

/// What an odd character is called, and what to write instead.
fn describe(c: char) -> (&'static str, &'static str) {
    match c {
        '\r' => ("a carriage return without a line feed", "\n"),
        '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{b}' | '\u{c}' => ("a line end of another kind", "\n"),
        '\u{a0}' | '\u{202f}' => ("a no-break space", " "),
        '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{205f}' | '\u{3000}' => ("a blank of another width", " "),
        '\u{feff}' => ("a byte order mark", ""),
        c if is_bidirectional(c) => ("a character that turns the direction of the text", ""),
        c if c.is_control() => ("a control character", ""),
        _ => ("a character without width", ""),
    }
}

/// The most findings of a kind of reading that one file gets: a text with more is no `.jenv` file.
pub(super) const MAX_FINDINGS: usize = 1000;
