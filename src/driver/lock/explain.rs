//! Why a cell can't be resolved: lines of its layers that can't be together, without those that don't matter; what each leads to, and
//! the edits that help.

use std::collections::{BTreeMap, BTreeSet};

use super::question::Question;
use super::state::Locker;
use super::{Answer, below};
use crate::check::cell_ref;
use crate::check::locked::{self, Fact, Facts, Ground, Requires, Unit, closure, of_requirement, specifiers, unlisted};
use crate::diagnostics::{Diagnostic, Storey, known};
use crate::ir::{CellId, Lockable, Locks, Package, Pin, Platform, Program};

/// How many questions one explanation may ask, beside those for its ways out.
const QUESTIONS: usize = 40;
/// How many lines are shown beside the first one.
const SHOWN: usize = 2;
/// In how many images above a line a way out is tried.
const TRIED: usize = 24;

/// A line of a layer of the stack.
#[derive(Clone, Copy)]
struct Line<'p> {
    cell: CellId,
    entry: &'p Package,
}

/// What a line leads to when it is resolved alone.
struct Lead<'p> {
    lockable: Lockable,
    line: Line<'p>,
    pins: BTreeMap<String, Pin>,
}

/// A package that two sides want in versions that have none in common.
struct Clash {
    name: String,
    one: usize,
    /// The other line; `None` where it is a package that is known to be there.
    other: Option<usize>,
}

/// `xarray >=2025.9`
pub(super) fn entry_words(entry: &Package) -> String {
    let extras = if entry.extras.is_empty() { String::new() } else { format!("[{}]", entry.extras.join(",")) };
    if entry.constraint.is_any() { format!("{}{extras}", entry.name) } else { format!("{}{extras} {}", entry.name, entry.constraint) }
}

/// The finding of a cell that no versions suit.
pub(super) fn conflict<'p>(locker: &Locker<'p>, unit: &Unit<'p>, words: &str) -> Diagnostic {
    let explainer = Explainer { locker, unit, facts: known_facts(locker, unit) };
    let lines = explainer.lines();
    let core = explainer.core(&lines, words);
    let leads: Vec<Lead<'p>> = core.iter().filter_map(|line| explainer.lead(*line)).collect();
    let clash = clash(&leads, &explainer.facts);
    if let Some(finding) = below::locked(locker, unit).filter(|_| core.is_empty()) {
        return finding.in_cells([cell_ref(locker.program, unit.cell)]);
    }
    let finding = match (&clash, core.as_slice()) {
        (Some(clash), _) => explainer.clashing(&leads, clash),
        (None, [line]) => explainer.alone(*line),
        (None, core) => explainer.several(core, &leads),
    };
    let finding = finding.in_cells([cell_ref(locker.program, unit.cell)]);
    explainer.ways_out(finding, &lines, &core)
}

/// What is below that no lock says: the existing image, and what conda brings.
fn known_facts(locker: &Locker<'_>, unit: &Unit<'_>) -> Facts {
    Ground::new(locker.program, &Locks::default(), unit.lockable).under(unit.cell, unit.platform)
}

struct Explainer<'l, 'p> {
    locker: &'l Locker<'p>,
    unit: &'l Unit<'p>,
    facts: Facts,
}

