//! Where a package comes from, beside its manager's index: the word of the command, and the file that the step sees.

use super::addresses;
use super::entry::Reader;
use super::installers::Variable;
use crate::base::join;
use crate::diagnostics::{Diagnostic, known};
use crate::ir::{Package, PackageSource, Segments};
use crate::requirements::name_in_path;
use crate::syntax::ast::{Text, TextPart};

impl Reader<'_, '_> {
    /// Where a package comes from, where a path or an address is in the place of its name, and the entry that is meant.
    pub(super) fn comes_from(&self, text: &str) -> Option<(&'static str, Option<String>)> {
        let path = ["/", "./", "../"].iter().any(|begin| text.starts_with(begin));
        let word = if path { "path" } else { Some("url").filter(|_| addresses::DOWNLOADS.iter().any(|begin| text.starts_with(begin)))? };
        let known = self.installer.templates.contains_key(word) && !text.contains(['"', '\\']);
        let name = name_in_path(text).map_or_else(|| "NAME".to_owned(), |(name, _)| name);
        Some((source_word(word), known.then(|| format!("{name} {word} \"{text}\""))))
    }

    /// The word of the command, by the template for where the package comes from.
    pub(super) fn word<'p>(&self, package: &'p Package, constraint: &Segments) -> Option<Segments> {
        let extras = if package.extras.is_empty() { String::new() } else { format!("[{}]", package.extras.join(",")) };
        let target = self.target(package)?;
        // An index is known here where the entry names it: a channel of conda's, a release of apt's.
        let named = package.index.as_ref().map(|index| match package.ecosystem.as_str() {
            "apt" => format!("{}/{index}", package.name),
            _ => format!("{index}::{}", package.name),
        });
        let name = named.as_deref().unwrap_or(&package.name);
        let text = |value: &'p Option<String>| Variable::Text(value.as_deref().unwrap_or_default());
        let (field, more) = match &package.source {
            PackageSource::Index | PackageSource::Resolved(_) => ("item", Vec::new()),
            PackageSource::Git { url, rev, subdirectory } => {
                ("git", vec![("url", Variable::Text(url)), ("rev", text(rev)), ("subdirectory", text(subdirectory))])
            }
            PackageSource::Url { url, sha256 } => {
                ("url", vec![("url", Variable::Text(url)), ("sha256", text(sha256)), ("path", Variable::Text(&target))])
            }
            PackageSource::Path(_) => ("path", vec![("path", Variable::Text(&target))]),
        };
        let Some(template) = self.installer.templates.get(field) else {
            self.cx.report(
                Diagnostic::new(
                    &known::UNSUPPORTED_SOURCE,
                    package.origin,
                    format!("`{}` can't install from {}", self.installer.name, source_word(field)),
                )
                .help("use the index, or a `run` step with `provides`"),
            );
            return None;
        };
        let own = [("name", Variable::Text(name)), ("extras", Variable::Text(&extras)), ("constraint", Variable::Pieces(constraint))];
        if more.is_empty() {
            return self.installer.word(self.cx, template, &own);
        }
        self.installer.word(self.cx, template, &[&own, more.as_slice()].concat())
    }

    /// The path behind `path`: of a file of the program, or one in the image.
    pub(super) fn path(&self, text: &Text) -> Option<String> {
        let (cx, unit) = (self.cx, self.scope.unit);
        let written = self.scope.text(cx, text)?;
        if written.starts_with('/') {
            return Some(written);
        }
        let Some(path) = join(cx.folder(unit), &written) else {
            let words = format!("`{written}` leaves the folder of the program");
            cx.report(Diagnostic::new(&known::IMPORT_OUTSIDE, cx.place(unit, text.span), words));
            return None;
        };
        if path.is_empty() {
            let words = format!("`{written}` is the folder of the program, and a package comes from one file");
            let finding = Diagnostic::new(&known::UNSUPPORTED_SOURCE, cx.place(unit, text.span), words);
            cx.report(
                finding.help("write `path \"dist/NAME.whl\"`, or copy the folder and write its path in the image: `path \"/srv/NAME\"`"),
            );
            return None;
        }
        Some(path)
    }

    /// The file that the step needs a mount for, where the command sees it.
    pub(super) fn mounted(&self, package: &Package) -> Option<String> {
        let sees = |field: &str| {
            let parts = &self.installer.templates.get(field)?.parts;
            parts.iter().any(|part| matches!(part, TextPart::Interpolation(one) if one.node.contains("path"))).then_some(())
        };
        match &package.source {
            PackageSource::Path(path) if !path.starts_with('/') => self.target(package),
            PackageSource::Url { .. } => sees("url").and_then(|()| self.target(package)),
            _ => None,
        }
    }

    /// Where the step sees the file of a package; empty where it is of no file.
    fn target(&self, package: &Package) -> Option<String> {
        let ending = match package.ecosystem.as_str() {
            "apt" => ".deb",
            "rpm" => ".rpm",
            _ => "",
        };
        match &package.source {
            PackageSource::Path(path) => {
                let target = mounted(path);
                if target.ends_with(ending) {
                    return Some(target);
                }
                let words = format!("`{}` takes a file for a package only if its name ends with `{ending}`", self.installer.name);
                let finding = Diagnostic::new(&known::UNSUPPORTED_SOURCE, package.origin, words);
                self.cx.report(finding.help("give the file such a name"));
                None
            }
            PackageSource::Url { url, .. } => Some(downloaded(url, &package.name, ending)),
            _ => Some(String::new()),
        }
    }
}

/// Where a step sees what is downloaded for it: under its own name, or under that of the package where a manager wants another ending.
fn downloaded(url: &str, name: &str, ending: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '+');
    let file = url.split(['?', '#']).next().and_then(|url| url.rsplit('/').next()).unwrap_or_default();
    let usual = !file.is_empty() && file.ends_with(ending) && file.chars().all(plain);
    if usual { format!("/tmp/{file}") } else { format!("/tmp/{name}{ending}") }
}

/// Where a step sees a file of the project, or all of it; what is in the image already is where it is.
pub(crate) fn mounted(path: &str) -> String {
    if path.starts_with('/') {
        return path.to_owned();
    }
    let name = path.rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or("project");
    format!("/tmp/{name}")
}

/// What the field of an installer stands for.
fn source_word(field: &str) -> &'static str {
    match field {
        "git" => "a git repository",
        "url" => "an address",
        _ => "a file",
    }
}
