//! Modes and owners that commands give to files behind the step that brings them: the language says them with the step.

use super::stage::Stage;
use super::steps::{Act, Step, is_small};

impl Stage<'_> {
    /// Gives files the mode or the owner that a command gives them, in the steps that bring them. Whether it could: each of these steps
    /// brings no other file, and none of the steps between uses them.
    pub(super) fn touch(&mut self, texts: &[&str]) -> bool {
        let [program @ ("chmod" | "chown"), rest @ ..] = texts else { return false };
        let mut words = rest.iter().filter(|word| !matches!(**word, "-v" | "-R" | "--recursive"));
        let Some(said) = words.next().filter(|said| !said.starts_with('-')) else { return false };
        let Some(files) = words.map(|path| self.state.absolute(path).filter(|path| !path.contains(['*', '?', '[']))).collect() else {
            return false;
        };
        let files: Vec<String> = files;
        let Some(brings) = self.bringing(&files).filter(|_| !files.is_empty()) else { return false };
        let first = brings.iter().min().copied().unwrap_or_default();
        let between = self.steps.get(first..).unwrap_or_default();
        if !between.iter().all(|step| leaves(step, &files)) {
            return false;
        }
        let mut changed = Vec::new();
        for at in brings {
            let Some(step) = self.steps.get(at) else { return false };
            let Some(act) = (if *program == "chmod" { self.with_mode(step, said) } else { self.with_owner(step, said) }) else {
                return false;
            };
            changed.push((at, act));
        }
        for (at, act) in changed {
            if let Some(step) = self.steps.get_mut(at) {
                step.act = act;
            }
        }
        true
    }

    /// The steps that bring these files and no others.
    fn bringing(&self, files: &[String]) -> Option<Vec<usize>> {
        let mut all: Vec<usize> = Vec::new();
        for file in files {
            let at = self.steps.iter().rposition(|step| self.brought(step).is_some_and(|brought| brought.contains(file)))?;
            if self.steps.get(at).and_then(|step| self.brought(step))?.iter().any(|other| !files.contains(other)) {
                return None;
            }
            if !all.contains(&at) {
                all.push(at);
            }
        }
        Some(all)
    }

    /// The files that a step brings, by their paths in the image; `None` where it brings folders, or who knows what.
    fn brought(&self, step: &Step) -> Option<Vec<String>> {
        let within = |to: &str, path: &str| {
            let file = path.split(['?', '#']).next().unwrap_or(path).rsplit('/').next().unwrap_or_default();
            if to.ends_with('/') { format!("{to}{file}") } else { to.to_owned() }
        };
        match &step.act {
            Act::Copy(copied) if copied.from.is_none() && !copied.pattern => {
                let files = copied.paths.iter().all(|path| (self.file_at)(path).is_some());
                files.then(|| copied.paths.iter().map(|path| within(&copied.to, path)).collect())
            }
            Act::Fetch(fetched) if fetched.unpack.is_none() => Some(vec![within(&fetched.to, &fetched.url)]),
            Act::File(file) => Some(vec![file.to.clone()]),
            _ => None,
        }
    }

    fn with_mode(&self, step: &Step, said: &str) -> Option<Act> {
        let number = |text: &String| u32::from_str_radix(text, 8).ok();
        let mut act = step.act.clone();
        if let Act::File(file) = &mut act {
            file.mode = format!("{:03o}", changed(number(&file.mode)?, said)?);
            return Some(act);
        }
        let (mode, before) = match &mut act {
            Act::Copy(copied) => {
                let of = |path: &String| (self.file_at)(path).map(|executable| if executable { 0o755 } else { 0o644 });
                let before: Vec<u32> = match copied.mode.as_ref() {
                    Some(mode) => vec![number(mode)?],
                    None => copied.paths.iter().map(of).collect::<Option<_>>()?,
                };
                (&mut copied.mode, before)
            }
            Act::Fetch(fetched) => {
                let before = fetched.mode.as_ref().and_then(number)?;
                (&mut fetched.mode, vec![before])
            }
            _ => return None,
        };
        let after: Vec<u32> = before.iter().map(|before| changed(*before, said)).collect::<Option<_>>()?;
        let one = *after.first().filter(|one| after.iter().all(|other| other == *one))?;
        *mode = Some(format!("{one:03o}"));
        Some(act)
    }

    fn with_owner(&self, step: &Step, said: &str) -> Option<Act> {
        // Without a group, that of the file stays.
        let (_, group) = said.split_once(':')?;
        let new = self.state.owner(said);
        if group.is_empty() || new.as_ref().is_some_and(|new| new.contains(':')) {
            return None;
        }
        let mut act = step.act.clone();
        match &mut act {
            Act::Copy(copied) => copied.owner = new,
            Act::Fetch(fetched) => fetched.owner = new,
            Act::File(file) => file.owner = new,
            _ => return None,
        }
        Some(act)
    }
}

/// Whether a step does nothing with files: it is no command, or a small one that does not name them.
pub(super) fn leaves(step: &Step, files: &[String]) -> bool {
    let name = |file: &String| file.rsplit('/').next().unwrap_or_default().to_owned();
    match &step.act {
        Act::Run(script) => {
            let apart = |command: &String| is_small(command) && !files.iter().any(|file| command.contains(&name(file)));
            script.state.is_empty() && script.commands.iter().all(apart)
        }
        Act::List(_, then) => then.is_empty(),
        _ => true,
    }
}

/// The mode that `chmod` leaves, where a mask of 022 holds.
pub(super) fn changed(mode: u32, said: &str) -> Option<u32> {
    if said.bytes().all(|byte| matches!(byte, b'0'..=b'7')) && matches!(said.trim_start_matches('0').len(), 3 | 4) {
        return u32::from_str_radix(said, 8).ok();
    }
    let mut mode = mode;
    for clause in said.split(',') {
        let at = clause.find(['+', '-', '='])?;
        let (who, rest) = clause.split_at(at);
        let mask = match who {
            "" => 0o755,
            who => who.chars().try_fold(0, |mask, c| {
                let bits = match c {
                    'u' => 0o700,
                    'g' => 0o070,
                    'o' => 0o007,
                    'a' => 0o777,
                    _ => return None,
                };
                Some(mask | bits)
            })?,
        };
        let bits = rest.get(1..)?.chars().try_fold(0, |bits, c| {
            let asked = match c {
                'r' => 0o444,
                'w' => 0o222,
                'x' => 0o111,
                'X' if mode & 0o111 > 0 => 0o111,
                'X' => 0,
                _ => return None,
            };
            Some(bits | asked)
        })?;
        mode = match rest.get(..1)? {
            "+" => mode | bits & mask,
            "-" => mode & !(bits & mask),
            _ => mode & !mask | bits & mask,
        };
    }
    Some(mode)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modes_are_what_chmod_leaves() {
        for (before, said, wanted) in [
            (0o644, "+x", Some(0o755)),
            (0o644, "a+rx", Some(0o755)),
            (0o644, "0755", Some(0o755)),
            (0o644, "u=rwx,go=rx", Some(0o755)),
            (0o644, "+w", Some(0o644)),
            (0o644, "a+w", Some(0o666)),
            (0o755, "go-rx", Some(0o700)),
            (0o644, "+X", Some(0o644)),
            (0o644, "1777", Some(0o1777)),
            (0o644, "g+s", None),
            (0o644, "x", None),
        ] {
            assert_eq!(changed(before, said), wanted, "{before:o} {said}");
        }
    }
}
