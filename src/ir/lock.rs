//! `jenv.lock`: what `jenvc update` and `jenvc lock --images` have written down for later compilations. It is an input like any other,
//! so that the same sources give the same artifacts. Its form is a small part of TOML.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::Period;
use super::toml::BadLine;

/// The file beside the program.
pub const LOCK: &str = "jenv.lock";
/// What stands at its top.
const HEADER: &str = "# Written by `jenvc update`. Commit it: it is an input of the program like any other.\n";
/// What stands before each section.
const REBUILD: &str = "\n# The day, week or month that images with `rebuild` are built for.\n[rebuild]\n";
const IMAGES: &str = "\n# The digests of existing images, as their registries have given them.\n[images]\n";
const RELEASES: &str = "\n# The images that entries of a menu with `keep` have named, the newest first.\n[releases]\n";

/// What a lock holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lock {
    /// The slot of each period that something is rebuilt in: `2026-W48`.
    pub slots: BTreeMap<Period, String>,
    /// By `hub/slug`, or `hub/slug/choice`: the images that the menu named there, the newest first.
    pub releases: BTreeMap<String, Vec<Release>>,
    /// The digests of existing images, by repository and tag: `quay.io/jupyter/scipy-notebook:2026-07-28`.
    pub images: BTreeMap<String, String>,
}

/// An image that a menu named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// The day on which it was written down: `2026-11-26`.
    pub noted: String,
    /// Its reference: `ghcr.io/demo/lab:py3.12-1a2b3c4d5e6f`.
    pub image: String,
}

/// Where in a lock a line stands.
enum At {
    Top,
    Rebuild,
    Releases,
    Images,
    List(String),
}

impl Lock {
    /// The lock of its text.
    ///
    /// # Errors
    /// Names the first line that no `jenvc update` writes.
    pub fn parse(text: &str) -> Result<Self, BadLine> {
        let (mut lock, mut at) = (Self::default(), At::Top);
        let mut last = 0;
        for (number, line) in text.lines().map(str::trim).enumerate().map(|(at, line)| (at + 1, line)) {
            last = number;
            if !line.is_empty() && !line.starts_with('#') {
                at = lock.line(at, line).map_err(|wanted| BadLine { number, wanted })?;
            }
        }
        if matches!(at, At::List(_)) { Err(BadLine { number: last, wanted: "`]` after the images" }) } else { Ok(lock) }
    }

    /// Reads one line.
    fn line(&mut self, at: At, line: &str) -> Result<At, &'static str> {
        match (at, line) {
            (At::List(_), "]") => Ok(At::Releases),
            (At::List(key), line) => {
                let release = release(line).ok_or("`{ noted = \"2026-11-26\", image = \"…\" },` or `]`")?;
                self.releases.entry(key.clone()).or_default().push(release);
                Ok(At::List(key))
            }
            (_, "[rebuild]") => Ok(At::Rebuild),
            (_, "[releases]") => Ok(At::Releases),
            (_, "[images]") => Ok(At::Images),
            (At::Images, line) => {
                let (name, digest) = line
                    .split_once('=')
                    .and_then(|(name, digest)| Some((quoted(name.trim())?, quoted(digest.trim())?)))
                    .filter(|(name, digest)| digest.starts_with("sha256:") && !self.images.contains_key(*name))
                    .ok_or("a line like `\"quay.io/jupyter/scipy-notebook:2026-07-28\" = \"sha256:…\"`, each once")?;
                self.images.insert(name.to_owned(), digest.to_owned());
                Ok(At::Images)
            }
            (At::Rebuild, line) => {
                let (period, slot) = slot(line).ok_or("a line like `weekly = \"2026-W48\"`")?;
                self.slots.insert(period, slot.to_owned());
                Ok(At::Rebuild)
            }
            (At::Releases, line) => {
                let key =
                    line.strip_suffix('[').map(str::trim_end).and_then(|line| line.strip_suffix('=')).and_then(|key| quoted(key.trim()));
                let key = key.filter(|key| !self.releases.contains_key(*key)).ok_or("a line like `\"hub/entry\" = [`, each once")?;
                self.releases.insert(key.to_owned(), Vec::new());
                Ok(At::List(key.to_owned()))
            }
            (At::Top, _) => Err("`[rebuild]`, `[releases]` or `[images]`"),
        }
    }

    /// The text of the lock; sections that hold nothing are left out.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text = HEADER.to_owned();
        if !self.slots.is_empty() {
            text.push_str(REBUILD);
        }
        for (period, slot) in &self.slots {
            let _ = writeln!(text, "{} = \"{slot}\"", period.word());
        }
        if !self.releases.is_empty() {
            text.push_str(RELEASES);
        }
        for (key, releases) in &self.releases {
            let _ = writeln!(text, "\"{key}\" = [");
            for Release { noted, image } in releases {
                let _ = writeln!(text, "  {{ noted = \"{noted}\", image = \"{image}\" }},");
            }
            text.push_str("]\n");
        }
        if !self.images.is_empty() {
            text.push_str(IMAGES);
        }
        for (name, digest) in &self.images {
            let _ = writeln!(text, "\"{name}\" = \"{digest}\"");
        }
        text
    }
}

