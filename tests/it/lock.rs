//! The lock, resolved by an engine over a small index in memory: which versions a layer gets, what is kept, reported and stale.

mod below;
mod files;
mod unlocked;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use jenvc::base::MemoryFiles;
use jenvc::check::locked::stale;
use jenvc::driver::lock::{Answer, Locked, Question, Request, Resolver, lock, moves, outdated};
use jenvc::driver::{check_with, compile_with};
use jenvc::ir::{Lockable, Locks, Pin, Program, read_sections, write_sections};
use jenvc::requirements::Requirement;
use jenvc::versions::Scheme;

use crate::pages::policy;
use crate::support::{Workplace, load, project};

/// What each release of a package requires; the newest one first.
struct Index(BTreeMap<&'static str, Vec<(&'static str, Vec<&'static str>)>>);

fn index() -> Index {
    Index(BTreeMap::from([
        ("pandas", vec![("3.1", vec!["numpy>=2"]), ("2.1.4", vec!["numpy>=1.26,<2"])]),
        ("numpy", vec![("2.4", vec![]), ("1.26.4", vec![])]),
        ("numba", vec![("0.61", vec!["numpy>=1.24,<3", "llvmlite==0.44"]), ("0.59.1", vec!["numpy>=1.22,<1.27", "llvmlite==0.42"])]),
        ("llvmlite", vec![("0.44", vec![]), ("0.42", vec![])]),
        ("sources", vec![("1.0", vec![])]),
        ("vision", vec![("1.0", vec!["dask", "opencv-contrib-python"])]),
        ("opencv-contrib-python", vec![("4.11", vec![])]),
        ("dask", vec![("2024.1.0", vec![])]),
        ("xarray", vec![("2025.9", vec!["pandas>=2.2"]), ("2025.6", vec!["pandas>=2.1"])]),
    ]))
}

impl Index {
    /// The first answer in the order of the releases, versions to be kept before others.
    fn search(&self, question: &Question, todo: &[String], found: &mut BTreeMap<String, Pin>) -> bool {
        let Some((next, rest)) = todo.split_first() else { return true };
        let wanted = Requirement::read(next).unwrap();
        let name = wanted.name.clone().unwrap();
        let fits = |version: &str| {
            let bounds = question.constraints.iter().filter(|(bound, _)| *bound == name).map(|(_, spec)| format!("{name}{spec}"));
            let all = bounds.chain([next.clone()]).map(|text| Scheme::Pep440.set(&Requirement::read(&text).unwrap().constraint).unwrap());
            all.into_iter().all(|set| set.contains(version).unwrap())
        };
        if question.without.contains(&name) {
            return self.search(question, rest, found);
        }
        if let Some(pin) = found.get(&name) {
            return fits(&pin.version) && self.search(question, rest, found);
        }
        let known = question.known.iter().find(|(known, ..)| *known == name);
        let mut releases: Vec<(String, Vec<String>)> = match known {
            Some((_, version, requires)) => vec![(version.clone(), requires.clone())],
            None => self.0.get(name.as_str()).into_iter().flatten().map(|(version, requires)| release(version, requires)).collect(),
        };
        let is_kept = |version: &str| question.kept.iter().any(|(kept, known)| *kept == name && known == version);
        releases.sort_by_key(|(version, _)| !is_kept(version));
        for (version, requires) in releases.into_iter().filter(|(version, _)| fits(version)) {
            let stated =
                question.metadata.iter().find(|(other, only, _)| *other == name && only.as_ref().is_none_or(|only| *only == version));
            let requires = stated.map_or(requires, |(.., stated)| stated.clone());
            let mut tried = found.clone();
            let sha256 = format!("{name}{version}");
            tried.insert(name.clone(), Pin { version, sha256, requires: requires.clone(), ..Pin::default() });
            let todo: Vec<String> = rest.iter().cloned().chain(requires.into_iter().filter(|_| !question.alone)).collect();
            if self.search(question, &todo, &mut tried) {
                *found = tried;
                return true;
            }
        }
        false
    }
}

fn release(version: &str, requires: &[&str]) -> (String, Vec<String>) {
    (version.to_owned(), requires.iter().map(|text| (*text).to_owned()).collect())
}

impl Resolver for Index {
    fn name(&self) -> String {
        "index 1".to_owned()
    }

    fn solve(&self, question: &Question) -> Answer {
        let source: Vec<String> = question.roots.iter().filter(|root| root.name == "sources").map(|root| root.name.clone()).collect();
        if !source.is_empty() && !question.build {
            return Answer::SourceOnly(source, "only sources".to_owned());
        }
        let todo: Vec<String> = question.roots.iter().map(|root| format!("{}{}", root.name, root.spec)).collect();
        let mut found = BTreeMap::new();
        if self.search(question, &todo, &mut found) { Answer::Solved(found) } else { Answer::Nothing("nothing fits".to_owned()) }
    }
}

/// An engine that answers in its own way.
struct Like(fn(&Question) -> Answer);

impl Resolver for Like {
    fn name(&self) -> String {
        index().name()
    }

    fn solve(&self, question: &Question) -> Answer {
        (self.0)(question)
    }
}

const HEAD: &str = "project demo { registry = \"ghcr.io/demo\" }\nimage python {\n  ref = \"docker.io/library/python\"\n  \
                    tag = \"3.12.4-slim\"\n  os = \"debian 12\"\n  provides { conda { python 3.12.* } }\n}\n";

/// A program with lists of layers, `name parent: entries`, and a lock.
fn program(layers: &[&str], locks: &Locks) -> Program {
    let mut text = HEAD.to_owned();
    for layer in layers {
        let (head, entries) = layer.split_once(": ").unwrap();
        let (name, parent) = head.split_once(' ').unwrap();
        let _ = write!(text, "layer {name} {{\n  from {parent}\n  pip {{\n{}\n  }}\n}}\n", entries.replace("; ", "\n"));
    }
    let locks = locks.0.iter().map(|(image, sections)| (Locks::path(image), write_sections(sections)));
    let files: MemoryFiles = locks.chain([("main.jenv".to_owned(), text)]).collect();
    let outcome = check_with(&files, "main.jenv", &policy());
    outcome.program().expect("the program is read").clone()
}

fn run(layers: &[&str], locks: &Locks, request: Request) -> Locked {
    lock(&program(layers, locks), &index(), &Request { today: "2026-11-26".to_owned(), ..request })
}

fn first(layers: &[&str]) -> Locked {
    run(layers, &Locks::default(), Request::default())
}

/// `pandas 2.1.4` of an image.
fn version<'l>(locks: &'l Locks, image: &str, name: &str) -> Option<&'l str> {
    locks.0.get(image)?.first()?.pins.get(name).map(|pin| pin.version.as_str())
}

