//! The walk over the commands of a script, into shells within it.

use std::ops::Range;

use super::call::calls;
use super::manager::Manager;
use super::named::Named;
use super::{Install, Target};
use crate::shell::command::{Program, program};
use crate::shell::comparison::comparison;
use crate::shell::lexer::{Kind, Token, tokens};

/// How deep shells may stand in each other.
const MAX_DEPTH: usize = 8;

/// Programs that run a script of their arguments or of their input.
const SHELLS: [&str; 7] = ["bash", "sh", "dash", "zsh", "ash", "su", "eval"];
/// Commands whose success says whether the next one behind `&&` runs.
const TESTS: [&str; 6] = ["test", "[", "[[", "command", "which", "grep"];
/// conda's programs.
const CONDA: [&str; 3] = ["conda", "mamba", "micromamba"];

/// The commands of a script that install packages which are named in plain words.
pub(crate) fn installs(script: &str) -> Vec<Install> {
    let mut walk = Walk { target: Target::Active, found: Vec::new() };
    walk.script(&Text { text: script, at: Where::From(0) }, true, 0);
    walk.found
}

/// A script, and where it stands in the outermost one.
struct Text<'s> {
    text: &'s str,
    at: Where,
}

#[derive(Clone)]
enum Where {
    /// It begins there, byte for byte.
    From(usize),
    /// It is written otherwise in this range.
    Within(Range<usize>),
}

impl Text<'_> {
    fn word(&self, token: &Token) -> &str {
        self.text.get(token.range.clone()).unwrap_or_default()
    }

    /// Where some bytes of it are in the outermost script.
    fn place(&self, range: &Range<usize>) -> Range<usize> {
        match &self.at {
            Where::From(start) => start + range.start..start + range.end,
            Where::Within(whole) => whole.clone(),
        }
    }
}

struct Walk {
    /// Where the commands at hand install to, if they do not say.
    target: Target,
    found: Vec<Install>,
}

/// What decides whether the commands at hand run.
#[derive(Default)]
struct Flow {
    /// For each compound command that is open, whether its commands may be skipped.
    open: Vec<bool>,
    /// Whether the next command is behind a test or `||`.
    maybe: bool,
    /// Whether the next brace opens a function.
    function: bool,
}

impl Flow {
    /// Notes the words of the shell before a command; whether the command runs in any case.
    fn enter(&mut self, text: &Text<'_>, command: &[Token]) -> bool {
        for word in command.iter().map(|token| text.word(token)) {
            match word {
                "if" | "while" | "until" | "case" => self.open.push(true),
                "for" | "select" => self.open.push(false),
                "{" => self.open.push(std::mem::take(&mut self.function)),
                "function" => self.function = true,
                "fi" | "done" | "esac" | "}" => drop(self.open.pop()),
                "then" | "do" | "else" | "elif" | "!" | "time" => {}
                _ => break,
            }
        }
        !self.maybe && !self.open.contains(&true)
    }

    /// Notes what a command ends with.
    fn leave(&mut self, text: &Text<'_>, command: &[Token], end: &[Token]) {
        let doubled = |sign: &str| match end {
            [one, two, ..] => one.range.end == two.range.start && [one, two].iter().all(|token| text.word(token) == sign),
            _ => false,
        };
        match end.first().map_or("", |token| text.word(token)) {
            ";" | "\n" => self.maybe = false,
            "|" if doubled("|") => self.maybe = true,
            "&" if doubled("&") => self.maybe |= command.iter().map(|token| text.word(token)).any(|word| TESTS.contains(&word)),
            "(" if command.len() == 1 && end.get(1).is_some_and(|token| text.word(token) == ")") => self.function = true,
            _ => {}
        }
    }
}

