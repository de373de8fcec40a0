//! ARCHITECTURE.md and the other pages name only what is there.

use crate::readme::docs;
use crate::support::{project, text};

/// The paths that a page names in backticks or in its drawing of the tree: words with a slash, or names of files.
fn paths(page: &str) -> Vec<String> {
    let quoted = page.split('`').skip(1).step_by(2).flat_map(str::split_whitespace).map(str::to_owned);
    let roots = ["src/", "tests/", "grammar/", "stdlib/", "examples/", "benches/", "fuzz/", "editors/", "packaging/", ".ci/", ".github/"];
    // A finding names a line and a column behind the path.
    let names = quoted.filter_map(|word| word.split(':').next().map(str::to_owned));
    names
        .map(|word| word.trim_matches(|c: char| matches!(c, ',' | '.' | ';' | ':' | ')' | '(')).to_owned())
        .filter(|word| roots.iter().any(|root| word.starts_with(root)))
        .filter(|word| !word.contains(['*', '<', '>', '…', '{', '$']) && !word.contains("NAME"))
        .collect()
}

#[test]
fn every_path_exists() {
    let mut missing = Vec::new();
    let top = ["README.md", "ARCHITECTURE.md", "CHANGELOG.md", "grammar/README.md", "packaging/README.md"].map(str::to_owned);
    for page in top.into_iter().chain(docs()) {
        for path in paths(&text(&page)) {
            if !project().join(&path).exists() {
                missing.push(format!("{page}: {path}"));
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[test]
fn every_floor_and_folder_is_told() {
    let page = text("ARCHITECTURE.md");
    for entry in std::fs::read_dir(project().join("src")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(
            page.contains(&format!("`src/{}", name.trim_end_matches(".rs"))) || page.contains(&name),
            "ARCHITECTURE.md does not tell of src/{name}"
        );
    }
    assert!(paths(&page).len() > 10, "the page names its paths in backticks");
}
