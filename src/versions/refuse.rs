//! Operators that a scheme lacks, and what to write in their place.

use super::constraint::{Bound, Op};
use super::problem::Problem;
use super::scheme::Scheme;

/// Refuses an operator, a pattern or a build string that the scheme can't have.
pub(super) fn check(scheme: Scheme, bound: &Bound) -> Result<(), Problem> {
    let Bound { op, version, build } = bound;
    if !has(scheme, *op) {
        let message = format!("{} has no operator `{}`", scheme.title(), op.as_str());
        return Err(Problem { message, help: instead(scheme, *op, version).map(|text| format!("write {text}")) });
    }
    if let Some(build) = build.as_ref().filter(|_| scheme != Scheme::Conda) {
        return Err(Problem::new(
            format!("`{version}={build}` has a build string, which {} does not know", scheme.title()),
            format!("write `{version}`"),
        ));
    }
    let Some(head) = version.strip_suffix('*').filter(|_| *op != Op::Arbitrary) else {
        return if version.contains('*') && *op != Op::Arbitrary { Err(inner_star(version)) } else { Ok(()) };
    };
    let fixed = head.trim_end_matches(['*', '.']);
    if !matches!(op, Op::Equal | Op::NotEqual | Op::Fuzzy | Op::Bare) || (head.is_empty() && *op == Op::NotEqual) {
        let help = if fixed.is_empty() { "leave the bound out".to_owned() } else { format!("write `{}{fixed}`", op.as_str()) };
        return Err(Problem::new(format!("`{bound}` compares with a pattern"), help));
    }
    if !head.is_empty() && (!head.ends_with('.') || head.contains('*')) {
        return Err(inner_star(version));
    }
    Ok(())
}

/// A star that is not a part of its own at the end.
fn inner_star(version: &str) -> Problem {
    let head = version.split('*').next().unwrap_or("").trim_end_matches('.');
    Problem::new(
        format!("`{version}` has a `*` that is not a last part of its own"),
        if head.is_empty() { "write `*`".to_owned() } else { format!("write `{head}.*`") },
    )
}

/// Whether the scheme knows the operator.
fn has(scheme: Scheme, op: Op) -> bool {
    match op {
        Op::Equal | Op::GreaterEqual | Op::Less | Op::Bare => true,
        Op::LessEqual | Op::Greater => scheme != Scheme::Julia,
        Op::NotEqual => matches!(scheme, Scheme::Pep440 | Scheme::Conda | Scheme::R),
        Op::Compatible => matches!(scheme, Scheme::Pep440 | Scheme::Conda),
        Op::Arbitrary => scheme == Scheme::Pep440,
        Op::Fuzzy => scheme == Scheme::Conda,
        Op::Caret | Op::Tilde => matches!(scheme, Scheme::Npm | Scheme::Julia),
    }
}

/// What says the same with the operators that the scheme has, in backticks.
fn instead(scheme: Scheme, op: Op, version: &str) -> Option<String> {
    let fixed = version.strip_suffix(".*").unwrap_or(version);
    let next = |place: usize| bump(fixed, place);
    let parts = numbers(fixed).len();
    let to = |bound: Option<String>| bound.map(|bound| format!("`>={fixed}, <{bound}`"));
    match op {
        Op::Arbitrary => Some(format!("`=={version}`")),
        Op::Fuzzy if scheme == Scheme::Pep440 => Some(format!("`=={fixed}`, or `=={fixed}.*` for all that begin so")),
        Op::Fuzzy => Some(format!("`=={fixed}`")),
        Op::NotEqual if scheme == Scheme::Julia => next(3).map(|next| format!("`<{fixed} | >={next}`")),
        Op::NotEqual => Some(format!("`<{fixed} | >{fixed}`")),
        Op::Greater => next(3).map(|next| format!("`>={next}`")),
        Op::LessEqual => next(3).map(|next| format!("`<{next}`")),
        Op::Compatible => to(next(parts.saturating_sub(1).max(1))),
        Op::Tilde if has(scheme, Op::Compatible) && parts > 2 => Some(format!("`~={fixed}`")),
        Op::Tilde => to(next(parts.min(2))),
        Op::Caret => to(next(numbers(fixed).iter().position(|number| *number != 0).map_or(parts, |at| at + 1))),
        Op::Equal | Op::GreaterEqual | Op::Less | Op::Bare => None,
    }
}

/// The numbers that a version begins with.
pub(super) fn numbers(version: &str) -> Vec<u64> {
    let end = version.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(version.len());
    version.get(..end).unwrap_or("").split('.').map_while(|part| part.parse().ok()).collect()
}

/// The first `place` numbers of a version, the last of them counted on.
pub(super) fn bump(version: &str, place: usize) -> Option<String> {
    let mut numbers = numbers(version);
    if numbers.is_empty() || place == 0 {
        return None;
    }
    numbers.resize(place, 0);
    let last = numbers.pop()?.checked_add(1)?;
    numbers.push(last);
    Some(numbers.iter().map(u64::to_string).collect::<Vec<_>>().join("."))
}
