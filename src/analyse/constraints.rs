//! Constraints in the words of each package manager.

use crate::base::Place;
use crate::diagnostics::{Diagnostic, known};
use crate::ir::{Segment, Segments};
use crate::syntax::ast;
use crate::versions::{Bound, Constraint, Op, Problem, Scheme};

/// A constraint as the manager's command takes it, glued to the name; empty where there is none or where the manager can't
/// say it (apt and dnf take exact versions only: the rest is for the checks). `marked` are the versions of the bounds in
/// pieces, where they are not all one literal.
///
/// # Errors
/// Says what the manager has no words for.
pub(crate) fn render(scheme: Scheme, constraint: &Constraint, marked: Option<&[Vec<Segments>]>) -> Result<Segments, String> {
    let mut out = Segments::default();
    let (and, or) = match scheme {
        Scheme::Npm => (" ", " || "),
        _ => (",", "|"),
    };
    if constraint.alternatives.len() > 1 && !matches!(scheme, Scheme::Conda | Scheme::Npm | Scheme::Julia) {
        return Err("it has no alternatives (`|`)".to_owned());
    }
    for (at, bounds) in constraint.alternatives.iter().enumerate() {
        if at > 0 {
            out.push_literal(or);
        }
        for (number, bound) in bounds.iter().enumerate() {
            let Some((before, build)) = around(scheme, bound) else { continue };
            if number > 0 {
                out.push_literal(and);
            }
            out.push_literal(before);
            match marked.map(|texts| texts.get(at).and_then(|texts| texts.get(number))) {
                None => out.push_literal(&bound.version),
                Some(text) => text.into_iter().for_each(|text| out.extend(text)),
            }
            if let Some(build) = build {
                out.push_literal("=");
                out.push_literal(build);
            }
        }
    }
    Ok(out)
}

/// What stands before the version of a bound, and the build behind it; `None` where the manager can't say it.
fn around(scheme: Scheme, bound: &Bound) -> Option<(&'static str, Option<&str>)> {
    let op = bound.op.as_str();
    let pattern = bound.version.ends_with(".*") || bound.version == "*";
    let exact = bound.op == Op::Equal;
    let before = match scheme {
        Scheme::Pep440 if bound.op == Op::Bare => "==",
        Scheme::Conda => {
            let op = if bound.op == Op::Bare || (exact && pattern) { "=" } else { op };
            return Some((op, bound.build.as_deref()));
        }
        Scheme::Debian | Scheme::Julia if exact => "=",
        Scheme::Rpm if exact => "-",
        Scheme::R if exact => "==",
        Scheme::Debian | Scheme::Rpm | Scheme::R => return None,
        Scheme::Npm if exact => "",
        _ => op,
    };
    Some((before, None))
}

/// A version that a command prints at build time, in the manager's words.
pub(crate) fn resolved(scheme: Scheme, command: &str) -> Segments {
    let before = match scheme {
        Scheme::Conda | Scheme::Debian => "=",
        Scheme::Rpm => "-",
        Scheme::Npm | Scheme::Julia => "",
        Scheme::Pep440 | Scheme::R => "==",
    };
    Segments(vec![Segment::Literal(before.to_owned()), Segment::Command(command.to_owned())])
}

/// J0309: a constraint that its scheme can't read, with the bound that says the same where it is one.
pub(super) fn refused(place: Place, constraint: &ast::Constraint, problem: Problem) -> Diagnostic {
    let finding = Diagnostic::new(&known::BAD_VERSION, place, problem.message);
    let help = problem.help.unwrap_or_default();
    let one = matches!(constraint.alternatives.as_slice(), [bounds] if bounds.len() == 1);
    let written = help.strip_prefix("write `").and_then(|help| help.strip_suffix('`')).filter(|written| one && !written.contains('`'));
    match written {
        Some(written) => finding.replace(help.clone(), false, place, written),
        None => finding.maybe_help(Some(help).filter(|help| !help.is_empty())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(scheme: Scheme, bounds: &[(Op, &str)]) -> String {
        let bounds: Vec<Bound> =
            bounds.iter().map(|(op, version)| Bound { op: *op, version: (*version).to_owned(), build: None }).collect();
        render(scheme, &Constraint { alternatives: vec![bounds] }, None).expect("sayable").plain()
    }

    #[test]
    fn each_manager_has_its_words() {
        assert_eq!(said(Scheme::Pep440, &[(Op::GreaterEqual, "2"), (Op::Less, "3")]), ">=2,<3");
        assert_eq!(said(Scheme::Pep440, &[(Op::Bare, "3.9.*")]), "==3.9.*");
        assert_eq!(said(Scheme::Conda, &[(Op::Equal, "3.13.*")]), "=3.13.*");
        assert_eq!(said(Scheme::Debian, &[(Op::Equal, "1.2-3")]), "=1.2-3");
        assert_eq!(said(Scheme::Debian, &[(Op::GreaterEqual, "1.2")]), "");
        assert_eq!(said(Scheme::Julia, &[(Op::GreaterEqual, "1.1"), (Op::Less, "2")]), ">=1.1,<2");
        assert_eq!(said(Scheme::Npm, &[(Op::GreaterEqual, "1"), (Op::Less, "2")]), ">=1 <2");
    }
}
