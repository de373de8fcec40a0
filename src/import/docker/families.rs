//! Images that are one definition with axes: built from one file with other arguments, or from files that differ in little.

use std::collections::BTreeSet;

use super::axes::{Axis, distinct, template};
use super::images::{Image, Parent};
use super::same::{self, LEAST, Row, rows};
use super::steps::{Act, Step};
use crate::base::{Files, parent_of};
use crate::import::name;
use crate::import::text::free;

/// Images that one definition describes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Family {
    /// Its name.
    pub(super) name: String,
    /// The images.
    pub(super) members: Vec<usize>,
    /// What they differ in.
    pub(super) axes: Vec<Axis>,
}

/// Choices of a menu that name images.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Choice {
    /// The key of the drop-down.
    pub(super) key: String,
    /// The title of its entry.
    pub(super) title: String,
    /// The images.
    pub(super) images: Vec<usize>,
}

/// The families among images. Parents come first.
pub(super) fn families(images: &[Image], choices: &[Choice], files: &dyn Files) -> Vec<Family> {
    let rows = rows(images, files);
    let mut sources: Vec<Step> = images.iter().flat_map(|image| image.steps.iter().cloned()).collect();
    let taken: BTreeSet<&str> = sources.iter_mut().flat_map(Step::sources).map(|source| source.as_str()).collect();
    let mut found: Vec<Family> = Vec::new();
    for first in 0..images.len() {
        let known = |index: usize, found: &[Family]| found.iter().any(|family| family.members.contains(&index));
        if known(first, &found) || images.get(first).is_none_or(|one| taken.contains(one.name.as_str())) {
            continue;
        }
        let others = images.iter().enumerate().skip(first + 1);
        let free = others.filter(|(at, other)| !known(*at, &found) && !taken.contains(other.name.as_str()));
        let mut ties: Vec<(usize, Tie)> =
            free.filter_map(|(at, _)| Some((at, kin(choices, &found, &rows, images, (first, at))?))).collect();
        // What numbers tie to other bases and words to the same one is of the same one.
        if [Tie::Number, Tie::Word].iter().all(|tie| ties.iter().any(|(_, other)| other == tie)) {
            let parent = |at: usize| images.get(at).map(|image| &image.parent);
            ties.retain(|(at, _)| parent(*at) == parent(first));
        }
        let mut members: Vec<usize> = std::iter::once(first).chain(ties.into_iter().map(|(at, _)| at)).collect();
        let of = |at: &usize| images.get(*at).map(|image| (image.path.as_str(), letters(&image.name)));
        let (files, kinds): (BTreeSet<_>, BTreeSet<_>) = members.iter().filter_map(of).unzip();
        if files.len() == members.len() && kinds.len() == 1 {
            members.sort_by_key(|at| images.get(*at).map_or(0, |image| number(&image.name)));
        }
        if members.len() > 1
            && let Some(family) = family(images, choices, &found, members)
        {
            found.push(family);
        }
    }
    found
}

/// Why two images may belong together.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tie {
    /// They are built from one file, with other arguments.
    File,
    /// A menu chooses between them.
    Choice,
    /// Their files are in one folder.
    Folder,
    /// Their names differ in numbers.
    Number,
    /// Their names begin with the same word.
    Word,
}

fn tie(choices: &[Choice], (first, one): (usize, &Image), (at, other): (usize, &Image)) -> Option<Tie> {
    if one.path == other.path && one.stage == other.stage && one.from == other.from {
        return Some(Tie::File);
    }
    if choices.iter().any(|choice| choice.images.contains(&first) && choice.images.contains(&at)) {
        return Some(Tie::Choice);
    }
    // A folder for repo2docker and an archive are all of their image.
    let has_file = |image: &Image| image.last && image.path != image.name;
    let beside = has_file(one) && has_file(other) && parent_of(&one.path) == parent_of(&other.path);
    if beside && versioned(&one.path) != versioned(&other.path) {
        return None;
    }
    if letters(&one.name) == letters(&other.name) {
        return Some(Tie::Number);
    }
    if beside {
        return Some(Tie::Folder);
    }
    stem(&one.name, &other.name).map(|_| Tie::Word)
}

/// Why two images are one definition, where they are: something says that they belong together, and half of what they do is alike.
/// What they share with images of other kinds is not counted: it is a layer.
fn kin(choices: &[Choice], found: &[Family], rows: &[Row], images: &[Image], (first, at): (usize, usize)) -> Option<Tie> {
    let (one, other) = (images.get(first)?, images.get(at)?);
    let settled = one.internal == other.internal && one.after.user == other.after.user && one.before.user == other.before.user;
    let tie = tie(choices, (first, one), (at, other)).filter(|_| settled && parents(found, one, other))?;
    let skip = shared(choices, rows, images, tie, (first, at));
    let (mine, others) = (shapes(one, skip), shapes(other, skip));
    let most = mine.len().max(others.len());
    let alike = common(&mine, &others);
    let least = if tie == Tie::Number { most } else { most.div_ceil(2) };
    (tie == Tie::File || alike > 0 && alike >= least).then_some(tie)
}

