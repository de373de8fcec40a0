//! Braces in texts that `KubeSpawner` or `JupyterHub` format: names that they fill in stay, all others are doubled.

use crate::ir::Expansion;

/// A text of a trait. In an unlisted choice every text is formatted once more, with the one name `value`.
pub(super) fn escape(text: &str, expansion: Expansion, unlisted: bool) -> String {
    if !text.contains(['{', '}']) || (expansion == Expansion::No && !unlisted) {
        return text.to_owned();
    }
    let times = match (expansion, unlisted) {
        (Expansion::No, _) | (_, false) => 2,
        (_, true) => 4,
    };
    let mut escaped = String::with_capacity(text.len() + 8);
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        let (before, from) = rest.split_at(at);
        escaped.push_str(before);
        if let Some(name) = placeholder(from, expansion, unlisted) {
            escaped.push_str(name);
            rest = from.get(name.len()..).unwrap_or("");
        } else {
            let brace = from.get(..1).unwrap_or("");
            escaped.push_str(&brace.repeat(times));
            rest = from.get(1..).unwrap_or("");
        }
    }
    escaped.push_str(rest);
    escaped
}

/// `{username}` at the beginning of a text, where it is filled in.
fn placeholder(text: &str, expansion: Expansion, unlisted: bool) -> Option<&str> {
    let end = text.find('}')?;
    let name = text.get(1..end)?;
    let known = expansion.names().contains(&name) || (unlisted && name == "value");
    (text.starts_with('{') && known).then(|| text.get(..=end)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_names_keep_single_braces() {
        let kube = |text| escape(text, Expansion::Kubespawner, false);
        assert_eq!(kube("/home/{username}"), "/home/{username}");
        assert_eq!(kube("{\"a\": {username}}"), "{{\"a\": {username}}}");
        assert_eq!(kube("{x} } {"), "{{x}} }} {{");
        assert_eq!(escape("{\"a\": 1}", Expansion::No, false), "{\"a\": 1}");
        assert_eq!(escape("{value} {x}", Expansion::No, true), "{value} {{x}}");
        assert_eq!(escape("{value} {x} {username}", Expansion::Kubespawner, true), "{value} {{{{x}}}} {username}");
        assert_eq!(escape("{username} {base_url} {pod_name}", Expansion::Jupyterhub, false), "{username} {base_url} {{pod_name}}");
    }
}
