//! Broken texts: each mistake is found once, at its place, and hides nothing that follows. Any text at all can be read.

use crate::syntax::ast::{File, Item, ListItem, Statement};
use crate::syntax::{Parsed, parse};
use crate::base::{FileId, Source};
use crate::diagnostics::Edit;
use proptest::prelude::*;

/// Texts, and of each finding the code and what its primary label points at.
const BROKEN: &[(&str, &[(&str, &str)])] = &[
    ("layer a {\n  pip { numpy }\nlayer b {\n  apt { curl }\n}\n", &[("J0005", "{")]),
    ("layer a {\n  pip {\n    numpy\n  conda { x }\n  run \"x\"\n}\nlayer b { }\n", &[("J0005", "{")]),
    ("layer a\n  pip { x }\n  env { A = \"b\" }\n}\nlayer b { apt { y } }\n", &[("J0021", "layer a")]),
    ("project p {\n  registry = \"ghcr.io\n  source = \"x\"\n}\nlayer b { }\n", &[("J0006", "\"ghcr.io")]),
    ("layer a { env { A = \"x } }\nlayer b { }\n", &[("J0006", "\"x } }")]),
    ("layer a {\n  cmd [\"x]\n}\nlayer b { }\n", &[("J0006", "\"x]")]),
    ("layer a {\n  run \"\"\"\n    echo\n}\n\nlayer b {\n  apt { curl }\n}\n", &[("J0006", "\"\"\"")]),
    ("layer a {\n  run \"\"\"\n    import torch\n\nlayer is a word\n  \"\"\"\n}\nlayer b { }\n", &[]),
    ("profile x {\n title = \"a {{ b\"\n slug = \"c\"\n}\n", &[("J0007", "{{")]),
    ("layer a { pip { numpy =>2  scipy =<1 x <>3 y !2 } }", &[("J0015", "=>"), ("J0015", "=<"), ("J0015", "<>"), ("J0015", "!")]),
    (
        "layer a { when python => 3 && x = 4 || ! y { } }",
        &[("J0015", "=>"), ("J0015", "&&"), ("J0015", "="), ("J0015", "||"), ("J0015", "!")],
    ),
    (
        "layer a { cmd [\"a\" \"b\", 3 x] conda { x >=2 <3 } pip { a, b } }",
        &[("J0013", "\"b\""), ("J0013", "x"), ("J0013", "<3"), ("J0014", ",")],
    ),
    ("layer a { x = [, 1,, 2] }", &[("J0014", ","), ("J0014", ",")]),
    ("project p { namespace: \"x\"\n env { A: \"x\", \"b\": 3 } }", &[("J0016", ":"), ("J0016", ":"), ("J0016", ":")]),
    (
        "layer a { pip {\n - numpy\n -e .\n git+https://h/x\n when python >= 3 { y }\n numpy ==\"2\"\n } }",
        &[("J0023", "-"), ("J0023", "-e"), ("J0023", "git+https://h/x"), ("J0023", "when"), ("J0024", "\"2\"")],
    ),
    (
        "layr base { from scipy }\nproject x { }\nfoo bar\nenvironmet y { }\n",
        &[("J0017", "layr"), ("J0017", "foo"), ("J0017", "environmet")],
    ),
    ("let a =\nlet b = 3\nproject p { x =\n y = 3 }\nlet c\nlet d: 4\n", &[("J0012", "="), ("J0012", "="), ("J0012", "c"), ("J0016", ":")]),
    ("layer a { } }\nlayer b { }\npip { x }\nenv { A = \"b\" }\n}\nlayer c { }\n", &[("J0018", "}"), ("J0019", "pip")]),
    (
        "layer a {\n  expose 8888;\n // c\n x = “abc”\n from a /\n cpu = 2...4\n m = .5\n user b ( c )\n é = 3\n @x\n}\n",
        &[
            ("J0011", ";"),
            ("J0011", "//"),
            ("J0011", "“"),
            ("J0012", "/"),
            ("J0015", "..."),
            ("J0011", ".5"),
            ("J0011", "("),
            ("J0011", "é"),
            ("J0011", "@x"),
        ],
    ),
    (
        "layer a { when { pip { x } }\n when python >= 3\n from\n import std.x\n}",
        &[("J0012", "when"), ("J0012", "3"), ("J0012", "from"), ("J0026", "import std.x")],
    ),
    (
        "layer a { pip { python 3.9 pin x pin b ;\n because\n until x\n 1.2 } }",
        &[("J0022", "3.9"), ("J0027", "pin"), ("J0012", ";"), ("J0012", "because"), ("J0012", "until"), ("J0023", "1.2")],
    ),
    (
        "layer a { apt { curl=7.2 os = \"ubuntu\" x git \"y\" } conda { y[build=x] z =2 } }",
        &[("J0015", "="), ("J0015", "="), ("J0029", "\"y\""), ("J0023", "[build=x]")],
    ),
    (
        "layer \"My Layer\" { }\nlayer { }\nlayer a.b { }\nlayer a: { }\nimage x = 3\n",
        &[("J0020", "\"My Layer\""), ("J0020", "layer"), ("J0020", "a.b"), ("J0011", ":"), ("J0021", "image x = 3")],
    ),
    (
        "layer a {\n pip\n {\n x\n }\n labels { org.x.y = \"z\" }\n when 3.10 <= x < 3.12 { } when (a or b) == c { }\n}\n",
        &[("J0031", "{"), ("J0025", "org.x.y"), ("J0028", "<"), ("J0028", "(a or b)")],
    ),
    (
        "layer a {\n x = [1, 2\n y = 3\n z = f(a, b\n when x { }\n cmd [\"a\", \"b\")\n}\n",
        &[("J0005", "["), ("J0005", "("), ("J0005", ")")],
    ),
    (
        "layer a { run \"a\\.b ${{ x }} {{ }}\"\n y = { pip { x } a = 3 }\n}\n",
        &[("J0010", "\\."), ("J0009", "${{"), ("J0008", "{{ }}"), ("J0030", "pip { x }")],
    ),
    ("layer a {\n x = \"abc \\\n def\"\n}\n", &[("J0010", "\\")]),
    (
        "layer a\u{a0}{ pip {\u{200b} x } }\n# \u{202e} abc\r\nlayer b { \r } \n",
        &[("J0003", "\u{a0}"), ("J0003", "\u{200b}"), ("J0004", "\u{202e}"), ("J0003", "\r")],
    ),
    ("layer x {\n  profile {\n    option size {\n      small { cpu = 1 }\n  }\n  env { A = \"x\" }\n}\nlayer y { }\n", &[("J0005", "{")]),
    ("layer a { copy \"a\" -> \"/b\"\n matrix python == 3\n arg A =\n}", &[("J0011", "-"), ("J0011", "="), ("J0012", "=")]),
];

