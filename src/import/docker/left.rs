//! What a command of a script leaves in the shell for those behind it.

use std::collections::BTreeSet;

use super::words::variable;
use crate::shell::{Kind, is_assignment, tokens};

/// The variables that a command of several sets, and whether it changes something else of the shell. The first command alone is read
/// before this.
pub(super) fn left(part: &str) -> (Vec<String>, bool) {
    const KEYWORDS: [&str; 10] = ["{", "!", "case", "do", "elif", "else", "if", "then", "until", "while"];
    const OTHERS: [&str; 12] = [".", "cd", "eval", "exec", "exit", "export", "pushd", "set", "source", "trap", "umask", "unset"];
    let (mut names, mut others) = (Vec::new(), false);
    let (mut begins, mut depth, mut first) = (true, 0_usize, true);
    let all = tokens(part);
    let mut words = all.iter().map(|token| (token.kind, token.text(part))).peekable();
    while let Some((kind, word)) = words.next() {
        match (kind, word) {
            (Kind::End, "(") => (begins, depth) = (true, depth + 1),
            (Kind::End, ")") => (begins, depth) = (true, depth.saturating_sub(1)),
            (Kind::End, _) => (begins, first) = (true, false),
            _ if !begins || depth > 0 => {}
            (Kind::Word, word) if KEYWORDS.contains(&word) => first = false,
            (Kind::Word, "for") => names.extend(words.peek().map(|(_, name)| (*name).to_owned())),
            (Kind::Word, "read") => {
                begins = false;
                while let Some((_, name)) = words.next_if(|(kind, _)| *kind == Kind::Word) {
                    names.push(name.to_owned());
                }
            }
            // Who stops with a failure stops the build.
            (Kind::Word, "exit") if words.peek().is_some_and(|(_, status)| status.parse().is_ok_and(|status: u8| status > 0)) => {}
            (Kind::Word, "conda" | "mamba" | "micromamba") if words.peek().is_some_and(|(_, verb)| verb.ends_with("activate")) => {
                (begins, others) = (false, others || !first);
            }
            (Kind::Word, word) if OTHERS.contains(&word) => (begins, others) = (false, others || !first),
            (Kind::Word, word) if is_assignment(word) => {
                names.extend(word.split_once('=').map(|(name, _)| name.to_owned()).filter(|_| !first));
            }
            _ => begins = false,
        }
    }
    (names, others)
}

/// The variables that commands may set; `None` where it can be any.
pub(super) fn sets(text: &str) -> Option<BTreeSet<String>> {
    const KEYWORDS: [&str; 17] =
        ["!", "builtin", "command", "do", "done", "elif", "else", "esac", "export", "fi", "if", "then", "time", "until", "while", "{", "}"];
    const SETTERS: [&str; 13] =
        ["declare", "for", "getopts", "let", "local", "mapfile", "printf", "read", "readarray", "readonly", "select", "typeset", "unset"];
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut all = BTreeSet::new();
    let add = |all: &mut BTreeSet<String>, words: &str| {
        all.extend(words.split(|c| !is_name(c)).filter(|name| !name.is_empty()).map(str::to_owned));
    };
    if text.contains("((") {
        add(&mut all, text);
    }
    let (mut begins, mut setter) = (true, false);
    for token in tokens(text) {
        let word = token.text(text);
        for (at, _) in word.match_indices('$') {
            let set = word.get(at..).and_then(variable).filter(|(_, filter, _)| filter.trim_start_matches(':').starts_with('='));
            all.extend(set.map(|(name, ..)| name.to_owned()));
        }
        match token.kind {
            Kind::End => (begins, setter) = (true, false),
            // `A=b`, `A+=b`, `A[0]=b`
            Kind::Word if (begins || setter) && word.contains('=') && word.starts_with(is_name) => {
                all.extend(word.split(|c| !is_name(c)).next().map(str::to_owned));
            }
            Kind::Word if begins && matches!(word, "." | "source" | "eval" | "trap" | "alias") => return None,
            Kind::Word if begins && KEYWORDS.contains(&word) => {}
            Kind::Word if begins => (begins, setter) = (false, SETTERS.contains(&word)),
            Kind::Word if setter => add(&mut all, word),
            _ => {}
        }
    }
    Some(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_command_leaves_is_known() {
        for (part, names, others) in [
            ("if a; then B=1; else C=$(x); fi", "B C", false),
            ("for x in 1 2; do read -r y z; done", "x -r y z", false),
            ("A=1 b", "", false),
            ("[ -d x ] && cd x", "", true),
            ("(cd x; A=1) && b", "", false),
            ("case $x in 1) A=1;; *) exit 1;; esac", "A", false),
            ("a || exit 0", "", true),
            ("if a; then conda activate x; fi", "", true),
            ("conda activate x", "", false),
            ("if a; then export B=1; fi", "", true),
        ] {
            let (left, changes) = left(part);
            assert_eq!((left.join(" ").as_str(), changes), (names, others), "{part}");
        }
    }
}
