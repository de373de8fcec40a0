//! The house: no file imports another that imports it back, directly or through others. A name that a module hands on counts for the
//! file that defines it; tests are left out.

use std::collections::{BTreeMap, BTreeSet};

use crate::support::{ends, files_under, test_lines, text};

/// A module, as the names on the way to it.
type Path = Vec<String>;

/// The code of the files under `src` by the modules that they are.
fn modules() -> BTreeMap<Path, String> {
    let files = files_under("src").into_iter().filter(|file| ends(file, "rs") && !file.ends_with("main.rs"));
    let own = files.filter(|file| !file.contains("/tests") && !file.ends_with("/fixture.rs"));
    own.map(|file| (module_of(&file), plain(&text(&file)))).collect()
}

fn module_of(file: &str) -> Path {
    let name = file.trim_start_matches("src/").trim_end_matches(".rs");
    name.split('/').filter(|part| !matches!(*part, "mod" | "lib")).map(str::to_owned).collect()
}

/// The code without tests and comments, and with blanks for texts and characters.
fn plain(code: &str) -> String {
    let own: String = code.split_inclusive('\n').zip(test_lines(code)).filter(|(_, test)| !test).map(|(line, _)| line).collect();
    let (mut out, mut rest) = (String::new(), own.as_str());
    while let Some(next) = rest.chars().next() {
        let raw = rest.strip_prefix("r#\"").map(|inner| (inner, "\"#"));
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if let Some((inner, end)) = raw {
            3 + inner.find(end).map_or(inner.len(), |at| at + end.len())
        } else if next == '"' {
            let mut escaped = true;
            let closes = |c: char| {
                let is_end = c == '"' && !escaped;
                escaped = c == '\\' && !escaped;
                is_end
            };
            rest.find(closes).map_or(rest.len(), |at| at + 1)
        } else if let Some(inside) = rest.strip_prefix("'\\") {
            2 + inside.find('\'').map_or(0, |at| at + 1).max(2)
        } else if next == '\'' && rest.chars().nth(2) == Some('\'') {
            rest.char_indices().nth(3).map_or(rest.len(), |(at, _)| at)
        } else {
            out.push(next);
            rest = &rest[next.len_utf8()..];
            continue;
        };
        out.push(' ');
        rest = &rest[length..];
    }
    out
}

/// The paths of a `use`: `a::{b, c::{d, e}}` has three. What is imported under another name comes with that.
fn paths(tree: &str) -> Vec<(String, String)> {
    let tree = tree.trim();
    let Some((before, inner)) = tree.strip_suffix('}').and_then(|tree| tree.split_once('{')) else {
        let (path, name) = tree.split_once(" as ").unwrap_or((tree, tree.rsplit("::").next().unwrap_or(tree)));
        return vec![(path.trim().trim_end_matches("::self").to_owned(), name.trim().to_owned())];
    };
    let (mut parts, mut depth) = (vec![String::new()], 0);
    for c in inner.chars() {
        depth += match c {
            '{' => 1,
            '}' => -1,
            _ => 0,
        };
        if c == ',' && depth == 0 { parts.push(String::new()) } else { parts.last_mut().unwrap().push(c) }
    }
    let parts = parts.iter().filter(|part| !part.trim().is_empty());
    parts.flat_map(|part| paths(&format!("{}{}", before.trim(), part.trim()))).collect()
}

/// A path from the top; `None` where it is of another crate, or of a name in the file itself.
fn absolute(modules: &BTreeMap<Path, String>, own: &[String], path: &str) -> Option<Path> {
    let mut parts = path.split("::").map(str::trim).peekable();
    let mut base: Path = match parts.peek()? {
        &"crate" => Vec::new(),
        &"self" | &"super" => own.to_vec(),
        child if modules.contains_key(&[own, &[(*child).to_owned()]].concat()) => own.to_vec(),
        _ => return None,
    };
    while let Some(part) = parts.next_if(|part| matches!(*part, "crate" | "self" | "super")) {
        if part == "super" {
            base.pop()?;
        }
    }
    base.extend(parts.map(str::to_owned));
    Some(base)
}

