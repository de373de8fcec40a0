//! Versions of nobody's scheme: the values of an axis such as `3.10`, `21` or `12.4-rc1`, compared as people would.
//!
//! Runs of digits are numbers, runs of letters are words, all else parts them. What is missing counts as zero, words sort
//! below numbers (so `12.4-rc1` is below `12.4`), and any text at all has its place.

use std::cmp::Ordering;

use super::constraint::{Bound, Op};

/// Which of two values is the greater; never fails, and equal ones may be written differently (`3.10` and `3.10.0`).
#[must_use]
pub fn compare(left: &str, right: &str) -> Ordering {
    let (mut left, mut right) = (Parts(left), Parts(right));
    loop {
        match (left.next(), right.next()) {
            (None, None) => return Ordering::Equal,
            (left, right) => match left.unwrap_or(ZERO).cmp(&right.unwrap_or(ZERO)) {
                Ordering::Equal => {}
                other => return other,
            },
        }
    }
}

/// Major, minor and patch: the first three numbers parted by dots; the first is zero where there is none.
#[must_use]
pub fn parts(value: &str) -> (u64, Option<u64>, Option<u64>) {
    let numbers = super::refuse::numbers(value.trim_start_matches(['v', 'V']));
    (numbers.first().copied().unwrap_or(0), numbers.get(1).copied(), numbers.get(2).copied())
}

/// Whether a value fulfils a bound; `==3.*` and `=3` hold of all that begin with `3`, `==3` only of what equals it.
#[must_use]
pub fn matches(value: &str, bound: &Bound) -> bool {
    let (version, pattern) = match bound.version.strip_suffix('*') {
        Some("") => return bound.op != Op::NotEqual,
        Some(head) => (head.trim_end_matches('.'), true),
        None => (bound.version.as_str(), false),
    };
    let order = compare(value, version);
    let kept = |count: usize| order != Ordering::Less && shares(value, version, count);
    let all = Parts(version).count();
    match bound.op {
        Op::Arbitrary => value == bound.version,
        Op::Equal | Op::Bare if pattern => shares(value, version, all),
        Op::Equal | Op::Bare => order == Ordering::Equal,
        Op::NotEqual if pattern => !shares(value, version, all),
        Op::NotEqual => order != Ordering::Equal,
        Op::Fuzzy => shares(value, version, all),
        Op::GreaterEqual => order != Ordering::Less,
        Op::LessEqual => order != Ordering::Greater,
        Op::Greater => order == Ordering::Greater,
        Op::Less => order == Ordering::Less,
        Op::Compatible => kept(all.saturating_sub(1).max(1)),
        Op::Tilde => kept(all.min(2)),
        Op::Caret => kept(Parts(version).position(|part| part != ZERO).map_or(all, |at| at + 1)),
    }
}

/// Whether the first `count` parts are the same.
fn shares(left: &str, right: &str, count: usize) -> bool {
    let filled = |text| Parts(text).chain(std::iter::repeat(ZERO)).take(count);
    filled(left).eq(filled(right))
}

/// A part of a value, words below numbers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part<'a> {
    /// Letters.
    Word(&'a str),
    /// How many digits, without leading zeros, and which.
    Number(usize, &'a str),
}

/// What a missing part counts as.
const ZERO: Part<'static> = Part::Number(0, "");

/// The parts of what is left of a value.
struct Parts<'a>(&'a str);

impl<'a> Iterator for Parts<'a> {
    type Item = Part<'a>;

    fn next(&mut self) -> Option<Part<'a>> {
        let rest = self.0.trim_start_matches(|c: char| !c.is_alphanumeric());
        let digit = rest.chars().next()?.is_ascii_digit();
        let end = rest.find(|c: char| !c.is_alphanumeric() || c.is_ascii_digit() != digit).unwrap_or(rest.len());
        let (run, after) = rest.split_at_checked(end)?;
        self.0 = after;
        let digits = run.trim_start_matches('0');
        Some(if digit { Part::Number(digits.len(), digits) } else { Part::Word(run) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_sort_as_people_sort_them() {
        for pair in ["", "3.2", "3.9", "3.10", "3.12.0a1", "3.12", "3.12.1", "12.4-rc1", "12.4", "21"].windows(2).skip(1) {
            assert_eq!(compare(pair[0], pair[1]), Ordering::Less, "{pair:?}");
        }
        assert_eq!(compare("3.10", "v3.10".trim_start_matches('v')), Ordering::Equal);
        assert_eq!(compare("3.10", "3.10.0"), Ordering::Equal);
        assert_eq!(compare("jammy", "noble"), Ordering::Less);
        assert_eq!(compare("2.5.1", "2.05.1"), Ordering::Equal);
    }

    #[test]
    fn parts_are_the_leading_numbers() {
        assert_eq!(parts("3.10"), (3, Some(10), None));
        assert_eq!(parts("2.5.1+cu121"), (2, Some(5), Some(1)));
        assert_eq!(parts("12.4-rc1"), (12, Some(4), None));
        assert_eq!(parts("noble"), (0, None, None));
    }

    #[test]
    fn bounds_hold_of_values() {
        for (value, op, version, expected) in [
            ("3.12", Op::GreaterEqual, "3.9", true),
            ("3.12.4", Op::Equal, "3.12", false),
            ("3.12.4", Op::Equal, "3.12.*", true),
            ("3.1", Op::Equal, "3.12.*", false),
            ("3.12.4", Op::NotEqual, "3.12.*", false),
            ("3.12.4", Op::Fuzzy, "3.12", true),
            ("3.12", Op::Bare, "3.12", true),
            ("2.9", Op::Compatible, "2.2", true),
            ("3.0", Op::Compatible, "2.2", false),
            ("0.2.9", Op::Caret, "0.2.3", true),
            ("0.3", Op::Caret, "0.2.3", false),
            ("1.3", Op::Tilde, "1.2.3", false),
            ("1", Op::Equal, "*", true),
        ] {
            let bound = Bound { op, version: version.into(), build: None };
            assert_eq!(matches(value, &bound), expected, "{value} {bound}");
        }
    }
}
