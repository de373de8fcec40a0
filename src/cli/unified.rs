//! Two texts of one file, side by side as `git apply` takes them.

use similar::TextDiff;

/// The unified diff of a file; `None` where there is none on that side. Empty where both are the same.
pub(super) fn diff(path: &str, before: Option<&str>, after: Option<&str>) -> String {
    let name = |side: char, text: Option<&str>| text.map_or_else(|| "/dev/null".to_owned(), |_| format!("{side}/{path}"));
    let lines = TextDiff::from_lines(before.unwrap_or(""), after.unwrap_or(""));
    lines.unified_diff().context_radius(3).header(&name('a', before), &name('b', after)).to_string()
}
