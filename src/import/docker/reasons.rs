//! Comments: those over an instruction, and those within a script over the entries that they are about.

use super::lists::{Item, List};
use super::read::Instruction;

/// Puts the comments of an instruction, from a byte on, over the entries that they are about. One over a single entry is its reason.
/// Gives up to where they are used.
pub(super) fn comment(list: &mut List, script: &Instruction, start: usize, from: usize) -> usize {
    let mut places: Vec<(usize, &String)> = script.comments.iter().map(|(at, words)| (*at, words)).filter(|(at, _)| *at >= from).collect();
    places.dedup_by(|a, b| a == b);
    let end = list.items.iter().filter_map(|item| item.at).max().map_or(0, |at| at + start);
    let first = list.items.iter().filter_map(|item| item.at).min().map_or(0, |at| at + start);
    let mine: Vec<(usize, &String)> = places.into_iter().filter(|(at, _)| *at <= end).collect();
    let index = |at: usize, items: &[Item]| items.iter().position(|item| item.at.is_some_and(|place| place + start >= at));
    let mut groups: Vec<(usize, Vec<String>)> = Vec::new();
    for (at, words) in mine.into_iter().filter(|(at, _)| at + 200 >= first || first == 0) {
        let Some(index) = index(at, &list.items) else { continue };
        match groups.last_mut() {
            Some((known, lines)) if *known == index => lines.push(words.clone()),
            _ => groups.push((index, vec![words.clone()])),
        }
    }
    let starts: Vec<usize> = groups.iter().map(|(index, _)| *index).chain([list.items.len()]).collect();
    for ((index, lines), next) in groups.into_iter().zip(starts.into_iter().skip(1)) {
        let Some(item) = list.items.get_mut(index) else { continue };
        if next == index + 1 && lines.len() == 1 && item.because.is_none() {
            item.because = lines.into_iter().next();
        } else {
            item.comments.splice(0..0, lines).for_each(drop);
        }
    }
    end + 1
}

/// Comments without the frames that people draw around them.
pub(super) fn comments(lines: &[String]) -> Vec<String> {
    // A comment between the lines of an instruction may end as those do.
    let lines: Vec<String> = lines.iter().map(|line| line.trim_end_matches(['\\', ' ']).to_owned()).collect();
    let bare = |line: &String| line.trim_matches(|c: char| matches!(c, '#' | '=' | '*' | '-' | '~') || c.is_whitespace()).to_owned();
    let framed = lines.iter().any(|line| line.len() > 2 && bare(line).is_empty());
    let lines = lines.into_iter().filter(|line| !is_header(line) && !bare(line).is_empty());
    lines.map(|line| if framed { bare(&line) } else { line }).collect()
}

/// Whether a line above `FROM` is for programs.
fn is_header(line: &str) -> bool {
    ["hadolint", "Written by", "Image:", "Build:", "All of them:", "syntax", "Copyright", "SPDX"].iter().any(|word| line.starts_with(word))
}
