//! What uv writes, read: the packages with their files from `pylock.toml` (PEP 751), what they require from its log, and its refusals.
//!
//! `pylock.toml` as uv writes it has no edges, so they are taken from the log: `Adding transitive dependency for a==1: b>=2`.

use std::collections::{BTreeMap, BTreeSet};

use super::project::{PROJECT, constraints};
use super::sources::Source;
use crate::check::locked::short;
use crate::driver::lock::{Answer, Question};
use crate::ir::{Pin, TomlTable, TomlValue, read_toml};
use crate::versions::Scheme;

/// The packages of an answer; `None` where it can't be read.
pub(super) fn pins(asked: &Asked, question: &Question) -> Option<BTreeMap<String, Pin>> {
    let tables = read_toml(&asked.text).ok()?;
    let mut requires = requirements(&asked.log, question);
    let mut pins = BTreeMap::new();
    for table in tables.iter().filter(|table| table.path == "packages") {
        let name = Scheme::Pep440.normalize_name(table.get("name")?.text()?);
        let version = table.get("version")?.text()?.to_owned();
        let (file, sha256) = file(table);
        let requires = requires.remove(&(name.clone(), version.clone())).unwrap_or_default();
        let is_from = |url: &&str| asked.origins.get(&name).is_some_and(|from| from.trim_end_matches('/') == url.trim_end_matches('/'));
        let index = question.besides().into_iter().find(is_from).map(|url| short(url).to_owned());
        pins.insert(name, Pin { version, index, file, sha256, requires, ..Pin::default() });
    }
    Some(pins)
}

/// The file of a package and its checksum: the wheel for the platform, else what it is built from.
fn file(table: &TomlTable) -> (String, String) {
    let wheel = table.get("wheels").and_then(|wheels| wheels.list().first());
    let Some(file) = wheel.or_else(|| table.get("archive")).or_else(|| table.get("sdist")) else { return Default::default() };
    let text = |value: Option<&TomlValue>| value.and_then(TomlValue::text).unwrap_or_default().to_owned();
    let url = text(file.get("url").or_else(|| file.get("path")));
    let name = url.rsplit('/').next().unwrap_or_default().replace("%2B", "+");
    (name, text(file.get("hashes").and_then(|hashes| hashes.get("sha256"))))
}

/// The versions of an answer, as a list of requirements.
pub(super) fn versions(text: &str) -> String {
    let tables = read_toml(text).unwrap_or_default();
    let line = |table: &TomlTable| Some(format!("{}=={}\n", table.get("name")?.text()?, table.get("version")?.text()?));
    tables.iter().filter(|table| table.path == "packages").filter_map(line).collect()
}

/// The index of each package, from a list of requirements in which each is followed by it: `    # from https://…`.
pub(super) fn origins(text: &str) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    let mut name = None;
    for line in text.lines() {
        match (line.trim().strip_prefix("# from "), &name) {
            (Some(url), Some(name)) => {
                all.insert(String::clone(name), url.to_owned());
            }
            (None, _) => name = line.split("==").next().map(|name| Scheme::Pep440.normalize_name(name)),
            _ => {}
        }
    }
    all
}

/// The packages of an answer that have sources alone: name, version, and the archive.
pub(super) fn sources(text: &str) -> Vec<(String, String, Source)> {
    let of = |table: &TomlTable| {
        let text = |value: Option<&TomlValue>| value.and_then(TomlValue::text).unwrap_or_default().to_owned();
        let sdist = table.get("sdist").filter(|_| table.get("wheels").is_none())?;
        let source = Source { url: text(sdist.get("url")), sha256: text(sdist.get("hashes").and_then(|hashes| hashes.get("sha256"))) };
        Some((Scheme::Pep440.normalize_name(table.get("name")?.text()?), text(table.get("version")), source))
    };
    let tables = read_toml(text).unwrap_or_default();
    tables.iter().filter(|table| table.path == "packages").filter_map(of).collect()
}

