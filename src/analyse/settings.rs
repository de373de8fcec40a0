//! What a definition says about its image as a whole: where it goes and how CI treats it.

use super::context::Context;
use super::definitions::Def;
use super::fields::Fields;
use super::graph::Node;
use super::holding::AtPoint;
use super::parts::Parts;
use super::scope::Scope;
use super::{references, typed};
use crate::diagnostics::{Diagnostic, known};
use crate::ir::{Allow, CiPolicy, Platform, Project};
use crate::syntax::ast::{Block, Part, Phrase, Statement, Value};
use crate::syntax::words::Room;

/// The settings of one image.
#[derive(Clone, Debug)]
pub(crate) struct ImageSettings {
    /// The title label.
    pub(crate) title: String,
    /// The description label.
    pub(crate) description: Option<String>,
    /// The platforms, where the definition says its own.
    pub(crate) platforms: Option<Vec<Platform>>,
    /// The CI policy.
    pub(crate) ci: CiPolicy,
    /// Whether it gets further tags.
    pub(crate) publish: bool,
    /// Whether it installs from its lock, where the definition says so itself.
    pub(crate) locked: Option<bool>,
}

/// What `install` takes.
pub(crate) const INSTALL: [&str; 2] = ["locked", "constraints"];

/// Reads the settings of a node from its definition.
pub(crate) fn image(cx: &Context<'_>, node: &Node) -> ImageSettings {
    let mut settings = ImageSettings {
        title: node.name.clone(),
        description: None,
        platforms: None,
        ci: CiPolicy::default(),
        publish: true,
        locked: None,
    };
    let Some(def) = cx.names.get(node.def) else { return settings };
    let name = if node.prefix { node.name.as_str() } else { def.name };
    let mut scope = Scope::new(def.unit);
    scope.names.push(("name", name.to_owned()));
    let block = &def.node.body;
    for statement in &block.statements {
        if let Statement::Field(field) = statement {
            match field.key.text.as_str() {
                "platforms" => settings.platforms = typed::platforms(cx, &scope, "platforms", &field.value),
                "install" => settings.locked = typed::word(cx, &scope, "install", &field.value, &INSTALL).map(|word| word == "locked"),
                "description" if !node.prefix => settings.description = typed::text(cx, &scope, "description", &field.value),
                "title" if !node.prefix => settings.title = typed::text(cx, &scope, "title", &field.value).unwrap_or(settings.title),
                _ => {}
            }
        }
    }
    (settings.ci, settings.publish) = policy(cx, &scope, block);
    settings
}

/// Registry and repository of a cell: what the definition says there, else the project's pattern.
pub(crate) fn repository<'a>(cx: &Context<'a>, project: &Project, node: &Node, point: &AtPoint<'_, 'a>) -> String {
    let Some(def) = cx.names.get(node.def) else { return project.registry.clone() };
    let name = if node.prefix { node.name.as_str() } else { def.name };
    let mut scope = Scope::of_cell(def.unit, point.axes);
    scope.names.push(("name", name.to_owned()));
    let block = &def.node.body;
    let mut own = None;
    if !node.prefix {
        for block in std::iter::once(block).chain(point.blocks(cx, &scope, block)) {
            for statement in &block.statements {
                if let Statement::Field(field) = statement
                    && field.key.text == "repository"
                {
                    own = typed::text(cx, &scope, "repository", &field.value).map(|text| (text, cx.place(def.unit, field.value.span())));
                }
            }
        }
    }
    let (path, place) = match own {
        Some((path, place)) => (path, place),
        None => match cx.repository() {
            Some((unit, text)) => (scope.in_unit(unit).text(cx, text).unwrap_or_else(|| name.to_owned()), cx.place_of(def)),
            None => (name.to_owned(), cx.place_of(def)),
        },
    };
    let first = path.split('/').next().unwrap_or_default();
    let whole = path.contains('/') && (first.contains(['.', ':']) || first == "localhost");
    let repository = if whole { path } else { format!("{}/{path}", project.registry) };
    // A registry that is missing, or is none, has its finding.
    if let Err(problem) = references::check_repository(&repository)
        && (whole || !project.registry.is_empty() && references::check_repository(&project.registry).is_ok())
    {
        let legal = references::legal_component(name);
        cx.report(
            Diagnostic::new(&known::REFUSED_NAME, place, format!("`{repository}` is no name of a repository: {problem}"))
                .help(format!("say `repository = \"{legal}\"` in the definition")),
        );
    }
    repository
}

