//! One command: its words without quotes, and which program it runs.

use std::ops::Range;

use super::words::{Known, expand};
use crate::shell::{Kind, tokens};

/// A word of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    /// Without quotes, variables replaced.
    pub(super) text: String,
    /// Where it is in the command.
    pub(super) range: Range<usize>,
}

/// A simple command.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Command {
    /// `NAME=value` before the program.
    pub(super) assigned: Vec<(String, String)>,
    /// The program, without its folder where that is one of the usual ones, and its arguments.
    pub(super) words: Vec<Word>,
    /// What it writes to or reads from: the operator and the file.
    pub(super) redirects: Vec<(String, Word)>,
    /// Whether `sudo` is before it.
    pub(super) sudo: bool,
}

/// Folders that programs are called from by their path.
const USUAL: [&str; 7] =
    ["/usr/bin/", "/usr/local/bin/", "/bin/", "/usr/sbin/", "/opt/conda/bin/", "${CONDA_DIR}/bin/", "/usr/local/sbin/"];

/// Reads a command; `None` where it holds something that only a shell can tell: a pipe, a substitution, a variable that is not known.
pub(super) fn read(text: &str, known: Known<'_>) -> Option<Command> {
    let mut command = Command::default();
    let mut operator: Option<String> = None;
    for token in tokens(text) {
        let written = text.get(token.range.clone())?;
        match token.kind {
            Kind::End if written == "\n" && command.words.is_empty() => {}
            Kind::End | Kind::Document => return None,
            Kind::Redirect => operator = Some(written.to_owned()),
            Kind::Word if operator.is_none() && listed(written, known).is_some() => {
                for text in listed(written, known).unwrap_or_default() {
                    command.push(Word { text, range: token.range.clone() });
                }
            }
            Kind::Word => {
                let word = Word { text: plain(written, known)?, range: token.range };
                match operator.take() {
                    Some(operator) => command.redirects.push((operator, word)),
                    None => command.push(word),
                }
            }
        }
    }
    // `2>&1`: the number belongs to the operator.
    let numbered = |word: &Word| {
        word.text.bytes().all(|byte| byte.is_ascii_digit()) && text.get(word.range.end..).is_some_and(|rest| rest.starts_with(['>', '<']))
    };
    command.words.retain(|word| !numbered(word));
    command.place_conda(known("CONDA_DIR").as_deref());
    Some(command).filter(|command| !command.words.is_empty())
}

impl Command {
    /// Writes the folder of conda as the readers of lists know it; whether none is named that lies elsewhere.
    pub(super) fn has_conda_at(&mut self, folder: &str) -> bool {
        const USUAL: &str = "/opt/conda";
        const OPTIONS: [&str; 4] = ["-p", "--prefix", "-r", "--root-prefix"];
        let mut named = true;
        for word in &mut self.words {
            let (option, path) = word.text.split_once('=').unwrap_or(("", &word.text));
            if named || OPTIONS.contains(&option) {
                let below = |folder: &str| path.strip_prefix(folder).filter(|rest| rest.is_empty() || rest.starts_with('/'));
                if below(USUAL).is_some() {
                    return false;
                }
                if let Some(rest) = below(folder) {
                    let sign = if option.is_empty() { "" } else { "=" };
                    word.text = format!("{option}{sign}{USUAL}{rest}");
                }
            }
            named = OPTIONS.contains(&word.text.as_str());
        }
        true
    }

    /// Adds a word that is behind those that are known.
    pub(super) fn push(&mut self, word: Word) {
        if self.words.is_empty() {
            let pair = word.text.split_once('=').filter(|(name, _)| is_name(name));
            if let Some((name, value)) = pair {
                return self.assigned.push((name.to_owned(), value.to_owned()));
            }
            match word.text.as_str() {
                "sudo" => return self.sudo = true,
                "-E" | "-H" if self.sudo => return,
                "env" => return,
                _ => {}
            }
            let name = USUAL.iter().find_map(|folder| word.text.strip_prefix(folder)).unwrap_or(&word.text).to_owned();
            return self.words.push(Word { text: name, ..word });
        }
        self.words.push(word);
    }

