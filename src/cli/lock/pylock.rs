//! `pylock.NAME.toml` as PEP 751 has it, of one Python and one platform: each package with the one file that is locked.

use std::fmt::Write;

use crate::ir::{Pin, Platform, TomlTable, TomlValue, read_toml, toml_text};
use crate::versions::Scheme;

/// The file of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct File {
    kind: Kind,
    url: String,
    /// In bytes, where the index says it.
    size: Option<String>,
}

/// By which key a package has its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Wheel,
    Sources,
    /// A wheel that the program names by its address.
    Archive,
}

/// The file of a pin in what uv writes: the one with its checksum.
pub(super) fn file_of(text: &str, name: &str, pin: &Pin) -> Option<File> {
    let tables = read_toml(text).ok()?;
    let is_it =
        |table: &&TomlTable| table.get("name").and_then(TomlValue::text).is_some_and(|known| Scheme::Pep440.normalize_name(known) == name);
    let table = tables.iter().filter(|table| table.path == "packages").find(is_it)?;
    let wheels = table.get("wheels").map(TomlValue::list).unwrap_or_default().iter().map(|file| (Kind::Wheel, file));
    let others = [(Kind::Sources, "sdist"), (Kind::Archive, "archive")].into_iter().filter_map(|(kind, key)| Some((kind, table.get(key)?)));
    let has_checksum =
        |file: &TomlValue| file.get("hashes").and_then(|all| all.get("sha256")).and_then(TomlValue::text) == Some(&pin.sha256);
    let (kind, file) = wheels.chain(others).find(|(_, file)| has_checksum(file))?;
    let size = if let Some(TomlValue::Bare(size)) = file.get("size") { Some(size.clone()) } else { None };
    Some(File { kind, url: file.get("url")?.text()?.to_owned(), size })
}

/// For which machines a file is.
pub(super) struct Pylock<'a> {
    /// `3.11`, `3.11.9`
    pub(super) python: &'a str,
    pub(super) platform: Platform,
}

impl Pylock<'_> {
    /// The text of the file: the packages by name, each with what is locked of it.
    pub(super) fn text<'p>(&self, head: &str, packages: impl Iterator<Item = (&'p str, &'p Pin, &'p File)>) -> String {
        let minor: Vec<&str> = self.python.split('.').take(2).collect();
        let (minor, machine) = (minor.join("."), self.platform.machine());
        let environment = format!("sys_platform == 'linux' and platform_machine == '{machine}'");
        let mut text = format!("{head}\nlock-version = \"1.0\"\nenvironments = [{}]\n", toml_text(&environment));
        let _ = write!(text, "requires-python = \"=={minor}.*\"\ncreated-by = \"jenvc\"\n");
        for (name, pin, file) in packages {
            let _ = write!(text, "\n[[packages]]\nname = {}\nversion = {}\n", toml_text(name), toml_text(&pin.version));
            let _ = writeln!(text, "{}", file.line(pin));
        }
        text
    }
}

impl File {
    fn line(&self, pin: &Pin) -> String {
        let named = if self.kind == Kind::Archive { String::new() } else { format!("name = {}, ", toml_text(&pin.file)) };
        let size = self.size.as_ref().map(|size| format!("size = {size}, ")).unwrap_or_default();
        let table = format!("{{ {named}url = {}, {size}hashes = {{ sha256 = {} }} }}", toml_text(&self.url), toml_text(&pin.sha256));
        match self.kind {
            Kind::Wheel => format!("wheels = [{table}]"),
            Kind::Sources => format!("sdist = {table}"),
            Kind::Archive => format!("archive = {table}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_with_the_checksum_is_taken_and_no_other() {
        let text = "lock-version = \"1.0\"\n[[packages]]\nname = \"My_Torch\"\nversion = \"2.5.1+cpu\"\nwheels = [{ url = \"https://x/a.whl\", hashes = \
                    { sha256 = \"aa\" } }, { url = \"https://x/b%2Bcpu.whl\", size = 9, hashes = { sha256 = \"bb\" } }]\n";
        let pin = |sha256: &str| Pin {
            version: "2.5.1+cpu".to_owned(),
            file: "b+cpu.whl".to_owned(),
            sha256: sha256.to_owned(),
            ..Pin::default()
        };
        assert_eq!(file_of(text, "my-torch", &pin("cc")), None);
        assert_eq!(file_of(text, "my-torch", &pin("")), None);
        assert_eq!(file_of(text, "torch", &pin("bb")), None);
        let (pin, file) = (pin("bb"), file_of(text, "my-torch", &pin("bb")).expect("is there"));
        let pylock = Pylock { python: "3.11.9", platform: Platform::Arm64 }.text("# head", std::iter::once(("my-torch", &pin, &file)));
        insta::assert_snapshot!(pylock, @r#"
        # head
        lock-version = "1.0"
        environments = ["sys_platform == 'linux' and platform_machine == 'aarch64'"]
        requires-python = "==3.11.*"
        created-by = "jenvc"

        [[packages]]
        name = "my-torch"
        version = "2.5.1+cpu"
        wheels = [{ name = "b+cpu.whl", url = "https://x/b%2Bcpu.whl", size = 9, hashes = { sha256 = "bb" } }]
        "#);
    }
}
