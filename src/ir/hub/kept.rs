//! `keep = 3`: earlier images of an entry that stay on offer. What they were stands in the lock; which of them are another
//! image than today's is known only where references are, so the lines of the page are made there ([`Profile::offered`]).

use std::borrow::Cow;

use sha2::{Digest, Sha256};

use super::menu::{Keep, Kept};
use super::{Choice, Located, MenuImage, MenuOption, OptionKind, Profile, Settings};
use crate::ir::Lock;

/// The most releases that an entry can keep.
pub const MOST_KEPT: u32 = 10;
/// The mark in the key of a choice that is an earlier release: `py3-11-was-1a2b3c4d`.
const WAS: &str = "was-";
/// The key of the drop-down of an entry with one image, and of its choice that is today's.
const RELEASE: &str = "release";
const CURRENT: &str = "current";
/// What the keys of an option and a choice may have together, in the name of a container of the image puller
/// (`image-pull-profile-99-option-OPTION-CHOICE`, 63 characters) with a number before each.
const ROOM: usize = 63 - "image-pull-profile-99-option--".len() - 2 * "01-".len();
/// How much of a tag is in a key.
const TAIL: usize = 8;
/// How many digits of a hash tell a choice whose key is cut short.
const LEAST: usize = 4;

/// Whether a key is that of a choice that is an earlier release.
#[must_use]
pub fn is_earlier(key: &str) -> bool {
    key.starts_with(WAS) || key.contains(&format!("-{WAS}"))
}

/// An image of which releases can be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keepable<'a> {
    /// The choice that names it; `None` where the entry itself does.
    pub choice: Option<&'a Choice>,
    /// The image.
    pub image: &'a Located<MenuImage>,
}

impl Profile {
    /// The images of which releases can be kept: of each choice that brings one, else the entry's own.
    pub fn keepable(&self) -> impl Iterator<Item = Keepable<'_>> {
        let drop_down = self.images_at().and_then(|at| self.options.get(at));
        let choices = drop_down.into_iter().flat_map(|option| &option.choices);
        let choices = choices.filter_map(|choice| Some(Keepable { choice: Some(choice), image: choice.image.as_ref()? }));
        let own = self.image.iter().filter(move |_| drop_down.is_none()).map(|image| Keepable { choice: None, image });
        choices.chain(own)
    }

    /// The names of an image in the lock: today's first, then those from before the entry or the choice was renamed.
    #[must_use]
    pub fn lock_keys(&self, hub: &str, choice: Option<&Choice>) -> Vec<String> {
        let slugs = std::iter::once(&self.slug.text).chain(self.renamed_from.iter().map(|name| &name.value));
        slugs
            .flat_map(|slug| match choice {
                None => vec![format!("{hub}/{slug}")],
                Some(choice) => {
                    let keys = std::iter::once(&choice.key).chain(&choice.renamed_from);
                    keys.map(|key| format!("{hub}/{slug}/{}", key.value)).collect()
                }
            })
            .collect()
    }

    /// What the lock knows of the images of this entry.
    #[must_use]
    pub fn releases(&self, hub: &str, lock: &Lock) -> Vec<Kept> {
        let of = |one: Keepable<'_>| {
            let known = self.lock_keys(hub, one.choice).iter().find_map(|key| lock.releases.get(key)).into_iter().flatten();
            let choice = one.choice.map(|choice| choice.key.value.clone());
            known.map(|release| Kept { choice: choice.clone(), release: release.clone() }).collect::<Vec<_>>()
        };
        self.keepable().flat_map(of).collect()
    }

    /// The entry with a line for each earlier release that it keeps. `current` is the reference of an image of today: a
    /// release that is the same is none.
    #[must_use]
    pub fn offered(&self, current: &dyn Fn(&MenuImage) -> String) -> Cow<'_, Self> {
        let Some(keep) = self.keep.as_ref().filter(|keep| !keep.releases.is_empty()) else { return Cow::Borrowed(self) };
        let mut all = self.clone();
        if let Some(option) = self.images_at().and_then(|at| all.options.get_mut(at)) {
            let today: Vec<Choice> = option.choices.iter().filter(|choice| choice.image.is_some()).cloned().collect();
            for choice in &today {
                let image = choice.image.as_ref().map(|image| current(&image.value)).unwrap_or_default();
                let title = format!("{}, earlier release", choice.title.value);
                keep.lines(choice, Some(&choice.key.value), &title, &image, option);
            }
        } else if let Some(image) = &self.image {
            let mut option = keep.option(self);
            let today = keep.today();
            option.choices.push(Choice { default: Some(keep.place), ..today.clone() });
            keep.lines(&today, None, "Earlier release", &current(&image.value), &mut option);
            if option.choices.len() > 1 {
                all.options.insert(0, option);
            }
        }
        Cow::Owned(all)
    }

    /// The drop-down whose choices bring images.
    fn images_at(&self) -> Option<usize> {
        let typed = |option: &MenuOption| option.unlisted.as_ref().is_some_and(|free| free.image);
        self.options.iter().position(|option| typed(option) || option.choices.iter().any(|choice| choice.image.is_some()))
    }
}

