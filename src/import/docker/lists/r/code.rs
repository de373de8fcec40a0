//! The part of R in which packages are installed: calls, texts, `c(…)`, `if (!requireNamespace("x")) …`.

use std::iter::Peekable;
use std::str::CharIndices;

/// An expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Expression {
    /// A text in quotes.
    Text(String),
    /// A name or a number: `TRUE`, `4`, `repos`.
    Word(String),
    /// A call, with the package of its function: `pak::pak("x", ask = FALSE)`.
    Call(Call),
    /// What runs if a condition does not hold: the condition, and the statements.
    Unless(Box<Expression>, Vec<Expression>),
}

/// A call of a function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Call {
    /// The package that has the function; empty where the script does not say it.
    pub(super) package: String,
    /// The function.
    pub(super) function: String,
    /// The arguments, with their names.
    pub(super) arguments: Vec<(Option<String>, Expression)>,
}

impl Expression {
    pub(super) fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    pub(super) fn word(&self) -> Option<&str> {
        if let Self::Word(word) = self { Some(word) } else { None }
    }

    pub(super) fn call(&self) -> Option<&Call> {
        if let Self::Call(call) = self { Some(call) } else { None }
    }

    /// The elements of `c(…)`, or the one that it is.
    pub(super) fn elements(&self) -> Vec<&Self> {
        match self.call() {
            Some(call) if call.function == "c" && call.package.is_empty() => call.arguments.iter().map(|(_, value)| value).collect(),
            _ => vec![self],
        }
    }

    /// The texts that it is: `"a"`, `c("a", "b")`.
    pub(super) fn texts(&self) -> Option<Vec<&str>> {
        self.elements().into_iter().map(Self::text).collect()
    }
}

/// The statements of a script; `None` where there is more in it than this reads.
pub(super) fn statements(script: &str) -> Option<Vec<Expression>> {
    let mut reader = Reader { text: script, rest: script.char_indices().peekable() };
    let all = reader.statements()?;
    reader.rest.peek().is_none().then_some(all)
}

struct Reader<'s> {
    text: &'s str,
    rest: Peekable<CharIndices<'s>>,
}

impl<'s> Reader<'s> {
    fn statements(&mut self) -> Option<Vec<Expression>> {
        let mut all = Vec::new();
        loop {
            while self.rest.next_if(|(_, c)| c.is_whitespace() || *c == ';').is_some() {}
            if self.rest.peek().is_none_or(|(_, c)| *c == '}') {
                return Some(all);
            }
            all.push(self.statement()?);
            // Two on a line are no R.
            self.blanks(false);
            if self.rest.peek().is_some_and(|(_, c)| !matches!(c, ';' | '\n' | '}')) {
                return None;
            }
        }
    }

    fn statement(&mut self) -> Option<Expression> {
        let before = self.rest.clone();
        if self.name() == Some("if") {
            self.takes('(')?;
            self.takes('!')?;
            let condition = self.expression()?;
            self.takes(')')?;
            let then = if self.takes('{').is_some() {
                let inner = self.statements()?;
                self.takes('}')?;
                inner
            } else {
                vec![self.statement()?]
            };
            return Some(Expression::Unless(Box::new(condition), then));
        }
        self.rest = before;
        self.expression()
    }

    fn expression(&mut self) -> Option<Expression> {
        self.blanks(true);
        if matches!(self.rest.peek()?.1, '"' | '\'') {
            return self.quoted().map(Expression::Text);
        }
        let name = self.name()?.to_owned();
        let (package, function) = match name.split_once("::") {
            Some((package, function)) => (package.to_owned(), function.trim_start_matches(':').to_owned()),
            None => (String::new(), name),
        };
        if self.rest.next_if(|(_, c)| *c == '(').is_none() {
            return package.is_empty().then_some(Expression::Word(function));
        }
        let arguments = self.arguments()?;
        Some(Expression::Call(Call { package, function, arguments }))
    }

    fn arguments(&mut self) -> Option<Vec<(Option<String>, Expression)>> {
        let mut all = Vec::new();
        while self.takes(')').is_none() {
            if !all.is_empty() {
                self.takes(',')?;
            }
            self.blanks(true);
            let before = self.rest.clone();
            let quoted = self.rest.peek().is_some_and(|(_, c)| matches!(c, '"' | '\''));
            let name = if quoted { self.quoted() } else { self.name().map(str::to_owned) };
            if self.takes('=').is_some() {
                all.push((Some(name?), self.expression()?));
            } else {
                self.rest = before;
                all.push((None, self.expression()?));
            }
        }
        Some(all)
    }

    /// A text in quotes; without escapes that stand for other characters.
    fn quoted(&mut self) -> Option<String> {
        let (_, quote) = self.rest.next()?;
        let mut text = String::new();
        loop {
            match self.rest.next()?.1 {
                c if c == quote => return Some(text),
                '\\' => match self.rest.next()?.1 {
                    c @ ('"' | '\'' | '\\') => text.push(c),
                    _ => return None,
                },
                c => text.push(c),
            }
        }
    }

    /// A name or a number, with the package before a name.
    fn name(&mut self) -> Option<&'s str> {
        let start = self.rest.peek()?.0;
        while self.rest.next_if(|(_, c)| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | ':')).is_some() {}
        let end = self.rest.peek().map_or(self.text.len(), |(at, _)| *at);
        self.text.get(start..end).filter(|name| !name.is_empty())
    }

    /// Takes a character, and the blanks before it.
    fn takes(&mut self, wanted: char) -> Option<()> {
        let before = self.rest.clone();
        self.blanks(true);
        let found = self.rest.next_if(|(_, c)| *c == wanted);
        if found.is_none() {
            self.rest = before;
        }
        found.map(|_| ())
    }

    fn blanks(&mut self, lines: bool) {
        while self.rest.next_if(|(_, c)| c.is_whitespace() && (lines || *c != '\n')).is_some() {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_with_their_arguments() {
        let read = |script: &str| statements(script).map(|all| format!("{all:?}"));
        let named = read("pak::pak(c('a', x = \"b\\\"\"), ask = FALSE);\n f(1L)").unwrap();
        for part in ["package: \"pak\"", "Text(\"b\\\"\")", "(Some(\"ask\"), Word(\"FALSE\"))", "function: \"f\"", "(None, Word(\"1L\"))"] {
            assert!(named.contains(part), "{part}\n{named}");
        }
        assert_eq!(read("if (!f('x')) { g(); h() }"), read("if(! f(\"x\"))\n{\n g()\n h()\n}"));
        assert_eq!(read(" ; \n"), Some("[]".to_owned()));
    }

    #[test]
    fn more_of_r_is_not_read() {
        for script in [
            "f(",
            "f(a b)",
            "f() g()",
            "x <- f()",
            "f(g(1), -1)",
            "f('a\\n')",
            "f('a",
            "a::b",
            "if (f()) g()",
            "f()$x",
            "{ f() }",
            "f())",
            "f(,)",
        ] {
            assert_eq!(statements(script), None, "{script}");
        }
    }
}
