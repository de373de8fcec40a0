//! Floor 8: the command line. The only floor that names clap, the disk, the environment and standard output.
//!
//! A subcommand is a function from its arguments to a `Reply`; what it says on the way goes through the `Console`.

mod args;
mod build;
mod cells;
mod check;
mod clock;
mod compiled;
mod completions;
mod console;
mod diff;
mod disk;
mod drift;
mod errors;
mod explain;
mod find;
mod fix;
mod fmt;
mod global;
mod graph;
mod import;
mod init;
mod list;
mod lock;
mod lock_file;
mod ours;
mod reply;
mod repository;
mod revision;
mod show;
mod show_json;
mod supposed;
mod table;
mod tree;
mod unified;
mod update;
mod watch;
mod why;
mod words;
mod write;

use std::process::ExitCode;

use clap::Parser;

use args::{Args, Command};
use console::Console;
use reply::{Misuse, Reply};

/// Runs the command line of this process.
#[must_use]
pub fn run() -> ExitCode {
    console::report_bugs();
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => return console::usage(&error),
    };
    let console = Console::new(&args.global);
    let answer = match &args.command {
        Command::Init(init) => init::run(init, &args.global, &console),
        Command::Import(import) => import::run(import, &args.global, &console),
        Command::Build(build) => build::run(build, &args.global, &console),
        Command::Check(check) if check.watch => watch::run(check, &args.global, &console).map(|exit| Reply::new("", exit)),
        Command::Check(check) => check::run(check, &args.global, &console),
        Command::Fmt(fmt) => fmt::run(fmt, &args.global, &console),
        Command::List(list) => list::run(list, &args.global, &console),
        Command::Show(show) => show::run(show, &args.global, &console),
        Command::Diff(diff) => diff::run(diff, &args.global, &console),
        Command::Tree(tree) => tree::run(tree, &args.global, &console),
        Command::Graph(graph) => graph::run(graph, &args.global, &console),
        Command::Why(why) => why::run(why, &args.global, &console),
        Command::Lock(lock) => lock::run(lock, &args.global, &console),
        Command::Outdated(outdated) => lock::outdated(outdated, &args.global, &console),
        Command::Export(export) => lock::export(export, &args.global, &console),
        Command::Update(update) => update::run(update, &args.global, &console),
        Command::Explain(explain) => explain::run(explain, &args.global, &console),
        Command::Completions(shell) => Ok(completions::completions(shell)),
        Command::Man(man) => completions::man(man),
    };
    match answer {
        Ok(reply) => console.finish(&reply),
        Err(Misuse(words)) => console.misuse(&words),
    }
}
