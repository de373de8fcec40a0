//! One entry of a package list: typed for the checks, and in pieces for the command.

use std::rc::Rc;

use super::condition::{self, Asked};
use super::context::Context;
use super::manager::Installer;
use super::scope::Scope;
use super::undecided::Undecided;
use super::{addresses, constraints, typed};
use crate::base::Place;
use crate::diagnostics::{Diagnostic, known};
use crate::ir::{Only, Package, PackageSource, Platform, Segment, Segments, Wanted};
use crate::requirements::{Marker, MatchSpec, version_in_address};
use crate::syntax::ast::{Archive, Condition, Constraint, Entry, EntryPart, Git, Text, TextPart};
use crate::versions::{self, Op};

/// What an entry stands for.
#[derive(Clone, Debug)]
pub(crate) struct Read {
    /// The package, for the checks.
    pub(crate) package: Package,
    /// Where the command sees the file of the package: one of the project, or one that is downloaded for the step.
    pub(crate) mounted: Option<String>,
    /// The word of the command; `None` where the entry adds no word (an override of what a file says).
    pub(crate) word: Option<Rc<Segments>>,
    /// The kinds after `enable`.
    pub(crate) enable: Vec<(String, Place)>,
    /// Where the build decides whether it is wanted: the platforms for which the command gets it, with its marker.
    pub(crate) open: Option<Only>,
}

impl Read {
    /// A package that says nothing beside its name and versions.
    pub(crate) fn plain(package: Package, word: Option<Rc<Segments>>) -> Self {
        Self { package, mounted: None, word, enable: Vec::new(), open: None }
    }
}

/// What an entry says beside its package.
#[derive(Default)]
struct Rest {
    /// The constraint in the words of the manager.
    rendered: Segments,
    enable: Vec<(String, Place)>,
    /// What is left of the marker for the build, and the platforms for which the command gets the package.
    open: Option<(Marker, Only)>,
}

/// What an entry is read against.
pub(crate) struct Reader<'r, 'a> {
    /// The shared state.
    pub(crate) cx: &'r Context<'a>,
    /// The names it sees.
    pub(crate) scope: &'r Scope<'r>,
    /// What its conditions may ask about.
    pub(crate) asked: &'r Asked<'r>,
    /// The manager of the list.
    pub(crate) installer: &'r Installer<'a>,
    /// The platforms of the cell.
    pub(crate) platforms: &'r [Platform],
    /// Whether the list says what is there (`provides`) rather than what is wanted.
    pub(crate) provides: bool,
}

impl Reader<'_, '_> {
    /// Reads an entry. `None` where it is for no platform of the cell, or broken.
    pub(crate) fn read(&self, entry: &Entry) -> Option<Read> {
        let cx = self.cx;
        let origin = cx.place(self.scope.unit, entry.span);
        let name = self.scope.text(cx, &entry.name)?;
        self.check_name(&entry.name, &name)?;
        let parts = if name.contains(':') { name.split_once("::") } else { None };
        let release = if self.installer.ecosystem == "apt" { name.split_once('/') } else { None };
        let (channel, bare) = match (parts, release) {
            (Some((index, bare)), _) | (None, Some((bare, index))) => (Some(index.to_owned()), bare.to_owned()),
            (None, None) => (None, name),
        };
        let wanted = Wanted {
            manager: Rc::clone(&self.installer.name),
            ecosystem: self.installer.ecosystem,
            scheme: self.installer.scheme,
            normal: self.installer.scheme.normalize_name(&bare),
            name: bare,
            extras: entry.extras.iter().map(|extra| extra.node.clone()).collect(),
            constraint: versions::Constraint::default(),
            provided: self.provides,
            pin: None,
            overrides: false,
            because: None,
            until: None,
            source: PackageSource::Index,
            index: channel,
            besides: Vec::new(),
            environment: None,
            no_deps: false,
        };
        let mut package = Package::new(wanted, origin);
        let mut rest = Rest::default();
        for part in &entry.parts {
            self.part(part, &mut package, &mut rest)?;
        }
        self.check_demands(&package)?;
        if package.constraint.is_any() && package.pin.is_none() {
            package.constraint = in_address(&package).unwrap_or_default();
        }
        let mut word = if self.provides { None } else { Some(self.word(&package, &rest.rendered)?) };
        if let (Some((marker, _)), Some(word)) = (&rest.open, &mut word) {
            word.push_literal(&format!(" ; {marker}"));
        }
        let mounted = if self.provides { None } else { self.mounted(&package) };
        Some(Read { package, mounted, word: word.map(Rc::new), enable: rest.enable, open: rest.open.map(|(_, only)| only) })
    }

