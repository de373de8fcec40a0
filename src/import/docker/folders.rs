//! Folders that are made before files go into them.

use super::steps::{Act, Step};

/// Takes out `mkdir -p` of folders that the copies or downloads right behind it make of their own accord.
pub(super) fn without_folders(steps: &mut [Step]) {
    for at in (0..steps.len()).rev() {
        let Some((one, behind)) = steps.get_mut(at..).and_then(<[Step]>::split_first_mut) else { continue };
        let Act::Run(script) = &one.act else { continue };
        let [command] = script.commands.as_slice() else { continue };
        let Some(paths) =
            command.strip_prefix("mkdir -p ").filter(|paths| one.user == "root" && !paths.contains(['$', '&', '|', ';', '"']))
        else {
            continue;
        };
        let targets: Vec<&str> = behind
            .iter()
            .map_while(|step| match &step.act {
                Act::Copy(copied) => Some(copied.to.as_str()),
                Act::Fetch(fetched) => Some(fetched.to.as_str()),
                _ => None,
            })
            .collect();
        let made = |path: &str| targets.iter().any(|target| target.starts_with(&format!("{}/", path.trim_end_matches('/'))));
        if script.state.is_empty() && paths.split_whitespace().all(made) {
            one.act = Act::Nothing;
            let notes = std::mem::take(&mut one.notes);
            if let Some(next) = behind.first_mut() {
                next.notes.splice(0..0, notes).for_each(drop);
            }
        }
    }
}
