//! Package lists → install steps; neighbours of one manager with equal options become one step and one solve.

mod around;
mod command;
mod file;
mod options;

use std::rc::Rc;

use super::mounts::mountable;
use super::prefixes::exported;
use super::walk::Walk;
use crate::analyse::alike::{Listing, is_plain};
use crate::analyse::entry::{Read, Reader};
use crate::analyse::facts::{self, Provided};
use crate::analyse::installers::Variable;
use crate::analyse::manager::Installer;
use crate::analyse::scope::Scope;
use crate::base::{Place, or_nearest};
use crate::diagnostics::{Diagnostic, known};
use crate::ir::{
    Expandable, Install, InstallItem, Mount, MountSource, Package, PackageSource, Run, RunAs, Script, ShellText, Step, StepKind,
};
use crate::syntax::ast::{ListItem, PackageList, Part};
use around::{Around, hides};
use foldhash::HashSet;
use foldhash::fast::RandomState;
use options::Options;

impl<'a> Walk<'_, 'a> {
    pub(super) fn list(&mut self, scope: &Scope<'_>, list: &'a PackageList) {
        match list.manager.node.as_str() {
            "requires" => {
                let (cx, platforms) = (self.cx, self.platforms.clone());
                for (kind, origin) in facts::requirements(cx, scope, &self.asked(), list, &platforms) {
                    self.require(kind, origin);
                }
            }
            "provides" => {
                let all = facts::of_list(self.cx, scope, &self.asked(), list, &self.platforms);
                self.provided(all);
            }
            _ => self.installed(scope, list, None, None),
        }
    }

    /// Notes what is there without an install step.
    pub(super) fn provided(&mut self, all: Provided) {
        Rc::make_mut(&mut self.state.conda_environments).extend(all.environments);
        for mut package in all.packages {
            if package.environment.is_none() && self.state.active.is_some() {
                package.environment.clone_from(&self.state.active);
            }
            package.via.clone_from(&self.via);
            self.ask(package);
        }
    }

    /// Notes a package that the cell asks for, or that is known to be there.
    pub(super) fn ask(&mut self, package: Package) {
        self.state.note_python(&package);
        self.state.programs.note(&package);
        self.note_pin(&package);
        self.note_there(&package, &package.constraint, false);
        self.out.packages.push(package);
    }

    /// Where a list installs to.
    fn environment_of(&self, options: &Options, ecosystem: &str) -> Option<String> {
        match (&options.environment, options.system) {
            (Some(name), _) => Some(name.clone()),
            (None, true) => Some("system".to_owned()),
            (None, false) if matches!(ecosystem, "pypi" | "conda") => self.state.active.clone(),
            _ => None,
        }
    }

    /// The conda environment that a list acts on: its own, or the one that is active.
    fn conda_environment_of(&self, options: &Options, installer: &Installer<'a>) -> Option<String> {
        if options.system { None } else { self.environment_of(options, &installer.ecosystem) }
    }

    /// Adds what a list installs, and the lists within it. `then` is what runs behind it for the list that it is within.
    fn installed(&mut self, scope: &Scope<'_>, list: &'a PackageList, environment: Option<&str>, then: Option<String>) {
        let cx = self.cx;
        let Some(installer) = cx.installer(&list.manager.node) else {
            // Reported by the check of words.
            return;
        };
        let Some(mut options) = self.options(scope, list, &installer) else { return };
        if let Some(name) = environment {
            options.environment = Some(name.to_owned());
            options.key.push_str("env ");
            options.key.push_str(name);
        }
        if let Some(body) = &list.body {
            self.body_options(scope, body, &installer, &mut options);
        }
        let reads = self.entries(scope, list, &installer, &options);
        let then = list.then.as_ref().and_then(|text| scope.text(cx, text)).or(then);
        let within = list.body.iter().flat_map(|body| &body.items);
        let within: Vec<_> = within.filter_map(|item| if let ListItem::List(inner) = item { Some(inner) } else { None }).collect();
        // What is said behind all of it runs behind the last list within it.
        let (then, behind) = if within.is_empty() { (then, None) } else { (None, then) };
        self.emit_list(scope, list, &installer, &options, reads, then);
        if let Some(name) = options.environment.as_ref().filter(|name| options.activate && self.state.active.as_ref() != Some(name)) {
            self.activate(name, self.place(scope, list.span));
        }
        let name = Self::list_environment(list);
        let end = within.len().saturating_sub(1);
        for (at, inner) in within.into_iter().enumerate() {
            self.installed(scope, inner, name.as_deref(), behind.clone().filter(|_| at == end));
        }
    }

    /// The conda environment that a list is for.
    fn list_environment(list: &PackageList) -> Option<String> {
        let mut parts = list.options.iter();
        while let Some(part) = parts.next() {
            if matches!(part, Part::Word(word) if word.node == "env") {
                return match parts.next() {
                    Some(Part::Word(name)) => Some(name.node.clone()),
                    _ => None,
                };
            }
        }
        None
    }

    fn entries(
        &self,
        scope: &Scope<'_>,
        list: &'a PackageList,
        installer: &Installer<'a>,
        options: &Options,
    ) -> Vec<(Read, Option<String>)> {
        let cx = self.cx;
        let environment = self.environment_of(options, &installer.ecosystem);
        let asked = self.asked_in(environment.as_deref());
        let (index, besides) = (options.index.clone(), options.besides.clone());
        let listing =
            Listing { manager: Rc::clone(&installer.name), index, besides, environment: environment.clone(), no_deps: options.no_deps };
        let alike = cx.alike.as_ref().map(|alike| (alike, alike.number(&listing)));
        let reader = Reader { cx, scope, asked: &asked, installer, platforms: &self.platforms, provides: false };
        let mut reads = Vec::with_capacity(list.body.as_ref().map_or(0, |body| body.items.len()));
        for item in list.body.iter().flat_map(|body| &body.items) {
            let ListItem::Entry(entry) = item else { continue };
            let place = self.place(scope, entry.span);
            let text = cx.sources.text(place);
            let alike = alike.filter(|_| is_plain(entry));
            let known = alike.and_then(|(alike, number)| alike.at(number, text, place)).map(|(package, word)| Read::plain(package, word));
            let read = known.or_else(|| {
                let mut read = reader.read(entry)?;
                listing.complete(&mut read.package);
                if let Some((alike, number)) = alike {
                    alike.keep(number, text, &read.package, read.word.as_ref());
                }
                Some(read)
            });
            let Some(mut read) = read else { continue };
            read.package.via.clone_from(&self.via);
            if read.package.only.is_none() {
                read.package.only = self.only();
            }
            reads.push((read, entry.doc.clone()));
        }
        let mut names = HashSet::with_capacity_and_hasher(reads.len(), RandomState::default());
        for (at, (read, _)) in reads.iter().enumerate() {
            if !names.insert(read.package.normal.as_str()) {
                self.twice(reads.get(..at).unwrap_or_default(), &read.package);
            }
        }
        reads
    }

    /// J0415: a package that the list has already, for a platform in common. Where no version is both, that is another finding.
    fn twice(&self, before: &[(Read, Option<String>)], package: &Package) {
        let scheme = package.scheme;
        let same = |other: &&Package| {
            let platforms = |package: &Package| package.only.clone().unwrap_or_else(|| self.platforms.clone());
            other.normal == package.normal && platforms(other).iter().any(|platform| platforms(package).contains(platform))
        };
        let Some(other) = before.iter().map(|(read, _)| &read.package).find(same) else { return };
        let sets = scheme.set(&package.constraint).ok().zip(scheme.set(&other.constraint).ok());
        if sets.is_some_and(|(one, two)| one.is_disjoint(&two)) || package.extras != other.extras {
            return;
        }
        self.cx.report(
            Diagnostic::new(&known::TWICE_IN_LIST, package.origin, format!("`{}` is in this list already", package.name))
                .here("the second time")
                .also(other.origin, "the first time")
                .help("write one entry, with everything that is asked of it"),
        );
    }

    fn emit_list(
        &mut self,
        scope: &Scope<'_>,
        list: &'a PackageList,
        installer: &Installer<'a>,
        options: &Options,
        reads: Vec<(Read, Option<String>)>,
        then: Option<String>,
    ) {
        let origin = self.place(scope, list.span);
        let environments = self.state.conda_environments.len();
        let Some((mut install, from_file)) = self.command(scope, list, installer, options, origin) else { return };
        let mut around = Around::default();
        install.items.reserve(reads.len());
        self.out.packages.reserve(reads.len());
        for (mut read, doc) in reads {
            let says_more = options.file.as_ref().is_some_and(|file| self.says_more(&read.package, file.statement));
            if let (Some(word), false) = (read.word.take(), says_more) {
                if let Some(only) = self.kept(installer, options, &read.package, &word, &mut around) {
                    self.file_of(&read, &mut install);
                    let reason = read.package.because.clone().or(doc);
                    let only = read.open.clone().unwrap_or(only);
                    let only = only.filter(|only| Some(only) != self.only().as_ref());
                    install.items.push(InstallItem { word, reason, only, origin: read.package.origin });
                }
                if let Some(file) = options.file.as_ref().filter(|file| file.hashed) {
                    self.beside_hashes(&read.package, file.statement);
                }
            }
            self.enable(installer, &read, options, &mut around.after);
            let decided = read.open.is_none() || read.package.only.as_ref().is_none_or(|only| !only.is_empty());
            if decided && !says_more {
                self.ask(read.package);
            }
        }
        if options.bootstrap && self.state.programs.name().is_none() {
            // The clean-up is micromamba's, which keeps its archives below its root prefix.
            install.before.push(exported("MAMBA_ROOT_PREFIX", &self.prefix_in_shell(None), ""));
        }
        if let Some(whole) = from_file {
            self.read_by(whole, &mut install, origin);
        }
        let asks = !install.items.is_empty() || options.file.is_some() || options.upgrade;
        if asks || self.out.mergeable.as_ref() == Some(&options.step_key(installer)) {
            around.after.extend(then.map(ShellText::raw));
        } else if let Some(then) = then {
            // A manager is not called for nothing.
            let run = Run { script: Script::new(then), directory: None, mounts: Vec::new(), after: Vec::new() };
            self.step(origin, options.run_as.unwrap_or(installer.run_as), StepKind::Run(run));
        }
        if !asks && around.after.is_empty() {
            if self.state.conda_environments.len() > environments {
                self.unmade(list, options, origin);
            }
            return;
        }
        around.after.extend(self.verified(installer));
        self.join(install, around, installer, options, origin);
    }

    /// J0616: nothing makes the environment that the lists within install to.
    fn unmade(&mut self, list: &PackageList, options: &Options, origin: Place) {
        let within = list.body.iter().any(|body| body.items.iter().any(|item| matches!(item, ListItem::List(_))));
        let Some(name) = options.environment.as_deref().filter(|_| within) else {
            // The next list of it makes it.
            return drop(Rc::make_mut(&mut self.state.conda_environments).pop());
        };
        self.cx.report(
            Diagnostic::new(&known::ENVIRONMENT_NOT_MADE, origin, format!("nothing in the program makes the environment `{name}`"))
                .here("no package of conda is asked for, so conda is not called")
                .help(format!("write its Python: `conda env {name} {{ python ==3.13.*  … }}`"))
                .help(format!("where the base has it, say so in its `image`: `provides {{ conda env {name} {{ }} }}`")),
        );
    }

    /// Adds the step, or its items to the step before where the two are one solve.
    fn join(&mut self, mut install: Install, around: Around, installer: &Installer<'a>, options: &Options, origin: Place) {
        let only = self.only();
        let run_as = options.run_as.unwrap_or(installer.run_as);
        let key = options.step_key(installer);
        let mergeable = self.out.mergeable.as_deref() == Some(key.as_str()) && options.file.is_none();
        let clean = self.clean_up(installer, options, origin);
        if let Some(step) = self.out.steps.last_mut().filter(|step| mergeable && step.only == only)
            && let StepKind::Install(before) = &mut step.kind
            && !install.mounts.iter().any(|mount| before.mounts.iter().any(|other| hides(mount, other)))
        {
            if before.items.is_empty() && !install.items.is_empty() {
                let upgrade = std::mem::replace(&mut before.command, install.command);
                before.before.push(upgrade);
            }
            before.items.append(&mut install.items);
            before.mounts.extend(install.mounts.into_iter().filter(|mount| !before.mounts.contains(mount)).collect::<Vec<_>>());
            let moved = around.moved.into_iter().filter(|(_, pinned)| !before.after.contains(pinned));
            before.before.extend(moved.map(|(release, _)| release));
            let at = before.after.len().saturating_sub(clean.len());
            let new: Vec<_> = around.after.into_iter().filter(|command| !before.after.contains(command)).collect();
            before.after.splice(at..at, new);
            return;
        }
        install.before.extend(around.moved.into_iter().map(|(release, _)| release));
        install.after = around.after;
        install.clean = clean.len();
        install.after.extend(clean);
        self.push(Step { kind: StepKind::Install(install), run_as, only, origin, via: self.via.clone(), comment: None });
        self.out.mergeable = Some(key);
    }

    /// Clean-up and what the stack appends to steps of this manager.
    fn clean_up(&mut self, installer: &Installer<'a>, options: &Options, origin: Place) -> Vec<ShellText> {
        let variables = [("conda", Variable::Text(self.conda_program(options)))];
        let mut all: Vec<ShellText> = installer.after.iter().filter_map(|text| installer.shell(self.cx, text, &variables)).collect();
        all.extend(options.after.iter().cloned());
        all.extend(self.finishing(&installer.name, origin).into_iter().map(ShellText::raw));
        all
    }

    /// `pip file "requirements.txt" { jsonschema override because "…" }`: an entry without versions says more of the one in the
    /// file, and asks for nothing else. Says whether it is such a one.
    fn says_more(&mut self, entry: &Package, statement: Place) -> bool {
        let of_file = |other: &&mut Package| {
            other.normal == entry.normal && other.listed.is_some_and(|listed| listed.statement == statement) && other.via == entry.via
        };
        let mut found = false;
        for listed in self.out.packages.iter_mut().filter(of_file) {
            found = true;
            listed.overrides |= entry.overrides;
            listed.because = entry.because.clone().or_else(|| listed.because.take());
            listed.until = entry.until.or(listed.until);
            if entry.pin.is_some() {
                listed.pin = Some(listed.constraint.clone());
            }
        }
        found && entry.constraint.is_any() && entry.extras.is_empty() && entry.source == PackageSource::Index
    }

    /// pip takes nothing without a checksum beside a list with checksums.
    fn beside_hashes(&self, package: &Package, statement: Place) {
        self.cx.report(
            Diagnostic::new(
                &known::MISSING_HASH,
                package.origin,
                format!("`{}` has no hash, and the packages of the file have", package.name),
            )
            .here("pip refuses the whole list")
            .also(statement, "a list with hashes")
            .help(format!("write `{}` in a list of its own", package.name)),
        );
    }

    /// The file of a package, mounted for the step: one of the project, or a download where the manager takes no addresses.
    fn file_of(&self, read: &Read, install: &mut Install) {
        let Some(target) = read.mounted.clone() else { return };
        let source = match &read.package.source {
            PackageSource::Url { url, sha256 } => MountSource::Download { url: url.clone(), sha256: sha256.clone() },
            PackageSource::Path(path) if mountable(self.cx, read.package.origin, path).is_some() => {
                let Some(file) = crate::analyse::hashing::file(self.cx, read.package.origin, path) else { return };
                MountSource::File(file)
            }
            _ => return,
        };
        let mount = Mount { name: read.package.name.clone(), target, source };
        if let Some(other) = install.mounts.iter().find(|other| hides(&mount, other)) {
            let words = format!("`{}` and `{}` come from two files of one name", other.name, mount.name);
            let finding = Diagnostic::new(&known::UNSUPPORTED_SOURCE, read.package.origin, words);
            return self.cx.report(finding.here("the step would see only one of them").help("write one of them in a list of its own"));
        }
        install.mounts.push(mount);
    }

    fn enable(&self, installer: &Installer<'a>, read: &Read, options: &Options, after: &mut Vec<ShellText>) {
        let elsewhere = options.environment.as_ref().filter(|name| self.state.active.as_ref() != Some(*name));
        if let (Some(name), Some((_, place))) = (elsewhere, read.enable.first()) {
            self.cx.report(
                Diagnostic::new(
                    &known::EXTENSION_ELSEWHERE,
                    *place,
                    format!("`{}` is in the environment `{name}`, and the server that it extends is not", read.package.name),
                )
                .here("enabled where the server starts")
                .help(format!("put it into a list without `env {name}`, or write `conda env {name} activate`")),
            );
        }
        for (kind, place) in &read.enable {
            match installer.enable.get(kind) {
                Some(template) => after.extend(installer.shell(self.cx, template, &[("name", Variable::Text(&read.package.name))])),
                None => self.cx.report(
                    Diagnostic::new(&known::UNKNOWN_WORD, *place, format!("`{}` has no kind of extension `{kind}`", installer.name))
                        .maybe_help(or_nearest(kind, installer.enable.keys().map(String::as_str))),
                ),
            }
        }
    }

    /// Makes a conda environment the one that later steps and the user are in.
    fn activate(&mut self, name: &str, origin: Place) {
        let prefix = self.conda_prefix();
        self.state.active = Some(name.to_owned());
        let entries = vec![Expandable::literal(format!("{prefix}/envs/{name}/bin"))];
        self.step(origin, RunAs::User, StepKind::Path { variable: "PATH".to_owned(), prepend: true, entries, first: false });
    }
}