impl Walk {
    fn script(&mut self, text: &Text<'_>, certain: bool, depth: usize) {
        let tokens = tokens(text.text);
        let mut flow = Flow::default();
        let mut start = 0;
        for at in 0..=tokens.len() {
            if tokens.get(at).is_some_and(|token| token.kind != Kind::End) {
                continue;
            }
            let command = tokens.get(start..at).unwrap_or_default();
            if !command.is_empty() {
                let runs = flow.enter(text, command) && certain;
                self.command(text, command, runs, depth);
                flow.leave(text, command, tokens.get(at..).unwrap_or_default());
            }
            start = at + 1;
        }
    }

    fn command(&mut self, text: &Text<'_>, command: &[Token], certain: bool, depth: usize) {
        let Some(program) = program(text.text, command) else { return };
        if let Some(document) = command.iter().find(|token| token.kind == Kind::Document)
            && SHELLS.contains(&program.name)
        {
            return self.nested(text, &document.range, certain, depth);
        }
        match program.name {
            name if SHELLS.contains(&name) => self.shell(text, &program, certain, depth),
            "source" | "." => self.activated(text, program.rest),
            "R" | "Rscript" | "r" | "julia" => self.expressions(text, &program, certain),
            name if CONDA.contains(&name) && program.rest.first().is_some_and(|verb| text.word(verb) == "activate") => {
                self.activated(text, program.rest.get(1..).unwrap_or_default());
            }
            name if CONDA.contains(&name) && program.rest.first().is_some_and(|verb| text.word(verb) == "run") => {
                self.in_environment(text, program.rest, certain, depth);
            }
            "uv" if program.rest.first().is_some_and(|verb| text.word(verb) == "pip") => {
                let pip = Program { name: "pip", path: "uv", rest: program.rest.get(1..).unwrap_or_default() };
                self.install(text, command, &pip, certain);
            }
            _ => self.install(text, command, &program, certain),
        }
    }

    /// `bash -c "…"`, `su -c "…" user`, `eval "…"`.
    fn shell(&mut self, text: &Text<'_>, program: &Program<'_, '_>, certain: bool, depth: usize) {
        let flag = |token: &Token| {
            let word = text.word(token);
            word.starts_with('-') && !word.starts_with("--") && word.ends_with('c')
        };
        let inner = if program.name == "eval" {
            program.rest.first()
        } else {
            program.rest.iter().position(flag).and_then(|at| program.rest.get(at + 1))
        };
        if let Some(inner) = inner {
            let before = self.target.clone();
            self.nested(text, &inner.range, certain, depth);
            self.target = before;
        }
    }

    /// A script within a script, in quotes or not.
    fn nested(&mut self, text: &Text<'_>, range: &Range<usize>, certain: bool, depth: usize) {
        let written = text.text.get(range.clone()).unwrap_or_default();
        if depth >= MAX_DEPTH {
            return;
        }
        let quote = written.chars().next().filter(|quote| matches!(quote, '"' | '\''));
        let bare = quote.and_then(|quote| written.strip_prefix(quote)?.strip_suffix(quote)).unwrap_or(written);
        let moved = usize::from(bare.len() < written.len());
        let inside = range.start + moved..range.start + moved + bare.len();
        if quote == Some('"') && bare.contains('\\') {
            let plain = bare.replace("\\\"", "\"").replace("\\$", "$").replace("\\\\", "\\");
            return self.script(&Text { text: &plain, at: Where::Within(text.place(&inside)) }, certain, depth + 1);
        }
        let at = match &text.at {
            Where::From(start) => Where::From(start + inside.start),
            Where::Within(whole) => Where::Within(whole.clone()),
        };
        self.script(&Text { text: bare, at }, certain, depth + 1);
    }

    /// `source activate NAME`, `conda activate NAME`, `. /opt/venv/bin/activate`.
    fn activated(&mut self, text: &Text<'_>, rest: &[Token]) {
        let words: Vec<&str> = rest.iter().map(|token| text.word(token).trim_matches(['"', '\''])).collect();
        self.target = match words.as_slice() {
            ["activate", name, ..] => environment(name),
            [path, ..] if path.ends_with("/bin/activate") && words.len() == 1 => match path.strip_suffix("/bin/activate") {
                Some(prefix) => Target::Prefix(prefix.to_owned()),
                None => Target::Elsewhere,
            },
            [path, name, ..] if path.ends_with("/bin/activate") => environment(name),
            [name] if !name.contains('.') || name.starts_with('/') => environment(name),
            _ => return,
        };
    }

