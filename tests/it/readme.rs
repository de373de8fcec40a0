//! What the pages show is true: every `jenv` block compiles, every `console` block is a run of the binary.
//!
//! A transcript runs in a folder with copies of the examples, where `jenvc` stands for the binary and so does
//! `cargo run --release --`; other commands are not run. What goes to standard error comes first, as on a terminal.
//! A line `…` stands for any number of lines.

use std::collections::BTreeSet;

use jenvc::base::{FileId, MemoryFiles};
use jenvc::driver::compile;
use jenvc::syntax::parse;

use crate::blocks::{Block, blocks};
use crate::examples::workplace;
use crate::support::{Workplace, files_under, text};

fn pages() -> Vec<String> {
    let examples = files_under("examples").into_iter().filter(|file| file.ends_with("README.md"));
    ["README.md", "ARCHITECTURE.md", "CHANGELOG.md", "grammar/README.md"].into_iter().map(str::to_owned).chain(examples).collect()
}

/// What a `jenv` block gives: a program is compiled, a part of one is read.
fn findings(block: &Block) -> Vec<String> {
    if block.text.lines().any(|line| line.starts_with("project ")) {
        let files: MemoryFiles = [("main.jenv", &block.text)].into_iter().collect();
        let outcome = compile(&files, "main.jenv");
        return outcome.findings.iter().map(|finding| format!("{} {}", finding.code.id, finding.message)).collect();
    }
    parse(FileId::default(), &block.text).findings.iter().map(|finding| format!("{} {}", finding.code.id, finding.message)).collect()
}

#[test]
fn every_block_of_jenv_is_right() {
    let mut wrong = Vec::new();
    for page in pages() {
        for block in blocks(&text(&page)).into_iter().filter(|block| block.language() == "jenv") {
            let found = findings(&block);
            if !found.is_empty() {
                wrong.push(format!("{page}:{}: {found:?}", block.line));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The commands of a transcript with what they print.
fn commands(block: &Block) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = Vec::new();
    for line in block.text.lines() {
        if let Some(command) = line.strip_prefix("$ ") {
            all.push((command.to_owned(), String::new()));
        } else {
            let last = &mut all.last_mut().expect("a transcript begins with a command").1;
            last.push_str(line);
            last.push('\n');
        }
    }
    all
}

/// The arguments where a command runs the binary. Quotes hold words together.
fn arguments(command: &str) -> Option<Vec<String>> {
    let rest = ["jenvc", "cargo run --release --"].iter().find_map(|name| command.strip_prefix(name))?;
    let mut words = Vec::new();
    for (at, part) in rest.split('\'').enumerate() {
        if at % 2 == 1 { words.push(part.to_owned()) } else { words.extend(part.split_whitespace().map(str::to_owned)) }
    }
    Some(words)
}

/// Whether lines are as shown, where `…` stands for any number of them.
fn matches(shown: &[&str], lines: &[&str]) -> bool {
    match shown.split_first() {
        None => lines.is_empty(),
        Some((&"…", rest)) => (0..=lines.len()).any(|skip| matches(rest, &lines[skip..])),
        Some((first, rest)) => lines.first() == Some(first) && matches(rest, &lines[1..]),
    }
}

fn run(place: &Workplace, block: &Block, page: &str) -> Vec<String> {
    let (mut wrong, mut status) = (Vec::new(), 0);
    for (command, shown) in commands(block) {
        let found = if command == "echo $?" {
            format!("{status}\n")
        } else {
            let Some(arguments) = arguments(&command) else { continue };
            let ran = place.run(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
            status = ran.status;
            ran.error + &ran.out
        };
        if !matches(&shown.lines().collect::<Vec<_>>(), &found.lines().collect::<Vec<_>>()) {
            wrong.push(format!("{page}:{}: `{command}` prints\n{found}", block.line));
        }
    }
    wrong
}

#[test]
fn every_transcript_is_a_run() {
    let mut wrong = Vec::new();
    for page in pages() {
        let place = workplace();
        for block in blocks(&text(&page)).into_iter().filter(|block| block.language() == "console") {
            wrong.extend(run(&place, &block, &page));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_subcommand_is_shown() {
    let help = Workplace::new().run(&["--help"]).out;
    let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let names: BTreeSet<_> = listed.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help").collect();
    assert!(names.len() >= 5, "{help}");
    let readme = text("README.md");
    let shown = blocks(&readme);
    for name in names {
        let command = format!("jenvc {name}");
        let transcript = shown.iter().any(|block| block.language() == "console" && block.text.contains(&command));
        assert!(transcript, "README.md shows no `{command}`");
    }
}

#[test]
fn an_ellipsis_stands_for_any_lines() {
    assert!(matches(&["a", "…", "c"], &["a", "b", "b", "c"]) && matches(&["…"], &[]));
    assert!(!matches(&["a", "…", "c"], &["a", "b"]) && !matches(&["a"], &["a", "b"]));
    assert_eq!(arguments("jenvc show 'a b' c"), Some(vec!["show".to_owned(), "a b".to_owned(), "c".to_owned()]));
    assert_eq!(arguments("cargo test"), None);
}
