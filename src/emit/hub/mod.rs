//! The artifacts of the hub's side: the `ConfigMap` whose `values.yaml` holds the menu, the same as plain values, and the
//! `HelmRelease` that takes its values from the `ConfigMap`.

mod braces;
mod context;
mod object;
mod profile;
mod saved;
#[cfg(test)]
mod tests;
mod values;

use std::borrow::Cow;

use super::yaml::{Yaml, to_text};
use super::{Artifact, MARK, Plan};
use crate::check::Checked;
use crate::ir::{Hub, HubOutput, Profile, Program};
use context::Context;

/// The artifacts of all hubs, in the order of the outputs.
#[must_use]
pub fn emit(checked: &Checked, plan: &Plan) -> Vec<Artifact> {
    let program = checked.program();
    let outputs = &program.outputs;
    let mut artifacts = Vec::new();
    let mut add = |outputs: &[HubOutput], document: &dyn Fn(Context<'_>, &HubOutput) -> Yaml| {
        for output in outputs {
            if let Some(hub) = program.hubs.get(output.hub) {
                let menu = menu(program, plan, hub);
                let document = document(Context { program, plan, hub, menu: &menu }, output);
                artifacts.push(Artifact { path: output.path.clone(), text: header(program) + &to_text(&document), executable: false });
            }
        }
    };
    add(&outputs.configmaps, &object::configmap);
    add(&outputs.values, &|context, output| values::values(context, output.pre_pull));
    add(&outputs.helmreleases, &object::helmrelease);
    artifacts
}

/// The entries of a hub as the page shows them.
fn menu<'a>(program: &Program, plan: &Plan, hub: &'a Hub) -> Vec<Cow<'a, Profile>> {
    hub.menu.iter().map(|profile| profile.offered(&|image| plan.reference(program, image))).collect()
}

/// The first line of every file.
fn header(program: &Program) -> String {
    format!("# {MARK}{}: change it there and run `jenvc build`.\n", program.main_file)
}
