//! What an import says: what was read, what was written, the table, the remarks, what to do next.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::{Value, json};

use super::super::console::{Console, Stream};
use super::super::table::Table;
use super::Import;
use crate::cli::global::Global;
use crate::cli::reply::{Exit, Reply};
use crate::diagnostics::{Diagnostic, Severity};
use crate::import::{Compared, Counts, Imported, Proposal, Remark, Row, Seen, Shared, Verdict, bytes};
use crate::report::{Batch, Summary, count, json_finding, json_summary, render};

/// An import that wrote nothing, since something is wrong.
pub(super) fn failed(imported: &Imported, root: &Path, global: &Global, console: &Console) -> Reply {
    if global.json() {
        return Reply::new(object(imported, root, "none", &[]), Exit::Findings);
    }
    Reply { after: findings(imported, root, global, console), ..Reply::new("", Exit::Findings) }
}

/// An import that went well.
pub(super) fn imported(imported: &Imported, to: &Path, import: &Import, global: &Global, console: &Console) -> Reply {
    let status = if import.report || import.dry_run { "none" } else { "new" };
    if global.json() {
        return Reply::new(object(imported, Path::new(""), status, &[]), Exit::Clean);
    }
    let mut text = String::new();
    if import.dry_run {
        for file in &imported.written {
            let _ = match std::str::from_utf8(&file.bytes) {
                Ok(body) => writeln!(text, "==> {} <==\n{body}", file.path),
                Err(_) => writeln!(text, "==> {} <==\n({} bytes)\n", file.path, file.bytes.len()),
            };
        }
    }
    if !console.quiet() {
        text += &summary(imported, to, status == "new", console.verbose());
    }
    if status == "new" && !console.quiet() {
        let given: Vec<_> = import.paths.iter().map(|path| path.display().to_string()).collect();
        let originals = if given.is_empty() { String::new() } else { format!(" {}", given.join(" ")) };
        let folder = if to == Path::new(".") { String::new() } else { format!(" {}", to.display()) };
        let _ = writeln!(
            text,
            "\nnext: decide what the remarks ask, then run `jenvc check{folder}`, then `jenvc import{originals} --verify{folder}`"
        );
    }
    Reply { after: findings(imported, Path::new(""), global, console), ..Reply::new(text, Exit::Clean) }
}

/// What `--verify` found.
pub(super) fn compared(rows: &[Compared], imported: &Imported, root: &Path, global: &Global, console: &Console) -> Reply {
    let differs = rows.iter().any(|row| row.verdict == Verdict::Differs);
    let wrong = imported.findings.iter().any(|finding| finding.severity == Severity::Error);
    let exit = match (wrong, differs) {
        (true, _) => Exit::Findings,
        (false, true) => Exit::Drift,
        (false, false) => Exit::Clean,
    };
    if global.json() {
        return Reply::new(object(imported, root, "none", rows), exit);
    }
    let mut table = Table::default();
    if rows.is_empty() && !wrong {
        table.row(["nothing to compare: there is neither a Dockerfile nor an image nor a folder for repo2docker nor a menu"]);
    }
    for row in rows {
        table.row([word(row.verdict).to_owned(), format!("{}: {}", row.about, row.said)]);
    }
    Reply { after: findings(imported, root, global, console), ..Reply::new(table.to_string(), exit) }
}

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Equal => "equal",
        Verdict::Remarked => "remarked",
        Verdict::Differs => "differs",
    }
}

fn summary(imported: &Imported, to: &Path, written: bool, verbose: bool) -> String {
    let mut text = format!("read     {}\n", imported.ledger.read.join(", "));
    let sources = imported.written.iter().filter(|file| verbose || super::find::is_jenv(Path::new(&file.path)));
    let mut names: Vec<String> = sources.map(|file| file.path.clone()).collect();
    let copies = imported.written.len() - names.len();
    if let (true, Some(first)) = (written, names.first_mut()) {
        shown(&to.join(&*first)).trim_start_matches("./").clone_into(first);
        let others = if copies == 0 { String::new() } else { format!(", {} in `files`", count(copies, "file")) };
        let _ = writeln!(text, "written  {}{others}", names.join(", "));
    }
    let rows = table(&imported.ledger.rows);
    if !rows.is_empty() {
        let _ = write!(text, "\n{rows}");
    }
    text + &proposals(&imported.ledger.proposals) + &remarks(imported)
}

