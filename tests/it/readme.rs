//! What the pages show is true: every `jenv` block compiles, every `console` block is a run of the binary.
//!
//! A transcript runs in a git repository with copies of the examples, as they are committed at the beginning of each section;
//! `jenvc` stands for the binary and so does `cargo run --release --`. What goes to standard error comes first, as on a
//! terminal. `sed -i` edits, `cat` prints a file, `git add --all && git commit` commits, and `echo $?` tells the last status; there
//! are no other commands. A line `…` stands for any number of lines. A block with a path behind its language is written there.
//! A guide is one section from its beginning to its end. `JENVC_BLESS=1` writes what is not as shown.

use jenvc::base::{FileId, MemoryFiles};
use jenvc::driver::compile;
use jenvc::syntax::parse;

use crate::blocks::{Block, blocks};
use crate::completions::subcommands;
use crate::examples::workplace;
use crate::support::{Workplace, ends, files_under, project, text};

fn pages() -> Vec<String> {
    let examples = files_under("examples").into_iter().filter(|file| file.ends_with("README.md"));
    let top = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "grammar/README.md"].into_iter().map(str::to_owned);
    top.chain(docs()).chain(examples).collect()
}

/// The pages of the documentation, but for the reference, whose examples are compiled in their rooms.
pub(crate) fn docs() -> Vec<String> {
    files_under("docs").into_iter().filter(|file| ends(file, "md") && !file.starts_with("docs/reference/")).collect()
}

