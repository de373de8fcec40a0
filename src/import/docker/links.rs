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
    pub(super) form: Form,
}

/// What a command consists of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Words, or something that is not taken apart.
    Plain,
    /// `{ …; }`
    Group(Vec<Link>),
    /// `if …; then …; else …; fi`
    If(Vec<Branch>),
    /// `case WORD in …) … ;; esac`: the word, the branches.
    Case(Range<usize>, Vec<Arm>),
}

/// A branch of an `if`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Branch {
    /// `if`, `elif` or `else`, and what its commands come after: `then` or `else`.
    pub(super) keyword: Range<usize>,
    pub(super) then: Range<usize>,
    /// Nothing behind `else`.
    pub(super) condition: Vec<Link>,
    pub(super) body: Vec<Link>,
}

/// A branch of a `case`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Arm {
    pub(super) patterns: Vec<Range<usize>>,
    /// The bracket behind the patterns.
    pub(super) bracket: Range<usize>,
    pub(super) body: Vec<Link>,
    /// `;;`, if it is there.
    pub(super) end: Range<usize>,
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
    form: Form,
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

    fn range(&self) -> Range<usize> {
        self.all.get(self.at).map_or(self.script.len()..self.script.len(), |token| token.range.clone())
    }

    /// Moves over a word that must be there.
    fn expect(&mut self, word: &str) -> Option<Range<usize>> {
        self.lines();
        let range = self.range();
        (self.word() == Some(word)).then(|| self.at += 1)?;
        Some(range)
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
            let Command { range, sequence, form } = self.command()?;
            links.push(Link { range, between: Between::Next, sequence, documents: Vec::new(), form });
            while self.token(self.at).is_some_and(|(kind, _)| kind == Kind::Document) {
                self.document(&mut links)?;
            }
            let between = match self.operator() {
                Some("&&") => Between::And,
                Some("||") => Between::Or,
                Some("|") => Between::Pipe,
                Some(";" | "\n") => Between::Next,
                // `fi done`
                Some(")" | ";;") | None => continue,
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
        let mut compound = true;
        let (sequence, form) = match (self.word(), self.operator()) {
            (None, Some("(")) => {
                self.at += 1;
                let body = self.list(&[])?;
                (self.operator() == Some(")")).then(|| self.at += 1)?;
                (is_sequence(&body), Form::Plain)
            }
            (Some("!"), _) => {
                self.at += 1;
                (self.command()?.sequence, Form::Plain)
            }
            (Some("{"), _) => {
                let body = self.body("{", "}")?;
                (is_sequence(&body), Form::Group(body))
            }
            (Some("if"), _) => {
                let branches = self.branches()?;
                (branches.iter().any(|branch| is_sequence(&branch.body)), Form::If(branches))
            }
            (Some("while" | "until"), _) => {
                self.at += 1;
                self.list(&["do"])?;
                self.body("do", "done")?;
                (true, Form::Plain)
            }
            (Some("for"), _) => {
                self.each()?;
                (true, Form::Plain)
            }
            (Some("case"), _) => {
                let (word, arms) = self.cases()?;
                (arms.iter().any(|arm| is_sequence(&arm.body)), Form::Case(word, arms))
            }
            (Some("[["), _) => {
                while self.word() != Some("]]") {
                    self.token(self.at)?;
                    self.at += 1;
                }
                self.at += 1;
                (false, Form::Plain)
            }
            (Some("function" | "select" | "coproc" | "then" | "do" | "else" | "elif" | "fi" | "done" | "esac" | "}") | None, _) => {
                return None;
            }
            (Some(_), _) => {
                compound = false;
                (false, Form::Plain)
            }
        };
        self.behind(compound);
        // `f() { … }`, `a=(b c)`
        let range = self.all.get(from)?.range.start..self.all.get(self.at.checked_sub(1)?)?.range.end;
        (!self.operator().is_some_and(|sign| sign.starts_with('('))).then_some(Command { range, sequence, form })
    }

    /// A loop over words.
    fn each(&mut self) -> Option<()> {
        self.at += 2;
        self.lines();
        if self.word() == Some("in") {
            while self.word().is_some() {
                self.at += 1;
            }
        }
        (matches!(self.operator(), Some(";" | "\n")) || self.word() == Some("do")).then_some(())?;
        self.at += usize::from(self.operator() == Some(";"));
        self.body("do", "done").map(drop)
    }

    /// Words, and where what is printed goes: behind a command of several, a word ends what is around it (`fi done`).
    fn behind(&mut self, compound: bool) {
        let mut target = false;
        while let Some((kind, _)) = self.token(self.at) {
            let descriptor = self.all.get(self.at).zip(self.all.get(self.at + 1)).is_some_and(|(word, next)| {
                next.kind == Kind::Redirect && next.range.start == word.range.end && word.text(self.script).parse::<u8>().is_ok()
            });
            match kind {
                Kind::Word if !compound || target || descriptor => target = false,
                Kind::Redirect => target = true,
                _ => break,
            }
            self.at += 1;
        }
    }

    fn body(&mut self, begin: &str, end: &str) -> Option<Vec<Link>> {
        self.expect(begin)?;
        let body = self.list(&[end])?;
        self.expect(end)?;
        Some(body)
    }

    fn branches(&mut self) -> Option<Vec<Branch>> {
        let mut all = Vec::new();
        loop {
            let keyword = self.range();
            self.at += 1;
            let condition = self.list(&["then"])?;
            let then = self.expect("then")?;
            let body = self.list(&["elif", "else", "fi"])?;
            all.push(Branch { keyword, then, condition, body });
            match self.word()? {
                "elif" => {}
                "else" => {
                    let keyword = self.range();
                    let body = self.body("else", "fi")?;
                    all.push(Branch { then: keyword.clone(), keyword, condition: Vec::new(), body });
                    return Some(all);
                }
                _ => {
                    self.at += 1;
                    return Some(all);
                }
            }
        }
    }

    fn cases(&mut self) -> Option<(Range<usize>, Vec<Arm>)> {
        self.at += 1;
        let word = self.range();
        self.at += 1;
        self.expect("in")?;
        let mut arms = Vec::new();
        loop {
            self.lines();
            if self.word() == Some("esac") {
                self.at += 1;
                return Some((word, arms));
            }
            self.at += usize::from(self.operator() == Some("("));
            let mut patterns = Vec::new();
            while self.word().is_some() || self.operator() == Some("|") {
                patterns.extend(self.word().map(|_| self.range()));
                self.at += 1;
            }
            let bracket = self.range();
            (self.operator() == Some(")")).then(|| self.at += 1)?;
            let body = self.list(&["esac"])?;
            let start = self.range().start;
            let ends = self.operator() == Some(";;");
            self.at += if ends { 2 } else { 0 };
            arms.push(Arm { patterns, bracket, body, end: start..start + if ends { 2 } else { 0 } });
        }
    }
}

/// Whether a failure in commands may be followed by more of them.
pub(super) fn is_sequence(links: &[Link]) -> bool {
    let count = links.split_inclusive(|link| link.between == Between::Next).count();
    count > 1 || links.iter().any(|link| link.sequence)
}
