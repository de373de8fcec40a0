//! Environment markers: read, decided for one machine and the interpreters that are possible, written again.

mod key;
mod read;

pub use key::Key;

use std::fmt;

use super::pythons::{Asks, Interpreter, Pythons};
use crate::versions::{Bound, Constraint, Op, Scheme, VersionSet};

/// A condition on the interpreter and the machine that a package is installed for.
#[derive(Clone, Debug)]
pub enum Marker {
    /// Decided already.
    Known(bool),
    /// One comparison.
    Test(Box<Test>),
    /// The opposite. PEP 508 has no such word: it is written with the opposite operators.
    Not(Box<Self>),
    /// Both.
    And(Box<Self>, Box<Self>),
    /// One of the two, or both.
    Or(Box<Self>, Box<Self>),
}

/// A comparison of a name of PEP 508 with a text.
#[derive(Clone, Debug)]
pub struct Test {
    key: Key,
    sign: Sign,
    literal: String,
    /// Whether the text is on the left side.
    reversed: bool,
    /// What the sign and the text mean as a specifier of versions, for names that are versions.
    versions: Option<VersionSet>,
}

/// An operator of a marker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// One of PEP 440's.
    Version(Op),
    /// `in`: the left text is a part of the right one.
    In,
    /// `not in`
    NotIn,
}

impl Sign {
    /// The operator that holds where this one does not; `None` where there is none.
    fn opposite(self) -> Option<Self> {
        Some(match self {
            Self::Version(Op::Equal) => Self::Version(Op::NotEqual),
            Self::Version(Op::NotEqual) => Self::Version(Op::Equal),
            Self::Version(Op::Less) => Self::Version(Op::GreaterEqual),
            Self::Version(Op::GreaterEqual) => Self::Version(Op::Less),
            Self::Version(Op::Greater) => Self::Version(Op::LessEqual),
            Self::Version(Op::LessEqual) => Self::Version(Op::Greater),
            Self::Version(_) => return None,
            Self::In => Self::NotIn,
            Self::NotIn => Self::In,
        })
    }
}

impl fmt::Display for Sign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Version(op) => op.as_str(),
            Self::In => "in",
            Self::NotIn => "not in",
        })
    }
}

impl Test {
    /// A comparison; `reversed` where the text is on the left side.
    ///
    /// # Errors
    /// Says why pip can't compare the two.
    pub fn new(key: Key, sign: Sign, literal: impl Into<String>, reversed: bool) -> Result<Self, String> {
        let literal = literal.into();
        let versions = match sign {
            Sign::Version(op) if key.is_version() && !reversed => specifier(op, &literal),
            _ => None,
        };
        let defined =
            versions.is_some() || (reversed && key.is_version()) || !matches!(sign, Sign::Version(Op::Compatible | Op::Arbitrary));
        if defined {
            Ok(Self { key, sign, literal, reversed, versions })
        } else {
            Err(format!("`{sign}` compares versions, and `{literal}` is none of `{}`", key.name()))
        }
    }

    /// As `packaging` compares: versions where both sides are, else texts, which have no order.
    fn holds(&self, value: &str) -> bool {
        if let Some(versions) = &self.versions {
            return versions.contains(value).unwrap_or(false);
        }
        let (left, right) = if self.reversed { (self.literal.as_str(), value) } else { (value, self.literal.as_str()) };
        if let (true, true, Sign::Version(op)) = (self.reversed, self.key.is_version(), self.sign)
            && let Some(versions) = specifier(op, right)
        {
            return versions.contains(left).unwrap_or(false);
        }
        match self.sign {
            Sign::In => right.contains(left),
            Sign::NotIn => !right.contains(left),
            Sign::Version(Op::NotEqual) => left != right,
            Sign::Version(Op::Equal | Op::LessEqual | Op::GreaterEqual) => left == right,
            Sign::Version(_) => false,
        }
    }
}

