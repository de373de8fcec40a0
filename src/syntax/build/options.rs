//! Words that belong before the braces of a list and are written between its packages: `pip { index "https://…"  torch }`. The
//! grammar reads each word and its value as a package.

use super::foreign::CHANNELS;
use super::{Builder, shortened};
use crate::base::Span;
use crate::diagnostics::{Diagnostic, Edit, known};
use crate::syntax::ast::{Entry, ListItem, TextKind};
use crate::syntax::grammar::{Node, Rule};
use crate::syntax::words::{Room, SILENT_FLAGS, habit, is_file_of_packages};

/// The options of the standard managers that take a value, or none.
const OPTIONS: [(&str, &[&str]); 7] = [
    ("apt", &["from", "release", "snapshot", "with"]),
    ("dnf", &["from", "with"]),
    ("conda", &["channel", "env", "file", "no-deps", "with"]),
    ("pip", &["index", "extra-index", "file", "no-deps", "with"]),
    ("cran", &["index", "extra-index", "bioconductor", "suggests", "with"]),
    ("julia", &["with"]),
    ("npm", &["with"]),
];

/// Those that take no value.
const ALONE: [&str; 3] = ["no-deps", "bioconductor", "suggests"];

impl Builder<'_> {
    /// Takes options out of the entries of a list, and reports them; `opener` is the brace of the list.
    pub(super) fn without_options(&mut self, items: Vec<ListItem>, manager: &str, opener: Span) -> Vec<ListItem> {
        let known = options_of(manager);
        if !items.iter().any(|item| self.option_of(item, known).is_some() || self.file_of(item, known).is_some()) {
            return items;
        }
        let mut kept: Vec<ListItem> = Vec::new();
        let mut rest = items.as_slice();
        while let Some((first, after)) = rest.split_first() {
            if let Some(file) = self.file_of(first, known) {
                self.report(self.file_between(file, span_of(first), manager, opener));
                rest = after;
                continue;
            }
            let option = self.option_of(first, known);
            let values = option.map_or(0, |option| self.values_of_option(option, first, after));
            match option {
                Some(option) if values > 0 || ALONE.contains(&option) => {
                    let (values, after) = after.split_at(values);
                    let finding = self.option_between(option, first, values, manager, opener);
                    self.report(finding);
                    rest = after;
                }
                _ => {
                    kept.push(first.clone());
                    rest = after;
                }
            }
        }
        kept
    }

    /// The option that an entry without a version is, by its own name or by that of another tool.
    fn option_of(&self, item: &ListItem, known: &[&'static str]) -> Option<&'static str> {
        let entry = alone(item).filter(|entry| entry.name.kind == TextKind::Bare)?;
        let word = self.slice(entry.name.span);
        let habit = habit(Room::List, word).map_or("", |habit| habit.instead);
        known.iter().copied().find(|option| *option == word || *option == habit)
    }

    /// The file with packages that an entry names without its quotes: pip takes the name for a package.
    fn file_of<'e>(&'e self, item: &ListItem, known: &[&'static str]) -> Option<&'e str> {
        let entry = alone(item).filter(|entry| entry.name.kind == TextKind::Bare && known.contains(&"file"))?;
        let word = self.slice(entry.name.span);
        is_file_of_packages(word).then_some(word)
    }

    fn file_between(&self, file: &str, word: Span, manager: &str, opener: Span) -> Diagnostic {
        let moved = self.moved(&format!("file \"{file}\""), word.start as usize, word.end as usize, opener.start);
        self.finding(&known::OPTION_BETWEEN, word, format!("`{file}` is a file with packages, not a package"))
            .here("belongs before the braces")
            .fix(format!("write `{manager} file \"{file}\" {{ … }}`"), false, moved)
            .help(format!("write `\"{file}\"` where the package of this name is meant"))
    }

    /// How many of the entries behind an option on its line are its values.
    fn values_of_option(&self, option: &str, first: &ListItem, after: &[ListItem]) -> usize {
        let mut line = after.iter().map_while(alone).take_while(|entry| {
            let between = Span { start: span_of(first).end, end: entry.span.start };
            !self.slice(between).contains('\n')
        });
        let quoted = |entry: &Entry| entry.name.kind != TextKind::Bare;
        match option {
            alone if ALONE.contains(&alone) => 0,
            "channel" => line.take_while(|entry| quoted(entry) || CHANNELS.contains(&self.slice(entry.name.span))).count(),
            "index" | "extra-index" => usize::from(line.next().is_some_and(quoted)),
            "file" => usize::from(line.next().is_some_and(|entry| quoted(entry) && self.slice(entry.span).contains(['.', '/']))),
            // A name, and at least one package behind it.
            _ => usize::from(line.next().is_some() && after.len() > 1),
        }
    }

    fn option_between(&self, option: &str, first: &ListItem, values: &[ListItem], manager: &str, opener: Span) -> Diagnostic {
        let word = span_of(first);
        let end = values.last().map_or(word, span_of).end;
        let values: Vec<&str> = values.iter().map(|value| self.slice(span_of(value))).collect();
        let written = if values.is_empty() {
            option.to_owned()
        } else {
            let said: Vec<String> = values
                .iter()
                .map(|value| format!("{option} {}", if option == "channel" { in_quotes(value) } else { (*value).to_owned() }))
                .collect();
            said.join(" ")
        };
        self.moved_out(&written, word, end as usize, manager, opener.start)
            .help(format!("write `\"{}\"` where the package of this name is meant", self.slice(word)))
    }

    /// Reports what is no package, where it is a flag or a source as pip has it, or a value as a shell has it; whether it is.
    pub(super) fn misread(&mut self, node: &Node<'_>, items: &mut Vec<ListItem>, manager: &str, opener: u32) -> bool {
        let span = node.trimmed();
        let text = self.slice(span);
        let known = options_of(manager);
        let option = items.last().filter(|_| node.as_rule() == Rule::e_url).and_then(|item| self.option_of(item, known));
        if let (Some(option), Some(word)) = (option, items.last().map(span_of)) {
            items.pop();
            let finding = self.unquoted_address(option, word, span, manager, opener);
            self.report(finding);
            return true;
        }
        let before = items.last();
        let finding = if text.starts_with("--") || text.starts_with('-') && !text.starts_with("- ") {
            self.flag(span, manager, opener)
        } else if text.starts_with('@') || node.as_rule() == Rule::e_url {
            self.address(span, before)
        } else if text.starts_with("./") || text.starts_with("../") {
            self.folder(span)
        } else if text.starts_with("${") {
            self.shell_value(span)
        } else {
            None
        };
        finding.map(|finding| self.report(finding)).is_some()
    }

    /// `--index-url https://…` between packages.
    fn flag(&self, span: Span, manager: &str, opener: u32) -> Option<Diagnostic> {
        let text = self.slice(span);
        let first = text.split_whitespace().next()?;
        let (flag, value) = first.split_once('=').map_or((first, None), |(flag, value)| (flag, Some(value)));
        let option = match flag.trim_start_matches('-') {
            "i" => "index",
            word => habit(Room::List, word).map_or(word, |habit| habit.instead),
        };
        if SILENT_FLAGS.contains(&flag) {
            let word = Span::new(span.start as usize, span.start as usize + first.len());
            let gap = text.get(first.len()..).map_or(0, |rest| rest.len() - rest.trim_start_matches(' ').len());
            let finding = self.finding(&known::NOT_A_PACKAGE, word, format!("the flag `{flag}` is between packages"));
            let place = self.place(Span::new(span.start as usize, word.end as usize + gap));
            return Some(finding.here("is written by the build, or has no effect in it").replace("leave it out", false, place, ""));
        }
        if !options_of(manager).contains(&option) {
            return None;
        }
        let (written, length) = match value.or_else(|| text.split_whitespace().nth(1)) {
            _ if ALONE.contains(&option) => (option.to_owned(), first.len()),
            Some(value) => {
                let end = value.as_ptr() as usize - text.as_ptr() as usize + value.len();
                (format!("{option} \"{}\"", value.trim_matches(['"', '\''])), end)
            }
            None => return None,
        };
        let start = span.start as usize;
        let moved = self.moved(&written, start, start + length, opener);
        let finding = self.finding(
            &known::OPTION_BETWEEN,
            Span::new(start, start + first.len()),
            format!("the flag `{}` is between packages", shortened(flag)),
        );
        Some(finding.here("is no package").fix(format!("write `{manager} {} {{ … }}`", shortened(&written)), false, moved))
    }

    /// `index https://…` between packages, without quotes.
    fn unquoted_address(&self, option: &str, word: Span, span: Span, manager: &str, opener: u32) -> Diagnostic {
        let address = self.slice(span).split_whitespace().next().unwrap_or_default();
        let end = span.start as usize + address.len();
        self.moved_out(&format!("{option} \"{address}\""), word, end, manager, opener)
    }

    /// The finding of an option between packages, which belongs before the brace `opener`.
    fn moved_out(&self, written: &str, word: Span, end: usize, manager: &str, opener: u32) -> Diagnostic {
        let moved = self.moved(written, word.start as usize, end, opener);
        self.finding(&known::OPTION_BETWEEN, word, format!("`{}` is an option of `{manager}`, not a package", self.slice(word)))
            .here("belongs before the braces")
            .fix(format!("write `{manager} {} {{ … }}`", shortened(written)), false, moved)
    }

    /// The edits that take a text away with the blanks behind it, and write an option before the brace.
    fn moved(&self, written: &str, start: usize, end: usize, opener: u32) -> Vec<Edit> {
        let gap = self.text.get(end..).map_or(0, |rest| rest.len() - rest.trim_start_matches(' ').len());
        vec![
            Edit { place: self.place(Span { start: opener, end: opener }), text: format!("{written} ") },
            Edit { place: self.place(Span::new(start, end + gap)), text: String::new() },
        ]
    }

    /// `rich @ git+https://…@main`, `git+https://…`: where a package comes from, as pip has it.
    fn address(&self, span: Span, before: Option<&ListItem>) -> Option<Diagnostic> {
        let text = self.slice(span);
        let named = text.starts_with('@');
        let rest = text.trim_start_matches('@').trim_start();
        let address = rest.split_whitespace().next().filter(|address| address.contains("://"))?;
        let start = span.start as usize;
        let end = start + (text.len() - rest.len()) + address.len();
        let (git, plain) = address.strip_prefix("git+").map_or((false, address), |plain| (true, plain));
        let plain = plain.split('#').next().unwrap_or(plain);
        let source = match plain.rsplit_once('@').filter(|(url, rev)| git && url.contains("://") && !rev.contains('/')) {
            Some((url, rev)) => format!("git \"{url}\" rev \"{rev}\""),
            None if git => format!("git \"{plain}\""),
            None => format!("url \"{plain}\""),
        };
        let file = plain.rsplit('/').next().unwrap_or_default();
        let name = if git { file.split(['@', '.']).next() } else { file.split('-').next() }.unwrap_or_default();
        let place = self.place(Span::new(start, end));
        let finding = self.finding(&known::NOT_A_PACKAGE, Span::new(start, end), "an address as pip has it is between packages");
        let finding = finding.here("a source is a word and a text in quotes");
        if named {
            let entry = before.and_then(alone).map(|entry| self.slice(entry.span))?;
            return Some(finding.replace(format!("write `{entry} {source}`"), false, place, source));
        }
        let legal = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
        let written = if legal { format!("{name} {source}") } else { return None };
        Some(finding.replace(format!("write `{written}`"), false, place, written.clone()))
    }

    /// `./tools`, `./tools-1.0-py3-none-any.whl`: a package of the program's own folder, without its name.
    fn folder(&self, span: Span) -> Option<Diagnostic> {
        let path = self.slice(span).split_whitespace().next()?;
        let here = Span::new(span.start as usize, span.start as usize + path.len());
        let file = path.trim_end_matches('/').rsplit('/').next()?;
        let packed = [".whl", ".tar.gz", ".zip"].iter().any(|end| file.ends_with(end));
        let name = file.split('-').next().filter(|name| packed && !name.is_empty() && !name.contains('.'));
        let finding = self.finding(&known::NOT_A_PACKAGE, here, format!("`{}` is no name of a package", shortened(path)));
        Some(match name {
            Some(name) => {
                let written = format!("{name} path \"{path}\"");
                finding.here("has no name before it").replace(format!("write `{written}`"), false, self.place(here), written.clone())
            }
            None if file.rsplit('.').next() == Some("deb") => finding.here("is a file of the program").help(format!(
                "write `copy \"{file}\" to \"/tmp/\"` and `run as root \"apt-get update && apt-get install -y /tmp/{file}\"` in the layer"
            )),
            None => finding.here("is a folder of the program").help(format!("write {}", of_folder(file))),
        })
    }

    /// `==${version}`: a value as a shell has it.
    fn shell_value(&self, span: Span) -> Option<Diagnostic> {
        let text = self.slice(span);
        let written = text.strip_prefix("${")?.split_once('}')?.0;
        let name = ["var.", "local.", "vars.", "env."].iter().find_map(|prefix| written.strip_prefix(prefix)).unwrap_or(written);
        let legal = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        let whole = Span::new(span.start as usize, span.start as usize + written.len() + 3);
        let before = self.text.get(..span.start as usize).unwrap_or_default().trim_end_matches(' ');
        let bound = before.ends_with(['=', '<', '>', '~']);
        let message = format!("`${{{written}}}` is a variable of another language");
        let written = if bound { name.to_owned() } else { format!("\"{{{{ {name} }}}}\"") };
        let finding = self.finding(&known::NOT_A_PACKAGE, whole, message);
        let finding = finding.here("a value of the program has its name alone, or is in `{{ }}`");
        legal.then(|| finding.replace(format!("write `{written}`"), false, self.place(whole), written))
    }
}

/// The options of a standard manager.
fn options_of(manager: &str) -> &'static [&'static str] {
    OPTIONS.iter().find(|(name, _)| *name == manager).map_or([].as_slice(), |(_, options)| *options)
}

/// How a package is installed from a folder of the program, whose name may not be known.
pub(super) fn of_folder(name: &str) -> String {
    let name = if name.is_empty() || name.contains('.') { "src" } else { name };
    format!("`copy \"{name}\" to \"/opt/{name}/\"` and `run \"pip install /opt/{name}\"` in the layer, or `NAME path \"FILE.whl\"` here")
}

/// A value between double quotes.
fn in_quotes(value: &str) -> String {
    format!("\"{}\"", value.trim_matches(['"', '\'']))
}

/// An entry that is a name and nothing else.
fn alone(item: &ListItem) -> Option<&Entry> {
    match item {
        ListItem::Entry(entry) if entry.parts.is_empty() && entry.extras.is_empty() => Some(entry),
        _ => None,
    }
}

fn span_of(item: &ListItem) -> Span {
    match item {
        ListItem::Entry(entry) => entry.span,
        ListItem::Fact(fact) => fact.span,
        ListItem::List(list) => list.span,
    }
}
