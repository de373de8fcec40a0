//! Addresses: credentials in them (`https://user:password@host/`), and percent-escapes (`%2B`).

/// How tokens of GitHub and GitLab begin: a user of this name is a secret without a password.
const TOKENS: [&str; 7] = ["ghp_", "gho_", "ghu_", "ghs_", "github_pat_", "glpat-", "gldt-"];

/// The host of the first address in `text` that holds a password or a token. What a shell puts in (`$TOKEN`) and what stands for a
/// value (`<token>`, `***`) is none.
#[must_use]
pub fn credentials(text: &str) -> Option<&str> {
    text.match_indices("://").find_map(|(at, mark)| {
        let rest = text.get(at + mark.len()..)?;
        let end = rest.find(|c: char| matches!(c, '/' | '?' | '#' | '"' | '\'' | '\\') || c.is_whitespace()).unwrap_or(rest.len());
        let Some((user, host)) = rest.get(..end)?.rsplit_once('@') else {
            return rest.get(end..).and_then(|path| path.strip_prefix("/t/")).filter(|path| begins_with_token(path)).and(rest.get(..end));
        };
        let secret = match user.split_once(':') {
            Some((_, password)) if !password.is_empty() => !is_placeholder(password),
            Some((user, _)) => user.len() > 15 && !is_placeholder(user),
            None => TOKENS.iter().any(|token| user.starts_with(token)),
        };
        secret.then_some(host)
    })
}

/// Whether a path behind `/t/` begins with a token, as addresses of conda's channels have it (`split_conda_url_easy_parts` of conda).
fn begins_with_token(path: &str) -> bool {
    let token = path.split(['/', '?', '#', '"', '\'']).next().unwrap_or_default();
    let hexadecimal = token.len() >= 32 && token.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    token.starts_with("tk-") || hexadecimal
}

/// Whether a text stands for a value: `<token>`, `***`, what a shell puts in.
pub(crate) fn is_placeholder(text: &str) -> bool {
    text.starts_with(['$', '<', '{', '%']) || text.chars().all(|c| matches!(c, '*' | 'x' | 'X' | '.'))
}

/// A text without percent-escapes (RFC 3986, section 2.1); what is no escape stays, and so does a text whose bytes are not UTF-8.
#[must_use]
pub fn unescaped(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let digits = after.get(..2).filter(|_| *first == b'%').and_then(|digits| std::str::from_utf8(digits).ok());
        let byte = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { after.get(2..).unwrap_or_default() } else { after };
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
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
            "https://conda.anaconda.org/t/tk-12345678-90ab/private",
            "https://repo.example.org/t/0123456789abcdef0123456789abcdef/channel",
        ] {
            assert!(credentials(text).is_some(), "{text}");
        }
        assert_eq!(credentials("https://u:p@host.example.org:8080/x"), Some("host.example.org:8080"));
    }

    #[test]
    fn escapes_are_read() {
        for (text, meant) in
            [("2.3.1%2Bcu121", "2.3.1+cu121"), ("%40jupyterlab/git", "@jupyterlab/git"), ("50%", "50%"), ("%zz%c3%28", "%zz%c3%28")]
        {
            assert_eq!(unescaped(text), meant);
        }
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
            "https://discourse.jupyter.org/t/a-title-of-12-words/1234",
            "https://conda.anaconda.org/t/<TOKEN>/private",
            "https://conda.anaconda.org/t/${TOKEN}/private",
            "mailto:a@b",
            "https://example.org/?x=a:b@c",
            "://",
        ] {
            assert_eq!(credentials(text), None, "{text}");
        }
    }
}
