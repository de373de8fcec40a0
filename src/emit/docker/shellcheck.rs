//! Where shellcheck, as hadolint runs it, takes what a `RUN` means for a mistake.

/// Programs that expand what they get, so that shellcheck asks nothing of them.
const EXPANDING: [&str; 21] = [
    "trap",
    "sh",
    "bash",
    "ksh",
    "zsh",
    "ssh",
    "eval",
    "xprop",
    "alias",
    "sudo",
    "doas",
    "run0",
    "docker",
    "podman",
    "oc",
    "dpkg-query",
    "jq",
    "rename",
    "rg",
    "unset",
    "git",
];

/// Whether a `RUN` has something in single quotes that looks as if it were to be expanded (SC2016): text that another shell
/// will read, a start-up file or a repository's definition.
pub(super) fn dollars_in_quotes(run: &str) -> bool {
    if !run.contains(['$', '`']) || !run.contains('\'') {
        return false;
    }
    let mut command = String::new();
    let mut word = Some(String::new());
    let mut single: Option<String> = None;
    let mut double = false;
    for line in run.lines().filter(|line| !line.trim_start().starts_with('#')) {
        let mut characters = line.chars();
        while let Some(c) = characters.next() {
            if let Some(text) = &mut single {
                if c != '\'' {
                    text.push(c);
                } else if single.take().is_some_and(|text| expands(&text) && is_asked(&command)) {
                    return true;
                }
                continue;
            }
            match c {
                '\\' => {
                    characters.next();
                }
                '"' => double = !double,
                '\'' if !double => single = Some(String::new()),
                ';' | '|' | '&' | '(' | '{' if !double => {
                    command.clear();
                    word = Some(String::new());
                }
                ' ' => {
                    if let Some(found) = word.take_if(|word| !word.is_empty()) {
                        // Assignments and the words of compound commands stand before the command.
                        let before = found.contains('=') || matches!(found.as_str(), "RUN" | "then" | "else" | "do" | "if" | "while" | "!");
                        if before {
                            word = Some(String::new());
                        } else {
                            command = found;
                        }
                    }
                }
                _ => {
                    if let Some(word) = &mut word {
                        word.push(c);
                    }
                }
            }
        }
        if let Some(text) = &mut single {
            text.push('\n');
        }
    }
    false
}

/// Whether a text holds `$name`, `${`, `$(` or a pair of backticks.
fn expands(text: &str) -> bool {
    let follows = |c: char| c.is_ascii_alphanumeric() || "_{(".contains(c);
    text.split('$').skip(1).any(|rest| rest.starts_with(follows)) || text.matches('`').count() > 1
}

/// Whether shellcheck asks about the arguments of a command. In those of `sed`, `$d` and its like are addresses; it is ignored for all.
fn is_asked(command: &str) -> bool {
    let name = command.rsplit('/').next().unwrap_or(command);
    !EXPANDING.contains(&name) && name != "sed" && !name.ends_with("awk") && !name.starts_with("perl")
}

#[cfg(test)]
mod tests {
    use super::dollars_in_quotes;

    #[test]
    fn text_for_another_shell_is_seen() {
        assert!(dollars_in_quotes("RUN echo 'eval \"$(conda shell.bash hook)\"' >> /etc/skel/.bashrc"));
        assert!(dollars_in_quotes("RUN set -eu; \\\n    # it's\n    printf '%s\\n' 'baseurl=https://example.org/$basearch/' > /etc/x"));
        assert!(dollars_in_quotes("RUN A=1 echo '`date`'"));
    }

    #[test]
    fn what_expands_itself_is_not() {
        for run in [
            "RUN bash -c 'echo $HOME'",
            "RUN echo a && \\\n    awk '{ print $1 }' x",
            "RUN echo \"it's $HOME\"",
            "RUN sed -i 's/x$/y/' z",
            "RUN echo 'costs 5 $'",
            "RUN echo $HOME 'a' ${HOME}",
        ] {
            assert!(!dollars_in_quotes(run), "{run}");
        }
    }
}
