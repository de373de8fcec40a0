//! The chart pulls every image beforehand, in a container named after entry, option and choice: a name that Kubernetes refuses
//! stops the whole release.

use std::collections::BTreeMap;

use crate::diagnostics::{Diagnostic, Findings, known};
use crate::ir::{Choice, Hub, Program, ordered_keys};

/// The longest name of a container.
const LONGEST: usize = 63;

/// The names of all containers that pull an image of a choice.
pub(super) fn names(program: &Program, hub: &Hub, findings: &mut Findings) {
    if !pulls_the_list(program, hub) {
        return;
    }
    let mut seen: BTreeMap<String, &Choice> = BTreeMap::new();
    // Which earlier release is today's image is not known here: at worst, none is.
    let menu: Vec<_> = hub.menu.iter().map(|profile| profile.offered(&|_| String::new())).collect();
    for (index, profile) in menu.iter().enumerate() {
        let keys: Vec<&str> = profile.options.iter().map(|option| option.key.value.as_str()).collect();
        for (option, option_key) in profile.options.iter().zip(ordered_keys(&keys)) {
            let keys: Vec<&str> = option.choices.iter().map(|choice| choice.key.value.as_str()).collect();
            let choices = option.choices.iter().zip(ordered_keys(&keys)).filter(|(choice, _)| choice.image.is_some());
            for (choice, choice_key) in choices {
                let name = format!("image-pull-profile-{index}-option-{option_key}-{choice_key}");
                if let Some(finding) = refused(choice, &name, option_key.len() + choice_key.len()) {
                    findings.push(finding);
                } else if let Some(first) = seen.insert(name.clone(), choice).filter(|first| first.origin != choice.origin) {
                    findings.push(
                        Diagnostic::new(
                            &known::PULLER_NAME,
                            choice.key.place,
                            format!("the image puller would have two containers `{name}`"),
                        )
                        .here("this choice, with the key of its option before it")
                        .also(first.key.place, "and this one")
                        .help("give one of them another key"),
                    );
                }
            }
        }
    }
}

/// Whether the chart makes a container of each choice: not where the images are listed for it, or where it pulls nothing.
pub(super) fn pulls_the_list(program: &Program, hub: &Hub) -> bool {
    let keeps = hub.menu.iter().any(|profile| profile.keep.is_some());
    let outputs = || program.outputs.configmaps.iter().chain(&program.outputs.values).filter(|output| is_of(program, output.hub, hub));
    hub.puller != Some(false) && (outputs().next().is_none() || outputs().any(|output| !output.pre_pull.unwrap_or(keeps)))
}

/// Whether an output is of a hub.
fn is_of(program: &Program, index: usize, hub: &Hub) -> bool {
    program.hubs.get(index).is_some_and(|other| other.name == hub.name)
}

/// What is wrong with a name.
fn refused(choice: &Choice, name: &str, length: usize) -> Option<Diagnostic> {
    let label = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let key = &choice.key.value;
    let finding = |message: String| Diagnostic::new(&known::PULLER_NAME, choice.key.place, message);
    if !name.chars().all(label) || name.ends_with('-') {
        let right: String = key.to_ascii_lowercase().chars().map(|c| if label(c) { c } else { '-' }).collect();
        let finding = finding(format!("the image puller can't have a container `{name}`"))
            .here("a choice of an image, and its option: lower-case letters, digits and hyphens");
        return Some(if right == *key { finding } else { finding.help(format!("write `{}`", right.trim_matches('-'))) });
    }
    let over = name.len().checked_sub(LONGEST).filter(|over| *over > 0)?;
    Some(
        finding(format!("the image puller's container `{name}` has {} characters of {LONGEST}", name.len()))
            .here(format!("option and choice may have {} together", length.saturating_sub(over)))
            .help(format!("shorten the key of the option or the choice by {over}")),
    )
}
