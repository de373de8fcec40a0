//! Texts are parsed by the thread that wants them and by a second one beside it. Each is parsed once, and what is made of it
//! does not depend on which of the two did it.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use crate::base::{FileId, Span};
use crate::syntax::{Parsed, parse_part};

/// A part of a text.
#[derive(Clone, Debug)]
pub(crate) struct Job {
    /// Its file.
    pub(crate) file: FileId,
    /// The whole text of the file.
    pub(crate) text: Arc<str>,
    /// The part; what leaves the text does not count.
    pub(crate) part: Span,
}

/// What is handed in for a job, to ask for the result with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Ticket(usize);

/// The jobs of a program.
#[derive(Debug, Default)]
pub(crate) struct Parsing {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    tickets: usize,
    waiting: VecDeque<(Ticket, Job)>,
    done: HashMap<Ticket, Parsed>,
    over: bool,
}

impl Parsing {
    /// Hands in a job.
    pub(crate) fn submit(&self, job: Job) -> Ticket {
        let mut state = self.state();
        let ticket = Ticket(state.tickets);
        state.tickets += 1;
        state.waiting.push_back((ticket, job));
        self.changed.notify_all();
        ticket
    }

    /// What came of a job; each may be asked for once. While it is not done, this thread does what is waiting.
    pub(crate) fn take(&self, ticket: Ticket) -> Parsed {
        let mut state = self.state();
        loop {
            if let Some(parsed) = state.done.remove(&ticket) {
                return parsed;
            }
            state = match state.waiting.pop_front() {
                Some(job) => self.parse(state, job),
                None => self.changed.wait(state).unwrap_or_else(PoisonError::into_inner),
            };
        }
    }

    /// Does what is waiting until it is over: the work of the second thread.
    pub(crate) fn help(&self) {
        let mut state = self.state();
        while !state.over {
            // From the other end: the first thread waits for its jobs in the order in which it has handed them in.
            state = match state.waiting.pop_back() {
                Some(job) => self.parse(state, job),
                None => self.changed.wait(state).unwrap_or_else(PoisonError::into_inner),
            };
        }
    }

    /// Nothing more is handed in.
    pub(crate) fn end(&self) {
        self.state().over = true;
        self.changed.notify_all();
    }

    /// How much text is waiting, in bytes.
    pub(crate) fn waiting(&self) -> usize {
        self.state().waiting.iter().map(|(_, job)| job.text.len().min(job.part.range().end) - job.part.range().start).sum()
    }

    fn parse<'s>(&'s self, state: MutexGuard<'s, State>, (ticket, job): (Ticket, Job)) -> MutexGuard<'s, State> {
        drop(state);
        let parsed = parse_part(job.file, &job.text, job.part);
        let mut state = self.state();
        state.done.insert(ticket, parsed);
        self.changed.notify_all();
        state
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::parse;

    #[test]
    fn every_job_is_done_once_whoever_does_it() {
        let parsing = Parsing::default();
        let texts: Vec<String> = (0..40).map(|number| format!("layer l{number} {{ pip {{ a{number} }} }}\n")).collect();
        let found: Vec<Parsed> = std::thread::scope(|scope| {
            scope.spawn(|| parsing.help());
            let job = |text: &String| Job { file: FileId(0), text: Arc::from(text.as_str()), part: Span::new(0, usize::MAX) };
            let tickets: Vec<Ticket> = texts.iter().map(|text| parsing.submit(job(text))).collect();
            let found = tickets.into_iter().rev().map(|ticket| parsing.take(ticket)).collect();
            parsing.end();
            found
        });
        for (text, parsed) in texts.iter().rev().zip(found) {
            assert_eq!(parsed.file, parse(FileId(0), text).file);
        }
        assert_eq!(parsing.waiting(), 0);
    }
}
