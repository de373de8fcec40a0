//! What a command of a script leaves in the shell for those behind it.

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
            (Kind::Word, word) if OTHERS.contains(&word) => (begins, others) = (false, others || !first),
            (Kind::Word, word) if is_assignment(word) => {
                names.extend(word.split_once('=').map(|(name, _)| name.to_owned()).filter(|_| !first));
            }
            _ => begins = false,
        }
    }
    (names, others)
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
            ("if a; then export B=1; fi", "", true),
        ] {
            let (left, changes) = left(part);
            assert_eq!((left.join(" ").as_str(), changes), (names, others), "{part}");
        }
    }
}
