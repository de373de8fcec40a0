//! The script of a `RUN` cut into the commands that follow one another. What means something else when it is cut stays whole.

use std::ops::Range;

use crate::shell::{Kind, Token, tokens};

/// A script in parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Chain {
    /// Its parts in order: each runs if the one before went well.
    pub(super) parts: Vec<Range<usize>>,
    /// Whether it is one part in which a failing command does not stop what follows.
    pub(super) swallows: bool,
}

/// What stands between two commands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Between {
    And,
    Or,
    Pipe,
    Next,
    Background,
}

/// A command and what is behind it.
type Link = (Range<usize>, Between);

/// Words that begin what is more than one command.
const COMPOUND: [&str; 9] = ["if", "for", "while", "until", "case", "{", "function", "select", "!"];

/// Behind which token a compound command ends that begins at one; `None` where the shell would go on within it after a failure.
fn compound(script: &str, all: &[Token], from: usize) -> Option<usize> {
    let text = |at: usize| all.get(at).map(|token| token.text(script));
    let mut open: Vec<&str> = Vec::new();
    // Whether a command may begin here, and whether one has ended before it in the same body.
    let (mut begins, mut second) = (true, false);
    for at in from..all.len() {
        let word = text(at)?;
        let is_word = all.get(at)?.kind == Kind::Word;
        match word {
            ";" | "\n" if !is_word => {
                second |= !begins;
                begins = true;
            }
            "&" | "|" if !is_word => begins = true,
            "(" | ")" if !is_word => return None,
            // What follows an operator is no command.
            _ if !is_word => {}
            "then" | "else" | "elif" if begins => second = false,
            word if begins && open.last() == Some(&word) => {
                open.pop();
                (begins, second) = (false, false);
                if open.is_empty() {
                    return Some(at + 1);
                }
            }
            _ if begins && second => return None,
            "if" if begins => open.push("fi"),
            "{" if begins => open.push("}"),
            word if begins && COMPOUND.contains(&word) => return None,
            _ => begins = false,
        }
    }
    None
}

/// Cuts a script. `stops` says whether the shell stops at a failing command of its own accord.
pub(super) fn cut(script: &str, stops: bool) -> Chain {
    let start = script.len() - script.trim_start().len();
    let whole = || std::iter::once(start..start + script.trim().len()).collect();
    let document = tokens(script).iter().any(|token| token.kind == Kind::Document);
    let Some(links) = links(script) else {
        return Chain { parts: whole(), swallows: !stops && !says_stop(script) && script.trim().contains(['\n', ';']) };
    };
    let stops = stops || says_stop(script);
    let statements = statements(&links);
    if statements.len() > 1 && !stops {
        return Chain { parts: whole(), swallows: true };
    }
    if document {
        // What ends a document is no part of a command.
        return Chain { parts: whole(), swallows: false };
    }
    let last = statements.len().saturating_sub(1);
    let mut parts = Vec::new();
    for (at, statement) in statements.iter().enumerate() {
        // A failing `a` in `a && b; c` stops nothing.
        parts.extend(if at == last { split(script, statement) } else { vec![span(statement)] });
    }
    let swallows = parts.len() == 1 && links.iter().any(|(_, between)| *between == Between::Or) && ignores(script);
    Chain { parts, swallows }
}

/// Whether a script ends with `|| true` or its like.
fn ignores(script: &str) -> bool {
    let end = script.trim_end().trim_end_matches(';').trim_end();
    ["true", ":", "exit 0"].iter().any(|nothing| end.strip_suffix(nothing).is_some_and(|rest| rest.trim_end().ends_with("||")))
}

/// Whether a script begins with `set -e`.
pub(super) fn says_stop(script: &str) -> bool {
    let first = script.trim_start().split(['\n', ';', '&']).next().unwrap_or_default();
    let mut words = first.split_whitespace();
    words.next() == Some("set")
        && words.any(|word| word == "errexit" || word.starts_with('-') && !word.starts_with("--") && word.contains('e'))
}

