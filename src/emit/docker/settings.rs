//! What an image is told without running anything: environment, labels, start-up, health.

use std::fmt::Write as _;

use super::body::Body;
use super::quote;
use crate::ir::{CellId, ExpandPart, Expandable, Healthcheck, Parent, Program, StepKind};

/// Entries of `ENV` that stand in one instruction.
#[derive(Default)]
pub(super) struct Environment<'a> {
    names: Vec<&'a str>,
    text: String,
}

impl<'a> Environment<'a> {
    /// Adds the variables of a step. `false` where one of them is set here already or uses one that is: the instruction ends
    /// before it.
    pub(super) fn add(&mut self, program: &Program, cell: CellId, before: usize, kind: &'a StepKind) -> bool {
        match kind {
            StepKind::Env(entries) => {
                if entries.iter().any(|(name, value)| self.has(name) || value.0.iter().any(|part| self.uses(part))) {
                    return false;
                }
                for (name, value) in entries {
                    self.entry(name, |out| quote::value(out, value));
                }
                true
            }
            StepKind::Path { variable, prepend, entries, first } => {
                if self.has(variable) || entries.iter().flat_map(|entry| &entry.0).any(|part| self.uses(part)) {
                    return false;
                }
                let known = variable == "PATH" || is_set(program, cell, before, variable);
                self.entry(variable, |out| path(out, variable, *prepend, entries, *first, known));
                true
            }
            _ => false,
        }
    }

    /// Writes the instruction.
    pub(super) fn write(&mut self, body: &mut Body<'_>) {
        if !self.names.is_empty() {
            body.text.push_str("ENV ");
            body.text.push_str(&self.text);
            body.text.push('\n');
        }
        self.names.clear();
        self.text.clear();
    }

    fn has(&self, name: &str) -> bool {
        self.names.contains(&name)
    }

    fn uses(&self, part: &ExpandPart) -> bool {
        matches!(part, ExpandPart::Variable(name) if self.has(name))
    }

    fn entry(&mut self, name: &'a str, value: impl FnOnce(&mut String)) {
        if !self.names.is_empty() {
            self.text.push_str(" \\\n    ");
        }
        self.text.push_str(name);
        self.text.push('=');
        value(&mut self.text);
        self.names.push(name);
    }
}

/// The value of a path-like variable. `known`: the stack is known to have set it; `first`: it is known not to have.
fn path(out: &mut String, variable: &str, prepend: bool, entries: &[Expandable], first: bool, known: bool) {
    out.push('"');
    let rest = |out: &mut String| {
        if known {
            quote::variable(out, variable);
        } else {
            // An unset variable must leave no empty entry, which would mean the working directory.
            let _ = write!(out, "${{{variable}:+");
            if prepend {
                out.push(':');
            }
            quote::variable(out, variable);
            if !prepend {
                out.push(':');
            }
            out.push('}');
        }
    };
    if !prepend && !first {
        rest(out);
        if known {
            out.push(':');
        }
    }
    for (at, entry) in entries.iter().enumerate() {
        if at > 0 {
            out.push(':');
        }
        for part in &entry.0 {
            match part {
                ExpandPart::Literal(text) => quote::literal_value(out, text),
                ExpandPart::Variable(name) => quote::variable(out, name),
            }
        }
    }
    if prepend && !first {
        if known {
            out.push(':');
        }
        rest(out);
    }
    out.push('"');
}

/// Whether a variable is known to be set before step `before` of `cell`.
fn is_set(program: &Program, cell: CellId, before: usize, variable: &str) -> bool {
    let sets = |kind: &StepKind| match kind {
        StepKind::Env(entries) => entries.iter().any(|(name, _)| name == variable),
        StepKind::Path { variable: name, .. } | StepKind::Arg { name, env: true, .. } => name == variable,
        _ => false,
    };
    let mut at = cell;
    let mut before = before;
    loop {
        let here = &program[at];
        if here.steps.iter().take(before).any(|step| step.only.is_none() && sets(&step.kind)) {
            return true;
        }
        match here.parent {
            Parent::Cell(parent) => at = parent,
            Parent::Base(base) => return program[base].env.iter().any(|(name, _)| name == variable),
        }
        before = usize::MAX;
    }
}

/// `NAME="value"` pairs of a label instruction.
#[derive(Default)]
pub(super) struct Labels {
    text: String,
}

