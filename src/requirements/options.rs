//! The options of a line, as `optparse` reads them.

/// What the options of a line say, as far as it matters here.
#[derive(Clone, Debug, Default)]
pub(super) struct Given {
    pub(super) editable: Option<String>,
    pub(super) requirement: Option<String>,
    pub(super) constraint: Option<String>,
    pub(super) links: Option<String>,
    pub(super) require_hashes: bool,
    pub(super) hashes: Vec<String>,
}

/// The options that pip takes in a file: long name, letter, whether a value follows.
const OPTIONS: [(&str, char, bool); 21] = [
    ("--requirement", 'r', true),
    ("--constraint", 'c', true),
    ("--editable", 'e', true),
    ("--index-url", 'i', true),
    ("--pypi-url", ' ', true),
    ("--extra-index-url", ' ', true),
    ("--no-index", ' ', false),
    ("--find-links", 'f', true),
    ("--no-binary", ' ', true),
    ("--only-binary", ' ', true),
    ("--prefer-binary", ' ', false),
    ("--require-hashes", ' ', false),
    ("--no-require-hashes", ' ', false),
    ("--pre", ' ', false),
    ("--all-releases", ' ', true),
    ("--only-final", ' ', true),
    ("--trusted-host", ' ', true),
    ("--use-feature", ' ', true),
    ("--global-option", ' ', true),
    ("--hash", ' ', true),
    ("--config-settings", 'C', true),
];

/// Reads options. The first `-r`, `-c`, `-e` and `-f` of a line counts.
///
/// # Errors
/// Says what pip refuses.
pub(super) fn read(text: &str) -> Result<Given, String> {
    let mut given = Given::default();
    let mut words = words(text)?.into_iter();
    while let Some(word) = words.next() {
        if word == "--" {
            break;
        }
        if !word.starts_with('-') || word == "-" {
            continue;
        }
        let (name, takes, value) = option(&word)?;
        let value = match value {
            Some(_) if !takes => return Err(format!("`{name}` takes no value")),
            None if takes => words.next().ok_or_else(|| format!("`{name}` needs a value"))?,
            value => value.unwrap_or_default(),
        };
        let first = |slot: &mut Option<String>, value| {
            slot.get_or_insert(value);
        };
        match name {
            "--requirement" => first(&mut given.requirement, value),
            "--constraint" => first(&mut given.constraint, value),
            "--editable" => first(&mut given.editable, value),
            "--find-links" => first(&mut given.links, value),
            "--require-hashes" => given.require_hashes = true,
            "--hash" => {
                let known = ["sha256:", "sha384:", "sha512:"].iter().any(|algorithm| value.starts_with(algorithm));
                if !known {
                    return Err(format!("`--hash={value}` is no sum of sha256, sha384 or sha512"));
                }
                given.hashes.push(value);
            }
            _ => {}
        }
    }
    Ok(given)
}

/// The option of a word, whether it takes a value, and the value in the word: `--hash=x`, `-rfile`. A long name may be cut short.
fn option(word: &str) -> Result<(&'static str, bool, Option<String>), String> {
    let unknown = |name: &str| format!("pip's files have no option `{name}`");
    if let Some(letters) = word.strip_prefix('-').filter(|rest| !rest.starts_with('-')) {
        let letter = letters.chars().next().unwrap_or(' ');
        let (name, _, takes) = OPTIONS.iter().find(|(_, short, _)| *short == letter).ok_or_else(|| unknown(&format!("-{letter}")))?;
        let value = letters.get(letter.len_utf8()..).filter(|rest| !rest.is_empty()).map(str::to_owned);
        return Ok((name, *takes, value));
    }
    let (name, value) = word.split_once('=').map_or((word, None), |(name, value)| (name, Some(value.to_owned())));
    let exact = OPTIONS.iter().find(|(long, ..)| *long == name || (*long == "--config-settings" && name == "--config-setting"));
    let mut cut = OPTIONS.iter().filter(|(long, ..)| long.starts_with(name));
    let found = exact.or_else(|| cut.next().filter(|_| cut.next().is_none()));
    let (name, _, takes) = found.ok_or_else(|| unknown(name))?;
    Ok((name, *takes, value))
}

/// Words as a shell parts them.
fn words(text: &str) -> Result<Vec<String>, String> {
    let mut all = Vec::new();
    let mut word: Option<String> = None;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            ' ' | '\t' | '\r' | '\n' => all.extend(word.take()),
            '\\' => word.get_or_insert_default().push(chars.next().ok_or("nothing is behind the last `\\`")?),
            '\'' | '"' => {
                let word = word.get_or_insert_default();
                loop {
                    match chars.next().ok_or_else(|| format!("a {c} is not closed"))? {
                        end if end == c => break,
                        '\\' if c == '"' => match chars.next().ok_or_else(|| format!("a {c} is not closed"))? {
                            escaped @ ('"' | '\\') => word.push(escaped),
                            other => word.extend(['\\', other]),
                        },
                        other => word.push(other),
                    }
                }
            }
            other => word.get_or_insert_default().push(other),
        }
    }
    all.extend(word);
    Ok(all)
}
