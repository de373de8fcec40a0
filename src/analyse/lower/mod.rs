//! The statements of a stack's bodies → the steps of one cell: conditions decided, fragments unfolded, texts put in.

mod accounts;
mod environment;
mod files;
mod finish;
mod folders;
mod hooks;
mod images;
mod include;
mod installs;
mod meta;
mod mounts;
mod packages;
mod pins;
mod prefixes;
mod programs;
mod secrets;
mod shell;
mod state;
mod taken;
mod texts;
mod variables;
mod walk;

pub(crate) use folders::is_everywhere;
pub(crate) use images::{Existing, Info};
pub(crate) use state::State;
pub(crate) use walk::Job;
pub(super) use walk::{Output, Walk};

use std::rc::Rc;

use super::condition::{self, Asked};
use super::context::Context;
use super::definitions::{Def, DefId, UnitId};
use super::parts::Parts;
use super::reads::Axes;
use super::scope::Scope;
use crate::base::{Place, Span};
use crate::diagnostics::{Diagnostic, known};
use crate::ir::{Member, Only, Package, Platform, Requirement, RunAs, Step, StepKind, Via};
use crate::syntax::ast::{Block, Part, Phrase, Statement};

/// The most steps that one cell may have, fragments unfolded.
pub(crate) const MAX_STEPS: usize = 5_000;
/// How deep fragments may include each other.
pub(crate) const MAX_DEPTH: usize = 64;

/// What came of a cell.
#[derive(Debug)]
pub(crate) struct Lowered<'a> {
    /// Its own steps.
    pub(crate) steps: Vec<Step>,
    /// What they ask for.
    pub(crate) packages: Vec<Package>,
    /// What bounds others that they may bring.
    pub(crate) bounds: Vec<Package>,
    /// What must hold underneath.
    pub(crate) requirements: Vec<Requirement>,
    /// The layers and fragments that have come in, in order.
    pub(crate) members: Vec<Member>,
    /// What its children inherit.
    pub(crate) state: State,
    /// The blocks of its `profile` statements.
    pub(crate) profiles: Vec<(UnitId, &'a Block)>,
}

/// Lowers the bodies of a node for one cell.
pub(crate) fn lower<'a>(cx: &Context<'a>, job: &Job<'_, 'a>, state: State, existing: &mut Existing) -> Lowered<'a> {
    let mut walk = Walk {
        cx,
        job,
        existing,
        state,
        platforms: job.platforms.to_vec(),
        via: None,
        body: job.node.name.clone(),
        including: Vec::new(),
        out: Output::default(),
    };
    for id in &job.node.bodies {
        let Some(def) = cx.names.get(*id) else { continue };
        walk.body_of(def, *id == job.node.def);
    }
    walk.write_all_pins();
    walk.homeless();
    let Output { steps, packages, bounds, requirements, members, profiles, .. } = walk.out;
    Lowered { steps, packages, bounds, requirements, members, state: walk.state, profiles }
}

/// The `profile` blocks at the top of a definition, for an environment that is no image of its own.
pub(crate) fn profile_blocks<'a>(cx: &Context<'a>, id: DefId) -> Vec<(UnitId, &'a Block)> {
    let Some(def) = cx.names.get(id) else { return Vec::new() };
    let phrases =
        def.node.body.statements.iter().filter_map(|statement| if let Statement::Phrase(phrase) = statement { Some(phrase) } else { None });
    let profiles = phrases.filter(|phrase| phrase.head.as_ref().is_some_and(|head| head.node == "profile"));
    profiles
        .filter_map(|phrase| {
            phrase.parts.iter().find_map(|part| if let Part::Block(block) = part { Some((def.unit, block)) } else { None })
        })
        .collect()
}

