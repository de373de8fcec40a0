//! The page for browsers: one file that loads nothing, reads well without its script, and escapes every text.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{Environment, Output, UndefinedBehavior, context};

use super::page::Page;

const TEMPLATE: &str = include_str!("page.html");
const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// The page.
pub(super) fn write(page: &Page) -> String {
    match render(page) {
        Ok(text) => text,
        Err(error) => unreachable!("the template of the catalogue is our own and takes every page: {error:#}"),
    }
}

/// The page, from its template. Every text that is not our own is escaped, wherever it stands.
fn render(page: &Page) -> Result<String, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true).build()?);
    environment.set_formatter(|out, state, value| match value.as_str() {
        Some(text) if !value.is_safe() => Ok(escape(out, text)?),
        _ => minijinja::escape_formatter(out, state, value),
    });
    let values = context! {
        page => Value::from(Serde(page)),
        // A comment ends where `>` stands; nothing else is special in it.
        mark => Value::from_safe_string(page.mark.replace('>', "&gt;")),
        style => Value::from_safe_string(STYLE.to_owned()),
        script => Value::from_safe_string(SCRIPT.to_owned()),
    };
    environment.render_named_str("page.html", TEMPLATE, values)
}

/// A text as HTML shows it, within an element or within quotes. Slashes stay, unlike minijinja's: the page is read as text, too.
fn escape(out: &mut Output<'_>, text: &str) -> std::fmt::Result {
    for part in text.split_inclusive(['&', '<', '>', '"', '\'']) {
        let end = part.char_indices().next_back().map_or((0, ' '), |last| last);
        let entity = match end.1 {
            '&' => "&amp;",
            '<' => "&lt;",
            '>' => "&gt;",
            '"' => "&quot;",
            '\'' => "&#39;",
            _ => {
                out.write_str(part)?;
                continue;
            }
        };
        out.write_str(part.get(..end.0).unwrap_or_default())?;
        out.write_str(entity)?;
    }
    Ok(())
}
