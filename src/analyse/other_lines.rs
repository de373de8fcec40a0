//! Lines of other languages that no word betrays: commands that are joined outside of their texts, variables below `env`, the
//! resources of Kubernetes, `with` and lists of Nix.

use super::context::Context;
use super::definitions::UnitId;
use super::dockerfile::{assignments, statement, texts};
use super::instructions::{Line, below, step, unbroken, whole};
use crate::base::{Place, Span};
use crate::diagnostics::{Diagnostic, known};
use crate::syntax::ast::{Field, Part, Phrase, Statement, Value};
use crate::syntax::words::{Room, habit};

/// The line that a statement begins in a room.
pub(super) fn line(cx: &Context<'_>, unit: UnitId, room: Room, found: &Statement) -> Option<Line> {
    let steps = room.statement("run").is_some();
    match found {
        Statement::Phrase(phrase) if steps => joined(cx, unit, phrase)
            .or_else(|| conditional(cx, unit, phrase))
            .or_else(|| variables(cx, unit, phrase))
            .or_else(|| nix(cx, cx.place(unit, phrase.span))),
        Statement::Phrase(phrase) => resource(cx, unit, room, phrase),
        Statement::Field(field) if steps => scalar(cx, unit, room, field).or_else(|| nix(cx, cx.place(unit, field.span))),
        _ => None,
    }
}

/// `run: echo hi`, `command: start.sh`: a statement with what a shell reads behind a colon, as YAML has it.
fn scalar(cx: &Context<'_>, unit: UnitId, room: Room, field: &Field) -> Option<Line> {
    let key = field.key.text.as_str();
    let place = whole(cx, cx.place(unit, field.span));
    let rest = cx.sources.text(place).get(key.len()..)?.trim_start().strip_prefix([':', '='])?.trim();
    let word = match key {
        // What a compose file calls so is what the image starts.
        "command" if room == Room::Layer => "cmd",
        _ => habit(room, key).map_or(key, |habit| habit.instead),
    };
    let known = matches!(word, "run" | "cmd" | "entrypoint" | "workdir" | "expose") && room.statement(word).is_some();
    if !known || !matches!(field.value, Value::Reference(_)) || rest.starts_with(['[', '{', '"', '\'']) {
        return None;
    }
    let written = statement(word, rest)?;
    let here = cx.place(unit, field.key.span);
    let finding = if key == word {
        Diagnostic::new(&known::UNKNOWN_FIELD, here, format!("`{key}` does something, so it takes no `=`"))
    } else {
        Diagnostic::new(&known::UNKNOWN_FIELD, here, format!("{} has no field `{key}`", room.called()))
    };
    let shown = if written.len() <= 72 { written.as_str() } else { word };
    Some(Line { place, finding: finding.replace(format!("write `{shown}`"), false, place, written.clone()) })
}

/// `run "a" && "b"`, `run "a" \` and `"b"` below it: commands of one step that are not in one text.
fn joined(cx: &Context<'_>, unit: UnitId, phrase: &Phrase) -> Option<Line> {
    let head = phrase.head.as_ref().filter(|head| head.node == "run")?;
    let place = whole(cx, cx.place(unit, phrase.span));
    let text = cx.sources.text(place).get(head.node.len()..)?;
    let rest = unbroken(text);
    let commands = texts(&rest);
    let outside = commands.iter().fold(rest.clone(), |rest, command| rest.replacen(command, " ", 1));
    let mut signs = outside.split_whitespace();
    let known = signs.clone().all(|sign| matches!(sign, "&&" | ";" | "|" | "||")) && (signs.clone().count() > 0 || text.contains('\n'));
    if commands.len() < 2 || !known {
        return None;
    }
    let sign = signs.next().map_or(" ".to_owned(), |sign| if sign == ";" { "; ".to_owned() } else { format!(" {sign} ") });
    let inside: Vec<&str> = commands.iter().map(|command| command.get(1..command.len() - 1).unwrap_or_default()).collect();
    let written = step(&inside.join(&sign));
    let finding = Diagnostic::new(&known::UNEXPECTED_TEXT, place, "the commands of one `run` are not in one text");
    let finding = finding.here("a statement ends with its line, and takes one text");
    let finding = match written {
        Some(written) if written.len() <= 72 => finding.replace(format!("write `{written}`"), false, place, written.clone()),
        Some(written) => finding.replace("write one text", false, place, written),
        None => finding.help("write the commands between `\"\"\"` and `\"\"\"`, a line for each"),
    };
    Some(Line { place, finding })
}

