//! Credentials in addresses: `https://user:password@host/`.

/// How tokens of GitHub and GitLab begin: a user of this name is a secret without a password.
const TOKENS: [&str; 7] = ["ghp_", "gho_", "ghu_", "ghs_", "github_pat_", "glpat-", "gldt-"];

/// The host of the first address in `text` that holds a password or a token. What a shell puts in (`$TOKEN`) and what stands for a
/// value (`<token>`, `***`) is none.
#[must_use]
pub fn credentials(text: &str) -> Option<&str> {
    text.match_indices("://").find_map(|(at, mark)| {
        let rest = text.get(at + mark.len()..)?;
        let end = rest.find(|c: char| matches!(c, '/' | '?' | '#' | '"' | '\'' | '\\') || c.is_whitespace()).unwrap_or(rest.len());
        let (user, host) = rest.get(..end)?.rsplit_once('@')?;
        let secret = match user.split_once(':') {
            Some((_, password)) if !password.is_empty() => !is_placeholder(password),
            Some((user, _)) => user.len() > 15 && !is_placeholder(user),
            None => TOKENS.iter().any(|token| user.starts_with(token)),
        };
        secret.then_some(host)
    })
}

fn is_placeholder(text: &str) -> bool {
    text.starts_with(['$', '<', '{', '%']) || text.chars().all(|c| matches!(c, '*' | 'x' | 'X' | '.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_and_tokens_are_found() {
        for text in [
            "https://reader:pass-1234@pypi.example.org/simple",
            "deb [arch=amd64] http://a:b@apt.example.org stable main",
            "git+ssh://git:pw@git.example.org/x.git",
            "curl https://example.org https://u:p@host.example.org",
            "https://ghp_0123456789@github.com/x/y",
            "https://0123456789abcdef0123:@dl.example.org/x",
            "https://user:p@ss@host.example.org",
        ] {
            assert!(credentials(text).is_some(), "{text}");
        }
        assert_eq!(credentials("https://u:p@host.example.org:8080/x"), Some("host.example.org:8080"));
    }

    #[test]
    fn users_ports_and_references_are_none() {
        for text in [
            "https://example.org:8443/a@b",
            "ssh://git@github.com/x/y.git",
            "git@github.com:x/y.git",
            "https://user@bitbucket.org/x",
            "https://user:${TOKEN}@host",
            "https://user:$TOKEN@host",
            "https://user:<password>@host",
            "https://user:***@host",
            "mailto:a@b",
            "https://example.org/?x=a:b@c",
            "://",
        ] {
            assert_eq!(credentials(text), None, "{text}");
        }
    }
}
