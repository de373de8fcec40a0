//! Every format on findings that are hard to draw.

use super::*;
use crate::base::{FileId, Place, Source, Sources, Span};
use crate::diagnostics::{CellRef, Diagnostic, known};

const BASE: &str = "layer base {\n\tconda { numpy <2 }\n}\n";
const GRID: &str = "# é漢字\r\nlayer grid {\r\n  pip { a\t\u{202e} é漢字 numpy >=2.1 }\r\n}";

fn sources() -> Sources {
    let mut sources = Sources::default();
    sources.add(Source::new("base.jenv", BASE));
    sources.add(Source::new("layers/grid.jenv", GRID));
    sources
}

fn place(file: u32, part: &str) -> Place {
    let start = [BASE, GRID][file as usize].find(part).unwrap();
    Place::new(FileId(file), Span::new(start, start + part.len()))
}

fn cell(python: &str, variant: &str) -> CellRef {
    CellRef {
        environment: "ml".to_owned(),
        axes: vec![("python".to_owned(), python.to_owned()), ("variant".to_owned(), variant.to_owned())],
    }
}

fn conflict() -> Diagnostic {
    let message = "no version of `numpy` satisfies both `>=2.1` of `grid` and `<2` of `base`, which stands underneath";
    Diagnostic::new(&known::NOT_UTF8, place(1, "numpy >=2.1"), message)
        .here("`grid` asks for `>=2.1`")
        .also(place(0, "numpy <2"), "`base` holds it under `<2`")
        .in_cells([cell("3.10", "cpu"), cell("3.10", "cuda12"), cell("3.11", "cpu"), cell("3.11", "cuda12")])
        .about("pypi", "numpy")
        .help("take `base` from a release that allows `numpy 2`, where there is one, or leave the bound of `grid` out")
        .replace("relax the bound of `grid`", false, place(1, ">=2.1"), ">=1.26")
}

fn draw(findings: &[Diagnostic], format: Format) -> String {
    let sources = sources();
    render(format, &[Batch { main: "main.jenv", prefix: "", sources: &sources, findings }], Style::default())
}

#[test]
fn several_files_stand_in_one_drawing() {
    let expected = r"error[J0001]: no version of `numpy` satisfies both `>=2.1` of `grid` and `<2`
              of `base`, which stands underneath
 --> layers/grid.jenv:3:17
  |
3 |   pip { a    \u{fffd} é漢字 numpy >=2.1 }
  |                      ^^^^^^^^^^^ `grid` asks for `>=2.1`
  |
 ::: base.jenv:2:10
  |
2 |     conda { numpy <2 }
  |             -------- `base` holds it under `<2`
  |
  = note: in 4 cells: ml (python 3.10, cpu), ml (python 3.10, cuda12), ml
          (python 3.11, cpu) and 1 more
  = help: take `base` from a release that allows `numpy 2`, where there is
          one, or leave the bound of `grid` out
help: relax the bound of `grid`
  |
3 -   pip { a    \u{fffd} é漢字 numpy >=2.1 }
3 +   pip { a    \u{fffd} é漢字 numpy >=1.26 }
  |

1 error; more about one: jenvc explain J0001
";
    assert_eq!(draw(&[conflict()], Format::Human), expected.replace("\\u{fffd}", "\u{fffd}"));
}

#[test]
fn a_label_at_the_end_of_the_file_is_shown() {
    let end = Place::new(FileId(1), Span::new(GRID.len(), GRID.len()));
    let text = draw(&[Diagnostic::new(&known::NOT_UTF8, end, "the file ends here").here("a `}` is missing")], Format::Human);
    assert!(text.contains(" --> layers/grid.jenv:4:2\n  |\n4 | }\n  |  ^ a `}` is missing\n"), "{text}");
}

#[test]
fn spans_that_are_off_are_drawn_at_the_nearest_place() {
    let spans = [Span::new(3, 4), Span::new(4, 5), Span::new(900, 1000), Span::new(9, 2), Span::new(0, usize::MAX)];
    for span in spans {
        let finding = Diagnostic::new(&known::NOT_UTF8, Place::new(FileId(1), span), "off").here("here");
        for format in [Format::Human, Format::Concise, Format::Json, Format::Github, Format::Sarif] {
            assert!(!draw(std::slice::from_ref(&finding), format).is_empty());
        }
    }
    let nowhere = Diagnostic::new(&known::NOT_UTF8, Place::new(FileId(7), Span::new(0, 1)), "no file").here("here");
    assert_eq!(draw(&[nowhere], Format::Concise), "main.jenv: error[J0001] no file\n");
}

