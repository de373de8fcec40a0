//! The script of a `RUN` → lists and shell steps, in the order in which they were.

mod behind;
mod decided;
mod reach;

use std::ops::Range;

use super::activated::activates;
use super::chain::{self, Part, cut};
use super::command;
use super::lists::{Read, kept};
use super::parts::{block, is_apt, needs_index, outside_of_quotes, prints, unwrapped, without_unset};
use super::read::Instruction;
use super::reasons::comment;
use super::script::folded;
use super::stage::Stage;
use super::steps::{Act, PIPES, Script, Step, add_state, is_state};
use super::words::pairs;
use crate::import::RemarkKind::{self, Changed, KeptAsRun};
use crate::shell::installing;
use behind::{joins, swallowed};

type Note = (RemarkKind, String);

/// What a script has become so far.
struct Cuts<'s, 'a> {
    stage: &'s mut Stage<'a>,
    one: &'s Instruction,
    /// What is mounted for all of it.
    around: Script,
    notes: Vec<Note>,
    /// Commands that hold for all behind them.
    state: Vec<String>,
    /// Steps of this script.
    steps: Vec<Step>,
    /// Whether what follows must stay together.
    together: bool,
    /// Variables that a command has computed: what reads them, and all before that, must stay together with it.
    computed: Vec<String>,
    /// Up to where comments are in a list already.
    commented: usize,
    /// Whether a download may be there for one command alone.
    loads: bool,
    /// The commands behind this one, how many of them are done with it, and archives that they would take away.
    ahead: Vec<String>,
    taken: usize,
    gone: Vec<String>,
}

impl Stage<'_> {
    /// Reads a script; `loads` says whether a download may be of one list alone.
    pub(super) fn cut_with(&mut self, one: &Instruction, script: &Instruction, (around, notes): (Script, Vec<Note>), loads: bool) {
        let filled = super::arrays::inlined(script);
        let script = &self.decided(filled.as_ref().unwrap_or(script));
        let (text, stops) = match without_unset(&script.text) {
            Some(rest) => (rest, false),
            None => (script.text.as_str(), self.state.stops),
        };
        let (parts, activated) = (cut(text, stops), self.state.activated.clone());
        // A list is installed with `uv` as well.
        let together = around.tools.iter().any(|(_, path)| !path.ends_with("/uv"));
        let mut cuts = Cuts {
            stage: self,
            one,
            around,
            notes,
            state: Vec::new(),
            steps: Vec::new(),
            together,
            computed: Vec::new(),
            commented: 0,
            loads,
            ahead: Vec::new(),
            taken: 0,
            gone: Vec::new(),
        };
        let shift = script.text.len() - text.len();
        for (at, part) in parts.iter().enumerate() {
            cuts.ahead = parts.iter().skip(at + 1).map(|part| part.text.clone()).collect();
            let (before, range) = (cuts.size(), part.range.start + shift..part.range.end + shift);
            let said = cuts.notes.len();
            match cuts.taken.checked_sub(1) {
                Some(left) => cuts.taken = left,
                None if part.goes_on => cuts.going_on(&part.text),
                None => cuts.part(&part.text, script, range.start),
            }
            cuts.leaves(&part.text);
            if cuts.size() != before {
                cuts.comments(script, &range);
                cuts.remarks(before.0, said);
            }
        }
        let Cuts { steps: made, notes, .. } = cuts;
        self.state.activated = activated;
        let at = self.steps.len();
        self.steps.extend(made);
        self.take_folders(at);
        match self.steps.get_mut(at) {
            Some(first) => first.notes.splice(0..0, notes).for_each(drop),
            None if !notes.is_empty() => {
                let (user, place) = (self.state.user.clone(), self.place_of(one));
                self.steps.push(Step { act: Act::Nothing, user, place, above: Vec::new(), notes });
            }
            None => {}
        }
    }
}

