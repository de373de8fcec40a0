//! The first reading of a text: where its texts and comments are. What they hold can't be taken for anything else, so the
//! grammar sees marks in their place.
//!
//! A text begins with one or three quotes. A plain or raw one ends with its line at the latest; a block ends unclosed before a
//! line that begins a definition at column 0. Quotes within `{{ }}` belong to it.

use super::opening::behind_brace;
use crate::base::Span;

/// What a piece of a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// From quote to quote, or to where it ends unclosed.
    Text,
    /// From `#` to the end of the line, without it.
    Comment,
    /// From `/*` to `*/`, or from `{%` to `%}`: what other languages have and jenv has not.
    Foreign,
    /// What lies between.
    Gap,
}

/// The pieces of a part of a text, without a hole.
pub(super) fn pieces(text: &str, part: Span) -> impl Iterator<Item = (Kind, &str, usize)> {
    let end = part.range().end.min(text.len());
    let bytes = text.as_bytes().get(..end).unwrap_or_default();
    let mut at = part.range().start;
    std::iter::from_fn(move || {
        let start = at;
        let (kind, next) = match bytes.get(at)? {
            b'#' => (Kind::Comment, find(bytes, at, |byte| byte == b'\n')),
            b'"' | b'\'' => (Kind::Text, end_of_text(bytes, at)),
            b'$' if begins_expression(bytes, at) => (Kind::Text, end_of_interpolation(bytes, at + 1)),
            b'/' | b'{' if begins_foreign(bytes, at) => (Kind::Foreign, end_of_foreign(bytes, at)),
            _ => (Kind::Gap, end_of_gap(bytes, at)),
        };
        at = next;
        Some((kind, text.get(start..next)?, start))
    })
}

/// The first place from `at` on where a byte is one of those, or the end.
fn find(bytes: &[u8], at: usize, is: impl Fn(u8) -> bool) -> usize {
    bytes.iter().skip(at).position(|byte| is(*byte)).map_or(bytes.len(), |offset| at + offset)
}

/// Where the next text, comment or piece of another language begins.
fn end_of_gap(bytes: &[u8], at: usize) -> usize {
    let begins = |(at, byte): (usize, &u8)| match byte {
        b'"' | b'\'' | b'#' => Some(at),
        b'$' if begins_expression(bytes, at) => Some(at),
        b'*' | b'%' => at.checked_sub(1).filter(|before| begins_foreign(bytes, *before)),
        _ => None,
    };
    bytes.iter().enumerate().skip(at + 1).find_map(begins).unwrap_or(bytes.len())
}

/// Whether a comment of C or a statement of a template begins here.
fn begins_foreign(bytes: &[u8], at: usize) -> bool {
    starts(bytes, at, b"/*") || starts(bytes, at, b"{%")
}

/// Whether an expression of GitHub's workflows begins here, outside of a text: `${{ secrets.TOKEN }}`. It is taken for a text.
fn begins_expression(bytes: &[u8], at: usize) -> bool {
    starts(bytes, at, b"${{") && {
        let end = end_of_interpolation(bytes, at + 1);
        bytes.get(..end).is_some_and(|text| text.ends_with(b"}}"))
    }
}

/// Behind what closes it; where nothing does, at the end of the line.
fn end_of_foreign(bytes: &[u8], at: usize) -> usize {
    let close: &[u8] = if starts(bytes, at, b"/*") { b"*/" } else { b"%}" };
    let line = find(bytes, at, |byte| byte == b'\n');
    let limit = if close == b"*/" { bytes.len() } else { line };
    (at + 2..limit).find(|here| starts(bytes, *here, close)).map_or(line, |here| here + 2)
}

fn starts(bytes: &[u8], at: usize, with: &[u8]) -> bool {
    bytes.get(at..).is_some_and(|rest| rest.starts_with(with))
}

/// Whether a line ends here: `\n`, `\r\n`.
fn ends_line(bytes: &[u8], at: usize) -> bool {
    starts(bytes, at, b"\n") || starts(bytes, at, b"\r\n")
}

fn end_of_text(bytes: &[u8], at: usize) -> usize {
    let quote = bytes.get(at).copied().unwrap_or_default();
    if starts(bytes, at, &[quote; 3]) {
        return end_of_block(bytes, at + 3, quote);
    }
    if starts(bytes, at, b"''")
        && let Some(end) = end_of_doubled(bytes, at + 2)
    {
        return end;
    }
    let end = end_of_line_text(bytes, at, quote);
    if let Some(end) = end_over_lines(bytes, at, end, quote) {
        return end;
    }
    if !is_glued(bytes, at, end, quote) {
        return end;
    }
    let line = find(bytes, end, |byte| byte == b'\n');
    let rest = bytes.get(end..line).unwrap_or_default();
    rest.iter().rposition(|byte| *byte == quote).map_or(end, |last| end + last + 1)
}

