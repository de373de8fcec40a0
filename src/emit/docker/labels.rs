//! The labels that say what an image is: the keys of the OCI image specification, "Pre-Defined Annotation Keys".
//!
//! An image inherits its parent's labels, so only what differs is written: the name of what it stands on always, source, authors and
//! licenses where that is an image that exists already, whose digest is named, too. Revision and version are known at build time and
//! come from the bake file.

use super::body::{Body, Slot};
use super::settings::Labels;
use crate::ir::{CellId, Parent, Program};

/// `org.opencontainers.image.title`
const PREFIX: &str = "org.opencontainers.image.";

/// Writes the labels of a cell below its first `FROM`.
pub(super) fn write(program: &Program, id: CellId, body: &mut Body<'_>) {
    let image = &program[program[id].image];
    let mut labels = Labels::default();
    let add = |labels: &mut Labels, key: &str, value: &str| labels.add(&format!("{PREFIX}{key}"), value);
    let (mut digest, mut stale) = (false, false);
    match program[id].parent {
        Parent::Cell(parent) => {
            let below = &program[program[parent].image];
            if below.title != image.title {
                add(&mut labels, "title", &image.title);
            }
            if below.description != image.description {
                // An inherited description would be wrong where it has none of its own.
                add(&mut labels, "description", image.description.as_deref().unwrap_or_default());
            }
            // So would an inherited digest: that of its own base is known when that is built.
            stale = matches!(program[parent].parent, Parent::Base(base) if program[base].digest.is_some());
        }
        Parent::Base(base) => {
            add(&mut labels, "title", &image.title);
            let project = &program.project;
            for (key, value) in [
                ("description", &image.description),
                ("source", &project.source),
                ("authors", &project.maintainer),
                ("licenses", &project.license),
            ] {
                if let Some(value) = value {
                    add(&mut labels, key, value);
                }
            }
            digest = program[base].digest.is_some();
        }
    }
    labels.add_written(&format!("{PREFIX}base.name"), "\"${BASE}\"");
    if stale {
        add(&mut labels, "base.digest", "");
    }
    body.blank();
    body.text.push_str("ARG BASE\n");
    if digest {
        body.slot(Slot::DigestArgument);
        labels.add_written(&format!("{PREFIX}base.digest"), "");
        labels.write_open(body);
        body.slot(Slot::Digest);
        body.text.push('\n');
    } else {
        labels.write(body);
    }
}
