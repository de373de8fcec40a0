//! Versions in titles and descriptions: people pick by them, so they are those of the image.

use std::rc::Rc;

use foldhash::HashMap;

use super::contract::Image;
use crate::diagnostics::{Diagnostic, Findings, known};
use crate::ir::{Ecosystem, Located, MenuImage, Package, Profile, Program, Recipe};
use crate::versions::{Constraint, Op};

/// Words by which people call a package.
const CALLED: [(&str, &str); 7] = [
    ("pytorch", "torch"),
    ("torch", "pytorch"),
    ("r", "r-base"),
    ("py", "python"),
    ("tf", "tensorflow"),
    ("sklearn", "scikit-learn"),
    ("keras", "tensorflow-keras"),
];
/// Names that people write in two words.
const IN_TWO_WORDS: [(&str, &str); 4] =
    [("jupyter lab", "jupyterlab"), ("jupyter hub", "jupyterhub"), ("scikit learn", "scikit-learn"), ("tensor flow", "tensorflow")];
/// Words between a name and its version.
const BETWEEN: [&str; 6] = ["version", "versions", "v", "release", "ver", "ver."];

/// What people call by a major version alone: `Python 2`. Behind other names a whole number may count something.
const IN_WHOLE_NUMBERS: [&str; 9] = ["python", "r", "julia", "torch", "pytorch", "tensorflow", "jupyterlab", "pandas", "numpy"];
/// Words behind which another thing begins.
const AND: [&str; 8] = ["and", "with", "on", "for", "in", "or", "plus", "&"];

/// Names with the version behind each.
type Named = Rc<Vec<(Rc<str>, String)>>;

/// What the texts of the menus say, and what the images hold of it: each text and each stack is read once.
pub(super) struct Texts<'a> {
    program: &'a Program,
    said: HashMap<&'a str, Named>,
    held: HashMap<(*const Recipe, Rc<str>), Option<&'a Package>>,
}

impl<'a> Texts<'a> {
    pub(super) fn of(program: &'a Program) -> Self {
        Self { program, said: HashMap::default(), held: HashMap::default() }
    }

    /// The texts of an entry and its choices.
    pub(super) fn entry(&mut self, profile: &'a Profile, findings: &mut Findings) {
        let choices = || profile.options.iter().flat_map(|option| &option.choices);
        let chosen: Vec<&Located<MenuImage>> = choices().filter_map(|choice| choice.image.as_ref()).collect();
        let images: Vec<&Located<MenuImage>> = if chosen.is_empty() { profile.image.iter().collect() } else { chosen };
        for text in std::iter::once(&profile.title).chain(&profile.description) {
            self.check(text, &images, findings);
        }
        for choice in choices() {
            let own = choice.image.as_ref();
            for text in std::iter::once(&choice.title).chain(&choice.description) {
                self.check(text, own.as_ref().map_or(images.as_slice(), std::slice::from_ref), findings);
            }
        }
    }

    /// A version that no image has of which the text may speak.
    fn check(&mut self, text: &'a Located<String>, images: &[&'a Located<MenuImage>], findings: &mut Findings) {
        // Cells whose axis is another Python than the image's have a finding of their own.
        let contradicted = findings.has(&known::PYTHON_AXIS);
        let said = Rc::clone(self.said.entry(&text.value).or_insert_with(|| Rc::new(named(&text.value))));
        for (name, version) in said.iter() {
            let mut other = None;
            let contradicts = !images.is_empty()
                && images.iter().all(|image| {
                    let Some(package) = self.held(image, name).filter(|package| apart(package, version)) else { return false };
                    other = Some(package);
                    true
                });
            if let Some(package) = other.filter(|package| contradicts && !(contradicted && package.normal == "python")) {
                findings.push(contradiction(text, name, version, package));
            }
        }
    }

    /// What an image holds that is called so, the uppermost one.
    fn held(&mut self, image: &'a Located<MenuImage>, name: &Rc<str>) -> Option<&'a Package> {
        let program = self.program;
        let find = |packages: &'a [Package]| packages.iter().rev().find(|package| is_called(package, name));
        if let MenuImage::Cell(cell) = image.value {
            for level in program.downwards(cell) {
                let recipe = &program[level].recipe;
                let own = self.held.entry((Rc::as_ptr(recipe), Rc::clone(name))).or_insert_with(|| find(&recipe.packages));
                if own.is_some() {
                    return *own;
                }
            }
        }
        Image::new(program, image).base().and_then(|base| find(&program[base].provides))
    }
}

fn contradiction(text: &Located<String>, name: &str, version: &str, package: &Package) -> Diagnostic {
    let held = package.constraint.to_string();
    let shown = package.normal.replace(['-', '.'], "_");
    let message = format!("the page says `{name} {version}`, and the image holds `{} {held}`", package.name);
    Diagnostic::new(&known::OTHER_VERSION_IN_WORDS, text.place, message)
        .here("people pick by this")
        .also(package.origin, "what the image holds")
        .help(format!("write `{{{{ packages.{shown} }}}}`, which is always the image's own, or leave the version out"))
        .about(package.ecosystem, package.normal.clone())
}

