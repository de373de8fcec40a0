//! What the page gets: HTML as words, and patterns that server and browser read alike.

use std::fmt::Write as _;

/// Words without HTML: tags go, links keep their address, character references are the characters. `None` where there was no tag.
pub(super) fn words(html: &str) -> (String, bool) {
    let (mut out, mut tags) = (String::new(), false);
    let mut link: Option<String> = None;
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let tag =
            from.find('>').and_then(|end| from.get(1..end)).filter(|tag| tag.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/'));
        let Some(tag) = tag else {
            out.push('<');
            rest = from.get(1..).unwrap_or_default();
            continue;
        };
        tags = true;
        let name = tag.trim_start_matches('/').split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default().to_ascii_lowercase();
        match (name.as_str(), tag.starts_with('/')) {
            ("a", false) => link = attribute(tag, "href"),
            ("a", true) => {
                if let Some(address) = link.take().filter(|address| !out.ends_with(address.as_str())) {
                    out.extend([" (", &address, ")"]);
                }
            }
            ("br" | "p" | "li" | "div", _) => out.push(' '),
            _ => {}
        }
        rest = from.get(tag.len() + 2..).unwrap_or_default();
    }
    out.push_str(rest);
    let mut plain = out;
    for (reference, letter) in [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&nbsp;", " "), ("&amp;", "&")] {
        plain = plain.replace(reference, letter);
    }
    (if tags { plain.split_whitespace().collect::<Vec<_>>().join(" ") } else { plain }, tags)
}

/// The value of an attribute of a tag.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let rest = tag.split_once(&format!("{name}="))?.1;
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''));
    let value = match quote {
        Some(quote) => rest.get(1..)?.split(quote).next()?,
        None => rest.split_whitespace().next()?,
    };
    Some(value.to_owned())
}

/// A pattern without its anchors, which the compiler writes, and with what only one of server and browser reads in the form that both
/// do; `true` where the server compared the beginning alone.
pub(super) fn pattern(written: &str, escapes_html: bool) -> (String, bool) {
    let inner = written.strip_prefix('^').unwrap_or(written);
    let closed = inner.ends_with('$') && !inner.ends_with("\\$");
    let inner = if closed { inner.get(..inner.len() - 1).unwrap_or_default() } else { inner };
    let open = !closed && !inner.ends_with(".*") && !inner.ends_with(".+");
    let inner =
        inner.strip_prefix("(?:").and_then(|rest| rest.strip_suffix(')')).filter(|rest| !rest.contains(['(', ')'])).unwrap_or(inner);
    (repaired(inner, escapes_html), open)
}

/// Escapes that both readers want, and none that one of them refuses.
fn repaired(pattern: &str, escapes_html: bool) -> String {
    let pattern = pattern.replace("(?P<", "(?<").replace("\\A", "").replace("\\Z", "");
    let letters: Vec<char> = unnamed(&pattern).chars().collect();
    let (mut out, mut class, mut at) = (String::new(), None::<usize>, 0);
    while let Some(&letter) = letters.get(at) {
        let next = letters.get(at + 1).copied();
        match (letter, class) {
            ('\\', _) => {
                let escaped = next.unwrap_or('\\');
                let syntax = "^$\\.*+?()[]{}|/".contains(escaped) || class.is_some() && escaped == '-';
                let plain = !(escaped.is_alphanumeric() || syntax);
                if !plain {
                    out.push('\\');
                }
                out.push(escaped);
                at += 1;
            }
            ('[', None) => {
                class = Some(at);
                out.push('[');
                if next == Some('^') {
                    out.push('^');
                    at += 1;
                    class = Some(at);
                }
            }
            (']', Some(start)) if at > start + 1 => {
                class = None;
                out.push(']');
            }
            ('-', Some(start)) if !is_range(&letters, start, at) => out.push_str("\\-"),
            ('(' | ')' | '[' | ']' | '{' | '}' | '/' | '|', Some(_)) => {
                out.push('\\');
                out.push(letter);
            }
            ('"' | '&' | '<' | '>', _) if escapes_html => drop(write!(out, "\\x{:02x}", u32::from(letter))),
            _ => out.push(letter),
        }
        at += 1;
    }
    out
}

/// Whether a hyphen in brackets stands between two single characters.
fn is_range(letters: &[char], start: usize, at: usize) -> bool {
    let before = at.checked_sub(1).filter(|before| *before > start).and_then(|before| letters.get(before));
    let escaped = at.checked_sub(2).filter(|two| *two > start).and_then(|two| letters.get(two)) == Some(&'\\');
    let after = letters.get(at + 1);
    let inner_range = at.checked_sub(2).filter(|two| *two > start + 1).and_then(|two| letters.get(two)) == Some(&'-');
    before.is_some() && !escaped && !inner_range && after.is_some_and(|after| !matches!(after, ']' | '\\'))
}

/// Groups without their names.
fn unnamed(pattern: &str) -> String {
    let mut out = String::new();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once("(?<") {
        out.push_str(before);
        let named = |(name, _): &(&str, &str)| !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
        let inner = after.split_once('>').filter(named).map(|(_, inner)| inner);
        out.push_str(if inner.is_some() { "(?:" } else { "(?<" });
        rest = inner.unwrap_or(after);
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_is_words() {
        assert_eq!(words("R &amp; Julia"), ("R & Julia".to_owned(), false));
        assert_eq!(words("<b>Big</b><br>see <a href=\"https://x.org\">here</a>"), ("Big see here (https://x.org)".to_owned(), true));
        assert_eq!(words("a < b"), ("a < b".to_owned(), false));
    }

    #[test]
    fn patterns_are_for_both() {
        let shown = |written| pattern(written, true);
        assert_eq!(shown("^.+:.+$"), (".+:.+".to_owned(), false));
        assert_eq!(shown("^(?:a|b)$"), ("a|b".to_owned(), false));
        assert_eq!(shown("quay.io/x"), ("quay.io/x".to_owned(), true));
        assert_eq!(shown("^[\\w./-]+:[a-z0-9-]+$"), ("[\\w.\\/\\-]+:[a-z0-9\\-]+".to_owned(), false));
        assert_eq!(shown("^(?P<n>a)\\:b$"), ("(?:a):b".to_owned(), false));
        assert_eq!(shown("^[^/\"]+$"), ("[^\\/\\x22]+".to_owned(), false));
        for (written, _) in [("^[\\w./-]+$", 0), ("^[a-z-]+$", 0), ("^[^/]+$", 0), ("a\\:b", 0), ("\\A[A-Za-z0-9._/-]+\\Z", 0)] {
            assert_eq!(crate::check::readable_pattern(&pattern(written, true).0), Ok(()), "{written}");
        }
    }
}
