//! Words of other tools between packages: `numpy >=1.26 and <3`, `install numpy`, `pandas@2.2.3`, `numpy latest`,
//! `conda-forge numpy`. The grammar reads each of them as a package; in quotes it is one.

use super::{Builder, shortened};
use crate::base::Span;
use crate::diagnostics::{Diagnostic, known};
use crate::syntax::ast::{Entry, ListItem, TextKind};
use crate::syntax::words::VERSIONS;

/// Words that join bounds or names in other languages.
const JOINS: [&str; 2] = ["and", "or"];

/// What a package manager is asked to do.
const TASKS: [&str; 5] = ["install", "uninstall", "add", "upgrade", "download"];

/// Commands that stand before a task.
const MANAGERS: [&str; 10] = ["pip", "pip3", "conda", "mamba", "micromamba", "apt", "apt-get", "dnf", "npm", "uv"];

/// Managers that can say one range or another.
const WITH_ALTERNATIVES: [&str; 3] = ["conda", "npm", "julia"];

/// Channels of conda that are no packages.
pub(super) const CHANNELS: [&str; 5] = ["bioconda", "conda-forge", "defaults", "nvidia", "rapidsai"];

impl Builder<'_> {
    /// Takes what is no package out of a list, and reports it.
    pub(super) fn without_foreign_words(&mut self, items: Vec<ListItem>, manager: &str) -> Vec<ListItem> {
        let mut kept: Vec<ListItem> = Vec::with_capacity(items.len());
        let mut items = items.into_iter().peekable();
        while let Some(item) = items.next() {
            let ListItem::Entry(entry) = &item else {
                kept.push(item);
                continue;
            };
            let before = kept.last().and_then(entry_of).filter(|before| self.share_a_line(before.span, entry.span));
            let after = items.peek().and_then(entry_of).filter(|after| self.share_a_line(entry.span, after.span));
            let finding = self.foreign(entry, before, after, kept.is_empty(), manager);
            match finding {
                // The command before a task is no package, either.
                Some(finding) => {
                    let word = self.word(entry);
                    while TASKS.contains(&word) && kept.last().and_then(entry_of).is_some_and(|before| self.is_manager(before, entry)) {
                        kept.pop();
                    }
                    self.report(finding);
                }
                None => kept.push(item),
            }
        }
        kept
    }

    /// Whether an entry is the command before a task on its line.
    fn is_manager(&self, entry: &Entry, task: &Entry) -> bool {
        MANAGERS.contains(&self.word(entry)) && entry.parts.is_empty() && self.share_a_line(entry.span, task.span)
    }

    /// Where a command begins: `uv pip` is one.
    fn command_start(&self, start: u32) -> u32 {
        let before = self.line_before(start);
        let first = before.trim_end().rsplit([' ', '{']).next().unwrap_or_default();
        if MANAGERS.contains(&first) && before.ends_with(' ') {
            start - u32::try_from(before.len() - before.trim_end().len() + first.len()).unwrap_or(0)
        } else {
            start
        }
    }

    /// The name of an entry as written, where it is not in quotes.
    fn word<'e>(&'e self, entry: &Entry) -> &'e str {
        if entry.name.kind == TextKind::Bare { self.slice(entry.name.span) } else { "" }
    }

    fn share_a_line(&self, one: Span, other: Span) -> bool {
        !self.slice(Span { start: one.end, end: other.start }).contains('\n')
    }

    /// What is wrong with an entry that is no package.
    fn foreign(&self, entry: &Entry, before: Option<&Entry>, after: Option<&Entry>, first: bool, manager: &str) -> Option<Diagnostic> {
        let word = self.word(entry);
        let name_alone = entry.parts.is_empty() && entry.extras.is_empty();
        let quoted = || format!("write `\"{word}\"` where the package of this name is meant");
        let plain = |what: String| Some(self.finding(&known::NOT_A_PACKAGE, entry.name.span, what).here("is no package"));
        if let Some(version) = word.strip_prefix('@').filter(|version| !version.contains('/')) {
            return before.and_then(|before| self.version_behind_at(entry, before, version));
        }
        if let Some((name, version)) = version_in_name(word) {
            let place = self.place(Span { start: entry.name.span.start + u32::try_from(name.len()).unwrap_or(0), ..entry.name.span });
            let finding = plain(format!("`{word}` is not a name of a package"))?;
            return Some(finding.replace(format!("write `{name} =={version}`"), false, place, format!(" =={version}")));
        }
        let said = shown_version(self.slice(entry.name.span)).filter(|_| name_alone);
        if let (Some(version), Some(before)) = (said, before.filter(|before| before.parts.is_empty())) {
            return Some(self.version_as_name(entry, before, version));
        }
        if manager == "pip" && word.contains('/') {
            let finding = plain(format!("`{word}` is no name of a package"))?;
            return Some(if word.starts_with("linux/") {
                finding.help("write `when platform == \"linux/amd64\" { … }` around the list")
            } else {
                finding.help("write the name that the index has, and a source behind it: `NAME git \"https://…\"`")
            });
        }
        if word == "if"
            && name_alone
            && after.is_some()
            && let Some(before) = before
        {
            let place = self.place(Span { start: before.span.end, end: entry.span.end });
            let finding = plain("`if` is not a package here".to_owned())?;
            return Some(finding.replace("write `;` before a condition", false, place, " ;").help(quoted()));
        }
        if JOINS.contains(&word) && before.is_some() && (after.is_some() || !name_alone) {
            return plain(format!("`{word}` is not a package here"))
                .map(|finding| self.joined(finding, entry, before, name_alone, manager).help(quoted()));
        }
        if VERSIONS.contains(&word) && name_alone && before.is_some_and(|before| before.parts.is_empty()) {
            let place = self.place(Span { start: before.map_or(entry.span.start, |before| before.span.end), end: entry.span.end });
            let finding = plain(format!("`{word}` is no version"))?.replace("leave it out: the newest version is taken", false, place, "");
            return Some(finding.help(quoted()));
        }
        if let Some(after) = after.filter(|_| CHANNELS.contains(&word) && name_alone && manager == "conda") {
            let name = self.slice(after.name.span);
            let gap = self.place(Span { start: entry.span.end, end: after.span.start });
            let finding =
                plain(format!("`{word}` is a channel, not a package"))?.replace(format!("write `{word}::{name}`"), false, gap, "::");
            return Some(finding.help(format!("write `conda channel \"{word}\" {{ … }}` for the whole list")));
        }
        let command = before.filter(|before| MANAGERS.contains(&self.word(before)) && before.parts.is_empty());
        if TASKS.contains(&word) && name_alone && after.is_some() && (first || command.is_some()) {
            let start = command.map_or(entry.span.start, |command| self.command_start(command.span.start));
            let (span, end) = (Span { start, end: entry.span.end }, after.map_or(entry.span.end, |after| after.span.start));
            let finding =
                self.finding(&known::NOT_A_PACKAGE, span, format!("`{}` is a command line", self.slice(span))).here("is no package");
            return Some(finding.replace("leave it out", false, self.place(Span { start, end }), "").help(quoted()));
        }
        None
    }

    /// `numpy "1.26"`, `numpy v1.26`
    fn version_as_name(&self, entry: &Entry, before: &Entry, version: &str) -> Diagnostic {
        let name = shortened(self.slice(before.name.span));
        let place = self.place(entry.span);
        let message = format!("`{}` is the version of `{name}`, and has no operator", self.slice(entry.span));
        self.finding(&known::BARE_VERSION, entry.span, message)
            .here("may mean this version or all that begin so")
            .replace(format!("write `=={version}` for this one"), false, place, format!("=={version}"))
            .replace(format!("write `{version}.*` for all of them"), false, place, format!("{version}.*"))
    }

    /// `pandas@2.2.3`
    fn version_behind_at(&self, entry: &Entry, before: &Entry, version: &str) -> Option<Diagnostic> {
        let adjacent = before.span.end == entry.span.start;
        let digits = version.starts_with(|c: char| c.is_ascii_digit());
        if !adjacent || !(digits || VERSIONS.contains(&version)) {
            return None;
        }
        let name = shortened(self.slice(before.name.span));
        let finding = self
            .finding(&known::NOT_A_PACKAGE, entry.name.span, format!("`@{version}` is no version of `{name}`"))
            .here("is written so for other package managers");
        let place = self.place(entry.name.span);
        Some(if digits {
            finding.replace(format!("write `{name} =={version}`"), false, place, format!(" =={version}"))
        } else {
            finding.replace("leave it out: the newest version is taken", false, place, "")
        })
    }

    /// What `and` and `or` may stand for: a comma or a bar before bounds, nothing between names.
    fn joined(&self, finding: Diagnostic, entry: &Entry, before: Option<&Entry>, name_alone: bool, manager: &str) -> Diagnostic {
        let word = self.slice(entry.name.span);
        let place = self.place(Span { start: before.map_or(entry.span.start, |before| before.span.end), end: entry.name.span.end });
        match (name_alone, word) {
            (false, "and") => finding.replace("write `,` between the bounds", false, place, ","),
            (false, _) if WITH_ALTERNATIVES.contains(&manager) => finding.replace("write `|` between the bounds", false, place, " |"),
            (false, _) => finding.help(format!("keep one of the two: `{manager}` has no alternatives")),
            (true, "and") => finding.replace("leave it out", false, place, ""),
            (true, _) => finding.replace("leave it out, and one of the packages as well", false, place, ""),
        }
    }
}

/// The version that is written as a name: `"1.26"`, `v1.26`.
fn shown_version(written: &str) -> Option<&str> {
    let bare = written.trim_matches(['"', '\'']);
    let version = bare.strip_prefix('v').unwrap_or(bare);
    let digits = version.starts_with(|c: char| c.is_ascii_digit()) && version.chars().all(|c| c.is_ascii_digit() || c == '.');
    (digits && version.contains('.') && (written.len() > bare.len() || bare.len() > version.len())).then_some(version)
}

/// The parts of `duckdb:1.2`; apt's `gcc:amd64` is a name.
fn version_in_name(word: &str) -> Option<(&str, &str)> {
    let (name, version) = word.split_once(':')?;
    (version.starts_with(|c: char| c.is_ascii_digit())).then_some((name, version))
}

/// The entry that an item is.
fn entry_of(item: &ListItem) -> Option<&Entry> {
    if let ListItem::Entry(entry) = item { Some(entry) } else { None }
}
