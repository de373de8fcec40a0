//! The texts that are written.

use super::answers::Answers;
use crate::import::workflow;

/// A program with a layer, an environment and a hub.
pub(super) fn program(answers: &Answers) -> String {
    let (name, registry, base) = (&answers.name, &answers.registry, answers.base);
    let source = answers.source.as_ref().map(|source| format!("source = {}\n", quoted(source))).unwrap_or_default();
    let workflow = if answers.workflow { workflow(&answers.below) } else { String::new() };
    let branch = answers.branch.filter(|_| answers.workflow).map(|branch| format!("branch = {}\n", quoted(branch))).unwrap_or_default();
    let fixed = if base.has_pythons() { "(python = 3.13)" } else { "" };
    // What the library knows for several versions of Python has tags that move.
    let moving = if base.has_pythons() { "allow floating-base because \"new builds of this tag bring updates\"\n" } else { "" };
    format!(
        r#"## The images and the menu of one JupyterHub.

import std.jupyter

project {name} {{
registry = {registry}
{source}{branch}platforms = ["linux/amd64"]
}}

## What every environment stands on. More layers stack on it: `from base / my-layer`.
layer base {{
from jupyter.{base}-published{fixed}
{moving}conda {{ nbgitpuller }}
}}

## What people pick when they log in.
environment default {{
from base
profile {{
title = "Default"
description = "JupyterLab on Python 3.13"
default = true
memory = 1G..2G
}}
}}

hub production {{
chart = 4.4
namespace = "jhub"
}}

output dockerfiles {{ dir = "images" }}
# Flux reads the ConfigMap. For Helm or Argo CD, which read files, write this instead:
# output values {{ path = "deploy/values.yaml"  hub = production }}
output configmap {{ path = "deploy/jhub-profiles.yaml"  hub = production  name = "jhub-profiles" }}
output bake {{ path = "docker-bake.json" }}
{workflow}"#,
        registry = quoted(registry),
        base = base.name(),
    )
}

/// A text between quotes.
fn quoted(text: &str) -> String {
    let safe: String = text.chars().filter(|c| !c.is_control() && !matches!(c, '"' | '\\' | '{' | '}')).collect();
    format!("\"{safe}\"")
}

/// The file of pre-commit for a program in the folder `below` the top of the repository.
pub(super) fn pre_commit(below: &str) -> String {
    format!("repos:\n{}", entry(below))
}

/// The hooks, as they stand in the list of repositories.
pub(super) fn entry(below: &str) -> String {
    let argument = if below.is_empty() { String::new() } else { format!(" {below}") };
    format!(
        r"  - repo: local
    hooks:
      - id: jenvc-fmt
        name: jenvc fmt
        entry: jenvc fmt
        language: system
        files: \.jenv$
      - id: jenvc-check
        name: jenvc check
        entry: jenvc check
        language: system
        files: \.(jenv|txt|in|ya?ml|json|lock|toml)$
        require_serial: true
      - id: jenvc-build
        name: jenvc build --check
        entry: jenvc build --check{argument}
        language: system
        pass_filenames: false
        always_run: true
"
    )
}
