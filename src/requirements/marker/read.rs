//! The grammar of markers.

use super::{Key, Marker, Sign, Test};
use crate::versions::Op;

/// How deep parentheses may nest: deeper trees are of no use, and overflow a stack.
const MAX_DEPTH: usize = 64;

impl Marker {
    /// Reads a whole marker.
    ///
    /// # Errors
    /// Says what is not understood.
    pub fn read(text: &str) -> Result<Self, String> {
        let mut reader = Reader { rest: text.trim(), depth: 0 };
        let marker = reader.either()?;
        if reader.rest.is_empty() { Ok(marker) } else { Err(format!("`{}` is left over", reader.rest)) }
    }
}

/// A marker that is being read.
struct Reader<'t> {
    rest: &'t str,
    depth: usize,
}

/// One side of a comparison.
enum Side {
    Key(Key),
    Text(String),
}

impl Reader<'_> {
    fn either(&mut self) -> Result<Marker, String> {
        let mut whole = self.both()?;
        while self.word("or") {
            whole = Marker::Or(Box::new(whole), Box::new(self.both()?));
        }
        Ok(whole)
    }

    fn both(&mut self) -> Result<Marker, String> {
        let mut whole = self.one()?;
        while self.word("and") {
            whole = Marker::And(Box::new(whole), Box::new(self.one()?));
        }
        Ok(whole)
    }

    fn one(&mut self) -> Result<Marker, String> {
        self.skip();
        if let Some(rest) = self.rest.strip_prefix('(') {
            self.depth += 1;
            if self.depth > MAX_DEPTH {
                return Err("its parentheses nest too deep".to_owned());
            }
            self.rest = rest;
            let inner = self.either()?;
            self.rest = self.rest.strip_prefix(')').ok_or("a parenthesis is not closed")?;
            self.depth -= 1;
            self.skip();
            return Ok(inner);
        }
        let (left, sign, right) = (self.side()?, self.sign()?, self.side()?);
        let test = match (left, right) {
            (Side::Key(key), Side::Text(literal)) => Test::new(key, sign, literal, false),
            (Side::Text(literal), Side::Key(key)) => Test::new(key, sign, literal, true),
            _ => Err("a comparison takes one name and one text".to_owned()),
        };
        test.map(|test| Marker::Test(Box::new(test)))
    }

    fn skip(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t']);
    }

    /// Whether a word stands here; goes behind it.
    fn word(&mut self, word: &str) -> bool {
        self.skip();
        let Some(rest) = self.rest.strip_prefix(word).filter(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_')) else {
            return false;
        };
        self.rest = rest;
        self.skip();
        true
    }

    fn side(&mut self) -> Result<Side, String> {
        self.skip();
        if let Some(quote) = self.rest.chars().next().filter(|c| matches!(c, '"' | '\'')) {
            let inner = self.rest.get(1..).unwrap_or_default();
            let (text, rest) = inner.split_once(quote).ok_or("a text is not closed")?;
            self.rest = rest;
            self.skip();
            return Ok(Side::Text(text.to_owned()));
        }
        let end = self.rest.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '.'))).unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at(end);
        let key = Key::find(name).ok_or_else(|| format!("`{name}` is no name of PEP 508"))?;
        self.rest = rest;
        self.skip();
        Ok(Side::Key(key))
    }

    fn sign(&mut self) -> Result<Sign, String> {
        if self.word("in") {
            return Ok(Sign::In);
        }
        if self.word("not") {
            return if self.word("in") { Ok(Sign::NotIn) } else { Err("`not` without `in`".to_owned()) };
        }
        let end = self.rest.find(|c: char| !"=<>!~".contains(c)).unwrap_or(self.rest.len());
        let (sign, rest) = self.rest.split_at(end);
        let op = Op::parse(sign).filter(|op| !matches!(op, Op::Bare | Op::Fuzzy | Op::Caret | Op::Tilde));
        self.rest = rest;
        op.map(Sign::Version)
            .ok_or_else(|| if sign.is_empty() { "an operator is missing".to_owned() } else { format!("`{sign}` is no operator") })
    }
}