fn findings(locked: &Locked) -> Vec<String> {
    locked.findings.iter().map(|finding| format!("{} {}", finding.code.id, finding.message)).collect()
}

#[test]
fn a_layer_repeats_nothing_of_what_is_below() {
    let locked = first(&["base python: pandas", "a base: xarray"]);
    assert_eq!(findings(&locked), Vec::<String>::new());
    assert_eq!(version(&locked.locks, "base", "pandas"), Some("3.1"));
    assert_eq!(version(&locked.locks, "a", "xarray"), Some("2025.9"));
    assert_eq!(version(&locked.locks, "a", "pandas"), None);
}

#[test]
fn the_versions_below_suit_all_that_is_above() {
    let locked = first(&["base python: pandas", "a base: pandas <2.2", "b base: pandas >=2.0"]);
    assert_eq!(findings(&locked), Vec::<String>::new());
    assert_eq!(version(&locked.locks, "base", "pandas"), Some("2.1.4"));
    assert_eq!(version(&locked.locks, "base", "numpy"), Some("1.26.4"));
}

#[test]
fn layers_that_can_not_share_one_below_are_named() {
    let locked = first(&["base python: pandas", "a base: pandas <2.2", "b base: pandas >=3"]);
    assert_eq!(findings(&locked), ["J0461 the layers on `base` can't share one `pandas`"]);
    assert!(!locked.locks.0.contains_key("a") && !locked.locks.0.contains_key("b"));
}

