//! What jenvc is released as: one version and one home in every file that names them, hooks that are the same compiled and as a
//! wheel, and a package of what it takes to build.
//!
//! `JENVC_BLESS=1` writes the version and the home that `Cargo.toml` has into the other files.

use std::collections::BTreeSet;
use std::process::Command;

use crate::readme::docs;
use crate::support::{files_under, project, text};

/// What a version follows in the files of releases, and in what people copy from pages.
const BEFORE_VERSION: &[&str] = &[
    "jenvc==",
    "jenvc@",
    "jenvc:",
    "SHA256(jenvc-",
    "rev: v",
    "/download/v",
    "\n  version \"",
    "\n  version: \"",
    "\n  \"version\": \"",
    "arm64\": \"",
    "x64\": \"",
];

/// What the owner of the repository follows; behind it comes `/jenvc` or a repository beside that one.
const BEFORE_OWNER: &[&str] = &["https://github.com/", "ghcr.io/", "uses: ", "brew install "];

/// The value of a field of the package.
fn field(name: &str) -> String {
    let cargo = text("Cargo.toml");
    let line = cargo.lines().find_map(|line| line.strip_prefix(&format!("{name} = \""))).expect(name);
    line.trim_end_matches('"').to_owned()
}

/// The owner of the repository, of the image and of the tap.
fn owner() -> String {
    let repository = field("repository");
    repository.strip_prefix("https://github.com/").and_then(|rest| rest.strip_suffix("/jenvc")).expect("github.com/OWNER/jenvc").to_owned()
}

/// The files that name a version or the home of jenvc.
fn named() -> Vec<String> {
    let top = ["README.md", "action.yml", ".pre-commit-hooks.yaml", "pyproject.toml"].map(str::to_owned);
    top.into_iter().chain(docs()).chain(files_under("packaging")).chain(files_under(".github")).collect()
}

/// A text in which what follows each of `before` is `right`: where it has the given form and, for an owner, jenvc behind it.
fn with(text: &str, before: &[&str], right: &str, wrong: impl Fn(&str) -> Option<usize>) -> String {
    let mut out = String::new();
    let mut rest = text;
    while !rest.is_empty() {
        let found = before.iter().filter_map(|mark| rest.find(mark).map(|at| at + mark.len())).min();
        let Some(at) = found else { break };
        let (head, tail) = rest.split_at(at);
        out.push_str(head);
        rest = tail;
        if let Some(length) = wrong(rest) {
            out.push_str(right);
            rest = &rest[length..];
        }
    }
    out + rest
}

/// The length of a version at the beginning of a text.
fn version_length(text: &str) -> Option<usize> {
    let length = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let version = text[..length].trim_end_matches('.');
    (version.split('.').count() == 3 && version.split('.').all(|part| !part.is_empty())).then_some(version.len())
}

/// The length of an owner at the beginning of a text that goes on with a repository of ours.
fn owner_length(text: &str) -> Option<usize> {
    let length = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '-')?;
    let rest = &text[length..];
    (rest.starts_with("/jenvc") || rest.starts_with("/homebrew-jenvc")).then_some(length)
}

#[test]
fn every_file_has_the_version_and_the_home_of_the_package() {
    let (version, owner) = (field("version"), owner());
    let mut wrong = Vec::new();
    let mut homes = 0;
    for file in named() {
        let before = text(&file);
        let after = with(&with(&before, BEFORE_VERSION, &version, version_length), BEFORE_OWNER, &owner, owner_length);
        homes += usize::from(after.contains(&format!("{owner}/jenvc")));
        if after != before {
            if std::env::var_os("JENVC_BLESS").is_some() {
                std::fs::write(project().join(&file), &after).unwrap();
            } else {
                wrong.push(file);
            }
        }
    }
    assert!(wrong.is_empty(), "another version than {version} or another owner than {owner}; JENVC_BLESS=1 mends it: {wrong:?}");
    assert!(homes >= 6, "the home is named in {homes} files");
    for (file, count) in [
        ("packaging/npm/jenvc/package.json", 6),
        ("packaging/pre-commit/pyproject.toml", 1),
        ("packaging/pre-commit/README.md", 1),
        ("packaging/homebrew/jenvc.rb", 5),
        ("packaging/conda/recipe.yaml", 2),
    ] {
        assert_eq!(text(file).matches(&version).count(), count, "{file}");
    }
    assert!(text("Cargo.lock").contains(&format!("name = \"jenvc\"\nversion = \"{version}\"")));
    assert!(text("CHANGELOG.md").contains("\n## "), "the changelog has a section");
}

