//! What a block of the menu says in one cell: a profile, a choice, a free text, a hub's defaults. Each has its fields; all
//! are read into one [`Draft`].

use std::rc::Rc;

use super::draft::{Draft, Reader};
use super::{images, kept, options, settings, values};
use crate::analyse::condition::{self, Asked};
use crate::analyse::definitions::UnitId;
use crate::analyse::fields::{self, Fields};
use crate::analyse::known_versions;
use crate::analyse::reads::Axes;
use crate::analyse::scope::{PackageVersion, Scope};
use crate::diagnostics::{Diagnostic, known};
use crate::ir::{AxisPoint, Located, Override, Platform, Settings};
use crate::syntax::ast::{Block, Part, Phrase, Statement, Value};
use crate::syntax::words::Room;
use crate::versions::{Constraint, Op};

impl<'a> Reader<'_, 'a> {
    /// What the blocks say, later ones winning.
    pub(super) fn read(&self, room: Room, blocks: impl IntoIterator<Item = (UnitId, &'a Block)>) -> Draft {
        let mut draft = Draft::default();
        let packages = |name: &str| self.version_of(name);
        for (unit, block) in blocks {
            let mut scope = Scope::of_cell(unit, Axes::noted(&self.axes, &self.reads));
            scope.names.push(("name", self.name.to_owned()));
            scope.packages = Some(&packages);
            self.block(&scope, room, block, &mut draft);
        }
        draft
    }

    /// The version of a package in the image.
    fn version_of(&self, name: &str) -> PackageVersion {
        let Some(parent) = self.parent else { return PackageVersion::Missing(Vec::new()) };
        self.reads.note_all();
        known_versions::of(self.built, parent, name)
    }

    /// Reads a block into a draft.
    pub(super) fn block(&self, scope: &Scope<'_>, room: Room, block: &'a Block, draft: &mut Draft) {
        let cx = self.cx;
        let fields = Fields::read(cx, scope, room, block);
        self.fields(scope, &fields, draft);
        let outer = std::mem::take(&mut draft.settings);
        settings::read(cx, scope, &fields, &mut draft.settings);
        for statement in &block.statements {
            match statement {
                Statement::When(when) => {
                    let python = match self.version_of("python") {
                        PackageVersion::Known(version) => Some(Constraint::of(Op::Bare, version)),
                        _ => None,
                    };
                    let asked = Asked { domains: &self.domains, axes: Axes::default(), python: python.as_ref(), marker: false };
                    let holds = condition::holds(cx, scope, &asked, &when.condition, &Platform::ALL);
                    if holds.is_some_and(|platforms| !platforms.is_empty()) {
                        self.block(scope, room, &when.body, draft);
                    }
                }
                Statement::Phrase(phrase) => self.phrase(scope, room, phrase, draft),
                Statement::Field(_) | Statement::List(_) | Statement::From(_) => {}
            }
        }
        draft.settings = draft.settings.over(&outer);
    }

    fn fields(&self, scope: &Scope<'_>, fields: &Fields<'_, 'a>, draft: &mut Draft) {
        let text = |name: &str, into: &mut Option<Located<String>>| {
            if let Some(text) = fields.text(name) {
                *into = Some(Located::new(text, fields.place(name)));
            }
        };
        text("title", &mut draft.title);
        text("description", &mut draft.description);
        text("slug", &mut draft.slug);
        text("in_choices", &mut draft.in_choices);
        text("match", &mut draft.pattern);
        text("message", &mut draft.message);
        if let Some(default) = fields.boolean("default") {
            draft.default = default.then(|| fields.place("default"));
        }
        if let Some(keep) = kept::count(self.cx, fields) {
            draft.keep = Some(keep);
        }
        for (name, into) in [("groups", &mut draft.groups), ("renamed_from", &mut draft.renamed_from)] {
            if let Some(texts) = fields.texts(name) {
                *into = texts.into_iter().map(|text| Located::new(text, fields.place(name))).collect();
            }
        }
        if let Some(tree) = fields.tree("choose") {
            draft.choose = self.axes_of(scope, tree);
        }
        if let Some(tree) = fields.tree("image") {
            draft.image = images::read(self, scope, tree);
        }
    }

    /// `[python, variant]`, or one name.
    fn axes_of(&self, scope: &Scope<'_>, tree: &Value) -> Option<Vec<Located<String>>> {
        let items = if let Value::List(list) = tree { list.items.as_slice() } else { std::slice::from_ref(tree) };
        let mut all: Vec<Located<String>> = Vec::new();
        for item in items {
            let place = self.cx.place(scope.unit, item.span());
            let Value::Reference(reference) = item else {
                self.cx.report(
                    Diagnostic::new(&known::WRONG_TYPE, place, "`choose` takes the names of axes")
                        .help("write `choose = [python]`, without quotes"),
                );
                return None;
            };
            let name = &reference.path.node;
            if let Some(first) = all.iter().find(|known| known.value == *name) {
                let finding = Diagnostic::new(&known::AXIS_TWICE, place, format!("`choose` has `{name}` twice"));
                self.cx.report(finding.here("this one").also(first.place, "the first one").help("leave one of them out"));
                continue;
            }
            all.push(Located::new(name.clone(), place));
        }
        Some(all)
    }

    /// `option`, `unlisted`, `override`, as far as the room has them.
    fn phrase(&self, scope: &Scope<'_>, room: Room, phrase: &'a Phrase, draft: &mut Draft) {
        let word = phrase.head.as_ref().map_or("", |head| head.node.as_str());
        if room.statement(word).is_none() {
            return;
        }
        match word {
            "override" => self.overrides(scope, phrase, &mut draft.settings),
            "option" => draft.options.extend(options::option(self, scope, phrase)),
            "unlisted" => draft.unlisted.extend(options::unlisted(self, scope, phrase)),
            _ => {}
        }
    }

    /// `override { cmd = ["start.sh"] }`
    fn overrides(&self, scope: &Scope<'_>, phrase: &Phrase, settings: &mut Settings) {
        let [Part::Block(block)] = phrase.parts.as_slice() else {
            let place = self.cx.place(scope.unit, phrase.span);
            self.cx.report(
                Diagnostic::new(&known::MISSING_PART, place, "`override` takes traits of KubeSpawner in braces")
                    .help("write `override { start_timeout = 600 }`"),
            );
            return;
        };
        fields::only_fields(self.cx, scope.unit, "`override`", block);
        for statement in &block.statements {
            let Statement::Field(field) = statement else { continue };
            let name = Located::new(field.key.text.clone(), self.cx.place(scope.unit, field.key.span));
            if let Some(value) = values::read(self.cx, scope, &field.value) {
                settings.overrides.push(Override { name, value });
            }
        }
    }
}

/// The axis that a hub is in the texts and conditions of its menu.
pub(super) fn hub_axis(name: &str) -> AxisPoint {
    AxisPoint { axis: Rc::from("hub"), value: Rc::from(name), short: Rc::from("") }
}
