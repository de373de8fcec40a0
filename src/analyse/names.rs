//! What is called what: one flat namespace of definitions for the files of a program, one for each module of the
//! standard library and for each import with an alias.

use super::context::Context;
use super::defined::{Space, place_of};
use super::definitions::{Def, DefId, UnitId};
use super::load::Unit;
use crate::base::{Place, Span, Spanned, nearest, or_nearest};
use crate::diagnostics::{Diagnostic, known};
use crate::ir::Defined;
use crate::syntax::ast::{ImportTarget, Item, Keyword};

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
        if self.lost_with_import(&path.node) || self.lost_with_file(&path.node) {
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
        candidates.extend(unread.map(|(module, unread)| seen(Some(*module), unread.name)));
        let last = path.node.rsplit('.').next().unwrap_or(&path.node);
        let elsewhere = candidates.iter().find(|candidate| candidate.as_str() != path.node && candidate.rsplit('.').next() == Some(last));
        if let Some(candidate) = elsewhere {
            finding = finding.replace(format!("write `{candidate}`"), false, place, candidate.clone());
        } else if let Some(near) = nearest(&path.node, candidates.iter().map(String::as_str)) {
            finding = finding.replace(format!("did you mean `{near}`?"), false, place, near);
        } else if let Some((module, _)) = path.node.split_once('.') {
            if !self.names.modules.contains(&module) {
                finding = self.unimported(unit, place, &path.node, finding);
            }
        } else {
            finding = finding.maybe_help(or_nearest(&path.node, candidates.iter().map(String::as_str)));
        }
        self.report_unknown(&path.node, finding);
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

    /// Whether a name may be of a file of which nothing could be read, such as one with both sides of a merge: that is reported there.
    fn lost_with_file(&self, path: &str) -> bool {
        let module = path.split_once('.').map(|(module, _)| module);
        let lost = |unit: &&Unit| !unit.standard && unit.tree.items.is_empty() && unit.module.as_deref() == module;
        self.units.iter().filter(lost).any(|unit| self.has_reported("J00", Place::new(unit.file, Span { start: 0, end: u32::MAX })))
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
