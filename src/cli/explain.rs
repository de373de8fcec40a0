//! `jenvc explain`: the page of a finding, or the list of all.

use super::args::{Explain, Global, code};
use super::table::Table;
use super::{Exit, Misuse, Reply};
use crate::diagnostics::{ALL_CODES, Code};

pub(super) fn run(explain: &Explain, global: &Global) -> Result<Reply, Misuse> {
    let Some(word) = &explain.code else {
        return Ok(Reply::new(if global.json() { json_list() } else { list() }, Exit::Clean));
    };
    let code = code(word.trim()).map_err(Misuse)?;
    let text = if global.json() { format!("{:#}\n", object(code, true)) } else { code.page.to_owned() };
    Ok(Reply::new(text, Exit::Clean))
}

fn list() -> String {
    let mut table = Table::default();
    for code in ALL_CODES {
        table.row([code.id, code.name, code.severity.word()]);
    }
    table.to_string()
}

fn json_list() -> String {
    let codes: Vec<_> = ALL_CODES.iter().map(|code| object(code, false)).collect();
    format!("{:#}\n", serde_json::json!({ "version": 1, "codes": codes }))
}

fn object(code: &Code, page: bool) -> serde_json::Value {
    let mut object = serde_json::json!({ "code": code.id, "name": code.name, "severity": code.severity.word() });
    if let (true, Some(map)) = (page, object.as_object_mut()) {
        map.insert("page".to_owned(), serde_json::json!(code.page));
    }
    object
}
