//! Arrays of bash that a script fills once, as the words of the commands that read them.

use std::ops::Range;

use super::read::Instruction;
use crate::shell::{Kind, Token, tokens};

/// An array: where its assignment is, its words, and the words that read it.
struct Array {
    whole: Range<usize>,
    words: Vec<Range<usize>>,
    uses: Vec<Range<usize>>,
}

/// From how many commands on that read an array its words stand where they are.
const MANY: usize = 3;

/// A script in which the words of arrays stand where they are read; comments between them come along.
pub(super) fn inlined(script: &Instruction) -> Option<Instruction> {
    let mut now = None::<Instruction>;
    while let Some(next) = first(now.as_ref().unwrap_or(script)) {
        now = Some(next);
    }
    now
}

/// The script with the words of its first array in their places.
fn first(script: &Instruction) -> Option<Instruction> {
    let text = script.text.as_str();
    if !text.contains("=(") || !script.documents.is_empty() && text.contains("<<") {
        return None;
    }
    let all = tokens(text);
    let array = (0..all.len()).find_map(|at| array(text, &all, at))?;
    let mut out = String::with_capacity(text.len());
    let mut comments = Vec::new();
    let mut from = 0;
    let outside = |comments: &mut Vec<(usize, String)>, range: Range<usize>, out: &str| {
        let here = script.comments.iter().filter(|(at, _)| range.contains(at));
        comments.extend(here.map(|(at, words)| (at - range.start + out.len(), words.clone())));
    };
    outside(&mut comments, from..array.whole.start, &out);
    out.push_str(text.get(from..array.whole.start)?);
    from = array.whole.end;
    for (number, place) in array.uses.iter().enumerate() {
        outside(&mut comments, from..place.start, &out);
        out.push_str(text.get(from..place.start)?);
        let mut before = array.whole.start;
        for (at, word) in array.words.iter().enumerate() {
            out.push_str(if at > 0 { " " } else { "" });
            let above = script.comments.iter().filter(|(at, _)| number == 0 && (before..word.end).contains(at));
            comments.extend(above.map(|(_, words)| (out.len(), words.clone())));
            out.push_str(text.get(word.clone())?);
            before = word.end;
        }
        from = place.end;
    }
    outside(&mut comments, from..text.len() + 1, &out);
    out.push_str(text.get(from..)?);
    Some(Instruction { text: out, comments, ..script.clone() })
}

/// The array that the token at a place begins, where it is set there alone, and all that names it behind reads all of it.
fn array(text: &str, all: &[Token], at: usize) -> Option<Array> {
    let begins = all.get(at).filter(|token| token.kind == Kind::Word)?;
    let name = begins.text(text).strip_suffix('=').filter(|name| super::command::is_name(name))?;
    let opens = all.get(at + 1).is_some_and(|open| open.text(text) == "(" && open.range.start == begins.range.end);
    if !opens || !is_statement(text, all.get(..at)?) {
        return None;
    }
    let inner = all.get(at + 2..)?;
    let close = inner.iter().position(|token| token.text(text) == ")")?;
    let words = inner.get(..close)?.iter().filter(|token| token.text(text) != "\n");
    let words: Vec<Range<usize>> =
        words.map(|token| (token.kind == Kind::Word && is_plain(token.text(text))).then(|| token.range.clone())).collect::<Option<_>>()?;
    let behind = inner.get(close + 1..)?;
    let sign = |tokens: &[Token]| tokens.iter().map(|token| token.text(text)).collect::<String>() == "&&";
    let separator = match behind {
        [one, other, ..] if sign(&[one.clone(), other.clone()]) => other,
        // What is behind it runs whatever comes before.
        [one, ..] if matches!(one.text(text), "\n" | ";") && !all.get(at.saturating_sub(2)..at).is_some_and(sign) => one,
        _ => return None,
    };
    let end = separator.range.end;
    if words.is_empty() {
        return None;
    }
    let blanks = words.iter().any(|word| text.get(word.clone()).is_none_or(|word| word.contains(char::is_whitespace)));
    let reads = |word: &str| {
        word == format!("\"${{{name}[@]}}\"")
            || !blanks && [format!("${{{name}[@]}}"), format!("${{{name}[*]}}")].iter().any(|other| other == word)
    };
    let uses: Vec<Range<usize>> = behind.iter().filter(|token| reads(token.text(text))).map(|token| token.range.clone()).collect();
    let named = |text: &str| {
        let part = |c: char| c.is_ascii_alphanumeric() || c == '_';
        text.match_indices(name)
            .filter(|(at, _)| {
                !text.get(..*at).is_some_and(|before| before.ends_with(part))
                    && !text.get(at + name.len()..).is_some_and(|rest| rest.starts_with(part))
            })
            .count()
    };
    let known = named(text) == uses.len() + 1 && (1..=MANY).contains(&uses.len());
    known.then_some(Array { whole: begins.range.start..end, words, uses })
}

