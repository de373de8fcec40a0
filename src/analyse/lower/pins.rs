//! Pins reach pip and conda. What nothing may move is written into a constraint file of the environment, by the layer that pins it or by
//! the first one above an image that does, and every pip step above names the file. conda's solver reads `conda-meta/pinned`: what a
//! `pip` list pins is written there by the first layer above that asks conda for something. apt, dnf and Julia keep packages themselves;
//! each list of R's packages ends with a look at those that are pinned.

use std::rc::Rc;

use super::state::{There, Untold};
use super::walk::Walk;
use crate::analyse::constraints;
use crate::base::Place;
use crate::diagnostics::{Diagnostic, known};
use crate::ir::{Only, Package, PackageSource, Platform, Run, RunAs, Script, StepKind};
use crate::requirements::{on_conda, on_pypi};
use crate::versions::{Bound, Constraint, Op, Scheme};

/// Whether the manager takes no word of the versions that are asked for.
fn is_unsaid(package: &Package) -> bool {
    constraints::render(package.scheme, &package.constraint, None).is_ok_and(|words| words.0.is_empty())
}

/// What a list says of a package that may be there.
pub(super) enum Again {
    /// It is to be installed.
    Free,
    /// It is there, as it is asked for. On other platforms it is new.
    There { elsewhere: Vec<Platform> },
    /// It is held, and another version within its pin is asked for.
    Moved,
}

impl Walk<'_, '_> {
    /// Notes a pin that pip has to respect.
    pub(super) fn note_pin(&mut self, package: &Package) {
        let Some(pin) = package.pin.as_ref().filter(|pin| !pin.is_any()) else { return };
        if matches!(package.ecosystem.as_str(), "apt" | "rpm" | "cran" | "julia") {
            return self.note_held(package, pin);
        }
        let names = self.pip_names(package);
        if names.is_empty() {
            return;
        }
        let versions = match in_pip(package.scheme, pin) {
            Some(versions) if versions.is_empty() => return,
            Some(versions) => versions,
            None => return self.unheld(package.origin, &package.name, "pip"),
        };
        let untold = (package.ecosystem == "pypi").then(|| in_conda(package, pin));
        let marker = package.only.as_deref().map(|platforms| format!(" ; {}", machines(platforms))).unwrap_or_default();
        let environment = package.environment.clone().unwrap_or_default();
        let pins = Rc::make_mut(&mut self.state.pins).entry(environment).or_default();
        for name in names {
            if pins.lines.insert(format!("{name}{versions}{marker}")) {
                pins.origin = package.origin;
                pins.written = false;
                pins.untold.extend(untold.clone());
            }
        }
    }

    /// Notes a pin that the manager itself keeps, or that is verified. A global package of npm has its own copy of all that it needs:
    /// nothing moves it but a list that names it.
    fn note_held(&mut self, package: &Package, pin: &Constraint) {
        let installer = self.cx.installer(&package.manager);
        let has = |field: &str| installer.as_ref().is_some_and(|installer| installer.templates.contains_key(field));
        if has("verify") {
            let versions = package.only.is_none().then(|| in_r(pin)).flatten();
            let Some(versions) = versions else { return self.unheld(package.origin, &package.name, &package.manager) };
            Rc::make_mut(&mut self.state.verified).insert((package.manager.to_string(), package.name.clone(), versions));
            return;
        }
        // Of an image below, what is kept on one platform only would need a condition around the command. A list gets whatever is newest
        // where its manager takes no range.
        let loose = if package.provided { package.only.is_some() } else { is_unsaid(package) };
        if loose || !has(if package.provided { "hold" } else { "pinned" }) {
            return self.unheld(package.origin, &package.name, &package.manager);
        }
        if package.provided {
            Rc::make_mut(&mut self.state.unheld).insert((package.manager.to_string(), package.name.clone()));
        }
        if has("hold") {
            self.note_there(package, pin, true);
        }
    }

    /// Notes a package that is there, where its manager does not leave it as it is when a list names it again: apt and npm take the
    /// newest version, R installs it once more. Where one thing is held and another asked for, the former stays.
    pub(super) fn note_there(&mut self, package: &Package, versions: &Constraint, held: bool) {
        if !held && !matches!(package.ecosystem.as_str(), "apt" | "npm" | "cran") {
            return;
        }
        let key = (package.manager.to_string(), package.normal.clone());
        if !held && self.state.there.get(&key).is_some_and(|known| known.held || known.only.is_none()) {
            return;
        }
        let there = There { versions: versions.clone(), held, only: package.only.clone() };
        Rc::make_mut(&mut self.state.there).insert(key, there);
    }

    /// Notes that a manager has other repositories now: what a list names again may come from there, and is installed.
    pub(super) fn renew(&mut self, manager: &str) {
        Rc::make_mut(&mut self.state.there).retain(|(known, _), there| known != manager || there.held);
    }

