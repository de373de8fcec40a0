//! Regular expressions that mean the same to Python's `re`, which the server uses, and to a browser's `pattern`, which is
//! compiled with JavaScript's `v` flag. What one of them refuses or reads otherwise is refused.

/// Why a pattern is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Problem {
    /// What is wrong, in words that follow a colon.
    pub(super) what: String,
    /// A way out.
    pub(super) help: Option<String>,
}

/// Letters after a backslash that both know outside and inside of brackets.
const CLASSES: &str = "dDwWsSnrtfv";
/// What a backslash may stand before, to mean the character itself.
const SYNTAX: &str = "^$\\.*+?()[]{}|/";
/// What must be escaped in brackets.
const IN_BRACKETS: &str = "()[{}/|";
/// What may not stand twice in a row in brackets.
const TWICE: &str = "&!#$%*+,.:;<=>?@^`~";

/// The pattern's characters, and how far they are read.
struct Reader {
    letters: Vec<char>,
    at: usize,
}

/// Whether a pattern is read alike by both.
pub(super) fn check(pattern: &str) -> Result<(), Problem> {
    let mut reader = Reader { letters: pattern.chars().collect(), at: 0 };
    // The groups that are open; whether each only looks ahead, which nothing can repeat.
    let mut open: Vec<bool> = Vec::new();
    // Whether there is something that a `*` could repeat.
    let mut atom = false;
    while let Some(letter) = reader.next() {
        match letter {
            '\\' => atom = reader.escape(false)?,
            '[' => {
                reader.brackets()?;
                atom = true;
            }
            '(' => {
                open.push(reader.group()?);
                atom = false;
            }
            ')' => {
                atom = !open.pop().ok_or_else(|| problem("a `)` without its `(`", None))?;
            }
            '*' | '+' | '?' | '{' => {
                reader.repeat(letter, atom)?;
                atom = false;
            }
            ']' | '}' => return Err(problem(format!("a bare `{letter}`"), Some(format!("write `\\{letter}`")))),
            '|' | '^' | '$' => atom = false,
            _ => atom = true,
        }
    }
    if open.is_empty() { Ok(()) } else { Err(problem("a `(` without its `)`", None)) }
}

/// Whether a pattern is read alike by server and browser.
///
/// # Errors
/// Says what is wrong with it.
pub fn readable(pattern: &str) -> Result<(), String> {
    check(pattern).map_err(|problem| problem.what)
}

/// The pattern with a backslash before each bare dot in a host's name; `None` where there is no such dot. A host is what begins the
/// pattern or an alternative, and ends before a slash, a port, or the end of the alternative: `(?:ghcr.io|quay.io)/demo`.
pub(super) fn with_exact_hosts(pattern: &str) -> Option<String> {
    let letters: Vec<char> = pattern.chars().collect();
    let is_start = |at: usize| match at.checked_sub(1).and_then(|before| letters.get(before)) {
        None | Some('^' | '(' | '|') => true,
        Some(':') => at >= 3 && letters.get(at - 3..at - 1) == Some(&['(', '?']),
        Some(_) => false,
    };
    let of_host = |letter: &char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '\\');
    let mut exact = String::new();
    let mut at = 0;
    while let Some(letter) = letters.get(at) {
        let host: Vec<char> = if is_start(at) { letters.iter().skip(at).copied().take_while(|c| of_host(c)).collect() } else { Vec::new() };
        let end = at + host.len();
        let host: String = host.into_iter().collect();
        let named = host.rsplit('.').next().is_some_and(|last| last.len() > 1 && last.bytes().all(|byte| byte.is_ascii_alphabetic()));
        let ends = match letters.get(end) {
            Some('/') => true,
            Some('|' | ')' | ':') => named,
            _ => false,
        };
        if !ends || host.is_empty() {
            exact.push(*letter);
            at += 1;
            continue;
        }
        exact.push_str(&host.replace("\\.", ".").replace('.', "\\."));
        at = end;
    }
    (exact != pattern).then_some(exact)
}