/// With how many steps two images begin that will be a layer: those that images of other kinds begin with, too; where only the
/// names tie them, all that they have in common.
fn shared(choices: &[Choice], rows: &[Row], images: &[Image], tie: Tie, (first, at): (usize, usize)) -> usize {
    let row = |at: usize| rows.get(at).map_or(&[][..], Vec::as_slice);
    let both = same::common(&[row(first), row(at)]);
    let strange = |other: &(usize, &Image)| {
        let apart = |at: usize| {
            images.get(at).is_some_and(|image| image.parent == other.1.parent && self::tie(choices, (at, image), *other).is_none())
        };
        apart(first) && apart(at)
    };
    let others = images.iter().enumerate().filter(strange).map(|(other, _)| same::common(&[row(first), row(at), row(other)]));
    let length = if tie == Tie::Word { both } else { others.max().unwrap_or_default() };
    if length < LEAST { 0 } else { length }
}

/// Whether two images are built on the same, on images that exist in one repository, or on two of a family.
fn parents(found: &[Family], one: &Image, other: &Image) -> bool {
    match (&one.parent, &other.parent) {
        (Parent::Base(one), Parent::Base(other)) => crate::import::repository(one) == crate::import::repository(other),
        (Parent::Image(one), Parent::Image(other)) => {
            one == other || found.iter().any(|family| family.members.contains(one) && family.members.contains(other))
        }
        _ => false,
    }
}

/// What a file is for that names itself and a version: `lab_4.5.Dockerfile`, `Dockerfile.lab_dev`.
fn versioned(path: &str) -> Option<&str> {
    let file = path.rsplit('/').next().unwrap_or(path);
    let own = file.strip_suffix(".Dockerfile").or_else(|| file.strip_prefix("Dockerfile."))?;
    own.rsplit_once('_').map(|(what, _)| what)
}

/// What the names of two images begin with in common: whole words.
fn stem(one: &str, other: &str) -> Option<String> {
    let words: Vec<&str> = one.split('-').zip(other.split('-')).take_while(|(one, other)| one == other).map(|(word, _)| word).collect();
    (!words.is_empty()).then(|| words.join("-"))
}

/// What the steps of an image are behind the first ones, whatever their literals; neighbouring variables are one.
fn shapes(image: &Image, skip: usize) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for step in image.steps.get(super::same::end(&image.steps, skip)..).unwrap_or_default() {
        let text = match &step.act {
            Act::Nothing | Act::Arg(..) => continue,
            Act::Setting(word, key, _) => format!("{word} {key}"),
            Act::Env(..) => "env".to_owned(),
            _ => shape(&step.keys().join("\n")),
        };
        if text != "env" || all.last() != Some(&text) {
            all.push(text);
        }
    }
    all
}

/// A text without the words that may be literals: those with a digit, and the last parts of addresses.
fn shape(text: &str) -> String {
    let word = |word: &str| {
        let literal = word.contains(|c: char| c.is_ascii_digit());
        if literal { "#".to_owned() } else { word.replace("cpu", "#") }
    };
    text.split([' ', '\n', '/', ':', '"', '=']).map(word).collect::<Vec<_>>().join(" ")
}

/// The length of the longest common row.
fn common(one: &[String], other: &[String]) -> usize {
    let mut row = vec![0_usize; other.len() + 1];
    for mine in one {
        let mut before = 0;
        for (at, theirs) in other.iter().enumerate() {
            let above = row.get(at + 1).copied().unwrap_or_default();
            let left = row.get(at).copied().unwrap_or_default();
            let best = if mine == theirs { before + 1 } else { above.max(left) };
            before = above;
            if let Some(cell) = row.get_mut(at + 1) {
                *cell = best;
            }
        }
    }
    row.last().copied().unwrap_or_default()
}

