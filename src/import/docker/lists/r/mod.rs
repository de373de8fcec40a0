//! R packages: `install2.r` and its kin, and expressions that only install packages.

mod code;
mod named;

use super::list::{Item, List, Read, entry};
use crate::import::docker::command::Command;
use crate::import::{RemarkKind, quoted};
use code::{Call, Expression, statements};
use named::{Git, HUB, is_name, is_version, name_of, of_pak, of_site};

/// How the script of the compiler's own `cran` lists begins.
const OURS: &str = "words <- commandArgs(TRUE)";
/// The same of lists that pak installs.
const PAK: &str = "pak::pak(commandArgs(TRUE)";

pub(super) fn read(command: &Command) -> Read {
    let texts = command.texts();
    let mut found = Found::default();
    let read = match texts.as_slice() {
        ["Rscript", "-e", script, words @ ..] if script.starts_with(OURS) => {
            ours(words, &mut found);
            Some(())
        }
        ["Rscript", "-e", script, words @ ..] if script.starts_with(PAK) => found.by_pak(script, words),
        ["R" | "Rscript", words @ ..] => expressions(words, &mut found),
        ["install2.r" | "installGithub.r" | "installBioc.r", ..] => littler(command, &mut found),
        _ => None,
    };
    if read.is_none() || found.lists.is_empty() {
        return Read::Other;
    }
    Read::Lists(found.lists, found.notes)
}

/// Where the packages of a call come from, and what comes with them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Source {
    /// Repositories in the place of those that the image has.
    repositories: Vec<String>,
    /// Repositories beside them.
    further: Vec<String>,
    bioconductor: bool,
    suggests: bool,
    /// What pak is told: `upgrade = TRUE`; `None` where R itself installs.
    pak: Option<Vec<String>>,
}

impl Source {
    fn options(&self) -> Vec<String> {
        let mut repositories = self.repositories.iter();
        let first = repositories.next().map(|url| format!("index {}", quoted(url)));
        let further = repositories.chain(&self.further).map(|url| format!("extra-index {}", quoted(url)));
        let words = [(self.bioconductor, "bioconductor"), (self.suggests, "suggests")];
        let words = words.into_iter().filter(|(said, _)| *said).map(|(_, word)| word.to_owned());
        first.into_iter().chain(further).chain(words).collect()
    }

    /// What pak is told of it: its repositories are those of the image, and of Bioconductor.
    fn by_pak(&mut self, upgrades: bool) -> Option<()> {
        let said = [(std::mem::take(&mut self.suggests), "dependencies = TRUE"), (upgrades, "upgrade = TRUE")];
        self.pak = Some(said.into_iter().filter(|(said, _)| *said).map(|(_, flag)| flag.to_owned()).collect());
        self.bioconductor = false;
        (self.repositories.is_empty() && self.further.is_empty()).then_some(())
    }

    /// Takes the value of `repos`.
    fn takes(&mut self, value: &Expression) -> Option<()> {
        let mut urls = Vec::new();
        let mut beside = false;
        for element in value.elements() {
            match (element, element.call()) {
                (Expression::Text(url), _) if url.contains("://") => urls.push(url.clone()),
                (_, Some(call)) if matches!(call.function.as_str(), "getOption" | "options") => beside = true,
                (_, Some(call)) if call.package == "BiocManager" && call.function == "repositories" => self.bioconductor = true,
                _ => return None,
            }
        }
        let beside = beside || self.bioconductor;
        if beside { &mut self.further } else { &mut self.repositories }.extend(urls);
        Some(())
    }
}

/// The lists of a command.
#[derive(Default)]
struct Found {
    lists: Vec<List>,
    notes: Vec<(RemarkKind, String)>,
}

impl Found {
    fn add(&mut self, items: Vec<Item>, source: &Source) {
        let (options, flags) = (source.options(), source.pak.clone().unwrap_or_default());
        let tool = source.pak.as_ref().map(|_| "pak".to_owned());
        match self.lists.last_mut() {
            Some(last) if last.options == options && last.tool == tool && last.flags == flags => last.items.extend(items),
            _ => self.lists.push(List { manager: "cran", items, options, flags, tool, ..List::default() }),
        }
    }

