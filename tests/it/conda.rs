//! Packages of conda in the lock: what a jenvc of any kind reads and says of them, by an engine over a small channel in memory; and, where
//! it is built in, what rattler makes of channels that the tests write.

use std::collections::BTreeMap;

use jenvc::base::MemoryFiles;
use jenvc::check::locked::{of_requirement, stale};
use jenvc::driver::lock::{Answer, Locked, Question, Request, Resolver, lock};
use jenvc::driver::{Outcome, check_with, compile_with};
use jenvc::ir::{Lockable, Locks, Pin, Program, read_sections, write_sections};

use crate::pages::policy;
use crate::support::Workplace;

/// A release: version, build, and what it requires.
type Release = (&'static str, &'static str, &'static [&'static str]);

const PYTHON: &str = "python >=3.12,<3.13.0a0";

/// The releases of each package, the newest one first.
const CHANNEL: &[(&str, &[Release])] = &[
    ("python", &[("3.12.9", "h2_cpython", &["openssl >=3"]), ("3.12.4", "h1_cpython", &["openssl >=3"])]),
    ("openssl", &[("3.4.0", "h0", &[])]),
    ("libblas", &[("3.9.0", "openblas", &[])]),
    ("numpy", &[("2.2.0", "py312h_0", &[PYTHON, "libblas >=3.9"]), ("1.26.4", "py312h_0", &[PYTHON, "libblas >=3.9"])]),
    ("pandas", &[("2.3.3", "py312h_0", &[PYTHON, "numpy >=1.26"]), ("2.1.4", "py312h_0", &[PYTHON, "numpy >=1.26,<2"])]),
    ("xarray", &[("2025.9.1", "pyhd_0", &["python >=3.11", "pandas >=2.2"]), ("2025.6.1", "pyhd_0", &["python >=3.11", "pandas >=2.1"])]),
    ("dask-core", &[("2026.1.0", "pyhd_0", &["python >=3.11"])]),
    ("dask", &[("2026.1.0", "pyhd_0", &["python >=3.11", "dask-core ==2026.1.0", "pandas >=2"])]),
    ("py-opencv", &[("4.12.0", "py312h_0", &[PYTHON, "numpy >=1.26"])]),
    ("brotli", &[("1.1.0", "h0", &["openssl >=3"])]),
];

/// An engine for conda that takes the first answer in the order of the releases.
struct Channel;

impl Channel {
    fn search(question: &Question, todo: &[String], found: &mut BTreeMap<String, Pin>) -> bool {
        let Some((next, rest)) = todo.split_first() else { return true };
        let wanted = of_requirement(next, Lockable::Conda).unwrap();
        let bounds = question.constraints.iter().filter(|(name, _)| *name == wanted.name);
        let bounds: Vec<_> = bounds.map(|(name, spec)| of_requirement(&format!("{name}{spec}"), Lockable::Conda).unwrap()).collect();
        let fits = |version: &str| bounds.iter().chain([&wanted]).all(|one| one.set.contains(version).unwrap());
        if let Some(pin) = found.get(&wanted.name) {
            return fits(&pin.version) && Self::search(question, rest, found);
        }
        let known = question.known.iter().find(|(name, ..)| *name == wanted.name);
        let releases: Vec<Pin> = match known {
            Some((_, release, requires)) => vec![Pin {
                version: release.split('=').next().unwrap_or_default().to_owned(),
                requires: requires.clone(),
                ..Pin::default()
            }],
            None => releases(&wanted.name),
        };
        for pin in releases.into_iter().filter(|pin| fits(&pin.version)) {
            let todo: Vec<String> = rest.iter().chain(&pin.requires).cloned().collect();
            let mut tried = found.clone();
            tried.insert(wanted.name.clone(), pin);
            if Self::search(question, &todo, &mut tried) {
                *found = tried;
                return true;
            }
        }
        false
    }
}

