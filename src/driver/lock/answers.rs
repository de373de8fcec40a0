//! What the engine has answered in a run: each question is asked once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::{Answer, Question, Resolver};

/// How much is done at once.
const WORKERS: usize = 4;
/// How many packages that are source distributions alone are left out of one question.
const LEFT_OUT: usize = 64;

/// Does something for all, a few at a time.
pub fn side_by_side<T: Sync>(all: &[T], work: impl Fn(&T) + Sync) {
    let next = AtomicUsize::new(0);
    let work = || {
        while let Some(one) = all.get(next.fetch_add(1, Ordering::Relaxed)) {
            work(one);
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..WORKERS.min(all.len()) {
            scope.spawn(work);
        }
        work();
    });
}

/// The engine, and its answers.
pub(super) struct Answers<'p> {
    pub(super) resolver: &'p dyn Resolver,
    all: Mutex<BTreeMap<Question, Answer>>,
}

impl<'p> Answers<'p> {
    pub(super) fn new(resolver: &'p dyn Resolver) -> Self {
        Self { resolver, all: Mutex::default() }
    }

    /// How many questions were asked.
    pub(super) fn count(&self) -> usize {
        self.all.lock().map_or(0, |all| all.len())
    }

    /// Asks what has not been asked yet, a few at a time, each without packages that are source distributions alone.
    pub(super) fn ask(&self, questions: &[Question]) {
        let new: BTreeSet<&Question> = questions.iter().filter(|question| self.known(question).is_none()).collect();
        let new: Vec<_> = new.into_iter().collect();
        side_by_side(&new, |question| drop(self.of(&mut (*question).clone())));
    }

    /// The answer to a question that was asked.
    fn known(&self, question: &Question) -> Option<Answer> {
        self.all.lock().ok()?.get(question).cloned()
    }

    /// The answer to a question.
    fn answer(&self, question: &Question) -> Answer {
        self.known(question).unwrap_or_else(|| {
            let answer = self.resolver.solve(question);
            if let Ok(mut answers) = self.all.lock() {
                answers.insert(question.clone(), answer.clone());
            }
            answer
        })
    }

    /// The answer without packages that are source distributions alone, which are named.
    pub(super) fn of(&self, question: &mut Question) -> (Answer, BTreeSet<String>) {
        let mut left_out = BTreeSet::new();
        loop {
            let answer = self.answer(question);
            let Answer::SourceOnly(names, words) = answer else { return (answer, left_out) };
            let before = left_out.len();
            left_out.extend(names.iter().cloned());
            if left_out.len() == before || before > LEFT_OUT {
                return (Answer::Nothing(words), left_out);
            }
            question.roots.retain(|root| !names.contains(&root.name));
            question.without.extend(names);
        }
    }
}