    fn note(&mut self, words: &str) {
        let note = (RemarkKind::Changed, words.to_owned());
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    /// The words of a list that pak installs.
    fn by_pak(&mut self, script: &str, words: &[&str]) -> Option<()> {
        let flags = script.strip_prefix(PAK)?.strip_suffix(')')?;
        let flags = flags.split(", ").filter(|flag| !flag.is_empty()).map(str::to_owned).collect();
        let items = words.iter().map(|word| Some(Item { text: of_pak(word)?, ..Item::default() })).collect::<Option<Vec<_>>>()?;
        self.add(items, &Source { pak: Some(flags), ..Source::default() });
        Some(())
    }
}

/// The words behind the script of the compiler.
fn ours(words: &[&str], found: &mut Found) {
    let mut source = Source::default();
    let mut items = Vec::new();
    for word in words {
        let text = match (word.split_once('='), word.split(' ').collect::<Vec<_>>().as_slice()) {
            (Some(("--repos", url)), _) => {
                source.repositories.push(url.to_owned());
                continue;
            }
            (Some(("--extra-repos", url)), _) => {
                source.further.push(url.to_owned());
                continue;
            }
            (_, ["--bioconductor"]) => {
                source.bioconductor = true;
                continue;
            }
            (_, ["--suggests"]) => {
                source.suggests = true;
                continue;
            }
            (_, [name, url, rev, folder @ ..]) => {
                Git { name, url, rev: Some(*rev).filter(|rev| *rev != "HEAD"), folder: folder.first().copied() }.entry()
            }
            (Some((name, version)), _) => entry(name, &format!("={version}")),
            (None, _) => entry(word, ""),
        };
        items.push(Item { text, ..Item::default() });
    }
    found.add(items, &source);
}

/// `install2.r`, `installGithub.r` and `installBioc.r` of littler.
fn littler(command: &Command, found: &mut Found) -> Option<()> {
    let program = command.words.first()?.text.as_str();
    let mut source = Source { bioconductor: program == "installBioc.r", ..Source::default() };
    let mut items = Vec::new();
    let mut words = command.words.iter().skip(1);
    while let Some(word) = words.next() {
        let (option, joined) = word
            .text
            .split_once('=')
            .filter(|_| word.text.starts_with("--"))
            .map_or((word.text.as_str(), None), |(option, value)| (option, Some(value)));
        let mut value = || joined.or_else(|| words.next().map(|word| word.text.as_str()));
        match option {
            "-e" | "--error" | "-s" | "--skipinstalled" | "-u" | "--update" => {}
            "--skipmissing" => found.note("a package that no repository has is an error now"),
            "-n" | "--ncpus" => drop(value()),
            "-r" | "--repos" => match value()? {
                "getOption" => {}
                url if url.contains("://") => source.repositories.push(url.to_owned()),
                _ => return None,
            },
            "-d" | "--deps" => match value()? {
                "TRUE" => source.suggests = true,
                "NA" => {}
                _ => return None,
            },
            option if option.starts_with('-') => return None,
            package if program == "installGithub.r" => items.push(Item::at(of_site(package, HUB, (None, None))?, word.range.start)),
            package if is_name(package) => items.push(Item::at(entry(package, ""), word.range.start)),
            _ => return None,
        }
    }
    if !items.is_empty() {
        found.add(items, &source);
    }
    Some(())
}

/// Options, and expressions that only install packages.
fn expressions(words: &[&str], found: &mut Found) -> Option<()> {
    let mut words = words.iter();
    let mut source = Source::default();
    while let Some(word) = words.next() {
        match *word {
            "-e" => {
                for statement in statements(words.next()?)? {
                    run(&statement, &mut source, found)?;
                }
            }
            option if option.starts_with('-') => {}
            _ => return None,
        }
    }
    Some(())
}

/// A statement: it installs packages, or says where from.
fn run(statement: &Expression, source: &mut Source, found: &mut Found) -> Option<()> {
    match statement {
        Expression::Unless(condition, then) => {
            let there = condition.call().filter(|call| matches!(call.function.as_str(), "require" | "requireNamespace"))?;
            let (_, package) = there.arguments.first()?;
            let package = package.text().or_else(|| package.word())?;
            let before = found.lists.len();
            then.iter().try_for_each(|statement| run(statement, source, found))?;
            // What is there is installed once more, which is the same.
            let only = found.lists.get(before..)?.iter().flat_map(|list| &list.items).all(|item| item.text == package);
            only.then_some(())
        }
        Expression::Call(call) => match call.function.as_str() {
            "library" | "require" => {
                let (_, package) = call.arguments.first()?;
                ["remotes", "devtools", "pak", "BiocManager", "utils"].contains(&package.word().or_else(|| package.text())?).then_some(())
            }
            "options" => call.arguments.iter().try_for_each(|(name, value)| match name.as_deref()? {
                "repos" => source.takes(value),
                "Ncpus" | "warn" => Some(()),
                _ => None,
            }),
            _ => installs(call, source.clone(), found),
        },
        Expression::Text(_) | Expression::Word(_) => None,
    }
}

/// The packages that have the functions `install_…`.
const REMOTES: [&str; 2] = ["remotes", "devtools"];

/// What installs the packages of a call, by its function.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    R,
    Version,
    Bioconductor,
    Git,
    /// A site of git repositories, with its address.
    Site(&'static str),
    Pak,
}

impl By {
    fn of(call: &Call) -> Option<Self> {
        let from = |packages: &[&str], by| (call.package.is_empty() || packages.contains(&call.package.as_str())).then_some(by);
        match call.function.as_str() {
            "install.packages" => from(&["utils"], Self::R),
            "install" if call.package == "BiocManager" => Some(Self::Bioconductor),
            "install_cran" => from(&REMOTES, Self::R),
            "install_version" => from(&REMOTES, Self::Version),
            "install_bioc" => from(&REMOTES, Self::Bioconductor),
            "install_git" => from(&REMOTES, Self::Git),
            "install_github" => from(&REMOTES, Self::Site(HUB)),
            "install_gitlab" => from(&REMOTES, Self::Site("https://gitlab.com")),
            "pak" | "pkg_install" => from(&["pak"], Self::Pak),
            _ => None,
        }
    }
}

/// The arguments of a call that installs packages, beside where they are from.
#[derive(Default)]
struct Asked<'c> {
    packages: Vec<&'c str>,
    version: Option<&'c str>,
    rev: Option<&'c str>,
    folder: Option<&'c str>,
    upgrade: Option<&'c str>,
    /// Whether nobody is asked before others are brought up to date; without a terminal, the answer is no.
    unasked: bool,
}

