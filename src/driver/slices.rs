//! What an edit reaches: a trial compiles the definitions that an edit changes, those that name them, directly or through others,
//! and all that these name. The rest of the program is left out of the text.

use std::collections::BTreeSet;

use foldhash::HashMap;

use crate::base::{Place, Sources, Span};
use crate::diagnostics::{Diagnostic, Edit};
use crate::ir::{Defined, Program};
use crate::requirements::Row;

/// How many definitions a first look takes.
const SOME: usize = 8;

/// Who names whom in a program.
#[derive(Debug, Default)]
pub(super) struct Slices<'p> {
    definitions: &'p [Defined],
    /// Which definitions each one names.
    names: Vec<BTreeSet<usize>>,
    /// Which definitions name each one.
    named_by: Vec<BTreeSet<usize>>,
    /// Definitions by their names.
    by_name: HashMap<String, Vec<usize>>,
    /// What they say, in plain form.
    texts: Vec<String>,
    /// What the rest of the program says: menus, values, outputs, the standard library.
    rest: String,
    /// Which definitions that names.
    always: BTreeSet<usize>,
    /// How long all definitions are, in bytes.
    length: usize,
}

impl<'p> Slices<'p> {
    /// Reads the words of a program's own files. A word that is the name of a definition counts as one wherever it stands.
    pub(super) fn of(sources: &Sources, program: &'p Program) -> Self {
        let definitions = program.definitions.as_slice();
        let text = |place: Place| sources.get(place.file).and_then(|source| source.text.get(place.span.range())).unwrap_or("");
        let mut known: HashMap<&str, Vec<usize>> = HashMap::default();
        for (at, defined) in definitions.iter().enumerate() {
            known.entry(text(defined.name)).or_default().push(at);
        }
        let words = |place: Place, into: &mut BTreeSet<usize>| {
            let words = text(place).split(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-');
            into.extend(words.filter_map(|word| known.get(word)).flatten());
        };
        let mut slices = Self { definitions, ..Self::default() };
        slices.named_by.resize_with(definitions.len(), BTreeSet::new);
        for (at, defined) in definitions.iter().enumerate() {
            let mut named = BTreeSet::new();
            words(defined.whole, &mut named);
            named.remove(&at);
            for other in &named {
                slices.named_by.get_mut(*other).map(|by| by.insert(at));
            }
            slices.names.push(named);
            slices.texts.push(plain(text(defined.whole)));
            slices.length += defined.whole.span.range().len();
        }
        slices.by_name = known.iter().map(|(name, all)| ((*name).to_owned(), all.clone())).collect();
        for (file, source) in sources.iter() {
            if source.standard {
                slices.rest.push_str(&plain(&source.text));
                continue;
            }
            let within = definitions.iter().map(|defined| defined.whole).filter(|place| place.file == file).map(|place| place.span);
            for gap in gaps(within, source.text.len()) {
                words(Place::new(file, gap), &mut slices.always);
                slices.rest.push_str(&plain(text(Place::new(file, gap))));
            }
        }
        slices
    }

    /// What may be left out of the program while edits for a finding are tried, from the most to the least: after the last one, all
    /// that the edits reach is still there. Little is not worth it.
    pub(super) fn beside(&self, finding: &Diagnostic, edits: &[Edit]) -> Vec<Vec<Edit>> {
        let at = |place: Place| self.definitions.iter().position(|defined| holds(defined.whole, place));
        let Some(edited) = edits.iter().map(|edit| at(edit.place)).collect::<Option<BTreeSet<usize>>>() else { return Vec::new() };
        let mut core = edited.clone();
        core.extend(finding.labels.iter().filter_map(|label| at(label.place)));
        core.extend(finding.cells.first().and_then(|cell| self.by_name.get(&cell.environment)).into_iter().flatten());
        let mut reached = closed(edited, &self.named_by);
        if let Some(speaking) = self.speaking(finding, edits) {
            let speaking = closed(speaking.difference(&core).copied().collect(), &self.named_by);
            reached.retain(|at| core.contains(at) || speaking.contains(at));
        }
        let some = core.iter().chain(reached.iter().take(SOME)).copied().collect();
        let mut steps: Vec<Vec<Edit>> = Vec::new();
        for (from, least) in [(core, self.length / 8 * 7), (some, self.length / 8 * 7), (reached, self.length / 2)] {
            let needed = closed(from.union(&self.always).copied().collect(), &self.names);
            let rest = self.definitions.iter().enumerate().filter(|(at, _)| !needed.contains(at)).map(|(_, defined)| defined.whole);
            let rest: Vec<Edit> = rest.map(|place| Edit { place, text: String::new() }).collect();
            let length: usize = rest.iter().map(|edit| edit.place.span.range().len()).sum();
            if length < least || rest.is_empty() {
                steps.push(Vec::new());
            } else if steps.last() != Some(&rest) {
                steps.push(rest);
            }
        }
        steps.dedup();
        steps
    }

    /// The definitions that say something of the package of a finding; `None` where more than that may depend on its version: what is
    /// built for CUDA, interpreters and hubs are held against other packages.
    fn speaking(&self, finding: &Diagnostic, edits: &[Edit]) -> Option<BTreeSet<usize>> {
        let package = finding.package.as_ref()?;
        let also = Row::find(&package.ecosystem, &package.name).into_iter().flat_map(Row::names);
        let names: Vec<String> = also.map(plain).chain([plain(&package.name)]).collect();
        let wide = |text: &str| ["cu", "cpu", "python", "jupyter"].iter().any(|word| text.contains(word));
        let says = |text: &str| names.iter().any(|name| text.contains(name.as_str()));
        if names.iter().any(|name| wide(name)) || edits.iter().any(|edit| wide(&edit.text)) || says(&self.rest) {
            return None;
        }
        Some(self.texts.iter().enumerate().filter(|(_, text)| says(text) || text.contains(" file ")).map(|(at, _)| at).collect())
    }
}

/// What is between parts of a text.
fn gaps(parts: impl Iterator<Item = Span>, length: usize) -> Vec<Span> {
    let mut parts: Vec<Span> = parts.collect();
    parts.sort_unstable_by_key(|part| part.start);
    let mut from = 0;
    let mut gaps = Vec::new();
    for part in parts.into_iter().chain([Span::new(length, length)]) {
        gaps.push(Span::new(from, part.range().start.max(from)));
        from = part.range().end.max(from);
    }
    gaps
}

/// A text in which names are found however they are written.
fn plain(text: &str) -> String {
    text.to_ascii_lowercase().replace(['_', '.'], "-")
}

fn holds(whole: Place, part: Place) -> bool {
    whole.file == part.file && whole.span.start < part.span.start && part.span.end <= whole.span.end
}

/// All that can be reached from some of the definitions.
fn closed(from: BTreeSet<usize>, next: &[BTreeSet<usize>]) -> BTreeSet<usize> {
    let mut waiting: Vec<usize> = from.iter().copied().collect();
    let mut all = from;
    while let Some(at) = waiting.pop() {
        waiting.extend(next.get(at).into_iter().flatten().filter(|other| all.insert(**other)));
    }
    all
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;
    use crate::base::{FileId, MemoryFiles};
    use crate::driver::Policy;
    use crate::driver::check_with;

    /// A base that asks for `mypkg ==1`, a leaf that asks for `mypkg ==2`, `more`, and many leaves that ask for something else.
    fn program(more: &str) -> String {
        let head = "project d { registry = \"r.io/d\" }\nimage root { ref = \"r.io/b:1\" }\nlayer base { from root\n pip { mypkg ==1 } }\n";
        let mut text = format!("{head}layer hit {{ from base\n pip {{ mypkg ==2 }} }}\n{more}");
        for leaf in 0..40 {
            let _ = write!(text, "layer leaf-{leaf} {{ from base\n pip {{ a{leaf} ==1\n b{leaf} ==2\n c{leaf} ==3 }} }}\n");
        }
        text
    }

    fn offered(text: &str) -> Vec<String> {
        let files: MemoryFiles = [("main.jenv", text)].into_iter().collect();
        let outcome = check_with(&files, "main.jenv", &Policy::default());
        outcome.findings.iter().flat_map(|finding| &finding.fixes).map(|fix| fix.title.split(" (").next().unwrap().to_owned()).collect()
    }

    #[test]
    fn what_is_offered_holds_in_the_whole_program() {
        let at_base = "write `mypkg ==2` in `base`".to_owned();
        assert!(offered(&program("")).contains(&at_base));
        let other = "layer other { from base\n pip { mypkg >=1, <1.5 } }\n";
        let all = offered(&program(other));
        assert!(!all.is_empty() && !all.contains(&at_base), "{all:?}");
    }

    #[test]
    fn what_does_not_speak_of_the_package_is_left_out() {
        let text = program("layer above { from hit\n pip { d ==1 } }\n");
        let files: MemoryFiles = [("main.jenv", text.as_str())].into_iter().collect();
        let outcome = check_with(&files, "main.jenv", &Policy::default());
        let finding = outcome.findings.iter().find(|finding| finding.package.is_some()).unwrap();
        let place = finding.place().unwrap();
        let edit = |at: &str| {
            let start = text.find(at).unwrap();
            Edit { place: Place { span: Span::new(start, start + at.len()), ..place }, text: "==3".to_owned() }
        };
        let slices = Slices::of(&outcome.sources, outcome.program().unwrap());
        let left_out = |edit: Edit| {
            let names = |rest: &Vec<Edit>| rest.iter().filter_map(|edit| text.get(edit.place.span.range())).collect::<Vec<_>>().join(";");
            slices.beside(finding, &[edit]).last().map(names).unwrap()
        };
        assert!(place.file != FileId(0) && outcome.sources.iter().count() > 1);
        let at_base = left_out(edit("==1"));
        assert!(at_base.contains("leaf-39") && at_base.contains("above") && !at_base.contains("hit {") && !at_base.contains("layer base"));
        assert_eq!(slices.beside(finding, &[edit("registry")]), Vec::<Vec<Edit>>::new());
    }
}