impl<'p> Explainer<'_, 'p> {
    fn program(&self) -> &'p Program {
        self.locker.program
    }

    /// All lines of the stack that count, the root first.
    fn lines(&self) -> Vec<Line<'p>> {
        let stack = self.program().stack(self.unit.cell);
        let all = self.locker.above(stack.first().copied().unwrap_or(self.unit.cell), self.unit);
        let holds = |cell: &CellId, entry: &Package| self.program()[*cell].packages.iter().any(|package| std::ptr::eq(package, entry));
        let of = |entry: &&'p Package| stack.iter().copied().find(|cell| holds(cell, entry));
        let listed = all.roots.into_iter().filter(|entry| unlisted(entry).is_none());
        listed.filter_map(|entry| Some(Line { cell: of(&entry)?, entry })).collect()
    }

    /// The answer for some lines; one may ask for another version: `==2.1.4`, or any where that is empty.
    fn answer(&self, unit: &Unit<'p>, lines: &[Line<'p>], opened: Option<(&Package, &str)>, on: &Facts) -> Answer {
        self.locker.answers.of(&mut self.question(unit, lines, opened, on)).0
    }

    fn question(&self, unit: &Unit<'p>, lines: &[Line<'p>], opened: Option<(&Package, &str)>, on: &Facts) -> Question {
        let roots: Vec<&'p Package> = lines.iter().map(|line| line.entry).collect();
        let all = Unit { roots, ..unit.clone() };
        let mut question = Question::new(self.program(), &all, &all.roots, on);
        if let Some((opened, spec)) = opened {
            question.roots.iter_mut().filter(|root| opened.normal == root.name).for_each(|root| spec.clone_into(&mut root.spec));
        }
        question.cut_off.clone_from(self.locker.request.cut_off.as_ref().unwrap_or(&self.locker.request.today));
        question.build = self.locker.request.build;
        question
    }

    fn fails(&self, lines: &[Line<'p>]) -> bool {
        matches!(self.answer(self.unit, lines, None, &self.facts), Answer::Nothing(_))
    }

    /// The fewest lines that can't be together, on what is known to be there; none where all can, if what is locked below could move.
    fn core(&self, lines: &[Line<'p>], words: &str) -> Vec<Line<'p>> {
        let named = |line: &&Line<'p>| mentions(words, &line.entry.normal);
        let likely: Vec<Line<'p>> = lines.iter().filter(named).copied().collect();
        let mut core = if !likely.is_empty() && self.fails(&likely) { likely } else { lines.to_vec() };
        if !self.fails(&core) {
            return Vec::new();
        }
        let mut asked = 0;
        // Large groups first: most lines have nothing to do with it.
        let mut size = core.len() / 2;
        while size > 0 {
            let mut at = 0;
            while at < core.len() && core.len() > 1 && asked < QUESTIONS {
                let fewer: Vec<_> = core.iter().take(at).chain(core.iter().skip(at + size)).copied().collect();
                asked += 1;
                if !fewer.is_empty() && self.fails(&fewer) { core = fewer } else { at += size }
            }
            size /= 2;
        }
        core
    }

    /// What one line has without all others.
    fn by_itself(&self, line: Line<'p>) -> Answer {
        self.locker.answers.of(&mut Question { said: true, ..self.question(self.unit, &[line], None, &Facts::default()) }).0
    }

    fn lead(&self, line: Line<'p>) -> Option<Lead<'p>> {
        match self.by_itself(line) {
            Answer::Solved(pins) => Some(Lead { lockable: self.unit.lockable, line, pins }),
            _ => None,
        }
    }

    fn who(&self, line: Line<'p>) -> &'p str {
        &self.program()[self.program()[line.cell].image].name
    }

    /// Two sides that want one package in versions that have none in common.
    fn clashing(&self, leads: &[Lead<'p>], clash: &Clash) -> Diagnostic {
        let Some(one) = leads.get(clash.one) else { return self.several(&[], &[]) };
        let name = &clash.name;
        let needs = |lead: &Lead<'p>| {
            format!("`{}` needs `{name}{}`", self.who(lead.line), wants(lead, name).map(|want| want.spec).unwrap_or_default())
        };
        let storey = |lead: &Lead<'p>| Storey { name: self.who(lead.line).to_owned(), says: says(lead, name) };
        let Some(other) = clash.other.and_then(|other| leads.get(other)) else {
            let base = &self.program()[self.program().base_of(self.unit.cell)];
            let fact = self.facts.get(name);
            let version = fact.and_then(|fact| fact.version.clone()).unwrap_or_default();
            let message = format!("{}, and `{}` has {name} {version}", needs(one), base.name);
            let finding = Diagnostic::new(&known::TRANSITIVE_CONFLICT, one.line.entry.origin, message).here(way(one, name));
            let there = Storey { name: base.name.clone(), says: format!("{name} {version}") };
            let finding = match fact.and_then(|fact: &Fact| fact.said) {
                Some(said) => finding.also(said, "known to be there"),
                None => finding,
            };
            return finding.about(self.unit.lockable.as_str(), name).on_stack(vec![there, storey(one)]);
        };
        let (lower, upper) = (one, other);
        let asks = |lead: &Lead<'p>| {
            if lead.line.entry.normal == *name {
                format!("`{}` asks for `{}`", self.who(lead.line), entry_words(lead.line.entry))
            } else {
                needs(lead)
            }
        };
        let message = format!("{}, and {}", needs(upper), asks(lower));
        Diagnostic::new(&known::TRANSITIVE_CONFLICT, upper.line.entry.origin, message)
            .here(way(upper, name))
            .also(lower.line.entry.origin, way(lower, name))
            .about(self.unit.lockable.as_str(), name)
            .on_stack(vec![storey(lower), storey(upper)])
    }

    /// One line that can't be had at all.
    fn alone(&self, line: Line<'p>) -> Diagnostic {
        let python = self.unit.python.as_deref().map(|python| format!(" with Python {python}")).unwrap_or_default();
        let words = entry_words(line.entry);
        let at = |message: String| Diagnostic::new(&known::TRANSITIVE_CONFLICT, line.entry.origin, message);
        if let Some(missing) = self.by_itself(line).missing() {
            let way = "look its name up; where another index has it, write `index \"https://…\"` before the braces";
            let brings = if missing == line.entry.normal { String::new() } else { format!(", which `{words}` requires") };
            return at(format!("the index has no package `{missing}`{brings}")).here("brings it").help(way);
        }
        let message = format!("nothing that `{words}` allows can be installed on {}{python}", self.unit.platform);
        let what = if self.unit.lockable == Lockable::Conda { "build" } else { "wheel" };
        at(message)
            .here(format!("no release has a {what} that fits, together with all that it requires"))
            .about(self.unit.lockable.as_str(), &line.entry.normal)
    }

    /// Lines that can't be together, where no two of them show why: what all of them want is named, where there is such a package.
    fn several(&self, core: &[Line<'p>], leads: &[Lead<'p>]) -> Diagnostic {
        let image = self.unit.image(self.program());
        let all: Vec<_> = core.iter().map(|line| format!("`{}`", entry_words(line.entry))).collect();
        let shared = shared(leads).filter(|_| leads.len() == core.len());
        let message = match (all.as_slice(), &shared) {
            ([], _) => format!("`{image}` can't be resolved on what is locked below it"),
            (all, Some(name)) => format!("`{image}` can't be resolved: no version of `{name}` suits {}", all.join(", ")),
            (all, None) => format!("`{image}` can't be resolved: no versions fit together of {}", all.join(", ")),
        };
        let says = |at: usize, line: &Line<'p>| match (&shared, leads.get(at)) {
            (Some(name), Some(lead)) => way(lead, name),
            _ => format!("`{}` asks for this", self.who(*line)),
        };
        let mut lines = core.iter().enumerate().rev();
        let Some((at, first)) = lines.next() else {
            let origin = self.program()[self.program()[self.unit.cell].image].origin;
            return Diagnostic::new(&known::TRANSITIVE_CONFLICT, origin, message);
        };
        let finding = Diagnostic::new(&known::TRANSITIVE_CONFLICT, first.entry.origin, message).here(says(at, first));
        lines.take(SHOWN).fold(finding, |finding, (at, line)| finding.also(line.entry.origin, says(at, line)))
    }

    /// Edits of one line that help, each tried in the cell and in all images that are built on the line's layer.
    fn ways_out(&self, finding: Diagnostic, lines: &[Line<'p>], core: &[Line<'p>]) -> Diagnostic {
        if core.is_empty() {
            return finding.help("run `jenvc lock --upgrade`, which may move what is below, or read what `jenvc lock --explain` prints");
        }
        let mut finding = finding;
        for line in core.iter().rev().filter(|line| !line.entry.constraint.is_any()) {
            let Some(version) = self.opened(lines, *line, "") else { continue };
            let (name, who) = (&line.entry.name, self.who(*line));
            let tried = match self.others(*line, &version) {
                Some(0) => format!("write `{name} =={version}` in `{who}`: tried"),
                Some(1) => format!("write `{name} =={version}` in `{who}`: tried, also in the image that is built on it"),
                Some(count) => format!("write `{name} =={version}` in `{who}`: tried, also in all {count} images that are built on it"),
                None => continue,
            };
            finding = finding.help(tried);
        }
        if let [line] = core {
            finding = finding.maybe_help(self.elsewhere(lines, *line));
        }
        if finding.help.is_empty() {
            finding = finding.help("no other version of one of these lines helps: remove one of them, or build on another layer");
        }
        finding
    }

    /// The version of a line's package that fits, if the line asked for another one.
    fn opened(&self, lines: &[Line<'p>], line: Line<'p>, spec: &str) -> Option<String> {
        let mut question = Question { said: true, ..self.question(self.unit, lines, Some((line.entry, spec)), &self.facts) };
        match self.locker.answers.of(&mut question).0 {
            Answer::Solved(pins) => pins.get(&line.entry.normal).map(|pin| pin.version.clone()),
            _ => None,
        }
    }

    /// How many images are built on a line's layer, where each can be resolved with this version; `None` where one can't.
    fn others(&self, line: Line<'p>, version: &str) -> Option<usize> {
        let spec = format!("=={version}");
        let above = |unit: &&Unit<'p>| {
            let stack = self.program().stack(unit.cell);
            unit.platform == self.unit.platform && unit.cell != self.unit.cell && unit.cell != line.cell && stack.contains(&line.cell)
        };
        let units: Vec<&Unit<'p>> = self.locker.units.iter().filter(above).collect();
        let fits = |unit: &&&Unit<'p>| {
            let other = Explainer { locker: self.locker, unit, facts: known_facts(self.locker, unit) };
            other.opened(&other.lines(), line, &spec).is_some()
        };
        let is_below = usize::from(line.cell != self.unit.cell);
        (units.len() <= TRIED && units.iter().all(|unit| fits(&unit))).then_some(units.len() + is_below)
    }

    /// A line that can be had on another platform: it can be for that one alone.
    fn elsewhere(&self, lines: &[Line<'p>], line: Line<'p>) -> Option<String> {
        let others = Platform::ALL.into_iter().filter(|platform| *platform != self.unit.platform);
        let works = others.into_iter().find(|platform| {
            let unit = Unit { platform: *platform, ..self.unit.clone() };
            self.program()[self.unit.cell].platforms.contains(platform)
                && matches!(self.answer(&unit, &[line], None, &Facts::default()), Answer::Solved(_))
        })?;
        let rest: Vec<Line<'p>> = lines.iter().filter(|one| !std::ptr::eq(one.entry, line.entry)).copied().collect();
        let fits = rest.is_empty() || matches!(self.answer(self.unit, &rest, None, &self.facts), Answer::Solved(_));
        fits.then(|| format!("write `{} ; platform == \"{works}\"`: tried", entry_words(line.entry)))
    }
}

/// Whether a text names a package.
fn mentions(words: &str, name: &str) -> bool {
    let part = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    words.match_indices(name).any(|(at, _)| {
        let before = words.get(..at).and_then(|text| text.chars().next_back()).is_some_and(part);
        let after = words.get(at + name.len()..).and_then(|text| text.chars().next()).is_some_and(part);
        !before && !after
    })
}

/// What a line asks of a package, directly or by way of what it brings: all of it together.
fn wants(lead: &Lead<'_>, name: &str) -> Option<Requires> {
    let root = (lead.line.entry.normal == name).then(|| format!("{name}{}", specifiers(&lead.line.entry.constraint, lead.lockable)));
    let brought = lead.pins.values().flat_map(|pin| pin.requires.iter().cloned());
    let mut all: Option<Requires> = None;
    for required in
        root.into_iter().chain(brought).filter_map(|text| of_requirement(&text, lead.lockable)).filter(|required| required.name == name)
    {
        all = Some(match all {
            None => required,
            Some(known) if known.spec == required.spec || required.spec.is_empty() => known,
            Some(known) if known.spec.is_empty() || required.set.is_subset(&known.set) => required,
            Some(known) if known.set.is_subset(&required.set) => known,
            Some(known) => Requires { set: known.set.intersect(&required.set), spec: format!("{},{}", known.spec, required.spec), ..known },
        });
    }
    all
}

/// The package that two lines, or a line and what is known to be there, want in versions that have none in common; the shortest way to it.
fn clash(leads: &[Lead<'_>], facts: &Facts) -> Option<Clash> {
    let mut best: Option<(usize, Clash)> = None;
    let mut offer = |length: usize, clash: Clash| {
        if best.as_ref().is_none_or(|(known, _)| length < *known) {
            best = Some((length, clash));
        }
    };
    for (at, lead) in leads.iter().enumerate() {
        let names: BTreeSet<String> = closure(&lead.pins, &[lead.line.entry], lead.lockable);
        for name in names {
            let Some(want) = wants(lead, &name) else { continue };
            for (next, other) in leads.iter().enumerate().skip(at + 1) {
                let apart = wants(other, &name).is_some_and(|theirs| !want.set.shares_candidate(&theirs.set));
                if apart {
                    offer(path(lead, &name).len() + path(other, &name).len(), Clash { name: name.clone(), one: at, other: Some(next) });
                }
            }
            let known = facts.get(&name).and_then(|fact| fact.version.as_deref());
            if known.is_some_and(|version| !want.set.contains(version).unwrap_or(true)) && leads.len() == 1 {
                offer(path(lead, &name).len(), Clash { name, one: at, other: None });
            }
        }
    }
    best.map(|(_, clash)| clash)
}

/// The package that all lines want some versions of, by the shortest ways.
fn shared(leads: &[Lead<'_>]) -> Option<String> {
    let (first, rest) = leads.split_first().filter(|(_, rest)| !rest.is_empty())?;
    let is_bounded = |lead: &Lead<'_>, name: &str| wants(lead, name).is_some_and(|want| !want.spec.is_empty());
    let names = closure(&first.pins, &[first.line.entry], first.lockable).into_iter();
    let all = names.filter(|name| is_bounded(first, name) && rest.iter().all(|lead| is_bounded(lead, name)));
    all.min_by_key(|name| leads.iter().map(|lead| path(lead, name).len()).sum::<usize>())
}

/// The names from a line's package to another one, both in.
fn path(lead: &Lead<'_>, name: &str) -> Vec<String> {
    locked::way([lead.line.entry.normal.as_str()].into_iter(), &lead.pins, name, lead.lockable).unwrap_or_default()
}

/// What a label says of a line: that it asks for the package, or what brings it.
fn way(lead: &Lead<'_>, name: &str) -> String {
    let path = path(lead, name);
    let Some(last) = path.iter().rev().nth(1) else { return format!("asks for `{}`", entry_words(lead.line.entry)) };
    let pin = lead.pins.get(last);
    let text =
        pin.into_iter().flat_map(|pin| &pin.requires).find(|text| of_requirement(text, lead.lockable).is_some_and(|one| one.name == name));
    let version = pin.map(|pin| pin.version.as_str()).unwrap_or_default();
    let requires = format!("`{last} {version}` requires `{}`", text.map_or(name, String::as_str));
    if path.len() > 2 {
        format!("by way of {}: {requires}", path.iter().skip(1).rev().skip(1).rev().cloned().collect::<Vec<_>>().join(", "))
    } else {
        requires
    }
}

/// `xarray >=2025.9 → pandas >=2.2`
fn says(lead: &Lead<'_>, name: &str) -> String {
    let path = path(lead, name);
    let words = entry_words(lead.line.entry);
    if path.len() < 2 {
        return words;
    }
    let between = path.iter().skip(1).take(path.len().saturating_sub(2)).cloned();
    let last = format!("{name}{}", wants(lead, name).map(|want| want.spec).unwrap_or_default());
    [words].into_iter().chain(between).chain([last]).collect::<Vec<_>>().join(" → ")
}
