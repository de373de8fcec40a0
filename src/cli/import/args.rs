//! The arguments of `jenvc import`.

use std::path::PathBuf;

use clap::Args as Arguments;

#[derive(Arguments, Debug)]
pub(in crate::cli) struct Import {
    /// Files and folders to import; the current folder if left out.
    pub(in crate::cli) paths: Vec<PathBuf>,
    /// Also imports an image of a registry, which skopeo, crane or docker saves; several times for several.
    #[arg(long, value_name = "IMAGE")]
    pub(in crate::cli) fetch: Vec<String>,
    /// The folder that the program is written to; the folder that is imported where left out.
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) to: Option<PathBuf>,
    /// Writes nothing; reports what would become of each file, and what looks like a mistake in it.
    #[arg(long, conflicts_with_all = ["to", "verify", "dry_run"])]
    pub(in crate::cli) report: bool,
    /// Writes nothing; prints the program.
    #[arg(long, conflicts_with = "verify")]
    pub(in crate::cli) dry_run: bool,
    /// Compares the original Dockerfiles and menus with what the program in DIR compiles to; DIR is the imported folder if left out.
    #[arg(long, value_name = "DIR", num_args = 0..=1, conflicts_with = "to")]
    pub(in crate::cli) verify: Option<Vec<PathBuf>>,
}
