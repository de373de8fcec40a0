//! The part of HCL that bake files are written in, as JSON: blocks, attributes, texts, lists, maps. An expression stays a template.

use serde_json::{Map, Value};

/// How deep values nest.
const DEPTH: usize = 32;

/// Reads a file; what is no HCL ends it there.
pub(super) fn read(text: &str) -> Value {
    let mut reader = Reader { rest: text };
    let mut all = Map::new();
    while let Some((path, body)) = reader.statement(DEPTH) {
        let mut at = &mut all;
        let Some((last, above)) = path.split_last() else { continue };
        for key in above {
            let inner = at.entry(key.clone()).or_insert_with(|| Value::Object(Map::new()));
            if !inner.is_object() {
                *inner = Value::Object(Map::new());
            }
            let Value::Object(map) = inner else { return Value::Object(Map::new()) };
            at = map;
        }
        at.insert(last.clone(), body);
    }
    Value::Object(all)
}

struct Reader<'t> {
    rest: &'t str,
}

impl Reader<'_> {
    fn skip(&mut self) {
        loop {
            self.rest = self.rest.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
            if self.rest.starts_with('#') || self.rest.starts_with("//") {
                self.rest = self.rest.split_once('\n').map_or("", |(_, rest)| rest);
            } else if let Some(rest) = self.rest.strip_prefix("/*") {
                self.rest = rest.split_once("*/").map_or("", |(_, rest)| rest);
            } else {
                return;
            }
        }
    }

    fn eats(&mut self, text: &str) -> bool {
        self.skip();
        let found = self.rest.strip_prefix(text);
        self.rest = found.unwrap_or(self.rest);
        found.is_some()
    }

    fn word(&mut self) -> Option<String> {
        self.skip();
        if self.rest.starts_with('"') {
            return self.text();
        }
        let end = self.rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        (!word.is_empty()).then(|| word.to_owned())
    }

    /// A text in quotes; templates stay as they are.
    fn text(&mut self) -> Option<String> {
        let mut out = String::new();
        let mut letters = self.rest.char_indices().skip(1);
        let mut depth = 0_usize;
        while let Some((at, c)) = letters.next() {
            match c {
                '\\' if depth == 0 => match letters.next()?.1 {
                    'n' => out.push('\n'),
                    't' => out.push('\t'),
                    other => out.push(other),
                },
                '"' if depth == 0 => {
                    self.rest = self.rest.get(at + 1..)?;
                    return Some(out);
                }
                c => {
                    if c == '{' && (depth > 0 || out.ends_with(['$', '%'])) {
                        depth += 1;
                    } else if c == '}' {
                        depth = depth.saturating_sub(1);
                    }
                    out.push(c);
                }
            }
        }
        self.rest = "";
        None
    }

    /// `target "a" { … }` or `name = value`: its keys and what it is.
    fn statement(&mut self, depth: usize) -> Option<(Vec<String>, Value)> {
        let mut path = vec![self.word()?];
        loop {
            if self.eats("{") {
                return Some((path, Value::Object(self.body(depth.checked_sub(1)?))));
            }
            if self.eats("=") || self.eats(":") {
                return Some((path, self.value(depth)?));
            }
            path.push(self.word()?);
        }
    }

    fn body(&mut self, depth: usize) -> Map<String, Value> {
        let mut all = Map::new();
        while !self.eats("}") {
            let before = self.rest.len();
            let Some((path, value)) = self.statement(depth) else { break };
            if let Some(key) = path.last() {
                all.insert(key.clone(), value);
            }
            if self.rest.len() == before {
                break;
            }
        }
        all
    }

    fn value(&mut self, depth: usize) -> Option<Value> {
        let depth = depth.checked_sub(1)?;
        self.skip();
        if self.eats("[") {
            let mut all = Vec::new();
            while !self.eats("]") {
                all.push(self.value(depth)?);
            }
            return Some(Value::Array(all));
        }
        if self.eats("{") {
            return Some(Value::Object(self.body(depth)));
        }
        if self.rest.starts_with('"') {
            let text = self.text()?;
            // More behind it is an expression, which ends with its line.
            let line = self.rest.split(['\n', ',', ']', '}']).next().unwrap_or_default();
            if line.trim().is_empty() || line.trim_start().starts_with(['#', '/']) {
                return Some(Value::String(text));
            }
        }
        let end = self.expression();
        let (expression, rest) = self.rest.split_at(end);
        self.rest = rest;
        Some(match expression.trim() {
            "null" => Value::Null,
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            number if number.parse::<f64>().is_ok() => Value::String(number.to_owned()),
            "" => return None,
            other => Value::String(format!("${{{other}}}")),
        })
    }

    /// How many bytes an expression has.
    fn expression(&self) -> usize {
        let (mut depth, mut open) = (0_usize, false);
        for (at, c) in self.rest.char_indices() {
            match c {
                '"' => open = !open,
                '(' | '[' | '{' if !open => depth += 1,
                ')' | ']' | '}' if !open => match depth.checked_sub(1) {
                    Some(less) => depth = less,
                    None => return at,
                },
                ',' | '\n' | '#' if !open && depth == 0 => return at,
                _ => {}
            }
        }
        self.rest.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_maps() {
        let text =
            "a = \"x-${b}\" // c\ntarget \"t\" {\n  l = [\"p\", q,\n 3]\n  m = { k = \"v\", \"n\" = null }\n}\n/* z */ b = f(\"1\", [2])\n";
        let wanted = serde_json::json!({
            "a": "x-${b}",
            "target": { "t": { "l": ["p", "${q}", "3"], "m": { "k": "v", "n": null } } },
            "b": "${f(\"1\", [2])}",
        });
        assert_eq!(read(text), wanted);
        for broken in ["a = [", "target \"", "{ { {", "a b c d", "a = \"x", "= = =", "t { a = "] {
            let _ = read(broken);
        }
    }
}
