//! Lines as a Dockerfile or a shell has them, where a statement belongs: `ENV A=1`, `run pip install dask`, `COPY a b`. Each
//! is read to the end of its line, so that one mistake is one finding, and written as the statement that is meant.

use super::command_lines::{command, other_manager, package_list, standard_manager};
use super::context::Context;
use super::definitions::UnitId;
use super::instructions::{Line, pair, quoted, unbroken, whole};
use super::phrases;
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
    if !(shouted && head.node == head.node.to_ascii_uppercase() || other || is_malformed(&word, &phrase.parts)) {
        return None;
    }
    if !INSTRUCTIONS.contains(&word.as_str()) || shouted && word == "test" {
        return None;
    }
    let place = whole(cx, cx.place(unit, phrase.span));
    let text = cx.sources.text(place);
    let rest = unbroken(text.get(head.node.len()..)?);
    let written = statement(&word, rest.trim());
    let foreign = shouted || other;
    let code = if foreign { &known::UNKNOWN_STATEMENT } else { &known::MISSING_PART };
    let here = cx.place(unit, head.span);
    let message = if foreign { format!("`{}` is an instruction of a Dockerfile", head.node) } else { format!("`{word}` {}", wants(&word)) };
    let finding = Diagnostic::new(code, here, message);
    let finding = match written {
        Some(written) => {
            let shown = if written.len() <= 72 { written.as_str() } else { &word };
            finding.replace(format!("write `{shown}`"), false, place, written.clone())
        }
        None => finding.help(way_out(&word, rest.trim())),
    };
    Some(Line { place, finding: packages(finding, &word, rest.trim()) })
}

/// What a statement wants that a shell does not.
fn wants(word: &str) -> &'static str {
    match word {
        "env" => "takes names and values in braces",
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
const INSTRUCTIONS: [&str; 15] = [
    "add",
    "arg",
    "cmd",
    "copy",
    "entrypoint",
    "env",
    "from",
    "healthcheck",
    "label",
    "onbuild",
    "run",
    "shell",
    "test",
    "volume",
    "workdir",
];

/// The statement of an instruction, where it can be written.
fn statement(word: &str, rest: &str) -> Option<String> {
    let words: Vec<&str> = rest.split_whitespace().filter(|word| !word.starts_with("--")).collect();
    let flags = rest.split_whitespace().any(|word| word.starts_with("--"));
    match word {
        "run" => quoted(rest).filter(|_| !rest.starts_with(['[', '-'])).map(|command| format!("run {command}")),
        "env" => assignments(rest).map(|pairs| format!("env {{ {} }}", pairs.join("  "))),
        "label" => assignments(rest).map(|pairs| format!("label {{ {} }}", pairs.join("  "))),
        "arg" => match assignments(rest).as_deref() {
            Some([one]) => Some(format!("arg {one}")),
            _ => None,
        },
        "workdir" => quoted(rest).map(|path| format!("workdir {path}")),
        "add" if words.first().is_some_and(|first| first.contains("://")) => copied("fetch", &words, rest),
        "add" if rest.starts_with('[') => None,
        "copy" | "add" => copied("copy", &words, rest),
        "test" => test(rest),
        "cmd" | "entrypoint" | "shell" if rest.starts_with('[') => Some(format!("{word} {rest}")),
        "shell" => quoted(rest).map(|shell| format!("shell [{shell}, \"-c\"]")).filter(|_| !rest.contains(' ')),
        "healthcheck" if rest.eq_ignore_ascii_case("none") => None,
        "healthcheck" => healthcheck(rest),
        "cmd" | "entrypoint" if rest.starts_with('"') && rest.matches('"').count() == 2 => {
            let words: Option<Vec<String>> = rest.trim_matches('"').split_whitespace().map(quoted).collect();
            words.map(|words| format!("{word} [{}]", words.join(", ")))
        }
        "cmd" | "entrypoint" => {
            let words: Option<Vec<String>> = words.iter().map(|word| quoted(word)).collect();
            words.filter(|words| !words.is_empty() && !flags).map(|words| format!("{word} [{}]", words.join(", ")))
        }
        _ => None,
    }
}

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

/// `a b /opt/` as a statement, with the flags that it may have.
fn copied(word: &str, words: &[&str], rest: &str) -> Option<String> {
    let (to, from) = words.split_last()?;
    let from: Option<Vec<String>> = from.iter().filter(|word| **word != "to").map(|word| quoted(word)).collect();
    let from = from.filter(|from| !from.is_empty() && (word == "copy" || from.len() == 1))?;
    let mut written = format!("{word} {} to {}", from.join(" "), quoted(to)?);
    for flag in rest.split_whitespace().filter(|word| word.starts_with("--")) {
        match flag.split_once('=') {
            Some(("--chown", who)) if who.starts_with("root") || who.starts_with('0') => written.push_str(" owner root"),
            Some(("--chown", _)) => written.push_str(" owner user"),
            Some(("--chmod", mode)) => written.extend([" mode ", mode.trim_start_matches('0')]),
            _ if flag == "--link" => {}
            _ => return None,
        }
    }
    Some(written)
}

/// `--interval=30s CMD curl localhost`.
fn healthcheck(rest: &str) -> Option<String> {
    let mut fields = Vec::new();
    let mut command = rest;
    while let Some((flag, more)) = command.strip_prefix("--").and_then(|flags| flags.split_once(' ')) {
        let (name, value) = flag.split_once('=')?;
        fields.push(format!("{} = {value}", name.replace('-', "_")));
        command = more.trim_start();
    }
    let command = command.strip_prefix("CMD").unwrap_or(command).trim();
    let words: Vec<String> = command.split_whitespace().map(quoted).collect::<Option<_>>()?;
    let fields = if fields.is_empty() { String::new() } else { format!(" {{ {} }}", fields.join("  ")) };
    (!words.is_empty() && !command.starts_with(['[', '"'])).then(|| format!("healthcheck [{}]{fields}", words.join(", ")))
}

/// `"name" "command"`, `run "command"`, `"name" = "command"` as a test.
fn test(rest: &str) -> Option<String> {
    let texts: Vec<&str> = texts(rest);
    match texts.as_slice() {
        [command] => Some(format!("test \"it works\" {{ run {command} }}")),
        [name, command] => Some(format!("test {name} {{ run {command} }}")),
        _ => None,
    }
}

/// The texts in quotes of a line.
pub(super) fn texts(rest: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut left = rest;
    while let Some(at) = left.find(['"', '\'']) {
        let text = left.get(at..).unwrap_or_default();
        let quote = text.chars().next().unwrap_or('"');
        let Some(end) = text.get(1..).and_then(|inside| inside.find(quote)) else { break };
        found.push(text.get(..end + 2).unwrap_or_default());
        left = text.get(end + 2..).unwrap_or_default();
    }
    found
}

/// `A=1 B="x y"`, or `A 1`, as pairs.
pub(super) fn assignments(rest: &str) -> Option<Vec<String>> {
    if let Some(list) = rest.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        let items = list.split(',').map(|item| item.trim().trim_matches(['"', '\'']).split_once('='));
        return items.map(|item| item.and_then(|(name, value)| pair(name, value))).collect();
    }
    let first = rest.split_whitespace().next()?;
    let (_, behind) = rest.split_at(first.len());
    if !first.contains('=') && !behind.trim_start().starts_with('=') {
        return Some(vec![pair(first, behind.trim())?]);
    }
    let mut pairs = Vec::new();
    let mut left = rest.trim();
    while let Some((name, after)) = left.split_once('=') {
        let after = after.trim_start();
        let end = match after.chars().next() {
            Some(quote @ ('"' | '\'')) => after.get(1..)?.find(quote)? + 2,
            _ => after.find(char::is_whitespace).unwrap_or(after.len()),
        };
        let (value, more) = after.split_at(end);
        pairs.push(pair(name.trim(), value.trim_matches('\''))?);
        left = more.trim();
    }
    (left.is_empty() && !pairs.is_empty()).then_some(pairs)
}

