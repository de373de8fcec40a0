//! J0318: tests of a stage, which no image has.

use std::collections::BTreeSet;

use crate::diagnostics::{Diagnostic, Findings, known};
use crate::ir::Program;

/// J0318
pub(super) fn rules(program: &Program, findings: &mut Findings) {
    let mut seen = BTreeSet::new();
    for image in program.images.iter().filter(|image| image.stage) {
        let tests = image.cells.iter().flat_map(|cell| program[*cell].tests.iter());
        for test in tests.filter(|test| test.from == image.name) {
            if seen.insert(test.origin) {
                findings.push(
                    Diagnostic::new(&known::IDLE_TEST, test.origin, format!("the test `{}` never runs", test.name))
                        .here(format!("`{}` is a stage of the images that take files from it, and no image of its own", image.name))
                        .also(image.origin, "defined here")
                        .help("move the test to a layer that takes the files")
                        .help("or drop `internal`: then it is an image, which is pushed"),
                );
            }
        }
    }
}
