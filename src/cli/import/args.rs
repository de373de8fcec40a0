//! The arguments of `jenvc import`.

use std::path::PathBuf;

use clap::Args as Arguments;

#[derive(Arguments, Debug)]
pub(in crate::cli) struct Import {
    /// Files and folders with what there is; the current folder where left out.
    pub(in crate::cli) paths: Vec<PathBuf>,
    /// The folder that the program is written to; the folder that is imported where left out.
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) to: Option<PathBuf>,
    /// Writes nothing; reports what would become of each file, and what looks like a mistake in it.
    #[arg(long, conflicts_with_all = ["to", "verify", "dry_run"])]
    pub(in crate::cli) report: bool,
    /// Writes nothing; prints the program.
    #[arg(long, conflicts_with = "verify")]
    pub(in crate::cli) dry_run: bool,
    /// Compares what the program in DIR compiles to with the originals; `--to`, or the imported folder where left out.
    #[arg(long, value_name = "DIR", num_args = 0..=1, default_missing_value = "", hide_default_value = true)]
    pub(in crate::cli) verify: Option<PathBuf>,
}
