//! Reading the parts of a phrase in order: what belongs there is taken, what is missing or left over is reported.

use super::context::Context;
use super::definitions::UnitId;
use super::scope::Scope;
use crate::base::{Place, Span, or_nearest};
use crate::diagnostics::{Diagnostic, known};
use crate::syntax::ast::{Block, ListBody, Name, Part, Phrase, Reference, Text, Value};
use crate::syntax::words::{Form, Room, habit};

/// What texts are called where one is missing.
const TEXTS: [&str; 5] = ["path", "address", "where it goes", "script", "file"];

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
        let is_known = |words: Vec<&str>| words.is_empty() || words.contains(&word);
        debug_assert!(is_known(self.words()), "add `{word}` behind `{}` to a table in `src/syntax/words/`", self.word);
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
        if name.is_none() && !self.quoted_name(what) {
            self.missing(what);
        }
        name
    }

    /// Reports a name in quotes where one without is next; whether it is.
    fn quoted_name(&self, what: &str) -> bool {
        let Some(Part::Value(Value::Text(text))) = self.peek() else { return false };
        let plain = |name: &&str| {
            name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
        };
        let Some(name) = text.literal().filter(plain) else { return false };
        let place = self.cx.place(self.unit, text.span);
        let finding = Diagnostic::new(&known::MISSING_PART, place, format!("`{}` needs {what}, and this is a text", self.word));
        self.cx.report(finding.here("names have no quotes").replace(format!("write `{name}`"), false, place, name.to_owned()));
        true
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

    /// Texts, one at least, or a finding that says what is missing.
    pub(crate) fn texts(&mut self, what: &str) -> Option<Vec<&'a Text>> {
        let first = self.text(what)?;
        Some(std::iter::once(first).chain(std::iter::from_fn(|| self.maybe_text())).collect())
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
        let broken = self.peek().is_some_and(|part| self.cx.is_broken(self.cx.place(self.unit, part.span())));
        if broken || self.cx.is_foreign(|| self.cx.place(self.unit, self.end)) {
            return;
        }
        if let Some(span) = self.bare_text().filter(|_| TEXTS.iter().any(|text| what.contains(text))) {
            let place = self.cx.place(self.unit, span);
            let text = self.cx.sources.text(place).to_owned();
            let line = self
                .cx
                .sources
                .get(place.file)
                .and_then(|source| source.text.get(span.start as usize..))
                .and_then(|rest| rest.lines().next());
            let end = Span { end: span.start + u32::try_from(line.map_or(0, str::len)).unwrap_or(0), ..span };
            // What could not be read of the line is the same mistake.
            self.cx.supersede(&known::UNEXPECTED_TEXT, self.cx.place(self.unit, end));
            self.cx.report(
                Diagnostic::new(&known::MISSING_PART, place, format!("`{}` needs {what} in quotes", self.word))
                    .here("is no text without quotes")
                    .replace(format!("write `\"{text}\"`"), false, place, format!("\"{text}\"")),
            );
            return;
        }
        self.cx.report(
            Diagnostic::new(&known::MISSING_PART, self.place(), format!("`{}` needs {what}", self.word))
                .here(format!("{what} belongs here"))
                .maybe_help(example(self.word).map(|example| format!("write it as in `{example}`"))),
        );
    }

    /// The finding for a word that was not taken: known in another place, of another tool, or not at all.
    fn unexpected_word(&self, name: &Name, words: &[&str]) -> Diagnostic {
        let place = self.cx.place(self.unit, name.span);
        let finding = Diagnostic::new(&known::UNEXPECTED_PART, place, format!("`{}` takes no `{}` here", self.word, name.node));
        if words.contains(&name.node.as_str()) {
            return finding
                .here("is there already, or is in another place")
                .maybe_help(example(self.word).map(|example| format!("write it as in `{example}`")));
        }
        match Room::behind(self.word).and_then(|room| habit(room, &name.node)) {
            Some(habit) if words.contains(&habit.instead) => finding.replace(habit.help, false, place, habit.instead),
            Some(habit) => finding.help(habit.help),
            None => finding.maybe_help(or_nearest(&name.node, words.iter().copied())),
        }
    }

    /// A path or address without its quotes where a text belongs: its span.
    fn bare_text(&self) -> Option<Span> {
        let start = match self.peek() {
            Some(Part::Word(name)) => name.span.start,
            Some(_) => return None,
            None => self.end.end,
        };
        let source = self.cx.sources.get(self.cx.place(self.unit, self.end).file)?;
        let line = source.text.get(start as usize..)?.lines().next()?;
        let from = line.len() - line.trim_start().len();
        let token = line.trim_start().split([' ', '\t', '{', '#']).next()?;
        let path = token.starts_with(['/', '~']) || token.starts_with("./") || token.contains('/') || token.contains('.');
        (path && !token.contains(['"', '\'', '='])).then(|| Span::new(start as usize + from, start as usize + from + token.len()))
    }

    /// The words that the language has behind the word of this phrase.
    fn words(&self) -> Vec<&'static str> {
        Room::behind(self.word).into_iter().flat_map(|room| room.names(Form::Behind)).collect()
    }

    /// Reports what was not taken.
    pub(crate) fn finish(self) {
        let Some(part) = self.peek() else { return };
        let place = self.cx.place(self.unit, part.span());
        let finding = match part {
            Part::Word(name) => self.unexpected_word(name, &self.words()),
            Part::Equals(_) => Diagnostic::new(&known::UNEXPECTED_PART, place, format!("`{}` takes no `=`", self.word))
                .here("a word that does something takes none")
                .help("drop the `=`"),
            _ => Diagnostic::new(&known::UNEXPECTED_PART, place, format!("`{}` takes nothing more here", self.word)),
        };
        self.cx.report(finding);
    }
}

/// How a statement of a layer is written: the line of its example that begins with its word.
fn example(word: &str) -> Option<&'static str> {
    Room::Layer.statement(word)?.example.lines().find(|line| line.starts_with(word) && !line.ends_with('{'))
}
