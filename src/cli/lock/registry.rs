//! What a tag means in a registry now, by the API of registries (OCI distribution specification 1.1, "Pulling manifests").

use serde_json::Value;

use super::curl::curl;

/// What a registry may answer with: an index of platforms first.
const ACCEPT: &str = "Accept: application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.list.v2+json, \
                      application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json";

/// The digest that a tag names.
pub(super) fn digest(repository: &str, tag: &str) -> Result<String, String> {
    let url = manifest(repository, tag);
    let mut head = ask(&["--head", "--header", ACCEPT, &url], None)?;
    if status(&head) == Some(401) {
        let token = token(&head, repository)?;
        head = ask(&["--head", "--header", ACCEPT, &url], Some(&token))?;
    }
    match status(&head) {
        Some(200) => {}
        Some(401 | 403) => return Err("the registry wants a login; `curl` takes it from `~/.netrc`".to_owned()),
        Some(404) => return Err("the registry has no such tag".to_owned()),
        Some(other) => return Err(format!("the registry answers with status {other}")),
        None => return Err("what answers is no registry".to_owned()),
    }
    let digest = header(&head, "docker-content-digest").filter(|digest| is_digest(digest));
    digest.map(str::to_owned).ok_or_else(|| "the registry gives no digest".to_owned())
}

/// `https://quay.io/v2/jupyter/scipy-notebook/manifests/2026-07-28`. A name without a host is one of Docker Hub's; a registry on this
/// machine has no certificate.
fn manifest(repository: &str, tag: &str) -> String {
    let first = repository.split('/').next().unwrap_or_default();
    let has_host = repository.contains('/') && (first.contains(['.', ':']) || first == "localhost");
    let (host, path) = if has_host { repository.split_once('/').unwrap_or(("", repository)) } else { ("docker.io", repository) };
    let is_hub = host == "docker.io";
    let host = if is_hub { "registry-1.docker.io" } else { host };
    let path = if is_hub && !path.contains('/') { format!("library/{path}") } else { path.to_owned() };
    let name = host.split(':').next().unwrap_or(host);
    let scheme = if name == "localhost" || name.starts_with("127.") { "http" } else { "https" };
    format!("{scheme}://{host}/v2/{path}/manifests/{tag}")
}

/// A token for whoever may pull, from where the registry says (distribution specification of Docker, "Token authentication").
fn token(head: &str, repository: &str) -> Result<String, String> {
    let challenge = header(head, "www-authenticate").unwrap_or_default();
    let part = |name: &str| {
        let (_, rest) = challenge.split_once(&format!("{name}=\""))?;
        rest.split('"').next()
    };
    let realm = part("realm").filter(|_| challenge.to_ascii_lowercase().starts_with("bearer "));
    let realm = realm.ok_or_else(|| format!("the registry wants a login for `{repository}`; `curl` takes it from `~/.netrc`"))?;
    let mut arguments = vec!["--get".to_owned()];
    for name in ["service", "scope"] {
        arguments.extend(part(name).into_iter().flat_map(|value| ["--data-urlencode".to_owned(), format!("{name}={value}")]));
    }
    arguments.push(realm.to_owned());
    let answer = ask(&arguments.iter().map(String::as_str).collect::<Vec<_>>(), None)?;
    let answer: Value = serde_json::from_str(&answer).map_err(|_| "what gives tokens answers in no JSON".to_owned())?;
    let token = ["token", "access_token"].iter().find_map(|key| answer.get(key)?.as_str());
    token.map(str::to_owned).ok_or_else(|| "the registry gives no token".to_owned())
}

/// What the registry says.
fn ask(arguments: &[&str], token: Option<&str>) -> Result<String, String> {
    curl(arguments, token).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

/// The last answer, where others lead to it.
fn last(head: &str) -> &str {
    let text = head.trim_end();
    text.rfind("\r\n\r\n").or_else(|| text.rfind("\n\n")).and_then(|at| text.get(at..)).unwrap_or(text).trim_start()
}

fn status(head: &str) -> Option<u32> {
    last(head).lines().next()?.split_whitespace().nth(1)?.parse().ok()
}

fn header<'h>(head: &'h str, name: &str) -> Option<&'h str> {
    let lines = last(head).lines().skip(1);
    lines.filter_map(|line| line.split_once(':')).find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
}

fn is_digest(text: &str) -> bool {
    text.strip_prefix("sha256:").is_some_and(|hex| hex.len() == 64 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_of_a_tag() {
        assert_eq!(manifest("quay.io/jupyter/scipy-notebook", "1"), "https://quay.io/v2/jupyter/scipy-notebook/manifests/1");
        assert_eq!(manifest("docker.io/library/python", "3.12"), "https://registry-1.docker.io/v2/library/python/manifests/3.12");
        assert_eq!(manifest("ubuntu", "24.04"), "https://registry-1.docker.io/v2/library/ubuntu/manifests/24.04");
        assert_eq!(manifest("localhost:5000/a", "1"), "http://localhost:5000/v2/a/manifests/1");
    }

    #[test]
    fn the_last_answer_counts() {
        let head = "HTTP/1.1 307 Temporary Redirect\r\nLocation: x\r\n\r\nHTTP/2 200 \r\nDocker-Content-Digest: sha256:ab\r\n\r\n";
        assert_eq!(status(head), Some(200));
        assert_eq!(header(head, "docker-content-digest"), Some("sha256:ab"));
        assert!(!is_digest("sha256:ab"));
    }
}
