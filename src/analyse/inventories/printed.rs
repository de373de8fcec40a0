//! What package managers print for people and for each other: tables, and a package on each line.

use super::line::FactLine;
use crate::requirements::{BadSpec, Environment, MatchSpec, Requirement, Said, lines};
use crate::versions::{Constraint, Op, Scheme};

/// Reads a list, in the format that its lines tell.
///
/// # Errors
/// Says what was expected.
pub(super) fn read(text: &str) -> Result<Vec<FactLine>, String> {
    let has = |test: fn(&str) -> bool| text.lines().any(|line| test(line.trim()));
    let all = if has(|line| line.starts_with("||/ Name")) {
        dpkg(text)
    } else if has(|line| line == "@EXPLICIT") || has(|line| line == "dependencies:") {
        environment(text)
    } else if has(is_head_of_conda) {
        Ok(table(text, is_head_of_conda, conda))
    } else if has(is_head_of_pip) {
        Ok(table(text, is_head_of_pip, pip))
    } else if has(is_frozen) {
        frozen(text)
    } else if has(|line| MatchSpec::read(line).is_ok_and(|spec| line.matches('=').count() == 2 && build(&spec.constraint).is_some())) {
        environment(text)
    } else if has(|line| rpm(line).is_some()) {
        rpms(text)
    } else {
        dpkg(text)
    }?;
    if all.is_empty() { Err("it has no package with a version".to_owned()) } else { Ok(all) }
}

/// `conda list --explicit`, `conda list --export`, `conda env export` as YAML or JSON.
pub(super) fn environment(text: &str) -> Result<Vec<FactLine>, String> {
    let described = text.starts_with('{') || text.lines().any(|line| line.trim_end() == "dependencies:");
    let (Environment::Described(all, _) | Environment::Specs(all) | Environment::Explicit(all)) =
        Environment::read(if described { "environment.yaml" } else { "" }, text)?;
    let mut facts = Vec::new();
    for one in all {
        if one.pip {
            facts.extend(frozen(&one.text)?);
            continue;
        }
        let spec = MatchSpec::read(&one.text).map_err(|bad| match bad {
            BadSpec::Refused(problem) | BadSpec::Unread(problem) => format!("`{}`: {problem}", one.text),
        })?;
        let version = known(&spec.constraint);
        facts.push(match build(&spec.constraint) {
            Some(build) if build.starts_with("pypi_") => FactLine { ecosystem: "pypi", name: spec.name, version, ..FactLine::default() },
            build => FactLine { ecosystem: "conda", name: spec.name, version, build, channel: spec.channel },
        });
    }
    Ok(facts)
}

/// The version that a spec of an export names: `=1.26.4` without a build is one, too.
fn known(constraint: &Constraint) -> Option<String> {
    let mut bounds = constraint.bounds();
    let bound = bounds.next().filter(|bound| matches!(bound.op, Op::Equal | Op::Fuzzy | Op::Arbitrary))?;
    let version = bound.version.trim_end_matches(".*");
    (bounds.next().is_none() && !version.contains('*')).then(|| version.to_owned())
}

fn build(constraint: &Constraint) -> Option<String> {
    constraint.bounds().next()?.build.clone()
}

fn is_head_of_conda(line: &str) -> bool {
    let mut words = line.trim_start_matches('#').split_whitespace();
    words.by_ref().take(3).eq(["Name", "Version", "Build"])
}

fn is_head_of_pip(line: &str) -> bool {
    line.split_whitespace().take(2).eq(["Package", "Version"])
}

/// The rows below the head of a table, without the line that is drawn under it.
fn table(text: &str, is_head: fn(&str) -> bool, row: fn(&[&str]) -> Option<FactLine>) -> Vec<FactLine> {
    let rows = text.lines().skip_while(|line| !is_head(line.trim())).skip(1);
    let rows = rows.map(str::trim).filter(|line| !line.starts_with(['#', '-', '─']));
    rows.filter_map(|line| row(&line.split_whitespace().collect::<Vec<_>>())).collect()
}

