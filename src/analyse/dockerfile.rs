//! Instructions of Dockerfiles as the statements that are meant: `A=1 B=2` behind `env`, `a b /opt/` behind `copy`.

use super::instructions::{pair, quoted, step};

/// The statement of an instruction, where it can be written.
pub(super) fn statement(word: &str, rest: &str) -> Option<String> {
    let words: Vec<&str> = rest.split_whitespace().filter(|word| !word.starts_with("--")).collect();
    let flags = rest.split_whitespace().any(|word| word.starts_with("--"));
    match word {
        "run" => {
            let command = without_cache(rest);
            step(command).filter(|_| !command.starts_with(['[', '-']))
        }
        // The account of Jupyter's images.
        "user" if ["NB_UID", "NB_USER"].iter().any(|name| rest.contains(name)) => Some("user jovyan".to_owned()),
        "user" => Some(format!("user {rest}")).filter(|_| !rest.is_empty() && !rest.contains(['$', ' '])),
        "maintainer" => quoted(rest).map(|name| format!("authors [{name}]")),
        "expose" => {
            let port = |word: &&str| word.split('/').next().filter(|port| port.parse::<u16>().is_ok()).map(|port| format!("expose {port}"));
            words.iter().map(port).collect::<Option<Vec<_>>>().filter(|all| !all.is_empty()).map(|all| all.join("\n  "))
        }
        "env" => assignments(rest).map(|pairs| format!("env {{ {} }}", pairs.join("  "))),
        "label" => assignments(rest).map(|pairs| format!("label {{ {} }}", pairs.join("  "))),
        "arg" => match assignments(rest).as_deref() {
            Some([one]) => Some(format!("arg {one}")),
            _ => None,
        },
        "workdir" => quoted(rest).map(|path| format!("workdir {path}")),
        "add" if words.first().is_some_and(|first| first.contains("://")) => copied("fetch", &words, rest),
        "add" if rest.starts_with('[') => None,
        "copy" | "add" => copied("copy", &words, rest),
        "test" => test(rest),
        "cmd" | "entrypoint" | "shell" if rest.starts_with('[') => Some(format!("{word} {rest}")),
        "shell" => quoted(rest).map(|shell| format!("shell [{shell}, \"-c\"]")).filter(|_| !rest.contains(' ')),
        "healthcheck" if rest.eq_ignore_ascii_case("none") => None,
        "healthcheck" => healthcheck(rest),
        "cmd" | "entrypoint" if rest.starts_with('"') && rest.matches('"').count() == 2 => {
            let words: Option<Vec<String>> = rest.trim_matches('"').split_whitespace().map(quoted).collect();
            words.map(|words| format!("{word} [{}]", words.join(", ")))
        }
        "cmd" | "entrypoint" => {
            let words: Option<Vec<String>> = words.iter().map(|word| quoted(word)).collect();
            words.filter(|words| !words.is_empty() && !flags).map(|words| format!("{word} [{}]", words.join(", ")))
        }
        _ => None,
    }
}

/// `a b /opt/` as a statement, with the flags that it may have.
fn copied(word: &str, words: &[&str], rest: &str) -> Option<String> {
    let (to, from) = words.split_last()?;
    let from: Option<Vec<String>> = from.iter().filter(|word| **word != "to").map(|word| quoted(word)).collect();
    let from = from.filter(|from| !from.is_empty() && (word == "copy" || from.len() == 1))?;
    let mut written = format!("{word} {} to {}", from.join(" "), quoted(to)?);
    for flag in rest.split_whitespace().filter(|word| word.starts_with("--")) {
        match flag.split_once('=') {
            Some(("--chown", who)) if who.starts_with("root") || who.starts_with('0') => written.push_str(" owner root"),
            Some(("--chown", _)) => written.push_str(" owner user"),
            Some(("--chmod", mode)) => written.extend([" mode ", mode.trim_start_matches('0')]),
            _ if flag == "--link" => {}
            _ => return None,
        }
    }
    Some(written)
}

/// A command without the caches that a build of an image has anyway.
fn without_cache(rest: &str) -> &str {
    let mut command = rest;
    while let Some(more) = command.strip_prefix("--mount=type=cache").and_then(|flag| flag.split_once(' ')) {
        command = more.1.trim_start();
    }
    command
}

