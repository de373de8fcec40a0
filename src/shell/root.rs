//! Commands that only the superuser can run.

use super::{Kind, is_assignment, tokens};

/// Package managers of distributions, with the subcommands that change the system.
const MANAGERS: [(&str, &[&str]); 6] = [
    ("apt-get", &CHANGES),
    ("apt", &CHANGES),
    ("dnf", &CHANGES),
    ("yum", &CHANGES),
    ("microdnf", &CHANGES),
    ("dpkg", &["-i", "--install", "-r", "--remove", "-P", "--purge", "--configure", "--add-architecture"]),
];

const CHANGES: [&str; 9] = ["install", "update", "upgrade", "dist-upgrade", "full-upgrade", "remove", "purge", "autoremove", "build-dep"];

/// Programs that write where only the superuser may.
const OTHERS: [&str; 7] = ["useradd", "usermod", "userdel", "groupadd", "groupmod", "locale-gen", "update-ca-certificates"];

/// The first command of a script that only the superuser can run, in two words at most; none where a script minds what fails.
pub(crate) fn of_root(script: &str) -> Option<String> {
    if script.contains("||")
        || script.contains("set +e")
        || !MANAGERS.iter().any(|(name, _)| script.contains(name)) && !OTHERS.iter().any(|name| script.contains(name))
    {
        return None;
    }
    let tokens = tokens(script);
    tokens.split(|token| token.kind == Kind::End).find_map(|command| {
        let words = command.iter().filter(|token| token.kind == Kind::Word).filter_map(|token| script.get(token.range.clone()));
        let mut words = words.skip_while(|word| is_assignment(word));
        let program = words.next()?;
        if OTHERS.contains(&program) {
            return Some(program.to_owned());
        }
        let (_, changes) = MANAGERS.iter().find(|(name, _)| *name == program)?;
        let subcommand = words.find(|word| changes.contains(word))?;
        Some(format!("{program} {subcommand}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_of_root_are_told_from_questions() {
        for (script, command) in [
            ("apt-get install -y curl", "apt-get install"),
            ("A=1 apt-get -y update && ls", "apt-get update"),
            ("cd /opt; dpkg -i x.deb", "dpkg -i"),
            ("groupadd lab", "groupadd"),
        ] {
            assert_eq!(of_root(script).as_deref(), Some(command), "{script}");
        }
        for script in
            ["apt-get download curl", "dpkg -l", "echo apt-get install", "sudo apt-get install curl", "apt-get update || true", ""]
        {
            assert_eq!(of_root(script), None, "{script}");
        }
    }
}
