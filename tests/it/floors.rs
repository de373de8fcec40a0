//! The house: imports go down the floors, and what belongs to one floor is named on no other. The tables are the rule.

use crate::support::{ends, files_under, test_lines, text};

/// The floors, with their heights.
const FLOORS: &[(&str, u8)] = &[
    ("base", 0),
    ("diagnostics", 1),
    ("ir", 1),
    ("versions", 1),
    ("requirements", 2),
    ("shell", 2),
    ("syntax", 2),
    ("format", 3),
    ("analyse", 3),
    ("check", 3),
    ("emit", 4),
    ("driver", 5),
    ("ide", 6),
    ("import", 6),
    ("report", 6),
    ("lsp", 7),
    ("cli", 8),
];

/// Imports between rooms of one floor that are meant: from, to.
const BESIDE: &[(&str, &str)] = &[("ir", "diagnostics"), ("ir", "versions"), ("shell", "requirements")];

/// Names that may stand on one floor only.
const AT_HOME: &[(&str, &str)] = &[
    ("pest", "syntax"),
    ("pest_derive", "syntax"),
    ("miette", "report"),
    ("annotate_snippets", "report"),
    ("clap", "cli"),
    ("clap_complete", "cli"),
    ("clap_mangen", "cli"),
    ("layout", "emit"),
    ("notify", "cli"),
    ("tempfile", "cli"),
    ("similar", "cli"),
    ("std::fs", "cli"),
    ("std::env", "cli"),
    ("std::process", "cli"),
    ("std::net", "lsp"),
    ("io::stdout", "cli"),
    ("io::stderr", "cli"),
    ("lsp_server", "lsp"),
    ("lsp_types", "lsp"),
];

/// A line of code: its floor, file, number, text without comment, and whether it is in tests.
struct Line {
    floor: String,
    file: String,
    number: usize,
    code: String,
    test: bool,
}

fn lines() -> Vec<Line> {
    let mut all = Vec::new();
    for file in files_under("src").into_iter().filter(|file| ends(file, "rs")) {
        let floor = file.split('/').nth(1).unwrap_or("").trim_end_matches(".rs").to_owned();
        let whole = file.ends_with("/tests.rs") || file.contains("/tests/") || file.ends_with("/fixture.rs");
        let text = text(&file);
        for (at, (line, test)) in text.lines().zip(test_lines(&text)).enumerate() {
            let code = line.split("//").next().unwrap_or("").to_owned();
            all.push(Line { floor: floor.clone(), file: file.clone(), number: at + 1, code, test: test || whole });
        }
    }
    all
}

fn height(floor: &str) -> Option<u8> {
    FLOORS.iter().find(|(name, _)| *name == floor).map(|(_, height)| *height)
}

/// The places where a path begins: `word` with nothing of a name before it and none after it.
fn names(code: &str, word: &str) -> bool {
    code.match_indices(word).any(|(at, _)| {
        let part = |c: char| c.is_alphanumeric() || c == '_';
        let before = code[..at].chars().next_back().is_some_and(|c| part(c) || c == ':');
        let after = code[at + word.len()..].chars().next().is_some_and(part);
        // `std::fs` may also be written `std::{fs, …}`, which is looked for by its own rule.
        !before && !after
    })
}

#[test]
fn every_folder_under_src_is_a_floor() {
    for line in lines() {
        assert!(height(&line.floor).is_some() || matches!(line.floor.as_str(), "lib" | "main"), "{} is on no floor", line.file);
    }
}

#[test]
fn imports_go_down() {
    let mut wrong = Vec::new();
    for line in lines() {
        let Some(own) = height(&line.floor) else { continue };
        for (at, _) in line.code.match_indices("crate::") {
            let rest = &line.code[at + "crate::".len()..];
            let target: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            let allowed = target == line.floor
                || BESIDE.contains(&(line.floor.as_str(), target.as_str()))
                || height(&target).is_some_and(|height| height < own);
            if !allowed && !line.test {
                wrong.push(format!("{}:{}: {}", line.file, line.number, line.code.trim()));
            }
        }
    }
    assert!(wrong.is_empty(), "imports that do not go down:\n{}", wrong.join("\n"));
}

#[test]
fn what_belongs_to_one_floor_is_named_on_no_other() {
    let mut wrong = Vec::new();
    for line in lines().into_iter().filter(|line| !line.test && height(&line.floor).is_some()) {
        for (name, home) in AT_HOME {
            let last = name.rsplit("::").next().unwrap_or(name);
            let grouped = name.starts_with("std::") && line.code.contains("std::{") && names(&line.code, last);
            if line.floor != *home && (names(&line.code, name) || grouped) && !is_macro(&line.code, last) {
                wrong.push(format!("{}:{}: `{name}` belongs to `{home}`: {}", line.file, line.number, line.code.trim()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// `env!("…")` is read when the compiler is built.
fn is_macro(code: &str, name: &str) -> bool {
    code.contains(&format!("{name}!("))
}

#[test]
fn imports_say_what_they_take() {
    let mut wrong = Vec::new();
    for line in lines() {
        let code = line.code.trim();
        if (code.contains("use super::*") && !line.test) || code.contains("use crate::{") {
            wrong.push(format!("{}:{}: {code}", line.file, line.number));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_rules_see_what_they_are_to_see() {
    assert!(names("use std::fs;", "std::fs") && names("fn a() { std::fs::read(x) }", "std::fs"));
    assert!(!names("use std::fs_extra;", "std::fs") && !names("my_pest::x", "pest") && !names("pest_meta", "pest"));
    assert!(lines().iter().any(|line| line.floor == "cli" && names(&line.code, "std::fs")));
    assert!(lines().iter().any(|line| line.floor == "report" && names(&line.code, "miette")));
}
