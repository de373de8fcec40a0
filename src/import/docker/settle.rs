//! Where an image asks for another version than a step below, it means to replace that one: the entry gets the word for it, and a
//! remark.

use std::collections::BTreeMap;

use crate::base::{Files, MemoryFiles, Overlay, Place};
use crate::diagnostics::{Severity, known};
use crate::driver::{Policy, check_with};
use crate::import::RemarkKind::Changed;
use crate::import::request::Written;
use crate::import::{Home, Item, Work};

/// How often the program is compiled at most: one conflict may hide another.
const ROUNDS: usize = 4;

/// Writes `override` behind the entries that contradict a layer below. Gives the number of errors that are left.
pub(in crate::import) fn settle(work: &mut Work<'_>, written: &mut [Written]) -> usize {
    if !work.draft.definitions.iter().any(|definition| matches!(definition.home, Home::Layer(_))) {
        return 0;
    }
    let mut errors = 0;
    for _ in 0..ROUNDS {
        let mut above = MemoryFiles::default();
        for file in written.iter() {
            above.insert(file.path.clone(), &file.bytes, file.executable);
        }
        let nothing = MemoryFiles::default();
        let below: &dyn Files = if work.beside() { work.files } else { &nothing };
        let files = Overlay { above: &above, below };
        let outcome = check_with(&files, super::super::print::MAIN, &Policy::default());
        errors = outcome.findings.count(Severity::Error);
        let mut ends: BTreeMap<String, Vec<(usize, usize)>> = BTreeMap::new();
        for finding in outcome.findings.iter().filter(|finding| {
            finding.severity == Severity::Error && (finding.code == &known::DISJOINT_CONSTRAINTS || finding.code == &known::TWO_MANAGERS)
        }) {
            let Some(place) = finding.place() else { continue };
            // A list in a file has no such word.
            let Some(source) = outcome.sources.get(place.file).filter(|source| source.name.rsplit('.').next() == Some("jenv")) else {
                continue;
            };
            ends.entry(source.name.clone()).or_default().push((place.span.start as usize, place.span.end as usize));
        }
        if ends.is_empty() {
            return errors;
        }
        for (path, mut spans) in ends {
            let Some(file) = written.iter_mut().find(|file| file.path == path) else { continue };
            let Ok(mut text) = String::from_utf8(file.bytes.to_vec()) else { continue };
            spans.sort_unstable();
            spans.dedup();
            for (start, end) in spans.into_iter().rev() {
                let entry = text.get(start..end).unwrap_or_default().to_owned();
                let package = entry.split([' ', '[']).next().unwrap_or_default().to_owned();
                let place = work.packages.get(&(path.clone(), package.clone())).copied();
                remark(work, place, &package);
                text.insert_str(end, " override");
            }
            let parsed = crate::syntax::parse(crate::base::FileId::default(), &text);
            file.bytes = crate::format::format(&text, &parsed).into_bytes().into();
        }
    }
    errors
}

fn remark(work: &mut Work<'_>, place: Option<Place>, package: &str) {
    if let Some(place) = place {
        let words = format!("`{package}` replaces the version that a step below asks for, by `override`");
        let _: Item = work.remark(Changed, place, words);
    }
}
