//! What is there and what must be there: `provides`, `requires`, and lists in other people's formats.

use super::condition::Asked;
use super::context::Context;
use super::entry::Reader;
use super::factfiles;
use super::inventories;
use super::manager::Installer;
use super::parts::Parts;
use super::scope::Scope;
use crate::base::{MAX_FILE_BYTES, Place, join, or_nearest};
use crate::diagnostics::{Diagnostic, known};
use crate::ir::{Package, Platform, RequirementKind};
use crate::syntax::ast::{ListItem, PackageList, Part, Value};

/// What is there without an install step.
#[derive(Debug, Default)]
pub(crate) struct Provided {
    /// Packages.
    pub(crate) packages: Vec<Package>,
    /// Environments of conda, beside the one that conda is in.
    pub(crate) environments: Vec<String>,
}

/// What one `provides` statement says: lists by manager, or a file.
pub(crate) fn of_list<'a>(
    cx: &Context<'a>,
    scope: &Scope<'_>,
    asked: &Asked<'_>,
    list: &'a PackageList,
    platforms: &[Platform],
) -> Provided {
    let mut all = Provided::default();
    let mut options = list.options.iter();
    while let Some(part) = options.next() {
        match (part, options.next()) {
            (Part::Word(word), Some(Part::Value(Value::Text(text)))) if word.node == "from" => {
                let place = cx.place(scope.unit, text.span);
                if let Some(written) = scope.text(cx, text) {
                    all.packages.extend(from_file(cx, scope, place, &written));
                }
            }
            (part, _) => {
                let place = cx.place(scope.unit, part.span());
                cx.report(
                    Diagnostic::new(&known::UNEXPECTED_PART, place, "`provides` takes lists in braces, or `from` and a file")
                        .help("write `provides from \"facts/image.json\"`"),
                );
            }
        }
    }
    provided(cx, scope, asked, list.body.as_ref().map_or(&[], |body| &body.items), platforms, None, &mut all);
    all
}

/// What the body of a `provides` says.
pub(crate) fn of_body<'a>(
    cx: &Context<'a>,
    scope: &Scope<'_>,
    asked: &Asked<'_>,
    items: &'a [ListItem],
    platforms: &[Platform],
) -> Provided {
    let mut all = Provided::default();
    provided(cx, scope, asked, items, platforms, None, &mut all);
    all
}

/// Adds what lists say, of those within an environment of conda that it is in there.
fn provided<'a>(
    cx: &Context<'a>,
    scope: &Scope<'_>,
    asked: &Asked<'_>,
    items: &'a [ListItem],
    platforms: &[Platform],
    within: Option<&str>,
    all: &mut Provided,
) {
    for item in items {
        match item {
            ListItem::List(inner) if inner.body.is_none() => no_file(cx, scope, inner, "provides"),
            ListItem::List(inner) => match cx.installer(&inner.manager.node) {
                Some(installer) => {
                    let environment = environment(cx, scope, inner, &installer).or(within);
                    let reader = Reader { cx, scope, asked, installer: &installer, platforms, provides: true };
                    let items = inner.body.as_ref().map_or(&[][..], |body| &body.items);
                    all.environments.extend(environment.filter(|name| within.is_none() && *name != SYSTEM).map(str::to_owned));
                    for item in items {
                        match item {
                            ListItem::Entry(entry) => all.packages.extend(reader.read(entry).map(|read| read.package.within(environment))),
                            list => provided(cx, scope, asked, std::slice::from_ref(list), platforms, environment, all),
                        }
                    }
                }
                None => unknown_manager(cx, scope, inner),
            },
            ListItem::Entry(entry) => {
                let place = cx.place(scope.unit, entry.span);
                cx.report(
                    Diagnostic::new(&known::MISSING_PART, place, "a provided package needs its manager")
                        .here("of which ecosystem is it?")
                        .help("put it in a list: `provides { conda { … } }`"),
                );
            }
            ListItem::Fact(fact) => {
                let place = cx.place(scope.unit, fact.span);
                cx.report(
                    Diagnostic::new(&known::UNEXPECTED_PART, place, format!("`provides` takes no `{}`", fact.name.node))
                        .help("an image says `os = \"…\"` as a field of its own"),
                );
            }
        }
    }
}

/// What `system` stands for among environments.
const SYSTEM: &str = "system";

/// Where a list says that its packages are: `conda env NAME { … }`, `pip system { … }`. How they come there is said where they are
/// installed.
fn environment<'a>(cx: &Context<'a>, scope: &Scope<'_>, list: &'a PackageList, installer: &Installer<'_>) -> Option<&'a str> {
    let mut parts = Parts::new(cx, scope.unit, &list.manager.node, &list.options, list.span);
    let has = |template: &str| installer.templates.contains_key(template);
    let name = if has("create") && parts.word("env") {
        parts.name("the name of an environment").map(|name| name.node.as_str())
    } else {
        (has(SYSTEM) && parts.word(SYSTEM)).then_some(SYSTEM)
    };
    if let Some(part) = parts.peek() {
        let (place, first) = (cx.place(scope.unit, part.span()), list.manager.node.as_str());
        let named = if has("create") { format!(" or `{first} env NAME {{ … }}`") } else { String::new() };
        let message = format!("what is there is said by `{first} {{ … }}`{named}");
        cx.report(Diagnostic::new(&known::UNEXPECTED_PART, place, message).here("how it comes there is said where it is installed"));
    }
    name
}

