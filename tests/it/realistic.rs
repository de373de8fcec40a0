//! Programs as people write them, each with what is true of it: a comment `# J0401` at the end of a line says that this line is wrong, and
//! nothing else is. `tests/consumers/packages.sh` asks pip about the same programs.

use std::collections::{BTreeMap, BTreeSet};

use jenvc::diagnostics::Diagnostic;
use jenvc::driver::compile;

use crate::support::{files_under, load, project, text};

/// File, line and code.
type Mark = (String, u32, String);

/// What the comments of a file say. `# ^ J0401` is about the entry above, which goes on over several lines.
fn marked<'t>(file: &'t str, text: &'t str) -> impl Iterator<Item = Mark> + 't {
    let lines: Vec<&str> = text.lines().collect();
    let goes_on = |line: &str| line.starts_with([' ', '#']);
    let mark = move |(at, line): (usize, &str)| {
        let comment = line.rsplit_once("# ").map_or("", |(_, comment)| comment);
        let above = comment.strip_prefix("^ ");
        let start = if above.is_some() { lines[..at].iter().rposition(|line| !goes_on(line)).unwrap_or(at) } else { at };
        let codes = above.unwrap_or(comment).split([' ', ':']).take_while(|word| word.len() == 5 && word.starts_with('J'));
        codes.map(|code| (file.to_owned(), u32::try_from(start + 1).unwrap(), code.to_owned())).collect::<Vec<_>>()
    };
    text.lines().enumerate().flat_map(mark)
}

#[test]
fn what_is_true_of_a_program_is_what_is_found() {
    let mut programs: BTreeMap<String, BTreeSet<Mark>> = BTreeMap::new();
    for path in files_under("tests/realistic") {
        let (folder, file) = path.rsplit_once('/').unwrap();
        programs.entry(folder.to_owned()).or_default().extend(marked(file, &text(&path)));
    }
    assert!(programs.len() >= 25, "{} programs", programs.len());
    for (folder, wanted) in programs {
        let outcome = compile(&load(&project().join(&folder)), "main.jenv");
        let mark = |finding: &Diagnostic| {
            let place = finding.place()?;
            let source = outcome.sources.get(place.file)?;
            Some((source.name.clone(), source.position(place.span.start).line, finding.code.id.to_owned()))
        };
        let found: BTreeSet<Mark> = outcome.findings.iter().filter_map(mark).collect();
        assert_eq!(found, wanted, "{folder}: {:#?}", outcome.findings);
    }
}
