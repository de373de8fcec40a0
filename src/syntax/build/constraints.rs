//! Constraints on versions.

use super::Builder;
use super::values::build_string;
use crate::base::{Span, Spanned, push_alone};
use crate::diagnostics::{Diagnostic, known};
use crate::syntax::ast::{Bound, Constraint, TextPart};
use crate::syntax::grammar::{Node, Rule};
use crate::versions::Op;

impl Builder<'_> {
    /// The constraint of a node.
    pub(super) fn constraint(&mut self, node: Node<'_>) -> Constraint {
        let span = node.trimmed();
        let mut alternatives = Vec::with_capacity(1);
        alternatives.push(Vec::new());
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
        if let Some(finding) = self.version_as_value(&node) {
            self.report(finding);
            return None;
        }
        let mut bound = Bound { operator: None, version: Vec::new(), build: None, span: node.trimmed() };
        for part in node.into_inner() {
            let span = part.span();
            match part.as_rule() {
                Rule::operator => bound.operator = Op::parse(part.as_str()).map(|op| Spanned::new(op, span)),
                Rule::e_operator => bound.operator = Some(self.wrong_operator(&part)),
                Rule::version | Rule::bare => bound.version = self.version(&part),
                Rule::any => bound.version = vec![TextPart::Literal("*".to_owned())],
                Rule::value_name if self.is_version_with_letter(&part) => bound.version = self.version_with_letter(span),
                Rule::value_name => bound.version = value_name(part.as_str(), span),
                Rule::text if part.as_str().starts_with('$') => {
                    self.text(&part);
                    return None;
                }
                Rule::text => bound.version = self.quoted_version(&part),
                Rule::build => bound.build = Some(Box::new(build_string(&part))),
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
    fn wrong_operator(&mut self, node: &Node<'_>) -> Spanned<Op> {
        let span = node.span();
        let right = match node.as_str() {
            "=>" => Op::GreaterEqual,
            "=<" => Op::LessEqual,
            "<<" => Op::Less,
            ">>" => Op::Greater,
            "=~" => Op::Compatible,
            _ => Op::NotEqual,
        };
        let written = right.as_str();
        let place = self.place(span);
        let finding = self.finding(&known::WRONG_OPERATOR, span, format!("`{}` is no operator", node.as_str()));
        self.report(finding.here("compares nothing").replace(format!("write `{written}`"), true, place, written));
        Spanned::new(right, span)
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

    /// `numpy = "^1.26"`: a version as the tables of TOML have it.
    fn version_as_value(&self, node: &Node<'_>) -> Option<Diagnostic> {
        if !node.as_str().contains(['"', '\'']) {
            return None;
        }
        let mut parts = node.clone().into_inner();
        parts.next().filter(|operator| matches!(operator.as_str(), "=" | "=="))?;
        let text = parts.next().filter(|text| text.as_rule() == Rule::text)?;
        let inside = text.as_str().trim_matches(['"', '\'']);
        if !inside.starts_with(['^', '~', '>', '<', '=', '!', '*']) {
            return None;
        }
        let finding = self.finding(&known::QUOTED_VERSION, text.span(), format!("the version `{inside}` is in quotes"));
        let finding = finding.here("versions have no quotes, and no `=` before another operator");
        Some(match bounds_of(inside) {
            Some(bounds) if bounds.is_empty() => {
                finding.replace("leave it out: every version is meant", false, self.place(node.trimmed()), "")
            }
            Some(bounds) => finding.replace(format!("write `{bounds}`"), false, self.place(node.trimmed()), bounds.clone()),
            None => finding.help("write the bounds alone, as in `>=1.26, <2`"),
        })
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

/// The bounds that a version of Poetry, Pipenv or npm stands for: `^1.26` is `>=1.26, <2`; empty for all versions.
pub(super) fn bounds_of(version: &str) -> Option<String> {
    let version = version.trim();
    let numbers = |text: &str| -> Option<Vec<u32>> { text.split('.').map(|number| number.parse().ok()).collect() };
    let below = |mut numbers: Vec<u32>, at: usize| {
        numbers.truncate(at + 1);
        *numbers.last_mut()? += 1;
        Some(numbers.iter().map(u32::to_string).collect::<Vec<_>>().join("."))
    };
    if version == "*" {
        return Some(String::new());
    }
    if let Some(least) = version.strip_prefix('^') {
        let parts = numbers(least)?;
        let at = parts.iter().position(|number| *number > 0).unwrap_or(parts.len() - 1);
        return Some(format!(">={least}, <{}", below(parts, at)?));
    }
    if let Some(least) = version.strip_prefix('~').filter(|rest| !rest.starts_with('=')) {
        let parts = numbers(least)?;
        let at = 1.min(parts.len() - 1);
        return Some(format!(">={least}, <{}", below(parts, at)?));
    }
    let digits = |bound: &str| bound.trim_start_matches(['=', '<', '>', '!', '~']).trim().starts_with(|c: char| c.is_ascii_digit());
    let bounds: Vec<&str> = version.split(',').map(str::trim).collect();
    let plain = bounds.iter().all(|bound| digits(bound) && bound.chars().all(|c| c.is_ascii_alphanumeric() || ".*=<>!~ ".contains(c)));
    plain.then(|| {
        let written: Vec<String> = bounds
            .iter()
            .map(|bound| if bound.starts_with(|c: char| c.is_ascii_digit()) { format!("=={bound}") } else { bound.replace(' ', "") })
            .collect();
        written.join(", ")
    })
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