    /// What a list says of a package that may be there.
    pub(super) fn again(&self, package: &Package) -> Again {
        if self.state.there.is_empty() {
            return Again::Free;
        }
        let Some(there) = self.state.there.get(&(package.manager.to_string(), package.normal.clone())) else { return Again::Free };
        let all = |only: &Only| only.clone().unwrap_or_else(|| self.job.platforms.to_vec());
        let (wanted, known) = (all(&package.only), all(&there.only));
        if !wanted.iter().any(|platform| known.contains(platform)) {
            return Again::Free;
        }
        let sets = package.scheme.set(&there.versions).ok().zip(package.scheme.set(&package.constraint).ok());
        let agrees = sets.is_some_and(|(known, asked)| known.is_subset(&asked));
        let plain = package.source == PackageSource::Index && package.index.is_none();
        match there.held {
            // A range that the manager takes no word of moves nothing.
            true if !plain || (!agrees && !is_unsaid(package)) => Again::Moved,
            false if !plain || !agrees => Again::Free,
            _ => Again::There { elsewhere: wanted.into_iter().filter(|platform| !known.contains(platform)).collect() },
        }
    }

    /// What pip calls a package that is pinned, and the packages that are the same software; none for what is not of Python's world.
    fn pip_names(&self, package: &Package) -> Vec<String> {
        let normal = package.normal.as_str();
        let project = self.cx.project().map(|(project, _)| project);
        let own = |names: &[String]| names.iter().any(|name| package.scheme.normalize_name(name) == normal);
        let others = normal == "python" || normal.starts_with("r-") || project.is_some_and(|project| own(&project.distinct));
        let names = match package.ecosystem.as_str() {
            _ if others => Vec::new(),
            "pypi" => vec![normal.to_owned()],
            "conda" => on_pypi(normal),
            _ => Vec::new(),
        };
        let legal = |name: &String| {
            name.starts_with(|c: char| c.is_ascii_alphanumeric()) && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        };
        names.into_iter().filter(legal).collect()
    }

    fn unheld(&self, origin: Place, name: &str, manager: &str) {
        let message = format!("nothing in the image holds `{manager}` to the pin of `{name}`");
        self.cx.report(
            Diagnostic::new(&known::UNHELD_PIN, origin, message)
                .here("the checks hold to it, the build does not")
                .help("write the version that is wanted in each list above"),
        );
    }

    /// Tells conda what `pip` lists below have pinned in an environment that a step of some account is about to change.
    pub(super) fn tell_conda(&mut self, environment: Option<&str>, run_as: RunAs, origin: Place) {
        let untold = match self.state.pins.get(environment.unwrap_or_default()) {
            Some(pins) if !pins.untold.is_empty() => pins.untold.clone(),
            _ => return,
        };
        if let Some(pins) = Rc::make_mut(&mut self.state.pins).get_mut(environment.unwrap_or_default()) {
            pins.untold.clear();
        }
        for pin in untold.iter().filter(|pin| pin.lines.is_none()) {
            self.unheld(pin.origin, &pin.name, "conda");
        }
        let lines: Vec<String> = untold.iter().flat_map(|pin| pin.lines.iter().flatten()).map(|line| format!("'{line}'")).collect();
        if lines.is_empty() {
            return;
        }
        let folder = environment.map(|name| format!("/envs/{name}")).unwrap_or_default();
        let meta = format!("{}{folder}/conda-meta", self.conda_prefix());
        // Who owns conda may append to it later.
        let own = if run_as == RunAs::Root { format!(" && chown --reference=\"{meta}\" \"{meta}/pinned\"") } else { String::new() };
        self.every_platform(origin, run_as, format!("printf '%s\\n' {} >> \"{meta}/pinned\"{own}", lines.join(" ")));
    }

    /// A step for all platforms of the cell, whatever condition it is met under.
    fn every_platform(&mut self, origin: Place, run_as: RunAs, script: String) {
        let run = Run { script: Script::new(script), directory: None, mounts: Vec::new(), after: Vec::new() };
        let platforms = std::mem::replace(&mut self.platforms, self.job.platforms.to_vec());
        self.step(origin, run_as, StepKind::Run(run));
        self.platforms = platforms;
    }

    /// The constraint file of an environment, where it has pins; written first where it is not up to date.
    pub(super) fn constraint_file(&mut self, environment: Option<&str>) -> Option<String> {
        let environment = environment.unwrap_or_default();
        self.state.pins.get(environment)?;
        self.write_pins(environment);
        Some(path(environment))
    }

    /// Writes all constraint files that are not up to date.
    pub(super) fn write_all_pins(&mut self) {
        if self.is_image() {
            return;
        }
        let environments: Vec<String> = self.state.pins.iter().filter(|(_, pins)| !pins.written).map(|(name, _)| name.clone()).collect();
        for environment in environments {
            self.write_pins(&environment);
        }
    }

