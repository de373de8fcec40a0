//! Which commands of a script run whenever the script does.

use crate::shell::lexer::Token;

/// Commands whose success says whether the next one behind `&&` runs.
const TESTS: [&str; 6] = ["test", "[", "[[", "command", "which", "grep"];

/// What decides whether the commands at hand run.
#[derive(Default)]
pub(super) struct Flow {
    /// For each compound command that is open, whether its commands may be skipped.
    open: Vec<bool>,
    /// Whether the next command is behind a test or `||`.
    maybe: bool,
    /// Whether the next brace opens a function.
    function: bool,
}

impl Flow {
    /// Notes the words of the shell before a command; whether the command runs in any case.
    pub(super) fn enter(&mut self, script: &str, command: &[Token]) -> bool {
        for word in command.iter().map(|token| token.text(script)) {
            match word {
                "if" | "while" | "until" | "case" => self.open.push(true),
                "for" | "select" => self.open.push(false),
                "{" => self.open.push(std::mem::take(&mut self.function)),
                "function" => self.function = true,
                "fi" | "done" | "esac" | "}" => drop(self.open.pop()),
                "then" | "do" | "else" | "elif" | "!" | "time" => {}
                _ => break,
            }
        }
        !self.maybe && !self.open.contains(&true)
    }

    /// Notes what a command ends with.
    pub(super) fn leave(&mut self, script: &str, command: &[Token], end: &[Token]) {
        let doubled = |sign: &str| match end {
            [one, two, ..] => one.range.end == two.range.start && [one, two].iter().all(|token| token.text(script) == sign),
            _ => false,
        };
        match end.first().map_or("", |token| token.text(script)) {
            ";" | "\n" => self.maybe = false,
            "|" if doubled("|") => self.maybe = true,
            "&" if doubled("&") => self.maybe |= command.iter().map(|token| token.text(script)).any(|word| TESTS.contains(&word)),
            "(" if command.len() == 1 && end.get(1).is_some_and(|token| token.text(script) == ")") => self.function = true,
            _ => {}
        }
    }
}
