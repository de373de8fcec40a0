//! Blocks and the statements that have a shape of their own: fields, conditions, stacks.

use super::constraints::bounds_of;
use super::unexpected::Where;
use super::{Builder, shortened};
use crate::base::{Place, Span};
use crate::diagnostics::{Diagnostic, known};
use crate::syntax::ast::{Block, Field, Item, Key, KeyKind, ListBody, Part, Stack, Statement, Value};
use crate::syntax::grammar::{Node, Rule};

impl Builder<'_> {
    /// The block of a node of the rule `block` or `bare_block`.
    pub(super) fn block(&mut self, node: Node<'_>) -> Block {
        let start = node.span();
        let bare = node.as_rule() == Rule::bare_block;
        let mut statements = Vec::new();
        let mut end = if bare { start.start } else { start.start + 1 };
        let mut inner = Vec::new();
        let mut closed = false;
        // The table of TOML whose rows are being read.
        let mut table: Option<(Span, Vec<Span>)> = None;
        for part in node.into_inner() {
            if part.as_rule() != Rule::field
                && let Some((head, rows)) = table.take()
            {
                self.table(head, &rows);
            }
            match part.as_rule() {
                Rule::close => {
                    closed = true;
                    end = part.span().end;
                }
                Rule::e_inner => inner.push(part),
                Rule::unclosed | Rule::missing => {}
                Rule::e_block => {
                    end = part.trimmed().end;
                    self.block_alone(part, statements.last_mut());
                }
                Rule::e_junk if is_table(part.as_str()) && part.span().start >= self.read => {
                    table = Some((part.span(), Vec::new()));
                    end = part.trimmed().end;
                }
                Rule::field if table.is_some() => {
                    end = part.trimmed().end;
                    if let Some((_, rows)) = &mut table {
                        rows.push(part.trimmed());
                    }
                }
                Rule::e_if | Rule::when => {
                    end = part.trimmed().end;
                    statements.extend(self.whens(part).into_iter().map(Statement::When));
                }
                Rule::phrase | Rule::e_mark | Rule::e_junk if part.span().start < self.read => end = part.trimmed().end,
                _ => {
                    end = part.trimmed().end;
                    statements.extend(self.statement(part));
                    self.embrace(&mut statements);
                }
            }
        }
        if let Some((head, rows)) = table {
            self.table(head, &rows);
        }
        let span = Span { start: start.start, end };
        if !closed && !bare {
            self.unclosed_block(span, start.end);
        }
        for part in inner {
            self.inner_item(part, !closed);
        }
        Block { statements, span }
    }

    /// The statement of a node of the silent rule `statement`.
    pub(super) fn statement(&mut self, node: Node<'_>) -> Option<Statement> {
        match node.as_rule() {
            Rule::field => self.field(node).map(Statement::Field),
            Rule::when | Rule::e_if => self.whens(node).into_iter().next().map(Statement::When),
            Rule::stack => self.stack(node).map(Statement::From),
            Rule::list | Rule::nested | Rule::other_list => Some(Statement::List(self.package_list(node))),
            Rule::phrase => Some(Statement::Phrase(self.phrase(node))),
            Rule::e_mark | Rule::e_junk => {
                self.unexpected(node.trimmed(), Where::Block);
                None
            }
            _ => None,
        }
    }

    /// `registry = "ghcr.io"`.
    fn field(&mut self, node: Node<'_>) -> Option<Field> {
        let span = node.trimmed();
        let mut parts = node.into_inner();
        let key = self.key(&parts.next()?);
        let value = self.assigned(parts, &key.text)?;
        Some(Field { span: Span { end: value.span().end, ..span }, key, value })
    }

    fn key(&mut self, node: &Node<'_>) -> Key {
        let span = node.span();
        match node.as_rule() {
            Rule::text => {
                let text = self.text(node);
                let plain = text.literal().map(str::to_owned);
                if plain.is_none() {
                    let finding = self.finding(&known::BAD_KEY, span, "a key holds an interpolation").here("has no fixed text");
                    self.report(finding.help("write the key as it is meant"));
                }
                Key { text: plain.unwrap_or_default(), kind: KeyKind::Quoted, span }
            }
            Rule::number => Key { text: node.as_str().to_owned(), kind: KeyKind::Number, span },
            _ if node.as_str().contains('.') => {
                let quoted = format!("\"{}\"", node.as_str());
                let finding = self
                    .finding(&known::BAD_KEY, span, format!("the key `{}` has a dot", node.as_str()))
                    .here("dots stand in quoted keys only")
                    .replace(format!("write `{quoted}`"), true, self.place(span), quoted);
                self.report(finding);
                Key { text: node.as_str().to_owned(), kind: KeyKind::Quoted, span }
            }
            _ => Key { text: node.as_str().to_owned(), kind: KeyKind::Name, span },
        }
    }

    /// What stands from `=` on: the value, where there is one.
    pub(super) fn assigned<'n>(&mut self, parts: impl Iterator<Item = Node<'n>>, key: &str) -> Option<Value> {
        let (mut missing, mut sign, mut value) = (None, None, None);
        for part in parts {
            match part.as_rule() {
                Rule::assign => {}
                Rule::wrong_assign => sign = Some(self.wrong_assign(&part, key)),
                Rule::missing => missing = Some(part.span()),
                Rule::e_value => {
                    missing = None;
                    self.unexpected(part.trimmed(), Where::Value);
                }
                _ => value = self.value(part),
            }
        }
        if let Some(sign) = sign {
            let sign = self.with_signs_inside(sign, value.as_ref());
            self.report(sign);
        }
        if let Some(at) = missing.filter(|_| value.is_none()) {
            self.left_out(at, "the value", &format!("write a value on the line of `{key} =`"));
        }
        value
    }

    /// `node: { pool: gpu }`: the signs within the value are of the same mistake.
    #[inline(never)]
    fn with_signs_inside(&mut self, mut sign: Diagnostic, value: Option<&Value>) -> Diagnostic {
        let Some(within) = value.filter(|value| matches!(value, Value::Map(_) | Value::List(_))).map(Value::span) else { return sign };
        let file = self.file;
        let inside = |place: Place| place.file == file && within.start <= place.span.start && place.span.end <= within.end;
        let mut edits = Vec::new();
        self.findings.retain_mut(|found| {
            let same = found.code == &known::WRONG_ASSIGNMENT && found.place().is_some_and(inside);
            if same {
                edits.extend(found.fixes.drain(..).flat_map(|fix| fix.edits));
            }
            !same
        });
        if let Some(fix) = sign.fixes.first_mut().filter(|_| !edits.is_empty()) {
            fix.title = match edits.len() {
                1 => "write `=` at both places".to_owned(),
                more => format!("write `=` at all {} places", more + 1),
            };
            fix.edits.extend(edits);
        }
        sign
    }

    #[inline(never)]
    fn wrong_assign(&self, node: &Node<'_>, key: &str) -> Diagnostic {
        let span = node.span();
        let before = if self.line_before(span.start).ends_with([' ', '\t']) { "=" } else { " =" };
        self.finding(&known::WRONG_ASSIGNMENT, span, format!("`{}` gives no value to `{}`", node.as_str(), shortened(key)))
            .here("a key and its value have `=` between them")
            .replace("write `=`", node.as_str().starts_with(':'), self.place(span), before)
    }

    /// `from base / layer-a onto root`.
    fn stack(&mut self, node: Node<'_>) -> Option<Stack> {
        let start = node.span();
        if let Some((finding, end)) = self.stack_of_yaml(start) {
            self.report(finding);
            self.read = end;
            return None;
        }
        if let Some(finding) = self.image_in_stack(start).or_else(|| self.listed_stack(start)) {
            self.report(finding);
            self.read = self.to_line_end(start.start).end;
            return None;
        }
        let mut stack = Stack { parts: Vec::new(), onto: None, span: start };
        let mut onto = false;
        for part in node.into_inner() {
            match part.as_rule() {
                Rule::kw_onto => onto = true,
                Rule::reference => {
                    let reference = self.reference(part);
                    stack.span.end = reference.span.end;
                    if onto {
                        stack.onto = Some(reference);
                    } else {
                        stack.parts.push(reference);
                    }
                }
                Rule::e_root => {
                    let finding = self.quoted_root(&part);
                    self.report(finding);
                }
                Rule::missing => self.left_out(part.span(), "a name", "write the name of an image, a layer or an environment"),
                _ => {}
            }
        }
        (!stack.parts.is_empty()).then_some(stack)
    }

    #[inline(never)]
    fn quoted_root(&self, node: &Node<'_>) -> Diagnostic {
        let text = node.as_str().trim_matches(['"', '\'']);
        let text = if text.is_empty() { self.slice(node.span()).trim_matches(['"', '\'']) } else { text };
        let finding = self.finding(&known::BAD_NAME, node.span(), format!("`from` takes a name, not the text `{}`", shortened(text)));
        if text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c)) {
            return finding.here("names have no quotes").replace(format!("write `from {text}`"), false, self.place(node.span()), text);
        }
        let (image, name) = image_of(text);
        finding.here("is a text").help(format!("write `{image}` at the top of a file, and `from {name}` here"))
    }

    /// `from: base`, `from:` and a list of YAML below it; with where it ends.
    fn stack_of_yaml(&self, stack: Span) -> Option<(Diagnostic, u32)> {
        let rest = self.text.get(stack.start as usize..)?.strip_prefix("from")?.trim_start_matches(' ').strip_prefix(':')?;
        let (first, below) = rest.split_once('\n').unwrap_or((rest, ""));
        let mut names: Vec<&str> = first.split_whitespace().collect();
        let mut end = rest.as_ptr() as usize + first.trim_end().len();
        for line in below.lines().map_while(|line| line.trim().strip_prefix("- ")).take_while(|_| first.trim().is_empty()) {
            names.push(line.trim());
            end = line.as_ptr() as usize + line.trim_end().len();
        }
        let plain = |name: &&str| name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
        if names.is_empty() || !names.iter().all(plain) {
            return None;
        }
        let span = Span::new(stack.start as usize, end - self.text.as_ptr() as usize);
        let written = format!("from {}", names.join(" / "));
        let here = Span { end: span.start + 4, ..span };
        let finding = self.finding(&known::WRONG_OPERATOR, here, "`from` takes no `:`").here("layers are behind the word");
        Some((finding.replace(format!("write `{written}`"), false, self.place(span), written.clone()), span.end))
    }

    /// `from quay.io/jupyter/base-notebook:latest`: an image where a name belongs.
    fn image_in_stack(&self, stack: Span) -> Option<Diagnostic> {
        let line = self.line_behind(stack.start);
        let rest = line.strip_prefix("from")?;
        let written = rest.trim_start().split([' ', '}']).next()?;
        let (host, path) = written.split_once('/').unwrap_or((written, ""));
        let named = host.contains('.') && !path.is_empty() && HOSTS.iter().any(|end| host.ends_with(end));
        if !(named || written.contains([':', '@'])) || written.contains(['"', '(', '=']) {
            return None;
        }
        let place = Span::new(0, stack.start as usize + line.len() - rest.trim_start().len());
        let span = Span { start: place.end, end: place.end + u32::try_from(written.len()).ok()? };
        let (image, name) = image_of(written);
        Some(
            self.finding(&known::BAD_NAME, span, format!("`from` takes a name, not the image `{}`", shortened(written)))
                .here("is no name of a definition")
                .help(format!("write `{image}` at the top of a file, and `from {name}` here")),
        )
    }

    /// `from [base, tools]`, `from base + tools`: layers between brackets, or with another sign between them.
    fn listed_stack(&self, stack: Span) -> Option<Diagnostic> {
        let line = self.line_behind(stack.start);
        let listed = line.strip_prefix("from")?.trim_start();
        let listed = listed.split('}').next().unwrap_or(listed).trim_end();
        let (inside, length, what) = match listed.strip_prefix('[').and_then(|inside| inside.split_once(']')) {
            Some((inside, _)) => (inside, inside.len() + 2, "a list".to_owned()),
            None => (listed, listed.len(), format!("`{}`", listed.chars().find(|c| SIGNS.contains(c))?)),
        };
        let names: Vec<&str> =
            inside.split(SIGNS).map(|name| name.trim().trim_matches(['"', '\''])).filter(|name| !name.is_empty()).collect();
        if names.is_empty() || !names.iter().all(|name| name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))) {
            return None;
        }
        let start = stack.start as usize + line.find(listed)?;
        let span = Span::new(start, start + length);
        let stacked = names.join(" / ");
        let message = format!("layers are stacked by `/`, and this is {what}");
        let finding = self.finding(&known::WRONG_OPERATOR, span, message).here("stands for no stack");
        Some(finding.replace(format!("write `from {stacked}`"), false, self.place(span), stacked.clone()))
    }

    /// `[tool.poetry.dependencies]` and its rows: a table of TOML, which becomes a list where its rows are packages.
    fn table(&mut self, head: Span, rows: &[Span]) {
        let name = self.slice(head).trim().trim_matches(['[', ']']);
        let finding = self.finding(&known::OTHER_LANGUAGE, head, format!("`[{}]` is a table of TOML", shortened(name)));
        let finding = finding.here("a block is a word and what is in its braces");
        let entry = |row: &Span| {
            let (package, version) = self.slice(*row).split_once('=')?;
            let version = version.trim().strip_prefix('"')?.strip_suffix('"')?;
            let bounds = bounds_of(version)?;
            Some(format!("{} {bounds}", package.trim().trim_matches('"')).trim_end().to_owned())
        };
        let entries: Option<Vec<String>> = rows.iter().filter(|row| !self.slice(**row).starts_with("python ")).map(entry).collect();
        let packages = name.ends_with("dependencies") || name == "packages";
        let last = rows.last().copied().unwrap_or(head);
        self.report(match entries.filter(|entries| packages && !entries.is_empty()) {
            Some(entries) => {
                let written = format!("pip {{ {} }}", entries.join("  "));
                let shown = if written.len() <= 72 { written.as_str() } else { "pip { … }" };
                finding.replace(format!("write `{shown}`"), false, self.place(head.to(last)), written.clone())
            }
            None => finding.help("write a word and braces in its place: `pip { numpy >=1.26 }`, `env { NAME = \"value\" }`"),
        });
    }

    /// An item that stands inside of a definition: it counts, and is reported unless a missing brace explains it.
    fn inner_item(&mut self, node: Node<'_>, explained: bool) {
        let span = node.trimmed();
        let word = self.slice(span).split_whitespace().next().unwrap_or("").to_owned();
        let items: Vec<Item> = node.into_inner().filter_map(|item| self.item(item)).collect();
        self.hoisted.extend(items);
        if !(explained && self.line_before(span.start).is_empty()) {
            let finding = self
                .finding(&known::INNER_ITEM, span, format!("`{word}` stands inside of a definition"))
                .here("belongs to the top of a file")
                .help(format!("move the `{word}` out of the block"));
            self.report(finding);
        }
    }

    /// Braces to which no word belongs on their line: taken for those of the statement before.
    fn block_alone(&mut self, node: Node<'_>, before: Option<&mut Statement>) {
        let span = node.span();
        let start = span.start as usize;
        let kept = self.text.get(..start).unwrap_or("").trim_end().len();
        let gap = Span::new(kept, start);
        let opener = Span { end: span.start + 1, ..span };
        let finding = self.finding(&known::BRACE_ALONE, opener, "a block stands alone").here("no word stands before it on its line");
        let block = node.into_inner().next().map(|block| self.block(block)).unwrap_or_default();
        let joined = before.is_some_and(|before| join(before, block, gap.start));
        let place = self.place(gap);
        self.report(if joined {
            finding.replace("write `{` on the line of its word", false, place, " ")
        } else {
            finding.help("write the word that it belongs to before the `{`")
        });
    }
}

