//! Where words go: results to standard output, everything else to standard error. A closed pipe is the reader's right.

use std::env;
use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::global::{Global, When};
use super::reply::{Exit, Reply};
use super::table::Screen;
use crate::report::Style;

/// The terminal, or what stands in its place.
#[derive(Debug)]
pub(super) struct Console {
    quiet: bool,
    verbose: bool,
    color: When,
}

/// Where something is to be drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stream {
    Out,
    Error,
}

impl Console {
    pub(super) fn new(global: &Global) -> Self {
        Self { quiet: global.quiet, verbose: global.verbose, color: global.color }
    }

    pub(super) fn quiet(&self) -> bool {
        self.quiet
    }

    pub(super) fn verbose(&self) -> bool {
        self.verbose
    }

    /// Text on standard error that stays where `--quiet` is given: findings.
    #[expect(clippy::unused_self, reason = "whoever writes has a console")]
    pub(super) fn error(&self, text: &str) {
        // Where standard error is closed there is nobody left to tell.
        let _ = io::stderr().lock().write_all(text.as_bytes());
    }

    /// How drawings look on a stream.
    pub(super) fn style(&self, stream: Stream) -> Style {
        let terminal = match stream {
            Stream::Out => io::stdout().is_terminal(),
            Stream::Error => io::stderr().is_terminal(),
        };
        let color = match self.color {
            When::Always => true,
            When::Never => false,
            When::Auto => color(terminal, |name| env::var(name).ok()),
        };
        let width = terminal.then(terminal_size::terminal_size).flatten().map_or(80, |(width, _)| usize::from(width.0));
        Style { color, width: width.clamp(60, 140) }
    }

    /// Whether the result is read on a terminal.
    #[expect(clippy::unused_self, reason = "whoever writes has a console")]
    pub(super) fn is_terminal(&self) -> bool {
        io::stdout().is_terminal()
    }

    /// What the result is drawn for.
    pub(super) fn screen(&self) -> Screen {
        let width = terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| usize::from(width.0).max(40));
        Screen { color: self.style(Stream::Out).color, width }
    }

    /// Writes a part of the result; whether somebody still reads it.
    #[expect(clippy::unused_self, reason = "whoever writes has a console")]
    pub(super) fn write(&self, text: &str) -> bool {
        let mut out = io::stdout().lock();
        out.write_all(text.as_bytes()).and_then(|()| out.flush()).is_ok()
    }

    /// Writes the result, then what belongs behind it, and ends.
    pub(super) fn finish(&self, reply: &Reply) -> ExitCode {
        let mut out = io::stdout().lock();
        let written = out.write_all(reply.text.as_bytes()).and_then(|()| out.flush());
        self.error(&reply.after);
        match written {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                self.error(&format!("error: standard output can't be written: {}\n", super::errors::words(&error)));
                ExitCode::from(Exit::Findings as u8)
            }
            _ => ExitCode::from(reply.exit as u8),
        }
    }

    /// Says what is wrong with the command line and ends.
    pub(super) fn misuse(&self, words: &str) -> ExitCode {
        let width = terminal_size::terminal_size_of(io::stderr()).map(|(width, _)| usize::from(width.0).max(40));
        self.error(&format!("{}\n", folded(&format!("error: {words}"), width)));
        ExitCode::from(Exit::Usage as u8)
    }
}

/// A text in lines of a width, broken at blanks; the lines behind the first are below its text.
fn folded(text: &str, width: Option<usize>) -> String {
    let Some(width) = width else { return text.to_owned() };
    let (mut lines, mut room) = (String::new(), width);
    for word in text.split(' ') {
        let length = word.chars().count();
        if !lines.is_empty() && length + 1 > room {
            lines.push_str("\n      ");
            room = width - 6;
        }
        if !lines.is_empty() {
            lines.push(' ');
        }
        lines.push_str(word);
        room = room.saturating_sub(length + 1);
    }
    lines
}

/// Whether `auto` means colour. `NO_COLOR` beats `CLICOLOR_FORCE`, both beat the terminal.
fn color(terminal: bool, variable: impl Fn(&str) -> Option<String>) -> bool {
    let set = |name| variable(name).filter(|value| !value.is_empty());
    if set("NO_COLOR").is_some() {
        return false;
    }
    if set("CLICOLOR_FORCE").is_some_and(|value| value != "0") {
        return true;
    }
    terminal && set("CLICOLOR").is_none_or(|value| value != "0") && set("TERM").is_none_or(|value| value != "dumb")
}

