//! Images that exist already: each definition's points, made when something stands on them.

use std::rc::Rc;

use super::axes::Domain;
use super::axes::{self, Axis};
use super::cells::Info;
use super::context::Context;
use super::definitions::{Def, DefId};
use super::fields::Fields;
use super::graph::{Footing, Ground, Node};
use super::holding::AtPoint;
use super::lower::Existing;
use super::lower::{self, Lowered, State};
use super::parts::Parts;
use super::scope::Scope;
use super::value::Val;
use super::{references, rules};
use crate::base::{IndexMap, Place};
use crate::diagnostics::{Diagnostic, known};
use crate::ir::{Account, AxisPoint, Base, BaseId, Parent, Platform, StepKind};
use crate::syntax::ast::{Phrase, Statement, Value};
use crate::syntax::words::Room;

impl Existing {
    /// An empty table.
    pub(crate) fn new() -> Self {
        Self { bases: Vec::new(), states: Vec::new(), by_def: IndexMap::default() }
    }

    /// Whether an image was asked for.
    pub(crate) fn is_read(&self, id: DefId) -> bool {
        self.by_def.contains_key(&id)
    }

    /// The image with this id.
    pub(crate) fn get(&self, id: BaseId) -> Option<&Base> {
        self.bases.get(id.0 as usize)
    }

    /// What a stack has on the image with this id.
    pub(crate) fn state(&self, id: BaseId) -> Option<&State> {
        self.states.get(id.0 as usize)
    }

    /// All images that something stands on or takes from.
    pub(crate) fn into_bases(self) -> Vec<Base> {
        self.bases
    }

    /// The points of a definition.
    pub(crate) fn info(&mut self, cx: &Context<'_>, id: DefId) -> Info {
        if let Some(known) = self.by_def.get(&id) {
            return known.clone();
        }
        let info = self.read(cx, id).unwrap_or_default();
        self.by_def.insert(id, info.clone());
        info
    }

    fn read(&mut self, cx: &Context<'_>, id: DefId) -> Option<Info> {
        let def = cx.names.get(id)?;
        let block = &def.node.body;
        let own = axes::declared(cx, def.unit, block);
        let domains: Vec<Domain> = own.iter().map(Axis::domain).collect();
        let mut points: Vec<(Vec<AxisPoint>, Vec<Platform>, bool)> = super::cells::combinations(&own)
            .into_iter()
            .map(|(indices, default)| {
                let point = own.iter().zip(&indices).filter_map(|(axis, index)| axis.point(*index)).collect();
                (point, Platform::ALL.to_vec(), default)
            })
            .collect();
        let rules = rules::rules(cx, def.unit, block, &domains);
        rules::apply(cx, &rules, &mut points, |(point, platforms, _)| (point, platforms));
        let mut info = Info { domains, points: Vec::new(), default: 0, def: Some(id) };
        for (point, left, default) in points {
            let base = self.base(cx, id, &point, &AtPoint { axes: point.as_slice().into(), own: &own, domains: &info.domains }, &left)?;
            if default {
                info.default = info.points.len();
            }
            info.points.push((Parent::Base(base), Rc::new(point)));
        }
        self.one_digest(cx, def, &info);
        Some(info)
    }

    /// Reports one digest for cells that the tag tells apart: a registry takes the digest, so they would be the same image.
    fn one_digest(&self, cx: &Context<'_>, def: Def<'_>, info: &Info) {
        let bases = || info.points.iter().filter_map(|(parent, _)| if let Parent::Base(base) = parent { self.get(*base) } else { None });
        let Some(first) = bases().next().filter(|base| base.digest.is_some()) else { return };
        let field = def.node.body.statements.iter().find_map(|statement| match statement {
            Statement::Field(field) if field.key.text == "digest" => Some(field),
            _ => None,
        });
        let (Some(field), Some(other)) = (field, bases().find(|base| base.tag != first.tag && base.digest == first.digest)) else { return };
        let tag = |base: &Base| base.tag.clone().unwrap_or_default();
        cx.report(
            Diagnostic::new(
                &known::ONE_DIGEST,
                cx.place(def.unit, field.span),
                format!("one digest stands for several tags of `{}`: `{}` and `{}`", def.name, tag(first), tag(other)),
            )
            .here("a digest names one image, and goes before the tag")
            .help("write one for each value of the axis: `digest = { 3.11 = \"sha256:…\"  3.12 = \"sha256:…\" }`"),
        );
    }

