//! Paths with `*` and `?`, as `COPY` and imports take them. A star never crosses a `/`, and never matches a leading dot.

use crate::base::{Files, Kind};

/// The files that a pattern matches, sorted. Folders that match the last part are left out.
pub(crate) fn expand(files: &dyn Files, pattern: &str) -> Vec<String> {
    let mut folders = vec![String::new()];
    let parts: Vec<&str> = pattern.split('/').collect();
    let mut found = Vec::new();
    for (at, part) in parts.iter().enumerate() {
        let last = at + 1 == parts.len();
        let mut next = Vec::new();
        for folder in &folders {
            for entry in files.list(folder).unwrap_or_default() {
                let path = if folder.is_empty() { entry.name.clone() } else { format!("{folder}/{}", entry.name) };
                match entry.kind {
                    Kind::File { .. } if last && matches(part, &entry.name) => found.push(path),
                    Kind::Folder if !last && matches(part, &entry.name) => next.push(path),
                    _ => {}
                }
            }
        }
        folders = next;
    }
    found.sort();
    found
}

/// Whether a name matches a pattern of one path part.
pub(crate) fn matches(pattern: &str, name: &str) -> bool {
    if name.starts_with('.') && !pattern.starts_with('.') {
        return false;
    }
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
        assert!(matches("a*b*c", "aXbYbc") && !matches("a*b", "ac"));
    }
}