#[test]
fn what_an_override_breaks_below_is_named() {
    let locked = first(&["base python: numba ==0.59.1; numpy ==1.26.4", "a base: numpy >=2.1 override because \"fast\""]);
    assert_eq!(findings(&locked), ["J0462 `numpy 2.4` of `a` breaks `numba 0.59.1` of `base`, which requires `numpy>=1.22,<1.27`"]);
    assert_eq!(version(&locked.locks, "a", "numpy"), Some("2.4"));
}

#[test]
fn what_is_there_for_a_moved_package_alone_moves_with_it() {
    let locked = first(&["base python: numba ==0.59.1", "a base: numba ==0.61 override because \"new\""]);
    assert_eq!(findings(&locked), Vec::<String>::new());
    assert_eq!(version(&locked.locks, "a", "llvmlite"), Some("0.44"));
}

#[test]
fn a_conflict_names_both_lines_and_edits_that_were_tried() {
    let locked = first(&["base python: pandas ==2.1.4", "a base: xarray ==2025.9"]);
    let [finding] = locked.findings.iter().collect::<Vec<_>>()[..] else { panic!("{:?}", findings(&locked)) };
    assert_eq!(finding.message, "`a` needs `pandas>=2.2`, and `base` asks for `pandas ==2.1.4`");
    assert_eq!(finding.labels.len(), 2);
    assert!(finding.help.iter().any(|help| help == "write `xarray ==2025.6` in `a`: tried"), "{:?}", finding.help);
    assert_eq!(version(&locked.locks, "base", "pandas"), Some("2.1.4"));
}

#[test]
fn a_source_distribution_is_unknown_and_neither_clean_nor_a_conflict() {
    let locked = first(&["base python: pandas; sources"]);
    assert!(locked.undecided);
    assert_eq!(findings(&locked).len(), 1);
    assert!(findings(&locked).iter().all(|finding| finding.starts_with("J0463 ")));
    assert_eq!(version(&locked.locks, "base", "pandas"), Some("3.1"));
}

#[test]
fn a_second_run_asks_nothing_and_an_upgrade_moves() {
    let layers = ["base python: pandas", "a base: xarray"];
    let old = run(&["base python: pandas <3", "a base: xarray"], &Locks::default(), Request::default()).locks;
    let again = run(&["base python: pandas <3", "a base: xarray"], &old, Request::default());
    assert_eq!((again.questions, &again.locks), (0, &old));
    let kept = run(&layers, &old, Request::default()).locks;
    assert_eq!(version(&kept, "base", "pandas"), Some("2.1.4"));
    let moved = run(&layers, &kept, Request { packages: vec!["pandas".to_owned()], ..Request::default() }).locks;
    assert_eq!(version(&moved, "base", "pandas"), Some("3.1"));
    let names: Vec<_> = moves(&kept, &moved).into_iter().map(|one| format!("{} {}", one.image, one.name)).collect();
    assert_eq!(names, ["base numpy", "base pandas"]);
    assert!(stale(&program(&layers, &moved)).is_empty());
}

#[test]
fn a_section_is_stale_where_its_inputs_or_what_it_refers_to_below_moved() {
    let locks = first(&["base python: pandas; numba", "a base: xarray", "b base: llvmlite"]).locks;
    let images = |layers: &[&str], locks: &Locks| stale(&program(layers, locks)).into_iter().map(|one| one.image).collect::<Vec<_>>();
    assert!(images(&["base python: pandas; numba", "a base: xarray", "b base: llvmlite"], &locks).is_empty());
    assert_eq!(images(&["base python: pandas; numba", "a base: xarray <2025.9", "b base: llvmlite"], &locks), ["a"]);
    // Two branches, merged: one has moved `pandas` in the base.
    let other = first(&["base python: pandas <3; numba ==0.59.1", "a base: xarray", "b base: llvmlite"]).locks;
    let mut merged = locks.clone();
    merged.0.insert("base".to_owned(), other.0["base"].clone());
    let layers = ["base python: pandas <3; numba ==0.59.1", "a base: xarray", "b base: llvmlite"];
    assert_eq!(images(&layers, &merged), ["a", "b"]);
}

