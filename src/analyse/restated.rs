//! Fields that are statements here: `layers = [base, tools]` is `from base / tools`, `matrix = { python = [3.11] }` an axis.

use super::pairs::named_values;
use super::words::Check;
use crate::syntax::ast::{Field, Value};
use crate::syntax::words::{Form, Room};

impl Check<'_, '_> {
    /// The value of a field as the statement `name`.
    pub(super) fn as_statement(&self, room: Room, name: &str, field: &Field) -> Option<String> {
        let value = self.text(field.value.span());
        let word = |item: &Value| self.text(item.span()).trim_matches(['"', '\'']).to_owned();
        let known = room.statement(name).map(|word| word.form);
        Some(match (&field.value, name) {
            (Value::Boolean(said), "internal" | "publish") => {
                (if said.node == (name == "internal") { "internal" } else { "publish" }).to_owned()
            }
            (Value::List(list), "expose") => {
                let port = |item: &Value| word(item).rsplit(':').next().map(str::to_owned);
                let ports: Option<Vec<String>> = list.items.iter().map(port).collect();
                let ports = ports.filter(|ports| ports.iter().all(|port| port.parse::<u16>().is_ok()))?;
                ports.iter().map(|port| format!("expose {port}")).collect::<Vec<_>>().join("\n  ")
            }
            (Value::List(list), "after") => list.items.iter().map(|item| format!("after {}", word(item))).collect::<Vec<_>>().join("\n  "),
            (Value::List(list), "variant") => {
                list.items.iter().map(|item| format!("variant {} {{ }}", word(item))).collect::<Vec<_>>().join("  ")
            }
            (Value::List(list), "from") => format!("from {}", list.items.iter().map(word).collect::<Vec<_>>().join(" / ")),
            (Value::Text(_), "from") if !value.contains([':', '/', '.']) => format!("from {}", word(&field.value)),
            (Value::Text(_), "from" | "build") => return None,
            (Value::List(list), "env") => format!("env {{ {} }}", named_values(list, &|span| self.text(span))?),
            (Value::Map(axes), "matrix") => {
                let one = |axis: &Field| format!("matrix {} = {}", axis.key.text, self.text(axis.value.span()));
                axes.fields.iter().map(one).collect::<Vec<_>>().join("\n  ")
            }
            (Value::List(list), "tags") => {
                format!("tags {{ {} }}", list.items.iter().map(|item| self.text(item.span())).collect::<Vec<_>>().join("  "))
            }
            (Value::Text(_), "tags") => format!("tags {{ {value} }}"),
            (Value::List(list), "exclude" | "only") if list.items.iter().all(|item| matches!(item, Value::Map(_))) => {
                list.items.iter().map(|item| format!("{name} {}", self.text(item.span()))).collect::<Vec<_>>().join("\n  ")
            }
            (Value::List(_) | Value::Number(_), "exclude" | "only") => format!("{name} {{ python = {value} }}"),
            (Value::List(list), _) if matches!(known, Some(Form::List) | None) => {
                let literal = |item: &Value| match item {
                    Value::Text(text) => text.literal().map(entry),
                    Value::Reference(name) if name.arguments.is_none() => Some(name.path.node.clone()),
                    _ => None,
                };
                let entries: Option<Vec<String>> = list.items.iter().map(literal).collect();
                format!("{name} {{ {} }}", entries?.join("  "))
            }
            (Value::Text(text), _) if matches!(known, Some(Form::List) | None) => format!("{name} {{ {} }}", entry(text.literal()?)),
            (Value::Map(_), _) if matches!(known, Some(Form::List) | None) => {
                format!("{name} {{ {} }}", packages_of_map(value)?)
            }
            (Value::Text(_), "path") => format!("path PATH prepend {value}"),
            (Value::Text(_), "test") => format!("test \"it works\" {{ run {value} }}"),
            (Value::List(_), "cmd" | "entrypoint" | "shell" | "authors" | "copy")
            | (Value::Text(_) | Value::Number(_) | Value::Map(_), _) => {
                format!("{name} {}", without_ends(value))
            }
            (Value::List(_), _) => return None,
            _ => format!("{name} {value}"),
        })
    }
}

/// A value without the `;` of other languages.
fn without_ends(value: &str) -> String {
    outside_quotes(value, &[';']).concat()
}

/// The pieces of a text between signs that are in no quotes.
fn outside_quotes<'t>(text: &'t str, signs: &[char]) -> Vec<&'t str> {
    let mut quote = None;
    let between = |c: char| {
        match quote {
            Some(open) if open == c => quote = None,
            None if matches!(c, '"' | '\'') => quote = Some(c),
            _ => {}
        }
        quote.is_none() && signs.contains(&c)
    };
    text.split(between).collect()
}

/// Packages in braces as Nix and TOML have them: `{ numpy = ">=2"; rich; }`.
fn packages_of_map(map: &str) -> Option<String> {
    let mut entries: Vec<String> = Vec::new();
    for piece in outside_quotes(map.trim_start_matches('{').trim_end_matches('}'), &[';', ',', '\n']) {
        let piece = piece.trim();
        let (name, version) = piece.split_once(['=', ' ']).filter(|_| piece.contains(['"', '\''])).unwrap_or((piece, ""));
        let version = version.trim_start_matches(['=', ' ']).trim_matches(['"', '\'', ' ']);
        let entry = match (name.trim(), version) {
            ("", _) => continue,
            (bound, "") if bound.starts_with(['<', '>', '=', '!', '~']) => {
                let last = entries.last_mut()?;
                last.push_str(", ");
                last.push_str(bound);
                continue;
            }
            (name, "" | "*") => name.to_owned(),
            (name, version) if version.starts_with(|c: char| c.is_ascii_digit()) => format!("{name} =={version}"),
            (name, bounds) => format!("{name} {bounds}"),
        };
        entries.push(entry);
    }
    let plain = |entry: &String| entry.chars().all(|c| c.is_ascii_alphanumeric() || "-_.[], <>=!~*^|".contains(c));
    (!entries.is_empty() && entries.iter().all(plain)).then(|| entries.join("  "))
}

/// A package in quotes as an entry of a list: `rich>=13` becomes `rich >=13`.
fn entry(package: &str) -> String {
    let name = package.find(['=', '<', '>', '!', '~', ' ']).map_or(package, |at| package.get(..at).unwrap_or(package));
    let rest = package.get(name.len()..).unwrap_or("").trim();
    if rest.is_empty() { name.to_owned() } else { format!("{name} {}", rest.replace(',', ", ").replace(",  ", ", ")) }
}
