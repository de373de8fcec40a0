//! Texts and versions, and the findings about what is inside of them.

use super::Builder;
use crate::base::{Span, Spanned};
use crate::diagnostics::{Diagnostic, known};
use crate::syntax::ast::{Text, TextKind, TextPart};
use crate::syntax::grammar::Node;
use crate::syntax::texts::{Flaw, read, read_version};

impl Builder<'_> {
    /// The text of a node of the rule `text`.
    pub(super) fn text(&mut self, node: &Node<'_>) -> Text {
        let reading = read(node.as_str(), node.span().range().start);
        if node.as_str().starts_with("${{") {
            let end = node.span().end;
            let glued = self.line_behind(end).split([' ', '}', ',', ']']).next().map_or(0, str::len);
            self.read = end + u32::try_from(glued).unwrap_or(0);
        }
        let mut text = reading.text;
        for flaw in reading.flaws {
            self.flaw(flaw, Some(&text));
            // Where no name is wanted, nothing follows from what the expression is.
            if flaw.node == Flaw::Expression && !self.wants_name(text.span) {
                text.parts.clear();
            }
        }
        text
    }

    /// Whether the name of a secret is wanted where a text is: behind `from`, and in a list.
    fn wants_name(&self, text: Span) -> bool {
        let before = self.line_before(text.start).trim_end();
        before.ends_with(['[', ',']) || before.ends_with("from")
    }

    /// A bare word of a package list as a text.
    pub(super) fn bare(node: &Node<'_>) -> Text {
        Text { parts: vec![TextPart::Literal(node.as_str().to_owned())], kind: TextKind::Bare, span: node.span() }
    }

    /// The pieces of a version.
    pub(super) fn version(&mut self, node: &Node<'_>) -> Vec<TextPart> {
        let (parts, flaws) = read_version(node.as_str(), node.span().range().start);
        for flaw in flaws {
            self.flaw(flaw, None);
        }
        parts
    }

    fn flaw(&mut self, flaw: Spanned<Flaw>, text: Option<&Text>) {
        let finding = match flaw.node {
            Flaw::Unclosed => self.unclosed_text(flaw.span, text),
            Flaw::UnclosedInterpolation => self.unclosed_interpolation(flaw.span),
            Flaw::EmptyInterpolation => self
                .finding(&known::EMPTY_INTERPOLATION, flaw.span, "nothing stands between `{{` and `}}`")
                .here("has no value")
                .help("write the name of a value between them, or `{{ \"{{\" }}` for two braces"),
            Flaw::Dollar => self
                .finding(&known::DOLLAR_BRACES, flaw.span, "`${{` is read as `$` and an interpolation")
                .here("`{{` opens an interpolation everywhere, after a `$`, too")
                .help("write `${{ \"{{\" }}` where the two braces are meant, or put the text into single quotes"),
            Flaw::Expression => self.expression(flaw.span, text.map_or(flaw.span, |text| text.span)),
            Flaw::Lines => self.several_lines(flaw.span),
            Flaw::Escape(c) => self.escape(flaw.span, c),
            Flaw::Join => self.join(flaw.span, text),
            Flaw::Quotation => self.quotation(flaw.span, text.map_or(flaw.span, |text| text.span)),
        };
        self.report(finding);
    }

    /// Counts the closing brackets that a text which is not closed has taken: what they close has its finding already.
    fn swallow(&mut self, text: &str, opened: usize) {
        let count = |c: char| text.matches(c).count();
        self.swallowed += count('}').saturating_sub(count('{').saturating_sub(opened));
        self.swallowed_brackets += (count(']') + count(')')).saturating_sub(count('[') + count('('));
    }

    #[inline(never)]
    fn unclosed_text(&mut self, span: Span, text: Option<&Text>) -> Diagnostic {
        let quotes = match text.map(|text| text.kind) {
            Some(TextKind::Block) => "\"\"\"",
            Some(TextKind::RawBlock) => "'''",
            Some(TextKind::Raw) => "'",
            _ => "\"",
        };
        let slice = self.slice(span);
        self.swallow(slice, 0);
        let opening = Span { start: span.start, end: span.start + u32::try_from(quotes.len()).unwrap_or(1) };
        if quotes.len() == 3 {
            return self
                .finding(&known::UNCLOSED_TEXT, opening, format!("the text that begins with `{quotes}` is not closed"))
                .here("opened here")
                .also(self.place(span.after()), "ends here at the latest")
                .help(format!("close it with `{quotes}`; lines in it that look like a definition are indented"));
        }
        let end = Span::new(0, span.start as usize + slice.trim_end().len()).end;
        self.finding(&known::UNCLOSED_TEXT, span, format!("the text that begins with `{quotes}` is not closed"))
            .here("ends with its line")
            .replace(format!("close it with `{quotes}`"), false, self.place(Span { start: end, end }), quotes)
    }

    #[inline(never)]
    fn unclosed_interpolation(&mut self, span: Span) -> Diagnostic {
        self.swallow(self.slice(span), 2);
        self.finding(&known::UNCLOSED_INTERPOLATION, Span { end: span.start + 2, ..span }, "`{{` is not closed on its line")
            .here("opened here")
            .help("write `}}` behind the expression, or `{{ \"{{\" }}` for two braces")
    }

    #[inline(never)]
    fn escape(&self, span: Span, c: char) -> Diagnostic {
        self.finding(&known::BAD_ESCAPE, span, format!("`\\{c}` is no escape"))
            .here("the escapes are `\\\"`, `\\\\`, `\\n`, `\\r` and `\\t`")
            .help("write the text in single quotes, in which a backslash is a backslash")
            .replace("double the backslash", true, self.place(Span { end: span.start + 1, ..span }), "\\\\")
    }

    /// `"echo "hello""`: the text is read to its last quote.
    #[inline(never)]
    fn quotation(&self, at: Span, whole: Span) -> Diagnostic {
        let token = self.slice(whole);
        let (quote, other) = if token.starts_with('"') { ('"', '\'') } else { ('\'', '"') };
        let inside = token.get(1..token.len().saturating_sub(1)).unwrap_or("");
        let finding = self
            .finding(&known::EARLY_END, at, format!("the text ends at this `{quote}`, before the end of what is meant"))
            .here("closes the text")
            .also(self.place(Span { end: whole.start + 1, ..whole }), "which begins here");
        let begun = self.slice(Span { start: whole.start + 1, end: at.start });
        if let Some((text, word)) = unended(begun) {
            let end = whole.start + 1 + u32::try_from(text.len()).unwrap_or_default();
            return finding.replace(
                format!("close the text before `{word}`"),
                false,
                self.place(Span { start: end, end }),
                quote.to_string(),
            );
        }
        let place = self.place(whole);
        let cannot = inside.contains([other, '\\']) || (other == '\'' && inside.contains("{{"));
        if !cannot {
            return finding.replace(format!("write `{other}` around the text"), false, place, format!("{other}{inside}{other}"));
        }
        let escaped = inside.replace("\\\"", "\"").replace('"', "\\\"");
        if quote == '"' {
            finding.replace("write `\\\"` for the quotes inside", false, place, format!("\"{escaped}\""))
        } else {
            finding.help("write the text between `\"`, with `\\\"` for the quotes inside")
        }
    }

    /// `${{ secrets.TOKEN }}`: jenv says which secret, and the workflow has the expression.
    #[inline(never)]
    fn expression(&self, span: Span, whole: Span) -> Diagnostic {
        let inside = self.slice(span).trim_start_matches("${{").trim_end_matches("}}").trim();
        let (context, name) = inside.split_once('.').unwrap_or(("", inside));
        let name = name.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).next().unwrap_or("");
        let finding = self
            .finding(&known::DOLLAR_BRACES, span, format!("`${{{{ {inside} }}}}` is an expression of a workflow"))
            .here("is not evaluated in a program");
        let alone = self.slice(whole).trim_matches(['"', '\'']) == self.slice(span) && self.wants_name(whole);
        match context {
            "secrets" if alone => {
                finding.replace(format!("write the name alone: `\"{name}\"`"), false, self.place(whole), format!("\"{name}\""))
            }
            "secrets" => finding.help(format!("write `credential NAME env \"{name}\"`, and `with NAME` in the step that needs it")),
            "matrix" | "inputs" => finding.replace(
                format!("write `{{{{ {name} }}}}`, a value of the program"),
                false,
                self.place(span),
                format!("{{{{ {name} }}}}"),
            ),
            _ => finding.help("write the value itself, or a value of the program between `{{` and `}}`"),
        }
    }

    /// A text over several lines between single quotes, as YAML and shells allow.
    #[inline(never)]
    fn several_lines(&self, span: Span) -> Diagnostic {
        let token = self.slice(span);
        let quote = token.get(..if token.starts_with("''") { 2 } else { 1 }).unwrap_or("\"");
        let quotes = token.get(..1).unwrap_or("\"").repeat(3);
        let inside = token.get(quote.len()..token.len().saturating_sub(quote.len())).unwrap_or("");
        let own = " ".repeat(self.indent(span.start));
        let lines: Vec<&str> = inside.lines().map(str::trim_end).collect();
        let of = |line: &&str| line.len() - line.trim_start().len();
        let common = lines.iter().skip(1).filter(|line| !line.is_empty()).map(of).min().unwrap_or(0);
        let mut written = quotes.clone();
        for (number, line) in lines.iter().enumerate() {
            let kept = if number == 0 { line.trim_start() } else { line.get(common..).unwrap_or("") };
            match kept {
                "" if number == 0 || number + 1 == lines.len() => {}
                "" => written.push('\n'),
                kept => written.extend(["\n", own.as_str(), "  ", kept]),
            }
        }
        written.extend(["\n", own.as_str(), &quotes]);
        let opening = Span { end: span.start + 1, ..span };
        self.finding(&known::UNCLOSED_TEXT, opening, format!("a text between `{quote}` has one line, and this one has several"))
            .here("opened here")
            .also(self.place(Span { start: span.end - 1, ..span }), "closed here")
            .replace(format!("write `{quotes}` around it"), false, self.place(span), written)
    }

    #[inline(never)]
    fn join(&self, span: Span, text: Option<&Text>) -> Diagnostic {
        let finding = self
            .finding(&known::BAD_ESCAPE, span, "a backslash at the end of a line does not continue a text")
            .here("a text in `\"` ends with its line")
            .help("write a text of several lines between `\"\"\"`");
        match text {
            Some(text) => finding.also(self.place(Span { end: text.span.start + 1, ..text.span }), "the text begins here"),
            None => finding,
        }
    }
}

/// `Genomics  description = `: a text whose end is missing, and the field that follows it.
fn unended(head: &str) -> Option<(&str, &str)> {
    let (text, word) = head.trim_end().strip_suffix('=')?.trim_end().rsplit_once([' ', '\t'])?;
    let is_word = word.starts_with(|c: char| c.is_ascii_lowercase()) && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    is_word.then(|| (text.trim_end(), word))
}
