//! Downloads in shell → `fetch`: archives that are unpacked and taken away, and files that no command behind them in the same layer uses.

use std::collections::BTreeMap;

use super::chain::cut;
use super::command::{self, Command};
use super::files::stage_name;
use super::read::Instruction;
use super::stage::Stage;
use super::steps::{Act, Fetched};
use super::words::split;
use crate::import::RemarkKind::{self, Changed, Decide};
use crate::shell::{Kind, installing, tokens};

/// Where the compiler unpacks what gets an owner or a mode.
const OWN: &str = "/tmp/.copied";

/// A download that was found.
pub(super) struct Found {
    pub(super) fetched: Fetched,
    /// What is to be said of it.
    pub(super) notes: Vec<(RemarkKind, String)>,
    /// How many of the commands behind it belong to it.
    pub(super) taken: usize,
    /// The archive, which a command behind those takes away.
    pub(super) gone: Option<String>,
}

/// What `tar` or `unzip` is asked for.
struct Unpacked {
    /// The archive; `None` where it is read from a pipe.
    file: Option<String>,
    to: Option<String>,
    strip: u32,
    /// Whether files get the owners that the archive names.
    owners: bool,
}

impl Stage<'_> {
    /// Reads a command, with those behind it, as a download.
    pub(super) fn download(&self, part: &str, ahead: &[String]) -> Option<Found> {
        let read = |text: &str| command::read(text, &|name| self.state.value(name));
        let owner = Some(self.state.user.clone()).filter(|user| user != "root");
        let pipe: Vec<usize> = tokens(part).iter().filter(|token| token.kind == Kind::End).map(|token| token.range.start).collect();
        if let [at] = pipe.as_slice() {
            let (url, file) = downloaded(&read(part.get(..*at)?)?)?;
            let unpacked = unpacked(&read(part.get(at + 1..)?.trim())?)?;
            let stdin = part.get(*at..=*at) == Some("|") && file.is_none() && unpacked.file.is_none();
            return stdin.then(|| self.archive(url, None, &unpacked, owner)).flatten();
        }
        let (url, file) = downloaded(&read(part)?).filter(|_| pipe.is_empty())?;
        let file = self.state.absolute(&file?)?;
        let name = file.rsplit('/').next().filter(|name| !name.is_empty())?;
        let mut at = 0;
        let next = |at: usize| ahead.get(at).map(String::as_str);
        let sum = next(at).and_then(|next| self.sum(next, &file));
        at += usize::from(sum.is_some());
        let folder = next(at).filter(|next| next.starts_with("mkdir ")).map(str::to_owned);
        let made = usize::from(folder.is_some());
        let unpacks = |at: usize| next(at).and_then(read).and_then(|command| unpacked(&command));
        let ahead: Vec<String> = ahead.iter().map(|text| self.state.expand(text)).collect();
        let removes = |text: &String| text.starts_with("rm ") && text.contains(name);
        let cleans = ahead.iter().any(removes);
        let unpacked = unpacks(at).map(|unpacked| (unpacked, at + 1)).or_else(|| Some((unpacks(at + made)?, at + made + 1)));
        match unpacked {
            Some((unpacked, end)) if unpacked.file.as_ref().and_then(|path| self.state.absolute(path)).as_ref() == Some(&file) => {
                let to = self.state.absolute(unpacked.to.as_deref().unwrap_or("."))?;
                let rest = ahead.get(end..).unwrap_or_default();
                let only = rest.iter().all(|text| removes(text) || !text.contains(name));
                let mine = end == at + 1 || folder.is_some_and(|folder| folder.split_whitespace().last() == Some(to.trim_end_matches('/')));
                if !cleans || !only || !mine {
                    return None;
                }
                let found = self.archive(url, sum, &unpacked, owner)?;
                Some(Found { taken: end, gone: Some(file), ..found })
            }
            _ => {
                let sets = |text: &String| ["chmod ", "chown "].iter().any(|program| text.starts_with(program));
                // What installs from a file leaves it as it is.
                let stays = ahead.iter().skip(at).all(|text| sets(text) || !text.contains(name) || installing(text) == 1 && is_one(text));
                // `rm -rf /tmp/work *.zip`
                let hits = |word: &str| word.contains('*') || self.state.absolute(word).is_some_and(|path| file.starts_with(&path));
                let wipes = |text: &String| text.starts_with("rm ") && text.split_whitespace().skip(1).any(hits);
                let plain = stays && !cleans && !ahead.iter().any(wipes) && !file.contains(['*', '?', '~']);
                let notes = unchecked(&url, sum.as_ref());
                let fetched = Fetched { url, sha256: sum, to: file, owner, mode: Some("644".to_owned()), unpack: None };
                plain.then_some(Found { fetched, notes, taken: at, gone: None })
            }
        }
    }

    fn archive(&self, url: String, sha256: Option<String>, unpacked: &Unpacked, owner: Option<String>) -> Option<Found> {
        let to = self.state.absolute(unpacked.to.as_deref().unwrap_or("."))?;
        let mut notes = unchecked(&url, sha256.as_ref());
        if unpacked.owners && owner.is_none() {
            notes.push((Changed, "what is unpacked belongs to root, not to the numbers in the archive".to_owned()));
        }
        let to = format!("{}/", to.trim_end_matches('/'));
        let fetched = Fetched { url, sha256, to, owner, mode: None, unpack: Some(unpacked.strip) };
        Some(Found { fetched, notes, taken: 0, gone: None })
    }

    /// `echo "SUM  FILE" | sha256sum -c`
    pub(super) fn sum(&self, part: &str, file: &str) -> Option<String> {
        let (said, check) = part.split_once('|')?;
        let check: Vec<&str> = check.split_whitespace().collect();
        let ["sha256sum", options @ ..] = check.as_slice() else { return None };
        let checks = options.iter().all(|word| matches!(*word, "-c" | "--check" | "-" | "--strict" | "--status" | "--quiet"));
        let said = command::read(said, &|name| self.state.value(name)).filter(|_| checks)?;
        let words: Vec<&str> = said.words.iter().skip(1).flat_map(|word| word.text.split_whitespace()).collect();
        let [sum, path] = words.as_slice() else { return None };
        let path = self.state.absolute(path.trim_start_matches('*'))?;
        let is_sum = sum.len() == 64 && sum.bytes().all(|byte| byte.is_ascii_hexdigit());
        (said.texts().first() == Some(&"echo") && is_sum && path == file).then(|| (*sum).to_owned())
    }

    /// `echo "SUM  FILE" | sha256sum -c` of a download that was just made belongs to it.
    pub(super) fn checks(&mut self, part: &str) -> bool {
        let said = part
            .strip_prefix("echo \"")
            .and_then(|rest| rest.split_once('"'))
            .filter(|(_, rest)| rest.trim_start().starts_with("| sha256sum -c"));
        let Some((sum, path)) = said.and_then(|(words, _)| words.split_once("  ")) else { return false };
        let path = self.state.expand(path);
        if let Some(loaded) = self.loaded.get_mut(&path) {
            loaded.sha256 = Some(sum.to_owned());
            return true;
        }
        for step in self.steps.iter_mut().rev() {
            let Act::Fetch(fetched) = &mut step.act else { continue };
            let file = fetched.url.rsplit('/').next().unwrap_or_default();
            if fetched.sha256.is_none() && (fetched.to == path || format!("{}{file}", fetched.to) == path) {
                fetched.sha256 = Some(sum.to_owned());
                step.notes.clear();
                return true;
            }
        }
        false
    }

    /// The step that the compiler writes for `fetch … unpack`.
    pub(super) fn unpack(&mut self, one: &Instruction, source: &str) -> bool {
        let Some(url) = self.downloads.get(source).cloned() else { return false };
        let script = one.script();
        let all = cut(&script.text, true);
        let parts: Vec<&str> = all.iter().map(|part| part.text.as_str()).collect();
        let read = |text: &str| command::read(text, &|name| self.state.value(name));
        let Some(found) = parts.iter().find_map(|part| unpacked(&read(part)?)) else { return false };
        let file = found.file.clone().unwrap_or_default();
        let sha256 = parts.first().and_then(|part| self.sum(part, &file));
        let word = |before: &str| parts.iter().find_map(|part| part.split_once(before)?.1.split_whitespace().next()).map(str::to_owned);
        let to = if found.to.as_deref() == Some(OWN) { word(" -exec cp -a -t ") } else { found.to.clone() };
        let Some(to) = to.and_then(|to| self.state.absolute(to.trim_matches('"'))).filter(|_| parts.len() < 9) else { return false };
        let owner = word("chown -R ").and_then(|owner| self.state.owner(&owner));
        let mode = word(" -exec chmod ");
        self.add(one, Act::Fetch(Fetched { url, sha256, to, owner, mode, unpack: Some(found.strip) }), Vec::new());
        true
    }
}

