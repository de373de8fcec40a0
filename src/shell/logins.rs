//! What single programs take for a password: options of theirs, and what they read from a pipe.

use super::command::program;
use super::lexer::{Kind, Token, bare};
use super::literal::{Secret, is_written, split};
use crate::base::credentials;

/// Programs with options for a user and a password in one word: the letters of the short ones, the long ones, what is between both.
const USERS: [(&str, &str, &[&str], char); 5] = [
    ("curl", "uU", &["--user", "--proxy-user"], ':'),
    ("http", "a", &["--auth"], ':'),
    ("https", "a", &["--auth"], ':'),
    ("lftp", "u", &["--user"], ','),
    ("smbclient", "U", &["--user"], '%'),
];
/// Short options of `curl` without a value, which may stand in one word before one with a value (`curl --help all`).
const FLAGS: &str = "#0123456789afgGiIjJklLMnNOpqRsSvVZ";

/// Where the value of an option may be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Value {
    /// In the same word or in the next one.
    Any,
    /// In the same word: the next one is something else.
    Joined,
}

/// Short options whose value is a password: the programs, the word of theirs that has the option, its letter, where the value is.
/// From the programs' `--help`.
const PASSWORDS: [(&[&str], &str, char, Value); 12] = [
    (&["docker", "podman", "buildah", "skopeo", "nerdctl", "crane", "oras", "helm", "regctl", "apptainer"], "login", 'p', Value::Any),
    (&["az", "oc", "cf"], "login", 'p', Value::Any),
    (&["twine"], "upload", 'p', Value::Any),
    (&["sshpass"], "", 'p', Value::Any),
    (&["mysql", "mysqldump", "mysqladmin", "mysqlimport", "mysqlcheck", "mysqlshow"], "", 'p', Value::Joined),
    (&["mariadb", "mariadb-dump", "mariadb-admin", "mariadb-import", "mariadb-check", "mariadb-show"], "", 'p', Value::Joined),
    (&["mongo", "mongosh", "mongodump", "mongorestore", "mongoimport", "mongoexport"], "", 'p', Value::Any),
    (&["redis-cli", "valkey-cli"], "", 'a', Value::Any),
    (&["ldapsearch", "ldapadd", "ldapmodify", "ldapdelete", "ldappasswd", "ldapwhoami"], "", 'w', Value::Any),
    (&["zip", "unzip", "sqlcmd"], "", 'P', Value::Any),
    (&["7z", "7za", "7zr"], "", 'p', Value::Joined),
    (&["openssl"], "enc", 'k', Value::Any),
];

/// A password in a word of a program behind others of its words, and whether a file can hold it.
pub(super) fn login(program: &str, before: &[String], word: &str) -> Option<(String, bool)> {
    user(program, before, word).or_else(|| password(program, before, word))
}

fn said(option: &str, program: &str) -> String {
    format!("`{option}` of `{program}` holds a password")
}

/// `curl -u user:password`, in one word or in two.
fn user(program: &str, before: &[String], word: &str) -> Option<(String, bool)> {
    let (_, short, long, between) = USERS.iter().find(|(name, ..)| *name == program)?;
    let before = before.last().map_or("", String::as_str);
    let cluster = |word: &str| {
        let letters = word.strip_prefix('-').filter(|letters| !letters.starts_with('-'))?;
        let at = letters.find(|c| short.contains(c) || !FLAGS.contains(c))?;
        let letter = letters.get(at..)?.chars().next().filter(|letter| short.contains(*letter))?;
        Some((format!("-{letter}"), word.get(at + 2..)?.to_owned()))
    };
    let (option, value) = match (cluster(before), cluster(word), word.split_once('=')) {
        (Some((option, rest)), ..) if rest.is_empty() => (option, word.to_owned()),
        (_, Some((option, rest)), _) if !rest.is_empty() => (option, rest),
        (.., Some((option, rest))) if long.contains(&option) => (option.to_owned(), rest.to_owned()),
        _ if long.contains(&before) => (before.to_owned(), word.to_owned()),
        _ => return None,
    };
    let (user, password) = value.split_once(*between)?;
    let secret = ["anonymous", "ftp"].iter().all(|open| *open != user) && credentials(&format!("https://{user}:{password}@host")).is_some();
    (secret && !value.contains(['`', '(', ' '])).then(|| (said(&option, program), true))
}

