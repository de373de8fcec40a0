//! The walk over the commands of a script, into shells within it.

use std::ops::Range;

use super::arguments::{found, read};
use super::call::{calls, is_installing};
use super::flow::Flow;
use super::found::{Install, Target};
use super::manager::Manager;
use super::named::Named;
use super::text::{Text, Where};
use crate::shell::command::{Program, program};
use crate::shell::comparison::comparison;
use crate::shell::lexer::{Kind, Token, tokens};

/// How deep shells may stand in each other.
const MAX_DEPTH: usize = 8;

/// Programs that run a script of their arguments or of their input.
const SHELLS: [&str; 7] = ["bash", "sh", "dash", "zsh", "ash", "su", "eval"];

/// Words with which programs that are no managers of lists, or that upgrade, install packages as well.
const UPDATES: [(&str, &str); 15] = [
    ("apk", "add"),
    ("apt", "upgrade"),
    ("apt-get", "dist-upgrade"),
    ("apt-get", "upgrade"),
    ("conda", "update"),
    ("dnf", "update"),
    ("dnf", "upgrade"),
    ("dpkg", "--install"),
    ("dpkg", "-i"),
    ("gdebi", "--non-interactive"),
    ("gdebi", "-n"),
    ("mamba", "update"),
    ("microdnf", "update"),
    ("yum", "update"),
    ("yum", "upgrade"),
];

/// The commands of a script that install packages which are named in plain words.
pub(crate) fn installs(script: &str) -> Vec<Install> {
    Walk::through(script).found
}

/// How many commands of a script install or upgrade packages, whatever names them.
pub(crate) fn installing(script: &str) -> usize {
    Walk::through(script).commands
}

struct Walk {
    /// Where the commands at hand install to, if they do not say.
    target: Target,
    found: Vec<Install>,
    /// How many commands install, those among them whose packages are not named in plain words.
    commands: usize,
}

