//! Words: every statement and field of the program's own files is one that its block knows, whether anything uses the
//! definition or not. Each is looked at once, however many cells there are.

use super::axes;
use super::context::Context;
use super::definitions::{Def, UnitId};
use super::instructions::whole;
use super::pairs::{named_values, plain_trait};
use crate::base::{Place, Span, nearest, or_nearest};
use crate::diagnostics::{Diagnostic, Edit, known};
use crate::syntax::ast::{Block, Field, Keyword, Part, Phrase, Statement, Value};
use crate::syntax::words::{Form, Habit, Room, Word, habit};

/// Checks the words of all definitions.
pub(crate) fn check(cx: &Context<'_>) {
    for (_, def) in cx.names.all().filter(|(_, def)| !cx.is_standard(def.unit)) {
        if let Some(room) = room(def) {
            Check { cx, unit: def.unit }.block(room, called(def, room), &def.node.body);
        }
    }
}

/// The room of a definition's block; `None` for an output of an unknown kind.
fn room(def: Def<'_>) -> Option<Room> {
    Some(match def.node.keyword.node {
        Keyword::Project => Room::Project,
        Keyword::Image => Room::Image,
        Keyword::Layer | Keyword::Environment => Room::Layer,
        Keyword::Fragment => Room::Steps,
        Keyword::Hub => Room::Hub,
        Keyword::Profile => Room::NamedProfile,
        Keyword::Output => Room::of_output(def.name)?,
        Keyword::Installer => Room::Installer,
        Keyword::Repo => Room::Repo,
    })
}