/// `--interval=30s CMD curl localhost`.
fn healthcheck(rest: &str) -> Option<String> {
    let mut fields = Vec::new();
    let mut command = rest;
    while let Some((flag, more)) = command.strip_prefix("--").and_then(|flags| flags.split_once(' ')) {
        let (name, value) = flag.split_once('=')?;
        fields.push(format!("{} = {value}", name.replace('-', "_")));
        command = more.trim_start();
    }
    let command = command.strip_prefix("CMD").unwrap_or(command).trim();
    if command.starts_with('{') {
        return None;
    }
    // Signs of a shell are read by one.
    let words = if command.contains(['|', '&', ';', '>', '$', '"', '\'']) && !command.starts_with('[') {
        vec!["\"sh\"".to_owned(), "\"-c\"".to_owned(), quoted(command)?]
    } else {
        command.split_whitespace().map(quoted).collect::<Option<Vec<String>>>()?
    };
    let fields = if fields.is_empty() { String::new() } else { format!(" {{ {} }}", fields.join("  ")) };
    (!words.is_empty() && !command.starts_with('[')).then(|| format!("healthcheck [{}]{fields}", words.join(", ")))
}

/// `"name" "command"`, `run "command"`, `"name" = "command"` as a test.
fn test(rest: &str) -> Option<String> {
    let texts: Vec<&str> = texts(rest);
    match texts.as_slice() {
        [command] => Some(format!("test \"it works\" {{ run {command} }}")),
        [name, command] => Some(format!("test {name} {{ run {command} }}")),
        _ => None,
    }
}

/// The texts in quotes of a line.
pub(super) fn texts(rest: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut left = rest;
    while let Some(at) = left.find(['"', '\'']) {
        let text = left.get(at..).unwrap_or_default();
        let quote = text.chars().next().unwrap_or('"');
        let Some(end) = text.get(1..).and_then(|inside| inside.find(quote)) else { break };
        found.push(text.get(..end + 2).unwrap_or_default());
        left = text.get(end + 2..).unwrap_or_default();
    }
    found
}

/// `A=1 B="x y"`, or `A 1`, as pairs.
pub(super) fn assignments(rest: &str) -> Option<Vec<String>> {
    if let Some(list) = rest.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        let items = list.split(',').map(|item| item.trim().trim_matches(['"', '\'']).split_once('='));
        return items.map(|item| item.and_then(|(name, value)| pair(name, value))).collect();
    }
    let first = rest.split_whitespace().next()?;
    let (_, behind) = rest.split_at(first.len());
    if !first.contains('=') && !behind.trim_start().starts_with('=') {
        return Some(vec![pair(first, behind.trim())?]);
    }
    let mut pairs = Vec::new();
    let mut left = rest.trim();
    while let Some((name, after)) = left.split_once('=') {
        let after = after.trim_start();
        let end = match after.chars().next() {
            Some(quote @ ('"' | '\'')) => after.get(1..)?.find(quote)? + 2,
            _ => after.find(char::is_whitespace).unwrap_or(after.len()),
        };
        let (value, more) = after.split_at(end);
        pairs.push(pair(name.trim(), value.trim_matches('\''))?);
        left = more.trim();
    }
    (left.is_empty() && !pairs.is_empty()).then_some(pairs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instructions_become_statements() {
        for (word, rest, meant) in [
            ("env", "A=1 B=\"x y\"", "env { A = \"1\"  B = \"x y\" }"),
            ("env", "A hello there", "env { A = \"hello there\" }"),
            ("env", "A = \"x\"", "env { A = \"x\" }"),
            ("label", "org.example.team=physics", "label { \"org.example.team\" = \"physics\" }"),
            ("copy", "a.txt b.txt /opt/", "copy \"a.txt\" \"b.txt\" to \"/opt/\""),
            ("add", "https://x.org/a.tgz /opt/", "fetch \"https://x.org/a.tgz\" to \"/opt/\""),
            ("run", "echo \"x\"", "run 'echo \"x\"'"),
            ("cmd", "start.sh --quiet", ""),
            ("cmd", "start.sh lab", "cmd [\"start.sh\", \"lab\"]"),
            ("workdir", "/opt", "workdir \"/opt\""),
        ] {
            assert_eq!(statement(word, rest).unwrap_or_default(), meant, "{word} {rest}");
        }
        assert_eq!(statement("entrypoint", "\"tini -- start.sh\"").as_deref(), Some("entrypoint [\"tini\", \"--\", \"start.sh\"]"));
        assert_eq!(
            statement("healthcheck", "--interval=5s --start-period=9s CMD curl localhost").as_deref(),
            Some("healthcheck [\"curl\", \"localhost\"] { interval = 5s  start_period = 9s }")
        );
        assert_eq!(statement("copy", "--chown=1000:100 a /b").as_deref(), Some("copy \"a\" to \"/b\" owner user"));
        assert_eq!(statement("test", "\"x\" = \"true\"").as_deref(), Some("test \"x\" { run \"true\" }"));
    }
}
