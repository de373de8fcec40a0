//! Why a command that installs packages is no list.

use crate::import::docker::command::Command;

/// The reason, where it is one that a person can do something about.
pub(in crate::import::docker) fn kept(command: &Command) -> Option<String> {
    let texts = command.texts();
    let behind = |options: &[&str]| {
        let joined =
            texts.iter().find_map(|word| word.split_once('=').filter(|(option, _)| options.contains(option)).map(|(_, value)| value));
        joined.or_else(|| texts.iter().skip_while(|word| !options.contains(word)).nth(1).copied())
    };
    let path = texts.iter().skip(1).find(|word| is_path(word)).copied();
    match texts.as_slice() {
        ["apt-get" | "apt", rest @ ..] if rest.contains(&"install") => Some(unknown(path?)),
        _ if texts.contains(&"pip") || texts.contains(&"pip3") => {
            if let Some(url) = behind(&["-r", "--requirement"]).filter(|file| file.contains("://")) {
                return Some(format!("what `{url}` lists is known when the image is built: keep a copy here, and write `pip file`"));
            }
            if let Some(folder) = behind(&["-t", "--target", "--prefix", "--root"]) {
                return Some(format!("a list installs into the environment, and not into `{folder}`"));
            }
            if let Some(file) = behind(&["-c", "--constraint"]) {
                return Some(format!(
                    "a list has no bounds from a file: write `-c {file}` into a requirement file, and `pip file` of that"
                ));
            }
            if texts.iter().any(|word| matches!(*word, "-e" | "--editable")) {
                return Some(format!("a list installs `{}`, and does not link to it", path?));
            }
            path.map(unknown)
        }
        ["julia", ..] if texts.iter().any(|word| word.contains("Pkg.add")) => {
            Some("the expression does more than `Pkg.add` of names".to_owned())
        }
        _ => None,
    }
}

fn unknown(path: &str) -> String {
    format!("where `{path}` is in the image, or which files it stands for, is not known")
}

fn is_path(word: &str) -> bool {
    !word.starts_with('-')
        && !word.contains("://")
        && (word == "." || word.starts_with(['.', '/', '~']) || word.rsplit_once('.').is_some_and(|(_, end)| matches!(end, "deb" | "whl")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::docker::command;

    #[test]
    fn what_is_no_list_has_a_reason() {
        let cases = [
            ("apt-get install -y ./*.deb", "where `./*.deb` is in the image, or which files it stands for, is not known"),
            ("pip install -e .", "a list installs `.`, and does not link to it"),
            (
                "pip install -r https://example.org/list.txt",
                "what `https://example.org/list.txt` lists is known when the image is built: keep a copy here, and write `pip file`",
            ),
            (
                "python -m pip install --constraint=/tmp/bounds.txt httpx",
                "a list has no bounds from a file: write `-c /tmp/bounds.txt` into a requirement file, and `pip file` of that",
            ),
            ("pip install --target /opt/lib httpx", "a list installs into the environment, and not into `/opt/lib`"),
            ("julia -e 'using Pkg; Pkg.add(\"A\"); f()'", "the expression does more than `Pkg.add` of names"),
        ];
        for (text, wanted) in cases {
            assert_eq!(kept(&command::read(text, &|_| None).unwrap()).as_deref(), Some(wanted), "{text}");
        }
        for text in ["apt-get -y install x", "pip install x", "make install", "julia -e 'f()'"] {
            assert_eq!(kept(&command::read(text, &|_| None).unwrap()), None, "{text}");
        }
    }
}
