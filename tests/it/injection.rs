//! Hostile text in every text of the language: it is refused where it stands, or the artifacts are those of a harmless text,
//! with this one in its place.
//!
//! The texts are those of the examples in the table of words, so a new word is tried as well. `JENVC_ALL=1` tries each text in each place.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::ops::Range;
use std::process::{Command, Stdio};

use jenvc::diagnostics::Severity;
use jenvc::driver::{Outcome, compile_with};
use jenvc::emit::Artifact;
use jenvc::syntax::words::{Found, address};

use crate::pages::policy;
use crate::reference;

/// What breaks out of quotes, lines, words, keys and expressions.
const SHORT: &[&str] = &[
    "a\nUSER root",
    "a\r\nUSER root",
    "a\rb",
    "a\0b",
    "a\\",
    "\\",
    "a\"b",
    "a'b",
    "\"",
    "'",
    "a`id`",
    "$(id)",
    "${X}",
    "$X",
    "a\n",
    "<<EOF",
    "a <<EOF",
    "#",
    "a #b",
    "# syntax=evil/x",
    "# escape=`",
    "a && id",
    "a; id",
    "a | id",
    "-rf",
    "--help",
    " a ",
    "a\tb",
    "a,readonly=false",
    "a=b",
    "a]b",
    "[\"a\"]",
    "{\"a\": 1}",
    "{{ x }}",
    "${{ secrets.X }}",
    "a%0Ab",
    "%{ if true }",
    "a: b",
    "- a",
    "|",
    ">",
    "*a",
    "&a",
    "!tag",
    "yes",
    "null",
    "~",
    "1e3",
    "0x1f",
    "? a",
    "@a",
    "%a",
    "---",
    "...",
    "a\u{2028}b",
    "a\u{85}b",
    "a\u{202e}b",
    "a\u{feff}b",
    "a\u{1b}b",
    "é漢",
    "../../x",
    "/",
    "*",
    "\\\n",
];

/// What an emitter must not trust, and texts that are too long for a line.
fn hostile() -> Vec<String> {
    let long = [5_000, 100_000].map(|length| "x".repeat(length));
    SHORT.iter().copied().map(str::to_owned).chain(long).collect()
}

/// A text in quotes as the language reads it.
fn quoted(text: &str) -> String {
    let mut out = "\"".to_owned();
    for c in text.replace("${{", "\u{1}").replace("{{", "\u{2}").chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{1}' => out.push_str("{{ \"${{\" }}"),
            '\u{2}' => out.push_str("{{ \"{{\" }}"),
            c => out.push(c),
        }
    }
    out + "\""
}

/// Where the texts of an example stand, quotes and all.
fn texts(example: &str) -> Vec<Range<usize>> {
    let (mut found, mut at) = (Vec::new(), 0);
    while let Some(start) = example[at..].find(['"', '\'']).map(|start| at + start) {
        let quote = example.as_bytes()[start];
        let mut end = start + 1;
        while example.as_bytes()[end] != quote {
            end += match &example.as_bytes()[end..end + 2] {
                b"{{" => example[end..].find("}}").unwrap() + 2,
                [b'\\', _] if quote == b'"' => 2,
                _ => 1,
            };
        }
        at = end + 1;
        found.push(start..at);
    }
    found
}

/// One text of one example, and the program around it.
struct Slot {
    found: Found,
    program: String,
    example: Range<usize>,
    text: Range<usize>,
}

impl Slot {
    fn of(found: Found) -> Vec<Self> {
        let mut program = reference::program(found);
        let start = program.rfind(found.1.example).unwrap();
        let outputs = ["dockerfiles { }", "bake { }", "workflow { }", "catalog { path = \"docs/catalog.md\" }"];
        for output in outputs {
            let kind = output.split(' ').next().unwrap();
            if !program.contains(&format!("output {kind}")) {
                program = format!("{program}\noutput {output}");
            }
        }
        let example = start..start + found.1.example.len();
        let places = texts(found.1.example).into_iter();
        let texts = places.map(|place| start + place.start..start + place.end);
        texts.map(|text| Self { found, program: program.clone(), example: example.clone(), text }).collect()
    }