fn releases(name: &str) -> Vec<Pin> {
    let all = CHANNEL.iter().filter(|(known, _)| *known == name).flat_map(|(_, releases)| *releases);
    all.map(|(version, build, requires)| Pin {
        version: (*version).to_owned(),
        build: (*build).to_owned(),
        index: Some("conda-forge".to_owned()),
        file: format!("linux-64/{name}-{version}-{build}.conda"),
        sha256: format!("{:064x}", version.len()),
        requires: requires.iter().map(|text| (*text).to_owned()).collect(),
    })
    .collect()
}

impl Resolver for Channel {
    fn lockable(&self) -> Lockable {
        Lockable::Conda
    }

    fn name(&self) -> String {
        "channel 1".to_owned()
    }

    fn solve(&self, question: &Question) -> Answer {
        let todo: Vec<String> = question.roots.iter().map(|root| format!("{}{}", root.name, root.spec)).collect();
        let mut found = BTreeMap::new();
        if Self::search(question, &todo, &mut found) { Answer::Solved(found) } else { Answer::Nothing("nothing fits".to_owned()) }
    }
}

/// An engine for pip to which every package is there in one version, and requires what it is told.
struct Pip(&'static [(&'static str, &'static [&'static str])]);

impl Resolver for Pip {
    fn name(&self) -> String {
        "pip 1".to_owned()
    }

    fn solve(&self, question: &Question) -> Answer {
        let mut pins = BTreeMap::new();
        let mut todo: Vec<String> = question.roots.iter().map(|root| root.name.clone()).collect();
        while let Some(name) = todo.pop() {
            let known = question.known.iter().find(|(known, ..)| *known == name);
            let own = self.0.iter().find(|(known, _)| *known == name).map(|(_, requires)| *requires).unwrap_or_default();
            let requires: Vec<String> = own.iter().filter(|_| known.is_none()).map(|text| (*text).to_owned()).collect();
            todo.extend(requires.iter().filter(|text| !pins.contains_key(*text)).cloned());
            let version = known.map_or_else(|| "1.0".to_owned(), |(_, version, _)| version.clone());
            pins.insert(name, Pin { version, requires, sha256: "00".to_owned(), ..Pin::default() });
        }
        Answer::Solved(pins)
    }
}

const HEAD: &str = "project demo { registry = \"ghcr.io/demo\" }\nimage mamba {\n  ref = \"docker.io/mambaorg/micromamba\"\n  \
                    tag = \"2.3.0\"\n  digest = \"sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\"\n  \
                    os = \"debian 12\"\n}\n";

fn sources(text: &str, locks: &Locks) -> MemoryFiles {
    let locks = locks.0.iter().map(|(image, sections)| (Locks::path(image), write_sections(sections)));
    locks.chain([("main.jenv".to_owned(), format!("{HEAD}{text}"))]).collect()
}

fn checked(text: &str, locks: &Locks) -> Outcome {
    check_with(&sources(text, locks), "main.jenv", &policy())
}

fn program(text: &str, locks: &Locks) -> Program {
    checked(text, locks).program().expect("the program is read").clone()
}

fn run(text: &str, locks: &Locks, resolver: &dyn Resolver, request: Request) -> Locked {
    lock(&program(text, locks), resolver, &Request { today: "2026-11-26".to_owned(), ..request })
}

fn conda(text: &str) -> Locks {
    run(text, &Locks::default(), &Channel, Request::default()).locks
}

/// `2.3.3` of conda's `pandas` of an image.
fn version<'l>(locks: &'l Locks, image: &str, name: &str, lockable: Lockable) -> Option<&'l str> {
    let section = locks.0.get(image)?.iter().find(|section| section.lockable == lockable)?;
    section.pins.get(name).map(|pin| pin.version.as_str())
}

fn of_conda<'l>(locks: &'l Locks, image: &str, name: &str) -> Option<&'l str> {
    version(locks, image, name, Lockable::Conda)
}

fn messages(locked: &Locked) -> Vec<String> {
    locked.findings.iter().map(|finding| format!("{} {}", finding.code.id, finding.message)).collect()
}