impl<'a> Walk<'_, 'a> {
    /// The statements of a definition: its own name in scope.
    fn body_of(&mut self, def: Def<'a>, own: bool) {
        let mut scope = Scope::of_cell(def.unit, self.job.axes);
        scope.names.push(("name", self.job.node.name.clone()));
        self.enter(def.name, self.cx.place_of(def));
        def.name.clone_into(&mut self.body);
        let before = self.via.clone();
        if !own {
            self.via = Some(Rc::new(Via { text: format!("layer {}", def.name), origin: self.cx.place_of(def) }));
        }
        self.out.mergeable = None;
        self.block(&scope, &def.node.body);
        self.out.mergeable = None;
        self.via = before;
    }

    /// Notes that a definition is in the stack from here on.
    pub(super) fn enter(&mut self, name: &str, origin: Place) {
        if self.state.enter(name) {
            self.out.members.push(Member { name: name.to_owned(), origin });
        }
    }

    /// The statements of a block, in order.
    pub(super) fn block(&mut self, scope: &Scope<'_>, block: &'a Block) {
        for statement in &block.statements {
            if self.out.full {
                return;
            }
            if self.cx.is_foreign(|| self.place(scope, statement.span())) {
                continue;
            }
            match statement {
                Statement::Field(field) if field.key.text == "prefix" && !self.is_image() => self.prefix(scope, field),
                // Read where the image as a whole is read.
                Statement::From(_) | Statement::Field(_) => {}
                Statement::List(list) => self.list(scope, list),
                Statement::When(when) => {
                    if let Some(platforms) = self.condition(scope, &when.condition) {
                        self.under(platforms, |walk| walk.block(scope, &when.body));
                    }
                }
                Statement::Phrase(phrase) => self.phrase(scope, phrase),
            }
        }
    }

    fn phrase(&mut self, scope: &Scope<'_>, phrase: &'a Phrase) {
        let word = phrase.head.as_ref().map_or("", |head| head.node.as_str());
        match word {
            "variant" => self.variant(scope, phrase),
            "include" => self.include(scope, phrase),
            "after" => self.after(scope, phrase),
            "run" => self.run(scope, phrase),
            "build" => self.build(scope, phrase),
            "copy" => self.copy(scope, phrase),
            "file" => self.written(scope, phrase),
            "folder" => self.folders(scope, phrase),
            "fetch" => self.fetch(scope, phrase),
            "env" => self.env(scope, phrase),
            "path" => self.path(scope, phrase),
            "arg" => self.arg(scope, phrase),
            "user" => self.user(scope, phrase),
            "workdir" => self.workdir(scope, phrase),
            "shell" | "entrypoint" | "cmd" => self.exec(scope, phrase, word),
            "expose" => self.expose(scope, phrase),
            "healthcheck" => self.healthcheck(scope, phrase),
            "label" => self.label(scope, phrase),
            "authors" => self.authors(scope, phrase),
            "hooks" => self.hooks(scope, phrase),
            "hook" => self.hook(scope, phrase),
            "finish" => self.finish(scope, phrase),
            "tool" => self.tool(scope, phrase),
            "credential" => self.credential(scope, phrase),
            "tags" => self.tags(scope, phrase),
            "test" => self.test(scope, phrase),
            "profile" => self.profile(scope, phrase),
            // Axes and settings are read with the image as a whole; unknown words are reported by the check of words.
            _ => {}
        }
    }

    /// Whether the statements are facts of an existing image.
    fn is_image(&self) -> bool {
        self.including.is_empty()
            && self.cx.names.get(self.job.node.def).is_some_and(|def| def.node.keyword.node == crate::syntax::ast::Keyword::Image)
    }

    /// What conditions may ask about in this cell.
    pub(super) fn asked(&self) -> Asked<'_> {
        self.asked_in(self.state.active.as_deref())
    }

    /// The same of an environment: of conda's by its name, of the operating system's as `system`.
    pub(super) fn asked_in(&self, environment: Option<&str>) -> Asked<'_> {
        let axes = if environment.is_none() { self.job.axes } else { Axes::default() };
        Asked { domains: self.job.domains, axes, python: self.state.python.get(environment.unwrap_or_default()), marker: false }
    }

    /// The platforms for which a condition holds, of those at hand.
    fn condition(&self, scope: &Scope<'_>, condition: &crate::syntax::ast::Condition) -> Option<Vec<Platform>> {
        condition::holds(self.cx, scope, &self.asked(), condition, &self.platforms)
    }

    /// Does something for some platforms only; nothing where there are none.
    pub(super) fn under(&mut self, platforms: Vec<Platform>, act: impl FnOnce(&mut Self)) {
        if platforms.is_empty() {
            return;
        }
        let before = std::mem::replace(&mut self.platforms, platforms);
        act(self);
        self.platforms = before;
    }

    /// The platforms at hand as a restriction.
    pub(super) fn only(&self) -> Only {
        (self.platforms.len() < self.job.platforms.len()).then(|| self.platforms.clone())
    }

    /// The place of a span.
    pub(super) fn place(&self, scope: &Scope<'_>, span: Span) -> Place {
        self.cx.place(scope.unit, span)
    }

    /// Adds a step.
    pub(super) fn step(&mut self, origin: Place, run_as: RunAs, kind: StepKind) {
        self.out.mergeable = None;
        self.push(Step { kind, run_as, only: self.only(), origin, via: self.via.clone(), comment: None });
    }

    /// Adds a step as it is, within the limit.
    pub(super) fn push(&mut self, step: Step) {
        self.insert(self.out.steps.len(), step);
    }

    /// Adds a step at a place among those that are there, within the limit.
    pub(super) fn insert(&mut self, at: usize, step: Step) {
        if self.out.steps.len() >= MAX_STEPS {
            self.out.full = true;
            self.cx.report(
                Diagnostic::new(&known::TOO_MANY_STEPS, step.origin, format!("`{}` has more than {MAX_STEPS} steps", self.job.node.name))
                    .here("here the limit is reached")
                    .help("look for a fragment that is included for a long list, or split the image"),
            );
            return;
        }
        self.out.steps.insert(at, step);
    }

    /// `variant cuda12 { … }` and `variant accelerator { cpu { … } … }`: the statements of this cell's value.
    fn variant(&mut self, scope: &Scope<'_>, phrase: &'a Phrase) {
        for axis in self.job.own {
            let Some(body) = axis.body_at(self.job.axes, scope.unit, phrase.span) else { continue };
            let value = self.job.axes.value(&axis.name).unwrap_or_default();
            let via = Via { text: format!("{} {value}", axis.name), origin: self.place(scope, phrase.span) };
            let before = self.via.replace(Rc::new(via));
            self.block(scope, body);
            self.via = before;
        }
    }

    fn profile(&mut self, scope: &Scope<'_>, phrase: &'a Phrase) {
        let mut parts = Parts::of(self.cx, scope.unit, phrase);
        match parts.block() {
            Some(block) => self.out.profiles.push((scope.unit, block)),
            None => parts.missing("fields in braces"),
        }
        parts.finish();
    }
}