    /// What stands there in the example.
    fn harmless(&self) -> &str {
        &self.program[self.text.start + 1..self.text.end - 1]
    }

    fn with(&self, text: &str) -> (Outcome, Range<usize>) {
        let mut program = self.program.clone();
        let new = quoted(text);
        program.replace_range(self.text.clone(), &new);
        let end = self.example.end + new.len() - self.text.len();
        (compile_with(&reference::files(program), "main.jenv", &policy()), self.example.start..end)
    }

    /// Whether its text says which steps, files or logins there are, or whether an account needs a `HOME` of its own.
    fn selects(&self) -> bool {
        ["when", "copy.optional", "import", "project", "project.registry", "user", "user.home"].contains(&address(self.found).as_str())
    }

    /// Whether its text is a piece of shell, whose quotes are its author's.
    fn shell(&self) -> bool {
        self.found.1.takes.contains("shell") || self.found.1.example.contains("run ")
    }
}

/// What an artifact consists of, without what its texts say.
#[derive(Debug, Default, PartialEq)]
struct Shape {
    /// Instructions, keys, depths.
    lines: Vec<String>,
    /// The texts, as who reads the artifact gets them.
    texts: BTreeSet<String>,
    /// Shell.
    shell: Vec<String>,
}

impl Shape {
    /// What the artifact at this path, of the harmless text, consists of.
    fn of(path: &str, artifact: &Artifact) -> Result<Self, String> {
        let mut shape = Self::default();
        let extension = path.rsplit('.').next().unwrap_or_default();
        if path.ends_with("Dockerfile") || artifact.text.contains("\nFROM ") {
            shape.dockerfile(&artifact.text)?;
        } else if artifact.text.starts_with("#!") {
            shape.shell.push(artifact.text.clone());
        } else if extension == "json" || artifact.text.starts_with('{') {
            let value: serde_json::Value = serde_json::from_str(&artifact.text).map_err(|error| error.to_string())?;
            shape.yaml("", &serde_yaml::to_value(value).unwrap());
            // Bake reads `${` and `%{` in JSON as expressions.
            shape.expressions(&artifact.text.replace("$${", "").replace("%%{", ""), &["${", "%{"]);
        } else if ["yaml", "yml"].contains(&extension) || artifact.text.contains("kind: ConfigMap") {
            for document in serde_yaml::Deserializer::from_str(&artifact.text) {
                let value = serde::Deserialize::deserialize(document).map_err(|error: serde_yaml::Error| error.to_string())?;
                shape.yaml("", &value);
            }
            if artifact.text.contains("runs-on:") {
                shape.expressions(&artifact.text, &["${{"]);
            }
        }
        shape.texts = shape.texts.iter().map(|text| meant(text)).collect();
        Ok(shape)
    }

    fn expressions(&mut self, text: &str, signs: &[&str]) {
        self.lines.extend(signs.iter().map(|sign| format!("{sign} {}", text.matches(sign).count())));
    }

    fn yaml(&mut self, at: &str, value: &serde_yaml::Value) {
        match value {
            serde_yaml::Value::Mapping(map) => {
                for (key, value) in map {
                    let key = key.as_str().map_or_else(|| format!("{key:?}"), str::to_owned);
                    self.lines.push(format!("{at}+"));
                    self.texts.insert(key);
                    self.yaml(&format!("{at}."), value);
                }
            }
            serde_yaml::Value::Sequence(all) => {
                for value in all {
                    self.yaml(&format!("{at}-"), value);
                }
            }
            serde_yaml::Value::String(text) => {
                self.lines.push(format!("{at}text"));
                let inner = text.contains('\n').then(|| serde_yaml::from_str::<serde_yaml::Value>(text).ok()).flatten();
                if let Some(inner @ serde_yaml::Value::Mapping(_)) = inner {
                    self.yaml(&format!("{at}|"), &inner);
                }
                self.texts.insert(text.clone());
            }
            other => self.lines.push(format!("{at}{}", if other.is_number() { "number" } else { "other" })),
        }
    }