/// What is left to a person, since it changes the order of steps.
fn proposals(all: &[Proposal]) -> String {
    const NAMED: usize = 4;
    if all.is_empty() {
        return String::new();
    }
    let mut text = format!("\n{}, not applied, since it changes the order of steps:\n", count(all.len(), "proposal"));
    if all.len() > 1 {
        text = text.replace("it changes", "they change");
    }
    for one in all {
        let list = |(head, entries): &(String, Vec<String>)| {
            let named: Vec<&str> = entries.iter().take(NAMED).map(String::as_str).collect();
            let more = if entries.len() > NAMED { format!("  … {} more", entries.len() - NAMED) } else { String::new() };
            format!("{head} {{ {}{more} }}", named.join("  "))
        };
        let lists: Vec<String> = one.lists.iter().map(list).collect();
        let what = one.parent.as_ref().map_or_else(|| "an open layer".to_owned(), |parent| format!("a layer on `{parent}`"));
        let saved = [(one.entries, "entry", "entries"), (one.steps, "step", "steps")];
        let mut saved: Vec<String> = saved
            .iter()
            .filter(|(number, ..)| *number > 0)
            .map(|(number, one, many)| format!("{number} {}", if *number == 1 { one } else { many }))
            .collect();
        saved.extend((one.bytes > 0).then(|| bytes(one.bytes)));
        let _ = writeln!(text, "  {what} for {}: saves {}\n    {}", one.layers.join(", "), saved.join(", "), lists.join("  "));
    }
    text
}

fn table(rows: &[Row]) -> String {
    let (mut table, mut words) = (Table::default(), Table::default());
    if rows.iter().any(|row| matches!(row, Row::Steps { .. })) {
        table.row(["", "instructions", "lists", "steps", "kept as run", "left out"]);
    }
    for row in rows {
        match row {
            Row::Steps { name, counts } => {
                let Counts { instructions, lists, steps, runs, left_out } = *counts;
                let numbers = [instructions, lists, steps, runs, left_out].map(|number| number.to_string());
                table.row(std::iter::once(name.clone()).chain(numbers));
            }
            Row::Words { name, words: said } => words.row([name.clone(), said.clone()]),
        }
    }
    format!("{table}{words}")
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

fn seen(image: &Seen) -> Value {
    let layers: Vec<Value> = image.layers.iter().map(|(size, cache)| json!({ "bytes": size, "caches": cache })).collect();
    json!({ "name": image.name, "asked": image.asked, "layers": layers })
}

fn shared(one: &Shared) -> Value {
    json!({ "layer": one.layer, "images": one.images, "steps": one.steps })
}

fn proposal(one: &Proposal) -> Value {
    let lists: Vec<Value> = one.lists.iter().map(|(head, entries)| json!({ "head": head, "entries": entries })).collect();
    let saves = json!({ "entries": one.entries, "steps": one.steps, "bytes": one.bytes });
    json!({ "layers": one.layers, "parent": one.parent, "lists": lists, "saves": saves })
}

/// One object for machines.
fn object(imported: &Imported, root: &Path, status: &str, rows: &[Compared]) -> String {
    let prefix = shown(root);
    let batch = Batch { main: "", prefix: &prefix, sources: &imported.sources, findings: &imported.findings };
    let findings: Vec<Value> = imported.findings.iter().map(|one| json_finding(&batch, one, false)).collect();
    let files: Vec<Value> = imported.written.iter().map(|file| json!({ "path": file.path, "status": status })).collect();
    let remark = |remark: &Remark| {
        let source = imported.sources.get(remark.place.file);
        let line = source.map(|source| source.position(remark.place.span.start).line);
        json!({ "file": source.map(|source| &source.name), "line": line, "kind": remark.kind.word(), "text": remark.text })
    };
    let row = |row: &Row| match row {
        Row::Steps { name, counts } => json!({
            "name": name, "instructions": counts.instructions, "lists": counts.lists, "steps": counts.steps,
            "runs": counts.runs, "left_out": counts.left_out,
        }),
        Row::Words { name, words } => json!({ "name": name, "words": words }),
    };
    let compared = rows.iter().map(|row| json!({ "verdict": word(row.verdict), "about": row.about, "said": row.said }));
    let object = json!({
        "version": 1,
        "read": imported.ledger.read,
        "files": files,
        "rows": imported.ledger.rows.iter().map(row).collect::<Vec<_>>(),
        "installs": { "all": imported.ledger.installs.0, "lists": imported.ledger.installs.1 },
        "images": imported.ledger.images.iter().map(seen).collect::<Vec<_>>(),
        "shared": imported.ledger.shared.iter().map(shared).collect::<Vec<_>>(),
        "proposals": imported.ledger.proposals.iter().map(proposal).collect::<Vec<_>>(),
        "remarks": imported.ledger.remarks.iter().map(remark).collect::<Vec<_>>(),
        "compared": compared.collect::<Vec<_>>(),
        "findings": findings,
        "summary": json_summary(Summary::of(&imported.findings)),
    });
    format!("{object:#}\n")
}

/// A path as people write it.
pub(super) fn shown(path: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    match path.strip_prefix(here) {
        Ok(inner) if inner.as_os_str().is_empty() => ".".to_owned(),
        Ok(inner) => inner.display().to_string(),
        Err(_) => path.display().to_string(),
    }
}
