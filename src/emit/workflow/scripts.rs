//! The scripts that the workflow runs and people can run, too: the steps of CI, and tests and further tags of each image.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::actions::SCANNER;
use super::context::Context;
use super::graph::Graph;
use super::shell::{heredoc, posix_pattern, word};
use super::yaml::comment;
use crate::emit::{Artifact, MARK, Plan};
use crate::ir::{CellId, Commits, Image, Program, Tag, Test, TestKind};

/// Registries that answer `401` for a repository which is not there, also to those who may make it.
const HIDE_ABSENT: [&str; 3] = ["docker.io", "index.docker.io", "quay.io"];

/// The words of `ci.sh`, and what each does.
const USES: [(&str, &str); 14] = [
    ("plan TARGET", "asks the registry what it has: the image, its parents, the tests that it has passed"),
    ("build TARGET", "builds what is missing and loads it into the engine"),
    ("test TARGET IMAGE", "runs the tests of the target in IMAGE"),
    ("probe TARGET IMAGE", "prints the tags that the contents of IMAGE give it"),
    ("push TARGET", "pushes what was built and tested under its tag with -ARCH"),
    ("tested TARGET", "writes down that an image of the registry has passed its tests"),
    ("merge TARGET ARCH…", "puts the platforms under one name, signs it, moves the further tags"),
    ("login HOST", "logs in with USERNAME and PASSWORD, in a folder of the job"),
    ("clean TARGET", "takes the login and the images of the job off the machine"),
    ("free-disk", "removes what a runner holds and no build needs"),
    ("touched", "says whether a pull request changes what images are made from"),
    ("rebuild PROGRAM", "moves `rebuild` to today, commits what follows and starts its run"),
    ("releases PROGRAM", "the same; before that, writes down what the menus name and the registry has"),
    ("", "PUBLISH=false: nothing will be pushed, so what may not be read is built"),
];

/// The steps of the workflow, in the folder of the Dockerfiles.
pub(super) fn ci(context: &Context<'_>, graph: &Graph) -> Artifact {
    let (output, dir) = (context.output, context.dir);
    let scanner = SCANNER.reference(&output.tools);
    let options = if output.attest { format!("--provenance=mode=max --sbom=generator={scanner}") } else { "--provenance=false".to_owned() };
    let title = "The steps of the workflow, each a word, for one target of the bake file and the platform in ARCH:";
    let mut text = head(&context.in_repository(&context.program.main_file), &[title]);
    for (usage, says) in USES {
        let _ = writeln!(text, "#   {usage:<19} {says}");
    }
    let by_hand: Vec<&str> = graph.by_hand.iter().map(String::as_str).collect();
    let commits = match output.commits {
        Commits::Push => "push",
        Commits::PullRequest => "pull_request",
    };
    let _ = write!(
        text,
        "{}bake_file={}\npush_options=({options})\nkeep_cache={}\nsign={}\ncommits={commits}\nupgrade={}\n\
         # Targets that no job builds.\nby_hand={}\n\
         # Whether the registry refuses to look for what is not there.\nhides_absent={}\n\
         # What images are made from, for git.\npaths=(\n",
        start(dir),
        word(&context.bake.path),
        output.cache,
        output.sign,
        context.upgrades(),
        word(&format!(" {} ", by_hand.join(" "))),
        HIDE_ABSENT.contains(&context.program.project.registry_host()),
    );
    for path in context.trigger_paths() {
        let _ = writeln!(text, "  {}", word(&format!(":(top,glob){}", path.replace("**.", "**/*."))));
    }
    text.push_str(
        ")\npublish=${PUBLISH:-true}\nexport REVISION=${REVISION:-${GITHUB_SHA:-}}\n\
         if [ -z \"${ARCH:-}\" ]; then\n  case $(uname -m) in aarch64 | arm64) ARCH=arm64 ;; *) ARCH=amd64 ;; esac\nfi\n\
         # Where one step leaves something for the next.\nstate=${RUNNER_TEMP:-.jenv}\nmkdir -p \"$state\"\n\n",
    );
    text.push_str(include_str!("ci.sh"));
    Artifact { path: join(dir, "ci.sh"), text, executable: true }
}

