//! conda's `MatchSpec`, as people write it in lists and environment files.

use crate::versions::{Bound, Constraint, Op, Scheme};

/// What a spec asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatchSpec {
    /// `conda-forge`
    pub channel: Option<String>,
    /// `linux-64`, `noarch`: the folder of the channel.
    pub subdir: Option<String>,
    /// The name as written.
    pub name: String,
    /// The versions, with their builds.
    pub constraint: Constraint,
}

/// Why a spec is not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadSpec {
    /// conda refuses it, or finds no such package.
    Refused(String),
    /// conda may know what is meant.
    Unread(String),
}

impl From<&str> for BadSpec {
    fn from(text: &str) -> Self {
        Self::Unread(text.to_owned())
    }
}

impl MatchSpec {
    /// Reads a spec, or the address of a package.
    ///
    /// # Errors
    /// Says what is not understood.
    pub fn read(text: &str) -> Result<Self, BadSpec> {
        if text.contains("://") {
            return address(text);
        }
        let (channel, rest) = text.rsplit_once("::").map_or((None, text), |(channel, rest)| (Some(channel), rest));
        let end = rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))).unwrap_or(rest.len());
        let (name, rest) = rest.split_at(end);
        if name.is_empty() {
            return Err("it does not begin with a name".into());
        }
        let mut constraint = None;
        let rest = match rest.trim().split_once('[') {
            Some((before, inner)) => {
                constraint = brackets(inner.strip_suffix(']').ok_or("a `[` is not closed")?)?;
                before.trim()
            }
            None => rest.trim(),
        };
        let constraint = match (constraint, rest) {
            (Some(constraint), _) => constraint,
            (None, "") => Constraint::default(),
            (None, rest) => versions(rest)?,
        };
        Scheme::Conda.set(&constraint).map_err(|problem| BadSpec::Unread(problem.message))?;
        let mut parts = channel.into_iter().flat_map(|channel| channel.split('/')).map(str::to_owned);
        let channel = parts.next().filter(|channel| !channel.is_empty());
        Ok(Self { channel, subdir: parts.next(), name: name.to_owned(), constraint })
    }
}

/// `https://…/linux-64/zarr-3.0.8-pyhd8ed1ab_0.conda#md5`
fn address(text: &str) -> Result<MatchSpec, BadSpec> {
    let file = text.split(['#', '?']).next().unwrap_or(text).rsplit('/').next().unwrap_or_default();
    let stem = file.strip_suffix(".conda").or_else(|| file.strip_suffix(".tar.bz2")).ok_or("it names no `.conda` or `.tar.bz2`")?;
    let mut parts = stem.rsplitn(3, '-');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(build), Some(version), Some(name)) => {
            let bound = Bound { op: Op::Equal, version: version.to_owned(), build: Some(build.to_owned()) };
            let (channel, subdir) = channel(text).unzip();
            Ok(MatchSpec { channel, subdir, name: name.to_owned(), constraint: Constraint { alternatives: vec![vec![bound]] } })
        }
        _ => Err(BadSpec::Unread(format!("`{file}` is not called `NAME-VERSION-BUILD`"))),
    }
}

/// `https://conda.anaconda.org/conda-forge/linux-64/FILE` → `conda-forge` and `linux-64`; of other hosts the address.
fn channel(address: &str) -> Option<(String, String)> {
    let (folder, _) = address.split(['#', '?']).next()?.rsplit_once('/')?;
    let (channel, subdir) = folder.rsplit_once('/')?;
    Some((channel.strip_prefix("https://conda.anaconda.org/").unwrap_or(channel).to_owned(), subdir.to_owned()))
}

/// `version='>=1.2',build=py_0`; `None` where no version is given.
fn brackets(inner: &str) -> Result<Option<Constraint>, BadSpec> {
    let value = |key: &str| {
        let at = inner
            .match_indices(key)
            .map(|(at, _)| at)
            .find(|at| inner.get(..*at).is_some_and(|before| before.trim_end().is_empty() || before.trim_end().ends_with(',')))?;
        let rest = inner.get(at + key.len()..)?.trim_start().strip_prefix('=')?.trim_start();
        match rest.chars().next().filter(|c| matches!(c, '"' | '\'')) {
            Some(quote) => rest.get(1..)?.split(quote).next(),
            None => rest.split(',').next(),
        }
    };
    let build = value("build").map(str::trim).filter(|build| !build.is_empty());
    let Some(version) = value("version").map(str::trim).filter(|version| !version.is_empty()) else {
        return Ok(build.map(|build| Constraint {
            alternatives: vec![vec![Bound { op: Op::Bare, version: "*".to_owned(), build: Some(build.to_owned()) }]],
        }));
    };
    let mut constraint = versions(version)?;
    for bound in constraint.alternatives.iter_mut().flatten() {
        bound.build = bound.build.take().or_else(|| build.map(str::to_owned));
    }
    Ok(Some(constraint))
}