/// A row of `conda list`; mamba names no channel for what it does not know.
fn conda(words: &[&str]) -> Option<FactLine> {
    let [name, version, rest @ ..] = words else { return None };
    let (build, channel) = (rest.first(), rest.get(1));
    let (name, version) = ((*name).to_owned(), Some((*version).to_owned()));
    if channel.is_some_and(|channel| *channel == "pypi") || build.is_some_and(|build| *build == "<pip>" || build.starts_with("pypi_")) {
        return Some(FactLine { ecosystem: "pypi", name, version, ..FactLine::default() });
    }
    let text = |word: Option<&&str>| word.map(|word| (*word).to_owned());
    Some(FactLine { ecosystem: "conda", name, version, build: text(build), channel: text(channel) })
}

/// A row of `pip list`.
fn pip(words: &[&str]) -> Option<FactLine> {
    let [name, version, ..] = words else { return None };
    Some(FactLine { ecosystem: "pypi", name: (*name).to_owned(), version: Some((*version).to_owned()), ..FactLine::default() })
}

fn is_frozen(line: &str) -> bool {
    line.contains("==") || line.contains(" @ ") || line.starts_with("-e ")
}

/// `pip freeze`; what is installed from a folder has its version in the comment before it.
fn frozen(text: &str) -> Result<Vec<FactLine>, String> {
    let mut all = Vec::new();
    for comment in text.lines().filter_map(|line| line.strip_prefix("# Editable")) {
        let inside = comment.split_once('(').and_then(|(_, rest)| rest.split_once(')')).map_or("", |(inside, _)| inside);
        all.extend(Requirement::read(inside).ok().and_then(fact));
    }
    for line in lines(text, &|_| None) {
        match line.said {
            Said::Requirement { requirement: Ok(requirement), .. } => all.extend(fact(*requirement)),
            Said::Requirement { requirement: Err(problem), .. } | Said::Refused(problem) => {
                let at = text.get(..line.span.range().start).unwrap_or_default().lines().count();
                return Err(format!("line {}: {problem}", at.max(1)));
            }
            _ => {}
        }
    }
    Ok(all)
}

fn fact(requirement: Requirement) -> Option<FactLine> {
    Some(FactLine { ecosystem: "pypi", name: requirement.name?, version: known(&requirement.constraint), ..FactLine::default() })
}

/// `git-2.43.0-1.fc39.x86_64` of `rpm -qa`, which prints no epoch.
fn rpm(line: &str) -> Option<FactLine> {
    let without_architecture = Scheme::Rpm.normalize_name(line);
    let plain = (without_architecture != line && !line.contains(char::is_whitespace)).then_some(without_architecture)?;
    let (rest, release) = plain.rsplit_once('-')?;
    let (name, version) = rest.rsplit_once('-')?;
    Some(FactLine { ecosystem: "rpm", name: name.to_owned(), version: Some(format!("{version}-{release}")), ..FactLine::default() })
}

fn rpms(text: &str) -> Result<Vec<FactLine>, String> {
    // Keys have no architecture.
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty() && !line.starts_with("gpg-pubkey-"));
    lines.map(|(at, line)| rpm(line.trim()).ok_or_else(|| format!("line {} is no package of RPM", at + 1))).collect()
}