fn problem(what: impl Into<String>, help: Option<String>) -> Problem {
    Problem { what: what.into(), help }
}

impl Reader {
    fn next(&mut self) -> Option<char> {
        let letter = self.peek();
        self.at += usize::from(letter.is_some());
        letter
    }

    fn peek(&self) -> Option<char> {
        self.letters.get(self.at).copied()
    }

    fn eat(&mut self, letter: char) -> bool {
        let there = self.peek() == Some(letter);
        self.at += usize::from(there);
        there
    }

    /// What follows a backslash; whether it can be repeated.
    fn escape(&mut self, in_brackets: bool) -> Result<bool, Problem> {
        let Some(letter) = self.next() else { return Err(problem("a backslash at the end", None)) };
        match letter {
            'b' | 'B' if !in_brackets => Ok(false),
            'x' => self.digits(2).map(|()| true),
            'u' => self.digits(4).map(|()| true),
            '-' if in_brackets => Ok(true),
            _ if CLASSES.contains(letter) || SYNTAX.contains(letter) || (in_brackets && TWICE.contains(letter)) => Ok(true),
            'A' | 'Z' | 'z' => Err(problem(format!("`\\{letter}`"), Some("drop it: the whole text is compared anyway".to_owned()))),
            _ if letter.is_ascii_alphanumeric() => Err(problem(format!("`\\{letter}`"), None)),
            _ => Err(problem(format!("`\\{letter}`"), Some(format!("write `{letter}`")))),
        }
    }

    fn digits(&mut self, count: usize) -> Result<(), Problem> {
        for _ in 0..count {
            if !self.next().is_some_and(|letter| letter.is_ascii_hexdigit()) {
                return Err(problem("an escape without its hexadecimal digits", None));
            }
        }
        Ok(())
    }

    /// What follows an opening parenthesis; whether the group looks ahead.
    fn group(&mut self) -> Result<bool, Problem> {
        if !self.eat('?') || self.eat(':') {
            return Ok(false);
        }
        if self.eat('=') || self.eat('!') {
            return Ok(true);
        }
        Err(problem("a group with a name, a flag or a look behind", Some("write `(?:…)`".to_owned())))
    }

    /// A repetition: `*`, `+`, `?`, `{2}`, `{2,}`, `{2,3}`, each perhaps with `?`.
    fn repeat(&mut self, letter: char, atom: bool) -> Result<(), Problem> {
        if letter == '{' {
            let end = self.letters.iter().skip(self.at).position(|letter| *letter == '}');
            let inner: String = self.letters.iter().skip(self.at).take(end.unwrap_or(0)).collect();
            let (least, most) = inner.split_once(',').unwrap_or((&inner, &inner));
            let number = |text: &str| text.parse::<u32>().ok();
            let in_order = most.is_empty() || number(least).zip(number(most)).is_some_and(|(least, most)| least <= most);
            if end.is_none() || number(least).is_none() || !in_order {
                return Err(problem("a bare `{`", Some("write `\\{`, or a repetition such as `{0,3}`".to_owned())));
            }
            self.at += inner.chars().count() + 1;
        }
        if !atom {
            return Err(problem(format!("nothing before `{letter}` to repeat"), None));
        }
        self.eat('?');
        match self.peek() {
            Some(next @ ('*' | '+' | '?')) => Err(problem(format!("`{next}` after a repetition"), None)),
            _ => Ok(()),
        }
    }

    /// What follows an opening bracket, up to the closing one.
    fn brackets(&mut self) -> Result<(), Problem> {
        self.eat('^');
        let mut last: Option<char> = None;
        loop {
            let start = self.at;
            let Some(letter) = self.next() else { return Err(problem("a `[` without its `]`", None)) };
            match letter {
                ']' if start > 0 && last.is_none() => return Err(problem("empty brackets", None)),
                ']' => return Ok(()),
                '\\' => {
                    self.escape(true)?;
                    last = self.letters.get(self.at - 1).copied();
                }
                '-' => last = Some(self.range(last)?),
                _ if IN_BRACKETS.contains(letter) => return Err(escaped(letter)),
                _ if TWICE.contains(letter) && self.peek() == Some(letter) => {
                    return Err(problem(format!("`{letter}{letter}` in brackets"), Some(format!("write it once, or `\\{letter}`"))));
                }
                _ => last = Some(letter),
            }
        }
    }

