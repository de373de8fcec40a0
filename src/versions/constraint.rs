//! What a program writes about a version: operators, bounds, and the constraints made of them.

use std::fmt;

/// How a bound relates a package's version to the one written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Op {
    /// `===`: the same text, whatever it means; PEP 440 only.
    Arbitrary,
    /// `==`: the same version, or with `.*` one that begins so.
    Equal,
    /// `~=`: at least this, and the same but for the last part.
    Compatible,
    /// `!=`: another version, or with `.*` one that does not begin so.
    NotEqual,
    /// `>=`: this or newer.
    GreaterEqual,
    /// `<=`: this or older.
    LessEqual,
    /// `>`: newer.
    Greater,
    /// `<`: older.
    Less,
    /// `=`: begins so; conda only.
    Fuzzy,
    /// `^`: this or newer without a change of the first part that is not zero; npm and Julia.
    Caret,
    /// `~`: this or newer with the same minor version; npm and Julia.
    Tilde,
    /// No operator: a pattern (`3.9.*`) or a version that is known.
    Bare,
}

impl Op {
    /// The operator written as `text`; [`Op::Bare`] for the empty text.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "===" => Self::Arbitrary,
            "==" => Self::Equal,
            "~=" => Self::Compatible,
            "!=" => Self::NotEqual,
            ">=" => Self::GreaterEqual,
            "<=" => Self::LessEqual,
            ">" => Self::Greater,
            "<" => Self::Less,
            "=" => Self::Fuzzy,
            "^" => Self::Caret,
            "~" => Self::Tilde,
            "" => Self::Bare,
            _ => return None,
        })
    }

    /// The operator as written in a program; empty for [`Op::Bare`].
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Arbitrary => "===",
            Self::Equal => "==",
            Self::Compatible => "~=",
            Self::NotEqual => "!=",
            Self::GreaterEqual => ">=",
            Self::LessEqual => "<=",
            Self::Greater => ">",
            Self::Less => "<",
            Self::Fuzzy => "=",
            Self::Caret => "^",
            Self::Tilde => "~",
            Self::Bare => "",
        }
    }
}

/// One operator with its version.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Bound {
    /// The operator.
    pub op: Op,
    /// The version as written; it may end in `.*`, or be `*`.
    pub version: String,
    /// The build string of a conda `MatchSpec`, in which `*` stands for any text.
    pub build: Option<String>,
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.op.as_str(), self.version)?;
        self.build.as_ref().map_or(Ok(()), |build| write!(f, "={build}"))
    }
}

/// Alternatives (`|`) of conjunctions (`,`). None at all means any version.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Constraint {
    /// One conjunction of bounds for each alternative.
    pub alternatives: Vec<Vec<Bound>>,
}

impl Constraint {
    /// The constraint of one bound.
    #[must_use]
    pub fn of(op: Op, version: impl Into<String>) -> Self {
        Self { alternatives: vec![vec![Bound { op, version: version.into(), build: None }]] }
    }

    /// Whether nothing is written, so any version will do.
    #[must_use]
    pub fn is_any(&self) -> bool {
        self.alternatives.is_empty()
    }

    /// Its bounds in the order of writing, whatever joins them.
    pub fn bounds(&self) -> impl Iterator<Item = &Bound> {
        self.alternatives.iter().flatten()
    }
}

impl fmt::Display for Constraint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, conjunction) in self.alternatives.iter().enumerate() {
            f.write_str(if place == 0 { "" } else { " | " })?;
            for (place, bound) in conjunction.iter().enumerate() {
                write!(f, "{}{bound}", if place == 0 { "" } else { ", " })?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_constraint_shows_as_it_is_written() {
        let bound = |op, version: &str, build: Option<&str>| Bound { op, version: version.into(), build: build.map(Into::into) };
        let constraint = Constraint {
            alternatives: vec![
                vec![bound(Op::GreaterEqual, "2", None), bound(Op::Less, "3", None)],
                vec![bound(Op::Equal, "1.*", None)],
                vec![bound(Op::Bare, "*", Some("*cuda*"))],
            ],
        };
        assert_eq!(constraint.to_string(), ">=2, <3 | ==1.* | *=*cuda*");
        assert_eq!(Constraint::default().to_string(), "");
    }

    #[test]
    fn every_operator_reads_as_it_is_written() {
        for text in ["===", "==", "~=", "!=", ">=", "<=", ">", "<", "=", "^", "~", ""] {
            assert_eq!(Op::parse(text).map(Op::as_str), Some(text));
        }
        assert_eq!(Op::parse("=>"), None);
    }
}
