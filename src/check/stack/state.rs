//! What is in force in one cell, by software; what is below is with the parent.

use std::rc::Rc;

use foldhash::HashMap;

use super::ask::Ask;
use super::names::Software;

/// What is in force in a cell.
#[derive(Debug, Default)]
pub(crate) struct State<'p> {
    below: Option<Rc<Self>>,
    own: HashMap<Software, Rc<[Ask<'p>]>>,
}

impl<'p> State<'p> {
    /// The state of a cell before its own steps.
    pub(crate) fn on(below: &Rc<Self>) -> Self {
        Self { below: Some(Rc::clone(below)), own: HashMap::default() }
    }

    /// What is asked of a piece of software, in the order of the stack.
    pub(crate) fn find(&self, software: Software) -> Option<&Rc<[Ask<'p>]>> {
        let mut state = self;
        loop {
            if let Some(asks) = state.own.get(&software) {
                return Some(asks);
            }
            state = state.below.as_deref()?;
        }
    }

    /// Puts what is asked from here on in the place of what was.
    pub(crate) fn put(&mut self, software: Software, asks: Rc<[Ask<'p>]>) {
        self.own.insert(software, asks);
    }
}
