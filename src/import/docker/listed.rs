//! Packages that a command takes from a file: `xargs -a apt.txt apt-get install`, `apt-get install $(cat apt.txt)`.

use super::lists::{Item, Lookup, Read};
use super::words::split;
use crate::import::comment;

/// The same command with the packages in it, and an entry for each: its comments, no name yet.
pub(super) fn written_out(text: &str, lookup: Lookup<'_>) -> Option<(String, Vec<Item>)> {
    let (command, file, plain) = parts(text)?;
    let (names, items) = entries(&lookup(&file)?, plain)?;
    Some((format!("{} {}", command.trim(), names.join(" ")), items))
}

/// A list of the distribution whose last packages are from a file: with what that says of them.
pub(super) fn described(read: Read, entries: Vec<Item>) -> Read {
    let Read::Lists(mut lists, notes) = read else { return Read::Other };
    let Some(list) = lists.first_mut().filter(|list| matches!(list.manager, "apt" | "dnf")) else { return Read::Other };
    let Some(first) = list.items.len().checked_sub(entries.len()) else { return Read::Other };
    for (item, entry) in list.items.iter_mut().skip(first).zip(entries) {
        *item = Item { text: std::mem::take(&mut item.text), ..entry };
    }
    Read::Lists(lists, notes)
}

/// The command, the file, and whether nothing takes the comments out of it.
fn parts(text: &str) -> Option<(String, String, bool)> {
    if let Some((before, rest)) = text.split_once("$(") {
        let (inner, behind) = rest.split_once(')')?;
        let (file, plain) = source(inner)?;
        return Some((format!("{} {}", before.trim_end_matches('"'), behind.trim_start_matches('"')), file, plain));
    }
    let (source_text, call) = text.rsplit_once('|').map_or(("", text), |(before, call)| (before, call));
    let mut words = split(call).into_iter().peekable();
    if words.next()? != "xargs" {
        return None;
    }
    let mut file = None;
    while let Some(option) = words.next_if(|word| word.starts_with('-')) {
        match option.as_str() {
            "-a" | "--arg-file" => file = words.next(),
            "-r" | "--no-run-if-empty" => {}
            "-d" | "-L" | "-n" if source_text.is_empty() || option == "-d" => drop(words.next()),
            other => file = Some(other.strip_prefix("--arg-file=").or_else(|| other.strip_prefix("-a"))?.to_owned()),
        }
    }
    let mut command: Vec<String> = words.collect();
    if let Some(at) = command.iter().position(|word| word == "<") {
        file = command.get(at + 1).cloned();
        command.drain(at..(at + 2).min(command.len()));
    }
    match file {
        Some(file) if source_text.is_empty() => Some((command.join(" "), file, true)),
        None => source(source_text).map(|(file, plain)| (command.join(" "), file, plain)),
        Some(_) => None,
    }
}

/// The file that a pipe prints, and whether nothing takes the comments out of it.
fn source(pipe: &str) -> Option<(String, bool)> {
    let (mut file, mut plain) = (None, true);
    for (at, part) in pipe.split('|').enumerate() {
        let words = split(part);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let named = match words.as_slice() {
            ["cat" | "<", name] => Some(*name),
            ["grep" | "egrep", rest @ ..] => {
                let (options, rest): (Vec<&str>, Vec<&str>) = rest.iter().partition(|word| word.starts_with('-'));
                let inverse = options.iter().any(|option| option.contains('v'));
                // `[^#]`: lines of something else than comments.
                let kept = !inverse
                    && options.is_empty()
                    && rest.first().is_some_and(|pattern| pattern.starts_with('^') && pattern.contains("[^#]"));
                let pattern = rest.first().filter(|pattern| kept || inverse && pattern.contains('#'))?;
                plain &= pattern.is_empty();
                rest.get(1).copied()
            }
            ["sed", rest @ ..] => {
                let rest: Vec<&str> = rest.iter().copied().filter(|word| !word.starts_with('-')).collect();
                plain &= !rest.first()?.contains('#');
                rest.get(1).copied()
            }
            ["tr", ..] | ["xargs"] if at > 0 => None,
            _ => return None,
        };
        match (at, named) {
            (0, Some(name)) => file = Some(name.to_owned()),
            (0, None) | (_, Some(_)) => return None,
            (_, None) => {}
        }
    }
    Some((file?, plain))
}

/// The names in a file, and what its comments say of each.
fn entries(text: &str, plain: bool) -> Option<(Vec<String>, Vec<Item>)> {
    let (mut names, mut items, mut above) = (Vec::new(), Vec::new(), Vec::new());
    for line in text.lines().map(str::trim) {
        if let Some(comment) = comment(line) {
            above.push(comment.to_owned());
            continue;
        }
        let (packages, because) = line.split_once('#').map_or((line, None), |(packages, words)| (packages, Some(words.trim().to_owned())));
        for name in packages.split_whitespace() {
            names.push(name.to_owned());
            items.push(Item { comments: std::mem::take(&mut above), because: because.clone(), ..Item::default() });
        }
        // A blank line ends what a comment is about.
        if line.is_empty() {
            above.clear();
        }
    }
    let said = text.contains('#');
    let safe =
        |name: &String| name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '+' | '.' | '=' | ':' | '~' | '*'));
    (!names.is_empty() && names.iter().all(safe) && !(plain && said)).then_some((names, items))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_written_out() {
        let text = "# to read\nless # a pager\nvim\n\ncurl htop\n";
        let lookup = |path: &str| match path {
            "/tmp/apt.txt" => Some(text.into()),
            "/tmp/plain" => Some("less\nvim\n".into()),
            "/tmp/rpm" => Some("avahi-compat-libdns_sd-devel\ngcc-c++\n".into()),
            _ => None,
        };
        let commands = |text: &str| written_out(text, &lookup).map(|(command, _)| command.split_whitespace().collect::<Vec<_>>().join(" "));
        for (text, wanted) in [
            ("grep -vE '^\\s*#' /tmp/apt.txt | xargs -r apt-get install -y", "apt-get install -y less vim curl htop"),
            ("cat /tmp/apt.txt | sed 's/#.*//' | xargs apt-get install -y", "apt-get install -y less vim curl htop"),
            ("apt-get install -y $(grep -v \"^#\" /tmp/apt.txt | tr '\\n' ' ')", "apt-get install -y less vim curl htop"),
            ("grep '^\\s*[^#]\\+' /tmp/apt.txt | xargs apt-get install --yes", "apt-get install --yes less vim curl htop"),
            ("xargs -a /tmp/plain apt-get install -y", "apt-get install -y less vim"),
            ("xargs apt-get install -y < /tmp/plain", "apt-get install -y less vim"),
            ("apt-get install -y $(cat /tmp/plain)", "apt-get install -y less vim"),
            ("xargs yum -y install < /tmp/rpm", "yum -y install avahi-compat-libdns_sd-devel gcc-c++"),
        ] {
            assert_eq!(commands(text).as_deref(), Some(wanted), "{text}");
        }
        for text in
            ["xargs -a /tmp/apt.txt apt-get install", "cat /tmp/none | xargs apt install", "ls | xargs rm", "xargs -n 1 -a", "a $(b"]
        {
            assert_eq!(commands(text), None, "{text}");
        }
        let (_, items) = written_out("grep -v '#' /tmp/apt.txt | xargs apt install", &lookup).unwrap();
        let said: Vec<_> = items.iter().map(|item| (item.comments.len(), item.because.as_deref())).collect();
        assert_eq!(said, [(1, Some("a pager")), (0, None), (0, None), (0, None)]);
    }
}
