//! Copies of files that only lists are read from: the language mounts what a list reads.

use super::lists::is_cache;
use super::state::State;
use super::steps::{Act, Step};

/// Takes them out of the steps, with the `rm` that takes them away; gives how many copies are gone. A file that a command names, or
/// that no list reads, stays, as does one outside of `/tmp` that no `rm` takes away.
pub(super) fn without(steps: &mut [Step], after: &State) -> usize {
    let mut gone = 0;
    for at in 0..steps.len() {
        let Some(Step { act: Act::Copy(copied), .. }) = steps.get(at) else { continue };
        if copied.from.is_some() {
            continue;
        }
        let paths = copied.paths.clone();
        let (consumed, stays): (Vec<String>, Vec<String>) = paths.into_iter().partition(|path| is_consumed(path, steps, after));
        for path in &consumed {
            places(path, after).for_each(|place| unremove(steps, place));
        }
        if let Some(Step { act, .. }) = steps.get_mut(at) {
            match act {
                Act::Copy(copied) if !stays.is_empty() => copied.paths = stays,
                _ => {
                    *act = Act::Nothing;
                    gone += 1;
                }
            }
        }
    }
    gone
}

/// Where a path of the context is in the image.
fn places<'s>(path: &'s str, after: &'s State) -> impl Iterator<Item = &'s String> {
    after.placed.iter().filter(move |(_, source)| source.as_str() == path.trim_end_matches('/')).map(|(at, _)| at)
}

/// Whether lists are read from a path of the context, and no command but `rm` names where it is in the image.
fn is_consumed(path: &str, steps: &[Step], after: &State) -> bool {
    places(path, after).any(|at| {
        let read = |used: &String| used == at || at.ends_with('/') && used.starts_with(at.as_str());
        let name = at.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        let said = || steps.iter().flat_map(|step| texts(&step.act)).filter(|text| text.contains(name));
        let removed = said().any(|text| removes(text, at));
        after.used.iter().any(read) && said().all(|text| removes(text, at)) && (removed || at.starts_with("/tmp/"))
    })
}

/// The commands of a step.
fn texts(act: &Act) -> impl Iterator<Item = &String> {
    let (state, commands): (&[String], &[String]) = match act {
        Act::Run(script) => (&script.state, &script.commands),
        Act::List(_, then) => (&[], then),
        _ => (&[], &[]),
    };
    state.iter().chain(commands)
}

/// Whether a command is an `rm` that names a place, as it is or from the folder that the command is run in.
fn removes(command: &str, place: &str) -> bool {
    let Some(words) = command.strip_prefix("rm ") else { return false };
    !words.contains([';', '|', '&', '\n', '$']) && words.split_whitespace().any(|word| is_at(word, place))
}

fn is_at(word: &str, place: &str) -> bool {
    place.strip_suffix(word.trim_start_matches("./")).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
}

/// Takes a place out of the commands that remove it, and what is left of them where that was all.
fn unremove(steps: &mut [Step], place: &str) {
    let trim = |commands: &mut Vec<String>| {
        commands.retain_mut(|command| {
            if !removes(command, place) {
                return true;
            }
            let words: Vec<&str> = command.split_whitespace().filter(|word| !is_at(word, place)).collect();
            let rest = words.iter().skip(1).any(|word| !is_cache(word));
            *command = words.join(" ");
            rest
        });
    };
    for Step { act, .. } in steps {
        match act {
            Act::List(_, then) => trim(then),
            Act::Run(script) => {
                trim(&mut script.commands);
                if script.commands.is_empty() {
                    *act = Act::Nothing;
                }
            }
            _ => {}
        }
    }
}
