//! As much of TOML as lock files need: tables, arrays of tables, texts, lists and inline tables, with the number of a line that is none of
//! them. What a number, a day or a truth value means is left to the reader.

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TomlValue {
    /// A text between quotes.
    Text(String),
    /// A number, a day, `true` or `false`: as written.
    Bare(String),
    /// `[a, b]`
    List(Vec<Self>),
    /// `{ a = 1, b = 2 }`
    Table(Vec<(String, Self)>),
}

/// A table: what follows a line such as `[section.pypi]` or `[[section]]`; the first one has no such line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TomlTable {
    /// `section.pypi`; empty for the first one.
    pub path: String,
    /// The number of its first line, from 1.
    pub line: usize,
    /// Its keys in order, each with the number of its line.
    pub entries: Vec<(String, TomlValue, usize)>,
}

impl TomlTable {
    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&TomlValue> {
        self.entries.iter().find(|(name, _, _)| name == key).map(|(_, value, _)| value)
    }
}

impl TomlValue {
    /// The text, where it is one.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// The members of a list; none of anything else.
    #[must_use]
    pub fn list(&self) -> &[Self] {
        if let Self::List(list) = self { list } else { &[] }
    }

    /// The value of a key of an inline table.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        let Self::Table(entries) = self else { return None };
        entries.iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }
}

/// The tables of a text.
///
/// # Errors
/// Names the first line that can't be read.
pub fn read_toml(text: &str) -> Result<Vec<TomlTable>, BadLine> {
    let mut reader = Reader { rest: text, line: 1 };
    let mut tables = vec![TomlTable { line: 1, ..TomlTable::default() }];
    loop {
        reader.gap();
        if reader.rest.is_empty() {
            return Ok(tables);
        }
        let number = reader.line;
        let wanted = |wanted| BadLine { number, wanted };
        if reader.eat("[") {
            let double = reader.eat("[");
            let path = reader.path().ok_or(wanted("the name of a table"))?;
            if !reader.eat(if double { "]]" } else { "]" }) {
                return Err(wanted("`]` behind the name of a table"));
            }
            tables.push(TomlTable { path, line: number, entries: Vec::new() });
        } else {
            let (key, value) = reader.entry(0).ok_or(wanted("a line like `key = \"value\"`"))?;
            if let Some(table) = tables.last_mut() {
                table.entries.push((key, value, number));
            }
        }
        if !reader.ends_line() {
            return Err(wanted("nothing behind the value"));
        }
    }
}

/// How deep lists and tables may nest: more than any lock does.
const DEPTH: usize = 16;

struct Reader<'a> {
    rest: &'a str,
    line: usize,
}

