//! Comments of a list, and what each is about: what begins behind it, else what it stands in.

use std::collections::BTreeMap;

use super::find::Site;
use super::model::Entry;
use crate::import::yaml::{Node, Value};

/// The comments within a list by the byte at which their entry, drop-down or choice begins.
pub(super) fn by_element(text: &str, site: &Site, entries: &[Entry]) -> BTreeMap<usize, Vec<String>> {
    let (list, key) = (&site.list, site.place);
    let mut starts: Vec<usize> = Vec::new();
    for entry in entries {
        starts.push(entry.common.place.span.start as usize);
        for option in &entry.options {
            starts.push(option.key.place.span.start as usize);
            starts.extend(option.lines.iter().map(|choice| choice.common.place.span.start as usize));
            starts.extend(option.unlisted.iter().map(|free| free.common.place.span.start as usize));
        }
    }
    starts.sort_unstable();
    starts.dedup();
    let mut contents = Vec::new();
    collect(list, &mut contents);
    contents.sort_unstable();
    let end = contents.last().copied().unwrap_or(0);
    let from = key.span.start.min(list.place.span.start) as usize;
    let mut all: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for comment in site.comments.iter().filter(|comment| !comment.words.is_empty()) {
        let at = comment.place.span.start as usize;
        let behind = at > end && (comment.alone || text.get(end..at).is_none_or(|between| between.contains('\n')));
        if at < from || behind {
            continue;
        }
        let next = contents.get(contents.partition_point(|start| *start < at));
        let above = starts.iter().find(|start| comment.alone && Some(*start) == next);
        let within = || starts.get(starts.partition_point(|start| *start <= at).checked_sub(1)?);
        if let Some(element) = above.or_else(within).or(starts.first()) {
            all.entry(*element).or_default().push(comment.words.clone());
        }
    }
    all
}

/// Where values and keys begin.
fn collect(node: &Node, all: &mut Vec<usize>) {
    match &node.value {
        Value::List(items) => items.iter().for_each(|item| collect(item, all)),
        Value::Map(fields) => {
            for field in fields {
                all.push(field.place.span.start as usize);
                collect(&field.value, all);
            }
        }
        _ => all.push(node.place.span.start as usize),
    }
}
