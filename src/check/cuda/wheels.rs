//! J0450: wheels of `torch` against the index they come from.

use super::build::{folder, listed};
use super::table::{Row, date, rows};
use crate::diagnostics::{Diagnostic, known};
use crate::ir::{Package, PackageSource};
use crate::versions::{Bound, Constraint, Op, Scheme, VersionSet};

/// Whether the index is known to have a version that is asked for.
pub(super) fn rule(package: &Package) -> Option<Diagnostic> {
    let is_torch = package.ecosystem == "pypi" && package.normal == "torch" && package.source == PackageSource::Index;
    wheel(package, package.index.as_deref().and_then(folder).filter(|_| is_torch && !package.provided)?)
}

fn wheel(package: &Package, folder: &str) -> Option<Diagnostic> {
    let asked = Scheme::Pep440.set(&package.constraint).ok()?;
    let all: Vec<Row> = rows().collect();
    let here: Vec<&Row> = all.iter().filter(|row| row.variants.contains(&folder)).collect();
    let shown = format!("{} {}", package.name, package.constraint).trim_end().to_owned();
    let finding = |message: String| {
        Diagnostic::new(&known::WHEEL_INDEX, package.origin, message)
            .here(format!("as known on {}", date()))
            .about(package.ecosystem, package.normal.clone())
    };
    let (Some(first), Some(last)) = (here.first(), here.last()) else {
        let near = nearest_folder(&all, folder)?;
        return Some(
            finding(format!("PyTorch is not known to have an index `{folder}`")).help(format!("the nearest known one is `{near}`")),
        );
    };
    if here.iter().any(|row| holds(&asked, row)) {
        return None;
    }
    let span = if first == last { first.version.to_owned() } else { format!("{} to {}", first.version, last.version) };
    let finding = finding(format!("`{shown}` is not known to be in PyTorch's index `{folder}`"));
    let wanted = all.iter().rev().find(|row| holds(&asked, row));
    Some(match wanted.or(all.last()) {
        Some(row) => finding.help(format!("torch {} is in {}", row.version, listed(&row.variants))),
        None => finding,
    })
    .map(|finding| finding.help(format!("`{folder}` has torch {span}")))
}

/// Whether a version of a row is asked for.
fn holds(asked: &VersionSet, row: &Row) -> bool {
    let bound = Bound { op: Op::Equal, version: format!("{}.*", row.version), build: None };
    Scheme::Pep440.set(&Constraint { alternatives: vec![vec![bound]] }).is_ok_and(|set| !set.is_disjoint(asked))
}

/// The folder whose number is nearest.
fn nearest_folder(all: &[Row], folder: &str) -> Option<&'static str> {
    let number = |folder: &str| folder.strip_prefix("cu").and_then(|digits| digits.parse::<i32>().ok());
    let wanted = number(folder)?;
    let known = all.iter().flat_map(|row| row.variants.iter().copied()).filter_map(|folder| Some((folder, number(folder)?)));
    known.min_by_key(|(_, number)| (number - wanted).abs()).map(|(folder, _)| folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_folder_is_by_number() {
        let all: Vec<Row> = rows().collect();
        assert_eq!(nearest_folder(&all, "cu127"), Some("cu126"));
        assert_eq!(nearest_folder(&all, "cu140"), Some("cu132"));
    }
}