impl Keep {
    /// The drop-down of an entry that has none for its image.
    fn option(&self, profile: &Profile) -> MenuOption {
        let taken = |key: &str| profile.options.iter().any(|option| option.key.value == key);
        let key = [RELEASE, "earlier-release"].into_iter().find(|key| !taken(key)).unwrap_or("kept-release");
        MenuOption {
            key: self.here(key),
            title: self.here("Release"),
            kind: OptionKind::Releases,
            choices: Vec::new(),
            unlisted: None,
            renamed_from: Vec::new(),
            builds: None,
            origin: self.place,
        }
    }

    /// The choice that changes nothing.
    fn today(&self) -> Choice {
        Choice {
            key: self.here(CURRENT),
            title: self.here("Current"),
            description: None,
            default: None,
            image: None,
            settings: Settings::default(),
            groups: Vec::new(),
            renamed_from: Vec::new(),
            origin: self.place,
        }
    }

    /// Puts a line for each release into a drop-down. Each is `choice` with another image.
    fn lines(&self, choice: &Choice, of: Option<&str>, title: &str, today: &str, option: &mut MenuOption) {
        let count = usize::try_from(self.count).unwrap_or(usize::MAX);
        let earlier = self.releases.iter().filter(|kept| kept.choice.as_deref() == of && kept.release.image != today);
        for Kept { release, .. } in earlier.take(count) {
            let key = key(of, &release.image, option);
            let title = format!("{title}: {} ({})", release.noted, shown(&release.image));
            option.choices.push(Choice {
                key: self.here(&key),
                title: self.here(&title),
                default: None,
                image: Some(Located::new(MenuImage::Reference(release.image.clone()), self.place)),
                renamed_from: Vec::new(),
                origin: self.place,
                ..choice.clone()
            });
        }
    }

    fn here(&self, text: &str) -> Located<String> {
        Located::new(text.to_owned(), self.place)
    }
}

/// `py3-11-was-1a2b3c4d`: the key of today's choice, then what tells the image. Where there is no room for the whole key, it is
/// its beginning and a hash of it, by which the hub's configuration finds the choice (`src/emit/hub/saved.py`).
fn key(of: Option<&str>, image: &str, option: &MenuOption) -> String {
    let own = format!("{WAS}{}", tail(image));
    let Some(of) = of else { return own };
    let room = ROOM.saturating_sub(option.key.value.len() + own.len() + 1);
    if of.len() <= room {
        return format!("{of}-{own}");
    }
    let hash = hash(of);
    let cut = |digits: usize| {
        let start: String = of.chars().take(room.saturating_sub(digits + 1)).collect();
        let start = start.trim_end_matches('-');
        format!("{start}-{}-{own}", hash.get(..digits).unwrap_or(&hash)).trim_start_matches('-').to_owned()
    };
    let taken = |key: &String| option.choices.iter().any(|choice| choice.key.value == *key);
    (LEAST..=hash.len()).map(cut).find(|key| !taken(key)).unwrap_or(own)
}

