//! The command of a list, by what the list is for.

use std::rc::Rc;

use super::around::Around;
use super::options::Options;
use crate::analyse::installers::Variable;
use crate::analyse::lower::pins::Again;
use crate::analyse::lower::prefixes::exported;
use crate::analyse::lower::programs;
use crate::analyse::lower::walk::Walk;
use crate::analyse::manager::Installer;
use crate::analyse::scope::Scope;
use crate::base::{IndexSet, Place};
use crate::diagnostics::{Diagnostic, known};
use crate::ir::{Install, Lockable, LockedWords, Only, Package, Platform, Segments, ShellPart, ShellText};
use crate::syntax::ast::PackageList;

impl<'a> Walk<'_, 'a> {
    /// The command that takes the words of a list, and the one that reads its environment file.
    pub(super) fn command(
        &mut self,
        scope: &Scope<'_>,
        list: &PackageList,
        installer: &Installer<'a>,
        options: &Options,
        origin: Place,
    ) -> Option<(Install, Option<ShellText>)> {
        let cx = self.cx;
        let field = self.purpose(scope, list, installer, options)?;
        self.has_program(installer, options, origin);
        let program = self.conda_program(options);
        let mut before: Vec<ShellText> = self.hold_below(installer);
        before.extend(options.before.iter().cloned());
        before.extend(installer.before.iter().filter_map(|text| installer.shell(cx, text, &[])));
        let mut flags = options.flags.clone();
        let by_pip = installer.ecosystem == "pypi" || options.file.as_ref().is_some_and(|file| file.described);
        let environment = self.environment_of(options, "pypi");
        let constraints = if by_pip { self.constraint_file(environment.as_deref()) } else { None };
        if let (Some(file), Some(template)) = (&constraints, installer.templates.get("constraint")) {
            flags.extend(installer.shell(cx, template, &[("path", Variable::Text(file))]));
        }
        if installer.ecosystem == "conda" && !options.bootstrap {
            let run_as = options.run_as.unwrap_or(installer.run_as);
            self.tell_conda(self.conda_environment_of(options, installer).as_deref(), run_as, origin);
        }
        let described = self.described(installer, options, field, constraints.as_deref());
        if let (Some(file), None) = (&options.file, &described) {
            let Some(flag) = installer.templates.get("file") else {
                cx.report(Diagnostic::new(&known::UNSUPPORTED_SOURCE, origin, format!("`{}` reads no list from a file", installer.name)));
                return None;
            };
            flags.extend(installer.shell(cx, flag, &[("path", Variable::Text(&file.target))]));
        }
        // What follows the file finds the environment there.
        let field = if described.is_some() && field == "create" { "within" } else { field };
        let template = installer.templates.get(field).or_else(|| installer.templates.get("command"))?;
        let environment = self.conda_environment_of(options, installer);
        let prefix = self.prefix_in_shell(environment.as_deref());
        if field == "bootstrap" {
            self.made(origin, self.conda_prefix());
            // The commands behind it are the new conda's.
            if !self.state.variables.contains_key("PATH") {
                before.push(exported("PATH", &prefix, "/bin:${PATH}"));
            }
        }
        let variables = [
            ("environment", Variable::Text(environment.as_deref().unwrap_or_default())),
            ("prefix", Variable::Shell(&prefix)),
            ("conda", Variable::Text(program)),
        ];
        let install = Install {
            manager: installer.name.to_string(),
            mounts: options.mounts.clone(),
            before,
            command: installer.shell(cx, template, &variables)?,
            flags,
            items: Vec::new(),
            after: Vec::new(),
            clean: 0,
            locked: self.locked_words(installer, options, described.is_some()),
        };
        Some((install, described))
    }

    /// What works on conda's environments in a step of this list.
    pub(super) fn conda_program(&self, options: &Options) -> &'static str {
        let (mounted, there) = (programs::mounted(&options.mounts), self.state.programs.name());
        let chosen = if options.bootstrap { there.or(mounted) } else { mounted.or(there) };
        chosen.unwrap_or("mamba")
    }

    /// J0612: a list of conda where no step has brought a program for it.
    fn has_program(&self, installer: &Installer<'a>, options: &Options, origin: Place) {
        let none = self.state.programs.name().is_none() && programs::mounted(&options.mounts).is_none();
        if installer.ecosystem == "conda" && none {
            self.cx.report(
                Diagnostic::new(&known::MANAGER_NOT_THERE, origin, "the environment of `conda bootstrap` has neither `mamba` nor `conda`")
                    .here("nothing is there that installs these packages")
                    .help("add `mamba` to the list of `conda bootstrap`, or mount a tool: `conda with micromamba { … }`"),
            );
        }
    }

    /// How a list is installed from a lock, where its packages can be in one.
    fn locked_words(&self, installer: &Installer<'a>, options: &Options, described: bool) -> Option<LockedWords> {
        let lockable = Lockable::ALL.into_iter().find(|one| installer.ecosystem == one.as_str())?;
        let is_locked = !described && !options.upgrade && self.environment_of(options, lockable.as_str()).is_none();
        let list = installer.templates.get("locked").filter(|_| is_locked)?;
        let (index, flags): (Vec<_>, Vec<_>) = options.flags.iter().enumerate().partition(|(at, _)| options.of_index.contains(at));
        let flags_of = |all: Vec<(usize, &ShellText)>| all.into_iter().map(|(_, flag)| flag.clone()).collect();
        let alone = installer.options.get("no-deps").and_then(|option| installer.shell(self.cx, option.flag?, &[]));
        Some(LockedWords {
            lockable,
            list: installer.shell(self.cx, list, &[])?,
            flags: flags_of(flags.into_iter().filter(|(_, flag)| alone.as_ref() != Some(flag)).collect()),
            index: flags_of(index),
            besides: !options.besides.is_empty(),
            alone,
            listed: options.file.as_ref().map(|file| file.statement),
        })
    }

    /// The field of the installer that has the command.
    fn purpose(&mut self, scope: &Scope<'_>, list: &PackageList, installer: &Installer<'a>, options: &Options) -> Option<&'static str> {
        Some(match &self.conda_environment_of(options, installer) {
            Some(name) if options.upgrade => {
                let place = self.place(scope, list.manager.span);
                self.cx.report(
                    Diagnostic::new(&known::UNEXPECTED_PART, place, format!("`upgrade` is for the base environment, not for `{name}`"))
                        .help(format!("upgrade `{name}` in a `run`")),
                );
                return None;
            }
            Some(name) if !self.state.conda_environments.contains(name) && installer.templates.contains_key("create") => {
                Rc::make_mut(&mut self.state.conda_environments).insert(name.clone());
                "create"
            }
            Some(name) if !self.state.conda_environments.contains(name) => {
                let place = self.place(scope, list.manager.span);
                self.cx.report(
                    Diagnostic::new(&known::UNKNOWN_NAME, place, format!("there is no conda environment `{name}`"))
                        .help(format!("make it first: `conda env {name} {{ … }}`")),
                );
                return None;
            }
            Some(_) => "within",
            None if options.bootstrap => "bootstrap",
            None if options.system => "system",
            None if options.recommends => "recommends",
            None if options.upgrade => "upgrade",
            // micromamba has no environment of its own to act on.
            None if installer.templates.contains_key("within") && self.conda_program(options) == "micromamba" => "within",
            _ => "command",
        })
    }

    /// The command that reads an environment file, where the list has one.
    fn described(&self, installer: &Installer<'a>, options: &Options, field: &str, constraints: Option<&str>) -> Option<ShellText> {
        let file = options.file.as_ref().filter(|file| file.described && !options.bootstrap)?;
        let template = installer.templates.get(if field == "create" { "create_from" } else { "update_from" })?;
        let environment = options.environment.as_deref().or(self.state.active.as_deref());
        let prefix = self.prefix_in_shell(environment);
        let variables = [
            ("environment", Variable::Text(environment.unwrap_or("base"))),
            ("prefix", Variable::Shell(&prefix)),
            ("path", Variable::Text(&file.target)),
            ("conda", Variable::Text(self.conda_program(options))),
        ];
        let mut command = installer.shell(self.cx, template, &variables)?;
        if let Some(constraints) = constraints {
            // For the pip that reads the `pip` part.
            command.0.insert(0, ShellPart::Raw(format!("PIP_CONSTRAINT={constraints} ")));
        }
        Some(command)
    }

    /// Puts the command that reads an environment file in its place: alone, or before the one that takes the words.
    pub(super) fn read_by(&self, whole: ShellText, install: &mut Install, origin: Place) {
        if !install.items.is_empty() {
            install.before.push(whole);
            return;
        }
        if !install.flags.is_empty() {
            self.cx.report(
                Diagnostic::new(&known::UNEXPECTED_PART, origin, "an environment file takes no options from its list")
                    .help("write the channels into the file"),
            );
        }
        install.flags.clear();
        install.command = whole;
    }

    /// The platforms for which the command gets the word of an entry, with what keeps its pin; `None` where the package is there and its
    /// manager would move it or refuse its name.
    pub(super) fn kept(
        &self,
        installer: &Installer<'a>,
        options: &Options,
        package: &Package,
        word: &Segments,
        around: &mut Around,
    ) -> Option<Only> {
        let (only, is_moved) = match self.again(package) {
            Again::There { elsewhere } if elsewhere.is_empty() && !options.recommends => return None,
            Again::There { elsewhere } if !options.recommends => (Some(elsewhere), false),
            Again::Moved => (package.only.clone(), true),
            Again::Free | Again::There { .. } => (package.only.clone(), false),
        };
        let command = |field: &str| {
            let template = installer.templates.get(field)?;
            let prefix = self.prefix_in_shell(self.conda_environment_of(options, installer).as_deref());
            let variables =
                [("item", Variable::Pieces(word)), ("name", Variable::Text(&package.name)), ("prefix", Variable::Shell(&prefix))];
            let text = installer.shell(self.cx, template, &variables)?;
            Some(self.only_on(only.as_deref(), text))
        };
        let keeps = if is_moved || package.pin.is_some() { command("pinned") } else { None };
        if let (true, Some(keeps), Some(release)) = (is_moved, &keeps, command("release")) {
            around.moved.push((release, keeps.clone()));
        }
        around.after.extend(keeps);
        Some(only)
    }

    /// A command that runs on some platforms of the step.
    fn only_on(&self, only: Option<&[Platform]>, command: ShellText) -> ShellText {
        let Some(only) = only.filter(|only| self.platforms.iter().any(|platform| !only.contains(platform))) else { return command };
        let architectures: Vec<&str> = only.iter().map(|platform| platform.arch()).collect();
        let case = ShellText::raw(format!("case \"${{TARGETARCH}}\" in {}) ", architectures.join(" | ")));
        ShellText([case, command, ShellText::raw(" ;; esac")].into_iter().flat_map(|text| text.0).collect())
    }

    /// Commands that fail where a package has left its pin.
    pub(super) fn verified(&self, installer: &Installer<'a>) -> Vec<ShellText> {
        let Some(template) = installer.templates.get("verify") else { return Vec::new() };
        let pins = self.state.verified.iter().filter(|(manager, ..)| **manager == *installer.name);
        let variables = |name, versions| [("name", Variable::Text(name)), ("constraint", Variable::Text(versions))];
        pins.filter_map(|(_, name, versions)| installer.shell(self.cx, template, &variables(name, versions))).collect()
    }

    /// Commands that keep what the image below pins, once in a stack.
    fn hold_below(&mut self, installer: &Installer<'a>) -> Vec<ShellText> {
        let Some(template) = installer.templates.get("hold") else { return Vec::new() };
        let (held, rest) = self.state.unheld.iter().cloned().partition::<IndexSet<_>, _>(|(manager, _)| **manager == *installer.name);
        self.state.unheld = Rc::new(rest);
        held.iter().filter_map(|(_, name)| installer.shell(self.cx, template, &[("name", Variable::Text(name))])).collect()
    }
}