/// Where a text on one line that is not closed before `end` is closed on a later line, as other languages allow: the only such quote
/// of the lines between, with nothing behind it but brackets and a comment.
fn end_over_lines(bytes: &[u8], at: usize, end: usize, quote: u8) -> Option<usize> {
    let closed = end > at + 1 && bytes.get(end - 1) == Some(&quote);
    if closed || !ends_line(bytes, end) {
        return None;
    }
    let mut line = find(bytes, end, |byte| byte == b'\n') + 1;
    for _ in 0..MAX_LINES {
        let rest = bytes.get(line..).filter(|rest| !rest.is_empty() && !begins_definition(rest))?;
        let length = find(rest, 0, |byte| byte == b'\n');
        let text = rest.get(..length)?;
        if let Some(quoted) = text.iter().position(|byte| *byte == quote) {
            let behind = text.get(quoted + 1..)?.trim_ascii_start();
            let brackets = behind.iter().take_while(|byte| b")]}, \t\r".contains(byte)).count();
            let alone = matches!(behind.get(brackets), None | Some(b'#'));
            return (alone && !behind.contains(&quote)).then_some(line + quoted + 1);
        }
        line += length + 1;
    }
    None
}

/// Where a text of Nix ends, whose lines are between `''`: its first line ends at `at`, and a later one begins with `''`.
fn end_of_doubled(bytes: &[u8], at: usize) -> Option<usize> {
    if !ends_line(bytes, at) {
        return None;
    }
    let mut line = find(bytes, at, |byte| byte == b'\n') + 1;
    for _ in 0..MAX_LINES {
        let rest = bytes.get(line..).filter(|rest| !rest.is_empty() && !begins_definition(rest))?;
        let blanks = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        if starts(rest, blanks, b"''") {
            return (!starts(rest, blanks, b"'''")).then_some(line + blanks + 2);
        }
        let length = find(rest, 0, |byte| byte == b'\n');
        (!rest.get(..length)?.contains(&b'\'')).then_some(())?;
        line += length + 1;
    }
    None
}

/// Over how many lines the end of a text is looked for.
const MAX_LINES: usize = 60;

/// Whether a text on one line that ends before `end` is closed there, and a letter or digit follows: the quotes are those of a
/// quotation in it.
fn is_glued(bytes: &[u8], at: usize, end: usize, quote: u8) -> bool {
    let closed = end > at + 1 && bytes.get(end - 1) == Some(&quote);
    closed && end > at + 2 && bytes.get(end).is_some_and(|next| next.is_ascii_alphanumeric() || matches!(next, b'$' | b'_' | b'/'))
}

/// Where the quotation ends early in a token that holds one: at the quote that is not its last.
pub(super) fn early_end(token: &str) -> Option<usize> {
    let bytes = token.as_bytes();
    let quote = *bytes.first().filter(|byte| matches!(byte, b'"' | b'\''))?;
    if starts(bytes, 0, &[quote; 3]) {
        return None;
    }
    let end = end_of_line_text(bytes, 0, quote);
    (end < bytes.len() && !ends_line(bytes, end)).then_some(end - 1)
}

fn end_of_line_text(bytes: &[u8], at: usize, quote: u8) -> usize {
    let mut at = at + 1;
    loop {
        at = find(bytes, at, |byte| byte == quote || matches!(byte, b'{' | b'\\' | b'\n' | b'\r'));
        at = match bytes.get(at) {
            None => return at,
            Some(byte) if *byte == quote => return at + 1,
            Some(_) if ends_line(bytes, at) => return at,
            Some(b'{') if quote == b'"' && starts(bytes, at, b"{{") => end_of_interpolation(bytes, at),
            // An escaped line end is one of two bytes at most, and any other character may be read from its second byte on.
            Some(b'\\') if quote == b'"' => bytes.len().min(at + if starts(bytes, at + 1, b"\r\n") { 3 } else { 2 }),
            Some(_) => at + 1,
        };
    }
}

fn end_of_block(bytes: &[u8], mut at: usize, quote: u8) -> usize {
    loop {
        at = find(bytes, at, |byte| byte == quote || byte == b'{' || byte == b'\n');
        at = match bytes.get(at) {
            None => return at,
            Some(b'\n') if begins_definition(bytes.get(at + 1..).unwrap_or_default()) => return at,
            Some(b'{') if quote == b'"' && starts(bytes, at, b"{{") => end_of_interpolation(bytes, at),
            Some(_) if starts(bytes, at, &[quote; 3]) => return at + 3,
            Some(_) => at + 1,
        };
    }
}

