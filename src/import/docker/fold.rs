//! Conditions whose variables have known values: the branch that is taken stays, what is never run is blank. Each byte keeps its place.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::conditions::{Pieces, matches, pieces, test};
use super::left::sets;
use super::links::{Arm, Between, Branch, Form, Link, links};
use super::words::{Known, names};
use crate::shell::{Kind, is_assignment, tokens};

/// A script in which conditions are decided.
pub(super) struct Folded {
    pub(super) text: String,
    /// The variables that decided them.
    pub(super) by: BTreeSet<String>,
    /// What is blank now.
    pub(super) gone: Vec<Range<usize>>,
}

/// Decides conditions of a script; `None` where there are none whose variables are known. `bash` says whether the shell is surely that.
pub(super) fn folded(script: &str, known: Known<'_>, bash: bool) -> Option<Folded> {
    let has = |words: &[&str]| words.iter().any(|word| script.contains(word));
    // What has no `[[` takes it apart at its `&&`.
    if has(&["$?", "IFS", "<<"]) || !bash && has(&["[["]) || !has(&["if ", "[ ", "[[ ", "case ", "test "]) {
        return None;
    }
    let all = links(script)?;
    let mut folds = Folds {
        script,
        known,
        bash,
        variables: BTreeMap::new(),
        lost: false,
        text: script.as_bytes().to_vec(),
        by: BTreeSet::new(),
        gone: Vec::new(),
    };
    folds.list(&all, true);
    let Folds { text, by, gone, .. } = folds;
    let text = String::from_utf8(text).ok().filter(|text| text != script)?;
    Some(Folded { text, by, gone })
}

struct Folds<'f> {
    script: &'f str,
    known: Known<'f>,
    bash: bool,
    /// Variables that the script itself sets: to what, and which others that was made of; `None` where it is not known.
    variables: BTreeMap<String, Option<(String, BTreeSet<String>)>>,
    /// Whether any variable may have another value by now.
    lost: bool,
    text: Vec<u8>,
    by: BTreeSet<String>,
    gone: Vec<Range<usize>>,
}

