//! Which axes an answer depends on: whoever asks a point for a value is noted, so an answer holds for every point with the same
//! values of the axes that were asked for.

use std::cell::Cell;
use std::rc::Rc;

use foldhash::HashMap;

use crate::ir::AxisPoint;

/// The axes of a point, and who notes what is asked of them.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Axes<'a> {
    points: &'a [AxisPoint],
    reads: Option<&'a Reads>,
}

impl<'a> Axes<'a> {
    /// The axes of a point whose reads are noted.
    pub(crate) fn noted(points: &'a [AxisPoint], reads: &'a Reads) -> Self {
        Self { points, reads: Some(reads) }
    }

    /// The value of an axis; `None` where there is no such axis.
    pub(crate) fn value(self, axis: &str) -> Option<&'a str> {
        let at = self.points.iter().position(|point| &*point.axis == axis)?;
        if let Some(reads) = self.reads {
            reads.note(at);
        }
        self.points.get(at).map(|point| &*point.value)
    }

    /// The names of the axes, the same for all points of a definition.
    pub(crate) fn names(self) -> impl Iterator<Item = &'a str> {
        self.points.iter().map(|point| &*point.axis)
    }
}

impl<'a> From<&'a [AxisPoint]> for Axes<'a> {
    /// The axes of a point, where nobody asks which of them are read.
    fn from(points: &'a [AxisPoint]) -> Self {
        Self { points, reads: None }
    }
}

/// The axes that have been read: one bit for each by its index, the last bit for all the others.
#[derive(Debug, Default)]
pub(crate) struct Reads(Cell<u64>);

impl Reads {
    /// Notes all axes: what stands at the point was asked for.
    pub(crate) fn note_all(&self) {
        self.0.set(u64::MAX);
    }

    fn note(&self, at: usize) {
        self.0.set(self.0.get() | bit(at));
    }
}

fn bit(at: usize) -> u64 {
    1 << at.min(63)
}

/// The values of the axes that a mask of [`Reads`] has.
fn values(mask: u64, points: &[AxisPoint]) -> Vec<Rc<str>> {
    let read = points.iter().enumerate().filter(|(at, _)| mask & bit(*at) != 0);
    read.map(|(_, point)| Rc::clone(&point.value)).collect()
}

/// The answers to one question at several points.
#[derive(Debug)]
pub(crate) struct Answers<T> {
    by_reads: Vec<(u64, ByValues<T>)>,
}

/// Answers by the values of the axes that they have read.
type ByValues<T> = HashMap<Vec<Rc<str>>, T>;

impl<T> Default for Answers<T> {
    fn default() -> Self {
        Self { by_reads: Vec::new() }
    }
}

impl<T> Answers<T> {
    /// The answer that is known to hold at a point.
    pub(crate) fn at(&self, points: &[AxisPoint]) -> Option<&T> {
        self.by_reads.iter().find_map(|(mask, known)| known.get(&values(*mask, points)))
    }

    /// Keeps what was answered at a point after these reads.
    pub(crate) fn keep(&mut self, points: &[AxisPoint], reads: &Reads, answer: T) {
        let mask = reads.0.get();
        let values = values(mask, points);
        match self.by_reads.iter_mut().find(|(known, _)| *known == mask) {
            Some((_, known)) => drop(known.insert(values, answer)),
            None => self.by_reads.push((mask, std::iter::once((values, answer)).collect())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(values: &[&str]) -> Vec<AxisPoint> {
        let names = ["python", "variant"].iter().zip(values);
        names.map(|(axis, value)| AxisPoint { axis: Rc::from(*axis), value: Rc::from(*value), short: Rc::from(*value) }).collect()
    }

    #[test]
    fn an_answer_holds_where_the_values_that_were_read_are_the_same() {
        let mut answers = Answers::default();
        let (first, reads) = (points(&["3.11", "cpu"]), Reads::default());
        assert_eq!(Axes::noted(&first, &reads).value("variant"), Some("cpu"));
        answers.keep(&first, &reads, 1);
        assert_eq!(answers.at(&points(&["3.12", "cpu"])), Some(&1));
        assert_eq!(answers.at(&points(&["3.11", "cuda"])), None);
    }

    #[test]
    fn each_answer_has_reads_of_its_own() {
        let mut answers = Answers::default();
        let (cuda, both) = (points(&["3.11", "cuda"]), Reads::default());
        let axes = Axes::noted(&cuda, &both);
        assert_eq!((axes.value("variant"), axes.value("python"), axes.value("os")), (Some("cuda"), Some("3.11"), None));
        answers.keep(&cuda, &both, 2);
        let (cpu, one) = (points(&["3.11", "cpu"]), Reads::default());
        let _ = Axes::noted(&cpu, &one).value("variant");
        answers.keep(&cpu, &one, 1);
        assert_eq!(answers.at(&points(&["3.12", "cpu"])), Some(&1));
        assert_eq!(answers.at(&points(&["3.12", "cuda"])), None);
    }
}
