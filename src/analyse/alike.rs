//! Entries that are written alike are read once: where nothing is put in, what an entry says depends on its text and on its list.

use std::cell::RefCell;
use std::rc::Rc;

use foldhash::HashMap;

use crate::base::{Place, Span};
use crate::ir::{Package, Segments, Wanted};
use crate::syntax::ast::{Bound, Entry, EntryPart, TextPart};

/// What a list says for all its entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Listing {
    /// The word of the list.
    pub(crate) manager: Rc<str>,
    /// The index or channel.
    pub(crate) index: Option<String>,
    /// The indexes besides.
    pub(crate) besides: Vec<String>,
    /// Where it installs to.
    pub(crate) environment: Option<String>,
    /// Without dependencies.
    pub(crate) no_deps: bool,
}

impl Listing {
    /// Adds what the list says to an entry.
    pub(crate) fn complete(&self, wanted: &mut Wanted) {
        wanted.no_deps = self.no_deps;
        wanted.index = wanted.index.take().or_else(|| self.index.clone());
        wanted.besides.clone_from(&self.besides);
        wanted.environment.clone_from(&self.environment);
    }
}

/// What an entry says, and where in it its constraint is.
#[derive(Debug)]
struct Known {
    wanted: Rc<Wanted>,
    word: Option<Rc<Segments>>,
    /// In bytes from the beginning of the entry.
    bounds: Option<Span>,
}

/// The entries that have been read.
#[derive(Debug, Default)]
pub(crate) struct Alike<'a> {
    listings: RefCell<Vec<Listing>>,
    known: RefCell<HashMap<(usize, &'a str), Known>>,
}

impl<'a> Alike<'a> {
    /// The number of all lists that say the same.
    pub(crate) fn number(&self, listing: &Listing) -> usize {
        let mut listings = self.listings.borrow_mut();
        listings.iter().position(|known| known == listing).unwrap_or_else(|| {
            listings.push(listing.clone());
            listings.len() - 1
        })
    }

    /// The package and the word of an entry, where one of this text has been read in such a list.
    pub(crate) fn at(&self, listing: usize, text: &str, origin: Place) -> Option<(Package, Option<Rc<Segments>>)> {
        let known = self.known.borrow();
        let Known { wanted, word, bounds } = known.get(&(listing, text))?;
        let place = |bounds: &Span| {
            let start = origin.span.start;
            Place { span: Span { start: start + bounds.start, end: start + bounds.end }, ..origin }
        };
        let bounds = bounds.as_ref().map(place);
        let package = Package { wanted: Rc::clone(wanted), only: None, origin, bounds, via: None, listed: None };
        Some((package, word.clone()))
    }

    /// Keeps what an entry says.
    pub(crate) fn keep(&self, listing: usize, text: &'a str, package: &Package, word: Option<&Rc<Segments>>) {
        let Package { wanted, origin, bounds, .. } = package;
        let start = origin.span.start;
        let bounds = bounds.map(|bounds| Span { start: bounds.span.start - start, end: bounds.span.end - start });
        let known = Known { wanted: Rc::clone(wanted), word: word.cloned(), bounds };
        self.known.borrow_mut().insert((listing, text), known);
    }
}

/// Whether an entry says the same wherever it is: a name and bounds, with nothing put in and nothing that names a file.
pub(crate) fn is_plain(entry: &Entry) -> bool {
    let literal = |bound: &Bound| matches!(bound.version.as_slice(), [TextPart::Literal(_)]);
    let plain = |part: &EntryPart| match part {
        EntryPart::Constraint(constraint) => constraint.alternatives.iter().flatten().all(literal),
        EntryPart::Pin(_) | EntryPart::Override(_) => true,
        _ => false,
    };
    entry.name.literal().is_some() && entry.parts.iter().all(plain)
}