    /// Reads a Dockerfile as `BuildKit` does: directives, continuations, comments between them, heredocs.
    fn dockerfile(&mut self, text: &str) -> Result<(), String> {
        // The parsers of Dockerfiles take no longer lines.
        if let Some(long) = text.split('\n').find(|line| line.len() > 65_535) {
            return Err(format!("a line of {} bytes", long.len()));
        }
        let mut lines = text.split('\n').peekable();
        while let Some(line) = lines.next_if(|line| line.starts_with('#')) {
            let name = line.trim_start_matches('#').trim().split('=').next().unwrap_or_default();
            self.lines.extend((name.chars().all(|c| c.is_ascii_alphabetic()) && line.contains('=')).then(|| line.to_owned()));
        }
        while let Some(first) = lines.next() {
            if first.trim().is_empty() || first.trim_start().starts_with('#') {
                continue;
            }
            let mut instruction = first.to_owned();
            while instruction.trim_end().ends_with('\\') {
                instruction.truncate(instruction.trim_end().len() - 1);
                let next = lines.find(|line| !line.trim_start().starts_with('#') && !line.trim().is_empty());
                instruction.push_str(next.ok_or("the file ends in a continuation")?);
            }
            let (kind, rest) = instruction.split_once(' ').ok_or_else(|| format!("not an instruction: {instruction:?}"))?;
            self.lines.push(kind.to_owned());
            let mut body = rest.to_owned();
            if ["RUN", "COPY", "ADD"].contains(&kind) {
                for name in heredocs(rest) {
                    loop {
                        let line = lines.next().ok_or_else(|| format!("heredoc {name} is open in {rest:?}"))?;
                        body = format!("{body}\n{line}");
                        if line == name {
                            break;
                        }
                    }
                }
            }
            match kind {
                "RUN" => self.shell.push(body.split(' ').skip_while(|word| word.starts_with("--")).collect::<Vec<_>>().join(" ")),
                "ENV" | "LABEL" | "ARG" => self
                    .texts
                    .extend(words(rest).iter().map(|word| word.split_once('=').map_or(word.clone(), |(_, value)| value.to_owned()))),
                "ENTRYPOINT" | "CMD" | "SHELL" => {
                    let words: Vec<String> = serde_json::from_str(rest).map_err(|error| format!("{kind} {rest}: {error}"))?;
                    self.lines.push(format!("{} words", words.len()));
                    self.texts.extend(words);
                }
                "FROM" | "USER" | "WORKDIR" | "COPY" | "ADD" | "EXPOSE" | "HEALTHCHECK" | "STOPSIGNAL" => {}
                _ => return Err(format!("not an instruction: {instruction:?}")),
            }
        }
        Ok(())
    }
}

/// A text as readers of an artifact are meant to get it: a Dockerfile has no way to write a line end in a label, the page of
/// the hub reads HTML, `KubeSpawner` and GitHub's filters have signs that are escaped.
fn meant(text: &str) -> String {
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'").replace("&#x27;", "'");
    let text = text.replace("&amp;", "&").replace("{{", "{").replace("}}", "}").replace("{{", "{").replace("}}", "}");
    text.replace('\\', "").replace(|c: char| c.is_control(), " ")
}

/// The words of an instruction, without quotes and escapes.
fn words(text: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), String::new(), None);
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (c, quote) {
            ('\\', None | Some('"')) => {
                let next = chars.next().unwrap_or('\\');
                if quote.is_some() && !matches!(next, '"' | '$' | '\\') {
                    word.push('\\');
                }
                word.push(next);
            }
            ('"' | '\'', None) => quote = Some(c),
            (c, Some(open)) if c == open => quote = None,
            (' ' | '\t', None) => words.push(std::mem::take(&mut word)),
            (c, _) => word.push(c),
        }
    }
    words.push(word);
    words
}