/// Whether a command that stands behind these tokens is in no compound one.
fn is_statement(text: &str, before: &[Token]) -> bool {
    let mut open = 0_usize;
    let mut begins = true;
    for token in before {
        match (token.kind, token.text(text)) {
            (Kind::End, "(") => open += 1,
            (Kind::End, ")") => open = open.saturating_sub(1),
            (Kind::Word, "if" | "for" | "while" | "until" | "case" | "select" | "{") if begins => open += 1,
            (Kind::Word, "fi" | "done" | "esac" | "}") if begins => open = open.saturating_sub(1),
            _ => {}
        }
        begins = token.kind == Kind::End || matches!(token.text(text), "then" | "do" | "else" | "!" | "{");
    }
    let alone = before.last().is_none_or(|last| last.kind == Kind::End);
    let joined = before.iter().rev().take(2).filter(|token| matches!(token.text(text), "|" | "&")).count();
    // Behind `&&` it is set as surely as what follows is run; behind `||` and `&` it is not.
    let either = before.iter().rev().take(2).any(|token| token.text(text) == "|") || joined == 1;
    open == 0 && alone && !either
}

/// Whether a shell makes nothing else of a word.
fn is_plain(word: &str) -> bool {
    let single = word.len() > 1 && word.starts_with('\'') && word.ends_with('\'') && word.matches('\'').count() == 2;
    let bare = word.len() > 1 && word.starts_with('"') && word.ends_with('"') && word.matches('"').count() == 2;
    let quoted = if bare { &['$', '`', '\\', '\''][..] } else { &['$', '`', '\\', '"', '\'', '*', '?', '[', '{', '~', '!', '#'][..] };
    single || !word.contains(quoted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Option<String> {
        inlined(&Instruction { text: text.to_owned(), ..Instruction::default() }).map(|script| script.text)
    }

    #[test]
    fn words_stand_where_they_are_read() {
        for (text, wanted) in [
            ("A=(a 'b c' \"d\")\nx \"${A[@]}\" y\n", "x a 'b c' \"d\" y\n"),
            ("set -e\nA=(\n  a # one\n  b\n)\nx ${A[@]}\nz \"${A[@]}\"", "set -e\nx a b\nz a b"),
            ("A=(a) && B=(b) && x \"${A[@]}\" \"${B[@]}\"", "  x a b"),
            ("if a; then b; fi; A=(a); x \"${A[@]}\"", "if a; then b; fi;  x a"),
        ] {
            assert_eq!(shown(text).as_deref(), Some(wanted), "{text}");
        }
    }

    #[test]
    fn other_arrays_stay() {
        for text in [
            "A=(a); A+=(b); x \"${A[@]}\"",
            "A=(a); x \"${A[0]}\"",
            "A=(a); x \"-${A[@]}\"",
            "A=(a); x \"${A[*]}\"",
            "A=('a b'); x ${A[@]}",
            "A=($(a)); x \"${A[@]}\"",
            "A=(*.txt); x \"${A[@]}\"",
            "A=(); x \"${A[@]}\"",
            "A=(a)",
            "a && A=(a); x \"${A[@]}\"",
            "x \"${A[@]}\"; A=(a)",
            "if a; then A=(a); fi; x \"${A[@]}\"",
            "a || A=(a); x \"${A[@]}\"",
            "a | A=(a); x \"${A[@]}\"",
            "f() { A=(a); }; f; x \"${A[@]}\"",
            "A=(a); unset A; x \"${A[@]}\"",
            "A=(a) x \"${A[@]}\"",
            "A=(a); x \"${A[@]}\" ${#A[@]}",
        ] {
            assert_eq!(shown(text), None, "{text}");
        }
    }

    #[test]
    fn comments_come_along() {
        let text = "A=(\n  a\n  b\n)\nx \"${A[@]}\"\ny";
        let comments = [(6, "of a"), (10, "of b"), (text.len() - 1, "of y")].map(|(at, words)| (at, words.to_owned())).to_vec();
        let made = inlined(&Instruction { text: text.to_owned(), comments, ..Instruction::default() }).unwrap();
        assert_eq!(made.text, "x a b\ny");
        assert_eq!(
            made.comments.iter().map(|(at, words)| (made.text.get(*at..=*at).unwrap(), words.as_str())).collect::<Vec<_>>(),
            [("a", "of a"), ("b", "of b"), ("y", "of y")]
        );
    }
}
