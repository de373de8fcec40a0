//! What other languages have at the top of a file: imports of Python, `let … in` of Nix, calls.

use super::{Builder, shortened};
use crate::base::Span;
use crate::diagnostics::{Diagnostic, known};
use crate::syntax::words::{Room, habit};

impl Builder<'_> {
    /// The finding for what begins at the top of a file in another language, and where it ends.
    pub(super) fn other_language_at_top(&self, start: Span) -> Option<(Diagnostic, u32)> {
        let line = self.line_behind(start.start);
        let end = self.to_line_end(start.start);
        let word = line.split([' ', '(', '\n']).next()?;
        let plain = |name: &str| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "_.*, ".contains(c));
        match word {
            "from" => {
                let (module, names) = line.strip_prefix("from ")?.split_once(" import ")?;
                let finding =
                    self.finding(&known::OTHER_LANGUAGE, end, "`from … import …` is Python").here("a file is imported as a whole");
                let module = module.trim();
                let standard = module == "std" && plain(names) && !names.contains([',', '*']);
                let finding = if standard {
                    let written = format!("import std.{}", names.trim());
                    finding.replace(format!("write `{written}`"), false, self.place(end), written.clone())
                } else {
                    finding.help("write `import \"layers/*.jenv\"` for files of the program, `import std.NAME` for what comes with it")
                };
                plain(module).then_some((finding, end.end))
            }
            "let" if line.trim() == "let" => {
                let rest = self.text.get(end.end as usize..)?;
                let inner = rest.lines().take_while(|line| line.trim() != "in" && !line.trim_start().starts_with("in ")).count();
                let all: Vec<&str> = rest.split_inclusive('\n').collect();
                let last = all.get(inner)?;
                let length = all.get(..inner)?.iter().map(|line| line.len()).sum::<usize>() + last.len() - last.trim_start().len() + 2;
                let finding = self.finding(&known::OTHER_LANGUAGE, end, "`let … in` is Nix").here("a value holds for the whole file");
                let finding = finding.help("write `let NAME = VALUE` for each value, and leave out `in` and `;`");
                let through = Span::new(0, end.end as usize + length);
                // What follows `in` on its line goes with it.
                Some((finding, self.to_line_end(through.end).end))
            }
            _ if PYTHON.contains(&word) && line.trim_end().ends_with(':') => {
                let head = shortened(line.trim_end());
                let finding = self.finding(&known::OTHER_LANGUAGE, end, format!("`{head}` begins a block of Python"));
                let help = habit(Room::Top, word).map_or("write a definition: a word, a name and a block in braces", |habit| habit.help);
                Some((finding.here("a block is in braces").help(help), self.indented_below(end.end)))
            }
            _ if line.trim_end() == "---" || is_key_alone(line) => {
                let below = self.indented_below(end.end);
                let (what, help) = match line.trim_end() {
                    "---" => ("a document", "write definitions: `layer NAME { from base  pip { dask } }`"),
                    _ if below == end.end => return None,
                    _ => ("a block", "write a definition for each: `layer NAME { from base  pip { dask } }`"),
                };
                let message = format!("`{}` begins {what} of YAML", shortened(line.trim_end()));
                let finding = self.finding(&known::OTHER_LANGUAGE, end, message).here("what a definition holds is in braces");
                Some((finding.help(help), below))
            }
            _ if word.len() < line.len() && line.get(word.len()..)?.starts_with('(') && plain(word) && line.trim_end().ends_with(')') => {
                let call = shortened(line.trim_end());
                let finding = self.finding(&known::OTHER_LANGUAGE, end, format!("`{call}` calls a function"));
                let finding = finding.here("a program has no calls at its top").help("write a definition: a word, a name and a block");
                Some((finding, end.end))
            }
            _ => None,
        }
    }

    /// `import layers/*.jenv`, `import std/jupyter`: a path without its quotes.
    pub(super) fn bare_import(&self, span: Span) -> Option<Diagnostic> {
        let line = self.line_behind(span.start);
        let target = line.strip_prefix("import")?.trim_start();
        let path = target.split(' ').next()?;
        if path.starts_with(['"', '\'']) || !(path.contains('/') || path.rsplit('.').next() == Some("jenv")) {
            return None;
        }
        let start = span.start as usize + line.len() - target.len();
        let here = Span::new(start, start + path.len());
        let written = match path.strip_prefix("std/") {
            Some(name) => format!("std.{}", name.trim_end_matches(".jenv")),
            None => format!("\"{path}\""),
        };
        let finding = self.finding(&known::UNEXPECTED_TEXT, here, format!("the path `{}` has no quotes", shortened(path)));
        Some(finding.replace(format!("write `import {written}`"), false, self.place(here), written.clone()))
    }

    /// The end of the lines below a line that are indented, are items of YAML or keys with such lines below them.
    fn indented_below(&self, end: u32) -> u32 {
        let rest = self.text.get(end as usize..).unwrap_or_default();
        let (mut length, mut last) = (0, 0);
        for (number, line) in rest.split_inclusive('\n').enumerate() {
            let text = line.trim_end();
            let below = text.is_empty() || text.starts_with([' ', '\t']) || text.starts_with("- ") || is_key_alone(text);
            if number > 0 && !below {
                break;
            }
            length += line.len();
            if !text.is_empty() {
                last = length - (line.len() - text.len());
            }
        }
        Span::new(0, end as usize + last).end
    }
}

/// Words that begin a block of Python.
const PYTHON: [&str; 8] = ["def", "class", "if", "for", "while", "with", "try", "async"];

/// `layers:`, alone on its line.
fn is_key_alone(line: &str) -> bool {
    line.trim_end()
        .strip_suffix(':')
        .is_some_and(|key| !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c)))
}