    /// One point of an image; `left` are the platforms that `exclude` and `only` leave.
    fn base<'a>(&mut self, cx: &Context<'a>, id: DefId, axes: &[AxisPoint], point: &AtPoint<'_, 'a>, left: &[Platform]) -> Option<BaseId> {
        let def = cx.names.get(id)?;
        let mut scope = Scope::of_cell(def.unit, point.axes);
        scope.names.push(("name", def.name.to_owned()));
        let mut fields = Fields::read(cx, &scope, Room::Image, &def.node.body);
        for block in point.blocks(cx, &scope, &def.node.body) {
            fields.overlay(Fields::read(cx, &scope, Room::Image, block));
        }
        if !fields.require("ref", "\"quay.io/jupyter/scipy-notebook\"") {
            return None;
        }
        let written = fields.text("ref")?;
        let parsed = references::parse(&written);
        if let Err(problem) = &parsed {
            cx.report(no_reference(fields.place("ref"), &written, problem));
        }
        let parsed = parsed.ok()?;
        two_tags(cx, &fields, &written, parsed.tag.as_deref());
        let tag = match fields.tree("tag") {
            Some(_) => Some(fields.text("tag").or_else(|| fields.number("tag"))?),
            None => parsed.tag,
        };
        if let (Some(tag), true) = (&tag, fields.has("tag"))
            && let Err(problem) = references::check_tag(tag)
        {
            let message = format!("`{}` is no tag: {problem}", tag.escape_debug());
            cx.report(Diagnostic::new(&known::BAD_REFERENCE, fields.place("tag"), message));
            return None;
        }
        // What is wrong with a digest is reported; nothing else follows from it.
        let broken = || fields.has("digest").then(|| UNREADABLE.to_owned());
        let said = digest(cx, &fields, axes).or(parsed.digest).or_else(broken);
        let name = tag.as_ref().filter(|_| said.is_none()).map(|tag| format!("{}:{tag}", parsed.repository));
        let known = name.and_then(|name| cx.lock(fields.place("ref")).images.get(&name).cloned());
        let (locked, digest) = (known.is_some(), said.or(known));
        let mut base = Base {
            name: def.name.to_owned(),
            axes: axes.to_vec(),
            account: account(&fields, &parsed.repository),
            repository: parsed.repository,
            tag,
            digest,
            locked,
            prefix: fields.text("prefix"),
            os: fields.text("os"),
            platforms: platforms(&mut fields, left),
            provides: Rc::default(),
            env: Vec::new(),
            origin: cx.place_of(def),
            standard: cx.is_standard(def.unit),
        };
        let lowered = self.facts(cx, id, point, &base)?;
        base.account = lowered.state.account.clone();
        base.env = lowered.state.variables.iter().filter_map(|(name, variable)| Some((name.clone(), variable.value.clone()?))).collect();
        base.provides = Rc::new(lowered.packages);
        let id = BaseId(u32::try_from(self.bases.len()).ok()?);
        self.states.push(lowered.state.on());
        self.bases.push(base);
        Some(id)
    }

    /// The statements of an image: what it holds and how it behaves. Steps that would change it are refused.
    fn facts<'a>(&mut self, cx: &Context<'a>, id: DefId, point: &AtPoint<'_, 'a>, base: &Base) -> Option<Lowered<'a>> {
        let def = cx.names.get(id)?;
        let footing = Footing { ground: Ground::Base(id), fixed: Vec::new(), origin: base.origin };
        let node = Node { name: def.name.to_owned(), def: id, bodies: vec![id], footing, root: None, prefix: false };
        let platforms = if base.platforms.is_empty() { &Platform::ALL[..] } else { &base.platforms };
        let AtPoint { axes, own, domains } = *point;
        let job = lower::Job { node: &node, domains, own, axes, platforms, infos: &[] };
        let lowered = lower::lower(cx, &job, State::empty(base), self);
        let changes = |kind: &StepKind| {
            !matches!(kind, StepKind::Env(_) | StepKind::Path { .. } | StepKind::User(_) | StepKind::Workdir(_) | StepKind::Shell(_))
        };
        if let Some(step) = lowered.steps.iter().find(|step| changes(&step.kind)) {
            cx.report(
                Diagnostic::new(
                    &known::CHANGES_IMAGE,
                    step.origin,
                    format!("the image `{}` exists already, and this would change it", def.name),
                )
                .here("a step of a build")
                .also(base.origin, "an `image` says what is in a registry")
                .help("move the step to a `layer` that stands on the image"),
            );
        }
        Some(lowered)
    }
}

/// The finding of a `ref` that is no reference.
fn no_reference(place: Place, written: &str, problem: &str) -> Diagnostic {
    let finding = Diagnostic::new(&known::BAD_REFERENCE, place, format!("`{written}` is no image reference: {problem}"));
    if let Some((_, name)) = written.split_once("://") {
        return finding.replace(format!("write `\"{name}\"`"), false, place, format!("\"{name}\""));
    }
    finding.maybe_help(written.split_once('@').map(|(name, _)| {
        format!("take what `docker buildx imagetools inspect {name}` prints behind `Digest:`, or leave `@` and what follows out")
    }))
}