/// The versions of one specifier; `None` where it is none.
fn specifier(op: Op, version: &str) -> Option<VersionSet> {
    let odd = |c: char| c.is_whitespace() || matches!(c, ';' | ')');
    if matches!(op, Op::Bare | Op::Fuzzy | Op::Caret | Op::Tilde) || (op == Op::Arbitrary && version.trim().contains(odd)) {
        return None;
    }
    let bound = Bound { op, version: version.trim().to_owned(), build: None };
    Scheme::Pep440.set(&Constraint { alternatives: vec![vec![bound]] }).ok()
}

impl Marker {
    /// Whether it holds on a machine for every interpreter that is possible, or for none; `None` where that is known in the build
    /// alone.
    #[must_use]
    pub fn decide(&self, machine: &str, pythons: &Pythons) -> Option<bool> {
        let mut verdict = None;
        for python in pythons.distinct(self.asks()) {
            let here = self.at(machine, python)?;
            if verdict.is_some_and(|verdict| verdict != here) {
                return None;
            }
            verdict = Some(here);
        }
        verdict
    }

    /// Whether it is the interpreter alone that leaves it open on a machine.
    #[must_use]
    pub fn waits_for_python(&self, machine: &str, pythons: &Pythons) -> bool {
        self.asks() != Asks::Nothing && pythons.distinct(self.asks()).all(|python| self.at(machine, python).is_some())
    }

    /// How much of the interpreter's version it asks for.
    fn asks(&self) -> Asks {
        match self {
            Self::Known(_) => Asks::Nothing,
            Self::Test(test) => match test.key {
                Key::PythonVersion => Asks::Minor,
                Key::PythonFullVersion | Key::ImplementationVersion => Asks::Full,
                _ => Asks::Nothing,
            },
            Self::Not(inner) => inner.asks(),
            Self::And(left, right) | Self::Or(left, right) => left.asks().max(right.asks()),
        }
    }

    fn at(&self, machine: &str, python: &Interpreter) -> Option<bool> {
        match self {
            Self::Known(known) => Some(*known),
            Self::Test(test) => test.key.value(machine, python).map(|value| test.holds(value)),
            Self::Not(inner) => inner.at(machine, python).map(|holds| !holds),
            Self::And(left, right) => match (left.at(machine, python), right.at(machine, python)) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (left, right) => Some(left? && right?),
            },
            Self::Or(left, right) => match (left.at(machine, python), right.at(machine, python)) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (left, right) => Some(left? || right?),
            },
        }
    }

    /// The same without what is decided, and without `not`.
    ///
    /// # Errors
    /// Names the operator that has no opposite.
    pub fn simplified(&self) -> Result<Self, Sign> {
        self.simple(false)
    }

    fn simple(&self, opposite: bool) -> Result<Self, Sign> {
        Ok(match self {
            Self::Known(known) => Self::Known(*known != opposite),
            Self::Test(test) if opposite => {
                let sign = test.sign.opposite().ok_or(test.sign)?;
                Self::Test(Box::new(Test::new(test.key, sign, test.literal.clone(), test.reversed).map_err(|_| test.sign)?))
            }
            Self::Test(test) => Self::Test(test.clone()),
            Self::Not(inner) => inner.simple(!opposite)?,
            Self::And(left, right) | Self::Or(left, right) => {
                let both = matches!(self, Self::And(..)) != opposite;
                match (left.simple(opposite)?, right.simple(opposite)?) {
                    (Self::Known(known), other) | (other, Self::Known(known)) => {
                        if known == both {
                            other
                        } else {
                            Self::Known(known)
                        }
                    }
                    (left, right) if both => Self::And(Box::new(left), Box::new(right)),
                    (left, right) => Self::Or(Box::new(left), Box::new(right)),
                }
            }
        })
    }
}

impl fmt::Display for Test {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let quote = if self.literal.contains('"') { '\'' } else { '"' };
        let (name, literal) = (self.key.name(), &self.literal);
        if self.reversed {
            write!(f, "{quote}{literal}{quote} {} {name}", self.sign)
        } else {
            write!(f, "{name} {} {quote}{literal}{quote}", self.sign)
        }
    }
}

