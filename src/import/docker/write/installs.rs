//! Package lists, and those within lists of environments.

use super::Writer;
use crate::import::docker::lists::List;
use crate::import::docker::state::State;
use crate::import::docker::steps::Step;
use crate::import::print::write_list;
use crate::import::{Entry, Item, quoted};
use crate::syntax::words::Room;

impl Writer<'_, '_> {
    /// A list, with the commands behind it.
    pub(super) fn installs(&mut self, step: &Step, list: &List, then: &[String], state: &State) {
        let who = match list.manager {
            "apt" | "dnf" => "",
            // Within an environment, pip is called by the account that the image runs as.
            "pip" if list.environment().is_some() => self.become_caller(step, state),
            _ => self.who(step, state),
        };
        for item in &list.items {
            let package = item.text.split([' ', '[']).next().unwrap_or_default().to_owned();
            self.work.packages.insert((self.home.path(), package), step.place);
        }
        let item = self.list(list, then, who);
        match list.environment().filter(|_| list.manager == "pip") {
            Some(environment) => self.nest(item, environment, then, who),
            None => self.items.push(item),
        }
    }

    /// Puts the packages that pip brings into an environment of conda in the list of that.
    fn nest(&mut self, item: Item, environment: &str, then: &[String], who: &str) {
        let Item::List { head, entries, .. } = item else { return };
        let head = head.replacen(&format!(" {environment}"), "", 1);
        let mut text = String::new();
        write_list(&mut text, &head, &entries, "");
        let text = text.trim_end().to_owned();
        let comments = self.items.iter().rposition(|item| !matches!(item, Item::Comment(_))).map_or(0, |last| last + 1);
        let above = self.items.split_off(comments);
        let own = format!("conda {environment}");
        let is_own = |head: &str| {
            head.strip_prefix(&own).is_some_and(|rest| rest.is_empty() || rest.starts_with(' ') && !rest.ends_with(" as root"))
        };
        if let Some(Item::List { head, entries, .. }) = self.items.last_mut()
            && is_own(head)
        {
            let words = |item| if let Item::Comment(words) = item { Some(words) } else { None };
            let comments = above.into_iter().filter_map(words).collect();
            entries.push(Entry { comments, text, because: None });
        } else {
            self.items.extend(above);
            let entries = vec![Entry { comments: Vec::new(), text, because: None }];
            self.items.push(Item::List { head: own, entries, tail: String::new() });
        }
        if !then.is_empty() {
            self.items.push(Item::Statement(format!("run{who} {}", quoted(&then.join(" && ")))));
        }
    }

    fn list(&mut self, list: &List, then: &[String], who: &str) -> Item {
        let mut options = list.options.clone();
        options.sort_by_key(|option| !(option.starts_with("env ") || option == "bootstrap"));
        let tools = self.tools(&list.tools);
        let words = std::iter::once(self.installers.head(list)).chain(options);
        let head = format!("{}{tools}{who}", words.collect::<Vec<_>>().join(" "));
        let tail = if then.is_empty() { String::new() } else { format!("then {}", quoted(&then.join(" && "))) };
        if let Some((path, _)) = &list.file {
            let source = self.source(path);
            return Item::Statement(format!("{head} file {} {tail}", quoted(&source)));
        }
        if list.items.is_empty() {
            return Item::Statement(head);
        }
        // `x = 3.12` in the braces of an installer of one's own would be a field.
        let own = self.installers.head(list) != list.manager;
        let text = |text: &str| {
            let (name, rest) = text.split_once(' ').unwrap_or((text, ""));
            let name = if own && Room::Layer.statement(name).is_some() { quoted(name) } else { name.to_owned() };
            let rest = match rest.strip_prefix('=') {
                Some(build) if own && build.starts_with("*=") => build.to_owned(),
                Some(version) if own && !version.starts_with('=') => format!("{version}.*"),
                _ => rest.to_owned(),
            };
            format!("{name} {rest}").trim_end().to_owned()
        };
        let mut entries = Vec::new();
        for item in &list.items {
            let mut comments = item.comments.clone();
            for (kind, place, words) in &item.notes {
                if let Item::Comment(words) = self.work.remark(*kind, *place, words.clone()) {
                    comments.push(words);
                }
            }
            entries.push(Entry { comments, text: text(&item.text), because: item.because.clone() });
        }
        Item::List { head, entries, tail }
    }
}
