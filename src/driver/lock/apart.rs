//! Children that can't share a parent, without those that don't matter.

use super::joint::{Demand, demand};
use super::request::Found;
use super::state::Locker;
use crate::check::cell_ref;
use crate::check::locked::Unit;
use crate::diagnostics::{Diagnostic, known};
use crate::driver::lock::Answer;
use crate::ir::{CellId, Package};

/// Children whose demands leave the parent no versions, with the finding; they no longer ask for anything. No children where one
/// answer for all of them was found, which they ask for from here on.
pub(super) fn split<'p>(locker: &mut Locker<'p>, parent: &Unit<'p>) -> (Found, Vec<u32>) {
    let key = parent.key();
    let all = locker.demands.remove(&key).unwrap_or_default();
    let mut from: Vec<u32> = all.iter().map(|demand| demand.from).collect();
    from.dedup();
    let of = |cells: &[u32]| -> Vec<Demand> { all.iter().filter(|demand| cells.contains(&demand.from)).cloned().collect() };
    let mut at = 0;
    while at < from.len() && from.len() > 1 {
        let mut fewer = from.clone();
        fewer.remove(at);
        if fits(locker, parent, &of(&fewer)) { at += 1 } else { from = fewer }
    }
    let units: Vec<Unit<'p>> = from
        .iter()
        .filter_map(|cell| locker.units.iter().find(|unit| unit.cell.0 == *cell && unit.platform == parent.platform))
        .map(|unit| locker.above(parent.cell, unit))
        .collect();
    let mut question = locker.joint_question(parent, &units.iter().collect::<Vec<_>>());
    if let Answer::Solved(pins) = locker.answers.of(&mut question).0 {
        let learnt = units.iter().map(|unit| {
            let above: Vec<&Package> = unit.roots.iter().copied().filter(|entry| !parent.roots.contains(entry)).collect();
            demand(parent, unit.cell.0, &above, &pins).exact()
        });
        let others = all.iter().filter(|demand| !from.contains(&demand.from)).cloned();
        let demands: Vec<Demand> = others.chain(learnt).collect();
        if fits(locker, parent, &demands) && demands != all {
            locker.demands.insert(key, demands);
            return (Vec::new(), Vec::new());
        }
    }
    let finding = finding(locker, parent, &of(&from));
    let others = all.into_iter().filter(|demand| !from.contains(&demand.from)).collect();
    locker.demands.insert(key, others);
    (vec![finding], from)
}

/// Whether the parent has versions that fulfil some demands.
fn fits<'p>(locker: &Locker<'p>, parent: &Unit<'p>, demands: &[Demand]) -> bool {
    let mut question = locker.joint_question(parent, &[]);
    question.demand(demands);
    matches!(locker.answers.of(&mut question).0, Answer::Solved(_))
}

fn finding(locker: &Locker<'_>, parent: &Unit<'_>, demands: &[Demand]) -> Diagnostic {
    let program = locker.program;
    // The package that two of them want in other versions.
    let shared = demands.iter().flat_map(|demand| demand.specs.keys()).find(|name| {
        let asking: Vec<_> = demands.iter().filter_map(|demand| demand.specs.get(*name)).filter(|specs| !specs.is_empty()).collect();
        asking.len() > 1 && asking.windows(2).any(|pair| matches!(pair, [one, two] if one != two))
    });
    let image = parent.image(program);
    let what = shared.map_or_else(|| "one set of versions".to_owned(), |name| format!("one `{name}`"));
    let mut finding: Option<Diagnostic> = None;
    for demand in demands {
        let cell = CellId(demand.from);
        let child = &program[program[cell].image];
        let unit = locker.units.iter().find(|unit| unit.cell == cell);
        let is_one_of_several = demands.iter().filter(|other| program[CellId(other.from)].image == program[cell].image).count() > 1;
        let title = unit.filter(|_| is_one_of_several).map_or_else(|| child.name.clone(), |unit| unit.title(program));
        let needs = shared.and_then(|name| Some(format!("`{name}{}`", demand.specs.get(name)?.join(","))));
        let brought = shared.and_then(|name| demand.brought.get(name));
        let place = brought.map_or(child.origin, |(place, _)| *place);
        let text = match (needs, brought) {
            (Some(needs), Some((_, Some(by)))) => format!("`{title}` needs {needs}, which `{by}` requires"),
            (Some(needs), _) => format!("`{title}` needs {needs}"),
            (None, _) => format!("`{title}` needs other versions"),
        };
        finding = Some(match finding {
            None => {
                let message = format!("the layers on `{image}` can't share {what}");
                Diagnostic::new(&known::TRANSITIVE_CONFLICT, place, message).here(text)
            }
            Some(finding) => finding.also(place, text),
        });
    }
    let cells = demands.iter().map(|demand| cell_ref(program, CellId(demand.from)));
    let finding =
        finding.unwrap_or_else(|| Diagnostic::nowhere(&known::TRANSITIVE_CONFLICT, format!("the layers on `{image}` can't share {what}")));
    let name = shared.map_or("what they differ in", String::as_str);
    finding.in_cells(cells).help(format!("take `{name}` out of `{image}`, or build one of them on another layer"))
}
