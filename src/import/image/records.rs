//! What package managers wrote down: what is installed, and what of it was asked for.

use std::collections::{BTreeMap, BTreeSet};

use super::layer::Records;
use crate::versions::Scheme;

/// Packages that were asked for, by their manager: each with what is known of where it comes from.
pub(super) type Asked = BTreeMap<&'static str, Vec<Package>>;

/// A package.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Package {
    pub(super) name: String,
    pub(super) version: String,
    /// As pip takes it, where it is from another place than the index: `git+https://…@rev`.
    pub(super) source: Option<String>,
}

/// What was asked for between two states of an image.
pub(super) fn asked(before: &Records, after: &Records) -> Asked {
    let mut all = Asked::new();
    for (manager, packages) in
        [("apt", apt(before, after)), ("conda", conda(before, after)), ("pip", pip(before, after)), ("cran", r(before, after))]
    {
        if !packages.is_empty() {
            all.insert(manager, packages);
        }
    }
    all
}

/// Every package that is installed: its version by manager and normal name.
pub(super) fn installed(records: &Records) -> BTreeMap<(&'static str, String), String> {
    let mut all = BTreeMap::new();
    for (name, one) in paragraphs(records, "var/lib/dpkg/status").into_iter().filter(|(_, one)| is_installed(one)) {
        all.insert(("apt", name), field(&one, "Version").to_owned());
    }
    for (name, version) in records.keys().filter_map(|path| conda_package(path)) {
        all.insert(("conda", name), version);
    }
    for one in distributions(records).into_values().filter(|one| one.installer != "conda") {
        all.insert(("pip", Scheme::Pep440.normalize_name(&one.name)), one.version);
    }
    for (name, one) in libraries(records) {
        all.insert(("cran", name), field(&one, "Version").to_owned());
    }
    all
}

fn text(records: &Records, path: &str) -> String {
    records.get(path).map(|bytes| String::from_utf8_lossy(bytes).into_owned()).unwrap_or_default()
}

/// The fields of a paragraph, `Name: value` with lines that go on.
type Fields = BTreeMap<String, String>;

fn field<'f>(fields: &'f Fields, key: &str) -> &'f str {
    fields.get(key).map_or("", String::as_str)
}

fn fields(text: &str) -> Fields {
    let (mut all, mut last) = (Fields::new(), String::new());
    for line in text.lines() {
        if line.starts_with([' ', '\t']) {
            all.entry(last.clone()).and_modify(|value| value.push_str(line));
        } else if let Some((key, value)) = line.split_once(':') {
            key.clone_into(&mut last);
            all.entry(last.clone()).or_insert_with(|| value.trim().to_owned());
        }
    }
    all
}

/// The paragraphs of a file of dpkg's or apt's, by package.
fn paragraphs(records: &Records, path: &str) -> BTreeMap<String, Fields> {
    let whole = text(records, path);
    whole.split("\n\n").map(fields).filter(|one| one.contains_key("Package")).map(|one| (field(&one, "Package").to_owned(), one)).collect()
}

fn is_installed(one: &Fields) -> bool {
    field(one, "Status").ends_with(" installed")
}

/// The names in a list of dependencies: `libc6 (>= 2.38), a | b`, `R (>= 3.5), methods`.
fn needed(list: &str) -> impl Iterator<Item = &str> {
    list.split([',', '|']).map(|one| one.trim().split([' ', '(', ':', '[', ';', '<', '>', '=', '!', '~', '\n']).next().unwrap_or_default())
}

/// Packages that no other of them needs; of those that need one another the first.
fn roots(all: &BTreeMap<String, BTreeSet<String>>) -> BTreeSet<String> {
    let by_other: BTreeSet<&String> = all.iter().flat_map(|(name, needs)| needs.iter().filter(move |need| *need != name)).collect();
    all.keys().filter(|name| !by_other.contains(name)).cloned().collect()
}

