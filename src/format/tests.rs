//! The one style: what it looks like, and that it keeps the tree and every comment.

use super::format;
use crate::base::FileId;
use crate::syntax::parse;
use proptest::prelude::*;

/// Programs that are formatted here, besides those in the tests.
const PROGRAMS: &[&str] = &[
    include_str!("../../stdlib/account.jenv"),
    include_str!("../../stdlib/installers.jenv"),
    include_str!("../../stdlib/jupyter.jenv"),
    include_str!("../../stdlib/nvidia.jenv"),
    ODD,
];

/// Comments and line ends in odd places.
const ODD: &str = r#"
# top


## doc
layer a { # opening
  # first

  from base # root
    / x   # more

  x = [ # list
    1, # one
    2
    # last
  ]
  y = [>=2
    # why
    | <1, f(a, # first
      b = 2)]
  pip { # packages
    a >=2, # odd
      <3
    b # about b
    ## about c
    c ==1 because "x" # about c, too
    d
      # odd, too
      because "y"

    # end
  }
  when a # odd
    { expose 8888 }
  run """
      a
        b

      c"""   # text
  run '''x'''
  exclude { python = 3.10, variant = cuda12 } because "a very long reason that does not fit on the line, so that it goes to the next one"
  internal, publish
  v { a = ==1, b = 2, internal, pip { x }, publish }
  tags { "latest" date, "x"
    sha }
}
# after
let a = 1
let long-name = { a = 1, "b c" = [1, 2] }
# end
"#;

/// The debug form of a tree, without places.
fn tree(text: &str) -> String {
    let shown = format!("{:?}", parse(FileId(0), text).file);
    let mut out = String::new();
    let mut rest = shown.as_str();
    while let Some(at) = rest.find("Span { start: ") {
        out.push_str(&rest[..at]);
        rest = &rest[at + rest[at..].find('}').map_or(0, |end| end + 1)..];
    }
    out + rest
}

fn comments(text: &str) -> Vec<String> {
    parse(FileId(0), text).trivia.comments.iter().map(|comment| text[comment.span.range()].trim_end().to_owned()).collect()
}

#[track_caller]
fn formatted(text: &str) -> String {
    let parsed = parse(FileId(0), text);
    assert!(!parsed.findings.has_errors(), "{text}\n{:#?}", parsed.findings.iter().map(|finding| &finding.message).collect::<Vec<_>>());
    let out = format(text, &parsed);
    let again = parse(FileId(0), &out);
    assert!(!again.findings.has_errors(), "{text}\n---\n{out}\n{:#?}", again.findings);
    assert_eq!(tree(&out), tree(text), "the tree of\n{text}\n---\n{out}");
    assert_eq!(comments(&out), comments(text), "the comments of\n{text}\n---\n{out}");
    assert_eq!(format(&out, &again), out, "twice is not once\n{text}");
    out
}

#[test]
fn programs_keep_their_trees_and_comments() {
    for program in PROGRAMS {
        formatted(program);
    }
    let page = include_str!("../../grammar/README.md");
    for (program, _) in page.split("```jenv\n").skip(1).filter_map(|part| part.split_once("```")) {
        formatted(program);
    }
}

#[test]
fn broken_programs_are_left_alone() {
    let broken = "layer  a { pip { x, y }\n}";
    assert_eq!(format(broken, &parse(FileId(0), broken)), broken);
}

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
    let page = include_str!("../../grammar/README.md");
    let mut programs: Vec<String> = PROGRAMS.iter().map(|program| (*program).to_owned()).collect();
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

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, max_global_rejects: 1_000_000, ..ProptestConfig::default() })]

    #[test]
    fn moved_programs_keep_their_trees_and_comments(text in moved()) {
        prop_assume!(!parse(FileId(0), &text).findings.has_errors());
        formatted(&text);
    }
}