impl<'f> Folds<'f> {
    fn of(&self, range: &Range<usize>) -> &'f str {
        self.script.get(range.clone()).unwrap_or_default()
    }

    fn value(&self, name: &str) -> Option<String> {
        match self.variables.get(name) {
            Some(value) => value.as_ref().map(|(value, _)| value.clone()),
            None if self.lost => None,
            None => (self.known)(name),
        }
    }

    /// Statements, of which the last one gives the status of the script where `last` says so.
    fn list(&mut self, links: &[Link], last: bool) {
        let statements: Vec<&[Link]> = links.split_inclusive(|link| link.between == Between::Next).collect();
        for (at, statement) in statements.iter().enumerate() {
            let next = statements.get(at + 1).and_then(|next| next.first()).map(|link| link.range.start);
            self.statement(statement, next, last);
        }
    }

    /// A statement: where the one behind it begins, and whether its status is that of the script if there is none.
    fn statement(&mut self, links: &[Link], next: Option<usize>, last: bool) {
        let Some(from) = self.beginning(links, next) else { return };
        let (mut unsure, mut kept) = (false, None::<&Link>);
        for (at, link) in links.iter().enumerate().skip(from) {
            let before = at.checked_sub(1).filter(|_| at > from).and_then(|at| links.get(at));
            let is = |link: Option<&Link>, between| link.is_some_and(|link| link.between == between);
            let piped = link.between == Between::Pipe || is(before, Between::Pipe);
            if is(before, Between::Or) {
                links.iter().take(at).skip(from + 1).for_each(|link| self.forget(&link.range));
                unsure = true;
            }
            let behind = links.get(at + 1).filter(|_| link.between == Between::And);
            let holds = if piped || !is(before, Between::And) { None } else { self.decided(link) };
            match (holds, kept, behind) {
                // `a && true && b`
                (Some(true), _, Some(behind)) => self.skip(link, link.range.start..behind.range.start),
                (Some(true), Some(kept), None) if last && next.is_none() => self.skip(link, kept.range.end..link.range.end),
                _ => {
                    kept = Some(link);
                    if piped { self.forget(&link.range) } else { self.command(link) }
                }
            }
            if unsure {
                self.forget(&link.range);
            }
        }
        // Whether they were run is not known behind the statement.
        links.iter().skip(from + 1).for_each(|link| self.forget(&link.range));
    }

    /// Takes away what is decided at the beginning of a statement; gives how many commands are gone, and `None` where it is all of them.
    fn beginning(&mut self, links: &[Link], next: Option<usize>) -> Option<usize> {
        let first = links.first()?;
        let mut at = 0;
        while let Some(link) = links.get(at)
            && let Some(holds) = self.decided(link).filter(|_| link.between != Between::Pipe)
        {
            let (skipped, until) = if holds { (Between::Or, Between::And) } else { (Between::And, Between::Or) };
            let mut end = at;
            while links.get(end).is_some_and(|link| link.between == skipped || end > at && link.between == Between::Pipe) {
                end += 1;
            }
            if links.get(end).is_some_and(|link| link.between == until) {
                at = end + 1;
                continue;
            }
            if !holds {
                return Some(0);
            }
            let all = first.range.start..links.last()?.range.end;
            for link in links {
                self.decides(link);
            }
            self.drop(all.clone());
            self.blank(all.start..next.unwrap_or(all.end));
            if next.is_none() {
                self.put(all.start, "true");
            }
            return None;
        }
        if let Some(link) = links.get(at).filter(|_| at > 0) {
            for gone in links.iter().take(at) {
                self.decides(gone);
                self.gone.push(gone.range.clone());
            }
            self.blank(first.range.start..link.range.start);
        }
        Some(at)
    }

    /// A command that stays: what is decided within it, and the variables that it sets.
    fn command(&mut self, link: &Link) {
        match &link.form {
            Form::Group(body) => self.list(body, false),
            Form::If(branches) if self.is_whole(link, "fi") => {
                let left = branches.iter().position(|branch| self.condition(&branch.condition) != Some(false)).unwrap_or(branches.len());
                branches.iter().take(left + 1).for_each(|branch| self.used(&branch.condition));
                match branches.get(left) {
                    Some(branch) if self.condition(&branch.condition) == Some(true) => return self.take(link, branch),
                    Some(branch) if left > 0 => self.drop(link.range.start + "if".len()..branch.keyword.end),
                    _ => {}
                }
                self.forget(&link.range);
                branches.iter().skip(left).for_each(|branch| self.within(&branch.body));
            }
            Form::Case(word, arms) if self.is_whole(link, "esac") => {
                if let Some(arm) = self.arm(word, arms).and_then(|at| arms.get(at)) {
                    return self.take_arm(link, word, arm);
                }
                self.forget(&link.range);
                for arm in arms {
                    self.within(&arm.body);
                }
            }
            _ if self.assign(link) => {}
            _ => self.forget(&link.range),
        }
    }

    /// Commands that may be run.
    fn within(&mut self, body: &[Link]) {
        let before = (self.variables.clone(), self.lost);
        self.list(body, false);
        (self.variables, self.lost) = before;
    }

    /// Whether nothing is behind the last word of a command of several.
    fn is_whole(&self, link: &Link, end: &str) -> bool {
        self.of(&link.range).ends_with(end)
    }

    /// The one branch of an `if` that is run, as a group.
    fn take(&mut self, link: &Link, branch: &Branch) {
        let end = branch.body.last().map_or(branch.then.end, |last| last.range.end);
        let close = link.range.end - "fi".len();
        let behind = self.of(&(end..close));
        let stop = behind.find(|c: char| !(c.is_whitespace() || c == ';')).map_or(close, |at| end + at);
        self.drop(link.range.start..branch.then.end);
        self.put(link.range.start, "{");
        self.drop(stop..link.range.end);
        self.put(link.range.end - 1, "}");
        self.list(&branch.body, false);
    }

    /// The one branch of a `case` that is run, as a group.
    fn take_arm(&mut self, link: &Link, word: &Range<usize>, arm: &Arm) {
        self.names(word);
        let end = arm.body.last().map_or(arm.bracket.end, |last| last.range.end);
        self.drop(link.range.start..arm.bracket.end);
        self.put(link.range.start, "{");
        let ends = !self.of(&(end..arm.end.start)).contains([';', '\n']);
        self.drop(arm.end.start..link.range.end);
        if ends {
            self.put(arm.end.start, ";");
        }
        self.put(link.range.end - 1, "}");
        self.list(&arm.body, false);
    }

    /// Whether a command is a condition, or has no branch that is run; `Some(true)` for the latter.
    fn decided(&self, link: &Link) -> Option<bool> {
        match &link.form {
            Form::If(branches) if self.is_whole(link, "fi") => {
                branches.iter().all(|branch| self.condition(&branch.condition) == Some(false)).then_some(true)
            }
            Form::Case(word, arms) if self.is_whole(link, "esac") => {
                let at = self.arm(word, arms)?;
                arms.get(at).is_none_or(|arm| arm.body.is_empty()).then_some(true)
            }
            Form::Plain if is_test(self.of(&link.range)) => self.holds(link),
            _ => None,
        }
    }

    /// Remembers the variables of a command that is decided.
    fn decides(&mut self, link: &Link) {
        match &link.form {
            _ if self.decided(link).is_none() => {}
            Form::If(branches) => branches.iter().for_each(|branch| self.used(&branch.condition)),
            Form::Case(word, _) => self.names(word),
            _ => self.names(&link.range),
        }
    }

    fn used(&mut self, condition: &[Link]) {
        for link in condition {
            self.names(&link.range);
        }
    }

    fn names(&mut self, range: &Range<usize>) {
        for name in names(self.of(range)) {
            if let Some(Some((_, of))) = self.variables.get(name) {
                self.by.extend(of.iter().cloned());
            }
            self.by.insert(name.to_owned());
        }
    }

    fn skip(&mut self, link: &Link, range: Range<usize>) {
        self.decides(link);
        self.gone.push(link.range.clone());
        self.blank(range);
    }

    /// Whether the condition of an `if` holds; that of `else` does.
    fn condition(&self, links: &[Link]) -> Option<bool> {
        let Some((first, rest)) = links.split_first() else { return Some(true) };
        let mut between = first.between;
        let mut holds = self.holds(first)?;
        for link in rest {
            match (between, holds) {
                (Between::And, true) | (Between::Or, false) => holds = self.holds(link)?,
                (Between::And | Between::Or, _) => {}
                _ => return None,
            }
            between = link.between;
        }
        (between == Between::Next).then_some(holds)
    }

    fn holds(&self, link: &Link) -> Option<bool> {
        let text = self.of(&link.range);
        let known = |name: &str| self.value(name);
        match text {
            "true" | ":" => Some(true),
            "false" => Some(false),
            _ => match text.strip_prefix("! ") {
                Some(rest) => test(rest.trim_start(), &known, self.bash).map(|holds| !holds),
                None => test(text, &known, self.bash),
            },
        }
    }

    /// The branch of a `case` that is run, by its place; where none is, their number.
    fn arm(&self, word: &Range<usize>, arms: &[Arm]) -> Option<usize> {
        let known = |name: &str| self.value(name);
        let value = pieces(self.of(word), &known)?.whole()?;
        for (at, arm) in arms.iter().enumerate() {
            for pattern in &arm.patterns {
                if matches(&value, &pieces(self.of(pattern), &known)?)? {
                    return Some(at);
                }
            }
        }
        Some(arms.len())
    }

    /// Remembers `A=b` and `export A=b`.
    fn assign(&mut self, link: &Link) -> bool {
        let text = self.of(&link.range);
        let all = tokens(text);
        let words: Vec<&str> = all.iter().map(|token| token.text(text)).skip_while(|word| *word == "export").collect();
        if words.is_empty() || all.iter().any(|token| token.kind != Kind::Word) || !words.iter().all(|word| is_assignment(word)) {
            return false;
        }
        for (name, written) in words.iter().filter_map(|word| word.split_once('=')) {
            let known = |name: &str| self.value(name);
            let value = pieces(written, &known).as_ref().and_then(Pieces::whole);
            // `export A=$B` takes the value apart.
            let value = value.filter(|value| !text.starts_with("export") || !value.contains(char::is_whitespace));
            let mut of: BTreeSet<String> = names(written).into_iter().map(str::to_owned).collect();
            for name in of.clone() {
                of.extend(self.variables.get(&name).into_iter().flatten().flat_map(|(_, more)| more.iter().cloned()));
            }
            self.variables.insert(name.to_owned(), value.map(|value| (value, of)));
        }
        true
    }

    /// The variables that a command may set have values that are not known.
    fn forget(&mut self, range: &Range<usize>) {
        if let Some(names) = sets(self.of(range)) {
            self.variables.extend(names.into_iter().map(|name| (name, None)));
        } else {
            self.variables.clear();
            self.lost = true;
        }
    }

    fn drop(&mut self, range: Range<usize>) {
        self.gone.push(range.clone());
        self.blank(range);
    }

    fn blank(&mut self, range: Range<usize>) {
        if let Some(bytes) = self.text.get_mut(range) {
            bytes.fill(b' ');
        }
    }

    fn put(&mut self, at: usize, text: &str) {
        if let Some(bytes) = self.text.get_mut(at..at + text.len()) {
            bytes.copy_from_slice(text.as_bytes());
        }
    }
}

/// Whether a command is a test, and nothing else.
fn is_test(text: &str) -> bool {
    let text = text.strip_prefix("! ").map_or(text, str::trim_start);
    ["[ ", "[[ ", "test "].iter().any(|test| text.starts_with(test))
}

#[cfg(test)]
mod tests;
