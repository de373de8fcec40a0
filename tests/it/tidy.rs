//! Habits that no lint holds: how long files and lines are, how modules begin, what is left open.

use crate::support::{ends, files_under, project, test_lines, text};

const CODE: &[&str] = &["src", "tests", "benches"];

fn rust_files() -> Vec<String> {
    let folders = CODE.iter().filter(|folder| project().join(folder).is_dir());
    folders.flat_map(|folder| files_under(folder)).filter(|file| ends(file, "rs")).collect()
}

/// The lines of a file with their numbers, without its tests, whose texts may be as wide and as long as what they show.
fn code(file: &str) -> Vec<(usize, String)> {
    if file.ends_with("/tests.rs") || file.contains("/tests/") {
        return Vec::new();
    }
    let text = text(file);
    let lines = text.lines().zip(test_lines(&text)).enumerate();
    lines.filter(|(_, (_, test))| !file.starts_with("src") || !test).map(|(at, (line, _))| (at + 1, line.to_owned())).collect()
}

#[test]
fn files_are_short() {
    let mut long = Vec::new();
    for file in rust_files() {
        let code = code(&file).len();
        let (lines, limit) = if code > 0 && file.starts_with("src") { (code, 400) } else { (text(&file).lines().count(), 600) };
        if lines > limit {
            long.push(format!("{file}: {lines} lines, {limit} are the limit"));
        }
    }
    assert!(long.is_empty(), "{}", long.join("\n"));
}

#[test]
fn modules_say_what_they_are_for() {
    let silent: Vec<_> = rust_files().into_iter().filter(|file| !text(file).starts_with("//! ")).collect();
    assert!(silent.is_empty(), "{silent:?}");
}

#[test]
fn lines_are_not_too_wide() {
    let mut wide = Vec::new();
    for file in rust_files() {
        for (number, line) in code(&file) {
            let width = line.chars().count();
            if width > 140 || line.contains('\t') || line.ends_with(' ') {
                wide.push(format!("{file}:{number}: {width} columns, a tab or a space at the end"));
            }
        }
    }
    assert!(wide.is_empty(), "{}", wide.join("\n"));
}

#[test]
fn nothing_is_left_open() {
    let words = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("X", "XX"), concat!("to", "do!("), concat!("unimple", "mented!(")];
    let mut open = Vec::new();
    for folder in ["src", "tests", "stdlib", "grammar", "examples"] {
        for file in files_under(folder).into_iter().filter(|file| !ends(file, "png") && !ends(file, "whl")) {
            let text = text(&file);
            open.extend(words.iter().filter(|word| text.contains(**word)).map(|word| format!("{file}: {word}")));
        }
    }
    assert!(open.is_empty(), "{}", open.join("\n"));
}

#[test]
fn expected_lints_have_a_reason() {
    let mut silent = Vec::new();
    for file in rust_files() {
        let text = text(&file);
        for (at, _) in text.match_indices(concat!("#[exp", "ect(")) {
            let attribute = text[at..].split(']').next().unwrap_or("");
            if !attribute.contains("reason = \"") {
                silent.push(format!("{file}: {attribute}"));
            }
        }
        if text.contains(concat!("#[all", "ow(")) || text.contains(concat!("#![all", "ow(")) {
            silent.push(format!("{file}: allow"));
        }
    }
    assert!(silent.is_empty(), "{}", silent.join("\n"));
}

#[test]
fn the_grammar_keeps_no_state() {
    // `Cargo.toml` holds a version of pest that does not take a copy of it for each sequence.
    let grammar = text("grammar/jenv.pest");
    for word in ["PUSH", "POP", "PEEK", "DROP"] {
        assert!(!grammar.contains(word), "{word}");
    }
}
