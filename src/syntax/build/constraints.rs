//! Constraints on versions.

use super::values::build_string;
use super::{Builder, name_of};
use crate::base::{Span, Spanned, push_alone};
use crate::diagnostics::known;
use crate::syntax::ast::{Bound, Constraint, TextPart};
use crate::syntax::grammar::{Node, Rule};

impl Builder<'_> {
    /// The constraint of a node.
    pub(super) fn constraint(&mut self, node: Node<'_>) -> Constraint {
        let span = node.trimmed();
        let mut alternatives = vec![Vec::new()];
        for part in node.into_inner() {
            if part.as_rule() == Rule::alternative {
                alternatives.push(Vec::new());
                continue;
            }
            let bound = self.bound(part);
            if let (Some(last), Some(bound)) = (alternatives.last_mut(), bound) {
                push_alone(last, bound);
            }
        }
        alternatives.retain(|bounds| !bounds.is_empty());
        Constraint { alternatives, span }
    }

    fn bound(&mut self, node: Node<'_>) -> Option<Bound> {
        let mut bound = Bound { operator: None, version: Vec::new(), build: None, span: node.trimmed() };
        for part in node.into_inner() {
            let span = part.span();
            match part.as_rule() {
                Rule::operator => bound.operator = Some(name_of(&part)),
                Rule::e_operator => bound.operator = Some(self.wrong_operator(&part)),
                Rule::version | Rule::bare => bound.version = self.version(&part),
                Rule::any => bound.version = vec![TextPart::Literal("*".to_owned())],
                Rule::value_name if self.is_version_with_letter(&part) => bound.version = self.version_with_letter(span),
                Rule::value_name => bound.version = value_name(part.as_str(), span),
                Rule::text => bound.version = self.quoted_version(&part),
                Rule::build => bound.build = Some(build_string(&part)),
                // A variable of a shell has a finding of its own.
                Rule::missing if self.text.get(span.end as usize..).is_some_and(|rest| rest.trim_start_matches(' ').starts_with("${")) => {
                    return None;
                }
                Rule::missing => {
                    self.left_out(span, "a version", "write a version behind the operator");
                    return None;
                }
                _ => {}
            }
        }
        Some(bound)
    }

    /// An operator of another language: read as the one that is meant.
    fn wrong_operator(&mut self, node: &Node<'_>) -> Spanned<String> {
        let span = node.span();
        let right = match node.as_str() {
            "=>" => ">=",
            "=<" => "<=",
            "<<" => "<",
            ">>" => ">",
            "=~" => "~=",
            _ => "!=",
        };
        let place = self.place(span);
        let finding = self.finding(&known::WRONG_OPERATOR, span, format!("`{}` is no operator", node.as_str()));
        self.report(finding.here("compares nothing").replace(format!("write `{right}`"), true, place, right));
        Spanned::new(right.to_owned(), span)
    }

    /// Whether a name, with the digits behind it, is a version behind a `v`. A value may be called `v1`.
    fn is_version_with_letter(&self, node: &Node<'_>) -> bool {
        let digits = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
        let behind = self.line_behind(node.span().end);
        node.as_str().strip_prefix(['v', 'V']).is_some_and(digits) && behind.strip_prefix('.').is_some_and(digits)
    }

    /// `v1.26`: a version with the letter that tags have.
    fn version_with_letter(&mut self, span: Span) -> Vec<TextPart> {
        let line = self.line_behind(span.start);
        let length = line.find(|c: char| !c.is_ascii_alphanumeric() && c != '.').unwrap_or(line.len());
        let written = line.get(..length).unwrap_or(line);
        let number = written.get(1..).unwrap_or_default();
        let whole = Span::new(span.start as usize, span.start as usize + length);
        let finding = self.finding(&known::UNEXPECTED_TEXT, whole, format!("the version `{written}` begins with a letter"));
        self.report(finding.replace(format!("write `{number}`"), true, self.place(whole), number));
        self.read = whole.end;
        vec![TextPart::Literal(number.to_owned())]
    }

    fn quoted_version(&mut self, node: &Node<'_>) -> Vec<TextPart> {
        let text = self.text(node);
        let span = text.span;
        let inside = self.slice(span).trim_matches(['"', '\'']);
        let finding = self
            .finding(&known::QUOTED_VERSION, span, format!("the version `{inside}` stands in quotes"))
            .here("versions stand without quotes");
        let plain =
            inside.chars().all(|c| c.is_ascii_alphanumeric() || ".-_+~:!*".contains(c)) && inside.starts_with(|c: char| c.is_ascii_digit());
        let place = self.place(span);
        self.report(if plain {
            finding.replace("take the quotes away", true, place, inside)
        } else {
            finding.help("write the version alone")
        });
        text.parts
    }
}

/// The name of a value where a version stands, perhaps with `.*` behind it.
fn value_name(text: &str, span: Span) -> Vec<TextPart> {
    let name = text.strip_suffix(".*").unwrap_or(text);
    let end = Span::new(0, span.start as usize + name.len()).end;
    let mut parts = vec![TextPart::Interpolation(Spanned::new(name.to_owned(), Span { end, ..span }))];
    if name.len() < text.len() {
        parts.push(TextPart::Literal(".*".to_owned()));
    }
    parts
}
