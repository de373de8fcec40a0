//! Names of packages in lists: what a name can't hold, and what has no version of its own.

use super::entry::Reader;
use crate::base::Place;
use crate::diagnostics::{Diagnostic, known};
use crate::ir::{Package, PackageSource, of_patterns};
use crate::syntax::ast::{Text, TextKind};
use crate::versions::Scheme;

impl Reader<'_, '_> {
    pub(super) fn check_name(&self, text: &Text, name: &str) -> Option<()> {
        let place = self.cx.place(self.scope.unit, text.span);
        let repository = name.starts_with("ppa:");
        let usual = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
        let bad = name.is_empty() || name.starts_with('-') || !name.bytes().all(usual) && name.contains(not_of_names);
        if let Some((from, entry)) = self.comes_from(name) {
            let finding = Diagnostic::new(&known::BAD_PACKAGE_NAME, place, format!("`{name}` says where a package is, and not its name"));
            self.cx.report(match entry.filter(|_| text.kind != TextKind::Bare) {
                Some(entry) => finding.replace(format!("write `{entry}`, with the name of the package"), false, place, entry),
                None => finding.help(format!("`{}` can't install from {from}: write a `run` step", self.installer.name)),
            });
            return None;
        }
        if self.is_pattern(name) {
            return self.check_pattern(name, place);
        }
        if (bad || repository) && !self.is_capability(name) {
            let finding = Diagnostic::new(&known::BAD_PACKAGE_NAME, place, format!("`{}` is no name of a package", name.escape_debug()));
            self.cx.report(match super::command_lines::package(name).filter(|_| text.kind != TextKind::Bare) {
                Some(entry) => finding.replace(format!("write `{entry}`"), false, place, entry.clone()),
                _ if repository => finding.help("describe it with `repo NAME apt { … }`, and write `apt from NAME { … }`"),
                None if text.kind == TextKind::Bare => finding,
                None => finding.help("write the constraint outside the quotes: `\"name\" >=2`"),
            });
            return None;
        }
        Some(())
    }

    /// Whether a name is what RPM packages provide besides theirs: `perl(JSON)`, `dnf-command(config-manager)`, `python3dist(numpy)`.
    fn is_capability(&self, name: &str) -> bool {
        let halves = name.strip_suffix(')').and_then(|name| name.split_once('('));
        let plain = |half: &str| !half.is_empty() && !half.contains(not_of_names);
        self.installer.scheme == Scheme::Rpm && halves.is_some_and(|(outer, inner)| plain(outer) && plain(inner))
    }

    /// Whether a name stands for all packages that it fits.
    fn is_pattern(&self, name: &str) -> bool {
        let known = |c: char| c.is_ascii_alphanumeric() || "-+.:_/,\\(){}]".contains(c) || of_patterns(c);
        self.installer.ecosystem == "apt" && name.contains(of_patterns) && name.chars().all(known) && !name.starts_with('-')
    }

    fn check_pattern(&self, name: &str, place: Place) -> Option<()> {
        let (what, help) = if name.contains('/') {
            ("is a pattern, and a release can be named for one package only", "write `apt release \"NAME\" { … }`".to_owned())
        } else if name.ends_with('-') {
            ("ends in a hyphen: apt would remove the packages", format!("end it with `$`, as in `\"{name}$\"`"))
        } else if self.provides {
            ("is a pattern, and no package that is there", "name the packages".to_owned())
        } else {
            return Some(());
        };
        self.cx.report(Diagnostic::new(&known::BAD_PACKAGE_NAME, place, format!("`{name}` {what}")).help(help));
        None
    }

    /// J0312: what is asked of an entry that is not one package of the index.
    pub(super) fn check_demands(&self, package: &Package) -> Option<()> {
        let (name, manager) = (&package.name, &self.installer.name);
        let versions = !package.constraint.is_any() || package.pin.is_some();
        let (words, help) = if self.is_capability(name) && !package.constraint.is_any() {
            (format!("`{name}` is what packages provide, and takes no version"), "name the package, or take the version away")
        } else if package.is_pattern() && (versions || package.overrides || package.source != PackageSource::Index) {
            let words = format!("`{name}` is a pattern: it stands for all packages that it fits, and takes no version, file or address");
            (words, "name the package, or write the pattern alone")
        } else if self.installer.ecosystem == "apt" && package.index.is_some() && !package.constraint.is_any() {
            (format!("`{manager}` takes a release or a version of a package, not both"), "take one of them away")
        } else {
            return Some(());
        };
        self.cx.report(Diagnostic::new(&known::BAD_PACKAGE_NAME, package.origin, words).help(help));
        None
    }

    /// J0312: a pattern where one package is required.
    pub(super) fn names_one(&self, package: Package) -> Option<Package> {
        if !package.is_pattern() {
            return Some(package);
        }
        let words = format!("`{}` is a pattern, and no package that could be required", package.name);
        self.cx.report(Diagnostic::new(&known::BAD_PACKAGE_NAME, package.origin, words).help("name the packages"));
        None
    }
}

/// Characters that are in no name of a package: they mean something to shells and managers.
fn not_of_names(c: char) -> bool {
    matches!(c, '<' | '>' | '=' | '!' | ';' | '|' | '&' | '$' | '`' | '\'' | '"' | '\\' | '(' | ')' | '{' | '}' | '*' | '?')
        || c.is_whitespace()
        || c.is_control()
}
