//! Secrets in shell text: passwords and tokens as values of variables, of options and of headers, in addresses and in the lines of a
//! `.netrc`. What the shell puts in (`$TOKEN`) is none.

use std::ops::Range;

use super::command::{address, is_assignment, program};
use super::lexer::{Kind, Token, bare, tokens};
use crate::base::{credentials, is_placeholder};

/// A secret in a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Secret {
    /// What holds it, as a message says it.
    pub(crate) said: String,
    /// Its bytes, or those of the word with it.
    pub(crate) range: Range<usize>,
    /// Whether it is the password of a login, which a file can hold.
    pub(crate) login: bool,
}

/// The last words of names whose values are secrets, where a name may also be that of something else: `KEY`, `AUTH`, `PASS`.
const WORDS: [&str; 6] = ["apikey", "passphrase", "passwd", "password", "secret", "token"];
/// What stands before `KEY` in such a name.
const KEYS: [&str; 4] = ["access", "api", "private", "secret"];
/// Options that the secret follows as a word of its own; others are written with `=`.
const OPTIONS: [&str; 12] = [
    "--access-token",
    "--api-key",
    "--auth-token",
    "--client-secret",
    "--ftp-password",
    "--http-passwd",
    "--http-password",
    "--oauth2-bearer",
    "--passphrase",
    "--password",
    "--proxy-password",
    "--token",
];
/// Programs with options for a user and a password in one word: the letters of the short ones, the long ones, what is between both.
const LOGINS: [(&str, &str, &[&str], char); 4] = [
    ("curl", "uU", &["--user", "--proxy-user"], ':'),
    ("http", "a", &["--auth"], ':'),
    ("https", "a", &["--auth"], ':'),
    ("lftp", "u", &["--user"], ','),
];
/// Short options of `curl` without a value, which may stand in one word before one with a value (`curl --help all`).
const FLAGS: &str = "#0123456789afgGiIjJklLMnNOpqRsSvVZ";
/// Programs that run what follows `-c` as a script of a shell.
const SHELLS: [&str; 6] = ["ash", "bash", "dash", "sh", "su", "zsh"];
/// How tokens begin, whatever holds them: of GitHub, GitLab, `PyPI`, Hugging Face.
const TOKENS: [&str; 6] = ["ghp_", "github_pat_", "glpat-", "gldt-", "pypi-AgE", "hf_"];