#[test]
fn what_conda_has_counts_for_pip_by_the_metadata_that_pip_finds() {
    let layers = |project: &str| {
        let head = HEAD.replace("python 3.12.* }", "python 3.12.*  dask-core ==2024.1.0  py-opencv ==4.10.0 }");
        format!(
            "{}environment a {{\n  from python\n  pip {{ vision }}\n}}\n",
            head.replace("project demo {", &format!("project demo {{ {project}"))
        )
    };
    let locks = resolved(&layers(""), &Locks::default(), Request::default());
    assert_eq!((version(&locks, "a", "dask"), version(&locks, "a", "opencv-contrib-python")), (None, Some("4.11")));
    let outcome = checked(&layers(""), &locks);
    let found: Vec<_> = outcome.findings.iter().filter(|finding| finding.code.id == "J0458").map(|finding| &finding.message).collect();
    let wanted = "`py-opencv` of conda does not count for pip: `opencv-contrib-python 4.11`, which `vision 1.0` requires, \
                  is installed over its files";
    assert_eq!(found, [wanted]);
    // One without the metadata that pip looks for is as good as none.
    let distinct = resolved(&layers("distinct = [\"dask-core\"]  "), &Locks::default(), Request::default());
    assert_eq!(version(&distinct, "a", "dask"), Some("2024.1.0"));
}

#[test]
fn an_environment_with_a_name_is_reported_once_as_not_locked() {
    let env = "conda env work { scipy }\n  conda env work { pandas }\n  conda env play { scipy }";
    let text = |install: &str| {
        let head = HEAD.replace("project demo {", &format!("project demo {{ install = {install} "));
        format!("{head}layer a {{\n  from python\n  pip {{ pandas }}\n  {env}\n}}\nenvironment b {{\n  from a\n  pip {{ xarray }}\n}}\n")
    };
    let wanted = ["play", "work"].map(|name| format!("the packages of the conda environment `{name}` of `a` are not locked"));
    for install in ["constraints", "locked"] {
        let request = Request { today: "2026-11-26".to_owned(), ..Request::default() };
        let outcome = checked(&text(install), &Locks::default());
        let locked = lock(outcome.program().expect("the program is read"), &index(), &request);
        let mut said: Vec<String> = locked.findings.iter().map(|finding| finding.message.clone()).collect();
        said.retain(|message| message.contains("environment"));
        said.sort();
        assert_eq!((said.as_slice(), locked.undecided), (&wanted[..], false), "{install}");
        // `check` says it where an image is believed to be locked.
        let after = checked(&text(install), &locked.locks);
        let said = after.findings.iter().filter(|finding| finding.message.contains("environment `")).count();
        assert_eq!(said, if install == "locked" { 2 } else { 0 }, "{install}");
    }
}

/// An engine that reads nothing.
struct Unread;

impl Resolver for Unread {
    fn lockable(&self) -> Lockable {
        Lockable::Conda
    }

    fn name(&self) -> String {
        "rattler 1".to_owned()
    }

    fn solve(&self, _: &Question) -> Answer {
        Answer::Failed("the channel can't be read".to_owned())
    }
}

#[test]
fn packages_of_pip_are_resolved_where_no_channel_can_be_read() {
    let text = format!("{HEAD}layer a {{\n  from python\n  conda {{ scipy }}\n  pip {{ pandas }}\n}}\n");
    let outcome = checked(&text, &Locks::default());
    let program = outcome.program().expect("the program is read");
    let request = Request { today: "2026-11-26".to_owned(), ..Request::default() };
    let mut locked = Locked::unchanged(program);
    locked.resolve(program, &Unread, &request);
    locked.resolve(program, &index(), &request);
    assert!(locked.undecided && findings(&locked).iter().any(|one| one.contains("the channel can't be read")), "{:?}", findings(&locked));
    let sections = &locked.locks.0["a"];
    assert_eq!(sections.iter().map(|section| section.lockable).collect::<Vec<_>>(), [Lockable::Pypi]);
    assert_eq!(version(&locked.locks, "a", "pandas"), Some("3.1"));
    // What is missing of conda makes nothing stale until something of conda is locked.
    let after = checked(&text, &locked.locks);
    assert_eq!(stale(after.program().expect("the program is read")), []);
}

