//! Names that Kubernetes reads, versions of the chart, and titles that nobody can read.

use std::collections::BTreeMap;

use crate::base::Place;
use crate::diagnostics::{Diagnostic, Findings, known};
use crate::ir::{Chart, Hub, HubOutput, Located, Profile, Program};

/// The hub's own facts.
pub(super) fn hub(hub: &Hub, findings: &mut Findings) {
    if let Some(namespace) = &hub.namespace
        && !is_label(&namespace.value)
    {
        findings.push(object("namespace", &namespace.value, namespace.place));
    }
    let chart = hub.chart.value;
    let near = chart >= Chart::OLDEST && chart.major <= Chart::NEWEST.major + 1;
    if !near {
        findings.push(
            Diagnostic::new(&known::UNKNOWN_CHART, hub.chart.place, format!("what chart {chart} does is not known here"))
                .here(format!("known are the charts from {} to {}", Chart::OLDEST, Chart { major: Chart::NEWEST.major + 1, minor: 0 }))
                .help("name the version of the Zero to JupyterHub chart that the hub runs"),
        );
    }
}

/// The objects that are written. Where something is broken, it may be the output that another one needs.
pub(super) fn outputs(program: &Program, broken: bool, findings: &mut Findings) {
    let outputs = &program.outputs;
    for output in outputs.configmaps.iter().chain(&outputs.helmreleases) {
        for name in [&output.name, &output.values_from].into_iter().flatten().filter(|name| !is_subdomain(name)) {
            findings.push(object("object", name, output.origin));
        }
    }
    let mut seen: BTreeMap<(String, Option<&str>), &HubOutput> = BTreeMap::new();
    for output in &outputs.configmaps {
        let Some(hub) = program.hubs.get(output.hub) else { continue };
        let name = output.name.clone().unwrap_or_else(|| hub.default_configmap());
        let namespace = hub.namespace.as_ref().map(|namespace| namespace.value.as_str());
        if let Some(first) = seen.insert((name.clone(), namespace), output) {
            findings.push(
                Diagnostic::new(&known::SAME_CONFIGMAP, output.origin, format!("two outputs write the ConfigMap `{name}`"))
                    .here("in one cluster, the one that is applied last has its way")
                    .also(first.origin, "the other one")
                    .help("give one of them another `name`, or its hub another `namespace`, unless they are for two clusters"),
            );
        }
    }
    for output in outputs.helmreleases.iter().filter(|_| !broken) {
        let same_hub = |other: &HubOutput| other.hub == output.hub;
        if output.values_from.is_none() && !outputs.configmaps.iter().any(same_hub) {
            findings.push(
                Diagnostic::new(
                    &known::RELEASE_WITHOUT_VALUES,
                    output.origin,
                    "this HelmRelease takes its values from a ConfigMap that nothing writes",
                )
                .here("no `output configmap` for the same hub")
                .help("add one, or name it: `values_from = \"…\"`"),
            );
        }
    }
}

/// A line of the page: what it is called inside, its title, and who sees it.
#[derive(Clone, Copy)]
struct Line<'a> {
    key: &'a str,
    title: &'a Located<String>,
    groups: &'a [Located<String>],
}

/// Entries of one page that nobody can tell apart.
pub(super) fn entries(hub: &Hub, findings: &mut Findings) {
    same(
        hub.menu.iter().map(|profile| Line { key: &profile.slug.text, title: &profile.title, groups: &profile.groups }),
        "entries",
        findings,
    );
}

/// Choices of one drop-down, or drop-downs of one entry, that nobody can tell apart.
pub(super) fn alike(profile: &Profile, findings: &mut Findings) {
    let options = profile.options.iter().map(|option| Line { key: &option.key.value, title: &option.title, groups: &[] });
    same(options, "drop-downs", findings);
    for option in &profile.options {
        let choices = option.choices.iter().map(|choice| Line { key: &choice.key.value, title: &choice.title, groups: &choice.groups });
        let free = option.unlisted.iter().filter_map(|free| Some(Line { key: "", title: free.in_choices.as_ref()?, groups: &free.groups }));
        same(choices.chain(free), "choices", findings);
    }
}

/// Lines with one title, in letters of any case, that one person can see.
fn same<'a>(lines: impl Iterator<Item = Line<'a>>, what: &str, findings: &mut Findings) {
    let mut seen: BTreeMap<String, Line<'a>> = BTreeMap::new();
    for line in lines {
        let title = line.title;
        let words = title.value.split_whitespace().flat_map(|word| std::iter::once(' ').chain(word.chars().flat_map(char::to_lowercase)));
        let Some(first) = seen.insert(words.collect(), line) else { continue };
        let apart = !first.groups.is_empty()
            && !line.groups.is_empty()
            && !first.groups.iter().any(|group| line.groups.iter().any(|other| other.value == group.value));
        if first.key != line.key && !apart {
            findings.push(
                Diagnostic::new(&known::SAME_TITLE, title.place, format!("two {what} have the title `{}`", title.value))
                    .here("the second one")
                    .also(first.title.place, "the first one")
                    .help("give each a title of its own"),
            );
        }
    }
}

/// Titles of an entry, its options and choices.
pub(super) fn titles(profile: &Profile, findings: &mut Findings) {
    let options = profile.options.iter().flat_map(|option| {
        let free = option.unlisted.iter().map(|free| &free.title);
        std::iter::once(&option.title).chain(option.choices.iter().map(|choice| &choice.title)).chain(free)
    });
    for title in std::iter::once(&profile.title).chain(options) {
        if let Some(here) = unreadable(title) {
            findings.push(
                Diagnostic::new(
                    &known::UNREADABLE_TITLE,
                    title.place,
                    format!("the page can't show the title `{}`", title.value.escape_debug()),
                )
                .here(here),
            );
        }
    }
}

/// What is wrong with a title.
fn unreadable(title: &Located<String>) -> Option<&'static str> {
    if title.value.trim().is_empty() {
        return Some("a blank line on the page");
    }
    title.value.contains(char::is_control).then_some("line ends and control characters don't belong in a title")
}

fn object(what: &str, name: &str, place: Place) -> Diagnostic {
    let right: String = name.to_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '-' }).collect();
    let right = right.trim_matches('-');
    let finding = Diagnostic::new(&known::OBJECT_NAME, place, format!("Kubernetes takes no {what} called `{name}`"))
        .here("lower-case letters, digits and hyphens, a letter or digit at both ends");
    if is_label(right) { finding.help(format!("write `\"{right}\"`")) } else { finding }
}

/// A DNS label: what namespaces and containers are called.
pub(super) fn is_label(name: &str) -> bool {
    let letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    (1..=63).contains(&name.len()) && name.chars().all(letter) && !name.starts_with('-') && !name.ends_with('-')
}

/// Labels with dots between them: what most objects are called.
fn is_subdomain(name: &str) -> bool {
    name.len() <= 253 && name.split('.').all(is_label)
}
