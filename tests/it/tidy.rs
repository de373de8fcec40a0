//! Habits that no lint holds: how long files and lines are, how modules begin, what is left open.

use crate::support::{ends, files_under, project, text};

const CODE: &[&str] = &["src", "tests", "benches"];

fn rust_files() -> Vec<String> {
    let folders = CODE.iter().filter(|folder| project().join(folder).is_dir());
    folders.flat_map(|folder| files_under(folder)).filter(|file| ends(file, "rs")).collect()
}

/// Lines of a file before its tests, whose texts may be as wide and as long as what they show.
fn lines_of_code(file: &str) -> usize {
    if file.ends_with("/tests.rs") || file.contains("/tests/") {
        return 0;
    }
    let text = text(file);
    let all = text.lines().count();
    if file.starts_with("src") {
        text.lines().position(|line| line.starts_with("#[cfg(") && line.contains("test")).unwrap_or(all)
    } else {
        all
    }
}

#[test]
fn files_are_short() {
    let mut long = Vec::new();
    for file in rust_files() {
        let code = lines_of_code(&file);
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
        for (at, line) in text(&file).lines().take(lines_of_code(&file)).enumerate() {
            let width = line.chars().count();
            if width > 140 || line.contains('\t') || line.ends_with(' ') {
                wide.push(format!("{file}:{}: {width} columns, a tab or a space at the end", at + 1));
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
