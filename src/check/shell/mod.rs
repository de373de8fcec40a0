//! J0440: a comparison without quotes in a command that installs packages. The shell reads `pip install x>=1` as `pip install x`
//! whose output goes into a file called `=1`.

pub(super) mod idle;
mod lexer;
mod packages;

use std::collections::BTreeSet;
use std::ops::Range;

use crate::base::{Place, Span};
use crate::diagnostics::{Diagnostic, Edit, Findings, known};
use crate::ir::{Program, Script, Step, StepKind};

use lexer::{Kind, Token, tokens};

/// How a program takes versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Takes {
    /// `x>=1`: in quotes it is what was meant.
    Bounds,
    /// `x@>=1`.
    AfterAt,
    /// One version alone, such as `x=1`: there is no way to write a bound.
    One,
}

/// Programs that install packages.
const INSTALLERS: [(&str, Takes); 19] = [
    ("pip", Takes::Bounds),
    ("pip3", Takes::Bounds),
    ("uv", Takes::Bounds),
    ("pipx", Takes::Bounds),
    ("conda", Takes::Bounds),
    ("mamba", Takes::Bounds),
    ("micromamba", Takes::Bounds),
    ("pixi", Takes::Bounds),
    ("poetry", Takes::Bounds),
    ("npm", Takes::AfterAt),
    ("pnpm", Takes::AfterAt),
    ("yarn", Takes::AfterAt),
    ("bun", Takes::AfterAt),
    ("apt", Takes::One),
    ("apt-get", Takes::One),
    ("aptitude", Takes::One),
    ("dnf", Takes::One),
    ("yum", Takes::One),
    ("microdnf", Takes::One),
];

/// What they are told when they are to do so.
const INSTALLING: [&str; 11] = ["install", "create", "add", "update", "upgrade", "download", "wheel", "reinstall", "i", "ci", "inject"];

/// What may stand before a command.
const BEFORE: [&str; 12] = ["sudo", "env", "exec", "time", "nice", "command", "then", "do", "else", "if", "!", "{"];

/// A comparison that a shell takes for a redirection.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Found {
    /// The package with its bounds, in bytes of the script.
    range: Range<usize>,
    /// Where the name of the package ends.
    name: usize,
    /// How the program that gets it takes versions.
    takes: Takes,
}

/// J0440, J0414
pub(super) fn check(program: &Program, findings: &mut Findings) {
    packages::check(program, findings);
    let mut seen = BTreeSet::new();
    for step in program.recipes().into_iter().flat_map(|recipe| &recipe.steps) {
        for script in scripts(step) {
            for found in comparisons(&script.text) {
                let place = script.place(found.range.clone()).or_else(|| ends(script, &found.range)).unwrap_or(step.origin);
                if seen.insert(place) {
                    findings.push(finding(script, &found, place));
                }
            }
        }
    }
}

/// A command of a script, without what a shell would expand.
pub(crate) struct Command {
    /// Its words, without quotes.
    pub(crate) words: Vec<String>,
    /// The files that it writes by redirection.
    pub(crate) files: Vec<String>,
}

/// The commands of a script, in order.
pub(crate) fn commands(script: &str) -> Vec<Command> {
    let mut all = vec![Command { words: Vec::new(), files: Vec::new() }];
    let mut operator = "";
    for token in lexer::tokens(script) {
        let text = script.get(token.range).unwrap_or("");
        let Some(last) = all.last_mut() else { continue };
        match token.kind {
            Kind::End => all.push(Command { words: Vec::new(), files: Vec::new() }),
            Kind::Redirect => operator = text,
            Kind::Word => {
                let word: String = text.chars().filter(|c| !matches!(c, '"' | '\'' | '\\')).collect();
                match std::mem::take(&mut operator) {
                    "" => last.words.push(word),
                    ">" | ">>" | ">|" | "&>" | "&>>" => last.files.push(word),
                    _ => {}
                }
            }
        }
    }
    all.retain(|command| !command.words.is_empty() || !command.files.is_empty());
    all
}

