//! One `RUN`, line by line: the continuation marks, the `&&` chain, the branches for platforms.

use super::body::{Body, Shell};
use super::element::{Element, written};
use super::platforms::Applies;
use super::quote::{self, Quotes};
use super::{script, shellcheck};
use crate::ir::{Install, Mount, MountSource, Platform, Secret, ShellPart, ShellText};

/// Runs the lines of a block that can't be joined by `;`: each line is a word, so that nothing in it meets the parser of the Dockerfile,
/// and the script does not come through standard input, where a command in it could eat the rest.
pub(crate) const BLOCK: &str = "bash -eu -o pipefail -c 'eval \"$(printf \"%s\\n\" \"$@\")\"' block";

/// Runs a command that is more than one as one word.
pub(crate) const INNER: &str = "bash -eu -o pipefail -c ";

/// A `RUN` that is being written.
pub(super) struct RunWriter<'b, 'a> {
    pub(super) body: &'b mut Body<'a>,
    /// Where it begins.
    start: usize,
    indent: usize,
    /// Nothing stands after `RUN ` yet.
    fresh: bool,
    /// The current line has no line end yet.
    open: bool,
    /// No element of the current chain has been written.
    first: bool,
}

impl<'b, 'a> RunWriter<'b, 'a> {
    /// Begins a `RUN` with what is mounted for it.
    pub(super) fn begin(body: &'b mut Body<'a>, mounts: &'a [Mount]) -> Self {
        let start = body.text.len();
        body.text.push_str("RUN ");
        body.runs = true;
        let mut run = Self { body, start, indent: 4, fresh: true, open: true, first: true };
        for mount in mounts {
            run.mount(mount);
        }
        run
    }

    /// Ends it.
    pub(super) fn end(self) {
        if self.body.text.get(self.start..).is_some_and(shellcheck::dollars_in_quotes) {
            self.body.lint.insert("SC2016");
        }
        self.body.text.push('\n');
    }

    /// A new line.
    pub(super) fn line(&mut self, extra: usize) {
        if !std::mem::take(&mut self.fresh) {
            self.close();
            self.body.text.extend(std::iter::repeat_n(' ', self.indent + extra));
            self.open = true;
        }
    }

    fn close(&mut self) {
        if std::mem::take(&mut self.open) {
            self.body.text.push_str(" \\\n");
        }
    }

    pub(super) fn push(&mut self, text: &str) {
        self.body.text.push_str(text);
    }

    /// A comment between two lines.
    fn comment(&mut self, extra: usize, text: &str) {
        self.close();
        self.body.comment(self.indent + extra, text);
    }

    /// A new element of the `&&` chain.
    fn element(&mut self) {
        if !std::mem::take(&mut self.first) {
            self.push(" &&");
        }
        self.line(0);
    }

    /// Elements within another one, which has been begun and is ended by who calls.
    pub(super) fn nested(&mut self, write: impl FnOnce(&mut Self)) {
        self.first = true;
        self.indent += 4;
        write(self);
        self.indent -= 4;
        self.first = false;
    }

    /// An element that is written as it is.
    pub(super) fn command(&mut self, text: &str) {
        self.element();
        self.push(text);
    }

    /// Elements that prepare the others.
    pub(super) fn commands(&mut self, all: &[String]) {
        for command in all {
            self.command(command);
        }
    }

    /// An element that ends in a word with variables.
    pub(super) fn command_with(&mut self, text: &str, write: impl FnOnce(&mut String)) {
        self.command(text);
        write(&mut self.body.text);
    }

    /// An element that compares a file with its checksum; `path` writes the path as it stands between double quotes.
    pub(super) fn checksum(&mut self, sha256: &str, path: impl FnOnce(&mut String)) {
        self.body.wants_shell = true;
        self.element();
        self.push("echo \"");
        quote::double(&mut self.body.text, sha256);
        self.push("  ");
        path(&mut self.body.text);
        self.push("\" | sha256sum -c");
    }