/// What each package requires, by name and version. In the log, bounds of the question follow every requirement of their package.
fn requirements(log: &str, question: &Question) -> BTreeMap<(String, String), Vec<String>> {
    let bounded = constraints(question);
    let mut seen: BTreeMap<(String, String, String), usize> = BTreeMap::new();
    let mut all: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    for line in log.lines() {
        let Some((_, line)) = line.split_once("Adding transitive dependency for ") else { continue };
        let Some((who, required)) = line.split_once(": ") else { continue };
        let Some((who, version)) = who.split_once("==") else { continue };
        let plain = who.split(['[', '{']).next().unwrap_or(who);
        let (name, extras, ranges) = parts(required);
        if name == plain {
            continue;
        }
        let key = (plain.to_owned(), version.to_owned());
        let lines = seen.entry((key.0.clone(), key.1.clone(), name.to_owned())).or_default();
        let is_bound = bounded.contains_key(name) && *lines % 2 == 1;
        *lines += 1;
        let text = format!("{name}{extras}{}", specifiers(ranges));
        let known = all.entry(key).or_default();
        if !is_bound && !known.contains(&text) {
            known.push(text);
        }
    }
    for known in all.values_mut() {
        known.sort();
    }
    all
}

/// `bleach[css]{python_full_version < '3.14'}>=5.0` as name, extras and ranges.
fn parts(required: &str) -> (&str, &str, &str) {
    let split = |text: &'static str| move |required: &str| required.find(|c| text.contains(c)).unwrap_or(required.len());
    let (name, rest) = required.split_at(split("[{<>=!~*")(required));
    let (extras, rest) = rest.split_at(if rest.starts_with('[') { rest.find(']').map_or(rest.len(), |end| end + 1) } else { 0 });
    let ranges = rest.strip_prefix('{').and_then(|rest| rest.split_once('}')).map_or(rest, |(_, ranges)| ranges);
    (name, extras, if ranges == "*" { "" } else { ranges })
}

/// Ranges of uv's as specifiers of PEP 440: `>=1, <2 | >=2+` is `>=1,!=2`, and `>=2, <2+` is `==2`. A gap that no specifier leaves out
/// alone is not left out.
fn specifiers(ranges: &str) -> String {
    let pieces: Vec<Vec<&str>> = ranges.split(" | ").map(|piece| piece.split(", ").collect()).collect();
    if let [bounds] = pieces.as_slice() {
        return exact(bounds).unwrap_or_else(|| bounds.iter().map(|bound| plain(bound)).collect::<Vec<_>>().join(","));
    }
    let is_lower = |bound: &&str| bound.starts_with('>');
    let mut all: Vec<String> = pieces.first().into_iter().flatten().filter(|bound| is_lower(bound)).map(|bound| plain(bound)).collect();
    for pair in pieces.windows(2) {
        let upper = pair.first().and_then(|piece| piece.iter().find(|bound| !is_lower(bound)));
        let lower = pair.last().and_then(|piece| piece.iter().find(|bound| is_lower(bound)));
        all.extend(upper.zip(lower).and_then(|(upper, lower)| gap(upper, lower)));
    }
    all.extend(pieces.last().into_iter().flatten().filter(|bound| !is_lower(bound)).map(|bound| plain(bound)));
    all.join(",")
}

/// A bound without `+`, by which uv means a version with all its local ones, as PEP 440 does for `<=` and `>`.
fn plain(bound: &str) -> String {
    let Some(known) = bound.strip_suffix('+') else { return bound.to_owned() };
    match (known.strip_prefix(">="), known.strip_prefix('<').filter(|version| !version.starts_with('='))) {
        (Some(version), _) => format!(">{version}"),
        (_, Some(version)) => format!("<={version}"),
        _ => known.to_owned(),
    }
}

/// One version, or all that begin with it.
fn exact(bounds: &[&str]) -> Option<String> {
    let [lower, upper] = bounds else { return None };
    let (lower, upper) = (lower.strip_prefix(">=")?, upper.strip_prefix('<')?);
    if upper.strip_suffix('+') == Some(lower) {
        return Some(format!("=={lower}"));
    }
    let (first, next) = (lower.strip_suffix(".dev0")?, upper.strip_suffix(".dev0")?);
    is_next(first, next).then(|| format!("=={first}.*"))
}

