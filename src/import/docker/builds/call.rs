//! One build that a script, a workflow or a bake file calls.

use std::collections::BTreeMap;

use crate::base::join;
use crate::import::repository;

/// A call as it is written, before its files are looked up. Words that nobody knows are between two marks.
#[derive(Clone, Debug, Default)]
pub(super) struct Call {
    pub(super) tags: Vec<String>,
    pub(super) file: Option<String>,
    pub(super) context: String,
    pub(super) args: BTreeMap<String, String>,
    pub(super) target: Option<String>,
    pub(super) name: String,
    pub(super) contexts: BTreeMap<String, String>,
    /// Whether the file is relative to the context.
    pub(super) within: bool,
}

impl Call {
    /// The builds that it is, for each Dockerfile that it may mean.
    pub(super) fn builds(&self, folder: &str, dockerfiles: &[String]) -> Vec<Build> {
        let mut all = Vec::new();
        for base in [folder, ""] {
            let context = within(base, &self.context);
            let file = match &self.file {
                Some(file) if self.within => within(&context, file),
                Some(file) => within(base, file),
                None => within(&context, "Dockerfile"),
            };
            let inner = self.file.as_ref().map(|file| within(&context, file));
            for dockerfile in dockerfiles {
                let found = matches(&file, dockerfile).or_else(|| matches(inner.as_deref()?, dockerfile));
                let Some(filled) = found else { continue };
                all.extend(self.build(&context, dockerfile, &filled));
            }
            if !all.is_empty() {
                break;
            }
        }
        all
    }

    pub(super) fn build(&self, context: &str, dockerfile: &str, filled: &[(String, String)]) -> Vec<Build> {
        let fill =
            |text: &str| filled.iter().fold(text.to_owned(), |text, (hole, value)| text.replace(&format!("{HOLE}{hole}{HOLE}"), value));
        let args = self.args.iter().map(|(name, value)| (name.clone(), fill(value))).filter(|(_, value)| !value.contains(HOLE));
        let one = Build {
            dockerfile: dockerfile.to_owned(),
            context: fill(context),
            args: args.collect(),
            target: self.target.as_deref().map(fill).filter(|target| !target.contains(HOLE) && !target.is_empty()),
            name: self.name.clone(),
            contexts: self.contexts.clone(),
            ..Build::default()
        };
        let mut all: Vec<Build> = Vec::new();
        for tag in &self.tags {
            let reference = fill(tag);
            let repository = repository(&reference).to_owned();
            if !repository.is_empty() && !repository.contains(HOLE) && !all.iter().any(|known| known.repository == repository) {
                all.push(Build { reference, repository, ..one.clone() });
            }
        }
        if all.is_empty() { vec![one] } else { all }
    }
}

/// A text in which each word that is filled in later is marked; `known` gives those that are known.
pub(super) fn holes(text: &str, known: &dyn Fn(&str) -> Option<String>) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        let (open, close) =
            [("{{", "}}"), ("{", "}"), ("(", ")")].into_iter().find(|(open, _)| after.starts_with(open)).unwrap_or(("", ""));
        let inner = after.get(open.len()..).unwrap_or_default();
        let (name, more) = if close.is_empty() {
            let end = inner.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(inner.len());
            inner.split_at(end)
        } else {
            balanced(inner, close)
        };
        rest = more;
        let name = name.trim();
        match known(name) {
            Some(value) => out.push_str(&value),
            None => out.extend([HOLE.to_string().as_str(), name, HOLE.to_string().as_str()]),
        }
    }
    out + rest
}

/// A call that builds an image.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::import::docker) struct Build {
    /// The image with its tag; empty where nothing says it.
    pub(in crate::import::docker) reference: String,
    /// The image, without its tag.
    pub(in crate::import::docker) repository: String,
    /// The path of the file.
    pub(in crate::import::docker) dockerfile: String,
    /// The folder that is its context.
    pub(in crate::import::docker) context: String,
    /// Build arguments.
    pub(in crate::import::docker) args: BTreeMap<String, String>,
    /// The stage that is built; the last one where nothing says it.
    pub(in crate::import::docker) target: Option<String>,
    /// The target of a bake file, or the service of a compose file.
    pub(in crate::import::docker) name: String,
    /// Other names of images in the file: what they are is a reference, or `target:NAME`.
    pub(in crate::import::docker) contexts: BTreeMap<String, String>,
}

/// What is around a word that is filled in when something runs: `${{ matrix.image }}`, `$IMAGE`, `$(IMAGE)`.
pub(super) const HOLE: char = '\u{1}';

/// A path below a folder; `.` and `./` are the folder itself.
pub(super) fn within(folder: &str, path: &str) -> String {
    let path = path.trim_end_matches('/');
    let path = if path == "." { "" } else { path.trim_start_matches("./") };
    if path.is_empty() {
        return folder.to_owned();
    }
    join(folder, path).unwrap_or_else(|| path.to_owned())
}

/// What the marked words of a pattern stand for in a path; `None` where they are not alike.
pub(super) fn matches(pattern: &str, path: &str) -> Option<Vec<(String, String)>> {
    if !pattern.contains(HOLE) {
        return (pattern == path).then(Vec::new);
    }
    let mut parts = pattern.split(HOLE);
    let mut rest = path.strip_prefix(parts.next()?)?;
    let mut filled: Vec<(String, String)> = Vec::new();
    while let (Some(hole), Some(literal)) = (parts.next(), parts.next()) {
        let known = filled.iter().find(|(name, _)| name == hole).map(|(_, value)| value.clone());
        let value = match known {
            Some(value) => value,
            None if literal.is_empty() => rest.split('/').next()?.to_owned(),
            None => rest.get(..rest.find(literal)?)?.to_owned(),
        };
        if value.is_empty() || value.contains('/') {
            return None;
        }
        rest = rest.strip_prefix(value.as_str())?.strip_prefix(literal)?;
        filled.push((hole.to_owned(), value));
    }
    rest.is_empty().then_some(filled)
}

/// What is before the end of an expression, in which others may be, and what is behind it.
pub(super) fn balanced<'t>(text: &'t str, close: &str) -> (&'t str, &'t str) {
    let (open, mut depth) = (if close == ")" { "(" } else { "{" }, 0_usize);
    for (at, _) in text.char_indices() {
        let rest = text.get(at..).unwrap_or_default();
        if depth == 0 && rest.starts_with(close) {
            return (text.get(..at).unwrap_or_default(), rest.get(close.len()..).unwrap_or_default());
        }
        if rest.starts_with(open) {
            depth += 1;
        } else if rest.starts_with([')', '}']) && rest.starts_with(close.get(..1).unwrap_or_default()) {
            depth = depth.saturating_sub(1);
        }
    }
    (text, "")
}