impl Labels {
    /// Adds a label.
    pub(super) fn add(&mut self, key: &str, value: &str) {
        self.key(key);
        quote::value(&mut self.text, &Expandable::literal(value));
    }

    /// Adds a label whose value stands in the Dockerfile's own words.
    pub(super) fn add_written(&mut self, key: &str, value: &str) {
        self.key(key);
        self.text.push_str(value);
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Writes the instruction, if there is a label.
    pub(super) fn write(&mut self, body: &mut Body<'_>) {
        if !self.is_empty() {
            self.write_open(body);
            body.text.push('\n');
        }
    }

    /// Writes the instruction without its line end.
    pub(super) fn write_open(&mut self, body: &mut Body<'_>) {
        body.text.push_str("LABEL ");
        body.text.push_str(&std::mem::take(&mut self.text));
    }

    fn key(&mut self, key: &str) {
        if !self.text.is_empty() {
            self.text.push_str(" \\\n      ");
        }
        if quote::is_plain(key) && !key.contains('=') {
            self.text.push_str(key);
        } else {
            quote::value(&mut self.text, &Expandable::literal(key));
        }
        self.text.push('=');
    }
}

/// A step that is one instruction of its own and concerns nothing else.
pub(super) fn setting(out: &mut String, kind: &StepKind) {
    match kind {
        StepKind::Arg { name, value, env } => {
            out.push_str("ARG ");
            out.push_str(name);
            if let Some(value) = value {
                out.push('=');
                quote::value(out, &Expandable::literal(value.as_str()));
            }
            out.push('\n');
            if *env {
                let _ = writeln!(out, "ENV {name}=\"${{{name}}}\"");
            }
        }
        StepKind::Workdir(path) => line(out, "WORKDIR ", |out| quote::path(out, path)),
        StepKind::Expose(port) => line(out, "EXPOSE ", |out| quote::literal_path(out, port)),
        StepKind::Shell(words) => line(out, "SHELL ", |out| quote::exec(out, words)),
        StepKind::Entrypoint(words) => line(out, "ENTRYPOINT ", |out| quote::exec(out, words)),
        StepKind::Cmd(words) => line(out, "CMD ", |out| quote::exec(out, words)),
        StepKind::Healthcheck(check) => healthcheck(out, check),
        _ => {}
    }
}

fn line(out: &mut String, instruction: &str, write: impl FnOnce(&mut String)) {
    out.push_str(instruction);
    write(out);
    out.push('\n');
}

/// `HEALTHCHECK`.
fn healthcheck(out: &mut String, check: &Healthcheck) {
    out.push_str("HEALTHCHECK");
    let times = [("interval", check.interval), ("timeout", check.timeout), ("start-period", check.start_period)];
    for (name, time) in times {
        if let Some(time) = time {
            let _ = write!(out, " --{name}={}", duration(time));
        }
    }
    if let Some(retries) = check.retries {
        let _ = write!(out, " --retries={retries}");
    }
    out.push_str(" \\\n    CMD ");
    quote::exec(out, &check.command);
    out.push('\n');
}

/// Milliseconds as Go reads a duration: `1m30s`.
fn duration(milliseconds: u64) -> String {
    let mut text = String::new();
    let mut rest = milliseconds;
    for (unit, size) in [("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)] {
        if rest >= size {
            let _ = write!(text, "{}{unit}", rest / size);
            rest %= size;
        }
    }
    if text.is_empty() { "0s".to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_go_s() {
        assert_eq!([0, 3000, 90_000, 500, 3_600_000].map(duration), ["0s", "3s", "1m30s", "500ms", "1h"]);
    }

    #[test]
    fn a_path_that_may_be_unset_leaves_no_empty_entry() {
        let written = |prepend, first, known| {
            let mut out = String::new();
            path(&mut out, "P", prepend, &[Expandable::literal("/a"), Expandable::literal("/b")], first, known);
            out
        };
        assert_eq!(written(true, false, true), "\"/a:/b:${P}\"");
        assert_eq!(written(false, false, true), "\"${P}:/a:/b\"");
        assert_eq!(written(true, false, false), "\"/a:/b${P:+:${P}}\"");
        assert_eq!(written(false, false, false), "\"${P:+${P}:}/a:/b\"");
        assert_eq!(written(false, true, false), "\"/a:/b\"");
    }
}