/// The block of a definition in messages.
fn called(def: Def<'_>, room: Room) -> &'static str {
    match def.node.keyword.node {
        Keyword::Environment => "an environment",
        Keyword::Fragment => "a fragment",
        _ => room.called(),
    }
}

pub(super) struct Check<'c, 'a> {
    pub(super) cx: &'c Context<'a>,
    pub(super) unit: UnitId,
}

impl Check<'_, '_> {
    pub(super) fn block(&self, room: Room, what: &str, block: &Block) {
        let mut statements = block.statements.iter().peekable();
        while let Some(statement) = statements.next() {
            match statement {
                Statement::From(_) => self.comma_stack(statement, &mut statements),
                Statement::Field(field) if self.bare_text(room, field, &mut statements) => continue,
                Statement::Field(field) if self.unit_apart(field, &mut statements) => continue,
                _ if self.other_language(room, statement, &mut statements) => continue,
                _ => {}
            }
            self.statement(room, what, block, statement);
        }
    }

    fn statement(&self, room: Room, what: &str, block: &Block, statement: &Statement) {
        match statement {
            Statement::Field(field) => {
                if room.field(&field.key.text).is_none() {
                    self.unknown_field(room, what, block, field);
                }
            }
            Statement::When(when) if room.statement("when").is_some() => {
                let inner = if room == Room::Layer { Room::Steps } else { room };
                self.block(inner, what, &when.body);
            }
            Statement::List(list) if self.is_known(room, &list.manager.node) => {}
            Statement::From(_) if room.statement("from").is_some() => {}
            Statement::Phrase(phrase) => match phrase.head.as_ref().map(|head| room.statement(&head.node)) {
                Some(Some(word)) => {
                    if let Some(inner) = word.inner {
                        // The variants of an image hold what an image may say.
                        let own = room == Room::Image && inner == Room::Steps;
                        self.inner(if own { room } else { inner }, phrase);
                    }
                }
                Some(None) if room == Room::MenuOption && (self.choices(phrase) || self.free_text(phrase)) => {}
                Some(None) if room == Room::MenuOption && matches!(phrase.parts.as_slice(), [Part::Block(_)]) => {
                    self.inner(Room::Choice, phrase);
                }
                None if room == Room::MenuOption => {
                    if let Some(Part::Block(block)) = phrase.parts.last() {
                        self.block(Room::Choice, Room::Choice.called(), block);
                    }
                }
                Some(None) if phrase.head.as_ref().is_some_and(|head| self.is_known(room, &head.node)) => self.own_list(phrase),
                _ => self.unknown_statement(room, what, block, statement),
            },
            Statement::List(_) | Statement::When(_) | Statement::From(_) => self.unknown_statement(room, what, block, statement),
        }
    }

    /// Whether a room has a statement, or a list of an installer, of this name.
    fn is_known(&self, room: Room, name: &str) -> bool {
        let lists = room.statement("pip").is_some();
        room.statement(name).is_some() || (lists && self.cx.names.installers().any(|installer| installer == name))
    }

    /// The braces of a statement.
    fn inner(&self, room: Room, phrase: &Phrase) {
        let mut variables = false;
        for part in &phrase.parts {
            match part {
                Part::Block(block) if !variables => match room {
                    Room::Steps | Room::Image => match axes::values_of(block) {
                        Some(values) => values.into_iter().for_each(|(_, body)| self.block(room, "a variant", body)),
                        None => self.block(room, "a variant", block),
                    },
                    _ if is_closed(room) => self.block(room, room.called(), block),
                    _ => {}
                },
                _ => {}
            }
            variables = matches!(part, Part::Word(word) if word.node == "env");
        }
    }

    pub(super) fn place(&self, span: Span) -> Place {
        self.cx.place(self.unit, span)
    }

    pub(super) fn text(&self, span: Span) -> &str {
        self.cx.sources.text(self.place(span))
    }

    fn unknown_field(&self, room: Room, what: &str, block: &Block, field: &Field) {
        let name = plain_trait(&field.key.text);
        let place = self.place(field.key.span);
        if name != field.key.text {
            self.cx.supersede(&known::BAD_KEY, place);
        }
        // What is wrong with the sign behind the word follows from the word.
        self.cx.supersede(&known::WRONG_ASSIGNMENT, self.place(field.span));
        let unknown = Diagnostic::new(&known::UNKNOWN_FIELD, place, format!("{what} has no field `{name}`"));
        if self.is_known(room, name) {
            let all = self.with_end(field.span);
            self.cx.report_foreign(all, self.statement_as_fact(room, field, all));
        } else if let Some(finding) = self.unread_field(room, block, unknown.clone(), field) {
            self.cx.report(finding);
        } else if let Some(finding) = self.default_of_axis(&unknown, field) {
            self.cx.report(finding);
        } else if room == Room::MenuOption && name == "choices" {
            self.cx.report(self.choices_as_field(unknown, field));
        } else if let Some(word) = top_only(room, name) {
            self.cx.report(misplaced(place, word, what));
        } else if let Some(volumes) = is_menu(room).then(|| self.volumes(&unknown, name, field)).flatten() {
            self.cx.report(volumes);
        } else if let Some(habit) = habit(room, name) {
            let twice = said(block, habit.instead);
            let word = habit.instead;
            if word == "when" || word.is_empty() {
                let all = if word.is_empty() { self.place(field.span) } else { whole(self.cx, self.place(field.span)) };
                self.cx.report_foreign(all, unknown.help(habit.help));
                return;
            }
            self.cx.report(if twice { self.drop_of_two(unknown, field.span, word) } else { self.habit(room, unknown, habit, field) });
        } else if is_menu(room)
            && let Some(finding) = self.of_spawner(&unknown, name, field)
        {
            self.cx.report(finding);
        } else if room == Room::MenuOption && matches!(field.value, Value::Map(_)) {
            let gap = self.place(Span { start: field.key.span.end, end: field.value.span().start });
            self.cx.report(unknown.here("a choice takes no `=`").replace(format!("write `{name} {{ … }}`"), false, gap, " "));
        } else {
            let fields = room.names(Form::Field);
            self.cx.report(match nearest(name, fields.clone()) {
                Some(near) if said(block, near) => self.drop_of_two(unknown, field.span, near),
                Some(near) => unknown.replace(format!("did you mean `{near}`?"), false, place, near),
                None => unknown.maybe_help(or_nearest(name, fields.filter(|known| !said(block, known)))),
            });
        }
    }

    /// The word that was meant is there already.
    pub(super) fn drop_of_two(&self, unknown: Diagnostic, span: Span, meant: &str) -> Diagnostic {
        unknown.replace(format!("drop it: `{meant}` is said here already"), false, self.place(span), "")
    }

    /// A field of another tool: the word here, with the value without its quotes where it is an amount.
    fn habit(&self, room: Room, unknown: Diagnostic, habit: Habit, field: &Field) -> Diagnostic {
        if habit.instead.is_empty() {
            return unknown.help(habit.help);
        }
        if habit.instead == "env"
            && let (Value::List(list), true) = (&field.value, room.field("env").is_some())
            && let Some(pairs) = named_values(list, &|span| self.text(span))
        {
            let written = format!("env = {{ {pairs} }}");
            return unknown.replace(format!("write `{written}`"), false, self.place(field.span), written.clone());
        }
        if room.field(habit.instead).is_none() {
            return match self.as_statement(room, habit.instead, field) {
                Some(written) => {
                    let shown =
                        if written.len() <= 60 && !written.contains('\n') { format!("write `{written}`") } else { habit.help.to_owned() };
                    unknown.replace(shown, false, self.place(field.span), written)
                }
                None => unknown.help(habit.help),
            };
        }
        let mut edits = vec![Edit { place: self.place(field.key.span), text: habit.instead.to_owned() }];
        if let (true, Value::Text(text)) = (habit.bare, &field.value)
            && let Some(literal) = text.literal()
        {
            let unit = literal.strip_suffix('B').filter(|amount| amount.ends_with(['K', 'M', 'G', 'T']));
            let amount = unit.or_else(|| literal.strip_suffix('i')).unwrap_or(literal);
            edits.push(Edit { place: self.place(text.span), text: amount.to_owned() });
        }
        unknown.fix(habit.help, false, edits)
    }

    /// `pip = ["rich"]`, `from = base`: a word that takes no `=`.
    fn statement_as_fact(&self, room: Room, field: &Field, all: Place) -> Diagnostic {
        let name = field.key.text.as_str();
        let finding =
            Diagnostic::new(&known::UNKNOWN_FIELD, self.place(field.key.span), format!("`{name}` does something, so it takes no `=`"));
        let Some(written) = self.as_statement(room, name, field) else {
            let example = room.statement(name).map_or_else(|| format!("{name} {{ … }}"), |word| word.example.to_owned());
            return finding.help(format!("write it as in `{example}`, without the `=`"));
        };
        let shown = if written.len() <= 60 && !written.contains('\n') { written.as_str() } else { name };
        finding.replace(format!("write `{shown}` without the `=`"), false, all, written.clone())
    }

    fn unknown_statement(&self, room: Room, what: &str, block: &Block, statement: &Statement) {
        let (word, span) = head(statement);
        let place = self.place(span);
        let message =
            if word.is_empty() { format!("a text alone means nothing in {what}") } else { format!("{what} has no statement `{word}`") };
        let unknown = Diagnostic::new(&known::UNKNOWN_STATEMENT, place, message);
        let unread = self.unread(statement.span());
        if let Some(known) = room.field(word) {
            self.cx.report(self.fact_as_statement(known, statement, word, span));
            return;
        }
        if let Some(top) = top_only(room, word) {
            self.cx.report(misplaced(place, top, what));
            return;
        }
        let installers: &mut dyn Iterator<Item = &str> = &mut self.cx.names.installers();
        let mut words: Vec<&str> = room.names(Form::Statement).chain(room.names(Form::List)).collect();
        if room.statement("pip").is_some() {
            words.extend(installers.filter(|name| room.statement(name).is_none()));
        }
        self.cx.report(match (habit(room, word), nearest(word, words.iter().copied())) {
            (Some(habit), _) if habit.instead.is_empty() || room.statement(habit.instead).is_none() => {
                // The rest of the line is in the other language, too.
                self.cx.report_foreign(whole(self.cx, self.place(statement.span())), unknown.help(habit.help));
                return;
            }
            (Some(habit), _) if unread.is_some() => {
                self.cx.report_foreign(unread.unwrap_or(place), unknown.help(habit.help));
                return;
            }
            (Some(habit), _) => unknown.replace(habit.help, false, place, habit.instead),
            (None, Some("from")) if said(block, "from") => self.drop_of_two(unknown, statement.span(), "from"),
            (None, Some(near)) if !word.is_empty() && near != word => {
                unknown.replace(format!("did you mean `{near}`?"), false, place, near)
            }
            _ => unknown.maybe_help(or_nearest(word, words.iter().copied())),
        });
    }

    /// `default true`: a fact without its `=`.
    fn fact_as_statement(&self, known: &Word, statement: &Statement, word: &str, head: Span) -> Diagnostic {
        let finding = Diagnostic::new(&known::UNKNOWN_STATEMENT, self.place(head), format!("`{word}` is a fact and needs a `=`"));
        if let Some(finding) = self.amounts(&finding, word, statement) {
            return finding;
        }
        if let Some(finding) = self.bare_value(&finding, known, statement, head) {
            return finding;
        }
        let value = match statement {
            Statement::Phrase(phrase) => match phrase.parts.as_slice() {
                [Part::Word(_) | Part::Value(_)] => phrase.parts.first().map(Part::span),
                [Part::Block(block)] if known.takes.starts_with("a map") => Some(block.span),
                _ => None,
            },
            _ => None,
        };
        match value {
            Some(value) => {
                let text = self.text(value);
                let written = if text.len() <= 60 && !text.contains('\n') { format!("{word} = {text}") } else { format!("{word} = …") };
                let gap = self.place(Span { start: head.end, end: value.start });
                finding.replace(format!("write `{written}`"), false, gap, " = ")
            }
            None => finding.help(format!("write it as in `{}`", known.example)),
        }
    }

    /// `from base AS build`: a stage is a layer, whose name is behind its word.
    fn stage_name(&self, from: Span, phrase: &Phrase) -> Option<(Place, Diagnostic)> {
        let head = phrase.head.as_ref().filter(|head| head.node.eq_ignore_ascii_case("as"))?;
        let gap = Span { start: from.end, end: phrase.span.start };
        if self.text(gap).contains('\n') {
            return None;
        }
        let whole = self.place(Span { start: from.end, end: phrase.span.end });
        let finding = Diagnostic::new(&known::UNKNOWN_STATEMENT, self.place(head.span), format!("`from` takes no `{}`", head.node));
        let finding = finding.here("a stage of a Dockerfile is a layer here, whose name is behind `layer`");
        Some((whole, finding.replace("drop it", false, whole, "")))
    }

    /// `from base, tools`: the words behind commas are no statements but layers.
    fn comma_stack<'s>(&self, from: &Statement, rest: &mut std::iter::Peekable<impl Iterator<Item = &'s Statement>>) {
        let mut end = from.span();
        let mut edits = Vec::new();
        let mut written = self.text(end).to_owned();
        let mut what = String::new();
        if let Some(Statement::Phrase(phrase)) = rest.peek()
            && let Some(stage) = self.stage_name(end, phrase)
        {
            rest.next();
            self.cx.report_foreign(stage.0, stage.1);
        }
        while let Some(Statement::Phrase(phrase)) = rest.peek() {
            let gap = Span { start: end.end, end: phrase.span.start };
            let layer = phrase.head.as_ref().filter(|_| phrase.parts.is_empty());
            let sign = self.text(gap).trim();
            let (Some(layer), "," | "+" | "&" | ">" | "|") = (layer, sign) else { break };
            self.cx.supersede_reading(self.place(gap));
            what = if sign == "," { "a comma".to_owned() } else { format!("`{sign}`") };
            written = format!("{written} / {}", layer.node);
            edits.push(Edit { place: self.place(gap), text: " / ".to_owned() });
            end = phrase.span;
            rest.next();
        }
        if !edits.is_empty() {
            let span = Span { start: from.span().end, end: end.end };
            self.cx.report(
                Diagnostic::new(&known::WRONG_OPERATOR, self.place(span), format!("layers are stacked by `/`, and this is {what}"))
                    .here("read as no part of the stack")
                    .fix(format!("write `{written}`"), false, edits),
            );
        }
    }
}