/// The beginning of the hash of a text, in hexadecimal digits.
fn hash(text: &str) -> String {
    Sha256::digest(text).iter().take(TAIL / 2).fold(String::new(), |hash, byte| format!("{hash}{byte:02x}"))
}

/// The tag of a reference, or its digest where it has none.
fn version(image: &str) -> &str {
    let (path, digest) = image.split_once('@').map_or((image, None), |(path, digest)| (path, Some(digest)));
    match path.rsplit_once(':') {
        Some((_, tag)) if !tag.contains('/') => tag,
        _ => digest.unwrap_or_default(),
    }
}

/// Words of tags that by habit are pushed over again and again: of releases, of branches, of channels.
const MOVING: [&str; 32] = [
    "alpha",
    "beta",
    "canary",
    "current",
    "daily",
    "dev",
    "devel",
    "develop",
    "development",
    "edge",
    "experimental",
    "head",
    "latest",
    "live",
    "lts",
    "main",
    "master",
    "monthly",
    "next",
    "nightly",
    "preview",
    "prod",
    "production",
    "rolling",
    "snapshot",
    "stable",
    "staging",
    "testing",
    "tip",
    "trunk",
    "unstable",
    "weekly",
];
/// Those of them that move whatever is beside them: `2026-latest`.
const ALWAYS: [&str; 4] = ["edge", "latest", "nightly", "snapshot"];

/// Why a reference may mean another image tomorrow; `None` where it stays what it is.
#[must_use]
pub fn floating(reference: &str) -> Option<&'static str> {
    match version(reference) {
        "" => Some("no tag and no digest: whatever is newest"),
        tag if !reference.contains('@') && moves(tag) => Some("this tag moves: it is pushed over again and again"),
        _ => None,
    }
}

/// Whether a tag is one of those that are pushed over, with what it is built for beside it: `main-gpu`, `py3.12-latest`. A number, a
/// day or a commit beside it pins it: `dev-20260105`, `main-3f9c2ab`.
fn moves(tag: &str) -> bool {
    let tag = tag.to_ascii_lowercase();
    let parts: Vec<&str> = tag.split(['-', '_', '.']).collect();
    let digit = |letter: char| letter.is_ascii_digit();
    let number = |part: &str| part.strip_prefix('v').unwrap_or(part).starts_with(digit);
    let commit = |part: &str| part.len() >= 7 && part.contains(digit) && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    let pins = |tag: &str| tag.split(['-', '_']).any(|part| number(part) || commit(part));
    parts.iter().any(|part| ALWAYS.contains(part)) || (parts.iter().any(|part| MOVING.contains(part)) && !pins(&tag))
}

/// A tag or digest as people read it.
fn shown(image: &str) -> &str {
    let version = version(image);
    if version.starts_with("sha256:") { version.get(..19).unwrap_or(version) } else { version }
}

