//! One object for machines. Its shape is a contract: `version` changes when a reader would have to.

use serde_json::{Map, Value, json};

use super::Summary;
use super::batch::Batch;
use crate::base::Place;
use crate::diagnostics::{CellRef, Diagnostic, Fix, Label};

/// The version of the shape.
const VERSION: u32 = 1;

pub(super) fn render(batches: &[Batch<'_>]) -> String {
    let several = batches.len() > 1;
    let findings: Vec<_> = batches.iter().flat_map(|batch| batch.findings.iter().map(move |one| finding(batch, one, several))).collect();
    let all = batches.iter().flat_map(|batch| batch.findings);
    let mut text = format!("{:#}", json!({ "version": VERSION, "findings": findings, "summary": summary(Summary::of(all)) }));
    text.push('\n');
    text
}

/// One finding. Where the run is about several programs, `program` says which one, as the current folder names it.
#[must_use]
pub fn finding(batch: &Batch<'_>, finding: &Diagnostic, several: bool) -> Value {
    let help: Vec<_> = finding.help.iter().chain(finding.fixes.iter().map(|fix| &fix.title)).collect();
    let mut object = Map::new();
    object.insert("code".to_owned(), json!(finding.code.id));
    object.insert("name".to_owned(), json!(finding.code.name));
    object.insert("severity".to_owned(), json!(finding.severity.word()));
    object.insert("message".to_owned(), json!(finding.message));
    object.insert("help".to_owned(), json!(help));
    object.insert("labels".to_owned(), finding.labels.iter().filter_map(|one| label(batch, one)).collect());
    object.insert("cells".to_owned(), finding.cells.iter().map(cell).collect());
    if !finding.fixes.is_empty() {
        object.insert("fixes".to_owned(), finding.fixes.iter().map(|one| fix(batch, one)).collect());
    }
    if !finding.stack.is_empty() {
        let storeys = finding.stack.iter().map(|storey| json!({ "name": storey.name, "says": storey.says }));
        object.insert("stack".to_owned(), storeys.collect());
    }
    if let Some(package) = &finding.package {
        object.insert("package".to_owned(), json!({ "ecosystem": package.ecosystem, "name": package.name }));
    }
    if several {
        object.insert("program".to_owned(), json!(format!("{}{}", batch.prefix, batch.main)));
    }
    Value::Object(object)
}

/// The counts.
#[must_use]
pub fn summary(summary: Summary) -> Value {
    json!({ "errors": summary.errors, "warnings": summary.warnings, "notes": summary.notes })
}

/// A way out as an editor applies it: the edits don't overlap.
fn fix(batch: &Batch<'_>, fix: &Fix) -> Value {
    let edits: Vec<_> = fix.edits.iter().filter_map(|edit| range(batch, edit.place).map(|range| (range, edit))).collect();
    let edits = edits.into_iter().map(|(mut range, edit)| {
        range.insert("text".to_owned(), json!(edit.text));
        Value::Object(range)
    });
    json!({ "title": fix.title, "safe": fix.safe, "edits": edits.collect::<Vec<_>>() })
}

/// A place: file, and lines and columns from 1.
fn range(batch: &Batch<'_>, place: Place) -> Option<Map<String, Value>> {
    let source = batch.sources.get(place.file)?;
    let (start, end) = (source.position(place.span.start), source.position(place.span.end));
    let mut range = Map::new();
    range.insert("file".to_owned(), json!(source.name));
    for (key, number) in [("line", start.line), ("column", start.column), ("end_line", end.line), ("end_column", end.column)] {
        range.insert(key.to_owned(), json!(number));
    }
    Some(range)
}

fn label(batch: &Batch<'_>, label: &Label) -> Option<Value> {
    let mut object = range(batch, label.place)?;
    object.insert("text".to_owned(), json!(label.text));
    object.insert("primary".to_owned(), json!(label.primary));
    Some(Value::Object(object))
}

fn cell(cell: &CellRef) -> Value {
    let axes: Map<String, Value> = cell.axes.iter().map(|(axis, value)| (axis.clone(), json!(value))).collect();
    json!({ "environment": cell.environment, "axes": axes })
}
