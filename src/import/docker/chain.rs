//! The script of a `RUN` cut into the commands that follow one another. What means something else when it is cut stays whole.

use std::ops::Range;

use super::links::{Between, Form, Link, is_sequence, links};
use super::parts::prints;

/// A command of a script, or several that stay together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Part {
    /// Where it is in the script.
    pub(super) range: Range<usize>,
    /// What is run, with its here-documents.
    pub(super) text: String,
    /// Whether a failing command within it stops nothing: it means something else in a shell that stops at failures.
    pub(super) goes_on: bool,
}

/// Cuts a script: each part runs if the one before went well. `stops` says whether the shell stops at a failing command of its own accord.
pub(super) fn cut(script: &str, stops: bool) -> Vec<Part> {
    let start = script.len() - script.trim_start().len();
    let whole = |goes_on| {
        let text = script.trim().to_owned();
        vec![Part { range: start..start + text.len(), text, goes_on }]
    };
    let stops = stops || says_stop(script);
    let Some(links) = links(script) else { return whole(!stops && script.trim().contains(['\n', ';'])) };
    let statements: Vec<&[Link]> = links.split_inclusive(|link| link.between == Between::Next).collect();
    let last = statements.len().saturating_sub(1);
    let said = statements.iter().take(last).take_while(|statement| only_says(script, statement)).count();
    let behind = statements.get(said).and_then(|statement| script.get(span(statement).start..));
    let stops = stops || behind.is_some_and(says_stop);
    if said < last && !stops {
        return whole(true);
    }
    let sequence = links.iter().any(|link| link.sequence);
    let part = |links: &[Link], goes_on| Part { range: span(links), text: text(script, links), goes_on };
    let mut parts = Vec::new();
    for (at, statement) in statements.iter().enumerate() {
        // On a line of its own, a failure before `&&` stops nothing.
        let goes_on = |link: &Link| {
            let joins = || script.get(link.range.clone()).is_some_and(|text| text.contains("&&"));
            link.sequence || sequence && link.form != Form::Plain && joins()
        };
        let inner = statement.split_last().is_some_and(|(_, before)| before.iter().any(goes_on));
        match *statement {
            statement if at < last => parts.push(Part { text: conditional(script, statement), ..part(statement, false) }),
            // Before `&&`, the shell that stops goes on.
            statement if stops && inner => parts.push(part(statement, false)),
            statement => {
                parts.extend(
                    split(script, statement).into_iter().map(|links| part(links, !stops && links.iter().any(|link| link.sequence))),
                );
            }
        }
    }
    let documents = links.iter().any(|link| !link.documents.is_empty());
    let goes_on = parts.iter().any(|part| part.goes_on);
    if documents && goes_on && parts.len() > 1 {
        return whole(goes_on);
    }
    if let [only] = parts.as_mut_slice() {
        only.goes_on |= links.iter().any(|link| link.between == Between::Or) && ignores(script);
    }
    let alone = |part: &Part| links.iter().any(|link| link.range == part.range);
    parts.into_iter().flat_map(|part| if alone(&part) { opened(part, stops) } else { vec![part] }).collect()
}

/// A part in braces as the commands within.
fn opened(part: Part, stops: bool) -> Vec<Part> {
    let inner = part.text.strip_prefix('{').filter(|inner| inner.starts_with(char::is_whitespace));
    let inner = inner.and_then(|inner| inner.strip_suffix('}')).map(|inner| inner.trim_end().trim_end_matches(';'));
    let Some(inner) = inner.filter(|_| !part.goes_on && !part.text.contains("<<")) else { return vec![part] };
    if stops && inner.contains("&&") {
        return vec![part];
    }
    let mut all = cut(inner, stops);
    for one in &mut all {
        one.range = part.range.start + 1 + one.range.start..part.range.start + 1 + one.range.end;
    }
    all
}

/// Whether a command is two of which the second runs if the first fails.
pub(super) fn is_either(command: &str) -> bool {
    links(command).is_some_and(|links| links.iter().any(|link| link.between == Between::Or))
}

/// Whether a command means something else in a shell that stops at failures.
pub(super) fn goes_on(command: &str) -> bool {
    cut(command, false).iter().any(|part| part.goes_on)
}