/// Quotes inside belong to it; it ends with its line where it is not closed.
fn end_of_interpolation(bytes: &[u8], at: usize) -> usize {
    let mut at = at + 2;
    loop {
        at = find(bytes, at, |byte| matches!(byte, b'"' | b'\'' | b'}' | b'\n' | b'\r'));
        at = match bytes.get(at) {
            None => return at,
            Some(_) if starts(bytes, at, b"}}") => return at + 2,
            Some(_) if ends_line(bytes, at) => return at,
            Some(quote @ (b'"' | b'\'')) => end_of_quoted(bytes, at + 1, *quote),
            Some(_) => at + 1,
        };
    }
}

fn end_of_quoted(bytes: &[u8], mut at: usize, quote: u8) -> usize {
    loop {
        at = find(bytes, at, |byte| byte == quote || matches!(byte, b'\\' | b'\n' | b'\r'));
        at = match bytes.get(at) {
            None => return at,
            Some(byte) if *byte == quote => return at + 1,
            Some(_) if ends_line(bytes, at) => return at,
            Some(b'\\') if !ends_line(bytes, at + 1) => bytes.len().min(at + 2),
            Some(_) => at + 1,
        };
    }
}

/// Whether a line begins a definition, and holds nothing else.
fn begins_definition(line: &[u8]) -> bool {
    let line = line.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let rest = std::str::from_utf8(line).ok().and_then(behind_brace);
    rest.map(|rest| rest.strip_suffix('\r').unwrap_or(rest).trim_start_matches(' '))
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('#'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn found(text: &str) -> Vec<(Kind, &str)> {
        pieces(text, Span::new(0, text.len())).map(|(kind, piece, _)| (kind, piece)).collect()
    }

    /// The first text in some lines.
    fn first(lines: &str) -> &str {
        found(lines).into_iter().find(|(kind, _)| *kind == Kind::Text).map_or("", |(_, piece)| piece)
    }

    #[test]
    fn comments_and_texts_hide_each_other() {
        let kinds = [(Kind::Gap, "a "), (Kind::Text, "\"b # c\""), (Kind::Gap, " "), (Kind::Comment, "# \"d"), (Kind::Gap, "\ne")];
        assert_eq!(found("a \"b # c\" # \"d\ne"), kinds);
    }

    #[test]
    fn texts_end_where_they_are_closed() {
        for (lines, text) in [
            (r#""a\"b" c"#, r#""a\"b""#),
            (r"'a\' c'", r"'a\'"),
            (r#""{{ "x" }}" c"#, r#""{{ "x" }}""#),
            (r#""{{ '}}' | f("\"") }}" c"#, r#""{{ '}}' | f("\"") }}""#),
            ("'''a ''b''' c", "'''a ''b'''"),
            ("\"\"\"a\n\"b\" {{ \"\"\" }}\n\"\"\" c", "\"\"\"a\n\"b\" {{ \"\"\" }}\n\"\"\""),
            ("\"\" c", "\"\""),
        ] {
            assert_eq!(first(lines), text, "{lines}");
        }
    }

    #[test]
    fn texts_that_are_not_closed_end_with_their_line() {
        for (lines, text) in [
            ("\"a\nb", "\"a"),
            ("\"a\nb = \"c\"", "\"a"),
            ("'a\r\nlayer b {\n'", "'a"),
            ("\"{{ \"x\ny", "\"{{ \"x"),
            ("\"a\\\nb\" c", "\"a\\\nb\""),
            ("\"a\\", "\"a\\"),
            ("'", "'"),
        ] {
            assert_eq!(first(lines), text, "{lines}");
        }
    }

    #[test]
    fn texts_over_several_lines_are_read_to_their_end() {
        for (lines, text) in
            [("\"a\nb\"\nc", "\"a\nb\""), ("'a\r\nb' }  # c", "'a\r\nb'"), ("''\n  a\n  b\n'';", "''\n  a\n  b\n''"), ("''\nrun 'a'", "''")]
        {
            assert_eq!(first(lines), text, "{lines}");
        }
    }

    #[test]
    fn a_block_ends_before_a_definition() {
        for head in ["layer a {", "replace installer  pip {", "fragment f(a, b = 1) {", "repo egi apt {  # x", "layer a {\r"] {
            assert_eq!(first(&format!("\"\"\"\n  x\n{head}\n}}")), "\"\"\"\n  x", "{head}");
        }
        for line in ["  layer a {", "layer {", "layer a { x", "layers a {", "layer a", "layer f(a {", "run a {"] {
            let text = format!("'''\n{line}\n'''");
            assert_eq!(first(&text), text, "{line}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn the_pieces_of_a_text_are_the_text(text in "[a{}\"'#\\\\\r\né \t]{0,40}") {
            let whole: String = found(&text).into_iter().map(|(_, piece)| piece).collect();
            prop_assert_eq!(whole, text);
        }
    }
}