/// `run pip install dask`: packages belong into a list.
fn packages(finding: Diagnostic, word: &str, command: &str) -> Diagnostic {
    let (program, rest) = command.split_once(" install ").filter(|_| word == "run").unwrap_or_default();
    match standard_manager(program).and_then(|manager| package_list(manager, rest)) {
        Some(list) => finding.help(format!("write `{list}` for packages that take part in the checks")),
        None => finding,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instructions_become_statements() {
        for (word, rest, meant) in [
            ("env", "A=1 B=\"x y\"", "env { A = \"1\"  B = \"x y\" }"),
            ("env", "A hello there", "env { A = \"hello there\" }"),
            ("env", "A = \"x\"", "env { A = \"x\" }"),
            ("label", "org.example.team=physics", "label { \"org.example.team\" = \"physics\" }"),
            ("copy", "a.txt b.txt /opt/", "copy \"a.txt\" \"b.txt\" to \"/opt/\""),
            ("add", "https://x.org/a.tgz /opt/", "fetch \"https://x.org/a.tgz\" to \"/opt/\""),
            ("run", "echo \"x\"", "run 'echo \"x\"'"),
            ("cmd", "start.sh --quiet", ""),
            ("cmd", "start.sh lab", "cmd [\"start.sh\", \"lab\"]"),
            ("workdir", "/opt", "workdir \"/opt\""),
        ] {
            assert_eq!(statement(word, rest).unwrap_or_default(), meant, "{word} {rest}");
        }
        assert_eq!(statement("entrypoint", "\"tini -- start.sh\"").as_deref(), Some("entrypoint [\"tini\", \"--\", \"start.sh\"]"));
        assert_eq!(
            statement("healthcheck", "--interval=5s --start-period=9s CMD curl localhost").as_deref(),
            Some("healthcheck [\"curl\", \"localhost\"] { interval = 5s  start_period = 9s }")
        );
        assert_eq!(statement("copy", "--chown=1000:100 a /b").as_deref(), Some("copy \"a\" to \"/b\" owner user"));
        assert_eq!(statement("test", "\"x\" = \"true\"").as_deref(), Some("test \"x\" { run \"true\" }"));
    }
}
