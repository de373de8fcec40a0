//! `file`: a small file whose text is in the program.

use super::files::FileWords;
use super::walk::Walk;
use crate::analyse::parts::Parts;
use crate::analyse::scope::Scope;
use crate::diagnostics::{Diagnostic, known};
use crate::ir::{Copy, CopySource, Expandable, FILE_MODE, RunAs, Script, StepKind};
use crate::syntax::ast::{Part, Phrase, Text};

/// The most bytes of a text: it is a part of one command, which Linux takes up to 128 KiB of, with its quotes.
const MAX_TEXT: usize = 30_000;

impl<'a> Walk<'_, 'a> {
    /// `file "/etc/x.conf" owner user mode 600 """…"""`
    pub(super) fn written(&mut self, scope: &Scope<'_>, phrase: &'a Phrase) {
        let mut parts = Parts::of(self.cx, scope.unit, phrase);
        let Some(to) = parts.text("the path of the file") else { return };
        if self.copies(scope, phrase, &parts) {
            return;
        }
        let (mut words, mut text) = (FileWords::default(), None);
        loop {
            if text.is_none() {
                text = parts.maybe_text();
                if text.is_some() {
                    continue;
                }
            }
            match self.owning(scope, &mut parts, &mut words) {
                Some(true) => {}
                Some(false) => break,
                None => return,
            }
        }
        let other = matches!(parts.peek(), Some(Part::Word(_)));
        if text.is_none() && !other {
            parts.missing("the text of the file");
        }
        parts.finish();
        let Some(text) = text else { return };
        let (Some(target), Some(text)) = (self.target(scope, to), self.lines(scope, text)) else { return };
        let (path, place) = (target.written(), self.place(scope, to.span));
        let finding = match path.as_str() {
            "/etc/hosts" | "/etc/hostname" | "/etc/resolv.conf" => {
                Diagnostic::new(&known::BAD_VALUE, place, format!("whoever runs the image mounts a `{path}` of their own"))
                    .help("leave it out: in Kubernetes it is the pod's, `hostAliases` in an `override` for example")
            }
            folder if folder.ends_with('/') => {
                Diagnostic::new(&known::BAD_VALUE, place, format!("`{path}` is a folder")).help("write the path with the name of the file")
            }
            _ => return self.put(phrase, scope, target, text, &words),
        };
        self.cx.report(finding);
    }

    fn put(&mut self, phrase: &Phrase, scope: &Scope<'_>, target: Expandable, text: String, words: &FileWords<'a>) {
        let origin = self.place(scope, phrase.span);
        // Folders that are missing are made by the step itself, as root.
        self.folder_for(origin, &target, words.owned, words.owned.then_some(FILE_MODE));
        self.brought(origin, &target, "");
        let copy = Copy { source: CopySource::Text(text), to: target, owned: words.owned, mode: words.mode, tree: false };
        self.step(origin, RunAs::Root, StepKind::Copy(copy));
    }

    /// Reports `file "notes.txt" to "/opt/"`: what is meant is `copy`.
    fn copies(&self, scope: &Scope<'_>, phrase: &Phrase, parts: &Parts<'_, 'a>) -> bool {
        let (Some(Part::Word(word)), Some(head)) = (parts.peek(), &phrase.head) else { return false };
        let other = matches!(word.node.as_str(), "to" | "from" | "optional");
        if other {
            let place = self.place(scope, word.span);
            let message = format!("`file` takes no `{}`: it writes a text of the program", word.node);
            self.cx.report(Diagnostic::new(&known::UNEXPECTED_PART, place, message).here("`copy` takes files").replace(
                "write `copy`",
                false,
                self.place(scope, head.span),
                "copy",
            ));
        }
        other
    }

    /// The text of a file with its values put in.
    fn lines(&self, scope: &Scope<'_>, text: &Text) -> Option<String> {
        let values = scope.parts(self.cx, text)?;
        let written = values.concat();
        let place = self.place(scope, text.span);
        let finding = if written.contains('\0') {
            Diagnostic::new(&known::BAD_VALUE, place, "the text holds a NUL")
        } else if written.len() > MAX_TEXT {
            Diagnostic::new(&known::BAD_VALUE, place, format!("the text has {} bytes, and {MAX_TEXT} is the most", written.len()))
        } else {
            let script = Script { text: written, pieces: self.pieces(scope, text, &values), quotes: text.kind.quotes() };
            self.secret_in_file(place, &script);
            return Some(script.text);
        };
        self.cx.report(finding.help("put it into a file beside the program, and write `copy`"));
        None
    }
}