/// What lies between two ranges.
fn gap(upper: &str, lower: &str) -> Option<String> {
    let upper = upper.strip_prefix('<')?;
    if Some(upper) == lower.strip_prefix(">=").and_then(|lower| lower.strip_suffix('+')) || Some(upper) == lower.strip_prefix('>') {
        return Some(format!("!={upper}"));
    }
    let (first, next) = (upper.strip_suffix(".dev0")?, lower.strip_prefix(">=")?.strip_suffix(".dev0")?);
    is_next(first, next).then(|| format!("!={first}.*"))
}

/// Whether the second of two releases of one length follows the first: `5.0` and `5.1`.
fn is_next(first: &str, next: &str) -> bool {
    let split = |text: &str| {
        text.rsplit_once('.').map_or((String::new(), text.parse::<u64>().ok()), |(head, last)| (head.to_owned(), last.parse().ok()))
    };
    let ((head, first), (other, next)) = (split(first), split(next));
    head == other && first.is_some() && first.and_then(|first| first.checked_add(1)) == next
}

/// What uv says where it has no answer.
pub(super) fn refusal(log: &str, build: bool) -> Answer {
    let from = log.find("\nerror: ").map_or(if log.starts_with("error: ") { 0 } else { log.len() }, |at| at + 1);
    let words = log.get(from..).unwrap_or_default().trim_end().replace(&format!("{PROJECT} depends on"), "the image asks for");
    if !words.contains("No solution found") {
        if let Some(host) = host(&words) {
            return Answer::Failed(format!("error: `{host}` does not answer\n{words}"));
        }
        return Answer::Failed(if words.is_empty() { log.lines().last().unwrap_or("uv has failed").to_owned() } else { words });
    }
    if words.contains("network was disabled") {
        return Answer::Failed(format!("the cache lacks something, and `--offline` forbids to ask the index\n{words}"));
    }
    let after =
        |line: &str| line.strip_prefix("hint: Wheels are required for `").and_then(|rest| rest.split('`').next()).map(str::to_owned);
    let names: Vec<String> = words.lines().filter_map(after).collect();
    if names.is_empty() || build { Answer::Nothing(words) } else { Answer::SourceOnly(names, words) }
}

/// Withdrawn releases that packages require exactly. pip takes such a one (PEP 592), and uv where the question names it: bounds for that.
pub(super) fn yanked(words: &str, log: &str, question: &Question) -> Vec<(String, String)> {
    let words: Vec<&str> = words.split_whitespace().collect();
    let named = words.windows(3).filter_map(|said| match said {
        [release, "was", "yanked"] => release.split_once("=="),
        _ => None,
    });
    let required: BTreeSet<String> = requirements(log, question).into_values().flatten().collect();
    let bounds = named.filter(|(name, version)| required.contains(&format!("{name}=={version}")));
    let all: BTreeSet<_> = bounds.map(|(name, version)| (name.to_owned(), format!("=={version}"))).collect();
    all.into_iter().filter(|bound| !question.constraints.contains(bound)).collect()
}

/// Who was asked in vain: `https://pypi.org`.
fn host(words: &str) -> Option<String> {
    let url = words.lines().find_map(|line| line.split_once("Failed to fetch: "))?.1.trim_matches(['`', ' ']);
    let (scheme, rest) = url.split_once("://")?;
    let host = rest.split('/').next()?;
    Some(format!("{scheme}://{}", host.rsplit('@').next()?))
}

/// Packages of which an index gives no upload dates, by normalised name.
pub(super) fn dateless(log: &str) -> BTreeSet<String> {
    let file = |line: &'_ str| line.find(" is missing an upload date").and_then(|end| line.get(..end).map(str::to_owned));
    let name =
        |file: String| file.rsplit('`').nth(1).and_then(|file| file.split('-').next()).map(|name| Scheme::Pep440.normalize_name(name));
    log.lines().filter_map(file).filter_map(name).collect()
}