    /// Everything in `write` only where the platform is one of `only`.
    pub(super) fn when(&mut self, only: Option<&[Platform]>, write: impl FnOnce(&mut Self)) {
        let Some(only) = only else { return write(self) };
        self.element();
        self.push("case \"${TARGETARCH}\" in");
        self.indent += 4;
        self.line(0);
        push_pattern(&mut self.body.text, only);
        self.indent += 4;
        self.first = true;
        write(self);
        self.push(" ;;");
        self.indent -= 8;
        self.line(0);
        self.push("esac");
        self.first = false;
    }

    /// A package list.
    pub(super) fn install(&mut self, install: &'a Install, platforms: &[Platform]) {
        self.commands(&variables(&install.mounts));
        for mount in &install.mounts {
            if let MountSource::Download { sha256: Some(sha256), .. } = &mount.source {
                self.checksum(sha256, |out| out.push_str(&mount.target));
            }
        }
        for before in &install.before {
            self.shell(before);
        }
        let conditional = self.conditional_items(install, platforms);
        let quoted = install.items.iter().any(|item| !quote::is_plain(&item.word.plain()));
        self.element();
        self.command_words(&install.command);
        for flag in &install.flags {
            self.line(4);
            self.shell_words(flag);
        }
        if conditional {
            self.line(4);
            self.push("\"$@\"");
        }
        for item in install.items.iter().filter(|item| Applies::of(item.only.as_deref(), platforms) == Applies::Always) {
            if let Some(reason) = &item.reason {
                self.comment(4, reason);
            }
            self.line(4);
            self.body.word(&item.word, Quotes::None, quoted);
        }
        for after in &install.after {
            self.shell(after);
        }
    }

    /// Puts the words that only some platforms want into the positional parameters. Tells whether there are any.
    fn conditional_items(&mut self, install: &'a Install, platforms: &[Platform]) -> bool {
        if !is_conditional(install, platforms) {
            return false;
        }
        self.element();
        self.push("case \"${TARGETARCH}\" in");
        for platform in platforms {
            let mut items = install
                .items
                .iter()
                .filter(|item| Applies::of(item.only.as_deref(), platforms).some().is_some_and(|only| only.contains(platform)))
                .peekable();
            if items.peek().is_none() {
                continue;
            }
            self.line(4);
            self.push(platform.arch());
            self.push(")");
            self.line(8);
            self.push("set --");
            for item in items {
                if let Some(reason) = &item.reason {
                    self.comment(12, reason);
                }
                self.line(12);
                self.body.word(&item.word, Quotes::None, true);
            }
            self.push(" ;;");
        }
        self.line(0);
        self.push("esac");
        true
    }

    /// A command of an installer, as one element.
    fn shell(&mut self, text: &'a ShellText) {
        self.element();
        match Element::of(text) {
            Some(line) if line.either => {
                self.push("{ ");
                self.shell_words(text);
                self.push("; }");
            }
            Some(line) => {
                self.body.wants_shell |= line.pipe;
                self.shell_words(text);
            }
            None => self.block(&written(text)),
        }
    }

    /// The command that takes the words of the packages.
    fn command_words(&mut self, text: &'a ShellText) {
        if Element::of(text).is_some_and(|line| !line.either && !line.pipe) {
            return self.shell_words(text);
        }
        self.inner(INNER);
        quote::word(&mut self.body.text, &format!("{} \"$@\"", written(text)));
        self.push(" install");
    }

    /// Shell text whose words are quoted here.
    fn shell_words(&mut self, text: &'a ShellText) {
        let mut quotes = Quotes::None;
        for part in &text.0 {
            match part {
                ShellPart::Raw(raw) => {
                    quotes = quotes.after(raw);
                    self.body.text.extend(raw.chars().map(|c| if c.is_control() { ' ' } else { c }));
                }
                ShellPart::Word(word) => self.body.word(word, quotes, false),
            }
        }
    }

    /// The start of a command that runs a shell of its own.
    fn inner(&mut self, command: &str) {
        let ash = if self.body.shell == Shell::Ash { command.strip_prefix("bash ") } else { None };
        self.push(if ash.is_some() { "ash " } else { "" });
        self.push(ash.unwrap_or(command));
    }

