//! What the solver may choose from: the records that the packages of a question can lead to, and what is there already.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;
use std::sync::Arc;

use rattler_conda_types::package::BuildString;
use rattler_conda_types::{
    GenericVirtualPackage, MatchSpec, Matches, PackageName, PackageRecord, ParseStrictness, RepoDataRecord, Version, VersionWithSource,
};

use super::repodata::Repodata;
use crate::check::locked::channel_name;
use crate::driver::lock::{Question, Root};
use crate::ir::Platform;

/// The kernel that is taken for the host's: older than that of any system which still gets security fixes (kernel.org, 2026-11: 5.10 is
/// the oldest).
const KERNEL: &str = "5.10";

/// What the solver may choose from.
pub(super) struct Stock {
    /// What is there already, by name.
    pub(super) there: BTreeMap<String, RepoDataRecord>,
    /// The records of each folder, in the order of the channels; what is there comes first.
    pub(super) folders: Vec<Vec<RepoDataRecord>>,
    /// Any version.
    pub(super) any: String,
}

impl Stock {
    pub(super) fn new(question: &Question, folders: &[Arc<Repodata>]) -> Self {
        let there = there(question, folders);
        let until = end_of(&question.cut_off);
        let mut all: Vec<Vec<RepoDataRecord>> = vec![there.values().cloned().collect()];
        all.extend(folders.iter().map(|_| Vec::new()));
        let roots = question.roots.iter().map(|root| root.name.clone());
        let mut next: Vec<String> = roots.chain(there.values().flat_map(required).collect::<Vec<_>>()).collect();
        let mut seen: BTreeSet<String> = there.keys().cloned().collect();
        while let Some(name) = next.pop() {
            if !seen.insert(name.clone()) {
                continue;
            }
            let root = question.roots.iter().find(|root| root.name == name);
            let is_meant = |channel: &str| root.and_then(|root| root.index.as_deref()).is_none_or(|index| channel_name(index) == channel);
            for (folder, records) in folders.iter().zip(all.iter_mut().skip(1)).filter(|(folder, _)| is_meant(&folder.channel)) {
                for dated in folder.records(&name).iter().filter(|dated| dated.time <= until) {
                    let record = stated(question, root, dated.record.clone());
                    if !question.alone {
                        next.extend(required(&record));
                    }
                    records.push(record);
                }
            }
        }
        Self { there, folders: all, any: String::new() }
    }

    /// The records that are to be kept where they still fit.
    pub(super) fn kept(&self, question: &Question) -> Vec<&RepoDataRecord> {
        let of = |(name, release): &(String, String)| {
            let (version, build) = parts(release);
            let mut all = self.folders.iter().flatten().filter(|record| is_release(record, name, version, build));
            all.next()
        };
        question.kept.iter().filter_map(of).collect()
    }
}

/// The version and the build of a release: `1.2=py_0`.
fn parts(release: &str) -> (&str, Option<&str>) {
    release.split_once('=').map_or((release, None), |(version, build)| (version, Some(build)))
}

fn is_release(record: &RepoDataRecord, name: &str, version: &str, build: Option<&str>) -> bool {
    let one = &record.package_record;
    one.name.as_normalized() == name && one.version.as_str() == version && build.is_none_or(|build| one.build.as_ref() == build)
}

/// A record with what the question says of its package: without what it requires, or without some of it.
fn stated(question: &Question, root: Option<&Root>, mut record: RepoDataRecord) -> RepoDataRecord {
    if root.is_some_and(|root| question.metadata.iter().any(|(name, ..)| *name == root.name)) {
        record.package_record.depends.clear();
    }
    record.package_record.depends.retain(|text| !question.without.iter().any(|name| name == name_of(text)));
    record
}

/// The name that a requirement begins with.
fn name_of(text: &str) -> &str {
    let end = text.find(|c: char| c.is_whitespace() || "=<>!~[;".contains(c)).unwrap_or(text.len());
    text.get(..end).unwrap_or(text)
}

fn required(record: &RepoDataRecord) -> Vec<String> {
    let names = record.package_record.depends.iter().map(|text| name_of(text));
    names.filter(|name| !name.starts_with("__")).map(str::to_ascii_lowercase).collect()
}