/// The commands of a script; `None` where it is more than a list of commands.
fn links(script: &str) -> Option<Vec<Link>> {
    let all = tokens(script);
    let (mut links, mut open, mut depth, mut at): (Vec<Link>, Option<Range<usize>>, usize, usize) = (Vec::new(), None, 0, 0);
    while let Some(token) = all.get(at) {
        let text = script.get(token.range.clone())?;
        let next = all.get(at + 1).filter(|next| next.range.start == token.range.end);
        let doubled = next.is_some_and(|next| script.get(next.range.clone()) == Some(text));
        at += 1;
        if token.kind == Kind::End && depth == 0 && !matches!(text, "(" | ")") {
            let between = match text {
                "&" if doubled => Between::And,
                "|" if doubled => Between::Or,
                "&" => Between::Background,
                "|" => Between::Pipe,
                ";" if doubled => return None,
                _ => Between::Next,
            };
            at += usize::from(doubled && text != "\n");
            // A line break behind an operator says nothing; `|&` is a pipe.
            match open.take() {
                Some(command) => links.push((command, between)),
                None if between == Between::Next => {}
                None => return None,
            }
            continue;
        }
        match text {
            "(" => depth += 1,
            ")" => depth = depth.checked_sub(1)?,
            _ => {}
        }
        let first = open.is_none();
        if first && token.kind == Kind::Word && matches!(text, "if" | "{") {
            let end = compound(script, &all, at - 1)?;
            open = Some(token.range.start..all.get(end - 1)?.range.end);
            at = end;
            continue;
        }
        if first && token.kind == Kind::Word && (COMPOUND.contains(&text) || text == "[[") || text == "(" && !first && depth == 1 {
            return None;
        }
        let range = open.get_or_insert_with(|| token.range.clone());
        range.end = range.end.max(token.range.end);
    }
    links.extend(open.map(|command| (command, Between::Next)));
    if depth > 0 || links.iter().any(|(_, between)| *between == Between::Background) {
        return None;
    }
    Some(links).filter(|links| !links.is_empty())
}

/// Links up to each `;` or line break.
fn statements(links: &[Link]) -> Vec<&[Link]> {
    links.split_inclusive(|(_, between)| *between == Between::Next).collect()
}

fn span(statement: &[Link]) -> Range<usize> {
    let start = statement.first().map_or(0, |(range, _)| range.start);
    start..statement.last().map_or(start, |(range, _)| range.end)
}

/// The parts of a statement: cut at each `&&` that is behind the last `||` and before no test.
fn split(script: &str, statement: &[Link]) -> Vec<Range<usize>> {
    let or = statement.iter().rposition(|(_, between)| *between == Between::Or).map_or(0, |at| at + 1);
    let tests = |link: &Link| script.get(link.0.clone()).is_some_and(|text| text.starts_with("[ ") || text.starts_with("test "));
    let mut parts = Vec::new();
    let mut from = 0;
    for (at, link) in statement.iter().enumerate() {
        let here = statement.get(from..=at).unwrap_or_default();
        if at >= or && link.1 == Between::And && !here.iter().any(tests) {
            parts.push(span(here));
            from = at + 1;
        }
    }
    if let Some(rest) = statement.get(from..).filter(|rest| !rest.is_empty()) {
        parts.push(span(rest));
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(script: &str, stops: bool) -> Vec<&str> {
        cut(script, stops).parts.into_iter().map(|range| &script[range]).collect()
    }

    #[test]
    fn chains_are_cut_at_their_ands() {
        assert_eq!(parts("a 1 && b|c  && d >x 2>&1 ;", false), ["a 1", "b|c", "d >x 2>&1"]);
        assert_eq!(parts("a && (b; c) && d", false), ["a", "(b; c)", "d"]);
        assert_eq!(parts("set -ex; a; b && c", false), ["set -ex", "a", "b", "c"]);
        assert_eq!(parts("a\nb\n", true), ["a", "b"]);
    }

    #[test]
    fn what_means_something_else_stays_whole() {
        for script in
            ["a; b", "a || b", "a & b", "if a; then b; fi", "for x in 1; do a; done && b", "[ -f x ] && a", "f() { a; }", "! a && b"]
        {
            assert_eq!(parts(script, false), [script]);
        }
        assert_eq!(parts("a || b && c && d", false), ["a || b", "c", "d"]);
        assert_eq!(parts("set -e; a && b; c", false), ["set -e", "a && b", "c"]);
        assert!(cut("a; b", false).swallows && cut("a || true", false).swallows);
        assert!(!cut("a || b", false).swallows && !cut("set -e; a; b", false).swallows);
    }
}