/// The names of the heredocs that an instruction opens: unquoted words `<<NAME`.
fn heredocs(text: &str) -> Vec<String> {
    let (mut found, mut word, mut quote, mut escaped) = (Vec::new(), String::new(), None, false);
    for c in text.chars().chain([' ']) {
        match (c, quote) {
            _ if escaped => escaped = false,
            ('\\', None | Some('"')) => escaped = true,
            ('"' | '\'', None) => quote = Some(c),
            (c, Some(open)) if c == open => quote = None,
            (' ' | '\t' | '\n', None) => {
                let start = word.trim_start_matches(|c: char| c.is_ascii_digit()).strip_prefix("<<");
                let name = start.map(|name| name.trim_start_matches('-').trim_matches(['"', '\'']).to_owned());
                found.extend(name.filter(|name| !name.is_empty() && !name.contains('<')));
                word.clear();
                continue;
            }
            _ => {}
        }
        word.push(c);
    }
    found
}

/// What Bash says about pieces of shell.
fn bash(text: &str) -> Option<String> {
    let mut child = Command::new("bash").arg("-n").stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let ended = child.wait_with_output().unwrap();
    (!ended.status.success()).then(|| String::from_utf8_lossy(&ended.stderr).into_owned())
}

/// What is wrong with the artifacts of a hostile text, beside those of the harmless one.
fn astray(slot: &Slot, text: &str, before: &[Artifact], after: &[Artifact], shells: &mut BTreeMap<String, String>) -> Vec<String> {
    if before.len() != after.len() {
        let paths = |all: &[Artifact]| all.iter().map(|artifact| artifact.path.clone()).collect::<Vec<_>>();
        return vec![format!("artifacts {:?} became {:?}", paths(before), paths(after))];
    }
    let mut wrong = Vec::new();
    for old in before {
        let place =
            before.iter().filter(|other| !after.iter().any(|same| same.path == other.path)).position(|other| other.path == old.path);
        let moved = || after.iter().filter(|new| !before.iter().any(|same| same.path == new.path)).nth(place?);
        let Some(new) = after.iter().find(|new| new.path == old.path).or_else(moved) else { continue };
        let (was, is) = match (Shape::of(&old.path, old).unwrap(), Shape::of(&old.path, new)) {
            (was, Ok(is)) => (was, is),
            (_, Err(error)) => {
                wrong.push(format!("{}: {error}", new.path));
                continue;
            }
        };
        if was.lines != is.lines && !slot.selects() {
            let at = was.lines.iter().zip(&is.lines).take_while(|(was, is)| was == is).count();
            wrong.push(format!("{}: {:?} became {:?}", new.path, &was.lines.get(at..), &is.lines.get(at..)));
        }
        let has = |shape: &Shape, text: &str| shape.texts.contains(&meant(text));
        // A path is written without its `..`.
        if !text.contains("../") && has(&was, slot.harmless()) && !has(&is, text) && !has(&is, slot.harmless()) {
            wrong.push(format!("{}: the text is not there", new.path));
        }
        if !slot.shell() {
            shells.extend(is.shell.into_iter().map(|shell| (shell, format!("{} {text:?}", address(slot.found)))));
        }
    }
    wrong
}

