//! Names of the standard library whose module no file imports: `jupyter.base-notebook`, `std.jupyter.base-notebook`.

use super::context::Context;
use super::definitions::UnitId;
use crate::base::{Place, Span};
use crate::diagnostics::{Diagnostic, Edit};

impl Context<'_> {
    /// The finding for a name of a module that is not imported here, with the import where it is a standard one.
    pub(super) fn unimported(&self, unit: UnitId, place: Place, path: &str, finding: Diagnostic) -> Diagnostic {
        let (first, rest) = path.split_once('.').unwrap_or((path, ""));
        let (module, name) = if first == "std" { rest.split_once('.').unwrap_or((rest, "")) } else { (first, rest) };
        if !self.standard_names.contains(&module) {
            return finding.help(format!("write `import \"FILE.jenv\"` for a file of the program, and its name without `{first}.`"));
        }
        let mut edits = Vec::new();
        if !self.names.modules.contains(&module) {
            edits.push(self.import_of(unit, module));
        }
        if name.is_empty() {
            return finding.help(format!("write `import std.{module}` at the top of the file, and `{module}.NAME` here"));
        }
        if first == "std" {
            edits.push(Edit { place, text: format!("{module}.{name}") });
        }
        let title = match edits.as_slice() {
            [one] if one.place == place => format!("write `{module}.{name}`"),
            [_] => format!("write `import std.{module}` at the top of the file"),
            _ => format!("write `import std.{module}` at the top of the file, and `{module}.{name}` here"),
        };
        finding.fix(title, false, edits)
    }

    /// The edit that imports a standard module into a file: before its other imports, else at its top.
    fn import_of(&self, unit: UnitId, module: &str) -> Edit {
        let top = self.place(unit, Span::default());
        let text = self.sources.get(top.file).map_or("", |source| &*source.text);
        let first = text.lines().find(|line| line.starts_with("import ")).map(|line| line.as_ptr() as usize - text.as_ptr() as usize);
        let at = first.unwrap_or(0);
        let blank = if first.is_some() { "" } else { "\n" };
        Edit { place: self.place(unit, Span::new(at, at)), text: format!("import std.{module}\n{blank}") }
    }
}
