//! Statements whose parts are those of another language: `run ["apt-get", "update"]`, `run <<EOF`, `expose 8888/tcp`,
//! `include "environment.yml"`, `variant cpu`. Each is one finding with the statement that is meant.

use super::context::Context;
use super::definitions::UnitId;
use super::dockerfile::{statement, texts};
use super::instructions::{Line, pair, quoted, step, unbroken, whole};
use crate::base::{Place, Span};
use crate::diagnostics::{Diagnostic, known};
use crate::syntax::ast::{Block, List, Part, Phrase, Statement, Value};
use crate::syntax::words::Room;

/// The finding of a phrase that is written as in another language.
pub(super) fn written(cx: &Context<'_>, unit: UnitId, phrase: &Phrase) -> Option<Line> {
    let head = phrase.head.as_ref()?;
    let source = Source { cx, unit, phrase, line: whole(cx, cx.place(unit, phrase.span)) };
    let parts = phrase.parts.as_slice();
    let (place, wants, written) = match (head.node.as_str(), parts) {
        ("run", parts) => source.run(parts)?,
        ("expose", [Part::Value(Value::Number(port)), ..]) if source.behind(port.span).starts_with('/') => {
            (source.line, "takes the number of a port alone", Some(format!("expose {}", port.node)))
        }
        ("user", []) if source.behind(head.span).contains('$') => {
            // The account of Jupyter's images.
            let known = ["NB_UID", "NB_USER"].iter().any(|name| source.behind(head.span).contains(name));
            (source.line, "takes the name of an account, and no variable", known.then(|| "user jovyan".to_owned()))
        }
        ("path", [Part::Value(Value::Text(_))]) => {
            (source.line, "takes a variable, `prepend` or `append`, and a folder", Some(source.prepended(head.span)))
        }
        ("copy", [Part::Value(Value::Text(_)), ..] | [Part::Block(_)]) => source.copied(parts)?,
        ("variants", [Part::Block(values)]) => source.variants(values)?,
        (word, []) if source.behind(head.span).starts_with(": ") => source.scalar(word)?,
        ("include", [Part::Value(Value::Text(_)), ..]) => (source.line, "takes the name of a fragment", source.include()),
        ("variant", [Part::Word(name)]) if !source.behind(name.span).trim_start().starts_with(['{', '=']) => {
            (source.line, "takes a name, and what it adds in braces", Some(format!("variant {} {{ }}", name.node)))
        }
        ("matrix", [Part::Block(axes)]) => {
            (cx.place(unit, phrase.span), "takes one axis: a name, `=` and its values", Some(source.axes(axes)?))
        }
        ("test", parts) => source.test(parts)?,
        ("exclude" | "only", parts) if !parts.iter().any(|part| matches!(part, Part::Block(_))) => source.rule(&head.node)?,
        ("tags", [Part::Value(Value::Text(_) | Value::List(_)) | Part::Word(_), ..]) if !source.behind(head.span).contains('{') => {
            source.tags()?
        }
        ("env", []) if source.behind(head.span).trim() == ":" => source.variables()?,
        _ => return None,
    };
    let finding = Diagnostic::new(&known::MISSING_PART, cx.place(unit, head.span), format!("`{}` {wants}", head.node));
    let finding = match written {
        Some(written) => {
            let first = written.lines().next().unwrap_or_default();
            let shown = if first.len() <= 72 { first } else { head.node.as_str() };
            let more = if written.contains('\n') { " …" } else { "" };
            finding.replace(format!("write `{shown}{more}`"), false, place, written.clone())
        }
        None if head.node == "include" => finding.help("write `import \"file.jenv\"` at the top of the file, and `include FRAGMENT` here"),
        None if head.node == "build" => finding.help("write the steps of the Dockerfile here; `jenvc import` reads them from it"),
        None if matches!(head.node.as_str(), "exclude" | "only") => {
            finding.help(format!("name the values: `{} {{ python = [3.11, 3.12] }}`", head.node))
        }
        None => finding.help(format!("`jenvc explain {}` shows how it is written", head.node)),
    };
    Some(Line { place, finding })
}

