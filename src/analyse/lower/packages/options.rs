//! What is said about a package list as a whole: the words before its braces and the channels in them.

use std::rc::Rc;

use crate::analyse::context::Context;
use crate::analyse::installers::Variable;
use crate::analyse::lower::walk::Walk;
use crate::analyse::manager::{InstallOption, Installer};
use crate::analyse::parts::Parts;
use crate::analyse::scope::Scope;
use crate::analyse::{addresses, repos};
use crate::base::{Place, Span, Spanned, or_nearest};
use crate::diagnostics::{Diagnostic, known};
use crate::ir::{Date, Expandable, Fetch, Mount, RunAs, ShellText};
use crate::syntax::ast::{Keyword, ListBody, ListItem, PackageList, Part, Text, Value};
use crate::syntax::words::{Form, Room, habit};

/// What stands before the braces of a list.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is one word that a list may carry")]
pub(super) struct Options {
    pub(super) flags: Vec<ShellText>,
    /// Those of `flags` that name an index, by their place.
    pub(super) of_index: Vec<usize>,
    /// The indexes that are asked besides the default one.
    pub(super) besides: Vec<String>,
    pub(super) index: Option<String>,
    pub(super) mounts: Vec<Mount>,
    pub(super) bootstrap: bool,
    pub(super) upgrade: bool,
    pub(super) system: bool,
    pub(super) recommends: bool,
    pub(super) no_deps: bool,
    pub(super) environment: Option<String>,
    pub(super) activate: bool,
    pub(super) file: Option<ListFile>,
    pub(super) before: Vec<ShellText>,
    /// At the end of the step.
    pub(super) after: Vec<ShellText>,
    pub(super) run_as: Option<RunAs>,
    /// What makes two lists one step where it is equal.
    pub(super) key: String,
}

impl Options {
    /// What two lists have in common that are one step.
    pub(super) fn step_key(&self, installer: &Installer<'_>) -> String {
        let run_as = self.run_as.unwrap_or(installer.run_as);
        format!("{} {run_as:?} {}", installer.name, self.key.trim_start_matches("upgrade "))
    }
}

/// A list in a file.
#[derive(Debug)]
pub(super) struct ListFile {
    /// Where the step sees it.
    pub(super) target: String,
    /// Whether pip wants a checksum for every package.
    pub(super) hashed: bool,
    /// Whether it describes an environment of conda's.
    pub(super) described: bool,
    /// Where it is named.
    pub(super) statement: Place,
}