/// `ci { timeout = 30m  runner = "…"  free_disk = true  skip because "…" }`, `publish`, `internal`.
fn policy<'a>(cx: &Context<'a>, scope: &Scope<'a>, block: &'a Block) -> (CiPolicy, bool) {
    let mut ci = CiPolicy::default();
    let mut publish = true;
    for statement in &block.statements {
        let Statement::Phrase(phrase) = statement else { continue };
        match phrase.head.as_ref().map(|head| head.node.as_str()) {
            Some(word @ ("internal" | "publish")) => {
                if !switched(cx, scope, phrase, word) {
                    Parts::of(cx, scope.unit, phrase).finish();
                }
                publish &= word == "publish";
            }
            Some("ci") => {
                let mut parts = Parts::of(cx, scope.unit, phrase);
                let Some(body) = parts.block() else {
                    parts.missing("fields in braces");
                    continue;
                };
                parts.finish();
                ci_block(cx, scope, body, &mut ci);
            }
            _ => {}
        }
    }
    (ci, publish)
}

/// Reports `internal true` and `publish no`, with the word that is meant; whether it is one of them.
fn switched(cx: &Context<'_>, scope: &Scope<'_>, phrase: &Phrase, word: &str) -> bool {
    let said = match phrase.parts.as_slice() {
        [Part::Word(name)] => name.node.as_str(),
        [Part::Value(Value::Boolean(boolean))] if boolean.node => "true",
        [Part::Value(Value::Boolean(_))] => "false",
        _ => return false,
    };
    let same = match said {
        "true" | "yes" | "on" => true,
        "false" | "no" | "off" => false,
        _ => return false,
    };
    let meant = if same == (word == "internal") { "internal" } else { "publish" };
    let place = cx.place(scope.unit, phrase.span);
    let finding = Diagnostic::new(&known::UNEXPECTED_PART, place, format!("`{word}` stands alone"));
    cx.report(finding.here(format!("takes no `{said}`")).replace(format!("write `{meant}`"), false, place, meant));
    true
}

fn ci_block<'a>(cx: &Context<'a>, scope: &Scope<'a>, body: &'a Block, ci: &mut CiPolicy) {
    let fields = Fields::read(cx, scope, Room::Ci, body);
    if let Some(milliseconds) = fields.duration("timeout") {
        let minutes = milliseconds.div_ceil(60_000);
        ci.timeout_minutes = u32::try_from(minutes).ok();
    }
    ci.runner = fields.text("runner");
    ci.free_disk = fields.boolean("free_disk").unwrap_or(false);
    for statement in &body.statements {
        let Statement::Phrase(phrase) = statement else { continue };
        if phrase.head.as_ref().is_none_or(|head| head.node != "skip") {
            continue;
        }
        let mut parts = Parts::of(cx, scope.unit, phrase);
        if parts.word("because") {
            ci.skip = parts.evaluated(scope, "a reason");
            parts.finish();
        } else {
            parts.missing("`because` and a reason");
        }
    }
}

/// The `allow` statements of all definitions.
pub(crate) fn allows(cx: &Context<'_>) -> Vec<Allow> {
    let mut all = Vec::new();
    for (_, def) in cx.names.all() {
        for statement in &def.node.body.statements {
            let Statement::Phrase(phrase) = statement else { continue };
            if phrase.head.as_ref().is_some_and(|head| head.node == "allow") {
                all.extend(allow(cx, def, phrase));
            }
        }
    }
    all
}

/// `allow J0412 because "…"`, `allow narrowed because "…"`.
fn allow(cx: &Context<'_>, def: Def<'_>, phrase: &Phrase) -> Option<Allow> {
    let place = |span| cx.place(def.unit, span);
    let Some(Part::Word(word)) = phrase.parts.first() else {
        cx.report(
            Diagnostic::new(&known::MISSING_PART, place(phrase.span), "`allow` needs the code or the name of a finding")
                .help("write `allow J0412 because \"…\"`"),
        );
        return None;
    };
    let Some(code) = crate::diagnostics::find_code(&word.node) else {
        let names: Vec<&str> = crate::diagnostics::ALL_CODES.iter().flat_map(|code| [code.id, code.name]).collect();
        cx.report(
            Diagnostic::new(&known::UNKNOWN_WORD, place(word.span), format!("there is no finding `{}`", word.node))
                .maybe_help(crate::base::nearest(&word.node, names).map(|near| format!("did you mean `{near}`?")))
                .help("`jenvc explain` lists them all"),
        );
        return None;
    };
    let because = match phrase.parts.get(1..) {
        Some([Part::Word(because), Part::Value(crate::syntax::ast::Value::Text(text))]) if because.node == "because" => {
            Scope::new(def.unit).text(cx, text)?
        }
        _ => {
            cx.report(
                Diagnostic::new(&known::MISSING_PART, place(phrase.span), "`allow` needs a reason")
                    .here("why is it fine here?")
                    .help(format!("write `allow {} because \"…\"`", word.node)),
            );
            return None;
        }
    };
    Some(Allow { code, definition: def.name.to_owned(), scope: place(def.node.span), because, origin: place(phrase.span) })
}
