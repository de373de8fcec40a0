//! The passes over the cells: parents first, and back to a parent where a child can't be resolved on it.

use std::collections::{BTreeMap, BTreeSet};

use super::answers::Answers;
use super::joint::{Demand, demand};
use super::request::{Locked, Request};
use super::sections::{files, section};
use super::state::Locker;
use super::{Answer, Question, Resolver, apart, explain, undecided};
use crate::check::locked::{Facts, Ground, Unit, Why, stale, why_stale};
use crate::diagnostics::{Diagnostic, Findings};
use crate::ir::{CellId, Lockable, Locks, Package, Platform, Program, Section};

/// How many passes there are: in each, a parent learns what one child needs.
const ROUNDS: usize = 200;

/// Whether a request asks for a unit.
fn is_asked(program: &Program, request: &Request, unit: &Unit<'_>) -> bool {
    request.images.is_empty() || request.images.iter().any(|image| image == unit.image(program))
}

/// The images below those that a request asks for that have no lock, or a stale one.
fn below(program: &Program, request: &Request, units: &[Unit<'_>]) -> BTreeSet<String> {
    if request.images.is_empty() {
        return BTreeSet::new();
    }
    let stale: BTreeSet<_> = stale(program).into_iter().map(|one| (one.image, one.cell, one.platform, one.lockable)).collect();
    let is_there = |unit: &&Unit<'_>| {
        let key = (unit.image(program).to_owned(), unit.cell_name(program).to_owned(), unit.platform, unit.lockable);
        unit.section(program, &program.locks).is_some() && !stale.contains(&key)
    };
    let asked: BTreeSet<CellId> =
        units.iter().filter(|unit| is_asked(program, request, unit)).flat_map(|unit| program.stack(unit.cell)).collect();
    units.iter().filter(|unit| asked.contains(&unit.cell) && !is_there(unit)).map(|unit| unit.image(program).to_owned()).collect()
}

/// One question on the way.
struct Asked {
    unit: usize,
    below: Facts,
    question: Question,
}

impl<'p> Locker<'p> {
    pub(super) fn new(program: &'p Program, resolver: &'p dyn Resolver, request: &'p Request) -> Self {
        let units = Unit::all(program, resolver.lockable());
        Self {
            program,
            request,
            below: below(program, request, &units),
            units,
            answers: Answers::new(resolver),
            sections: BTreeMap::new(),
            demands: BTreeMap::new(),
            failed: BTreeSet::new(),
            found: Vec::new(),
            undecided: false,
            words: Vec::new(),
            waiting: BTreeSet::new(),
        }
    }

    /// What is resolved.
    pub(super) fn lockable(&self) -> Lockable {
        self.answers.resolver.lockable()
    }

