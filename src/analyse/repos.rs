//! Package repositories: `repo egi apt { key = "https://…"  sha256 = "…"  line = "deb …" }`. For dnf, the line is the address, or
//! all that stands in the file.

use super::context::Context;
use super::definitions::Def;
use super::fields::Fields;
use super::scope::Scope;
use super::{addresses, typed};
use crate::base::or_nearest;
use crate::diagnostics::{Diagnostic, known};
use crate::ir::{Segments, ShellPart, ShellText};
use crate::syntax::words::Room;

/// How a repository is set up.
#[derive(Debug)]
pub(crate) struct Repo {
    /// The address and the checksum of its key.
    pub(crate) key: Option<(String, Option<String>)>,
    /// Where the key goes.
    pub(crate) key_path: String,
    /// The command that makes it known.
    pub(crate) set_up: ShellText,
}

/// Reads a repository for lists of `manager`.
pub(crate) fn read<'a>(cx: &Context<'a>, def: Def<'a>, manager: &str) -> Option<Repo> {
    let scope = Scope::new(def.unit);
    let fields = Fields::read(cx, &scope, Room::Repo, &def.node.body);
    let place = cx.place_of(def);
    let kind = if let Some(word) = def.node.words.first() {
        typed::member(cx, cx.place(def.unit, word.span), "repo", &word.node, &["apt", "dnf"])?
    } else {
        cx.report(
            Diagnostic::new(&known::MISSING_PART, place, "a package repository needs its manager")
                .help(format!("write `repo {} apt {{ … }}`", def.name)),
        );
        return None;
    };
    if kind != manager {
        cx.report(
            Diagnostic::new(
                &known::WRONG_KIND,
                place,
                format!("`{}` is a repository of {kind}, and a list of {manager} uses it", def.name),
            )
            .maybe_help(or_nearest(manager, [kind])),
        );
        return None;
    }
    fields.require("line", "\"deb https://… stable main\"").then_some(())?;
    let line = fields.text("line")?;
    addresses::check_credentials(cx, fields.place("line"), &line)?;
    let sha256 = match fields.text("sha256") {
        Some(text) => Some(typed::sha256(cx, fields.place("sha256"), &text)?),
        None => None,
    };
    let key = match fields.text("key") {
        Some(url) => {
            addresses::check(cx, fields.place("key"), &url, addresses::DOWNLOADS)?;
            Some((url, sha256))
        }
        None => None,
    };
    let name = def.name;
    let (key_path, file, line) = if kind == "apt" {
        let extension = key.as_ref().map_or("asc", |(url, _)| if url.rsplit('.').next() == Some("gpg") { "gpg" } else { "asc" });
        let key_path = format!("/etc/apt/keyrings/{name}.{extension}");
        let signed = key.is_some() && !line.contains('[');
        let line = if signed { line.replacen("deb ", &format!("deb [signed-by={key_path}] "), 1) } else { line };
        (key_path, format!("/etc/apt/sources.list.d/{name}.list"), line)
    } else {
        let key_path = format!("/etc/pki/rpm-gpg/RPM-GPG-KEY-{name}");
        let check = if key.is_some() { format!("gpgcheck=1\ngpgkey=file://{key_path}") } else { "gpgcheck=0".to_owned() };
        let whole = line.starts_with('[');
        let line = if whole { line } else { format!("[{name}]\nname={name}\nbaseurl={line}\nenabled=1\n{check}") };
        (key_path, format!("/etc/yum.repos.d/{name}.repo"), line)
    };
    let mut parts = vec![ShellPart::Raw("printf '%s\\n'".to_owned())];
    for text in line.lines() {
        parts.push(ShellPart::Raw(" ".to_owned()));
        parts.push(ShellPart::Word(Segments::literal(text)));
    }
    parts.push(ShellPart::Raw(format!(" > {file}")));
    Some(Repo { key, key_path, set_up: ShellText(parts) })
}
