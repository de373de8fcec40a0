//! What an image holds, in other people's formats: what package managers print, SBOMs.

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
            // dpkg has heard of it, and it is not installed.
            (Some(_), None, None) if line.ends_with('\t') => {}
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

/// A package of which only the name is known.
pub(crate) fn plain(cx: &Context<'_>, ecosystem: &str, name: &str, origin: Place) -> Option<Package> {
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
        listed: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_formats_are_told_apart() {
        let conda = read(r#"[{"name": "numpy", "version": "1.26.4", "channel": "conda-forge", "build_string": "py311"}, {"name": "x", "version": "1", "channel": "pypi"}]"#).expect("a list");
        assert_eq!(conda.iter().map(|fact| fact.ecosystem).collect::<Vec<_>>(), ["conda", "pypi"]);
        assert_eq!(read("curl\t7.88.1-10\nother-mta\t\nlibc6:amd64 2.36").expect("dpkg").len(), 2);
        assert!(read("curl").is_err() && read("other-mta\t\n").is_err());
        let spdx = read(r#"{"packages": [{"externalRefs": [{"referenceLocator": "pkg:deb/debian/curl@7.88.1%2Bdeb12?arch=amd64"}]}]}"#)
            .expect("spdx");
        assert_eq!(spdx, [FactLine { ecosystem: "apt", name: "curl".to_owned(), version: "7.88.1+deb12".to_owned() }]);
        assert!(read("{}").is_err() && read("").is_err());
    }
}