/// `test.sh` and `tags.sh` of one image, where it has something to test and something to be called.
pub(super) fn of_image(program: &Program, plan: &Plan, image: &Image) -> Vec<Artifact> {
    let folder = image.cells.first().map_or("", |cell| crate::base::parent_of(&plan[*cell].dockerfile));
    let default = &plan[image.default_cell].target;
    let cells: Vec<(CellId, &str)> = image.cells.iter().map(|cell| (*cell, plan[*cell].target.as_str())).collect();
    [tests(program, &cells, folder, default, &image.name), tags(program, image, &cells, folder, default)].into_iter().flatten().collect()
}

fn tests(program: &Program, cells: &[(CellId, &str)], folder: &str, default: &str, name: &str) -> Option<Artifact> {
    let all = cells.iter().map(|(cell, target)| (*target, program[*cell].tests.as_slice()));
    let grouped = group(all, |a: &Test, b: &Test| a.name == b.name && a.from == b.from && a.kind == b.kind);
    if grouped.is_empty() {
        return None;
    }
    let path = join(folder, "test.sh");
    let mut text =
        head(&program.main_file, &[&format!("The tests of {name}: test.sh IMAGE [TARGET]"), "TARGET is a target of the bake file."]);
    let _ = write!(text, "{}IMAGE=${{1:?the reference of the image}}\nexport IMAGE\n", start(folder));
    let names: Vec<&str> = cells.iter().map(|(_, target)| *target).collect();
    let _ = writeln!(text, "target=${{2:-{}}}", word(default));
    let _ = writeln!(text, "case $target in {}) ;; *) {UNKNOWN_TARGET} ;; esac\n", names.join(" | "));
    text.push_str(&in_shell(program, cells, TEST_FUNCTIONS));
    for (test, targets) in &grouped {
        text.push('\n');
        guarded(&mut text, targets, cells.len(), &test_call(test, name));
    }
    text.push_str("\necho \"$passed passed, $failed failed\"\n[ \"$failed\" -eq 0 ]\n");
    Some(Artifact { path, text, executable: true })
}

fn test_call(test: &Test, image: &str) -> String {
    let name = if test.from == image { test.name.clone() } else { format!("{} (of {})", test.name, test.from) };
    let mut call = String::new();
    match &test.kind {
        TestKind::Container { script, as_root, env, expect } => {
            let _ = write!(call, "in_image {}", word(&comment(&name)));
            if *as_root {
                call.push_str(" --user root");
            }
            for (key, value) in env {
                let _ = write!(call, " --env {}", word(&format!("{key}={value}")));
            }
            if !expect.is_empty() {
                call.push_str(" --");
                for text in expect {
                    let _ = write!(call, " {}", word(text));
                }
            }
            let _ = write!(call, " {}", heredoc(script, "TEST"));
        }
        TestKind::Host { script, env } => {
            let _ = write!(call, "on_host {}", word(&comment(&name)));
            for (key, value) in env {
                let _ = write!(call, " {}", word(&format!("{key}={value}")));
            }
            let _ = write!(call, " {}", heredoc(script, "TEST"));
        }
    }
    call
}