    /// What is below, with the sections of this run so far.
    fn ground<'l>(&self, locks: &'l Locks) -> Ground<'l>
    where
        'p: 'l,
    {
        Ground::new(self.program, locks, self.lockable())
    }

    /// The sections of this run, with those of the other ecosystems as they are.
    fn locks(&self) -> Locks {
        Locks(files(self.program, self.lockable(), &self.sections))
    }

    pub(super) fn run(&mut self) {
        for _ in 0..ROUNDS {
            if !self.pass() {
                return;
            }
        }
    }

    /// Goes through all cells; says whether a parent has learnt something and the way is to be gone again.
    fn pass(&mut self) -> bool {
        self.sections.clear();
        self.waiting.clear();
        for level in self.levels() {
            let asked = self.questions(&level);
            self.answers.ask(&asked.iter().map(|one| one.question.clone()).collect::<Vec<_>>());
            let mut again = false;
            for one in asked {
                again |= self.settle(one);
            }
            if again {
                return true;
            }
        }
        false
    }

    /// The units by how many cells are below them.
    fn levels(&self) -> Vec<Vec<usize>> {
        let mut levels: Vec<Vec<usize>> = Vec::new();
        for (at, unit) in self.units.iter().enumerate() {
            let depth = self.program.downwards(unit.cell).count();
            levels.resize_with(levels.len().max(depth), Vec::new);
            if let Some(level) = depth.checked_sub(1).and_then(|depth| levels.get_mut(depth)) {
                level.push(at);
            }
        }
        levels
    }

    /// What is to be asked of some units; sections that hold are kept.
    fn questions(&mut self, level: &[usize]) -> Vec<Asked> {
        let locks = self.locks();
        let mut ground = self.ground(&locks);
        let mut asked = Vec::new();
        for &at in level {
            let Some(unit) = self.units.get(at) else { continue };
            let key = unit.key();
            let old = unit.section(self.program, &self.program.locks);
            let waits = self.waits(unit.cell, unit.platform);
            if waits || self.failed.contains(&key) || !self.is_meant(unit) {
                if waits {
                    self.waiting.insert(unit.title(self.program));
                }
                self.sections.extend(old.map(|old| (key, old.clone())));
                continue;
            }
            let below = ground.under(unit.cell, unit.platform);
            if let Some(old) = old.filter(|old| self.holds(unit, old, &below)) {
                self.sections.insert(key, old.clone());
                continue;
            }
            if unit.python.is_none() && unit.lockable == Lockable::Pypi {
                self.found.push(undecided::no_python(self.program, unit));
                self.undecided = true;
                self.failed.insert(key);
                continue;
            }
            let question = self.question(unit, &below, old);
            asked.push(Asked { unit: at, below, question });
        }
        asked
    }

    /// Whether something below has failed.
    fn waits(&self, cell: CellId, platform: Platform) -> bool {
        let below = self.program.stack(cell);
        below.iter().any(|level| *level != cell && self.failed.contains(&(level.0, platform)))
    }

    /// Whether a unit is resolved: it is asked for, or one that is asked for can't be resolved without it.
    pub(super) fn is_meant(&self, unit: &Unit<'_>) -> bool {
        is_asked(self.program, self.request, unit) || self.below.contains(unit.image(self.program))
    }

    /// Whether a section is as it would be resolved: it belongs to the program, and nothing in it is to move.
    fn holds(&self, unit: &Unit<'_>, old: &Section, below: &Facts) -> bool {
        let demanded = self.demands.get(&unit.key()).into_iter().flatten().all(|demand| demand.holds(&old.pins, unit.lockable));
        let builds = self.request.build && old.needs_builds();
        !self.upgrades(unit, old) && !builds && demanded && why_stale(self.program, unit, old, below).is_none()
    }

    /// Whether something in a section is to be the newest there is.
    fn upgrades(&self, unit: &Unit<'_>, old: &Section) -> bool {
        old.pins.keys().any(|name| self.is_moved(unit, name)) || (self.request.upgrade && is_asked(self.program, self.request, unit))
    }

    /// Whether a package of a unit is to be the newest there is.
    fn is_moved(&self, unit: &Unit<'_>, name: &String) -> bool {
        is_asked(self.program, self.request, unit) && (self.request.upgrade || self.request.packages.contains(name))
    }

    fn question(&self, unit: &Unit<'p>, below: &Facts, old: Option<&Section>) -> Question {
        let mut question = Question::new(self.program, unit, &unit.roots, below);
        let same = old.filter(|old| !matches!(why_stale(self.program, unit, old, below), Some(Why::Inputs)));
        let day = self.request.cut_off.clone().or_else(|| same.filter(|old| !self.upgrades(unit, old)).map(|old| old.cut_off.clone()));
        question.cut_off = day.unwrap_or_else(|| self.request.today.clone());
        question.build = self.request.build;
        let demands = self.demands.get(&unit.key()).map(Vec::as_slice).unwrap_or_default();
        question.demand(demands);
        let witness = demands.iter().flat_map(|demand| &demand.witness);
        let known = old.into_iter().flat_map(|old| &old.pins).filter(|(name, _)| !self.is_moved(unit, name));
        let kept: BTreeMap<_, _> = known.chain(witness).collect();
        question.kept = kept.into_iter().map(|(name, pin)| (name.clone(), pin.release())).collect();
        question
    }

    /// Takes the answer to a question; says whether a parent has learnt something.
    fn settle(&mut self, asked: Asked) -> bool {
        let Asked { unit: at, below, mut question } = asked;
        let Some(unit) = self.units.get(at).cloned() else { return false };
        let key = unit.key();
        let (mut answer, mut left_out) = self.answers.of(&mut question);
        if matches!(answer, Answer::Nothing(_)) && self.request.cut_off.is_none() && question.cut_off != self.request.today {
            question.cut_off.clone_from(&self.request.today);
            (answer, left_out) = self.answers.of(&mut question);
        }
        match answer {
            Answer::Solved(pins) => {
                self.undecided |= !left_out.is_empty();
                let unknown = left_out.into_iter().map(|name| (name, Section::SOURCE_ONLY.to_owned())).collect();
                let section = section(self.program, &unit, &question, &pins, (&below, &self.answers.resolver.name()), unknown);
                self.sections.insert(key, section);
                false
            }
            Answer::Nothing(words) => self.repair(&unit, &question, words),
            Answer::Failed(words) | Answer::SourceOnly(_, words) => {
                let finding = undecided::not_decided(self.program, &unit, &words);
                let is_same = |known: &Diagnostic| known.message == finding.message && known.cells == finding.cells;
                if !self.found.iter().any(is_same) {
                    self.found.push(finding);
                }
                self.fail(&unit, words);
                self.undecided = true;
                false
            }
        }
    }

    /// Layers that can't share one below are one finding, however many pairs of them there are.
    fn together(&mut self, finding: Diagnostic) {
        match self.found.iter_mut().find(|known| known.code == finding.code && known.message == finding.message) {
            Some(known) => known.cells.extend(finding.cells.into_iter().filter(|cell| !known.cells.contains(cell)).collect::<Vec<_>>()),
            None => self.found.push(finding),
        }
    }

    fn fail(&mut self, unit: &Unit<'_>, words: String) {
        self.failed.insert(unit.key());
        if !self.words.contains(&words) {
            self.words.push(words);
        }
        let old = unit.section(self.program, &self.program.locks);
        self.sections.extend(old.map(|old| (unit.key(), old.clone())));
    }

    /// Looks for a parent whose packages can be others, so that this cell stands, too.
    fn repair(&mut self, unit: &Unit<'p>, question: &Question, words: String) -> bool {
        let key = unit.key();
        if self.demands.get(&key).is_some_and(|demands| !demands.is_empty()) {
            let mut alone = question.clone();
            alone.constraints.retain(|constraint| !self.demands.get(&key).into_iter().flatten().any(|demand| demand.says(constraint)));
            alone.kept.clear();
            if matches!(self.answers.of(&mut alone).0, Answer::Solved(_)) {
                let (found, apart) = apart::split(self, unit);
                for finding in found {
                    self.together(finding);
                }
                self.failed.extend(apart.iter().map(|cell| (*cell, unit.platform)));
                if !apart.is_empty() {
                    self.words.push(words);
                }
                return true;
            }
        }
        for parent in self.parents(unit, true) {
            if let Some(demand) = self.joint(&parent, unit) {
                self.demands.entry(parent.key()).or_default().push(demand);
                return true;
            }
        }
        self.found.push(explain::conflict(self, unit, &words));
        self.fail(unit, words);
        false
    }

    /// The units below, the nearest first, that this run may move, or those that it may not.
    pub(super) fn parents(&self, unit: &Unit<'p>, may: bool) -> Vec<Unit<'p>> {
        let stack = self.program.stack(unit.cell);
        let below = stack.into_iter().rev().skip(1);
        let of = |cell: CellId| self.units.iter().find(|one| one.cell == cell && one.platform == unit.platform);
        below.filter_map(of).filter(|parent| self.is_meant(parent) == may).cloned().collect()
    }

    /// What a cell needs of a parent, by one question of both; `None` where they don't fit, or where that was learnt already.
    fn joint(&self, parent: &Unit<'p>, unit: &Unit<'p>) -> Option<Demand> {
        let own = self.demands.get(&parent.key()).into_iter().flatten().filter(|demand| demand.from == unit.cell.0);
        let times = own.count();
        if times > 1 {
            return None;
        }
        let demand = self.needs(parent, unit)?;
        Some(if times == 0 { demand } else { demand.exact() })
    }

    /// What a cell needs of a parent.
    pub(super) fn needs(&self, parent: &Unit<'p>, unit: &Unit<'p>) -> Option<Demand> {
        let both = self.above(parent.cell, unit);
        let mut question = self.joint_question(parent, &[&both]);
        let Answer::Solved(pins) = self.answers.of(&mut question).0 else { return None };
        let above: Vec<&Package> = both.roots.iter().copied().filter(|entry| !parent.roots.contains(entry)).collect();
        Some(demand(parent, unit.cell.0, &above, &pins))
    }

    /// Whether a parent and all that is built on it can be resolved together.
    pub(super) fn suits_all(&self, parent: &Unit<'p>) -> bool {
        let is_above = |unit: &&Unit<'p>| {
            unit.platform == parent.platform && unit.cell != parent.cell && self.program.stack(unit.cell).contains(&parent.cell)
        };
        let all: Vec<Unit<'p>> = self.units.iter().filter(is_above).map(|unit| self.above(parent.cell, unit)).collect();
        matches!(self.answers.of(&mut self.joint_question(parent, &all.iter().collect::<Vec<_>>())).0, Answer::Solved(_))
    }

    /// A parent with what stands on it, in one question.
    pub(super) fn joint_question(&self, parent: &Unit<'p>, above: &[&Unit<'p>]) -> Question {
        let locks = self.locks();
        let below = self.ground(&locks).under(parent.cell, parent.platform);
        let mut all = parent.clone();
        for unit in above {
            all.roots.extend(unit.roots.iter().filter(|root| !parent.roots.contains(root)));
        }
        let mut question = Question::new(self.program, &all, &all.roots, &below);
        question.cut_off.clone_from(self.request.cut_off.as_ref().unwrap_or(&self.request.today));
        question.build = self.request.build;
        question
    }

    /// All entries from a cell up to another one, as one unit. What an entry overrides asks for nothing.
    pub(super) fn above(&self, from: CellId, unit: &Unit<'p>) -> Unit<'p> {
        let stack = self.program.stack(unit.cell);
        let mut all = Unit { roots: Vec::new(), ..unit.clone() };
        for cell in stack.into_iter().skip_while(|cell| *cell != from) {
            let own = Unit::of(self.program, cell, unit.platform, unit.lockable);
            let overridden: Vec<String> = own.overrides().map(str::to_owned).collect();
            all.roots.retain(|root| !overridden.contains(&root.normal));
            all.roots.extend(own.roots);
        }
        all
    }

    /// What has come of the run.
    pub(super) fn finish(self) -> Locked {
        let locks = self.locks();
        let mut findings = Findings::default();
        self.found.into_iter().for_each(|finding| findings.push(finding));
        let questions = self.answers.count();
        let waiting = self.waiting.into_iter().collect();
        Locked { locks, findings, undecided: self.undecided, words: self.words, questions, waiting }
    }
}
