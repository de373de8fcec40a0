//! Which of repo2docker's build packs takes a folder, and which Python and R it takes.

use super::folder::{broken, place, text};
use crate::base::Place;
use crate::diagnostics::Diagnostic;
use crate::import::RemarkKind::{self, Changed, Decide, Mistake, NotExpressible};
use crate::import::Work;
use crate::import::work::Folder;
use crate::requirements::{Environment, MatchSpec, Requirement};
use crate::versions::Scheme;

/// The versions of Python that the base is made with.
const PYTHONS: [&str; 7] = ["3.8", "3.9", "3.10", "3.11", "3.12", "3.13", "3.14"];
/// The one that is taken where nothing asks for another.
const PYTHON: &str = "3.10";
/// The releases of R by their first two numbers.
const RELEASES: [(&str, &str); 9] = [
    ("4.5", "4.5.1"),
    ("4.4", "4.4.2"),
    ("4.3", "4.3.3"),
    ("4.2", "4.2.3"),
    ("4.1", "4.1.3"),
    ("4.0", "4.0.5"),
    ("3.6", "3.6.3"),
    ("3.5", "3.5.3"),
    ("3.4", "3.4.4"),
];
/// The release that is taken where nothing asks for another.
const RELEASE: &str = "4.4.2";

/// How a folder is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Nix,
    Julia,
    R,
    Conda,
    Pipfile,
    Python,
}

/// What is built.
#[derive(Clone, Debug)]
pub(super) struct Pack {
    pub(super) kind: Kind,
    /// `3.11`
    pub(super) python: String,
    /// The release of R, and the day of its packages.
    pub(super) r: Option<(String, String)>,
    /// Whether the environment file asks for packages of R.
    pub(super) conda_r: bool,
    /// What is to be said of the files.
    pub(super) notes: Vec<(Place, RemarkKind, String)>,
}

/// `runtime.txt`
struct Runtime {
    name: String,
    version: Option<String>,
    date: Option<String>,
    place: Place,
}

impl Pack {
    /// # Errors
    /// Where repo2docker stops.
    pub(super) fn of(work: &mut Work<'_>, folder: &Folder) -> Result<Self, Box<Diagnostic>> {
        let runtime = runtime(work, folder)?;
        let named = |name: &str| runtime.as_ref().is_some_and(|runtime| runtime.name == name);
        let dated = runtime.as_ref().is_some_and(|runtime| runtime.name == "r" && runtime.date.is_some());
        let pipfile = folder.has("Pipfile") || folder.has("Pipfile.lock");
        let kind = if folder.has("Project.toml") || folder.has("JuliaProject.toml") || folder.has("REQUIRE") {
            Kind::Julia
        } else if folder.has("default.nix") {
            Kind::Nix
        } else if dated || folder.description {
            Kind::R
        } else if folder.has("environment.yml") || folder.has("environment.yaml") {
            Kind::Conda
        } else if pipfile && (runtime.is_none() || named("python")) {
            Kind::Pipfile
        } else {
            Kind::Python
        };
        let mut pack = Self { kind, python: PYTHON.to_owned(), r: None, conda_r: false, notes: Vec::new() };
        pack.environment(work, folder)?;
        match kind {
            Kind::Python | Kind::Julia => pack.python(work, folder, runtime.as_ref()),
            Kind::Pipfile => pack.pipfile(work, folder),
            _ => {}
        }
        if kind == Kind::R {
            pack.r(work, folder, runtime.as_ref());
        } else if let Some(runtime) = runtime.filter(|runtime| runtime.name == "r") {
            let words = "R is asked for without a day, which repo2docker takes for no R at all: write `r-VERSION-YYYY-MM-DD`";
            pack.notes.push((runtime.place, Mistake, words.to_owned()));
        }
        pack.idle(work, folder);
        Ok(pack)
    }

