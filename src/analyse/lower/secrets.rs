//! Secrets that would be written into an image: passwords and tokens as values of variables and in shell text.

use super::walk::Walk;
use crate::base::{Place, credentials};
use crate::diagnostics::{Diagnostic, known};
use crate::ir::Script;

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

    /// Warns of credentials in an address of a script.
    pub(super) fn secret_in_script(&self, place: Place, script: &Script) {
        let Some(host) = credentials(&script.text) else { return };
        let at = script.text.find(host).and_then(|at| script.place(at..at + host.len())).unwrap_or(place);
        self.cx.report(
            Diagnostic::new(&known::LITERAL_SECRET, at, format!("the command holds credentials for `{host}`"))
                .here("everybody who can pull the image can read them")
                .help("declare a build secret, `credential NAME file \"/root/.netrc\"`, and name it in the step: `with NAME`"),
        );
    }
}

/// Whether the last word of a name is that of a secret: `API_PASSWORD`, not `PASSWORD_LENGTH`.
fn says_secret(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let mut words = lower.trim_end_matches(|c: char| c.is_ascii_digit() || c == '_').rsplit('_');
    words.next().is_some_and(|last| WORDS.contains(&last)) && !words.any(|word| word == "public")
}

/// How tokens begin, whatever the variable is called: of GitHub, GitLab, `PyPI`, Hugging Face.
const TOKENS: [&str; 6] = ["ghp_", "github_pat_", "glpat-", "gldt-", "pypi-AgE", "hf_"];

fn is_token(value: &str) -> bool {
    value.len() >= 20 && TOKENS.iter().any(|begin| value.starts_with(begin))
}

/// Whether an option of a command is given a secret: `--ServerApp.token=x`. What is hashed (`sha1:…`) is none.
fn is_secret_flag(flag: &str, value: &str) -> bool {
    let name = flag.rsplit(['.', '-']).next().unwrap_or(flag);
    let hashed = ["sha1:", "sha256:", "argon2:"].iter().any(|begin| value.starts_with(begin));
    flag.starts_with('-') && says_secret(name) && name != "key" && is_literal(value.trim_matches(['\'', '"'])) && !hashed
}

/// Whether a value can be a secret: no path, no reference, no address, no switch.
fn is_literal(value: &str) -> bool {
    let switch = ["true", "false", "yes", "no", "on", "off", "none", "null"].contains(&value.to_ascii_lowercase().as_str());
    !(value.trim().is_empty()
        || value.starts_with(['/', '~', '$', '<'])
        || value.starts_with("./")
        || value.contains("://")
        || switch
        || value.len() < 3 && value.chars().all(|c| c.is_ascii_digit()))
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
