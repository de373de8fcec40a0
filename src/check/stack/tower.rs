//! A stack as a report draws it: who says what about a package, from the root image up.

use super::ask::{Ask, At};
use crate::diagnostics::{CellRef, Storey};
use crate::ir::{CellId, Program};

/// How many storeys that say nothing are named.
const SILENT: usize = 3;

/// The layer or image that an ask stands in, as a reader knows it: `wdf`, `base`. Fragments and variants are places in it.
pub(crate) fn who(program: &Program, ask: &Ask<'_>) -> String {
    let layer = ask.package.via.as_ref().filter(|_| !ask.package.provided).and_then(|via| via.text.strip_prefix("layer "));
    layer.map_or_else(|| name_of(program, ask.at), str::to_owned)
}

/// The name of a storey: of the image that exists, or of the cell's definition.
fn name_of(program: &Program, at: At) -> String {
    match at {
        At::Base(base) => program[base].name.clone(),
        At::Cell(cell) => program[program[cell].image].name.clone(),
    }
}

/// A cell as findings name it.
pub(crate) fn cell_ref(program: &Program, id: CellId) -> CellRef {
    let cell = &program[id];
    let axes = cell.axes.iter().map(|point| (point.axis.to_string(), point.value.to_string())).collect();
    CellRef { environment: program[cell.image].name.clone(), axes }
}

/// The stack of a cell with what each storey says, the root first. Storeys that say nothing are named where they are few.
pub(crate) fn storeys(program: &Program, cell: CellId, asks: &[&Ask<'_>], last: &str) -> Vec<Storey> {
    let mut levels = vec![At::Base(program.base_of(cell))];
    levels.extend(program.stack(cell).into_iter().map(At::Cell));
    let silent = levels.iter().filter(|level| !asks.iter().any(|ask| ask.at == **level)).count();
    let mut all: Vec<Storey> = Vec::new();
    for level in levels {
        let mut said = false;
        for ask in asks.iter().filter(|ask| ask.at == level) {
            said = true;
            all.push(Storey { name: full_name(program, ask), says: says(ask) });
        }
        if !said && silent <= SILENT {
            all.push(Storey { name: name_of(program, level), says: String::new() });
        }
    }
    if let Some(top) = all.last_mut()
        && !last.is_empty()
    {
        top.says = format!("{}: {last}", top.says);
    }
    all
}

/// `virgo: layer wdf`, where a definition brings the words of another one.
pub(crate) fn full_name(program: &Program, ask: &Ask<'_>) -> String {
    let name = name_of(program, ask.at);
    ask.package.via.as_ref().filter(|_| !ask.package.provided).map_or_else(|| name.clone(), |via| format!("{name}: {}", via.text))
}

/// What an ask says of the versions.
fn says(ask: &Ask<'_>) -> String {
    let package = ask.package;
    let verb = if package.provided { "holds" } else { "wants" };
    // The build of a known version is left out: it says nothing to a reader.
    let what = match ask.known() {
        Some(version) => format!("=={version}"),
        None if package.constraint.is_any() => "any version".to_owned(),
        None => package.constraint.to_string(),
    };
    let by = if package.provided { String::new() } else { format!(" ({})", package.manager) };
    let pin = match &package.pin {
        Some(pin) if *pin == package.constraint => ", pinned".to_owned(),
        Some(pin) => format!(", pinned to {pin}"),
        None => String::new(),
    };
    format!("{verb} {what}{pin}{by}")
}