    /// Says of paths where conda is that they are there, whatever folder that is.
    fn place_conda(&mut self, folder: Option<&str>) {
        let Some(folder) = folder.filter(|folder| !matches!(*folder, "" | "/" | "/opt/conda")) else { return };
        let conda = matches!(self.words.first().map(|word| word.text.as_str()), Some("conda" | "mamba" | "micromamba"));
        for word in self.words.iter_mut().take(if conda { usize::MAX } else { 1 }) {
            if let Some(rest) = word.text.strip_prefix(folder).filter(|rest| rest.is_empty() || rest.starts_with('/')) {
                let program = rest.strip_prefix("/bin/").map(str::to_owned);
                word.text = program.unwrap_or_else(|| format!("${{CONDA_DIR}}{rest}"));
            }
        }
    }

    /// The texts of the words.
    pub(super) fn texts(&self) -> Vec<&str> {
        self.words.iter().map(|word| word.text.as_str()).collect()
    }
}

/// The words of a variable without quotes around it, where it holds several: the shell takes them apart.
fn listed(written: &str, known: Known<'_>) -> Option<Vec<String>> {
    let (name, filter, more) = super::words::variable(written).filter(|_| written.starts_with('$'))?;
    let value = known(name).filter(|_| filter.is_empty() && more.is_empty())?;
    let words: Vec<String> = value.split_whitespace().map(str::to_owned).collect();
    (words.len() != 1 && !value.contains(['*', '?', '$'])).then_some(words)
}

/// Whether a text is the name of a variable.
pub(super) fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// A word without its quotes; `None` where a shell would make something else of it.
fn plain(written: &str, known: Known<'_>) -> Option<String> {
    let mut out = String::new();
    let mut rest = written;
    let mut double = false;
    while let Some(c) = rest.chars().next() {
        let after = rest.get(c.len_utf8()..)?;
        match c {
            '\'' if !double => {
                let (inner, more) = after.split_once('\'')?;
                out.push_str(inner);
                rest = more;
            }
            '"' => {
                double = !double;
                rest = after;
            }
            '\\' => {
                let next = after.chars().next()?;
                if double && !matches!(next, '"' | '\\' | '$' | '`') {
                    out.push('\\');
                }
                out.push(next);
                rest = after.get(next.len_utf8()..)?;
            }
            '`' => return None,
            '$' if after.starts_with('(') => {
                let inner = computed(rest).filter(|_| double || out.ends_with('='))?;
                out.push_str(inner);
                rest = rest.get(inner.len()..)?;
            }
            '$' => {
                if let Some((name, filter, more)) = super::words::variable(rest) {
                    let whole = rest.get(..rest.len() - more.len())?;
                    let (text, unknown) = expand(whole, known);
                    // Where conda is, is the base's to say.
                    let conda = name == "CONDA_DIR" && filter.is_empty();
                    if !unknown.is_empty() && !conda {
                        return None;
                    }
                    out.push_str(&text);
                    rest = more;
                } else {
                    out.push('$');
                    rest = after;
                }
            }
            '*' | '?' | '~' if !double && out.is_empty() => return None,
            // Another command's output as a file, and words of which the shell makes several.
            '<' | '>' if !double && after.starts_with('(') => return None,
            '{' if !double && after.split_once('}').is_some_and(|(inner, _)| inner.contains(',') || inner.contains("..")) => return None,
            c => {
                out.push(c);
                rest = after;
            }
        }
    }
    (!double).then_some(out)
}

/// `$(…)` at the beginning of a text, where nothing of the kind is in it.
fn computed(text: &str) -> Option<&str> {
    let end = text.find(')')?;
    let whole = text.get(..=end)?;
    let inner = whole.get(2..)?;
    (!inner.contains(['(', '`', '\n'])).then_some(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_words() {
        let known = |name: &str| (name == "V").then(|| "1.2".to_owned());
        let read = |text: &str| read(text, &known);
        let one = read("A=b sudo -E /usr/bin/apt-get install \"x=$V\" 'y' >/dev/null 2>&1").unwrap();
        assert_eq!((one.texts(), one.sudo), (vec!["apt-get", "install", "x=1.2", "y"], true));
        assert_eq!(one.assigned, [("A".to_owned(), "b".to_owned())]);
        assert_eq!(one.redirects.len(), 2);
        let several = |name: &str| (name == "W").then(|| "x  y".to_owned());
        assert_eq!(super::read("a $W \"$W\"", &several).unwrap().texts(), ["a", "x", "y", "x  y"]);
        for text in ["a | b", "a $(b)", "a $W", "a `b`", "a 'b", "*", "a -c <(b)", "a b-{c,d}", "a b{1..3}"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
