//! J0607: addresses, references and file names of one architecture in a step for several platforms.

use std::collections::{BTreeMap, BTreeSet};

use super::names::last_part;
use crate::base::Place;
use crate::check::shell::scripts;
use crate::check::stack::cell_ref;
use crate::diagnostics::{Diagnostic, Findings, known};
use crate::ir::{
    Base, BuildSource, CellId, Copy, CopySource, Expandable, ImageRef, LocalFile, MountSource, Only, Package, PackageSource, Parent,
    Platform, Program, Script, ShellPart, ShellText, Step, StepKind,
};
use crate::shell::addresses;

/// How names of files, tags and addresses say which architecture they are for.
const WORDS: [(&str, Platform); 9] = [
    ("amd64", Platform::Amd64),
    ("x86_64", Platform::Amd64),
    ("x86-64", Platform::Amd64),
    ("x64", Platform::Amd64),
    ("linux64", Platform::Amd64),
    // A channel of conda.
    ("linux-64", Platform::Amd64),
    ("arm64", Platform::Arm64),
    // An account of Docker Hub, as `amd64` is one.
    ("arm64v8", Platform::Arm64),
    ("aarch64", Platform::Arm64),
];

/// What all of those words hold.
const COMMON: &str = "64";

/// Where a text asks the build for the architecture.
const ASKS: [&str; 8] =
    ["TARGETARCH", "TARGETPLATFORM", "uname", "print-architecture", "$(arch)", "`arch`", "HOSTTYPE", "platform.machine"];

/// What is of one architecture.
#[derive(Clone, Copy)]
enum Thing {
    /// An entry of a list.
    Entry,
    /// A line of a list in a file.
    Line,
    /// What a step takes.
    Step,
    /// An address in a command.
    Command,
    /// An image that a step takes from.
    Image,
    /// A layer of the program that a step takes from.
    Layer,
    /// What an image is built on.
    Base,
}

/// What one place says, in all cells.
struct Found {
    text: String,
    thing: Thing,
    is: Platform,
    others: BTreeSet<Platform>,
    cells: Vec<CellId>,
}

/// What was found, by place.
struct Book<'p> {
    program: &'p Program,
    found: BTreeMap<Place, Found>,
    /// Where an image is mounted first: a tool is one mistake, however many steps use it.
    mounted: BTreeMap<String, Place>,
}

/// J0607
pub(super) fn check(program: &Program, findings: &mut Findings) {
    let mut book = Book { program, found: BTreeMap::new(), mounted: BTreeMap::new() };
    for cells in &program.stacks() {
        let Some(cell) = cells.first().map(|first| &program[*first]) else { continue };
        let mut here = Here { book: &mut book, cells, platforms: &cell.platforms };
        if let Parent::Base(base) = cell.parent {
            here.base(&program[base]);
        }
        for package in &cell.packages {
            here.on(&package.only).package(package);
        }
        for step in &cell.steps {
            here.on(&step.only).step(step);
        }
    }
    // A list of conda that is of another platform by what is in it is reported there, whatever its name.
    let lists = findings.iter().filter(|finding| finding.code == &known::LIST_OF_ANOTHER_PLATFORM);
    let told: Vec<Place> = lists.flat_map(|finding| &finding.labels).map(|label| label.place).collect();
    let inside = |place: &Place, inner: &Place| place.file == inner.file && place.span.range().contains(&inner.span.range().start);
    book.found.retain(|place, _| !told.iter().any(|inner| inside(place, inner)));
    for (place, found) in book.found {
        findings.push(finding(program, place, found));
    }
}

/// A cell or a step of it, and the platforms that it is for.
struct Here<'b, 'p> {
    book: &'b mut Book<'p>,
    cells: &'b [CellId],
    platforms: &'b [Platform],
}

