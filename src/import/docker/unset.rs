//! Variables that have no value where an instruction reads them, though it looks as if they had one.

use super::read::Instruction;
use super::stage::Stage;
use super::steps::Act;
use super::words::names;
use crate::import::RemarkKind::{self, Decide, Mistake};

impl Stage<'_> {
    /// What is to be said of an instruction that reads an argument of the lines above the first `FROM`, or a home that nothing sets.
    pub(super) fn unset(&self, one: &Instruction) -> Vec<(RemarkKind, String)> {
        let (state, word) = (&self.state, one.word.as_str());
        let is_set = |name: &str| state.env.contains_key(name) || state.args.contains_key(name);
        let assigned = |name: &str| word == "RUN" && [format!("{name}="), format!("for {name} ")].iter().any(|set| one.text.contains(set));
        let mut notes = Vec::new();
        for name in names(&one.text).into_iter().filter(|name| !self.compiled && !is_set(name) && !assigned(name)) {
            let note = if state.globals.get(name).is_some_and(Option::is_some) {
                let words = format!(
                    "`ARG {name}` above the first `FROM` is not set in a stage without `ARG {name}`: it is empty here, or what the base has"
                );
                (Mistake, words)
            } else if name == "HOME" && matches!(word, "COPY" | "ADD" | "WORKDIR" | "ENV") {
                (Decide, format!("`HOME` in `{word}` is the home of the account now: it was the variable of the base, which may have none"))
            } else {
                continue;
            };
            if !notes.contains(&note) {
                notes.push(note);
            }
        }
        notes
    }

    /// Puts remarks to the first step of an instruction.
    pub(super) fn remark(&mut self, one: &Instruction, before: usize, notes: Vec<(RemarkKind, String)>) {
        match self.steps.get_mut(before) {
            Some(first) => first.notes.extend(notes),
            None if !notes.is_empty() => self.add(one, Act::Nothing, notes),
            None => {}
        }
    }
}
