//! What may stand at the top of a file.

use super::outside::Outside;
use super::unexpected::Where;
use super::{Builder, is_missing, name_of, shortened};
use crate::base::{Place, Span, Spanned, nearest};
use crate::diagnostics::{Diagnostic, known};
use crate::syntax::ast::{
    Block, Definition, Field, Import, ImportTarget, Item, Key, KeyKind, Keyword, Let, Name, Statement, Text, TextKind, TextPart, Value,
};
use crate::syntax::grammar::{Node, Rule};
use crate::syntax::words::{Room, habit};

impl Builder<'_> {
    /// The items of the nodes at the top of a file.
    pub(super) fn items<'n>(&mut self, nodes: impl Iterator<Item = Node<'n>>) -> Vec<Item> {
        let mut items = Vec::new();
        let mut outside = Outside::default();
        let mut before = None;
        for part in nodes {
            let span = part.trimmed();
            // An indented `image:` is a key of the YAML around it.
            let indented = !self.line_before(span.start).is_empty();
            if span.start < self.read && (part.as_rule() != Rule::definition || indented) {
                continue;
            }
            if let Some((finding, end)) = self.other_language_at_top(span) {
                self.report(finding);
                self.read = end;
                continue;
            }
            match part.as_rule() {
                Rule::e_outside => {
                    outside.first = outside.first.or(Some(span));
                    for statement in part.into_inner() {
                        self.statement(statement);
                    }
                }
                Rule::e_stray => outside.closing = outside.closing.or(Some(span)),
                _ => {
                    self.outside(&mut outside, before);
                    let item = self.item(part);
                    before = item.as_ref().and_then(end_of_definition).or(before);
                    items.extend(item);
                }
            }
            items.append(&mut self.hoisted);
        }
        self.outside(&mut outside, before);
        items
    }

    /// The item of a node, where it is one.
    pub(super) fn item(&mut self, node: Node<'_>) -> Option<Item> {
        match node.as_rule() {
            Rule::import => self.import(node).map(Item::Import),
            Rule::let_item => self.let_item(node).map(Item::Let),
            Rule::definition => self.definition(node).map(Item::Definition),
            Rule::e_unknown_item => self.unknown_item(node).map(Item::Definition),
            Rule::e_item => {
                self.unexpected(node.trimmed(), Where::Top);
                None
            }
            _ => None,
        }
    }

    fn import(&mut self, node: Node<'_>) -> Option<Import> {
        let span = node.trimmed();
        if let Some(finding) = self.bare_import(span) {
            let line = self.to_line_end(span.start);
            // `/*` in the path was taken for a comment.
            let here = self.file;
            let within = |place: Place| place.file == here && line.start <= place.span.start && place.span.start < line.end;
            self.findings.retain_mut(|found| !found.place().is_some_and(within));
            self.report(finding);
            self.read = line.end;
            return None;
        }
        let mut import = None;
        for part in node.into_inner() {
            match (part.as_rule(), &mut import) {
                (Rule::text, _) => import = Some(Import { target: ImportTarget::Path(self.text(&part)), alias: None, span }),
                (Rule::dotted, _) => import = Some(Import { target: ImportTarget::Standard(name_of(&part)), alias: None, span }),
                (Rule::name, Some(import)) => import.alias = Some(name_of(&part)),
                (Rule::missing, None) => {
                    self.left_out(part.span(), "what is imported", "write a path in quotes, or `std.` and a name");
                }
                (Rule::missing, Some(_)) => self.left_out(part.span(), "a name", "write the name under which the import is known"),
                _ => {}
            }
        }
        import
    }

    fn let_item(&mut self, node: Node<'_>) -> Option<Let> {
        let span = node.trimmed();
        let mut parts = node.into_inner().peekable();
        parts.next();
        let name = parts.next()?;
        if is_missing(&name) {
            self.left_out(name.span(), "the name", "write it as in `let NAME = VALUE`");
            return None;
        }
        let name = name_of(&name);
        if parts.peek().is_some_and(is_missing) {
            match self.typed_let(&name) {
                Some(finding) => {
                    self.report(finding);
                    self.read = self.to_line_end(span.start).end;
                }
                None => self.left_out(name.span.after(), "the value", &format!("write `let {} = VALUE`", name.node)),
            }
            return None;
        }
        let value = self.assigned(parts, &name.node)?;
        Some(Let { doc: self.doc_above(span.start), span: Span { end: value.span().end, ..span }, name, value })
    }

    /// `let string x = "a"`, `let x "a"`: a type before the name, or no `=` behind it.
    fn typed_let(&self, name: &Name) -> Option<Diagnostic> {
        let behind = self.line_behind(name.span.end);
        let next = behind.trim_start();
        let gap = Span::new(name.span.end as usize, name.span.end as usize + behind.len() - next.len());
        let (word, value) = next.split_once('=').unwrap_or((next, ""));
        let word = word.trim_end_matches(':').trim();
        let is_name = !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
        if is_name && !value.is_empty() {
            let finding = self.finding(&known::UNEXPECTED_TEXT, name.span, format!("`{}` is a second name before the `=`", name.node));
            let finding = finding.here("values have their type by how they are written");
            let place = self.place(name.span.to(gap));
            return Some(finding.replace(format!("write `let {word} = …`"), false, place, ""));
        }
        let alone = next.starts_with(['"', '\'', '[', '{']) || next.starts_with(|c: char| c.is_ascii_digit());
        alone.then(|| {
            let finding = self.finding(&known::MISSING_VALUE, name.span, format!("`=` is missing behind `{}`", name.node));
            finding.replace("write `=`", false, self.place(gap), " = ")
        })
    }

    fn definition(&mut self, node: Node<'_>) -> Option<Definition> {
        let start = node.span();
        let mut replace = None;
        let mut keyword = None;
        let mut name: Option<Name> = None;
        let mut parameters = Vec::new();
        let mut words = Vec::new();
        let mut body = None;
        let (mut bare, mut junk) = (false, None);
        for part in node.into_inner() {
            let span = part.trimmed();
            match part.as_rule() {
                Rule::kw_replace => replace = Some(span),
                Rule::item_word => keyword = Keyword::from_word(part.as_str()).map(|word| Spanned::new(word, span)),
                Rule::name if name.is_none() && words.is_empty() => name = Some(name_of(&part)),
                Rule::name => words.push(name_of(&part)),
                // Blocks of HCL have their names in quotes; what no output is called has a finding of its own.
                Rule::e_name if keyword.as_ref().is_some_and(|keyword| is_unknown_output(keyword.node, part.as_str())) => {
                    name = Some(name_of(&part));
                }
                Rule::e_name => name = Some(self.bad_name(&part)),
                Rule::parameters => parameters = self.parameters(part),
                Rule::e_head => junk = Some(span),
                Rule::block => body = Some(self.block(part)),
                Rule::bare_block => {
                    bare = true;
                    body = Some(self.block(part));
                }
                _ => {}
            }
        }
        let keyword = keyword?;
        if bare
            && keyword.node == Keyword::Image
            && let Some(image) = name.as_ref().and_then(|name| self.image_on_a_line(name))
        {
            let (finding, field) = image;
            self.report(finding);
            let body = Block { span: field.span, statements: vec![Statement::Field(field)] };
            self.read = self.to_line_end(keyword.span.start).end;
            let span = Span { end: body.span.end, ..start };
            let doc = self.doc_above(start.start);
            return Some(Definition { keyword, name, parameters, words: Vec::new(), replace, body, doc, span });
        }
        let mut body = body.unwrap_or_default();
        if let Some(stack) = name.as_ref().filter(|_| !bare).and_then(|name| self.root_in_head(name, body.span)) {
            words.clear();
            body.statements.insert(0, Statement::From(stack));
        } else if let Some(span) = junk.filter(|_| !bare) {
            self.unexpected(span, Where::Head);
        }
        if keyword.node != Keyword::Repo && !words.is_empty() {
            name = name.map(|name| self.name_of_words(&name, &std::mem::take(&mut words)));
        }
        self.check_head(&keyword, name.as_ref(), &body, bare);
        let span = Span { end: body.span.end.max(keyword.span.end), ..start };
        Some(Definition { keyword, name, parameters, words, replace, body, doc: self.doc_above(start.start), span })
    }

    /// `image lab = "quay.io/jupyter/base-notebook:2026"`, `image lab from "…"`: the reference without its block.
    fn image_on_a_line(&self, name: &Name) -> Option<(Diagnostic, Field)> {
        let behind = self.line_behind(name.span.end);
        let sign = behind.trim_start();
        let text = ["=", "from", ":"].iter().find_map(|word| sign.strip_prefix(word)).unwrap_or(sign).trim_start();
        let reference = text.strip_prefix('"')?.strip_suffix('"').filter(|inside| !inside.contains(['"', '{', ' ']))?;
        let start = name.span.end as usize + behind.len() - text.len();
        let value = Span::new(start, start + text.len());
        let whole = Span { start: name.span.end, end: value.end };
        let written = format!(" {{ ref = \"{reference}\" }}");
        let head = format!("image {}", name.node);
        let finding = self
            .finding(&known::MISSING_BLOCK, name.span, format!("the block of `{head}` does not begin"))
            .here("no `{` follows")
            .replace(format!("write `{head}{written}`"), false, self.place(whole), written);
        let key = Key { text: "ref".to_owned(), kind: KeyKind::Name, span: value };
        let text = Text { parts: vec![TextPart::Literal(reference.to_owned())], kind: TextKind::Plain, span: value };
        Some((finding, Field { key, value: Value::Text(text), span: value }))
    }

    /// Reports a definition without a name or without a block.
    fn check_head(&mut self, keyword: &Spanned<Keyword>, name: Option<&Name>, body: &Block, bare: bool) {
        let word = self.slice(keyword.span);
        if name.is_none() {
            let output = keyword.node == Keyword::Output;
            let what = if output { "kind" } else { "name" };
            let example = if output { "output dockerfiles { }".to_owned() } else { format!("{word} lab {{ }}") };
            let finding = self
                .finding(&known::BAD_NAME, keyword.span, format!("the {what} of this `{word}` is missing"))
                .here(format!("is followed by no {what}"))
                .help(format!("write one behind the word, as in `{example}`"));
            self.report(finding);
        }
        if bare {
            let shown = name.map_or_else(|| word.to_owned(), |name| format!("{word} {}", name.node));
            let before = self.text.get(..body.span.start as usize).unwrap_or("").trim_end().len();
            // `environment lab:` has the colon of other languages where the brace belongs.
            let colon = self.text.get(..before).is_some_and(|text| text.ends_with(':'));
            let place = self.place(Span::new(before - usize::from(colon), before));
            let head = keyword.span.to(Span::new(before, before));
            let finding = self
                .finding(&known::MISSING_BLOCK, head, format!("the block of `{shown}` does not begin"))
                .here("no `{` follows")
                .replace("write `{`", false, place, " {");
            self.report(finding);
        }
    }

    /// The name of a definition that is no name: taken as near to it as can be.
    fn bad_name(&mut self, node: &Node<'_>) -> Name {
        let span = node.span();
        let text = node.as_str();
        let inside = text.trim_matches(['"', '\'']);
        let near: String = inside.chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' }).collect();
        let near = near.trim_matches('-').to_owned();
        let finding = self
            .finding(&known::BAD_NAME, span, format!("`{}` is no name of a definition", shortened(inside)))
            .here("names begin with a letter and have letters, digits, `-` and `_`");
        let legal = near.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && !near.contains("--");
        self.report(if legal {
            finding.replace(format!("write `{near}`"), false, self.place(span), near.clone())
        } else {
            finding.help("write a name that begins with a letter")
        });
        Spanned::new(if near.is_empty() { text.to_owned() } else { near }, span)
    }

    /// `layer my lab { }`: the words of a name with blanks.
    fn name_of_words(&mut self, name: &Name, words: &[Name]) -> Name {
        let all: Vec<&str> = std::iter::once(name).chain(words).map(|word| word.node.as_str()).collect();
        let (shown, joined) = (all.join(" "), all.join("-").to_ascii_lowercase());
        let span = words.last().map_or(name.span, |last| name.span.to(last.span));
        let finding = self
            .finding(&known::BAD_NAME, span, format!("`{}` is no name of a definition", shortened(&shown)))
            .here("a name is one word")
            .replace(format!("write `{joined}`"), false, self.place(span), joined.clone());
        self.report(finding);
        Spanned::new(joined, span)
    }

    /// A word that begins no item: read as the nearest one that does.
    fn unknown_item(&mut self, node: Node<'_>) -> Option<Definition> {
        let start = node.span();
        let mut word: Option<Name> = None;
        let mut name = None;
        let mut words = Vec::new();
        let mut body = None;
        for part in node.into_inner() {
            match part.as_rule() {
                Rule::name if word.is_none() => word = Some(name_of(&part)),
                Rule::reference if name.is_none() => name = Some(self.reference(part).path),
                Rule::reference => words.push(self.reference(part).path),
                Rule::block => body = Some(self.block(part)),
                _ => {}
            }
        }
        let word = word?;
        let finding = self.unknown_word(&word, body.is_some());
        self.report(finding);
        if body.is_none() && habit(Room::Top, &word.node).is_some() {
            self.read = self.to_line_end(start.start).end;
        }
        let near = nearest(&word.node, Keyword::WORDS.iter().map(|(keyword, _)| *keyword)).and_then(Keyword::from_word)?;
        let (body, name) = (body?, name?);
        let span = Span { end: body.span.end, ..start };
        let (keyword, doc) = (Spanned::new(near, word.span), self.doc_above(start.start));
        Some(Definition { keyword, name: Some(name), parameters: Vec::new(), words, replace: None, body, doc, span })
    }

    #[inline(never)]
    fn unknown_word(&self, word: &Name, block: bool) -> Diagnostic {
        if let Some(habit) = habit(Room::Top, &word.node) {
            let finding = self.finding(&known::UNKNOWN_ITEM, word.span, format!("`{}` begins nothing at the top of a file", word.node));
            return match habit.instead {
                "let" if block => finding.help("write `let NAME = VALUE`, which has no braces"),
                "" => finding.help(habit.help),
                instead => finding.replace(habit.help, false, self.place(word.span), instead),
            };
        }
        let others = if block { [].as_slice() } else { ["import", "let"].as_slice() };
        let near = nearest(&word.node, Keyword::WORDS.iter().map(|(keyword, _)| *keyword).chain(others.iter().copied()));
        let finding = self
            .finding(&known::UNKNOWN_ITEM, word.span, format!("`{}` begins nothing at the top of a file", word.node))
            .here("is no word for this place");
        match near {
            Some(near) => finding.replace(format!("write `{near}`"), false, self.place(word.span), near),
            None => finding.help(
                "known here: `import`, `let`, `project`, `image`, `layer`, `environment`, `fragment`, `hub`, `profile`, `output`, \
                 `installer`, `repo`",
            ),
        }
    }
}

/// `output "x"` of HCL.
fn is_unknown_output(keyword: Keyword, name: &str) -> bool {
    keyword == Keyword::Output && Room::of_output(name).is_none()
}

/// The closing brace of a definition.
fn end_of_definition(item: &Item) -> Option<Span> {
    match item {
        Item::Definition(definition) => Some(Span { start: definition.span.end.saturating_sub(1), end: definition.span.end }),
        _ => None,
    }
}