fn found(text: &str) -> Vec<(&'static str, &str)> {
    let all = parse(FileId(0), text).findings.sorted();
    all.iter().map(|finding| (finding.code.id, finding.place().map_or("", |place| &text[place.span.range()]))).collect()
}

fn definitions(file: &File) -> Vec<&str> {
    let name = |item: &'_ Item| matches!(item, Item::Definition(_));
    file.items
        .iter()
        .filter(|item| name(item))
        .map(|item| if let Item::Definition(d) = item { d.name.as_ref().map_or("", |n| n.node.as_str()) } else { "" })
        .collect()
}

/// The text with some edits made.
fn edited(text: &str, edits: &[Edit]) -> String {
    let mut edits: Vec<_> = edits.iter().collect();
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.place.span.start));
    let mut out = text.to_owned();
    for edit in edits {
        out.replace_range(edit.place.span.range(), &edit.text);
    }
    out
}

#[test]
fn each_mistake_is_found_once_at_its_place() {
    for (text, wanted) in BROKEN {
        assert_eq!(&found(text), wanted, "{text}");
        for finding in parse(FileId(0), text).findings.iter() {
            assert!(!finding.message.ends_with('.') && finding.message.len() < 120, "{}", finding.message);
            assert!(!finding.help.is_empty() || !finding.fixes.is_empty(), "no way out of {}", finding.message);
            assert!(finding.labels.iter().all(|label| text.get(label.place.span.range()).is_some()), "{}", finding.message);
        }
    }
}

#[test]
fn safe_fixes_mend_what_they_say_and_break_nothing() {
    let mut applied = 0;
    for (text, _) in BROKEN {
        let before = found(text).len();
        for finding in parse(FileId(0), text).findings.iter() {
            for fix in finding.fixes.iter().filter(|fix| fix.safe) {
                let after = edited(text, &fix.edits);
                assert_eq!(found(&after).len(), before - 1, "{} in\n{text}\n{after}", fix.title);
                applied += 1;
            }
        }
    }
    assert!(applied > 20, "{applied}");
}

#[test]
fn what_is_broken_hides_nothing() {
    let text = "layr a {\n  pip { x, y =>2 ! z\n    w ==3 }\n  @ foo\n  env { A: \"b\" }\n  expose 8888\n}\n}\nlet x =\nlayer b { run \"a }\nlayer c { pip { q } }\n";
    let file = parse(FileId(0), text).file;
    assert_eq!(definitions(&file), ["a", "b", "c"]);
    let Some(Item::Definition(a)) = file.items.first() else { panic!("{file:#?}") };
    let [Statement::List(list), Statement::Phrase(_), Statement::Phrase(expose)] = a.body.statements.as_slice() else { panic!("{a:#?}") };
    assert_eq!(expose.head.as_ref().map(|head| head.node.as_str()), Some("expose"));
    let names =
        list.body.iter().flat_map(|body| &body.items).map(|item| if let ListItem::Entry(e) = item { e.name.literal() } else { None });
    assert_eq!(names.collect::<Vec<_>>(), [Some("x"), Some("y"), Some("w")]);
}