/// Whether a package is what a word of a text calls so, with a version that is known.
fn is_called(package: &Package, name: &str) -> bool {
    let also = |package: &str| CALLED.iter().any(|(word, meant)| *word == name && *meant == package);
    matches!(package.ecosystem, Ecosystem::Pypi | Ecosystem::Conda | Ecosystem::Cran | Ecosystem::Julia)
        && package.environment.is_none()
        && !package.constraint.is_any()
        && (package.normal == name || also(&package.normal))
}

/// Whether no version of a package begins like this one.
fn apart(package: &Package, version: &str) -> bool {
    let bound = Constraint::of(Op::Equal, format!("{version}.*"));
    match (package.scheme.set(&bound), package.scheme.set(&package.constraint)) {
        (Ok(said), Ok(held)) => said.is_disjoint(&held),
        _ => false,
    }
}

/// Names with the dotted version behind each: `Python 3.11`, `torch 2.6`, `JupyterLab v4.4`, `pandas (1.5)`, `python3.11`.
fn named(text: &str) -> Vec<(Rc<str>, String)> {
    if !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return Vec::new();
    }
    let word = |c: char| c.is_whitespace() || matches!(c, ':' | '/' | '|' | '=' | '"');
    let text =
        IN_TWO_WORDS.iter().fold(text.to_lowercase(), |text, (two, one)| if text.contains(two) { text.replace(two, one) } else { text });
    let mut all = Vec::new();
    for clause in unwrapped(&text).split([',', ';', '(', ')']) {
        let words: Vec<&str> = clause.split(word).filter(|word| !word.is_empty() && !BETWEEN.contains(word)).collect();
        let pairs = words.windows(2).filter_map(|pair| if let [name, version] = pair { Some((*name, *version)) } else { None });
        let whole = words.iter().enumerate().filter_map(|(at, name)| {
            let number =
                words.get(at + 1).filter(|number| IN_WHOLE_NUMBERS.contains(name) && number.bytes().all(|c| c.is_ascii_digit()))?;
            words.get(at + 2).is_none_or(|next| AND.contains(next)).then(|| (Rc::from(*name), (*number).to_owned()))
        });
        all.extend(whole);
        let joined = words.iter().filter_map(|word| word.rsplit_once('-'));
        let grown = words.iter().filter_map(|word| word.split_at_checked(word.find(|c: char| c.is_ascii_digit())?));
        let grown = grown.filter(|(name, _)| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphabetic() || c == '-') && *name != "v");
        all.extend(
            pairs
                .chain(joined)
                .chain(grown)
                .filter_map(|(name, version)| Some((Rc::from(name.trim_end_matches('-').replace('_', "-")), dotted(version)?))),
        );
    }
    all.sort();
    all.dedup();
    all
}

/// A text in which a version alone in parentheses has none: `pandas (1.5)`.
fn unwrapped(text: &str) -> String {
    let mut whole = String::new();
    for (at, piece) in text.split('(').enumerate() {
        let inside = piece.split_once(')').filter(|(inside, _)| at > 0 && dotted(inside.trim()).is_some());
        match inside {
            Some((version, rest)) => whole.extend([" ", version, ", ", rest]),
            None => whole.extend([if at > 0 { "(" } else { "" }, piece]),
        }
    }
    whole
}

/// `3.11` of `3.11`, `v3.11.` and `3.11.*`; nothing of `3`, `2026.1` as a date is one, too.
fn dotted(word: &str) -> Option<String> {
    let word = word.strip_prefix('v').unwrap_or(word).trim_end_matches(['.', '*', 'x', '!', '+']).trim_end_matches('.');
    let parts: Vec<&str> = word.split('.').collect();
    let digits = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    (parts.len() > 1 && parts.iter().all(digits)).then(|| word.to_owned())
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn versions_stand_behind_names() {
        let pairs = |text| named(text).into_iter().map(|(name, version)| format!("{name} {version}")).collect::<Vec<_>>();
        assert_eq!(pairs("Python 3.11 with torch 2.6 (JupyterLab v4.4.x)"), ["jupyterlab 4.4", "python 3.11", "torch 2.6"]);
        assert_eq!(pairs("pandas (1.5), Jupyter Lab version 3.6 on py3.11"), ["jupyterlab 3.6", "pandas 1.5", "py 3.11"]);
        assert_eq!(pairs("Python 2 and R 4, Julia 1 with pandas 2 nodes; PyTorch 2"), ["julia 1", "python 2", "pytorch 2", "r 4"]);
        assert_eq!(pairs("python-3.11, 4 cores, 1.5 GB, since 2026"), ["python 3.11"]);
    }
}
