//! One object for machines. Its shape is a contract: `version` changes when a reader would have to.

use serde_json::{Map, Value, json};

use super::{Batch, Summary};
use crate::diagnostics::{CellRef, Diagnostic, Label};

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

fn label(batch: &Batch<'_>, label: &Label) -> Option<Value> {
    let source = batch.sources.get(label.place.file)?;
    let (start, end) = (source.position(label.place.span.start), source.position(label.place.span.end));
    Some(json!({
        "file": source.name, "line": start.line, "column": start.column, "end_line": end.line, "end_column": end.column,
        "text": label.text, "primary": label.primary,
    }))
}

fn cell(cell: &CellRef) -> Value {
    let axes: Map<String, Value> = cell.axes.iter().map(|(axis, value)| (axis.clone(), json!(value))).collect();
    json!({ "environment": cell.environment, "axes": axes })
}