#[test]
fn layers_are_resolved_on_each_other() {
    let text = "layer base { from mamba  conda { python 3.12.*  pandas } }\nlayer a { from base  conda { xarray } }\n";
    let locks = conda(text);
    assert_eq!(of_conda(&locks, "base", "openssl"), Some("3.4.0"));
    assert_eq!((of_conda(&locks, "a", "xarray"), of_conda(&locks, "a", "pandas")), (Some("2025.9.1"), None));
    assert!(stale(&program(text, &locks)).is_empty());
    assert!(checked(text, &locks).findings.iter().all(|finding| !finding.code.id.starts_with("J046")));
    let again = run(text, &locks, &Channel, Request::default());
    assert_eq!((again.questions, again.locks), (0, locks));
}

#[test]
fn the_versions_below_suit_all_that_is_above() {
    let text = "layer base { from mamba  conda { pandas } }\nlayer a { from base  conda { numpy <2  pandas <2.2 } }\n\
                layer b { from base  conda { xarray <2025.9 } }\n";
    let locks = conda(text);
    assert_eq!(of_conda(&locks, "base", "pandas"), Some("2.1.4"));
    assert_eq!(of_conda(&locks, "b", "xarray"), Some("2025.6.1"));
}

#[test]
fn a_conflict_names_both_lines_and_edits_that_were_tried() {
    let text = "layer base { from mamba  conda { pandas ==2.1.4 } }\nlayer a { from base  conda { xarray >=2025.9 } }\n";
    let locked = run(text, &Locks::default(), &Channel, Request::default());
    assert_eq!(messages(&locked), ["J0461 `a` needs `pandas>=2.2`, and `base` asks for `pandas ==2.1.4`"]);
    let [finding] = locked.findings.iter().collect::<Vec<_>>()[..] else { panic!("one finding") };
    assert_eq!((finding.labels.len(), finding.stack.len()), (2, 2));
    assert!(finding.help.iter().any(|help| help == "write `xarray ==2025.6.1` in `a`: tried"), "{:?}", finding.help);
    assert_eq!((of_conda(&locked.locks, "base", "pandas"), locked.locks.0.contains_key("a")), (Some("2.1.4"), false));
}

#[test]
fn what_an_image_holds_is_a_fact() {
    let text = "image lab { ref = \"quay.io/o/lab\"  digest = \"sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\"\n\
                provides { conda { python ==3.12.4  numpy ==1.26.4  pandas 2.1.* } } }\n\
                layer a { from lab  conda { xarray } }\n";
    let locks = conda(text);
    let pins: Vec<&str> = locks.0["a"][0].pins.keys().map(String::as_str).collect();
    assert_eq!(pins, ["pandas", "xarray"]);
    assert_eq!((of_conda(&locks, "a", "pandas"), of_conda(&locks, "a", "xarray")), (Some("2.1.4"), Some("2025.6.1")));
}

#[test]
fn a_section_is_stale_where_its_inputs_or_what_it_refers_to_below_moved() {
    let text = |below: &str, above: &str| {
        format!("layer base {{ from mamba  conda {{ {below} }} }}\nlayer a {{ from base  conda {{ {above} }}  pip {{ tables }} }}\n")
    };
    let locks = conda(&text("pandas", "xarray"));
    let locks = run(&text("pandas", "xarray"), &locks, &Pip(&[("tables", &["pandas"])]), Request::default()).locks;
    assert_eq!(version(&locks, "a", "tables", Lockable::Pypi), Some("1.0"));
    let stale_of = |text: &str, locks: &Locks| {
        stale(&program(text, locks)).into_iter().map(|one| format!("{} {}", one.image, one.lockable.as_str())).collect::<Vec<_>>()
    };
    assert!(stale_of(&text("pandas", "xarray"), &locks).is_empty());
    assert_eq!(stale_of(&text("pandas  brotli", "xarray"), &locks), ["base conda"]);
    // pandas moves: what is built on it, and what pip finds.
    let other = conda(&text("pandas <2.2", "xarray"));
    let mut merged = locks.clone();
    merged.0.insert("base".to_owned(), other.0["base"].clone());
    assert_eq!(stale_of(&text("pandas <2.2", "xarray"), &merged), ["a conda", "a pypi"]);
    // A lock without packages of conda says nothing of them.
    let mut without = locks.clone();
    without.0.values_mut().for_each(|sections| sections.retain(|section| section.lockable == Lockable::Pypi));
    assert_eq!(stale_of(&text("pandas", "xarray").replace("conda { xarray }", ""), &Locks::default()), Vec::<String>::new());
    assert!(stale_of(&text("pandas", "xarray"), &without).iter().all(|one| !one.ends_with(" conda")));
}

