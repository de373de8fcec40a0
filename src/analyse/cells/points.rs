//! The points of an image: those below that the fixed axes leave, times the own axes, less what `exclude` and `only` take.

use std::rc::Rc;

use super::built::{Below, Builder, MAX_CELLS, Point};
use crate::analyse::axes::{self, Axis};
use crate::analyse::context::Context;
use crate::analyse::lower::Info;
use crate::analyse::rules::{self, CellRule};
use crate::base::{IndexMap, Place, or_nearest};
use crate::diagnostics::{Diagnostic, known};
use crate::ir::{AxisPoint, Parent, Platform};

impl<'a> Builder<'_, 'a> {
    /// The platforms of the image below, else the project's, as far as the base is known to have them.
    pub(super) fn platforms_below(&self, below: &Info) -> Vec<Platform> {
        match below.points.first() {
            Some((Parent::Cell(cell), _)) => self.built.cells.get(cell.0 as usize).map_or_else(
                || self.project.platforms.clone(),
                |cell| {
                    let image = self.built.images.get(cell.image.0 as usize);
                    let mut all: Vec<Platform> = image
                        .into_iter()
                        .flat_map(|image| &image.cells)
                        .filter_map(|id| self.built.cells.get(id.0 as usize))
                        .flat_map(|cell| cell.platforms.iter().copied())
                        .collect();
                    all.sort_unstable();
                    all.dedup();
                    all
                },
            ),
            Some((Parent::Base(base), _)) => {
                let known = self.existing.get(*base).map(|base| base.platforms.clone()).unwrap_or_default();
                let kept: Vec<Platform> =
                    self.project.platforms.iter().copied().filter(|platform| known.is_empty() || known.contains(platform)).collect();
                if kept.is_empty() { known } else { kept }
            }
            None => self.project.platforms.clone(),
        }
    }

    /// Every point below × every point of the own axes. `place` is the name of the definition.
    pub(super) fn multiply(
        &mut self,
        place: Place,
        points: &[Below],
        own: &[Axis<'a>],
        default_below: usize,
        platforms: &[Platform],
    ) -> Vec<Point> {
        let wanted = points.len().saturating_mul(count(own));
        if wanted.saturating_add(self.built.cells.len()) > MAX_CELLS {
            self.too_many(place, wanted, own);
            return Vec::new();
        }
        let combinations = combinations(own);
        let has_default = points.iter().any(|(at, ..)| *at == default_below);
        let mut all = Vec::with_capacity(wanted);
        for (order, (at, parent, axes)) in points.iter().enumerate() {
            let platforms = self.platforms_of(*parent, platforms);
            for (indices, default) in &combinations {
                let own_points = || own.iter().zip(indices).filter_map(|(axis, index)| axis.point(*index));
                let below_default = if has_default { *at == default_below } else { order == 0 };
                let axes = if own.is_empty() {
                    Rc::clone(axes)
                } else {
                    let mut all = Vec::with_capacity(axes.len() + own.len());
                    all.extend(axes.iter().cloned().chain(own_points()));
                    Rc::new(all)
                };
                all.push(Point { parent: *parent, axes, platforms: platforms.clone(), default: below_default && *default });
            }
        }
        all
    }

    /// Reports, once, the definition with which the program has too many cells.
    fn too_many(&mut self, place: Place, wanted: usize, own: &[Axis<'a>]) {
        if std::mem::replace(&mut self.full, true) {
            return;
        }
        let before = self.built.cells.len();
        let mut finding = Diagnostic::new(&known::TOO_MANY_CELLS, place, format!("the program has more than {MAX_CELLS} cells"))
            .here(format!("brings {wanted} cells to the {before} before it"));
        for axis in own {
            finding = finding.also(axis.origin, format!("{} values", axis.values.len()));
        }
        self.cx.report(finding.help("drop values or axes, or take cells away by `exclude` and `only`"));
    }

    /// The platforms of a cell: the image's, as far as what is below has them.
    fn platforms_of(&self, parent: Parent, platforms: &[Platform]) -> Vec<Platform> {
        let below = match parent {
            Parent::Cell(cell) => self.built.cells.get(cell.0 as usize).map_or(&[][..], |cell| &cell.platforms),
            Parent::Base(base) => self.existing.get(base).map_or(&[][..], |base| &base.platforms),
        };
        platforms.iter().copied().filter(|platform| below.is_empty() || below.contains(platform)).collect()
    }

    /// Applies the `exclude` and `only` of each definition in turn.
    pub(super) fn apply(&self, rules: &[Vec<CellRule>], points: &mut Vec<Point>) {
        for rules in rules {
            rules::apply(self.cx, rules, points, |point| (&point.axes, &mut point.platforms));
        }
        points.retain(|point| !point.platforms.is_empty());
        if !points.is_empty()
            && !points.iter().any(|point| point.default)
            && let Some(first) = points.first_mut()
        {
            first.default = true;
        }
    }
}

/// How many combinations of the values of axes there are, linked ones together.
fn count(own: &[Axis<'_>]) -> usize {
    let leads = |at: usize, axis: &Axis<'_>| axis.link.is_none() || !own.iter().take(at).any(|other| other.link == axis.link);
    own.iter().enumerate().filter(|(at, axis)| leads(*at, axis)).fold(1, |product, (_, axis)| product.saturating_mul(axis.values.len()))
}

/// All combinations of the values of axes, linked ones together, the last axis fastest; whether each is the default one.
pub(crate) fn combinations(own: &[Axis<'_>]) -> Vec<(Vec<usize>, bool)> {
    let mut all: Vec<(Vec<usize>, bool)> = vec![(Vec::new(), true)];
    let mut links: IndexMap<usize, usize> = IndexMap::default();
    for (at, axis) in own.iter().enumerate() {
        let leader = axis.link.map(|link| *links.entry(link).or_insert(at));
        all = match leader {
            Some(leader) if leader != at => all
                .into_iter()
                .map(|(mut indices, default)| {
                    indices.push(indices.get(leader).copied().unwrap_or(0));
                    (indices, default)
                })
                .collect(),
            _ => {
                let values = 0..axis.values.len();
                all.iter()
                    .flat_map(|(indices, default)| {
                        values.clone().map(move |value| {
                            let mut indices = indices.clone();
                            indices.push(value);
                            (indices, *default && value == axis.default)
                        })
                    })
                    .take(MAX_CELLS + 1)
                    .collect()
            }
        };
    }
    all
}

/// The points of what a reference names that the axes it fixes leave, each with its index there. `origin` is the reference.
pub(crate) fn fixed(cx: &Context<'_>, fixed: &[(String, Vec<String>)], origin: Place, below: &Info) -> Option<Vec<Below>> {
    let mut good = true;
    for (axis, values) in fixed {
        let Some((_, known_values)) = below.domains.iter().find(|(name, _)| **name == **axis) else {
            good = false;
            let names: Vec<&str> = below.domains.iter().map(|(name, _)| &**name).collect();
            let message = format!("this image has no axis `{axis}`");
            cx.report(Diagnostic::new(&known::UNKNOWN_AXIS, origin, message).maybe_help(or_nearest(axis, names)));
            continue;
        };
        for value in values.iter().filter(|value| !known_values.iter().any(|known| **known == ***value)) {
            good = false;
            cx.report(axes::unknown_value(origin, axis, value, known_values.iter().map(|value| &**value)));
        }
    }
    let fits = |axes: &[AxisPoint]| {
        let has = |(axis, values): &(String, Vec<String>)| {
            axes.iter().any(|point| *point.axis == **axis && values.iter().any(|value| **value == *point.value))
        };
        fixed.iter().all(has)
    };
    let points = below.points.iter().enumerate().filter(|(_, (_, axes))| fits(axes));
    good.then(|| points.map(|(at, (parent, axes))| (at, *parent, Rc::clone(axes))).collect())
}
