//! What is there for one step and never in the image: `tool`, `credential`, and the word `with` in a step.

use std::rc::Rc;

use super::state::{Credential, Tool};
use super::walk::Walk;
use crate::analyse::context::Context;
use crate::analyse::parts::Parts;
use crate::analyse::scope::Scope;
use crate::analyse::typed;
use crate::base::{Place, or_nearest};
use crate::diagnostics::{Diagnostic, known};
use crate::ir::{CopySource, Mount, MountSource, Secret};
use crate::syntax::ast::{Keyword, Name, Part, Phrase, Text};

impl<'a> Walk<'_, 'a> {
    /// `tool micromamba from "mambaorg/micromamba:2.8.1@sha256:…" bin "/bin/micromamba"`.
    pub(super) fn tool(&mut self, scope: &Scope<'_>, phrase: &'a Phrase) {
        let mut parts = Parts::of(self.cx, scope.unit, phrase);
        let Some(name) = parts.name("the name of the tool") else { return };
        if !parts.word("from") {
            parts.missing("`from` and an image");
            return;
        }
        let image = self.taken_from(scope, &mut parts, &[Keyword::Image, Keyword::Layer, Keyword::Environment]);
        if !parts.word("bin") {
            let end = self.place(scope, phrase.span.after());
            let finding =
                Diagnostic::new(&known::MISSING_PART, self.place(scope, name.span), "`tool` needs `bin` and the path of the program");
            self.cx.report(finding.replace("write where the program is in that image", false, end, format!(" bin \"/{}\"", name.node)));
            // The steps that use it are right.
            if let Some(image) = image {
                let origin = self.place(scope, name.span);
                Rc::make_mut(&mut self.state.tools).insert(name.node.clone(), Tool { image, bin: format!("/{}", name.node), origin });
            }
            return;
        }
        let place = parts.place();
        let Some(bin) = parts.evaluated(scope, "the path of the program") else { return };
        parts.finish();
        if let (Some(image), Some(())) = (image, absolute(self.cx, place, &bin)) {
            let origin = self.place(scope, name.span);
            self.unmounted(scope, "tool", name, &format!("write `run with {} \"…\"` in a step, or drop it", name.node));
            Rc::make_mut(&mut self.state.tools).insert(name.node.clone(), Tool { image, bin, origin });
        }
    }

    /// `credential inner-index env "PIP_INDEX_URL" from "INNER_INDEX"`, `credential netrc file "/root/.netrc"`.
    pub(super) fn credential(&mut self, scope: &Scope<'_>, phrase: &'a Phrase) {
        let mut parts = Parts::of(self.cx, scope.unit, phrase);
        let Some(name) = parts.name("the name of the secret") else { return };
        if let Some(Part::Equals(_) | Part::Value(_)) = parts.peek() {
            self.valued(scope, phrase, name);
            return;
        }
        let Some(kind) = parts.name("`env` and a variable, or `file` and a path") else { return };
        let Some(kind) = typed::member(self.cx, self.place(scope, kind.span), "credential", &kind.node, &["env", "file"]) else { return };
        let place = parts.place();
        let what = if kind == "env" { "the name of the variable" } else { "the path of the file" };
        let Some(value) = parts.evaluated(scope, what) else { return };
        let legal =
            if kind == "env" { super::environment::check_variable_name(self.cx, place, &value) } else { absolute(self.cx, place, &value) };
        let from = if parts.word("from") {
            let place = parts.place();
            parts.evaluated(scope, "the name of the secret at GitHub").filter(|from| typed::secret_name(self.cx, place, from))
        } else {
            Some(name.node.replace('-', "_").to_uppercase())
        };
        parts.finish();
        let (Some(()), Some(from)) = (legal, from) else { return };
        let origin = self.place(scope, phrase.span);
        if let Some(other) = self.state.credentials.get(&name.node).filter(|other| other.origin != origin) {
            self.cx.report(
                Diagnostic::new(&known::DUPLICATE_NAME, origin, format!("the secret `{}` is declared already", name.node))
                    .also(other.origin, "the first one")
                    .help("give one of them another name"),
            );
            return;
        }
        self.unmounted(scope, "credential", name, &format!("write `with {}` in the step that needs it, or drop it", name.node));
        let (variable, path) = if kind == "env" { (Some(value), format!("/run/secrets/{}", name.node)) } else { (None, value) };
        let named = self.place(scope, name.span);
        let credential = Credential { secret: Secret { variable, from }, file: path, origin, named };
        Rc::make_mut(&mut self.state.credentials).insert(name.node.clone(), credential);
    }

    /// `credential token = "…"`: a secret has no value in a program.
    fn valued(&mut self, scope: &Scope<'_>, phrase: &Phrase, name: &Name) {
        let (whole, text) = (self.place(scope, phrase.span), phrase.parts.last().map(Part::span));
        let text = text.map_or("", |span| self.cx.sources.text(self.place(scope, span))).trim_matches('"');
        let legal = !text.is_empty() && text.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
        let variable = if legal { text.to_owned() } else { name.node.replace('-', "_").to_uppercase() };
        let written = format!("credential {} env \"{variable}\"", name.node);
        let finding = Diagnostic::new(&known::MISSING_PART, whole, format!("`credential {}` has no value in a program", name.node))
            .here("the value comes from a secret of GitHub, or from the environment of the build")
            .replace(format!("write `{written}`: the variable in the steps that name it"), false, whole, written.clone());
        // The steps that use it are right.
        let secret = Secret { variable: Some(variable.clone()), from: variable };
        let credential = Credential { secret, file: format!("/run/secrets/{}", name.node), origin: whole, named: whole };
        Rc::make_mut(&mut self.state.credentials).insert(name.node.clone(), credential);
        self.cx.report(finding.help(format!("write `credential {} file \"/root/.netrc\"` for a file in those steps", name.node)));
    }

    /// Suspects a tool or a secret of being mounted by no step.
    fn unmounted(&self, scope: &Scope<'_>, what: &str, name: &Name, help: &str) {
        let place = self.place(scope, name.span);
        if !self.cx.is_standard(scope.unit) {
            self.cx.idle.suspect(place, || {
                Diagnostic::new(&known::UNUSED_MOUNT, place, format!("no step uses the {what} `{}`", name.node))
                    .here("is there for the steps that name it behind `with`")
                    .help(help)
            });
        }
    }

    /// What stands behind `with`, beside what is mounted already.
    pub(super) fn with(&self, scope: &Scope<'_>, parts: &mut Parts<'_, 'a>, mounts: &mut Vec<Mount>) -> Option<()> {
        let place = parts.place();
        let mount = self.mount(scope, parts)?;
        if let Some(other) = mounts.iter().find(|other| other.target == mount.target) {
            let message = format!("`{}` and `{}` are both mounted at `{}`", other.name, mount.name, mount.target);
            self.cx.report(Diagnostic::new(&known::BAD_VALUE, place, message).help("write `at` and another path, or name it once"));
            return None;
        }
        mounts.push(mount);
        Some(())
    }

    /// The name of a tool or of a secret, or a file of the project.
    fn mount(&self, scope: &Scope<'_>, parts: &mut Parts<'_, 'a>) -> Option<Mount> {
        if let Some(text) = parts.maybe_text() {
            let target = if parts.word("at") { Some(parts.text("where the step sees it")?) } else { None };
            return self.own_file(scope, text, target);
        }
        let name = parts.name("the name of a tool or of a secret, or a file in quotes")?;
        if let Some(tool) = self.state.tools.get(&name.node) {
            self.cx.idle.clear(tool.origin);
            let source = MountSource::Image { image: tool.image.clone(), path: tool.bin.clone() };
            return Some(Mount { name: name.node.clone(), source, target: Mount::found_by_name(&tool.bin) });
        }
        if let Some(credential) = self.state.credentials.get(&name.node) {
            self.cx.idle.clear(credential.named);
            let source = MountSource::Secret(credential.secret.clone());
            return Some(Mount { name: name.node.clone(), source, target: credential.file.clone() });
        }
        let place = self.place(scope, name.span);
        let names = self.state.tools.keys().chain(self.state.credentials.keys()).map(String::as_str);
        self.cx.report(
            Diagnostic::new(&known::UNKNOWN_NAME, place, format!("the stack has no tool and no secret `{}`", name.node))
                .maybe_help(or_nearest(&name.node, names))
                .help(format!("add `tool {} from \"image@sha256:…\" bin \"/bin/{}\"` before this step", name.node, name.node)),
        );
        None
    }

    /// A file or a folder of the project, for one step.
    fn own_file(&self, scope: &Scope<'_>, text: &Text, target: Option<&Text>) -> Option<Mount> {
        let written = scope.text(self.cx, text)?;
        let CopySource::Local { paths, files, .. } = self.local(scope, &[text], std::slice::from_ref(&written), false)? else {
            return None;
        };
        let path = paths.first()?.trim_end_matches('/').to_owned();
        mountable(self.cx, self.place(scope, text.span), &path)?;
        let target = match target {
            Some(text) => {
                let target = scope.text(self.cx, text)?;
                absolute(self.cx, self.place(scope, text.span), &target)?;
                target
            }
            None => crate::analyse::package_file::mounted(&path),
        };
        Some(Mount { name: written, source: MountSource::Local { path, files }, target })
    }
}

/// Checks a path in an image that is part of a mount.
fn absolute(cx: &Context<'_>, place: Place, path: &str) -> Option<()> {
    if !path.starts_with('/') {
        let message = format!("`{}` is no absolute path", path.escape_debug());
        cx.report(Diagnostic::new(&known::BAD_VALUE, place, message).help("begin it with a slash"));
        return None;
    }
    mountable(cx, place, path)
}

/// What a value of `RUN --mount` can't hold, beside blanks.
pub(super) const UNMOUNTABLE: [char; 8] = [',', '"', '\'', '\\', '$', '*', '?', '['];

/// The values of `RUN --mount` are separated by commas and read as CSV: some characters can't stand in them.
pub(super) fn mountable(cx: &Context<'_>, place: Place, path: &str) -> Option<()> {
    let Some(bad) = path.chars().find(|c| UNMOUNTABLE.contains(c) || c.is_whitespace() || c.is_control()) else {
        return Some(());
    };
    let message = format!("`{}` can't be mounted for a step: the path holds `{}`", path.escape_debug(), bad.escape_debug());
    cx.report(Diagnostic::new(&known::BAD_VALUE, place, message).help("rename the file"));
    None
}
