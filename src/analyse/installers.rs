//! How package managers work, as `installer` definitions say it; the standard ones are written in jenv, too.

use std::rc::Rc;

use super::context::Context;
use super::definitions::UnitId;
use super::fields::Fields;
use super::manager::{InstallOption, Installer};
use super::parts::Parts;
use super::scope::Scope;
use crate::base::IndexMap;
use crate::diagnostics::{Diagnostic, known};
use crate::ir::{Ecosystem, RunAs, Segments, ShellPart, ShellText};
use crate::syntax::ast::{Keyword, Part, Phrase, Statement, Text, TextPart, Value};
use crate::syntax::words::Room;
use crate::versions::Scheme;

const TEMPLATES: [&str; 20] = [
    "command",
    "item",
    "git",
    "url",
    "path",
    "file",
    "create_from",
    "update_from",
    "upgrade",
    "pinned",
    "hold",
    "release",
    "verify",
    "constraint",
    "locked",
    "recommends",
    "bootstrap",
    "create",
    "within",
    "system",
];
const SCHEMES: [&str; 7] = ["pep440", "conda", "debian", "rpm", "semver", "julia", "r"];

impl<'a> Context<'a> {
    /// The installer of this name; it is read once.
    pub(crate) fn installer(&self, name: &str) -> Option<Rc<Installer<'a>>> {
        if let Some(known) = self.installers.borrow().get(name) {
            return known.clone();
        }
        let installer = read(self, name).map(Rc::new);
        self.installers.borrow_mut().insert(name.to_owned(), installer.clone());
        installer
    }

    /// Reads the installers of the program, whether or not something uses them.
    pub(crate) fn check_installers(&self) {
        for (_, def) in self.names.all().filter(|(_, def)| def.node.keyword.node == Keyword::Installer) {
            self.installer(def.name);
        }
    }
}

fn read<'a>(cx: &Context<'a>, name: &str) -> Option<Installer<'a>> {
    let def = cx.names.installer(name)?;
    let scope = Scope::new(def.unit);
    let block = &def.node.body;
    let fields = Fields::read(cx, &scope, Room::Installer, block);
    let complete = fields.require("versions", "\"pep440\"")
        & fields.require("command", "\"pip install\"")
        & fields.require("item", "\"{{ name }}{{ constraint }}\"");
    if !complete {
        return None;
    }
    let scheme = Scheme::find(fields.word("versions", &SCHEMES)?)?;
    let ecosystem = fields.word("ecosystem", &Ecosystem::ALL.map(Ecosystem::as_str)).and_then(Ecosystem::find).unwrap_or(Ecosystem::Pypi);
    let run_as = if fields.word("as", &["user", "root"]) == Some("root") { RunAs::Root } else { RunAs::User };
    let mut templates = IndexMap::default();
    for field in TEMPLATES {
        if let Some(tree) = fields.tree(field) {
            templates.extend(template(cx, def.unit, field, tree).map(|text| (field, text)));
        }
    }
    let mut enable = IndexMap::default();
    if let Some(Value::Map(map)) = fields.tree("enable") {
        for field in &map.fields {
            enable.extend(template(cx, def.unit, "enable", &field.value).map(|text| (field.key.text.clone(), text)));
        }
    }
    let options = block
        .statements
        .iter()
        .filter_map(|statement| if let Statement::Phrase(phrase) = statement { option(cx, def.unit, phrase) } else { None })
        .collect();
    Some(Installer {
        name: Rc::from(name),
        unit: def.unit,
        scheme,
        ecosystem,
        run_as,
        before: list(cx, def.unit, &fields, "before"),
        after: list(cx, def.unit, &fields, "after"),
        templates,
        enable,
        options,
    })
}

fn template<'a>(cx: &Context<'_>, unit: UnitId, field: &str, tree: &'a Value) -> Option<&'a Text> {
    if let Value::Text(text) = tree {
        return Some(text);
    }
    cx.report(Diagnostic::new(&known::WRONG_TYPE, cx.place(unit, tree.span()), format!("`{field}` takes a text in quotes")));
    None
}

/// The commands of a field: one, or a list of them.
fn list<'a>(cx: &Context<'_>, unit: UnitId, fields: &Fields<'_, 'a>, field: &str) -> Vec<&'a Text> {
    match fields.tree(field) {
        Some(Value::List(list)) => list.items.iter().filter_map(|item| template(cx, unit, field, item)).collect(),
        Some(other) => template(cx, unit, field, other).into_iter().collect(),
        None => Vec::new(),
    }
}