/// The words of a code, each with what it is followed by at once: for paths that stand in it.
fn paths_within(code: &str) -> Vec<String> {
    let part = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    let words = code.split(|c| !part(c)).map(|word| word.trim_matches(':'));
    words.filter(|word| word.contains("::") && word.starts_with(|c: char| c.is_lowercase())).map(str::to_owned).collect()
}

/// What each module imports under which name, and the other modules that its names come from.
struct Imports<'m> {
    modules: &'m BTreeMap<Path, String>,
    names: BTreeMap<&'m Path, BTreeMap<String, Path>>,
    all: BTreeMap<&'m Path, Vec<Path>>,
}

impl<'m> Imports<'m> {
    fn of(modules: &'m BTreeMap<Path, String>) -> Self {
        let (mut names, mut all) = (BTreeMap::new(), BTreeMap::new());
        for (own, code) in modules {
            let (mut known, mut paths_of, mut rest) = (BTreeMap::new(), Vec::new(), String::new());
            for item in code.split(';') {
                let head = item.rsplit('\n').find(|line| line.trim_start().starts_with("use ") || line.contains(" use ")).unwrap_or("");
                let Some(at) = item.find(head).filter(|_| !head.is_empty()) else {
                    rest.push_str(item);
                    continue;
                };
                rest.push_str(&item[..at]);
                let tree = item[at..].split_once("use ").map_or("", |(_, tree)| tree);
                for (path, name) in paths(tree) {
                    if let Some(path) = absolute(modules, own, &path) {
                        known.insert(name, path.clone());
                        paths_of.push(path);
                    }
                }
            }
            let rest = rest.replace("pub(in ", "pub(").replace("pub(crate::", "pub(");
            paths_of.extend(paths_within(&rest).iter().filter_map(|path| absolute(modules, own, path)));
            names.insert(own, known);
            all.insert(own, paths_of);
        }
        Self { modules, names, all }
    }

    /// The file that defines what a path names, however many modules hand it on.
    fn home(&self, path: &[String]) -> Path {
        let mut path = path.to_vec();
        for _ in 0..8 {
            let (module, rest) = self.split(&path);
            let Some(name) = rest.first() else { return module };
            let known = self.names.get(&module).and_then(|names| names.get(name)).filter(|next| **next != path);
            let all = || {
                let defines = |of: &Path| {
                    ["struct", "enum", "fn", "const", "type", "trait"].iter().any(|word| {
                        let (_, rest) = self.split(of);
                        let code = self.modules.get(&of[..of.len() - rest.len()].to_vec());
                        code.is_some_and(|code| code.contains(&format!("pub {word} {name}")))
                    })
                };
                let globs = self.names.get(&module)?.get("*")?;
                let of = globs[..globs.len() - 1].to_vec();
                (defines(&of) || self.names.get(&of)?.contains_key(name)).then(|| [of, vec![name.clone()]].concat())
            };
            match known.cloned().or_else(all) {
                Some(next) => path = [next, rest[1..].to_vec()].concat(),
                None => return module,
            }
        }
        self.split(&path).0
    }

    /// The longest beginning of a path that is a module, and what is left.
    fn split(&self, path: &[String]) -> (Path, Path) {
        let length = (0..=path.len()).rev().find(|length| self.modules.contains_key(&path[..*length])).unwrap_or(0);
        (path[..length].to_vec(), path[length..].to_vec())
    }

    /// The files that each file takes names from.
    fn edges(&self) -> BTreeMap<Path, BTreeSet<Path>> {
        let homes = |own: &Path, paths: &[Path]| paths.iter().map(|path| self.home(path)).filter(|home| home != own).collect();
        self.all.iter().map(|(own, paths)| ((*own).clone(), homes(own, paths))).collect()
    }
}

