//! One cell as an object: what `jenvc show --format json` prints.

use serde_json::{Map, Value, json};

use super::list::{axes_of, name_of};
use super::{cells, words};
use crate::base::{Place, Sources};
use crate::emit::CellPlan;
use crate::ir::{Account, Base, Cell, CellId, Only, OverrideValue, Package, Pod, Program, RunAs, Step, Tag, Test, TestKind};

/// The cell, with everything underneath it from the base up.
pub(super) fn cell(program: &Program, sources: &Sources, id: CellId, plan: &CellPlan) -> Value {
    let one = &program[id];
    let image = &program[one.image];
    let stack: Vec<_> = program.stack(id).into_iter().map(|level| self::level(program, sources, &program[level])).collect();
    json!({
        "version": 1,
        "image": image.name,
        "repository": &*one.repository,
        "tag": plan.tag,
        "reference": plan.reference,
        "dockerfile": plan.dockerfile,
        "target": plan.target,
        "title": image.title,
        "doc": image.doc,
        "cell": name_of(one),
        "axes": axes_of(one),
        "platforms": one.platforms.iter().map(|platform| platform.as_str()).collect::<Vec<_>>(),
        "account": account(&one.account),
        "origin": origin(sources, image.origin),
        "base": base(sources, &program[program.base_of(id)]),
        "stack": stack,
        "tags": one.tags.iter().map(tag).collect::<Vec<_>>(),
        "pod": cells::pod(program, id).map(pod),
        "tests": one.tests.iter().map(|one| test(sources, one)).collect::<Vec<_>>(),
    })
}

/// What a pod sets.
pub(super) fn pod((hub, pod): (&str, Pod<'_>)) -> Value {
    let set = pod.traits.iter().filter(|one| one.value.value != OverrideValue::Null);
    let traits: Map<_, _> = set.map(|one| (one.name.value.clone(), value(&one.value.value))).collect();
    json!({ "hub": hub, "traits": traits })
}

/// One image of the stack with its own steps and packages.
fn level(program: &Program, sources: &Sources, cell: &Cell) -> Value {
    json!({
        "image": program[cell.image].name,
        "cell": name_of(cell),
        "stands_on": cells::parent(program, cell),
        "steps": cell.steps.iter().map(|one| step(program, sources, one)).collect::<Vec<_>>(),
        "packages": cell.packages.iter().map(|one| package(sources, one)).collect::<Vec<_>>(),
        "requires": cell.requirements.iter().map(words::requirement).collect::<Vec<_>>(),
    })
}

fn base(sources: &Sources, base: &Base) -> Value {
    json!({
        "name": base.name,
        "reference": base.reference(),
        "os": base.os,
        "prefix": base.prefix,
        "account": account(&base.account),
        "packages": base.provides.iter().map(|one| package(sources, one)).collect::<Vec<_>>(),
        "origin": origin(sources, base.origin),
    })
}

fn step(program: &Program, sources: &Sources, step: &Step) -> Value {
    let (kind, detail) = words::step(program, step);
    json!({
        "kind": kind,
        "detail": detail,
        "as": if step.run_as == RunAs::Root { "root" } else { "user" },
        "platforms": only(&step.only),
        "via": step.via.as_ref().map(|via| &via.text),
        "comment": step.comment,
        "origin": origin(sources, step.origin),
    })
}

fn package(sources: &Sources, package: &Package) -> Value {
    json!({
        "manager": &*package.manager,
        "ecosystem": package.ecosystem.as_str(),
        "name": package.name,
        "normal": package.normal,
        "extras": package.extras,
        "constraint": package.constraint.to_string(),
        "provided": package.provided,
        "pin": package.pin.as_ref().map(ToString::to_string),
        "override": package.overrides,
        "because": package.because,
        "until": package.until.map(|date| date.to_string()),
        "index": package.index,
        "environment": package.environment,
        "platforms": only(&package.only),
        "origin": origin(sources, package.origin),
    })
}

fn account(account: &Account) -> Value {
    json!({ "name": account.name, "uid": account.uid, "gid": account.gid, "home": account.home })
}

fn only(only: &Only) -> Option<Vec<&'static str>> {
    only.as_ref().map(|platforms| platforms.iter().map(|platform| platform.as_str()).collect())
}

fn tag(tag: &Tag) -> Value {
    match tag {
        Tag::Text(text) => json!({ "kind": "text", "text": text }),
        Tag::Exact(text) => json!({ "kind": "exact", "text": text }),
        Tag::Date => json!({ "kind": "date" }),
        Tag::Sha => json!({ "kind": "sha" }),
        Tag::Probe(probe) => json!({ "kind": "probe", "name": probe.name, "command": probe.command, "matching": probe.matching }),
    }
}

fn test(sources: &Sources, test: &Test) -> Value {
    let (kind, script, env) = match &test.kind {
        TestKind::Container { script, env, .. } => ("container", script, env),
        TestKind::Host { script, env } => ("host", script, env),
    };
    let mut object = json!({
        "name": test.name, "from": test.from, "kind": kind, "script": script,
        "env": env.iter().map(|(name, value)| (name.clone(), json!(value))).collect::<Map<_, _>>(),
        "origin": origin(sources, test.origin),
    });
    if let (TestKind::Container { as_root, expect, .. }, Some(map)) = (&test.kind, object.as_object_mut()) {
        map.insert("as_root".to_owned(), json!(as_root));
        map.insert("expect".to_owned(), json!(expect));
    }
    object
}

/// A value of a trait.
fn value(given: &OverrideValue) -> Value {
    match given {
        OverrideValue::Null => Value::Null,
        OverrideValue::Bool(value) => json!(value),
        OverrideValue::Int(value) => json!(value),
        OverrideValue::Decimal(text) => text.parse::<f64>().map_or_else(|_| json!(text), |number| json!(number)),
        OverrideValue::Text(text) => json!(text),
        OverrideValue::List(items) => items.iter().map(|item| value(&item.value)).collect(),
        OverrideValue::Map(fields) => {
            fields.iter().map(|(key, item)| (key.value.clone(), value(&item.value))).collect::<Map<_, _>>().into()
        }
    }
}

/// Where something is written: `{"file": "layers/grid.jenv", "line": 12, "column": 5}`.
fn origin(sources: &Sources, place: Place) -> Value {
    let Some(source) = sources.get(place.file) else { return Value::Null };
    let at = source.position(place.span.start);
    json!({ "file": source.name, "line": at.line, "column": at.column })
}