impl<'a> Walk<'_, 'a> {
    /// Reads the words and values before the braces.
    pub(super) fn options(&mut self, scope: &Scope<'_>, list: &'a PackageList, installer: &Installer<'a>) -> Option<Options> {
        let cx = self.cx;
        let mut options = Options::default();
        let mut file = None;
        let mut parts = Parts::new(cx, scope.unit, &list.manager.node, &list.options, list.span);
        while let Some(word) = parts.maybe_name() {
            let place = self.place(scope, word.span);
            options.key.push_str(&word.node);
            options.key.push(' ');
            match word.node.as_str() {
                "bootstrap" if installer.templates.contains_key("bootstrap") => {
                    options.bootstrap = true;
                    self.state.programs.made();
                }
                "system" if installer.templates.contains_key("system") => {
                    options.system = true;
                    options.run_as = Some(RunAs::Root);
                }
                "recommends" if installer.templates.contains_key("recommends") => options.recommends = true,
                "upgrade" if installer.templates.contains_key("upgrade") => options.upgrade = true,
                "activate" => options.activate = true,
                "env" if installer.templates.contains_key("create") => {
                    options.environment = Some(parts.name("the name of an environment")?.node.clone());
                    options.key.push_str(options.environment.as_deref().unwrap_or_default());
                }
                "with" => {
                    self.with(scope, &mut parts, &mut options.mounts)?;
                    options.key.push_str(options.mounts.last().map_or("", |mount| &mount.name));
                }
                "file" => file = Some(parts.text("the path of a file")?),
                "from" => {
                    let reference = parts.reference("the name of a package repository")?;
                    options.index = Some(reference.path.node.clone());
                    self.repo(scope, &reference.path, installer, &mut options)?;
                }
                "as" => match parts.name("`root` or `user`")?.node.as_str() {
                    "root" => options.run_as = Some(RunAs::Root),
                    _ => options.run_as = Some(RunAs::User),
                },
                name => self.installer_option(scope, name, place, installer, &mut parts, &mut options)?,
            }
        }
        if let Some(Part::Value(Value::Text(text))) = parts.peek() {
            return self.text_too_many(scope, list, installer, text);
        }
        parts.finish();
        if let Some(text) = file {
            self.file(scope, list, text, installer, &mut options)?;
        }
        Some(options)
    }

    /// J0310: a text behind an option that takes none, or has one.
    fn text_too_many(&self, scope: &Scope<'_>, list: &PackageList, installer: &Installer<'a>, text: &Text) -> Option<Options> {
        let mut words = list.options.iter().rev().filter_map(|part| if let Part::Word(word) = part { Some(word) } else { None });
        let word = words.find(|word| word.span.end <= text.span.start)?;
        let (end, word, place) = (word.span.end, &word.node, self.place(scope, text.span));
        self.cx.report(if installer.options.get(word).is_some_and(|option| option.parameters.is_empty()) {
            let whole = Place { span: Span { start: end, ..text.span }, ..place };
            Diagnostic::new(&known::UNEXPECTED_PART, place, format!("`{word}` takes no text")).replace("leave it out", false, whole, "")
        } else {
            let finding = Diagnostic::new(&known::UNEXPECTED_PART, place, format!("each `{word}` takes one text")).here("the second one");
            let before = Place { span: Span { end: text.span.start, ..text.span }, ..place };
            finding.replace(format!("write `{word}` before it as well"), false, before, format!("{word} "))
        });
        None
    }

    /// An option that the installer defines: `index "https://…"`.
    fn installer_option(
        &self,
        scope: &Scope<'_>,
        name: &str,
        place: Place,
        installer: &Installer<'a>,
        parts: &mut Parts<'_, 'a>,
        options: &mut Options,
    ) -> Option<()> {
        let cx = self.cx;
        let Some(option) = installer.options.get(name) else {
            let template = |word: &&str| match *word {
                "env" | "activate" => installer.templates.contains_key("create"),
                "from" => ["apt", "dnf"].contains(&&*installer.name),
                "as" | "with" => true,
                word => installer.templates.contains_key(word),
            };
            let mut words: Vec<&str> = installer.options.keys().map(String::as_str).collect();
            for word in Room::List.names(Form::Behind).filter(|word| template(word) && !installer.options.contains_key(*word)) {
                words.push(word);
            }
            let finding = Diagnostic::new(&known::UNKNOWN_WORD, place, format!("a list of `{}` has no option `{name}`", installer.name));
            cx.report(match habit(Room::List, name).filter(|habit| words.contains(&habit.instead)) {
                Some(habit) => finding.replace(habit.help, false, place, habit.instead),
                None if ["install", "add"].contains(&name) => {
                    finding.help(format!("write the packages in braces: `{} {{ … }}`", installer.name))
                }
                None => finding.maybe_help(or_nearest(name, words)),
            });
            return None;
        };
        let mut values = Vec::new();
        for parameter in &option.parameters {
            if let Some(Part::Word(word)) = parts.peek() {
                let (place, text) = (self.place(scope, word.span), format!("\"{}\"", word.node));
                let finding = Diagnostic::new(&known::MISSING_PART, place, format!("`{name}` takes a text in quotes"));
                cx.report(finding.replace(format!("write `{text}`"), false, place, text.clone()));
                return None;
            }
            let value = parts.value(&format!("a value for `{parameter}`"))?;
            if let Value::List(texts) = value {
                let place = self.place(scope, value.span());
                let each: Vec<&str> = texts.items.iter().map(|text| cx.sources.text(self.place(scope, text.span()))).collect();
                let written = each.join(&format!(" {name} "));
                let finding = Diagnostic::new(&known::WRONG_TYPE, place, format!("`{name}` takes one text")).here("is a list");
                cx.report(finding.replace(format!("write `{name}` once for each"), false, place, written));
                return None;
            }
            let text = scope.value(cx, value)?.display()?;
            let place = self.place(scope, value.span());
            addresses::check_credentials(cx, place, &text)?;
            check_day(cx, name, place, &text)?;
            values.push((parameter.as_str(), text));
        }
        self.chosen(installer, (name, option), &values, options);
        Some(())
    }

    /// What an option with its values does to a list.
    fn chosen(
        &self,
        installer: &Installer<'a>,
        (name, option): (&str, &InstallOption<'a>),
        values: &[(&str, String)],
        options: &mut Options,
    ) {
        for (_, text) in values {
            options.key.push_str(text);
            options.key.push(' ');
            options.index.get_or_insert_with(|| text.clone());
            if is_besides(name) {
                options.besides.push(text.clone());
            }
        }
        options.no_deps |= name == "no-deps";
        if !values.is_empty() {
            options.of_index.push(options.flags.len());
        }
        let variables: Vec<_> = values.iter().map(|(name, text)| (*name, Variable::Text(text))).collect();
        let shell = |text: &&'a Text| installer.shell(self.cx, text, &variables);
        options.before.extend(option.before.iter().filter_map(shell));
        options.after.extend(option.after.iter().filter_map(shell));
        options.flags.extend(option.flag.as_ref().and_then(shell));
    }

    /// `channel "conda-forge"` among the entries.
    pub(super) fn body_options(&self, scope: &Scope<'_>, body: &'a ListBody, installer: &Installer<'a>, options: &mut Options) {
        for item in &body.items {
            let ListItem::Fact(fact) = item else { continue };
            let place = self.place(scope, fact.name.span);
            match installer.options.get(&fact.name.node) {
                Some(option) => {
                    let (name, place) = (fact.name.node.as_str(), self.place(scope, fact.value.span));
                    let is_fine = |text: &String| {
                        addresses::check_credentials(self.cx, place, text).is_some() && check_day(self.cx, name, place, text).is_some()
                    };
                    if let Some(text) = scope.text(self.cx, &fact.value).filter(is_fine) {
                        let values: Vec<_> = option.parameters.iter().map(|parameter| (parameter.as_str(), text.clone())).collect();
                        self.chosen(installer, (name, option), &values, options);
                    }
                }
                None => self.cx.report(
                    Diagnostic::new(
                        &known::UNKNOWN_WORD,
                        place,
                        format!("a list of `{}` has no option `{}`", installer.name, fact.name.node),
                    )
                    .maybe_help(or_nearest(&fact.name.node, installer.options.keys().map(String::as_str))),
                ),
            }
        }
    }

    /// Sets up a package repository, once in a stack.
    fn repo(&mut self, scope: &Scope<'_>, path: &Spanned<String>, installer: &Installer<'a>, options: &mut Options) -> Option<()> {
        let cx = self.cx;
        let place = self.place(scope, path.span);
        let Some(def) = cx.find_repo(scope.unit, &path.node).and_then(|id| cx.names.get(id)) else {
            let names: Vec<&str> =
                cx.names.all().filter(|(_, def)| def.node.keyword.node == Keyword::Repo).map(|(_, def)| def.name).collect();
            cx.report(
                Diagnostic::new(&known::UNKNOWN_NAME, place, format!("there is no package repository `{}`", path.node))
                    .maybe_help(or_nearest(&path.node, names)),
            );
            return None;
        };
        let repo = repos::read(cx, def, &installer.name)?;
        if !Rc::make_mut(&mut self.state.repos).insert(def.name.to_owned()) {
            return Some(());
        }
        self.renew(&installer.name);
        let origin = cx.place_of(def);
        if let Some((url, sha256)) = repo.key {
            let to = Expandable::literal(repo.key_path.clone());
            self.download(origin, Fetch { url, sha256, to, owned: false, mode: None, unpack: None });
        }
        // What an option runs before finds it set up.
        options.before.insert(0, repo.set_up);
        options.key.push_str(def.name);
        Some(())
    }
}

/// The option of apt's lists that says on which day the archive is looked at.
const SNAPSHOT: &str = "snapshot";

/// Reports what is no day where an option takes one.
fn check_day(cx: &Context<'_>, option: &str, place: Place, text: &str) -> Option<()> {
    if option == SNAPSHOT && Date::parse(text).is_none() {
        let finding = Diagnostic::new(&known::WRONG_TYPE, place, format!("`{text}` is no day"));
        cx.report(finding.here("a day is wanted").help(format!("write it like `{option} \"2026-11-20\"`")));
        return None;
    }
    Some(())
}

/// Whether an option names an index that is asked besides the image's own: a channel of conda's comes before those.
fn is_besides(option: &str) -> bool {
    matches!(option, "extra-index" | "channel")
}
