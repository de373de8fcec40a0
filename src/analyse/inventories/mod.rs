//! What an image is said to hold, in the formats of package managers and of software bills of materials.

mod line;
mod printed;

pub(crate) use line::FactLine;

use serde_json::Value;

use crate::base::unescaped;

/// Reads what `conda list`, `conda env export`, `pip list`, `pip freeze`, `pip inspect`, `npm ls`, `dpkg-query -W`, `dpkg -l` and `rpm -qa`
/// print, SPDX, `CycloneDX` or Syft's own format.
///
/// # Errors
/// Says what was expected.
pub(crate) fn read(text: &str) -> Result<Vec<FactLine>, String> {
    let trimmed = text.trim_start();
    if !trimmed.starts_with(['{', '[']) {
        return printed::read(text);
    }
    let json: Value = serde_json::from_str(trimmed).map_err(|error| format!("line {}: {error}", error.line()))?;
    match &json {
        Value::Array(items) => items.iter().map(listed).collect(),
        Value::Object(object) => {
            let list = |name: &str| object.get(name).and_then(Value::as_array);
            if list("dependencies").is_some() {
                return printed::environment(trimmed);
            }
            let packages: Vec<FactLine> = if let Some(packages) = list("packages") {
                packages.iter().filter_map(spdx).collect()
            } else if let Some(artifacts) = list("artifacts") {
                artifacts.iter().filter_map(artifact).collect()
            } else if let Some(components) = list("components") {
                let mut all = Vec::new();
                nested(components, &mut all);
                all
            } else if let Some(installed) = list("installed") {
                installed.iter().filter_map(|one| listed(one.get("metadata")?).ok()).collect()
            } else if let Some(global) = object.get("dependencies").and_then(Value::as_object) {
                global.iter().map(|(name, one)| npm(name, one)).collect()
            } else {
                return Err("neither SPDX's `packages` nor CycloneDX's `components` are there".to_owned());
            };
            if packages.is_empty() { Err("it names no package".to_owned()) } else { Ok(packages) }
        }
        _ => Err("it is neither a list nor an object".to_owned()),
    }
}

/// A line of `conda list --json` or `pip list --format json`.
fn listed(item: &Value) -> Result<FactLine, String> {
    let text = |name: &str| item.get(name).and_then(Value::as_str).map(str::to_owned);
    let name = text("name").ok_or("an entry has no `name`")?;
    let version = Some(text("version").ok_or_else(|| format!("`{name}` has no `version`"))?);
    let (build, channel) = (text("build_string"), text("channel"));
    Ok(match (&build, channel.as_deref()) {
        (None, None) | (_, Some("pypi")) => FactLine { ecosystem: "pypi", name, version, ..FactLine::default() },
        _ => FactLine { ecosystem: "conda", name, version, build, channel },
    })
}

/// An entry of `npm ls --global --json`.
fn npm(name: &str, one: &Value) -> FactLine {
    let version = one.get("version").and_then(Value::as_str).map(str::to_owned);
    FactLine { ecosystem: "npm", name: name.to_owned(), version, ..FactLine::default() }
}

/// An artifact of Syft's own format, which gives packages of conda no package URL.
fn artifact(item: &Value) -> Option<FactLine> {
    let is_conda = item.get("type").and_then(Value::as_str) == Some("conda");
    match item.get("purl").and_then(Value::as_str).filter(|text| !text.is_empty()) {
        Some(text) => purl(text),
        None if is_conda => of_conda(item, item.get("metadata").unwrap_or(&Value::Null)),
        None => None,
    }
}

/// A package of conda without a package URL; none of another environment than the base.
fn of_conda(item: &Value, metadata: &Value) -> Option<FactLine> {
    let text = |of: &Value, name: &str| of.get(name).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned);
    if text(metadata, "prefix").is_some_and(|prefix| prefix.contains("/envs/")) {
        return None;
    }
    let channel = text(metadata, "channel").and_then(|channel| channel.trim_end_matches('/').rsplit('/').next().map(str::to_owned));
    Some(FactLine {
        ecosystem: "conda",
        name: text(item, "name")?,
        version: text(item, "version"),
        build: text(metadata, "build"),
        channel,
    })
}

/// The components of `CycloneDX`, those inside of others as well. Syft says in a property what a package of conda is.
fn nested(components: &[Value], all: &mut Vec<FactLine>) {
    let is_conda = |property: &Value| property.get("name").is_some_and(|name| name == "syft:package:type") && property["value"] == "conda";
    for component in components {
        let conda = component.get("properties").and_then(Value::as_array).is_some_and(|all| all.iter().any(is_conda));
        all.extend(match component.get("purl").and_then(Value::as_str) {
            Some(text) => purl(text),
            None if conda => of_conda(component, &Value::Null),
            None => None,
        });
        nested(component.get("components").and_then(Value::as_array).map_or(&[], Vec::as_slice), all);
    }
}

fn spdx(item: &Value) -> Option<FactLine> {
    let references = item.get("externalRefs")?.as_array()?;
    references.iter().find_map(|reference| purl(reference.get("referenceLocator")?.as_str()?))
}