impl<'c> Asked<'c> {
    fn of(call: &'c Call, by: By, source: &mut Source) -> Option<Self> {
        let mut asked = Self::default();
        for (at, (name, value)) in call.arguments.iter().enumerate() {
            match name.as_deref() {
                None | Some("pkgs" | "pkg" | "package" | "repo" | "url") if at == 0 => asked.packages = value.texts()?,
                None if at == 1 && by == By::Version => asked.version = Some(value.text()?),
                Some("version") if by == By::Version => asked.version = Some(value.text()?),
                Some("ref") if matches!(by, By::Git | By::Site(_)) => asked.rev = Some(value.text()?),
                Some("subdir") if matches!(by, By::Git | By::Site(_)) => asked.folder = Some(value.text()?),
                // R takes the beginning of a name for the name.
                Some("repos" | "repo") => source.takes(value)?,
                Some("dependencies" | "dependency" | "depends" | "depend" | "deps" | "dep") => match (value.word(), value.texts()) {
                    (Some("TRUE" | "T"), _) => source.suggests = true,
                    (Some("NA"), _) => {}
                    (_, Some(kinds)) if kinds.contains(&"Imports") && !kinds.contains(&"Suggests") => {}
                    _ => return None,
                },
                Some("type") if value.text() == Some("source") => {}
                Some("upgrade" | "update") => asked.upgrade = Some(value.word().or_else(|| value.text())?),
                Some("ask") => asked.unasked = value.word() == Some("FALSE"),
                Some("build_vignettes" | "build_manual") if value.word() == Some("FALSE") => {}
                Some("Ncpus" | "quiet" | "force" | "verbose") => {}
                _ => return None,
            }
        }
        Some(asked).filter(|asked| !asked.packages.is_empty())
    }

    /// A package as the language writes it.
    fn entry(&self, package: &str, by: By) -> Option<String> {
        let (rev, folder) = (self.rev, self.folder);
        match by {
            By::Version => {
                let version = self.version.filter(|version| is_version(version) && is_name(package))?;
                Some(entry(package, &format!("=={version}")))
            }
            By::Git => Git { name: name_of(package, folder), url: package, rev, folder }.checked(),
            By::Site(site) => of_site(package, site, (rev, folder)),
            By::Pak => of_pak(package),
            By::Bioconductor if package.contains('/') => of_site(package, HUB, (None, None)),
            By::R | By::Bioconductor => is_name(package).then(|| entry(package, "")),
        }
    }
}

/// A call that installs packages.
fn installs(call: &Call, mut source: Source, found: &mut Found) -> Option<()> {
    let by = By::of(call)?;
    let asked = Asked::of(call, by, &mut source)?;
    let stays = matches!(asked.upgrade, Some("FALSE" | "F" | "never"));
    match by {
        By::Pak => source.by_pak(matches!(asked.upgrade, Some("TRUE" | "T")))?,
        By::Bioconductor => {
            source.bioconductor = true;
            if asked.unasked && !stays {
                found.note("other packages of R are not brought up to date");
            }
        }
        By::Git | By::Site(_) if !stays => found.note("what a package needs is not brought up to date where it is there"),
        _ => {}
    }
    let item = |package: &&str| Some(Item { text: asked.entry(package, by)?, ..Item::default() });
    let items = asked.packages.iter().map(item).collect::<Option<Vec<_>>>()?;
    found.add(items, &source);
    Some(())
}
