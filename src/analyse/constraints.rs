//! Constraints in the words of each package manager.

use crate::ir::{Segment, Segments};
use crate::versions::{Bound, Constraint, Op, Scheme};

/// A constraint as the manager's command takes it, glued to the name; empty where there is none or where the manager can't
/// say it (apt and dnf take exact versions only: the rest is for the checks). `marked` are the versions of the bounds in
/// pieces.
///
/// # Errors
/// Says what the manager has no words for.
pub(crate) fn render(scheme: Scheme, constraint: &Constraint, marked: &[Vec<Segments>]) -> Result<Segments, String> {
    let mut out = Vec::new();
    let (and, or) = match scheme {
        Scheme::Npm => (" ", " || "),
        _ => (",", "|"),
    };
    if constraint.alternatives.len() > 1 && !matches!(scheme, Scheme::Conda | Scheme::Npm | Scheme::Julia) {
        return Err("it has no alternatives (`|`)".to_owned());
    }
    for (at, (bounds, texts)) in constraint.alternatives.iter().zip(marked).enumerate() {
        if at > 0 {
            out.push(Segment::Literal(if scheme == Scheme::Julia { ", ".to_owned() } else { or.to_owned() }));
        }
        for (at, (bound, text)) in bounds.iter().zip(texts).enumerate() {
            let Some((before, after)) = around(scheme, bound) else { continue };
            if at > 0 {
                out.push(Segment::Literal(and.to_owned()));
            }
            out.push(Segment::Literal(before));
            out.extend(text.0.iter().cloned());
            out.push(Segment::Literal(after));
        }
    }
    out.retain(|segment| !matches!(segment, Segment::Literal(text) if text.is_empty()));
    Ok(Segments(out))
}

/// What stands before and after the version of a bound; `None` where the manager can't say it.
fn around(scheme: Scheme, bound: &Bound) -> Option<(String, String)> {
    let op = bound.op.as_str();
    let pattern = bound.version.ends_with(".*") || bound.version == "*";
    Some(match scheme {
        Scheme::Pep440 if bound.op == Op::Bare => ("==".to_owned(), String::new()),
        Scheme::Conda => {
            let op = if bound.op == Op::Bare || (bound.op == Op::Equal && pattern) { "=" } else { op };
            (op.to_owned(), bound.build.as_ref().map_or_else(String::new, |build| format!("={build}")))
        }
        Scheme::Debian if matches!(bound.op, Op::Equal) => ("=".to_owned(), String::new()),
        Scheme::Rpm if matches!(bound.op, Op::Equal) => ("-".to_owned(), String::new()),
        Scheme::R if matches!(bound.op, Op::Equal) => ("==".to_owned(), String::new()),
        Scheme::Debian | Scheme::Rpm | Scheme::R => return None,
        Scheme::Npm | Scheme::Julia if matches!(bound.op, Op::Equal) => {
            (if scheme == Scheme::Julia { "=".to_owned() } else { String::new() }, String::new())
        }
        _ => (op.to_owned(), String::new()),
    })
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

#[cfg(test)]
mod tests {
    use super::*;

    fn said(scheme: Scheme, bounds: &[(Op, &str)]) -> String {
        let bounds: Vec<Bound> =
            bounds.iter().map(|(op, version)| Bound { op: *op, version: (*version).to_owned(), build: None }).collect();
        let texts = bounds.iter().map(|bound| Segments::literal(&bound.version)).collect();
        render(scheme, &Constraint { alternatives: vec![bounds] }, &[texts]).expect("sayable").plain()
    }

    #[test]
    fn each_manager_has_its_words() {
        assert_eq!(said(Scheme::Pep440, &[(Op::GreaterEqual, "2"), (Op::Less, "3")]), ">=2,<3");
        assert_eq!(said(Scheme::Pep440, &[(Op::Bare, "3.9.*")]), "==3.9.*");
        assert_eq!(said(Scheme::Conda, &[(Op::Equal, "3.13.*")]), "=3.13.*");
        assert_eq!(said(Scheme::Debian, &[(Op::Equal, "1.2-3")]), "=1.2-3");
        assert_eq!(said(Scheme::Debian, &[(Op::GreaterEqual, "1.2")]), "");
        assert_eq!(said(Scheme::Npm, &[(Op::GreaterEqual, "1"), (Op::Less, "2")]), ">=1 <2");
    }
}
