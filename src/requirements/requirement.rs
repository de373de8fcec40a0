//! One requirement: a name with versions, an address, or a path, and a marker.

use super::links::{self, Link};
use super::marker::Marker;
use crate::ir::PackageSource;
use crate::versions::{Bound, Constraint, Op, Scheme};

/// A package that a line asks for.
#[derive(Clone, Debug)]
pub struct Requirement {
    /// Its name; `None` for an address or a path that does not say it.
    pub name: Option<String>,
    /// `[and-cuda]`
    pub extras: Vec<String>,
    /// The versions; of an address, the one that its file is called by.
    pub constraint: Constraint,
    /// Where it comes from.
    pub source: PackageSource,
    /// When it is wanted at all.
    pub marker: Option<Marker>,
}

impl Requirement {
    /// Reads one requirement as pip does.
    ///
    /// # Errors
    /// Says what is not understood.
    pub fn read(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let (wanted, marker) = text.split_once(if links::is_address(text) { "; " } else { ";" }).unwrap_or((text, ""));
        let marker = if marker.trim().is_empty() { None } else { Some(Marker::read(marker)?) };
        let wanted = wanted.trim();
        let (direct, address) = direct(wanted);
        if links::is_address(wanted) || (direct.is_none() && is_path(wanted)) {
            let (address, extras) = if links::is_address(wanted) { (wanted, Vec::new()) } else { without_extras(wanted) };
            let Link { name, version, source } = links::read(address, None);
            if name.as_deref().is_some_and(|name| !is_name(name)) {
                return Err("the name in the address is none".to_owned());
            }
            let source = if links::is_address(wanted) { source } else { PackageSource::Path(address.to_owned()) };
            return Ok(Self { name, extras, constraint: exactly(version), source, marker });
        }
        let (name, extras, rest) = named(direct.unwrap_or(wanted))?;
        if direct.is_some() {
            if !rest.is_empty() || address.is_empty() || address.contains(char::is_whitespace) {
                return Err("behind `@` stands one address".to_owned());
            }
            if address.starts_with(|c: char| c.is_ascii_digit()) && !address.contains(['/', ':']) {
                return Err("behind `@` stands an address".to_owned());
            }
            let Link { version, source, .. } = links::read(address, Some(name));
            let source = if links::is_address(address) { source } else { PackageSource::Path(address.to_owned()) };
            return Ok(Self { name: Some(name.to_owned()), extras, constraint: exactly(version), source, marker });
        }
        let constraint = specifiers(rest)?;
        Ok(Self { name: Some(name.to_owned()), extras, constraint, source: PackageSource::Index, marker })
    }
}

/// `name @ address`, in two.
fn direct(wanted: &str) -> (Option<&str>, &str) {
    match wanted.split_once('@') {
        Some((name, address)) if !name.contains(['/', ':']) && !name.starts_with('.') => (Some(name.trim()), address.trim()),
        _ => (None, ""),
    }
}

/// Whether pip takes a text for a path: a separator, a dot at its beginning, or the ending of an archive.
fn is_path(text: &str) -> bool {
    text.contains('/') || text.starts_with('.') || links::is_archive(without_extras(text).0)
}

/// `./tool[dev]`, in two.
fn without_extras(path: &str) -> (&str, Vec<String>) {
    match path.strip_suffix(']').and_then(|rest| rest.rsplit_once('[')) {
        Some((path, extras)) => (path, extras.split(',').map(|extra| extra.trim().to_owned()).collect()),
        None => (path, Vec::new()),
    }
}

/// The name, the extras and what is behind them.
fn named(text: &str) -> Result<(&str, Vec<String>, &str), String> {
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    if !is_name(name) {
        return Err("it does not begin with a name".to_owned());
    }
    let rest = rest.trim_start();
    let Some(inner) = rest.strip_prefix('[') else { return Ok((name, Vec::new(), rest.trim())) };
    let (extras, rest) = inner.split_once(']').ok_or("a `[` is not closed")?;
    let extras: Vec<String> = extras.split(',').map(|extra| extra.trim().to_owned()).filter(|extra| !extra.is_empty()).collect();
    if extras.iter().any(|extra| !extra.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))) {
        return Err("an extra is no name".to_owned());
    }
    Ok((name, extras, rest.trim()))
}

fn is_name(text: &str) -> bool {
    let edge = |c: char| c.is_ascii_alphanumeric();
    text.starts_with(edge) && text.ends_with(edge) && text.chars().all(|c| edge(c) || matches!(c, '-' | '_' | '.'))
}

