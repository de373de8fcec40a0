//! A script as commands and what is between them. Nothing is expanded.

use std::ops::Range;

use crate::shell::{Kind, Token, tokens};

/// What stands behind a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Between {
    And,
    Or,
    Pipe,
    Next,
}

/// A command and what is behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Link {
    /// Where the command is.
    pub(super) range: Range<usize>,
    pub(super) between: Between,
    /// Whether a command within it runs whatever comes of the one before: `{ a; b; }`, each loop.
    pub(super) sequence: bool,
    /// Its here-documents that are not within `range`, each with the line that ends it.
    pub(super) documents: Vec<Range<usize>>,
}

/// The commands of a script; `None` where it is more than a list of commands.
pub(super) fn links(script: &str) -> Option<Vec<Link>> {
    let mut reader = Reader { script, all: tokens(script), at: 0 };
    let links = reader.list(&[])?;
    (reader.at == reader.all.len() && !links.is_empty()).then_some(links)
}

struct Reader<'s> {
    script: &'s str,
    all: Vec<Token>,
    at: usize,
}

/// A command that may consist of others.
struct Command {
    range: Range<usize>,
    sequence: bool,
}

impl<'s> Reader<'s> {
    fn token(&self, at: usize) -> Option<(Kind, &'s str)> {
        self.all.get(at).map(|token| (token.kind, token.text(self.script)))
    }

