//! Managers that run another program, or with other flags, than the language's own: an `installer` for each.

use std::collections::{BTreeMap, BTreeSet};

use super::images::Image;
use super::lists::{List, UPDATE};
use super::steps::Act;
use crate::import::{Definition, Home, Item, name, quoted};
use crate::shell::is_assignment;

/// What is run for a list: its manager, the program, the flags.
type Kind = (&'static str, Option<String>, Vec<String>);

/// The installers that a program needs.
pub(super) struct Installers {
    /// Kinds other than the language's own; `true` where it takes the place of the manager.
    all: Vec<(Kind, bool)>,
    /// Of each kind the words that its lists have beside names and versions: `channel`, `git`, `file`.
    words: BTreeMap<Kind, BTreeSet<String>>,
}

impl Installers {
    pub(super) fn of(images: &[Image]) -> Self {
        let mut words: BTreeMap<Kind, BTreeSet<String>> = BTreeMap::new();
        for step in images.iter().flat_map(|image| &image.steps) {
            let Act::List(list, _) = &step.act else { continue };
            let options = list.options.iter().filter_map(|option| option.split(' ').next());
            let sources = list.items.iter().filter_map(|item| item.text.split(' ').nth(1));
            let all = options.chain(sources).chain(list.file.iter().map(|_| "file")).map(str::to_owned);
            words.entry((list.manager, list.tool.clone(), list.flags.clone())).or_default().extend(all);
        }
        let kinds: BTreeSet<Kind> = words.keys().cloned().collect();
        let own = |kind: &&Kind| kind.1.is_some() || !kind.2.is_empty();
        // A variable is for the lists that had it, not for those that are written later; so are a program that a step has brought, and
        // `update`, which installs nothing that is not there.
        let brought = |kind: &Kind| kind.1.as_ref().is_some_and(|tool| tool.contains('/'));
        let alone = |kind: &Kind| {
            !brought(kind)
                && !kind.2.iter().any(|flag| is_assignment(flag) || flag == UPDATE)
                && kinds.iter().filter(|other| other.0 == kind.0).count() == 1
        };
        let all = kinds.iter().filter(own).map(|kind| (kind.clone(), alone(kind))).collect();
        Self { all, words }
    }

    /// What a list begins with.
    pub(super) fn head(&self, list: &List) -> String {
        let same = |kind: &Kind| kind.0 == list.manager && kind.1 == list.tool && kind.2 == list.flags;
        match self.all.iter().find(|(kind, _)| same(kind)) {
            Some((kind, false)) => self.called(kind),
            _ => list.manager.to_owned(),
        }
    }

    /// `pip-upgrade`, `uv-pip-system`; with a number behind it where another one has the same options with other values.
    fn called(&self, kind: &Kind) -> String {
        let wanted = called(kind);
        let before = self.all.iter().take_while(|(other, _)| other != kind).filter(|(other, _)| called(other) == wanted).count();
        if before == 0 { wanted } else { format!("{wanted}-{}", before + 1) }
    }

    pub(super) fn definitions(&self) -> Vec<Definition> {
        self.all
            .iter()
            .map(|(kind, replaces)| {
                let called = if *replaces { kind.0.to_owned() } else { self.called(kind) };
                let head = if *replaces { format!("replace installer {called}") } else { format!("installer {called}") };
                let used = |text: &String| needed(text).iter().all(|word| self.words.get(kind).is_some_and(|words| words.contains(*word)));
                let items = fields(kind).into_iter().filter(used).map(Item::Statement).collect();
                Definition { home: Home::Images, name: format!("installer {called}"), head, doc: Vec::new(), items }
            })
            .collect()
    }
}

/// The program and the names of its options.
fn called((manager, tool, flags): &Kind) -> String {
    let program = tool.as_deref().map(|tool| tool.rsplit('/').next().unwrap_or(tool));
    let words: Vec<String> =
        program.iter().map(|tool| (*tool).to_owned()).chain(flags.iter().map(|flag| option(flag).to_owned())).collect();
    let own = name(&words.join("-"), "other");
    let says = program.is_some_and(|tool| tool.split(' ').any(|word| word == *manager));
    if says && own != *manager { own } else { format!("{manager}-{own}") }
}

/// An option without its value, where that is long: `--find-links https://…`, but `--enablerepo=epel`. Of a variable, its name.
fn option(flag: &str) -> &str {
    let (option, value) = flag.split_once([' ', '=']).unwrap_or((flag, ""));
    if is_assignment(flag) || value.contains(['/', ':', '*']) { option } else { flag }
}

/// What a list must have said for a field of its installer to be of use.
fn needed(field: &str) -> Option<&str> {
    let mut words = field.split(' ');
    match words.next()? {
        word @ ("git" | "url" | "path" | "file" | "recommends" | "upgrade") => Some(word),
        "create" | "within" => Some("env"),
        "create_from" | "update_from" => Some("file"),
        "bootstrap" => Some("bootstrap"),
        "option" => words.next().and_then(|option| option.split('(').next()),
        _ => None,
    }
}

/// R packages by pak, which installs what they need of the system, too.
fn pak(flags: &[String]) -> Vec<String> {
    let said = std::iter::once("commandArgs(TRUE)").chain(flags.iter().map(String::as_str)).collect::<Vec<_>>().join(", ");
    vec![
        "versions = \"r\"  ecosystem = \"cran\"  as = user".to_owned(),
        format!("command = \"Rscript -e 'pak::pak({said})'\""),
        "item = \"{{ name }}{{ constraint | replace('==', '@') }}\"".to_owned(),
        "git = \"{{ name }}={{ url | replace('https://github.com/', 'github::') if 'https://github.com/' in url else 'git::' ~ url }}\
         {{ '/' ~ subdirectory if subdirectory else '' }}{{ '@' ~ rev if rev else '' }}\""
            .to_owned(),
    ]
}

/// Packages of conda by a program of its kin: `verb` is what it does with them, `set` are variables before it.
fn conda(tool: &str, verb: &str, set: &str, flags: &str) -> Vec<String> {
    let prefix = "\\\"{{ prefix }}\\\"";
    // mamba 2 asks back, and mamba 1 has no `--yes` there.
    let always = if tool == "conda" { "CONDA_ALWAYS_YES=true" } else { "MAMBA_ALWAYS_YES=true" };
    // The new conda is behind it; the program itself may be gone.
    let cleaner = if tool.contains('/') { "{{ conda }}" } else { tool };
    let base = if tool == "micromamba" { " --name base" } else { "" };
    vec![
        "versions = \"conda\"  ecosystem = \"conda\"  as = user".to_owned(),
        format!("command = {}", quoted(&format!("{set}{tool} {verb} --yes{base}{flags}"))),
        format!("upgrade = {}", quoted(&format!("{set}{tool} update --all --yes{base}{flags}"))),
        "item = \"{{ name }}{{ constraint }}\"".to_owned(),
        format!("create = \"{set}{tool} create --yes --prefix {prefix}{flags}\""),
        format!("within = \"{set}{tool} install --yes --prefix {prefix}{flags}\""),
        "file = \"--file {{ path }}\"".to_owned(),
        format!("create_from = \"{set}{always} {tool} env create --prefix {prefix} --file {{{{ path }}}}\""),
        format!("update_from = \"{set}{always} {tool} env update --prefix {prefix} --file {{{{ path }}}}\""),
        format!("bootstrap = \"{set}{tool} install --root-prefix={prefix} --prefix={prefix} --yes{flags}\""),
        format!("after = [\"{cleaner} clean --all --yes\"]"),
        "option channel(channel) { flag = \"--channel {{ channel }}\" }".to_owned(),
    ]
}

fn fields((manager, tool, flags): &Kind) -> Vec<String> {
    if *manager == "cran" {
        return pak(flags);
    }
    // Variables stand before the command, flags behind it.
    let is_variable = |flag: &&String| is_assignment(flag);
    let variable = |set: &String| set.split_once('=').map(|(name, value)| format!("{name}={} ", word_of(value))).unwrap_or_default();
    let set: String = flags.iter().filter(is_variable).map(variable).collect();
    let word = |flag: &String| if flag.contains(['$', '`', '&', ';', '|', '(', '*']) { format!(" '{flag}'") } else { format!(" {flag}") };
    let updates = *manager == "conda" && flags.iter().any(|flag| flag == UPDATE);
    let flags: String = flags.iter().filter(|flag| !(is_variable(flag) || updates && *flag == UPDATE)).map(word).collect();
    let command = |text: String| format!("command = {}", quoted(&text));
    let field = |text: &str| text.to_owned();
    match *manager {
        "conda" => conda(tool.as_deref().unwrap_or("mamba"), if updates { UPDATE } else { "install" }, &set, &flags),
        "pip" => vec![
            field("versions = \"pep440\"  ecosystem = \"pypi\"  as = user"),
            command(format!("{set}{} install --no-cache-dir{flags}", tool.as_deref().unwrap_or("pip"))),
            field("item = \"{{ name }}{{ extras }}{{ constraint }}\""),
            field(
                "git = \"{{ name }}{{ extras }} @ git+{{ url }}{{ '@' ~ rev if rev else '' }}\
                 {{ '#subdirectory=' ~ subdirectory if subdirectory else '' }}\"",
            ),
            field("url = \"{{ name }}{{ extras }} @ {{ url }}\""),
            field("path = \"{{ path }}{{ extras }}\""),
            field("file = \"--requirement {{ path }}\""),
            field("option index(url) { flag = \"--index-url {{ url }}\" }"),
            field("option extra-index(url) { flag = \"--extra-index-url {{ url }}\" }"),
            field("option no-deps { flag = \"--no-deps\" }"),
        ],
        "apt" => {
            let command =
                |recommends: &str| quoted(&format!("{set}DEBIAN_FRONTEND=noninteractive apt-get install --yes{recommends}{flags}"));
            vec![
                field("versions = \"debian\"  ecosystem = \"apt\"  as = root"),
                field("before = [\"apt-get update --yes\"]"),
                format!("command = {}", command(" --no-install-recommends")),
                field("item = \"{{ name }}{{ constraint }}\""),
                field("url = \"{{ path }}\""),
                field("path = \"{{ path }}\""),
                field("option release(name) { flag = \"--target-release {{ name }}\" }"),
                format!("recommends = {}", command("")),
                field("after = [\"apt-get clean\", \"rm -rf /var/lib/apt/lists/*\"]"),
            ]
        }
        _ => {
            let tool = tool.as_deref().unwrap_or("dnf");
            vec![
                field("versions = \"rpm\"  ecosystem = \"rpm\"  as = root"),
                command(format!("{set}{tool} install --assumeyes{flags}")),
                field("item = \"{{ name }}{{ constraint }}\""),
                field("url = \"{{ url }}\""),
                field("path = \"{{ path }}\""),
                format!("recommends = {}", quoted(&format!("{set}{tool} install --assumeyes{flags}"))),
                format!("upgrade = {}", quoted(&format!("{set}{tool} upgrade --assumeyes{flags}"))),
                format!("after = [\"{tool} clean all\"]"),
            ]
        }
    }
}

/// A value as a word of a shell.
fn word_of(value: &str) -> String {
    let plain = value.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | ':' | '=' | '+' | ','));
    if plain { value.to_owned() } else { format!("'{value}'") }
}