    /// `conda run -n NAME pip install …`.
    fn in_environment(&mut self, text: &Text<'_>, rest: &[Token], certain: bool, depth: usize) {
        let mut target = Target::Active;
        let mut at = 1;
        while let Some(word) = rest.get(at).map(|token| text.word(token)).filter(|word| word.starts_with('-')) {
            let value = rest.get(at + 1).map_or("", |token| text.word(token)).trim_matches(['"', '\'']);
            at += 1;
            match word {
                "-n" | "--name" => target = environment(value),
                "-p" | "--prefix" => target = Target::Prefix(value.to_owned()),
                "--cwd" | "-a" | "--attach" => {}
                _ => continue,
            }
            at += 1;
        }
        let before = std::mem::replace(&mut self.target, target);
        self.command(text, rest.get(at..).unwrap_or_default(), certain, depth);
        self.target = before;
    }

    /// `Rscript -e 'install.packages("x")'`, `julia -e 'using Pkg; Pkg.add("X")'`.
    fn expressions(&mut self, text: &Text<'_>, program: &Program<'_, '_>, certain: bool) {
        let pairs = program.rest.iter().zip(program.rest.iter().skip(1));
        for (_, token) in pairs.filter(|(option, _)| matches!(text.word(option), "-e" | "--eval" | "-E")) {
            let written = text.word(token);
            let plain = written.replace("\\\"", "\"");
            for (manager, packages, whole) in calls(&plain, token.range.start) {
                let place = |range: &Range<usize>| text.place(if plain == written { range } else { &token.range });
                let packages = packages.into_iter().map(|one| Named { range: place(&one.range), ..one }).collect();
                self.add(Install { plain: whole, ..found(manager, packages, certain) });
            }
        }
    }

    fn install(&mut self, text: &Text<'_>, command: &[Token], program: &Program<'_, '_>, certain: bool) {
        let Some(manager) = Manager::of(program.name) else { return };
        // What the shell makes of a comparison is another finding.
        if (0..command.len()).any(|at| comparison(text.text, command, at).is_some()) {
            return;
        }
        let mut install = found(manager, Vec::new(), certain);
        let default = if matches!(manager.list, "pip" | "conda") { self.target.clone() } else { Target::Active };
        if program.path == "uv" {
            install.variable = "UV_CONSTRAINT";
        }
        install.target = of_path(program.path).filter(|_| manager.list == "pip").unwrap_or(default);
        if read(text, program.rest, &mut install) {
            self.add(install);
        }
    }

    fn add(&mut self, install: Install) {
        if !install.packages.is_empty() || install.manager.list == "pip" {
            self.found.push(install);
        }
    }
}

fn found(manager: &'static Manager, packages: Vec<Named>, certain: bool) -> Install {
    Install { manager, packages, target: Target::Active, index: None, no_deps: false, variable: "PIP_CONSTRAINT", certain, plain: true }
}

/// Reads the words of a command; whether it installs.
fn read(text: &Text<'_>, rest: &[Token], install: &mut Install) -> bool {
    let manager = install.manager;
    let mut verb = manager.verbs.is_empty().then_some(true);
    let mut global = manager.list != "npm";
    let mut words = rest.iter().peekable();
    while let Some(token) = words.next() {
        let word = text.word(token);
        let redirect = |next: Option<&&Token>| next.is_some_and(|next| next.kind == Kind::Redirect && next.range.start == token.range.end);
        if token.kind == Kind::Redirect {
            install.plain = false;
            words.next();
        } else if token.kind == Kind::Document || (word.bytes().all(|byte| byte.is_ascii_digit()) && redirect(words.peek())) {
            // The number of a descriptor.
        } else if word.starts_with('-') {
            install.plain &= manager.quiet.contains(&word);
            global |= matches!(word, "-g" | "--global" | "--location=global");
            let (option, value) = match word.split_once('=') {
                Some((option, value)) => (option, Some(value)),
                None if manager.valued.contains(&word) => (word, words.next().map(|token| text.word(token))),
                None => (word, None),
            };
            set(install, option, value.unwrap_or_default().trim_matches(['"', '\'']));
        } else if verb.is_none() {
            verb = Some(manager.verbs.contains(&word));
        } else {
            let named = unquoted(word).and_then(|word| Named::read(manager, &word, text.place(&token.range)));
            install.plain &= named.is_some();
            install.packages.extend(named);
        }
    }
    if !global {
        install.target = Target::Elsewhere;
    }
    verb == Some(true)
}

