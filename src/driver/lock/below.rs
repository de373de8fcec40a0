//! A cell that can't be resolved on a layer below that the run may not move: what would have to move there.

use super::state::Locker;
use crate::check::locked::Unit;
use crate::diagnostics::{Diagnostic, known};

/// How many packages that move are named.
const MOVED: usize = 4;

/// A layer below that this run may not move, in another version of which the cell can be resolved.
pub(super) fn locked<'p>(locker: &Locker<'p>, unit: &Unit<'p>) -> Option<Diagnostic> {
    let program = locker.program;
    locker.parents(unit, false).into_iter().find_map(|parent| {
        let (below, section) = (parent.image(program), parent.section(program, &program.locks)?);
        let needs = locker.needs(&parent, unit)?;
        let (name, specs) = needs.broken(&section.pins, unit.lockable)?;
        let image = &program[program[unit.cell].image];
        let (place, by) = needs.brought.get(name).cloned().unwrap_or((image.origin, None));
        let here = by.map_or_else(|| "asks for it".to_owned(), |by| format!("`{by}` requires it"));
        let version = section.pins.get(name).map_or("", |pin| pin.version.as_str());
        let message = format!("`{}` needs `{name}{}`, and `{below}` is locked with {name} {version}", image.name, specs.join(","));
        let moved: Vec<String> = section
            .pins
            .iter()
            .filter_map(|(name, old)| Some((name, old, needs.witness.get(name)?)))
            .filter(|(_, old, new)| old.version != new.version)
            .map(|(name, old, new)| format!("{name} {} → {}", old.version, new.version))
            .collect();
        let more = moved.len().saturating_sub(MOVED);
        let more = if more == 0 { String::new() } else { format!(" and {more} more") };
        let moved = moved.iter().take(MOVED).map(String::as_str).collect::<Vec<_>>().join(", ");
        let works = format!("`{below}` has to be locked again ({moved}{more})");
        let help = if locker.suits_all(&parent) {
            format!("run `jenvc lock` without the name of an image: {works}; tried, with all that is built on it")
        } else {
            format!("{works}, and something else that is built on it can't be resolved then: `jenvc lock` says what")
        };
        Some(Diagnostic::new(&known::TRANSITIVE_CONFLICT, place, message).here(here).help(help))
    })
}
