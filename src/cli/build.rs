//! `jenvc build`: compiles, writes what changed, and says what it did. `--check` says what it would do.

use std::fs;
use std::path::Path;

use super::args::Build;
use super::compiled::{Compiled, Told, add, failed};
use super::console::Console;
use super::drift::{Plan, Status, plan};
use super::global::Global;
use super::reply::{Exit, Misuse, Reply};
use super::{find, unified, write};
use crate::check::Checked;
use crate::diagnostics::{Diagnostic, known};
use crate::ir::Outputs;
use crate::report::{Summary, json_finding, json_summary};

pub(super) fn run(build: &Build, global: &Global, console: &Console) -> Result<Reply, Misuse> {
    let located = find::program(build.file.as_deref())?;
    // Taken before the sources are read: of two builds, the later one has read the later text.
    let _turn = write::Turn::take(&located.root, !build.check);
    let mut compiled = Compiled::new(located, global);
    if compiled.outcome.checked.is_none() {
        return Ok(failed(&compiled.told(), global, console));
    }
    compiled.outcome.emit();
    let artifacts = std::mem::take(&mut compiled.outcome.artifacts);
    let mut plan = plan(&compiled.question(build.force), &artifacts);
    let mut refusals = std::mem::take(&mut plan.refusals);
    if refusals.is_empty() && !build.check {
        refusals.extend(write::apply(&compiled.located.root, &plan).err().map(|refusal| *refusal));
    }
    if !refusals.is_empty() {
        for refusal in refusals {
            add(&mut compiled.outcome.findings, refusal, global);
        }
        return Ok(failed(&compiled.told(), global, console));
    }
    if let Some(finding) = nothing_to_write(&compiled) {
        add(&mut compiled.outcome.findings, finding, global);
    }
    let told = compiled.told();
    let drift = build.check && plan.stale().next().is_some();
    let exit = if drift { Exit::Drift } else { Exit::Clean };
    if global.json() {
        return Ok(Reply::new(json(&told, &plan), exit));
    }
    let counts = told.compiled.counts().unwrap_or_default();
    let text = if build.check {
        if !console.quiet() {
            let way_out = if drift { format!("; run `{}`", told.compiled.located.build_command()) } else { String::new() };
            console.error(&format!("{counts}: {}{way_out}\n", told_counts(&plan)));
        }
        diffs(&told.compiled.located.root, &plan)
    } else {
        lines(&plan, &counts, console)
    };
    let reply = told.answer(text, exit, global, console);
    told.forget();
    Ok(reply)
}

/// J0610: a program without outputs is checked, and nothing is written.
fn nothing_to_write(compiled: &Compiled) -> Option<Diagnostic> {
    let program = compiled.outcome.checked.as_ref()?.program();
    (program.outputs == Outputs::default()).then(|| {
        Diagnostic::new(&known::NO_OUTPUT, program.project.origin, "the program has no `output`, so nothing is written")
            .help("add `output dockerfiles { dir = \"images\" }`; `jenvc explain output` lists the others")
    })
}

/// A line for each file, and the counts.
fn lines(plan: &Plan<'_>, counts: &str, console: &Console) -> String {
    let mut text = String::new();
    for target in &plan.targets {
        let shown = match target.status {
            Status::Kept => console.verbose(),
            _ => !console.quiet(),
        };
        if shown {
            text.push_str(&format_line(target.status, &target.path));
        }
    }
    if !console.quiet() {
        text.push_str(counts);
        text.push_str(": ");
        text.push_str(&told_counts(plan));
        text.push('\n');
    }
    text
}

fn format_line(status: Status, path: &str) -> String {
    format!("{:<8} {path}\n", status.word())
}

/// `2 files new, 1 changed, 10 kept`.
fn told_counts(plan: &Plan<'_>) -> String {
    let all = [Status::New, Status::Changed, Status::Gone, Status::Kept];
    let parts: Vec<_> = all.into_iter().map(|status| (plan.count(status), status)).filter(|(number, _)| *number > 0).collect();
    let mut words = parts.iter().enumerate().map(|(at, (number, status))| {
        let files = if at > 0 {
            ""
        } else if *number == 1 {
            "file "
        } else {
            "files "
        };
        format!("{number} {files}{}", status.word())
    });
    let first = words.next().unwrap_or_else(|| "no files".to_owned());
    words.fold(first, |text, next| text + ", " + &next)
}

/// Unified diffs from what is there to what the program says; `git apply` takes them.
fn diffs(root: &Path, plan: &Plan<'_>) -> String {
    let mut text = String::new();
    for target in plan.stale() {
        // A file that is not there is an empty one.
        let bytes = fs::read(root.join(&target.path)).unwrap_or_default();
        let before = String::from_utf8_lossy(&bytes);
        let old = (target.status != Status::New).then_some(before.as_ref());
        let new = target.artifact.map(|artifact| artifact.text.as_str());
        let diff = unified::diff(&target.path, old, new);
        if diff.is_empty() {
            let mode = if target.artifact.is_some_and(|artifact| artifact.executable) { "executable" } else { "not executable" };
            text.push_str(&format_line(Status::Changed, &format!("{}: should be {mode}", target.path)));
        }
        text.push_str(&diff);
    }
    text
}

/// The object of the findings, with the files and what is to be said of each.
fn json(told: &Told, plan: &Plan<'_>) -> String {
    let batch = told.batch();
    let files: Vec<_> =
        plan.targets.iter().map(|target| serde_json::json!({ "path": target.path, "status": target.status.word() })).collect();
    let findings: Vec<_> = told.findings.iter().map(|finding| json_finding(&batch, finding, false)).collect();
    let program = told.compiled.outcome.checked.as_ref().map(Checked::program);
    let object = serde_json::json!({
        "version": 1,
        "findings": findings,
        "summary": json_summary(Summary::of(&told.findings)),
        "files": files,
        "images": program.map_or(0, |program| program.images.len()),
        "cells": program.map_or(0, |program| program.cells.len()),
    });
    format!("{object:#}\n")
}