    fn write_pins(&mut self, environment: &str) {
        let Some(pins) = Rc::make_mut(&mut self.state.pins).get_mut(environment).filter(|pins| !pins.written) else { return };
        pins.written = true;
        let (lines, origin) = (pins.lines.iter().map(|line| format!("'{line}'")).collect::<Vec<_>>(), pins.origin);
        let script = format!("printf '%s\\n' {} > {}", lines.join(" "), path(environment));
        self.every_platform(origin, RunAs::Root, script);
    }
}

/// Where the constraint file of an environment is in the image: not in the environment itself, which belongs to the account.
fn path(environment: &str) -> String {
    if environment.is_empty() { "/etc/pip-constraints.txt".to_owned() } else { format!("/etc/pip-constraints-{environment}.txt") }
}

/// A marker for some platforms.
fn machines(platforms: &[Platform]) -> String {
    platforms.iter().map(|platform| format!("platform_machine == \"{}\"", platform.machine())).collect::<Vec<_>>().join(" or ")
}

/// A constraint as pip writes it; empty where it says nothing about the version, `None` where pip has no words for it.
fn in_pip(scheme: Scheme, constraint: &Constraint) -> Option<String> {
    let [bounds] = constraint.alternatives.as_slice() else { return None };
    let mut all = Vec::new();
    for bound in bounds.iter().filter(|bound| bound.version != "*") {
        let conda = scheme == Scheme::Conda;
        let fuzzy = bound.op == Op::Fuzzy || (conda && bound.op == Op::Bare);
        let op = if matches!(bound.op, Op::Fuzzy | Op::Bare) { Op::Equal } else { bound.op };
        let whole = fuzzy && !bound.version.ends_with('*');
        let version = if whole { format!("{}.*", bound.version) } else { bound.version.clone() };
        all.push(Bound { op, version, build: None });
    }
    let text = all.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
    Scheme::Pep440.set(&Constraint { alternatives: vec![all] }).ok().map(|_| text)
}

/// A constraint as R compares versions; `None` where it has no words for it.
fn in_r(constraint: &Constraint) -> Option<String> {
    let [bounds] = constraint.alternatives.as_slice() else { return None };
    let word = |bound: &Bound| {
        let op = if bound.op == Op::Bare { Op::Equal } else { bound.op };
        let known = matches!(op, Op::Equal | Op::NotEqual | Op::GreaterEqual | Op::LessEqual | Op::Greater | Op::Less);
        (known && !bound.version.contains('*')).then(|| Bound { op, version: bound.version.clone(), build: None }.to_string())
    };
    bounds.iter().map(word).collect::<Option<Vec<_>>>().map(|all| all.join(","))
}

/// A pin of a `pip` list as lines of `conda-meta/pinned`.
fn in_conda(package: &Package, pin: &Constraint) -> Untold {
    let bounds = |bounds: &Vec<Bound>| bounds.iter().map(conda_bound).collect::<Option<Vec<_>>>().map(|all| all.join(","));
    let versions = pin.alternatives.iter().map(bounds).collect::<Option<Vec<_>>>().map(|all| all.join("|"));
    let lines = versions.filter(|_| package.only.is_none()).map(|versions| {
        let names = on_conda(&package.normal);
        names.into_iter().map(|name| format!("{name} {versions}")).collect()
    });
    Untold { origin: package.origin, name: package.name.clone(), lines }
}

/// A bound of PEP 440 in conda's words, where they mean the same.
fn conda_bound(bound: &Bound) -> Option<String> {
    let Bound { op, version, .. } = bound;
    Scheme::Conda.check_version(version.trim_end_matches(".*")).ok()?;
    match (op, version.strip_suffix(".*")) {
        (Op::Arbitrary, _) => None,
        (Op::Equal | Op::Bare, Some(_)) => Some(version.clone()),
        _ => Some(Bound { build: None, ..bound.clone() }.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(scheme: Scheme, bounds: &[(Op, &str)]) -> Option<String> {
        let bounds = bounds.iter().map(|(op, version)| Bound { op: *op, version: (*version).to_owned(), build: Some("py_0".to_owned()) });
        in_pip(scheme, &Constraint { alternatives: vec![bounds.collect()] })
    }

    #[test]
    fn constraints_in_the_words_of_pip() {
        assert_eq!(said(Scheme::Conda, &[(Op::Bare, "1.26.*")]).as_deref(), Some("==1.26.*"));
        assert_eq!(said(Scheme::Conda, &[(Op::Fuzzy, "1.26")]).as_deref(), Some("==1.26.*"));
        assert_eq!(said(Scheme::Conda, &[(Op::Equal, "1.26.4")]).as_deref(), Some("==1.26.4"));
        assert_eq!(said(Scheme::Pep440, &[(Op::GreaterEqual, "1"), (Op::Less, "2")]).as_deref(), Some(">=1,<2"));
        assert_eq!(said(Scheme::Conda, &[(Op::Bare, "*")]).as_deref(), Some(""));
        assert_eq!(said(Scheme::Conda, &[(Op::Equal, "1_2_x")]), None);
        let two = Constraint { alternatives: vec![Vec::new(), Vec::new()] };
        assert_eq!(in_pip(Scheme::Conda, &two), None);
    }
}
