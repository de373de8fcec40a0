//! What people see on a terminal while channels are read.

use std::io::{self, Write};
use std::sync::Mutex;

/// A line that says what is read.
pub(super) struct Progress {
    shown: bool,
    last: Mutex<()>,
}

impl Progress {
    pub(super) fn new(shown: bool) -> Self {
        Self { shown, last: Mutex::default() }
    }

    pub(super) fn step(&self, what: &str) {
        let _turn = self.last.lock();
        if self.shown {
            let _ = write!(io::stderr().lock(), "\r\x1b[Kreading {what}");
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.shown {
            let _ = write!(io::stderr().lock(), "\r\x1b[K");
        }
    }
}
