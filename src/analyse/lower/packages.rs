//! Package lists → install steps; neighbours of one manager with equal options become one step and one solve.

use std::rc::Rc;

use super::Walk;
use crate::analyse::entry::{Read, Reader};
use crate::analyse::facts;
use crate::analyse::installers::Installer;
use crate::analyse::parts::Parts;
use crate::analyse::scope::Scope;
use crate::base::{Place, join, or_nearest};
use crate::diagnostics::{Diagnostic, known};
use crate::ir::{
    Expandable, Fetch, Install, InstallItem, LocalFile, Mount, MountSource, Package, PackageSource, RunAs, Segments, ShellText, Step,
    StepKind,
};
use crate::syntax::ast::{Keyword, ListBody, ListItem, PackageList, Part, Text};

/// What stands before the braces of a list.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is one word that a list may carry")]
struct Options {
    flags: Vec<ShellText>,
    index: Option<String>,
    mounts: Vec<Mount>,
    bootstrap: bool,
    upgrade: bool,
    system: bool,
    no_deps: bool,
    environment: Option<String>,
    activate: bool,
    file: Option<LocalFile>,
    before: Vec<ShellText>,
    run_as: Option<RunAs>,
    /// What makes two lists one step where it is equal.
    key: String,
}

impl<'a> Walk<'_, 'a> {
    pub(super) fn list(&mut self, scope: &Scope<'_>, list: &'a PackageList) {
        match list.manager.node.as_str() {
            "requires" => {
                let (cx, platforms) = (self.cx, self.platforms.clone());
                let all = facts::requirements(cx, scope, &self.asked(), list, &platforms, &self.body);
                self.out.requirements.extend(all);
            }
            "provides" => {
                let all = facts::of_list(self.cx, scope, &self.asked(), list, &self.platforms);
                self.provided(all);
            }
            _ => self.installed(scope, list, None),
        }
    }

    /// Notes what is there without an install step.
    pub(super) fn provided(&mut self, packages: Vec<Package>) {
        for mut package in packages {
            package.environment = package.environment.or_else(|| self.state.active.clone());
            package.via.clone_from(&self.via);
            self.out.packages.push(package);
        }
    }

    fn installed(&mut self, scope: &Scope<'_>, list: &'a PackageList, environment: Option<&str>) {
        let cx = self.cx;
        let Some(installer) = cx.installer(&list.manager.node) else {
            let statement = crate::syntax::ast::Statement::List(list.clone());
            let words: Vec<&str> = super::WORDS.iter().copied().chain(cx.names.installers()).collect();
            crate::analyse::fields::unknown_statement(cx, scope.unit, "a layer", &statement, &words);
            return;
        };
        let Some(mut options) = self.options(scope, list, &installer) else { return };
        if let Some(name) = environment {
            options.environment = Some(name.to_owned());
        }
        if let Some(body) = &list.body {
            self.body_options(scope, body, &installer, &mut options);
        }
        let reads = self.entries(scope, list, &installer, &options);
        self.emit_list(scope, list, &installer, &options, reads);
        for item in list.body.iter().flat_map(|body| &body.items) {
            if let ListItem::List(inner) = item {
                let name = Self::list_environment(list);
                self.installed(scope, inner, name.as_deref());
            }
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

    /// Reads the words and values before the braces.
    fn options(&mut self, scope: &Scope<'_>, list: &'a PackageList, installer: &Installer<'a>) -> Option<Options> {
        let cx = self.cx;
        let mut options = Options::default();
        let mut parts = Parts::new(cx, scope.unit, &list.manager.node, &list.options, list.span);
        while let Some(word) = parts.maybe_name() {
            let place = self.place(scope, word.span);
            options.key.push_str(&word.node);
            options.key.push(' ');
            match word.node.as_str() {
                "bootstrap" if installer.templates.contains_key("bootstrap") => options.bootstrap = true,
                "system" if installer.templates.contains_key("system") => {
                    options.system = true;
                    options.run_as = Some(RunAs::Root);
                }
                "upgrade" if installer.templates.contains_key("upgrade") => options.upgrade = true,
                "activate" => options.activate = true,
                "env" if installer.templates.contains_key("create") => {
                    options.environment = Some(parts.name("the name of an environment")?.node.clone());
                    options.key.push_str(options.environment.as_deref().unwrap_or_default());
                }
                "with" => {
                    let name = parts.name("the name of a tool")?;
                    options.mounts.extend(self.mount(scope, name));
                }
                "file" => {
                    let text = parts.text("the path of a file")?;
                    self.file(scope, text, installer, &mut options)?;
                }
                "from" => {
                    let reference = parts.reference("the name of a package repository")?;
                    options.index = Some(reference.path.node.clone());
                    self.repo(scope, &reference.path, installer, &mut options)?;
                }
                "as" => match parts.name("`root` or `user`")?.node.as_str() {
                    "root" => options.run_as = Some(RunAs::Root),
                    _ => options.run_as = Some(RunAs::User),
                },
                name => self.installer_option(scope, name, place, installer, &mut parts, &mut options)?,
            }
        }
        parts.finish(&[]);
        Some(options)
    }

    /// An option that the installer defines: `index "https://…"`.
    fn installer_option(
        &self,
        scope: &Scope<'_>,
        name: &str,
        place: Place,
        installer: &Installer<'a>,
        parts: &mut Parts<'_, 'a>,
        options: &mut Options,
    ) -> Option<()> {
        let cx = self.cx;
        let Some(option) = installer.options.get(name) else {
            let known_words = ["bootstrap", "system", "upgrade", "activate", "env", "with", "file", "from", "as"];
            let words: Vec<&str> = installer
                .options
                .keys()
                .map(String::as_str)
                .chain(known_words.into_iter().filter(|word| installer.templates.contains_key(word)))
                .collect();
            cx.report(
                Diagnostic::new(&known::UNKNOWN_WORD, place, format!("a list of `{}` has no option `{name}`", installer.name))
                    .maybe_help(or_nearest(name, words)),
            );
            return None;
        };
        let mut variables = Vec::new();
        for parameter in &option.parameters {
            let value = parts.value(&format!("a value for `{parameter}`"))?;
            let text = scope.value(cx, value)?.display()?;
            options.key.push_str(&text);
            options.key.push(' ');
            if options.index.is_none() {
                options.index = Some(text.clone());
            }
            variables.push((parameter.as_str(), Segments::literal(text)));
        }
        options.no_deps |= name == "no-deps";
        options.flags.push(installer.shell(cx, option.flag, &variables)?);
        Some(())
    }

    /// `channel "conda-forge"` among the entries.
    fn body_options(&self, scope: &Scope<'_>, body: &'a ListBody, installer: &Installer<'a>, options: &mut Options) {
        for item in &body.items {
            let ListItem::Fact(fact) = item else { continue };
            let place = self.place(scope, fact.name.span);
            match installer.options.get(&fact.name.node) {
                Some(option) => {
                    if let Some(text) = scope.text(self.cx, &fact.value) {
                        options.key.push_str(&text);
                        let variables: Vec<_> =
                            option.parameters.iter().map(|parameter| (parameter.as_str(), Segments::literal(&text))).collect();
                        options.flags.extend(installer.shell(self.cx, option.flag, &variables));
                        options.index.get_or_insert(text);
                    }
                }
                None => self.cx.report(
                    Diagnostic::new(
                        &known::UNKNOWN_WORD,
                        place,
                        format!("a list of `{}` has no option `{}`", installer.name, fact.name.node),
                    )
                    .maybe_help(or_nearest(&fact.name.node, installer.options.keys().map(String::as_str))),
                ),
            }
        }
    }

    fn entries(
        &self,
        scope: &Scope<'_>,
        list: &'a PackageList,
        installer: &Installer<'a>,
        options: &Options,
    ) -> Vec<(Read, Option<String>)> {
        let asked = self.asked();
        let reader = Reader { cx: self.cx, scope, asked: &asked, installer, platforms: &self.platforms, provides: false };
        let mut reads = Vec::new();
        for item in list.body.iter().flat_map(|body| &body.items) {
            let ListItem::Entry(entry) = item else { continue };
            let Some(mut read) = reader.read(entry) else { continue };
            read.package.no_deps = options.no_deps;
            read.package.via.clone_from(&self.via);
            read.package.index = read.package.index.or_else(|| options.index.clone());
            read.package.environment = match (&options.environment, options.system) {
                (Some(name), _) => Some(name.clone()),
                (None, true) => Some("system".to_owned()),
                (None, false) if installer.ecosystem == "pypi" || installer.ecosystem == "conda" => self.state.active.clone(),
                _ => None,
            };
            if read.package.only.is_none() {
                read.package.only = self.only();
            }
            reads.push((read, entry.doc.clone()));
        }
        reads
    }

    fn emit_list(
        &mut self,
        scope: &Scope<'_>,
        list: &'a PackageList,
        installer: &Installer<'a>,
        options: &Options,
        reads: Vec<(Read, Option<String>)>,
    ) {
        let origin = self.place(scope, list.span);
        let Some(mut install) = self.command(scope, list, installer, options, origin) else { return };
        let mut pinned = Vec::new();
        for (read, doc) in reads {
            let overridden_file = options.file.is_some() && read.package.overrides;
            if let (Some(word), false) = (&read.word, overridden_file && read.package.constraint.alternatives.is_empty()) {
                if let (true, Some(template)) = (read.package.pin.is_some(), installer.templates.get("pinned")) {
                    pinned.extend(installer.shell(self.cx, template, &[("item", word.clone())]));
                }
                self.enable(installer, &read, &mut pinned);
                self.local_source(&read, &mut install);
                let reason = read.package.because.clone().or(doc);
                let only = read.package.only.clone().filter(|only| Some(only) != self.only().as_ref());
                install.items.push(InstallItem { word: word.clone(), reason, only, origin: read.package.origin });
            }
            self.out.packages.push(read.package);
        }
        if let Some(then) = list.then.as_ref().and_then(|text| scope.text(self.cx, text)) {
            pinned.push(ShellText::raw(then));
        }
        if install.items.is_empty() && options.file.is_none() && !options.upgrade {
            return;
        }
        self.join(install, pinned, installer, options, origin);
    }

    /// Adds the step, or its items to the step before where the two are one solve.
    fn join(&mut self, mut install: Install, extra: Vec<ShellText>, installer: &Installer<'a>, options: &Options, origin: Place) {
        let only = self.only();
        let run_as = options.run_as.unwrap_or(installer.run_as);
        let key = format!("{} {:?} {}", installer.name, run_as, options.key.trim_start_matches("upgrade "));
        let mergeable = self.out.mergeable.as_deref() == Some(key.as_str()) && options.file.is_none();
        let clean = self.clean_up(installer);
        if let Some(step) = self.out.steps.last_mut().filter(|step| mergeable && step.only == only)
            && let StepKind::Install(before) = &mut step.kind
        {
            if before.items.is_empty() && !install.items.is_empty() {
                let upgrade = std::mem::replace(&mut before.command, install.command);
                before.before.push(upgrade);
            }
            before.items.append(&mut install.items);
            before.mounts.extend(install.mounts.into_iter().filter(|mount| !before.mounts.contains(mount)).collect::<Vec<_>>());
            let at = before.after.len().saturating_sub(clean.len());
            before.after.splice(at..at, extra);
            return;
        }
        install.after = extra;
        install.after.extend(clean);
        self.push(Step { kind: StepKind::Install(install), run_as, only, origin, via: self.via.clone(), comment: None });
        self.out.mergeable = Some(key);
        if let (Some(name), true) = (&options.environment, options.activate) {
            self.activate(name, origin);
        }
    }

    /// Clean-up and what the stack appends to steps of this manager.
    fn clean_up(&self, installer: &Installer<'a>) -> Vec<ShellText> {
        let mut all: Vec<ShellText> = installer.after.iter().filter_map(|text| installer.shell(self.cx, text, &[])).collect();
        for finish in self.state.finish.iter().filter(|finish| finish.managers.contains(&installer.name)) {
            all.push(ShellText::raw(finish.command.clone()));
        }
        all
    }

    /// The command of a list, by what it is for.
    fn command(
        &mut self,
        scope: &Scope<'_>,
        list: &PackageList,
        installer: &Installer<'a>,
        options: &Options,
        origin: Place,
    ) -> Option<Install> {
        let cx = self.cx;
        let environment = options.environment.clone();
        let field = match &environment {
            Some(name) if !self.state.conda_environments.contains(name) && installer.templates.contains_key("create") => {
                Rc::make_mut(&mut self.state.conda_environments).insert(name.clone());
                "create"
            }
            Some(name) if !self.state.conda_environments.contains(name) => {
                let place = self.place(scope, list.manager.span);
                cx.report(
                    Diagnostic::new(&known::UNKNOWN_NAME, place, format!("there is no conda environment `{name}`"))
                        .help(format!("make it first: `conda env {name} {{ … }}`")),
                );
                return None;
            }
            Some(_) if self.state.active != environment => "within",
            None if options.bootstrap => "bootstrap",
            None if options.system => "system",
            None if options.upgrade => "upgrade",
            _ => "command",
        };
        let variables = [("environment", Segments::literal(environment.unwrap_or_default()))];
        let template = installer.templates.get(field).or_else(|| installer.templates.get("command"))?;
        let mut before: Vec<ShellText> = installer.before.iter().filter_map(|text| installer.shell(cx, text, &[])).collect();
        before.splice(0..0, options.before.iter().cloned());
        let mut flags = options.flags.clone();
        if let Some(file) = &options.file {
            let Some(template) = installer.templates.get("file") else {
                cx.report(Diagnostic::new(&known::UNSUPPORTED_SOURCE, origin, format!("`{}` reads no list from a file", installer.name)));
                return None;
            };
            flags.extend(installer.shell(cx, template, &[("path", Segments::literal(mounted(&file.path)))]));
        }
        Some(Install {
            manager: installer.name.clone(),
            mounts: options.mounts.clone(),
            before,
            command: installer.shell(cx, template, &variables)?,
            flags,
            items: Vec::new(),
            after: Vec::new(),
        })
    }

    /// `pip file "requirements.txt"`: mounted for the step, its packages read for the checks.
    fn file(&mut self, scope: &Scope<'_>, text: &Text, installer: &Installer<'a>, options: &mut Options) -> Option<()> {
        let cx = self.cx;
        let place = self.place(scope, text.span);
        let written = scope.text(cx, text)?;
        let Some(path) = join(cx.folder(scope.unit), &written) else {
            cx.report(
                Diagnostic::new(&known::IMPORT_OUTSIDE, place, format!("`{written}` leaves the folder of the program"))
                    .here("paths are relative to this file"),
            );
            return None;
        };
        let file = crate::analyse::hashing::file(cx, place, &path)?;
        options.mounts.push(Mount { name: written, source: MountSource::File(file.clone()), target: mounted(&file.path) });
        let mut packages = facts::listed(cx, place, &file.path, installer)?;
        for package in &mut packages {
            package.environment.clone_from(&self.state.active);
            package.only = self.only();
            package.via.clone_from(&self.via);
        }
        self.out.packages.append(&mut packages);
        options.key.push_str(&file.path);
        options.file = Some(file);
        Some(())
    }

    /// A wheel or an archive of the project: mounted for the step.
    fn local_source(&self, read: &Read, install: &mut Install) {
        if let PackageSource::Path(path) = &read.package.source
            && let Some(file) = crate::analyse::hashing::file(self.cx, read.package.origin, path)
        {
            install.mounts.push(Mount { name: read.package.name.clone(), target: mounted(&file.path), source: MountSource::File(file) });
        }
    }

    fn enable(&self, installer: &Installer<'a>, read: &Read, after: &mut Vec<ShellText>) {
        for (kind, place) in &read.enable {
            match installer.enable.get(kind) {
                Some(template) => after.extend(installer.shell(self.cx, template, &[("name", Segments::literal(&read.package.name))])),
                None => self.cx.report(
                    Diagnostic::new(&known::UNKNOWN_WORD, *place, format!("`{}` has no kind of extension `{kind}`", installer.name))
                        .maybe_help(or_nearest(kind, installer.enable.keys().map(String::as_str))),
                ),
            }
        }
    }

    /// Sets up a package repository, once in a stack.
    fn repo(
        &mut self,
        scope: &Scope<'_>,
        path: &crate::base::Spanned<String>,
        installer: &Installer<'a>,
        options: &mut Options,
    ) -> Option<()> {
        let cx = self.cx;
        let place = self.place(scope, path.span);
        let Some(def) = cx.find_repo(scope.unit, &path.node).and_then(|id| cx.names.get(id)) else {
            let names: Vec<&str> =
                cx.names.all().filter(|(_, def)| def.node.keyword.node == Keyword::Repo).map(|(_, def)| def.name).collect();
            cx.report(
                Diagnostic::new(&known::UNKNOWN_NAME, place, format!("there is no package repository `{}`", path.node))
                    .maybe_help(or_nearest(&path.node, names)),
            );
            return None;
        };
        let repo = crate::analyse::repos::read(cx, def, &installer.name)?;
        if !Rc::make_mut(&mut self.state.repos).insert(def.name.to_owned()) {
            return Some(());
        }
        let origin = cx.place_of(def);
        if let Some((url, sha256)) = repo.key {
            let to = Expandable::literal(repo.key_path.clone());
            let fetch = Fetch { url, sha256, to, owned: false, mode: Some(0o644), unpack: None };
            self.step(origin, RunAs::Root, StepKind::Fetch(fetch));
        }
        options.before.push(repo.set_up);
        options.key.push_str(def.name);
        Some(())
    }

    /// Makes a conda environment the one that later steps and the user are in.
    fn activate(&mut self, name: &str, origin: Place) {
        let prefix = self.state.prefix.clone().unwrap_or_else(|| "/opt/conda".to_owned());
        self.state.active = Some(name.to_owned());
        let entries = vec![Expandable::literal(format!("{prefix}/envs/{name}/bin"))];
        self.step(origin, RunAs::User, StepKind::Path { variable: "PATH".to_owned(), prepend: true, entries, first: false });
    }
}

/// Where a step sees a file of the project.
fn mounted(path: &str) -> String {
    format!("/tmp/{}", path.rsplit('/').next().unwrap_or(path))
}
