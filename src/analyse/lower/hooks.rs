//! `hooks` and `hook`: where an image runs what at start, and the scripts that are put there.

use std::rc::Rc;

use super::walk::Walk;
use crate::analyse::parts::Parts;
use crate::analyse::scope::Scope;
use crate::analyse::{addresses, typed};
use crate::base::{Place, or_nearest};
use crate::diagnostics::{Diagnostic, known};
use crate::ir::{Copy, CopySource, Expandable, Fetch, RunAs, StepKind};
use crate::syntax::ast::{Phrase, Statement};

impl<'a> Walk<'_, 'a> {
    pub(super) fn hooks(&mut self, scope: &Scope<'_>, phrase: &'a Phrase) {
        let mut parts = Parts::of(self.cx, scope.unit, phrase);
        let Some(block) = parts.block() else {
            parts.missing("names and folders in braces");
            return;
        };
        parts.finish();
        for statement in &block.statements {
            let Statement::Field(field) = statement else { continue };
            if let Some(folder) = typed::text(self.cx, scope, &field.key.text, &field.value) {
                if !folder.starts_with('/') || folder.chars().any(char::is_control) {
                    let message = format!("`{}` is no absolute path", folder.escape_debug());
                    let place = self.place(scope, field.value.span());
                    self.cx.report(Diagnostic::new(&known::BAD_VALUE, place, message).help("begin it with a slash"));
                    continue;
                }
                Rc::make_mut(&mut self.state.hooks).insert(field.key.text.clone(), folder);
            }
        }
    }

    pub(super) fn hook(&mut self, scope: &Scope<'_>, phrase: &'a Phrase) {
        let mut parts = Parts::of(self.cx, scope.unit, phrase);
        let Some(name) = parts.name("the name of a hook") else { return };
        let Some(text) = parts.text("the path of a script") else { return };
        parts.finish();
        let Some(folder) = self.state.hooks.get(&name.node).cloned() else {
            // A broken definition may be the one that has the hook.
            let cx = self.cx;
            if cx.names.all().any(|(_, def)| !cx.is_standard(def.unit) && cx.is_broken(cx.place(def.unit, def.node.span))) {
                return;
            }
            let place = self.place(scope, name.span);
            self.cx.report(
                Diagnostic::new(&known::UNKNOWN_NAME, place, format!("the stack has no hook `{}`", name.node))
                    .maybe_help(or_nearest(&name.node, self.state.hooks.keys().map(String::as_str)))
                    .help(format!("say where the image looks for it: `hooks {{ {} = \"/…/\" }}`", name.node)),
            );
            return;
        };
        let Some(written) = scope.text(self.cx, text) else { return };
        let folder = if folder.ends_with('/') { folder } else { format!("{folder}/") };
        let origin = self.place(scope, phrase.span);
        if written.starts_with("https://") {
            if addresses::check(self.cx, self.place(scope, text.span), &written, addresses::DOWNLOADS).is_none() {
                return;
            }
            let fetch =
                Fetch { url: written, sha256: None, to: Expandable::literal(folder), owned: false, mode: Some(0o755), unpack: None };
            self.hooked(origin, std::iter::once(fetch.to.written() + fetch.url.rsplit('/').next().unwrap_or_default()));
            self.download(origin, fetch);
            return;
        }
        let Some(source) = self.local(scope, &[text], &[written], false) else { return };
        if let CopySource::Local { files, .. } = &source {
            self.hooked(origin, files.iter().map(|file| folder.clone() + file.path.rsplit('/').next().unwrap_or_default()));
        }
        let copy = Copy { source, to: Expandable::literal(folder), owned: false, mode: Some(0o755), tree: false };
        self.step(origin, RunAs::Root, StepKind::Copy(copy));
    }

    /// J0319: a script takes the place of another one.
    fn hooked(&mut self, origin: Place, paths: impl Iterator<Item = String>) {
        for path in paths {
            let hooked = Rc::make_mut(&mut self.state.hooked);
            let others: Vec<Place> =
                self.platforms.iter().filter_map(|platform| hooked.insert(format!("{} {path}", platform.arch()), origin)).collect();
            let Some(other) = others.first() else { continue };
            let finding =
                Diagnostic::new(&known::HOOK_REPLACED, origin, format!("`{path}` is put there twice, and only the last one runs"));
            let finding = if *other == origin { finding } else { finding.also(*other, "this one is replaced") };
            self.cx.report(finding.help("give one of the files another name"));
        }
    }
}