/// What tells an image in a key: the end of its tag, where it is letters and digits, or the tag, or else a hash of the reference.
fn tail(image: &str) -> String {
    let version = version(image).to_ascii_lowercase();
    let end = version.len().checked_sub(TAIL).and_then(|at| version.get(at..));
    if let Some(end) = end.filter(|end| end.bytes().all(|byte| byte.is_ascii_alphanumeric())) {
        return end.to_owned();
    }
    let parts: Vec<&str> = version.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty()).collect();
    let plain = parts.join("-");
    if (1..=TAIL).contains(&plain.len()) {
        return plain;
    }
    hash(image)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::Release;
    use crate::ir::fixture::{at, image_choice, option, profile, unlisted};

    fn keep(count: u32, releases: &[(Option<&str>, &str)]) -> Keep {
        let kept = |(choice, image): &(Option<&str>, &str)| Kept {
            choice: choice.map(str::to_owned),
            release: Release { noted: "2026-11-19".to_owned(), image: (*image).to_owned() },
        };
        Keep { count, releases: releases.iter().map(kept).collect(), own: true, place: at(1) }
    }

    fn lines(profile: &Profile) -> Vec<(String, String)> {
        let offered = profile.offered(&|_| "a/b:today".to_owned());
        offered.options.first().map_or_else(Vec::new, |option| {
            option.choices.iter().map(|choice| (choice.key.value.clone(), choice.title.value.clone())).collect()
        })
    }

    #[test]
    fn tags_that_move_are_those_of_branches_and_channels() {
        for tag in ["latest", "Latest", "main-gpu", "py3.12-main", "cuda12-dev", "lts", "py3.12-latest", "2026-latest", "stable-slim"] {
            assert!(floating(&format!("a/b:{tag}")).is_some(), "{tag}");
        }
        for tag in ["1.0", "3.12", "dev-20260105", "main-3f9c2ab", "2026-01-05", "12.4.1-devel-ubuntu22.04", "v2-beta", "ubuntu-22.04"] {
            assert_eq!(floating(&format!("a/b:{tag}")), None, "{tag}");
        }
    }

    #[test]
    fn an_entry_with_one_image_gets_a_drop_down() {
        let mut lab = profile("Lab");
        let releases = [(None, "a/b:today"), (None, "a/b:py3.12-aaaa11112222"), (None, "a/b:1.0"), (None, "a/b:0.9")];
        lab.keep = Some(keep(2, &releases));
        let keys: Vec<String> = lines(&lab).into_iter().map(|(key, _)| key).collect();
        assert_eq!(keys, ["current", "was-11112222", "was-1-0"]);
        assert_eq!(lines(&lab)[1].1, "Earlier release: 2026-11-19 (py3.12-aaaa11112222)");
        lab.keep = Some(keep(2, &releases[..1]));
        assert!(lines(&lab).is_empty(), "today's image is no earlier release");
    }

    #[test]
    fn each_choice_of_an_image_keeps_its_own() {
        let mut lab = profile("Lab");
        lab.image = None;
        let image = || MenuImage::Reference("a/b:today".to_owned());
        lab.options = vec![option("python", vec![image_choice("py3-11", image()), image_choice("a-very-long-key", image())])];
        lab.keep = Some(keep(1, &[(Some("py3-11"), "a/b:x-11111111"), (Some("a-very-long-key"), "a/b:x-22222222")]));
        let keys: Vec<String> = lines(&lab).into_iter().map(|(key, _)| key).collect();
        assert_eq!(keys, ["py3-11", "a-very-long-key", "py3-11-was-11111111", "a-v-913c-was-22222222"]);
        assert_eq!(lines(&lab)[2].1, "the py3-11, earlier release: 2026-11-19 (x-11111111)");
    }

    #[test]
    fn choices_that_are_cut_alike_stay_apart() {
        let mut lab = profile("Lab");
        let image = || MenuImage::Reference("a/b:today".to_owned());
        lab.options = vec![option("variant", vec![image_choice("long-key-one", image()), image_choice("long-key-two", image())])];
        lab.keep = Some(keep(1, &[(Some("long-key-one"), "a/b:11111111"), (Some("long-key-two"), "a/b:11111111")]));
        let keys: Vec<String> = lines(&lab).into_iter().skip(2).map(|(key, _)| key).collect();
        assert_eq!(keys, ["lo-22df-was-11111111", "lo-e609-was-11111111"]);
    }

    #[test]
    fn a_free_text_for_the_image_leaves_no_second_drop_down() {
        let mut lab = profile("Lab");
        let mut free = option("image", Vec::new());
        free.unlisted = Some(unlisted(".+"));
        lab.options = vec![free];
        assert_eq!(lab.keepable().count(), 0);
    }

    #[test]
    fn tails_tell_images_apart() {
        assert_eq!(tail("ghcr.io/a/b:py3.12-0123456789AB"), "456789ab");
        assert_eq!(tail("localhost:5000/a@sha256:0123456789abcdef"), "89abcdef");
        assert_eq!(tail("a/b:39.2.0"), "39-2-0");
        assert_ne!(tail("a/b:1.10.0-jammy"), tail("a/b:1.11.0-jammy"));
        assert_eq!(shown("a/b@sha256:0123456789abcdef0123"), "sha256:0123456789ab");
    }
}