/// The findings and the program of a text with a lock.
fn checked(text: &str, locks: &Locks) -> jenvc::driver::Outcome {
    let locks = locks.0.iter().map(|(image, sections)| (Locks::path(image), write_sections(sections)));
    let files: MemoryFiles = locks.chain([("main.jenv".to_owned(), text.to_owned())]).collect();
    check_with(&files, "main.jenv", &policy())
}

/// What is resolved of a text with a lock.
fn resolved(text: &str, locks: &Locks, request: Request) -> Locks {
    let outcome = checked(text, locks);
    lock(outcome.program().expect("the program is read"), &index(), &Request { today: "2026-11-26".to_owned(), ..request }).locks
}

#[test]
fn one_package_that_moves_changes_a_few_lines_of_many() {
    // 60 environments on one base, each with four cells on two platforms; two of them refer to the package.
    let text = |below: &str| {
        let head = HEAD.replace("project demo { ", "project demo { platforms = [\"linux/amd64\", \"linux/arm64\"]  ");
        let mut text = format!("{head}layer base {{\n  from python\n  pip {{ {below} }}\n}}\n");
        for number in 0..60 {
            let entries = if number < 2 { "numba" } else { "llvmlite" };
            let axes = "matrix size = [1, 2]\n  matrix color = [red, blue]";
            let _ = write!(text, "environment e{number} {{\n  from base\n  {axes}\n  pip {{ {entries} }}\n}}\n");
        }
        text
    };
    let lines = |locks: &Locks| -> Vec<String> {
        let of = |(image, all): (&String, &Vec<_>)| write_sections(all).lines().map(|line| format!("{image}: {line}")).collect::<Vec<_>>();
        locks.0.iter().flat_map(of).collect()
    };
    let old = resolved(&text("numpy <2"), &Locks::default(), Request::default());
    let kept = resolved(&text("numpy"), &old, Request::default());
    assert_eq!((kept.0.len(), version(&kept, "base", "numpy")), (61, Some("1.26.4")));
    let moved = resolved(&text("numpy"), &kept, Request { packages: vec!["numpy".to_owned()], ..Request::default() });
    assert_eq!(version(&moved, "base", "numpy"), Some("2.4"));
    let before = lines(&kept);
    let changed: Vec<_> = lines(&moved).into_iter().filter(|line| !before.contains(line)).collect();
    assert!((2..=10).contains(&changed.len()), "{changed:#?}");
    let outcome = checked(&text("numpy"), &moved);
    let program = outcome.program().expect("the program is read");
    assert_eq!((program.cells.len(), stale(program).len()), (241, 0));
}

#[test]
fn what_has_sources_alone_is_known_where_builds_are_allowed() {
    let layers = ["base python: sources"];
    let locks = first(&layers).locks;
    assert_eq!((version(&locks, "base", "sources"), locks.0["base"][0].needs_builds()), (None, true));
    let built = run(&layers, &locks, Request { build: true, ..Request::default() }).locks;
    assert_eq!((version(&built, "base", "sources"), built.0["base"][0].needs_builds()), (Some("1.0"), false));
}

