//! A chain of commands → the text of a `run`.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::activated::activates;
use super::chain::{goes_on, is_either};
use super::links::{Form, links};
use super::steps::{PIPES, Script};
use super::words::{names, split};
use crate::emit::docker::is_block;
use crate::import::{block, quoted};
use crate::shell::{is_assignment, tokens};

/// From how many characters on a chain of commands is written on several lines.
const LONG: usize = 90;

/// The text of a script as the language writes it, where the variables in `set` have values.
pub(super) fn text(script: &Script, set: &BTreeSet<&str>) -> String {
    let commands: Vec<_> = script.state.iter().chain(&script.commands).map(|command| folded(command)).collect();
    let mut all: Vec<&str> = commands.iter().map(AsRef::as_ref).collect();
    let lines = all.iter().any(|one| one.contains('\n'));
    let joined = |all: &[&str], sign: &str| {
        let one = |(at, one): (usize, &&str)| if at > 0 && is_either(one) { format!("{{ {one}; }}") } else { (*one).to_owned() };
        all.iter().enumerate().map(one).collect::<Vec<_>>().join(sign)
    };
    let assigned = all.iter().filter(|one| split(one).iter().all(|word| word == "export" || is_assignment(word)));
    let assigned = assigned.flat_map(|one| one.split_whitespace()).filter_map(|word| Some(word.split_once('=')?.0));
    let known: BTreeSet<&str> = set.iter().copied().chain(assigned).collect();
    // An activation reads variables that may have no value.
    let unknown = all.iter().any(|one| activates(one) || names(one).iter().any(|name| !known.contains(name)));
    if script.goes_on {
        let pipes = all.extract_if(.., |one| *one == PIPES).count() > 0;
        let pipes = if pipes { " +o pipefail" } else { "" };
        if lines || all.len() > 1 && all.iter().map(|one| one.len()).sum::<usize>() > LONG {
            return block(&format!("set +eu{pipes}\n{}", joined(&all, " &&\n")));
        }
        let whole = joined(&all, " && ");
        let unset = if unknown && is_block(&whole) { "set +eu" } else { "set +e" };
        return quoted(&format!("{unset}{pipes}; {whole}"));
    }
    let whole = joined(&all, " && ");
    let long = match all.len() {
        1 => false,
        2 => whole.len() > LONG + LONG / 2,
        _ => whole.len() > LONG,
    };
    let apart = long && all.iter().all(|one| is_line(one));
    // Before `&&`, a shell that stops goes on.
    let stops = all.len() > 1 && all.iter().any(|one| goes_on(one));
    let longer = all.len() > 1 && whole.len() > 5 * LONG;
    if !(lines || apart || longer || stops || unknown && is_block(&whole)) {
        return quoted(&whole);
    }
    // A block stops at a variable without a value.
    let unset = if lines || unknown { "set +u\n" } else { "" };
    let text = if lines || apart || stops { all.join("\n") } else { joined(&all, " &&\n") };
    block(&format!("{unset}{text}"))
}

/// Whether a command of a chain is the same on a line of its own, where the shell stops at a line that fails.
fn is_line(command: &str) -> bool {
    let inner = command.contains([';', '#']) || command.contains("||");
    // A failure before `&&` stops nothing there, but in a shell of its own.
    let alone = || links(command).is_some_and(|links| links.len() == 1 && links.iter().all(|link| link.form == Form::Plain));
    !inner && (!command.contains("&&") || alone()) && !command.starts_with('!') && !command.ends_with('\\')
}

/// A command of one line with one blank where several stand between its words.
pub(super) fn folded(command: &str) -> Cow<'_, str> {
    if !command.contains("  ") && !command.contains('\t') || command.contains('\n') {
        return Cow::Borrowed(command);
    }
    let words = tokens(command);
    let mut out = String::with_capacity(command.len());
    let mut end = 0;
    for word in &words {
        let between = command.get(end..word.range.start).unwrap_or_default();
        if between.contains('#') {
            return Cow::Borrowed(command);
        }
        out.push_str(if between.trim().is_empty() && !between.is_empty() { " " } else { between });
        out.push_str(word.text(command));
        end = word.range.end;
    }
    out.push_str(command.get(end..).unwrap_or_default());
    Cow::Owned(out)
}
