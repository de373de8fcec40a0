//! What a `hub` says besides its menu's entries. `from other-hub` takes over what the other one says; what differs is
//! written once.

use super::blocks::hub_axis;
use super::draft::{Draft, Reader};
use super::{kept, release};
use crate::analyse::cells::Built;
use crate::analyse::condition::Asked;
use crate::analyse::context::Context;
use crate::analyse::definitions::{Def, DefId};
use crate::analyse::entry;
use crate::analyse::fields::Fields;
use crate::analyse::reads::{Axes, Reads};
use crate::analyse::scope::Scope;
use crate::analyse::value::Val;
use crate::diagnostics::{Diagnostic, known};
use crate::ir::{Chart, FormKind, GroupFilter, Located, MenuOption, Package, Platform, Settings};
use crate::syntax::ast::{Keyword, ListItem, PackageList, Part, Phrase, Stack, Statement, Value};
use crate::syntax::words::Room;

/// What a hub says.
#[derive(Clone, Debug, Default)]
pub(super) struct Head {
    pub(super) chart: Option<Located<Chart>>,
    pub(super) namespace: Option<Located<String>>,
    pub(super) form: Option<FormKind>,
    pub(super) filters_groups: Option<GroupFilter>,
    pub(super) pull_secrets: Vec<Located<String>>,
    pub(super) home: Option<Located<String>>,
    pub(super) block_metadata: Option<bool>,
    pub(super) puller: Option<bool>,
    pub(super) registry: Option<Located<String>>,
    pub(super) pushes_to: Option<Located<String>>,
    pub(super) saved_choices: Option<bool>,
    pub(super) provides: Vec<Package>,
    pub(super) requires: Vec<Package>,
    pub(super) defaults: Settings,
    /// The drop-downs of every entry that has none of the same name.
    pub(super) options: Vec<MenuOption>,
    /// How many earlier releases every entry keeps that does not say it itself.
    pub(super) keep: Option<Located<u32>>,
    /// The definitions on its menu; `None` for all that have a profile.
    pub(super) menu: Option<Vec<Located<DefId>>>,
    pub(super) retired: Vec<Located<String>>,
}

/// Reads a hub and those that it is from.
pub(super) fn read(cx: &Context<'_>, id: DefId, busy: &mut Vec<DefId>) -> Head {
    let Some(def) = cx.names.get(id) else { return Head::default() };
    let scope = Scope::new(def.unit);
    let block = &def.node.body;
    let fields = Fields::read(cx, &scope, Room::Hub, block);
    let mut head = Head {
        chart: chart(cx, &fields),
        namespace: fields.text("namespace").map(|text| Located::new(text, fields.place("namespace"))),
        form: fields.word("form", &FormKind::WORDS).and_then(FormKind::parse),
        filters_groups: filter(cx, &fields),
        home: fields.text("home").map(|text| Located::new(text, fields.place("home"))),
        block_metadata: fields.boolean("block_metadata"),
        puller: fields.boolean("puller"),
        registry: fields.text("registry").map(|text| Located::new(text, fields.place("registry"))),
        pushes_to: fields.text("pushes_to").map(|text| Located::new(text, fields.place("pushes_to"))),
        saved_choices: fields.boolean("saved_choices"),
        menu: fields.tree("menu").and_then(|tree| menu(cx, def, tree)),
        ..Head::default()
    };
    head.retired = fields.texts("retired").into_iter().flatten().map(|text| Located::new(text, fields.place("retired"))).collect();
    head.pull_secrets =
        fields.texts("pull_secrets").into_iter().flatten().map(|text| Located::new(text, fields.place("pull_secrets"))).collect();
    release::check(cx, &fields);
    busy.push(id);
    // Whether one that it is from keeps releases, which this one may not want.
    let mut keeps = false;
    for statement in &block.statements {
        match statement {
            Statement::List(list) if list.manager.node == "provides" => head.provides.extend(packages(cx, &scope, list, true)),
            Statement::List(list) if list.manager.node == "requires" => head.requires.extend(packages(cx, &scope, list, false)),
            Statement::From(stack) => {
                let below = below(cx, def, stack, busy);
                keeps |= below.keep.is_some();
                head = over(head, below);
            }
            Statement::Phrase(phrase) if phrase.head.as_ref().is_some_and(|head| head.node == "defaults") => {
                let said = defaults(cx, def, phrase);
                head.defaults = said.settings.over(&head.defaults);
                head.options = add_options(said.options, &head.options);
                head.keep = said.keep.or(head.keep);
            }
            _ => {}
        }
    }
    busy.pop();
    head.keep = kept::of_hub(cx, head.keep, keeps);
    head
}

