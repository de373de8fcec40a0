//! Images that exist already: each definition's points, made when something stands on them.

use std::rc::Rc;

use indexmap::IndexMap;

use super::axes::{self, Axis};
use super::cells::{Domain, Info};
use super::context::{Context, DefId};
use super::fields::{self, Fields};
use super::graph::{Footing, Ground, Node};
use super::lower::{self, Lowered, State};
use super::parts::Parts;
use super::references;
use super::scope::Scope;
use super::value::Val;
use crate::diagnostics::{Diagnostic, known};
use crate::ir::{Account, AxisPoint, Base, BaseId, Parent, Platform, StepKind};
use crate::syntax::ast::{Phrase, Value};

/// The fields of an `image`.
const FIELDS: [&str; 10] = ["ref", "tag", "digest", "user", "home", "prefix", "platforms", "os", "description", "uid"];

/// The table of existing images.
pub(crate) struct Existing {
    bases: Vec<Base>,
    states: Vec<State>,
    by_def: IndexMap<DefId, Info>,
}

impl Existing {
    /// An empty table.
    pub(crate) fn new() -> Self {
        Self { bases: Vec::new(), states: Vec::new(), by_def: IndexMap::new() }
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
        let domains: Vec<_> = own
            .iter()
            .map(|axis| (Rc::clone(&axis.name), axis.values.iter().map(|value| Rc::clone(&value.text)).collect::<Vec<_>>()))
            .collect();
        let rules = axes::rules(cx, def.unit, block, &domains);
        let mut info = Info { domains, points: Vec::new(), default: 0, image: None, def: Some(id) };
        for (indices, default) in super::cells::combinations(&own) {
            let point: Vec<AxisPoint> = own.iter().zip(&indices).filter_map(|(axis, index)| axis.point(*index)).collect();
            if rules.iter().any(|rule| rule.platforms.is_none() && rule.matches(&point) != rule.only) {
                continue;
            }
            let base = self.base(cx, id, &point, &own, &info.domains)?;
            if default {
                info.default = info.points.len();
            }
            info.points.push((Parent::Base(base), Rc::new(point)));
        }
        Some(info)
    }

    /// One point of an image.
    fn base<'a>(&mut self, cx: &Context<'a>, id: DefId, point: &[AxisPoint], own: &[Axis<'a>], domains: &[Domain]) -> Option<BaseId> {
        let def = cx.names.get(id)?;
        let mut scope = Scope::of_cell(def.unit, point);
        scope.names.push(("name", def.name.to_owned()));
        let fields = Fields::read(cx, &scope, "an image", &def.node.body, &FIELDS);
        if !fields.require("ref", "\"quay.io/jupyter/scipy-notebook\"") {
            return None;
        }
        let written = fields.text("ref")?;
        let parsed = references::parse(&written);
        if let Err(problem) = &parsed {
            cx.report(Diagnostic::new(&known::BAD_REFERENCE, fields.place("ref"), format!("`{written}` is no image reference: {problem}")));
        }
        let parsed = parsed.ok()?;
        let tag = match fields.tree("tag") {
            Some(_) => fields.text("tag").or_else(|| fields.number("tag")),
            None => parsed.tag,
        };
        let digest = digest(cx, &fields, point).or(parsed.digest);
        let platforms = if fields.has("platforms") { fields.platforms("platforms").unwrap_or_default() } else { Vec::new() };
        let mut base = Base {
            name: def.name.to_owned(),
            axes: point.to_vec(),
            repository: parsed.repository,
            tag,
            digest,
            account: account(&fields),
            prefix: fields.text("prefix"),
            os: fields.text("os"),
            platforms,
            provides: Rc::default(),
            env: Vec::new(),
            origin: cx.place_of(def),
            standard: cx.is_standard(def.unit),
        };
        let lowered = self.facts(cx, id, point, own, domains, &base)?;
        base.account = lowered.state.account.clone();
        base.env = lowered.state.variables.iter().filter_map(|(name, variable)| Some((name.clone(), variable.value.clone()?))).collect();
        base.provides = Rc::new(lowered.packages);
        let id = BaseId(u32::try_from(self.bases.len()).ok()?);
        self.states.push(lowered.state.on(&base));
        self.bases.push(base);
        Some(id)
    }

    /// The statements of an image: what it holds and how it behaves. Steps that would change it are refused.
    fn facts<'a>(
        &mut self,
        cx: &Context<'a>,
        id: DefId,
        point: &[AxisPoint],
        own: &[Axis<'a>],
        domains: &[Domain],
        base: &Base,
    ) -> Option<Lowered<'a>> {
        let def = cx.names.get(id)?;
        let footing = Footing { ground: Ground::Base(id), fixed: Vec::new(), origin: base.origin };
        let node = Node { name: def.name.to_owned(), def: id, bodies: vec![id], footing, root: None, prefix: false };
        let platforms = if base.platforms.is_empty() { &Platform::ALL[..] } else { &base.platforms };
        let job = lower::Job { node: &node, domains, own, axes: point, platforms, repeated: false, infos: &[] };
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
    super::typed::sha256(cx, place, &text).map(|digits| format!("sha256:{digits}"))
}

/// Who the fields of an image say it runs as; a `user` statement may say more.
fn account(fields: &Fields<'_, '_>) -> Account {
    let home = fields.text("home");
    match fields.tree("user") {
        None => Account::root(),
        Some(Value::Number(number)) => Account { name: number.node.clone(), uid: number.node.parse().ok(), gid: None, home },
        Some(Value::Reference(reference)) => Account { name: reference.path.node.clone(), uid: fields.count("uid"), gid: None, home },
        Some(_) => fields.text("user").map_or_else(Account::root, |name| Account { uid: name.parse().ok(), name, gid: None, home }),
    }
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
    parts.finish(&[]);
    let mut account = if name == "root" { Account::root() } else { Account { uid: name.parse().ok(), name, gid: None, home: None } };
    if let Some(block) = block {
        let fields = Fields::read(cx, scope, "`user`", block, &["uid", "gid", "home"]);
        fields::rest(cx, scope.unit, "`user`", block, &[], |_| false);
        account.uid = fields.count("uid").or(account.uid);
        account.gid = fields.count("gid").or(account.gid);
        account.home = fields.text("home").or(account.home);
    }
    Some(account)
}
