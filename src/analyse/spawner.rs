//! Traits of `KubeSpawner` where a field of the menu belongs: by the names of its configuration, by those of Kubernetes, and
//! volumes as a compose file has them.

use super::words::Check;
use crate::base::{Place, Span};
use crate::diagnostics::{Diagnostic, Edit};
use crate::ir::{find_trait, snake_case};
use crate::syntax::ast::{Field, List, Value};

impl Check<'_, '_> {
    /// Volumes and their mounts, as Kubernetes and compose files have them.
    pub(super) fn volumes(&self, unknown: &Diagnostic, name: &str, field: &Field) -> Option<Diagnostic> {
        if snake_case(name).starts_with("volume") { self.of_spawner(unknown, name, field) } else { None }
    }

    /// What is said of a field that is a trait without a word of its own.
    pub(super) fn of_spawner(&self, unknown: &Diagnostic, name: &str, field: &Field) -> Option<Diagnostic> {
        let known = snake_case(name);
        find_trait(&known)?;
        if let (Value::List(list), "volumes") = (&field.value, name)
            && let Some(written) = mounted(list, &self.indent(field.span))
        {
            let title = "write `override { volumes = { … }  volume_mounts = { … } }`";
            return Some(unknown.clone().replace(title, false, self.place(field.span), written));
        }
        let title = format!("write `override {{ {known} = … }}`: it is a trait of KubeSpawner without a word of its own here");
        let start = Place { span: Span { end: field.span.start, ..field.span }, ..self.place(field.span) };
        let end = self.place(Span { start: field.span.end, ..field.span });
        let key = self.place(field.key.span);
        let mut edits = vec![Edit { place: start, text: "override { ".to_owned() }, Edit { place: end, text: " }".to_owned() }];
        if known != field.key.text
            && let Some(first) = edits.first_mut()
        {
            *first = Edit { place: key, text: format!("override {{ {known}") };
        }
        Some(unknown.clone().fix(title, false, edits))
    }

    /// The blanks before a statement.
    fn indent(&self, span: Span) -> String {
        let text = self.text(Span { start: 0, end: span.start });
        text.rsplit('\n').next().filter(|blank| blank.trim().is_empty()).unwrap_or_default().to_owned()
    }
}

/// `["data:/data", "/srv/x:/x:ro"]` as volumes and their mounts.
fn mounted(list: &List, blank: &str) -> Option<String> {
    let (mut volumes, mut mounts) = (Vec::new(), Vec::new());
    for item in &list.items {
        let Value::Text(text) = item else { return None };
        let mut parts = text.literal()?.split(':');
        let (source, target) = (parts.next()?, parts.next()?);
        let read_only = match parts.next() {
            None | Some("rw") => "",
            Some("ro") => "  readOnly = true",
            Some(_) => return None,
        };
        let name: String =
            source.rsplit('/').next()?.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect();
        let plain = [source, target].iter().all(|path| !path.contains(['"', '\\', '{', '$', '~']));
        if parts.next().is_some() || !plain || !target.starts_with('/') || !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return None;
        }
        let volume = if source.starts_with('/') {
            format!("hostPath = {{ path = \"{source}\" }}")
        } else if source.contains('/') {
            return None;
        } else {
            format!("persistentVolumeClaim = {{ claimName = \"{source}\" }}")
        };
        volumes.push(format!("{name} = {{ name = \"{name}\"  {volume} }}"));
        mounts.push(format!("{name} = {{ name = \"{name}\"  mountPath = \"{target}\"{read_only} }}"));
    }
    let row = |key: &str, all: &[String]| format!("{blank}  {key} = {{ {} }}\n", all.join("  "));
    (!volumes.is_empty()).then(|| format!("override {{\n{}{}{blank}}}", row("volumes", &volumes), row("volume_mounts", &mounts)))
}
