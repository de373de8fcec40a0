//! `docker-bake.json`: the whole graph for one machine or a `BuildKit` cluster.
//!
//! Every target links its parent, and what it copies from, by the reference that its Dockerfile names: `docker buildx bake` puts the
//! target in its place. Each tag is written once, in `tag`, so that a change of a parent changes few lines. `ARCH` is for builds of one
//! platform on several machines; `REVISION` and `VERSION` become labels, which are no part of what a tag stands for. No target of
//! several platforms says so: `--load` takes one.

use std::fmt::Write as _;

use super::artifact::{Artifact, MARK};
use super::docker::quote;
use super::plan::{CellPlan, Plan};
use crate::ir::{BakeOutput, CellId, Image, Program};

/// The target that all others inherit from.
const COMMON: &str = "_common";

/// How long the lines of tags get, in bytes.
const WIDTH: usize = 110;

/// The bake file.
pub(super) fn emit(program: &Program, plan: &Plan, output: &BakeOutput) -> Artifact {
    let mut out = String::with_capacity(512 + plan.cells.len() * 640);
    // JSON has no comments; bake takes a key that it does not know.
    out.push_str("{\n  \"//\": ");
    quote::json(&mut out, &format!("{MARK}{}. Change that file, then run `jenvc build`.", program.main_file));
    out.push_str(",\n  \"variable\": {\n");
    for (name, end) in [("ARCH", ","), ("REVISION", ","), ("VERSION", "")] {
        let _ = writeln!(out, "    \"{name}\": {{ \"default\": \"\" }}{end}");
    }
    out.push_str("  },\n  \"tag\": {");
    let mut families: Vec<_> = targets(program).collect();
    families.sort_by_cached_key(|id| program.stack(*id));
    tags(&mut out, families.into_iter().map(|id| &plan[id]));
    out.push_str("\n  },\n  \"group\": {\n");
    groups(&mut out, program, plan);
    out.push_str("  },\n  \"target\": {\n");
    let _ = write!(
        out,
        "    \"{COMMON}\": {{\n      \"context\": \".\",\n      \"labels\": {{\n        \
         \"org.opencontainers.image.revision\": \"${{notequal(\\\"\\\",REVISION) ? REVISION : null}}\",\n        \
         \"org.opencontainers.image.version\": \"${{notequal(\\\"\\\",VERSION) ? VERSION : null}}\"\n      }}\n    }}"
    );
    for id in targets(program) {
        out.push_str(",\n");
        target(&mut out, program, plan, id);
    }
    out.push_str("\n  }\n}\n");
    Artifact { path: output.path.clone(), text: out, executable: false }
}

/// The cells that are targets: all but the stages of other Dockerfiles.
fn targets(program: &Program) -> impl Iterator<Item = CellId> {
    program.cells().map(|(id, _)| id).filter(|id| !program.is_stage(*id))
}

/// The tags by target, as many on a line as fit; what stands on an image follows it, since their tags move together. An attribute is
/// no variable: the environment can't change it.
fn tags<'p>(out: &mut String, cells: impl Iterator<Item = &'p CellPlan>) {
    let mut line = String::new();
    for (at, cell) in cells.enumerate() {
        let mut entry = String::new();
        text(&mut entry, &cell.target);
        entry.push_str(": ");
        text(&mut entry, &cell.tag);
        if at == 0 || line.len() + entry.len() > WIDTH {
            let _ = write!(out, "{line}{}\n    ", if at == 0 { "" } else { "," });
            line = entry;
        } else {
            let _ = write!(line, ", {entry}");
        }
    }
    out.push_str(&line);
}

/// A reference whose tag is read from `tag`, as a template.
fn reference(repository: &str, plan: &CellPlan) -> String {
    let begins = plan.target.starts_with(|first: char| first.is_ascii_alphabetic());
    let tag = if begins { format!("tag.{}", plan.target) } else { format!("tag[\"{}\"]", plan.target) };
    format!("{}:${{{tag}}}", escaped(repository))
}

/// All targets, and those of each image under its name.
fn groups(out: &mut String, program: &Program, plan: &Plan) {
    group(out, "default", targets(program).map(|id| &plan[id]));
    for (_, image) in program.built() {
        let cells = || image.cells.iter().map(|cell| &plan[*cell]);
        if is_group(image) && !cells().any(|cell| cell.target == image.name) {
            out.push_str(",\n");
            group(out, &image.name, cells());
        }
    }
    out.push('\n');
}

/// Whether a name can be a group of its own.
fn is_group(image: &Image) -> bool {
    image.name != "default" && !image.cells.is_empty()
}

fn group<'p>(out: &mut String, name: &str, cells: impl Iterator<Item = &'p CellPlan>) {
    out.push_str("    ");
    quote::json(out, name);
    out.push_str(": { \"targets\": [");
    for (at, cell) in cells.enumerate() {
        out.push_str(if at > 0 { ",\n      " } else { "\n      " });
        quote::json(out, &cell.target);
    }
    out.push_str("\n    ] }");
}

fn target(out: &mut String, program: &Program, plan: &Plan, id: CellId) {
    let (cell, this) = (&program[id], &plan[id]);
    out.push_str("    ");
    quote::json(out, &this.target);
    let _ = write!(out, ": {{\n      \"inherits\": [\"{COMMON}\"],\n      \"dockerfile\": ");
    text(out, &this.dockerfile);
    out.push_str(",\n      \"tags\": [");
    quote::json(out, &format!("{}${{notequal(\"\",ARCH) ? \"-${{ARCH}}\" : \"\"}}", reference(&cell.repository, this)));
    out.push(']');
    if !this.args.is_empty() {
        map(out, "args", this.args.iter().map(|(name, value)| (escaped(name), escaped(value))));
    }
    if !this.needs.is_empty() {
        map(
            out,
            "contexts",
            this.needs.iter().map(|need| {
                (reference(familiar(&program[*need].repository), &plan[*need]), escaped(&format!("target:{}", plan[*need].target)))
            }),
        );
    }
    let secrets: Vec<String> = program.secrets(id).iter().map(|(name, from)| format!("\"id={name},env={from}\"")).collect();
    if !secrets.is_empty() {
        let _ = write!(out, ",\n      \"secret\": [{}]", secrets.join(", "));
    }
    if let [platform] = cell.platforms.as_slice() {
        let _ = write!(out, ",\n      \"platforms\": [\"{platform}\"]");
    }
    out.push_str("\n    }");
}

/// A reference as `BuildKit` looks up the contexts of a bake file: without what Docker Hub's names leave out.
fn familiar(reference: &str) -> &str {
    let hub = reference.strip_prefix("docker.io/").or_else(|| reference.strip_prefix("index.docker.io/"));
    hub.map_or(reference, |name| name.strip_prefix("library/").unwrap_or(name))
}

fn map(out: &mut String, key: &str, entries: impl Iterator<Item = (String, String)>) {
    let _ = write!(out, ",\n      \"{key}\": {{");
    for (at, (name, value)) in entries.enumerate() {
        out.push_str(if at > 0 { ",\n        " } else { "\n        " });
        quote::json(out, &name);
        out.push_str(": ");
        quote::json(out, &value);
    }
    out.push_str("\n      }");
}

/// A text that bake must not read as a template.
fn text(out: &mut String, text: &str) {
    quote::json(out, &escaped(text));
}

/// Bake reads every string as an HCL template, in which `${` and `%{` begin an expression.
fn escaped(text: &str) -> String {
    if text.contains("${") || text.contains("%{") { text.replace("${", "$${").replace("%{", "%%{") } else { text.to_owned() }
}
