//! Steps → statements of the language.

mod installs;

use std::collections::BTreeSet;

use super::images::Image;
use super::installers::Installers;
use super::reasons::comments;
use super::script;
use super::state::{Account, State};
use super::steps::{Act, Copied, Fetched, Made, Script, Step, Written, reads};
use crate::analyse::globs;
use crate::base::{Kind, parent_of};
use crate::import::RemarkKind::{Changed, Decide};
use crate::import::{Home, Item, Work, lines, name, quoted};

/// The statements of an image, without what it is built on.
pub(super) fn items<'w>(work: &'w mut Work<'_>, image: &'w Image, home: &Home, installers: &'w Installers, filled: bool) -> Vec<Item> {
    // What the steps of the image do not set, what it is built on sets.
    let own: BTreeSet<&str> =
        image.steps.iter().filter_map(|step| if let Act::Env(name, _) = &step.act { Some(name.as_str()) } else { None }).collect();
    let below = image.after.env.keys().map(String::as_str).filter(|name| !own.contains(name));
    let set = below.chain(image.before.env.keys().map(String::as_str)).chain(["HOME", "PATH"]).collect();
    let mut writer = Writer { work, home: home.clone(), installers, account: image.before.user.clone(), items: Vec::new(), filled, set };
    writer.steps(image);
    writer.items
}

/// The account that an image runs as.
pub(super) fn user(account: &Account) -> Item {
    let number = |key: &str, value: Option<u32>| value.map(|value| Item::Statement(format!("{key} = {value}")));
    let home = account.home.as_ref().map(|home| Item::Statement(format!("home = {}", quoted(home))));
    let items = number("uid", account.uid).into_iter().chain(number("gid", account.gid)).chain(home).collect();
    Item::Block { head: format!("user {}", super::lists::name(&account.name)), items }
}

struct Writer<'w, 'f> {
    work: &'w mut Work<'f>,
    home: Home,
    installers: &'w Installers,
    /// Who the image runs as at this point.
    account: String,
    items: Vec<Item>,
    /// Whether values that stand in the place of arguments are remarked.
    filled: bool,
    /// The variables that have values at this point.
    set: BTreeSet<&'w str>,
}