/// `weekly = "2026-W48"`
fn slot(line: &str) -> Option<(Period, &str)> {
    let (key, value) = line.split_once('=')?;
    let slot = quoted(value.trim())?;
    let letter = |c: char| c.is_ascii_alphanumeric() || "-_.:".contains(c);
    slot.chars().all(letter).then_some((Period::find(key.trim())?, slot))
}

/// `{ noted = "2026-11-26", image = "ghcr.io/demo/lab:1" },`
fn release(line: &str) -> Option<Release> {
    let inside = line.trim_end_matches(',').strip_prefix('{')?.strip_suffix('}')?;
    let (noted, image) = inside.split_once(',')?;
    let field = |text: &str, name: &str| quoted(text.trim().strip_prefix(name)?.trim_start().strip_prefix('=')?.trim()).map(str::to_owned);
    let noted = field(noted, "noted").filter(|day| day.chars().all(|c| c.is_ascii_digit() || c == '-'))?;
    Some(Release { noted, image: field(image, "image")? })
}

/// The text between quotes, where it is one of plain letters.
fn quoted(text: &str) -> Option<&str> {
    let inside = text.strip_prefix('"')?.strip_suffix('"')?;
    let plain = |c: char| c.is_ascii_graphic() && c != '"' && c != '\\';
    (!inside.is_empty() && inside.chars().all(plain)).then_some(inside)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lock() -> Lock {
        let release = |noted: &str, image: &str| Release { noted: noted.to_owned(), image: image.to_owned() };
        let images = vec![release("2026-11-26", "ghcr.io/demo/lab:py3.12-1a2b3c4d5e6f"), release("2026-11-19", "a/b@sha256:ab")];
        Lock {
            slots: BTreeMap::from([(Period::Weekly, "2026-W48".to_owned()), (Period::Daily, "2026-11-26".to_owned())]),
            releases: BTreeMap::from([("production/lab".to_owned(), images), ("production/ml/cuda12".to_owned(), Vec::new())]),
            images: BTreeMap::from([("quay.io/demo/lab:3.12".to_owned(), "sha256:ab".to_owned())]),
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        let both = lock();
        for lock in [both.clone(), Lock { slots: BTreeMap::new(), ..both.clone() }, Lock { releases: BTreeMap::new(), ..both }] {
            assert_eq!(Lock::parse(&lock.to_text()), Ok(lock));
        }
        assert_eq!(Lock::parse(""), Ok(Lock::default()));
    }

    #[test]
    fn the_text_is_what_people_see_in_a_change() {
        insta::assert_snapshot!(lock().to_text());
    }

    #[test]
    fn lines_of_no_meaning_are_named() {
        let bad = |text: &str| Lock::parse(text).unwrap_err().number;
        assert_eq!(bad("[rebuild]\n<<<<<<< HEAD\nweekly = \"2026-W48\"\n"), 2);
        assert_eq!(bad("weekly = \"2026-W48\"\n"), 1);
        assert_eq!(bad("[rebuild]\nweekly = \"\"\n"), 2);
        assert_eq!(bad("[rebuild]\nyearly = \"2026\"\n"), 2);
        assert_eq!(bad("[releases]\n\"a/b\" = [\n  \"image\",\n]\n"), 3);
        assert_eq!(bad("[releases]\n\"a/b\" = [\n]\n\"a/b\" = [\n"), 4);
        assert_eq!(bad("[releases]\n\"a/b\" = [\n"), 2);
        assert_eq!(bad("[images]\n\"a:1\" = \"latest\"\n"), 2);
        assert_eq!(bad("[images]\n\"a:1\" = \"sha256:ab\"\n\"a:1\" = \"sha256:cd\"\n"), 3);
        assert_eq!(bad("[other]\n"), 1);
    }
}
