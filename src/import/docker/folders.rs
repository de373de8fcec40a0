//! Folders that commands make, and those that are made before files go into them.

use super::command;
use super::stage::Stage;
use super::steps::{Act, Made, Script, Step};
use super::touched::changed;

impl Stage<'_> {
    /// The steps from one on that do nothing but make folders, as what they make.
    pub(super) fn take_folders(&mut self, from: usize) {
        for at in from..self.steps.len() {
            let made = match self.steps.get(at) {
                Some(Step { act: Act::Run(script), user, .. }) => self.made(script, user),
                _ => None,
            };
            let Some((made, step)) = made.zip(self.steps.get_mut(at)) else { continue };
            if let Act::Run(script) = std::mem::replace(&mut step.act, Act::Folder(made)) {
                script.commands.iter().for_each(|command| self.fill(command));
            }
        }
    }

    /// `mkdir -p /srv/data && chown jo:users /srv/data && chmod 750 /srv/data`, or `install -d`: what that makes.
    fn made(&self, script: &Script, user: &str) -> Option<Made> {
        let [first, rest @ ..] = script.commands.as_slice() else { return None };
        if *script != (Script { commands: script.commands.clone(), ..Script::default() }) {
            return None;
        }
        let root = user == "root";
        let words = self.words(first)?;
        let texts: Vec<&str> = words.iter().map(String::as_str).collect();
        let (mut made, mut above) = (Made { new: true, ..Made::default() }, false);
        let mut arguments = match texts.as_slice() {
            ["mkdir", arguments @ ..] => arguments.iter(),
            ["install", "-d", arguments @ ..] if root => {
                (above, made.mode) = (true, Some("755".to_owned()));
                arguments.iter()
            }
            _ => return None,
        };
        let (mut owner, mut group) = (None, None);
        while let Some(word) = arguments.next() {
            match *word {
                "-p" | "--parents" => above = true,
                "-v" => {}
                "-m" => made.mode = Some(mode(0o777, arguments.next()?)?),
                "-o" if texts.first() == Some(&"install") => owner = arguments.next(),
                "-g" if texts.first() == Some(&"install") => group = arguments.next(),
                option if option.starts_with('-') => return None,
                path => made.paths.push(self.folder(path)?),
            }
        }
        made.new = !above;
        if above && texts.contains(&"-m") && !texts.contains(&"install") {
            return None;
        }
        // Who is not root makes those above as well, and they are its own.
        let parent = |path: &String| path.rsplit_once('/').map(|(parent, _)| parent.to_owned());
        let account = self.state.known(user).filter(|account| account.gid.is_some());
        let home = account.and_then(|account| account.home);
        if !root && (self.state.known(user)?.gid.is_none() || above && !made.paths.iter().all(|path| parent(path) == home)) {
            return None;
        }
        made.owner = match (owner, group) {
            _ if !root => Some(user.to_owned()),
            (Some(owner), group) => self.whose(&group.map_or((*owner).to_owned(), |group| format!("{owner}:{group}")))?,
            (None, Some(_)) => return None,
            (None, None) => None,
        };
        rest.iter().try_for_each(|command| self.settled(&mut made, command, root))?;
        (!made.paths.is_empty()).then_some(made)
    }

    /// Gives folders that were just made the owner or the mode that a command gives them.
    fn settled(&self, made: &mut Made, command: &str, root: bool) -> Option<()> {
        let words = self.words(command)?;
        // In a new folder there is nothing else.
        let texts: Vec<&str> = words.iter().map(String::as_str).filter(|word| !made.new || *word != "-R").collect();
        let [program, said, paths @ ..] = texts.as_slice() else { return None };
        let paths: Vec<String> = paths.iter().map(|path| self.folder(path)).collect::<Option<_>>()?;
        match *program {
            _ if paths != made.paths => return None,
            "chown" if root => made.owner = self.whose(said)?,
            "chmod" => {
                let before = made.mode.as_ref().and_then(|mode| u32::from_str_radix(mode, 8).ok()).or(made.new.then_some(0o755));
                // A number says all, whatever the mode is.
                let before = before.or_else(|| said.bytes().all(|byte| byte.is_ascii_digit()).then_some(0))?;
                made.mode = Some(mode(before, said)?);
            }
            _ => return None,
        }
        Some(())
    }

    fn words(&self, text: &str) -> Option<Vec<String>> {
        let known = |name: &str| self.state.value(name).filter(|value| !value.contains('$'));
        let command = command::read(text, &known).filter(|command| !command.sudo && command.assigned.is_empty())?;
        let braces = text.matches('{').count() > text.matches("${").count();
        let plain = command.redirects.is_empty() && !braces && !text.contains(['*', '?', '[', '~', '`']);
        plain.then(|| command.texts().into_iter().map(str::to_owned).collect())
    }

    /// The path of a folder, where it is known.
    fn folder(&self, path: &str) -> Option<String> {
        let path = self.state.absolute(path)?;
        let path = path.trim_end_matches('/');
        let plain = path.starts_with('/')
            && !path.contains(['$', '*', '?', '[', ' ', '\'', '"', '\\'])
            && !path.split('/').any(|part| part == "..");
        plain.then(|| path.to_owned())
    }

    /// The owner that `chown` and `install` are given: an account of its own group, or root of its own.
    #[expect(clippy::option_option, reason = "root is nobody that is named")]
    fn whose(&self, said: &str) -> Option<Option<String>> {
        let owner = self.state.owner(said);
        let known = match &owner {
            // A user without a group changes the group of nothing.
            Some(name) => {
                let has_group = self.state.known(name).is_some_and(|account| account.gid.is_some());
                has_group && said.contains(':') && !said.ends_with(':') && !name.contains([':', '$'])
            }
            None => matches!(said, "root:root" | "0:0" | "root:0" | "0:root"),
        };
        known.then_some(owner)
    }
}

fn mode(before: u32, said: &str) -> Option<String> {
    let mode = changed(before, said)?;
    (mode | (mode & 0o444) >> 2 == mode).then(|| format!("{mode:03o}"))
}

/// Takes out `mkdir -p` of folders that the copies, downloads and written files right behind it make of their own accord.
pub(super) fn without_folders(steps: &mut [Step]) {
    for at in (0..steps.len()).rev() {
        let Some((one, behind)) = steps.get_mut(at..).and_then(<[Step]>::split_first_mut) else { continue };
        let Act::Folder(Made { paths, owner: None, mode: None, .. }) = &one.act else { continue };
        let targets: Vec<&str> = behind
            .iter()
            .map_while(|step| match &step.act {
                Act::Copy(copied) => Some(copied.to.as_str()),
                Act::Fetch(fetched) => Some(fetched.to.as_str()),
                Act::File(written) => Some(written.to.as_str()),
                _ => None,
            })
            .collect();
        let made = |path: &String| targets.iter().any(|target| target.starts_with(&format!("{path}/")));
        if paths.iter().all(made) {
            one.act = Act::Nothing;
            let notes = std::mem::take(&mut one.notes);
            if let Some(next) = behind.first_mut() {
                next.notes.splice(0..0, notes).for_each(drop);
            }
        }
    }
}
