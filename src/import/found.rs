//! Which files there are to read.

use crate::base::Kind;

use super::work::{Work, unreadable};

/// Folders that hold nothing that a person wrote for this purpose.
const PASSED_BY: [&str; 6] = [".git", "node_modules", "target", "__pycache__", ".venv", ".ipynb_checkpoints"];
/// How many files are looked at.
const MOST: usize = 20_000;
/// How deep folders are searched.
const DEPTH: usize = 12;

/// The files that the paths of the request name, and those of folders that end as YAML does: paths relative to the root, sorted.
pub(super) fn yamls(work: &mut Work<'_>) -> Vec<String> {
    let mut found = Vec::new();
    let mut waiting: Vec<(String, usize)> = work.paths.iter().map(|path| (path.clone(), 0)).collect();
    let mut seen = 0;
    while let Some((path, depth)) = waiting.pop() {
        seen += 1;
        match work.files.kind(&path) {
            Ok(Kind::Folder) if depth < DEPTH && seen < MOST => {
                let listed = work.files.list(&path).unwrap_or_default();
                let inner = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}/{name}") };
                let kept = listed.iter().filter(|entry| !PASSED_BY.contains(&entry.name.as_str()) && entry.kind != Kind::Other);
                waiting.extend(kept.map(|entry| (inner(&entry.name), depth + 1)));
            }
            Ok(Kind::File { .. }) if seen < MOST && is_yaml(&path) => found.push(path),
            Ok(_) => {}
            Err(error) => work.findings.push(unreadable(&path, &error)),
        }
    }
    found.sort();
    found
}

fn is_yaml(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    [".yaml", ".yml"].iter().any(|ending| lower.ends_with(ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yaml_is_known_by_its_ending() {
        assert!(["a.yaml", "deploy/A.YML"].iter().all(|path| is_yaml(path)));
        assert!(["yaml", "a.yaml.md", "Dockerfile"].iter().all(|path| !is_yaml(path)));
    }
}