/// The addresses in words of a script, without those that it only prints.
pub(crate) fn addresses(script: &str) -> Vec<Range<usize>> {
    let tokens = lexer::tokens(script);
    let mut all = Vec::new();
    for command in tokens.split(|token| token.kind == Kind::End) {
        if command_of(script, command).is_some_and(|(name, _)| matches!(name, "echo" | "printf")) {
            continue;
        }
        for token in command.iter().filter(|token| token.kind == Kind::Word) {
            let word = script.get(token.range.clone()).unwrap_or_default();
            all.extend(address(word).map(|range| token.range.start + range.start..token.range.start + range.end));
        }
    }
    all
}

/// The first address in a word, in bytes: from its scheme up to a blank or a quote.
fn address(word: &str) -> Option<Range<usize>> {
    let mark = word.find("://")?;
    let scheme = word.get(..mark)?;
    let start = scheme.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || c == '+').len();
    let end = word.get(mark..)?.find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '\\'));
    Some(start..end.map_or(word.len(), |end| mark + end))
}

/// The scripts of a step, as somebody wrote them.
pub(crate) fn scripts(step: &Step) -> &[Script] {
    match &step.kind {
        StepKind::Run(run) => std::slice::from_ref(&run.script),
        StepKind::Build(build) => &build.scripts,
        _ => &[],
    }
}

/// Where both ends of a range stand, though what is between them may be written otherwise.
fn ends(script: &Script, range: &Range<usize>) -> Option<Place> {
    let (start, end) = (script.place(range.start..range.start)?, script.place(range.end..range.end)?);
    (start.file == end.file).then(|| Place::new(start.file, Span { start: start.span.start, end: end.span.start }))
}

fn finding(script: &Script, found: &Found, place: Place) -> Diagnostic {
    let text = script.text.get(found.range.clone()).unwrap_or("");
    let at = text.find(['<', '>']).unwrap_or(0);
    let (package, rest) = (text.get(..at).unwrap_or("").trim_matches([' ', '"', '\'', '\\']), text.get(at..).unwrap_or(""));
    let target = rest.get(1..).unwrap_or("").trim_start().split(|c: char| c.is_whitespace() || matches!(c, '<' | '>')).next().unwrap_or("");
    let here = if rest.starts_with('>') {
        format!("the shell installs any `{package}` and writes a file called `{target}`")
    } else {
        format!("the shell installs any `{package}` and reads a file called `{target}`")
    };
    let why = if found.takes == Takes::One { "is no constraint, but a redirection" } else { "is no constraint without quotes" };
    let finding = Diagnostic::new(&known::UNQUOTED_COMPARISON, place, format!("`{text}` {why}")).here(here);
    if found.takes == Takes::One {
        return finding.help(format!("name one version, such as `{package}=1.2-3`, or none: bounds can't be said there"));
    }
    match quoted(script, found, text) {
        Some(edits) if found.takes == Takes::AfterAt => finding.fix(format!("write `{package}@{rest}` in quotes"), true, edits),
        Some(edits) => finding.fix(format!("put `{text}` in quotes"), true, edits),
        None => finding.help("put the package and its constraint in quotes"),
    }
}

/// The edits that put a range in quotes which the text around it can hold.
fn quoted(script: &Script, found: &Found, text: &str) -> Option<Vec<Edit>> {
    let range = &found.range;
    if text.contains(['\'', '"', '\\', '`', '\n']) {
        return None;
    }
    let variable = text.contains('$');
    let quote = match script.quotes {
        "\"" if variable => "\\\"",
        "\"\"\"" if variable => "\"",
        "\"" | "\"\"\"" => "'",
        "'" | "'''" => "\"",
        _ => return None,
    };
    // At the very end the quote would join those that close the text.
    if script.quotes.starts_with(quote) && (range.end == script.text.len() || range.start == 0) {
        return None;
    }
    let insert = |at: usize, text: &str| script.place(at..at).map(|place| Edit { place, text: text.to_owned() });
    let mut edits = vec![insert(range.start, quote)?, insert(range.end, quote)?];
    if found.takes == Takes::AfterAt {
        edits.insert(1, insert(found.name, "@")?);
    }
    Some(edits)
}

