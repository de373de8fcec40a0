//! Quoting: what a value holds stays a value, for the shell of a `RUN` and for the parser of the Dockerfile.
//!
//! A Dockerfile ends an instruction with its line, joins lines that end in `\`, drops lines that begin with `#`, and (`BuildKit`)
//! takes an unquoted word `<<NAME` of a `RUN` for the start of a here-document. So control characters never stand bare in what
//! is written here: within shell words they become `$'\n'`, which needs bash; elsewhere a line end becomes a space, since a
//! Dockerfile has no way to write one.

use std::fmt::Write as _;

use crate::ir::{ExpandPart, Expandable};

/// Bytes of a line after which it goes on in a new one; the parsers of Dockerfiles refuse lines over 65,535 bytes.
const MAX_LINE: usize = 16 * 1024;

/// A Dockerfile with its long lines divided, where the next one looks like neither a comment nor a blank line.
pub(super) fn folded(text: String) -> String {
    if text.len() < MAX_LINE || text.lines().all(|line| line.len() < MAX_LINE) {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let comment = line.trim_start().starts_with('#');
        let (mut since, mut before) = (0, ' ');
        for c in line.chars() {
            if since >= MAX_LINE && (comment || !(before.is_whitespace() || before == '\\' || c.is_whitespace() || c == '#')) {
                out.push_str(if comment { "\n# " } else { "\\\n" });
                since = 0;
            }
            out.push(c);
            before = c;
            since += c.len_utf8();
        }
    }
    out
}

/// Which quotes are open at the end of a piece of shell text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Quotes {
    /// None.
    #[default]
    None,
    /// Single quotes.
    Single,
    /// Double quotes.
    Double,
}

impl Quotes {
    /// The state after `text`.
    pub(super) fn after(self, text: &str) -> Self {
        let mut state = self;
        let mut chars = text.chars();
        while let Some(c) = chars.next() {
            state = match (state, c) {
                (Self::None | Self::Double, '\\') => {
                    chars.next();
                    state
                }
                (Self::None, '\'') => Self::Single,
                (Self::None, '"') => Self::Double,
                (Self::Single, '\'') | (Self::Double, '"') => Self::None,
                _ => state,
            };
        }
        state
    }
}

/// Whether a word means itself to every shell without quotes.
pub(super) fn is_plain(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphanumeric() || b"_@%+=:,./-".contains(&b))
}

/// Whether a character can't stand in a line of a Dockerfile.
fn breaks_lines(c: char) -> bool {
    c.is_control() && c != '\t'
}

/// `text` as it stands between single quotes of a shell.
pub(super) fn single(out: &mut String, text: &str) {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~') && byte != b'\'') {
        out.push_str(text);
        return;
    }
    for c in text.chars() {
        match c {
            '\'' => out.push_str("'\\''"),
            c if breaks_lines(c) => {
                out.push('\'');
                control(out, c);
                out.push('\'');
            }
            c => out.push(c),
        }
    }
}

/// `text` as it stands between double quotes of a shell.
pub(super) fn double(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '\\' | '"' | '$' | '`' => {
                out.push('\\');
                out.push(c);
            }
            c if breaks_lines(c) => {
                out.push('"');
                control(out, c);
                out.push('"');
            }
            c => out.push(c),
        }
    }
}

/// `text` as one word of a shell, in single quotes.
pub(super) fn word(out: &mut String, text: &str) {
    out.push('\'');
    single(out, text);
    out.push('\'');
}

/// `text` as one word of a shell, in quotes only where they are needed.
pub(super) fn argument(out: &mut String, text: &str) {
    if is_plain(text) {
        out.push_str(text);
    } else {
        word(out, text);
    }
}

/// A path or value with variables, as one word of a shell that has them in its environment.
pub(super) fn shell_expandable(out: &mut String, text: &Expandable) {
    if text.0.iter().all(|part| matches!(part, ExpandPart::Literal(piece) if is_plain(piece))) && !text.0.is_empty() {
        out.push_str(&text.written());
        return;
    }
    out.push('"');
    double_expandable(out, text);
    out.push('"');
}

/// A path or value with variables, as it stands between double quotes of a shell.
pub(super) fn double_expandable(out: &mut String, text: &Expandable) {
    for part in &text.0 {
        match part {
            ExpandPart::Literal(piece) => double(out, piece),
            ExpandPart::Variable(name) => variable(out, name),
        }
    }
}

/// `${NAME}`.
pub(super) fn variable(out: &mut String, name: &str) {
    out.push_str("${");
    out.push_str(name);
    out.push('}');
}

/// A value of `ENV`, `ARG` or `LABEL`, in the double quotes of a Dockerfile.
pub(super) fn value(out: &mut String, text: &Expandable) {
    out.push('"');
    for part in &text.0 {
        match part {
            ExpandPart::Literal(piece) => literal_value(out, piece),
            ExpandPart::Variable(name) => variable(out, name),
        }
    }
    out.push('"');
}

/// Characters between the double quotes of a Dockerfile.
pub(super) fn literal_value(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '\\' | '"' | '$' => {
                out.push('\\');
                out.push(c);
            }
            c if breaks_lines(c) => out.push(' '),
            c => out.push(c),
        }
    }
}

/// One word of `COPY`, `ADD`, `WORKDIR`, `EXPOSE` or `USER`, which a Dockerfile expands: bare, each special character escaped.
pub(super) fn path(out: &mut String, text: &Expandable) {
    for part in &text.0 {
        match part {
            ExpandPart::Literal(piece) => literal_path(out, piece),
            ExpandPart::Variable(name) => variable(out, name),
        }
    }
}

/// Characters of a bare word that a Dockerfile expands. A backslash at its end is quoted: at the end of a line, some parsers read two of
/// them as a continuation.
pub(super) fn literal_path(out: &mut String, text: &str) {
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' if chars.peek().is_none() => out.push_str("'\\'"),
            '\\' | '"' | '\'' | '$' => {
                out.push('\\');
                out.push(c);
            }
            c if breaks_lines(c) => out.push(' '),
            c => out.push(c),
        }
    }
}

/// Texts as a JSON array on one line: the exec form.
pub(super) fn exec(out: &mut String, words: &[impl AsRef<str>]) {
    out.push('[');
    for (at, word) in words.iter().enumerate() {
        if at > 0 {
            out.push_str(", ");
        }
        json(out, word.as_ref());
    }
    out.push(']');
}

/// A text as JSON.
pub(in crate::emit) fn json(out: &mut String, text: &str) {
    out.push('"');
    if !text.contains(|c: char| c.is_control() || matches!(c, '"' | '\\')) {
        out.push_str(text);
        out.push('"');
        return;
    }
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            '\n' => out.push_str("\\n"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

/// A control character as bash writes it: `$'\n'`.
fn control(out: &mut String, c: char) {
    match c {
        '\n' => out.push_str("$'\\n'"),
        '\r' => out.push_str("$'\\r'"),
        c => {
            let mut bytes = [0; 4];
            out.push_str("$'");
            for byte in c.encode_utf8(&mut bytes).bytes() {
                let _ = write!(out, "\\x{byte:02x}");
            }
            out.push('\'');
        }
    }
}