/// What is there already, each as one record that nothing can move. Where a channel has the release, its record says the build, and what
/// it does not go with.
fn there(question: &Question, folders: &[Arc<Repodata>]) -> BTreeMap<String, RepoDataRecord> {
    let mut all: BTreeMap<String, RepoDataRecord> = BTreeMap::new();
    for (name, release, requires) in &question.known {
        let (version, build) = parts(release);
        let records = folders.iter().flat_map(|folder| folder.records(name).iter().map(|dated| dated.record.clone()).collect::<Vec<_>>());
        let known = records.filter(|record| is_release(record, name, version, build)).max();
        let Some(mut record) = known.or_else(|| made(name, version, build)) else { continue };
        record.package_record.depends.clone_from(requires);
        all.insert(name.clone(), record);
    }
    // What is there together goes together.
    let holds = |text: &String| {
        let Ok(spec) = MatchSpec::from_str(text, ParseStrictness::Lenient) else { return false };
        all.get(name_of(text)).is_none_or(|other| spec.matches(other))
    };
    let kept: Vec<(String, Vec<String>, Vec<String>)> = all
        .iter()
        .map(|(name, record)| {
            let one = &record.package_record;
            (
                name.clone(),
                one.constrains.iter().filter(|text| holds(text)).cloned().collect(),
                one.depends.iter().filter(|text| holds(text)).cloned().collect(),
            )
        })
        .collect();
    for (name, constrains, depends) in kept {
        if let Some(record) = all.get_mut(&name) {
            record.package_record.constrains = constrains;
            record.package_record.depends = depends;
        }
    }
    all
}

/// A record of what no channel has.
fn made(name: &str, version: &str, build: Option<&str>) -> Option<RepoDataRecord> {
    // What requires an interpreter may require one of this make.
    let build = build.unwrap_or(if name == "python" { "0_cpython" } else { "0" });
    let package_record = PackageRecord::new(
        PackageName::from_str(name).ok()?,
        VersionWithSource::from_str(version).ok()?,
        BuildString::from_str(build).ok()?,
    );
    let file = format!("{name}-{version}-{build}.conda");
    let url = format!("https://there.invalid/{file}").parse().ok()?;
    Some(RepoDataRecord { package_record, identifier: file.parse().ok()?, url, channel: None })
}

/// What the solver takes for the machine.
pub(super) fn virtual_packages(question: &Question, platform: Platform) -> Result<Vec<GenericVirtualPackage>, String> {
    let glibc = format!("2.{}", question.glibc);
    let mut all =
        vec![("__unix", "0", "0"), ("__linux", KERNEL, "0"), ("__glibc", glibc.as_str(), "0"), ("__archspec", "1", platform.machine())];
    all.extend(question.cuda.as_deref().map(|cuda| ("__cuda", cuda, "0")));
    let one = |(name, version, build): (&str, &str, &str)| {
        Some(GenericVirtualPackage {
            name: PackageName::from_str(name).ok()?,
            version: Version::from_str(version).ok()?,
            build_string: BuildString::from_str(build).ok()?,
        })
    };
    all.into_iter()
        .map(|(name, version, build)| one((name, version, build)).ok_or_else(|| format!("`{name} {version}` is no package")))
        .collect()
}

/// The last millisecond of a day in UTC, since 1970: `2026-11-20`. Every time where it is no day.
fn end_of(day: &str) -> i64 {
    let mut parts = day.split('-').map(str::parse::<i64>);
    let (Some(Ok(year)), Some(Ok(month)), Some(Ok(day))) = (parts.next(), parts.next(), parts.next()) else { return i64::MAX };
    // Days from the civil calendar, years beginning in March.
    let year = if month <= 2 { year - 1 } else { year };
    let months = (month + 9) % 12;
    let days = 365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + (153 * months + 2) / 5 + day - 1 - 719_468;
    (days + 1) * 86_400_000 - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_end_in_milliseconds() {
        // `date --utc --date '2026-11-21' +%s`
        assert_eq!(end_of("2026-11-20"), 1_795_219_200_000 - 1);
        assert_eq!(end_of("1970-01-01"), 86_400_000 - 1);
        assert_eq!(end_of("2000-02-29"), 951_868_800_000 - 1);
        assert_eq!(end_of(""), i64::MAX);
    }
}
