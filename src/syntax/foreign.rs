//! Files of other languages that were given a `.jenv` name, or pasted into one: recognised as a whole, and reported once.

use crate::base::{FileId, Place, Span};
use crate::diagnostics::{Diagnostic, known};

/// Instructions of a Dockerfile.
const INSTRUCTIONS: [&str; 14] =
    ["FROM", "RUN", "COPY", "ADD", "ENV", "ARG", "USER", "WORKDIR", "EXPOSE", "CMD", "ENTRYPOINT", "LABEL", "SHELL", "VOLUME"];
/// Keys of an environment file of conda.
const CONDA: [&str; 4] = ["name", "channels", "dependencies", "prefix"];
/// Keys of a menu: of `KubeSpawner`'s `profile_list` and of the values of the chart.
const MENU: [&str; 6] = ["display_name", "kubespawner_override", "profileList", "profile_list", "singleuser", "profile_options"];

/// A file of another language.
struct Foreign {
    /// What it is: `a Dockerfile`.
    what: &'static str,
    /// How it is said here.
    help: &'static str,
}

const fn foreign(what: &'static str, help: &'static str) -> Foreign {
    Foreign { what, help }
}

/// The finding for a text that holds both sides of a merge.
pub(super) fn conflict(file: FileId, text: &str) -> Option<Diagnostic> {
    let mark = |mark: &str, from: usize| {
        let rest = text.get(from..)?;
        if rest.starts_with(mark) { Some(from) } else { Some(from + rest.find(&format!("\n{mark}"))? + 1) }
    };
    let ours = mark("<<<<<<< ", 0)?;
    let between = mark("=======", ours)?;
    let theirs = mark(">>>>>>> ", between)?;
    let place = |start: usize| Place::new(file, Span::new(start, start + 7));
    Some(
        Diagnostic::new(&known::MERGE_CONFLICT, place(ours), "a merge has left both sides here")
            .here("one side begins")
            .also(place(between), "the other one begins")
            .also(place(theirs), "and ends")
            .help("keep what is meant, and delete the three lines"),
    )
}

/// The finding for a text that is no jenv but something else that is known.
pub(super) fn recognise(file: FileId, text: &str) -> Option<Diagnostic> {
    let lines = text.lines().filter(|line| !line.trim().is_empty() && !is_comment(line));
    let found = of_lines(text, &lines)?;
    let first = lines.clone().next().or_else(|| text.lines().next())?;
    let start = text.find(first)?;
    let place = Place::new(file, Span::new(start, start + first.trim_end().len()));
    Some(
        Diagnostic::new(&known::OTHER_LANGUAGE, place, format!("this is {}, and no jenv", found.what))
            .here("the rest of the file is not read")
            .help(found.help),
    )
}

/// The finding for a comment of C, or a statement of a template, that begins at `start`; what ends a statement of a template has
/// none of its own.
pub(super) fn piece(file: FileId, text: &str, start: usize, token: &str) -> Option<Diagnostic> {
    let place = Place::new(file, Span::new(start, start + token.len()));
    let opener = Place::new(file, Span::new(start, start + 2));
    if token.starts_with("/*") {
        let finding = Diagnostic::new(&known::UNEXPECTED_TEXT, opener, "`/*` begins no comment").here("comments begin with `#`");
        let lines = token.trim_start_matches("/*").trim_end_matches("*/").lines();
        let lines = lines.map(|line| line.trim().trim_start_matches('*').trim()).filter(|line| !line.is_empty());
        let written = lines.map(|line| format!("# {line}")).collect::<Vec<_>>().join("\n");
        let alone = text.get(start + token.len()..).is_some_and(|rest| rest.lines().next().is_none_or(|rest| rest.trim().is_empty()));
        let help = "put `#` before every line of it";
        return Some(if alone { finding.replace(help, false, place, written) } else { finding.help(help) });
    }
    let word = token.trim_start_matches("{%").trim_start_matches(['-', '+', ' ']).split([' ', '%']).next().unwrap_or("");
    let help = match word {
        "if" | "elif" => "write `when python >= 3.12 { … }`",
        "for" => "write `matrix NAME = [ … ]` for a cell each, or `include fragment([ … ])` for a step each",
        "set" => "write `let NAME = VALUE` at the top of a file",
        "include" | "import" | "from" => "write `import \"layers/*.jenv\"` at the top of a file, and `include fragment`",
        "macro" | "call" => "write `fragment NAME(a, b) { … }` at the top of a file, and `include NAME(1, 2)`",
        word if word.starts_with("end") || word == "else" => return None,
        _ => "write it in the words of jenv; `{{ name }}` puts in a value",
    };
    let finding = Diagnostic::new(&known::OTHER_LANGUAGE, place, format!("`{{% {word} … %}}` is a statement of a template"));
    Some(finding.here("no template is run").help(help))
}

fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with('#')
}

