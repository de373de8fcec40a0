//! `jenv.lock`, read once, when something of the program asks for it.

use super::context::Context;
use crate::base::{FileError, MAX_FILE_BYTES, Place};
use crate::diagnostics::{Diagnostic, known};
use crate::ir::{LOCK, Lock};

impl Context<'_> {
    /// `jenv.lock`. What is wrong with it is reported at the first place that asks.
    pub(crate) fn lock(&self, asked: Place) -> &Lock {
        self.lock.get_or_init(|| read(self, asked))
    }
}

/// The lock; empty where there is none, or none that can be read, which is reported where the program first asks for it.
pub(crate) fn read(cx: &Context<'_>, asked: Place) -> Lock {
    let bytes = match cx.files.read(LOCK, MAX_FILE_BYTES) {
        Ok(bytes) => bytes,
        Err(FileError::Missing) => return Lock::default(),
        Err(error) => {
            let message = format!("`{LOCK}` can't be read: {error}");
            cx.report(Diagnostic::new(&known::UNREADABLE_FILE, asked, message).here("what this needs stands there"));
            return Lock::default();
        }
    };
    Lock::parse(&String::from_utf8_lossy(&bytes)).unwrap_or_else(|bad| {
        cx.report(
            Diagnostic::new(&known::BAD_LOCK, asked, format!("line {} of `{LOCK}` is not what `jenvc update` writes", bad.number))
                .here("what this needs stands there")
                .help(format!("there should be {}: mend the line, or take the file as it was before", bad.wanted)),
        );
        Lock::default()
    })
}