/// What a hub says over what the one says that it is from.
fn over(own: Head, below: Head) -> Head {
    let join = |own: Vec<Package>, below: Vec<Package>| {
        let kept = below.into_iter().filter(|package| !own.iter().any(|other| other.normal == package.normal));
        own.iter().cloned().chain(kept).collect()
    };
    Head {
        chart: own.chart.or(below.chart),
        namespace: own.namespace.or(below.namespace),
        form: own.form.or(below.form),
        filters_groups: own.filters_groups.or(below.filters_groups),
        pull_secrets: {
            let more = below.pull_secrets.into_iter().filter(|name| !own.pull_secrets.iter().any(|own| own.value == name.value));
            own.pull_secrets.iter().cloned().chain(more.collect::<Vec<_>>()).collect()
        },
        home: own.home.or(below.home),
        block_metadata: own.block_metadata.or(below.block_metadata),
        puller: own.puller.or(below.puller),
        registry: own.registry.or(below.registry),
        pushes_to: own.pushes_to.or(below.pushes_to),
        saved_choices: own.saved_choices.or(below.saved_choices),
        provides: join(own.provides, below.provides),
        requires: join(own.requires, below.requires),
        defaults: own.defaults.over(&below.defaults),
        options: add_options(own.options, &below.options),
        keep: own.keep.or(below.keep),
        menu: own.menu.or(below.menu),
        retired: own.retired.into_iter().chain(below.retired).collect(),
    }
}

/// `from production`
fn below(cx: &Context<'_>, def: Def<'_>, stack: &Stack, busy: &mut Vec<DefId>) -> Head {
    let ([reference], None) = (stack.parts.as_slice(), &stack.onto) else {
        cx.report(
            Diagnostic::new(&known::UNEXPECTED_PART, cx.place(def.unit, stack.span), "a hub takes over what one other hub says")
                .help("write `from production`"),
        );
        return Head::default();
    };
    let Some(id) = cx.resolve(def.unit, &reference.path, &[Keyword::Hub], "a hub") else { return Head::default() };
    if busy.contains(&id) {
        cx.report(
            Diagnostic::new(&known::CIRCULAR_STACK, cx.place(def.unit, stack.span), format!("`{}` is from itself", def.name))
                .help("let one of the hubs say everything itself"),
        );
        return Head::default();
    }
    read(cx, id, busy)
}

/// `filters_groups = true`, or `lowercase`.
fn filter(cx: &Context<'_>, fields: &Fields<'_, '_>) -> Option<GroupFilter> {
    match fields.value("filters_groups")? {
        Val::Boolean(true) => Some(GroupFilter::Exact),
        Val::Boolean(false) => Some(GroupFilter::No),
        Val::Word(word) if word == "lowercase" => Some(GroupFilter::Lowercase),
        other => {
            let message = format!("`filters_groups` takes `true`, `false` or `lowercase`, and this is {}", other.kind());
            cx.report(
                Diagnostic::new(&known::WRONG_TYPE, fields.place("filters_groups"), message)
                    .help("write `lowercase` where the hub compares the names in lower case, as 2i2c's does"),
            );
            None
        }
    }
}