/// Whether commands of a script run whatever comes of those before them: `a; b`.
pub(super) fn holds_sequence(script: &str) -> bool {
    links(script).map_or_else(|| goes_on(script), |links| is_sequence(&links))
}

/// Whether a script ends with `|| true` or its like.
fn ignores(script: &str) -> bool {
    let end = script.trim_end().trim_end_matches(';').trim_end();
    ["true", ":", "exit 0"].iter().any(|nothing| end.strip_suffix(nothing).is_some_and(|rest| rest.trim_end().ends_with("||")))
}

/// Whether a statement prints a text: it can't fail, so that the next one may as well be behind `&&`.
fn only_says(script: &str, statement: &[Link]) -> bool {
    let [link] = statement else { return false };
    let text = script.get(link.range.clone()).unwrap_or_default();
    link.form == Form::Plain && text.starts_with("echo ") && prints(text)
}

/// Whether a script begins with `set -e`.
pub(super) fn says_stop(script: &str) -> bool {
    let first = script.trim_start().split(['\n', ';', '&']).next().unwrap_or_default();
    let mut words = first.split_whitespace();
    words.next() == Some("set")
        && words.any(|word| word == "errexit" || word.starts_with('-') && !word.starts_with("--") && word.contains('e'))
}

/// `a && b` of which a failing `a` stops nothing, since another statement follows: `if a; then b; fi`.
fn conditional(script: &str, statement: &[Link]) -> String {
    let joins = |link: &Link| matches!(link.between, Between::And | Between::Or);
    let at = statement.iter().rposition(joins);
    match at.filter(|at| statement.get(*at).is_some_and(|link| link.between == Between::And)) {
        Some(at) if statement.iter().all(|link| link.documents.is_empty()) => {
            let (condition, command) = statement.split_at(at + 1);
            format!("if {}; then {}; fi", text(script, condition), text(script, command))
        }
        _ => text(script, statement),
    }
}

fn span(links: &[Link]) -> Range<usize> {
    let start = links.first().map_or(0, |link| link.range.start);
    start..links.last().map_or(start, |link| link.range.end)
}

/// What links say, with their here-documents behind them.
fn text(script: &str, links: &[Link]) -> String {
    let mut text = script.get(span(links)).unwrap_or_default().to_owned();
    for document in links.iter().flat_map(|link| &link.documents) {
        text.push('\n');
        text.push_str(script.get(document.clone()).unwrap_or_default());
    }
    text
}

