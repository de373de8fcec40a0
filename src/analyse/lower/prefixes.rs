//! Where conda is, and the prefix that a list acts on.

use super::variables::expandable;
use super::walk::Walk;
use crate::analyse::scope::Scope;
use crate::analyse::typed;
use crate::diagnostics::{Diagnostic, known};
use crate::ir::{Segments, ShellPart, ShellText};
use crate::syntax::ast::Field;

/// Where conda is in most images.
const USUAL: &str = "/opt/conda";

impl<'a> Walk<'_, 'a> {
    /// `prefix = "/srv/conda"` in a layer: it has put conda there.
    pub(super) fn prefix(&mut self, scope: &Scope<'_>, field: &'a Field) {
        let Some(path) = typed::text(self.cx, scope, "prefix", &field.value) else { return };
        let place = self.place(scope, field.value.span());
        if !path.starts_with('/') || path.chars().any(char::is_control) {
            let message = format!("`{}` is no absolute path", path.escape_debug());
            self.cx.report(Diagnostic::new(&known::BAD_VALUE, place, message).help("begin it with a slash"));
            return;
        }
        self.state.own_prefix = Some(path.trim_end_matches('/').to_owned());
    }

    /// Where the stack's conda is.
    pub(super) fn conda_prefix(&self) -> String {
        let said = self.state.own_prefix.clone().or_else(|| self.conda_dir()).or_else(|| self.state.prefix.clone());
        said.unwrap_or_else(|| USUAL.to_owned())
    }

    /// The value of `CONDA_DIR`.
    fn conda_dir(&self) -> Option<String> {
        let variable = self.state.variables.get("CONDA_DIR").and_then(|variable| variable.value.as_deref());
        variable.map(|text| self.resolved(&expandable(text)).trim_end_matches('/').to_owned())
    }

    /// The prefix of a conda environment, or of conda itself, as it stands between double quotes of a command.
    pub(super) fn prefix_in_shell(&self, environment: Option<&str>) -> ShellText {
        let prefix = self.conda_prefix();
        let named = self.conda_dir().is_some_and(|dir| dir == prefix);
        let mut parts = vec![if named { ShellPart::Raw("${CONDA_DIR}".to_owned()) } else { ShellPart::Word(Segments::literal(prefix)) }];
        if let Some(name) = environment {
            parts.push(ShellPart::Raw("/envs/".to_owned()));
            parts.push(ShellPart::Word(Segments::literal(name)));
        }
        ShellText(parts)
    }
}

/// A command that sets a variable to a path, and what stands behind it.
pub(super) fn exported(variable: &str, path: &ShellText, behind: &str) -> ShellText {
    let around = [ShellText::raw(format!("export {variable}=\"")), path.clone(), ShellText::raw(format!("{behind}\""))];
    ShellText(around.into_iter().flat_map(|text| text.0).collect())
}