/// The secrets in a script, by their place; one for each word.
pub(crate) fn secrets(script: &str) -> Vec<Secret> {
    let mut found = Vec::new();
    scan(script, 0, &mut found);
    // A comment is in the Dockerfile, too.
    for (start, piece) in split(script) {
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

/// Whether a value can be a secret: no path, no reference, no address, no switch.
pub(crate) fn is_literal(value: &str) -> bool {
    let switch = ["true", "false", "yes", "no", "on", "off", "none", "null"].contains(&value.to_ascii_lowercase().as_str());
    !(value.trim().is_empty()
        || value.starts_with(['/', '~', '$', '<'])
        || value.starts_with("./")
        || value.contains("://")
        || switch
        || value.len() < 3 && value.chars().all(|c| c.is_ascii_digit()))
}

/// Whether a word of a script can be one: nothing that the shell puts in, no code, no placeholder.
fn is_written(value: &str) -> bool {
    let code = |c: char| c.is_whitespace() || matches!(c, '$' | '`' | '(' | ')');
    is_literal(value) && !is_placeholder(value) && !value.contains(code) && value.chars().any(char::is_alphanumeric)
}

/// Whether the last words of a name are those of a secret.
fn says_secret(name: &str) -> bool {
    let lower = name.to_ascii_lowercase().replace(['-', '.'], "_");
    let mut words = lower.trim_end_matches(|c: char| c.is_ascii_digit() || c == '_').rsplit('_');
    match words.next() {
        Some("key") => words.next().is_some_and(|word| KEYS.contains(&word)),
        Some(last) => WORDS.contains(&last),
        None => false,
    }
}

/// Adds what the commands of a text hold that begins at this byte of the script.
fn scan(text: &str, offset: usize, found: &mut Vec<Secret>) {
    let tokens = tokens(text);
    for command in tokens.split(|token| token.kind == Kind::End) {
        let mut here = Vec::new();
        words(text, command, &mut here);
        pieces(text, command, &mut here);
        found.extend(here.into_iter().map(|secret| Secret { range: offset + secret.range.start..offset + secret.range.end, ..secret }));
        let shell = program(text, command).is_some_and(|program| SHELLS.contains(&program.name));
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
    let program = program(text, command).map_or("", |program| program.name);
    let mut before = String::new();
    for token in command.iter().filter(|token| token.kind == Kind::Word) {
        let word = bare(token.text(text));
        let said = assigned(&word).or_else(|| option(&before, &word)).or_else(|| header(&word)).or_else(|| login(program, &before, &word));
        if let Some((said, login)) = said {
            found.push(Secret { said, range: token.range.clone(), login });
        }
        before = word;
    }
}

fn by_name(name: &str) -> (String, bool) {
    (format!("`{name}` is a secret by its name, and its value is in the program"), false)
}

/// `NAME=value`, `--name=value`, `//registry.example.org/:_authToken=value`.
fn assigned(word: &str) -> Option<(String, bool)> {
    let (name, value) = word.split_once('=')?;
    let named = is_assignment(word) || name.starts_with("--") && name != "--secret" || name.contains(":_");
    // What is hashed is none: `sha1:…`.
    let hashed = ["sha1:", "sha256:", "argon2:"].iter().any(|begin| value.starts_with(begin));
    (named && !hashed && (says_secret(name) || is_npm(name)) && is_written(value)).then(|| by_name(name))
}

/// `--password value`, `npm config set //registry.example.org/:_authToken value`.
fn option(before: &str, word: &str) -> Option<(String, bool)> {
    ((OPTIONS.contains(&before) || is_npm(before)) && !word.starts_with('-') && is_written(word)).then(|| by_name(before))
}

fn is_npm(name: &str) -> bool {
    ["_authToken", "_auth", "_password"].iter().any(|end| name.rsplit(':').next() == Some(end))
}

/// `Authorization: Bearer value`, behind `-H` or `--header=` in the same word, too.
fn header(word: &str) -> Option<(String, bool)> {
    let (name, value) = word.split_once(": ")?;
    let name = name.rsplit('=').next().unwrap_or(name);
    let name = name.strip_prefix("-H").unwrap_or(name);
    let secret = name.to_ascii_lowercase().ends_with("authorization") || says_secret(name);
    let value = value.split_whitespace().next_back()?;
    (secret && name.chars().all(is_part) && is_written(value)).then(|| (format!("the header `{name}` holds a secret"), false))
}

/// `curl -u user:password`, in one word or in two.
fn login(program: &str, before: &str, word: &str) -> Option<(String, bool)> {
    let (_, short, long, between) = LOGINS.iter().find(|(name, ..)| *name == program)?;
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
    (secret && !value.contains(['`', '(', ' '])).then(|| (format!("`{option}` of `{program}` holds a password"), true))
}

/// `login USER password PASSWORD`, as a `.netrc` has it, in words and in here-documents; `_authToken=` in lines of a `.npmrc`.
fn pieces(text: &str, command: &[Token], found: &mut Vec<Secret>) {
    let mut last: [String; 3] = Default::default();
    for token in command.iter().filter(|token| matches!(token.kind, Kind::Word | Kind::Document)) {
        for (start, piece) in split(token.text(text)) {
            let clean = bare(&piece);
            let range = token.range.start + start..token.range.start + start + piece.len();
            let [first, user, third] = &last;
            if first == "login" && third == "password" && is_written(&clean) {
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

/// The pieces of a text between blanks and the `\n` of `printf`, each with its first byte.
fn split(text: &str) -> Vec<(usize, String)> {
    let blank = text.replace("\\n", "  ");
    let ends = blank.split_whitespace().scan(0, |from, piece| {
        let start = *from + blank.get(*from..)?.find(piece)?;
        *from = start + piece.len();
        Some((start, piece.to_owned()))
    });
    ends.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(script: &str) -> Vec<String> {
        secrets(script).into_iter().map(|secret| format!("{} | {}", &script[secret.range], secret.said)).collect()
    }

    #[test]
    fn secrets_are_found_where_they_stand() {
        for (script, range, said) in [
            ("curl -u me:pass-1 https://x.example.org", "me:pass-1", "`-u` of `curl` holds a password"),
            ("curl -fsSLu 'me:pass-1' https://x", "'me:pass-1'", "`-u` of `curl` holds a password"),
            ("sudo /usr/bin/curl -ume:pass-1 x", "-ume:pass-1", "`-u` of `curl` holds a password"),
            ("curl --user=me:pass-1 x", "--user=me:pass-1", "`--user` of `curl` holds a password"),
            ("curl -x http://p:3128 --proxy-user me:pass-1 x", "me:pass-1", "`--proxy-user` of `curl` holds a password"),
            ("curl -U ${USER}:pass-1 x", "${USER}:pass-1", "`-U` of `curl` holds a password"),
            ("http -a me:pass-1 x", "me:pass-1", "`-a` of `http` holds a password"),
            ("lftp -u me,pass-1 x", "me,pass-1", "`-u` of `lftp` holds a password"),
            ("true && x=$(curl -u me:pass-1 x)", "me:pass-1", "`-u` of `curl` holds a password"),
            ("su - me -c 'curl -u me:pass-1 x'", "me:pass-1", "`-u` of `curl` holds a password"),
            ("wget --user me --password pass-1 x", "pass-1", "`--password` is a secret by its name, and its value is in the program"),
            (
                "wget --http-password=\"pass-1\" x",
                "--http-password=\"pass-1\"",
                "`--http-password` is a secret by its name, and its value is in the program",
            ),
            ("API_TOKEN=abc-1 tool", "API_TOKEN=abc-1", "`API_TOKEN` is a secret by its name, and its value is in the program"),
            (
                "export AWS_SECRET_ACCESS_KEY=abc1",
                "AWS_SECRET_ACCESS_KEY=abc1",
                "`AWS_SECRET_ACCESS_KEY` is a secret by its name, and its value is in the program",
            ),
            ("curl -H \"Authorization: Bearer abc-1\" x", "\"Authorization: Bearer abc-1\"", "the header `Authorization` holds a secret"),
            ("wget --header='PRIVATE-TOKEN: abc-1' x", "--header='PRIVATE-TOKEN: abc-1'", "the header `PRIVATE-TOKEN` holds a secret"),
            (
                "git -c http.extraheader='AUTHORIZATION: basic abc' clone x",
                "http.extraheader='AUTHORIZATION: basic abc'",
                "the header `AUTHORIZATION` holds a secret",
            ),
            ("echo machine x.org login me password pass-1 >> ~/.netrc", "pass-1", "the command holds the password of `me`"),
            ("printf 'machine x.org\\nlogin me\\npassword pass-1\\n' > ~/.netrc", "pass-1", "the command holds the password of `me`"),
            ("cat > ~/.netrc <<E\nmachine x.org\n  login me\n  password pass-1\nE\n", "pass-1", "the command holds the password of `me`"),
            (
                "cat > ~/.git-credentials <<E\nhttps://me:pass-1@x.org\nE\n",
                "https://me:pass-1@x.org",
                "the command holds credentials for `x.org`",
            ),
            (
                "npm config set //r.example.org/:_authToken abc-1",
                "abc-1",
                "`//r.example.org/:_authToken` is a secret by its name, and its value is in the program",
            ),
            (
                "echo '//r.example.org/:_authToken=abc-1' > .npmrc",
                "'//r.example.org/:_authToken=abc-1'",
                "`//r.example.org/:_authToken` is a secret by its name, and its value is in the program",
            ),
            (
                "gh auth login --with-token <<< ghp_0123456789012345678901234567890123456789",
                "ghp_0123456789012345678901234567890123456789",
                "the command holds a token",
            ),
            ("true # https://me:pass-1@x.org/y is new", "https://me:pass-1@x.org/y", "the command holds credentials for `x.org`"),
            ("echo \"$(curl 'https://me:pass-1@x.org/y')\"", "https://me:pass-1@x.org/y", "the command holds credentials for `x.org`"),
            ("git clone https://me:pass-1@x.org/y", "https://me:pass-1@x.org/y", "the command holds credentials for `x.org`"),
        ] {
            assert_eq!(shown(script), [format!("{range} | {said}")], "{script}");
        }
        assert_eq!(secrets("curl -u a:pw-1 x; curl -u b:pw-2 y; TOKEN=abc-3 z").len(), 3, "each place is one");
    }

    #[test]
    fn what_is_none_is_not_found() {
        for script in [
            "curl -u me x && curl -u me: x && curl -u \"me:$PASS\" x && curl -u \"$(cat /run/secrets/x)\" x",
            "curl -u anonymous:me@example.org ftp://x",
            "curl -fsSL -o u:x https://example.org && curl -H 'Accept: text/html' x && curl -A 'agent: 1' x",
            "curl -H \"Authorization: Bearer $TOKEN\" -H \"X-Api-Key: $(cat /run/key)\" x",
            "wget --user=me --ask-password x && wget --password=\"$PASS\" x",
            "useradd --password '*' me && adduser --disabled-password jovyan && usermod -p '!' me",
            "jupyter lab --ServerApp.token='' --ServerApp.password='sha1:0123' --no-password yes",
            "TOKEN=$(cat /run/secrets/token) tool; PASSWORD=\"${OTHER}\"; token=; KEY=abc; PASS=first; AUTH=basic",
            "for password in a b; do echo $password; done",
            "python -c 'token = read(); print(token)' && python -c 'token=read()'",
            "podman run --secret source --secret=id=x image",
            "echo 'the login asks for a password twice'; echo 'login: me, password: <yours>'",
            "tokenizer --tokens 12 && sort --key=2 x && gpg --batch --passphrase '' --gen-key x",
            "pip install hf_transfer huggingface_hub && x --token=***",
            "git clone ssh://git@example.org/x && psql -h x -U me",
            "openssl req -passout pass: -out /etc/x && keytool -storepass changeit",
            "sed -i 's/^password=.*/password=/' x",
        ] {
            assert!(shown(script).is_empty(), "{script}: {:?}", shown(script));
        }
    }

    #[test]
    fn values_that_are_none() {
        for value in ["", " ", "/run/secrets/token", "${OTHER}", "$OTHER", "~/.token", "true", "off", "0", "https://idp.example.org/token"]
        {
            assert!(!is_literal(value), "{value}");
        }
        for value in ["token-0000", "pass-1234", "1234", "a/b"] {
            assert!(is_literal(value), "{value}");
        }
    }
}