/// What an option says of where packages come from and go to.
fn set(install: &mut Install, option: &str, value: &str) {
    if install.manager.elsewhere.contains(&option) {
        install.target = Target::Elsewhere;
    }
    match (install.manager.list, option) {
        ("conda", "-n" | "--name") => install.target = environment(value),
        ("conda", "-p" | "--prefix") => install.target = Target::Prefix(value.to_owned()),
        ("conda", "-c" | "--channel") | ("pip", "-i" | "--index-url" | "--default-index") => {
            install.index.get_or_insert_with(|| value.to_owned());
        }
        (_, "--no-deps") => install.no_deps = true,
        _ => {}
    }
}

/// An environment of conda's that is named, or whose prefix is.
fn environment(name: &str) -> Target {
    match name {
        "base" => Target::Base,
        "" => Target::Active,
        path if path.contains('/') => Target::Prefix(path.to_owned()),
        name if name.contains('$') => Target::Elsewhere,
        name => Target::Environment(name.to_owned()),
    }
}

/// Where a program installs to that is called by its path.
fn of_path(word: &str) -> Option<Target> {
    let word = word.trim_matches(['"', '\'']);
    let (folder, _) = word.rsplit_once('/')?;
    Some(folder.strip_suffix("/bin").map_or(Target::Elsewhere, |prefix| Target::Prefix(prefix.to_owned())))
}

