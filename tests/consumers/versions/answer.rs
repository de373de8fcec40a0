//! Answers questions about versions, one a line, so that the scripts beside this file can ask what the reference
//! implementations answer too. Fields are parted by tabs; what can't be read is answered with `!`.
//!
//! | question | answer |
//! |---|---|
//! | `ok SCHEME VERSION` | `1` if it is a version |
//! | `cmp SCHEME VERSION VERSION` | `<`, `=` or `>` |
//! | `in SCHEME CONSTRAINT VERSION` | `1` if the version belongs to the set |
//! | `build SCHEME CONSTRAINT VERSION BUILD` | `1` if the version with that build does |
//! | `dis SCHEME CONSTRAINT CONSTRAINT` | `1` if no version belongs to both |
//! | `sub SCHEME CONSTRAINT CONSTRAINT` | `1` if the second holds all of the first |
//! | `meet SCHEME CONSTRAINT CONSTRAINT` | `1` if an index may have a version that belongs to both |
//! | `show SCHEME CONSTRAINT` | the set as people write it |
//! | `marker pep508 MARKER MACHINE VERSION` | `1` if the marker holds for this interpreter |
//! | `list pip LINES` | what the lines of a requirement file ask for; `\\n`, `\\t` and `\\\\` are escaped |
//! | `check - PROGRAM` | the first line with an error, `0` if there is none; `\n` ends a line of the program |

use std::cmp::Ordering;
use std::io::{BufRead, Write, stdin, stdout};

use jenvc::base::{MemoryFiles, Place};
use jenvc::diagnostics::Severity;
use jenvc::driver::{Policy, check_with};
use jenvc::ir::PackageSource;
use jenvc::requirements::{Marker, Pythons, Requirement, Said, lines};
use jenvc::versions::{Bound, Constraint, Op, Problem, Scheme, VersionSet};

fn main() -> std::io::Result<()> {
    let mut out = std::io::BufWriter::new(stdout().lock());
    for line in stdin().lock().lines() {
        let line = line?;
        let answer = answer(&line.split('\t').collect::<Vec<_>>());
        writeln!(out, "{}", answer.unwrap_or_else(|| "!".to_owned()))?;
    }
    out.flush()
}

/// The answer to one question; `None` where something in it can't be read.
fn answer(question: &[&str]) -> Option<String> {
    let [verb, scheme, first, rest @ ..] = question else { return None };
    match (*verb, rest) {
        ("marker", [machine, version]) => {
            let pythons = Pythons::of(&Constraint::of(Op::Arbitrary, *version));
            return Marker::read(first).ok()?.decide(machine, &pythons).map(|holds| u8::from(holds).to_string());
        }
        ("check", []) => return Some(first_error(&first.replace("\\n", "\n")).to_string()),
        ("list", []) => return listed(&unescaped(first)),
        _ => {}
    }
    let scheme = Scheme::find(scheme)?;
    let set = |text: &str| constraint(text).and_then(|constraint| scheme.set(&constraint).ok());
    let yes = |answer: Result<bool, Problem>| answer.ok().map(|yes| u8::from(yes).to_string());
    match (*verb, rest) {
        ("ok", []) => yes(Ok(scheme.check_version(first).is_ok())),
        ("cmp", [second]) => scheme.compare(first, second).ok().map(|order| sign(order).to_owned()),
        ("in", [version]) => yes(set(first)?.contains(version)),
        ("build", [version, build]) => yes(set(first)?.contains_build(version, build)),
        ("dis", [second]) => yes(Ok(disjoint(&set(first)?, &set(second)?))),
        ("meet", [second]) => yes(Ok(set(first)?.shares_candidate(&set(second)?))),
        ("sub", [second]) => yes(Ok(set(first)?.is_subset(&set(second)?))),
        ("show", []) => Some(set(first)?.to_string()),
        _ => None,
    }
}

/// What a requirement file asks for: name, extras, versions, address, checksums, one package after the other. `None` where pip refuses it.
fn listed(text: &str) -> Option<String> {
    let mut all = Vec::new();
    for line in lines(text, &|_| None) {
        match line.said {
            Said::Requirement { requirement, mut hashes, editable, .. } => {
                let Requirement { name, mut extras, constraint, source, marker } = *requirement.ok()?;
                let (address, constraint) = match source {
                    PackageSource::Index => (String::new(), constraint),
                    PackageSource::Git { url, rev, .. } => {
                        (format!("git+{url}{}", rev.map(|rev| format!("@{rev}")).unwrap_or_default()), constraint)
                    }
                    // pip takes the version of a wheel from its name, and that of sources from what is in them.
                    PackageSource::Url { url, .. } => (url, Constraint::default()),
                    other => (format!("{other:?}"), constraint),
                };
                let mut bounds: Vec<_> = constraint.bounds().map(ToString::to_string).collect();
                extras.sort();
                bounds.sort();
                hashes.sort();
                all.push(format!(
                    "{}[{}]{}{}{} {}",
                    name.map(|name| Scheme::Pep440.normalize_name(&name)).unwrap_or_default(),
                    extras.join(","),
                    bounds.join(","),
                    if marker.is_some() { ";" } else { "" },
                    if editable { " -e" } else { "" },
                    [vec![address], hashes].concat().join(" "),
                ));
            }
            Said::Include { path, constraint } => all.push(format!("{} {path}", if constraint { "-c" } else { "-r" })),
            Said::Links(_) | Said::RequireHashes => {}
            Said::Refused(_) => return None,
        }
    }
    Some(all.join(" | "))
}

fn unescaped(text: &str) -> String {
    text.replace("\\\\", "\0").replace("\\n", "\n").replace("\\t", "\t").replace("\\r", "\r").replace('\0', "\\")
}

/// The first line of a program at which an error points, its definition as the primary place.
fn first_error(program: &str) -> u32 {
    let files: MemoryFiles = [("main.jenv", program)].into_iter().collect();
    let outcome = check_with(&files, "main.jenv", &Policy::default());
    let errors = outcome.findings.iter().filter(|finding| finding.severity == Severity::Error);
    let line = |place: Place| outcome.sources.get(place.file).map(|source| source.position(place.span.start).line);
    errors.filter_map(|finding| line(finding.place()?)).min().unwrap_or(0)
}

/// Whether two sets have nothing in common, found out in both ways; they must agree.
fn disjoint(left: &VersionSet, right: &VersionSet) -> bool {
    let empty = left.intersect(right).is_empty();
    assert_eq!(empty, left.is_disjoint(right), "{left} with {right}");
    empty
}

/// An ordering as a sign.
fn sign(order: Ordering) -> &'static str {
    match order {
        Ordering::Less => "<",
        Ordering::Equal => "=",
        Ordering::Greater => ">",
    }
}

/// Reads a constraint as it is written in a program.
fn constraint(text: &str) -> Option<Constraint> {
    if text.is_empty() {
        return Some(Constraint::default());
    }
    let alternatives = text.split('|').map(|all| all.split(',').map(bound).collect());
    Some(Constraint { alternatives: alternatives.collect::<Option<_>>()? })
}

/// Reads one bound.
fn bound(text: &str) -> Option<Bound> {
    let text = text.trim();
    let end = text.find(|c: char| !"=<>!~^".contains(c))?;
    let (op, rest) = text.split_at_checked(end)?;
    let (version, build) = rest.split_once('=').map_or((rest, None), |(version, build)| (version, Some(build.to_owned())));
    Some(Bound { op: Op::parse(op)?, version: version.to_owned(), build })
}