/// Tries one text in one place.
fn attempt(slot: &Slot, text: &str, before: &[Artifact], shells: &mut BTreeMap<String, String>) -> Vec<String> {
    let (outcome, place) = slot.with(text);
    let errors: Vec<_> = outcome.findings.iter().filter(|finding| finding.severity == Severity::Error).collect();
    if errors.is_empty() {
        let found = astray(slot, text, before, &outcome.artifacts, shells);
        if found.is_empty() || (slot.found.1.name == "runner" && text.contains("${{")) {
            return Vec::new(); // a runner may be an expression
        }
        // Other folders and a pattern make another program: that of a harmless text of the same form.
        let form = text.chars().map(|c| if "/*?".contains(c) { c } else { 'x' }).collect::<String>();
        let same = if text.contains(['/', '*', '?']) { slot.with(&form).0 } else { return found };
        return if same.findings.has_errors() { found } else { astray(slot, text, &same.artifacts, &outcome.artifacts, shells) };
    }
    let main = outcome.sources.find("main.jenv");
    let mut labels = errors.iter().flat_map(|error| &error.labels).filter(|label| Some(label.place.file) == main);
    let named: String = text.trim_matches('/').chars().take(20).collect();
    let there = labels.any(|label| (label.place.span.start as usize) < place.end && label.place.span.end as usize >= place.start);
    // What a pattern imports has findings of its own.
    if there || slot.found.1.name == "import" || errors.iter().any(|error| error.message.contains(&named)) {
        return Vec::new();
    }
    errors.iter().map(|error| format!("refused elsewhere: {} {}", error.code.id, error.message)).collect()
}

#[test]
fn every_word_that_takes_a_text_is_tried() {
    let takes_text = |found: &Found| ["a text", "texts", "an address", "in quotes"].iter().any(|words| found.1.takes.contains(words));
    let without = reference::all().into_iter().filter(|found| takes_text(found) && texts(found.1.example).is_empty());
    assert_eq!(without.map(address).collect::<Vec<_>>(), Vec::<String>::new(), "their examples have no text");
}

/// Everything in these places, or a part of it that a number chooses, one after the other.
fn attempts(slots: &[(usize, Slot)], everything: bool) -> (Vec<String>, BTreeMap<String, String>) {
    let hostile = hostile();
    let (mut wrong, mut shells) = (Vec::new(), BTreeMap::new());
    let (mut program, mut before) = ("", Outcome::default());
    for (number, slot) in slots {
        if program != slot.program {
            program = &slot.program;
            before = compile_with(&reference::files(slot.program.clone()), "main.jenv", &policy());
            assert!(!before.findings.has_errors(), "{}\n{}", address(slot.found), slot.program);
        }
        for (turn, value) in hostile.iter().enumerate() {
            for (way, text) in [value.clone(), format!("{}{value}", slot.harmless())].into_iter().enumerate() {
                // Half of them is everything: each text, in one way or the other, in each place.
                if (number * 7 + turn * 2 + way).is_multiple_of(61) || (everything && (number + turn + way).is_multiple_of(2)) {
                    let found = attempt(slot, &text, &before.artifacts, &mut shells);
                    let short: String = text.chars().take(60).collect();
                    wrong.extend(found.into_iter().map(|what| format!("{} {short:?}: {what}", address(slot.found))));
                }
            }
        }
    }
    (wrong, shells)
}

#[test]
fn hostile_texts_stay_where_they_are_put() {
    let everything = std::env::var_os("JENVC_ALL").is_some();
    let mut seen = BTreeSet::new();
    let slots = reference::all().into_iter().flat_map(Slot::of).filter(|slot| seen.insert((slot.program.clone(), slot.text.start)));
    let slots: Vec<(usize, Slot)> = slots.enumerate().collect();
    let (mut wrong, mut shells) = (Vec::new(), BTreeMap::new());
    std::thread::scope(|scope| {
        let halves: Vec<_> = slots.chunks(slots.len().div_ceil(4)).map(|part| scope.spawn(move || attempts(part, everything))).collect();
        for half in halves {
            let (found, shell) = half.join().unwrap();
            wrong.extend(found);
            shells.extend(shell);
        }
    });
    wrong.extend(shells.iter().filter_map(|(shell, from)| Some(format!("{from}: {}{shell}", bash(shell)?))));
    assert!(wrong.is_empty(), "{} texts in {} places:\n{}", wrong.len(), slots.len(), wrong.join("\n"));
}
