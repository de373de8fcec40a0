//! What is called what: one flat namespace of definitions for the files of a program, one for each module of the
//! standard library and for each import with an alias.

use foldhash::HashMap;
use indexmap::IndexMap;

use super::context::{Context, Def, DefId, UnitId};
use super::load::{Unit, Unread};
use crate::base::{Place, Spanned, nearest, or_nearest};
use crate::diagnostics::{Diagnostic, known};
use crate::ir::Defined;
use crate::syntax::ast::{Definition, ImportTarget, Item, Keyword};

/// Which definitions share a namespace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Space {
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
    defs: Vec<Def<'a>>,
    by_name: IndexMap<(Space, Option<&'a str>, &'a str), DefId>,
    /// Definitions by their names in lower case.
    lower: HashMap<(Option<&'a str>, String), DefId>,
    modules: Vec<&'a str>,
    /// What modules of the standard library define beside this: nothing names it.
    unread: Vec<(&'a str, &'a Unread)>,
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
            for item in &unit.tree.items {
                if let Item::Definition(node) = item {
                    names.add(units, UnitId(at), node, report);
                }
            }
        }
        names
    }

    fn add(&mut self, units: &'a [Unit], unit: UnitId, node: &'a Definition, report: &dyn Fn(Diagnostic)) {
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
                    .maybe_help(or_nearest(&name.node, self.in_space(Space::Installers, None)))
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

    fn in_space(&self, space: Space, module: Option<&'a str>) -> impl Iterator<Item = &'a str> + Clone + '_ {
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

    /// The names of the installers, in order of definition.
    pub(crate) fn installers(&self) -> impl Iterator<Item = &'a str> + Clone + '_ {
        self.in_space(Space::Installers, None)
    }

    /// The installer of this name; the last `replace` wins.
    pub(crate) fn installer(&self, name: &str) -> Option<DefId> {
        self.by_name.iter().find(|((space, _, known), _)| *space == Space::Installers && *known == name).map(|(_, id)| *id)
    }
}

impl Context<'_> {
    /// The definition that a name means in a file: its own module first, then the program's.
    pub(crate) fn find(&self, unit: UnitId, path: &str) -> Option<DefId> {
        self.find_in(Space::Definitions, unit, path)
    }

    /// The package repository that a name means in a file.
    pub(crate) fn find_repo(&self, unit: UnitId, path: &str) -> Option<DefId> {
        self.find_in(Space::Repos, unit, path)
    }

    fn find_in(&self, space: Space, unit: UnitId, path: &str) -> Option<DefId> {
        let get = |module: Option<&str>, name: &str| self.names.by_name.get(&(space, module, name)).copied();
        if let Some((module, name)) = path.rsplit_once('.') {
            return get(Some(module.strip_prefix("std.").unwrap_or(module)), name);
        }
        let own = self.module(unit).and_then(|module| get(Some(module), path));
        own.or_else(|| get(None, path))
    }

    /// The definition that a name means, if it is of one of the kinds wanted; else a finding with the nearest such name.
    pub(crate) fn resolve(&self, unit: UnitId, path: &Spanned<String>, wanted: &[Keyword], what: &str) -> Option<DefId> {
        let place = self.place(unit, path.span);
        match self.find(unit, &path.node).and_then(|id| self.names.get(id).map(|def| (id, def))) {
            Some((id, def)) if wanted.contains(&def.node.keyword.node) => Some(id),
            Some((_, def)) => {
                let kind = def.node.keyword.node.word();
                self.report(
                    Diagnostic::new(&known::WRONG_KIND, place, format!("`{}` is {}, not {what}", path.node, with_article(kind)))
                        .here(format!("{what} belongs here"))
                        .also(self.place_of(def), format!("`{}` is defined here", def.name))
                        .maybe_help(kind_help(def.node.keyword.node, &path.node)),
                );
                None
            }
            None => {
                self.unknown(unit, path, wanted, what);
                None
            }
        }
    }

    fn unknown(&self, unit: UnitId, path: &Spanned<String>, wanted: &[Keyword], what: &str) {
        if self.lost_with_import(&path.node) {
            return;
        }
        let place = self.place(unit, path.span);
        let mut finding = Diagnostic::new(&known::UNKNOWN_NAME, place, format!("there is no {} `{}`", strip_article(what), path.node));
        let own = self.module(unit);
        let seen = |module: Option<&str>, name: &str| match module {
            Some(module) if own != Some(module) => format!("{module}.{name}"),
            _ => name.to_owned(),
        };
        let read = self.names.by_name.iter().filter(|((space, ..), _)| *space == Space::Definitions);
        let fitting = read.filter(|(_, id)| self.names.get(**id).is_some_and(|def| wanted.contains(&def.node.keyword.node)));
        let mut candidates: Vec<String> = fitting.map(|((_, module, name), _)| seen(*module, name)).collect();
        let unread = self.names.unread.iter().filter(|(_, unread)| wanted.contains(&unread.keyword));
        candidates.extend(unread.map(|(module, unread)| seen(Some(*module), &unread.name)));
        let last = path.node.rsplit('.').next().unwrap_or(&path.node);
        let elsewhere = candidates.iter().find(|candidate| candidate.as_str() != path.node && candidate.rsplit('.').next() == Some(last));
        if let Some(candidate) = elsewhere {
            finding = finding.replace(format!("write `{candidate}`"), false, place, candidate.clone());
        } else if let Some(near) = nearest(&path.node, candidates.iter().map(String::as_str)) {
            finding = finding.replace(format!("did you mean `{near}`?"), false, place, near);
        } else if let Some((module, _)) = path.node.split_once('.') {
            if !self.names.modules.contains(&module) {
                finding = finding.help(format!("import `std.{module}` if it is of the standard library, or drop `{module}.`"));
            }
        } else {
            finding = finding.maybe_help(or_nearest(&path.node, candidates.iter().map(String::as_str)));
        }
        self.report(finding);
    }

    /// Whether a name may be of a file that an import could not read: that is reported there.
    fn lost_with_import(&self, path: &str) -> bool {
        let module = path.split_once('.').map(|(module, _)| module);
        let imports = self.units.iter().enumerate().flat_map(|(at, unit)| {
            unit.tree.items.iter().filter_map(move |item| if let Item::Import(import) = item { Some((UnitId(at), import)) } else { None })
        });
        imports
            .filter(|(_, import)| match &import.alias {
                Some(alias) => module == Some(alias.node.as_str()),
                None => module.is_none() || matches!(import.target, ImportTarget::Standard(_)),
            })
            .any(|(unit, import)| self.has_reported("J01", self.place(unit, import.span)))
    }

    /// What the program's own files define of images and their parts.
    pub(crate) fn definitions(&self) -> Vec<Defined> {
        let of_images = |keyword| matches!(keyword, Keyword::Image | Keyword::Layer | Keyword::Environment | Keyword::Fragment);
        let own = self.names.all().map(|(_, def)| def).filter(|def| of_images(def.node.keyword.node) && !self.is_standard(def.unit));
        own.map(|def| Defined { name: self.place_of(def), whole: self.place(def.unit, def.node.span) }).collect()
    }

    /// Where the name of a definition stands.
    pub(crate) fn place_of(&self, def: Def<'_>) -> Place {
        place_of(self.units, def)
    }
}