/// `docker login -p password`, `mysql -ppassword`, `openssl … -passin pass:password`.
fn password(program: &str, before: &[String], word: &str) -> Option<(String, bool)> {
    let last = before.last().map_or("", String::as_str);
    if let Some(value) = word.strip_prefix("pass:").filter(|_| last.starts_with("-pass")) {
        return is_written(value).then(|| (said(last, program), false));
    }
    let words = || before.iter().filter(|word| !word.starts_with('-')).count();
    let positional = match program {
        "wandb" => last == "login" && word.len() >= 20,
        "mysqladmin" | "mariadb-admin" => last == "password",
        "htpasswd" => words() == 2 && before.iter().any(|word| word.starts_with('-') && word.contains('b')),
        _ => false,
    };
    if positional && !word.starts_with('-') {
        let said = if program == "htpasswd" { said("-b", program) } else { said(last, program) };
        return is_written(word).then_some((said, false));
    }
    let (_, subcommand, letter, place) = PASSWORDS.iter().find(|(names, subcommand, ..)| {
        names.contains(&program) && (subcommand.is_empty() || before.iter().any(|word| word == subcommand))
    })?;
    // Behind its own options comes the command that it runs.
    if program == "sshpass" && before.iter().any(|word| !word.starts_with('-')) {
        return None;
    }
    let option = format!("-{letter}");
    let value = match word.strip_prefix(&option) {
        Some(value) if !value.is_empty() => value,
        _ if last == option && *place == Value::Any && !word.starts_with('-') => word,
        _ => return None,
    };
    let login = *subcommand == "login";
    is_written(value).then(|| (said(&option, program), login))
}

/// What a command reads that takes passwords from its input: `echo user:password | chpasswd`, `echo password | docker login
/// --password-stdin`.
pub(super) fn read(text: &str, printed: &[Token], command: &[Token]) -> Vec<Secret> {
    let Some(program) = program(text, command) else { return Vec::new() };
    let has = |option: &str| program.rest.iter().any(|token| token.text(text) == option);
    let users = program.name == "chpasswd";
    let whole = has("--password-stdin") || has("--with-token") || program.name == "passwd" && has("--stdin") || program.name == "kinit";
    if !users && !whole {
        return Vec::new();
    }
    let here = command.iter().scan(false, |follows, token| {
        let input = std::mem::replace(follows, token.kind == Kind::Redirect && token.text(text) == "<<<");
        Some((token, input || token.kind == Kind::Document))
    });
    let words = printed.iter().filter(|token| token.kind == Kind::Word).skip(1);
    let words = words.chain(here.filter(|(_, input)| *input).map(|(token, _)| token));
    let pieces = words.flat_map(|token| split(token.text(text)).into_iter().map(|(start, piece)| (token.range.start + start, piece)));
    let secrets = pieces.filter(|(_, piece)| {
        let clean = bare(piece);
        if users {
            clean.split_once(':').is_some_and(|(_, value)| is_written(value))
        } else {
            !clean.starts_with('-') && is_written(&clean)
        }
    });
    let said = |piece: &str| match bare(piece).split_once(':').filter(|_| users) {
        Some((user, _)) => format!("the command holds the password of `{user}`"),
        None => format!("the command holds what `{}` reads as a password", program.name),
    };
    secrets.map(|(start, piece)| Secret { said: said(&piece), range: start..start + piece.len(), login: false }).collect()
}
