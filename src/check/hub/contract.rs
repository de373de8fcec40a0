//! What a hub requires of every image on its menu, held against what the stacks of the images say, cell by cell.

use foldhash::HashSet;

use super::levels::Levels;
use crate::base::Place;
use crate::check::stack::in_one_scheme;
use crate::diagnostics::{CellRef, Diagnostic, Findings, known};
use crate::ir::{BaseId, Hub, Located, MenuImage, Package, Program, StepKind};
use crate::versions::{Constraint, Op};

/// Packages that stand for another: conda has `JupyterHub` in parts, of which an image needs one.
const STANDS_FOR: [(&str, &[&str]); 2] = [("jupyterhub", &["jupyterhub-singleuser", "jupyterhub-base"]), ("jupyterlab", &["jupyter-lab"])];

/// What a hub runs and an image holds that must be of one major version, though no hub says so: `JupyterHub` warns of redirect
/// loops where it is not (`_check_version` of `JupyterHub` 5.5.0).
const OF_ONE_MAJOR: [&str; 1] = ["jupyterhub"];

/// An image on the menu.
#[derive(Clone, Copy)]
pub(super) struct Image<'a> {
    program: &'a Program,
    value: &'a MenuImage,
    /// As a reader would say it.
    pub(super) name: &'a str,
    /// Where the menu names it.
    pub(super) place: Place,
}

impl<'a> Image<'a> {
    /// What is known of an image.
    pub(super) fn new(program: &'a Program, image: &'a Located<MenuImage>) -> Self {
        let name = match &image.value {
            MenuImage::Cell(id) => &program[program[*id].image].name,
            MenuImage::Base(base) => &program[*base].name,
            MenuImage::Reference(reference) => reference,
        };
        Self { program, value: &image.value, name, place: image.place }
    }

    /// The image at the root of its stack, or itself.
    pub(super) fn base(self) -> Option<BaseId> {
        match *self.value {
            MenuImage::Cell(cell) => Some(self.program.base_of(cell)),
            MenuImage::Base(base) => Some(base),
            MenuImage::Reference(_) => None,
        }
    }

    /// What its stack says, the uppermost first.
    pub(super) fn packages(self) -> impl Iterator<Item = &'a Package> {
        let program = self.program;
        let cell = if let MenuImage::Cell(id) = *self.value { Some(id) } else { None };
        let own = cell.into_iter().flat_map(|cell| program.downwards(cell)).flat_map(|cell| program[cell].packages.iter().rev());
        own.chain(self.base().into_iter().flat_map(|base| program[base].provides.iter().rev()))
    }

    /// What its stack says of what a rule asks for, the uppermost first.
    pub(super) fn of_levels<T: Copy>(self, levels: &mut Levels<'a, T>, of: impl Fn(&Package) -> Option<T>) -> Vec<(&'a Package, T)> {
        let program = self.program;
        let mut all = if let MenuImage::Cell(id) = *self.value { levels.of_stack(program, id, &of) } else { Vec::new() };
        all.extend(
            self.base()
                .into_iter()
                .flat_map(|base| program[base].provides.iter().rev())
                .filter_map(|package| Some((package, of(package)?))),
        );
        all
    }

    /// Of some packages of its stack, those in the environment in which the server starts: the first on `PATH` that has one.
    pub(super) fn in_server(self, all: impl Iterator<Item = &'a Package>) -> Vec<&'a Package> {
        let all: Vec<&Package> = all.collect();
        if all.is_empty() {
            return all;
        }
        let inside = |environment: Option<&str>| -> Vec<&Package> {
            all.iter().copied().filter(|package| package.environment.as_deref() == environment).collect()
        };
        let server = self.first_on_path();
        let places = [server.as_deref(), None, Some("system")];
        places.into_iter().map(inside).find(|found| !found.is_empty()).unwrap_or_default()
    }

    /// The environment of conda's that its stack puts first on `PATH`.
    fn first_on_path(self) -> Option<String> {
        let MenuImage::Cell(id) = *self.value else { return None };
        let of_entry = |text: &str| {
            let (_, name) = text.split(':').next()?.strip_suffix("/bin")?.rsplit_once("/envs/")?;
            Some(name.to_owned())
        };
        let mut steps = self.program.downwards(id).flat_map(|cell| self.program[cell].steps.iter().rev());
        steps.find_map(|step| match &step.kind {
            StepKind::Path { variable, prepend: true, entries, .. } if variable == "PATH" => of_entry(&entries.first()?.written()),
            StepKind::Env(pairs) => pairs.iter().find(|(variable, _)| variable == "PATH").and_then(|(_, value)| of_entry(&value.written())),
            _ => None,
        })
    }

    /// The cell, where it is one of the program's.
    fn cell(self) -> Option<CellRef> {
        let MenuImage::Cell(id) = *self.value else { return None };
        let axes = self.program[id].axes.iter().map(|point| (point.axis.to_string(), point.value.to_string())).collect();
        Some(CellRef { environment: self.name.to_owned(), axes })
    }
}