    fn part(&self, part: &EntryPart, package: &mut Package, rest: &mut Rest) -> Option<()> {
        let (cx, unit) = (self.cx, self.scope.unit);
        match part {
            EntryPart::Constraint(constraint) => self.constraint(constraint, package, &mut rest.rendered)?,
            EntryPart::Marker(condition) => self.marker(condition, package, rest)?,
            EntryPart::Git(git) => {
                let Git { url, rev, subdirectory, .. } = &**git;
                addresses::check(cx, cx.place(unit, url.span), &self.scope.text(cx, url)?, &[])?;
                let text = |text: &Option<Text>| text.as_ref().map(|text| self.scope.text(cx, text));
                package.source =
                    PackageSource::Git { url: self.scope.text(cx, url)?, rev: flat(text(rev))?, subdirectory: flat(text(subdirectory))? };
            }
            EntryPart::Url(archive) => {
                let Archive { url, sha256, .. } = &**archive;
                addresses::check(cx, cx.place(unit, url.span), &self.scope.text(cx, url)?, &[])?;
                let digits = match sha256 {
                    Some(text) => Some(typed::sha256(cx, cx.place(unit, text.span), &self.scope.text(cx, text)?)?),
                    None => None,
                };
                package.source = PackageSource::Url { url: self.scope.text(cx, url)?, sha256: digits };
            }
            EntryPart::Path(text) => package.source = PackageSource::Path(self.path(text)?),
            EntryPart::Resolved(text) => {
                let command = self.scope.text(cx, text)?;
                rest.rendered = constraints::resolved(self.installer.scheme, &command);
                package.source = PackageSource::Resolved(command);
            }
            EntryPart::Because(text) => package.because = Some(self.scope.text(cx, text)?),
            EntryPart::Until(date) => package.until = Some(typed::date(cx, cx.place(unit, date.span), &date.node)?),
            EntryPart::Pin(_) => package.pin = Some(package.constraint.clone()),
            EntryPart::Override(_) => package.overrides = true,
            EntryPart::Enable(kind) => rest.enable.push((kind.node.clone(), cx.place(unit, kind.span))),
        }
        Some(())
    }

    /// Decides a marker. What only the build can decide is left to pip, and reported. `None` where no platform wants the package.
    fn marker(&self, condition: &Condition, package: &mut Package, rest: &mut Rest) -> Option<()> {
        let asked = Asked { marker: true, ..*self.asked };
        if self.provides || self.installer.ecosystem != "pypi" {
            let platforms = condition::holds(self.cx, self.scope, &asked, condition, self.platforms)?;
            package.only = only(platforms, self.platforms);
            return package.only.as_ref().is_none_or(|only| !only.is_empty()).then_some(());
        }
        let decided = condition::decide(self.cx, self.scope, &asked, condition, self.platforms)?;
        let wanted: Vec<Platform> = self.platforms.iter().copied().filter(|platform| decided.may(*platform)).collect();
        package.only = only(decided.platforms.clone(), self.platforms);
        if decided.open.is_empty() {
            return (!wanted.is_empty()).then_some(());
        }
        let place = self.cx.place(self.scope.unit, condition.span());
        let Ok(left) = decided.left().simplified() else {
            self.cx.report(
                Diagnostic::new(&known::WRONG_TYPE, place, "`~=` and `===` have no opposite that pip could be given")
                    .help("write the comparison without `not`"),
            );
            return None;
        };
        if let Some((platform, marker)) = decided.open.first() {
            let pythons = asked.pythons(self.cx);
            let undecided = Undecided { open: (*platform, marker), known: &decided.platforms, pythons: &pythons };
            self.cx.report(undecided.finding(place, &format!("whether `{}` is installed is", package.name), &left.to_string()));
        }
        rest.open = Some((left, only(wanted, self.platforms)));
        Some(())
    }