    /// Files that are there and do nothing.
    fn idle(&mut self, work: &mut Work<'_>, folder: &Folder) {
        let r = self.kind == Kind::R;
        let reads_pip = matches!(self.kind, Kind::Python | Kind::R | Kind::Julia);
        let environment = if folder.has("environment.yml") { "environment.yml" } else { "environment.yaml" };
        let why = match self.kind {
            Kind::Nix => "default.nix",
            Kind::Conda => environment,
            _ => "Pipfile",
        };
        let rows = [
            ("requirements.txt", !reads_pip, format!("repo2docker reads `{why}` alone")),
            ("Pipfile", self.kind != Kind::Pipfile, "repo2docker takes another list".to_owned()),
            ("install.R", !r, "without `r-VERSION-YYYY-MM-DD` in `runtime.txt` repo2docker installs no R".to_owned()),
            ("runtime.txt", self.kind == Kind::Conda, format!("repo2docker reads the version of Python in `{why}`")),
            ("environment.yaml", folder.has("environment.yml"), "`environment.yml` is there as well".to_owned()),
            ("requirements3.txt", true, "it is only for a Python before 3.7".to_owned()),
        ];
        for (file, idle, why) in rows {
            let found = if idle { text(work, folder, file) } else { None };
            let Some((id, _)) = found else { continue };
            let place = place(id, work);
            if !self.notes.iter().any(|(known, ..)| *known == place) {
                self.notes.push((place, Mistake, format!("`{file}` does nothing: {why}")));
            }
        }
        let foreign = [("Project.toml", "Julia"), ("JuliaProject.toml", "Julia"), ("REQUIRE", "Julia"), ("default.nix", "Nix")];
        for (file, what) in foreign {
            if let Some((id, _)) = text(work, folder, file) {
                let words = format!("`{file}` is left out: the base has no {what}");
                self.notes.push((place(id, work), NotExpressible, words));
            }
        }
    }

    /// The Python that a text asks for, if the base is made with it.
    fn set(&mut self, wanted: &str, place: Place) {
        let parts: Vec<&str> = wanted.trim_end_matches(['.', '*']).split('.').collect();
        let minor = match parts.as_slice() {
            ["3"] => PYTHON.to_owned(),
            [major, minor, ..] => format!("{major}.{minor}"),
            _ => wanted.to_owned(),
        };
        if PYTHONS.contains(&minor.as_str()) {
            self.python = minor;
        } else {
            let words = format!("Python {wanted} is in no base: it is {} now", self.python);
            self.notes.push((place, NotExpressible, words));
        }
    }

    /// A range that repo2docker does not read: it begins with its own Python, and conda moves that.
    fn moved(&mut self, spec: &str, place: Place) {
        let set = MatchSpec::read(spec).ok().and_then(|read| Scheme::Conda.set(&read.constraint).ok());
        let Some(set) = set else { return };
        let allowed = |version: &str| set.contains(version).unwrap_or(false);
        let newest = PYTHONS.iter().rev().find(|version| allowed(version));
        if newest.is_none() && !PYTHONS.iter().any(|version| allowed(&format!("{version}.1"))) {
            let words = format!("`{spec}` is in no base: Python is {} now", self.python);
            self.notes.push((place, NotExpressible, words));
        }
        if let Some(newest) = newest.filter(|_| !allowed(PYTHON)) {
            (*newest).clone_into(&mut self.python);
            let words = format!("repo2docker begins with Python {PYTHON}, and conda moves it: the base has Python {newest} now");
            self.notes.push((place, Changed, words));
        }
    }

    /// What an environment file says of Python and R.
    fn environment(&mut self, work: &mut Work<'_>, folder: &Folder) -> Result<(), Box<Diagnostic>> {
        let file = if folder.has("environment.yml") { "environment.yml" } else { "environment.yaml" };
        let Some((id, text)) = text(work, folder, file) else { return Ok(()) };
        let place = place(id, work);
        let read = match Environment::read(file, &text) {
            Ok(read) => read,
            Err(problem) if problem == "it has no `dependencies`" => return Ok(()),
            Err(problem) => {
                let words = format!("`{}` is no environment file: {problem}", folder.inside(file));
                return Err(Box::new(broken(place, words).help("correct it, or import files and folders without it")));
            }
        };
        let Environment::Described(all, _) = read else { return Ok(()) };
        for one in all.iter().filter(|one| !one.pip) {
            let at = Place { file: id, span: one.span };
            self.conda_r |= one.text.starts_with("r-");
            let Some(rest) = one.text.strip_prefix("python").map(str::trim_start) else { continue };
            if let Some(version) = rest.strip_prefix('=') {
                let version: String =
                    version.trim_start_matches(['=', ' ']).chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
                if !version.is_empty() {
                    self.set(&version, at);
                }
            } else if rest.starts_with(['>', '<', '!', '~']) {
                self.moved(&one.text, at);
            }
        }
        Ok(())
    }