/// The contract of a hub.
pub(super) fn hub(program: &Program, hub: &Hub, findings: &mut Findings) {
    for required in &hub.requires {
        itself(hub, required, findings);
    }
    let pairs: Vec<Package> = hub.provides.iter().filter_map(|provided| implied(hub, provided)).collect();
    if hub.requires.is_empty() && pairs.is_empty() {
        return;
    }
    let mut seen: HashSet<&MenuImage> = HashSet::default();
    for profile in &hub.menu {
        for image in profile.images() {
            if !seen.insert(&image.value) {
                continue;
            }
            let image = Image::new(program, image);
            for required in &hub.requires {
                hold(required, &image, findings);
            }
            for pair in &pairs {
                apart(pair, &image, findings);
            }
        }
    }
}

/// What the hub runs against what it requires.
fn itself(hub: &Hub, required: &Package, findings: &mut Findings) {
    let Some(provided) = hub.provides.iter().find(|provided| provided.normal == required.normal) else { return };
    if let Some((wanted, there)) = in_one_scheme(required, provided)
        && wanted.has_candidate()
        && !wanted.shares_candidate(&there)
    {
        let message = format!("the hub runs `{} {}` and requires `{}`", provided.name, provided.constraint, required.constraint);
        findings.push(
            Diagnostic::new(&known::HUB_CONTRACT_BROKEN, required.origin, message)
                .here("required of every image")
                .also(provided.origin, "what the hub runs")
                .help("require what the hub's own version talks to")
                .about(required.ecosystem, &required.normal),
        );
    }
}

/// What follows for images from what a hub runs, where it requires nothing of that package itself.
fn implied(hub: &Hub, provided: &Package) -> Option<Package> {
    let said = hub.requires.iter().any(|required| required.normal == provided.normal);
    let version = provided.scheme.set(&provided.constraint).ok()?.single()?;
    let major = version.split('.').next()?;
    let bound = Constraint::of(Op::Equal, format!("{major}.*"));
    (!said && OF_ONE_MAJOR.contains(&provided.normal.as_str())).then(|| {
        let mut pair = provided.clone();
        pair.constraint = bound;
        pair
    })
}

/// An image whose version is of another major version than the hub's.
fn apart(pair: &Package, image: &Image<'_>, findings: &mut Findings) {
    let there = image.in_server(image.packages().filter(|package| is_it(package, pair)));
    let Some(package) = there.into_iter().find(|package| !package.constraint.is_any()) else { return };
    if in_one_scheme(pair, package).is_some_and(|(wanted, there)| there.has_candidate() && !wanted.shares_candidate(&there)) {
        let message = format!("`{}` holds `{} {}`, and the hub runs another major version", image.name, package.name, package.constraint);
        findings.push(
            Diagnostic::new(&known::HUB_VERSION_APART, package.origin, message)
                .here("what the image holds")
                .also(pair.origin, "what the hub runs")
                .help(format!("ask for `{} {}` here, or say `requires {{ {} … }}` in the hub", package.name, pair.constraint, pair.name))
                .in_cells(image.cell())
                .about(pair.ecosystem, &pair.normal),
        );
    }
}