#[test]
fn line_ends_of_windows_change_nothing_but_places() {
    for (text, _) in BROKEN.iter().filter(|(text, _)| !text.contains('\r')) {
        let other = text.replace('\n', "\r\n");
        let here = found(&other).into_iter().map(|(code, at)| (code, at.replace("\r\n", "\n"))).collect::<Vec<_>>();
        assert_eq!(here, found(text).into_iter().map(|(code, at)| (code, at.to_owned())).collect::<Vec<_>>(), "{text}");
    }
}

#[test]
fn nesting_has_a_limit_and_is_read_up_to_it() {
    for (open, close) in
        [("when x { ", "} "), ("x { ", "} "), ("a = [", "]"), ("include f(", ")"), ("v [ ", "] "), ("provides { ", "} "), ("a = { ", "}")]
    {
        let inside = |depth: usize| format!("layer a {{ {}{}}}", open.repeat(depth), close.repeat(depth));
        let each = open.matches(['{', '[', '(']).count();
        let parsed = parse(FileId(0), &inside(127 / each));
        assert_eq!(definitions(&parsed.file), ["a"], "{open}");
        assert!(!parsed.findings.has(&crate::diagnostics::known::NESTED_TOO_DEEP), "{open}");
        assert_eq!(found(&inside(128)), [("J0002", open.trim_start_matches(|c| !"{[(".contains(c)).get(..1).unwrap_or(""))][..], "{open}");
    }
    // Marks that close nothing do not hide how deep it goes.
    for wrong in ["{ ; ) ", "x = [ { y } ( { ", "{ ] "] {
        assert!(parse(FileId(0), &format!("layer a {{ {}", wrong.repeat(4_000))).findings.has(&crate::diagnostics::known::NESTED_TOO_DEEP), "{wrong}");
    }
    let nots = format!("layer a {{ when {}x {{ }} }}", "not ".repeat(100_000));
    assert_eq!(found(&nots).iter().map(|(code, _)| *code).collect::<Vec<_>>(), ["J0002"]);
}

/// Pieces from which texts are made that look like the language.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => prop::sample::select(vec![
            "layer a {", "environment b {", "}", "{", "[", "]", "(", ")", "\n", "\n", " ", "pip {", "conda env x {", "apt {", "provides {", "when ", "python", " == ", ">=", "3.10", "\"", "'",
            "\"\"\"", "'''", "{{", "}}", "{{ x }}", "#", "##", "\\", "because ", "until ", "pin", "override", ";", ",", "|", "=", ":", "from ", "/", "onto ", "let ", "import ", "std.x", "profile ",
            "run ", "git ", "not ", "and ", "or ", "in ", "..", ".*", "*", "\r\n", "\r", "é", "\u{a0}", "\u{202e}", "-", "a", "x = 1", "\"t\"", "then ", "to ", "spack {", "$",
        ]).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

/// What holds of every text.
fn holds(text: &str) -> Parsed {
    let parsed = parse(FileId(0), text);
    for finding in parsed.findings.iter() {
        assert!(
            finding.labels.iter().all(|label| text.get(label.place.span.range()).is_some()),
            "{}: {:?}",
            finding.message,
            finding.labels
        );
        assert!(
            finding.fixes.iter().flat_map(|fix| &fix.edits).all(|edit| text.get(edit.place.span.range()).is_some()),
            "{}",
            finding.message
        );
    }
    for comment in &parsed.trivia.comments {
        assert!(text[comment.span.range()].starts_with('#'), "{comment:?}");
    }
    parsed
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read(text in any::<String>()) {
        holds(&text);
    }

    #[test]
    fn any_text_of_known_pieces_is_read(text in pieces()) {
        holds(&Source::new("x", &text).text);
    }

    #[test]
    fn what_follows_a_broken_item_is_read(text in pieces()) {
        // Not after a block of text that is open: it takes all lines but those that begin a definition.
        let whole = format!("{text}\n\nlayer last {{\n  expose 1\n}}\n");
        let parsed = holds(&whole);
        prop_assert!(definitions(&parsed.file).contains(&"last") || parsed.findings.has(&crate::diagnostics::known::NESTED_TOO_DEEP), "{}", whole);
    }
}
