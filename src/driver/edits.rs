//! Edits of findings, applied to the files of a program in memory.

use std::collections::BTreeMap;

use crate::base::{FileId, Files, MAX_FILE_BYTES, MemoryFiles, Sources};
use crate::diagnostics::Edit;

/// The files that edits change; `None` where one of them is not the program's own. The edits don't overlap.
pub(super) fn apply(files: &dyn Files, sources: &Sources, edits: &[Edit]) -> Option<MemoryFiles> {
    let mut by_file: BTreeMap<FileId, Vec<&Edit>> = BTreeMap::new();
    for edit in edits {
        by_file.entry(edit.place.file).or_default().push(edit);
    }
    let mut edited = MemoryFiles::default();
    for (file, mut edits) in by_file {
        let source = sources.get(file).filter(|source| !source.standard)?;
        let bytes = files.read(&source.name, MAX_FILE_BYTES).ok()?;
        let before = std::str::from_utf8(&bytes).ok()?;
        let mark = if before.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let (mut text, mut at) = (String::with_capacity(before.len()), 0);
        // Of two that put something in at one place, the later one comes first.
        edits.sort_by_key(|edit| std::cmp::Reverse(edit.place.span.start));
        for edit in edits.into_iter().rev() {
            let range = edit.place.span.range();
            text.push_str(before.get(at..range.start + mark)?);
            text.push_str(&edit.text);
            at = range.end + mark;
        }
        text.push_str(before.get(at..)?);
        edited.insert(source.name.clone(), text, false);
    }
    Some(edited)
}