impl Cuts<'_, '_> {
    fn push(&mut self, act: Act) {
        let (user, place) = (self.stage.state.user.clone(), self.stage.place_of(self.one));
        self.steps.push(Step { act, user, place, above: Vec::new(), notes: Vec::new() });
    }

    /// How many steps there are, and how many commands the last one has.
    fn size(&self) -> (usize, usize) {
        let commands = match self.steps.last().map(|step| &step.act) {
            Some(Act::Run(script)) => script.commands.len(),
            Some(Act::List(_, then)) => then.len(),
            _ => 0,
        };
        (self.steps.len(), commands)
    }

    /// Puts the comments up to the end of a part that no list has over the step that it went into.
    fn comments(&mut self, script: &Instruction, part: &Range<usize>) {
        // Those within a command of a here-document are in its text.
        let end = if script.documents.is_empty() { part.end } else { part.start };
        let mine = script.comments.iter().filter(|(at, words)| (self.commented..end).contains(at) && !words.is_empty());
        if let Some(step) = self.steps.last_mut() {
            step.above.extend(mine.map(|(_, words)| words.clone()));
            self.commented = self.commented.max(end);
        }
    }

    /// A command in which a failure stops nothing.
    fn going_on(&mut self, part: &str) {
        self.stage.installs.0 += installing(part);
        if !self.is_said(&swallowed()) {
            self.notes.push(swallowed());
        }
        self.pipe(part, true);
        self.add(part, true);
    }

    fn part(&mut self, part: &str, script: &Instruction, start: usize) {
        if let Some(lines) = block(part) {
            return self.block(&lines);
        }
        if self.state.is_empty() {
            return self.command_of(part, script, start);
        }
        // `cd` and variables hold for this script alone.
        let state = &self.stage.state;
        let around = (state.workdir.clone(), state.env.clone());
        for said in &self.state {
            if let Some(folder) = said.strip_prefix("cd ") {
                self.stage.state.workdir = Some(self.stage.state.absolute(folder.trim()).unwrap_or_default());
                continue;
            }
            if activates(said) {
                continue;
            }
            for (name, value) in pairs(said.strip_prefix("export ").unwrap_or(said)) {
                if value.contains("$(") {
                    self.stage.state.env.remove(&name);
                } else {
                    let value = self.stage.state.expand(&value);
                    self.stage.state.env.insert(name, value);
                }
            }
        }
        self.command_of(part, script, start);
        (self.stage.state.workdir, self.stage.state.env) = around;
    }

    fn command_of(&mut self, part: &str, script: &Instruction, start: usize) {
        let unwrapped = unwrapped(part);
        if let Some(text) = unwrapped.as_deref().filter(|text| without_unset(text).is_some()) {
            return self.block(text);
        }
        if let Some(text) = unwrapped.as_deref().filter(|text| cut(text, true).len() > 1) {
            return self.block(text);
        }
        let bare = unwrapped.as_deref().unwrap_or(part);
        if self.sets_state(bare) || self.writes(bare) || self.downloads(bare) {
            return;
        }
        let (read, command) = self.stage.list(bare, &self.options());
        let texts = command.as_ref().map(command::Command::texts).unwrap_or_default();
        self.stage.state.learn(&texts);
        match read {
            Read::Lists(lists, notes) if self.bootstraps(&lists, &texts) => {
                self.counts(bare);
                self.notes.extend(notes);
                self.together = false;
                let tools = std::mem::take(&mut self.around.tools);
                for mut list in lists {
                    self.commented = comment(&mut list, script, start, self.commented);
                    list.options.push("bootstrap".to_owned());
                    (list.tool, list.tools) = (None, tools.clone());
                    self.push(Act::List(list, Vec::new()));
                }
            }
            _ if self.binds(bare) => {
                self.stage.installs.0 += installing(bare);
                self.command(bare);
            }
            Read::Written => self.stage.indexed |= is_apt(&texts) && texts.contains(&"update"),
            Read::Lists(lists, _) if self.passes(&lists) || self.lacks(&lists) => {
                self.stage.installs.0 += 1;
                self.command(bare);
            }
            Read::Lists(lists, notes) if self.reaches(&lists) && !self.steers() => {
                self.counts(bare);
                self.notes.extend(notes);
                let brought = lists.iter().filter_map(|list| list.tool.as_ref()).filter(|tool| tool.contains('/'));
                let stays = |tool: &String| (Changed, format!("`{tool}` stays in the layer of the step that has made it"));
                self.notes.extend(brought.map(stays));
                self.remark_exports(&lists);
                for mut list in lists {
                    self.commented = comment(&mut list, script, start, self.commented);
                    list.tools.clone_from(&self.around.tools);
                    self.makes(&mut list, bare);
                    self.push(Act::List(list, Vec::new()));
                }
            }
            Read::Other if self.begins(command.as_ref()) => {}
            Read::Other | Read::Lists(..) => {
                self.stage.installs.0 += installing(bare);
                if !self.stage.checks(bare) && !prints(bare) && !self.touches(&texts) {
                    self.notes.extend(command.as_ref().and_then(kept).map(|words| (KeptAsRun, words)));
                    // What the compiler does around its lists is done around this command.
                    let needs = self.stage.indexed && is_apt(&bare.split_whitespace().collect::<Vec<_>>()) && needs_index(bare);
                    needs.then_some("apt-get update").into_iter().for_each(|update| self.command(update));
                    self.command(bare);
                    needs.then_some("rm -rf /var/lib/apt/lists/*").into_iter().for_each(|clean| self.command(clean));
                }
            }
        }
    }

