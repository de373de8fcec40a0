//! `pip file "requirements.txt"`, `conda file "environment.yaml"`: mounted for the step with all that the file names, its packages
//! read for the checks.

use super::options::{ListFile, Options};
use crate::analyse::factfiles;
use crate::analyse::file_list::{FileEntry, FileList};
use crate::analyse::listed::{self};
use crate::analyse::lower::mounts::mountable;
use crate::analyse::lower::walk::Walk;
use crate::analyse::manager::Installer;
use crate::analyse::scope::Scope;
use crate::analyse::undecided::{LEFT_OUT, Undecided};
use crate::base::{Place, join, parent_of};
use crate::diagnostics::{Diagnostic, known};
use crate::ir::{Listed, LocalFile, Mount, MountSource, Package, Platform};
use crate::syntax::ast::{ListItem, PackageList, Text};

/// How the folders of conda's channels begin that hold programs of one system.
const SYSTEMS: [&str; 3] = ["linux-", "osx-", "win-"];
/// How many entries a note marks.
const MARKED: usize = 3;

impl<'a> Walk<'_, 'a> {
    /// Reads the list of a file into what the cell asks for.
    pub(super) fn file(
        &mut self,
        scope: &Scope<'_>,
        list: &'a PackageList,
        text: &Text,
        installer: &Installer<'a>,
        options: &mut Options,
    ) -> Option<()> {
        let cx = self.cx;
        let place = self.place(scope, text.span);
        let written = scope.text(cx, text)?;
        let Some(path) = join(cx.folder(scope.unit), &written) else {
            cx.report(
                Diagnostic::new(&known::IMPORT_OUTSIDE, place, format!("`{written}` leaves the folder of the program"))
                    .here("paths are relative to this file"),
            );
            return None;
        };
        let variables = self.state.variables.clone();
        let variable = |name: &str| variables.get(name).and_then(|known| known.value.clone()).filter(|value| !value.contains('$'));
        let whole = listed::read(cx, place, &path, &installer.ecosystem, &variable)?;
        whole.files.iter().try_for_each(|file| mountable(cx, place, &file.path))?;
        options.mounts.extend(mounts(&whole.files));
        options.key.push_str(&path);
        let target = target(&whole.files, &path);
        options.file = Some(ListFile { target, hashed: whole.hashed, described: whole.described, statement: place });
        self.listed(list, &whole, options, place);
        Some(())
    }

    /// The packages of a file, and the bounds that it sets for others.
    fn listed(&mut self, list: &'a PackageList, whole: &FileList, options: &Options, statement: Place) {
        let (conda, pip): (Vec<&FileEntry>, Vec<&FileEntry>) = whole.entries.iter().partition(|entry| entry.ecosystem == "conda");
        let mut open = Vec::new();
        self.other_platforms(&conda, statement);
        // conda's come first: with them, it is known for which Python pip installs.
        for entry in &conda {
            if let Some(package) = self.listed_package(entry, options, statement) {
                self.ask(package);
            }
        }
        let mut asked: Vec<String> = body_names(list).map(|name| crate::versions::Scheme::Pep440.normalize_name(name)).collect();
        let mut packages = Vec::new();
        for entry in pip {
            let Some(mut package) = self.listed_package(entry, options, statement) else { continue };
            let (platforms, undecided) = self.platforms_of(entry, package.environment.as_deref());
            if undecided {
                open.push((entry, platforms.clone()));
            }
            if platforms.is_empty() {
                continue;
            }
            package.only = crate::analyse::entry::only(platforms, self.job.platforms);
            if !entry.bound {
                asked.push(package.normal.clone());
            }
            packages.push((entry.bound, package));
        }
        for (bound, package) in packages {
            if bound && !asked.contains(&package.normal) {
                self.out.bounds.push(package);
            } else {
                self.ask(package);
            }
        }
        self.undecided(&open, self.environment_of(options, "pypi").as_deref());
    }

    /// The platforms for which the marker of an entry is known to hold, and whether there are some for which the build decides.
    fn platforms_of(&self, entry: &FileEntry, environment: Option<&str>) -> (Vec<Platform>, bool) {
        let Some(marker) = &entry.marker else { return (self.platforms.clone(), false) };
        let pythons = self.asked_in(environment).pythons(self.cx);
        let verdict = |platform: &Platform| marker.decide(platform.machine(), &pythons);
        let platforms = self.platforms.iter().copied().filter(|platform| verdict(platform) == Some(true)).collect();
        (platforms, self.platforms.iter().any(|platform| verdict(platform).is_none()))
    }

    fn listed_package(&self, entry: &FileEntry, options: &Options, statement: Place) -> Option<Package> {
        let mut package = factfiles::plain(self.cx, entry.ecosystem, &entry.name, entry.place)?;
        package.extras.clone_from(&entry.extras);
        package.constraint.clone_from(&entry.constraint);
        package.source.clone_from(&entry.source);
        package.index = entry.channel.clone().or_else(|| options.index.clone());
        package.besides.clone_from(&options.besides);
        package.environment = self.environment_of(options, entry.ecosystem);
        package.no_deps = options.no_deps;
        package.only = self.only();
        package.via.clone_from(&self.via);
        package.listed = Some(Listed { statement, locked: entry.locked });
        Some(package)
    }

    /// J0118: one finding for all packages of a list that are built for another platform than the step's.
    fn other_platforms(&self, entries: &[&FileEntry], statement: Place) {
        let wrong = |entry: &&&FileEntry| {
            let Some(subdir) = entry.subdir.as_deref().filter(|subdir| SYSTEMS.iter().any(|system| subdir.starts_with(system))) else {
                return false;
            };
            self.platforms.iter().any(|platform| platform.subdir() != subdir)
        };
        let all: Vec<_> = entries.iter().filter(wrong).collect();
        let Some(first) = all.first() else { return };
        let subdir = first.subdir.as_deref().unwrap_or_default();
        let others = self.platforms.iter().filter(|platform| platform.subdir() != subdir).map(|platform| format!("`{platform}`"));
        let others = others.collect::<Vec<_>>().join(" and ");
        let what = match all.len() {
            1 => format!("`{}` is", first.name),
            more => format!("`{}` and {} more are", first.name, more - 1),
        };
        self.cx.report(
            Diagnostic::new(&known::LIST_OF_ANOTHER_PLATFORM, first.place, format!("{what} built for `{subdir}`, not for {others}"))
                .here("conda installs it all the same")
                .also(statement, "read here")
                .help(format!("write a list for {others}, and put each under `when platform == \"…\" {{ … }}`")),
        );
    }

    /// One note for all entries of a list that the build decides about.
    fn undecided(&self, open: &[(&FileEntry, Vec<Platform>)], environment: Option<&str>) {
        let [(first, known), rest @ ..] = open else { return };
        let Some(marker) = &first.marker else { return };
        let pythons = self.asked_in(environment).pythons(self.cx);
        let is_open = |platform: &&Platform| marker.decide(platform.machine(), &pythons).is_none();
        let Some(platform) = self.platforms.iter().find(is_open) else { return };
        let what = match rest.len() {
            0 => format!("whether `{}` is installed is", first.name),
            more => format!("whether `{}` and {more} more are installed is", first.name),
        };
        let undecided = Undecided { open: (*platform, marker), known, pythons: &pythons };
        let mut finding = undecided.finding(first.place, &what, &marker.to_string());
        for (entry, _) in rest.iter().take(MARKED - 1) {
            finding = finding.also(entry.place, LEFT_OUT);
        }
        self.cx.report(finding);
    }
}

/// The names in the braces of a list, as far as they are written out.
fn body_names(list: &PackageList) -> impl Iterator<Item = &str> {
    list.body.iter().flat_map(|body| &body.items).filter_map(|item| match item {
        ListItem::Entry(entry) => entry.name.literal(),
        _ => None,
    })
}

/// The folder that all files are in.
fn common(files: &[LocalFile]) -> &str {
    let mut folder = files.first().map_or("", |file| parent_of(&file.path));
    while !folder.is_empty() && !files.iter().all(|file| file.path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))) {
        folder = parent_of(folder);
    }
    folder
}

/// Where the step sees a file: beside the others, as in the program.
fn target(files: &[LocalFile], path: &str) -> String {
    let folder = common(files);
    let inside = if folder.is_empty() { path } else { path.get(folder.len() + 1..).unwrap_or(path) };
    format!("/tmp/{inside}")
}

fn mounts(files: &[LocalFile]) -> Vec<Mount> {
    let mount =
        |file: &LocalFile| Mount { name: file.path.clone(), source: MountSource::File(file.clone()), target: target(files, &file.path) };
    files.iter().map(mount).collect()
}