/// A list in a file is read by steps alone.
fn no_file(cx: &Context<'_>, scope: &Scope<'_>, list: &PackageList, word: &str) {
    let place = cx.place(scope.unit, list.span);
    cx.report(
        Diagnostic::new(&known::UNEXPECTED_PART, place, format!("a list in `{word}` is read from no file"))
            .help(format!("write its packages in braces: `{word} {{ {} {{ … }} }}`", list.manager.node)),
    );
}

fn unknown_manager(cx: &Context<'_>, scope: &Scope<'_>, list: &PackageList) {
    let place = cx.place(scope.unit, list.manager.span);
    let name = &list.manager.node;
    cx.report(
        Diagnostic::new(&known::UNKNOWN_NAME, place, format!("there is no installer `{name}`"))
            .maybe_help(or_nearest(name, cx.names.installers())),
    );
}

fn from_file(cx: &Context<'_>, scope: &Scope<'_>, place: Place, written: &str) -> Vec<Package> {
    let Some(path) = join(cx.folder(scope.unit), written) else {
        cx.report(Diagnostic::new(&known::IMPORT_OUTSIDE, place, format!("`{written}` leaves the folder of the program")));
        return Vec::new();
    };
    let text = match cx.files.read(&path, MAX_FILE_BYTES) {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(error) => {
            cx.report(Diagnostic::new(&known::MISSING_FILE, place, format!("can't read `{path}`: {error}")));
            return Vec::new();
        }
    };
    match inventories::read(&text) {
        Ok(found) => found.into_iter().filter_map(|fact| factfiles::package(cx, &fact, place)).collect(),
        Err(problem) => {
            cx.report(Diagnostic::new(&known::BAD_FACTS, place, format!("`{path}` holds no list of packages: {problem}")).help(
                "give what `conda list`, `pip list`, `pip freeze`, `npm ls --global --json`, `dpkg-query -W` or `rpm -qa` prints, \
                 or an SBOM (SPDX, CycloneDX) in JSON",
            ));
            Vec::new()
        }
    }
}

/// What one `requires` statement says.
pub(crate) fn requirements<'a>(
    cx: &Context<'a>,
    scope: &Scope<'_>,
    asked: &Asked<'_>,
    list: &'a PackageList,
    platforms: &[Platform],
) -> Vec<(RequirementKind, Place)> {
    let mut all = Vec::new();
    let mut add = |kind, place| all.push((kind, place));
    for item in list.body.iter().flat_map(|body| &body.items) {
        match item {
            ListItem::Fact(fact) => {
                let place = cx.place(scope.unit, fact.span);
                let Some(text) = scope.text(cx, &fact.value) else { continue };
                match fact.name.node.as_str() {
                    "os" => add(RequirementKind::Os(text), place),
                    "platform" => {
                        if super::typed::platform(cx, place, &text).is_some() {
                            add(RequirementKind::Platform(text), place);
                        }
                    }
                    "command" => add(RequirementKind::Command(text), place),
                    name => cx.report(
                        Diagnostic::new(&known::UNKNOWN_WORD, place, format!("`requires` takes no `{name}`"))
                            .maybe_help(or_nearest(name, ["os", "platform", "command"])),
                    ),
                }
            }
            ListItem::List(inner) if inner.body.is_none() => no_file(cx, scope, inner, "requires"),
            ListItem::List(inner) => match cx.installer(&inner.manager.node) {
                Some(installer) => {
                    let environment = environment(cx, scope, inner, &installer);
                    let reader = Reader { cx, scope, asked, installer: &installer, platforms, provides: false };
                    for item in inner.body.iter().flat_map(|body| &body.items) {
                        if let ListItem::Entry(entry) = item
                            && let Some(package) = reader.read(entry).and_then(|read| reader.names_one(read.package))
                        {
                            let place = package.origin;
                            add(RequirementKind::Package(Box::new(package.within(environment))), place);
                        }
                    }
                }
                None => unknown_manager(cx, scope, inner),
            },
            ListItem::Entry(entry) => {
                let name = scope.text(cx, &entry.name).unwrap_or_default();
                let manager = if name == "python" { "pip" } else { "conda" };
                let Some(installer) = cx.installer(manager) else { continue };
                let reader = Reader { cx, scope, asked, installer: &installer, platforms, provides: false };
                if let Some(read) = reader.read(entry) {
                    let place = read.package.origin;
                    let kind = if name == "python" {
                        RequirementKind::Python(read.package.constraint.clone())
                    } else {
                        RequirementKind::Package(Box::new(read.package))
                    };
                    add(kind, place);
                }
            }
        }
    }
    all
}
