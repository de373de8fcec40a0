//! `curl`, which has the proxies and certificates of the machine, and the logins of `~/.netrc`.

use std::io::{self, Write};
use std::process::{Command, Output, Stdio};

/// What it prints. A token goes by its standard input, so that no list of processes shows it.
pub(super) fn curl(arguments: &[&str], token: Option<&str>) -> Result<Vec<u8>, String> {
    let mut command = Command::new("curl");
    command.args(["--silent", "--show-error", "--location", "--netrc-optional", "--retry", "2", "--connect-timeout", "10"]);
    command.args(["--max-time", "60", "--config", "-"]).args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let run = || -> io::Result<Output> {
        let mut child = command.spawn()?;
        if let (Some(mut input), Some(token)) = (child.stdin.take(), token) {
            writeln!(input, "header = \"Authorization: Bearer {}\"", token.replace(['"', '\\', '\n'], ""))?;
        }
        child.wait_with_output()
    };
    let output = { run }().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => "`curl` is not on the `PATH`".to_owned(),
        _ => format!("`curl` can't be run: {error}"),
    })?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let words = String::from_utf8_lossy(&output.stderr);
    Err(words.lines().last().unwrap_or("`curl` has failed").to_owned())
}
