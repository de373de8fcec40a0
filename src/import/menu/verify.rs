//! The proof of a menu: the compiled one is read as the original was, people see the same on both pages, and whatever can be picked
//! starts the same pod.

use super::find::{self, Site};
use super::keys;
use super::model::{Choices, Entry};
use super::pods::{Pick, Pod, picks};
use super::read;
use super::seen::{Fact, facts, slugs};
use crate::base::{FileId, Place};
use crate::check::Checked;
use crate::driver::Outcome;
use crate::emit::{Plan, plan};
use crate::import::request::{Compared, Verdict};
use crate::import::{RemarkKind, Work, count, repository};
use crate::ir::Chart;

/// A menu of the originals.
pub(in crate::import) struct Original {
    /// The hub that it is in the program.
    pub(super) hub: String,
    pub(super) site: Site,
}

/// Compares the menus of a program with the originals, which `work` has read.
pub(in crate::import) fn compare(work: &Work<'_>, originals: &[Original], compiled: &Outcome) -> Vec<Compared> {
    let Some(checked) = &compiled.checked else { return Vec::new() };
    let plan = plan(checked);
    let mut rows = Vec::new();
    for original in originals {
        let about = if original.hub == "hub" { "menu".to_owned() } else { format!("menu of {}", original.hub) };
        let (guarantee, fancy) = (original.site.guarantee(), original.site.is_fancy());
        let mut sides = Sides { work, checked, plan: &plan, about, chart: Chart::NEWEST, guarantee, fancy, rows: Vec::new() };
        match emitted(compiled, checked, original, originals.len() == 1) {
            Ok((chart, entries)) => {
                sides.chart = chart;
                sides.menus(&read::menu(&original.site.list, &mut Vec::new()), &entries);
            }
            Err(said) => sides.row(Verdict::Differs, said.to_owned()),
        }
        rows.extend(sides.rows);
    }
    rows
}

/// The menu that the program makes for a hub, and the chart of that.
fn emitted(compiled: &Outcome, checked: &Checked, original: &Original, alone: bool) -> Result<(Chart, Vec<Entry>), &'static str> {
    let program = checked.program();
    let named = program.hubs.iter().position(|hub| hub.name == original.hub);
    let only = (alone && program.hubs.len() == 1).then_some(0);
    let at = named.or(only).ok_or("no hub of the program has this name")?;
    let outputs = &program.outputs;
    let mut paths = outputs.configmaps.iter().chain(&outputs.values).filter(|output| output.hub == at).map(|output| &output.path);
    let artifact = paths.find_map(|path| compiled.artifacts.iter().find(|artifact| artifact.path == *path));
    let artifact = artifact.ok_or("no output of the program has this menu")?;
    let sites = find::sites(FileId::default(), &artifact.text).unwrap_or_default();
    let chart = program.hubs.get(at).map_or(Chart::NEWEST, |hub| hub.chart.value);
    Ok((chart, sites.first().map(|site| read::menu(&site.list, &mut Vec::new())).unwrap_or_default()))
}

/// An original and what it compiles to, under comparison.
struct Sides<'w, 'f> {
    work: &'w Work<'f>,
    checked: &'w Checked,
    plan: &'w Plan,
    about: String,
    chart: Chart,
    guarantee: Option<u64>,
    /// Whether jupyterhub-fancy-profiles draws the page.
    fancy: bool,
    rows: Vec<Compared>,
}

impl Sides<'_, '_> {
    fn row(&mut self, verdict: Verdict, said: String) {
        self.rows.push(Compared { verdict, about: self.about.clone(), said });
    }

    /// A difference that a remark at one of these places may say.
    fn differs(&mut self, places: &[Place], said: String) {
        let within = |place: Place, outer: &Place| {
            place.file == outer.file && outer.span.start <= place.span.start && place.span.start < outer.span.end.max(outer.span.start + 1)
        };
        let mut known =
            self.work.ledger.remarks.iter().filter(|remark| matches!(remark.kind, RemarkKind::Changed | RemarkKind::NotExpressible));
        let said_before = known.any(|remark| places.iter().any(|place| within(remark.place, place)));
        self.row(if said_before { Verdict::Remarked } else { Verdict::Differs }, said);
    }

    fn menus(&mut self, before: &[Entry], now: &[Entry]) {
        let (slugs, offered) = (slugs(before), slugs(now));
        for slug in offered.iter().filter(|slug| !slugs.contains(slug)) {
            self.row(Verdict::Differs, format!("the entry `{slug}` is new"));
        }
        let kept: Vec<&String> = slugs.iter().filter(|slug| offered.contains(slug)).collect();
        if !offered.iter().filter(|slug| slugs.contains(slug)).eq(kept.iter().copied()) {
            self.row(Verdict::Differs, "the entries are in another order".to_owned());
        }
        let default = |entries: &[Entry]| entries.iter().position(|entry| entry.common.default.is_some()).unwrap_or_default();
        let usual = slugs.get(default(before)).filter(|slug| offered.contains(slug));
        if usual.is_some() && usual != offered.get(default(now)) {
            self.row(Verdict::Differs, "another entry is the default".to_owned());
        }
        let mut pods = 0;
        for (slug, entry) in slugs.iter().zip(before) {
            match offered.iter().position(|other| other == slug).and_then(|at| now.get(at)) {
                Some(other) => pods += self.entry(slug, entry, other),
                None => self.row(Verdict::Differs, format!("the entry `{slug}` is not there now")),
            }
        }
        if self.rows.is_empty() {
            let same = if pods == 1 { "gives" } else { "give" };
            let said =
                format!("{}, {} {same} the same pod", count(before.len(), "entry", "entries"), count(pods, "combination", "combinations"));
            self.row(Verdict::Equal, said);
        }
    }

