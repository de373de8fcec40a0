//! Images on the menu that are not built here.

use crate::base::Place;
use crate::diagnostics::{Diagnostic, Findings, known};
use crate::ir::{MenuImage, Profile, Program, floating};

/// The images of an entry.
pub(super) fn entry(program: &Program, profile: &Profile, findings: &mut Findings) {
    for image in profile.images() {
        match &image.value {
            MenuImage::Cell(_) => {}
            MenuImage::Base(base) => moving(profile, &program[*base].reference(), image.place, findings),
            MenuImage::Reference(reference) if is_reference(reference) => moving(profile, reference, image.place, findings),
            MenuImage::Reference(reference) => findings.push(malformed(reference, image.place)),
        }
    }
    unused(profile, findings);
}

/// An image of an entry that every choice of a drop-down replaces: never started, and pulled on every node.
fn unused(profile: &Profile, findings: &mut Findings) {
    let Some(image) = &profile.image else { return };
    let replaces =
        profile.options.iter().find(|option| !option.choices.is_empty() && option.choices.iter().all(|choice| choice.image.is_some()));
    if let Some(option) = replaces {
        findings.push(
            Diagnostic::new(&known::UNUSED_MENU_IMAGE, image.place, format!("the image of `{}` is never started", profile.definition))
                .here("pulled on every node all the same")
                .also(option.origin, "every choice here brings its own")
                .help("drop it, or make it a choice"),
        );
    }
}

/// A reference that means another image tomorrow; where the entry says `keep`, that rule tells it.
fn moving(profile: &Profile, reference: &str, place: Place, findings: &mut Findings) {
    let Some(here) = floating(reference).filter(|_| !profile.keep.as_ref().is_some_and(|keep| keep.own)) else { return };
    findings.push(
        Diagnostic::new(&known::FLOATING_MENU_IMAGE, place, format!("the menu names `{reference}`, which may be another image tomorrow"))
            .here(here)
            .help("write a tag that stays, or a digest: `…@sha256:…`"),
    );
}

fn malformed(reference: &str, place: Place) -> Diagnostic {
    let lower = reference.split_once([':', '@']).map_or(reference, |(path, _)| path).to_lowercase();
    let finding = Diagnostic::new(&known::IMAGE_REFERENCE, place, format!("`{}` is no reference of an image", reference.escape_debug()))
        .here("`registry/path:tag`, the path in lower case, or `registry/path@sha256:…`");
    let right = reference.find([':', '@']).and_then(|at| reference.get(at..)).map(|rest| format!("{lower}{rest}"));
    match right.filter(|right| right != reference && is_reference(right)) {
        Some(right) => finding.help(format!("write `{right}`")),
        None => finding,
    }
}

/// The grammar of container registries: `[host[:port]/]path[:tag][@digest]`.
#[must_use]
pub fn is_reference(text: &str) -> bool {
    let (rest, digest) = text.split_once('@').map_or((text, None), |(rest, digest)| (rest, Some(digest)));
    let (path, tag) = match rest.rsplit_once(':') {
        Some((path, tag)) if !tag.contains('/') => (path, Some(tag)),
        _ => (rest, None),
    };
    let host = |part: &str| part.contains(['.', ':']) || part == "localhost";
    let mut parts: Vec<&str> = path.split('/').collect();
    if parts.len() > 1 && parts.first().is_some_and(|first| host(first)) {
        let registry = parts.remove(0);
        let (name, port) = registry.split_once(':').unwrap_or((registry, "0"));
        let letter = |c: char| c.is_ascii_alphanumeric() || c == '-';
        let label = |label: &str| !label.is_empty() && label.chars().all(letter) && !label.starts_with('-') && !label.ends_with('-');
        if !name.split('.').all(label) || !port.bytes().all(|byte| byte.is_ascii_digit()) || port.is_empty() {
            return false;
        }
    }
    let tag_letter = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
    let right_tag = |tag: &str| (1..=128).contains(&tag.len()) && tag.chars().all(tag_letter) && !tag.starts_with(['.', '-']);
    let hex = |digest: &str| {
        digest
            .split_once(':')
            .is_some_and(|(name, hex)| !name.is_empty() && hex.len() >= 32 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()))
    };
    text.len() <= 512 && parts.iter().all(|part| is_component(part)) && tag.is_none_or(right_tag) && digest.is_none_or(hex)
}

/// A part of a path: lower-case letters and digits with `.`, `_`, `__` or hyphens between them.
fn is_component(part: &str) -> bool {
    let letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let edges = part.starts_with(letter) && part.ends_with(letter);
    let between = part.split(letter).all(|gap| matches!(gap, "" | "." | "_" | "__") || gap.bytes().all(|byte| byte == b'-'));
    edges && between
}

#[cfg(test)]
mod tests {
    use super::is_reference;

    #[test]
    fn references_are_those_of_registries() {
        for right in [
            "a",
            "a/b:1.0",
            "localhost:5000/a",
            "ghcr.io/a-b/c__d:py3.11-0a",
            "a.b/c@sha256:0123456789abcdef0123456789abcdef",
            "quay.io/x/y:1@sha256:0123456789abcdef0123456789abcdef",
        ] {
            assert!(is_reference(right), "{right}");
        }
        for wrong in ["", "A/b", "a b", "a:", "a/:1", "a/b:-1", "a/b@sha256:12", "a//b", "-a", "a..b/c:1", "host:port/a:1", "{value}"] {
            assert!(!is_reference(wrong), "{wrong}");
        }
    }
}
