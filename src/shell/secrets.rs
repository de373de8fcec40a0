//! Secrets in shell text: passwords and tokens as values of variables, of options and of headers, in addresses and in the lines of a
//! `.netrc`. What the shell puts in (`$TOKEN`) is none. What single programs take for a password is in `logins.rs`.

use super::command::{address, is_assignment, program};
use super::lexer::{Kind, Token, bare, tokens};
use super::literal::{Secret, is_written, split};
use super::logins;
use crate::base::credentials;

/// The last words of names whose values are secrets. `KEY`, `AUTH`, `PASS` and `PWD` may also be something else.
const WORDS: [&str; 3] = ["apikey", "secret", "token"];
/// How such words end: `PGPASSWORD`.
const ENDS: [&str; 3] = ["passphrase", "passwd", "password"];
/// Names of variables that programs read a password from.
const NAMES: [&str; 3] = ["mysql_pwd", "rediscli_auth", "sshpass"];
/// What stands before `KEY` in such a name.
const KEYS: [&str; 4] = ["access", "api", "private", "secret"];
/// Options that the secret follows as a word of its own; others are written with `=`.
const OPTIONS: [&str; 13] = [
    "--access-token",
    "--api-key",
    "--auth-token",
    "--client-secret",
    "--ftp-password",
    "--http-passwd",
    "--http-password",
    "--oauth2-bearer",
    "--passphrase",
    "--passwd",
    "--password",
    "--proxy-password",
    "--token",
];
/// How options begin that say what to do about a password: nothing follows them.
const UNVALUED: [&str; 6] = ["--ask", "--change", "--disable", "--no", "--prompt", "-no"];
/// Programs that run what follows `-c` as a script of a shell.
const SHELLS: [&str; 6] = ["ash", "bash", "dash", "sh", "su", "zsh"];
/// How tokens begin, whatever holds them: of GitHub, GitLab, `PyPI`, Hugging Face.
const TOKENS: [&str; 6] = ["ghp_", "github_pat_", "glpat-", "gldt-", "pypi-AgE", "hf_"];

/// The secrets in a script, by their place; one for each word.
pub(crate) fn secrets(script: &str) -> Vec<Secret> {
    let mut found = Vec::new();
    scan(script, 0, &mut found);
    with_addresses(script, found)
}

/// The secrets in the text of a file, which is written as it is.
pub(crate) fn secrets_in_file(text: &str) -> Vec<Secret> {
    let mut found = Vec::new();
    if text.starts_with("#!") {
        scan(text, 0, &mut found);
    }
    pieces(text, &[Token { kind: Kind::Document, range: 0..text.len() }], &mut found);
    set_in_lines(text, &mut found);
    let mut found = with_addresses(text, found);
    for secret in &mut found {
        secret.said = secret.said.replacen("the command", "the file", 1);
    }
    found
}

/// `c.ServerApp.token = "value"`, `password: value`: lines of settings. A word without quotes and digits may be the name of something.
fn set_in_lines(text: &str, found: &mut Vec<Secret>) {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let (at, end) = (start, start + line.trim_end().len());
        start += line.len();
        let Some((name, value)) = line.split_once(['=', ':']) else { continue };
        let (name, value) = (name.trim().trim_start_matches("export "), value.trim().trim_end_matches([',', ';']));
        let bare = value.trim_matches(['"', '\'']);
        let plain = |c: char| is_part(c) || matches!(c, '.' | '+' | '/' | '=');
        let is_value = bare.len() + 2 == value.len() || value.chars().all(plain) && value.contains(|c: char| c.is_ascii_digit());
        if is_value && name.chars().all(|c| is_part(c) || c == '.') && says_secret(name) && is_written(bare) {
            let (said, login) = by_name(name);
            let indent = line.len() - line.trim_start().len();
            found.push(Secret { said, range: at + indent..end, login });
        }
    }
}