/// What a phrase says, where it is read from, and the statement that takes its place.
type Meant = (Place, &'static str, Option<String>);

struct Source<'c, 'a> {
    cx: &'c Context<'a>,
    unit: UnitId,
    phrase: &'c Phrase,
    line: Place,
}

impl Source<'_, '_> {
    /// The text behind a span to the end of its line.
    fn behind(&self, span: Span) -> &str {
        let source = self.cx.sources.get(self.line.file).and_then(|source| source.text.get(span.end as usize..));
        source.and_then(|rest| rest.lines().next()).unwrap_or_default()
    }

    /// The text of the file from the phrase on.
    fn rest_of_file(&self) -> &str {
        self.cx.sources.get(self.line.file).and_then(|source| source.text.get(self.line.span.start as usize..)).unwrap_or_default()
    }

    /// The first bytes from the phrase on, as a place.
    fn first(&self, length: usize) -> Place {
        let start = self.line.span.start as usize;
        Place { span: Span::new(start, start + length), ..self.line }
    }

    fn run(&self, parts: &[Part]) -> Option<Meant> {
        let rest = self.behind(Span { end: self.line.span.start + 3, ..self.line.span }).trim();
        if let [Part::Block(block)] = parts {
            let whole = self.cx.place(self.unit, block.span);
            let inside = self.cx.sources.text(whole);
            let commands = texts(inside);
            let outside = commands.iter().fold(inside.to_owned(), |rest, command| rest.replacen(command, "", 1));
            let plain = !commands.is_empty() && outside.chars().all(|c| c.is_whitespace() || "{};,".contains(c));
            let joined: Vec<&str> = commands.iter().map(|command| command.trim_matches(['"', '\''])).collect();
            let written = quoted(&joined.join(" && ")).filter(|_| plain)?;
            return Some((self.cx.place(self.unit, self.phrase.span), "takes a shell command in quotes", Some(format!("run {written}"))));
        }
        if let [Part::Value(Value::List(list))] = parts {
            let words = words_of(list)?;
            return Some((self.line, "takes a shell command in quotes", Some(step(&words.join(" "))?)));
        }
        if let Some(word) = rest.strip_prefix("<<") {
            let end = word.trim_start_matches('-').trim_matches(['"', '\'']);
            return self.lines("takes a shell command in quotes", |line| line.trim() == end);
        }
        if rest.starts_with([':', '|', '>']) && rest.trim_matches([':', ' ', '|', '>', '-', '+']).is_empty() {
            return self.indented();
        }
        let joined = self.cx.sources.text(self.line);
        let text = unbroken(joined.get(3..)?);
        let (begin, more) = text.trim().strip_prefix('"')?.split_once('"')?;
        let continued = matches!(parts, [Part::Value(Value::Text(_)), ..]) && joined.trim_end().contains("\\\n");
        if !continued || more.contains(['"', '\'']) {
            return None;
        }
        let command = step(&format!("{begin} {}", more.trim()))?;
        Some((self.line, "takes one text; a long one is between `\"\"\"`", Some(command)))
    }

    /// `path "/opt/bin"`: a folder before those of `PATH`.
    fn prepended(&self, head: Span) -> String {
        format!("path PATH prepend {}", self.behind(head).trim().split(" #").next().unwrap_or_default().trim_end_matches('}').trim_end())
    }

    /// `copy "a" -> "/b"`, `copy { from = "a"  to = "/b" }`.
    fn copied(&self, parts: &[Part]) -> Option<Meant> {
        const WANTS: &str = "takes texts in quotes, and `to` before the last";
        if let [Part::Block(block)] = parts {
            let said = |names: &[&str]| {
                block.statements.iter().find_map(|statement| match statement {
                    Statement::Field(field) if names.contains(&field.key.text.as_str()) => {
                        Some(self.cx.sources.text(self.cx.place(self.unit, field.value.span())))
                    }
                    _ => None,
                })
            };
            let (from, to) = (said(&["from", "src", "source", "file"])?, said(&["to", "dest", "dst", "target"])?);
            let whole = self.cx.place(self.unit, self.phrase.span);
            return (block.statements.len() == 2).then(|| (whole, WANTS, Some(format!("copy {from} to {to}"))));
        }
        let line = self.cx.sources.text(self.line);
        let found = texts(line);
        let [from, to] = found.as_slice() else { return None };
        let sign = line.get("copy".len()..)?.trim().strip_prefix(from)?.strip_suffix(to)?.trim();
        matches!(sign, "->" | "=>" | ":" | "," | ">" | "into").then(|| (self.line, WANTS, Some(format!("copy {from} to {to}"))))
    }

    /// `variants { cpu { … }  cuda { … } }`: each by itself.
    fn variants(&self, block: &Block) -> Option<Meant> {
        let one = |statement: &Statement| match statement {
            Statement::Phrase(phrase) if matches!(phrase.parts.as_slice(), [Part::Block(_)]) => {
                Some(format!("variant {}", self.cx.sources.text(self.cx.place(self.unit, phrase.span))))
            }
            _ => None,
        };
        let all: Vec<String> = block.statements.iter().map(one).collect::<Option<_>>()?;
        let whole = self.cx.place(self.unit, self.phrase.span);
        (!all.is_empty()).then(|| (whole, "is a statement for each", Some(all.join(&format!("\n{}", " ".repeat(self.indent()))))))
    }

    /// `build: .`, `entrypoint: tini`: a statement as YAML has it.
    fn scalar(&self, word: &str) -> Option<Meant> {
        let rest = self.cx.sources.text(self.line).get(word.len()..)?.trim_start_matches(':').trim();
        let wants = "is no key, so it takes no `:`";
        Room::Layer.statement(word).map(|_| (self.line, wants, statement(word, rest)))
    }

    /// The lines behind the first one, up to one that ends them, as a script.
    fn lines(&self, wants: &'static str, ends: impl Fn(&str) -> bool) -> Option<Meant> {
        let text = self.rest_of_file();
        let mut lines = text.split_inclusive('\n');
        let mut length = lines.next()?.len();
        let mut script = Vec::new();
        for line in lines {
            length += line.len();
            if ends(line) {
                return Some((self.first(length - (line.len() - line.trim_end().len())), wants, self.script(&script)));
            }
            script.push(line.trim_end());
        }
        None
    }

    /// `run: |` and the lines that are indented more.
    fn indented(&self) -> Option<Meant> {
        let (place, script) = self.below()?;
        Some((place, "takes a shell command in quotes", self.script(&script)))
    }

    /// `env:` and a list of YAML, of names and values or of maps.
    fn variables(&self) -> Option<Meant> {
        let (place, lines) = self.below()?;
        let mut pairs: Vec<(&str, &str)> = Vec::new();
        for line in lines {
            let (key, value) = line.trim().trim_start_matches("- ").split_once(':')?;
            let value = value.trim().trim_matches(['"', '\'']);
            match (key.trim(), pairs.last_mut()) {
                ("name", _) => pairs.push((value, "")),
                ("value", Some(last)) => last.1 = value,
                (key, _) => pairs.push((key, value)),
            }
        }
        let written: Option<Vec<String>> = pairs.iter().map(|(name, value)| pair(name, value)).collect();
        Some((place, "takes names and values in braces", written.map(|pairs| format!("env {{ {} }}", pairs.join("  ")))))
    }

    /// `exclude python = 3.11`, `only when python == 3.12 and variant == cpu`, `exclude [3.11]`: axes without braces.
    fn rule(&self, word: &str) -> Option<Meant> {
        let line = self.cx.sources.text(self.line);
        let (rules, because) = line.find("because").map_or((line, ""), |at| line.split_at(at));
        let mut text = rules.get(word.len()..)?.trim_start_matches([' ', ':']).trim_end();
        for sign in ["when ", "if ", "where "] {
            text = text.strip_prefix(sign).unwrap_or(text);
        }
        let list = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
        let values = list.unwrap_or(text);
        let number = |value: &str| value.starts_with(|c: char| c.is_ascii_digit()) && !value.contains([' ', '=']);
        let wants = "takes axes and their values in braces";
        let behind = if because.is_empty() { String::new() } else { format!(" {because}") };
        if !values.is_empty() && values.split(',').all(|value| number(value.trim())) {
            let written = if values.contains(',') { format!("[{values}]") } else { values.to_owned() };
            return Some((self.line, wants, Some(format!("{word} {{ python = {written} }}{behind}"))));
        }
        let pair = |one: &str| {
            let (axis, value) = ["==", " in ", "=", ":"].iter().find_map(|sign| one.split_once(sign))?;
            let (axis, value) = (axis.trim(), value.trim());
            let plain = !axis.is_empty() && axis.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c));
            (plain && !value.is_empty() && !value.contains(['=', '<', '>'])).then(|| format!("{axis} = {value}"))
        };
        let joined = text.replace(" and ", "\n").replace(" && ", "\n");
        let joined = if joined.contains('[') { joined } else { joined.replace(',', "\n") };
        let pairs: Option<Vec<String>> = joined.lines().map(pair).collect();
        let written = pairs.filter(|pairs| !pairs.is_empty()).map(|pairs| format!("{word} {{ {} }}{behind}", pairs.join(", ")));
        Some((self.line, wants, written))
    }

    /// `tags ["latest"]`, `tags latest date`: tags without braces.
    fn tags(&self) -> Option<Meant> {
        let text = self.cx.sources.text(self.line).get(4..)?.trim().trim_start_matches('[').trim_end_matches(']');
        Some((
            self.line,
            "takes tags in braces",
            Some(format!("tags {{ {} }}", text.replace(',', " ").split_whitespace().collect::<Vec<_>>().join("  "))),
        ))
    }

    /// The lines below that are indented more, with the place of all.
    fn below(&self) -> Option<(Place, Vec<&str>)> {
        let text = self.rest_of_file();
        let own = self.indent();
        let mut length = text.split_inclusive('\n').next()?.len();
        let mut kept = length;
        let mut script = Vec::new();
        for line in text.split_inclusive('\n').skip(1) {
            let indent = line.len() - line.trim_start().len();
            if !line.trim().is_empty() && indent <= own {
                break;
            }
            length += line.len();
            if !line.trim().is_empty() {
                kept = length - (line.len() - line.trim_end().len());
                script.push(line.trim_end());
            }
        }
        (!script.is_empty()).then(|| (self.first(kept), script))
    }

    /// How far the phrase is indented.
    fn indent(&self) -> usize {
        let before = self.cx.sources.get(self.line.file).and_then(|source| source.text.get(..self.line.span.start as usize));
        let line = before.and_then(|before| before.rsplit('\n').next()).unwrap_or_default();
        line.len() - line.trim_start().len()
    }

    /// Lines as a text of several lines; `None` where there are none, or they hold its quotes.
    fn script(&self, lines: &[&str]) -> Option<String> {
        let blank = " ".repeat(self.indent() + 2);
        let script: String = lines.iter().flat_map(|line| [blank.as_str(), line.trim(), "\n"]).collect();
        let fine = !lines.is_empty() && !script.contains("\"\"\"") && !script.contains("{{");
        fine.then(|| format!("run \"\"\"\n{script}{}\"\"\"", " ".repeat(self.indent())))
    }

    /// `include "environment.yml"`: a list from a file.
    fn include(&self) -> Option<String> {
        let path = self.cx.sources.text(self.line).split('"').nth(1)?;
        let manager = match path.rsplit('.').next()? {
            "yml" | "yaml" => "conda",
            "txt" => "pip",
            _ => return None,
        };
        Some(format!("{manager} file \"{path}\""))
    }

    /// `matrix { python = [3.11] }`: each axis by itself.
    fn axes(&self, block: &Block) -> Option<String> {
        let axis = |statement: &Statement| match statement {
            Statement::Field(field) => {
                let value = self.cx.sources.text(self.cx.place(self.unit, field.value.span()));
                Some(format!("matrix {} = {value}", field.key.text))
            }
            _ => None,
        };
        let all: Option<Vec<String>> = block.statements.iter().map(axis).collect();
        all.filter(|all| !all.is_empty()).map(|all| all.join(&format!("\n{}", " ".repeat(self.indent()))))
    }

    /// `test "imports" { python -c "import numpy" }`, `test "x" { run ["python"] }`: a command without `run`, or as a list.
    fn test(&self, parts: &[Part]) -> Option<Meant> {
        let [Part::Value(Value::Text(name)), Part::Block(block)] = parts else { return None };
        let place = self.cx.place(self.unit, self.phrase.span);
        let name = self.cx.sources.text(self.cx.place(self.unit, name.span));
        let inside = self.cx.sources.text(self.cx.place(self.unit, block.span));
        let inside = inside.strip_prefix('{')?.strip_suffix('}')?.trim();
        let Some(Statement::Phrase(first)) = block.statements.first() else { return None };
        let command = match (first.head.as_ref()?.node.as_str(), first.parts.as_slice()) {
            ("run", [Part::Value(Value::List(list))]) if block.statements.len() == 1 => words_of(list)?.join(" "),
            ("command" | "script" | "cmd" | "exec", [Part::Value(Value::Text(text))]) => text.literal()?.to_owned(),
            ("run" | "expect" | "assert" | "contains", _) => return None,
            _ if inside.contains('\n') => return None,
            _ => inside.to_owned(),
        };
        Some((place, "takes a name, and `run` with what it runs in braces", Some(format!("test {name} {{ run {} }}", quoted(&command)?))))
    }
}

/// The texts of a list as words of a shell.
fn words_of(list: &List) -> Option<Vec<String>> {
    let word = |item: &Value| match item {
        Value::Text(text) => text.literal().map(|word| {
            let plain = !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || "-_./:=,+@%".contains(c));
            if plain { word.to_owned() } else { format!("'{word}'") }
        }),
        _ => None,
    };
    list.items.iter().map(word).collect()
}