/// What the stage of the compiler loads that downloads are mounted from.
pub(super) fn loads(stages: &[Vec<Instruction>]) -> BTreeMap<String, String> {
    let own = stages.iter().find(|stage| stage.first().and_then(stage_name).as_deref() == Some("downloads"));
    let pair = |one: &Instruction| match split(one.flags().1).as_slice() {
        [url, file] if one.word == "ADD" => Some((format!("/{}", file.trim_start_matches('/')), url.clone())),
        _ => None,
    };
    own.into_iter().flatten().filter_map(pair).collect()
}

/// Whether a text is one simple command.
fn is_one(text: &str) -> bool {
    tokens(text).iter().all(|token| token.kind == Kind::Word)
}

fn unchecked(url: &str, sum: Option<&String>) -> Vec<(RemarkKind, String)> {
    let note = || (Decide, format!("`{url}` is downloaded without a checksum: the build takes whatever is there"));
    sum.is_none().then(note).into_iter().collect()
}

/// Options that change nothing of what is loaded; the second has the ones that a value follows.
const QUIET: [&str; 13] = [
    "--fail",
    "--silent",
    "--show-error",
    "--location",
    "--retry-all-errors",
    "--compressed",
    "--quiet",
    "--no-verbose",
    "--show-progress",
    "--no-progress-meter",
    "--progress",
    "-nv",
    "--tlsv1.2",
];
const VALUED: [&str; 9] = ["--retry", "--retry-delay", "--connect-timeout", "--max-time", "--tries", "--timeout", "-t", "-T", "--proto"];

