//! `jenvc completions` and `jenvc man`: made from the one definition of the flags.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use clap::{Command, CommandFactory};
use clap_complete::{Shell, generate};
use clap_mangen::Man;

use super::args::{Args, Completions, Man as Arguments, Terminal};
use super::errors::words;
use super::reply::{Exit, Misuse, Reply};
use super::write;

/// The script for one shell.
pub(super) fn completions(completions: &Completions) -> Reply {
    let shell = match completions.shell {
        Terminal::Bash => Shell::Bash,
        Terminal::Zsh => Shell::Zsh,
        Terminal::Fish => Shell::Fish,
        Terminal::Powershell => Shell::PowerShell,
    };
    let mut script = Vec::new();
    generate(shell, &mut Args::command(), "jenvc", &mut script);
    Reply::new(String::from_utf8_lossy(&script), Exit::Clean)
}

/// The page of the whole command line; with a folder, that page and one for each subcommand are written there.
pub(super) fn man(man: &Arguments) -> Result<Reply, Misuse> {
    let mut root = Args::command();
    root.build();
    let Some(folder) = &man.folder else { return Ok(Reply::new(page(&root)?, Exit::Clean)) };
    let refused = |path: &Path, error: &std::io::Error| Misuse(format!("`{}` can't be written: {}", path.display(), words(error)));
    fs::create_dir_all(folder).map_err(|error| refused(folder, &error))?;
    let subcommands = root.get_subcommands().filter(|command| command.get_name() != "help" && !command.is_hide_set());
    let mut text = String::new();
    for command in [&root].into_iter().chain(subcommands) {
        let name = command.get_display_name().unwrap_or(command.get_name()).to_owned();
        let path: PathBuf = folder.join(format!("{name}.1"));
        write::put(&path, &page(command)?).map_err(|error| refused(&path, &error))?;
        let _ = writeln!(text, "{}", path.display());
    }
    Ok(Reply::new(text, Exit::Clean))
}

fn page(command: &Command) -> Result<String, Misuse> {
    let mut page = Vec::new();
    Man::new(command.clone()).render(&mut page).map_err(|error| Misuse(words(&error)))?;
    Ok(String::from_utf8_lossy(&page).into_owned())
}
