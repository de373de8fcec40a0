//! `[ … ]`, `[[ … ]]` and patterns of a shell, as far as they are known before it runs.

use super::words::{Known, expand, names, variable};
use crate::shell::{Kind, tokens};

/// A word of a shell without its quotes: each character, with what it may mean.
pub(super) struct Pieces {
    all: Vec<(char, Mark)>,
    /// Whether it is there even if it is empty.
    quoted: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    /// It stands for itself.
    Quoted,
    /// It is written so.
    Written,
    /// It is of a variable.
    Filled,
}

impl Pieces {
    /// The text, where nothing takes it apart.
    pub(super) fn whole(&self) -> Option<String> {
        (!self.all.contains(&('~', Mark::Written))).then(|| self.all.iter().map(|(c, _)| c).collect())
    }

    /// The words that a command gets of it; `None` where that depends on files.
    fn fields(&self) -> Option<Vec<String>> {
        let special = |(c, mark): &(char, Mark)| {
            *mark != Mark::Quoted && matches!(c, '*' | '?' | '[' | '\\') || *mark == Mark::Written && matches!(c, '{' | '~')
        };
        if self.all.iter().any(special) {
            return None;
        }
        let mut fields: Vec<String> = vec![String::new()];
        for (c, mark) in &self.all {
            match fields.last_mut() {
                Some(last) if *mark != Mark::Filled || !c.is_whitespace() => last.push(*c),
                _ => fields.push(String::new()),
            }
        }
        if !self.quoted {
            fields.retain(|field| !field.is_empty());
        } else if fields.len() > 1 {
            return None;
        }
        Some(fields)
    }
}

/// Reads a word; `None` where a variable in it is not known, or a command says what it is.
pub(super) fn pieces(word: &str, known: Known<'_>) -> Option<Pieces> {
    let mut pieces = Pieces { all: Vec::new(), quoted: false };
    let mut double = false;
    let mut rest = word;
    while let Some(c) = rest.chars().next() {
        let after = rest.get(c.len_utf8()..)?;
        let mut add = |text: &str, mark| pieces.all.extend(text.chars().map(|c| (c, if double { Mark::Quoted } else { mark })));
        rest = match c {
            '\'' if !double => {
                let (inner, more) = after.split_once('\'')?;
                add(inner, Mark::Quoted);
                pieces.quoted = true;
                more
            }
            '"' => {
                double = !double;
                pieces.quoted = true;
                after
            }
            '\\' => {
                let next = after.chars().next().filter(|next| *next != '\n')?;
                if double && !matches!(next, '"' | '\\' | '$' | '`') {
                    add("\\", Mark::Quoted);
                }
                add(&next.to_string(), Mark::Quoted);
                after.get(next.len_utf8()..)?
            }
            '`' => return None,
            '$' => {
                let (name, filter, more) = variable(rest)?;
                let plain = !filter.contains(['"', '\'', '\\', '`', '$', ' ', '*', '?', '[', '~']);
                known(name).filter(|_| plain)?;
                let written = rest.get(..rest.len() - more.len())?;
                let (text, unknown) = expand(written, known);
                if !unknown.is_empty() || names(written).len() != 1 {
                    return None;
                }
                add(&text, Mark::Filled);
                more
            }
            c => {
                add(c.encode_utf8(&mut [0; 4]), Mark::Written);
                after
            }
        };
    }
    (!double).then_some(pieces)
}

/// Whether a text is what a pattern says; `None` where it has classes.
pub(super) fn matches(text: &str, pattern: &Pieces) -> Option<bool> {
    let special = |(c, mark): &(char, Mark)| *mark != Mark::Quoted && matches!(c, '[' | '\\' | '~');
    if pattern.all.iter().any(special) {
        return None;
    }
    let text: Vec<char> = text.chars().collect();
    // Which beginnings of the text the pattern so far stands for.
    let mut reached = vec![false; text.len() + 1];
    *reached.first_mut()? = true;
    for (c, mark) in &pattern.all {
        let mut next = vec![false; text.len() + 1];
        let mut any = false;
        for at in 0..=text.len() {
            let before = at.checked_sub(1);
            let step = before.is_some_and(|before| reached.get(before) == Some(&true));
            any |= reached.get(at) == Some(&true);
            let here = match (c, *mark == Mark::Quoted) {
                ('*', false) => any,
                ('?', false) => step,
                _ => step && before.and_then(|before| text.get(before)) == Some(c),
            };
            if let Some(cell) = next.get_mut(at) {
                *cell = here;
            }
        }
        reached = next;
    }
    reached.last().copied()
}

/// Whether a test holds. A shell that is not known to be bash may not know `==`: there only tests with it that do not hold are known.
pub(super) fn test(text: &str, known: Known<'_>, bash: bool) -> Option<bool> {
    let all = tokens(text);
    let words: Vec<&str> = all.iter().map(|token| token.text(text)).collect();
    match words.as_slice() {
        ["[[", inner @ .., "]]"] => expression(inner, known),
        ["[", inner @ .., "]"] | ["test", inner @ ..] if all.iter().all(|token| token.kind == Kind::Word) => {
            let mut args = Vec::new();
            for word in inner {
                args.extend(pieces(word, known)?.fields()?);
            }
            let args: Vec<&str> = args.iter().map(String::as_str).collect();
            let holds = holds(&args)?;
            let own = args.contains(&"==");
            (bash || !own || !holds && args.first() != Some(&"!")).then_some(holds)
        }
        _ => None,
    }
}