/// Ends with what clap has to say: help and version are results, all else is wrong usage.
pub(super) fn usage(error: &clap::Error) -> ExitCode {
    let (context, what, table): (_, _, fn(&str) -> Option<&'static str>) = match error.kind() {
        ErrorKind::InvalidSubcommand => (ContextKind::InvalidSubcommand, "command", habit),
        _ => (ContextKind::InvalidArg, "option", option_habit),
    };
    if let Some(ContextValue::String(word)) = error.get(context)
        && matches!(error.kind(), ErrorKind::InvalidSubcommand | ErrorKind::UnknownArgument)
        && let Some(meant) = table(word)
    {
        let text = format!("error: there is no {what} `{word}`; it is `{meant}` here\n");
        let _ = io::stderr().lock().write_all(text.as_bytes());
        return ExitCode::from(Exit::Usage as u8);
    }
    // A reader that has gone away needs neither.
    let _ = error.print();
    ExitCode::from(if error.use_stderr() { Exit::Usage as u8 } else { Exit::Clean as u8 })
}

/// What a command of other tools is called here.
fn habit(word: &str) -> Option<&'static str> {
    Some(match word {
        "lint" | "validate" | "verify" | "test" | "plan" | "doctor" => "jenvc check",
        "format" | "style" | "prettify" => "jenvc fmt",
        "compile" | "generate" | "make" | "render" | "apply" | "write" => "jenvc build",
        "new" | "create" | "start" => "jenvc init",
        "ls" | "get" => "jenvc list",
        "describe" | "inspect" | "info" | "cat" => "jenvc show",
        "watch" => "jenvc check --watch",
        "fix" => "jenvc check --fix",
        "changes" | "compare" => "jenvc diff",
        "docs" | "doc" | "man-page" => "jenvc explain",
        "upgrade" | "refresh" => "jenvc update",
        "draw" | "dot" => "jenvc graph",
        _ => return None,
    })
}

/// What an option of other tools is called here.
fn option_habit(word: &str) -> Option<&'static str> {
    Some(match word {
        "--dry-run" | "--dryrun" | "--plan" | "--no-write" | "-n" => "jenvc build --check",
        "--strict" | "--werror" | "--warnings-as-errors" | "--fail-on-warnings" | "-W" | "-Werror" => "--deny warnings",
        "--ignore" | "--disable" | "--exclude" | "--skip" => "--allow CODE",
        "--json" => "--format json",
        "--no-color" | "--no-colour" => "--color never",
        "--silent" | "-s" => "--quiet",
        "--write" | "--apply" => "jenvc check --fix",
        "--against" | "--base" | "--from" | "--rev" => "--since REV",
        _ => return None,
    })
}

/// From here on a panic says what to report and ends with the status of a bug.
pub(super) fn report_bugs() {
    std::panic::set_hook(Box::new(|panic| {
        let version = env!("CARGO_PKG_VERSION");
        let arguments: Vec<_> = env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned()).collect();
        let text = format!(
            "error: this is a bug in jenvc, not in your program\n\njenvc {version} on {} {}: jenvc {}\n{panic}\n\n\
             Please report these lines, together with the .jenv files if you may show them.\n",
            env::consts::OS,
            env::consts::ARCH,
            arguments.join(" "),
        );
        let _ = io::stderr().lock().write_all(text.as_bytes());
        std::process::exit(i32::from(Exit::Bug as u8));
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(terminal: bool, variables: &[(&str, &str)]) -> bool {
        color(terminal, |name| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn colour_follows_the_terminal_and_the_common_variables() {
        assert!(with(true, &[]));
        assert!(!with(false, &[]));
        assert!(!with(true, &[("NO_COLOR", "1")]));
        assert!(with(true, &[("NO_COLOR", "")]));
        assert!(with(false, &[("CLICOLOR_FORCE", "1")]));
        assert!(!with(false, &[("CLICOLOR_FORCE", "0")]));
        assert!(!with(true, &[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")]));
        assert!(!with(true, &[("CLICOLOR", "0")]));
        assert!(!with(true, &[("TERM", "dumb")]));
    }

    /// The hook ends the process, so the test runs itself once more as a child that panics.
    #[test]
    fn a_panic_says_what_to_report_and_ends_with_70() {
        const CHILD: &str = "JENVC_TEST_PANIC";
        if env::var_os(CHILD).is_some() {
            report_bugs();
            panic!("on purpose");
        }
        let test = "cli::console::tests::a_panic_says_what_to_report_and_ends_with_70";
        let child = std::process::Command::new(env::current_exe().unwrap()).args(["--exact", "--nocapture", test]).env(CHILD, "1").output();
        let child = child.unwrap();
        let error = String::from_utf8(child.stderr).unwrap();
        assert_eq!(child.status.code(), Some(70), "{error}");
        assert!(error.contains("this is a bug in jenvc") && error.contains("on purpose") && error.contains("console.rs:"), "{error}");
    }
}
