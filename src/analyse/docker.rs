//! Lines as a Dockerfile or a shell has them, where a statement belongs: `ENV A=1`, `run pip install dask`, `COPY a b`. Each
//! is read to the end of its line, so that one mistake is one finding, and written as the statement that is meant.

use super::command_lines::{command, other_manager, package_list, standard_manager};
use super::context::Context;
use super::definitions::UnitId;
use super::dockerfile::statement;
use super::instructions::{Line, step, unbroken, whole};
use super::phrases;
use crate::base::Place;
use crate::diagnostics::{Diagnostic, known};
use crate::syntax::ast::{Part, Phrase, Statement, Value};
use crate::syntax::words::{Room, habit};

/// The line that a statement begins, where it is one of a Dockerfile or a shell.
pub(super) fn line(cx: &Context<'_>, unit: UnitId, statement: &Statement) -> Option<Line> {
    match statement {
        Statement::Phrase(phrase) => instruction(cx, unit, phrase).or_else(|| other_manager(cx, unit, phrase)),
        Statement::List(list) => command(cx, unit, list),
        _ => None,
    }
}

/// The line that a phrase begins, where it is one of a Dockerfile.
fn instruction(cx: &Context<'_>, unit: UnitId, phrase: &Phrase) -> Option<Line> {
    let head = phrase.head.as_ref()?;
    let word = head.node.to_ascii_lowercase();
    let shouted = head.node != word;
    if !shouted && let Some(line) = phrases::written(cx, unit, phrase) {
        return Some(line);
    }
    let other = word == "add" && !phrase.parts.iter().any(|part| matches!(part, Part::Word(word) if word.node == "to"));
    let foreign = |part: &Part| matches!(part, Part::Block(_) | Part::Value(Value::Number(_)));
    let command = !shouted && COMMANDS.contains(&word.as_str()) && !phrase.parts.iter().any(foreign);
    if !command && !INSTRUCTIONS.contains(&word.as_str()) || shouted && word == "test" {
        return None;
    }
    if !(shouted && head.node == head.node.to_ascii_uppercase() || other || command || is_malformed(&word, &phrase.parts)) {
        return None;
    }
    let place = whole(cx, cx.place(unit, phrase.span));
    let text = cx.sources.text(place);
    if command {
        return Some(shell(cx.place(unit, head.span), place, &head.node, &unbroken(text)));
    }
    let rest = unbroken(text.get(head.node.len()..)?);
    let written = statement(&word, rest.trim());
    let unknown = shouted || other;
    let code = if unknown { &known::UNKNOWN_STATEMENT } else { &known::MISSING_PART };
    let here = cx.place(unit, head.span);
    let message = if unknown { format!("`{}` is an instruction of a Dockerfile", head.node) } else { format!("`{word}` {}", wants(&word)) };
    let finding = Diagnostic::new(code, here, message);
    let finding = match (packages(&word, rest.trim()), written) {
        (Some(list), _) => finding.replace(format!("write `{list}`"), false, place, list.clone()),
        (None, Some(written)) => {
            let shown = if written.len() <= 72 { written.as_str() } else { &word };
            finding.replace(format!("write `{shown}`"), false, place, written.clone())
        }
        (None, None) => finding.help(way_out(&word, rest.trim())),
    };
    Some(Line { place, finding })
}

/// A line of a shell, which begins with the command `word`.
fn shell(here: Place, place: Place, word: &str, line: &str) -> Line {
    let finding = Diagnostic::new(&known::UNKNOWN_STATEMENT, here, format!("`{word}` is a command of the shell"));
    let finding = match step(line) {
        Some(written) if written.len() <= 72 => finding.replace(format!("write `{written}`"), false, place, written.clone()),
        Some(written) => finding.replace("write `run` and the command in quotes", false, place, written),
        None => finding.help("write `run` and the command between `\"\"\"`"),
    };
    Line { place, finding }
}

/// What a statement wants that a shell does not.
fn wants(word: &str) -> &'static str {
    match word {
        "env" => "takes names and values in braces",
        "arg" => "takes a name, `=` and a value",
        "run" => "takes a shell command in quotes",
        "test" => "takes a name, and what it runs in braces",
        "cmd" | "entrypoint" | "shell" | "healthcheck" => "takes a list of texts in quotes",
        "label" => "takes keys and values in braces",
        "copy" => "takes texts in quotes, and `to` before the last",
        _ => "takes texts in quotes",
    }
}

