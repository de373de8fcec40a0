//! Environment files of conda, lists of its specs, and what it prints with `conda list --explicit`.

use serde_json::Value;

use crate::base::Span;

/// One thing that a file asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dependency {
    /// As written: a spec, an address of a package, a line for pip.
    pub text: String,
    /// Where it stands, in bytes of the text.
    pub span: Span,
    /// Whether pip reads it.
    pub pip: bool,
}

/// What a file of conda's is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Environment {
    /// `environment.yaml`: conda's specs and pip's lines, in order, and its first channel.
    Described(Vec<Dependency>, Option<String>),
    /// A spec on each line.
    Specs(Vec<Dependency>),
    /// `@EXPLICIT`: the address of a package on each line.
    Explicit(Vec<Dependency>),
}

impl Environment {
    /// Reads a file, in the format that its name and its contents tell.
    ///
    /// # Errors
    /// Says what is not understood.
    pub fn read(path: &str, text: &str) -> Result<Self, String> {
        let yaml = path.rsplit_once('.').is_some_and(|(_, ending)| ["yml", "yaml"].iter().any(|one| ending.eq_ignore_ascii_case(one)));
        if !yaml && !text.lines().any(|line| line.starts_with("dependencies:")) {
            return Ok(listed(text));
        }
        let value: Value = serde_saphyr::from_str(text).map_err(|error| problem(&error.to_string()))?;
        let Some(dependencies) = value.get("dependencies") else { return Err("it has no `dependencies`".to_owned()) };
        let mut places = Places { text, at: text.find("dependencies").unwrap_or(0) };
        let channel = value.get("channels").and_then(|channels| channels.get(0)?.as_str()).filter(|channel| *channel != "nodefaults");
        described(dependencies, &mut places).map(|all| Self::Described(all, channel.map(str::to_owned)))
    }
}

/// What the reader of YAML says, in its first line, without its advice to programmers.
fn problem(said: &str) -> String {
    let first = said.lines().next().unwrap_or_default().trim_start_matches("error: ");
    first.split(", set ").next().unwrap_or(first).to_owned()
}

fn described(dependencies: &Value, places: &mut Places<'_>) -> Result<Vec<Dependency>, String> {
    let mut all = Vec::new();
    let none = Vec::new();
    let items = match dependencies {
        Value::Null => &none,
        Value::Array(items) => items,
        _ => return Err("`dependencies` is no list".to_owned()),
    };
    for item in items {
        match item {
            Value::String(spec) => all.push(places.next(spec, false)),
            Value::Object(part) => {
                for (key, lines) in part {
                    // mamba 2 reads `sel(linux): numpy` (`eval_selector` in libmamba's `environment_yaml.cpp`).
                    if let (Some(selector), Value::String(spec)) = (key.strip_prefix("sel("), lines) {
                        if matches!(selector, "linux)" | "unix)") {
                            all.push(places.next(spec, false));
                        }
                        continue;
                    }
                    let lines = match lines {
                        Value::Null => &none,
                        Value::Array(lines) if key == "pip" => lines,
                        _ => return Err(format!("`{key}` is no part that is read here: only `pip` with a list is")),
                    };
                    for line in lines {
                        let line = line.as_str().ok_or_else(|| format!("`{line}` is no text"))?;
                        all.push(places.next(line, true));
                    }
                }
            }
            other => return Err(format!("`{other}` is no text")),
        }
    }
    Ok(all)
}

/// Finds again where the items of a list stand.
struct Places<'t> {
    text: &'t str,
    at: usize,
}

impl Places<'_> {
    fn next(&mut self, item: &str, pip: bool) -> Dependency {
        let mut line_at = self.at;
        for line in self.text.get(self.at..).unwrap_or_default().split_inclusive('\n') {
            let code = if line.trim_start().starts_with('#') { "" } else { line.find(" #").and_then(|at| line.get(..at)).unwrap_or(line) };
            if let Some(found) = code.find(item) {
                let start = line_at + found;
                self.at = start + item.len();
                return Dependency { text: item.to_owned(), span: Span::new(start, self.at), pip };
            }
            line_at += line.len();
        }
        // Written with escapes, or on several lines.
        Dependency { text: item.to_owned(), span: Span::new(self.at, self.at), pip }
    }
}

fn listed(text: &str) -> Environment {
    let mut all = Vec::new();
    let mut explicit = false;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let bare = line.split(" #").next().unwrap_or_default().trim();
        let start = at + (line.len() - line.trim_start().len());
        at += line.len();
        match bare {
            "@EXPLICIT" => explicit = true,
            _ if bare.is_empty() || bare.starts_with('#') => {}
            _ => all.push(Dependency { text: bare.to_owned(), span: Span::new(start, start + bare.len()), pip: false }),
        }
    }
    if explicit { Environment::Explicit(all) } else { Environment::Specs(all) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(path: &str, text: &str) -> Vec<String> {
        let all = match Environment::read(path, text).expect(text) {
            Environment::Described(all, _) | Environment::Specs(all) | Environment::Explicit(all) => all,
        };
        for one in &all {
            assert_eq!(text.get(one.span.range()), Some(one.text.as_str()));
        }
        all.into_iter().map(|one| format!("{}{}", if one.pip { "pip " } else { "" }, one.text)).collect()
    }

    #[test]
    fn files_of_environments() {
        let text = "name: x\nchannels:\n  - conda-forge\ndependencies:\n  # - last\n  - python=3.9\n  - \"iminuit <=1.5.4\"  # old\n  - pip:\n    - -r more.txt\n    - astropy>=4.0\n  - last\n";
        assert_eq!(texts("e.yaml", text), ["python=3.9", "iminuit <=1.5.4", "pip -r more.txt", "pip astropy>=4.0", "last"]);
        assert_eq!(texts("e.yml", "dependencies: [python=3.9, numpy]"), ["python=3.9", "numpy"]);
        assert_eq!(texts("e.yml", "dependencies:\n  - sel(win): pywin32\n  - sel(unix): ncurses\n"), ["ncurses"]);
        assert_eq!(texts("list.txt", "# a\nnumpy=1.26 # b\n\nscipy\n"), ["numpy=1.26", "scipy"]);
        let explicit = "@EXPLICIT\nhttps://h/linux-64/zarr-3.0.8-py_0.conda#0123\n";
        assert_eq!(texts("lock.txt", explicit), ["https://h/linux-64/zarr-3.0.8-py_0.conda#0123"]);
        assert!(matches!(Environment::read("lock.txt", explicit), Ok(Environment::Explicit(_))));
    }

    #[test]
    fn a_key_twice() {
        let read = Environment::read("e.yaml", "dependencies:\n  - a\ndependencies:\n  - b\n");
        assert_eq!(read, Err("line 3 column 1: duplicate mapping key: dependencies".to_owned()));
    }

    #[test]
    fn what_is_no_environment() {
        for text in ["name: x\n", "dependencies: 3", "dependencies:\n  - npm: [x]\n", "dependencies: [3.9]", "a: [", "- x"] {
            assert!(Environment::read("e.yaml", text).is_err(), "{text}");
        }
    }
}
