//! The commands of a script as texts: what they are beside lists.

use super::words::{behind, split};
use crate::emit::docker::{BLOCK, INNER};
use crate::shell::{Kind, commands, tokens};

/// The rest of a script that begins with `set +e`, which is how a shell is told to go on.
pub(super) fn without_unset(text: &str) -> Option<&str> {
    let text = text.trim_start();
    let text = text.strip_prefix("set -eu").map_or(text, |rest| rest.trim_start_matches(';').trim_start());
    let (unset, rest) = text.split_once([';', '\n'])?;
    let unset = unset.strip_suffix(" +o pipefail").unwrap_or(unset);
    matches!(unset, "set +e" | "set +eu").then(|| rest.trim_start_matches([';', '\n', ' ']))
}

/// A command without what is between single quotes, which the shell passes on as it is.
pub(super) fn outside_of_quotes(part: &str) -> String {
    tokens(part)
        .iter()
        .filter_map(|token| part.get(token.range.clone()))
        .map(|word| if word.contains('\'') { word.split('\'').step_by(2).collect() } else { word.to_owned() })
        .collect()
}

/// Whether a command only prints: nothing of it is in the image.
pub(super) fn prints(part: &str) -> bool {
    let plain = tokens(part).iter().all(|token| token.kind == Kind::Word) && !part.contains("$(") && !part.contains(['`', '\n']);
    let words: Vec<&str> = part.split_whitespace().collect();
    let options = |rest: &[&str]| rest.iter().all(|word| word.starts_with('-'));
    plain
        && match words.as_slice() {
            ["echo", ..] | ["conda" | "mamba" | "micromamba", "list" | "info"] | ["pip" | "pip3", "list" | "freeze"] => true,
            ["ls" | "env" | "locale" | "pwd" | "id" | "whoami" | "date" | "true", rest @ ..] => options(rest),
            _ => false,
        }
}

pub(super) fn is_apt(texts: &[&str]) -> bool {
    matches!(texts.first(), Some(&("apt-get" | "apt" | "aptitude")))
}

/// Whether a command of apt looks packages up.
pub(super) fn needs_index(part: &str) -> bool {
    commands(part).iter().any(|command| {
        let words: Vec<&str> = command.words.iter().map(String::as_str).skip_while(|word| !is_apt(&[word])).collect();
        words.iter().any(|word| matches!(*word, "install" | "build-dep" | "upgrade" | "dist-upgrade" | "full-upgrade" | "source"))
    })
}

/// The text of a block that the compiler wrote.
pub(super) fn block(part: &str) -> Option<String> {
    let words = behind(part, BLOCK)?;
    Some(split(words).join("\n").replace("\\$", "$"))
}

/// A command of several words in a shell of its own, as the compiler writes it, without that shell.
pub(super) fn unwrapped(part: &str) -> Option<String> {
    let rest = behind(part, INNER)?;
    let words = split(rest);
    let script = words.first()?.replace("\\$", "$");
    match rest.split_once("' install") {
        Some((_, items)) if script.ends_with(" \"$@\"") => Some(format!("{} {items}", script.strip_suffix(" \"$@\"")?)),
        _ if words.len() == 1 => Some(script),
        _ => None,
    }
}