impl<'p> Here<'_, 'p> {
    /// The same for some of the platforms.
    fn on<'n>(&'n mut self, only: &'n Only) -> Here<'n, 'p> {
        Here { platforms: only.as_deref().unwrap_or(self.platforms), book: self.book, cells: self.cells }
    }

    fn told(&mut self, place: Place, text: &str, thing: Thing) {
        let Some(is) = architecture(text).filter(|_| !asks(text)) else { return };
        let others: BTreeSet<Platform> = self.platforms.iter().copied().filter(|platform| *platform != is).collect();
        if others.is_empty() {
            return;
        }
        let new = || Found { text: text.to_owned(), thing, is, others: BTreeSet::new(), cells: Vec::new() };
        let found = self.book.found.entry(place).or_insert_with(new);
        found.others.extend(others);
        found.cells.extend(self.cells);
    }

    /// An image whose definition does not say that it is for all platforms at hand.
    fn base(&mut self, base: &Base) {
        let said = !base.platforms.is_empty() && self.platforms.iter().all(|platform| base.platforms.contains(platform));
        if !base.standard && !said {
            self.told(base.origin, &named(&base.repository, base.tag.as_deref()), Thing::Base);
        }
    }

    fn package(&mut self, package: &Package) {
        let thing = if package.listed.is_some() { Thing::Line } else { Thing::Entry };
        match &package.source {
            PackageSource::Git { url, rev, .. } => {
                self.told(package.origin, url, thing);
                self.told(package.origin, rev.as_deref().unwrap_or_default(), thing);
            }
            PackageSource::Url { url: text, .. } | PackageSource::Path(text) => self.told(package.origin, text, thing),
            // `libc6:amd64`, as Debian's multiarch has it.
            PackageSource::Index if package.ecosystem == "apt" && package.name.contains(':') => {
                self.told(package.origin, &package.name, thing);
            }
            PackageSource::Index | PackageSource::Resolved(_) => {}
        }
    }

    fn step(&mut self, step: &Step) {
        let at = step.origin;
        match &step.kind {
            StepKind::Fetch(fetch) => self.told(at, &fetch.url, Thing::Step),
            StepKind::Copy(Copy { source: CopySource::Local { paths, .. }, .. }) => self.all(at, paths),
            StepKind::Copy(Copy { source: CopySource::Image { image, paths }, .. }) => {
                self.image(at, image);
                self.all(at, paths);
            }
            StepKind::Copy(Copy { source: CopySource::Text(text), .. }) => self.script(at, &Script::new(text.as_str())),
            StepKind::Build(build) => match &build.source {
                BuildSource::Git { url, rev } => self.all(build.origin, &[url.clone(), rev.clone()]),
                BuildSource::Url { url, .. } => self.told(build.origin, url, Thing::Step),
            },
            StepKind::Env(entries) => {
                for (_, value) in entries {
                    self.told(at, &value.written(), Thing::Step);
                }
            }
            // Folders of several architectures in one list are meant for whichever is there.
            StepKind::Path { entries, .. } => {
                let folders: Vec<String> = entries.iter().map(Expandable::written).collect();
                self.told(at, &folders.join(":"), Thing::Step);
            }
            StepKind::Install(install) => {
                for text in install.before.iter().chain(&install.flags).chain(&install.after) {
                    self.shell_text(at, text);
                }
            }
            _ => {}
        }
        for script in scripts(step) {
            self.script(at, script);
        }
        for mount in step.mounts() {
            match &mount.source {
                MountSource::Image { image: ImageRef::Reference(text), .. } => {
                    let first = *self.book.mounted.entry(text.clone()).or_insert(at);
                    self.image(first, &ImageRef::Reference(text.clone()));
                }
                MountSource::Image { image, .. } => self.image(at, image),
                MountSource::File(LocalFile { path, .. }) | MountSource::Local { path, .. } => self.told(at, path, Thing::Step),
                // The entry says it.
                MountSource::Download { .. } | MountSource::List(_) | MountSource::Secret(_) => {}
            }
        }
    }

    fn all(&mut self, place: Place, texts: &[String]) {
        for text in texts {
            self.told(place, text, Thing::Step);
        }
    }

    fn image(&mut self, place: Place, image: &ImageRef) {
        match image {
            ImageRef::Base(base) => self.base(&self.book.program[*base]),
            ImageRef::Reference(text) => self.told(place, text.split('@').next().unwrap_or(text), Thing::Image),
            ImageRef::Cell(cell) => self.layer(place, *cell),
        }
    }

    /// A layer of the program that is built for other platforms than the step is for.
    fn layer(&mut self, place: Place, id: CellId) {
        let program = self.book.program;
        let there = &program[id].platforms;
        let others: BTreeSet<Platform> = self.platforms.iter().copied().filter(|platform| !there.contains(platform)).collect();
        let Some(is) = there.first().copied().filter(|_| !others.is_empty()) else { return };
        let text = program[program[id].image].name.clone();
        let new = || Found { text, thing: Thing::Layer, is, others: BTreeSet::new(), cells: Vec::new() };
        let found = self.book.found.entry(place).or_insert_with(new);
        found.others.extend(others);
        found.cells.extend(self.cells);
    }

    /// What a list does before and behind its packages; a word of it is an address, or the line of a repository.
    fn shell_text(&mut self, place: Place, text: &ShellText) {
        for part in &text.0 {
            match part {
                ShellPart::Word(word) => {
                    let word = word.plain();
                    if word.contains("://") {
                        self.told(place, &word, Thing::Step);
                    }
                }
                ShellPart::Raw(raw) => self.script(place, &Script::new(raw.clone())),
            }
        }
    }

    /// The addresses of a script that does not tell architectures apart by itself.
    fn script(&mut self, place: Place, script: &Script) {
        if !script.text.contains(COMMON) || asks(&script.text) || architectures(&script.text).len() > 1 {
            return;
        }
        for range in addresses(&script.text) {
            let text = script.text.get(range.clone()).unwrap_or_default();
            self.told(script.place(range.clone()).unwrap_or(place), text, Thing::Command);
        }
    }
}

