//! SARIF 2.1.0, as code scanning services take it: one run, a rule for each code that was found.

use serde_json::{Value, json};

use super::batch::Batch;
use crate::base::Place;
use crate::diagnostics::{Code, Diagnostic, Severity};

pub(super) fn render(batches: &[Batch<'_>]) -> String {
    let mut rules: Vec<&'static Code> = batches.iter().flat_map(|batch| batch.findings).map(|finding| finding.code).collect();
    rules.sort_by_key(|code| code.id);
    rules.dedup();
    let results: Vec<_> = batches.iter().flat_map(|batch| batch.findings.iter().map(|one| result(batch, one, &rules))).collect();
    let driver = json!({
        "name": "jenvc",
        "semanticVersion": env!("CARGO_PKG_VERSION"),
        "rules": rules.iter().map(|code| rule(code)).collect::<Vec<_>>(),
    });
    let mut text = format!(
        "{:#}",
        json!({
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [{ "tool": { "driver": driver }, "columnKind": "unicodeCodePoints", "results": results }],
        })
    );
    text.push('\n');
    text
}

fn rule(code: &Code) -> Value {
    json!({
        "id": code.id,
        "name": code.name,
        "shortDescription": { "text": code.name.replace('-', " ") },
        "help": { "text": code.page, "markdown": code.page },
        "defaultConfiguration": { "level": level(code.severity) },
    })
}

fn result(batch: &Batch<'_>, finding: &Diagnostic, rules: &[&Code]) -> Value {
    let mut text = finding.message.clone();
    for line in super::cells_in_words(&finding.cells).iter().chain(&finding.help).chain(finding.fixes.iter().map(|fix| &fix.title)) {
        text.push('\n');
        text.push_str(line);
    }
    let main = || json!({ "physicalLocation": { "artifactLocation": { "uri": uri(&format!("{}{}", batch.prefix, batch.main)) } } });
    let primary = finding.place().and_then(|place| location(batch, place, "")).unwrap_or_else(main);
    let others = finding.labels.iter().filter(|label| !label.primary);
    let related: Vec<_> = others.filter_map(|label| location(batch, label.place, &label.text)).collect();
    let mut object = json!({
        "ruleId": finding.code.id,
        "ruleIndex": rules.iter().position(|code| *code == finding.code),
        "level": level(finding.severity),
        "message": { "text": text },
        "locations": [primary],
    });
    if let (false, Some(map)) = (related.is_empty(), object.as_object_mut()) {
        map.insert("relatedLocations".to_owned(), json!(related));
    }
    object
}

fn location(batch: &Batch<'_>, place: Place, text: &str) -> Option<Value> {
    let source = batch.sources.get(place.file)?;
    let (start, end) = (source.position(place.span.start), source.position(place.span.end));
    let mut object = json!({ "physicalLocation": {
        "artifactLocation": { "uri": uri(&batch.shown(source)) },
        "region": { "startLine": start.line, "startColumn": start.column, "endLine": end.line, "endColumn": end.column },
    } });
    if let (false, Some(map)) = (text.is_empty(), object.as_object_mut()) {
        map.insert("message".to_owned(), json!({ "text": text }));
    }
    Some(object)
}

fn level(severity: Severity) -> &'static str {
    severity.word()
}

/// A path as a relative URI reference: everything but unreserved characters and `/` in percent signs.
fn uri(path: &str) -> String {
    let escaped = path.bytes().map(|byte| {
        let plain = byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
        if plain { char::from(byte).to_string() } else { format!("%{byte:02X}") }
    });
    escaped.collect()
}