fn tags(program: &Program, image: &Image, cells: &[(CellId, &str)], folder: &str, default: &str) -> Option<Artifact> {
    let all = || cells.iter().map(|(cell, target)| (*target, program[*cell].tags.as_slice()));
    let grouped = group(all(), |a: &Tag, b: &Tag| a == b);
    if grouped.is_empty() || !image.publish {
        return None;
    }
    let path = join(folder, "tags.sh");
    let title = format!("The further tags of {}, one a line.", image.name);
    let lines = [
        title.as_str(),
        "  tags.sh probed IMAGE [TARGET]",
        "      those that the contents of IMAGE give it",
        "  tags.sh all [TARGET] [PROBED…]",
        "      all of TARGET, a target of the bake file: the default cell's bare, the others' behind the name of the cell",
    ];
    let mut text = head(&program.main_file, &lines);
    // Where all cells are called alike, nobody asks which one it is.
    let alike = grouped.iter().all(|(_, targets)| targets.len() == cells.len()) && prefixes(program, image, cells).is_empty();
    let target = |at: usize| if alike { String::new() } else { format!(" target=${{{at}:-{}}}", word(default)) };
    let _ = write!(
        text,
        "{}{USAGE}case ${{1:-}} in\n  probed) image=${{2:?the reference of the image}}{} ;;\n  all){} ;;\n  *) usage ;;\nesac\n\n",
        start(folder),
        target(3),
        target(2),
    );
    text.push_str("if [ \"$1\" = all ]; then\n");
    declared(&mut text, program, image, cells, &grouped);
    text.push_str("  exit\nfi\n");
    let probes: Vec<_> =
        grouped.iter().filter_map(|(tag, targets)| if let Tag::Probe(probe) = tag { Some((probe, targets)) } else { None }).collect();
    if probes.is_empty() {
        text.push_str(": \"$image\" # nothing is read from it\n");
    } else {
        text.push('\n');
        text.push_str(&in_shell(program, cells, PROBE_FUNCTION));
    }
    for (probe, targets) in probes {
        let pattern = probe.matching.as_deref().map_or_else(|| ".*".to_owned(), posix_pattern);
        let call = format!("probe {} {} {}", word(&probe.name), word(&pattern), heredoc(&probe.command, "PROBE"));
        text.push('\n');
        guarded(&mut text, targets, cells.len(), &call);
    }
    Some(Artifact { path, text, executable: true })
}

/// What stands before the tags of a cell, with the targets of the cells that it is for; nothing for the default cell.
fn prefixes<'a>(program: &Program, image: &Image, cells: &[(CellId, &'a str)]) -> BTreeMap<String, Vec<&'a str>> {
    let mut all: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (cell, target) in cells {
        let prefix = image.tag_prefix(*cell, &program[*cell]);
        if !prefix.is_empty() {
            all.entry(prefix).or_default().push(target);
        }
    }
    all
}

/// What is known without the image, and the tags that were read from it before.
fn declared(text: &mut String, program: &Program, image: &Image, cells: &[(CellId, &str)], grouped: &[(&Tag, Vec<&str>)]) {
    let prefixes = prefixes(program, image, cells);
    text.push_str("  prefix=''\n");
    if !prefixes.is_empty() {
        text.push_str("  case $target in\n");
        for (prefix, targets) in prefixes {
            let _ = writeln!(text, "    {}) prefix={} ;;", targets.join(" | "), word(&prefix));
        }
        text.push_str("  esac\n");
    }
    text.push_str("  {\n    printf '%s\\n' \"${@:3}\"\n");
    for (tag, targets) in grouped {
        let line = match tag {
            Tag::Text(tag) => format!("echo {}", word(tag)),
            Tag::Date => "date -u +%F".to_owned(),
            Tag::Sha => "sha=${GITHUB_SHA:-$(git rev-parse HEAD)} && echo \"${sha:0:12}\"".to_owned(),
            Tag::Exact(_) | Tag::Probe(_) => continue,
        };
        if targets.len() == cells.len() {
            let _ = writeln!(text, "    {line}");
        } else {
            let _ = writeln!(text, "    case $target in {}) {line} ;; esac", targets.join(" | "));
        }
    }
    text.push_str("  } | sed -e '/^$/d' -e \"s|^|$prefix|\"\n");
    for (tag, targets) in grouped {
        if let Tag::Exact(tag) = tag {
            let _ = writeln!(text, "  case $target in {}) echo {} ;; esac", targets.join(" | "), word(tag));
        }
    }
}

/// Things that several cells have, each once, with the targets that have it; in the order of the first cell, then of the others.
fn group<'a, T>(cells: impl Iterator<Item = (&'a str, &'a [T])>, same: impl Fn(&T, &T) -> bool) -> Vec<(&'a T, Vec<&'a str>)> {
    let mut all: Vec<(&T, Vec<&str>)> = Vec::new();
    for (target, things) in cells {
        for thing in things {
            match all.iter_mut().find(|(known, _)| same(known, thing)) {
                Some((_, targets)) if targets.last() == Some(&target) => {}
                Some((_, targets)) => targets.push(target),
                None => all.push((thing, vec![target])),
            }
        }
    }
    all
}

