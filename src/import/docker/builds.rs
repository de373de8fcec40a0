//! Which file builds which image, as workflows, scripts and comments say: `docker build -t NAME -f FILE CONTEXT`.

use super::state::repository;
use crate::base::{join, parent_of};

/// A call that builds an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Build {
    /// The image, without its tag.
    pub(super) repository: String,
    /// The path of the file.
    pub(super) dockerfile: String,
    /// The folder that is its context.
    pub(super) context: String,
}

/// What stands for a word that is filled in: `${{ matrix.image }}`, `$IMAGE`, `$(IMAGE)`.
const HOLE: &str = "\u{1}";

/// The calls in a text. Words that are filled in match the Dockerfiles there are.
pub(super) fn builds(text: &str, dockerfiles: &[String]) -> Vec<Build> {
    let joined = text.replace("\\\n", " ");
    let mut all = Vec::new();
    for line in joined.lines() {
        for call in line.split(" build ").skip(1).zip(line.split(" build ")).filter(|(_, before)| is_builder(before)).map(|(call, _)| call)
        {
            all.extend(one(call, dockerfiles));
        }
    }
    all
}

fn is_builder(before: &str) -> bool {
    let last = before.rsplit(['&', ';', '|', '"', '\'']).next().unwrap_or(before).trim();
    last.split_whitespace().any(|word| matches!(word, "docker" | "podman" | "buildah" | "buildx" | "nerdctl" | "@docker"))
}

fn one(call: &str, dockerfiles: &[String]) -> Vec<Build> {
    let call = call.split(['&', ';', '|']).next().unwrap_or(call);
    let filled = holes(call);
    let (mut tags, mut file, mut context) = (Vec::new(), None, None);
    let mut words = filled.split_whitespace().map(|word| word.trim_matches(['"', '\'']));
    while let Some(word) = words.next() {
        match word.split_once('=').unwrap_or((word, "")) {
            ("-t" | "--tag", "") => tags.extend(words.next().map(str::to_owned)),
            ("--tag", tag) => tags.push(tag.to_owned()),
            ("-f" | "--file", "") => file = words.next().map(str::to_owned),
            ("--file", path) => file = Some(path.to_owned()),
            ("--build-arg" | "--platform" | "--target" | "--label" | "--cache-from" | "--cache-to" | "--output" | "-o", "") => {
                let _ = words.next();
            }
            (option, _) if option.starts_with('-') => {}
            _ => context = Some(word.trim_start_matches("./").trim_end_matches('/').to_owned()),
        }
    }
    let Some(context) = context.map(|context| if context == "." { String::new() } else { context }) else { return Vec::new() };
    let pattern = match file {
        Some(file) => file.trim_start_matches("./").to_owned(),
        None => join(&context, "Dockerfile").unwrap_or_default(),
    };
    let mut all = Vec::new();
    for dockerfile in dockerfiles {
        let Some(value) = matches(&pattern, dockerfile) else { continue };
        for tag in &tags {
            let whole = tag.replace(HOLE, &value);
            if !whole.is_empty() && !whole.contains(HOLE) {
                let context = context.replace(HOLE, &value);
                let repository = repository(&whole).to_owned();
                all.push(Build { repository, dockerfile: dockerfile.clone(), context });
            }
        }
    }
    all
}

/// A text in which each word that is filled in is one mark.
fn holes(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        let (open, close) =
            [("{{", "}}"), ("{", "}"), ("(", ")")].into_iter().find(|(open, _)| after.starts_with(open)).unwrap_or(("", ""));
        let inner = after.get(open.len()..).unwrap_or_default();
        rest = if close.is_empty() {
            inner.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_')
        } else {
            inner.split_once(close).map_or("", |(_, rest)| rest)
        };
        out.push_str(HOLE);
    }
    out + rest
}

/// What the mark of a pattern stands for in a path; the empty text where the pattern has none and is the path.
fn matches(pattern: &str, path: &str) -> Option<String> {
    let Some((before, after)) = pattern.split_once(HOLE) else {
        return (pattern == path || parent_of(path) == pattern && path.ends_with("/Dockerfile")).then(String::new);
    };
    let value = path.strip_prefix(before)?;
    let at = value.find('/').unwrap_or(value.len());
    let value = value.strip_suffix(after).unwrap_or_else(|| value.get(..at).unwrap_or_default());
    let whole = pattern.replace(HOLE, value);
    (whole == path && !value.contains('/') && !value.is_empty()).then(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_name_images() {
        let files = ["images/a/Dockerfile".to_owned(), "images/b/Dockerfile".to_owned(), "Dockerfile".to_owned()];
        let shown = |text: &str| -> Vec<String> {
            builds(text, &files).iter().map(|one| format!("{} {} {}", one.repository, one.dockerfile, one.context)).collect()
        };
        assert_eq!(
            shown("- run: docker build -t h/x-${{ matrix.image }}:latest images/${{ matrix.image }} && docker push h"),
            ["h/x-a images/a/Dockerfile images/a", "h/x-b images/b/Dockerfile images/b"]
        );
        assert_eq!(shown("# Build: docker build -f images/a/Dockerfile -t h/a:1 ."), ["h/a images/a/Dockerfile "]);
        assert_eq!(shown("docker buildx build --push -t h/r:$TAG ."), ["h/r Dockerfile "]);
        assert_eq!(shown("npm run build -t x ."), Vec::<String>::new());
    }
}
