//! Former names of entries, where one definition has several.

use crate::ir::{Located, Profile};

/// Gives each of several entries of one definition the former names that are its own: a name that ends with its point, or a name of
/// all of them with the point behind it. A name without a point was the default's.
pub(super) fn names(mut all: Vec<(Profile, bool, [String; 2])>) -> Vec<Profile> {
    let ends: Vec<[String; 2]> = all.iter().map(|(.., ends)| ends.clone()).collect();
    let slugs: Vec<String> = all.iter().map(|(profile, ..)| profile.slug.text.clone()).collect();
    let of_all: Vec<String> = all.first().map_or_else(Vec::new, |(first, ..)| {
        let said = |name: &&Located<String>| all.iter().all(|(other, ..)| other.renamed_from.iter().any(|one| one.value == name.value));
        first.renamed_from.iter().filter(said).map(|name| name.value.clone()).collect()
    });
    let has =
        |name: &str, ends: &[String; 2]| ends.iter().any(|end| name.strip_suffix(end.as_str()).is_some_and(|rest| rest.ends_with('-')));
    for (profile, default, own) in &mut all {
        let mut names = Vec::new();
        for name in profile.renamed_from.drain(..) {
            if !of_all.contains(&name.value) {
                names.push(name);
                continue;
            }
            // The longest point counts: `-py3-1` is the end of no `-py3-11`.
            let pointed = ends.iter().any(|ends| has(&name.value, ends));
            if pointed {
                names.extend(has(&name.value, own).then_some(name));
            } else {
                let derived = own.iter().map(|end| Located::new(format!("{}-{end}", name.value), name.place));
                names.extend(derived.filter(|name| !slugs.contains(&name.value)));
                names.extend(default.then_some(name));
            }
        }
        names.dedup_by(|a, b| a.value == b.value);
        profile.renamed_from = names;
    }
    all.into_iter().map(|(profile, ..)| profile).collect()
}