impl Walk {
    fn through(script: &str) -> Self {
        let mut walk = Self { target: Target::Active, found: Vec::new(), commands: 0 };
        walk.script(&Text { text: script, at: Where::From(0) }, true, 0);
        walk
    }

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
                let runs = flow.enter(text.text, command) && certain;
                self.command(text, command, runs, depth);
                flow.leave(text.text, command, tokens.get(at..).unwrap_or_default());
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
        let verb = program.rest.first().map_or("", |token| text.word(token));
        let behind = program.rest.get(1..).unwrap_or_default();
        match (program.name, verb) {
            (name, _) if SHELLS.contains(&name) => self.shell(text, &program, certain, depth),
            ("source" | ".", _) => self.activated(text, program.rest),
            ("R" | "Rscript" | "r" | "julia", _) => self.expressions(text, &program, certain),
            ("conda" | "mamba" | "micromamba", "activate") => self.activated(text, behind),
            ("conda" | "mamba" | "micromamba", "run") => self.in_environment(text, program.rest, certain, depth),
            ("conda" | "mamba" | "micromamba", "env") => self.described(text, behind, certain),
            ("uv", "pip") => self.install(text, command, &Program { name: "pip", path: "uv", rest: behind }, certain),
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
            ["activate", name, ..] => Target::environment(name),
            [path] if path.ends_with("/bin/activate") => Target::of_path(path).unwrap_or(Target::Elsewhere),
            [path, name, ..] if path.ends_with("/bin/activate") => Target::environment(name),
            [name] if !name.contains('.') || name.starts_with('/') => Target::environment(name),
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
                "-n" | "--name" => target = Target::environment(value),
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

    /// `conda env update --file environment.yaml`.
    fn described(&mut self, text: &Text<'_>, rest: &[Token], certain: bool) {
        let (Some(verb), Some(manager)) = (rest.first(), Manager::of_list("conda")) else { return };
        if matches!(text.word(verb), "create" | "update") {
            self.commands += 1;
            let mut install = Install { plain: false, target: self.target.clone(), ..found(manager, Vec::new(), certain) };
            read(text, rest, &mut install);
            if install.unread.is_empty() {
                install.unread.push(text.place(&verb.range));
            }
            install.packages.clear();
            self.add(install);
        }
    }

    /// `Rscript -e 'install.packages("x")'`, `julia -e 'using Pkg; Pkg.add("X")'`.
    fn expressions(&mut self, text: &Text<'_>, program: &Program<'_, '_>, certain: bool) {
        let pairs = program.rest.iter().zip(program.rest.iter().skip(1));
        for (_, token) in pairs.filter(|(option, _)| matches!(text.word(option), "-e" | "--eval" | "-E")) {
            let written = text.word(token);
            let plain = written.replace("\\\"", "\"");
            self.commands += usize::from(is_installing(&plain));
            for (manager, packages, whole) in calls(&plain, token.range.start) {
                let place = |range: &Range<usize>| text.place(if plain == written { range } else { &token.range });
                let packages = packages.into_iter().map(|one| Named { range: place(&one.range), ..one }).collect();
                self.add(Install { plain: whole, ..found(manager, packages, certain) });
            }
        }
    }

    fn install(&mut self, text: &Text<'_>, command: &[Token], program: &Program<'_, '_>, certain: bool) {
        self.commands += usize::from(program.rest.iter().any(|token| UPDATES.contains(&(program.name, text.word(token)))));
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
        install.target = Target::of_path(program.path).filter(|_| manager.list == "pip").unwrap_or(default);
        if read(text, program.rest, &mut install) {
            self.commands += 1;
            self.add(install);
        }
    }

    fn add(&mut self, install: Install) {
        if !install.packages.is_empty() || !install.unread.is_empty() || install.manager.list == "pip" {
            self.found.push(install);
        }
    }
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
            ("npm install left-pad", "npm Elsewhere: left-pad"),
            ("dnf install -y git", "dnf: git"),
            ("Rscript -e 'install.packages(c(\"shiny\", \"sf\"))'", "cran: shiny; sf"),
            ("R -q -e \"remotes::install_version('sf', '1.0', repos = 'https://h')\"", "cran +: sf ==1.0"),
            ("julia -e 'using Pkg; Pkg.add(name = \"IJulia\", version = \"1.26\")'", "julia: IJulia ^1.26"),
        ] {
            assert_eq!(found(script), [wanted], "{script}");
        }
    }

    #[test]
    fn commands_that_install_are_counted() {
        for (script, wanted) in [
            ("apt-get update && apt-get install -y ./x.deb && dpkg -i y.deb && gdebi -n z.deb", 3),
            ("yum -y install x; yum -y update; microdnf install y; apk add --no-cache z", 4),
            ("xargs -a list apt-get install -y; cat list | xargs dnf -y install", 2),
            ("if [ -f x ]; then pip install .; fi; bash -c 'pip install -e . && conda env update'", 3),
            ("Rscript -e 'BiocManager::install(c(\"a\"))' -e 'devtools::install_github(\"a/b\")' && install2.r a", 3),
            ("julia -e 'using Pkg; Pkg.add(\"A\")'; julia setup.jl; conda update --all", 2),
            ("apt-get update; apk update; pip list; echo pip install x; dpkg -l; gdebi x; npm ci", 0),
        ] {
            assert_eq!(installing(script), wanted, "{script}");
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
    fn lists_addresses_and_variables_have_a_place() {
        let unread = |script: &str| -> Vec<String> {
            installs(script).into_iter().flat_map(|found| found.unread).map(|range| script[range].to_owned()).collect()
        };
        for (script, wanted) in [
            ("pip install -r a.txt rich", "-r a.txt"),
            ("pip install --requirement=a.txt", "--requirement=a.txt"),
            ("for p in a b; do pip install $p; done", "$p"),
            ("pip install git+https://h/x@v1", "git+https://h/x@v1"),
            ("mamba install --yes --file a.txt", "--file a.txt"),
            ("conda env update -n base -f x.yml", "-f x.yml"),
            ("mamba env create", "create"),
        ] {
            assert_eq!(unread(script), [wanted], "{script}");
        }
        for script in [
            "pip install .",
            "pip install ./x.whl",
            "pip install -e $HOME/x",
            "pip install --upgrade pip",
            "conda env list",
            "apt-get install ./x.deb",
        ] {
            assert_eq!(unread(script), Vec::<String>::new(), "{script}");
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