fn apt(before: &Records, after: &Records) -> Vec<Package> {
    const STATUS: &str = "var/lib/dpkg/status";
    let known = paragraphs(before, STATUS);
    let first = known.is_empty();
    let system = |one: &Fields| {
        first && (field(one, "Essential") == "yes" || matches!(field(one, "Priority"), "required" | "important" | "standard"))
    };
    let new: BTreeMap<String, Fields> = paragraphs(after, STATUS)
        .into_iter()
        .filter(|(name, one)| is_installed(one) && !system(one) && !known.get(name).is_some_and(is_installed))
        .collect();
    let states = paragraphs(after, "var/lib/apt/extended_states");
    let automatic = |name: &str| states.get(name).is_some_and(|one| field(one, "Auto-Installed") == "1");
    let wanted: BTreeSet<String> = if states.is_empty() {
        // Where the states were deleted, what nothing else needs.
        let needs = |one: &Fields| {
            let all = ["Depends", "Pre-Depends", "Recommends"].map(|key| field(one, key).to_owned());
            all.iter().flat_map(|list| needed(list)).map(str::to_owned).collect::<BTreeSet<_>>()
        };
        roots(&new.iter().map(|(name, one)| (name.clone(), needs(one))).collect())
    } else {
        new.keys().filter(|name| !automatic(name)).cloned().collect()
    };
    let package = |(name, one): (String, Fields)| Package { name, version: field(&one, "Version").to_owned(), source: None };
    new.into_iter().filter(|(name, _)| wanted.contains(name)).map(package).collect()
}

/// What pip says of a distribution.
#[derive(Clone, Debug, Default)]
struct Distribution {
    name: String,
    version: String,
    installer: String,
    requested: bool,
    source: Option<String>,
    needs: BTreeSet<String>,
}

/// The distributions by the paths of their folders.
fn distributions(records: &Records) -> BTreeMap<String, Distribution> {
    let mut all: BTreeMap<String, Distribution> = BTreeMap::new();
    for path in records.keys() {
        let Some((folder, file)) = path.rsplit_once('/').filter(|(folder, _)| folder.ends_with(".dist-info")) else { continue };
        // What a package carries within itself was not installed: `setuptools/_vendor/`.
        if folder.rsplit_once("-packages/").is_some_and(|(_, inner)| inner.contains('/')) {
            continue;
        }
        let one = all.entry(folder.to_owned()).or_default();
        let text = text(records, path);
        match file {
            "METADATA" => {
                let head = text.split("\n\n").next().unwrap_or_default();
                let read = fields(head);
                field(&read, "Name").clone_into(&mut one.name);
                field(&read, "Version").clone_into(&mut one.version);
                let required =
                    head.lines().filter_map(|line| line.strip_prefix("Requires-Dist:")).filter(|line| !line.contains("extra =="));
                one.needs = required.filter_map(|line| needed(line).next().map(|name| Scheme::Pep440.normalize_name(name))).collect();
            }
            "INSTALLER" => text.trim().clone_into(&mut one.installer),
            "REQUESTED" => one.requested = true,
            _ => one.source = source(&text),
        }
    }
    all.retain(|_, one| !one.name.is_empty());
    all
}

/// `direct_url.json`, as pip takes it.
fn source(text: &str) -> Option<String> {
    let value: serde_json::Value = serde_json::from_str(text).ok()?;
    let of = |key: &str| value.pointer(key).and_then(serde_json::Value::as_str);
    let url = of("/url")?;
    Some(match (of("/vcs_info/vcs"), of("/vcs_info/commit_id")) {
        (Some(vcs), Some(commit)) => format!("{vcs}+{url}@{commit}"),
        _ => url.to_owned(),
    })
}

fn pip(before: &Records, after: &Records) -> Vec<Package> {
    let known = distributions(before);
    let new: Vec<Distribution> = distributions(after)
        .into_iter()
        .filter(|(folder, one)| match one.installer.as_str() {
            _ if known.contains_key(folder) => false,
            // Packages of Debian's own do not name what installed them.
            "" => !folder.starts_with("usr/lib/python3/dist-packages/"),
            installer => matches!(installer, "pip" | "uv"),
        })
        .map(|(_, one)| one)
        .collect();
    // uv marks every package as requested.
    let marks = new.iter().any(|one| one.requested) && !new.iter().any(|one| one.installer == "uv");
    let normal = |one: &Distribution| Scheme::Pep440.normalize_name(&one.name);
    let top = roots(&new.iter().map(|one| (normal(one), one.needs.clone())).collect());
    let mut all: Vec<Package> = new
        .into_iter()
        .filter(|one| if marks { one.requested } else { top.contains(&normal(one)) })
        .map(|one| Package { name: one.name, version: one.version, source: one.source })
        .collect();
    all.sort();
    all
}

