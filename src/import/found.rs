//! Which files there are, by what they are.

use super::repo2docker::{Folder, settle};
use super::work::{Found, Work, unreadable};
use crate::base::{Kind, MAX_FILE_BYTES, join, parent_of};

/// Folders that hold nothing that a person wrote for this purpose.
const PASSED_BY: [&str; 6] = [".git", "node_modules", "target", "__pycache__", ".venv", ".ipynb_checkpoints"];
/// What `Dockerfile.ENDING` is: a template, a program, a text about it.
const NOT_DOCKERFILES: [&str; 17] =
    ["bak", "erb", "go", "in", "j2", "jinja", "jinja2", "json", "md", "orig", "py", "rs", "sh", "template", "tmpl", "tpl", "ts"];
/// Of these, those that something makes a Dockerfile of.
const TEMPLATES: [&str; 8] = ["erb", "in", "j2", "jinja", "jinja2", "template", "tmpl", "tpl"];
/// How many files are looked at.
const MOST: usize = 20_000;
/// In how many bytes the line is that says what wrote a file, or a byte that no text has.
const MARKED: usize = 400;
/// How deep folders are searched.
const DEPTH: usize = 12;

impl Found {
    /// Sorts what the paths of the request name; of folders all that is in them.
    pub(super) fn new(work: &mut Work<'_>) -> Self {
        let mut found = Self::default();
        let mut waiting: Vec<(String, usize)> = work.paths.iter().map(|path| (path.clone(), 0)).collect();
        let mut seen = 0;
        while let Some((path, depth)) = waiting.pop() {
            seen += 1;
            match work.files.kind(&path) {
                Ok(Kind::Folder) if depth < DEPTH && seen < MOST => {
                    let listed = work.files.list(&path).unwrap_or_default();
                    let inner = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}/{name}") };
                    let has = |name: &str| listed.iter().any(|entry| entry.name == name);
                    // An image, as OCI lays it out.
                    if has("blobs") && has("index.json") {
                        continue;
                    }
                    found.folders.extend(Folder::of(work.files, &path, &listed, depth == 0));
                    let kept = listed.iter().filter(|entry| !PASSED_BY.contains(&entry.name.as_str()) && entry.kind != Kind::Other);
                    waiting.extend(kept.map(|entry| (inner(&entry.name), depth + 1)));
                }
                Ok(Kind::File { .. }) if seen < MOST => found.add(path, depth == 0, work),
                Ok(_) => {}
                Err(error) => work.findings.push(unreadable(&path, &error)),
            }
        }
        found.sort();
        for list in [&mut found.dockerfiles, &mut found.workflows, &mut found.bakes] {
            list.retain(|path| !is_compiled(work, path));
        }
        // An encrypted file is nobody's menu.
        for list in [&mut found.workflows, &mut found.bakes, &mut found.scripts, &mut found.yamls] {
            list.retain(|path| work.paths.contains(path) || !is_binary(work, path));
        }
        settle(&mut found, work.files);
        found
    }

    fn add(&mut self, path: String, named: bool, work: &Work<'_>) {
        let file = path.rsplit('/').next().unwrap_or(&path).to_owned();
        let lower = file.to_ascii_lowercase();
        let ending = lower.rsplit_once('.').map_or("", |(_, ending)| ending);
        let yaml = matches!(ending, "yml" | "yaml");
        let list = if is_dockerfile(&file) {
            &mut self.dockerfiles
        } else if lower.starts_with("docker-bake") || yaml && (lower.starts_with("compose") || lower.starts_with("docker-compose")) {
            &mut self.bakes
        } else if yaml && (path.contains(".github/workflows/") || lower == ".gitlab-ci.yml") {
            &mut self.workflows
        } else if yaml && !lower.contains(".schema.") {
            &mut self.yamls
        } else if TEMPLATES.contains(&ending) && is_dockerfile(file.rsplit_once('.').map_or("", |(stem, _)| stem)) {
            &mut self.templates
        } else if file == "Makefile" || ending == "mk" || ending == "sh" {
            &mut self.scripts
        } else if named && begins_with_from(work, &path) {
            &mut self.dockerfiles
        } else {
            return;
        };
        list.push(path);
    }

    fn sort(&mut self) {
        let lists = [&mut self.templates, &mut self.dockerfiles, &mut self.workflows, &mut self.bakes, &mut self.scripts, &mut self.yamls];
        for list in lists {
            list.sort();
        }
    }
}

/// Whether a program that is here as well writes a file.
pub(super) fn is_compiled(work: &Work<'_>, path: &str) -> bool {
    let bytes = work.files.read(path, MAX_FILE_BYTES).unwrap_or_default();
    let start = String::from_utf8_lossy(bytes.get(..MARKED.min(bytes.len())).unwrap_or_default());
    let program = start.split_once("Written by jenvc from ").and_then(|(_, rest)| rest.split_whitespace().next());
    let Some(program) = program.map(|program| program.trim_end_matches(['.', ':'])) else { return false };
    std::iter::successors(Some(parent_of(path)), |folder| Some(parent_of(folder)).filter(|_| !folder.is_empty()))
        .any(|folder| join(folder, program).is_some_and(|path| work.files.kind(&path).is_ok()))
}

/// Whether a file holds no text.
fn is_binary(work: &Work<'_>, path: &str) -> bool {
    work.files.read(path, MAX_FILE_BYTES).is_ok_and(|bytes| bytes.iter().take(MARKED).any(|byte| *byte == 0))
}

/// The names that Dockerfiles have by custom.
fn is_dockerfile(file: &str) -> bool {
    let lower = file.to_ascii_lowercase();
    let ending = lower.rsplit_once('.').map_or("", |(_, ending)| ending);
    let ignored = lower.ends_with("ignore") || NOT_DOCKERFILES.contains(&ending);
    let whole = |name: &str| lower == name || lower.starts_with(&format!("{name}.")) || lower.starts_with(&format!("{name}-"));
    !ignored && (whole("dockerfile") || whole("containerfile") || lower.ends_with(".dockerfile") || lower.ends_with(".containerfile"))
}

/// Whether a file that was named by hand begins as Dockerfiles do.
fn begins_with_from(work: &Work<'_>, path: &str) -> bool {
    let bytes = work.files.read(path, MAX_FILE_BYTES).unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.find(|line| !line.to_ascii_uppercase().starts_with("ARG ")).is_some_and(|line| line.to_ascii_uppercase().starts_with("FROM "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dockerfiles_are_known_by_their_names() {
        for name in ["Dockerfile", "dockerfile", "Dockerfile.cuda", "Dockerfile-dev", "geo.Dockerfile", "Containerfile"] {
            assert!(is_dockerfile(name), "{name}");
        }
        for name in [
            "Dockerfile.dockerignore",
            ".dockerignore",
            "Dockerfile.md",
            "dockerfiles",
            "Dockerfile.j2",
            "Dockerfile.tmpl",
            "dockerfile.go",
        ] {
            assert!(!is_dockerfile(name), "{name}");
        }
    }
}