fn of_lines<'t>(text: &'t str, lines: &(impl Iterator<Item = &'t str> + Clone)) -> Option<Foreign> {
    let any = |is: &dyn Fn(&str) -> bool| lines.clone().any(is);
    if text.starts_with("#!") && !text.lines().next().is_some_and(|line| line.contains("jenv")) {
        return Some(foreign(
            "a script",
            "write its commands as steps of a layer: `run \"…\"`, or copy it: `copy \"script.sh\" to \"/opt/\"`",
        ));
    }
    let first = lines.clone().next()?.trim_end();
    let word = first.split_whitespace().next().unwrap_or("");
    let yaml = first == "---" || first.starts_with("- ") || key(first).is_some();
    let keys: Vec<&str> = if yaml { lines.clone().filter_map(key).collect() } else { Vec::new() };
    if ["FROM", "ARG"].contains(&word) && any(&|line| line.starts_with("FROM ")) && instructions(lines) {
        return Some(foreign("a Dockerfile", "name it `Dockerfile` and run `jenvc import Dockerfile --to DIR`, which writes the program"));
    }
    if yaml && keys.iter().any(|key| MENU.contains(key)) {
        return Some(foreign(
            "a profile list in YAML",
            "name it `values.yaml` and run `jenvc import values.yaml --to DIR`, which writes the program",
        ));
    }
    if yaml && keys.contains(&"dependencies") && keys.iter().filter(|key| CONDA.contains(key)).count() > 1 {
        return Some(foreign(
            "an environment file of conda",
            "give it another name, and read it in a layer: `conda file \"environment.yml\"`, or write `conda { … }`",
        ));
    }
    if yaml && keys.len() * 2 >= lines.clone().count() && keys.len() > 1 && !text.contains(" = ") {
        return Some(of_yaml(&keys));
    }
    if first.starts_with('{') && first.trim_start_matches('{').trim_start().starts_with(['"', '}'])
        || first == "{" && lines.clone().nth(1)?.trim_start().starts_with('"')
    {
        let npm = text.contains("\"dependencies\"");
        return Some(if npm {
            foreign("a `package.json`", "write its dependencies in a layer: `npm { … }`")
        } else {
            foreign("JSON", BLOCKS)
        });
    }
    if first.starts_with('[') && first.ends_with(']') && !first.contains(',') {
        return Some(of_toml(first));
    }
    if !text.contains("project ") && any(&|line| line.starts_with("c.") && line.contains(" = ")) {
        return Some(foreign(
            "a configuration of JupyterHub in Python",
            "write each entry of its menu as an environment with a `profile { title = \"…\" }`",
        ));
    }
    if let Some(found) = of_words(first, word, lines) {
        return Some(found);
    }
    requirements(lines).then(|| {
        foreign(
            "a requirements file of pip",
            "give it another name, and read it in a layer: `pip file \"requirements.txt\"`, or write `pip { … }`",
        )
    })
}

/// What there is no better word for.
const BLOCKS: &str = "write words and blocks: `layer NAME { from base  pip { dask } }`; `jenvc init` begins a program";

/// A file of YAML, by its keys.
fn of_yaml(keys: &[&str]) -> Foreign {
    let all = |wanted: &[&str]| wanted.iter().all(|key| keys.contains(key));
    if all(&["services", "image"]) || all(&["services", "build"]) {
        return foreign("a compose file of Docker", "write each image as an `image` or a `layer`; ports and volumes belong to the hub");
    }
    if all(&["jobs", "runs-on"]) {
        return foreign("a workflow of GitHub", "write `output workflow { }` and `output bake { }`: jenvc writes the workflow");
    }
    if all(&["apiVersion", "kind"]) {
        return foreign("an object of Kubernetes", "write `output configmap { hub = NAME }`: jenvc writes the menu of a hub");
    }
    foreign("YAML", BLOCKS)
}

/// A file of TOML, by its first table.
fn of_toml(first: &str) -> Foreign {
    match first.trim_matches(['[', ']']) {
        "package" if first.starts_with("[[") => {
            foreign("a lock file", "write what it was made from in `pip { … }`; `jenvc lock` resolves it")
        }
        "packages" | "dev-packages" | "requires" => foreign("a `Pipfile`", "write its packages in a layer: `pip { numpy >=1.26 }`"),
        name if name == "project" || name == "build-system" || name.starts_with("tool.") => foreign(
            "a `pyproject.toml`",
            "write its dependencies in a layer: `pip { numpy >=1.26 }`, or the project itself: `pip { NAME path \"./src\" }`",
        ),
        _ => foreign("TOML", BLOCKS),
    }
}

/// A file that its words betray: of HCL, of R, a list.
fn of_words<'t>(first: &str, word: &str, lines: &(impl Iterator<Item = &'t str> + Clone)) -> Option<Foreign> {
    let any = |words: &[&str]| lines.clone().any(|line| words.iter().any(|word| line.starts_with(word)));
    if any(&["project ", "layer ", "environment ", "image ", "hub ", "import "]) {
        return None;
    }
    if any(&["target \"", "group \""]) {
        return Some(foreign("a bake file in HCL", "write `output bake { }`: jenvc writes the file"));
    }
    if any(&["terraform {", "resource \"", "provider \"", "module \""]) {
        return Some(foreign("HCL", BLOCKS));
    }
    if any(&["library(", "install.packages("]) {
        return Some(foreign("a script of R", "write its packages in a layer: `cran { jsonlite }`"));
    }
    if word == "@EXPLICIT" {
        let help = "give it another name, and read it in a layer: `conda file \"explicit.txt\"`";
        return Some(foreign("an explicit list of conda", help));
    }
    let names = lines.clone().nth(1).is_some() && lines.clone().all(|line| is_package(line.trim())) && !first.contains(' ');
    names.then(|| foreign("a list of packages", "write it in a layer: `apt { curl }`, `conda { numpy }` or `pip { dask }`"))
}