#[test]
fn versions_and_owners_are_found() {
    let at = |text: &str| with(text, BEFORE_VERSION, "1.2.3", version_length);
    assert_eq!(at("pip install jenvc==0.10.0; jenvc==x"), "pip install jenvc==1.2.3; jenvc==x");
    assert_eq!(at("rev: v0.1.0\n  version \"0.1.0\""), "rev: v1.2.3\n  version \"1.2.3\"");
    assert_eq!(at("ghcr.io/a/jenvc:0.1.0. So"), "ghcr.io/a/jenvc:1.2.3. So");
    let home = |text: &str| with(text, BEFORE_OWNER, "new", owner_length);
    assert_eq!(home("https://github.com/old/jenvc-pre-commit"), "https://github.com/new/jenvc-pre-commit");
    assert_eq!(home("https://github.com/old/other"), "https://github.com/old/other");
}

#[test]
fn the_hooks_are_the_same_compiled_and_as_a_wheel() {
    let hooks = |file: &str| text(file).lines().filter(|line| !line.starts_with('#')).collect::<Vec<_>>().join("\n");
    let (compiled, wheel) = (hooks(".pre-commit-hooks.yaml"), hooks("packaging/pre-commit/.pre-commit-hooks.yaml"));
    assert_eq!(compiled.replace("language: rust", "language: python"), wheel);
    assert_eq!(compiled.matches("language: rust").count(), 3);
}

#[test]
fn other_formats_say_what_the_package_says() {
    let (license, description) = (field("license"), field("description"));
    assert!(text("pyproject.toml").contains(&format!("license = \"{license}\"")));
    let npm: serde_json::Value = serde_json::from_str(&text("packaging/npm/jenvc/package.json")).unwrap();
    assert_eq!((npm["license"].as_str(), npm["description"].as_str()), (Some(&*license), Some(&*description)));
    assert_eq!(npm["homepage"].as_str(), Some(&*field("homepage")));
    assert!(text("packaging/conda/recipe.yaml").contains(&format!("license: {license}")));
    for file in license.split(" OR ").map(|name| format!("LICENSE-{}", name.split('-').next().unwrap().to_uppercase())) {
        assert!(text(&file).len() > 1000, "{file}");
    }
}

#[test]
fn the_package_holds_what_it_takes_to_build_and_nothing_else() {
    let listed =
        Command::new(env!("CARGO")).args(["package", "--list", "--allow-dirty", "--offline"]).current_dir(project()).output().unwrap();
    assert!(listed.status.success(), "{}", String::from_utf8_lossy(&listed.stderr));
    let listed: BTreeSet<String> = String::from_utf8(listed.stdout).unwrap().lines().map(|line| line.replace('\\', "/")).collect();
    let about = ["Cargo.toml", "Cargo.toml.orig", "Cargo.lock", ".cargo_vcs_info.json", "README.md", "LICENSE-MIT", "LICENSE-APACHE"];
    let build = |file: &str| file == "grammar/jenv.pest" || file.starts_with("src/") || file.starts_with("stdlib/");
    let other: Vec<_> = listed.iter().filter(|file| !about.contains(&file.as_str()) && !build(file)).collect();
    assert!(other.is_empty(), "{other:?}");
    let tests: Vec<_> = listed.iter().filter(|file| file.contains("snapshots/") || file.contains("tests")).collect();
    assert!(tests.is_empty(), "{tests:?}");
    for file in about.iter().filter(|file| !file.starts_with(".cargo")).chain(&["src/main.rs", "grammar/jenv.pest", "stdlib/jupyter.jenv"])
    {
        assert!(listed.contains(*file), "{file} is missing");
    }
}