/// A word without its quotes, where nothing in it is for the shell.
fn unquoted(word: &str) -> Option<String> {
    let text: String = word.chars().filter(|c| !matches!(c, '"' | '\'' | '\\')).collect();
    let odd = |c: char| matches!(c, '$' | '`' | '{' | '}' | '(' | ')' | '?');
    (!text.is_empty() && !text.contains(odd)).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(script: &str) -> Vec<String> {
        let one = |found: Install| {
            let entries: Vec<_> = found.packages.iter().map(Named::entry).collect();
            let marks = format!("{}{}", if found.plain { "" } else { " +" }, if found.certain { "" } else { " ?" });
            let target = if found.target == Target::Active { String::new() } else { format!(" {:?}", found.target) };
            format!("{}{marks}{target}: {}", found.manager.list, entries.join("; "))
        };
        installs(script).into_iter().filter(|found| !found.packages.is_empty()).map(one).collect()
    }

    #[test]
    fn packages_are_read() {
        for (script, wanted) in [
            ("pip install --no-cache-dir numpy==2.2.6 'rich>=13,<15' tqdm[x]", "pip: numpy ==2.2.6; rich >=13, <15; tqdm[x]"),
            ("cd /x && python3 -m pip install -r a.txt -U six . ./b.whl && rm x", "pip +: six"),
            ("pip install c d > log.txt 2>&1", "pip +: c; d"),
            ("pip install 'numpy >=1.26, <2'", "pip: numpy >=1.26, <2"),
            ("uv pip install --system --index-url=https://h/x a==1", "pip +: a ==1"),
            ("mamba install -y -c conda-forge python=3.11 'numpy>=1.26'", "conda +: python =3.11.*; numpy >=1.26"),
            ("sudo -E apt-get update && DEBIAN_FRONTEND=x apt-get install -y curl=7.88 git ./x.deb", "apt +: curl ==7.88; git"),
            ("npm install -g typescript@5.9.3 @scope/tool b@^1.2 c@2 d@latest", "npm +: typescript ==5.9.3; @scope/tool; b ^1.2; c 2.*"),
            ("npm install left-pad", "npm + Elsewhere: left-pad"),
            ("dnf install -y git", "dnf: git"),
            ("Rscript -e 'install.packages(c(\"shiny\", \"sf\"))'", "cran: shiny; sf"),
            ("R -q -e \"remotes::install_version('sf', '1.0', repos = 'https://h')\"", "cran +: sf ==1.0"),
            ("julia -e 'using Pkg; Pkg.add(name = \"IJulia\", version = \"1.26\")'", "julia: IJulia ^1.26"),
        ] {
            let wanted = wanted.replace("npm + Elsewhere", "npm Elsewhere");
            assert_eq!(found(script), [wanted], "{script}");
        }
    }

    #[test]
    fn shells_in_shells_are_read() {
        let range = |script: &str| installs(script).first().and_then(Install::range).map(|range| script[range].to_owned());
        for script in [
            "bash -c 'pip install a==1'",
            "sudo -u x bash -lc \"cd /x && pip install a==1\"",
            "su - x -c 'pip install a==1'",
            "(cd /x; timeout 60 pip install a==1)",
            "set -e; { pip install a==1; }",
            "for x in 1 2; do pip install a==1; done",
            "bash <<E\npip install a==1\nE",
            "sh -c \"bash -c 'pip install a==1'\"",
            "pip install a==1 || true",
        ] {
            assert_eq!((found(script), range(script).as_deref()), (vec!["pip: a ==1".to_owned()], Some("a==1")), "{script}");
        }
        assert_eq!(found("bash -c \"echo \\\"x\\\" && pip install a\""), ["pip: a"]);
    }

    #[test]
    fn what_may_not_run_is_marked() {
        for script in [
            "if test -f x; then pip install a; fi",
            "[ -f x ] && pip install a",
            "command -v a || pip install a",
            "f() { pip install a; }",
            "case $X in a) pip install a ;; esac",
            "while read x; do pip install a; done",
        ] {
            assert_eq!(found(script), ["pip ?: a"], "{script}");
        }
        assert_eq!(found("if true; then x; fi; pip install a"), ["pip: a"]);
        assert_eq!(found("[ -f x ] && y\npip install a"), ["pip: a"]);
    }

    #[test]
    fn packages_go_where_the_command_says() {
        for (script, wanted) in [
            ("/opt/conda/envs/x/bin/pip install a", "pip Prefix(\"/opt/conda/envs/x\"): a"),
            ("/usr/bin/python3 -m pip install a", "pip Prefix(\"/usr\"): a"),
            ("source activate x && pip install a", "pip Environment(\"x\"): a"),
            (". /opt/venv/bin/activate; pip install a", "pip Prefix(\"/opt/venv\"): a"),
            ("source /opt/conda/bin/activate x; pip install a", "pip Environment(\"x\"): a"),
            ("conda run -n x --no-capture-output pip install a", "pip Environment(\"x\"): a"),
            ("mamba install -n base a", "conda + Base: a"),
            ("pip install --target /x a", "pip + Elsewhere: a"),
            ("pip install --user a", "pip + Elsewhere: a"),
        ] {
            assert_eq!(found(script), [wanted], "{script}");
        }
    }

    #[test]
    fn other_commands_are_left_alone() {
        for script in [
            "pip install --upgrade pip setuptools",
            "pip install .",
            "pip install $X",
            "pip download x",
            "echo pip install x",
            "npm ci",
            "npm install owner/repo",
            "pip install git+https://h/x",
            "conda env update -f x.yml",
            "apt-get install ./x.deb",
            "pip list",
            "cat > f <<E\npip install x\nE",
            "pipx install x",
            "bash -c",
            "bash",
        ] {
            assert_eq!(found(script), Vec::<String>::new(), "{script}");
        }
    }
}