/// The address that `curl` or `wget` loads, and the file that it goes to; none where it is printed.
pub(super) fn downloaded(command: &Command) -> Option<(String, Option<String>)> {
    let (mut url, mut file, mut named, mut folder) = (None, None, false, None);
    let texts = command.texts();
    let curl = match texts.first() {
        Some(&"curl") => true,
        Some(&"wget") => false,
        _ => return None,
    };
    named |= !curl;
    let mut words = texts.iter().skip(1).copied();
    while let Some(word) = words.next() {
        let (option, value) =
            word.split_once('=').filter(|_| word.starts_with("--")).map_or((word, None), |(option, value)| (option, Some(value)));
        let mut next = || value.map(str::to_owned).or_else(|| words.next().map(str::to_owned));
        match option {
            "--output" if curl => file = Some(next()?),
            "--output-document" if !curl => file = Some(next()?),
            "--remote-name" if curl => named = true,
            "-P" | "--directory-prefix" if !curl => folder = Some(next()?),
            option if VALUED.contains(&option) => drop(next()?),
            option if QUIET.contains(&option) => {}
            option if option.starts_with("--") => return None,
            option if option.starts_with('-') => match clustered(option, curl)? {
                Cluster::Quiet => {}
                Cluster::Named => named = true,
                Cluster::File(inner) => file = Some(if inner.is_empty() { next()? } else { inner.to_owned() }),
            },
            address if url.is_none() && ["https://", "http://"].iter().any(|scheme| address.starts_with(scheme)) => {
                url = Some(address.to_owned());
            }
            _ => return None,
        }
    }
    let url = url.filter(|url| !url.contains('$'))?;
    let written = command.redirects.iter().find(|(operator, _)| operator == ">").map(|(_, word)| word.text.clone());
    if command.redirects.len() != usize::from(written.is_some()) || !command.assigned.is_empty() {
        return None;
    }
    let printed = file.as_deref() == Some("-") || file.is_none() && !named;
    let own = || url.split(['?', '#']).next().and_then(|url| url.rsplit('/').next()).filter(|name| !name.is_empty()).map(str::to_owned);
    let file = match (printed, file) {
        (true, _) => return Some((url, written.filter(|file| file != "/dev/null"))),
        (false, Some(file)) => file,
        (false, None) => own()?,
    };
    let file = folder.map_or(file.clone(), |folder| format!("{}/{file}", folder.trim_end_matches('/')));
    written.is_none().then_some((url, Some(file)))
}

/// Letters behind one `-`.
enum Cluster<'t> {
    /// They change nothing of what is loaded.
    Quiet,
    /// The file is called as in the address.
    Named,
    /// The file, or nothing where it is the next word.
    File(&'t str),
}

fn clustered(option: &str, curl: bool) -> Option<Cluster<'_>> {
    let letters = option.get(1..)?;
    let mut named = false;
    for (at, letter) in letters.char_indices() {
        match (letter, curl) {
            ('f' | 's' | 'S' | 'L' | '#', true) | ('q', false) => {}
            ('O', true) => named = true,
            ('o', true) | ('O', false) => return Some(Cluster::File(letters.get(at + 1..)?)),
            _ => return None,
        }
    }
    Some(if named { Cluster::Named } else { Cluster::Quiet })
}

