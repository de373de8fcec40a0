//! What is said of a piece of text that no rule takes: worded from the character found, never from what was expected.

use super::{Builder, shortened};
use crate::base::Span;
use crate::diagnostics::{Diagnostic, Edit, known};
use crate::syntax::limits::MAX_FINDINGS;

/// Where a piece of text stands that can't be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Where {
    /// At the top of a file.
    Top,
    /// Between a definition's name and its brace, or a condition and its brace.
    Head,
    /// In a block.
    Block,
    /// Where a value belongs.
    Value,
    /// In brackets.
    Element,
    /// In a package list.
    Packages,
}

impl Where {
    fn belongs(self) -> &'static str {
        match self {
            Self::Top => "write a definition here: a word, a name and a block, as in `layer base { }`",
            Self::Head => "write `{` here",
            Self::Block => "write a word and what belongs to it, or `KEY = value`",
            Self::Value => "write a text in quotes, a number, a name or a list",
            Self::Element => "write values with commas between them",
            Self::Packages => "write the name of a package, in quotes where it has other characters",
        }
    }
}

impl Builder<'_> {
    /// Reports a piece of text that can't be read.
    #[inline(never)]
    pub(super) fn unexpected(&mut self, span: Span, at: Where) {
        if self.slice(span).starts_with(';') && span.start >= self.read {
            self.ends.push(Span { end: span.start + 1, ..span });
        } else if self.count < MAX_FINDINGS && span.start >= self.read {
            let finding = self.unexpected_finding(span, at);
            self.report(finding);
        }
    }

    /// `;` behind a package, where a condition belongs.
    pub(super) fn no_condition(&mut self, at: Span) {
        self.ends.push(Span { end: at.start + 1, ..at });
    }

    /// Reports every `;` that ends nothing: who comes from a language that wants them writes many.
    pub(super) fn report_ends(&mut self) {
        let mut ends = std::mem::take(&mut self.ends);
        ends.sort_unstable_by_key(|span| span.start);
        let Some(first) = ends.first() else { return };
        let edits = ends.iter().map(|span| Edit { place: self.place(*span), text: String::new() }).collect();
        let finding = self.plain(*first, "`;` ends nothing").here("a statement and a package end with their line");
        let help = if ends.len() == 1 { "delete it".to_owned() } else { format!("delete all {} of them", ends.len()) };
        self.report(finding.fix(help, true, edits));
    }

    fn unexpected_finding(&self, span: Span, at: Where) -> Diagnostic {
        // A mark of a text that is not closed may end within a character of the file.
        let bytes = span.range();
        let span = Span::new(self.text.floor_char_boundary(bytes.start), self.text.ceil_char_boundary(bytes.end));
        let text = self.slice(span);
        let first = text.chars().next().unwrap_or(' ');
        let here = |length: usize| Span { start: span.start, end: Span::new(0, span.start as usize + length).end };
        let one = here(first.len_utf8());
        if at == Where::Head && matches!(first, ':' | '=' | '&' | '-' | '(') {
            let finding = self.plain(span, format!("`{}` can't be before the braces", shortened(text.trim_end())));
            let end = self.line_behind(span.start).find('{').map_or(span.end, |brace| span.start + u32::try_from(brace).unwrap_or(0));
            return finding.here("`{` begins the block").replace(
                "leave it out",
                false,
                self.place(Span { end, ..span }),
                if self.line_before(span.start).ends_with(' ') { "" } else { " " },
            );
        }
        match first {
            '.' if at == Where::Value && text.strip_prefix("..").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit())) => {
                let shown = word(text);
                let upper = shown.trim_start_matches('.');
                let finding =
                    self.plain(here(shown.len()), format!("`{shown}` begins nowhere")).here("a range has a number on either side");
                finding.replace(format!("write `{upper}`"), false, self.place(here(shown.len())), upper)
            }
            '/' | '~' | '.' | '@' | '*' | '&' if at == Where::Value && !text.starts_with("//") && !text.starts_with("/*") => {
                let end = text.find(|c: char| c.is_whitespace() || c == '}').unwrap_or(text.len());
                let shown = text.get(..end).unwrap_or(text);
                let finding =
                    self.plain(here(shown.len()), format!("`{}` has no quotes", shortened(shown))).here("is no name and no number");
                finding.replace(format!("write `\"{shown}\"`"), false, self.place(here(shown.len())), format!("\"{shown}\""))
            }
            ',' => self.stray_comma(one, at),
            ')' | ']' | '}' => self.plain(one, format!("`{first}` closes nothing")).here("nothing is open here").help("delete it"),
            '/' if text.starts_with("//") => {
                let finding = self.plain(here(2), "`//` begins no comment").here("comments begin with `#`");
                finding.replace("write `#`", true, self.place(here(2)), "#")
            }
            '/' if text.starts_with("/*") => {
                self.plain(here(2), "`/*` begins no comment").here("comments begin with `#`").help("put `#` before every line of it")
            }
            '“' | '”' | '„' | '«' | '»' | '‘' | '’' | '`' => {
                let shown = if first == '`' { "a backtick".to_owned() } else { format!("`{first}`") };
                let finding = self.plain(one, format!("{shown} is no quote")).here("texts stand in `\"` or `'`");
                finding.help("write the text between `\"`")
            }
            '(' if at == Where::Packages
                && text.get(1..).is_some_and(|inside| inside.trim_start().starts_with(['<', '>', '=', '!', '~'])) =>
            {
                let inside = text.get(1..).and_then(|inside| inside.split_once(')')).map_or("", |(inside, _)| inside);
                let whole = here(inside.len() + 2);
                let finding = self.plain(one, "a version has no parentheses").here("a bound is behind the name");
                finding.replace(format!("write `{}`", inside.trim()), false, self.place(whole), inside.trim())
            }
            '(' => self
                .plain(one, "`(` follows no name")
                .here("arguments stand directly behind a name")
                .help("write `name(…)` without a blank"),
            '[' => self.plain(one, "a list stands alone").here("belongs to no word and no key").help(at.belongs()),
            ':' => self
                .plain(one, "`:` can't stand here")
                .here("belongs to nothing")
                .help("write `=` between a key and its value, and nothing between a word and what belongs to it"),
            '.' if text.starts_with("..") => {
                let finding = self.plain(here(2), "`..` makes no range here").here("needs a number on either side");
                finding.help("write it as in `2..4`")
            }
            '.' if text.chars().nth(1).is_some_and(|c| c.is_ascii_digit()) => {
                let finding = self.plain(span, format!("`{}` is no number", shortened(text))).here("begins with a dot");
                finding.replace("write a `0` before it", true, self.place(Span { end: span.start, ..span }), "0")
            }
            '=' => self.plain(one, "`=` has no key").here("no name stands before it on its line").help(at.belongs()),
            '-' if text.starts_with("-- ") || self.line_behind(span.start).starts_with("-- ") => {
                let finding = self.plain(here(1), "`--` begins no comment").here("comments begin with `#`");
                let mark = Span { end: span.start + 2, ..span };
                finding.replace("write `#`", true, self.place(mark), "#")
            }
            '-' if text.starts_with("- ") || text == "-" => {
                let finding = self.plain(one, "`-` begins an item of YAML").here("a list has brackets, and a block has braces");
                finding.help(if at == Where::Top { at.belongs() } else { "write a word and what belongs to it, without the `-`" })
            }
            '-' => self.plain(one, format!("`{}` can't stand here", word(text))).here("begins nothing").help(at.belongs()),
            c if c.is_ascii_digit() && self.is_behind_decimal_comma(span.start) => {
                let comma = Span { start: span.start - 1, end: span.start };
                let finding = self.plain(comma, "a number has a `.`, and no `,`").here("separates nothing here");
                finding.replace("write `.`", false, self.place(comma), ".")
            }
            c if c.is_ascii_digit() => self
                .plain(here(word(text).len()), format!("the number `{}` stands alone", word(text)))
                .here("no word stands before it on its line")
                .help(at.belongs()),
            c if c.is_alphabetic() && !c.is_ascii() => {
                let finding = self.plain(here(word(text).len()), format!("`{}` is no name", word(text)));
                finding.here("names have the letters `a` to `z`, digits, `-` and `_`").help("put other text into quotes")
            }
            _ => {
                let shown = word(text);
                self.plain(here(shown.len()), format!("`{shown}` can't stand here")).here("can't be read").help(at.belongs())
            }
        }
    }

    /// Whether `0,` is directly before a digit.
    fn is_behind_decimal_comma(&self, at: u32) -> bool {
        self.line_before(at).strip_suffix(',').is_some_and(|before| before.ends_with(|c: char| c.is_ascii_digit()))
    }

    fn stray_comma(&self, span: Span, at: Where) -> Diagnostic {
        let message = if at == Where::Packages { "a `,` stands between packages" } else { "nothing stands before the `,`" };
        let finding = self.finding(&known::STRAY_COMMA, span, message).here("separates nothing here");
        finding.replace("delete it", true, self.place(span), "")
    }

    fn plain(&self, span: Span, message: impl Into<String>) -> Diagnostic {
        self.finding(&known::UNEXPECTED_TEXT, span, message)
    }
}

/// The beginning of a piece of text up to the next blank, at most 24 characters.
fn word(text: &str) -> &str {
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    let cut = text.char_indices().nth(24).map_or(end, |(at, _)| at.min(end));
    text.get(..cut).unwrap_or(text)
}