/// A call for all cells, or in a `case` for some. Heredocs keep their margin.
fn guarded(text: &mut String, targets: &[&str], cells: usize, call: &str) {
    if targets.len() == cells {
        text.push_str(call);
    } else {
        let _ = write!(text, "case $target in {})\n{call};;\nesac\n", targets.join(" | "));
    }
}

fn head(main: &str, says: &[&str]) -> String {
    let main = comment(main);
    let mut text = format!("#!/usr/bin/env bash\n# {MARK}{main}. Change that file, then run `jenvc build`.\n");
    for line in says {
        let _ = writeln!(text, "# {line}");
    }
    text
}

/// How a script of this folder begins: it stops at the first failing line and goes to the folder of the program.
fn start(folder: &str) -> String {
    let up: String = folder.split('/').filter(|part| !part.is_empty() && *part != ".").map(|_| "/..").collect();
    format!("\nset -euo pipefail\nshopt -s inherit_errexit\ncd -- \"$(dirname -- \"${{BASH_SOURCE[0]}}\")\"{up}\n\n")
}

/// Functions that run a script in the image, by the shell that it has.
fn in_shell(program: &Program, cells: &[(CellId, &str)], functions: &str) -> String {
    let bash = cells.iter().all(|(cell, _)| program[program.base_of(*cell)].has_bash());
    if bash { functions.to_owned() } else { functions.replace("IMAGE\" bash ", "IMAGE\" ash ").replace("image\" bash ", "image\" ash ") }
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

/// Nothing is tested where the name of a target is misspelt.
const UNKNOWN_TARGET: &str = r#"echo "$0 has no tests for $target" >&2 && exit 64"#;
const TEST_FUNCTIONS: &str = r#"engine=${CONTAINER_ENGINE:-docker}
passed=0
failed=0

verdict() { # NAME OUTPUT WHAT-IS-WRONG
  if [ -z "$3" ]; then
    echo "ok    $1"
    passed=$((passed + 1))
  else
    printf 'FAIL  %s: %s\n%s\n' "$1" "$3" "$2"
    failed=$((failed + 1))
  fi
}

in_image() { # NAME [OPTION…] [-- EXPECTED…]: the script on standard input, through the image's entrypoint
  local name=$1 script output wrong='' options=() beside
  shift
  while [ "$#" -gt 0 ] && [ "$1" != -- ]; do
    options+=("$1")
    shift
  done
  script=$(cat)
  # The engine keeps no order between two streams: what the script prints is one, and behind it comes what else is said.
  beside=$(mktemp)
  output=$("$engine" run --rm "${options[@]}" "$IMAGE" bash -euo pipefail -c "exec 2>&1; $script" 2>"$beside" </dev/null) ||
    wrong="exit status $?"
  output+=${output:+$'\n'}$(cat "$beside")
  rm -f "$beside"
  for expected in "${@:2}"; do
    [[ $output == *"$expected"* ]] || wrong=${wrong:-"'$expected' is not in what it prints"}
  done
  verdict "$name" "$output" "$wrong"
}

on_host() { # NAME [VARIABLE=VALUE…]: the script on standard input, here, with IMAGE set
  local name=$1 script output wrong=''
  shift
  script=$(cat)
  output=$(env "$@" bash -euo pipefail -c "$script" 2>&1 </dev/null) || wrong="exit status $?"
  verdict "$name" "$output" "$wrong"
}
"#;

const USAGE: &str = r#"usage() {
  sed -n '2,/^$/s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
  exit 64
}

"#;

const PROBE_FUNCTION: &str = r#"probe() { # NAME PATTERN: the command on standard input; its first line that matches, or the group in it
  local name=$1 pattern=$2 command output line value=''
  command=$(cat)
  output=$("${CONTAINER_ENGINE:-docker}" run --rm "$image" bash -euo pipefail -c "$command" </dev/null)
  while IFS= read -r line; do
    if [[ $line =~ $pattern ]]; then
      value=${BASH_REMATCH[1]:-${BASH_REMATCH[0]}}
      break
    fi
  done <<<"$output"
  value=${value//[!A-Za-z0-9_.-]/-}
  if [ -z "$value" ]; then
    printf 'the tag %s: nothing in this output matches %s\n%s\n' "$name" "$pattern" "$output" >&2
    exit 1
  fi
  echo "$name-${value:0:100}"
}
"#;