    /// Compares an entry; how many pods were compared.
    fn entry(&mut self, slug: &str, before: &Entry, now: &Entry) -> usize {
        let (was, is) = (facts(before, slug, self.fancy), facts(now, slug, self.fancy));
        let find = |all: &[Fact], fact: &Fact| all.iter().position(|other| other.about == fact.about && other.what == fact.what);
        let below = |about: &str, line: &str| about.strip_prefix(line).is_some_and(|rest| rest.is_empty() || rest.starts_with(','));
        let mut other_lines: Vec<String> = Vec::new();
        let new = is.iter().filter(|fact| find(&was, fact).is_none()).map(|fact| (fact, "", fact.value.as_str()));
        let old = was.iter().map(|fact| {
            let now = find(&is, fact).and_then(|at| is.get(at));
            (fact, fact.value.as_str(), now.map_or("", |now| now.value.as_str()))
        });
        for (fact, before, now) in old.chain(new) {
            // What is below other drop-downs and choices is another one.
            if same(fact.what, before, now) || other_lines.iter().any(|line| below(&fact.about, line)) {
                continue;
            }
            self.row(Verdict::Differs, format!("{}: {} now {}, before {}", fact.about, fact.what, shown(now), shown(before)));
            if matches!(fact.what, "drop-downs" | "choices" | "pattern") {
                other_lines.push(fact.about.clone());
            }
        }
        if !other_lines.is_empty() {
            return 0;
        }
        let all = picks(before);
        let mut told: Vec<String> = Vec::new();
        for pick in &all {
            self.pods(slug, (before, now), pick, &mut told);
        }
        all.len()
    }

    /// Compares the pods of a pick; what was told of an entry once is not told again.
    fn pods(&mut self, slug: &str, (before, now): (&Entry, &Entry), pick: &Pick, told: &mut Vec<String>) {
        let was = Pod::of(before, pick, self.chart, self.guarantee);
        let is = Pod::of(now, pick, self.chart, self.guarantee);
        let about = format!("entry `{slug}`{}", picked(before, pick));
        let mut news: Vec<(String, String)> = Vec::new();
        if !self.same_image(was.image, is.image) {
            let own = "the hub's own";
            let text = format!("its image is `{}`, and was `{}`", is.image.unwrap_or(own), was.image.unwrap_or(own));
            news.push(("image".to_owned(), text));
        }
        for name in was.traits.keys().chain(is.traits.keys().filter(|name| !was.traits.contains_key(*name))) {
            let (old, new) = (was.traits.get(name), is.traits.get(name));
            if old != new {
                let shown = |text: Option<&String>| shown(text.map_or("", String::as_str));
                news.push((name.clone(), format!("now {}, before {}", shown(new), shown(old))));
            }
        }
        for (name, said) in news {
            if told.contains(&said) {
                continue;
            }
            let places: Vec<Place> = was.places.iter().filter(|(other, _)| related(other, &name)).map(|(_, place)| *place).collect();
            self.differs(&places, format!("{about}: {said}"));
            told.push(said);
        }
    }

    /// Whether an image of the compiled menu is what the original named: the same reference, or the cell that is built in its place.
    fn same_image(&self, before: Option<&str>, now: Option<&str>) -> bool {
        let (Some(before), Some(now)) = (before, now) else { return before == now };
        let Some(layer) = keys::of_program(self.work, before) else {
            let path = repository(before);
            return before == now || path.to_lowercase() + before.get(path.len()..).unwrap_or_default() == now;
        };
        let (name, axes) = layer.split_once('(').unwrap_or((layer, ""));
        let program = self.checked.program();
        let last = |reference: &str| reference.rsplit('/').next().map(str::to_owned);
        program.cells().filter(|(id, _)| self.plan[*id].reference == now).any(|(_, cell)| {
            let kept = program[cell.image].name == name || last(&cell.repository) == last(repository(before));
            let mut wanted = axes.trim_end_matches(')').split(", ").filter_map(|axis| axis.split_once(" = "));
            kept && wanted.all(|(axis, value)| {
                let mut points = cell.axes.iter();
                points.any(|point| *point.axis == *axis && point.value.to_string() == value.trim_matches('"'))
            })
        })
    }
}

/// Whether a remark about one trait may be about another: a guarantee and its limit.
fn related(one: &str, other: &str) -> bool {
    let amount = |name: &str| ["cpu_", "mem_", "extra_resource_"].iter().position(|start| name.starts_with(start));
    one == other || amount(one).is_some() && amount(one) == amount(other)
}

/// Whether people see the same. The compiler puts a group around a whole pattern, and has a message of its own.
fn same(what: &str, before: &str, now: &str) -> bool {
    before == now || what == "pattern" && format!("(?:{before})") == now || what == "message" && before.is_empty()
}

/// A value in a sentence.
fn shown(value: &str) -> String {
    if value.is_empty() { "nothing".to_owned() } else { format!("`{value}`") }
}

/// What is picked of an entry, behind its name: `, accelerator = 01-cpu`.
fn picked(entry: &Entry, pick: &Pick) -> String {
    let line = |(option, line): (&Choices, &usize)| {
        let choice = option.lines.get(*line).map_or("its free text", |choice| choice.key.text.as_str());
        format!(", {} = {choice}", option.key.text)
    };
    entry.options.iter().zip(pick).map(line).collect()
}