#[test]
fn pip_finds_what_has_the_metadata_that_it_looks_for() {
    let text = "layer base { from mamba  conda { python 3.12.*  dask  py-opencv  brotli } }\n\
                layer a { from base  pip { vision } }\n";
    let locks = conda(text);
    let requires: &[(&str, &[&str])] = &[("vision", &["dask", "opencv-contrib-python", "brotli", "pandas"])];
    let locks = run(text, &locks, &Pip(requires), Request::default()).locks;
    let pins: Vec<&str> = locks.0["a"][0].pins.keys().map(String::as_str).collect();
    // `brotli` of conda is a library of C: nothing of it is Python's.
    assert_eq!(pins, ["brotli", "opencv-contrib-python", "vision"]);
    let outcome = checked(text, &locks);
    let hidden: Vec<_> = outcome.findings.iter().filter(|finding| finding.code.id == "J0458").map(|finding| &finding.message).collect();
    assert_eq!(hidden.len(), 1, "{hidden:?}");
    assert!(hidden[0].starts_with("`py-opencv` of conda does not count for pip: `opencv-contrib-python 1.0`"), "{hidden:?}");
}

#[test]
fn titles_and_lists_have_what_is_locked() {
    let text = "environment lab {\n  from mamba\n  conda { pandas }\n  \
                profile { title = \"pandas {{ packages.pandas }}\"  memory = 1G }\n}\nhub one { chart = 4.4  namespace = \"jhub\" }\n\
                output configmap { path = \"deploy.yaml\"  hub = one  name = \"profiles\" }\n";
    let locks = conda(text);
    let outcome = compile_with(&sources(text, &locks), "main.jenv", &policy());
    let menu = outcome.artifacts.iter().find(|artifact| artifact.path == "deploy.yaml").expect("is written");
    assert!(menu.text.contains("pandas 2.3.3"), "{}", menu.text);
    let place = Workplace::with([("main.jenv".to_owned(), format!("{HEAD}{text}"))]);
    for (image, sections) in &locks.0 {
        place.write(&Locks::path(image), write_sections(sections));
    }
    let list = place.run(&["list", "packages", "numpy>=2"]);
    assert!(list.out.contains("conda"), "{}", list.out);
    let why = place.run(&["why", "lab", "numpy"]);
    assert!(why.out.contains("locked: numpy 2.2.0 in lab (conda, linux/amd64)"), "{}", why.out);
    assert!(why.out.contains("pandas 2.3.3 of lab requires numpy >=1.26"), "{}", why.out);
}

#[test]
fn images_install_exactly_the_lock() {
    let text = "layer base {\n  from mamba\n  conda { python 3.12.* because \"all of it\" }\n  run \"true\"\n  \
                conda channel \"https://example.org/our/conda-forge\" { numpy }\n}\n\
                output dockerfiles { dir = \"images\" }\n";
    let locks = conda(text);
    let text = text.replace("from mamba", "from mamba\n  install = locked");
    let outcome = compile_with(&sources(&text, &locks), "main.jenv", &policy());
    assert!(!outcome.findings.has_errors(), "{:?}", outcome.findings.iter().map(|one| one.message.clone()).collect::<Vec<_>>());
    let files: BTreeMap<String, String> = outcome.artifacts.into_iter().map(|artifact| (artifact.path, artifact.text)).collect();
    let file = &files["images/base/Dockerfile"];
    let step = "RUN --mount=type=bind,source=images/base/conda.txt,target=/tmp/conda.txt \\\n    \
                micromamba install --yes --prefix \"/opt/conda\" \\\n        --file /tmp/conda.txt";
    assert!(file.contains(step), "{file}");
    let lines = |path: &str| files[path].lines().skip(1).map(|line| line.split("#sha256:").next().unwrap_or_default()).collect::<Vec<_>>();
    let channel = "https://example.org/our/conda-forge/linux-64";
    let wanted = ["@EXPLICIT", "openssl-3.4.0-h0.conda", "# all of it", "python-3.12.9-h2_cpython.conda"];
    let wanted = wanted.map(|line| if line.contains("-h") { format!("{channel}/{line}") } else { line.to_owned() });
    assert_eq!(lines("images/base/conda.txt"), wanted);
    assert_eq!(lines("images/base/conda-2.txt").len(), 3);
    assert!(files["images/base/conda.txt"].contains("#sha256:0000"));
}