fn family(images: &[Image], choices: &[Choice], found: &[Family], members: Vec<usize>) -> Option<Family> {
    let all: Vec<&Image> = members.iter().filter_map(|at| images.get(*at)).collect();
    let mut axes = inherited(found, &all)?;
    let same_file = all.iter().all(|image| all.first().is_some_and(|first| first.from == image.from));
    if same_file {
        arguments(&all, &mut axes);
    }
    let words = differing(&all);
    let option = choices.iter().find(|choice| members.iter().all(|member| choice.images.contains(member)));
    if !told_apart(&axes, all.len()) {
        if same_file || axes.iter().any(|axis| axis.inherited) {
            return None;
        }
        let versions = if option.is_none() { versions(&all, &words) } else { None };
        let name = option.map_or_else(|| "variant".to_owned(), |choice| name(&choice.key, "variant").replace('-', "_"));
        axes.push(versions.unwrap_or_else(|| Axis { name, values: words.clone(), inherited: false, with: None }));
    }
    if !told_apart(&axes, all.len()) || !is_whole(&axes) {
        return None;
    }
    tags(&all, &mut axes)?;
    let stems: BTreeSet<String> = all.iter().map(|image| stem_of(&image.name, &words)).collect();
    let shared =
        || all.iter().map(|image| image.name.clone()).reduce(|one, other| stem(&one, &other).unwrap_or_default()).unwrap_or_default();
    let base = stems.first().filter(|stem| stems.len() == 1 && !stem.is_empty()).cloned().unwrap_or_else(shared);
    let kind = all.first().map(|image| letters(&image.name)).unwrap_or_default();
    let wanted = match option.filter(|_| base.is_empty()) {
        _ if same_file && all.first()?.last => all.first()?.base.clone(),
        Some(choice) => name(&choice.title, "image"),
        None if base.is_empty() && all.iter().all(|image| letters(&image.name) == kind) => name(&kind, "image"),
        None if base.is_empty() => all.first()?.name.clone(),
        None => name(&base, "image"),
    };
    let others = |name: &str| {
        images.iter().enumerate().any(|(at, image)| image.name == name && !members.contains(&at))
            || found.iter().any(|family| family.name == name)
    };
    Some(Family { name: free(&wanted, others), members, axes })
}

/// The axes of the family that all parents are of; none where they have one parent.
fn inherited(found: &[Family], all: &[&Image]) -> Option<Vec<Axis>> {
    let parents: Vec<usize> =
        all.iter().filter_map(|image| if let Parent::Image(index) = image.parent { Some(index) } else { None }).collect();
    if parents.len() < all.len() || parents.iter().all(|parent| parents.first() == Some(parent)) {
        return Some(Vec::new());
    }
    let below = found.iter().find(|family| parents.iter().all(|parent| family.members.contains(parent)))?;
    let places: Vec<usize> = parents.iter().filter_map(|parent| below.members.iter().position(|member| member == parent)).collect();
    let of = |axis: &Axis| -> Vec<String> { places.iter().filter_map(|at| axis.values.get(*at).cloned()).collect() };
    Some(below.axes.iter().map(|axis| Axis { values: of(axis), inherited: true, ..axis.clone() }).collect())
}

/// An axis for each build argument that differs; those that always differ together are linked.
fn arguments(all: &[&Image], axes: &mut Vec<Axis>) {
    let Some(first) = all.first() else { return };
    for (at, (key, _)) in first.args.iter().enumerate() {
        let values: Vec<String> = all.iter().filter_map(|image| image.args.get(at).map(|(_, value)| value.clone())).collect();
        let same = |axis: &Axis| axis.values == values;
        if values.len() < all.len() || values.iter().all(|value| values.first() == Some(value)) || axes.iter().any(same) {
            continue;
        }
        if axes.iter().any(|axis| axis.inherited && follows(&values, &axis.values)) {
            continue;
        }
        let with = axes.iter().position(|axis| !axis.inherited && axis.with.is_none() && together(&axis.values, &values));
        let mut wanted = axis_name(key);
        while axes.iter().any(|axis| axis.name == wanted) {
            wanted.push('2');
        }
        axes.push(Axis { name: wanted, values, inherited: false, with });
    }
}

/// Where the images that exist differ in more than the axes say, their tags are an axis that moves together with another.
fn tags(all: &[&Image], axes: &mut Vec<Axis>) -> Option<()> {
    let of = |image: &&Image| if let Parent::Base(reference) = &image.parent { Some(reference.clone()) } else { None };
    let Some(references) = all.iter().map(of).collect::<Option<Vec<String>>>() else { return Some(()) };
    if template(&references, axes).is_some() {
        return Some(());
    }
    let values: Vec<String> =
        references.iter().map(|one| one.get(crate::import::repository(one).len() + 1..).unwrap_or_default().to_owned()).collect();
    let with = axes.iter().position(|axis| axis.with.is_none() && !axis.inherited && follows(&values, &axis.values))?;
    let plain = values.iter().all(|value| !value.is_empty() && !value.contains('@'));
    axes.push(Axis { name: "base_tag".to_owned(), values, inherited: false, with: Some(with) });
    plain.then_some(())
}

/// Whether one row of values is decided by another.
fn follows(values: &[String], by: &[String]) -> bool {
    let pairs: BTreeSet<(&String, &String)> = by.iter().zip(values).collect();
    let keys: BTreeSet<&String> = by.iter().collect();
    pairs.len() == keys.len()
}