    /// The versions that are wanted, or, after `pin`, those that are pinned.
    fn constraint(&self, constraint: &Constraint, package: &mut Package, rendered: &mut Segments) -> Option<()> {
        let cx = self.cx;
        let (mut typed, marked) = self.scope.constraint(cx, constraint)?;
        if package.pin.is_some() {
            self.check_versions(constraint, &typed)?;
            package.pin = Some(typed);
            return Some(());
        }
        self.bare_versions(constraint, &mut typed)?;
        self.check_versions(constraint, &typed)?;
        if self.provides {
            exact(&mut typed);
        }
        let marked = marked.map(|marked| patterns(&typed, marked));
        match constraints::render(self.installer.scheme, &typed, marked.as_deref()) {
            Ok(text) => *rendered = text,
            Err(problem) => {
                let place = cx.place(self.scope.unit, constraint.span);
                let message = format!("`{}` can't say this: {problem}", self.installer.name);
                cx.report(Diagnostic::new(&known::UNKNOWN_OPERATOR, place, message).help("write one range: `>=1.26, <2.1`"));
                return None;
            }
        }
        package.constraint = typed;
        package.bounds = Some(cx.place(self.scope.unit, constraint.span));
        Some(())
    }

    /// A bare version: known in `provides`; an interpolated one means its patch releases; a written one is asked back.
    fn bare_versions(&self, constraint: &Constraint, typed: &mut versions::Constraint) -> Option<()> {
        for (bound, typed) in constraint.alternatives.iter().flatten().zip(typed.alternatives.iter_mut().flatten()) {
            let bare = typed.op == Op::Bare && !typed.version.ends_with(".*") && typed.version != "*" && typed.build.is_none();
            if !bare || self.provides {
                continue;
            }
            if bound.version.iter().any(|part| matches!(part, TextPart::Interpolation(_))) {
                typed.version.push_str(".*");
                continue;
            }
            let place = self.cx.place(self.scope.unit, bound.span);
            let version = &typed.version;
            self.cx.report(
                Diagnostic::new(&known::BARE_VERSION, place, format!("`{version}` may mean this version only or its patch releases, too"))
                    .here("a bare version")
                    .replace(format!("write `=={version}` for exactly this one"), false, place, format!("=={version}"))
                    .replace(format!("write `{version}.*` for it and its patch releases"), false, place, format!("{version}.*")),
            );
            return None;
        }
        Some(())
    }

    fn check_versions(&self, constraint: &Constraint, typed: &versions::Constraint) -> Option<()> {
        let mut readable = self.cx.readable.borrow_mut();
        let readable = readable.entry(self.installer.scheme).or_default();
        if readable.contains(typed) {
            return Some(());
        }
        let Err(problem) = self.installer.scheme.set(typed) else {
            readable.insert(typed.clone());
            return Some(());
        };
        self.cx.report(constraints::refused(self.cx.place(self.scope.unit, constraint.span), constraint, problem));
        None
    }
}

/// The version that the address or the file of a package names.
fn in_address(package: &Package) -> Option<versions::Constraint> {
    let (PackageSource::Url { url: address, .. } | PackageSource::Path(address)) = &package.source else { return None };
    match package.ecosystem.as_str() {
        "pypi" => Some(versions::Constraint::of(Op::Equal, version_in_address(address, &package.name)?)),
        "conda" => MatchSpec::read(address).ok().map(|spec| spec.constraint),
        _ => None,
    }
}

/// `None` where the text is absent, an error where it is broken.
#[expect(clippy::option_option, reason = "the outer option is the field, the inner one whether it could be evaluated")]
fn flat(text: Option<Option<String>>) -> Option<Option<String>> {
    match text {
        None => Some(None),
        Some(None) => None,
        Some(Some(text)) => Some(Some(text)),
    }
}

/// A known version is exactly that one.
fn exact(constraint: &mut versions::Constraint) {
    for bound in constraint.alternatives.iter_mut().flatten() {
        if bound.op == Op::Bare && !bound.version.ends_with(".*") && bound.version != "*" {
            bound.op = Op::Equal;
        }
    }
}

/// The pieces of bounds, with the `.*` that was added to a bare interpolated version.
fn patterns(typed: &versions::Constraint, marked: Vec<Vec<Segments>>) -> Vec<Vec<Segments>> {
    let mut marked = marked;
    for (bounds, texts) in typed.alternatives.iter().zip(&mut marked) {
        for (bound, text) in bounds.iter().zip(texts) {
            if bound.version.ends_with(".*") && !text.plain().ends_with(".*") {
                text.0.push(Segment::Literal(".*".to_owned()));
            }
        }
    }
    marked
}

/// Platforms as a restriction: `None` where they are all of the cell's.
pub(crate) fn only(platforms: Vec<Platform>, all: &[Platform]) -> Only {
    (platforms.len() < all.len()).then_some(platforms)
}