/// `>=1.26, <2`, also in parentheses.
fn specifiers(text: &str) -> Result<Constraint, String> {
    let inner = match text.strip_prefix('(') {
        Some(inner) => inner.strip_suffix(')').ok_or("a `(` is not closed")?.trim(),
        None => text,
    };
    if inner.is_empty() {
        return Ok(Constraint::default());
    }
    let mut bounds = Vec::new();
    let mut rest = inner;
    loop {
        // What follows `===` goes on to the next blank, and is divided at its commas only then.
        let arbitrary = rest.strip_prefix("===").map(|after| rest.len() - after.trim_start().len());
        let end = match arbitrary {
            Some(from) => rest.get(from..).and_then(|after| after.find(char::is_whitespace)).map_or(rest.len(), |at| from + at),
            None => rest.find(',').unwrap_or(rest.len()),
        };
        let (some, after) = rest.split_at(end);
        for one in some.split(',') {
            bounds.push(specifier(one.trim())?);
        }
        match after.trim_start().strip_prefix(',') {
            Some(more) => rest = more.trim_start(),
            None if after.trim().is_empty() => break,
            None => return Err(format!("`{}` is left over", after.trim())),
        }
    }
    let constraint = Constraint { alternatives: vec![bounds] };
    Scheme::Pep440.set(&constraint).map_err(|problem| problem.message)?;
    Ok(constraint)
}

/// One operator with its version.
fn specifier(text: &str) -> Result<Bound, String> {
    let end = text.find(|c: char| !"=<>!~".contains(c)).unwrap_or(text.len());
    let (op, version) = text.split_at(end);
    let version = version.trim();
    let op = match Op::parse(op) {
        Some(Op::Bare) => return Err(format!("`{text}` is left over")),
        Some(Op::Fuzzy | Op::Tilde) | None => return Err(format!("`{op}` is no operator")),
        Some(op) => op,
    };
    if version.contains(char::is_whitespace) || (version.is_empty() && op != Op::Arbitrary) {
        return Err(format!("`{text}` is no version with its operator"));
    }
    Ok(Bound { op, version: version.to_owned(), build: None })
}

fn exactly(version: Option<String>) -> Constraint {
    version.map_or_else(Constraint::default, |version| Constraint::of(Op::Equal, version))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        match Requirement::read(text) {
            Ok(one) => {
                let marker = one.marker.map(|marker| format!(" ; {marker}")).unwrap_or_default();
                let source = match &one.source {
                    PackageSource::Index => String::new(),
                    PackageSource::Path(path) => format!(" path {path}"),
                    PackageSource::Url { url, sha256 } => format!(" url {url} {}", sha256.as_deref().unwrap_or_default()),
                    other => format!(" {other:?}"),
                };
                format!("{}{:?} {}{source}{marker}", one.name.unwrap_or_default(), one.extras, one.constraint)
            }
            Err(problem) => format!("error: {problem}"),
        }
    }

    #[test]
    fn requirements() {
        assert_eq!(read("numpy"), "numpy[] ");
        assert_eq!(read("numpy (>=1.26,<2)"), "numpy[] >=1.26, <2");
        assert_eq!(
            read("tensorflow[and-cuda, x] ~= 2.18 ; python_version<'3.13'"),
            "tensorflow[\"and-cuda\", \"x\"] ~=2.18 ; python_version < \"3.13\""
        );
        assert_eq!(
            read("a @ https://h/a-1.0-py3-none-any.whl#sha256=ab ; os_name=='posix'"),
            "a[] ==1.0 url https://h/a-1.0-py3-none-any.whl ab ; os_name == \"posix\""
        );
        assert_eq!(read("https://h/alpha-1.0-py3-none-any.whl"), "alpha[] ==1.0 url https://h/alpha-1.0-py3-none-any.whl ");
        assert_eq!(read("./wheels/gamma-2.0-py3-none-any.whl[x]"), "gamma[\"x\"] ==2.0 path ./wheels/gamma-2.0-py3-none-any.whl");
        assert_eq!(read("."), "[]  path .");
        assert_eq!(read("gamma-2.0-py3-none-any.whl"), "gamma[] ==2.0 path gamma-2.0-py3-none-any.whl");
        assert_eq!(read("numpy==1.*,!=1.5"), "numpy[] ==1.*, !=1.5");
    }

    #[test]
    fn what_is_wrong() {
        for text in [
            "",
            "==1",
            "numpy 1.2",
            "numpy@1.2",
            "numpy=1.2",
            "numpy>=",
            "numpy>=1,",
            "numpy[x",
            "numpy ; python=='3'",
            "numpy latest",
            "-x",
            "numpy>=1.2.banana",
        ] {
            assert!(read(text).starts_with("error: "), "{text}: {}", read(text));
        }
    }
}