/// What stands anywhere in a text, with what was found: addresses with passwords, and tokens.
fn with_addresses(script: &str, mut found: Vec<Secret>) -> Vec<Secret> {
    // A comment is in the Dockerfile, too.
    let pieces = if script.contains("://") { split(script) } else { Vec::new() };
    for (start, piece) in pieces {
        if let (Some(host), Some(range)) = (credentials(&piece), address(&piece)) {
            let said = format!("the command holds credentials for `{host}`");
            found.push(Secret { said, range: start + range.start..start + range.end, login: true });
        }
    }
    for (at, mark) in TOKENS.iter().flat_map(|token| script.match_indices(token)) {
        let rest = script.get(at..).unwrap_or_default();
        let length = rest.find(|c: char| !is_part(c)).unwrap_or(rest.len());
        if length >= 20 && length > mark.len() && !script.get(..at).unwrap_or_default().ends_with(is_part) {
            found.push(Secret { said: "the command holds a token".to_owned(), range: at..at + length, login: false });
        }
    }
    found.sort_by_key(|secret| (secret.range.start, secret.range.end));
    let mut end = 0;
    found.retain(|secret| {
        let apart = secret.range.start >= end;
        end = end.max(secret.range.end);
        apart
    });
    found
}

fn is_part(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-')
}

/// Whether a value begins as tokens do.
pub(crate) fn is_token(value: &str) -> bool {
    value.len() >= 20 && TOKENS.iter().any(|begin| value.starts_with(begin))
}

/// Whether the last words of a name are those of a secret.
fn says_secret(name: &str) -> bool {
    let lower = name.to_ascii_lowercase().replace(['-', '.'], "_");
    let lower = lower.trim_end_matches(|c: char| c.is_ascii_digit() || c == '_');
    let mut words = lower.rsplit('_');
    match words.next() {
        Some("key") => words.next().is_some_and(|word| KEYS.contains(&word)),
        Some(last) => WORDS.contains(&last) || ENDS.iter().any(|end| last.ends_with(end)) || NAMES.contains(&lower),
        None => false,
    }
}

/// Adds what the commands of a text hold that begins at this byte of the script.
fn scan(text: &str, offset: usize, found: &mut Vec<Secret>) {
    let tokens = tokens(text);
    let mut printed: &[Token] = &[];
    for command in tokens.split_inclusive(|token| token.kind == Kind::End) {
        let pipe = command.last().filter(|end| end.kind == Kind::End);
        let command = command.get(..command.len() - usize::from(pipe.is_some())).unwrap_or_default();
        let mut here = Vec::new();
        words(text, command, &mut here);
        pieces(text, command, &mut here);
        here.extend(logins::read(text, printed, command));
        found.extend(here.into_iter().map(|secret| Secret { range: offset + secret.range.start..offset + secret.range.end, ..secret }));
        let program = program(text, command).map_or("", |program| program.name);
        let shell = SHELLS.contains(&program);
        let prints = matches!(program, "echo" | "printf") && pipe.is_some_and(|end| end.text(text) == "|");
        printed = if prints { command } else { &[] };
        let mut last = "";
        for token in command.iter().filter(|token| token.kind == Kind::Word) {
            let word = token.text(text);
            inner(word, shell && last == "-c", offset + token.range.start, found);
            last = word;
        }
    }
}

/// Scripts within a word: `$( … )`, and what follows `sh -c`.
fn inner(word: &str, script: bool, offset: usize, found: &mut Vec<Secret>) {
    let quoted = word.trim_matches(['"', '\'']);
    if script && quoted.len() + 2 == word.len() {
        scan(quoted, offset + 1, found);
    } else if let Some(at) = word.find("$(") {
        let rest = word.get(at + 2..).unwrap_or_default();
        scan(rest.rfind(')').and_then(|end| rest.get(..end)).unwrap_or(rest), offset + at + 2, found);
    }
}

/// What single words of a command hold, or a word behind an option.
fn words(text: &str, command: &[Token], found: &mut Vec<Secret>) {
    let program = program(text, command);
    let own = program.as_ref().map_or(0, |program| command.len() - program.rest.len());
    let name = program.map_or("", |program| program.name);
    let mut before: Vec<String> = Vec::new();
    for (at, token) in command.iter().enumerate().filter(|(_, token)| token.kind == Kind::Word) {
        let word = bare(token.text(text));
        let last = before.last().map_or("", String::as_str);
        let said = assigned(&word)
            .or_else(|| option(last, &word))
            .or_else(|| header(&word))
            .or_else(|| configured(&before, &word))
            .or_else(|| logins::login(name, &before, &word));
        if let Some((said, login)) = said {
            found.push(Secret { said, range: token.range.clone(), login });
        }
        // What is in front of the program is none of its words.
        if at >= own {
            before.push(word);
        }
    }
}

