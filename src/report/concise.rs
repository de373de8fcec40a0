//! One line a finding: `file:line:col: severity[CODE] message`.

use super::batch::Batch;
use crate::diagnostics::Diagnostic;

pub(super) fn render(batches: &[Batch<'_>]) -> String {
    batches.iter().flat_map(|batch| batch.findings.iter().map(|finding| line(batch, finding))).collect()
}

fn line(batch: &Batch<'_>, finding: &Diagnostic) -> String {
    let message = finding.message.split_whitespace().collect::<Vec<_>>().join(" ").replace(char::is_control, "\u{fffd}");
    let place = finding.place().and_then(|place| {
        let source = batch.sources.get(place.file)?;
        let at = source.position(place.span.start);
        Some(format!("{}:{}:{}: ", batch.shown(source), at.line, at.column))
    });
    let place = place.unwrap_or_else(|| format!("{}{}: ", batch.prefix, batch.main));
    format!("{place}{}[{}] {message}\n", finding.severity.word(), finding.code.id)
}
