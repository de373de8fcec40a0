//! Instructions that another reader found, each with its place: in a folder of repo2docker, in the history of an image.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::context::Context;
use super::images::{Image, Parent};
use super::lists::List;
use super::read::Instruction;
use super::stage::Stage;
use super::state::{BINDER, State};
use super::steps::{Act, STATEMENT, Step};
use crate::base::Place;
use crate::import::{RemarkKind, Work};
use crate::requirements::MatchSpec;
use crate::versions::Scheme;

/// An instruction as a Dockerfile would have it.
#[derive(Clone, Debug)]
pub(in crate::import) struct Given {
    /// Where the original asks for it.
    pub(in crate::import) place: Place,
    /// `RUN`; `SET` for a statement of the language, empty where there is nothing but a remark.
    pub(in crate::import) word: &'static str,
    /// What is behind the word.
    pub(in crate::import) text: String,
    /// Comments within the text: each with the byte that it is above.
    pub(in crate::import) comments: Vec<(usize, String)>,
    /// Why packages are there, by their names.
    pub(in crate::import) reasons: Vec<(String, String)>,
    /// Packages that it asked for, by manager: names and versions.
    pub(in crate::import) asked: Vec<(&'static str, Vec<(String, String)>)>,
    /// The comments above it.
    pub(in crate::import) above: Vec<String>,
    /// What is to be said of it.
    pub(in crate::import) notes: Vec<(RemarkKind, String)>,
}

impl Given {
    /// An instruction without comments.
    pub(in crate::import) fn new(place: Place, word: &'static str, text: impl Into<String>) -> Self {
        Self {
            place,
            word,
            text: text.into(),
            comments: Vec::new(),
            reasons: Vec::new(),
            asked: Vec::new(),
            above: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Nothing but a remark.
    pub(in crate::import) fn note(place: Place, kind: RemarkKind, text: impl Into<String>) -> Self {
        Self { notes: vec![(kind, text.into())], ..Self::new(place, "", "") }
    }
}

/// An image as another reader describes it.
#[derive(Clone, Debug, Default)]
pub(in crate::import) struct Recipe {
    /// Its name in the program.
    pub(in crate::import) name: String,
    /// The folder or the file that it is made from.
    pub(in crate::import) path: String,
    /// The image that it is built on.
    pub(in crate::import) base: String,
    /// The image of the program that it is built on, if it is one of them.
    pub(in crate::import) parent: Option<String>,
    /// Where that is said.
    pub(in crate::import) place: Place,
    /// What it says of itself.
    pub(in crate::import) above: Vec<String>,
    /// What is done.
    pub(in crate::import) given: Vec<Given>,
    /// Files that are in the image from here on: by their path there, or of a folder the path with `/` behind.
    pub(in crate::import) placed: BTreeMap<String, String>,
    /// Accounts: the name, its number, that of its group, its home.
    pub(in crate::import) accounts: Vec<(String, u32, u32, String)>,
    /// Variables of the base.
    pub(in crate::import) env: BTreeMap<String, String>,
    /// What is installed in the end: versions by manager and name.
    pub(in crate::import) installed: BTreeMap<(String, String), String>,
}

/// Takes the version from a Python that the base does not have, and that a remark is about.
fn of_base(step: &mut Step, python: &str) {
    let Act::List(List { manager: "conda", items, .. }, _) = &mut step.act else { return };
    let minor = |version: &str| version.split('.').take(2).collect::<Vec<_>>().join(".");
    for item in items {
        let Some(constraint) = item.text.strip_prefix("python ") else { continue };
        let exact = constraint.trim_start_matches('=');
        let set = || MatchSpec::read(&format!("python{constraint}")).ok().and_then(|read| Scheme::Conda.set(&read.constraint).ok());
        let has = |version: String| set().is_none_or(|set| set.contains(&version).unwrap_or(true));
        let fits = if exact.len() < constraint.len() { minor(exact) == python || !exact.contains('.') } else { has(format!("{python}.1")) };
        if !fits {
            "python".clone_into(&mut item.text);
        }
    }
}

/// Reads the instructions as those of a Dockerfile are read.
pub(in crate::import) fn image(work: &mut Work<'_>, recipe: Recipe, images: &[Image]) -> Image {
    let Recipe { name, path, base, parent, place, above, given, placed, accounts, env, installed } = recipe;
    let below = parent.and_then(|parent| images.iter().position(|image| image.name == parent));
    let mut before = match below.and_then(|at| images.get(at)) {
        Some(image) => image.after.child(),
        None if env.is_empty() => State::of(&base),
        None => State { env, ..State::of(&base) },
    };
    before.placed.extend(placed);
    before.know(accounts);
    let work = RefCell::new(work);
    let context = Context { work: &work, folders: vec![path.clone(), String::new()] };
    let (texts, inside) = (|path: &str| context.text(path), |source: &str| context.path(source));
    let file_at = |path: &str| context.file(path);
    let mut stage = Stage::new(place.file, before.clone(), (&texts, &inside, &file_at));
    let instructions = given.iter().filter(|one| !one.word.is_empty()).count();
    for mut one in given {
        let at = stage.steps.len();
        let (user, place) = (stage.state.user.clone(), one.place);
        take(&mut stage, &mut one, &user);
        let missing = missing(stage.steps.get(at..).unwrap_or_default(), &one.asked);
        if !missing.is_empty() {
            provide(&mut stage.steps, at, &missing, place, &user);
        }
        for (package, reason) in one.reasons {
            reason_of(stage.steps.get_mut(at..).unwrap_or_default(), &package, &reason);
        }
        match stage.steps.get_mut(at) {
            Some(first) => first.notes.splice(0..0, one.notes).for_each(drop),
            None if one.notes.is_empty() => {}
            None => stage.steps.push(Step { act: Act::Nothing, user, place, above: Vec::new(), notes: one.notes }),
        }
    }
    let Stage { mut steps, state: after, mut written, installs, .. } = stage;
    if let Some(python) = base.strip_prefix(BINDER).and_then(|tag| tag.strip_prefix(":py")) {
        for step in &mut steps {
            of_base(step, python);
        }
    }
    written += super::consumed::without(&mut steps, &after);
    super::folders::without_folders(&mut steps);
    let parent = below.map_or(Parent::Base(base), Parent::Image);
    Image {
        base: name.clone(),
        name,
        path,
        stage: None,
        last: true,
        args: Vec::new(),
        parent,
        from: place,
        above,
        steps,
        before,
        after,
        internal: false,
        instructions,
        written,
        installs,
        installed,
    }
}

/// Takes one instruction into a stage.
fn take(stage: &mut Stage<'_>, one: &mut Given, user: &str) {
    let (place, text, above) = (one.place, std::mem::take(&mut one.text), std::mem::take(&mut one.above));
    match one.word {
        "" => {}
        "SET" => {
            let act = Act::Setting(STATEMENT, text.clone(), text);
            stage.steps.push(Step { act, user: user.to_owned(), place, above, notes: Vec::new() });
        }
        word => {
            stage.file = place.file;
            let comments = std::mem::take(&mut one.comments);
            stage.instruction(&Instruction { word: word.to_owned(), text, comments, above, documents: Vec::new(), span: place.span });
        }
    }
}

/// Writes a reason behind an entry.
fn reason_of(steps: &mut [Step], package: &str, reason: &str) {
    for step in steps {
        let Act::List(list, _) = &mut step.act else { continue };
        let named = |text: &str| text.split([' ', '[']).next().is_some_and(|name| name.trim_matches('"') == package);
        if let Some(item) = list.items.iter_mut().find(|item| named(&item.text)) {
            item.because = Some(reason.to_owned());
        }
    }
}

/// Packages that were asked for and are in no list of these steps: entries by manager.
fn missing(steps: &[Step], asked: &[(&'static str, Vec<(String, String)>)]) -> Vec<(&'static str, Vec<String>)> {
    let mut all = Vec::new();
    for (manager, packages) in asked {
        let scheme = if *manager == "pip" { Scheme::Pep440 } else { Scheme::Debian };
        let normal = |name: &str| scheme.normalize_name(name.rsplit("::").next().unwrap_or(name).trim_matches('"'));
        let lists = steps.iter().filter_map(|step| match &step.act {
            Act::List(list, _) if list.manager == *manager => Some(&list.items),
            _ => None,
        });
        let known: Vec<String> = lists.flatten().map(|item| normal(item.text.split([' ', '[']).next().unwrap_or_default())).collect();
        let left: Vec<String> = packages
            .iter()
            .filter(|(name, _)| !known.contains(&normal(name)))
            .map(|(name, version)| {
                let plain = super::lists::name(name);
                if matches!(*manager, "pip" | "conda") { format!("{plain} {version}") } else { plain }
            })
            .collect();
        if !left.is_empty() {
            all.push((*manager, left));
        }
    }
    all
}

/// Says what a command leaves; where there is none, a remark does.
fn provide(steps: &mut Vec<Step>, at: usize, missing: &[(&'static str, Vec<String>)], place: Place, user: &str) {
    let lists: Vec<String> = missing.iter().map(|(manager, entries)| format!("{manager} {{ {} }}", entries.join("  "))).collect();
    let script = steps.get_mut(at..).unwrap_or_default().iter_mut().rev().find_map(|step| match &mut step.act {
        Act::Run(script) => Some(script),
        _ => None,
    });
    if let Some(script) = script {
        script.provides = format!(" provides {{ {} }}", lists.join("  "));
        return;
    }
    let words = format!("its layer was asked for more than its lists name: `{}`", lists.join(" "));
    let note = (RemarkKind::Decide, words);
    match steps.get_mut(at) {
        Some(first) => first.notes.push(note),
        None => steps.push(Step { act: Act::Nothing, user: user.to_owned(), place, above: Vec::new(), notes: vec![note] }),
    }
}
