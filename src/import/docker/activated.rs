//! Environments of conda that a script activates: what is installed behind that goes there.

use super::command::{Command, Word};
use super::state::State;
use super::words::split;

/// What a command does to the environment that is active.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Activation {
    /// Nothing: it defines the functions of the shell that others need.
    Hook,
    /// It activates an environment, by its name or its path.
    Of(String),
}

/// Whether a command activates an environment of conda, or makes it possible, and can be repeated before each of those behind it.
pub(super) fn activates(command: &str) -> bool {
    activation(command).is_some()
}

/// The environment of conda that a command activates; empty where its name is not known.
pub(super) fn activated(command: &str, state: &State) -> Option<String> {
    match activation(command)? {
        Activation::Hook => None,
        Activation::Of(name) => Some(environment(&state.expand(&name), state).unwrap_or_default()),
    }
}

fn activation(command: &str) -> Option<Activation> {
    let command = command.trim();
    if let Some(inner) = command.strip_prefix("eval ").map(|word| word.trim().trim_matches('"')) {
        let words: Vec<&str> = inner.strip_prefix("$(")?.strip_suffix(')')?.split_whitespace().collect();
        let [program, rest @ ..] = words.as_slice() else { return None };
        return match (name_of(program), rest) {
            // This one activates the base as well.
            ("conda", ["shell.bash" | "shell.posix", "hook"]) => Some(Activation::Of("base".to_owned())),
            ("micromamba" | "mamba", ["shell", "hook", ..]) => Some(Activation::Hook),
            _ => None,
        };
    }
    if command.contains(['|', '&', ';', '<', '>', '`', '\n', '#']) || command.contains("$(") {
        return None;
    }
    let words = split(command);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let of = |name: &str| (!name.starts_with('-')).then(|| Activation::Of(name.to_owned()));
    match words.as_slice() {
        ["." | "source", path] if ["conda.sh", "mamba.sh"].iter().any(|file| path.ends_with(&format!("/etc/profile.d/{file}"))) => {
            Some(Activation::Hook)
        }
        // Without a name, a path may be that of a virtual environment.
        ["." | "source" | "conda" | "mamba" | "micromamba", "activate"] => of("base"),
        ["." | "source", path, name] if *path == "activate" || path.ends_with("/bin/activate") => of(name),
        ["conda" | "mamba" | "micromamba", "activate", name] => of(name),
        _ => None,
    }
}

/// The environment of conda that a shell runs in; empty where its name is not known.
pub(super) fn of_shell(words: &[String], state: &State) -> Option<String> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let ["conda" | "mamba" | "micromamba", "run", rest @ ..] = words.as_slice() else { return None };
    let named = rest.iter().skip_while(|word| !matches!(**word, "-n" | "--name")).nth(1);
    Some(named.map_or(String::new(), |name| state.expand(name)))
}

/// The name of an environment whose name or path is written.
fn environment(written: &str, state: &State) -> Option<String> {
    let root = state.value("CONDA_DIR");
    let roots = || root.as_deref().into_iter().chain([state.conda.unwrap_or("/opt/conda"), "${CONDA_DIR}"]);
    let name = if written.contains('/') {
        let below = |root: &str| {
            written.strip_prefix(root).map(|rest| rest.trim_end_matches('/')).filter(|rest| !rest.starts_with(char::is_alphanumeric))
        };
        let rest = roots().find_map(below)?;
        if rest.is_empty() { "base" } else { rest.strip_prefix("/envs/")? }
    } else {
        written
    };
    match name {
        "root" => Some("base".to_owned()),
        name => super::lists::is_environment(name).then(|| name.to_owned()),
    }
}

/// Says to a command which environment it is for, where one is active; whether that can be said.
pub(super) fn directs(command: &mut Command, state: &State) -> bool {
    let Some(name) = state.activated.as_deref() else { return true };
    let named = |word: &&str| {
        matches!(word.split('=').next(), Some("--name" | "--prefix" | "--root-prefix")) || matches!(*word, "-n" | "-p" | "-r")
    };
    let texts = command.texts();
    let base = name == "base";
    match texts.as_slice() {
        ["conda" | "mamba" | "micromamba", rest @ ..] if rest.iter().any(named) => true,
        ["conda" | "mamba" | "micromamba", "env", "update", ..] => base,
        ["conda" | "mamba" | "micromamba", "install", ..] => {
            if !base {
                command.words.extend(["-n", name].map(of_none));
            }
            true
        }
        [
            "conda" | "mamba" | "micromamba" | "apt-get" | "apt" | "aptitude" | "dpkg" | "gdebi" | "dnf" | "yum" | "microdnf" | "rpm"
            | "rm",
            ..,
        ] => true,
        [program, ..] if program.contains('/') => true,
        // The programs of the base are found first there in any case.
        _ if base => state.conda.is_none() && state.value("CONDA_DIR").as_deref() == Some("/opt/conda"),
        ["pip" | "pip3", ..] | ["python" | "python3", "-m", "pip", ..] => {
            let own = if texts.get(1) == Some(&"-m") { 3 } else { 1 };
            let words = ["conda", "run", "-n", name, "pip"].map(of_none);
            command.words.splice(..own, words).for_each(drop);
            true
        }
        _ => false,
    }
}

fn of_none(text: &str) -> Word {
    Word { text: text.to_owned(), range: 0..0 }
}

fn name_of(program: &str) -> &str {
    program.rsplit('/').next().unwrap_or(program)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_activated_is_known_where_it_has_a_name() {
        let mut state = State::of("pangeo/base-notebook");
        for (command, wanted) in [
            (". /srv/conda/etc/profile.d/conda.sh", None),
            ("source \"${CONDA_DIR}/etc/profile.d/mamba.sh\"", None),
            ("eval \"$(micromamba shell hook --shell bash)\"", None),
            ("eval \"$(/srv/conda/bin/conda shell.bash hook)\"", Some("base")),
            ("conda activate notebook", Some("notebook")),
            ("source activate ${CONDA_ENV}", Some("notebook")),
            ("source /srv/conda/bin/activate root", Some("base")),
            ("micromamba activate ${CONDA_DIR}/envs/course/", Some("course")),
            ("conda activate /srv/conda", Some("base")),
            ("conda activate /opt/conda/envs/course", Some("")),
            ("conda activate $COURSE", Some("")),
        ] {
            assert!(activates(command), "{command}");
            assert_eq!(activated(command, &state).as_deref(), wanted, "{command}");
        }
        for command in [". /opt/venv/bin/activate", "source setup.sh", "conda deactivate", "conda activate x && y", "eval \"$(x)\""] {
            assert!(!activates(command), "{command}");
        }
        state.activated = Some("notebook".to_owned());
        for (text, wanted) in [
            ("mamba install -y a", Some("mamba install -y a -n notebook")),
            ("mamba install -p /x a", Some("mamba install -p /x a")),
            ("python3 -m pip install a", Some("conda run -n notebook pip install a")),
            ("apt-get install a", Some("apt-get install a")),
            ("conda env update -f x.yml", None),
            ("Rscript -e x", None),
        ] {
            let mut command = super::super::command::read(text, &|_| None).unwrap();
            let directed = directs(&mut command, &state);
            assert_eq!(directed.then(|| command.texts().join(" ")).as_deref(), wanted, "{text}");
        }
    }
}