/// Stands for a digest that could not be read.
const UNREADABLE: &str = "sha256:unreadable";

/// The digest at a point: one for all, or by the value of an axis.
fn digest(cx: &Context<'_>, fields: &Fields<'_, '_>, point: &[AxisPoint]) -> Option<String> {
    let place = fields.place("digest");
    let text = match fields.value("digest")? {
        Val::Text(text) => text,
        Val::Map(by_value) => match point.iter().find_map(|point| by_value.get(&*point.value)) {
            Some(Val::Text(text)) => text.clone(),
            _ => return None,
        },
        other => {
            cx.report(Diagnostic::new(
                &known::WRONG_TYPE,
                place,
                format!("`digest` takes a text, or texts by the value of an axis, and this is {}", other.kind()),
            ));
            return None;
        }
    };
    let way = "take what `docker buildx imagetools inspect IMAGE:TAG` prints behind `Digest:`";
    super::typed::checksum(cx, place, &text, way).map(|digits| format!("sha256:{digits}"))
}

/// `ref` with a tag beside `tag`: one of the two has no effect.
fn two_tags(cx: &Context<'_>, fields: &Fields<'_, '_>, written: &str, first: Option<&str>) {
    let Some(first) = first.filter(|_| fields.has("tag")) else { return };
    let Some(tag) = fields.text("tag").or_else(|| fields.number("tag")).filter(|tag| tag != first) else { return };
    // The port of a registry and a digest may read like the tag.
    let (name, digest) = written.split_at(written.find('@').unwrap_or(written.len()));
    let alone = format!("\"{}{digest}\"", name.strip_suffix(&format!(":{first}")).unwrap_or(name));
    cx.report(
        Diagnostic::new(&known::BAD_REFERENCE, fields.place("ref"), format!("`ref` has the tag `{first}`, and `tag` is `{tag}`"))
            .here("has no effect")
            .also(fields.place("tag"), "this one is taken")
            .replace(format!("write `ref = {alone}`"), false, fields.place("ref"), alone.clone()),
    );
}

/// Who the fields of an image say it runs as; a `user` statement may say more.
fn account(fields: &Fields<'_, '_>, repository: &str) -> Account {
    let home = fields.text("home");
    let (name, uid) = match fields.tree("user") {
        None => return Account::unsaid(repository),
        Some(Value::Number(number)) => (number.node.clone(), number.node.parse().ok()),
        Some(Value::Reference(reference)) => (reference.path.node.clone(), fields.count("uid")),
        Some(_) => match fields.text("user") {
            Some(name) => (name.clone(), name.parse().ok()),
            None => return Account::root(),
        },
    };
    Account { home, ..Account::named(name, uid) }
}

/// `user jovyan { uid = 1000  gid = 100  home = "/home/jovyan" }`.
pub(crate) fn user_phrase<'a>(cx: &Context<'a>, scope: &Scope<'_>, phrase: &'a Phrase) -> Option<Account> {
    let mut parts = Parts::of(cx, scope.unit, phrase);
    let name = match parts.peek() {
        Some(crate::syntax::ast::Part::Value(Value::Number(number))) => {
            parts.next();
            number.node.clone()
        }
        Some(crate::syntax::ast::Part::Value(Value::Text(text))) => {
            parts.next();
            scope.text(cx, text)?
        }
        _ => parts.name("the name of an account")?.node.clone(),
    };
    let block = parts.block();
    parts.finish();
    let mut account = if name == "root" { Account::root() } else { Account::named(name.clone(), name.parse().ok()) };
    if let Some(block) = block {
        let fields = Fields::read(cx, scope, Room::User, block);
        account.uid = fields.count("uid").or(account.uid);
        account.gid = fields.count("gid").or(account.gid);
        account.home = fields.text("home").or(account.home);
    }
    Some(account)
}

/// The platforms of an image: those that it says, without what `exclude` and `only` leave out; empty where nothing says any.
fn platforms(fields: &mut Fields<'_, '_>, left: &[Platform]) -> Vec<Platform> {
    let said = if fields.has("platforms") { fields.platforms("platforms").unwrap_or_default() } else { Vec::new() };
    if left.len() == Platform::ALL.len() {
        return said;
    }
    let known = if said.is_empty() { Platform::ALL.to_vec() } else { said };
    known.into_iter().filter(|platform| left.contains(platform)).collect()
}
