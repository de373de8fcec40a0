//! Lists of packages in other people's formats: what package managers print, SBOMs, requirements files.

use serde_json::Value;

use super::context::Context;
use crate::base::Place;
use crate::ir::{Package, PackageSource};
use crate::versions::{Bound, Constraint, Op};

/// A package that a file says is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FactLine {
    /// `pypi`, `conda`, `apt`, `rpm`, `cran`, `npm`.
    pub(crate) ecosystem: &'static str,
    /// Its name.
    pub(crate) name: String,
    /// Its version.
    pub(crate) version: String,
}

/// Reads `conda list --json`, `pip list --format json`, `dpkg-query -W`, SPDX or `CycloneDX`.
///
/// # Errors
/// Says what was expected.
pub(crate) fn read(text: &str) -> Result<Vec<FactLine>, String> {
    let trimmed = text.trim_start();
    if !trimmed.starts_with(['{', '[']) {
        return dpkg(text);
    }
    let json: Value = serde_json::from_str(trimmed).map_err(|error| format!("line {}: {error}", error.line()))?;
    match &json {
        Value::Array(items) => items.iter().map(listed).collect(),
        Value::Object(object) => {
            let packages = if let Some(Value::Array(packages)) = object.get("packages") {
                packages.iter().filter_map(spdx).collect::<Vec<_>>()
            } else if let Some(Value::Array(components)) = object.get("components") {
                components.iter().filter_map(|component| purl(component.get("purl")?.as_str()?)).collect()
            } else {
                return Err("neither SPDX's `packages` nor CycloneDX's `components` are there".to_owned());
            };
            if packages.is_empty() { Err("it names no package with a purl".to_owned()) } else { Ok(packages) }
        }
        _ => Err("it is neither a list nor an object".to_owned()),
    }
}

/// A line of `conda list --json` or `pip list --format json`.
fn listed(item: &Value) -> Result<FactLine, String> {
    let text = |name: &str| item.get(name).and_then(Value::as_str).map(str::to_owned);
    let name = text("name").ok_or("an entry has no `name`")?;
    let version = text("version").ok_or_else(|| format!("`{name}` has no `version`"))?;
    let conda = item.get("build_string").is_some() || item.get("channel").is_some();
    let from_pypi = item.get("channel").and_then(Value::as_str) == Some("pypi");
    Ok(FactLine { ecosystem: if conda && !from_pypi { "conda" } else { "pypi" }, name, version })
}

fn spdx(item: &Value) -> Option<FactLine> {
    let references = item.get("externalRefs")?.as_array()?;
    references.iter().find_map(|reference| purl(reference.get("referenceLocator")?.as_str()?))
}

/// A package URL: `pkg:pypi/numpy@1.26.4`.
fn purl(text: &str) -> Option<FactLine> {
    let rest = text.strip_prefix("pkg:")?;
    let rest = rest.split(['?', '#']).next()?;
    let (kind, path) = rest.split_once('/')?;
    let ecosystem = match kind {
        "pypi" => "pypi",
        "conda" => "conda",
        "deb" => "apt",
        "rpm" => "rpm",
        "cran" => "cran",
        "npm" => "npm",
        _ => return None,
    };
    let (name, version) = path.rsplit_once('@')?;
    let name = match ecosystem {
        "npm" => name.replace("%40", "@"),
        _ => name.rsplit('/').next()?.to_owned(),
    };
    Some(FactLine { ecosystem, name, version: version.replace("%2B", "+").replace("%3A", ":").replace("%2b", "+").replace("%3a", ":") })
}

fn dpkg(text: &str) -> Result<Vec<FactLine>, String> {
    let mut all = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let mut parts = line.split_whitespace();
        match (parts.next(), parts.next(), parts.next()) {
            (None, ..) => {}
            (Some(name), Some(version), None) => {
                let name = name.split(':').next().unwrap_or(name).to_owned();
                all.push(FactLine { ecosystem: "apt", name, version: version.to_owned() });
            }
            _ => return Err(format!("line {} is not a name and a version", at + 1)),
        }
    }
    if all.is_empty() { Err("it is empty".to_owned()) } else { Ok(all) }
}

/// The manager of an ecosystem's packages.
fn manager(ecosystem: &str) -> &'static str {
    match ecosystem {
        "pypi" => "pip",
        "conda" => "conda",
        "apt" => "apt",
        "rpm" => "dnf",
        "cran" => "cran",
        "julia" => "julia",
        _ => "npm",
    }
}

/// A package that a file says is there, typed.
pub(crate) fn package(cx: &Context<'_>, fact: &FactLine, origin: Place) -> Option<Package> {
    let bound = Bound { op: Op::Equal, version: fact.version.clone(), build: None };
    let mut package = plain(cx, fact.ecosystem, &fact.name, origin)?;
    package.provided = true;
    package.constraint = Constraint { alternatives: vec![vec![bound]] };
    Some(package)
}

fn plain(cx: &Context<'_>, ecosystem: &str, name: &str, origin: Place) -> Option<Package> {
    let installer = cx.installer(manager(ecosystem))?;
    Some(Package {
        manager: installer.name.clone(),
        ecosystem: ecosystem.to_owned(),
        scheme: installer.scheme,
        name: name.to_owned(),
        normal: installer.scheme.normalize_name(name),
        extras: Vec::new(),
        constraint: Constraint::default(),
        provided: false,
        pin: None,
        overrides: false,
        because: None,
        until: None,
        source: PackageSource::Index,
        index: None,
        only: None,
        environment: None,
        no_deps: false,
        origin,
        bounds: None,
        via: None,
    })
}

