//! Reading the parts of a phrase in order: what belongs there is taken, what is missing or left over is reported.

use super::context::{Context, UnitId};
use super::scope::Scope;
use crate::base::{Place, Span, or_nearest};
use crate::diagnostics::{Diagnostic, known};
use crate::syntax::ast::{Block, ListBody, Name, Part, Phrase, Reference, Text, Value};

/// A cursor over the parts of a phrase.
pub(crate) struct Parts<'c, 'a> {
    cx: &'c Context<'a>,
    unit: UnitId,
    word: &'a str,
    rest: &'a [Part],
    end: Span,
}

impl<'c, 'a> Parts<'c, 'a> {
    /// The parts after the head of a phrase.
    pub(crate) fn of(cx: &'c Context<'a>, unit: UnitId, phrase: &'a Phrase) -> Self {
        let word = phrase.head.as_ref().map_or("", |head| head.node.as_str());
        Self::new(cx, unit, word, &phrase.parts, phrase.span)
    }

    /// Parts that follow `word`; `span` is the whole of the statement.
    pub(crate) fn new(cx: &'c Context<'a>, unit: UnitId, word: &'a str, parts: &'a [Part], span: Span) -> Self {
        Self { cx, unit, word, rest: parts, end: span }
    }

    /// The next part, without taking it.
    pub(crate) fn peek(&self) -> Option<&'a Part> {
        self.rest.first()
    }

    /// The next part.
    pub(crate) fn next(&mut self) -> Option<&'a Part> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(first)
    }

    /// Takes this word, if it is next.
    pub(crate) fn word(&mut self, word: &str) -> bool {
        let found = matches!(self.peek(), Some(Part::Word(name)) if name.node == word);
        if found {
            self.next();
        }
        found
    }

    /// Takes an `=`, if it is next.
    pub(crate) fn equals(&mut self) -> bool {
        let found = matches!(self.peek(), Some(Part::Equals(_)));
        if found {
            self.next();
        }
        found
    }

    /// Takes a name, if one is next.
    pub(crate) fn maybe_name(&mut self) -> Option<&'a Name> {
        match self.peek() {
            Some(Part::Word(name)) => {
                self.next();
                Some(name)
            }
            _ => None,
        }
    }

    /// A name, or a finding that says what is missing.
    pub(crate) fn name(&mut self, what: &str) -> Option<&'a Name> {
        let name = self.maybe_name();
        if name.is_none() {
            self.missing(what);
        }
        name
    }

    /// Takes a text, if one is next.
    pub(crate) fn maybe_text(&mut self) -> Option<&'a Text> {
        match self.peek() {
            Some(Part::Value(Value::Text(text))) => {
                self.next();
                Some(text)
            }
            _ => None,
        }
    }

    /// A text, or a finding that says what is missing.
    pub(crate) fn text(&mut self, what: &str) -> Option<&'a Text> {
        let text = self.maybe_text();
        if text.is_none() {
            self.missing(what);
        }
        text
    }

    /// A text with its values put in, or a finding.
    pub(crate) fn evaluated(&mut self, scope: &Scope<'_>, what: &str) -> Option<String> {
        let text = self.text(what)?;
        scope.text(self.cx, text)
    }

    /// Takes a value of any kind, if one is next.
    pub(crate) fn maybe_value(&mut self) -> Option<&'a Value> {
        match self.peek() {
            Some(Part::Value(value)) => {
                self.next();
                Some(value)
            }
            _ => None,
        }
    }

    /// A value of any kind, or a finding that says what is missing.
    pub(crate) fn value(&mut self, what: &str) -> Option<&'a Value> {
        let value = self.maybe_value();
        if value.is_none() {
            self.missing(what);
        }
        value
    }

    /// A number, or a finding that says what is missing.
    pub(crate) fn number(&mut self, what: &str) -> Option<&'a Name> {
        if let Some(Part::Value(Value::Number(number))) = self.peek() {
            self.next();
            Some(number)
        } else {
            self.missing(what);
            None
        }
    }

    /// Statements in braces, if they are next.
    pub(crate) fn block(&mut self) -> Option<&'a Block> {
        match self.peek() {
            Some(Part::Block(block)) => {
                self.next();
                Some(block)
            }
            _ => None,
        }
    }

    /// The body of a package list, if it is next.
    pub(crate) fn packages(&mut self) -> Option<&'a ListBody> {
        match self.peek() {
            Some(Part::Packages(body)) => {
                self.next();
                Some(body)
            }
            _ => None,
        }
    }

    /// A reference with or without arguments, or a finding that says what is missing.
    pub(crate) fn reference(&mut self, what: &str) -> Option<Reference> {
        match self.peek() {
            Some(Part::Word(name)) => {
                self.next();
                Some(Reference { path: name.clone(), arguments: None, span: name.span })
            }
            Some(Part::Value(Value::Reference(reference))) => {
                self.next();
                Some(reference.clone())
            }
            _ => {
                self.missing(what);
                None
            }
        }
    }

    /// The place of what is next, or of the whole statement at its end.
    pub(crate) fn place(&self) -> Place {
        self.cx.place(self.unit, self.peek().map_or(self.end, Part::span))
    }

    /// Reports that something is missing here.
    pub(crate) fn missing(&self, what: &str) {
        self.cx.report(
            Diagnostic::new(&known::MISSING_PART, self.place(), format!("`{}` needs {what}", self.word))
                .here(format!("{what} belongs here")),
        );
    }

    /// Reports what was not taken; `words` are those that may stand here.
    pub(crate) fn finish(self, words: &[&str]) {
        let Some(part) = self.peek() else { return };
        let place = self.cx.place(self.unit, part.span());
        let finding = match part {
            Part::Word(name) => Diagnostic::new(&known::UNEXPECTED_PART, place, format!("`{}` takes no `{}` here", self.word, name.node))
                .maybe_help(or_nearest(&name.node, words.iter().copied())),
            Part::Equals(_) => Diagnostic::new(&known::UNEXPECTED_PART, place, format!("`{}` takes no `=`", self.word))
                .here("a word that does something takes none")
                .help("drop the `=`"),
            _ => Diagnostic::new(&known::UNEXPECTED_PART, place, format!("`{}` takes nothing more here", self.word)),
        };
        self.cx.report(finding);
    }
}