    /// A script of several lines, or one that is not understood, as one element that has been begun.
    pub(super) fn block(&mut self, script: &str) {
        let script = script.trim_matches('\n');
        if !script.contains('\n') {
            self.inner(INNER);
            return quote::word(&mut self.body.text, script);
        }
        self.inner(BLOCK);
        script.split('\n').for_each(|line| self.argument(line.trim_end_matches('\r')));
    }

    /// An argument of a command on a line of its own.
    pub(super) fn argument(&mut self, text: &str) {
        if text.ends_with('\\') {
            // shellcheck takes `\'` for a mistake.
            self.body.lint.insert("SC1003");
        }
        self.argument_with(|out| quote::word(out, text));
    }

    /// The same, as it is written.
    pub(super) fn argument_with(&mut self, write: impl FnOnce(&mut String)) {
        self.line(4);
        write(&mut self.body.text);
    }

    /// A script as elements of the chain: each line one where that is the same, else a block.
    pub(super) fn script(&mut self, text: &str) {
        let lines = script::lines(text).filter(|lines| lines.iter().all(|line| !line.compound && !line.continues));
        let Some(lines) = lines.filter(|_| !script::may_leave(text)) else {
            self.element();
            return self.block(text);
        };
        let mut comments = Vec::new();
        for line in lines {
            comments.extend(line.comment);
            if line.code.is_empty() {
                continue;
            }
            if !std::mem::take(&mut self.first) {
                self.push(" &&");
            }
            // Before the first command of a `RUN` there is no place for a comment.
            let place = !self.fresh;
            comments.drain(..).filter(|_| place).for_each(|comment| self.comment(0, comment));
            self.line(0);
            self.body.wants_shell |= line.pipe;
            let (left, right) = if line.either { ("{ ", "; }") } else { ("", "") };
            self.push(left);
            self.push(line.code);
            self.push(right);
        }
    }

    /// One line of shell text that is the whole `RUN`.
    pub(super) fn as_is(&mut self, line: &script::Line<'_>) {
        if !line.code.is_empty() {
            self.body.wants_shell |= line.pipe || line.compound;
            self.command(line.code);
        }
    }

    /// Lines joined by `;` under `set -eu`: what a chain of `&&` can't hold.
    pub(super) fn sequence(&mut self, lines: &[script::Line<'_>], before: &[String], after: &'a [String]) {
        self.body.wants_shell = true;
        self.element();
        self.push("set -eu;");
        for before in before {
            self.line(0);
            self.push(before);
            self.push(";");
        }
        let last = lines.iter().rposition(|line| !line.code.is_empty());
        for (at, line) in lines.iter().enumerate() {
            if let Some(comment) = line.comment {
                self.comment(line.indent, comment);
            }
            if line.code.is_empty() {
                continue;
            }
            self.line(line.indent);
            self.push(line.code);
            let ends = Some(at) == last && after.is_empty();
            if !line.continues && !ends && script::wants_semicolon(line.code) {
                self.push(";");
            }
        }
        for (at, command) in after.iter().enumerate() {
            self.line(0);
            if script::line(command).is_some_and(|line| line.comment.is_none()) {
                self.push(command.trim());
            } else {
                self.block(command);
            }
            if at + 1 < after.len() {
                self.push(";");
            }
        }
    }
}

/// Whether some words of a list are for some platforms of a cell only.
pub(super) fn is_conditional(install: &Install, platforms: &[Platform]) -> bool {
    install.items.iter().any(|item| Applies::of(item.only.as_deref(), platforms).some().is_some())
}

/// `amd64)`.
fn push_pattern(out: &mut String, only: &[Platform]) {
    for (at, platform) in only.iter().enumerate() {
        if at > 0 {
            out.push('|');
        }
        out.push_str(platform.arch());
    }
    out.push(')');
}

/// The commands that put secrets into the variables that a step reads.
pub(super) fn variables(mounts: &[Mount]) -> Vec<String> {
    let of = |mount: &Mount| match &mount.source {
        MountSource::Secret(Secret { variable: Some(variable), .. }) => {
            vec![format!("{variable}=\"$(cat {})\"", mount.target), format!("export {variable}")]
        }
        _ => Vec::new(),
    };
    mounts.iter().flat_map(of).collect()
}
