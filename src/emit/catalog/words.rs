//! Versions, sizes and tags as people read them.

use crate::ir::{Bounds, Cell, CellId, Image, Memory, Package, PackageSource, Settings, Tag};
use crate::versions::{Constraint, Op};

/// `torch[cuda]`
pub(super) fn name(package: &Package) -> String {
    if package.extras.is_empty() { package.name.clone() } else { format!("{}[{}]", package.name, package.extras.join(",")) }
}

/// What is known of a package's version: the version itself where it is one, else what is allowed, or where it comes from.
pub(super) fn version(package: &Package) -> String {
    match &package.source {
        PackageSource::Index => constraint(&package.constraint),
        PackageSource::Git { url, rev, .. } => match rev {
            Some(rev) => format!("{} at {}", address(url), short(rev)),
            None => address(url).to_owned(),
        },
        PackageSource::Url { url, .. } => url.clone(),
        PackageSource::Path(path) => path.clone(),
        PackageSource::Resolved(_) => "chosen by the build".to_owned(),
    }
}

/// `39.2.0` for `==39.2.0`, anything else as written.
pub(super) fn constraint(constraint: &Constraint) -> String {
    match constraint.alternatives.as_slice() {
        [bounds] => match bounds.as_slice() {
            [bound] if bound.op == Op::Equal && bound.build.is_none() => bound.version.clone(),
            _ => constraint.to_string(),
        },
        _ => constraint.to_string(),
    }
}

/// `github.com/reanahub/reana-client` of a web address; anything else as it is.
pub(super) fn address(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.trim_end_matches('/').trim_end_matches(".git")
}

/// Whether a text can be followed as a link: a web address of nothing but the characters that RFC 3986 lets it have.
pub(super) fn is_web_address(url: &str) -> bool {
    let legal = |c: char| c.is_ascii_alphanumeric() || "-._~:/?#@!$&'()*+,;=%".contains(c);
    (url.starts_with("https://") || url.starts_with("http://")) && url.chars().all(legal)
}

/// A commit by its first digits, as people name it; any other revision as it is.
fn short(rev: &str) -> &str {
    if rev.len() == 40 && rev.bytes().all(|byte| byte.is_ascii_hexdigit()) { rev.get(..12).unwrap_or(rev) } else { rev }
}

/// What a person gets: `2 to 4 cores`, `4 to 16 GiB of memory`, `1 GPU`.
pub(super) fn resources(settings: &Settings) -> Vec<String> {
    let cpu = settings.cpu.as_ref().and_then(|cpu| range(cpu.value, |cpu| cpu.to_string()));
    let cores = cpu.map(|text| if text == "1" || text.ends_with(" 1") { format!("{text} core") } else { format!("{text} cores") });
    let memory = settings.memory.as_ref().and_then(|memory| range(memory.value, bytes)).map(|text| format!("{text} of memory"));
    let gpu = settings.gpu.as_ref().map(|gpu| {
        let (count, plural) = (gpu.value.count, if gpu.value.count == 1 { "" } else { "s" });
        if gpu.value.resource == crate::ir::Gpu::NVIDIA {
            format!("{count} GPU{plural}")
        } else {
            format!("{count} × {}", gpu.value.resource)
        }
    });
    [cores, memory, gpu].into_iter().flatten().collect()
}

/// `2 to 4`, `2` where both ends are it, `at least 2`, `up to 4`.
fn range<T: Copy + PartialEq>(bounds: Bounds<T>, show: impl Fn(T) -> String) -> Option<String> {
    match (bounds.guarantee, bounds.limit) {
        (Some(low), Some(high)) if low == high => Some(show(low)),
        (Some(low), Some(high)) => {
            let (low, high) = (show(low), show(high));
            // A unit that both have is said once.
            let low = match (low.split_once(' '), high.split_once(' ')) {
                (Some((number, unit)), Some((_, same))) if unit == same => number,
                _ => &low,
            };
            Some(format!("{low} to {high}"))
        }
        (Some(low), None) => Some(format!("at least {}", show(low))),
        (None, Some(high)) => Some(format!("up to {}", show(high))),
        (None, None) => None,
    }
}

/// `4 GiB`
fn bytes(memory: Memory) -> String {
    let text = memory.to_string();
    match text.strip_suffix(|unit: char| unit.is_ascii_alphabetic()) {
        Some(number) => format!("{number} {}iB", text.get(number.len()..).unwrap_or_default()),
        None => format!("{text} bytes"),
    }
}

/// The further tags of a cell; what only the build knows stands in `<…>`.
pub(super) fn tags(image: &Image, id: CellId, cell: &Cell) -> Vec<String> {
    if !image.publish {
        return Vec::new();
    }
    let prefix = image.tag_prefix(id, cell);
    let text = |tag: &Tag| match tag {
        Tag::Text(text) => format!("{prefix}{text}"),
        Tag::Exact(text) => text.clone(),
        Tag::Date => format!("{prefix}<date>"),
        Tag::Sha => format!("{prefix}<commit>"),
        Tag::Probe(probe) => format!("{prefix}{}-<version>", probe.name),
    };
    cell.tags.iter().map(text).collect()
}

/// The paragraphs of a text.
pub(super) fn paragraphs(text: &str) -> Vec<String> {
    let mut all = vec![String::new()];
    for line in text.lines().map(str::trim) {
        match all.last_mut() {
            Some(last) if !line.is_empty() => {
                if !last.is_empty() {
                    last.push(' ');
                }
                last.push_str(line);
            }
            Some(last) if !last.is_empty() => all.push(String::new()),
            _ => {}
        }
    }
    all.retain(|text| !text.is_empty());
    all
}

/// A key as a reader would say it: `Python`.
pub(super) fn spoken(key: &str) -> String {
    let plain = key.replace(['_', '-'], " ");
    let mut letters = plain.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A part of an anchor: letters, digits, hyphens and underscores.
pub(super) fn anchor(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_alphanumeric() || "-_".contains(c) { c } else { '-' }).collect()
}
