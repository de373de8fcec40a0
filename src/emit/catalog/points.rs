//! Which of several cells something is in, said as shortly as their axes allow.

use crate::ir::AxisPoint;

/// A cell among others: its name and where it is on the axes.
#[derive(Clone, Debug)]
pub(super) struct Point<'a> {
    /// `py3.12-cuda12`, with the image where the others may be of another one.
    pub(super) name: String,
    /// Its axes.
    pub(super) axes: &'a [AxisPoint],
}

/// The cells that `chosen` picks out of `all`, in words: the values that they alone have, else their names; empty where it
/// is all of them.
pub(super) fn label(all: &[Point<'_>], chosen: &[bool]) -> String {
    let picked = || all.iter().zip(chosen).filter(|(_, is)| **is).map(|(point, _)| point);
    if picked().count() == all.len() {
        return String::new();
    }
    // The values of each axis among the chosen; those axes tell something of which others have other values.
    let values_of = |axis: &&str| (values(picked(), axis), values(all.iter(), axis).len());
    let mut telling: Vec<_> = axes(all)
        .into_iter()
        .map(|axis| (axis, values_of(&axis)))
        .filter(|(_, (some, count))| some.len() < *count)
        .map(|(axis, (some, _))| (axis, some))
        .collect();
    if telling.is_empty() || !tells(&telling, all, chosen) {
        return picked().map(|point| point.name.as_str()).collect::<Vec<_>>().join(", ");
    }
    // An axis that the others imply is left out.
    for axis in axes(all) {
        let fewer: Vec<_> = telling.iter().filter(|(other, _)| *other != axis).cloned().collect();
        if !fewer.is_empty() && tells(&fewer, all, chosen) {
            telling = fewer;
        }
    }
    telling.iter().map(|(_, values)| values.join(", ")).collect::<Vec<_>>().join(" with ")
}

/// Whether exactly the chosen points have these values.
fn tells(telling: &[(&str, Vec<&str>)], all: &[Point<'_>], chosen: &[bool]) -> bool {
    let fits = |point: &Point<'_>| telling.iter().all(|(axis, some)| value(point, axis).is_some_and(|value| some.contains(&value)));
    all.iter().zip(chosen).all(|(point, is)| fits(point) == *is)
}

/// The axes of some points, each once, in order; a linked axis is told by the one that it is linked with.
fn axes<'a>(points: &[Point<'a>]) -> Vec<&'a str> {
    let mut all: Vec<&str> = Vec::new();
    for one in points.iter().flat_map(|point| point.axes) {
        if !one.short.is_empty() && !all.contains(&&*one.axis) {
            all.push(&one.axis);
        }
    }
    all
}

/// The values that some points have on an axis, each once, in order.
fn values<'p, 'a: 'p>(points: impl Iterator<Item = &'p Point<'a>>, axis: &str) -> Vec<&'a str> {
    let mut all = Vec::new();
    for value in points.filter_map(|point| value(point, axis)) {
        if !all.contains(&value) {
            all.push(value);
        }
    }
    all
}

/// The value of a point on an axis, as names and tags have it.
fn value<'a>(point: &Point<'a>, axis: &str) -> Option<&'a str> {
    point.axes.iter().find(|one| &*one.axis == axis).map(|one| &*one.short)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(values: &[(&str, &str)]) -> Vec<AxisPoint> {
        values.iter().map(|(axis, value)| AxisPoint { axis: (*axis).into(), value: (*value).into(), short: (*value).into() }).collect()
    }

    #[test]
    fn the_shortest_words_are_found() {
        let axes: Vec<_> = ["py3.11", "py3.12", "py3.13"]
            .iter()
            .flat_map(|python| ["cpu", "cuda12"].map(|variant| point(&[("python", python), ("variant", variant)])))
            .collect();
        let all: Vec<_> =
            axes.iter().map(|axes| Point { name: axes.iter().map(|one| &*one.short).collect::<Vec<_>>().join("-"), axes }).collect();
        let label = |chosen: &[usize]| label(&all, &(0..6).map(|at| chosen.contains(&at)).collect::<Vec<_>>());
        assert_eq!(label(&[0, 1, 2, 3, 4, 5]), "");
        assert_eq!(label(&[1, 3, 5]), "cuda12");
        assert_eq!(label(&[0, 1, 4, 5]), "py3.11, py3.13");
        assert_eq!(label(&[2]), "py3.12 with cpu");
        assert_eq!(label(&[0, 3]), "py3.11-cpu, py3.12-cuda12");
    }

    #[test]
    fn an_axis_that_another_implies_is_left_out() {
        let axes = [("py3.11", "cpu"), ("py3.12", "cpu"), ("py3.12", "cuda12")]
            .map(|(python, variant)| point(&[("python", python), ("variant", variant)]));
        let all = axes.each_ref().map(|axes| Point { name: String::new(), axes });
        assert_eq!(label(&all, &[false, false, true]), "cuda12");
        assert_eq!(label(&all, &[false, true, true]), "py3.12");
    }
}
