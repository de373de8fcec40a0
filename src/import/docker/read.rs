//! A Dockerfile as instructions, each with its comments, its here-documents and its place. Nothing is expanded.

use std::borrow::Cow;

use crate::base::Span;
use crate::import::comment;
use crate::shell::{Kind, Token};

/// One instruction.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Instruction {
    /// In capitals: `RUN`.
    pub(super) word: String,
    /// What is behind the word: lines joined, comments taken out.
    pub(super) text: String,
    /// Comments between its lines: each with the byte of `text` that it is above.
    pub(super) comments: Vec<(usize, String)>,
    /// The comments above it.
    pub(super) above: Vec<String>,
    /// Its here-documents.
    pub(super) documents: Vec<Document>,
    /// Where it is, in bytes of the file.
    pub(super) span: Span,
}

/// A here-document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Document {
    /// The word that ends it.
    pub(super) name: String,
    /// Its lines.
    pub(super) body: String,
}

impl Instruction {
    /// Takes leading `--name=value` words off.
    pub(super) fn flags(&self) -> (Vec<(&str, &str)>, &str) {
        let (mut flags, mut rest) = (Vec::new(), self.text.trim_start());
        while let Some(after) = rest.strip_prefix("--") {
            let end = after.find(char::is_whitespace).unwrap_or(after.len());
            let (flag, more) = after.split_at(end);
            flags.push(flag.split_once('=').unwrap_or((flag, "")));
            rest = more.trim_start();
        }
        (flags, rest)
    }
}

/// Words that begin an instruction.
const WORDS: [&str; 18] = [
    "ADD",
    "ARG",
    "CMD",
    "COPY",
    "ENTRYPOINT",
    "ENV",
    "EXPOSE",
    "FROM",
    "HEALTHCHECK",
    "LABEL",
    "MAINTAINER",
    "ONBUILD",
    "RUN",
    "SHELL",
    "STOPSIGNAL",
    "USER",
    "VOLUME",
    "WORKDIR",
];

/// Reads a file.
///
/// # Errors
/// Where it is no Dockerfile, and why.
pub(super) fn instructions(text: &str) -> Result<Vec<Instruction>, (Span, String)> {
    let mut reader = Reader { text, at: 0, escape: '\\' };
    reader.directives();
    let mut all = Vec::new();
    let mut above = Vec::new();
    while let Some((start, line)) = reader.line() {
        let trimmed = line.trim();
        if trimmed.is_empty() {
            above.clear();
        } else if let Some(comment) = comment(trimmed) {
            above.push(comment.to_owned());
        } else {
            let mut instruction = reader.instruction(start, line)?;
            instruction.above = std::mem::take(&mut above);
            all.push(instruction);
        }
    }
    match all.iter().find(|one| one.word != "ARG") {
        Some(first) if first.word == "FROM" => Ok(all),
        Some(first) if all.iter().any(|one| one.word == "FROM") => {
            Err((first.span, format!("`{}` stands before the first `FROM`", first.word)))
        }
        Some(first) => Err((first.span, "it has no `FROM`".to_owned())),
        None => Err((Span::new(0, text.len().min(1)), "it has no `FROM`".to_owned())),
    }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    escape: char,
}

impl<'t> Reader<'t> {
    /// The next line without its end, and where it begins.
    fn line(&mut self) -> Option<(usize, &'t str)> {
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        let start = self.at;
        let end = rest.find('\n').unwrap_or(rest.len());
        self.at = (start + end + 1).min(self.text.len());
        let line = rest.get(..end)?;
        Some((start, line.strip_suffix('\r').unwrap_or(line)))
    }