#[test]
fn check_reports_a_stale_lock_and_exits_with_four() {
    let layers = ["base python: pandas", "a base: xarray"];
    let locks = first(&layers).locks;
    let text = |below: &str| {
        format!("{HEAD}layer base {{\n  from python\n  pip {{ {below} }}\n}}\nenvironment a {{\n  from base\n  pip {{ xarray }}\n}}\n")
    };
    let files = locks.0.iter().map(|(image, sections)| (Locks::path(image), write_sections(sections).into_bytes()));
    let place = Workplace::with(files.chain([("main.jenv".to_owned(), text("pandas").into_bytes())]));
    assert_eq!(place.run(&["check"]).status, 0);
    let lock = place.run(&["lock", "--uv", "no/uv"]);
    assert_eq!((lock.status, lock.out.as_str()), (0, "2 locks up to date\n"));
    place.write("main.jenv", text("pandas <3"));
    let check = place.run(&["check", "--format", "concise"]);
    assert_eq!(check.status, 4);
    assert!(check.out.contains("J0460") && check.out.contains("`locks/base.toml`"), "{}", check.out);
    let export = place.run(&["export", "--uv", "no/uv"]);
    assert_eq!(export.status, 4, "{}{}", export.out, export.error);
    assert!(export.error.contains("J0460"), "{}", export.error);
    let lock = place.run(&["lock", "--uv", "no/uv"]);
    assert_eq!(lock.status, 64);
    assert!(lock.error.contains("`no/uv` can't be run"), "{}", lock.error);
}

/// The artifacts of a program with `install = locked`, compiled with what the index answers: by path.
fn built(text: &str) -> BTreeMap<String, String> {
    let head = HEAD.replace("project demo { ", "project demo { platforms = [\"linux/amd64\", \"linux/arm64\"]  install = locked  ");
    let text = format!("{head}{text}output dockerfiles {{ dir = \"images\" }}\noutput bake {{ path = \"docker-bake.json\" }}\n");
    let compiled = |locks: &Locks| {
        let locks = locks.0.iter().map(|(image, sections)| (Locks::path(image), write_sections(sections)));
        let files: MemoryFiles = locks.chain([("main.jenv".to_owned(), text.clone())]).collect();
        compile_with(&files, "main.jenv", &policy())
    };
    let first = compiled(&Locks::default());
    let locked =
        lock(first.program().expect("the program is read"), &index(), &Request { today: "2026-11-26".to_owned(), ..Request::default() });
    assert!(!locked.findings.has_errors(), "{:?}", findings(&locked));
    let outcome = compiled(&locked.locks);
    assert!(!outcome.findings.has_errors(), "{:?}", outcome.findings.iter().map(|one| one.message.clone()).collect::<Vec<_>>());
    outcome.artifacts.into_iter().map(|artifact| (artifact.path, artifact.text)).collect()
}

#[test]
fn images_install_exactly_the_lock() {
    let files = built(
        "layer base {\n  from python\n  pip { pandas because \"tables\"  \
         tool git \"https://example.org/tool\" rev \"0123456789abcdef0123456789abcdef01234567\" }\n  \
         run \"true\"\n  pip { numba }\n}\nlayer top { from base  pip { xarray  numpy } }\n",
    );
    let file = &files["images/base/Dockerfile"];
    let step = "RUN --mount=type=bind,source=images/base/requirements.txt,target=/tmp/requirements.txt \\\n    \
                pip install --no-cache-dir \\\n        --no-deps --require-hashes --requirement /tmp/requirements.txt\n";
    assert!(file.contains(step), "{file}");
    assert!(
        file.contains("RUN pip install --no-cache-dir \\\n        --no-deps \\\n        'tool @ git+https://example.org/tool@0123"),
        "{file}"
    );
    let lines = |path: &str| -> Vec<&str> { files[path].lines().filter(|line| line.contains("==") || line.starts_with("# t")).collect() };
    assert_eq!(lines("images/base/requirements.txt"), ["numpy==2.4 \\", "# tables", "pandas==3.1 \\"]);
    assert_eq!(lines("images/base/requirements-2.txt"), ["llvmlite==0.44 \\", "numba==0.61 \\"]);
    assert_eq!(lines("images/top/requirements.txt"), ["xarray==2025.9 \\"]);
    assert!(files["images/base/Dockerfile.dockerignore"].contains("!images/base/requirements-2.txt\n"));
}

/// The tags in a bake file, by target.
fn tags(files: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let bake: serde_json::Value = serde_json::from_str(&files["docker-bake.json"]).unwrap();
    let tags = bake["tag"].as_object().unwrap().iter();
    tags.map(|(target, tag)| (target.clone(), tag.as_str().unwrap().to_owned())).collect()
}