    /// A hyphen in brackets stands between two characters.
    fn range(&mut self, from: Option<char>) -> Result<char, Problem> {
        let class = self.at >= 3 && self.letters.get(self.at - 3) == Some(&'\\') && from.is_some_and(|letter| CLASSES.contains(letter));
        let Some(from) = from.filter(|_| !class) else { return Err(escaped('-')) };
        let to = match self.next() {
            Some('\\') if self.peek().is_some_and(|letter| CLASSES.contains(letter)) => {
                return Err(problem(
                    "a range that ends with a class of characters",
                    Some("write the class beside the range, or `\\-`".to_owned()),
                ));
            }
            Some('\\') => {
                self.escape(true)?;
                self.letters.get(self.at - 1).copied()
            }
            Some(letter) if letter != ']' && !IN_BRACKETS.contains(letter) && letter != '-' => Some(letter),
            _ => None,
        };
        let Some(to) = to else { return Err(escaped('-')) };
        if to < from { Err(problem(format!("the range `{from}-{to}` is empty"), None)) } else { Ok(to) }
    }
}

/// A character that must be escaped in brackets.
fn escaped(letter: char) -> Problem {
    problem(format!("a bare `{letter}` in brackets"), Some(format!("write `\\{letter}`")))
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn what_both_read_alike_passes() {
        for right in [
            "",
            "quay.io/.+:.+",
            "[a-z\\-]+",
            "[\\w.\\/\\-]+",
            "a\\/b",
            "\\d{2,}?",
            "(?:a|b)*",
            "a{0,3}",
            "[^\\/]",
            "(?=a)a",
            "\\x22",
            "[.]",
            "[a-z0-9_.]+",
            "é+",
            "[\\u00e9]",
        ] {
            assert_eq!(check(right), Ok(()), "{right}");
        }
    }

    #[test]
    fn dots_of_hosts_are_found() {
        let exact = |pattern: &str| super::with_exact_hosts(pattern).unwrap_or_default();
        assert_eq!(exact("ghcr.io/ex/.+:.+"), "ghcr\\.io/ex/.+:.+");
        assert_eq!(exact("(?:quay.io|ghcr\\.io)/.+"), "(?:quay\\.io|ghcr\\.io)/.+");
        assert_eq!(exact("localhost.example:5000/.+"), "localhost\\.example:5000/.+");
        assert_eq!(exact("(?:quay.io/a|ghcr\\.io/b)/.+"), "(?:quay\\.io/a|ghcr\\.io/b)/.+");
        assert_eq!(exact("a.b-c.example.org\\/x:1.0"), "a\\.b-c\\.example\\.org\\/x:1.0");
        for right in ["ghcr\\.io/.+", ".+", ".*/.+", "[a-z.]+/x", "x:1.0/", "(1.0|1.1)", "a/(?:x.1|y)", "quay\\.io\\/a.b"] {
            assert_eq!(exact(right), "", "{right}");
        }
    }

    #[test]
    fn what_one_refuses_is_refused() {
        for wrong in [
            "[a-z-]", "[\\w./-]", "[^/]", "a\\:b", "(?P<n>x)", "(?i)x", "\\A", "x{,3}", "(?<n>x)", "a**", "a++", "(", ")", "[", "]", "}",
            "*a", "[z-a]", "[a[b]]", "[a&&b]", "\\", "\\pL", "(?>a)", "\\x2", "[]", "[\\w-z]", "\\-", "{", "a{3,1}", "(?#x)", "\\1",
            "[a-\\d]", "[\\d-z]", "(?=a)*", "(?!a)+",
        ] {
            assert!(check(wrong).is_err(), "{wrong}");
        }
    }
}
