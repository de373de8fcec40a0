//! Secrets that would be written into an image: passwords and tokens as values of variables and in shell text.

use super::walk::Walk;
use crate::base::{Place, credentials};
use crate::diagnostics::{Diagnostic, known};
use crate::ir::Script;
use crate::shell::{Secret, is_literal, is_token, secrets, secrets_in_file};

/// Last words of names whose values are secrets (`BuildKit`'s rule `SecretsUsedInArgOrEnv`).
const WORDS: [&str; 13] =
    ["apikey", "auth", "credential", "credentials", "key", "pass", "passphrase", "passwd", "password", "pwd", "pword", "secret", "token"];

impl Walk<'_, '_> {
    /// Warns of a variable whose name says that its value is a secret, or whose value holds credentials.
    pub(super) fn literal_secret(&self, place: Place, name: &str, value: &str) {
        let message = if let Some(host) = credentials(value) {
            format!("the value of `{name}` holds credentials for `{host}`")
        } else if is_literal(value) && (says_secret(name) || is_token(value)) {
            let by = if says_secret(name) { "is a secret by its name" } else { "holds a token" };
            format!("`{name}` {by}, and its value is in the program")
        } else {
            return;
        };
        self.cx.report(
            Diagnostic::new(&known::LITERAL_SECRET, place, message)
                .here("everybody who can pull the image can read it")
                .help(format!(
                    "declare a build secret, `credential {} env \"{name}\"`, and name it in the step: `with …`",
                    name.to_lowercase()
                ))
                .help("where it is no secret, say `allow literal-secret because \"…\"`"),
        );
    }

    /// Warns of a word of a command that is a secret: `--token=…`, or an address with credentials.
    pub(super) fn secret_in_word(&self, place: Place, word: &str) {
        let message = if let Some(host) = credentials(word) {
            format!("the word holds credentials for `{host}`")
        } else if let Some((flag, _)) = word.split_once('=').filter(|(flag, value)| is_secret_flag(flag, value)) {
            format!("`{flag}` is a secret by its name, and its value is in the program")
        } else {
            return;
        };
        self.cx.report(
            Diagnostic::new(&known::LITERAL_SECRET, place, message)
                .here("everybody who can pull the image can read it")
                .help("leave it out, and pass it when the container starts")
                .help("where it is no secret, say `allow literal-secret because \"…\"`"),
        );
    }

    /// Warns of passwords and tokens in a script.
    pub(super) fn secret_in_script(&self, place: Place, script: &Script) {
        self.secrets_found(place, script, secrets(&script.text));
    }

    /// The same of the text of a file.
    pub(super) fn secret_in_file(&self, place: Place, file: &Script) {
        self.secrets_found(place, file, secrets_in_file(&file.text));
    }

    fn secrets_found(&self, place: Place, script: &Script, found: Vec<Secret>) {
        for secret in found {
            let login = "declare a build secret, `credential NAME file \"/root/.netrc\"`, and name it in the step: `with NAME`";
            let other = "declare a build secret, `credential NAME env \"VARIABLE\"`, and name it in the step: `with NAME`";
            self.cx.report(
                Diagnostic::new(&known::LITERAL_SECRET, script.spanning(secret.range).unwrap_or(place), secret.said)
                    .here("everybody who can pull the image can read it")
                    .help(if secret.login { login } else { other })
                    .help("where it is no secret, say `allow literal-secret because \"…\"`"),
            );
        }
    }
}

/// Whether the last word of a name is that of a secret: `API_PASSWORD`, not `PASSWORD_LENGTH`.
fn says_secret(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let mut words = lower.trim_end_matches(|c: char| c.is_ascii_digit() || c == '_').rsplit('_');
    words.next().is_some_and(|last| WORDS.contains(&last)) && !words.any(|word| word == "public")
}

/// Whether an option of a command is given a secret: `--ServerApp.token=x`. What is hashed (`sha1:…`) is none.
fn is_secret_flag(flag: &str, value: &str) -> bool {
    let name = flag.rsplit(['.', '-']).next().unwrap_or(flag);
    let hashed = ["sha1:", "sha256:", "argon2:"].iter().any(|begin| value.starts_with(begin));
    flag.starts_with('-') && says_secret(name) && name != "key" && is_literal(value.trim_matches(['\'', '"'])) && !hashed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_secrets() {
        for name in ["SERVICE_TOKEN", "API_PASSWORD", "password", "AWS_SECRET_ACCESS_KEY", "TOKEN_2", "apikey", "SSH_PASSPHRASE"] {
            assert!(says_secret(name), "{name}");
        }
        for name in ["PASSWORD_LENGTH", "TOKENIZERS_PARALLELISM", "KEYBOARD", "PUBLIC_KEY", "SSH_PUBLIC_KEY", "MONKEY", "KEY_FILE", ""] {
            assert!(!says_secret(name), "{name}");
        }
    }
}
