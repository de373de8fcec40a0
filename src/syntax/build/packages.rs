//! Package lists and their entries.

use super::marks::Marks;
use super::options::of_folder;
use super::unbraced::manager_within;
use super::unexpected::Where;
use super::{Builder, is_missing, name_of, shortened};
use crate::base::{Span, Spanned, push_alone};
use crate::diagnostics::known;
use crate::syntax::ast::{Archive, Bound, Entry, EntryPart, Fact, Git, ListBody, ListItem, Name, PackageList, Text, TextKind, TextPart};
use crate::syntax::grammar::{Node, Rule};
use crate::syntax::words::is_standard_manager;
use crate::versions::Op;

impl Builder<'_> {
    /// The list of a node: of a manager, of `requires` and `provides`, of an installer of one's own, or nested.
    pub(super) fn package_list(&mut self, node: Node<'_>) -> PackageList {
        let span = node.trimmed();
        let mut list = PackageList { manager: Spanned::new(String::new(), span), options: Vec::new(), body: None, then: None, span };
        let mut end = span.start;
        let mut after_then = false;
        for (number, part) in node.into_inner().enumerate() {
            let here = part.trimmed();
            match part.as_rule() {
                _ if number == 0 => list.manager = name_of(&part),
                Rule::flat_list | Rule::nested_list | Rule::e_bracketed => {
                    let outer = self.provided;
                    self.provided = outer || list.manager.node == "provides";
                    let bracketed = part.as_rule() == Rule::e_bracketed;
                    let manager = manager_within(&list).unwrap_or(&list.manager).clone();
                    list.body = Some(if bracketed { self.bracketed(part, &manager) } else { self.list_body(part, &manager.node) });
                    self.provided = outer;
                }
                Rule::kw_then => after_then = true,
                Rule::text if after_then => list.then = Some(self.text(&part)),
                Rule::missing => self.left_out(part.span(), "a text", "write the command in quotes"),
                _ => self.part(part, &mut list.options),
            }
            end =
                end.max(list.body.as_ref().map_or(here.end, |body| body.span.end.max(list.then.as_ref().map_or(0, |then| then.span.end))));
        }
        list.span.end = end;
        // Braces on the next line have their own finding.
        let rest = self.text.get(end as usize..).unwrap_or("").trim_start();
        self.split_unbraced(&mut list);
        if list.body.is_none() && list.options.is_empty() && !rest.starts_with('{') && !self.is_unbraced(&list) {
            let word = list.manager.node.clone();
            self.left_out(list.manager.span.after(), "the list", &format!("write it on this line, as in `{word} {{ }}`"));
        }
        list
    }

    /// What stands between the braces of a list.
    pub(super) fn list_body(&mut self, node: Node<'_>, manager: &str) -> ListBody {
        let all = node.span();
        let inner = node.into_inner();
        let mut items = Vec::with_capacity(inner.size_hint().0);
        let mut marks = Marks::default();
        let mut end = all.start + 1;
        for part in inner {
            let span = part.trimmed();
            match part.as_rule() {
                Rule::close | Rule::e_close => end = span.end,
                _ if marks.take(self.slice(span), span, self.read) => {}
                Rule::unclosed => self.unclosed_block(Span { start: all.start, end }, all.end),
                rule => {
                    end = span.end;
                    match rule {
                        Rule::entry => items.push(ListItem::Entry(self.entry(part, manager, &mut marks))),
                        Rule::fact => items.extend(self.fact(part).map(ListItem::Fact)),
                        Rule::sublist => items.push(ListItem::List(self.package_list(part))),
                        _ if self.misread(&part, &mut items, manager, all.start) => {}
                        _ if self.colon(span, &mut items, &mut marks) => {}
                        _ if self.apart_from_extras(&part, items.last()) => {}
                        _ => self.no_package(&part),
                    }
                }
            }
        }
        self.report_marks(&marks);
        self.words_without_their_source(&mut items);
        let opener = Span { end: all.start + 1, ..all };
        let items = self.without_options(items, manager, opener);
        let items = self.without_foreign_words(items, manager);
        ListBody { items, span: Span { start: all.start, end } }
    }

    /// `dask [complete]`: extras that a blank parts from their package.
    fn apart_from_extras(&mut self, part: &Node<'_>, before: Option<&ListItem>) -> bool {
        let span = part.trimmed();
        let Some(ListItem::Entry(entry)) = before else { return false };
        let gap = Span { start: entry.span.end, end: span.start };
        if !self.slice(span).starts_with('[') || self.slice(gap).contains('\n') || !entry.parts.is_empty() {
            return false;
        }
        let extras = self.slice(span).split_inclusive(']').next().unwrap_or_default();
        let written = format!("{}{extras}", self.slice(entry.span));
        let bracket = Span { end: span.start + 1, ..span };
        let finding = self.finding(&known::NOT_A_PACKAGE, bracket, "extras stand directly behind the name of a package");
        let finding = finding.here("a blank is before it");
        self.report(finding.replace(format!("write `{written}`"), true, self.place(gap), ""));
        self.read = self.to_line_end(span.start).end;
        true
    }

    /// `rev "…"` without a `git` before it: read as two packages, and none of them is one.
    fn words_without_their_source(&mut self, items: &mut Vec<ListItem>) {
        let word = |item: &ListItem| match item {
            ListItem::Entry(entry) if entry.name.kind == TextKind::Bare && entry.parts.is_empty() => {
                entry.name.literal().filter(|name| ["rev", "sha256", "subdirectory"].contains(name)).map(str::to_owned)
            }
            _ => None,
        };
        let mut at = 0;
        while at + 1 < items.len() {
            let pair = items.get(at).and_then(word).zip(items.get(at + 1));
            if let Some((word, ListItem::Entry(next))) = pair
                && next.name.kind != TextKind::Bare
                && let Some(ListItem::Entry(entry)) = items.get(at)
            {
                let source = if word == "sha256" { "url" } else { "git" };
                let finding = self
                    .finding(
                        &known::NOT_A_PACKAGE,
                        entry.span.to(next.span),
                        format!("`{word}` belongs to a `{source}`, and there is none before it"),
                    )
                    .here("says more of a source that is not named")
                    .help(format!("write `NAME {source} \"https://…\" {word} \"…\"`"));
                self.report(finding);
                items.drain(at..at + 2);
            } else {
                at += 1;
            }
        }
    }

    fn fact(&mut self, node: Node<'_>) -> Option<Fact> {
        let span = node.span();
        let mut parts = node.into_inner();
        let name = name_of(&parts.next()?);
        let mut value = parts.next()?;
        if value.as_rule() == Rule::assign {
            let place = self.place(Span { start: name.span.end, end: value.span().end });
            let finding = self.finding(&known::WRONG_OPERATOR, value.span(), format!("`{}` takes no `=`", name.node));
            self.report(finding.here("stands between the word and its text").replace("delete it", true, place, ""));
            value = parts.next()?;
        }
        Some(Fact { name, value: self.text(&value), span })
    }

    fn entry(&mut self, node: Node<'_>, manager: &str, marks: &mut Marks) -> Entry {
        let span = node.trimmed();
        let mut name = None;
        let mut extras = Vec::new();
        let mut parts: Vec<EntryPart> = Vec::new();
        let mut end = span.start;
        for part in node.into_inner() {
            let here = part.trimmed();
            end = end.max(here.end);
            match part.as_rule() {
                Rule::package => name = Some(Self::bare(&part)),
                Rule::text => name = Some(self.text(&part)),
                Rule::extras => extras = self.extras(part, manager),
                Rule::constraint => self.add_constraint(part, &mut parts),
                Rule::comma => drop(marks.take(",", here, self.read)),
                _ => self.entry_part(part).into_iter().for_each(|part| push_alone(&mut parts, part)),
            }
        }
        let span = Span { end, ..span };
        let name = name.unwrap_or(Text { parts: Vec::new(), kind: TextKind::Bare, span });
        let doc = self.doc_behind(end).or_else(|| self.doc_above(span.start));
        let mut entry = Entry { name, extras, parts, span, doc };
        self.check_entry(&mut entry, manager);
        entry
    }

    fn extras(&mut self, node: Node<'_>, manager: &str) -> Vec<Name> {
        let span = node.trimmed();
        if matches!(manager, "pip" | "requires" | "provides" | "") || !is_known(manager) {
            return self.names(node);
        }
        let finding = self
            .finding(&known::NOT_A_PACKAGE, span, format!("`{}` are extras, which `{manager}` does not have", shortened(self.slice(span))))
            .here("belongs to `pip` only")
            .help("write the version behind the name, as in `blas *=openblas`");
        self.report(finding);
        Vec::new()
    }

    /// Adds a constraint; two in a row lack the comma between them.
    fn add_constraint(&mut self, node: Node<'_>, parts: &mut Vec<EntryPart>) {
        let next = self.constraint(node);
        let Some(EntryPart::Constraint(last)) = parts.last_mut() else {
            if !next.alternatives.is_empty() {
                push_alone(parts, EntryPart::Constraint(next));
            }
            return;
        };
        let finding = self
            .finding(&known::MISSING_COMMA, next.span, format!("a comma is missing before `{}`", shortened(self.slice(next.span))))
            .here("begins the next bound")
            .also(self.place(last.span), "follows this one")
            .replace("write `,` between them", true, self.place(last.span.after()), ",");
        last.span = last.span.to(next.span);
        let mut alternatives = next.alternatives.into_iter();
        if let (Some(bounds), Some(more)) = (last.alternatives.last_mut(), alternatives.next()) {
            bounds.extend(more);
        }
        last.alternatives.extend(alternatives);
        self.report(finding);
    }

    fn entry_part(&mut self, node: Node<'_>) -> Option<EntryPart> {
        let span = node.trimmed();
        Some(match node.as_rule() {
            Rule::pin => EntryPart::Pin(span),
            Rule::overriding => EntryPart::Override(span),
            Rule::marker => {
                let inner = node.into_inner().next()?;
                if is_missing(&inner) {
                    self.no_condition(span);
                    return None;
                }
                self.marker = true;
                let condition = self.condition(inner);
                self.marker = false;
                EntryPart::Marker(Box::new(condition?))
            }
            Rule::until | Rule::enable => {
                let word = node.as_rule();
                let inner = node.into_inner().next()?;
                if is_missing(&inner) {
                    self.left_out(span, "a date", "write it as in `until 2026-12-31`");
                    return None;
                }
                if word == Rule::until { EntryPart::Until(name_of(&inner)) } else { EntryPart::Enable(name_of(&inner)) }
            }
            Rule::git | Rule::url => return self.source(node),
            Rule::because | Rule::path | Rule::resolved => {
                let word = node.as_rule();
                let inner = node.into_inner().next()?;
                if is_missing(&inner) {
                    self.left_out(span, "a text", "write it in quotes on this line");
                    return None;
                }
                let text = self.text(&inner);
                match word {
                    Rule::because => EntryPart::Because(text),
                    Rule::path => EntryPart::Path(text),
                    _ => EntryPart::Resolved(text),
                }
            }
            _ => return None,
        })
    }

    /// `git "…" rev "…" subdirectory "…"`, `url "…" sha256 "…"`.
    fn source(&mut self, node: Node<'_>) -> Option<EntryPart> {
        let (span, git) = (node.trimmed(), node.as_rule() == Rule::git);
        let (mut address, mut first, mut second) = (None, None, None);
        let mut word = None;
        for part in node.into_inner() {
            match (part.as_rule(), word) {
                (Rule::text, None) => address = Some(self.text(&part)),
                (Rule::text, Some(Rule::subdirectory)) => second = Some(self.text(&part)),
                (Rule::text, Some(_)) => first = Some(self.text(&part)),
                (rule, _) => word = Some(rule),
            }
        }
        let url = address?;
        if is_no_address(&url) {
            let word = Span { end: span.start + 3, ..span };
            let name = self.slice(word);
            let place = self.place(word);
            let finding = self
                .finding(&known::NOT_A_SOURCE, url.span, format!("`{}` is no address", shortened(&self.slice(url.span).replace('"', ""))))
                .here(format!("`{name}` and a text say where a package comes from"))
                .replace(format!("write `\"{name}\"` where the package of this name is meant"), false, place, format!("\"{name}\""));
            self.report(finding);
        }
        Some(if git {
            EntryPart::Git(Box::new(Git { url, rev: first, subdirectory: second, span }))
        } else {
            EntryPart::Url(Box::new(Archive { url, sha256: first, span }))
        })
    }

    /// Something in a list that is no package.
    fn no_package(&mut self, node: &Node<'_>) {
        let span = node.trimmed();
        let text = self.slice(span);
        let first = text.split_whitespace().next().unwrap_or("");
        let word = Span::new(span.start as usize, span.start as usize + first.len());
        let place = self.place(word);
        let finding = match node.as_rule() {
            Rule::e_flag if FILE_FLAGS.contains(&first.split('=').next().unwrap_or_default()) => self
                .finding(&known::NOT_A_PACKAGE, word, format!("the flag `{}` stands between packages", shortened(first)))
                .here("reads a file")
                .help("write the file before the braces, as in `pip file \"requirements.txt\" { }`"),
            Rule::e_flag if ["-e", "--editable"].contains(&first) => self
                .finding(&known::NOT_A_PACKAGE, word, format!("the flag `{first}` stands between packages"))
                .here("is no package")
                .help(format!("write {}", of_folder(text.split_whitespace().nth(1).unwrap_or_default().trim_start_matches("./")))),
            Rule::e_flag => self
                .finding(&known::NOT_A_PACKAGE, word, format!("the flag `{}` stands between packages", shortened(first)))
                .here("is no package")
                .help(
                    "write options as words before the braces, as in `pip no-deps { }`, and sources behind a name, as in `NAME path \"…\"`",
                ),
            Rule::e_url => self
                .finding(&known::NOT_A_PACKAGE, word, format!("the address `{}` has no name before it", shortened(first)))
                .here("is no package")
                .help("write `NAME url \"…\"`, or `NAME git \"…\" rev \"…\"`"),
            Rule::e_when => self
                .finding(&known::NOT_A_PACKAGE, Span { end: span.start + 4, ..span }, "a `when` stands between packages")
                .here("is a statement")
                .help("put the `when` around a list of its own, or write the condition behind a package and `;`"),
            _ if matches!(first, "because" | "until" | "pin" | "override") => self
                .finding(&known::NOT_A_PACKAGE, word, format!("`{first}` follows no package"))
                .here("belongs behind the name of a package")
                .replace(format!("write `\"{first}\"` where the package of this name is meant"), false, place, format!("\"{first}\"")),
            _ if first.starts_with(|c: char| c.is_ascii_digit()) && !first.contains('{') => self
                .finding(&known::NOT_A_PACKAGE, word, format!("the version `{}` has no name before it", shortened(first)))
                .here("is no package")
                .help("write the name of the package before it, on its line"),
            _ if text.starts_with("{{") => self
                .finding(&known::NOT_A_PACKAGE, span, "an interpolation stands where the name of a package belongs")
                .here("is no name")
                .help("put it into quotes, as in `\"{{ name }}\"`"),
            _ => return self.unexpected(span, Where::Packages),
        };
        self.report(finding);
    }

    fn check_entry(&mut self, entry: &mut Entry, manager: &str) {
        let mut constrained = false;
        for part in &mut entry.parts {
            match part {
                EntryPart::Constraint(constraint) => {
                    constrained = true;
                    for bound in constraint.alternatives.iter_mut().flatten() {
                        self.check_bound(bound, manager);
                    }
                }
                EntryPart::Pin(span) if !constrained => {
                    let name = shortened(self.slice(entry.name.span));
                    let finding = self
                        .finding(&known::EMPTY_PIN, *span, format!("`pin` holds `{name}` to no version"))
                        .here("no constraint stands before it")
                        .help(format!("write a version, as in `{name} ==1.2.* pin`, or `\"pin\"` where a package of this name is meant"));
                    self.report(finding);
                }
                _ => {}
            }
        }
    }

    /// A bare version is a pattern, or the known one inside of `provides`; `=` is an operator of conda's and of unknown
    /// installers. What is reported is read as `==`, so that nobody reports it again.
    fn check_bound(&mut self, bound: &mut Bound, manager: &str) {
        let place = self.place(bound.span);
        if let Some(operator) = &mut bound.operator {
            if operator.node == Op::Fuzzy && is_known(manager) && !matches!(manager, "conda" | "julia" | "npm") {
                let place = self.place(operator.span);
                let finding = self.finding(&known::WRONG_OPERATOR, operator.span, format!("`=` is no operator of `{manager}`"));
                self.report(finding.here("compares nothing here").replace("write `==`", true, place, "=="));
                operator.node = Op::Equal;
            }
            return;
        }
        let Some(TextPart::Literal(version)) = bound.version.last() else { return };
        let pattern = version.ends_with('*') || bound.build.is_some();
        if pattern || self.provided || bound.version.len() > 1 {
            return;
        }
        let other = if matches!(manager, "julia" | "npm") { format!("^{version}") } else { format!("{version}.*") };
        let finding = self.finding(&known::BARE_VERSION, bound.span, format!("the version `{version}` has no operator"));
        let finding = finding.here("may mean this version or all that begin so");
        let finding = finding.replace(format!("write `=={version}` for this one"), false, place, format!("=={version}"));
        self.report(finding.replace(format!("write `{other}` for all of them"), false, place, other.clone()));
        bound.operator = Some(Spanned::new(Op::Equal, bound.span));
    }
}

/// Flags of pip and conda behind which a file with packages stands.
const FILE_FLAGS: [&str; 4] = ["-r", "--requirement", "-f", "--file"];

/// Whether a list is of a standard manager, or of what is there without one.
fn is_known(manager: &str) -> bool {
    is_standard_manager(manager) || matches!(manager, "requires" | "provides")
}

/// Whether a text can't be an address: without an interpolation at its beginning, and without `:` and `/`.
fn is_no_address(text: &Text) -> bool {
    let marked = |part: &TextPart| matches!(part, TextPart::Literal(text) if text.contains([':', '/']));
    !matches!(text.parts.first(), Some(TextPart::Interpolation(_))) && !text.parts.iter().any(marked)
}