fn together(one: &[String], other: &[String]) -> bool {
    follows(one, other) && follows(other, one)
}

/// `PYTHON_VERSION` → `python`
fn axis_name(key: &str) -> String {
    let lower = key.to_ascii_lowercase();
    let short = ["_version", "_tag", "_ver", "_variant"].iter().find_map(|end| lower.strip_suffix(end)).unwrap_or(&lower);
    let short = short.trim_matches('_');
    if short.is_empty() || short.starts_with(|c: char| c.is_ascii_digit()) { format!("arg_{short}") } else { short.to_owned() }
}

/// Whether no two members have the same values.
fn told_apart(axes: &[Axis], members: usize) -> bool {
    let rows: BTreeSet<Vec<&String>> = (0..members).map(|at| axes.iter().filter_map(|axis| axis.values.get(at)).collect()).collect();
    !axes.is_empty() && rows.len() == members
}

/// Whether there is a member for every combination of the axes that multiply.
fn is_whole(axes: &[Axis]) -> bool {
    let free: Vec<&Axis> = axes.iter().filter(|axis| axis.with.is_none()).collect();
    let members = axes.first().map_or(0, |axis| axis.values.len());
    let rows: BTreeSet<Vec<&String>> = (0..members).map(|at| free.iter().filter_map(|axis| axis.values.get(at)).collect()).collect();
    let product: usize = free.iter().map(|axis| distinct(&axis.values).len()).product();
    rows.len() == members && (product == members || free.iter().all(|axis| axis.inherited))
}

/// The words by which the names of images differ.
fn differing(all: &[&Image]) -> Vec<String> {
    let split: Vec<Vec<&str>> = all.iter().map(|image| image.name.split('-').collect()).collect();
    let least = split.iter().map(Vec::len).min().unwrap_or_default();
    let same = |at: usize, back: bool| {
        let word = |words: &Vec<&str>| {
            if back { words.iter().rev().nth(at).map(|word| (*word).to_owned()) } else { words.get(at).map(|word| (*word).to_owned()) }
        };
        split.iter().all(|words| split.first().is_some_and(|first| word(first) == word(words)))
    };
    let before = (0..least).take_while(|at| same(*at, false)).count();
    let behind = (0..least - before.min(least)).take_while(|at| same(*at, true)).count();
    split
        .iter()
        .map(|words| {
            let own = words.get(before..words.len() - behind).unwrap_or_default().join("-");
            if own.is_empty() { "plain".to_owned() } else { name(&own, "v") }
        })
        .collect()
}

/// The digits of a name, read as a number: `course10` comes behind `course9`.
fn number(name: &str) -> u64 {
    name.chars().filter_map(|c| c.to_digit(10)).fold(0, |all, digit| all.saturating_mul(10).saturating_add(digit.into()))
}

/// A name without its digits.
fn letters(name: &str) -> String {
    name.chars().filter(|c| !c.is_ascii_digit()).collect()
}

/// The version that the names of images say without dots, where what they do says it, too: `py311`, and `3.11` in the steps.
fn versions(all: &[&Image], words: &[String]) -> Option<Axis> {
    let numbers = || words.iter().filter(|word| word.contains(|c: char| c.is_ascii_digit()));
    let kind = numbers().nth(1).map(|word| letters(word))?;
    let mut values = Vec::new();
    for (image, word) in all.iter().zip(words) {
        let digits: String = word.chars().filter(char::is_ascii_digit).collect();
        // Beside numbers there may be a name: `devel`.
        if digits.is_empty() && numbers().count() > 1 {
            values.push(word.clone());
            continue;
        }
        if letters(word) != kind {
            return None;
        }
        let base = if let Parent::Base(reference) = &image.parent { reference.clone() } else { String::new() };
        let text = image.steps.iter().flat_map(Step::keys).fold(base, |text, key| text + " " + &key);
        let mut tokens = text.split(|c: char| !(c.is_ascii_digit() || c == '.')).map(|token| token.trim_matches('.'));
        values.push(tokens.find(|token| token.contains('.') && token.replace('.', "") == digits)?.to_owned());
    }
    let axis = match kind.trim_matches('-') {
        "py" | "python" => "python",
        "" | "v" => "version",
        other => other,
    };
    Some(Axis { name: axis.replace('-', "_"), values, inherited: false, with: None })
}

/// A name without the word that tells it from its kin.
fn stem_of(name: &str, words: &[String]) -> String {
    let mut parts: Vec<&str> = name.split('-').collect();
    if let Some(word) = words.iter().find(|word| format!("-{name}-").contains(&format!("-{word}-"))) {
        let inner = format!("-{name}-").replacen(&format!("-{word}-"), "-", 1);
        return inner.trim_matches('-').to_owned();
    }
    parts.retain(|part| !part.is_empty());
    parts.join("-")
}