/// The parts of a statement: cut at each `&&` that is behind the last `||` and before no test.
fn split<'l>(script: &str, statement: &'l [Link]) -> Vec<&'l [Link]> {
    let or = statement.iter().rposition(|link| link.between == Between::Or).map_or(0, |at| at + 1);
    let tests = |link: &Link| {
        let text = script.get(link.range.clone()).unwrap_or_default();
        ["[ ", "[[ ", "test ", "! "].iter().any(|test| text.starts_with(test))
    };
    let mut parts = Vec::new();
    let mut from = 0;
    for (at, link) in statement.iter().enumerate() {
        let here = statement.get(from..=at).unwrap_or_default();
        if at >= or && link.between == Between::And && !here.iter().any(tests) {
            parts.push(here);
            from = at + 1;
        }
    }
    parts.extend(statement.get(from..).filter(|rest| !rest.is_empty()));
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The parts, `~` before those in which a failure stops nothing.
    fn parts(script: &str, stops: bool) -> Vec<String> {
        cut(script, stops).into_iter().map(|part| format!("{}{}", if part.goes_on { "~" } else { "" }, part.text)).collect()
    }

    #[test]
    fn chains_are_cut_at_their_ands() {
        assert_eq!(parts("a 1 && b|c  && d >x 2>&1 ;", false), ["a 1", "b|c", "d >x 2>&1"]);
        assert_eq!(parts("a && (b) && { c || d; } && e", false), ["a", "(b)", "c || d", "e"]);
        assert_eq!(parts("set -ex; a; b && c", false), ["set -ex", "a", "b", "c"]);
        assert_eq!(parts("a\nb\n", true), ["a", "b"]);
        assert_eq!(parts("{ a; b; } >x && { c && { d || e; }; } && { f; }", true), ["{ a; b; } >x && { c && { d || e; }; } && { f; }"]);
        assert_eq!(parts("a && { b && { c || d; }; } && { e; }", false), ["a", "b", "c || d", "e"]);
        assert_eq!(parts("a || b && c && d", false), ["a || b", "c", "d"]);
        assert_eq!(parts("a && [[ x && y ]] && b && c", false), ["a", "[[ x && y ]] && b && c"]);
    }

    #[test]
    fn what_only_says_something_does_not_fail() {
        assert_eq!(parts("echo x; a && b", false), ["echo x", "a", "b"]);
        assert_eq!(parts("echo x\nset -e\na\nb", false), ["echo x", "set -e", "a", "b"]);
        for script in ["echo $(x); a", "echo x > f; a", "echo x | y; a", "a; echo x", "echo x; a; b"] {
            assert_eq!(parts(script, false), [format!("~{script}")]);
        }
    }

    #[test]
    fn a_compound_command_is_one_of_its_chain() {
        for (script, wanted) in [
            ("a && if b; then c; d; fi && e", ["a", "~if b; then c; d; fi", "e"]),
            ("a && if b; then c && d; else e; fi >x && f", ["a", "if b; then c && d; else e; fi >x", "f"]),
            ("a && for x in 1 2; do b; done && c", ["a", "~for x in 1 2; do b; done", "c"]),
            ("a && while b; do c; done && d", ["a", "~while b; do c; done", "d"]),
            ("a && case $x in (1|2) b;; *) c; d;; esac && e", ["a", "~case $x in (1|2) b;; *) c; d;; esac", "e"]),
            ("a && case $x in 1) b ;; *) c ;; esac && e", ["a", "case $x in 1) b ;; *) c ;; esac", "e"]),
            ("a && (b; c) && d", ["a", "~(b; c)", "d"]),
            ("a && b | while read x; do c; done && d", ["a", "~b | while read x; do c; done", "d"]),
            ("a && if b; then for x in 1; do c; done; fi && d", ["a", "~if b; then for x in 1; do c; done; fi", "d"]),
        ] {
            assert_eq!(parts(script, false), wanted, "{script}");
        }
        // A shell that stops does so within the last command only.
        assert_eq!(parts("set -e; a && if b; then c; d; fi", false), ["set -e", "a", "if b; then c; d; fi"]);
        assert_eq!(parts("set -e; if b; then c; d; fi && a", false), ["set -e", "if b; then c; d; fi && a"]);
    }

    #[test]
    fn here_documents_are_of_their_command() {
        let wanted = ["a", "cat <<E >f\nx && y\nE", "b"];
        assert_eq!(parts("a && cat <<E >f && b\nx && y\nE\n", false), wanted);
        assert_eq!(parts("set -e\na\ncat <<E >f\nx && y\nE\nb", false).get(1..).unwrap(), wanted);
        assert_eq!(parts("cat <<A - <<B && c\n1\nA\n2\nB", false), ["cat <<A - <<B\n1\nA\n2\nB", "c"]);
        let whole = "for x in 1; do a; done && cat <<E >f && b\nx\nE";
        assert_eq!(parts(whole, false), [format!("~{whole}")]);
    }

    #[test]
    fn what_means_something_else_stays_whole() {
        for script in ["a || b", "a && b || c", "a & b", "if a; then b; fi", "[ -f x ] && a", "! a && b", "f() { a && b", "if a; then b"] {
            assert!(parts(script, false).iter().any(|part| part.trim_start_matches('~') == script), "{script}");
        }
        for script in ["a; b", "a || true", "f() { a; } && f", "a && b; c", "for ((x=1; x<2; x++)); do a; done"] {
            assert_eq!(parts(script, false), [format!("~{script}")]);
        }
        assert!(!goes_on("a || b") && goes_on("a; b") && !goes_on("set -e; a; b"));
        assert!(holds_sequence("a; b") && !holds_sequence("a || true && b || true") && goes_on("a || true && b || true"));
    }

    /// Where a statement follows, a failure before `&&` stops nothing.
    #[test]
    fn a_failure_before_and_is_a_condition() {
        assert_eq!(parts("set -e; a && b; c", false), ["set -e", "if a; then b; fi", "c"]);
        assert_eq!(parts("a | b && c || d && e | f; g", true), ["if a | b && c || d; then e | f; fi", "g"]);
        assert_eq!(parts("a && b || c\nd", true), ["a && b || c", "d"]);
    }
}