/// The lines of a requirements file, or of the `dependencies` of an `environment.yaml`, each with its ecosystem.
pub(crate) fn requirement_lines(text: &str, ecosystem: &str) -> Vec<(&'static str, String)> {
    if ecosystem != "conda" {
        let lines = text.lines().map(|line| line.split(" #").next().unwrap_or_default().trim());
        return lines.filter(|line| !line.is_empty() && !line.starts_with(['#', '-'])).map(|line| ("pypi", line.to_owned())).collect();
    }
    let mut all = Vec::new();
    let (mut inside, mut pip_indent) = (!text.contains("dependencies:"), None);
    for line in text.lines() {
        let bare = line.split(" #").next().unwrap_or_default().trim_end();
        let indent = bare.len() - bare.trim_start().len();
        let item = bare.trim_start();
        if item.is_empty() || item.starts_with('#') {
            continue;
        }
        if indent == 0 && !item.starts_with('-') && text.contains("dependencies:") {
            inside = item.starts_with("dependencies:");
            continue;
        }
        let Some(value) = item.strip_prefix('-').map(str::trim) else {
            if inside && !text.contains("dependencies:") {
                all.push(("conda", item.to_owned()));
            }
            continue;
        };
        if !inside {
            continue;
        }
        if pip_indent.is_some_and(|pip| indent <= pip) {
            pip_indent = None;
        }
        if value == "pip:" {
            pip_indent = Some(indent);
        } else {
            all.push((if pip_indent.is_some() { "pypi" } else { "conda" }, value.trim_matches(['"', '\'']).to_owned()));
        }
    }
    all
}

/// One requirement as pip or conda write it. `None` for what names no package.
///
/// # Errors
/// Says what is not understood.
pub(crate) fn requirement(cx: &Context<'_>, ecosystem: &str, line: &str, origin: Place) -> Result<Option<Package>, String> {
    let line = line.rsplit_once("::").map_or(line, |(_, rest)| rest);
    let line = line.split(';').next().unwrap_or_default().trim();
    let end = line.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))).unwrap_or(line.len());
    let (name, rest) = line.split_at(end);
    if name.is_empty() {
        return Err("it does not begin with a name".to_owned());
    }
    let Some(mut package) = plain(cx, ecosystem, name, origin) else { return Ok(None) };
    let mut rest = rest.trim();
    if let Some((extras, after)) = rest.strip_prefix('[').and_then(|inner| inner.split_once(']')) {
        package.extras = extras.split(',').map(|extra| extra.trim().to_owned()).collect();
        rest = after.trim();
    }
    if let Some(url) = rest.strip_prefix('@') {
        package.source = PackageSource::Url { url: url.trim().to_owned(), sha256: None };
        return Ok(Some(package));
    }
    if !rest.is_empty() {
        package.constraint = constraint(ecosystem, rest)?;
        package.scheme.set(&package.constraint).map_err(|problem| problem.message)?;
    }
    Ok(Some(package))
}

fn constraint(ecosystem: &str, text: &str) -> Result<Constraint, String> {
    let mut alternatives = Vec::new();
    for alternative in text.split('|') {
        let mut bounds = Vec::new();
        for bound in alternative.trim_matches(['(', ')']).split(',') {
            let bound = bound.trim();
            let end = bound.find(|c: char| !"=<>!~^".contains(c)).unwrap_or(bound.len());
            let (op, version) = bound.split_at(end);
            let mut op = Op::parse(op).ok_or_else(|| format!("`{op}` is no operator"))?;
            let (version, build) = match version.trim().split_once(['=', ' ']) {
                Some((version, build)) if ecosystem == "conda" => (version, Some(build.trim().to_owned())),
                _ => (version.trim(), None),
            };
            let mut version = version.to_owned();
            if op == Op::Bare && ecosystem == "conda" {
                op = Op::Equal;
            }
            if op == Op::Fuzzy && !version.ends_with('*') {
                version.push_str(".*");
            }
            bounds.push(Bound { op, version, build });
        }
        alternatives.push(bounds);
    }
    Ok(Constraint { alternatives })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_formats_are_told_apart() {
        let conda = read(r#"[{"name": "numpy", "version": "1.26.4", "channel": "conda-forge", "build_string": "py311"}, {"name": "x", "version": "1", "channel": "pypi"}]"#).expect("a list");
        assert_eq!(conda.iter().map(|fact| fact.ecosystem).collect::<Vec<_>>(), ["conda", "pypi"]);
        assert_eq!(read("curl\t7.88.1-10\nlibc6:amd64 2.36").expect("dpkg").len(), 2);
        let spdx = read(r#"{"packages": [{"externalRefs": [{"referenceLocator": "pkg:deb/debian/curl@7.88.1%2Bdeb12?arch=amd64"}]}]}"#)
            .expect("spdx");
        assert_eq!(spdx, [FactLine { ecosystem: "apt", name: "curl".to_owned(), version: "7.88.1+deb12".to_owned() }]);
        assert!(read("{}").is_err() && read("").is_err());
    }

    #[test]
    fn environment_files_give_conda_and_pip() {
        let text = "name: x\nchannels:\n  - conda-forge\ndependencies:\n  - python=3.9\n  - iminuit <=1.5.4\n  - pip:\n    - astropy>=4.0\n  - last\n";
        let lines = requirement_lines(text, "conda");
        assert_eq!(
            lines.iter().map(|(ecosystem, line)| format!("{ecosystem} {line}")).collect::<Vec<_>>(),
            ["conda python=3.9", "conda iminuit <=1.5.4", "pypi astropy>=4.0", "conda last"]
        );
    }
}