/// What a command unpacks; nothing where it takes only some of the files.
fn unpacked(command: &Command) -> Option<Unpacked> {
    let mut out = Unpacked { file: None, to: None, strip: 0, owners: true };
    if !command.redirects.is_empty() || !command.assigned.is_empty() {
        return None;
    }
    let texts = command.texts();
    match texts.as_slice() {
        ["unzip", rest @ ..] => {
            let mut words = rest.iter();
            while let Some(word) = words.next() {
                match *word {
                    "-q" | "-qq" | "-o" => {}
                    "-d" => out.to = Some((*words.next()?).to_owned()),
                    word if out.file.is_none() && !word.starts_with('-') => out.file = Some(word.to_owned()),
                    _ => return None,
                }
            }
            out.owners = false;
            out.file.is_some().then_some(out)
        }
        ["tar", rest @ ..] => untarred(rest, out),
        _ => None,
    }
}

/// What `tar` unpacks.
fn untarred(rest: &[&str], mut out: Unpacked) -> Option<Unpacked> {
    let (mut extracts, mut words) = (false, rest.iter().enumerate());
    while let Some((at, word)) = words.next() {
        let (option, value) =
            word.split_once('=').filter(|_| word.starts_with("--")).map_or((*word, None), |(option, value)| (option, Some(value)));
        let mut next = || value.map(str::to_owned).or_else(|| words.next().map(|(_, word)| (*word).to_owned()));
        match option {
            "--directory" => out.to = Some(next()?),
            "--strip-components" | "--strip" => out.strip = next()?.parse().ok()?,
            "--no-same-owner" => out.owners = false,
            "--file" => out.file = Some(next()?),
            "--extract" => extracts = true,
            "--gzip" | "--bzip2" | "--xz" | "--verbose" => {}
            option if option.starts_with("--") => return None,
            option if at == 0 || option.starts_with('-') => {
                for letter in option.trim_start_matches('-').chars() {
                    match letter {
                        'x' => extracts = true,
                        'z' | 'j' | 'J' | 'v' => {}
                        'o' => out.owners = false,
                        'f' => out.file = Some(next()?),
                        'C' => out.to = Some(next()?),
                        _ => return None,
                    }
                }
            }
            _ => return None,
        }
    }
    out.file = out.file.filter(|file| file != "-");
    extracts.then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_files_are_found() {
        let found = |text: &str| {
            downloaded(&command::read(text, &|_| None).unwrap()).map(|(url, file)| format!("{url} {}", file.unwrap_or_default()))
        };
        for (text, wanted) in [
            ("curl -fsSL https://a.org/x.tgz -o /tmp/x", Some("https://a.org/x.tgz /tmp/x")),
            ("curl -LO https://a.org/x.tgz?a=1", Some("https://a.org/x.tgz?a=1 x.tgz")),
            ("curl --silent https://a.org/x > /tmp/y", Some("https://a.org/x /tmp/y")),
            ("wget -qO- https://a.org/x", Some("https://a.org/x ")),
            ("wget -q -P /opt https://a.org/x", Some("https://a.org/x /opt/x")),
            ("wget --no-check-certificate https://a.org/x", None),
            ("curl -k -O https://a.org/x", None),
            ("curl -H 'A: b' -O https://a.org/x", None),
            ("wget https://a.org/x https://a.org/y", None),
        ] {
            assert_eq!(found(text).as_deref(), wanted, "{text}");
        }
    }

    #[test]
    fn archives_are_unpacked_whole() {
        let found = |text: &str| {
            let out = unpacked(&command::read(text, &|_| None).unwrap())?;
            Some(format!("{} {} {} {}", out.file.unwrap_or_default(), out.to.unwrap_or_default(), out.strip, out.owners))
        };
        for (text, wanted) in [
            ("tar xzf a.tgz -C /opt --strip-components=1", Some("a.tgz /opt 1 true")),
            ("tar -C /opt -x -z --strip-components 2 -f -", Some(" /opt 2 true")),
            ("tar zx", Some("  0 true")),
            ("tar -xf a.tar --no-same-owner", Some("a.tar  0 false")),
            ("unzip -q a.zip -d /opt", Some("a.zip /opt 0 false")),
            ("tar xf a.tar one/file", None),
            ("tar czf a.tgz /opt", None),
            ("unzip a.zip one", None),
        ] {
            assert_eq!(found(text).as_deref(), wanted, "{text}");
        }
    }
}