/// The files that reach themselves.
fn circles(edges: &BTreeMap<Path, BTreeSet<Path>>) -> Vec<Vec<Path>> {
    // What imports nothing that is left, or is imported by nothing that is left, is in no circle.
    let mut left: BTreeSet<&Path> = edges.keys().collect();
    loop {
        let is_end = |file: &Path| {
            let imports = edges[file].iter().any(|to| left.contains(to));
            !imports || !left.iter().any(|from| edges[*from].contains(file))
        };
        let ends: Vec<_> = left.iter().copied().filter(|file| is_end(file)).collect();
        if ends.is_empty() {
            break;
        }
        left.retain(|file| !ends.contains(file));
    }
    let all: BTreeMap<&Path, BTreeSet<&Path>> = left.iter().map(|file| (*file, reached(edges, &left, file))).collect();
    let mut found: BTreeSet<Vec<Path>> = BTreeSet::new();
    for (file, seen) in all.iter().filter(|(file, seen)| seen.contains(*file)) {
        found.insert(seen.iter().filter(|other| all[*other].contains(file)).map(|other| (*other).clone()).collect());
    }
    found.into_iter().collect()
}

/// What a file imports, directly or through others, of those that are left.
fn reached<'e>(edges: &'e BTreeMap<Path, BTreeSet<Path>>, left: &BTreeSet<&'e Path>, from: &'e Path) -> BTreeSet<&'e Path> {
    let (mut seen, mut waiting) = (BTreeSet::new(), vec![from]);
    while let Some(next) = waiting.pop() {
        waiting.extend(edges[next].iter().filter(|to| left.contains(to) && seen.insert(*to)));
    }
    seen
}

#[test]
fn no_file_imports_one_that_imports_it_back() {
    let modules = modules();
    let edges = Imports::of(&modules).edges();
    let said: Vec<String> = circles(&edges)
        .iter()
        .map(|circle| {
            let of = |file: &Path| {
                let to: Vec<_> = edges[file].iter().filter(|to| circle.contains(to)).map(|to| to.join("::")).collect();
                format!("  {} imports {}", file.join("::"), to.join(", "))
            };
            circle.iter().map(of).collect::<Vec<_>>().join("\n")
        })
        .collect();
    assert!(said.is_empty(), "{} circles:\n{}", said.len(), said.join("\n\n"));
}

#[test]
fn circles_are_seen() {
    let program = |files: &[(&str, &str)]| {
        let modules: BTreeMap<Path, String> = files.iter().map(|(file, code)| (module_of(file), plain(code))).collect();
        circles(&Imports::of(&modules).edges()).len()
    };
    let front = ("src/a/mod.rs", "mod x;\nmod y;\npub(crate) use y::{Y, Z as W};\nfn f() {}\n");
    // By a re-export, by `super`, by a path in the code, through a third one, in code after a test module.
    assert_eq!(program(&[front, ("src/a/x.rs", "use super::Y;\n"), ("src/a/y.rs", "use super::x::X;\n")]), 1);
    assert_eq!(program(&[front, ("src/a/x.rs", "use super::W;\n"), ("src/a/y.rs", "fn g() { super::x::h(\"}\") }\n")]), 1);
    assert_eq!(program(&[front, ("src/a/x.rs", ""), ("src/a/y.rs", "use super::f;\n")]), 1);
    assert_eq!(program(&[front, ("src/a/x.rs", "use crate::b::B;\n"), ("src/a/y.rs", ""), ("src/b.rs", "use crate::a::x::X;\n")]), 1);
    let behind = "#[cfg(test)]\nmod tests {\n    use super::*;\n}\n\nfn g(y: super::Y) {}\n";
    assert_eq!(program(&[front, ("src/a/x.rs", behind), ("src/a/y.rs", "use super::x::X;\n")]), 1);
    // A file and its tests; names that a module hands on.
    let tested = "#[cfg(test)]\nmod tests {\n    use super::super::y::Y;\n}\n";
    assert_eq!(program(&[front, ("src/a/x.rs", tested), ("src/a/y.rs", "use super::x::X;\n")]), 0);
    assert_eq!(program(&[front, ("src/a/x.rs", "use super::{Y, W};\n"), ("src/a/y.rs", "use std::a;\n")]), 0);
}
