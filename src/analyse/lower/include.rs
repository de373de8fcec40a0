//! `include` and `after`: fragments unfolded where they are named, each with the same arguments once in a stack.

use std::rc::Rc;

use super::MAX_DEPTH;
use super::walk::Walk;
use crate::analyse::definitions::{Def, DefId};
use crate::analyse::parts::Parts;
use crate::analyse::scope::Scope;
use crate::analyse::value::Val;
use crate::base::{Place, or_nearest};
use crate::diagnostics::{Diagnostic, known};
use crate::ir::{Requirement, RequirementKind, Step, StepKind, Via};
use crate::syntax::ast::{Argument, Keyword, ListItem, Phrase, Reference};

/// Names and values of one call.
type Arguments = Vec<(String, Val)>;

impl<'a> Walk<'_, 'a> {
    pub(super) fn include(&mut self, scope: &Scope<'_>, phrase: &'a Phrase) {
        let mut parts = Parts::of(self.cx, scope.unit, phrase);
        let Some(reference) = parts.reference("the name of a fragment") else { return };
        let mut without = Vec::new();
        if parts.word("without") {
            match parts.packages() {
                Some(body) => {
                    for item in &body.items {
                        if let ListItem::Entry(entry) = item {
                            without.extend(scope.text(self.cx, &entry.name).map(|name| (name, self.place(scope, entry.span))));
                        }
                    }
                }
                None => parts.missing("the names of packages in braces"),
            }
        }
        parts.finish();
        let kinds = [Keyword::Fragment, Keyword::Layer];
        let Some(id) = self.cx.resolve(scope.unit, &reference.path, &kinds, "a fragment") else { return };
        let Some(def) = self.cx.names.get(id) else { return };
        if def.node.keyword.node == Keyword::Layer && crate::analyse::graph::stack_of(def).is_some() {
            let place = self.place(scope, reference.span);
            self.cx.report(
                Diagnostic::new(&known::WRONG_KIND, place, format!("`{}` has a root of its own, so it can't be included", def.name))
                    .here("a fragment or an open layer belongs here")
                    .also(self.cx.place_of(def), "defined here")
                    .help("move the shared steps to a fragment"),
            );
            return;
        }
        if self.including.contains(&id) || self.including.len() >= MAX_DEPTH {
            let place = self.place(scope, reference.span);
            self.cx.report(
                Diagnostic::new(&known::CIRCULAR_INCLUDE, place, format!("`{}` includes itself", def.name))
                    .here("unfolding it would never end")
                    .also(self.cx.place_of(def), "defined here")
                    .help("drop one of the includes"),
            );
            return;
        }
        let Some(calls) = self.calls(scope, &reference, def) else { return };
        for arguments in calls {
            self.unfold(scope, &reference, id, def, arguments, &without);
        }
    }

    fn unfold(
        &mut self,
        scope: &Scope<'_>,
        reference: &Reference,
        id: DefId,
        def: Def<'a>,
        arguments: Arguments,
        without: &[(String, Place)],
    ) {
        let shown: Vec<String> = arguments.iter().map(|(_, value)| shown(value)).collect();
        let call = if shown.is_empty() { def.name.to_owned() } else { format!("{}({})", def.name, shown.join(", ")) };
        // A call without arguments is called like its definition.
        if self.state.members.contains(&call) {
            return;
        }
        self.enter(def.name, self.place(scope, reference.span));
        Rc::make_mut(&mut self.state.members).insert(call);
        let mut inner = scope.in_unit(def.unit);
        inner.parameters = arguments;
        let written = if shown.is_empty() { reference.path.node.clone() } else { format!("{}({})", reference.path.node, shown.join(", ")) };
        let before = self.via.replace(Rc::new(Via { text: format!("include {written}"), origin: self.cx.place_of(def) }));
        let body = std::mem::replace(&mut self.body, def.name.to_owned());
        let (steps, packages) = (self.out.steps.len(), self.out.packages.len());
        self.including.push(id);
        self.block(&inner, &def.node.body);
        self.including.pop();
        self.body = body;
        self.via = before;
        if !without.is_empty() {
            self.leave_out(steps, packages, without);
        }
    }

    /// Takes packages out of what an include has just added.
    fn leave_out(&mut self, steps: usize, packages: usize, without: &[(String, Place)]) {
        let added: Vec<String> = self.out.packages.iter().skip(packages).map(|package| package.name.clone()).collect();
        for (name, place) in without {
            let scheme_equal = |package: &crate::ir::Package| package.normal == package.scheme.normalize_name(name);
            if !self.out.packages.iter().skip(packages).any(scheme_equal) {
                self.cx.report(
                    Diagnostic::new(&known::UNKNOWN_PACKAGE, *place, format!("the fragment has no package `{name}` to leave out"))
                        .maybe_help(or_nearest(name, added.iter().map(String::as_str).collect::<Vec<_>>())),
                );
            }
        }
        let out =
            |normal: &str, package: &crate::ir::Package| without.iter().any(|(name, _)| package.scheme.normalize_name(name) == normal);
        let mut gone: Vec<Place> = Vec::new();
        let mut at = 0;
        self.out.packages.retain(|package| {
            at += 1;
            let leaves = at > packages && out(&package.normal, package);
            if leaves {
                gone.push(package.origin);
            }
            !leaves
        });
        let mut at = 0;
        self.out.steps.retain_mut(|step: &mut Step| {
            at += 1;
            if at < steps {
                return true;
            }
            if let StepKind::Install(install) = &mut step.kind {
                let had = !install.items.is_empty();
                install.items.retain(|item| !gone.contains(&item.origin));
                return !(had && install.items.is_empty());
            }
            true
        });
    }

    /// The calls that an include stands for: one, or one for each value of a list where a fragment takes one value.
    fn calls(&self, scope: &Scope<'_>, reference: &Reference, def: Def<'_>) -> Option<Vec<Arguments>> {
        let parameters = &def.node.parameters;
        let mut given: Arguments = Vec::new();
        for (at, argument) in reference.arguments.iter().flatten().enumerate() {
            let name = self.argument_name(scope, argument, at, def)?;
            given.push((name, scope.value(self.cx, &argument.value)?));
        }
        let mut arguments: Arguments = Vec::new();
        for parameter in parameters {
            let name = &parameter.name.node;
            let value = given.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
            let value = match (value, &parameter.default) {
                (Some(value), _) => value,
                (None, Some(default)) => scope.in_unit(def.unit).value(self.cx, default)?,
                (None, None) => {
                    let place = self.place(scope, reference.span);
                    self.cx.report(
                        Diagnostic::new(&known::MISSING_ARGUMENT, place, format!("`{}` needs an argument `{name}`", def.name))
                            .here("not given here")
                            .also(self.cx.place(def.unit, parameter.name.span), "it has no default")
                            .help(format!("write `{}({name} = …)`", reference.path.node)),
                    );
                    return None;
                }
            };
            arguments.push((name.clone(), value));
        }
        Some(spread(
            arguments,
            parameters.iter().map(|parameter| matches!(parameter.default, Some(crate::syntax::ast::Value::List(_)))).collect(),
        ))
    }

    fn argument_name(&self, scope: &Scope<'_>, argument: &Argument, at: usize, def: Def<'_>) -> Option<String> {
        let parameters = &def.node.parameters;
        match &argument.name {
            Some(name) if parameters.iter().any(|parameter| parameter.name.node == name.node) => Some(name.node.clone()),
            Some(name) => {
                let place = self.place(scope, name.span);
                self.cx.report(
                    Diagnostic::new(&known::UNKNOWN_ARGUMENT, place, format!("`{}` has no parameter `{}`", def.name, name.node))
                        .also(self.cx.place_of(def), "defined here")
                        .maybe_help(or_nearest(
                            &name.node,
                            parameters.iter().map(|parameter| parameter.name.node.as_str()).collect::<Vec<_>>(),
                        )),
                );
                None
            }
            None => {
                if let Some(parameter) = parameters.get(at) {
                    Some(parameter.name.node.clone())
                } else {
                    let place = self.place(scope, argument.value.span());
                    let takes = match parameters.len() {
                        0 => "no argument".to_owned(),
                        1 => "one argument".to_owned(),
                        several => format!("{several} arguments"),
                    };
                    self.cx.report(
                        Diagnostic::new(&known::UNKNOWN_ARGUMENT, place, format!("`{}` takes {takes}", def.name))
                            .here("one too many")
                            .also(self.cx.place_of(def), "defined here")
                            .help("drop it"),
                    );
                    None
                }
            }
        }
    }

    /// Notes what must hold underneath the statements that follow.
    pub(super) fn require(&mut self, kind: RequirementKind, origin: Place) {
        self.out.requirements.push(Requirement {
            kind,
            origin,
            from: self.body.clone(),
            only: self.only(),
            packages_before: self.out.packages.len(),
            members_before: self.out.members.len(),
        });
    }

    pub(super) fn after(&mut self, scope: &Scope<'_>, phrase: &'a Phrase) {
        let mut parts = Parts::of(self.cx, scope.unit, phrase);
        let Some(reference) = parts.reference("the name of a fragment or a layer") else { return };
        parts.finish();
        let kinds = [Keyword::Fragment, Keyword::Layer, Keyword::Environment];
        let Some(def) = self.cx.resolve(scope.unit, &reference.path, &kinds, "a fragment or a layer").and_then(|id| self.cx.names.get(id))
        else {
            return;
        };
        self.require(RequirementKind::After(def.name.to_owned()), self.place(scope, phrase.span));
    }
}

/// One call for each value of each list; parameters whose default is a list take lists.
fn spread(arguments: Arguments, takes_list: Vec<bool>) -> Vec<Arguments> {
    let mut calls: Vec<Arguments> = vec![Vec::new()];
    for ((name, value), whole) in arguments.into_iter().zip(takes_list) {
        let values = match value {
            Val::List(values) if !whole => values,
            value => vec![value],
        };
        let mut longer = Vec::new();
        for call in &calls {
            for value in &values {
                let mut call = call.clone();
                call.push((name.clone(), value.clone()));
                longer.push(call);
            }
        }
        calls = longer;
    }
    calls
}

fn shown(value: &Val) -> String {
    match value {
        Val::Text(text) => format!("{text:?}"),
        Val::List(items) => format!("[{}]", items.iter().map(shown).collect::<Vec<_>>().join(", ")),
        other => other.display().unwrap_or_else(|| "{ … }".to_owned()),
    }
}
