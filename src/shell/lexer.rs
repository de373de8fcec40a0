//! Shell text in words and operators, as a POSIX shell would see them: quotes, escapes, comments, continued lines,
//! substitutions and here-documents. Nothing is expanded.

use std::ops::Range;

/// One token, with its bytes in the script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    /// What it is.
    pub(crate) kind: Kind,
    /// Where.
    pub(crate) range: Range<usize>,
}

impl Token {
    /// Its bytes in the script.
    pub(crate) fn text<'s>(&self, script: &'s str) -> &'s str {
        script.get(self.range.clone()).unwrap_or_default()
    }
}

/// A word without its quotes and backslashes.
pub(crate) fn bare(word: &str) -> String {
    word.chars().filter(|c| !matches!(c, '"' | '\'' | '\\')).collect()
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A word, with its quotes.
    Word,
    /// `>`, `>>`, `<`, `2>&`: an operator that a file or a descriptor follows.
    Redirect,
    /// The lines of a here-document.
    Document,
    /// Something after which another command begins: `;`, `&&`, `|`, a line break, a bracket.
    End,
}

/// The tokens of a script.
pub(crate) fn tokens(script: &str) -> Vec<Token> {
    let mut lexer = Lexer { script, at: 0, tokens: Vec::new(), documents: Vec::new() };
    while let Some(next) = lexer.peek() {
        lexer.token(next);
    }
    lexer.tokens
}

struct Lexer<'s> {
    script: &'s str,
    at: usize,
    tokens: Vec<Token>,
    /// The words that end the here-documents which begin after this line.
    documents: Vec<String>,
}

impl<'s> Lexer<'s> {
    fn rest(&self) -> &'s str {
        self.script.get(self.at..).unwrap_or("")
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn push(&mut self, kind: Kind, start: usize) {
        self.tokens.push(Token { kind, range: start..self.at });
    }

    fn token(&mut self, next: char) {
        let start = self.at;
        match next {
            '\n' => {
                self.at += 1;
                self.documents();
                self.tokens.push(Token { kind: Kind::End, range: start..start + 1 });
            }
            '#' => self.at += self.rest().find('\n').unwrap_or(self.rest().len()),
            '\\' if self.rest().starts_with("\\\n") => self.at += 2,
            '&' if self.rest().starts_with("&>") => self.redirect(start),
            ';' | '|' | '&' | '(' | ')' => {
                self.at += 1;
                self.push(Kind::End, start);
            }
            '<' | '>' => self.redirect(start),
            c if c.is_whitespace() => self.at += c.len_utf8(),
            _ => {
                self.word();
                self.push(Kind::Word, start);
            }
        }
    }

    /// An operator that redirects; of a here-document its word, too.
    fn redirect(&mut self, start: usize) {
        let operators = ["&>>", "<<<", "<<-", "&>", "<<", ">>", ">&", "<&", ">|", "<>", "<", ">"];
        let operator = operators.into_iter().find(|operator| self.rest().starts_with(operator)).unwrap_or("<");
        self.at += operator.len();
        // `<( … )` is a word.
        if matches!(operator, "<" | ">") && self.rest().starts_with('(') {
            self.substitution();
            self.push(Kind::Word, start);
            return;
        }
        self.push(Kind::Redirect, start);
        if matches!(operator, "<<" | "<<-") {
            self.at += self.rest().len() - self.rest().trim_start_matches([' ', '\t']).len();
            let begin = self.at;
            self.word();
            let word = self.script.get(begin..self.at).unwrap_or("");
            self.documents.push(bare(word));
            self.push(Kind::Word, begin);
        }
    }

    /// The lines of here-documents are no commands of the script.
    fn documents(&mut self) {
        for end in std::mem::take(&mut self.documents) {
            let start = self.at;
            let mut last = start;
            while !self.rest().is_empty() {
                let line = self.rest().lines().next().unwrap_or("");
                self.at = (self.at + line.len() + 1).min(self.script.len());
                if line.trim_start_matches('\t') == end {
                    break;
                }
                last = self.at;
            }
            self.tokens.push(Token { kind: Kind::Document, range: start..last });
        }
    }

    /// Moves over a word.
    fn word(&mut self) {
        while let Some(next) = self.peek() {
            match next {
                '\\' => self.over(2),
                '\'' => self.until('\''),
                '"' => self.double(),
                '`' => self.until('`'),
                '$' if self.rest().starts_with("$(") => {
                    self.at += 1;
                    self.substitution();
                }
                '$' if self.rest().starts_with("${") => self.until('}'),
                ';' | '|' | '&' | '(' | ')' | '<' | '>' => return,
                c if c.is_whitespace() => return,
                c => self.at += c.len_utf8(),
            }
        }
    }

    /// Moves over so many characters.
    fn over(&mut self, count: usize) {
        self.at += self.rest().chars().take(count).map(char::len_utf8).sum::<usize>();
    }

    /// Moves over one character and all up to and with another.
    fn until(&mut self, end: char) {
        self.over(1);
        self.at += self.rest().find(end).map_or(self.rest().len(), |at| at + end.len_utf8());
    }

    /// Moves over text in double quotes.
    fn double(&mut self) {
        self.over(1);
        while let Some(next) = self.peek() {
            match next {
                '"' => return self.over(1),
                '\\' => self.over(2),
                '$' if self.rest().starts_with("$(") => {
                    self.at += 1;
                    self.substitution();
                }
                _ => self.over(1),
            }
        }
    }

    /// Moves over `( … )`, brackets and quotes in it counted.
    fn substitution(&mut self) {
        let mut depth = 0usize;
        while let Some(next) = self.peek() {
            match next {
                '(' => depth += 1,
                ')' => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        return self.over(1);
                    }
                }
                '\\' => self.over(1),
                '\'' => {
                    self.until('\'');
                    continue;
                }
                '"' => {
                    self.double();
                    continue;
                }
                _ => {}
            }
            self.over(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(script: &str) -> Vec<String> {
        let mark = |kind| match kind {
            Kind::Word => "",
            Kind::Redirect => "R:",
            Kind::Document => "D:",
            Kind::End => "E:",
        };
        tokens(script).into_iter().map(|token| format!("{}{}", mark(token.kind), &script[token.range])).collect()
    }

    #[test]
    fn words_and_operators_are_told_apart() {
        assert_eq!(shown("pip install x>=1 && y"), ["pip", "install", "x", "R:>", "=1", "E:&", "E:&", "y"]);
        assert_eq!(shown("a 'b >c' \"d >e\" f\\>g"), ["a", "'b >c'", "\"d >e\"", "f\\>g"]);
        assert_eq!(shown("a # b >c\nd"), ["a", "E:\n", "d"]);
        assert_eq!(shown("a \\\n  b#c"), ["a", "b#c"]);
        assert_eq!(shown("a 2>&1 >>log"), ["a", "2", "R:>&", "1", "R:>>", "log"]);
        assert_eq!(shown("a $(b >c \")\") \"$(d \"e\")\" ${f>g}"), ["a", "$(b >c \")\")", "\"$(d \"e\")\"", "${f>g}"]);
        assert_eq!(shown("cat <<'E' >f\nx >=1\nE\nb <<< c"), ["cat", "R:<<", "'E'", "R:>", "f", "D:x >=1\n", "E:\n", "b", "R:<<<", "c"]);
        assert_eq!(shown("diff <(a >b) c"), ["diff", "<(a >b)", "c"]);
        assert_eq!(shown("'unclosed >=1"), ["'unclosed >=1"]);
    }
}