    /// `# escape=` and its like, in the first lines.
    fn directives(&mut self) {
        while let Some((start, line)) = self.line() {
            let directive = line.trim().strip_prefix('#').and_then(|rest| rest.split_once('='));
            let Some((name, value)) = directive.map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim())) else {
                self.at = start;
                return;
            };
            match (name.as_str(), value) {
                ("escape", "`") => self.escape = '`',
                ("escape" | "syntax" | "check", _) => {}
                _ => {
                    self.at = start;
                    return;
                }
            }
        }
    }

    fn instruction(&mut self, start: usize, line: &'t str) -> Result<Instruction, (Span, String)> {
        let indent = line.len() - line.trim_start().len();
        let body = line.trim_start();
        let length = body.find(|c: char| c.is_whitespace() || c == self.escape).unwrap_or(body.len());
        let word = body.get(..length).unwrap_or_default();
        let span = Span::new(start + indent, start + indent + word.len().max(1));
        let mut one = Instruction { word: word.to_ascii_uppercase(), span, ..Instruction::default() };
        if !WORDS.contains(&one.word.as_str()) {
            return Err((span, format!("`{word}` is no instruction")));
        }
        let gap = body.get(length..).unwrap_or_default();
        let gap = length + (gap.len() - gap.trim_start().len());
        let mut piece = (start + indent + gap, body.get(gap..).unwrap_or_default());
        let mut last = start + line.len();
        loop {
            let bare = piece.1.trim_end();
            let Some(part) = bare.strip_suffix(self.escape) else {
                one.text.push_str(piece.1.trim_end());
                break;
            };
            one.text.push_str(part);
            let Some(next) = self.continued(&mut one) else { break };
            piece = next;
            last = next.0 + next.1.len();
        }
        one.span = Span::new(start + indent, last);
        if one.text.trim().is_empty() {
            return Err((span, format!("`{word}` has nothing behind it")));
        }
        if matches!(one.word.as_str(), "RUN" | "COPY" | "ADD") {
            self.documents(&mut one)?;
        }
        Ok(one)
    }

    /// The next line of an instruction that goes on; comments and empty lines do not end it.
    fn continued(&mut self, one: &mut Instruction) -> Option<(usize, &'t str)> {
        loop {
            let (start, line) = self.line()?;
            let trimmed = line.trim();
            if let Some(comment) = comment(trimmed) {
                one.comments.push((one.text.len(), comment.trim_end_matches(['\\', '&', ' ', '\t']).to_owned()));
            } else if !trimmed.is_empty() {
                return Some((start, line));
            }
        }
    }

    fn documents(&mut self, one: &mut Instruction) -> Result<(), (Span, String)> {
        for (name, tabs) in heredocs(&one.text) {
            let mut body = String::new();
            loop {
                let Some((_, line)) = self.line() else {
                    return Err((one.span, format!("the here-document `{name}` has no end")));
                };
                let bare = if tabs { line.trim_start_matches('\t') } else { line };
                if bare == name {
                    break;
                }
                body.push_str(bare);
                body.push('\n');
            }
            one.span = Span::new(one.span.start as usize, self.at);
            one.documents.push(Document { name, body });
        }
        Ok(())
    }
}

impl Instruction {
    /// What a shell is given: the text with its here-documents, or the one document alone.
    pub(super) fn script(&self) -> Self {
        let (_, command) = self.flags();
        let from = self.text.len() - command.len();
        let mut whole = Self { text: String::new(), comments: Vec::new(), ..self.clone() };
        let alone = command.starts_with("<<") && !command.contains(char::is_whitespace);
        let stops = self.documents.first().and_then(|document| of_bash(command, &document.body));
        if let ([document], true) = (self.documents.as_slice(), alone || stops.is_some()) {
            whole.text.push_str(if stops == Some(true) { "set -e\n" } else { "" });
            whole.text.push_str(&without_margin(&document.body));
            // Lines of a here-document within it may begin with `#` as well.
            if heredocs(&whole.text).is_empty() {
                let starts = whole.text.split_inclusive('\n').scan(0, |at, line| Some((std::mem::replace(at, *at + line.len()), line)));
                let comments: Vec<_> = starts.filter_map(|(at, line)| Some((at, comment(line)?.to_owned()))).collect();
                whole.comments = comments.into_iter().filter(|(at, words)| *at > 0 || !words.starts_with('!')).collect();
            }
            return whole;
        }
        command.clone_into(&mut whole.text);
        whole.comments = self.comments.iter().map(|(at, words)| (at.saturating_sub(from), words.clone())).collect();
        for document in &self.documents {
            whole.text.push('\n');
            whole.text.push_str(&document.body);
            whole.text.push_str(&document.name);
        }
        whole
    }
}

