//! A question as uv reads it: a project whose dependencies are what is asked for, and stub wheels for what is there already.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::driver::lock::{Question, Root};
use crate::ir::toml_text;

/// The name of the project: that of no package.
pub(super) const PROJECT: &str = "jenvc-lock-question";

/// The `pyproject.toml` of a question.
pub(super) fn project(question: &Question) -> String {
    let mut text = format!("[project]\nname = \"{PROJECT}\"\nversion = \"0\"\n");
    list(&mut text, "dependencies", question.roots.iter().map(dependency));
    text.push_str("\n[tool.uv]\n");
    list(&mut text, "constraint-dependencies", constraints(question).into_iter().map(|(name, spec)| name + &spec));
    list(&mut text, "exclude-dependencies", question.without.iter().cloned());
    let known = question.known.iter().map(|(name, version, requires)| (name, Some(version), requires));
    let stated = question.metadata.iter().map(|(name, version, requires)| (name, version.as_ref(), requires));
    for (name, version, requires) in known.chain(stated) {
        let _ = write!(text, "\n[[tool.uv.dependency-metadata]]\nname = {}\n", toml_text(name));
        if let Some(version) = version {
            let _ = writeln!(text, "version = {}", toml_text(version));
        }
        list(&mut text, "requires-dist", requires.iter().cloned());
    }
    indexes(&mut text, question);
    text
}

fn list(text: &mut String, key: &str, all: impl Iterator<Item = String>) {
    let all: Vec<_> = all.map(|one| toml_text(&one)).collect();
    let _ = writeln!(text, "{key} = [{}]", all.join(", "));
}

fn dependency(root: &Root) -> String {
    let extras = if root.extras.is_empty() { String::new() } else { format!("[{}]", root.extras.join(",")) };
    match &root.url {
        Some(url) => format!("{}{extras} @ {url}", root.name),
        None => format!("{}{extras}{}", root.name, root.spec),
    }
}

/// All bounds of each package as one, so that uv's log has one line for them.
pub(super) fn constraints(question: &Question) -> BTreeMap<String, String> {
    let mut all: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (name, spec) in question.constraints.iter().filter(|(_, spec)| !spec.is_empty()) {
        let specs = all.entry(name.clone()).or_default();
        if !specs.contains(&spec.as_str()) {
            specs.push(spec);
        }
    }
    all.into_iter().map(|(name, specs)| (name, specs.join(","))).collect()
}

/// An index that an entry names in place of the default one is for its package alone; what is asked besides is for all.
fn indexes(text: &mut String, question: &Question) {
    let mut named: Vec<&str> = Vec::new();
    let mut sources = BTreeMap::new();
    for root in &question.roots {
        let Some(url) = root.index.as_deref() else { continue };
        let at = named.iter().position(|one| *one == url).unwrap_or_else(|| {
            named.push(url);
            named.len() - 1
        });
        sources.insert(&root.name, at);
    }
    for (at, url) in question.besides().into_iter().enumerate() {
        let _ = write!(text, "\n[[tool.uv.index]]\nname = \"besides-{at}\"\nurl = {}\n", toml_text(url));
    }
    for (at, url) in named.iter().enumerate() {
        let _ = write!(text, "\n[[tool.uv.index]]\nname = \"index-{at}\"\nurl = {}\nexplicit = true\n", toml_text(url));
    }
    if !sources.is_empty() {
        text.push_str("\n[tool.uv.sources]\n");
    }
    for (name, at) in sources {
        let _ = writeln!(text, "{name} = {{ index = \"index-{at}\" }}");
    }
}

/// The versions to be kept where they still fit, as uv reads them: a file that it could have written before.
pub(super) fn kept(question: &Question) -> String {
    let mut text = "lock-version = \"1.0\"\ncreated-by = \"jenvc\"\n".to_owned();
    for (name, version) in &question.kept {
        let _ = write!(text, "\n[[packages]]\nname = {}\nversion = {}\n", toml_text(name), toml_text(version));
    }
    text
}

/// What a stub wheel is called: `foo_bar-1.0-py3-none-any.whl`.
pub(super) fn stub_name(name: &str, version: &str) -> String {
    format!("{}-{version}-py3-none-any.whl", name.replace('-', "_"))
}

/// A wheel that holds nothing but what it is and requires: a zip file of stored texts
/// (the binary distribution format of packaging.python.org, APPNOTE 6.3 of PKWARE).
pub(super) fn stub(name: &str, version: &str, requires: &[String]) -> Vec<u8> {
    let folder = format!("{}-{version}.dist-info", name.replace('-', "_"));
    let mut metadata = format!("Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n");
    for one in requires {
        let _ = writeln!(metadata, "Requires-Dist: {one}");
    }
    let files = [
        (format!("{folder}/METADATA"), metadata),
        (format!("{folder}/WHEEL"), "Wheel-Version: 1.0\nGenerator: jenvc\nRoot-Is-Purelib: true\nTag: py3-none-any\n".to_owned()),
        (format!("{folder}/RECORD"), String::new()),
    ];
    let (mut zip, mut directory) = (Vec::new(), Vec::new());
    for (path, text) in &files {
        let offset = number(zip.len());
        // Version 2.0, no flags, stored, 1980-01-01 00:00; checksum, both sizes, length of the name, no extra field.
        let mut head = vec![20, 0, 0, 0, 0, 0, 0, 0, 33, 0];
        head.extend(checksum(text.as_bytes()).to_le_bytes());
        head.extend([number(text.len()), number(text.len()), number(path.len())].concat());
        zip.extend(b"PK\x03\x04");
        zip.extend(&head);
        zip.extend(path.as_bytes());
        zip.extend(text.as_bytes());
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&head);
        // No comment, first disk, no attributes.
        directory.extend([0; 10]);
        directory.extend(offset);
        directory.extend(path.as_bytes());
    }
    let start = number(zip.len());
    zip.extend(&directory);
    zip.extend(b"PK\x05\x06\0\0\0\0\x03\0\x03\0");
    zip.extend([number(directory.len()), start].concat());
    zip.extend([0, 0]);
    zip
}

/// A number of four bytes, as zip files have them: nothing here is longer.
fn number(value: usize) -> [u8; 4] {
    u32::try_from(value).unwrap_or(u32::MAX).to_le_bytes()
}

/// CRC-32 of ISO 3309.
fn checksum(bytes: &[u8]) -> u32 {
    !bytes
        .iter()
        .fold(u32::MAX, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_are_those_of_the_standard() {
        assert_eq!(checksum(b"123456789"), 0xcbf4_3926);
    }

    #[test]
    fn a_question_is_a_project() {
        let root = |name: &str, spec: &str| Root { name: name.to_owned(), spec: spec.to_owned(), ..Root::default() };
        let question = Question {
            roots: vec![
                Root { extras: vec!["http2".to_owned()], ..root("httpx", ">=0.27") },
                Root { index: Some("https://example.org/cu124".to_owned()), ..root("torch", "==2.5.1") },
                Root { url: Some("https://example.org/a-1.0-py3-none-any.whl".to_owned()), ..root("a", "") },
            ],
            constraints: [("pandas", "<3"), ("numpy", "==2.2.6"), ("pandas", ">=2"), ("pandas", "<3")]
                .map(|(a, b)| (a.to_owned(), b.to_owned()))
                .to_vec(),
            known: vec![("conda-only".to_owned(), "1.0".to_owned(), Vec::new())],
            metadata: vec![("tool".to_owned(), None, vec!["six".to_owned()])],
            without: vec!["local".to_owned()],
            ..Question::default()
        };
        insta::assert_snapshot!(project(&question));
    }
}