/// Whether more than half of the lines that are no continuation begin with an instruction.
fn instructions<'t>(lines: &(impl Iterator<Item = &'t str> + Clone)) -> bool {
    let begins = |line: &str| line.split_whitespace().next().is_some_and(|word| INSTRUCTIONS.contains(&word));
    lines.clone().any(begins) && !lines.clone().any(|line| line.starts_with("project "))
}

/// The key of a line of YAML: `name: lab`, `  - conda-forge:`.
fn key(line: &str) -> Option<&str> {
    let text = line.trim_start().trim_start_matches("- ");
    let (key, rest) = text.split_once(':')?;
    let word = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '"'));
    (word && (rest.is_empty() || rest.starts_with(' '))).then(|| key.trim_matches('"'))
}

/// Whether every line is a requirement, and one of them can't be anything else.
fn requirements<'t>(lines: &(impl Iterator<Item = &'t str> + Clone)) -> bool {
    let option = |line: &str| line.starts_with("-r ") || line.starts_with("-e ") || line.starts_with("--");
    let bound = |line: &str| {
        let name = line.find(['=', '<', '>', '~', '!']).map(|at| line.split_at(at));
        name.is_some_and(|(name, rest)| {
            is_package(name.trim_end()) && ["==", ">=", "<=", "~=", "!=", "<", ">"].iter().any(|op| rest.starts_with(op))
        })
    };
    let one = |line: &str| {
        let line = line.split(" #").next().unwrap_or(line).split(';').next().unwrap_or(line).trim();
        option(line) || bound(line) || is_package(line) || line.starts_with("git+")
    };
    lines.clone().all(one) && lines.clone().any(|line| option(line.trim()) || bound(line.trim()))
}

/// A name with extras, as pip takes it.
fn is_package(text: &str) -> bool {
    let name = text.split('[').next().unwrap_or(text);
    name.starts_with(|c: char| c.is_ascii_alphanumeric()) && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn what(text: &str) -> Option<String> {
        recognise(FileId::default(), text).map(|finding| finding.message)
    }

    #[test]
    fn files_of_other_languages_are_recognised() {
        let found =
            |text: &str, wanted: &str| assert_eq!(what(text).as_deref(), Some(format!("this is {wanted}, and no jenv").as_str()), "{text}");
        found("# syntax=docker/dockerfile:1\nARG BASE=x\nFROM $BASE\nRUN true\n", "a Dockerfile");
        found("name: lab\ndependencies:\n  - numpy\n", "an environment file of conda");
        found("- display_name: Lab\n  kubespawner_override:\n    mem_limit: 4G\n", "a profile list in YAML");
        found("singleuser:\n  profileList:\n    - display_name: Lab\n", "a profile list in YAML");
        found("services:\n  web:\n    image: x\n", "a compose file of Docker");
        found("on:\n  push:\njobs:\n  build:\n    runs-on: ubuntu-24.04\n", "a workflow of GitHub");
        found("apiVersion: v1\nkind: ConfigMap\n", "an object of Kubernetes");
        found("a:\n  b: c\n", "YAML");
        found("[[package]]\nname = \"numpy\"\n", "a lock file");
        found("[packages]\nnumpy = \"*\"\n", "a `Pipfile`");
        found("target \"lab\" {\n  tags = [\"x\"]\n}\n", "a bake file in HCL");
        found("library(dplyr)\n", "a script of R");
        found("@EXPLICIT\nhttps://x.org/numpy-1.conda\n", "an explicit list of conda");
        found("curl\ngit\n", "a list of packages");
        found("numpy>=1.26\npandas\n-r other.txt\n", "a requirements file of pip");
        found("{\n  \"name\": \"x\"\n}\n", "JSON");
        found("[project]\nname = \"x\"\n", "a `pyproject.toml`");
        found("[x]\nname = \"x\"\n", "TOML");
        found("#!/bin/bash\nset -e\n", "a script");
        found("c.JupyterHub.port = 8000\n", "a configuration of JupyterHub in Python");
    }

    #[test]
    fn programs_with_mistakes_are_programs() {
        for text in [
            "",
            "# a comment alone\n",
            "layer lab:\n  from base\n",
            "project demo { registry: \"ghcr.io/demo\" }\n",
            "FROM base\nproject demo { registry = \"x\" }\n",
            "numpy\n",
            "environment lab:\n  from base\n  pip { rich }\n",
        ] {
            assert_eq!(what(text), None, "{text}");
        }
    }
}
