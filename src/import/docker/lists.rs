//! Commands that install packages, as lists of the language.

mod apt;
mod conda;
mod julia;
mod kept;
mod list;
mod pip;
mod r;

pub(super) use conda::{UPDATE, begins};
pub(super) use kept::kept;
pub(super) use list::{Item, List, Lookup, Makes, Read, is_environment, name};
pub(super) use pip::{is_option, is_pip};

use super::command::Command;
use crate::import::RemarkKind;
use list::entry;

/// Reads a command.
pub(super) fn read(command: &Command, lookup: Lookup<'_>) -> Read {
    let command = &pip::with_options(command);
    let quiet = |operator: &str| operator.starts_with('>') || operator.starts_with("&>");
    let mistaken =
        command.redirects.iter().find(|(_, word)| word.text.starts_with('=') || word.text.starts_with(|c: char| c.is_ascii_digit()));
    let shown = |(operator, word): &(String, super::command::Word)| {
        let before = command.words.iter().rev().find(|one| one.range.end <= word.range.start).map_or("", |one| one.text.as_str());
        format!("{before}{operator}{}", word.text)
    };
    let bound = mistaken.filter(|(operator, word)| operator == ">" && word.text.starts_with('='));
    if !command.redirects.iter().all(|(operator, _)| quiet(operator)) || command.assigned.iter().any(|(name, _)| steers(name)) {
        return Read::Other;
    }
    let set = command.assigned.iter().filter(|(name, _)| !is_harmless(name)).map(|(name, value)| format!("{name}={value}"));
    let set: Vec<String> = set.collect();
    let texts = command.texts();
    let inner = texts.first().and_then(|program| within(program));
    let computed = |text: &&str| text.contains("$(");
    let resolves =
        matches!(texts.as_slice(), ["conda" | "mamba" | "micromamba" | "pip" | "pip3", ..] | ["python" | "python3", "-m", "pip", ..]);
    if texts.iter().any(computed) && !resolves {
        return Read::Other;
    }
    let read = match texts.as_slice() {
        ["apt-get" | "apt" | "aptitude", ..] => apt::apt(command),
        ["dpkg" | "gdebi", ..] => apt::files(command),
        ["dnf" | "yum" | "microdnf", ..] => apt::dnf(command),
        // dnf itself fails where a package is missing.
        ["rpm", "-V" | "--verify", ..] => Read::Written,
        ["rm", rest @ ..] if rest.iter().all(|path| is_cache(path)) => Read::Written,
        ["pip" | "pip3", ..] => pip::read(command, 1, None, lookup),
        ["python" | "python3", "-m", "pip", ..] => pip::read(command, 3, None, lookup),
        ["conda" | "mamba" | "micromamba", "run", "-n" | "--name", name, "pip" | "pip3", ..] => {
            in_environment(pip::read(command, 5, None, lookup), name)
        }
        ["conda" | "mamba" | "micromamba", "run", "-n" | "--name", name, "python" | "python3", "-m", "pip", ..] => {
            in_environment(pip::read(command, 7, None, lookup), name)
        }
        [_, "-m", "pip", ..] if inner.is_some_and(|(_, program)| program.starts_with("python")) => {
            in_environment(pip::read(command, 3, None, lookup), inner.map_or("", |(name, _)| name))
        }
        [_, ..] if inner.is_some_and(|(_, program)| program.starts_with("pip")) => {
            in_environment(pip::read(command, 1, None, lookup), inner.map_or("", |(name, _)| name))
        }
        ["uv", "pip", ..] => pip::read(command, 2, Some("uv pip"), lookup),
        ["conda" | "mamba" | "micromamba", ..] => conda::read(command, lookup),
        [path, ..] if path.starts_with('/') && path.ends_with("/micromamba") => conda::read(command, lookup),
        ["install2.r" | "installGithub.r" | "installBioc.r" | "R" | "Rscript", ..] => r::read(command),
        ["julia", ..] => julia::read(command),
        ["npm", ..] => npm(command),
        _ => Read::Other,
    };
    let read = if set.is_empty() { read } else { with_variables(read, &set) };
    match (read, bound) {
        (Read::Lists(lists, mut notes), Some(bound)) => {
            let words = shown(bound);
            let file = &bound.1.text;
            notes.push((RemarkKind::Mistake, format!("`{words}` without quotes was no bound: the shell wrote a file `{file}`")));
            Read::Lists(lists, notes)
        }
        (read, _) => read,
    }
}

/// Lists of a command that has variables of its own: they stand before the command of an installer.
fn with_variables(read: Read, set: &[String]) -> Read {
    let Read::Lists(mut lists, notes) = read else { return read };
    for list in &mut lists {
        let takes = matches!(list.manager, "apt" | "dnf" | "conda" | "pip") && list.options != ["upgrade"];
        if !takes || set.iter().any(|set| set.contains(['\'', '"', '\\', '\n', '$', '`', '{', '}'])) {
            return Read::Other;
        }
        list.flags.splice(0..0, set.iter().cloned()).for_each(drop);
    }
    Read::Lists(lists, notes)
}