/// A package URL: `pkg:rpm/rocky/editor@9.0-1.el9?arch=x86_64&epoch=2`.
fn purl(text: &str) -> Option<FactLine> {
    let rest = text.strip_prefix("pkg:")?;
    let rest = rest.split('#').next()?;
    let (rest, qualifiers) = rest.split_once('?').unwrap_or((rest, ""));
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
    let (name, version) = path.rsplit_once('@').map_or((path, None), |(name, version)| (name, Some(version)));
    let name = if ecosystem == "npm" { unescaped(name) } else { unescaped(name.rsplit('/').next()?) };
    let qualifier = |name: &str| {
        let mut all = qualifiers.split('&').filter_map(|qualifier| qualifier.split_once('='));
        all.find(|(key, _)| *key == name).map(|(_, value)| unescaped(value)).filter(|value| !value.is_empty())
    };
    let epoch = qualifier("epoch").filter(|_| matches!(ecosystem, "rpm" | "apt"));
    let version = version.map(unescaped).filter(|version| !version.is_empty());
    let version = version.map(|version| match epoch {
        Some(epoch) if epoch != "0" && !version.contains(':') => format!("{epoch}:{version}"),
        _ => version,
    });
    let of_conda = |value: Option<String>| value.filter(|_| ecosystem == "conda");
    Some(FactLine { ecosystem, name, version, build: of_conda(qualifier("build")), channel: of_conda(qualifier("channel")) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        let facts = read(text).expect("a list");
        facts.iter().map(|fact| format!("{} {} {}", fact.ecosystem, fact.name, fact.version.as_deref().unwrap_or("?"))).collect()
    }

    #[test]
    fn the_formats_are_told_apart() {
        let conda = read(r#"[{"name": "numpy", "version": "1.26.4", "channel": "conda-forge", "build_string": "py311"}, {"name": "x", "version": "1", "channel": "pypi"}]"#).expect("a list");
        assert_eq!(conda.iter().map(|fact| fact.ecosystem).collect::<Vec<_>>(), ["conda", "pypi"]);
        assert_eq!(conda[0].build.as_deref(), Some("py311"));
        let inspected = r#"{"version": "1", "installed": [{"metadata": {"name": "numpy", "version": "1.26.4"}}]}"#;
        assert_eq!(shown(inspected), ["pypi numpy 1.26.4"]);
        assert_eq!(shown(r#"{"name": "lib", "dependencies": {"typescript": {"version": "5.9.3"}}}"#), ["npm typescript 5.9.3"]);
        assert_eq!(
            shown(r#"{"dependencies": ["numpy=1.26.4=py312_0", {"pip": ["rich==13.9.2"]}]}"#),
            ["conda numpy 1.26.4", "pypi rich 13.9.2"]
        );
        assert_eq!(shown("curl\t7.88.1-10\nlibc6:amd64 2.36\nother-mta\t\n"), ["apt curl 7.88.1-10", "apt libc6 2.36"]);
        let table = "Desired=Unknown/Install\n||/ Name Version Architecture Description\n+++-=====-====\nii  curl  7.88.1-10  amd64  get files\nrc  old  1  amd64  removed\n";
        assert_eq!(shown(table), ["apt curl 7.88.1-10"]);
        let nested = r#"{"components": [{"type": "operating-system", "components": [{"purl": "pkg:npm/%40jupyterlab/git@0.50.0"}]}]}"#;
        assert_eq!(shown(nested), ["npm @jupyterlab/git 0.50.0"]);
        assert_eq!(shown(r#"{"artifacts": [{"purl": "pkg:conda/tzdata"}]}"#), ["conda tzdata ?"]);
        let syft = |prefix: &str| {
            let metadata = format!(r#"{{"build": "py312_0", "channel": "https://conda.anaconda.org/conda-forge/", "prefix": "{prefix}"}}"#);
            format!(r#"{{"name": "numpy", "version": "2.1.3", "type": "conda", "purl": "", "metadata": {metadata}}}"#)
        };
        let facts = read(&format!(r#"{{"artifacts": [{}, {}]}}"#, syft("opt/conda"), syft("opt/conda/envs/old"))).expect("a list");
        let [fact] = facts.as_slice() else { panic!("{facts:?}") };
        assert_eq!([fact.build.as_deref(), fact.channel.as_deref()], [Some("py312_0"), Some("conda-forge")]);
        let component = r#"{"name": "numpy", "version": "2.1.3", "properties": [{"name": "syft:package:type", "value": "conda"}]}"#;
        assert_eq!(shown(&format!(r#"{{"components": [{component}, {{"name": "x"}}]}}"#)), ["conda numpy 2.1.3"]);
        assert!(read("{}").is_err() && read("").is_err() && read("curl").is_err() && read("other-mta\t\n").is_err());
    }

    #[test]
    fn package_urls_are_read_as_their_specification_has_it() {
        for (purl, expected) in [
            ("pkg:deb/debian/curl@7.88.1%2Bdeb12?arch=amd64", "apt curl 7.88.1+deb12"),
            ("pkg:deb/debian/git@1%3a2.39.5-0%7Ebpo", "apt git 1:2.39.5-0~bpo"),
            ("pkg:rpm/rocky/editor@9.0-1.el9?arch=x86_64&epoch=2", "rpm editor 2:9.0-1.el9"),
            ("pkg:rpm/rocky/editor@9.0-1.el9?epoch=0", "rpm editor 9.0-1.el9"),
            ("pkg:deb/debian/git@2.39-1?arch=amd64&epoch=1", "apt git 1:2.39-1"),
            ("pkg:pypi/100%25@1", "pypi 100% 1"),
        ] {
            let text = format!(r#"{{"packages": [{{"externalRefs": [{{"referenceLocator": "{purl}"}}]}}]}}"#);
            assert_eq!(shown(&text), [expected]);
        }
    }
}
