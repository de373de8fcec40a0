//! The commands of a script: their words, the program that each one runs, the addresses in them.

use std::ops::Range;

use super::lexer::{Kind, Token, bare, tokens};

/// A command of a script, without what a shell would expand.
pub(crate) struct Command {
    /// Its words, without quotes.
    pub(crate) words: Vec<String>,
    /// The files that it writes by redirection.
    pub(crate) files: Vec<String>,
}

/// The commands of a script, in order.
pub(crate) fn commands(script: &str) -> Vec<Command> {
    let mut all = vec![Command { words: Vec::new(), files: Vec::new() }];
    let mut operator = "";
    for token in tokens(script) {
        let text = token.text(script);
        let Some(last) = all.last_mut() else { continue };
        match token.kind {
            Kind::End => all.push(Command { words: Vec::new(), files: Vec::new() }),
            Kind::Redirect => operator = text,
            Kind::Word => {
                let word = bare(text);
                match std::mem::take(&mut operator) {
                    "" => last.words.push(word),
                    ">" | ">>" | ">|" | "&>" | "&>>" => last.files.push(word),
                    _ => {}
                }
            }
            Kind::Document => {}
        }
    }
    all.retain(|command| !command.words.is_empty() || !command.files.is_empty());
    all
}

/// The addresses in words of a script, without those that it only prints.
pub(crate) fn addresses(script: &str) -> Vec<Range<usize>> {
    let tokens = tokens(script);
    let mut all = Vec::new();
    for command in tokens.split(|token| token.kind == Kind::End) {
        if program(script, command).is_some_and(|program| matches!(program.name, "echo" | "printf")) {
            continue;
        }
        for token in command.iter().filter(|token| token.kind == Kind::Word) {
            let word = token.text(script);
            all.extend(address(word).map(|range| token.range.start + range.start..token.range.start + range.end));
        }
    }
    all
}

/// The first address in a word, in bytes: from its scheme up to a blank or a quote.
pub(super) fn address(word: &str) -> Option<Range<usize>> {
    let mark = word.find("://")?;
    let scheme = word.get(..mark)?;
    let start = scheme.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || c == '+').len();
    let end = word.get(mark..)?.find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '\\'));
    Some(start..end.map_or(word.len(), |end| mark + end))
}

/// The program that a command runs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Program<'s, 't> {
    /// Its name without the folder: `pip` for `python -m pip` and `pip3.11`, too.
    pub(crate) name: &'s str,
    /// The word that says where it is: `/opt/venv/bin/python`.
    pub(crate) path: &'s str,
    /// What comes after it.
    pub(crate) rest: &'t [Token],
}

/// Words of the shell that may stand before a command.
const BEFORE: [&str; 10] = ["then", "do", "else", "elif", "if", "while", "until", "!", "{", "time"];

/// Programs that run the rest of their words, each with the options that a value follows and how many words of its own come first.
const WRAPPERS: [(&str, &[&str], usize); 12] = [
    ("sudo", &["-u", "-g", "-C", "-h", "-p"], 0),
    ("env", &["-u", "-C"], 0),
    ("exec", &["-a"], 0),
    ("nice", &["-n"], 0),
    ("ionice", &["-c", "-n"], 0),
    ("command", &[], 0),
    ("nohup", &[], 0),
    ("stdbuf", &["-i", "-o", "-e"], 0),
    ("timeout", &["-k", "-s"], 1),
    ("gosu", &[], 1),
    ("xargs", &["-a", "-n", "-P", "-I", "-L", "-d"], 0),
    ("runuser", &["-u", "-g"], 0),
];

/// The program that a command runs, behind assignments, words of the shell and programs that run others.
pub(crate) fn program<'s, 't>(script: &'s str, command: &'t [Token]) -> Option<Program<'s, 't>> {
    let text = |token: &Token| token.text(script);
    let mut rest = command;
    let path = loop {
        let (first, after) = rest.split_first()?;
        let word = text(first);
        rest = after;
        let wrapper = WRAPPERS.iter().find(|(name, ..)| *name == base_name(word));
        if first.kind == Kind::Redirect {
            rest = rest.get(1..)?;
        } else if let (Kind::Word, Some((_, valued, own))) = (first.kind, wrapper) {
            while let Some(option) = rest.first().map(text).filter(|word| word.starts_with('-')) {
                rest = rest.get(if valued.contains(&option) { 2 } else { 1 }..)?;
            }
            rest = rest.get(*own..)?;
        } else if first.kind == Kind::Word && !BEFORE.contains(&word) && !is_assignment(word) {
            break word;
        }
    };
    let mut name = base_name(path);
    let bare = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    if bare == "python" {
        let module = rest.iter().position(|token| !text(token).starts_with('-') || text(token) == "-m")?;
        rest.get(module).filter(|token| text(token) == "-m")?;
        name = text(rest.get(module + 1)?);
        rest = rest.get(module + 2..)?;
    }
    Some(Program { name: if name.starts_with("pip3.") { "pip" } else { name }, path, rest })
}

/// The last part of a path, without quotes.
fn base_name(word: &str) -> &str {
    word.trim_matches(['"', '\'']).rsplit('/').next().unwrap_or(word)
}

/// `NAME=value`.
pub(crate) fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_end_with_their_word_or_quote() {
        for (script, wanted) in [
            ("curl -fsSL https://a.org/x -o x && wget 'http://b.org/y z'", vec!["https://a.org/x", "http://b.org/y"]),
            ("URL=\"https://a.org/$V/x\"; curl $URL", vec!["https://a.org/$V/x"]),
            ("pip install git+https://a.org/x.git@v1", vec!["git+https://a.org/x.git@v1"]),
            ("echo https://a.org; printf %s https://b.org # https://c.org", vec![]),
            ("cat > f <<E\nhttps://a.org\nE", vec![]),
            ("curl a.org :// é://x", vec!["://", "://x"]),
        ] {
            assert_eq!(addresses(script).into_iter().map(|range| &script[range]).collect::<Vec<_>>(), wanted, "{script}");
        }
    }
}
