//! The `project` block.

use super::context::Context;
use super::definitions::{Def, ProjectBlock, UnitId};
use super::fields::Fields;
use super::scope::Scope;
use super::{addresses, references, settings};
use crate::diagnostics::{Diagnostic, known};
use crate::ir::{Platform, Project};
use crate::syntax::ast::{Keyword, Text, Value};
use crate::syntax::words::Room;

impl<'a> Context<'a> {
    /// The project; `None` where there is none.
    pub(crate) fn project(&self) -> Option<&ProjectBlock<'a>> {
        self.project.get_or_init(|| read(self)).as_ref()
    }
}

/// The project, and the pattern of its repositories. `None` where there is none; that is reported.
pub(crate) fn read<'a>(cx: &Context<'a>) -> Option<(Project, Option<(UnitId, &'a Text)>)> {
    let def = the_one(cx)?;
    let scope = Scope::new(def.unit);
    let fields = Fields::read(cx, &scope, Room::Project, &def.node.body);
    fields.require("registry", "\"ghcr.io/owner\"");
    let registry = fields.text("registry").unwrap_or_default().trim_end_matches('/').to_owned();
    if !registry.is_empty()
        && let Err(problem) = check_registry(&registry)
    {
        let bare = registry.trim_start_matches("https://").trim_start_matches("http://").to_ascii_lowercase();
        let finding = Diagnostic::new(&known::BAD_REFERENCE, fields.place("registry"), format!("`{registry}` is no registry: {problem}"));
        cx.report(if bare != registry && check_registry(&bare).is_ok() {
            finding.replace(format!("write `\"{bare}\"`"), false, fields.place("registry"), format!("\"{bare}\""))
        } else {
            finding.help("write host and path: `ghcr.io/owner`")
        });
    }
    let source = fields.text("source");
    if let Some(source) = &source {
        addresses::check(cx, fields.place("source"), source, &["https://"]);
    }
    let repository = match fields.tree("repository") {
        Some(Value::Text(text)) => Some((def.unit, text)),
        Some(_) => {
            fields.text("repository");
            None
        }
        None => None,
    };
    let project = Project {
        name: def.name.to_owned(),
        registry,
        source,
        maintainer: fields.text("maintainer"),
        license: fields.text("license"),
        platforms: fields.platforms("platforms").unwrap_or_else(|| vec![Platform::Amd64]),
        branch: branch(cx, &fields).unwrap_or_else(|| "main".to_owned()),
        locked: fields.word("install", &settings::INSTALL) == Some("locked"),
        same: fields.aliases("same").unwrap_or_default(),
        distinct: fields.texts("distinct").unwrap_or_default(),
        origin: cx.place_of(def),
    };
    Some((project, repository))
}

/// The branch that publishes.
fn branch(cx: &Context<'_>, fields: &Fields<'_, '_>) -> Option<String> {
    let name = fields.text("branch")?;
    if !is_branch(&name) {
        cx.report(
            Diagnostic::new(&known::BAD_VALUE, fields.place("branch"), format!("`{}` is no name of a branch", name.escape_debug()))
                .here("git takes no such name")
                .help("write the branch whose pushes publish the images, such as `main`"),
        );
    }
    Some(name)
}

/// Whether git takes a name for a branch (git-check-ref-format(1), rules 1 to 9).
fn is_branch(name: &str) -> bool {
    let part = |part: &str| !part.is_empty() && !part.starts_with('.') && part.strip_suffix(".lock").is_none();
    let sign = |c: char| c.is_ascii_control() || " ~^:?*[\\".contains(c);
    !name.contains("..")
        && !name.contains("@{")
        && !name.contains(sign)
        && name != "@"
        && !name.starts_with('-')
        && !name.ends_with('.')
        && name.split('/').all(part)
}

/// The only `project` of the program.
fn the_one<'a>(cx: &Context<'a>) -> Option<Def<'a>> {
    let mut all = cx.names.all().filter(|(_, def)| def.node.keyword.node == Keyword::Project && !cx.is_standard(def.unit));
    let Some((_, def)) = all.next() else {
        if !cx.has_errors() {
            cx.report(
                Diagnostic::nowhere(&known::NO_PROJECT, "the program has no `project`")
                    .help("add `project NAME { registry = \"ghcr.io/…\" }`: it says where the images go"),
            );
        }
        return None;
    };
    for (_, other) in all {
        cx.report(
            Diagnostic::new(&known::SECOND_PROJECT, cx.place_of(other), "a program has one `project`")
                .here("a second one")
                .also(cx.place_of(def), "the first one")
                .help("drop one of them"),
        );
    }
    Some(def)
}

/// A registry is a host, perhaps with a path.
fn check_registry(registry: &str) -> Result<(), String> {
    let (host, path) = registry.split_once('/').map_or((registry, None), |(host, path)| (host, Some(path)));
    if !host.contains(['.', ':']) && host != "localhost" {
        return Err(format!("`{host}` is no host"));
    }
    references::check_repository(&format!("{host}/{}", path.unwrap_or("x")))
}