/// What a `jenv` block gives: a program is compiled, a part of one is read.
fn findings(block: &Block) -> Vec<String> {
    if block.text.lines().any(|line| line.starts_with("project ")) {
        let files: MemoryFiles = [("main.jenv", &block.text)].into_iter().collect();
        let outcome = compile(&files, "main.jenv");
        // A block has no `jenv.lock` and no `locks` beside it.
        let found = outcome.findings.iter().filter(|finding| !["no-release-yet", "stale-lock"].contains(&finding.code.name));
        return found.map(|finding| format!("{} {}", finding.code.id, finding.message)).collect();
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

/// Where a block is written.
fn path(block: &Block) -> Option<&str> {
    block.info.get(1).map(String::as_str).filter(|path| path.contains('.') || path.ends_with("Dockerfile"))
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

/// The words of a command; quotes hold words together.
fn words(command: &str) -> Vec<String> {
    let parts = command.split('\'').enumerate();
    let words = parts.flat_map(|(at, part)| if at % 2 == 1 { vec![part] } else { part.split_whitespace().collect() });
    words.map(str::to_owned).collect()
}

/// The arguments where a command runs the binary.
fn arguments(command: &str) -> Option<Vec<String>> {
    ["jenvc ", "cargo run --release -- "].iter().find_map(|name| command.strip_prefix(name)).map(words)
}

/// Edits a file of the workplace; an edit that changes nothing is a mistake.
fn edit(place: &Workplace, command: &str) {
    let words = words(command);
    let file = words.last().unwrap();
    let before = place.read(file);
    assert!(std::process::Command::new("sed").args(&words[1..]).current_dir(place.path()).status().unwrap().success());
    assert_ne!(place.read(file), before, "`{command}` changes nothing");
}

/// Whether lines are as shown, where `…` stands for any number of them.
fn matches(shown: &[&str], lines: &[&str]) -> bool {
    match shown.split_first() {
        None => lines.is_empty(),
        Some((&"…", rest)) => (0..=lines.len()).any(|skip| matches(rest, &lines[skip..])),
        Some((first, rest)) => lines.first() == Some(first) && matches(rest, &lines[1..]),
    }
}

/// Copies of the examples, committed where a section looks at what was committed.
fn repository(section: &[&Block]) -> Workplace {
    let place = workplace();
    if section.iter().any(|block| block.text.contains("lab.tar")) {
        std::fs::write(place.path().join("lab.tar"), crate::import::image::guide()).unwrap();
    }
    if section.iter().any(|block| block.text.contains("jenvc diff") || block.text.contains("--since")) {
        place.commit();
    }
    place
}

/// What the commands of a block print, each with what is shown.
fn run(place: &Workplace, block: &Block) -> Vec<(String, String, String)> {
    let mut status = 0;
    let all = commands(block).into_iter().map(|(command, shown)| {
        let found = if command == "echo $?" {
            format!("{status}\n")
        } else if let Some(file) = command.strip_prefix("cat ") {
            place.read(file)
        } else if command.starts_with("git add --all && git commit ") {
            place.commit();
            String::new()
        } else if command.starts_with("sed ") {
            edit(place, &command);
            String::new()
        } else {
            let arguments = arguments(&command).unwrap_or_else(|| panic!("`{command}` is none of ours"));
            let ran = place.run(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
            status = ran.status;
            ran.error + &ran.out
        };
        (command, shown, found)
    });
    all.collect()
}

/// A page with its transcripts as they are: what is shown right already stays, the rest is written anew.
fn blessed(page: &str, block: &Block, all: &[(String, String, String)]) -> String {
    let parts = all.iter().map(|(command, shown, found)| format!("$ {command}\n{}", if is_right(shown, found) { shown } else { found }));
    page.replacen(&format!("```console\n{}```", block.text), &format!("```console\n{}```", parts.collect::<String>()), 1)
}

fn is_right(shown: &str, found: &str) -> bool {
    matches(&shown.lines().collect::<Vec<_>>(), &found.lines().collect::<Vec<_>>())
}

#[test]
fn every_transcript_is_a_run() {
    let mut wrong = Vec::new();
    for page in pages() {
        let mut section: Option<(String, Workplace)> = None;
        let mut new = text(&page);
        let found = blocks(&text(&page));
        let heading = |block: &Block| if page.starts_with("docs/guides/") { page.clone() } else { block.heading.clone() };
        let steps: Vec<_> = found.iter().filter(|block| block.language() == "console" || path(block).is_some()).collect();
        for block in &steps {
            let (_, place) = match section.take() {
                Some(section) if section.0 == heading(block) => section,
                _ => {
                    let own: Vec<_> = steps.iter().copied().filter(|other| heading(other) == heading(block)).collect();
                    (heading(block), repository(&own))
                }
            };
            if let Some(path) = path(block) {
                place.write(path, &block.text);
                section = Some((heading(block), place));
                continue;
            }
            let all = run(&place, block);
            section = Some((heading(block), place));
            new = blessed(&new, block, &all);
            for (command, _, found) in all.iter().filter(|(_, shown, found)| !is_right(shown, found)) {
                wrong.push(format!("{page}:{}: `{command}` prints\n{found}", block.line));
            }
        }
        if std::env::var_os("JENVC_BLESS").is_some() {
            std::fs::write(project().join(&page), new).unwrap();
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_subcommand_is_shown() {
    let names = subcommands();
    assert!(names.len() >= 5, "{names:?}");
    let shown: Vec<_> = docs().iter().flat_map(|page| blocks(&text(page))).filter(|block| block.language() == "console").collect();
    for name in names {
        let command = format!("jenvc {name}");
        assert!(shown.iter().any(|block| block.text.contains(&command)), "no page of docs/ shows `{command}`");
        assert!(text("README.md").contains(&format!("`{name}`")), "README.md does not name `{name}`");
    }
}

#[test]
fn the_first_page_is_short_and_leads_to_the_others() {
    let readme = text("README.md");
    assert!(readme.lines().count() <= 260, "{} lines", readme.lines().count());
    for page in &docs() {
        assert!(readme.contains(&format!("]({page})")), "README.md has no link to {page}");
    }
}

/// The anchor of a heading, as GitHub makes it.
fn anchor(heading: &str) -> String {
    let kept = heading.to_lowercase().replace(' ', "-");
    kept.chars().filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_')).collect()
}

#[test]
fn every_link_leads_somewhere() {
    let mut lost = Vec::new();
    for page in pages() {
        let text = text(&page);
        let folder = project().join(&page).parent().unwrap().to_owned();
        let links = text.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(link, _)| link);
        for link in links.filter(|link| !link.contains("://") && !link.contains(char::is_whitespace)) {
            let (path, part) = link.split_once('#').unwrap_or((link, ""));
            let target = if path.is_empty() { project().join(&page) } else { folder.join(path) };
            let headings = || std::fs::read_to_string(&target).unwrap_or_default();
            let has = |part: &str| {
                headings().lines().filter(|line| line.starts_with('#')).any(|line| anchor(line.trim_start_matches('#').trim()) == part)
            };
            if !target.exists() || !(part.is_empty() || has(part)) {
                lost.push(format!("{page}: {link}"));
            }
        }
    }
    assert!(lost.is_empty(), "{}", lost.join("\n"));
}

#[test]
fn an_ellipsis_stands_for_any_lines() {
    assert!(matches(&["a", "…", "c"], &["a", "b", "b", "c"]) && matches(&["…"], &[]));
    assert!(!matches(&["a", "…", "c"], &["a", "b"]) && !matches(&["a"], &["a", "b"]));
    assert_eq!(arguments("jenvc show 'a b' c"), Some(vec!["show".to_owned(), "a b".to_owned(), "c".to_owned()]));
    assert_eq!(arguments("cargo test"), None);
}