/// `opt/conda/conda-meta/numpy-1.26.4-py312h_0.json`
fn conda_package(path: &str) -> Option<(String, String)> {
    let file = path.strip_suffix(".json")?.rsplit_once("conda-meta/")?.1;
    let (rest, _) = file.rsplit_once('-')?;
    rest.rsplit_once('-').map(|(name, version)| (name.to_owned(), version.to_owned()))
}

/// The specs that a history names as asked for, in order; later ones take the place of earlier ones.
fn conda(before: &Records, after: &Records) -> Vec<Package> {
    let versions: BTreeMap<String, String> = after.keys().filter_map(|path| conda_package(path)).collect();
    let mut all: Vec<Package> = Vec::new();
    for path in after.keys().filter(|path| path.ends_with("conda-meta/history")) {
        let (earlier, whole) = (text(before, path), text(after, path));
        let new = whole.strip_prefix(&earlier).unwrap_or(&whole);
        for line in new.lines().filter_map(|line| line.strip_prefix("# ")) {
            let Some((verb, list)) = line.split_once(" specs: ") else { continue };
            for spec in list.split(['\'', '"']).skip(1).step_by(2) {
                let name = spec
                    .rsplit("::")
                    .next()
                    .unwrap_or(spec)
                    .split([' ', '=', '<', '>', '!', '~', '['])
                    .next()
                    .unwrap_or_default()
                    .to_ascii_lowercase();
                all.retain(|known| known.name != name);
                if !matches!(verb, "remove" | "neutered") && versions.contains_key(&name) {
                    let version = versions.get(&name).cloned().unwrap_or_default();
                    all.push(Package { name, version, source: None });
                }
            }
        }
    }
    all
}

/// The packages of R in its libraries, without those that come with it.
fn libraries(records: &Records) -> BTreeMap<String, Fields> {
    let all = records.keys().filter(|path| path.ends_with("/DESCRIPTION")).map(|path| fields(&text(records, path)));
    let own = |one: &Fields| matches!(field(one, "Priority"), "base" | "recommended");
    all.filter(|one| one.contains_key("Package") && !own(one)).map(|one| (field(&one, "Package").to_owned(), one)).collect()
}

/// What a package of Bioconductor has as its source.
pub(super) const BIOCONDUCTOR: &str = "bioconductor";

/// Where a package of R comes from, if that is no repository of CRAN's kind: Bioconductor, or the address in git, the commit and the
/// folder, as `remotes` and `pak` write them down.
fn origin(one: &Fields) -> Option<String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._~:/@+".contains(c);
    let of = |key: &str| Some(field(one, key)).filter(|value| !value.is_empty() && value.chars().all(plain));
    let url = match field(one, "RemoteType") {
        "github" => format!("https://github.com/{}/{}", of("RemoteUsername")?, of("RemoteRepo")?),
        "gitlab" => format!("https://gitlab.com/{}/{}", of("RemoteUsername")?, of("RemoteRepo")?),
        "git" | "git2r" | "xgit" => of("RemoteUrl")?.to_owned(),
        kind => {
            let there = field(one, "Repository").starts_with("Bioconductor") || field(one, "git_url").contains("//git.bioconductor.org/");
            return (there || kind.starts_with("bioc")).then(|| BIOCONDUCTOR.to_owned());
        }
    };
    let folder = of("RemoteSubdir").map(|folder| format!(" {folder}")).unwrap_or_default();
    Some(format!("{url} {}{folder}", of("RemoteSha").unwrap_or("HEAD")))
}

/// R writes down no wish, so what nothing else needs was asked for.
fn r(before: &Records, after: &Records) -> Vec<Package> {
    let known = libraries(before);
    let new: BTreeMap<String, Fields> = libraries(after).into_iter().filter(|(name, _)| !known.contains_key(name)).collect();
    let needs = |one: &Fields| {
        let lists = ["Depends", "Imports", "LinkingTo"].map(|key| field(one, key).to_owned());
        lists.iter().flat_map(|list| needed(list)).map(str::to_owned).collect::<BTreeSet<_>>()
    };
    let top = roots(&new.iter().map(|(name, one)| (name.clone(), needs(one))).collect());
    let package = |(name, one): (String, Fields)| Package { name, version: field(&one, "Version").to_owned(), source: origin(&one) };
    new.into_iter().filter(|(name, _)| top.contains(name)).map(package).collect()
}