#[test]
fn what_is_locked_moves_the_tags_above_it_and_none_below() {
    let text = |below: &str, above: &str| {
        format!(
            "layer base {{ from python  pip {{ {below} }} }}\nlayer a {{ from base  pip {{ {above} }} }}\n\
             layer b {{ from base  run \"true\" }}\n"
        )
    };
    let one = tags(&built(&text("numpy", "pandas")));
    let above = tags(&built(&text("numpy", "pandas  llvmlite")));
    assert_eq!((&one["base"], &one["b"]), (&above["base"], &above["b"]));
    assert_ne!(one["a"], above["a"]);
    // The constraint is another one, what is locked is not.
    let same = tags(&built(&text("numpy >=2", "pandas")));
    assert_eq!(one, same);
    let below = tags(&built(&text("numpy <2", "pandas")));
    assert!(["base", "a", "b"].iter().all(|image| one[*image] != below[*image]), "{one:?} {below:?}");
}

#[test]
fn a_list_is_named_after_the_axes_that_it_depends_on() {
    let files =
        built("layer base {\n  from python\n  matrix size = [small, large]\n  matrix color = [red, blue]\n  pip { llvmlite  pandas }\n}\n");
    assert!(files.contains_key("images/base/requirements.txt"));
    let files = built(
        "layer base {\n  from python\n  matrix numbers = [1.26.4, 2.4]\n  matrix color = [red, blue]\n  pip { numpy =={{ numbers }} }\n}\n",
    );
    let names: Vec<_> = files.keys().filter(|path| path.starts_with("images/base/")).collect();
    let wanted = ["Dockerfile", "Dockerfile.dockerignore", "requirements-1.26.4.txt", "requirements-2.4.txt"];
    assert_eq!(names, wanted.map(|name| format!("images/base/{name}")).iter().collect::<Vec<_>>());
    let mount = "--mount=type=bind,source=images/base/requirements-${NUMBERS_VERSION}.txt,target=/tmp/requirements.txt";
    assert!(files["images/base/Dockerfile"].contains(mount), "{}", files["images/base/Dockerfile"]);
}

#[test]
fn titles_have_what_is_locked() {
    let text = format!(
        "{HEAD}environment lab {{\n  from python\n  pip {{ pandas }}\n  \
         profile {{ title = \"{{{{ packages.pandas }}}} on {{{{ packages.numpy }}}}\"  memory = 1G }}\n}}\n\
         hub one {{ chart = 4.4  namespace = \"jhub\" }}\noutput configmap {{ path = \"deploy.yaml\"  hub = one  name = \"profiles\" }}\n"
    );
    let locks = first(&["lab python: pandas"]).locks;
    let files = locks.0.iter().map(|(image, sections)| (Locks::path(image), write_sections(sections)));
    let files: MemoryFiles = files.chain([("main.jenv".to_owned(), text)]).collect();
    let outcome = compile_with(&files, "main.jenv", &policy());
    let menu = outcome.artifacts.iter().find(|artifact| artifact.path == "deploy.yaml").expect("is written");
    assert!(menu.text.contains("3.1 on 2.4"), "{}", menu.text);
}

#[test]
fn what_could_be_newer_is_listed_with_what_holds_it() {
    let layers = ["base python: pandas <3", "a base: llvmlite"];
    let old = run(&["base python: pandas <3", "a base: llvmlite <0.44"], &Locks::default(), Request::default()).locks;
    let (all, upgraded) = outdated(&program(&layers, &old), &index(), &Request { today: "2026-11-26".to_owned(), ..Request::default() });
    assert_eq!(version(&upgraded.locks, "a", "llvmlite"), Some("0.44"));
    let rows: Vec<_> = all
        .iter()
        .map(|one| {
            format!(
                "{} {} {} {} {} {}",
                one.image,
                one.name,
                one.locked[0],
                one.allowed[0],
                one.newest[0],
                one.held.as_deref().unwrap_or("-")
            )
        })
        .collect();
    let wanted = [
        "a llvmlite 0.42 0.44 0.44 -",
        "base numpy 1.26.4 1.26.4 2.4 `pandas 2.1.4` of `base` requires `numpy>=1.26,<2`",
        "base pandas 2.1.4 2.1.4 3.1 `base` asks for `pandas <3`",
    ];
    assert_eq!(rows, wanted);
}