/// Whether a command gives the lines of its here-document to bash as they are: `bash -e <<'EOF'`; whether that stops at failures.
fn of_bash(command: &str, body: &str) -> Option<bool> {
    let (before, behind) = command.split_once("<<")?;
    let mut words = before.split_whitespace();
    words.next().filter(|program| matches!(*program, "bash" | "/bin/bash" | "/usr/bin/bash"))?;
    let name = behind.trim_start_matches('-').trim();
    let as_it_is = name.starts_with(['\'', '"']) || !body.contains(['$', '`', '\\']);
    let letters: Option<Vec<&str>> =
        words.map(|word| word.strip_prefix('-').filter(|letters| letters.chars().all(|c| "eEuxs".contains(c)))).collect();
    let one = !name.contains(char::is_whitespace) && !name.contains(['|', '&', ';', '>']);
    Some(letters?.concat().contains('e')).filter(|_| as_it_is && one)
}

/// A script without the blanks that all of its lines begin with, where no text in quotes goes over lines.
fn without_margin(body: &str) -> Cow<'_, str> {
    let is_word = |token: &Token| matches!(token.kind, Kind::Word | Kind::Document);
    if crate::shell::tokens(body).iter().any(|token| is_word(token) && token.text(body).contains('\n')) {
        return Cow::Borrowed(body);
    }
    let blanks = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let mut goes_on = false;
    let begins = body.lines().filter(|line| !std::mem::replace(&mut goes_on, line.ends_with('\\')) && !line.trim().is_empty());
    let margin = begins.map(blanks).min().unwrap_or(0);
    Cow::Owned(body.split_inclusive('\n').map(|line| line.get(margin.min(blanks(line))..).unwrap_or_default()).collect())
}

/// The here-documents that a text begins: their names, and whether tabs do not count.
fn heredocs(text: &str) -> Vec<(String, bool)> {
    let mut all = Vec::new();
    let tokens = crate::shell::tokens(text);
    for pair in tokens.windows(2) {
        let [operator, word] = pair else { continue };
        let word_text = text.get(word.range.clone()).unwrap_or_default();
        let name = word_text.trim_matches(['"', '\'']);
        let plain =
            name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        match text.get(operator.range.clone()) {
            Some("<<") if plain => all.push((name.to_owned(), false)),
            Some("<<-") if plain => all.push((name.to_owned(), true)),
            _ => {}
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        instructions(text).unwrap().iter().map(|one| format!("{} {}", one.word, one.text)).collect()
    }

    #[test]
    fn lines_are_joined() {
        assert_eq!(shown("FROM a\nrun x \\\n  # why\n\n  y"), ["FROM a", "RUN x   y"]);
        assert_eq!(shown("# escape=`\nFROM a\nRUN c:\\ `\n d"), ["FROM a", "RUN c:\\  d"]);
        assert_eq!(shown("FROM a\r\nRUN x \\\r\n y\r\n"), ["FROM a", "RUN x  y"]);
    }

    #[test]
    fn comments_have_their_place() {
        let all = instructions("FROM a\n# up\nRUN x \\\n  # why\n  y").unwrap();
        assert_eq!((all[1].above.as_slice(), all[1].comments.as_slice()), (&["up".to_owned()][..], &[(2, "why".to_owned())][..]));
    }

    #[test]
    fn here_documents_are_read() {
        let all = instructions("FROM a\nRUN <<E\nx\ny\nE\nRUN cat <<-'F' >z && w\n\tq\n\tF\nUSER a").unwrap();
        assert_eq!(all[1].script().text, "x\ny\n");
        assert_eq!(all[2].script().text, "cat <<-'F' >z && w\nq\nF");
        assert_eq!(all.len(), 4);
    }

    #[test]
    fn what_is_broken_has_its_place() {
        for (text, place, words) in [
            ("FROM a\nINSTALL x", 7, "`INSTALL` is no instruction"),
            ("RUN x", 0, "it has no `FROM`"),
            ("RUN x\nFROM a", 0, "`RUN` stands before the first `FROM`"),
            ("# only\n", 0, "it has no `FROM`"),
            ("FROM a\nRUN <<E\nx", 7, "the here-document `E` has no end"),
            ("FROM a\nRUN", 7, "`RUN` has nothing behind it"),
        ] {
            let (span, problem) = instructions(text).unwrap_err();
            assert_eq!((span.start, problem.as_str()), (place, words), "{text}");
        }
    }
}