    /// Does something with the steps of this script behind those of the stage.
    fn with_all<T>(&mut self, act: impl FnOnce(&mut Stage<'_>) -> T) -> T {
        let before = self.stage.steps.len();
        self.stage.steps.append(&mut self.steps);
        let done = act(self.stage);
        self.steps = self.stage.steps.split_off(before);
        done
    }

    /// Takes a file that is written in full.
    fn writes(&mut self, part: &str) -> bool {
        if self.binds(part) || self.around != Script::default() {
            return false;
        }
        let (ahead, one) = (self.ahead.clone(), self.one);
        self.with_all(|stage| stage.write(part, &ahead, one))
    }

    /// Takes a download, with the commands that belong to it.
    fn downloads(&mut self, part: &str) -> bool {
        let removed = |path: &str| path.starts_with('-') || self.stage.state.absolute(path).is_some_and(|path| self.gone.contains(&path));
        if part.strip_prefix("rm ").is_some_and(|rest| !self.gone.is_empty() && rest.split_whitespace().all(removed)) {
            return true;
        }
        if let Some(rest) = self.stage.removed(part) {
            if !rest.is_empty() {
                self.command(&rest);
            }
            return true;
        }
        if let Some((file, loaded, taken)) = self.stage.load(part, &self.ahead).filter(|_| self.loads && !self.binds(part)) {
            self.stage.fill(part);
            self.stage.loaded.insert(file, loaded);
            self.taken = taken;
            return true;
        }
        let plain = !self.stage.compiled && !self.binds(part) && self.around == Script::default();
        let Some(found) = self.stage.download(part, &self.ahead).filter(|_| plain) else { return false };
        self.stage.fill(part);
        if let Some(Act::Run(before)) = self.steps.last_mut().map(|step| &mut step.act) {
            // A download makes its folder.
            let to = match (found.fetched.unpack, found.fetched.to.rsplit_once('/')) {
                (None, Some((folder, _))) => folder,
                _ => found.fetched.to.trim_end_matches('/'),
            };
            let makes = |text: &str| text.strip_prefix("mkdir ").is_some_and(|rest| rest.trim_start_matches("-p ").trim_matches('"') == to);
            if found.fetched.owner.is_none() && before.commands.last().is_some_and(|text| makes(text)) {
                before.commands.pop();
            }
        }
        self.steps.retain(|step| !matches!(&step.act, Act::Run(script) if script.commands.is_empty()));
        self.notes.extend(found.notes);
        self.taken = found.taken;
        self.gone.extend(found.gone);
        self.push(Act::Fetch(found.fetched));
        true
    }

    /// A block of lines that the compiler wrote.
    fn block(&mut self, text: &str) {
        let (text, stops) = without_unset(text).map_or((text, true), |rest| (rest, false));
        for Part { text, goes_on, .. } in cut(text, stops) {
            if goes_on {
                self.pipe(&text, true);
                self.add(&text, true);
            } else if !self.sets_state(&text) {
                self.command(&text);
            }
        }
    }

    /// `cd`, `export` and `set` hold for what follows; what nobody can repeat keeps the rest together.
    fn sets_state(&mut self, part: &str) -> bool {
        let mut words = part.split_whitespace();
        match words.next() {
            Some("set") => {
                let kept: Vec<&str> = words.collect();
                let known = |word: &&str| {
                    matches!(*word, "pipefail" | "errexit" | "xtrace" | "nounset")
                        || word.strip_prefix('-').is_some_and(|letters| letters.chars().all(|letter| "eEuxo".contains(letter)))
                        || matches!(*word, "+o" | "+x" | "+u")
                };
                if kept.iter().all(known) {
                    return true;
                }
            }
            Some("export") if part.contains("DEBIAN_FRONTEND") => return true,
            _ if is_state(part) => {
                add_state(&mut self.state, part);
                self.activate(part);
                return true;
            }
            Some("conda" | "mamba" | "micromamba") if words.next().is_some_and(|verb| verb.ends_with("activate")) => self.together = true,
            Some("source" | "." | "eval" | "export" | "umask" | "trap" | "exec" | "exit") => self.together = true,
            Some(word) if crate::shell::is_assignment(word) => {
                let computed = ["=$(", "=\"$(", "`"].iter().any(|sign| word.contains(sign));
                let name = word.split_once('=').map(|(name, _)| name.to_owned());
                if let Some(name) = name.filter(|_| computed) {
                    self.state.retain(|said| said.split_once('=').is_none_or(|(known, _)| known != name));
                    self.computed.push(name);
                }
            }
            _ => {}
        }
        false
    }

    /// Adds a command to the step before, where that is of this script.
    fn command(&mut self, part: &str) {
        let part = part.trim();
        self.pipe(part, false);
        self.add(part, false);
    }

    fn add(&mut self, part: &str, goes_on: bool) {
        let part = part.to_owned();
        let needed = self.needed(&part);
        match self.steps.last_mut().map(|step| &mut step.act) {
            Some(Act::List(list, then))
                if needed.is_empty()
                    && !goes_on
                    && !self.together
                    && self.around == Script::default()
                    && joins(list, &part, &self.stage.state) =>
            {
                then.push(folded(&part).into_owned());
            }
            Some(Act::Run(script)) => {
                let mut now: Vec<String> = script.state.clone();
                script.commands.iter().filter(|command| is_state(command)).for_each(|command| add_state(&mut now, command));
                let new = needed.into_iter().filter(|state| !now.contains(state));
                script.commands.extend(new.chain([part]));
                script.goes_on |= goes_on;
            }
            _ => {
                let script = Script { state: needed, commands: vec![part], goes_on, ..self.around.clone() };
                self.push(Act::Run(script));
            }
        }
    }

    /// A pipe whose first part fails without anyone noticing stops the build now, unless commands follow it within the same one.
    fn pipe(&mut self, part: &str, goes_on: bool) {
        let early = ["| head", "|head", "| grep -q", "yes |"].iter().any(|end| part.contains(end));
        let pipe = outside_of_quotes(part).replace("||", "").contains('|');
        if !pipe || self.stage.state.pipefail || part.contains("<<") {
            return;
        }
        if early || goes_on || chain::goes_on(part) {
            self.state.push(PIPES.to_owned());
        } else {
            self.notes.push((Changed, "a failure in the first part of the pipe stops the build now".to_owned()));
        }
    }
}
