//! The artifacts of the hub's side: the `ConfigMap` whose `values.yaml` holds the menu, the same as plain values, and the
//! `HelmRelease` that takes its values from the `ConfigMap`.

mod braces;
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
use crate::ir::{Hub, HubOutput, Keepable, MenuImage, Profile, Program};

/// What all artifacts of one hub are made of.
#[derive(Clone, Copy)]
struct Context<'a> {
    program: &'a Program,
    plan: &'a Plan,
    hub: &'a Hub,
    /// The entries as the page shows them, with the earlier releases that they keep.
    menu: &'a [Cow<'a, Profile>],
}

impl Context<'_> {
    /// The reference of an image on the menu.
    fn reference(&self, image: &MenuImage) -> String {
        let reference = self.plan.reference(self.program, image);
        let own = match image {
            MenuImage::Cell(_) => true,
            MenuImage::Reference(reference) => self.was_built_here(reference),
            MenuImage::Base(_) => false,
        };
        let registry = self.hub.registry.as_ref().filter(|_| own).map(|registry| registry.value.trim_end_matches('/'));
        let mirrored = registry.zip(reference.strip_prefix(&self.program.project.registry)).map(|(mirror, rest)| format!("{mirror}{rest}"));
        mirrored.unwrap_or(reference)
    }

    /// Whether a reference is an earlier release of an image of the program.
    fn was_built_here(&self, reference: &str) -> bool {
        let of_entry = |profile: &Profile| {
            let built = |one: Keepable<'_>| matches!(one.image.value, MenuImage::Cell(_));
            let choices: Vec<_> =
                profile.keepable().filter(|one| built(*one)).map(|one| one.choice.map(|choice| &choice.key.value)).collect();
            let releases = profile.keep.iter().flat_map(|keep| &keep.releases);
            releases.filter(|kept| choices.contains(&kept.choice.as_ref())).any(|kept| kept.release.image == reference)
        };
        self.hub.menu.iter().any(of_entry)
    }

    /// Whether any entry keeps earlier releases.
    fn keeps(&self) -> bool {
        self.hub.menu.iter().any(|profile| profile.keep.is_some())
    }
}

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
