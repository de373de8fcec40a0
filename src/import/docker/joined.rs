//! Lists that follow one another are one, where nothing between them minds, and so are small commands.

use super::lists::{Item, List};
use super::steps::{Act, Script, Step, is_small};

/// Joins neighbouring lists of one manager. Their packages are installed in the order in which they were.
pub(super) fn join(steps: &mut Vec<Step>) {
    let mut last: Option<usize> = None;
    for at in 0..steps.len() {
        let Some(step) = steps.get(at) else { continue };
        match &step.act {
            Act::List(..) => {}
            Act::Nothing | Act::Setting(..) | Act::Arg(..) => continue,
            _ => {
                last = None;
                continue;
            }
        }
        match last.and_then(|last| steps.get(last)).filter(|before| fits(before, step)).and(last) {
            Some(before) => {
                let moved = steps.get_mut(at).map(take);
                if let (Some((items, then)), Some(Act::List(list, behind))) = (moved, steps.get_mut(before).map(|step| &mut step.act)) {
                    for item in items {
                        if !list.items.iter().any(|known| known.text == item.text && !item.text.is_empty()) {
                            list.items.push(item);
                        }
                    }
                    *behind = then;
                }
            }
            None => last = Some(at),
        }
    }
    steps.retain(|step| step.act != Act::Nothing || !step.notes.is_empty() || !step.above.is_empty());
    small(steps);
}

/// Joins small commands of one account to those in the step before, and what puts permissions right to the list before: in a layer of its
/// own it doubles the files.
fn small(steps: &mut Vec<Step>) {
    let mut previous: Option<usize> = None;
    for at in 0..steps.len() {
        let Some(step) = steps.get(at).filter(|step| step.setting().is_none()) else { continue };
        let before = previous.and_then(|previous| steps.get(previous)).filter(|before| before.user == step.user);
        let alone = step.above.is_empty() && step.notes.is_empty();
        let commands = if alone { only_small(step) } else { None };
        let permits = |all: &[String]| all.iter().all(|command| command.starts_with("fix-permissions "));
        let goes = match (before, commands) {
            (Some(before), Some(commands)) => match &before.act {
                Act::Run(_) => only_small(before).is_some(),
                Act::List(list, _) => matches!(list.manager, "conda" | "pip") && list.takes_commands() && permits(commands),
                _ => false,
            },
            _ => false,
        };
        let Some(into) = previous.filter(|_| goes) else {
            previous = Some(at);
            continue;
        };
        let moved = steps.get_mut(at).map(|step| std::mem::replace(&mut step.act, Act::Nothing));
        if let (Some(Act::Run(script)), Some(step)) = (moved, steps.get_mut(into)) {
            match &mut step.act {
                Act::Run(before) => before.commands.extend(script.commands),
                Act::List(_, then) => then.extend(script.commands),
                _ => {}
            }
        }
    }
    steps.retain(|step| step.act != Act::Nothing || !step.notes.is_empty() || !step.above.is_empty());
}

/// The commands of a step that has no others than small ones, and nothing that holds for them.
fn only_small(step: &Step) -> Option<&[String]> {
    let Act::Run(script) = &step.act else { return None };
    let plain = Script { commands: script.commands.clone(), ..Script::default() } == *script;
    (plain && !script.commands.is_empty() && script.commands.iter().all(|command| is_small(command))).then_some(&script.commands)
}

fn fits(before: &Step, step: &Step) -> bool {
    let (Act::List(one, then), Act::List(two, _)) = (&before.act, &step.act) else { return false };
    let same = one.manager == two.manager && one.tool == two.tool && one.flags == two.flags && one.options == two.options;
    let plain = then.is_empty()
        && one.tools.is_empty()
        && two.tools.is_empty()
        && [one, two].iter().all(|list| list.file.is_none() && (!list.items.is_empty() || list.options == ["upgrade"]));
    // What is asked for once more changes nothing.
    let known = |item: &Item| one.items.iter().any(|other| other.text == item.text);
    let apart = !two.items.iter().any(|item| !known(item) && one.items.iter().any(|other| package(other) == package(item)));
    same && plain && apart && before.user == step.user && !has_reasons(one, step)
}

/// Whether a comment is about all of a list that has more than one entry.
fn has_reasons(one: &List, step: &Step) -> bool {
    let Act::List(two, _) = &step.act else { return true };
    !step.above.is_empty() && two.items.len() > 1 && !one.items.is_empty()
}

fn package(item: &Item) -> String {
    item.text.split([' ', '[']).next().unwrap_or_default().to_ascii_lowercase().replace('_', "-")
}

/// Takes the entries out of a list; what was said of it is said of them.
fn take(step: &mut Step) -> (Vec<Item>, Vec<String>) {
    let (above, notes, place) = (std::mem::take(&mut step.above), std::mem::take(&mut step.notes), step.place);
    let Act::List(list, then) = std::mem::replace(&mut step.act, Act::Nothing) else { return (Vec::new(), Vec::new()) };
    let mut items = list.items;
    for (kind, text) in notes {
        let about = items.iter().position(|item| text.contains(&package(item))).unwrap_or_default();
        if let Some(item) = items.get_mut(about) {
            item.notes.push((kind, place, text));
        }
    }
    if let (Some(first), [one]) = (items.first_mut(), above.as_slice()) {
        if first.because.is_none() && first.comments.is_empty() {
            first.because = Some(one.clone());
        } else {
            first.comments.insert(0, one.clone());
        }
    } else if let Some(first) = items.first_mut() {
        first.comments.splice(0..0, above);
    }
    (items, then)
}
