//! `jenvc show`: what a program holds.

use super::args::{Global, Show};
use super::console::Console;
use super::{Misuse, Reply};

pub(super) fn run(_show: &Show, _global: &Global, _console: &Console) -> Result<Reply, Misuse> {
    Err(Misuse("x".to_owned()))
}
