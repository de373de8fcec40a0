//! Conflicts across stacked layers: what holds whatever the layers say.

use std::fmt::Write;

use jenvc::base::MemoryFiles;
use jenvc::diagnostics::{Diagnostic, Fix, Severity};
use jenvc::driver::{Outcome, compile};
use jenvc::report::{Batch, Format, Style, render};
use proptest::prelude::{Just, Strategy, prop_oneof, proptest};
use proptest::test_runner::Config;

use crate::fixes::apply;
use crate::support::{load, project};

/// Errors that say that no version is left.
const CONFLICTS: [&str; 4] = ["J0401", "J0402", "J0405", "J0407"];

/// One entry: the list, the package, its constraint.
type Ask = (&'static str, &'static str, &'static str);

/// An entry of conda or pip about one of two packages.
fn ask() -> impl Strategy<Value = Ask> {
    let bounds = vec!["<1.5", "<2", ">=1, <3", ">=1.5", ">=2", "==1.5.2", "==2.0", "!=1.5.2", ">=1.5, !=2.0", "", "==1.*"];
    let bounds = proptest::sample::select(bounds);
    (prop_oneof![Just("conda"), Just("pip")], prop_oneof![Just("numpy"), Just("scipy")], bounds)
}

/// Layers that don't know of each other.
fn layers() -> impl Strategy<Value = Vec<Vec<Ask>>> {
    proptest::collection::vec(proptest::collection::vec(ask(), 1..3), 2..4)
}

fn list((manager, name, bounds): &Ask) -> String {
    format!("  {manager} {{ {name} {bounds} }}\n")
}

/// A program that stacks open layers on a base.
fn program(layers: &[Vec<Ask>]) -> MemoryFiles {
    let mut text =
        "project demo { registry = \"ghcr.io/demo\" }\n\nimage base {\n  matrix python = [3.12, 3.13]\n  ref = \"quay.io/demo/base\"\n  \
                    digest = \"sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\"\n}\n\n"
            .to_owned();
    for (at, asks) in layers.iter().enumerate() {
        let _ = write!(text, "layer l{at} {{\n{}}}\n\n", asks.iter().map(list).collect::<String>());
    }
    let names: Vec<_> = (0..layers.len()).map(|at| format!("l{at}")).collect();
    let _ = write!(text, "environment all {{\n  from base / {}\n}}\n", names.join(" / "));
    [("main.jenv", text)].into_iter().collect()
}

fn conflicts(outcome: &Outcome) -> Vec<&Diagnostic> {
    outcome.findings.iter().filter(|finding| finding.severity == Severity::Error && CONFLICTS.contains(&finding.code.id)).collect()
}

fn has_conflict(layers: &[Vec<Ask>]) -> bool {
    let files = program(layers);
    let outcome = compile(&files, "main.jenv");
    let found = !conflicts(&outcome).is_empty();
    assert_eq!(found, outcome.findings.has_errors(), "{:?}", outcome.findings);
    found
}

/// What stands beside notes: what a fix must not add to.
fn told(outcome: &Outcome) -> Vec<(Severity, &'static str, String)> {
    let loud = outcome.findings.iter().filter(|finding| finding.severity != Severity::Note);
    loud.map(|finding| (finding.severity, finding.code.id, finding.message.clone())).collect()
}

/// Applies each fix of each finding: the finding goes, and none comes.
fn fixes_help(files: &MemoryFiles) -> usize {
    let before = compile(files, "main.jenv");
    let mut tried = 0;
    for finding in before.findings.iter().filter(|finding| !finding.stack.is_empty()) {
        for fix in &finding.fixes {
            tried += 1;
            let after = compile(&apply(files, &before, fix), "main.jenv");
            let own = (finding.severity, finding.code.id, finding.message.clone());
            let count = |told: &[(Severity, &'static str, String)]| told.iter().filter(|kind| **kind == own).count();
            assert!(count(&told(&after)) < count(&told(&before)), "`{}` leaves `{}`", title(fix), finding.message);
            let new: Vec<_> = told(&after).into_iter().filter(|kind| !told(&before).contains(kind)).collect();
            assert!(new.is_empty(), "`{}` brings {new:?}", title(fix));
        }
    }
    tried
}

fn title(fix: &Fix) -> &str {
    &fix.title
}

proptest! {
    #![proptest_config(Config { cases: 48, failure_persistence: None, ..Config::default() })]

    #[test]
    fn the_order_of_layers_decides_nothing(layers in layers()) {
        let found = has_conflict(&layers);
        let mut turned = layers.clone();
        turned.reverse();
        assert_eq!(has_conflict(&turned), found, "{layers:?}");
        turned.rotate_left(1);
        assert_eq!(has_conflict(&turned), found, "{layers:?}");
    }

    #[test]
    fn one_more_constraint_removes_no_conflict(layers in layers(), more in ask(), below in proptest::bool::ANY) {
        if has_conflict(&layers) {
            let mut longer = layers.clone();
            let at = if below { 0 } else { longer.len() };
            longer.insert(at, vec![more]);
            assert!(has_conflict(&longer), "{layers:?} and {more:?}");
        }
    }
}

proptest! {
    #![proptest_config(Config { cases: 12, failure_persistence: None, ..Config::default() })]

    #[test]
    fn a_fix_that_is_offered_is_a_fix(layers in layers()) {
        fixes_help(&program(&layers));
    }
}

#[test]
fn the_fixes_of_the_cases_that_are_known_are_fixes() {
    let folder = project().join("tests/corpus/conflicts");
    let mut tried = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            tried += fixes_help(&load(&path));
        } else if path.extension().is_some_and(|extension| extension == "jenv") {
            tried += fixes_help(&[("main.jenv", std::fs::read(&path).unwrap())].into_iter().collect());
        }
    }
    assert!(tried >= 10, "only {tried} fixes are offered");
}

#[test]
fn an_explanation_fits_a_screen() {
    let folder = project().join("tests/corpus/conflicts");
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let files = match path.extension().and_then(|extension| extension.to_str()) {
            Some("jenv") => [("main.jenv", std::fs::read(&path).unwrap())].into_iter().collect(),
            None => load(&path),
            Some(_) => continue,
        };
        let outcome = compile(&files, "main.jenv");
        for finding in outcome.findings.iter().filter(|finding| CONFLICTS.contains(&finding.code.id)) {
            let batch = Batch { main: "main.jenv", prefix: "", sources: &outcome.sources, findings: std::slice::from_ref(finding) };
            let text = render(Format::Human, &[batch], Style::default());
            let lines = text.trim_end().lines().count() - 2;
            assert!(lines <= 20 && text.lines().all(|line| line.chars().count() <= 80), "{lines} lines:\n{text}");
        }
    }
}
