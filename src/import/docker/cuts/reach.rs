//! Whether a command becomes a list, as far as what is around it decides: variables, mounts, the list before.

use super::Cuts;
use crate::import::RemarkKind::{self, Changed, Decide, KeptAsRun};
use crate::import::docker::activated::{activated, activates};
use crate::import::docker::command::Command;
use crate::import::docker::left::left;
use crate::import::docker::lists::{List, Makes, Read, begins, is_harmless, is_option, steers};
use crate::import::docker::parts::outside_of_quotes;
use crate::import::docker::steps::{Act, PIPES, STATEMENT, Step, is_small};
use crate::import::docker::words::names;

impl Cuts<'_, '_> {
    /// Whether a command must stay where it is: a variable is computed before it that it reads, or a command behind it.
    pub(super) fn binds(&self, part: &str) -> bool {
        let texts = || std::iter::once(part).chain(self.ahead.iter().map(String::as_str));
        self.together || self.computed.iter().any(|name| texts().any(|text| names(text).contains(&name.as_str())))
    }

    /// Remembers which environment of conda a command activates: without its name, what follows stays together.
    pub(super) fn activate(&mut self, part: &str) {
        if let Some(environment) = activated(part, &self.stage.state) {
            self.stage.fill(part);
            self.together |= environment.is_empty();
            self.stage.state.activated = Some(environment);
        }
    }

    /// Remembers what a command of several leaves for those behind it: variables, the folder, options of the shell.
    pub(super) fn leaves(&mut self, part: &str) {
        let (names, others) = left(part);
        self.state.retain(|said| !said.split_once('=').is_some_and(|(name, _)| names.iter().any(|left| left == name)));
        self.computed.extend(names);
        self.together |= others;
    }

    /// What must be said before a command that stays: folders, what is exported, and the variables that it reads.
    pub(super) fn needed(&self, part: &str) -> Vec<String> {
        let (left, _) = left(part);
        let mut read: Vec<&str> = names(part);
        read.extend(left.iter().map(String::as_str));
        let pipes = outside_of_quotes(part).contains('|');
        let mut kept = Vec::new();
        for said in self.state.iter().rev() {
            let exported = said.strip_prefix("export ");
            let name = said.split_once('=').map_or("", |(name, _)| name);
            let active = activates(said) && !is_small(part);
            if said.starts_with("cd ") || said == PIPES && pipes || active || exported.is_some() || read.contains(&name) {
                read.extend(names(said));
                read.extend(exported.into_iter().flat_map(str::split_whitespace));
                kept.push(said.clone());
            }
        }
        kept.reverse();
        kept
    }

    /// The variables that hold for what follows, of those that are exported and are no options of pip.
    fn exports(&self) -> impl Iterator<Item = &str> {
        self.exported().filter(|(name, value)| !is_option(name, value)).map(|(name, _)| name)
    }

    fn exported(&self) -> impl Iterator<Item = (&str, &str)> {
        let said = self.state.iter().filter_map(|said| said.strip_prefix("export "));
        said.flat_map(str::split_whitespace).filter_map(|word| word.split_once('='))
    }

    /// The exported variables that are options of pip.
    pub(super) fn options(&self) -> Vec<(String, String)> {
        let own = self.exported().filter(|(name, value)| is_option(name, value));
        own.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }

    /// Whether an exported variable tells a manager where or how to install: the command stays as it was.
    pub(super) fn steers(&self) -> bool {
        self.exports().any(|name| steers(name) || matches!(name, "CC" | "CXX") || name.ends_with("FLAGS"))
    }

    /// Remarks what of the shell does not hold while lists are installed: variables, and for pip what an activation sets.
    pub(super) fn remark_exports(&mut self, lists: &[List]) {
        let pip = lists.iter().any(|list| list.manager == "pip" && list.environment().is_some());
        if let Some(name) = self.stage.state.activated.clone().filter(|_| pip) {
            let note = (Changed, format!("`{name}` is not activated while pip installs to it: what its activation sets is not there"));
            if !self.is_said(&note) {
                self.notes.push(note);
            }
        }
        let names: Vec<String> = self.exports().filter(|name| !is_harmless(name)).map(|name| format!("`{name}`")).collect();
        if !names.is_empty() {
            let note = (Changed, format!("{} is not set while the list is installed", names.join(", ")));
            if !self.is_said(&note) {
                self.notes.push(note);
            }
        }
    }

    /// Whether lists go where those of the language do. In an environment of conda, `pip` has no other flags and no file there.
    pub(super) fn reaches(&self, lists: &[List]) -> bool {
        // What is mounted for the command is not there for a list.
        let mounted = |flag: &String| self.around.mounts.iter().any(|(_, at)| flag.contains(at.as_str()));
        let plain = |list: &List| list.file.is_none() && list.tool.is_none() && list.flags.is_empty();
        lists.iter().all(|list| !list.flags.iter().any(mounted) && (list.manager != "pip" || list.environment().is_none() || plain(list)))
    }

    /// Puts the remarks on a part to the first step that it has made, else to the one that it went into.
    pub(super) fn remarks(&mut self, steps: usize, from: usize) {
        let at = steps.min(self.steps.len().saturating_sub(1));
        if let Some(step) = self.steps.get_mut(at) {
            step.notes.extend(self.notes.drain(from..));
        }
    }

    /// Whether a remark is on the script already.
    pub(super) fn is_said(&self, note: &(RemarkKind, String)) -> bool {
        self.steps.iter().flat_map(|step| &step.notes).chain(&self.notes).any(|said| said == note)
    }