    /// `runtime.txt`, and where it says nothing the oldest Python from 3.10 on that `pyproject.toml` allows.
    fn python(&mut self, work: &mut Work<'_>, folder: &Folder, runtime: Option<&Runtime>) {
        let python = runtime.filter(|runtime| runtime.name == "python");
        if let Some((place, version)) = python.and_then(|runtime| Some((runtime.place, runtime.version.as_ref()?))) {
            return self.set(version, place);
        }
        let project = text(work, folder, "pyproject.toml").filter(|_| folder.is_plain());
        let Some((id, text)) = project else { return };
        let said = text.lines().find_map(|line| line.trim().strip_prefix("requires-python")?.trim_start().strip_prefix('='));
        let Some(said) = said.map(|value| value.trim().trim_matches(['"', '\''])) else { return };
        let set = Requirement::read(&format!("python{said}")).ok().and_then(|read| Scheme::Pep440.set(&read.constraint).ok());
        let Some(set) = set else { return };
        let allowed = |version: &str| set.contains(version).unwrap_or(false);
        if !allowed(PYTHON)
            && let Some(newest) = PYTHONS.iter().rev().find(|version| allowed(version))
        {
            (*newest).clone_into(&mut self.python);
        } else if !allowed(PYTHON) {
            self.notes.push((place(id, work), NotExpressible, format!("no base has a Python that is `{said}`")));
        }
    }

    /// The Python that `Pipfile.lock` or `Pipfile` asks for.
    fn pipfile(&mut self, work: &mut Work<'_>, folder: &Folder) {
        for file in ["Pipfile.lock", "Pipfile"] {
            let Some((id, text)) = text(work, folder, file) else { continue };
            for key in ["python_full_version", "python_version"] {
                let value = text
                    .split_once(key)
                    .and_then(|(_, rest)| rest.split(['"', '\'']).find(|part| part.starts_with(|c: char| c.is_ascii_digit())));
                if let Some(version) = value {
                    return self.set(version, place(id, work));
                }
            }
        }
    }

    fn r(&mut self, work: &mut Work<'_>, folder: &Folder, runtime: Option<&Runtime>) {
        let version = runtime.and_then(|runtime| runtime.version.clone());
        let release = match version.as_deref() {
            None => RELEASE.to_owned(),
            Some(short) => RELEASES.iter().find(|(known, _)| *known == short).map_or(short, |(_, release)| *release).to_owned(),
        };
        let day = runtime.and_then(|runtime| runtime.date.clone()).unwrap_or_else(|| "latest".to_owned());
        if day == "latest"
            && let Some(id) =
                work.read(&if folder.path.is_empty() { "DESCRIPTION".to_owned() } else { format!("{}/DESCRIPTION", folder.path) })
        {
            let words = "the packages of CRAN are today's at each build: name a day, as `runtime.txt` would";
            self.notes.push((place(id, work), Decide, words.to_owned()));
        }
        self.r = Some((release, day));
    }
}

fn runtime(work: &mut Work<'_>, folder: &Folder) -> Result<Option<Runtime>, Box<Diagnostic>> {
    let Some((id, text)) = text(work, folder, "runtime.txt") else { return Ok(None) };
    let place = place(id, work);
    let parts: Vec<&str> = text.trim().split('-').collect();
    let number = |text: &str, length: usize| text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_date = |date: &[&str]| matches!(date, [year, month, day] if number(year, 4) && number(month, 2) && number(day, 2));
    let read = match parts.as_slice() {
        parts if parts.iter().any(|part| part.is_empty()) => None,
        [name, version] => Some((*name, Some((*version).to_owned()), None)),
        [name, date @ ..] if date.len() == 3 && is_date(date) => Some((*name, None, Some(date.join("-")))),
        [name, version, date @ ..] if date.len() == 3 && is_date(date) => Some((*name, Some((*version).to_owned()), Some(date.join("-")))),
        _ => None,
    };
    let Some((name, version, date)) = read else {
        let words = format!("`{}` is no runtime: `{}`", folder.inside("runtime.txt"), text.trim());
        let help = "write `python-3.11`, or `r-4.4-2026-08-01`, or delete it";
        return Err(Box::new(broken(place, words).help(help)));
    };
    Ok(Some(Runtime { name: name.to_owned(), version, date, place }))
}