/// The arguments of `[`.
fn holds(args: &[&str]) -> Option<bool> {
    match args {
        [] => Some(false),
        [one] => Some(!one.is_empty()),
        [one, "=" | "==", other] => Some(one == other),
        [one, "!=", other] => Some(one != other),
        [one, operator @ ("-eq" | "-ne" | "-lt" | "-le" | "-gt" | "-ge"), other] => compared(one, operator, other),
        [one, "-a", other] => Some(!one.is_empty() && !other.is_empty()),
        [one, "-o", other] => Some(!one.is_empty() || !other.is_empty()),
        ["!", rest @ ..] if rest.len() < 4 => holds(rest).map(|holds| !holds),
        ["-n", text] => Some(!text.is_empty()),
        ["-z", text] => Some(text.is_empty()),
        _ => None,
    }
}

fn compared(one: &str, operator: &str, other: &str) -> Option<bool> {
    // `010` is eight to some.
    let plain = |text: &&str| *text == "0" || !text.trim_start_matches('-').starts_with(['0', '+']);
    let number = |text: &str| Some(text).filter(plain)?.parse::<i64>().ok();
    let order = number(one)?.cmp(&number(other)?);
    Some(match operator {
        "-eq" => order.is_eq(),
        "-ne" => order.is_ne(),
        "-lt" => order.is_lt(),
        "-le" => order.is_le(),
        "-gt" => order.is_gt(),
        _ => order.is_ge(),
    })
}

/// What is between `[[` and `]]`: `||` binds least.
fn expression(words: &[&str], known: Known<'_>) -> Option<bool> {
    let operator = |sign: &str| words.windows(2).position(|pair| pair.iter().all(|word| *word == sign));
    for (sign, decides) in [("|", true), ("&", false)] {
        if let Some(at) = operator(sign) {
            let one = expression(words.get(..at)?, known)?;
            return if one == decides { Some(decides) } else { expression(words.get(at + 2..)?, known) };
        }
    }
    let whole = |word: &str| pieces(word, known)?.whole();
    match words {
        ["!", rest @ ..] => expression(rest, known).map(|holds| !holds),
        ["-z", word] => Some(whole(word)?.is_empty()),
        ["-n", word] | [word] => Some(!whole(word)?.is_empty()),
        [one, "=" | "==", pattern] => matches(&whole(one)?, &pieces(pattern, known)?),
        [one, "!=", pattern] => matches(&whole(one)?, &pieces(pattern, known)?).map(|holds| !holds),
        [one, operator @ ("-eq" | "-ne" | "-lt" | "-le" | "-gt" | "-ge"), other] => compared(&whole(one)?, operator, &whole(other)?),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(name: &str) -> Option<String> {
        let value = match name {
            "A" => "a",
            "E" => "",
            "N" => "10",
            "W" => "x y",
            "G" => "*",
            _ => return None,
        };
        Some(value.to_owned())
    }

    #[test]
    fn tests_hold_as_in_a_shell() {
        for (text, wanted) in [
            ("[ $A = a ]", Some(true)),
            ("[ \"$A\" != 'a' ]", Some(false)),
            ("[ -z $E ]", Some(true)),
            ("[ -n $E ]", Some(true)),
            ("[ -n \"$E\" ]", Some(false)),
            ("[ $E ]", Some(false)),
            ("[ $A=b ]", Some(true)),
            ("[ $W = x ]", None),
            ("[ \"$W\" = 'x y' ]", Some(true)),
            ("[ $G = a ]", None),
            ("[ ! $A = a ]", Some(false)),
            ("[ ! -z \"$A\" ]", Some(true)),
            ("test $N -ge 9", Some(true)),
            ("[ $N -lt 9 ]", Some(false)),
            ("[ $N -eq 010 ]", None),
            ("[ -f /x ]", None),
            ("[ $A = a ] >x", None),
            ("[ $A = a -a $N = 10 ]", None),
            ("[[ $W == x* ]]", Some(true)),
            ("[[ $W == \"x*\" ]]", Some(false)),
            ("[[ $W == x?y && -n $A ]]", Some(true)),
            ("[[ -n $E || $A =~ b ]]", None),
            ("[[ $A == [a] ]]", None),
            ("[ \"${A:-x}${E:-y}${A:+z}\" = ayz ]", Some(true)),
            ("[ \"${A#a}\" = '' ]", Some(true)),
            ("[ \"$(f)\" = a ]", None),
            ("[ \"$1\" = a ]", None),
            ("[ ~ = a ]", None),
        ] {
            assert_eq!(test(text, &known, true), wanted, "{text}");
        }
        // dash does not know `==`.
        for (text, wanted) in [("[ $A == a ]", None), ("[ $A == b ]", Some(false)), ("[ ! $A == b ]", None), ("[ $A = a ]", Some(true))] {
            assert_eq!(test(text, &known, false), wanted, "{text}");
        }
    }
}