    /// Whether lists would make an environment anew that is made already, or that the base may have.
    pub(super) fn lacks(&mut self, lists: &[List]) -> bool {
        let state = &self.stage.state;
        let why = |name: &str, makes: Makes| match (state.environments.made.get(name), makes) {
            (Some(true), Makes::Environment) => Some(format!("the environment `{name}` is made a second time, which no list does")),
            (None, Makes::Missing) if state.environments.others && !state.environments.there.contains(&name) => {
                Some(format!("the base may have an environment `{name}`, which a list would make anew"))
            }
            _ => None,
        };
        let of = |list: &List| list.environment().map(str::to_owned);
        let first = |at: usize, list: &List| !lists.iter().take(at).any(|before| of(before) == of(list));
        let mut all = lists.iter().enumerate().filter(|(at, list)| first(*at, list));
        let words = all.find_map(|(_, list)| why(list.environment()?.strip_prefix("env ")?, list.makes));
        let note = words.map(|words| (KeptAsRun, words));
        self.notes.extend(note.clone());
        note.is_some()
    }

    /// Remembers the environment that a list makes, and says so of the list; of one that is there already, that it is.
    pub(super) fn makes(&mut self, list: &mut List, command: &str) {
        let Some(name) = list.environment().and_then(|option| option.strip_prefix("env ")).map(str::to_owned) else {
            list.makes = Makes::Nothing;
            return;
        };
        let state = &mut self.stage.state;
        let is_told = state.value("CONDA_DIR").is_some() || command.contains("/envs/") || state.environments.made.contains_key(&name);
        if state.environments.others && !is_told {
            let words = format!("the environment `{name}` goes to `/opt/conda/envs`: where conda is elsewhere, the image needs a `prefix`");
            self.notes.push((Decide, words));
        }
        let may_add = list.makes == Makes::Nothing || list.makes == Makes::Missing && state.environments.there.contains(&name.as_str());
        let statement = format!("provides {{ conda env {name} {{ }} }}");
        let made = state.environments.made.insert(name, true);
        // What only begins it has left the making to this list.
        let is_there = may_add && made != Some(false);
        if made.is_none() && is_there {
            self.push(Act::Setting(STATEMENT, statement.clone(), statement));
        }
        list.makes = if made == Some(true) || is_there { Makes::Nothing } else { Makes::Environment };
    }

    /// Whether a command makes an environment that the next list for it makes as well.
    pub(super) fn begins(&mut self, command: Option<&Command>) -> bool {
        let Some(name) = command.and_then(begins).filter(|name| !self.stage.state.environments.made.contains_key(name)) else {
            return false;
        };
        let wanted = format!("env {name}");
        for text in self.ahead.clone() {
            match self.stage.list(&text, &[]) {
                (Read::Lists(lists, _), _) if lists.first().is_some_and(|list| list.environment() == Some(&wanted)) => {
                    let taken = !self.together && self.computed.is_empty();
                    taken.then(|| self.stage.state.environments.made.insert(name, false));
                    return taken;
                }
                (Read::Lists(..), _) => {}
                (_, Some(command)) if !command.texts().iter().any(|word| word.contains(&name)) => {}
                (_, None) if !text.contains('$') && !text.contains(&name) => {}
                _ => return false,
            }
        }
        false
    }

    /// Whether a package is in a file or folder that this script makes and takes away.
    pub(super) fn passes(&mut self, lists: &[List]) -> bool {
        let state = &self.stage.state;
        let removed = |path: &str| {
            let mut words = self.ahead.iter().filter_map(|text| text.strip_prefix("rm ")).flat_map(str::split_whitespace);
            words.any(|word| state.absolute(word.trim_matches(['"', '\''])).is_some_and(|word| word.trim_end_matches('/') == path))
        };
        let fetched = |step: &Step, path: &str| matches!(&step.act, Act::Fetch(fetched) if fetched.to == path);
        let there = |path: &str| state.file(path).is_some() || self.stage.steps.iter().chain(&self.steps).any(|step| fetched(step, path));
        let makes = self.steps.iter().any(|step| matches!(step.act, Act::Run(_)));
        let items = lists.iter().filter(|_| makes).flat_map(|list| &list.items);
        let mut paths = items.filter_map(|item| item.text.split_once(" path \"")?.1.strip_suffix('"'));
        let passing = paths.find(|path| removed(path) && !there(path));
        let note = passing.map(|path| (KeptAsRun, format!("in a layer of its own, `{path}` would stay in the image")));
        self.notes.extend(note.clone());
        note.is_some()
    }

    /// Whether a list makes the installation of conda itself, by a program that is mounted for it.
    pub(super) fn bootstraps(&self, lists: &[List], texts: &[&str]) -> bool {
        let [(_, path)] = self.around.tools.as_slice() else { return false };
        let root = texts.iter().any(|word| word.starts_with("--root-prefix") || *word == "-r");
        let [list] = lists else { return false };
        let plain = list.options.iter().all(|option| option.starts_with("channel ")) && list.flags.is_empty();
        let values = self.state.iter().all(|said| !said.starts_with("cd ") && !said.starts_with("export ") && said != PIPES);
        self.steps.is_empty() && values && root && plain && list.tool.as_deref() == Some("micromamba") && path.ends_with("/micromamba")
    }

    /// Counts a command that is a list, and remembers the arguments that are written in it.
    pub(super) fn counts(&mut self, part: &str) {
        self.stage.installs.0 += 1;
        self.stage.installs.1 += 1;
        self.stage.fill(part);
        self.needed(part).iter().for_each(|said| self.stage.fill(said));
    }

    /// Whether a command gives files of steps before a mode or an owner, which is part of those steps now.
    pub(super) fn touches(&mut self, texts: &[&str]) -> bool {
        !self.stage.compiled && self.with_all(|stage| stage.touch(texts))
    }
}
