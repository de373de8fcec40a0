//! What holds for any input: no panic, one answer, the same bytes everywhere.

use std::sync::Arc;

use jenvc::base::{Entry, FileError, FileId, Files, Kind, MemoryFiles, Sources};
use jenvc::diagnostics::Diagnostic;
use jenvc::driver::{Outcome, compile};
use jenvc::report::{Batch, Format, Style, render};
use jenvc::syntax::parse;
use proptest::prelude::{Just, Strategy, any, prop_oneof, proptest};
use proptest::test_runner::Config;

use crate::examples::{compiling, workplace};
use crate::support::{load, project, text};

/// Words and signs of the language, and characters that are hard on a reader of text.
const WORDS: &str = "project image layer environment fragment hub output profile from matrix variant when include conda pip apt run \
    copy env x y { } [ ] ( ) = == >= , ; | \" ' \"\"\" ''' {{ }} # ## 3.10 4G \"a\" .. / because until pin override \u{202e} \u{feff} \
    é 漢 \\ \0";

/// Pieces of programs in any order, and characters of any kind between them.
fn pieces() -> impl Strategy<Value = String> {
    let words: Vec<_> = WORDS.split_whitespace().chain(["\n", "\n\n", " ", "\t", "\r\n"]).map(str::to_owned).collect();
    let word = prop_oneof![proptest::sample::select(words), any::<char>().prop_map(String::from), Just(" ".to_owned())];
    proptest::collection::vec(word, 0..80).prop_map(|words| words.concat())
}

fn messages(outcome: Outcome) -> (Vec<Diagnostic>, Sources) {
    (outcome.findings.sorted(), outcome.sources)
}

/// Draws everything in every format; only that it ends is asked.
fn draw(findings: &[Diagnostic], sources: &Sources) {
    for format in [Format::Human, Format::Concise, Format::Json, Format::Github, Format::Sarif] {
        let batch = Batch { main: "main.jenv", prefix: "", sources, findings };
        assert!(findings.is_empty() || !render(format, &[batch], Style::default()).is_empty());
    }
}

proptest! {
    #![proptest_config(Config { cases: 512, failure_persistence: None, ..Config::default() })]

    #[test]
    fn any_text_is_parsed(text in pieces()) {
        let parsed = parse(FileId::default(), &text);
        for finding in parsed.findings.iter() {
            let span = finding.place().unwrap().span;
            assert!(span.start <= span.end && span.end as usize <= text.len() && text.get(span.range()).is_some(), "{span:?} of {text:?}");
        }
    }

}

#[test]
fn a_mark_that_ends_within_a_character_is_told_as_a_whole_one() {
    let text = "  \u{202e}\u{202e}image( Ⱥu' #漢";
    for finding in parse(FileId::default(), text).findings.iter() {
        assert!(text.get(finding.place().unwrap().span.range()).is_some(), "{finding:?}");
    }
}

proptest! {
    #![proptest_config(Config { cases: 48, failure_persistence: None, ..Config::default() })]

    #[test]
    fn any_bytes_are_compiled(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let files: MemoryFiles = [("main.jenv", bytes)].into_iter().collect();
        let (findings, sources) = messages(compile(&files, "main.jenv"));
        draw(&findings, &sources);
    }

    #[test]
    fn a_program_with_a_piece_broken_is_compiled(at in any::<proptest::sample::Index>(), long in 0usize..40, new in pieces()) {
        let mut text = text("examples/quickstart/main.jenv");
        let start = text.floor_char_boundary(at.index(text.len()));
        let end = text.ceil_char_boundary((start + long).min(text.len()));
        text.replace_range(start..end, &new);
        let files: MemoryFiles = [("main.jenv", text)].into_iter().collect();
        let outcome = compile(&files, "main.jenv");
        assert_eq!(outcome.checked.is_some(), !outcome.findings.has_errors());
        assert!(outcome.artifacts.is_empty() || outcome.checked.is_some());
        let (findings, sources) = messages(outcome);
        draw(&findings, &sources);
    }
}

/// A disk that lists its folders backwards.
struct Backwards(MemoryFiles);

impl Files for Backwards {
    fn read(&self, path: &str, limit: u64) -> Result<Arc<[u8]>, FileError> {
        self.0.read(path, limit)
    }
    fn kind(&self, path: &str) -> Result<Kind, FileError> {
        self.0.kind(path)
    }
    fn list(&self, path: &str) -> Result<Vec<Entry>, FileError> {
        self.0.list(path).map(|entries| entries.into_iter().rev().collect())
    }
}

#[test]
fn the_order_of_files_and_of_threads_changes_nothing() {
    for name in compiling() {
        let files = load(&project().join("examples").join(&name));
        let expected = compile(&files, "main.jenv").artifacts;
        assert_eq!(compile(&Backwards(files.clone()), "main.jenv").artifacts, expected, "{name}");
        let all: Vec<_> = std::thread::scope(|scope| {
            let compile_once = || compile(&files, "main.jenv").artifacts;
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(compile_once)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(all.iter().all(|artifacts| *artifacts == expected), "{name}");
    }
}

#[test]
fn the_folder_the_locale_and_the_time_zone_change_nothing() {
    let place = workplace();
    for name in compiling() {
        let folder = place.path().join("examples").join(&name);
        for (key, value) in [("LC_ALL", "tr_TR.UTF-8"), ("TZ", "Asia/Kathmandu"), ("HOME", "/"), ("SOURCE_DATE_EPOCH", "1")] {
            let ran = place.command(&["build", "--check"]).current_dir(&folder).env(key, value).output().unwrap();
            assert!(ran.status.success() && ran.stdout.is_empty(), "{name} with {key}={value}");
        }
    }
}
