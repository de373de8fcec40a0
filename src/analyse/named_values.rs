//! The named values of a program.

use std::cell::RefCell;

use super::definitions::UnitId;
use super::load::Unit;
use super::value::Val;
use crate::base::{IndexMap, Place};
use crate::diagnostics::{Diagnostic, known};
use crate::syntax::ast::{Item, Let};

/// All `let`s of a program.
#[derive(Debug, Default)]
pub(crate) struct Lets<'a> {
    pub(super) all: IndexMap<(Option<&'a str>, &'a str), (UnitId, &'a Let)>,
    pub(super) done: RefCell<IndexMap<usize, Option<Val>>>,
}

impl<'a> Lets<'a> {
    /// Collects the `let`s of all files; two of one name are reported.
    pub(crate) fn collect(units: &'a [Unit], report: &dyn Fn(Diagnostic)) -> Self {
        let mut all = IndexMap::default();
        for (at, unit) in units.iter().enumerate() {
            for item in &unit.tree.items {
                let Item::Let(node) = item else { continue };
                let place = Place::new(unit.file, node.name.span);
                if let Some(word) = ["and", "or", "not", "in", "true", "false"].into_iter().find(|word| *word == node.name.node) {
                    report(
                        Diagnostic::new(&known::RESERVED_NAME, place, format!("`{word}` can't be the name of a value"))
                            .help("choose another name"),
                    );
                }
                if node.name.node.contains('-') {
                    report(hyphen(place, &node.name.node));
                }
                let key = (unit.module.as_deref(), node.name.node.as_str());
                if let Some((other, first)) = all.get(&key) {
                    let (other, first): (&UnitId, &&Let) = (other, first);
                    let first_place = Place::new(units.get(other.0).map_or_else(Default::default, |unit| unit.file), first.name.span);
                    report(
                        Diagnostic::new(&known::DUPLICATE_NAME, place, format!("`{}` is defined twice", node.name.node))
                            .here("a second value of this name")
                            .also(first_place, "the first one")
                            .help("give one of them another name, or drop one"),
                    );
                } else {
                    all.insert(key, (UnitId(at), node));
                }
            }
        }
        Self { all, done: RefCell::default() }
    }

    /// The names that a file sees.
    pub(crate) fn visible(&self, module: Option<&str>) -> Vec<&'a str> {
        self.all.keys().filter(|(of, _)| of.is_none() || *of == module).map(|(_, name)| *name).collect()
    }
}

/// What to say of a name with a hyphen where `{{ }}` must be able to hold it.
pub(crate) fn hyphen(place: Place, name: &str) -> Diagnostic {
    let better = name.replace('-', "_");
    Diagnostic::new(&known::HYPHEN_IN_VALUE_NAME, place, format!("`{name}` names a value, and in `{{{{ }}}}` its hyphen would be a minus"))
        .here("names of values are snake_case")
        .replace(format!("write `{better}`"), false, place, better)
}
