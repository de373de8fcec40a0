//! Texts that are addresses.

use super::context::Context;
use crate::base::{Place, Span, credentials};
use crate::diagnostics::{Diagnostic, known};

/// What files are downloaded by.
pub(crate) const DOWNLOADS: &[&str] = &["https://", "http://"];

/// Checks the address of a `fetch`, which the statement at `origin` begins; a file of the project is copied. `many` is where its
/// last part is still to come.
pub(crate) fn check_download(cx: &Context<'_>, place: Place, text: &str, origin: Place, many: bool) -> Option<()> {
    let path = !text.is_empty() && !text.contains("://") && !text.starts_with('-') && !text.contains([' ', '@', '\n', '\t']);
    if many || !path {
        return check(cx, place, text, DOWNLOADS);
    }
    let word = Place { span: Span { end: origin.span.start + 5, ..origin.span }, ..origin };
    let finding = Diagnostic::new(&known::BAD_VALUE, place, format!("`{}` is a file, not an address", text.escape_debug()));
    cx.report(finding.replace("write `copy`: it takes files of the project", false, word, "copy"));
    None
}

/// Checks an address: no credentials, and nothing that would end it early. `begins` are the ways it may begin; any where empty.
pub(crate) fn check(cx: &Context<'_>, place: Place, text: &str, begins: &[&str]) -> Option<()> {
    let bad = if text.chars().any(|c| c.is_control() || c.is_whitespace()) {
        Some("no address has blanks or line breaks: write `%20` for a blank")
    } else if text.is_empty() || text.starts_with('-') || !(begins.is_empty() || begins.iter().any(|begin| text.starts_with(begin))) {
        Some(if begins.is_empty() { "write the address of a repository" } else { "begin it with `https://`" })
    } else {
        None
    };
    if let Some(help) = bad {
        cx.report(Diagnostic::new(&known::BAD_VALUE, place, format!("`{}` is no address", text.escape_debug())).help(help));
        return None;
    }
    check_credentials(cx, place, text)
}

/// Refuses a text with an address that holds a password or a token.
pub(crate) fn check_credentials(cx: &Context<'_>, place: Place, text: &str) -> Option<()> {
    let Some(host) = credentials(text) else { return Some(()) };
    cx.report(
        Diagnostic::new(&known::CREDENTIALS_IN_ADDRESS, place, format!("the address of `{host}` holds credentials"))
            .here("it goes into the Dockerfile, the image and its history")
            .help("declare a build secret, `credential NAME file \"/root/.netrc\"`, and name it in the step: `with NAME`"),
    );
    None
}
