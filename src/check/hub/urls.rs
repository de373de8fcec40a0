//! The page that opens.

use super::sites::{Site, find};
use crate::diagnostics::{Diagnostic, Findings, known};

/// A path that does not begin with a slash is glued to the name of the person.
pub(super) fn url(site: &Site<'_>, findings: &mut Findings) {
    let Some(url) = find(&site.traits, "default_url") else { return };
    let Some(text) = url.value.value.as_text() else { return };
    if !text.is_empty() && !text.starts_with('/') {
        findings.push(
            Diagnostic::new(&known::URL_WITHOUT_SLASH, url.value.place, format!("the page `{text}` does not begin with a slash"))
                .here("nobody complains, and the page is not found")
                .help(format!("write `\"/{text}\"`")),
        );
    }
}