/// `run "x" if python >= 3.12`: a condition behind what depends on it.
fn conditional(cx: &Context<'_>, unit: UnitId, phrase: &Phrase) -> Option<Line> {
    let word = phrase
        .parts
        .iter()
        .find_map(|part| if let Part::Word(word) = part { Some(word).filter(|word| word.node == "if") } else { None })?;
    let place = whole(cx, cx.place(unit, phrase.span));
    let text = cx.sources.text(place);
    let at = (word.span.start - place.span.start) as usize;
    let (before, condition) = (text.get(..at)?.trim_end(), text.get(at + 2..)?.trim());
    let written = format!("when {condition} {{ {before} }}");
    let finding = Diagnostic::new(&known::UNEXPECTED_PART, cx.place(unit, word.span), "a statement takes no `if`");
    let finding = finding.here("a condition is before what depends on it");
    let shown = if written.len() <= 72 { written.clone() } else { format!("when {condition} {{ … }}") };
    let fine = !condition.is_empty() && !before.contains('\n');
    fine.then(|| Line { place, finding: finding.replace(format!("write `{shown}`"), false, place, written) })
}

/// `env`, and `A=1` on the lines below it.
fn variables(cx: &Context<'_>, unit: UnitId, phrase: &Phrase) -> Option<Line> {
    let head = phrase.head.as_ref().filter(|head| matches!(head.node.as_str(), "env" | "label") && phrase.parts.is_empty())?;
    let here = cx.place(unit, head.span);
    let (lines, whole) = below(&cx.sources.get(here.file)?.text, head.span)?;
    let pairs: Vec<String> = lines.iter().map(|line| assignments(line.trim())).collect::<Option<Vec<_>>>()?.concat();
    let all = lines.iter().all(|line| line.split_whitespace().next().is_some_and(|word| word.contains('=')));
    let place = Place { span: whole, ..here };
    let written = format!("{} {{ {} }}", head.node, pairs.join("  "));
    let finding = Diagnostic::new(&known::MISSING_PART, here, format!("`{}` takes names and values in braces", head.node));
    let shown = if written.len() <= 72 { written.clone() } else { format!("{} {{ … }}", head.node) };
    all.then(|| Line { place, finding: finding.replace(format!("write `{shown}`"), false, place, written) })
}

/// `nvidia.com/gpu = 1`, without quotes.
fn resource(cx: &Context<'_>, unit: UnitId, room: Room, phrase: &Phrase) -> Option<Line> {
    let place = whole(cx, cx.place(unit, phrase.span));
    let text = cx.sources.text(place);
    let (name, value) = text.split_once(['=', ':'])?;
    let (name, value) = (name.trim(), value.trim().trim_matches(['"', '\'']));
    let habit = habit(room, name).filter(|_| name.contains('/'))?;
    let finding = Diagnostic::new(&known::UNKNOWN_FIELD, place, format!("{} has no field `{name}`", room.called()));
    let amount = !value.is_empty() && value.chars().all(|c| c.is_ascii_digit()) && !habit.instead.is_empty();
    let written = format!("{} = {value}", habit.instead);
    let finding =
        if amount { finding.replace(format!("write `{written}`"), false, place, written.clone()) } else { finding.help(habit.help) };
    Some(Line { place, finding })
}

/// `packages = with pkgs; [ numpy scipy ];`, `with pkgs; [ numpy ]`.
fn nix(cx: &Context<'_>, start: Place) -> Option<Line> {
    let text = cx.sources.get(start.file)?.text.get(start.span.start as usize..)?;
    let open = text.find(['[', '\n'])?;
    let (before, list) = (text.get(..open)?, text.get(open..)?.strip_prefix('[')?);
    let with = before.rsplit('=').next()?.trim().strip_prefix("with ")?.trim_end().strip_suffix(';')?;
    let (names, _) = list.split_once(']')?;
    let plain = |name: &str| name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.+".contains(c));
    if !names.split_whitespace().all(plain) {
        return None;
    }
    let end = before.len() + names.len() + 2;
    let end = end + usize::from(text.get(end..).is_some_and(|rest| rest.starts_with(';')));
    let place = Place { span: Span::new(start.span.start as usize, start.span.start as usize + end), ..start };
    let here = Place { span: Span::new(start.span.start as usize, start.span.start as usize + before.trim_end().len()), ..start };
    let written = format!(
        "conda {{ {} }}",
        names.split_whitespace().map(|name| name.rsplit('.').next().unwrap_or(name)).collect::<Vec<_>>().join("  ")
    );
    let shown = if written.len() <= 60 { written.as_str() } else { "conda { … }" };
    let finding =
        Diagnostic::new(&known::OTHER_LANGUAGE, here, format!("`with {with};` is Nix")).here("packages are listed by their manager");
    Some(Line { place, finding: finding.replace(format!("write `{shown}`, or another manager"), false, place, written.clone()) })
}