#[test]
fn what_could_be_newer_is_unknown_where_the_engine_fails() {
    // It fails where the newest versions are asked for.
    let failing =
        Like(
            |question| {
                if question.alone { Answer::Failed("error: the index does not answer".to_owned()) } else { index().solve(question) }
            },
        );
    let layers = ["base python: pandas <3"];
    let old = first(&layers).locks;
    let (all, upgraded) = outdated(&program(&layers, &old), &failing, &Request { today: "2026-11-26".to_owned(), ..Request::default() });
    assert_eq!(all, []);
    assert!(upgraded.undecided);
    let messages: Vec<_> = upgraded.findings.iter().map(|finding| finding.message.as_str()).collect();
    assert_eq!(messages, ["`base` could not be resolved: the index does not answer"]);
}

#[test]
fn what_a_lock_below_allows_already_is_not_narrowed() {
    let text = |install: &str| {
        format!(
            "{}layer base {{ from python  pip {{ pandas }} }}\nlayer a {{ from base  pip {{ pandas >=2.1 }} }}\n",
            HEAD.replace("project demo {", &format!("project demo {{ install = {install} "))
        )
    };
    let codes = |install: &str| -> Vec<&str> {
        let locks = first(&["base python: pandas", "a base: pandas >=2.1"]).locks;
        let files = locks.0.iter().map(|(image, sections)| (Locks::path(image), write_sections(sections)));
        let files: MemoryFiles = files.chain([("main.jenv".to_owned(), text(install))]).collect();
        check_with(&files, "main.jenv", &policy()).findings.iter().map(|finding| finding.code.id).filter(|code| *code == "J0403").collect()
    };
    assert_eq!(codes("constraints"), ["J0403"]);
    assert_eq!(codes("locked"), Vec::<&str>::new());
}

#[test]
fn without_its_lock_an_image_that_installs_from_it_is_not_built() {
    let text = format!(
        "{}environment a {{\n  from python\n  pip {{ six }}\n}}\noutput dockerfiles {{ dir = \"images\" }}\n",
        HEAD.replace("project demo {", "project demo { install = locked ")
    );
    let place = Workplace::with([("main.jenv".to_owned(), text.into_bytes())]);
    let check = place.run(&["check", "--format", "concise"]);
    assert_eq!(check.status, 4);
    assert!(check.out.contains("J0460") && check.out.contains("`locks/a.toml`"), "{}", check.out);
    assert_eq!(place.run(&["build"]).status, 1);
    let export = place.run(&["export"]);
    assert_eq!((export.status, export.error.as_str()), (64, "error: nothing of the program is locked: run `jenvc lock`\n"));
}

#[test]
fn a_file_that_is_no_lock_is_named_with_its_line() {
    let place = Workplace::with([
        ("main.jenv".to_owned(), format!("{HEAD}environment a {{\n  from python\n  pip {{ six }}\n}}\n").into_bytes()),
        ("locks/a.toml".to_owned(), b"version = 1\n<<<<<<< HEAD\n".to_vec()),
    ]);
    let check = place.run(&["check", "--format", "concise"]);
    assert_eq!(check.status, 1);
    assert!(check.out.contains("line 2 of `locks/a.toml`"), "{}", check.out);
    assert!(read_sections("version = 1\n").is_ok());
}

#[test]
fn the_lock_of_the_program_that_is_built_for_real_is_not_stale() {
    let outcome = check_with(&load(&project().join("tests/builds/from-the-lock")), "main.jenv", &policy());
    assert!(!outcome.findings.has_errors(), "{:#?}", outcome.findings.iter().collect::<Vec<_>>());
}