impl Reader<'_> {
    fn eat(&mut self, word: &str) -> bool {
        self.rest.strip_prefix(word).map(|rest| self.rest = rest).is_some()
    }

    fn blanks(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t']);
    }

    /// Blanks, comments and ends of lines.
    fn gap(&mut self) {
        loop {
            self.blanks();
            if self.rest.starts_with('#') {
                self.rest = self.rest.find('\n').and_then(|end| self.rest.get(end..)).unwrap_or("");
            }
            if !self.eat("\n") && !self.eat("\r\n") {
                return;
            }
            self.line += 1;
        }
    }

    /// Whether nothing but blanks and a comment is left of the line.
    fn ends_line(&mut self) -> bool {
        self.blanks();
        self.rest.is_empty() || self.rest.starts_with(['#', '\n', '\r'])
    }

    fn path(&mut self) -> Option<String> {
        let mut path = self.key()?;
        while self.eat(".") {
            path = format!("{path}.{}", self.key()?);
        }
        Some(path)
    }

    fn key(&mut self) -> Option<String> {
        if self.rest.starts_with(['"', '\'']) {
            return self.quoted();
        }
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        Some(self.take(plain)?.to_owned())
    }

    fn take(&mut self, part: impl Fn(char) -> bool) -> Option<&str> {
        let end = self.rest.find(|c| !part(c)).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        (!word.is_empty()).then_some(word)
    }

    fn entry(&mut self, depth: usize) -> Option<(String, TomlValue)> {
        let key = self.path()?;
        self.blanks();
        if !self.eat("=") {
            return None;
        }
        self.blanks();
        Some((key, self.value(depth)?))
    }

    fn value(&mut self, depth: usize) -> Option<TomlValue> {
        if depth > DEPTH {
            return None;
        }
        if self.rest.starts_with(['"', '\'']) {
            return self.quoted().map(TomlValue::Text);
        }
        if self.eat("[") {
            return self.several("]", |reader| reader.value(depth + 1)).map(TomlValue::List);
        }
        if self.eat("{") {
            return self.several("}", |reader| reader.entry(depth + 1)).map(TomlValue::Table);
        }
        let plain = |c: char| c.is_ascii_alphanumeric() || "+-_.:".contains(c);
        self.take(plain).map(|word| TomlValue::Bare(word.to_owned()))
    }

    fn several<T>(&mut self, end: &str, one: impl Fn(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let mut all = Vec::new();
        loop {
            self.gap();
            if self.eat(end) {
                return Some(all);
            }
            all.push(one(self)?);
            self.gap();
            if !self.eat(",") && !self.rest.starts_with(end) {
                return None;
            }
        }
    }

    /// A text on one line.
    fn quoted(&mut self) -> Option<String> {
        if self.eat("'") {
            let (text, rest) = self.rest.split_once('\'').filter(|(text, _)| !text.contains('\n'))?;
            self.rest = rest;
            return Some(text.to_owned());
        }
        self.eat("\"");
        let mut text = String::new();
        let mut letters = self.rest.char_indices();
        while let Some((at, letter)) = letters.next() {
            match letter {
                '"' => {
                    self.rest = self.rest.get(at + 1..)?;
                    return Some(text);
                }
                '\n' => return None,
                '\\' => text.push(match letters.next()?.1 {
                    'n' => '\n',
                    't' => '\t',
                    other @ ('"' | '\\') => other,
                    _ => return None,
                }),
                letter => text.push(letter),
            }
        }
        None
    }
}

/// A text as TOML writes it.
#[must_use]
pub fn toml_text(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n").replace('\t', "\\t"))
}

/// A line of a lock that means nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadLine {
    /// Its number, from 1.
    pub number: usize,
    /// What should be there instead.
    pub wanted: &'static str,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_and_values_are_read() {
        let text = "# c\na = 1 # c\n[[b]]\n\"x y\" = 'l'\nz = [\n  \"1\", # c\n  { q = 2026-11-20 },\n]\n[b.c]\n";
        let tables = read_toml(text).expect("reads");
        let shape: Vec<_> = tables.iter().map(|table| (table.path.as_str(), table.line, table.entries.len())).collect();
        assert_eq!(shape, [("", 1, 1), ("b", 3, 2), ("b.c", 9, 0)]);
        let list = tables.get(1).and_then(|table| table.get("z")).map(TomlValue::list).unwrap_or_default();
        assert_eq!(list.last().and_then(|table| table.get("q")), Some(&TomlValue::Bare("2026-11-20".to_owned())));
        assert_eq!(
            read_toml(&format!("a = {}", toml_text("\"\\\n\t"))).expect("reads")[0].get("a").and_then(TomlValue::text),
            Some("\"\\\n\t")
        );
    }

    #[test]
    fn what_is_none_is_named_by_its_line() {
        for (text, line) in [("a = 1\n<<<<<<< HEAD\n", 2), ("a\n", 1), ("a = \"x\n", 1), ("[a\n", 1), ("\na = [1 2]\n", 2), ("a = 1 2", 1)]
        {
            assert_eq!(read_toml(text).map_err(|bad| bad.number), Err(line), "{text}");
        }
        assert!(read_toml(&format!("a = {}", "[".repeat(100_000))).is_err());
    }
}