/// Whether a text asks the build which architecture it is for.
fn asks(text: &str) -> bool {
    ASKS.iter().any(|word| text.contains(word))
}

/// The one architecture that a text names.
fn architecture(text: &str) -> Option<Platform> {
    let all = architectures(text);
    all.first().copied().filter(|_| all.len() == 1)
}

/// The architectures that whole words of a text name.
fn architectures(text: &str) -> BTreeSet<Platform> {
    if !text.contains(COMMON) {
        return BTreeSet::new();
    }
    let text = text.to_ascii_lowercase();
    let whole = |at: usize, word: &str| {
        let inside = |c: char| c.is_ascii_alphanumeric();
        let (before, behind) = (text.get(..at).unwrap_or_default(), text.get(at + word.len()..).unwrap_or_default());
        !before.ends_with(inside) && !behind.starts_with(inside)
    };
    let there = |word: &str| text.match_indices(word).any(|(at, _)| whole(at, word));
    WORDS.iter().filter(|(word, _)| there(word)).map(|(_, platform)| *platform).collect()
}

fn named(repository: &str, tag: Option<&str>) -> String {
    tag.map_or_else(|| repository.to_owned(), |tag| format!("{repository}:{tag}"))
}

/// The file of an address, where its name tells the architecture; else all of the text.
fn shown(text: &str) -> &str {
    let last = last_part(text);
    let tells = architecture(last).is_some() && last.contains('.') && !text.contains(' ');
    if text.contains("://") && tells { last } else { text }
}

fn finding(program: &Program, place: Place, mut found: Found) -> Diagnostic {
    let text = shown(&found.text);
    let names = |all: &BTreeSet<Platform>| all.iter().map(|platform| format!("`{platform}`")).collect::<Vec<_>>().join(" and ");
    let (is, others) = (found.is, names(&found.others));
    let under = format!("under `when platform == \"{is}\" {{ … }}`, and add one for {others}");
    let help = match found.thing {
        Thing::Entry => format!("write `; platform == \"{is}\"` behind the entry, and add one for {others}"),
        Thing::Line => format!("write `; platform_machine == \"{}\"` behind the line, and add one for {others}", is.machine()),
        Thing::Step => format!("put the step {under}"),
        Thing::Command => format!("write what `uname -m` or `dpkg --print-architecture` prints in its place, or put the step {under}"),
        Thing::Image => format!("name the image of all platforms, or put the step {under}"),
        Thing::Layer => format!("give `{text}` these `platforms` as well, or put the step under `when platform == \"{is}\" {{ … }}`"),
        Thing::Base => format!("name the image of all platforms, or write `platforms = [\"{is}\"]` in what takes it"),
    };
    found.cells.sort_unstable();
    found.cells.dedup();
    Diagnostic::new(&known::ONE_ARCHITECTURE, place, format!("`{text}` is for `{is}`, and {others} gets it, too"))
        .here("the same for all platforms")
        .help(help)
        .in_cells(found.cells.into_iter().map(|cell| cell_ref(program, cell)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_words_name_an_architecture() {
        for text in [
            "tool_linux_amd64.tar.gz",
            "Miniforge3-Linux-x86_64.sh",
            "x-1.0-cp312-cp312-manylinux_2_28_x86_64.whl",
            "https://example.org/x86-64/tool",
            "node-v22.1.0-linux-x64.tar.xz",
            "amd64/debian:12",
            "https://conda.anaconda.org/conda-forge/linux-64/x.conda",
            "/usr/lib/x86_64-linux-gnu/libx.so",
        ] {
            assert_eq!(architecture(text), Some(Platform::Amd64), "{text}");
        }
        for text in ["tool-ARM64.deb", "arm64v8/debian", "x-1.0-linux_aarch64.whl", "ghcr.io/demo/tool:1.2-arm64"] {
            assert_eq!(architecture(text), Some(Platform::Arm64), "{text}");
        }
        for text in ["noarch/x.conda", "64x64.png", "camd64x.txt", "box64", "amd64-and-arm64.tar", "universal2", "x640", "wasm64"] {
            assert_eq!(architecture(text), None, "{text}");
        }
    }

    #[test]
    fn files_are_shown_by_name_and_the_rest_whole() {
        assert_eq!(shown("https://example.org/v1/tool-amd64.tgz"), "tool-amd64.tgz");
        for text in
            ["https://example.org/amd64/tool.tgz", "https://example.org/x86_64/", "deb https://example.org/x86_64 /", "bin/x-amd64.so"]
        {
            assert_eq!(shown(text), text);
        }
    }
}