/// Whether a variable tells a manager where to install, or from where: the command stays as it was.
pub(super) fn steers(name: &str) -> bool {
    const NAMES: [&str; 5] = ["VIRTUAL_ENV", "PATH", "HOME", "LD_LIBRARY_PATH", "TARGETARCH"];
    const BEGIN: [&str; 6] = ["PIP_", "UV_", "CONDA_", "MAMBA_", "PYTHON", "R_"];
    !is_harmless(name)
        && (NAMES.contains(&name)
            || name.to_ascii_uppercase().ends_with("_PROXY")
            || BEGIN.iter().any(|begin| name.starts_with(begin)) && !name.starts_with("CONDA_OVERRIDE_"))
}

/// A program of an environment of conda: the environment, and the program.
fn within(path: &str) -> Option<(&str, &str)> {
    let rest = ["/opt/conda/envs/", "${CONDA_DIR}/envs/"].iter().find_map(|folder| path.strip_prefix(folder))?;
    rest.split_once("/bin/").filter(|(name, _)| !name.contains('/'))
}

/// Lists of an environment of its own.
fn in_environment(read: Read, name: &str) -> Read {
    let Read::Lists(mut lists, notes) = read else { return read };
    if !is_environment(name) {
        return Read::Other;
    }
    for list in &mut lists {
        list.options.push(format!("env {}", self::name(name)));
    }
    Read::Lists(lists, notes)
}

/// Whether a variable that is set for a command changes nothing of what it installs.
pub(super) fn is_harmless(name: &str) -> bool {
    const NAMES: [&str; 10] = [
        "DEBIAN_FRONTEND",
        "DEBCONF_NONINTERACTIVE_SEEN",
        "MAMBA_ALWAYS_YES",
        "CONDA_ALWAYS_YES",
        "MAMBA_NO_BANNER",
        "PIP_NO_CACHE_DIR",
        "PIP_DISABLE_PIP_VERSION_CHECK",
        "PIP_ROOT_USER_ACTION",
        "PYTHONDONTWRITEBYTECODE",
        // R itself reads no such variable.
        "R_VERSION",
    ];
    NAMES.contains(&name)
}

/// Whether `rm` of a path is what the compiler writes behind a list: an option, or a folder of a manager's own.
pub(super) fn is_cache(path: &str) -> bool {
    const CACHES: [&str; 10] = [
        "/tmp/Rtmp",
        "/var/lib/apt/lists/",
        "/var/lib/apt/lists",
        "/var/cache/apt/",
        "/var/cache/apt",
        "/var/cache/apt/archives",
        "/var/cache/dnf",
        "/var/cache/yum",
        "/root/.cache/pip",
        "~/.cache/pip",
    ];
    path.starts_with('-') || CACHES.contains(&path.trim_end_matches('*'))
}

/// `npm install --global`
fn npm(command: &Command) -> Read {
    // What is installed globally is in no `package.json`, and comes without what its authors need.
    const QUIET: [&str; 21] = [
        "--no-audit",
        "--no-fund",
        "--silent",
        "-s",
        "--quiet",
        "--unsafe-perm",
        "--no-progress",
        "--progress=false",
        "--save",
        "-S",
        "--save-prod",
        "-P",
        "--save-dev",
        "-D",
        "--save-exact",
        "-E",
        "--no-save",
        "--prod",
        "--production",
        "--only=production",
        "--omit=dev",
    ];
    let mut list = List { manager: "npm", ..List::default() };
    let (mut global, mut verb) = (false, false);
    for word in command.words.iter().skip(1) {
        match word.text.as_str() {
            "install" | "i" | "add" if !verb => verb = true,
            "cache" if !verb => return Read::Written,
            "-g" | "--global" | "--location=global" => global = true,
            option if QUIET.contains(&option) => {}
            option if option.starts_with('-') => return Read::Other,
            path if verb && path.starts_with(['.', '/']) => list.items.push(Item::of_file(path, "", word.range.start)),
            package if !verb || package.contains(':') => return Read::Other,
            package => {
                let at = package.rfind('@').filter(|at| *at > 0);
                let (name, version) =
                    at.map_or((package, ""), |at| (package.get(..at).unwrap_or(package), package.get(at + 1..).unwrap_or("")));
                if name.contains('/') && !name.starts_with('@') {
                    return Read::Other;
                }
                let constraint = match version {
                    "latest" => String::new(),
                    version => match crate::shell::npm(version) {
                        Some(constraint) => constraint.to_string(),
                        None => return Read::Other,
                    },
                };
                list.items.push(Item::at(entry(name, &constraint), word.range.start));
            }
        }
    }
    if global && !list.items.is_empty() { Read::Lists(vec![list], Vec::new()) } else { Read::Other }
}