fn chart(cx: &Context<'_>, fields: &Fields<'_, '_>) -> Option<Located<Chart>> {
    let place = fields.place("chart");
    let text = match fields.value("chart")? {
        Val::Number(text) | Val::Text(text) => text,
        other => {
            cx.report(
                Diagnostic::new(&known::WRONG_TYPE, place, format!("`chart` takes a version, and this is {}", other.kind()))
                    .help("write the version of the chart: `chart = 4.4`"),
            );
            return None;
        }
    };
    let chart = Chart::parse(&text);
    // A version that could not be read has its finding.
    if chart.is_none() && !cx.is_broken(place) {
        let finding = Diagnostic::new(&known::BAD_VALUE, place, format!("`{text}` is no version of the chart"));
        let number = text.trim_start_matches(|c: char| !c.is_ascii_digit());
        cx.report(match Chart::parse(number) {
            Some(_) => finding.replace(format!("write `{number}`"), false, place, number),
            None => finding.help("write `chart = 4.4` or `4.4.0`"),
        });
    }
    chart.map(|chart| Located::new(chart, place))
}

/// `menu = [default, ml]`
fn menu(cx: &Context<'_>, def: Def<'_>, tree: &Value) -> Option<Vec<Located<DefId>>> {
    let Value::List(list) = tree else {
        cx.report(
            Diagnostic::new(&known::WRONG_TYPE, cx.place(def.unit, tree.span()), "`menu` takes a list of environments and profiles")
                .help("write `menu = [default, ml]`"),
        );
        return None;
    };
    let mut all = Vec::new();
    for item in &list.items {
        let place = cx.place(def.unit, item.span());
        match item {
            Value::Reference(reference) => {
                let kinds = [Keyword::Environment, Keyword::Profile];
                if let Some(id) = cx.resolve(def.unit, &reference.path, &kinds, "an environment or a profile") {
                    all.push(Located::new(id, place));
                }
            }
            _ => cx.report(
                Diagnostic::new(&known::WRONG_TYPE, place, "`menu` takes names of environments and profiles")
                    .help("write the name without quotes"),
            ),
        }
    }
    Some(all)
}

/// The entries of `provides` and `requires`; names without a list of their own are of Python's world.
fn packages(cx: &Context<'_>, scope: &Scope<'_>, list: &PackageList, provides: bool) -> Vec<Package> {
    let asked = Asked { domains: &[], axes: Axes::default(), python: None, marker: false };
    let one = |manager: &str, item: &ListItem| {
        if let (ListItem::Entry(entry), Some(installer)) = (item, cx.installer(manager)) {
            let reader = entry::Reader { cx, scope, asked: &asked, installer: &installer, platforms: &Platform::ALL, provides };
            return reader.read(entry).map(|read| read.package);
        }
        let place = cx.place(scope.unit, list.span);
        cx.report(
            Diagnostic::new(&known::UNEXPECTED_PART, place, "a hub names packages and their versions here")
                .help("write `jupyterhub ==5.*`"),
        );
        None
    };
    let mut all = Vec::new();
    for item in list.body.iter().flat_map(|body| &body.items) {
        match item {
            ListItem::List(inner) => {
                let items = inner.body.iter().flat_map(|body| &body.items);
                all.extend(items.filter_map(|item| one(&inner.manager.node, item)));
            }
            item => all.extend(one("pip", item)),
        }
    }
    all
}

/// Options, and those of `more` that have another name.
pub(super) fn add_options(own: Vec<MenuOption>, more: &[MenuOption]) -> Vec<MenuOption> {
    let mut all = own;
    for option in more {
        if !all.iter().any(|known| known.key.value == option.key.value) {
            all.push(option.clone());
        }
    }
    all
}

/// `defaults { memory = 1G..2G }`
fn defaults<'a>(cx: &Context<'a>, def: Def<'a>, phrase: &'a Phrase) -> Draft {
    let mut draft = Draft::default();
    let scope_axes = vec![hub_axis(def.name)];
    let built = Built::default();
    let reader = Reader { cx, built: &built, parent: None, axes: scope_axes, reads: Reads::default(), domains: Vec::new(), name: def.name };
    if let [Part::Block(block)] = phrase.parts.as_slice() {
        reader.block(&Scope::of_cell(def.unit, reader.axes.as_slice()), Room::Defaults, block, &mut draft);
    } else {
        cx.report(
            Diagnostic::new(&known::MISSING_PART, cx.place(def.unit, phrase.span), "`defaults` takes settings in braces")
                .help("write `defaults { memory = 1G..2G }`"),
        );
    }
    draft
}