/// `option index(url) { flag = "--index-url {{ url }}" }`.
fn option<'a>(cx: &Context<'a>, unit: UnitId, phrase: &'a Phrase) -> Option<(String, InstallOption<'a>)> {
    phrase.head.as_ref().filter(|head| head.node == "option")?;
    let mut parts = Parts::of(cx, unit, phrase);
    let (name, parameters) = match parts.next() {
        Some(Part::Word(name)) => (name.node.clone(), Vec::new()),
        Some(Part::Value(Value::Reference(reference))) => {
            let names = reference
                .arguments
                .iter()
                .flatten()
                .filter_map(|argument| if let Value::Reference(name) = &argument.value { Some(name.path.node.clone()) } else { None });
            (reference.path.node.clone(), names.collect())
        }
        _ => {
            parts.missing("the word of the option");
            return None;
        }
    };
    let Some(block) = parts.block() else {
        parts.missing("`{ flag = \"…\" }`");
        return None;
    };
    let fields = Fields::read(cx, &Scope::new(unit), Room::InstallerOption, block);
    let (before, after) = (list(cx, unit, &fields, "before"), list(cx, unit, &fields, "after"));
    if before.is_empty() && after.is_empty() {
        fields.require("flag", "\"--flag {{ value }}\"").then_some(())?;
    }
    let flag = fields.tree("flag").and_then(|tree| template(cx, unit, "flag", tree));
    Some((name, InstallOption { parameters, flag, before, after }))
}

/// The variables of a template: as texts, or in pieces.
pub(crate) type Variables<'v> = &'v [(&'v str, Variable<'v>)];

/// The value of a variable.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Variable<'v> {
    /// A text.
    Text(&'v str),
    /// In pieces.
    Pieces(&'v Segments),
    /// Shell text between double quotes: it may name variables of the image.
    Shell(&'v ShellText),
}

impl Variable<'_> {
    fn plain(self) -> String {
        match self {
            Self::Text(text) => text.to_owned(),
            Self::Pieces(segments) => segments.plain(),
            Self::Shell(text) => text.plain(),
        }
    }
}

impl Installer<'_> {
    /// The scope of its templates: the variables as texts.
    fn scope(&self, variables: Variables<'_>) -> Scope<'static> {
        let mut scope = Scope::new(self.unit);
        scope.parameters = variables.iter().map(|(name, value)| ((*name).to_owned(), super::value::Val::Text(value.plain()))).collect();
        scope
    }

    /// A template that makes one word of the command.
    pub(crate) fn word(&self, cx: &Context<'_>, template: &Text, variables: Variables<'_>) -> Option<Segments> {
        let mut word = Segments::default();
        for part in &template.parts {
            match part {
                TextPart::Literal(text) => word.push_literal(text),
                TextPart::Interpolation(expression) => match variables.iter().find(|(name, _)| *name == expression.node) {
                    Some((_, Variable::Text(text))) => word.push_literal(text),
                    Some((_, Variable::Pieces(pieces))) => word.extend(pieces),
                    Some((_, Variable::Shell(text))) => word.push_literal(&text.plain()),
                    None => word.push_literal(&self.scope(variables).interpolate(cx, expression)?),
                },
            }
        }
        Some(word)
    }

    /// A template that is shell text; what stands in `{{ }}` becomes a word that is quoted.
    pub(crate) fn shell(&self, cx: &Context<'_>, template: &Text, variables: Variables<'_>) -> Option<ShellText> {
        let mut parts = Vec::new();
        for part in &template.parts {
            parts.push(match part {
                TextPart::Literal(text) => ShellPart::Raw(text.clone()),
                TextPart::Interpolation(expression) => match variables.iter().find(|(name, _)| *name == expression.node) {
                    Some((_, Variable::Text(text))) => ShellPart::Word(Segments::literal(*text)),
                    Some((_, Variable::Pieces(pieces))) => ShellPart::Word((*pieces).clone()),
                    Some((_, Variable::Shell(text))) => {
                        parts.extend(text.0.iter().cloned());
                        continue;
                    }
                    None => ShellPart::Word(Segments::literal(self.scope(variables).interpolate(cx, expression)?)),
                },
            });
        }
        Some(ShellText(parts))
    }
}