/// Whether the parts of a known statement are without what all of its kind have.
fn is_malformed(word: &str, parts: &[Part]) -> bool {
    let quoted = |part: &Part| matches!(part, Part::Value(Value::Text(_) | Value::List(_)) | Part::Block(_) | Part::Packages(_));
    match word {
        "env" => !parts.is_empty() && !parts.iter().any(|part| matches!(part, Part::Block(_))),
        "arg" => matches!(parts, [Part::Word(_), Part::Value(Value::Text(_) | Value::Number(_))]),
        "label" => matches!(parts.first(), Some(Part::Word(_))),
        "cmd" | "entrypoint" | "shell" => !parts.iter().any(|part| matches!(part, Part::Value(Value::List(_) | Value::Reference(_)))),
        "healthcheck" => !parts.iter().any(|part| matches!(part, Part::Value(Value::List(_)))),
        "copy" if !parts.is_empty() && parts.iter().all(|part| matches!(part, Part::Value(Value::Text(_)))) => parts.len() > 1,
        "run" | "workdir" | "copy" => !parts.iter().any(quoted),
        "test" => !parts.iter().any(|part| matches!(part, Part::Block(_)) || matches!(part, Part::Word(word) if word.node == "host")),
        _ => false,
    }
}

/// The words that lines of other languages begin with.
const INSTRUCTIONS: [&str; 18] = [
    "add",
    "arg",
    "cmd",
    "copy",
    "entrypoint",
    "env",
    "expose",
    "from",
    "healthcheck",
    "label",
    "maintainer",
    "onbuild",
    "run",
    "shell",
    "test",
    "user",
    "volume",
    "workdir",
];

/// Commands that people write as statements.
const COMMANDS: [&str; 24] = [
    "chmod",
    "chown",
    "cp",
    "echo",
    "jupyter",
    "ln",
    "make",
    "mkdir",
    "mv",
    "nbextension",
    "perl",
    "pytest",
    "python",
    "python3",
    "rm",
    "rsync",
    "sed",
    "source",
    "sudo",
    "tar",
    "touch",
    "unzip",
    "update-alternatives",
    "useradd",
];

/// What to do about an instruction that no single statement takes the place of.
fn way_out(word: &str, rest: &str) -> String {
    let first = rest.split_whitespace().find(|word| !word.starts_with("--")).unwrap_or_default();
    let (repository, tag) = first.rsplit_once(':').unwrap_or((first, "…"));
    let name: String =
        repository.rsplit('/').next().unwrap_or_default().chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    match word {
        "from" => {
            let image = format!("image {name} {{ ref = \"{repository}\"  tag = \"{tag}\" }}");
            format!("write `{image}` at the top of a file, and `from {name}` here")
        }
        "run" if rest.starts_with("--mount") => {
            "write `run \"command\"` without `--mount`: `credential` and `with` give a step a secret".to_owned()
        }
        "user" => "write the name of the account, as in `user jovyan`".to_owned(),
        "volume" | "onbuild" => habit(Room::Layer, word).map_or_else(String::new, |habit| habit.help.to_owned()),
        "healthcheck" if rest.eq_ignore_ascii_case("none") => "leave it out: Kubernetes does not run the check of an image".to_owned(),
        "healthcheck" => "write `healthcheck [\"curl\", \"localhost\"] { interval = 30s }`: the command is a list of texts".to_owned(),
        "copy" | "add" if rest.contains("--from") => {
            "write `copy \"/path\" from LAYER to \"/path\"`: LAYER is an image or a layer".to_owned()
        }
        "copy" | "add" => "write `copy \"file\" to \"/opt/\"`; `jenvc explain copy` lists its words".to_owned(),
        _ => format!("write `{word}` and its texts in quotes; `jenvc explain {word}` shows how"),
    }
}

/// `run pip install dask`: packages belong into a list.
fn packages(word: &str, command: &str) -> Option<String> {
    let (program, rest) = command.split_once(" install ").filter(|_| word == "run")?;
    package_list(standard_manager(program)?, rest)
}