#[test]
fn platforms_have_lists_of_their_own() {
    let project = HEAD.replace("project demo { ", "project demo { install = locked  platforms = [\"linux/amd64\", \"linux/arm64\"]  ");
    let text =
        "layer base { from mamba  conda { numpy  brotli ; platform == \"linux/amd64\" } }\noutput dockerfiles { dir = \"images\" }\n";
    let read = |locks: &Locks| -> MemoryFiles {
        let locks = locks.0.iter().map(|(image, sections)| (Locks::path(image), write_sections(sections)));
        locks.chain([("main.jenv".to_owned(), format!("{project}{text}"))]).collect()
    };
    let first = check_with(&read(&Locks::default()), "main.jenv", &policy());
    let request = Request { today: "2026-11-26".to_owned(), ..Request::default() };
    let locks = lock(first.program().expect("the program is read"), &Channel, &request).locks;
    let outcome = compile_with(&read(&locks), "main.jenv", &policy());
    let files: BTreeMap<String, String> = outcome.artifacts.into_iter().map(|artifact| (artifact.path, artifact.text)).collect();
    assert!(files["images/base/Dockerfile"].contains("--file \"/tmp/conda-$(uname -m).txt\""), "{}", files["images/base/Dockerfile"]);
    let has = |machine: &str| files[&format!("images/base/conda-{machine}.txt")].contains("/brotli-1.1.0");
    assert_eq!((has("x86_64"), has("aarch64")), (true, false));
}

#[test]
fn a_jenvc_that_resolves_none_reads_what_is_locked_and_says_how_to_get_one_that_does() {
    let text = "layer base { from mamba  conda { pandas } }\n";
    let place = Workplace::with([("main.jenv".to_owned(), format!("{HEAD}{text}"))]);
    if cfg!(feature = "conda") {
        return;
    }
    let lock = place.run(&["lock"]);
    assert_eq!(lock.status, 0, "{}{}", lock.out, lock.error);
    assert!(lock.out.contains("not locked: conda\n") && lock.out.contains("pip install jenvc"), "{}", lock.out);
    for (image, sections) in &conda(text).0 {
        place.write(&Locks::path(image), write_sections(sections));
    }
    assert_eq!(place.run(&["check"]).status, 0);
    assert_eq!(place.run(&["lock"]).out, "1 lock up to date\n");
    place.write("main.jenv", format!("{HEAD}{}", text.replace("pandas", "pandas <2.2")));
    assert_eq!(place.run(&["check"]).status, 4);
    let lock = place.run(&["lock"]);
    assert_eq!(lock.status, 5, "{}{}", lock.out, lock.error);
    assert!(lock.out.contains("resolves none of them") || lock.error.contains("resolves none of them"), "{}{}", lock.out, lock.error);
}

#[test]
fn a_name_with_a_dot_is_read_again() {
    let mut locks = conda("layer base { from mamba  conda { brotli } }\n");
    let section = &mut locks.0.get_mut("base").expect("is locked")[0];
    let pin = section.pins["brotli"].clone();
    section.pins.insert("backports.zoneinfo".to_owned(), pin);
    assert_eq!(read_sections(&write_sections(&locks.0["base"])), Ok(locks.0["base"].clone()));
}

#[cfg(feature = "conda")]
mod solved;
