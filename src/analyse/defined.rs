//! What the files of a program define.

use foldhash::HashMap;

use super::definitions::{Def, DefId, UnitId};
use super::load::{Unit, Unread};
use crate::base::{IndexMap, Place, or_nearest};
use crate::diagnostics::{Diagnostic, known};
use crate::syntax::ast::{Definition, Item, Keyword};

/// Which definitions share a namespace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Space {
    /// Images, layers, environments, fragments, hubs, profiles.
    Definitions,
    /// Installers, whatever their module.
    Installers,
    /// Package repositories.
    Repos,
}

/// All definitions of a program.
#[derive(Debug, Default)]
pub(crate) struct Names<'a> {
    pub(super) defs: Vec<Def<'a>>,
    pub(super) by_name: IndexMap<(Space, Option<&'a str>, &'a str), DefId>,
    /// Definitions by their names in lower case.
    pub(super) lower: HashMap<(Option<&'a str>, String), DefId>,
    pub(super) modules: Vec<&'a str>,
    /// What modules of the standard library define beside this: nothing names it.
    pub(super) unread: Vec<(&'a str, &'a Unread)>,
    /// The installers of the standard library, each read where something asks for it.
    standard: IndexMap<&'a str, (UnitId, &'a Unread)>,
}

impl<'a> Names<'a> {
    /// Collects the definitions of all files; two of one name are reported.
    pub(crate) fn collect(units: &'a [Unit], report: &dyn Fn(Diagnostic)) -> Self {
        let mut names = Self::default();
        for (at, unit) in units.iter().enumerate() {
            if let Some(module) = unit.module.as_deref()
                && !names.modules.contains(&module)
            {
                names.modules.push(module);
                names.unread.extend(unit.unread.iter().map(|unread| (module, unread)));
            }
            let installers = unit.unread.iter().filter(|unread| unread.keyword == Keyword::Installer);
            names.standard.extend(installers.map(|unread| (unread.name, (UnitId(at), unread))));
            for item in &unit.tree.items {
                if let Item::Definition(node) = item {
                    names.add(units, UnitId(at), node, report);
                }
            }
        }
        names
    }

    pub(super) fn add(&mut self, units: &'a [Unit], unit: UnitId, node: &'a Definition, report: &dyn Fn(Diagnostic)) {
        let Some(file) = units.get(unit.0) else { return };
        let Some(name) = node.name.as_ref() else { return };
        let id = DefId(self.defs.len());
        self.defs.push(Def { unit, node, name: &name.node });
        let space = match node.keyword.node {
            Keyword::Project | Keyword::Output => return,
            Keyword::Installer => Space::Installers,
            Keyword::Repo => Space::Repos,
            _ => Space::Definitions,
        };
        let module = if space == Space::Installers { None } else { file.module.as_deref() };
        let key = (space, module, name.node.as_str());
        // Where a program defines one of the same name, that of the standard library is its first definition.
        if space == Space::Installers
            && let Some((standard, unread)) = self.standard.get(name.node.as_str())
            && !self.by_name.contains_key(&key)
            && let Some(node) = unread.definition()
        {
            self.by_name.insert(key, DefId(self.defs.len()));
            self.defs.push(Def { unit: *standard, node, name: unread.name });
        }
        let place = Place::new(file.file, name.span);
        let known_def = self.by_name.get(&key).and_then(|known| self.defs.get(known.0).map(|def| (*known, *def)));
        if let Some((known_id, other)) = known_def {
            let replaces = node.replace.is_some() && known_id != id;
            if replaces {
                self.by_name.insert(key, id);
                return;
            }
            report(duplicate(units, place, &name.node, other, space));
            return;
        }
        if node.replace.is_some() {
            report(
                Diagnostic::new(&known::REPLACES_NOTHING, place, format!("there is no installer `{}` to replace", name.node))
                    .maybe_help(or_nearest(&name.node, self.installers()))
                    .help("drop `replace` to define a new one"),
            );
        }
        if space == Space::Definitions {
            let twin = *self.lower.entry((module, name.node.to_ascii_lowercase())).or_insert(id);
            if let Some(other) = self.defs.get(twin.0).filter(|_| twin != id) {
                report(
                    Diagnostic::new(
                        &known::NAMES_DIFFER_IN_CASE,
                        place,
                        format!("`{}` and `{}` differ in case only", name.node, other.name),
                    )
                    .here("folders, repositories and slugs may not tell them apart")
                    .also(place_of(units, *other), "the other one")
                    .help("give one of them another name"),
                );
            }
        }
        self.by_name.insert(key, id);
    }

    pub(super) fn in_space(&self, space: Space, module: Option<&'a str>) -> impl Iterator<Item = &'a str> + Clone + '_ {
        self.by_name.keys().filter(move |(s, m, _)| *s == space && *m == module).map(|(_, _, name)| *name)
    }

    /// The definition with this id.
    pub(crate) fn get(&self, id: DefId) -> Option<Def<'a>> {
        self.defs.get(id.0).copied()
    }

    /// All definitions in the order of files and places.
    pub(crate) fn all(&self) -> impl Iterator<Item = (DefId, Def<'a>)> + '_ {
        self.defs.iter().enumerate().map(|(at, def)| (DefId(at), *def))
    }

    /// The names of the installers: the standard ones, then those of the program.
    pub(crate) fn installers(&self) -> impl Iterator<Item = &'a str> + Clone + '_ {
        let own = self.in_space(Space::Installers, None).filter(|name| !self.standard.contains_key(name));
        self.standard.keys().copied().chain(own)
    }

    /// The installer of this name; the last `replace` wins.
    pub(crate) fn installer(&self, name: &str) -> Option<Def<'a>> {
        let own = self.by_name.iter().find(|((space, _, known), _)| *space == Space::Installers && *known == name);
        own.and_then(|(_, id)| self.get(*id)).or_else(|| {
            let (unit, unread) = self.standard.get(name)?;
            Some(Def { unit: *unit, node: unread.definition()?, name: unread.name })
        })
    }
}

pub(super) fn place_of(units: &[Unit], def: Def<'_>) -> Place {
    let file = units.get(def.unit.0).map_or_else(Default::default, |unit| unit.file);
    Place::new(file, def.node.name.as_ref().map_or(def.node.span, |name| name.span))
}

pub(super) fn duplicate(units: &[Unit], place: Place, name: &str, other: Def<'_>, space: Space) -> Diagnostic {
    let finding = Diagnostic::new(&known::DUPLICATE_NAME, place, format!("`{name}` is defined twice"))
        .here("a second definition of this name")
        .also(place_of(units, other), "the first one");
    match space {
        Space::Installers => finding.help(format!("write `replace installer {name}` to put yours in its place")),
        _ => finding.help("give one of them another name, or drop one"),
    }
}
