//! What an import says: what was read, what was written, the table, the remarks, what to do next.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::{Value, json};

use super::super::args::Global;
use super::super::console::{Console, Stream};
use super::super::table::Table;
use super::super::{Exit, Reply};
use super::{Import, shown};
use crate::diagnostics::{Diagnostic, Severity};
use crate::import::{Imported, Remark, Row};
use crate::report::{Batch, Summary, count, json_finding, json_summary, render};

/// An import that wrote nothing, since something is wrong.
pub(super) fn failed(imported: &Imported, root: &Path, global: &Global, console: &Console) -> Reply {
    if global.json() {
        return Reply::new(object(imported, root, "none"), Exit::Findings);
    }
    Reply { after: findings(imported, root, global, console), ..Reply::new("", Exit::Findings) }
}

/// An import that went well.
pub(super) fn imported(imported: &Imported, to: &Path, import: &Import, global: &Global, console: &Console) -> Reply {
    let status = if import.report || import.dry_run { "none" } else { "new" };
    if global.json() {
        return Reply::new(object(imported, Path::new(""), status), Exit::Clean);
    }
    let mut text = String::new();
    if import.dry_run {
        for file in &imported.written {
            let _ = writeln!(text, "==> {} <==\n{}", file.path, file.text);
        }
    }
    if !console.quiet() {
        text += &summary(imported, to, status == "new");
    }
    if status == "new" && !console.quiet() {
        let folder = if to == Path::new(".") { String::new() } else { format!(" {}", to.display()) };
        let _ = writeln!(text, "\nnext: decide what the remarks ask, then run `jenvc check{folder}`");
    }
    Reply { after: findings(imported, Path::new(""), global, console), ..Reply::new(text, Exit::Clean) }
}

fn summary(imported: &Imported, to: &Path, written: bool) -> String {
    let mut text = format!("read     {}\n", imported.ledger.read.join(", "));
    if written {
        let names: Vec<String> =
            imported.written.iter().map(|file| shown(&to.join(&file.path)).trim_start_matches("./").to_owned()).collect();
        let _ = writeln!(text, "written  {}", names.join(", "));
    }
    let rows = table(&imported.ledger.rows);
    if !rows.is_empty() {
        let _ = write!(text, "\n{rows}");
    }
    text + &remarks(imported)
}

fn table(rows: &[Row]) -> String {
    let mut table = Table::default();
    for row in rows {
        table.row([row.name.as_str(), &row.words]);
    }
    table.to_string()
}

/// The remarks by file and line.
fn remarks(imported: &Imported) -> String {
    let mut all: Vec<&Remark> = imported.ledger.remarks.iter().collect();
    if all.is_empty() {
        return String::new();
    }
    let position = |remark: &Remark| {
        let source = imported.sources.get(remark.place.file);
        source.map(|source| (source.name.clone(), source.position(remark.place.span.start).line)).unwrap_or_default()
    };
    all.sort_by_key(|remark| position(remark));
    let mut table = Table::default();
    for remark in &all {
        let (file, line) = position(remark);
        table.row([format!("  {file}:{line}"), remark.kind.word().to_owned(), remark.text.clone()]);
    }
    format!("\n{}, each at its place (`# import: …`):\n{table}", count(all.len(), "remark"))
}

fn findings(imported: &Imported, root: &Path, global: &Global, console: &Console) -> String {
    let quiet = console.quiet();
    let kept = imported.findings.iter().filter(|finding| !quiet || finding.severity == Severity::Error);
    let findings: Vec<Diagnostic> = kept.cloned().collect();
    if findings.is_empty() {
        return String::new();
    }
    let prefix = match shown(root).as_str() {
        "." | "" => String::new(),
        folder => format!("{folder}/"),
    };
    let batch = Batch { main: "", prefix: &prefix, sources: &imported.sources, findings: &findings };
    render(global.format.into(), &[batch], console.style(Stream::Error))
}

/// One object for machines.
fn object(imported: &Imported, root: &Path, status: &str) -> String {
    let prefix = shown(root);
    let batch = Batch { main: "", prefix: &prefix, sources: &imported.sources, findings: &imported.findings };
    let findings: Vec<Value> = imported.findings.iter().map(|one| json_finding(&batch, one, false)).collect();
    let files: Vec<Value> = imported.written.iter().map(|file| json!({ "path": file.path, "status": status })).collect();
    let remark = |remark: &Remark| {
        let source = imported.sources.get(remark.place.file);
        let line = source.map(|source| source.position(remark.place.span.start).line);
        json!({ "file": source.map(|source| &source.name), "line": line, "kind": remark.kind.word(), "text": remark.text })
    };
    let row = |row: &Row| json!({ "name": row.name, "words": row.words });
    let object = json!({
        "version": 1,
        "read": imported.ledger.read,
        "files": files,
        "rows": imported.ledger.rows.iter().map(row).collect::<Vec<_>>(),
        "remarks": imported.ledger.remarks.iter().map(remark).collect::<Vec<_>>(),
        "findings": findings,
        "summary": json_summary(Summary::of(&imported.findings)),
    });
    format!("{object:#}\n")
}