impl<'w> Writer<'w, '_> {
    fn steps(&mut self, image: &'w Image) {
        let steps: Vec<&Step> = image.steps.iter().collect();
        for (at, step) in steps.iter().enumerate() {
            if let Act::Arg(name, Some(value)) = &step.act
                && image.after.filled.contains(name)
                && self.filled
                && !image.args.iter().any(|(own, _)| own == name)
            {
                let words = format!("`{value}` is written in the place of the argument `{name}`: `--build-arg` does not set it");
                let remark = self.work.remark(Changed, step.place, words);
                self.items.push(remark);
            }
            let read = |other: &&Step| matches!(&step.act, Act::Arg(name, _) if reads(other, name));
            if matches!(step.act, Act::Arg(..)) && !steps.get(at..).unwrap_or_default().iter().copied().any(|other| read(&other)) {
                continue;
            }
            let mut behind = steps.get(at + 1..).unwrap_or_default().iter().map(|step| &step.act);
            let next = behind.find(|act| !matches!(act, Act::Nothing | Act::Setting(..) | Act::Arg(..)));
            if let (Act::List(list, _), Some(Act::List(inner, _))) = (&step.act, next)
                && inner.manager == "pip"
                && inner.environment().is_some_and(|environment| list.environment() == Some(environment))
            {
                self.become_caller(step, &image.after);
            }
            self.above(step);
            if let Act::Env(name, _) | Act::Arg(name, Some(_)) = &step.act {
                self.set.insert(name);
            }
            match (&step.act, next) {
                // Two lists side by side are one instruction: what was done between them stays there as a step of its own.
                (Act::List(list, then), Some(Act::List(other, _))) if !then.is_empty() && list.manager == other.manager => {
                    let alone = Step { act: Act::List(list.clone(), Vec::new()), ..(*step).clone() };
                    self.step(&alone, &image.after);
                    let between = Script { commands: then.clone(), ..Script::default() };
                    self.step(&Step { act: Act::Run(between), ..alone }, &image.after);
                }
                _ => self.step(step, &image.after),
            }
        }
        let last = &image.after.user;
        if *last != self.account {
            self.become_user(last, &image.after);
        }
    }

    /// Comments and remarks.
    fn above(&mut self, step: &Step) {
        self.items.extend(comments(&step.above).into_iter().map(Item::Comment));
        for (kind, text) in &step.notes {
            let comment = self.work.remark(*kind, step.place, text.clone());
            self.items.push(comment);
        }
    }

    fn become_user(&mut self, user_name: &str, state: &State) {
        user_name.clone_into(&mut self.account);
        self.items.push(match state.known(user_name) {
            Some(account) => user(&account),
            None => Item::Statement(format!("user {} {{ }}", super::lists::name(user_name))),
        });
    }

    /// Makes sure that a step can be done by who does it: ` as root`, or nothing.
    fn who(&mut self, step: &Step, state: &State) -> &'static str {
        if step.user == self.account {
            return "";
        }
        if step.user == "root" {
            return " as root";
        }
        self.become_user(&step.user, state);
        ""
    }

    /// Makes the image run as who does a step.
    fn become_caller(&mut self, step: &Step, state: &State) -> &'static str {
        if step.user != self.account {
            self.become_user(&step.user, state);
        }
        ""
    }

    /// Files can belong to an account from the line on that says who it is.
    fn owner(&mut self, owner: Option<&str>, state: &State) {
        let known = |owner: &&str| state.user == *owner || state.known(owner).is_some();
        if let Some(owner) = owner.filter(|_| self.account == "root").filter(known) {
            self.become_user(owner, state);
        }
    }

    fn step(&mut self, step: &Step, state: &State) {
        match &step.act {
            Act::List(list, then) => self.installs(step, list, then, state),
            Act::Run(script) => {
                let who = self.who(step, state);
                let statement = self.script(script, who);
                self.items.push(Item::Statement(statement));
            }
            Act::Copy(copied) => {
                self.owner(copied.owner.as_deref(), state);
                self.copy(step, copied);
            }
            Act::Fetch(fetched) => {
                self.owner(fetched.owner.as_deref(), state);
                let statement = fetch(fetched, &self.account);
                self.items.push(Item::Statement(statement));
            }
            Act::File(file) => {
                self.owner(file.owner.as_deref(), state);
                self.file(step, file);
            }
            Act::Folder(one) => self.folder(one, state),
            Act::Env(name, value) => {
                let statement = Item::Statement(format!("{} = {}", super::lists::name(name), quoted(value)));
                match self.items.last_mut() {
                    Some(Item::Block { head, items }) if head == "env" && step.above.is_empty() && step.notes.is_empty() => {
                        items.push(statement);
                    }
                    _ => self.items.push(Item::Block { head: "env".to_owned(), items: vec![statement] }),
                }
            }
            Act::Path(name, before, entries) => {
                let words: Vec<String> = entries.iter().map(|entry| quoted(entry)).collect();
                let words = if let [one] = words.as_slice() { one.clone() } else { format!("[{}]", words.join(", ")) };
                let verb = if *before { "prepend" } else { "append" };
                self.items.push(Item::Statement(format!("path {name} {verb} {words}")));
            }
            Act::Arg(name, value) => {
                let value = value.as_ref().map(|value| format!(" = {}", quoted(value))).unwrap_or_default();
                self.items.push(Item::Statement(format!("arg {name}{value}")));
            }
            Act::Workdir(path) => {
                if step.user != self.account && step.user != "root" {
                    self.become_user(&step.user, state);
                }
                self.items.push(Item::Statement(format!("workdir {}", quoted(path))));
            }
            Act::Setting(_, _, statement) => self.items.push(Item::Statement(statement.clone())),
            Act::Nothing => {}
        }
    }

    /// The path, as the program writes it, of the file that is at a path of the image.
    fn source(&mut self, path: &str) -> String {
        self.work.needs(path, &self.home)
    }

    fn script(&mut self, script: &Script, who: &str) -> String {
        let mounts: Vec<String> = script
            .mounts
            .iter()
            .map(|(source, at)| format!(" with {} at {}", quoted(&self.work.needs(source, &self.home)), quoted(at)))
            .collect();
        let tools = self.tools(&script.tools);
        format!("run{who}{}{tools}{} {}", script.provides, mounts.concat(), script::text(script, &self.set))
    }

    /// Declares programs that are mounted, and gives the words that name them.
    fn tools(&mut self, all: &[(String, String)]) -> String {
        let mut tools = String::new();
        for (from, path) in all {
            let tool = name(path.rsplit('/').next().unwrap_or_default(), "tool");
            let statement = Item::Statement(format!("tool {tool} from {from} bin {}", quoted(path)));
            if !self.items.contains(&statement) {
                self.items.push(statement);
            }
            tools.extend([" with ", &tool]);
        }
        tools
    }

    fn copy(&mut self, step: &Step, copied: &Copied) {
        let mut paths = Vec::new();
        for path in &copied.paths {
            paths.push(if copied.from.is_some() { path.clone() } else { self.path(step, copied, path) });
        }
        let paths: Vec<String> = paths.iter().map(|path| quoted(path)).collect();
        let from = copied.from.as_ref().map(|from| format!(" from {from}")).unwrap_or_default();
        let mode = copied.mode.as_ref().map(|mode| format!(" mode {mode}")).unwrap_or_default();
        let owner = match &copied.owner {
            Some(owner) if *owner == self.account => " owner user",
            _ => "",
        };
        let to = quoted(&copied.to);
        let lacks = self.may_lack(step, copied);
        let optional = if lacks { " optional" } else { "" };
        self.items.push(Item::Statement(format!("copy {}{from} to {to}{owner}{mode}{optional}", paths.join(" "))));
        let there = self.brought(copied);
        if !there.is_empty() {
            self.other_owner(step, copied.owner.as_deref(), &there.join(" "));
        }
    }

    fn file(&mut self, step: &Step, file: &Written) {
        let owner = if file.owner.as_deref() == Some(&self.account) { " owner user" } else { "" };
        let mode = if file.mode == "644" { String::new() } else { format!(" mode {}", file.mode) };
        self.items.push(Item::Statement(format!("file {}{owner}{mode} {}", quoted(&file.to), lines(&file.text))));
        self.other_owner(step, file.owner.as_deref(), &file.to);
    }

    /// Folders of another account than that of the image are made by a step of root's.
    fn folder(&mut self, one: &Made, state: &State) {
        self.owner(one.owner.as_deref(), state);
        let other = one.owner.as_ref().filter(|owner| **owner != self.account);
        let statement = match other {
            None => {
                let paths: Vec<String> = one.paths.iter().map(|path| quoted(path)).collect();
                let owner = if one.owner.is_some() { " owner user" } else { "" };
                let mode = one.mode.as_ref().map(|mode| format!(" mode {mode}")).unwrap_or_default();
                format!("folder {}{owner}{mode}", paths.join(" "))
            }
            Some(owner) => {
                let paths = one.paths.join(" ");
                let mode = one.mode.as_ref().map(|mode| format!(" && chmod {mode} {paths}")).unwrap_or_default();
                let who = if self.account == "root" { "" } else { " as root" };
                format!("run{who} {}", quoted(&format!("mkdir -p {paths} && chown {owner} {paths}{mode}")))
            }
        };
        self.items.push(Item::Statement(statement));
    }

    /// What a copy brings, for a step that gives it to somebody: files by their names where they go into a folder. What is not there
    /// belongs to nobody.
    fn brought(&self, copied: &Copied) -> Vec<String> {
        let is_there = |path: &&String| !copied.pattern || copied.from.is_some() || !globs::expand(self.work.files, path).is_empty();
        let is_file = |path: &String| matches!(self.work.files.kind(path), Ok(Kind::File { .. }));
        let files = |path: &str| globs::expand(self.work.files, path).iter().all(is_file);
        let there: Vec<&String> = copied.paths.iter().filter(is_there).collect();
        if there.is_empty() || copied.from.is_some() || !copied.to.ends_with('/') || !there.iter().all(|path| files(path)) {
            return there.first().map(|_| copied.to.clone()).into_iter().collect();
        }
        there.iter().map(|path| format!("{}{}", copied.to, path.rsplit('/').next().unwrap_or(path))).collect()
    }

    /// Gives files to another account than that of the image.
    fn other_owner(&mut self, step: &Step, owner: Option<&str>, to: &str) {
        let Some(owner) = owner.filter(|owner| *owner != self.account) else { return };
        let remark = self.work.remark(Changed, step.place, format!("the files belong to `{owner}` by a step of its own"));
        self.items.push(remark);
        let who = if self.account == "root" { "" } else { " as root" };
        self.items.push(Item::Statement(format!("run{who} {}", quoted(&format!("chown -R {owner} {to}")))));
    }

    /// Whether a pattern matches no file: `COPY` takes that, and so does `optional`.
    fn may_lack(&mut self, step: &Step, copied: &Copied) -> bool {
        let lacks: Vec<&String> = if copied.pattern && copied.from.is_none() {
            copied.paths.iter().filter(|path| globs::expand(self.work.files, path).is_empty()).collect()
        } else {
            Vec::new()
        };
        for path in &lacks {
            let remark = self.work.remark(Changed, step.place, format!("no file is `{path}`: nothing is copied until there is one"));
            self.items.push(remark);
        }
        !lacks.is_empty()
    }

    /// A path of the repository as the program writes it.
    fn path(&mut self, step: &Step, copied: &Copied, path: &str) -> String {
        let plain = path.split(['*', '?']).next().unwrap_or_default();
        let there = if plain.len() < path.len() { parent_of(plain) } else { path };
        let exists = matches!(self.work.files.kind(there), Ok(Kind::File { .. } | Kind::Folder));
        if !exists && !copied.pattern {
            let words = match path.split_once("${").and_then(|(_, rest)| rest.split_once('}')) {
                Some((name, _)) => format!("`{path}` is no file: nothing in this repository sets `{name}`, so say which one it is"),
                None => format!("`{path}` is not in this repository"),
            };
            let remark = self.work.remark(Decide, step.place, words);
            self.items.push(remark);
        }
        if there.len() < path.len() {
            let folder = self.work.needs(there, &self.home);
            return format!("{folder}{}", path.get(there.len()..).unwrap_or_default());
        }
        if !exists && copied.pattern && !self.work.beside() {
            return format!("{}files/{path}", self.home.up());
        }
        self.work.needs(path, &self.home)
    }
}

fn fetch(fetched: &Fetched, account: &str) -> String {
    let sum = fetched.sha256.as_ref().map(|sum| format!(" sha256 {}", quoted(sum))).unwrap_or_default();
    let owner = if fetched.owner.as_deref() == Some(account) { " owner user" } else { "" };
    let mode = fetched.mode.as_ref().map(|mode| format!(" mode {mode}")).unwrap_or_default();
    let unpack = match fetched.unpack {
        Some(0) => " unpack".to_owned(),
        Some(strip) => format!(" unpack strip {strip}"),
        None => String::new(),
    };
    format!("fetch {}{sum} to {}{owner}{mode}{unpack}", quoted(&fetched.url), quoted(&fetched.to))
}