    /// The operator at this place, with both of its signs.
    fn operator(&self) -> Option<&'s str> {
        let (_, text) = self.token(self.at).filter(|(kind, _)| *kind == Kind::End)?;
        let start = self.all.get(self.at)?.range.start;
        let next = self.all.get(self.at + 1).filter(|next| next.range.start == start + 1 && next.kind == Kind::End);
        let doubled = next.is_some_and(|next| next.text(self.script) == text) && matches!(text, "&" | "|" | ";" | "(");
        if doubled { self.script.get(start..start + 2) } else { Some(text) }
    }

    fn word(&self) -> Option<&'s str> {
        self.token(self.at).filter(|(kind, _)| *kind == Kind::Word).map(|(_, text)| text)
    }

    /// Moves over a word that must be there.
    fn expect(&mut self, word: &str) -> Option<()> {
        self.lines();
        (self.word() == Some(word)).then(|| self.at += 1)
    }

    fn lines(&mut self) {
        while self.operator() == Some("\n") {
            self.at += 1;
        }
    }

    /// Commands up to one of some words, a closing bracket, or the end of a branch.
    fn list(&mut self, ends: &[&str]) -> Option<Vec<Link>> {
        let mut links: Vec<Link> = Vec::new();
        loop {
            self.lines();
            let open = links.last().is_some_and(|link| link.between != Between::Next);
            if matches!(self.operator(), Some(")" | ";;"))
                || self.word().is_none_or(|word| ends.contains(&word)) && self.operator() != Some("(")
            {
                return (!open).then_some(links);
            }
            let Command { range, sequence } = self.command()?;
            links.push(Link { range, between: Between::Next, sequence, documents: Vec::new() });
            while self.token(self.at).is_some_and(|(kind, _)| kind == Kind::Document) {
                self.document(&mut links)?;
            }
            let between = match self.operator() {
                Some("&&") => Between::And,
                Some("||") => Between::Or,
                Some("|") => Between::Pipe,
                Some(";" | "\n") | None => Between::Next,
                Some(")" | ";;") => continue,
                _ => return None,
            };
            self.at += match between {
                Between::And | Between::Or => 2,
                _ => 1,
            };
            if between == Between::Pipe && self.operator() == Some("&") {
                self.at += 1;
            }
            links.last_mut()?.between = between;
            self.at = self.at.min(self.all.len());
        }
    }

    /// A here-document belongs to the first command of the line that waits for one.
    fn document(&mut self, links: &mut [Link]) -> Option<()> {
        let range = self.all.get(self.at)?.range.clone();
        let within = |link: &Link, wanted: fn(&Self, usize) -> bool| {
            let inside = |token: &Token| link.range.contains(&token.range.start) && token.range.end <= link.range.end;
            self.all.iter().enumerate().filter(|(at, token)| inside(token) && wanted(self, *at)).count()
        };
        let begins: fn(&Self, usize) -> bool = |reader, at| matches!(reader.token(at), Some((Kind::Redirect, "<<" | "<<-")));
        let has: fn(&Self, usize) -> bool = |reader, at| matches!(reader.token(at), Some((Kind::Document, _)));
        let owner = links.iter().position(|link| within(link, begins) > within(link, has) + link.documents.len())?;
        let rest = self.script.get(range.end..)?;
        let end = range.end + rest.lines().next().map_or(0, str::len);
        links.get_mut(owner)?.documents.push(range.start..end);
        self.at += 1;
        Some(())
    }

    fn command(&mut self) -> Option<Command> {
        let from = self.at;
        let sequence = match (self.word(), self.operator()) {
            (None, Some("(")) => {
                self.at += 1;
                let body = self.list(&[])?;
                (self.operator() == Some(")")).then(|| self.at += 1)?;
                is_sequence(&body)
            }
            (Some("!"), _) => {
                self.at += 1;
                self.command()?.sequence
            }
            (Some("{"), _) => self.body("{", "}")?,
            (Some("if"), _) => self.branches()?,
            (Some("while" | "until"), _) => {
                self.at += 1;
                self.list(&["do"])?;
                self.body("do", "done")?;
                true
            }
            (Some("for"), _) => {
                self.at += 2;
                self.lines();
                if self.word() == Some("in") {
                    while self.word().is_some() {
                        self.at += 1;
                    }
                }
                (matches!(self.operator(), Some(";" | "\n")) || self.word() == Some("do")).then_some(())?;
                self.at += usize::from(self.operator() == Some(";"));
                self.body("do", "done")?;
                true
            }
            (Some("case"), _) => self.cases()?,
            (Some("[["), _) => {
                while self.word() != Some("]]") {
                    self.token(self.at)?;
                    self.at += 1;
                }
                false
            }
            (Some("function" | "select" | "coproc" | "then" | "do" | "else" | "elif" | "fi" | "done" | "esac" | "}") | None, _) => {
                return None;
            }
            (Some(_), _) => false,
        };
        // Words, and where what is printed goes.
        while self.token(self.at).is_some_and(|(kind, _)| matches!(kind, Kind::Word | Kind::Redirect)) {
            self.at += 1;
        }
        // `f() { … }`, `a=(b c)`
        let range = self.all.get(from)?.range.start..self.all.get(self.at.checked_sub(1)?)?.range.end;
        (!self.operator().is_some_and(|sign| sign.starts_with('('))).then_some(Command { range, sequence })
    }

    fn body(&mut self, begin: &str, end: &str) -> Option<bool> {
        self.expect(begin)?;
        let body = self.list(&[end])?;
        self.expect(end)?;
        Some(is_sequence(&body))
    }

    fn branches(&mut self) -> Option<bool> {
        self.at += 1;
        let mut sequence = false;
        loop {
            self.list(&["then"])?;
            self.expect("then")?;
            sequence |= is_sequence(&self.list(&["elif", "else", "fi"])?);
            match self.word()? {
                "elif" => self.at += 1,
                "else" => return Some(sequence | self.body("else", "fi")?),
                _ => {
                    self.at += 1;
                    return Some(sequence);
                }
            }
        }
    }

    fn cases(&mut self) -> Option<bool> {
        self.at += 2;
        self.expect("in")?;
        let mut sequence = false;
        loop {
            self.lines();
            if self.word() == Some("esac") {
                self.at += 1;
                return Some(sequence);
            }
            self.at += usize::from(self.operator() == Some("("));
            while self.word().is_some() || self.operator() == Some("|") {
                self.at += 1;
            }
            (self.operator() == Some(")")).then(|| self.at += 1)?;
            sequence |= is_sequence(&self.list(&["esac"])?);
            self.at += if self.operator() == Some(";;") { 2 } else { 0 };
        }
    }
}

/// Whether a failure in commands may be followed by more of them.
pub(super) fn is_sequence(links: &[Link]) -> bool {
    let count = links.split_inclusive(|link| link.between == Between::Next).count();
    count > 1 || links.iter().any(|link| link.sequence)
}
