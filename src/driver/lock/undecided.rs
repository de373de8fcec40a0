//! A cell of which it could not be found out whether it can be resolved.

use crate::check::cell_ref;
use crate::check::locked::Unit;
use crate::diagnostics::{Diagnostic, known};
use crate::ir::Program;

/// The finding of a cell whose interpreter nothing says.
pub(super) fn no_python(program: &Program, unit: &Unit<'_>) -> Diagnostic {
    let image = &program[program[unit.cell].image];
    let base = &program[program.base_of(unit.cell)];
    Diagnostic::new(
        &known::UNKNOWN_REQUIREMENTS,
        image.origin,
        format!("`{}` can't be resolved: nothing says which Python it has", image.name),
    )
    .in_cells([cell_ref(program, unit.cell)])
    .help(format!("state it in `{}`: `provides {{ conda {{ python 3.12.* }} }}`", base.name))
}

/// The finding of a cell of which the engine could not find out whether it can be resolved.
pub(super) fn not_decided(program: &Program, unit: &Unit<'_>, words: &str) -> Diagnostic {
    let image = &program[program[unit.cell].image];
    let first = words.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    let first = first.trim_start_matches("error: ").trim_end_matches('.');
    Diagnostic::new(&known::UNKNOWN_REQUIREMENTS, image.origin, format!("`{}` could not be resolved: {first}", image.name))
        .in_cells([cell_ref(program, unit.cell)])
}