/// Whether a block says a fact, or `from`, already.
pub(super) fn said(block: &Block, word: &str) -> bool {
    block.statements.iter().any(|statement| match statement {
        Statement::Field(field) => field.key.text == word,
        Statement::From(_) => word == "from",
        _ => false,
    })
}

/// The finding for a word of the top of a definition that is further inside.
fn misplaced(place: Place, word: &str, what: &str) -> Diagnostic {
    Diagnostic::new(&known::MISPLACED_WORD, place, format!("`{word}` belongs to a definition as a whole, and has no effect in {what}"))
        .here("not at the top of a `layer` or an `environment`")
        .help("move it to the top of the definition, out of `variant`, `when` and `fragment`")
}

/// A word that layers know at their top only.
fn top_only(room: Room, name: &str) -> Option<&'static str> {
    let word = Room::Layer.words().find(|word| word.form != Form::Behind && word.name == name)?;
    (room == Room::Steps).then_some(word.name)
}

/// Rooms of the menu that set up a server.
fn is_menu(room: Room) -> bool {
    room.statement("override").is_some()
}

/// Whether the braces of a statement hold words of a closed set, rather than names of one's own.
fn is_closed(room: Room) -> bool {
    use Room::{Build, Ci, Defaults, Healthcheck, InstallerOption, MenuOption, Profile, Test, Unlisted, User};
    matches!(room, Build | Ci | Defaults | Healthcheck | InstallerOption | MenuOption | Profile | Test | Unlisted | User | Room::Choice)
}

/// The word of a statement, and where it stands.
fn head(statement: &Statement) -> (&str, Span) {
    match statement {
        Statement::Phrase(phrase) => match &phrase.head {
            Some(head) => (head.node.as_str(), head.span),
            None => ("", phrase.span),
        },
        Statement::List(list) => (list.manager.node.as_str(), list.manager.span),
        Statement::When(when) => ("when", when.span),
        Statement::From(stack) => ("from", stack.span),
        Statement::Field(field) => (field.key.text.as_str(), field.key.span),
    }
}