/// As pip reads it, if it is [`Marker::simplified`].
impl fmt::Display for Marker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(known) => write!(f, "os_name {} \"\"", if *known { "!=" } else { "==" }),
            Self::Test(test) => test.fmt(f),
            Self::Not(inner) => write!(f, "not ({inner})"),
            Self::And(left, right) => {
                for (at, side) in [left, right].into_iter().enumerate() {
                    f.write_str(if at == 0 { "" } else { " and " })?;
                    if matches!(**side, Self::Or(..)) { write!(f, "({side})") } else { side.fmt(f) }?;
                }
                Ok(())
            }
            Self::Or(left, right) => write!(f, "{left} or {right}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::versions::Constraint;

    fn decide(text: &str, known: &str) -> Option<bool> {
        let pythons = Pythons::of(&Constraint::of(Op::Bare, known));
        Marker::read(text).expect(text).decide("x86_64", &pythons)
    }

    #[test]
    fn python_version_is_major_and_minor() {
        assert_eq!(decide("python_version == '3.11'", "3.11.8"), Some(true));
        assert_eq!(decide("python_version > '3.11'", "3.11.8"), Some(false));
        assert_eq!(decide("python_version <= '3.11'", "3.11.8"), Some(true));
        assert_eq!(decide("python_full_version == '3.11'", "3.11.8"), Some(false));
        assert_eq!(decide("'3.9' <= python_version", "3.11.*"), Some(true));
        assert_eq!(decide("python_version in '3.11 3.12'", "3.11.*"), Some(true));
        assert_eq!(decide("python_version ~= '3.9'", "3.11.*"), Some(true));
    }

    #[test]
    fn what_is_not_known_is_not_guessed() {
        assert_eq!(decide("python_full_version >= '3.11.4'", "3.11.*"), None);
        assert_eq!(decide("python_full_version >= '3.11'", "3.11.*"), Some(true));
        assert_eq!(decide("python_full_version < '3.11.4' or python_full_version >= '3.11.4'", "3.11.*"), Some(true));
        assert_eq!(decide("platform_release >= '6'", "3.11.8"), None);
        assert_eq!(decide("platform_release >= '6' and os_name == 'nt'", "3.11.8"), Some(false));
        assert_eq!(Marker::read("python_version < '4'").expect("read").decide("x86_64", &Pythons::any()), Some(true));
        assert_eq!(Marker::read("python_version < '3.9'").expect("read").decide("x86_64", &Pythons::any()), None);
    }

    #[test]
    fn machines_and_texts() {
        assert_eq!(decide("platform_machine == 'x86_64' and 'linux' in sys_platform", "3.11.8"), Some(true));
        assert_eq!(decide("sys.platform not in 'win32' or os.name == 'nt'", "3.11.8"), Some(true));
        assert_eq!(decide("extra == 'test'", "3.11.8"), Some(false));
        assert_eq!(decide("(python_implementation == 'CPython')", "3.11.8"), Some(true));
    }

    #[test]
    fn what_is_wrong_is_told() {
        for text in [
            "",
            "python_version",
            "python_version ==",
            "'3' == '3'",
            "os_name ~= 'nt'",
            "python_version = '3'",
            "(os_name == 'x'",
            "a == 'b'",
            "os_name == 'x' os_name",
        ] {
            assert!(Marker::read(text).is_err(), "{text}");
        }
        assert!(Marker::read(&format!("{}os_name == 'x'", "(".repeat(1000))).is_err());
    }

    #[test]
    fn what_is_left_is_written_again() {
        let read = |text: &str| Box::new(Marker::read(text).expect(text));
        let marker =
            Marker::And(Box::new(Marker::Known(true)), Box::new(Marker::Not(read("os_name == 'nt' and python_full_version < '3.11.4'"))));
        let left = marker.simplified().expect("opposites").to_string();
        assert_eq!(left, "os_name != \"nt\" or python_full_version >= \"3.11.4\"");
        assert_eq!(Marker::read(&left).expect("reads").to_string(), left);
        let nested = read("(os_name == 'a' or os_name == 'b') and extra == 'c'").to_string();
        assert_eq!(nested, "(os_name == \"a\" or os_name == \"b\") and extra == \"c\"");
        assert!(matches!(Marker::Not(read("python_version ~= '3.9'")).simplified(), Err(Sign::Version(Op::Compatible))));
    }
}
