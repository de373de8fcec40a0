//! The values of the chart: the menu, the hub's own image, and the images to be pulled beforehand.

use std::collections::BTreeSet;

use super::super::yaml::{Key, Yaml};
use super::context::Context;
use super::{profile, saved};
use crate::ir::{MenuImage, Profile};

/// The values.
pub(super) fn values(context: Context<'_>, pre_pull: Option<bool>) -> Yaml {
    let chosen = profile::default_index(context.hub);
    let mut singleuser = Vec::new();
    // Where an entry leaves the image to the hub, the hub's own has to stay what it is.
    let all_bring_images = context.hub.menu.iter().all(profile::always_brings_an_image);
    if let Some(image) = context.hub.menu.get(chosen).and_then(profile::default_image).filter(|_| all_bring_images) {
        singleuser.push((Key::Borrowed("image"), name_and_tag(&context.reference(image))));
    }
    if let Some(home) = &context.hub.home {
        singleuser.push((Key::Borrowed("storage"), Yaml::map([("homeMountPath", Yaml::text(&home.value))])));
    }
    if let Some(block) = context.hub.block_metadata {
        singleuser.push((Key::Borrowed("cloudMetadata"), Yaml::map([("blockWithIptables", Yaml::Bool(block))])));
    }
    let menu = context.menu.iter().enumerate().map(|(at, entry)| profile::profile(context, entry, at == chosen));
    singleuser.push((Key::Borrowed("profileList"), Yaml::List(menu.collect())));
    let mut values = vec![(Key::Borrowed("singleuser"), Yaml::Map(singleuser))];
    if !context.hub.pull_secrets.is_empty() {
        let secrets = context.hub.pull_secrets.iter().map(|secret| Yaml::text(&secret.value)).collect();
        values.push((Key::Borrowed("imagePullSecrets"), Yaml::List(secrets)));
    }
    if let Some(configuration) = saved::configuration(context) {
        let hub = Yaml::map([("extraConfig", Yaml::map([("saved-choices", Yaml::Block(configuration))]))]);
        values.push((Key::Borrowed("hub"), hub));
    }
    // What is said to be gone is compared with what was said before: a name that is dropped, or never was, is a mistake.
    if !context.hub.retired.is_empty() {
        let names = context.hub.retired.iter().map(|name| Yaml::text(&name.value)).collect();
        values.push((Key::Borrowed("custom"), Yaml::map([("jenvc", Yaml::map([("retired", Yaml::List(names))]))])));
    }
    // The puller would pull what stands in the menu once for each mention, and earlier releases, too, on every node before each
    // upgrade; this way each image of today has one container.
    let mut puller = Vec::new();
    if let Some(on) = context.hub.puller {
        puller.extend(["hook", "continuous"].map(|name| (Key::Borrowed(name), Yaml::map([("enabled", Yaml::Bool(on))]))));
    }
    if pre_pull.unwrap_or(context.keeps()) && context.hub.puller != Some(false) {
        puller.push((Key::Borrowed("pullProfileListImages"), Yaml::Bool(false)));
        puller.push((Key::Borrowed("extraImages"), extra_images(context)));
    }
    if !puller.is_empty() {
        values.push((Key::Borrowed("prePuller"), Yaml::Map(puller)));
    }
    Yaml::Map(values)
}

/// The two parts that the chart joins with a colon: a digest stands in the tag, alone (`repository@sha256`, `3f9c…`) or
/// after the tag (`1.0@sha256:…`).
fn name_and_tag(reference: &str) -> Yaml {
    let (path, digest) = reference.split_once('@').map_or((reference, None), |(path, digest)| (path, Some(digest)));
    let (name, tag) = match path.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => (name, Some(tag)),
        _ => (path, None),
    };
    let (name, tag) = match (tag, digest) {
        (Some(tag), Some(digest)) => (name.to_owned(), format!("{tag}@{digest}")),
        (Some(tag), None) => (name.to_owned(), tag.to_owned()),
        (None, Some(digest)) => {
            let (algorithm, hex) = digest.split_once(':').unwrap_or(("sha256", digest));
            (format!("{name}@{algorithm}"), hex.to_owned())
        }
        (None, None) => (name.to_owned(), "latest".to_owned()),
    };
    Yaml::map([("name", Yaml::text(name)), ("tag", Yaml::text(tag))])
}

/// How the chart's own containers in the puller begin, behind `image-pull-` (`_helpers-daemonset.tpl`).
const RESERVED: [&str; 3] = ["singleuser", "metadata-block", "profile"];

/// Every image of today once, under a name that fits a container: `image-pull-NAME` has at most 63 characters.
fn extra_images(context: Context<'_>) -> Yaml {
    let mut images: Vec<&MenuImage> = Vec::new();
    let mut names = BTreeSet::new();
    let mut fields = Vec::new();
    for image in context.hub.menu.iter().flat_map(Profile::images).map(|image| &image.value) {
        if images.contains(&image) {
            continue;
        }
        images.push(image);
        let reference = context.reference(image);
        let wanted = match image {
            MenuImage::Cell(cell) => {
                let cell = &context.program[*cell];
                format!("{}-{}", context.program[cell.image].name, cell.slug())
            }
            MenuImage::Base(base) => context.program[*base].name.clone(),
            MenuImage::Reference(_) => {
                reference.split(['@', ':']).next().unwrap_or("image").rsplit('/').next().unwrap_or("image").to_owned()
            }
        };
        let letter = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
        let short: String = wanted.chars().map(letter).take(48).collect();
        let short = match short.trim_matches('-') {
            "" => "image".to_owned(),
            short if RESERVED.iter().any(|own| short == *own || short.strip_prefix(own).is_some_and(|rest| rest.starts_with('-'))) => {
                format!("menu-{short}").chars().take(48).collect()
            }
            short => short.to_owned(),
        };
        let numbered = |at| if at == 1 { short.clone() } else { format!("{short}-{at}") };
        let name = (1..=images.len()).map(numbered).find(|name| !names.contains(name)).unwrap_or_default();
        names.insert(name.clone());
        fields.push((Key::Owned(name), name_and_tag(&reference)));
    }
    Yaml::Map(fields)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_cut_as_the_chart_joins_them() {
        let cut = |reference: &str| match name_and_tag(reference) {
            Yaml::Map(fields) => match fields.as_slice() {
                [(_, Yaml::Text(name)), (_, Yaml::Text(tag))] => format!("{name} {tag}"),
                _ => String::new(),
            },
            _ => String::new(),
        };
        assert_eq!(cut("ghcr.io/a/b:1.0"), "ghcr.io/a/b 1.0");
        assert_eq!(cut("localhost:5000/a"), "localhost:5000/a latest");
        assert_eq!(cut("localhost:5000/a:1@sha256:ab"), "localhost:5000/a 1@sha256:ab");
        assert_eq!(cut("a/b@sha256:ab"), "a/b@sha256 ab");
    }
}