/// Whether a package is the one required.
fn is_it(package: &Package, required: &Package) -> bool {
    let stands_for = || STANDS_FOR.iter().any(|(name, others)| *name == required.normal && others.contains(&package.normal.as_str()));
    let same_world = package.ecosystem == required.ecosystem || (package.ecosystem.is_python() && required.ecosystem.is_python());
    same_world && (package.normal == required.normal || stands_for())
}

/// Whether a package is the one of a name, or a part that stands for it.
pub(super) fn is_called(package: &Package, name: &str) -> bool {
    let stands_for = || STANDS_FOR.iter().any(|(whole, others)| *whole == name && others.contains(&package.normal.as_str()));
    package.ecosystem.is_python() && (package.normal == name || stands_for())
}

/// Holds one requirement against one image.
fn hold(required: &Package, image: &Image<'_>, findings: &mut Findings) {
    let there = image.in_server(image.packages().filter(|package| is_it(package, required)));
    let finding = match there.iter().copied().find(|package| !package.constraint.is_any()).or(there.first().copied()) {
        None => Some(unknown(required, image)),
        Some(package) => match in_one_scheme(required, package) {
            // What holds no version is reported where it is written.
            Some((wanted, there)) if !wanted.has_candidate() || !there.has_candidate() => None,
            Some((wanted, there)) if !wanted.shares_candidate(&there) => Some(broken(required, image, package)),
            Some((wanted, there)) if !there.is_within(&wanted) => Some(open(required, image, package)),
            _ => None,
        },
    };
    if let Some(finding) = finding {
        findings.push(finding.in_cells(image.cell()).about(required.ecosystem, &required.normal));
    }
}

fn broken(required: &Package, image: &Image<'_>, package: &Package) -> Diagnostic {
    let message =
        format!("`{}` holds `{} {}`, and the hub requires `{}`", image.name, package.name, package.constraint, required.constraint);
    Diagnostic::new(&known::HUB_CONTRACT_BROKEN, package.origin, message)
        .here("what the image holds")
        .also(required.origin, "what the hub requires of every image on its menu")
        .help(format!("ask for `{} {}` here, or take the entry off the menu", package.name, required.constraint))
}

fn open(required: &Package, image: &Image<'_>, package: &Package) -> Diagnostic {
    let constraint = &package.constraint;
    let allowed = if constraint.is_any() { "any version".to_owned() } else { format!("`{constraint}`") };
    let message = format!("`{}` allows {allowed} of `{}`, and the hub requires `{}`", image.name, package.name, required.constraint);
    Diagnostic::new(&known::HUB_CONTRACT_OPEN, package.origin, message)
        .here("may become a version that the hub does not talk to")
        .also(required.origin, "what the hub requires of every image on its menu")
        .help(format!("write `{} {}`", package.name, required.constraint))
}

fn unknown(required: &Package, image: &Image<'_>) -> Diagnostic {
    let message = format!("nothing says which `{}` `{}` holds, and the hub requires `{}`", required.name, image.name, required.constraint);
    let finding = Diagnostic::new(&known::HUB_CONTRACT_OPEN, image.place, message).here("the image on the menu");
    let elsewhere = image.packages().find(|package| is_it(package, required));
    let finding = match elsewhere.and_then(|package| Some((package, package.environment.as_deref()?))) {
        Some((package, environment)) => finding.also(package.origin, format!("in `{environment}`, where the server does not start")),
        None => finding,
    };
    finding
        .also(required.origin, "what the hub requires of every image on its menu")
        .help(format!("ask for `{} {}` in its stack, or say what its base `provides`", required.name, required.constraint))
}