/// Whether a line is the head of a table of TOML: a name in brackets.
fn is_table(line: &str) -> bool {
    let name = line.trim().strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    name.is_some_and(|name| {
        name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c))
    })
}

/// What is written between layers by mistake.
const SIGNS: [char; 5] = [',', '+', '&', '>', '|'];

/// How the hosts of registries end.
const HOSTS: [&str; 8] = [".io", ".com", ".org", ".net", ".ch", ".eu", ".dev", ".de"];

/// The definition of an image that exists, and its name.
fn image_of(written: &str) -> (String, &str) {
    let (reference, tag) = match written.rsplit_once(':') {
        Some((reference, tag)) if !tag.contains('/') && !written.contains('@') => (reference, format!("  tag = \"{tag}\"")),
        _ => (written, String::new()),
    };
    let name = reference.split('@').next().and_then(|path| path.rsplit('/').next()).unwrap_or(reference);
    (format!("image {name} {{ ref = \"{reference}\"{tag} }}"), name)
}

/// Gives a block to the statement that ends at `end`, where it has none; whether it took it.
fn join(statement: &mut Statement, block: Block, end: u32) -> bool {
    match statement {
        Statement::Phrase(phrase) if phrase.span.end == end => {
            phrase.span.end = block.span.end;
            phrase.parts.push(Part::Block(block));
            true
        }
        Statement::List(list) if list.span.end == end && list.body.is_none() => {
            list.span.end = block.span.end;
            list.body = Some(ListBody { items: Vec::new(), span: block.span });
            true
        }
        _ => false,
    }
}
