//! Copies of files that only lists are read from: the language mounts what a list reads.

use super::state::State;
use super::steps::{Act, Step};

/// Takes them out of the steps; gives how many copies are gone. A file that a command names, or that no list reads, stays.
pub(super) fn without(steps: &mut [Step], after: &State) -> usize {
    let mut gone = 0;
    for at in 0..steps.len() {
        let Some(Step { act: Act::Copy(copied), .. }) = steps.get(at) else { continue };
        if copied.from.is_some() || !copied.to.starts_with("/tmp/") {
            continue;
        }
        let stays: Vec<String> = copied.paths.iter().filter(|path| !is_consumed(path, steps, after)).cloned().collect();
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

/// Whether lists are read from a path of the context, and no command names where it is in the image.
fn is_consumed(path: &str, steps: &[Step], after: &State) -> bool {
    let mut places = after.placed.iter().filter(|(_, source)| source.as_str() == path.trim_end_matches('/')).map(|(at, _)| at);
    places.any(|at| {
        let read = |used: &String| used == at || at.ends_with('/') && used.starts_with(at.as_str());
        let name = at.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        let says = |text: &String| text.contains(name);
        let named = |step: &Step| match &step.act {
            Act::Run(script) => script.state.iter().chain(&script.commands).any(says),
            Act::List(_, then) => then.iter().any(says),
            _ => false,
        };
        after.used.iter().any(read) && !steps.iter().any(named)
    })
}
