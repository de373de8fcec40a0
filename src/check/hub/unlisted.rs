//! Free texts beside the choices of a drop-down: what people may type, and what becomes of it.

use super::pattern;
use crate::base::Place;
use crate::diagnostics::{Diagnostic, Findings, Severity, known};
use crate::ir::{FormKind, GroupFilter, Hub, Located, MenuOption, Profile, Unlisted, ordered_keys};

/// The free texts of an entry, and drop-downs with nothing to choose.
pub(super) fn free_texts(hub: &Hub, profile: &Profile, findings: &mut Findings) {
    for option in &profile.options {
        if option.choices.is_empty() {
            findings.push(empty(option));
        }
        if let Some(finding) = for_some(hub, profile, option) {
            findings.push(finding);
        }
        if let Some(builds) = &option.builds {
            building(hub, profile, option, builds.place, findings);
        }
        if let Some(free) = &option.unlisted {
            matching(hub, option, free, findings);
            value(hub, option, free, findings);
        }
    }
}

/// `dynamic_image_building` without what it needs: the page that has it, and a free text that takes the built image.
fn building(hub: &Hub, profile: &Profile, option: &MenuOption, place: Place, findings: &mut Findings) {
    let finding = |message: &str| Diagnostic::new(&known::BUILD_WITHOUT_PAGE, place, message.to_owned());
    if hub.form != FormKind::Fancy {
        findings.push(
            finding("KubeSpawner's own page builds no images")
                .here("read by jupyterhub-fancy-profiles alone")
                .help("write `form = fancy` in the hub, if it has that page"),
        );
    } else if let Some(key) = written_key(profile, option).filter(|key| key != IMAGE) {
        let own = option.key.value == IMAGE;
        let help = if own { "put the options in the order of their names: then none gets a number" } else { "call the option `image`" };
        let mut elsewhere = finding("fancy-profiles builds images in the option `image` alone")
            .here("does nothing here")
            .also(option.key.place, format!("written as `{key}`"))
            .help(help);
        elsewhere.severity = Severity::Warning;
        findings.push(elsewhere);
    }
    if !option.unlisted.as_ref().is_some_and(|free| free.image) {
        findings.push(
            finding("what is built reaches the hub as the free text of this option, and it has none for an image")
                .here("the page hands on the image as a free text")
                .also(option.origin, "this option")
                .help("say `pushes_to = \"…\"` in the hub: how the names of what it pushes begin")
                .help("or add `unlisted { title = \"…\"  match = '…' }` with the repository to which the hub pushes"),
        );
    }
}

/// The only option in which the page of fancy-profiles 0.7.0 builds images (`hasDynamicImageBuilding`).
const IMAGE: &str = "image";

/// The key of an option as the page gets it.
fn written_key(profile: &Profile, option: &MenuOption) -> Option<String> {
    let keys: Vec<&str> = profile.options.iter().map(|option| option.key.value.as_str()).collect();
    let at = profile.options.iter().position(|one| std::ptr::eq(one, option))?;
    ordered_keys(&keys).into_iter().nth(at)
}

/// A drop-down whose every choice is for some.
fn for_some(hub: &Hub, profile: &Profile, option: &MenuOption) -> Option<Diagnostic> {
    let as_compared = |group: &Located<String>| match hub.filters_groups {
        GroupFilter::Lowercase => group.value.to_lowercase(),
        GroupFilter::Exact | GroupFilter::No => group.value.clone(),
    };
    let groups: Vec<String> = option.choices.iter().flat_map(|choice| &choice.groups).map(as_compared).collect();
    let covered = !profile.groups.is_empty() && profile.groups.iter().all(|group| groups.contains(&as_compared(group)));
    let behind = option.choices.iter().all(|choice| !choice.groups.is_empty());
    if option.choices.is_empty() || !hub.filters_groups.any() || covered || !behind {
        return None;
    }
    let mut finding = Diagnostic::new(&known::EMPTY_OPTION, option.origin, format!("some people have no choice of `{}`", option.key.value))
        .here("every choice is for a group; the start of who is in none of them is an error")
        .help("leave one choice to everybody, or say `groups` of the entry, too");
    finding.severity = Severity::Warning;
    Some(finding)
}

/// A drop-down without choices.
fn empty(option: &MenuOption) -> Diagnostic {
    let key = &option.key.value;
    if option.unlisted.is_none() {
        return Diagnostic::new(&known::EMPTY_OPTION, option.origin, format!("the option `{key}` offers nothing"))
            .here("no choice in it")
            .help("add a choice, or drop the option");
    }
    let mut finding = Diagnostic::new(&known::EMPTY_OPTION, option.origin, format!("the option `{key}` has a free text only"))
        .here("a server that is started without the page fails: it has no default")
        .help("add a choice");
    finding.severity = Severity::Warning;
    finding
}

/// The pattern of a free text.
fn matching(hub: &Hub, option: &MenuOption, free: &Unlisted, findings: &mut Findings) {
    let Some(pattern) = &free.pattern else {
        findings.push(
            Diagnostic::new(&known::OPEN_CHOICE, free.origin, format!("people may type anything as `{}`", option.key.value))
                .here("no `match` in it")
                .help("say what is allowed: `match = 'quay\\.io/.+:.+'`"),
        );
        return;
    };
    let finding = |place: Place, message: String| Diagnostic::new(&known::UNREADABLE_PATTERN, place, message);
    if let Err(problem) = pattern::check(&pattern.value) {
        findings.push(
            finding(pattern.place, format!("`{}` is no pattern for both server and browser: {}", pattern.value, problem.what))
                .maybe_help(problem.help),
        );
    } else if hub.form == FormKind::Kubespawner
        && let Some(letter) = pattern.value.chars().find(|c| matches!(c, '"' | '&' | '<' | '>'))
    {
        findings.push(
            finding(pattern.place, format!("the page can't hold the pattern `{}`", pattern.value))
                .here(format!("KubeSpawner's page writes `{letter}` unescaped"))
                .help(format!("write `\\x{:02x}`", u32::from(letter))),
        );
    } else if free.image
        && let Some(exact) = pattern::with_exact_hosts(&pattern.value)
    {
        findings.push(
            Diagnostic::new(
                &known::LOOSE_PATTERN,
                pattern.place,
                format!("`{}` admits images of other hosts: a bare `.` stands for any character", pattern.value),
            )
            .here("another character for the dot makes it an account of Docker Hub")
            .help(format!("write `{exact}`")),
        );
    }
}

/// Whether what was typed is used.
fn value(hub: &Hub, option: &MenuOption, free: &Unlisted, findings: &mut Findings) {
    if free.image || free.settings.traits(hub).iter().any(|one| one.value.value.mentions("{value}")) {
        return;
    }
    findings.push(
        Diagnostic::new(&known::UNUSED_TEXT, free.origin, format!("what people type as `{}` is used nowhere", option.key.value))
            .here("no `{value}` in what it sets")
            .help("call it `unlisted image`, or put `{value}` into one of its `override`s"),
    );
}
