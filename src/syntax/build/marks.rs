//! Marks of other languages between packages: commas, the dashes and colons of YAML, the backslashes of a shell.

use super::Builder;
use super::constraints::bounds_of;
use crate::base::{Place, Span};
use crate::diagnostics::{Code, Diagnostic, Edit, Label, known};
use crate::syntax::ast::{Entry, ListBody, ListItem, Name, TextKind};
use crate::syntax::grammar::Node;
use crate::syntax::words::is_standard_manager;

/// The marks of one list that separate nothing: those of a kind are one mistake.
#[derive(Default)]
pub(super) struct Marks {
    commas: Vec<Span>,
    dashes: Vec<Span>,
    joins: Vec<Span>,
}

impl Marks {
    /// Whether a piece of text between packages is a mark; up to `read` a finding covers all.
    pub(super) fn take(&mut self, text: &str, span: Span, read: u32) -> bool {
        let marks = match text {
            "," => &mut self.commas,
            "-" => &mut self.dashes,
            "\\" => &mut self.joins,
            _ => return false,
        };
        marks.extend((span.start >= read).then_some(span));
        true
    }
}

impl Builder<'_> {
    /// Reports the marks of a list.
    pub(super) fn report_marks(&mut self, marks: &Marks) {
        let Marks { commas, dashes, joins } = marks;
        self.report_mark(&known::STRAY_COMMA, commas, "a `,` stands between packages", "separates nothing here", "the commas");
        self.report_mark(&known::NOT_A_PACKAGE, dashes, "`-` begins no package", "packages stand without a mark", "the dashes");
        self.report_mark(&known::NOT_A_PACKAGE, joins, "`\\` joins no lines", "a list ends with its `}`", "the backslashes");
    }

    fn report_mark(&mut self, code: &'static Code, marks: &[Span], message: &str, here: &str, all: &str) {
        let Some(first) = marks.first() else { return };
        let title = if marks.len() == 1 { "delete it".to_owned() } else { format!("delete {all} of this list") };
        let edits = marks.iter().map(|mark| Edit { place: self.place(*mark), text: String::new() }).collect();
        let finding = self.finding(code, *first, message).here(here);
        self.report(finding.fix(title, true, edits));
    }

    /// `pip [`, packages on lines of their own, `]`: the brackets and the commas are one mistake.
    pub(super) fn bracketed(&mut self, node: Node<'_>, manager: &Name) -> ListBody {
        let body = self.list_body(node, &manager.node);
        let (within, mut edits) = (self.place(body.span), Vec::new());
        let inside = |place: Place| place.file == within.file && within.span.start <= place.span.start && place.span.end <= within.span.end;
        self.findings.retain_mut(|found| {
            let comma = found.code == &known::STRAY_COMMA && found.place().is_some_and(inside);
            if comma {
                edits.extend(found.fixes.drain(..).flat_map(|fix| fix.edits));
            }
            !comma
        });
        // The finding of a list that nothing closes has the braces in its fix.
        let opener = self.place(Span { end: body.span.start + 1, ..body.span });
        if self.findings.iter().any(|found| found.code == &known::UNCLOSED_BRACKET && found.place() == Some(opener)) {
            return body;
        }
        let bracket = |start: u32, text: &str| Edit { place: self.place(Span { start, end: start + 1 }), text: text.to_owned() };
        edits.push(bracket(body.span.start, "{"));
        let closed = self.slice(body.span).ends_with([']', ')']);
        edits.extend(closed.then(|| bracket(body.span.end - 1, "}")));
        let word = &manager.node;
        let finding = self.finding(&known::MISSING_PART, manager.span, format!("`{word}` takes its packages in braces"));
        let written = format!("{word} {{ … }}");
        self.report(finding.fix(format!("write `{written}`"), false, edits));
        body
    }

    /// Makes one finding of those of a code within a span that have a fix each: the same habit at several places.
    pub(super) fn one_habit(&mut self, code: &'static Code, within: Span, title: &str) {
        let place = self.place(within);
        let here = |finding: &Diagnostic| {
            let inside = |at: Place| at.file == place.file && within.start <= at.span.start && at.span.end <= within.end;
            finding.code == code && finding.fixes.len() == 1 && finding.place().is_some_and(inside)
        };
        let mut first = None;
        let mut more = Vec::new();
        self.findings.retain_mut(|finding| {
            if !here(finding) {
                return true;
            }
            let place = finding.place();
            if first.is_none() {
                first = place;
                return true;
            }
            more.extend(place.zip(finding.fixes.pop()));
            false
        });
        if more.is_empty() {
            return;
        }
        self.findings.retain_mut(|finding| {
            if let Some(fix) = finding
                .fixes
                .first_mut()
                .filter(|_| finding.code == code && finding.labels.iter().any(|label| label.primary && Some(label.place) == first))
            {
                title.clone_into(&mut fix.title);
                for (place, other) in more.drain(..) {
                    fix.edits.extend(other.edits);
                    finding.labels.push(Label { place, text: "here, too".to_owned(), primary: false });
                }
            }
            true
        });
    }

    /// `pandas: 2.2`, `- pip:`: what is written as in YAML; whether it is.
    pub(super) fn colon(&mut self, span: Span, items: &mut Vec<ListItem>, marks: &mut Marks) -> bool {
        let Some(ListItem::Entry(entry)) = items.last() else { return false };
        let alone = entry.parts.is_empty() && entry.extras.is_empty() && entry.name.kind == TextKind::Bare;
        let Some(value) = self.slice(span).strip_prefix(':').filter(|_| alone && entry.span.end == span.start) else { return false };
        let finding = self.yaml_item(entry, span, value.trim());
        let start = entry.span.start;
        // The item of YAML is one mistake, with its dash, its value and what is listed below it.
        marks.dashes.retain(|dash| !self.slice(Span { start: dash.end, end: start }).bytes().all(|byte| byte == b' '));
        self.report(finding);
        self.read = self.below_item(span);
        items.pop();
        true
    }

    fn yaml_item(&self, entry: &Entry, span: Span, value: &str) -> Diagnostic {
        let name = self.slice(entry.name.span);
        let colon = Span { end: span.start + 1, ..span };
        let finding = self.finding(&known::NOT_A_PACKAGE, colon, format!("`{name}:` is written as in YAML"));
        let finding = finding.here("a version is behind an operator");
        let bare = value.trim_matches(['"', '\'']);
        match bounds_of(bare).filter(|bounds| !bounds.is_empty() && bare != "*") {
            _ if is_standard_manager(name) => {
                finding.here("a list holds packages").help(format!("write `{name} {{ … }}` beside this list"))
            }
            _ if matches!(name, "channel" | "channels") => {
                finding.here("belongs before the braces").help("write `conda channel \"conda-forge\" { … }`")
            }
            Some(bounds) => {
                let written = format!("{name} {bounds}");
                finding.replace(format!("write `{written}`"), false, self.place(span), format!(" {bounds}"))
            }
            None if value.is_empty() || bare == "*" => {
                finding.here("belongs to nothing").replace(format!("write `{name}`"), false, self.place(span), "")
            }
            None => finding.help(format!("write the version behind an operator: `{name} >=1.2`")),
        }
    }

    /// Where the lines of YAML end that are below an item.
    fn below_item(&self, span: Span) -> u32 {
        let end = self.to_line_end(span.start).end;
        let own = self.indent(span.start);
        let rest = self.text.get(end as usize..).unwrap_or_default();
        let deeper = |line: &&str| line.trim_start().starts_with("- ") && line.len() - line.trim_start().len() > own;
        let lines = rest.split_inclusive('\n').skip(1).take_while(deeper);
        let length: usize = lines.map(str::len).sum();
        if length == 0 { end } else { Span::new(0, end as usize + 1 + length).end }
    }
}