/// The comparisons of a script that a shell takes for redirections, each with its package.
fn comparisons(script: &str) -> Vec<Found> {
    if !script.contains(['<', '>']) {
        return Vec::new();
    }
    let tokens = tokens(script);
    let mut found = Vec::new();
    for command in tokens.split(|token| token.kind == Kind::End) {
        let mut at = 0;
        while let Some(redirect) = command.get(at) {
            if redirect.kind == Kind::Redirect
                && let Some(one) = comparison(script, command, at)
            {
                at += command.iter().skip(at).take_while(|token| token.range.start < one.range.end).count();
                found.push(one);
            } else {
                at += 1;
            }
        }
    }
    found
}

/// The comparison whose operator is the redirection at `at`, with the package before it.
fn comparison(script: &str, command: &[Token], at: usize) -> Option<Found> {
    let text = |token: &Token| script.get(token.range.clone()).unwrap_or("");
    let (before, operator, target) = (command.get(at.checked_sub(1)?)?, command.get(at)?, command.get(at + 1)?);
    if operator.kind != Kind::Redirect || before.kind != Kind::Word || target.kind != Kind::Word || !matches!(text(operator), "<" | ">") {
        return None;
    }
    let package = text(before);
    let is_package = !package.starts_with('-') && package.contains(|c: char| c.is_ascii_alphabetic() || c == '$');
    let takes = installs(script, command.get(..at - 1)?).filter(|_| is_package)?;
    let joined = operator.range.end == target.range.start;
    let glued = before.range.end == operator.range.start;
    let version = if text(target).starts_with('=') { joined } else { joined && glued && is_version(text(target)) };
    if !version {
        return None;
    }
    // `>= 1` and `>=1, <2` go on.
    let mut end = target;
    let mut next = at + 2;
    if text(end) == "=" {
        end = command.get(next).filter(|token| token.kind == Kind::Word && is_version(text(token)))?;
        next += 1;
    }
    while let [operator, target, ..] = command.get(next..)? {
        let goes_on = end.range.end == operator.range.start || text(end).ends_with(',');
        let bound = operator.kind == Kind::Redirect && target.kind == Kind::Word && operator.range.end == target.range.start;
        if !goes_on || !bound {
            break;
        }
        end = target;
        next += 2;
    }
    let end = end.range.start + text(end).trim_end_matches(',').len();
    Some(Found { range: before.range.start..end, name: before.range.end, takes })
}

/// How the command takes versions whose words these are, if it installs packages.
fn installs(script: &str, words: &[Token]) -> Option<Takes> {
    let (name, rest) = command_of(script, words)?;
    let (_, takes) = INSTALLERS.iter().find(|(known, _)| *known == name)?;
    let mut words = rest.iter().filter(|token| token.kind == Kind::Word).filter_map(|token| script.get(token.range.clone()));
    words.any(|word| INSTALLING.contains(&word)).then_some(*takes)
}

/// The program that a command runs, and what comes after it. `python -m pip` and `pip3.11` are `pip`.
fn command_of<'s, 't>(script: &'s str, command: &'t [Token]) -> Option<(&'s str, &'t [Token])> {
    let text = |token: &Token| script.get(token.range.clone()).unwrap_or_default();
    let mut at =
        command.iter().position(|token| token.kind == Kind::Word && !BEFORE.contains(&text(token)) && !is_assignment(text(token)))?;
    let first = text(command.get(at)?);
    let mut name = first.trim_matches(['"', '\'']).rsplit('/').next().unwrap_or(first);
    let bare = |name: &str| name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.').len();
    if name.get(..bare(name)) == Some("python") {
        command.get(at + 1).filter(|option| text(option) == "-m")?;
        at += 2;
        name = text(command.get(at)?);
    }
    if name.starts_with("pip3.") {
        name = "pip";
    }
    Some((name, command.get(at + 1..)?))
}

