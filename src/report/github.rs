//! Annotations of a GitHub workflow: commands on standard output, one a finding.
//!
//! The escapes are those of the runner: `%`, CR and LF in the message; `:` and `,` as well in a property.

use super::batch::Batch;
use crate::diagnostics::{Diagnostic, Severity};

pub(super) fn render(batches: &[Batch<'_>]) -> String {
    batches.iter().flat_map(|batch| batch.findings.iter().map(|finding| command(batch, finding))).collect()
}

fn command(batch: &Batch<'_>, finding: &Diagnostic) -> String {
    let word = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let title = format!("{} {}", finding.code.id, finding.code.name);
    format!("::{word} {},title={}::{}\n", place(batch, finding), property(&title), data(&message(batch, finding)))
}

/// Where the annotation goes. The runner takes columns only where both are on one line.
fn place(batch: &Batch<'_>, finding: &Diagnostic) -> String {
    let found = finding.place().and_then(|place| Some((place, batch.sources.get(place.file)?)));
    let Some((place, source)) = found else { return format!("file={}", property(&format!("{}{}", batch.prefix, batch.main))) };
    let (start, end) = (source.position(place.span.start), source.position(place.span.end));
    let lines = format!("file={},line={},endLine={}", property(&batch.shown(source)), start.line, end.line);
    if start.line != end.line {
        return lines;
    }
    format!("{lines},col={},endColumn={}", start.column, end.column.max(start.column + 1))
}

/// The message, what the labels say, the cells and the ways out: an annotation stands alone, without an excerpt.
fn message(batch: &Batch<'_>, finding: &Diagnostic) -> String {
    let mut lines = vec![finding.message.clone()];
    for label in finding.labels.iter().filter(|label| !label.text.is_empty()) {
        let place = batch.sources.locate(label.place);
        lines.push(if label.primary { label.text.clone() } else { format!("{place}: {}", label.text) });
    }
    lines.extend(super::cells_in_words(&finding.cells));
    lines.extend(finding.help.iter().chain(finding.fixes.iter().map(|fix| &fix.title)).map(|help| format!("help: {help}")));
    lines.join("\n")
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
