//! Image references as the distribution specification has them: `registry/path:tag@sha256:…`.

/// A reference in its parts, as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reference {
    /// Registry and path: `quay.io/jupyter/scipy-notebook`.
    pub(crate) repository: String,
    /// After the colon.
    pub(crate) tag: Option<String>,
    /// `sha256:…`.
    pub(crate) digest: Option<String>,
}

/// Takes a reference apart.
///
/// # Errors
/// Says what in it is not allowed.
pub(crate) fn parse(text: &str) -> Result<Reference, String> {
    let (rest, digest) = match text.split_once('@') {
        Some((rest, digest)) => {
            let digits = digest.strip_prefix("sha256:").ok_or("a digest begins with `sha256:`")?;
            if digits.len() != 64 || !digits.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)) {
                return Err("a digest is `sha256:` and 64 hexadecimal digits in lower case".to_owned());
            }
            (rest, Some(digest.to_owned()))
        }
        None => (text, None),
    };
    let after_slash = rest.rfind('/').map_or(0, |at| at + 1);
    let (repository, tag) = match rest.get(after_slash..).and_then(|last| last.find(':')) {
        Some(colon) => (rest.get(..after_slash + colon).unwrap_or_default(), rest.get(after_slash + colon + 1..)),
        None => (rest, None),
    };
    check_repository(repository)?;
    if let Some(tag) = tag {
        check_tag(tag)?;
    }
    Ok(Reference { repository: repository.to_owned(), tag: tag.map(str::to_owned), digest })
}

/// Checks a tag: up to 128 letters, digits, `_`, `.` and `-`, no `.` or `-` first.
///
/// # Errors
/// Says what is not allowed.
pub(crate) fn check_tag(tag: &str) -> Result<(), String> {
    let legal = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
    if tag.is_empty() || tag.len() > 128 {
        return Err("a tag has 1 to 128 characters".to_owned());
    }
    if tag.starts_with(['.', '-']) {
        return Err("a tag begins with a letter, a digit or `_`".to_owned());
    }
    tag.chars().find(|c| !legal(*c)).map_or(Ok(()), |c| Err(format!("a tag can't hold `{c}`")))
}

/// Checks a repository: a registry host and path components of lower-case letters, digits and single separators.
///
/// # Errors
/// Says what is not allowed.
pub(crate) fn check_repository(repository: &str) -> Result<(), String> {
    if repository.is_empty() {
        return Err("it is empty".to_owned());
    }
    if repository.len() > 255 {
        return Err("a name has at most 255 characters".to_owned());
    }
    let mut parts = repository.split('/');
    let first = parts.next().unwrap_or_default();
    let host = repository.contains('/') && (first.contains(['.', ':']) || first == "localhost");
    if host {
        let (name, port) = first.split_once(':').unwrap_or((first, "0"));
        if !name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-')) || port.parse::<u16>().is_err() {
            return Err(format!("`{first}` is no registry host"));
        }
    }
    for part in repository.split('/').skip(usize::from(host)) {
        check_component(part)?;
    }
    Ok(())
}

fn check_component(part: &str) -> Result<(), String> {
    if part.is_empty() {
        return Err("a part between slashes is empty".to_owned());
    }
    if let Some(c) = part.chars().find(char::is_ascii_uppercase) {
        return Err(format!("names of repositories are lower case, and `{c}` is not"));
    }
    if let Some(c) = part.chars().find(|c| !(c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '_' | '-'))) {
        return Err(format!("the name of a repository can't hold `{c}`"));
    }
    let ends = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    if !part.starts_with(ends)
        || !part.ends_with(ends)
        || part.contains("..")
        || part.contains("___")
        || part.contains("._")
        || part.contains("_.")
    {
        return Err(format!("`{part}` must begin and end with a letter or digit, with single separators between"));
    }
    Ok(())
}

/// The nearest legal repository component to a name.
pub(crate) fn legal_component(name: &str) -> String {
    let mut legal = String::new();
    for c in name.chars().flat_map(char::to_lowercase) {
        if c.is_ascii_lowercase() || c.is_ascii_digit() {
            legal.push(c);
        } else if !legal.is_empty() && !legal.ends_with('-') {
            legal.push('-');
        }
    }
    legal.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_come_apart() {
        let parsed = parse("localhost:5000/a/b:1.0").expect("legal");
        assert_eq!((parsed.repository.as_str(), parsed.tag.as_deref()), ("localhost:5000/a/b", Some("1.0")));
        assert!(parse("ubuntu").is_ok() && parse("quay.io/jupyter/x@sha256:12").is_err());
        for wrong in ["Ubuntu", "a//b", "a b", "", "x:.y", "a/-b", "quay.io/a:b c"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
        assert_eq!(legal_component("My Env__x-"), "my-env-x");
    }
}
