//! Commands of package managers without what is before them and changes nothing of what they install, and without words that are empty.

use super::command::{self, Command};
use super::read::Instruction;
use super::state::State;
use super::words::{names, variable};
use crate::import::RemarkKind::{self, Changed, Decide};
use crate::shell::{Kind, tokens};

/// What installs packages.
const MANAGERS: [&str; 21] = [
    "R",
    "Rscript",
    "apt",
    "apt-get",
    "aptitude",
    "conda",
    "dnf",
    "dpkg",
    "gdebi",
    "install2.r",
    "julia",
    "mamba",
    "microdnf",
    "micromamba",
    "npm",
    "pip",
    "pip3",
    "python",
    "python3",
    "uv",
    "yum",
];

/// Reads a command of a script, with what is to be said of it where it becomes a list.
pub(super) fn read(text: &str, state: &State) -> Option<(Command, Vec<(RemarkKind, String)>)> {
    let known = |name: &str| state.value(name);
    let mut notes = Vec::new();
    let mut command = if let Some(command) = command::read(text, &known) {
        command
    } else {
        let (text, empty) = without_empty(text, state);
        notes.extend(empty.into_iter().map(|name| {
            let words = format!(
                "`${name}` is empty here: what a build gives with `--build-arg {name}=…`, or a base that sets it, is not in the list"
            );
            (Decide, words)
        }));
        command::read(&text, &known).filter(|command| !notes.is_empty() && installs(&unwrapped(command).0))?
    };
    let (inner, limit) = unwrapped(&command);
    if installs(&inner) {
        notes.extend(limit.map(|limit| (Changed, format!("`{limit}` is left out: the list may take as long as it needs"))));
        command = inner;
    }
    Some((command, notes))
}

/// Arguments of a stage that have no value where no build gives one, and that the instruction does not set.
pub(super) fn empty(one: &Instruction, state: &State) -> Vec<String> {
    let sets = |name: &str| ["=", "+="].iter().any(|sign| one.text.contains(&format!("{name}{sign}")));
    let other =
        ["read ", "for ", "source ", ". /", "mapfile ", "readarray ", "printf -v", "eval "].iter().any(|word| one.text.contains(word));
    let given = |name: &str| {
        ["TARGET", "BUILD"].iter().any(|begin| name.starts_with(begin))
            || name.to_ascii_uppercase().ends_with("_PROXY")
            || *name == *state.own
    };
    let unset = |name: &&str| !other && matches!(state.args.get(*name), Some(None)) && state.value(name).is_none();
    let found = names(&one.text).into_iter().filter(unset).filter(|name| !given(name) && !sets(name));
    found.map(str::to_owned).collect()
}

/// A text with blanks in the place of words that are nothing but an empty variable, and the names of these.
fn without_empty(text: &str, state: &State) -> (String, Vec<String>) {
    let (mut out, mut found) = (text.to_owned(), Vec::new());
    for token in tokens(text).into_iter().filter(|token| token.kind == Kind::Word) {
        let word = text.get(token.range.clone()).unwrap_or_default();
        let Some((name, "", "")) = variable(word) else { continue };
        if state.empty.iter().any(|empty| empty == name) {
            out.replace_range(token.range.clone(), &" ".repeat(token.range.len()));
            if !found.iter().any(|known| known == name) {
                found.push(name.to_owned());
            }
        }
    }
    (out, found)
}

fn installs(command: &Command) -> bool {
    command.words.first().is_some_and(|word| MANAGERS.contains(&word.text.as_str()))
}

/// The command that `eatmydata`, `nice` and their like run, and the limit of its time.
fn unwrapped(command: &Command) -> (Command, Option<String>) {
    let (mut command, mut limit) = (command.clone(), None);
    loop {
        let texts = command.texts();
        let count = before(&texts);
        if count == 0 || count >= texts.len() {
            return (command, limit);
        }
        if texts.first() == Some(&"timeout") {
            limit = texts.get(..count).map(|words| words.join(" "));
        }
        let rest = command.words.split_off(count);
        command.words.clear();
        for word in rest {
            command.push(word);
        }
    }
}

/// How many words run the command behind them and change nothing of what it leaves: a program with its options.
fn before(words: &[&str]) -> usize {
    let Some((program, rest)) = words.split_first() else { return 0 };
    let (valued, alone): (&[&str], fn(&str) -> bool) = match *program {
        "eatmydata" => (&[], |word| word == "--"),
        "time" => (&[], |word| word == "-p"),
        "nice" => (&["-n"], |word| word.starts_with('-')),
        "ionice" => (&["-c", "-n"], |word| word.starts_with('-')),
        "timeout" => (&["-k", "-s"], |word| word.starts_with('-')),
        _ => return 0,
    };
    let mut count = 0;
    while let Some(word) = rest.get(count) {
        count += match *word {
            option if valued.contains(&option) => 2,
            option if alone(option) => 1,
            _ => break,
        };
    }
    1 + count + usize::from(*program == "timeout")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_before_a_manager_is_left_out() {
        for (text, inner, limit) in [
            ("eatmydata apt-get install x", "apt-get install x", None),
            ("sudo -E nice -n 10 ionice -c2 -n 7 /usr/bin/apt-get update", "apt-get update", None),
            ("timeout -k 5 --foreground 10m pip install x", "pip install x", Some("timeout -k 5 --foreground 10m")),
            ("time -p env A=b mamba install x", "mamba install x", None),
            ("nice", "nice", None),
            ("timeout 5", "timeout 5", None),
        ] {
            let (command, found) = unwrapped(&command::read(text, &|_| None).unwrap());
            assert_eq!((command.texts().join(" ").as_str(), found.as_deref()), (inner, limit), "{text}");
        }
        let state = State::default();
        assert_eq!(read("timeout 5 wget x", &state).unwrap().0.texts(), ["timeout", "5", "wget", "x"]);
    }
}
