//! Comparisons without quotes: the shell reads `pip install x>=1` as `pip install x` whose output goes into a file called `=1`.

use std::ops::Range;

use super::command::program;
use super::lexer::{Kind, Token, tokens};

/// How a program takes versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Takes {
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

/// A comparison that a shell takes for a redirection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Comparison {
    /// The package with its bounds, in bytes of the script.
    pub(crate) range: Range<usize>,
    /// Where the name of the package ends.
    pub(crate) name: usize,
    /// How the program that gets it takes versions.
    pub(crate) takes: Takes,
}

/// The comparisons of a script that a shell takes for redirections, each with its package.
pub(crate) fn comparisons(script: &str) -> Vec<Comparison> {
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
pub(super) fn comparison(script: &str, command: &[Token], at: usize) -> Option<Comparison> {
    let text = |token: &Token| token.text(script);
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
    Some(Comparison { range: before.range.start..end, name: before.range.end, takes })
}

/// How the command takes versions whose words these are, if it installs packages.
fn installs(script: &str, words: &[Token]) -> Option<Takes> {
    let program = program(script, words)?;
    let (_, takes) = INSTALLERS.iter().find(|(known, _)| *known == program.name)?;
    let mut words = program.rest.iter().filter(|token| token.kind == Kind::Word).filter_map(|token| script.get(token.range.clone()));
    words.any(|word| INSTALLING.contains(&word)).then_some(*takes)
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