#[test]
fn long_lines_and_long_labels_fit_the_width() {
    let long = format!("{}numpy >=2.1{}", "abc ".repeat(60), " xyz".repeat(60));
    let mut sources = Sources::default();
    let file = sources.add(Source::new("long.jenv", &long));
    let at = Place::new(file, Span::new(240, 251));
    let label = "a long label that says what stands here and goes on, and on, further than a line is wide";
    let findings = [
        Diagnostic::new(&known::NOT_UTF8, at, "short").here("short"),
        Diagnostic::new(&known::NOT_UTF8, at, "long").here(label).also(Place::new(file, Span::new(0, 9)), "far away on the same line"),
        Diagnostic::new(&known::NOT_UTF8, Place::new(file, Span::new(0, long.len())), "all").here(label),
        Diagnostic::new(&known::NOT_UTF8, at, "patch").replace("write \u{1b}[31m", true, at, "pandas"),
    ];
    let batch = Batch { main: "long.jenv", prefix: "", sources: &sources, findings: &findings };
    let text = render(Format::Human, &[batch], Style::default());
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    assert!(text.contains("= here: a long label") && text.contains("far away on the same line"), "{text}");
    assert!(!text.contains('\u{1b}'), "{text}");
}

#[test]
fn colour_is_asked_for() {
    let sources = sources();
    let findings = [conflict()];
    let batch = Batch { main: "main.jenv", prefix: "", sources: &sources, findings: &findings };
    assert!(render(Format::Human, &[batch], Style { color: true, width: 80 }).contains("\u{1b}["));
}

#[test]
fn commands_of_a_workflow_are_escaped() {
    let mut sources = Sources::default();
    let file = sources.add(Source::new("a,b:c%.jenv", "x"));
    let finding = Diagnostic::new(&known::NOT_UTF8, Place::new(file, Span::new(0, 1)), "100 %\r\n::error::no").help("a, b: c");
    let text = render(Format::Github, &[Batch { main: "m", prefix: "p/", sources: &sources, findings: &[finding] }], Style::default());
    let place = "file=p/a%2Cb%3Ac%25.jenv,line=1,endLine=1,col=1,endColumn=2,title=J0001 not-utf8";
    assert_eq!(text, format!("::error {place}::100 %25%0D%0A::error::no%0Ahelp: a, b: c\n"));
}

#[test]
fn concise_is_one_line_whatever_the_message() {
    let text = draw(&[Diagnostic::nowhere(&known::NOT_UTF8, "a\nb\u{1b}c")], Format::Concise);
    assert_eq!(text, "main.jenv: error[J0001] a b\u{fffd}c\n");
}

#[test]
fn json_has_the_shape_of_the_contract() {
    let value: serde_json::Value = serde_json::from_str(&draw(&[conflict()], Format::Json)).unwrap();
    assert_eq!(value["version"], 1);
    assert_eq!(value["summary"], serde_json::json!({ "errors": 1, "warnings": 0, "notes": 0 }));
    let finding = &value["findings"][0];
    let keys: Vec<_> = finding.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["code", "name", "severity", "message", "help", "labels", "cells", "fixes", "package"]);
    let label = serde_json::json!({ "file": "layers/grid.jenv", "line": 3, "column": 17, "end_line": 3, "end_column": 28,
        "text": "`grid` asks for `>=2.1`", "primary": true });
    assert_eq!(finding["labels"][0], label);
    assert_eq!(finding["cells"][1], serde_json::json!({ "environment": "ml", "axes": { "python": "3.10", "variant": "cuda12" } }));
    assert_eq!(finding["package"], serde_json::json!({ "ecosystem": "pypi", "name": "numpy" }));
    assert_eq!(finding["help"].as_array().unwrap().len(), 2);
    let edit = &finding["fixes"][0]["edits"][0];
    assert_eq!((edit["file"].is_string(), edit["line"].is_number(), edit["text"].is_string()), (true, true, true));
}

#[test]
fn sarif_names_rules_and_places() {
    let value: serde_json::Value = serde_json::from_str(&draw(&[conflict(), conflict()], Format::Sarif)).unwrap();
    let run = &value["runs"][0];
    assert_eq!(run["tool"]["driver"]["rules"].as_array().unwrap().len(), 1);
    assert_eq!(run["results"][1]["ruleIndex"], 0);
    assert_eq!(run["results"][0]["locations"][0]["physicalLocation"]["region"]["startColumn"], 17);
    assert_eq!(run["results"][0]["relatedLocations"][0]["physicalLocation"]["artifactLocation"]["uri"], "base.jenv");
}