/// What `dpkg-query -W` or `dpkg -l` prints. A package without a version is one that dpkg has heard of and that is not there.
fn dpkg(text: &str) -> Result<Vec<FactLine>, String> {
    let mut all = Vec::new();
    let table = text.contains("||/ Name");
    for (at, line) in text.lines().enumerate() {
        let mut words: Vec<&str> = line.split_whitespace().collect();
        if table {
            // The state of an installed package: `ii`, or `hi` where it is held.
            let installed = words.first().is_some_and(|state| state.len() <= 3 && state.get(1..2) == Some("i"));
            words = if installed { words.get(1..3).unwrap_or_default().to_vec() } else { Vec::new() };
        }
        match words.as_slice() {
            [] => {}
            [_] if line.ends_with('\t') => {}
            [name, version] => {
                let name = name.split(':').next().unwrap_or(name).to_owned();
                all.push(FactLine { ecosystem: "apt", name, version: Some((*version).to_owned()), ..FactLine::default() });
            }
            _ => return Err(format!("line {} is not a name and a version", at + 1)),
        }
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        let facts = read(text).expect(text);
        let rest = |fact: &FactLine| [&fact.version, &fact.build, &fact.channel].map(|word| word.clone().unwrap_or_default()).join(" ");
        facts.iter().map(|fact| format!("{} {} {}", fact.ecosystem, fact.name, rest(fact)).trim_end().to_owned()).collect()
    }

    #[test]
    fn conda_in_all_its_forms() {
        let listed = "# packages in environment at /opt/conda:\n#\n# Name                    Version                   Build  Channel\n_x  0.1  main\nnumpy  1.26.4  py312_0  conda-forge\nrich  13.9.2  pypi_0  pypi\n";
        assert_eq!(shown(listed), ["conda _x 0.1 main", "conda numpy 1.26.4 py312_0 conda-forge", "pypi rich 13.9.2"]);
        let mamba = "List of packages in environment: \"/opt/conda\"\n\n  Name   Version  Build    Channel\n────────────\n  numpy  1.26.4   py312_0  conda-forge\n";
        assert_eq!(shown(mamba), ["conda numpy 1.26.4 py312_0 conda-forge"]);
        let export = "# platform: linux-64\nnumpy=1.26.4=py312_0\nrich=13.9.2=pypi_0\n";
        assert_eq!(shown(export), ["conda numpy 1.26.4 py312_0", "pypi rich 13.9.2"]);
        let explicit = "# platform: linux-64\n@EXPLICIT\nhttps://conda.anaconda.org/conda-forge/linux-64/numpy-1.26.4-py312_0.conda#0123\n";
        assert_eq!(shown(explicit), ["conda numpy 1.26.4 py312_0 conda-forge"]);
        let described = "name: base\nchannels:\n  - conda-forge\ndependencies:\n  - numpy=1.26.4\n  - scipy>=1\n  - pip:\n      - rich==13.9.2\nprefix: /opt/conda\n";
        assert_eq!(shown(described), ["conda numpy 1.26.4", "conda scipy", "pypi rich 13.9.2"]);
    }

    #[test]
    fn pip_in_all_its_forms() {
        let frozen = "numpy==1.26.4\n-e git+https://h/foo.git@0123#egg=foo\ncore @ file:///build/work\nbar @ https://h/bar-1.0-py3-none-any.whl\n## no dependency link\n# Editable install with no version control (baz==0.1)\n-e /src/baz\n";
        assert_eq!(shown(frozen), ["pypi baz 0.1", "pypi numpy 1.26.4", "pypi foo", "pypi core", "pypi bar 1.0"]);
        let table =
            "Package    Version Editable project location\n---------- ------- ----\nnumpy      1.26.4\nbaz        0.1     /src/baz\n";
        assert_eq!(shown(table), ["pypi numpy 1.26.4", "pypi baz 0.1"]);
        assert!(read("numpy==1.26.4\nwhat is this\n").is_err());
    }

    #[test]
    fn rpm_without_its_keys() {
        let printed = "git-2.43.0-1.fc39.x86_64\npython3-dnf-plugins-core-4.7.0-1.el9.noarch\ngpg-pubkey-fd431d51-4ae0493b\n";
        assert_eq!(shown(printed), ["rpm git 2.43.0-1.fc39", "rpm python3-dnf-plugins-core 4.7.0-1.el9"]);
        assert!(read("git-2.43.0-1.fc39.x86_64\nbash\n").is_err());
    }
}