/// `>=1.2,<2|3.*`, `=1.2`, `==1.2=py_0`, `1.2 py_0`.
fn versions(text: &str) -> Result<Constraint, BadSpec> {
    let mut alternatives = Vec::new();
    for alternative in text.split('|') {
        let bounds = alternative.trim_matches(['(', ')', ' ']).split(',').map(|one| bound(one.trim()));
        alternatives.push(bounds.collect::<Result<Vec<_>, _>>()?);
    }
    Ok(Constraint { alternatives })
}

fn bound(text: &str) -> Result<Bound, BadSpec> {
    let end = text.find(|c: char| !"=<>!~".contains(c)).unwrap_or(text.len());
    let (op, rest) = text.split_at(end);
    let refused = |problem: String| Err(BadSpec::Refused(problem));
    let Some(op) = Op::parse(op).filter(|op| !matches!(op, Op::Arbitrary | Op::Tilde)) else {
        return refused(format!("`{op}` is no operator"));
    };
    let rest = rest.trim();
    let (version, build) = rest.split_once(['=', ' ']).map_or((rest, None), |(version, build)| (version, Some(build.trim().to_owned())));
    if version.is_empty() {
        return refused(format!("`{text}` has no version"));
    }
    // conda takes any word for a version, and finds none: `latest`, or what stands behind `install`.
    let is_word = !version.contains(|c: char| c.is_ascii_digit() || c == '*');
    if is_word || version.starts_with('@') || build.as_deref().is_some_and(|build| build.contains([' ', '<', '>', '!', ';'])) {
        return refused(format!("`{rest}` is no version"));
    }
    // `=1.2` is each release of 1.2; with a build behind it, and behind a blank, it is that version alone.
    let (op, version) = match op {
        Op::Fuzzy if build.is_none() && !version.ends_with('*') => (Op::Fuzzy, format!("{version}.*")),
        Op::Fuzzy | Op::Bare if version != "*" && !version.ends_with('*') => (Op::Equal, version.to_owned()),
        op => (op, version.to_owned()),
    };
    Ok(Bound { op, version, build })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        match MatchSpec::read(text) {
            Ok(spec) => format!("{}{} {}", spec.channel.map(|channel| channel + "::").unwrap_or_default(), spec.name, spec.constraint),
            Err(BadSpec::Refused(problem)) => format!("refused: {problem}"),
            Err(BadSpec::Unread(problem)) => format!("error: {problem}"),
        }
    }

    #[test]
    fn specs() {
        assert_eq!(read("python=3.9"), "python =3.9.*");
        assert_eq!(read("numpy 1.26.4"), "numpy ==1.26.4");
        assert_eq!(read("numpy=1.26.4=py311_0"), "numpy ==1.26.4=py311_0");
        assert_eq!(read("conda-forge/linux-64::blas=*=openblas"), "conda-forge::blas =*=openblas");
        assert_eq!(read("numpy >=1.26,<2|3.*"), "numpy >=1.26, <2 | 3.*");
        assert_eq!(read("torch[version='>=2.1,<3', build=*cuda*]"), "torch >=2.1=*cuda*, <3=*cuda*");
        assert_eq!(read("blas[build=openblas]"), "blas *=openblas");
        assert_eq!(read("https://h/linux-64/zarr-3.0.8-pyhd8ed1ab_0.conda#0123"), "https://h::zarr ==3.0.8=pyhd8ed1ab_0");
        for text in ["", ">=1", "numpy[", "https://h/x.zip"] {
            assert!(read(text).starts_with("error: "), "{text}: {}", read(text));
        }
        let refused =
            ["numpy >=", "numpy =!1", "numpy latest", "pip install x", "conda-forge numba", "numpy >=1 and <2", "numpy => 1", "numpy@2"];
        for text in refused {
            assert!(read(text).starts_with("refused: "), "{text}: {}", read(text));
        }
    }
}
