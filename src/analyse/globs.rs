//! Paths with `*` and `?`, as `COPY` and imports take them. A star never crosses a `/`, and never matches a leading dot.

use crate::base::{Files, Kind};

/// Whether a path is a pattern.
pub(crate) fn is_pattern(path: &str) -> bool {
    path.contains(['*', '?'])
}

/// The files that a pattern matches, sorted. Folders that match the last part are left out.
pub(crate) fn expand(files: &dyn Files, pattern: &str) -> Vec<String> {
    let (mut found, _) = walk(files, pattern, matches);
    found.sort();
    found
}

/// Whether a `COPY` of the pattern takes the same files: it takes folders as well, and names with a leading dot.
pub(crate) fn is_whole(files: &dyn Files, pattern: &str) -> bool {
    let (found, folders) = walk(files, pattern, is_like);
    folders.is_empty() && found.len() == expand(files, pattern).len()
}

/// What a `COPY` of the pattern takes, sorted: files and folders, also those with a leading dot.
pub(crate) fn taken(files: &dyn Files, pattern: &str) -> Vec<String> {
    let (mut found, folders) = walk(files, pattern, is_like);
    found.extend(folders);
    found.sort();
    found
}

/// The files and the folders that a pattern matches, where a part of it matches a name.
fn walk(files: &dyn Files, pattern: &str, matches: fn(&str, &str) -> bool) -> (Vec<String>, Vec<String>) {
    let mut folders = vec![String::new()];
    let parts: Vec<&str> = pattern.split('/').collect();
    let mut found = Vec::new();
    for (at, part) in parts.iter().enumerate() {
        let last = at + 1 == parts.len();
        let mut next = Vec::new();
        for folder in &folders {
            for (path, kind) in candidates(files, folder, part, matches) {
                match kind {
                    Kind::File { .. } if last => found.push(path),
                    Kind::Folder => next.push(path),
                    _ => {}
                }
            }
        }
        folders = next;
    }
    (found, folders)
}

/// What one part of a pattern matches in a folder. Only a part with `*` or `?` needs to know what else is there.
fn candidates(files: &dyn Files, folder: &str, part: &str, matches: fn(&str, &str) -> bool) -> Vec<(String, Kind)> {
    let inside = |name: &str| if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
    if !is_pattern(part) {
        return files.kind(&inside(part)).into_iter().map(|kind| (inside(part), kind)).collect();
    }
    let entries = files.list(folder).unwrap_or_default().into_iter();
    entries.filter(|entry| matches(part, &entry.name)).map(|entry| (inside(&entry.name), entry.kind)).collect()
}

/// Whether a name matches a pattern of one path part.
pub(crate) fn matches(pattern: &str, name: &str) -> bool {
    (pattern.starts_with('.') || !name.starts_with('.')) && is_like(pattern, name)
}

fn is_like(pattern: &str, name: &str) -> bool {
    let (pattern, name): (Vec<char>, Vec<char>) = (pattern.chars().collect(), name.chars().collect());
    let (mut p, mut n) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while n < name.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, n));
                p += 1;
            }
            Some(c) if *c == '?' || name.get(n) == Some(c) => {
                p += 1;
                n += 1;
            }
            _ => match star {
                Some((at, from)) => {
                    star = Some((at, from + 1));
                    p = at + 1;
                    n = from + 1;
                }
                None => return false,
            },
        }
    }
    pattern.get(p..).is_some_and(|rest| rest.iter().all(|c| *c == '*'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::MemoryFiles;

    #[test]
    fn stars_stay_within_a_part() {
        let files: MemoryFiles =
            [("layers/a.jenv", ""), ("layers/b.jenv", ""), ("layers/x/c.jenv", ""), ("layers/.d.jenv", "")].into_iter().collect();
        assert_eq!(expand(&files, "layers/*.jenv"), ["layers/a.jenv", "layers/b.jenv"]);
        assert_eq!(expand(&files, "*/x/?.jenv"), ["layers/x/c.jenv"]);
        for (pattern, whole) in
            [("layers/x/*.jenv", true), ("layers/?.jenv", true), ("layers/*.jenv", false), ("*/*", false), ("layers/x/c.jenv", true)]
        {
            assert_eq!(is_whole(&files, pattern), whole, "{pattern}");
        }
        assert_eq!(taken(&files, "layers/*"), ["layers/.d.jenv", "layers/a.jenv", "layers/b.jenv", "layers/x"]);
        assert!(matches("a*b*c", "aXbYbc") && !matches("a*b", "ac"));
    }
}