fn place_of(units: &[Unit], def: Def<'_>) -> Place {
    let file = units.get(def.unit.0).map_or_else(Default::default, |unit| unit.file);
    Place::new(file, def.node.name.as_ref().map_or(def.node.span, |name| name.span))
}

fn duplicate(units: &[Unit], place: Place, name: &str, other: Def<'_>, space: Space) -> Diagnostic {
    let finding = Diagnostic::new(&known::DUPLICATE_NAME, place, format!("`{name}` is defined twice"))
        .here("a second definition of this name")
        .also(place_of(units, other), "the first one");
    match space {
        Space::Installers => finding.help(format!("write `replace installer {name}` to put yours in its place")),
        _ => finding.help("give one of them another name, or drop one"),
    }
}

fn with_article(word: &str) -> String {
    let article = if word.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {word}")
}

fn strip_article(words: &str) -> &str {
    words.strip_prefix("an ").or_else(|| words.strip_prefix("a ")).unwrap_or(words)
}

fn kind_help(keyword: Keyword, name: &str) -> Option<String> {
    match keyword {
        Keyword::Fragment => Some(format!("write `include {name}`")),
        Keyword::Layer | Keyword::Environment | Keyword::Image => Some(format!("stack it: `from {name}`")),
        _ => None,
    }
}
