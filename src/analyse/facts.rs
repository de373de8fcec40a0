//! What is there and what must be there: `provides`, `requires`, and lists in other people's formats.

use super::condition::Asked;
use super::context::Context;
use super::entry::Reader;
use super::factfiles;
use super::inventories;
use super::scope::Scope;
use crate::base::{MAX_FILE_BYTES, Place, join, or_nearest};
use crate::diagnostics::{Diagnostic, known};
use crate::ir::{Package, Platform, RequirementKind};
use crate::syntax::ast::{ListItem, PackageList, Part, Value};

/// What one `provides` statement says: lists by manager, or a file.
pub(crate) fn of_list(cx: &Context<'_>, scope: &Scope<'_>, asked: &Asked<'_>, list: &PackageList, platforms: &[Platform]) -> Vec<Package> {
    let mut all = Vec::new();
    let mut options = list.options.iter();
    while let Some(part) = options.next() {
        match (part, options.next()) {
            (Part::Word(word), Some(Part::Value(Value::Text(text)))) if word.node == "from" => {
                let place = cx.place(scope.unit, text.span);
                if let Some(written) = scope.text(cx, text) {
                    all.extend(from_file(cx, scope, place, &written));
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
    all.extend(of_body(cx, scope, asked, list.body.as_ref().map_or(&[], |body| &body.items), platforms));
    all
}

/// What the body of a `provides` says.
pub(crate) fn of_body(cx: &Context<'_>, scope: &Scope<'_>, asked: &Asked<'_>, items: &[ListItem], platforms: &[Platform]) -> Vec<Package> {
    let mut all = Vec::new();
    for item in items {
        match item {
            ListItem::List(inner) if inner.body.is_none() => no_file(cx, scope, inner, "provides"),
            ListItem::List(inner) => match cx.installer(&inner.manager.node) {
                Some(installer) => {
                    let reader = Reader { cx, scope, asked, installer: &installer, platforms, provides: true };
                    let entries = inner
                        .body
                        .iter()
                        .flat_map(|body| &body.items)
                        .filter_map(|item| if let ListItem::Entry(entry) = item { reader.read(entry) } else { None });
                    all.extend(entries.map(|read| read.package));
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
    all
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
pub(crate) fn requirements(
    cx: &Context<'_>,
    scope: &Scope<'_>,
    asked: &Asked<'_>,
    list: &PackageList,
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
                    let reader = Reader { cx, scope, asked, installer: &installer, platforms, provides: false };
                    for item in inner.body.iter().flat_map(|body| &body.items) {
                        if let ListItem::Entry(entry) = item
                            && let Some(read) = reader.read(entry)
                        {
                            let place = read.package.origin;
                            add(RequirementKind::Package(Box::new(read.package)), place);
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