/// `NAME=value`.
fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'))
}

/// Whether a word is a version rather than the name of a file: numbers, dots and the marks of pre-releases.
fn is_version(word: &str) -> bool {
    let word = word.trim_end_matches(',').trim_end_matches(".*");
    let mut parts = word.split('.');
    let number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let mark = |part: &str| {
        let rest = part.trim_start_matches(|c: char| c.is_ascii_digit());
        let rest = ["a", "b", "rc", "post", "dev"].into_iter().find_map(|mark| rest.strip_prefix(mark)).unwrap_or(rest);
        rest.bytes().all(|byte| byte.is_ascii_digit())
    };
    word.starts_with('$')
        || (parts.next().is_some_and(|first| number(first) || mark(first))
            && word.starts_with(|c: char| c.is_ascii_digit())
            && parts.all(mark))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(script: &str) -> Vec<&str> {
        comparisons(script).into_iter().map(|found| &script[found.range]).collect()
    }

    #[test]
    fn comparisons_that_a_shell_redirects_are_found() {
        for (script, wanted) in [
            ("pip install x>=1", vec!["x>=1"]),
            ("pip install x>=1,<2 y<3", vec!["x>=1,<2", "y<3"]),
            ("pip install x >=1, <2 y", vec!["x >=1, <2"]),
            ("pip install x >= 1.5", vec!["x >= 1.5"]),
            ("cd /tmp && pip3 install --no-cache-dir x[all]<=1.0rc1 || true", vec!["x[all]<=1.0rc1"]),
            ("PIP_NO=1 sudo /opt/bin/python3.11 -m pip install \\\n  a \\\n  b>1.2 # c>3", vec!["b>1.2"]),
            ("conda install -y -c conda-forge numpy<2", vec!["numpy<2"]),
            ("micromamba create -n x python>=3.10", vec!["python>=3.10"]),
            ("apt-get install -y curl>=7", vec!["curl>=7"]),
            ("npm install -g typescript>=5", vec!["typescript>=5"]),
            ("if true; then uv pip install x>=$V; fi", vec!["x>=$V"]),
        ] {
            assert_eq!(found(script), wanted, "{script}");
        }
    }

    #[test]
    fn addresses_end_with_their_word_or_quote() {
        for (script, wanted) in [
            ("curl -fsSL https://a.org/x -o x && wget 'http://b.org/y z'", vec!["https://a.org/x", "http://b.org/y"]),
            ("URL=\"https://a.org/$V/x\"; curl $URL", vec!["https://a.org/$V/x"]),
            ("pip install git+https://a.org/x.git@v1", vec!["git+https://a.org/x.git@v1"]),
            ("echo https://a.org; printf %s https://b.org # https://c.org", vec![]),
            ("cat > f <<E\nhttps://a.org\nE", vec![]),
            ("curl a.org :// é://x", vec!["://", "://x"]),
        ] {
            assert_eq!(addresses(script).into_iter().map(|range| &script[range]).collect::<Vec<_>>(), wanted, "{script}");
        }
    }

    #[test]
    fn everything_else_is_left_alone() {
        for script in [
            "pip install 'x>=1' \"y<2\" z==3 w\\>=1",
            "pip install x > log.txt 2>&1",
            "pip install x>log",
            "pip install x 2>=1",
            "pip install x <requirements.txt",
            "pip install x > 1.log",
            "echo pip install x>=1",
            "pip freeze>=1",
            "python -c 'print(1>=0)'",
            "# pip install x>=1",
            "cat > f <<E\npip install x>=1\nE",
            "test 1 -gt 0 && a>=1",
        ] {
            assert_eq!(found(script), Vec::<&str>::new(), "{script}");
        }
    }
}