fn by_name(name: &str) -> (String, bool) {
    (format!("`{name}` is a secret by its name, and its value is in the program"), false)
}

/// `NAME=value`, `--name=value`, `//registry.example.org/:_authToken=value`.
fn assigned(word: &str) -> Option<(String, bool)> {
    let (name, value) = word.split_once('=')?;
    let named = is_assignment(word) || name.starts_with("--") && name != "--secret" || name.contains(":_");
    (named && (says_secret(name) || is_npm(name)) && is_written(value)).then(|| by_name(name))
}

/// `--password value`, `npm config set //registry.example.org/:_authToken value`.
fn option(before: &str, word: &str) -> Option<(String, bool)> {
    let named = OPTIONS.contains(&before) || before.ends_with("-password") && !UNVALUED.iter().any(|begin| before.starts_with(begin));
    ((named || is_npm(before)) && !word.starts_with('-') && is_written(word)).then(|| by_name(before))
}

/// `aws configure set aws_secret_access_key value`, `poetry config pypi-token.pypi value`.
fn configured(before: &[String], word: &str) -> Option<(String, bool)> {
    let (name, words) = before.split_last()?;
    let sets = words.iter().any(|word| matches!(word.as_str(), "config" | "configure"));
    (sets && name.split('.').any(says_secret) && !word.starts_with('-') && is_written(word)).then(|| by_name(name))
}

fn is_npm(name: &str) -> bool {
    matches!(name.rsplit(':').next(), Some("_authToken" | "_auth" | "_password"))
}

/// `Authorization: Bearer value`, behind `-H` or `--header=` in the same word, too.
fn header(word: &str) -> Option<(String, bool)> {
    let (name, value) = word.split_once(':')?;
    let name = name.rsplit('=').next().unwrap_or(name);
    let name = name.strip_prefix("-H").unwrap_or(name);
    let secret = name.to_ascii_lowercase().ends_with("authorization") || value.starts_with(' ') && says_secret(name);
    let value = value.split_whitespace().next_back()?;
    (secret && name.chars().all(is_part) && is_written(value)).then(|| (format!("the header `{name}` holds a secret"), false))
}

/// `login USER password PASSWORD`, as a `.netrc` has it, in words and in here-documents; `_authToken=` in lines of a `.npmrc`;
/// `IDENTIFIED BY 'PASSWORD'` of SQL; `"password": "PASSWORD"` of JSON.
fn pieces(text: &str, command: &[Token], found: &mut Vec<Secret>) {
    let mut last: [String; 3] = Default::default();
    for token in command.iter().filter(|token| matches!(token.kind, Kind::Word | Kind::Document)) {
        for (start, piece) in split(token.text(text)) {
            let clean = bare(&piece);
            let range = token.range.start + start..token.range.start + start + piece.len();
            let [first, user, third] = &last;
            let raw = piece.trim_start_matches('\\');
            if raw.starts_with('\'') && sql(first, user, third) && is_written(clean.trim_end_matches(';'))
                || raw.starts_with('"') && json(third) && is_written(clean.trim_end_matches([',', '}', ']']))
            {
                found.push(Secret { said: "the command holds a password".to_owned(), range, login: false });
            } else if first == "login" && third == "password" && is_written(&clean) {
                found.push(Secret { said: format!("the command holds the password of `{user}`"), range, login: true });
            } else if token.kind == Kind::Document
                && let Some((said, login)) = Some(&clean).filter(|clean| clean.contains(":_")).and_then(|clean| assigned(clean))
            {
                found.push(Secret { said, range, login });
            }
            last.rotate_left(1);
            last[2] = clean;
        }
    }
}

/// Whether a text in quotes is a password behind these words of SQL.
fn sql(first: &str, second: &str, last: &str) -> bool {
    let is = |word: &str, one: &[&str]| one.iter().any(|one| word.eq_ignore_ascii_case(one));
    let of_account = is(first, &["user", "role"]) || is(second, &["with", "encrypted"]);
    is(last, &["password"]) && of_account || is(second, &["identified"]) && is(last, &["by"])
}

/// Whether a text in quotes is a password behind a key of JSON: `{password:` without its quotes.
fn json(last: &str) -> bool {
    let name = last.trim_start_matches(['{', '[']).strip_suffix(':');
    name.is_some_and(|name| name.chars().all(is_part) && says_secret(name))
}

#[cfg(test)]
mod tests;
