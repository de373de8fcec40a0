//! Build strings of conda packages: sets of texts given by globs, in which `*` stands for any text.
//!
//! Whether some text fits all globs of one list and none of another is decided exactly, by walking all of them through one
//! text at once; only letters that stand in a glob, and one that stands in none, need to be tried.

use std::collections::BTreeSet;

/// The texts that fit every glob of `all` and none of `none`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Builds {
    /// Each must fit.
    pub all: Vec<String>,
    /// None may fit.
    pub none: Vec<String>,
}

impl Builds {
    /// The texts that fit one glob.
    pub(super) fn of(glob: &str) -> Self {
        Self { all: vec![glob.to_owned()], none: Vec::new() }
    }

    /// Whether every text belongs to it.
    pub(super) fn is_any(&self) -> bool {
        self.none.is_empty() && self.all.iter().all(|glob| glob.bytes().all(|byte| byte == b'*') && !glob.is_empty())
    }

    /// The texts of both.
    pub(super) fn intersect(&self, other: &Self) -> Self {
        let mut both = self.clone();
        both.all.extend(other.all.iter().cloned());
        both.none.extend(other.none.iter().cloned());
        for list in [&mut both.all, &mut both.none] {
            list.sort();
            list.dedup();
        }
        both
    }

    /// The texts that do not belong to it, as a union.
    pub(super) fn complement(&self) -> Vec<Self> {
        let refused = self.all.iter().map(|glob| Self { all: Vec::new(), none: vec![glob.clone()] });
        refused.chain(self.none.iter().map(|glob| Self::of(glob))).collect()
    }

    /// Whether `text` belongs to it.
    pub(super) fn contains(&self, text: &str) -> bool {
        self.all.iter().all(|glob| fits(glob, text)) && !self.none.iter().any(|glob| fits(glob, text))
    }

    /// Whether no text belongs to it.
    pub(super) fn is_empty(&self) -> bool {
        if self.none.is_empty() && self.all.len() < 2 {
            return false;
        }
        // A glob without a star is one text, which is quickly tried.
        if let Some(text) = self.all.iter().find(|glob| !glob.contains('*')) {
            return !self.contains(text);
        }
        let globs: Vec<&[u8]> = self.all.iter().chain(&self.none).map(String::as_bytes).collect();
        let mut letters: BTreeSet<u8> = globs.iter().copied().flatten().copied().collect();
        letters.insert(0);
        let start: Vec<Places> = globs.iter().map(|glob| close(glob, BTreeSet::from([0]))).collect();
        let mut seen = BTreeSet::from([start.clone()]);
        let mut waiting = vec![start];
        while let Some(state) = waiting.pop() {
            let over = |at: usize| state.get(at).is_some_and(|places| places.contains(&globs.get(at).map_or(0, |glob| glob.len())));
            if (0..self.all.len()).all(over) && !(self.all.len()..globs.len()).any(over) {
                return false;
            }
            for letter in &letters {
                let next: Vec<Places> = globs.iter().zip(&state).map(|(glob, places)| step(glob, places, *letter)).collect();
                let alive = next.iter().take(self.all.len()).all(|places| !places.is_empty());
                if alive && seen.insert(next.clone()) {
                    waiting.push(next);
                }
            }
        }
        true
    }
}

/// Where in a glob the text read so far may have led.
type Places = BTreeSet<usize>;

/// The places after one more letter.
fn step(glob: &[u8], places: &Places, letter: u8) -> Places {
    let next = places.iter().filter_map(|place| match glob.get(*place) {
        Some(b'*') => Some(*place),
        Some(wanted) if *wanted == letter => Some(*place + 1),
        _ => None,
    });
    close(glob, next.collect())
}

/// Adds the places after stars, which may stand for nothing.
fn close(glob: &[u8], mut places: Places) -> Places {
    let mut waiting: Vec<usize> = places.iter().copied().collect();
    while let Some(place) = waiting.pop() {
        if glob.get(place) == Some(&b'*') && places.insert(place + 1) {
            waiting.push(place + 1);
        }
    }
    places
}

/// Whether a text fits a glob.
fn fits(glob: &str, text: &str) -> bool {
    let glob = glob.as_bytes();
    let end = text.bytes().fold(close(glob, BTreeSet::from([0])), |places, letter| step(glob, &places, letter));
    end.contains(&glob.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn builds(all: &[&str], none: &[&str]) -> Builds {
        let owned = |list: &[&str]| list.iter().map(|glob| (*glob).to_owned()).collect();
        Builds { all: owned(all), none: owned(none) }
    }

    #[test]
    fn globs_fit_as_shells_have_it() {
        for (glob, text, expected) in [
            ("*cuda*", "py3_cuda12", true),
            ("*cuda*", "cpu_0", false),
            ("py3*0", "py310_0", true),
            ("a*b*c", "abbc", true),
            ("a*b*c", "acb", false),
            ("*", "", true),
            ("", "x", false),
        ] {
            assert_eq!(fits(glob, text), expected, "{glob} {text}");
        }
    }

    #[test]
    fn emptiness_is_decided() {
        assert!(builds(&["a", "b"], &[]).is_empty());
        assert!(!builds(&["*a*", "*b*"], &[]).is_empty());
        assert!(builds(&["a*", "b*"], &[]).is_empty());
        assert!(!builds(&["ab*", "*bc"], &[]).is_empty());
        assert!(builds(&["*cuda*"], &["*uda*"]).is_empty());
        assert!(!builds(&["*uda*"], &["*cuda*"]).is_empty());
        assert!(builds(&["*"], &["*"]).is_empty());
        assert!(!builds(&[], &["x"]).is_empty());
        assert!(builds(&["a*b*"], &["a*"]).is_empty());
    }
}
