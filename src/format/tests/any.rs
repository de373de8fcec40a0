//! Programs that were moved about or made at random keep their trees and comments.

use super::*;
use proptest::prelude::*;

/// The places of blanks outside of texts and comments.
fn gaps(text: &str) -> Vec<(usize, usize)> {
    let mut gaps: Vec<(usize, usize)> = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        let quotes = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|quotes| rest.starts_with(quotes));
        let length = match quotes {
            Some(quotes) => {
                let mut end = quotes.len();
                while !rest[end..].starts_with(quotes) {
                    end += if rest[end..].starts_with('\\') && quotes == "\"" {
                        2
                    } else {
                        rest[end..].chars().next().map_or(1, char::len_utf8)
                    };
                }
                end + quotes.len()
            }
            None if c == '#' => rest.find('\n').unwrap_or(rest.len()),
            None if rest.starts_with("{{") => rest.find("}}").map_or(2, |end| end + 2),
            None => {
                if c.is_whitespace() {
                    match gaps.last_mut() {
                        Some(last) if last.1 == at => last.1 = at + 1,
                        _ => gaps.push((at, at + 1)),
                    }
                }
                c.len_utf8()
            }
        };
        at += length;
    }
    gaps
}

/// Programs whose blanks, line ends and comments were moved about.
fn moved() -> impl Strategy<Value = String> {
    let page = include_str!("../../../grammar/README.md");
    let mut programs: Vec<String> = PROGRAMS.iter().filter(|program| program.len() < 4000).map(|program| (*program).to_owned()).collect();
    programs.extend(page.split("```jenv\n").skip(1).filter_map(|part| part.split_once("```")).map(|(program, _)| program.to_owned()));
    let blanks =
        prop::sample::select(vec![" ", "\n", "  ", "\n\n\n", " # odd\n", "\n## doc\n", "\n  # own\n", "\t", "\r\n", " # a\n # b\n"]);
    (prop::sample::select(programs), prop::collection::vec((any::<prop::sample::Index>(), blanks), 1..6)).prop_map(|(program, changes)| {
        let gaps = gaps(&program);
        let mut changes: Vec<_> = changes.into_iter().map(|(index, blank)| (index.index(gaps.len()), blank)).collect();
        changes.sort_unstable();
        changes.dedup_by_key(|(at, _)| *at);
        let mut out = program.clone();
        for (at, blank) in changes.into_iter().rev() {
            let (start, end) = gaps[at];
            // The end of a comment's line has to stay one.
            let keeps = program[..start].rsplit('\n').next().is_some_and(|line| line.contains('#'));
            out.replace_range(start..end, &if keeps { format!("\n{blank}") } else { blank.to_owned() });
        }
        out
    })
}

/// Programs made of statements in any order, in blocks in blocks, with anything between them.
fn generated() -> impl Strategy<Value = String> {
    const STATEMENTS: &[&str] = &[
        "from base",
        "from a / b(python = 3.11) onto root",
        "from x(a = [1, 2], b = \"c\")",
        "internal",
        "ref = \"quay.io/x\"",
        "a-long-name = [1, 2, 3]",
        "cpu = 2..4",
        "memory = 4G..16G",
        "node = { a = 1  \"b c\" = [\"d\"] }",
        "v = >=2, <3 | ==1.*",
        "t = true",
        "matrix python = [3.10, 3.11] default 3.11",
        "apt { curl git }",
        "apt upgrade",
        "conda { python ==3.11.* pin }",
        "conda channel \"x\" { a >=2, <3 because \"b\"  c d *=openblas } then \"clean\"",
        "pip { a[b,c] ==1.0 ; platform == \"x\" }",
        "pip { a git \"https://x\" rev \"1\"  b url \"https://y\" sha256 \"z\" }",
        "provides { conda { a } pip { b ==1 } }",
        "run \"true\"",
        "run as root in \"/tmp\" 'x y'",
        "run \"\"\"\n    a\n      b\n\n    c\n    \"\"\"",
        "when a >= 3.12 and not (b or c in [1, 2])",
        "exclude { python = 3.10, variant = cuda12 } because \"no\"",
        "test \"works\" { run \"x\"  expect \"y\" }",
        "copy \"a\" \"b\" to \"/x/\" mode 755",
        "fetch \"https://x\" sha256 \"y\" to \"/z\"",
        "path PATH prepend \"/a\"",
        "arg a = \"b\"",
        "label \"a.b\" = \"c\"",
        "expose 8888",
        "probe lab = \"a\" matching \"b\"",
        "include f(a = 1, b = [\"c\", \"d\"])",
        "include r without { r-shiny }",
        "env { A = \"b\"  LONG = \"c\" }",
    ];
    const HEADS: &[&str] = &["layer a", "variant cuda12", "profile", "when x == \"y\"", "option size", "environment e"];
    let between = prop::sample::select(vec!["\n", "\n\n\n", "  # odd\n", "\n  # own\n", "\n## doc\n", ",\n", "\n  ", "\r\n"]);
    let leaf = prop::sample::select(STATEMENTS).prop_map(str::to_owned);
    let statement = leaf.prop_recursive(3, 24, 6, move |inner| {
        let rows = prop::collection::vec((inner, between.clone()), 0..6);
        (prop::sample::select(HEADS), any::<bool>(), rows).prop_map(|(head, one_line, rows)| {
            if one_line {
                return format!("{head} {{ {} }}", rows.first().map_or("", |(row, _)| row));
            }
            let rows: String = rows.iter().flat_map(|(row, between)| [row.as_str(), between]).collect();
            format!("{head} {{\n{rows}}}")
        })
    });
    prop::collection::vec(statement, 1..4).prop_map(|rows| format!("layer base {{\n{}\n}}\n", rows.join("\n")))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, max_global_rejects: 1_000_000, ..ProptestConfig::default() })]

    #[test]
    fn moved_programs_keep_their_trees_and_comments(text in moved()) {
        prop_assume!(!parse(FileId(0), &text).findings.has_errors());
        formatted(&text);
    }

    #[test]
    fn generated_programs_keep_their_trees_and_comments(text in generated()) {
        prop_assume!(!parse(FileId(0), &text).findings.has_errors());
        formatted(&text);
    }
}