/// What uv said.
#[derive(Default)]
pub(super) struct Asked {
    pub(super) solved: bool,
    pub(super) log: String,
    pub(super) text: String,
    /// The address of the index of each package, where there are several.
    pub(super) origins: BTreeMap<String, String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_specifiers() {
        let cases = [
            ("*", ""),
            (">=1.26", ">=1.26"),
            (">=2, <2.3", ">=2,<2.3"),
            (">=2.2.6, <2.2.6+", "==2.2.6"),
            (">=0.7.1, <=0.7.1+", ">=0.7.1,<=0.7.1"),
            (">=0.7, <0.7.1+", ">=0.7,<=0.7.1"),
            (">=0.7+", ">0.7"),
            (">=1.dev0, <2.dev0", "==1.*"),
            (">=0.2.0, <0.3.dev0", ">=0.2.0,<0.3.dev0"),
            ("<5.0.0 | >=5.0.0+", "!=5.0.0"),
            (">=4.12, <5.0.dev0 | >=5.1.dev0", ">=4.12,!=5.0.*"),
            (">=0.2.1, <0.5.0 | >=0.5.0+, <0.5.1 | >=0.5.1+", ">=0.2.1,!=0.5.0,!=0.5.1"),
            (">=2.15.0, <2.43.0 | >=2.43.0+, <3.0.0", ">=2.15.0,!=2.43.0,<3.0.0"),
        ];
        for (ranges, specifier) in cases {
            let required = format!("a{ranges}");
            assert_eq!(specifiers(parts(&required).2), specifier, "{ranges}");
        }
    }

    #[test]
    fn requirements_are_told_from_bounds() {
        let log = "DEBUG Adding transitive dependency for a==1: numpy>=1.26\n\
                   DEBUG Adding transitive dependency for a==1: numpy>=2.2.6, <2.2.6+\n\
                   DEBUG Adding transitive dependency for a==1: a[x]==1\n\
                   DEBUG Adding transitive dependency for a==1: bleach[css]{python_full_version < '3.15'}>=4\n";
        let question = Question { constraints: vec![("numpy".to_owned(), "==2.2.6".to_owned())], ..Question::default() };
        let text = "lock-version = \"1.0\"\n[[packages]]\nname = \"a\"\nversion = \"1\"\nwheels = [{ url = \"https://x/a-1%2Bc-py3-none-any.whl\", \
                    upload-time = 2026-09-10T18:32:36Z, size = 9, hashes = { sha256 = \"52\" } }]\n";
        let asked = Asked { text: text.to_owned(), log: log.to_owned(), ..Asked::default() };
        let pins = pins(&asked, &question).expect("reads");
        let pin = pins.get("a").expect("is there");
        assert_eq!((pin.file.as_str(), pin.sha256.as_str()), ("a-1+c-py3-none-any.whl", "52"));
        assert_eq!(pin.requires, ["bleach[css]>=4", "numpy>=1.26"]);
    }

    #[test]
    fn refusals_are_told_apart() {
        let none = "DEBUG x\nerror: No solution found when resolving dependencies\n  cause: Because …\n";
        assert!(matches!(refusal(none, false), Answer::Nothing(words) if words.starts_with("error: No")));
        let source = format!("{none}\nhint: Wheels are required for `reana-client` because building from source is disabled\n");
        assert!(matches!(refusal(&source, false), Answer::SourceOnly(names, _) if names == ["reana-client"]));
        let offline = format!("{none}\nhint: Packages were unavailable because the network was disabled.\n");
        assert!(matches!(refusal(&offline, false), Answer::Failed(_)));
        let silent =
            "error: Request failed after 3 retries\n  cause: Failed to fetch: `https://me:secret@index.example.org/simple/torch/`\n";
        assert!(
            matches!(refusal(silent, false), Answer::Failed(words) if words.starts_with("error: `https://index.example.org` does not answer\n"))
        );
        assert!(matches!(refusal("error: Request failed\n", false), Answer::Failed(words) if words == "error: Request failed"));
        let log = "warning: `my_stuff-1.0-py3-none-any.whl` is missing an upload date, but user provided: 2026\n";
        assert_eq!(dateless(log), BTreeSet::from(["my-stuff".to_owned()]));
    }
}
