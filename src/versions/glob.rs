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
        if self.all.iter().enumerate().any(|(at, one)| self.all.iter().skip(at + 1).any(|other| exclude_each_other(one, other))) {
            return true;
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

/// Words of which the build string of a package has at most one: what it computes on, its BLAS, its MPI (conda-forge's
/// `knowledge_base`, 2026-11-28).
const ONE_OF: [&[&str]; 3] = [
    &["cpu", "cuda", "rocm", "xpu"],
    &["accelerate", "blis", "generic", "mkl", "netlib", "openblas"],
    &["impi", "mpich", "nompi", "openmpi"],
];

/// Words behind which a build string has a version: `py312`, `cuda118`, `np126`.
const NUMBERED: [&str; 4] = ["py", "cuda", "np", "rocm"];

/// Whether two globs have words of which no build string has both: `*cuda*` and `*cpu*`, `py311*` and `*py312*`.
fn exclude_each_other(one: &str, other: &str) -> bool {
    let clash = |(name, number): (&str, &str), (other, digits): (&str, &str)| {
        let kinds = ONE_OF.iter().any(|group| group.contains(&name) && group.contains(&other));
        let numbers = NUMBERED.contains(&name) && !number.starts_with(digits) && !digits.starts_with(number);
        if name == other { numbers } else { kinds }
    };
    words(one).any(|word| words(other).any(|same| clash(word, same)))
}

/// The words of a glob, each with the digits behind it.
fn words(glob: &str) -> impl Iterator<Item = (&str, &str)> {
    glob.split(|c: char| !c.is_ascii_alphanumeric()).filter_map(|word| {
        let (letters, rest) = word.split_at_checked(word.find(|c: char| c.is_ascii_digit()).unwrap_or(word.len()))?;
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        Some((letters, rest.get(..end)?))
    })
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
    fn no_build_is_of_two_kinds() {
        for (one, other, empty) in [
            ("*cuda*", "*cpu*", true),
            ("*cuda*", "cuda118_py311*", false),
            ("*cuda118*", "*cuda12*", true),
            ("*cuda12*", "cuda120*", false),
            ("*openblas*", "*mkl*", true),
            ("nompi_*", "*mpich*", true),
            ("py312h*", "*py311*", true),
            ("py312*", "*nompi*", false),
            ("*_cpu_mkl_*", "*py312*", false),
        ] {
            assert_eq!(builds(&[one, other], &[]).is_empty(), empty, "{one} {other}");
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
