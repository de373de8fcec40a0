//! What rattler makes of channels: folders with `repodata.json` that the tests write.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use ruzstd::encoding::{CompressionLevel, compress_to_vec};
use serde_json::{Value, json};

use crate::support::{Ran, Workplace};

/// One file of a channel.
#[derive(Clone)]
struct File {
    subdir: &'static str,
    name: String,
    version: String,
    build: String,
    depends: Vec<String>,
    constrains: Vec<String>,
    /// In milliseconds since 1970.
    time: i64,
}

/// A file of `linux-64`: `numpy 2.2.0 py312h_0`, and what it requires.
fn file(spec: &str, depends: &[&str]) -> File {
    let mut words = spec.split(' ');
    let mut word = || words.next().unwrap_or("0").to_owned();
    let depends = depends.iter().map(|text| (*text).to_owned()).collect();
    File { subdir: "linux-64", name: word(), version: word(), build: word(), depends, constrains: Vec::new(), time: 1_700_000_000_000 }
}

fn noarch(spec: &str, depends: &[&str]) -> File {
    File { subdir: "noarch", ..file(spec, depends) }
}

fn repodata(files: &[File], subdir: &str) -> String {
    let mut packages = serde_json::Map::new();
    for file in files.iter().filter(|file| file.subdir == subdir) {
        let name = format!("{}-{}-{}.conda", file.name, file.version, file.build);
        let record = json!({
            "name": file.name, "version": file.version, "build": file.build, "build_number": 0, "subdir": subdir, "size": 1,
            "depends": file.depends, "constrains": file.constrains, "timestamp": file.time, "sha256": format!("{:064x}", name.len()),
        });
        packages.insert(name, record);
    }
    json!({ "info": { "subdir": subdir }, "packages": {}, "packages.conda": Value::Object(packages) }).to_string()
}

/// Writes a channel into a folder; that of `noarch` is compressed.
fn write(place: &Workplace, folder: &str, files: &[File]) {
    place.write(&format!("{folder}/linux-64/repodata.json"), repodata(files, "linux-64"));
    let noarch = compress_to_vec(repodata(files, "noarch").as_bytes(), CompressionLevel::Fastest);
    place.write(&format!("{folder}/noarch/repodata.json.zst"), noarch);
}

/// The files of a small conda-forge.
fn forge() -> Vec<File> {
    let python = |version: &str, build: &str| {
        let constrains = vec!["python_abi 3.12.* *_cp312".to_owned()];
        File { constrains, ..file(&format!("python {version} {build}"), &["openssl >=3", "__glibc >=2.17,<3.0.a0"]) }
    };
    let abi = File { constrains: vec!["python 3.12.* *_cpython".to_owned()], ..noarch("python_abi 3.12 5_cp312", &[]) };
    let built: &[&str] = &["python >=3.12,<3.13.0a0", "python_abi 3.12.* *_cp312"];
    let with = |more: &[&'static str]| built.iter().copied().chain(more.iter().copied()).collect::<Vec<&str>>();
    vec![
        python("3.12.4", "h1_cpython"),
        python("3.12.9", "h2_cpython"),
        abi,
        file("openssl 3.4.0 h0", &[]),
        file("libblas 3.9.0 1_openblas", &[]),
        file("libblas 3.9.0 1_mkl", &["mkl"]),
        file("mkl 2024.2 h0", &["__archspec 1 x86_64"]),
        file("numpy 1.26.4 py312h_0", &with(&["libblas >=3.9,<4.0a0"])),
        file("numpy 2.2.0 py312h_0", &with(&["libblas >=3.9,<4.0a0"])),
        file("pandas 2.1.4 py312h_0", &with(&["numpy >=1.26,<2"])),
        file("pandas 2.3.3 py312h_0", &with(&["numpy >=1.26"])),
        File { time: 4_000_000_000_000, ..file("pandas 99.0 py312h_0", &with(&["numpy >=1.26"])) },
        noarch("xarray 2025.6.1 pyhd_0", &["python >=3.10", "numpy >=1.24", "pandas >=2.1"]),
        noarch("xarray 2025.9.1 pyhd_0", &["python >=3.11", "numpy >=1.26", "pandas >=2.2"]),
        file("newglibc 1.0 h0", &["__glibc >=2.38"]),
        file("gpu 1.0 h0", &["__cuda >=12"]),
        File { constrains: vec!["numpy <2".to_owned()], ..file("picky 1.0 h0", &[]) },
    ]
}

const HEAD: &str = "project demo { registry = \"ghcr.io/demo\" }\nimage mamba {\n  ref = \"docker.io/mambaorg/micromamba\"\n  \
                    tag = \"2.3.0\"\n  digest = \"sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\"\n  \
                    os = \"debian 12\"\n}\n";

/// A program and the channel that stands for conda-forge.
fn place(text: &str) -> Workplace {
    let place = Workplace::with([("main.jenv", format!("{HEAD}{text}"))]);
    write(&place, "channel", &forge());
    place
}

fn run(place: &Workplace, arguments: &[&str]) -> Ran {
    let channel = format!("file://{}", place.path().join("channel").display());
    Ran::from(place.command(arguments).env("CONDA_CHANNELS", channel).output().expect("runs"))
}

fn lock(place: &Workplace) -> Ran {
    run(place, &["lock"])
}

/// The lines of a lock that name packages: `numpy 2.2.0 py312h_0`.
fn pins(place: &Workplace, image: &str) -> Vec<String> {
    let text = place.read(&format!("locks/{image}.toml"));
    let part =
        |line: &str, key: &str| line.split_once(&format!("{key} = \"")).and_then(|(_, rest)| Some(rest.split_once('"')?.0.to_owned()));
    let lines = text.lines().filter(|line| line.contains(" = { version"));
    let pin = |line: &str| Some(format!("{} {} {}", line.split(' ').next()?, part(line, "version")?, part(line, "build")?));
    lines.filter_map(pin).collect()
}

#[test]
fn layers_are_resolved_on_each_other() {
    let place = place("layer base { from mamba  conda { python 3.12.*  pandas } }\nlayer a { from base  conda { xarray } }\n");
    let first = lock(&place);
    assert_eq!(first.status, 0, "{}{}", first.out, first.error);
    let wanted = [
        "libblas 3.9.0 1_",
        "numpy 2.2.0 py312h_0",
        "openssl 3.4.0 h0",
        "pandas 2.3.3 py312h_0",
        "python 3.12.9 h2_cpython",
        "python_abi 3.12 5_cp312",
    ];
    let found = pins(&place, "base");
    let rest: Vec<_> = found.iter().filter(|pin| !pin.starts_with("mkl")).collect();
    assert!(rest.len() == wanted.len() && rest.iter().zip(wanted).all(|(found, wanted)| found.starts_with(wanted)), "{found:?}");
    assert_eq!(pins(&place, "a"), ["xarray 2025.9.1 pyhd_0"]);
    assert!(place.read("locks/a.toml").contains("channel = \"channel\", file = \"noarch/xarray-2025.9.1-pyhd_0.conda\""));
    assert!(place.read("locks/base.toml").contains("[section.conda]\n"));
    let again = lock(&place);
    assert_eq!((again.status, again.out.as_str()), (0, "2 locks up to date\n"));
    assert_eq!(run(&place, &["check"]).status, 0);
}

#[test]
fn what_is_locked_is_kept_until_it_is_to_move() {
    let text = |pandas: &str| format!("{HEAD}layer base {{ from mamba  conda {{ python ==3.12.4  {pandas} }} }}\n");
    let place = place("layer base { from mamba  conda { python ==3.12.4  pandas <2.2 } }\n");
    assert_eq!(lock(&place).status, 0);
    place.write("main.jenv", text("pandas"));
    assert_eq!(run(&place, &["check"]).status, 4);
    assert_eq!(lock(&place).status, 0);
    assert!(pins(&place, "base").contains(&"pandas 2.1.4 py312h_0".to_owned()));
    let outdated = run(&place, &["outdated"]);
    assert!(outdated.out.contains("pandas   base   2.1.4   2.3.3    2.3.3"), "{}{}", outdated.out, outdated.error);
    let moved = run(&place, &["lock", "--upgrade-package", "pandas"]);
    assert!(moved.out.contains("pandas 2.1.4=py312h_0 → 2.3.3=py312h_0"), "{}{}", moved.out, moved.error);
    assert_eq!(run(&place, &["lock", "--upgrade"]).status, 0);
    assert!(pins(&place, "base").contains(&"numpy 2.2.0 py312h_0".to_owned()));
}

#[test]
fn a_conflict_is_told_by_lines_and_in_the_solvers_words() {
    let place = place("layer base { from mamba  conda { pandas ==2.1.4 } }\nlayer a { from base  conda { xarray >=2025.9 } }\n");
    let ran = run(&place, &["lock", "--explain"]);
    assert_eq!(ran.status, 1, "{}{}", ran.out, ran.error);
    let all = format!("{}{}", ran.out, ran.error);
    let report: Vec<&str> =
        all.lines().skip_while(|line| !line.starts_with("error[J0461]")).take_while(|line| !line.contains("more about one")).collect();
    assert!(report.len() <= 20, "{all}");
    assert!(all.contains("write `xarray ==2025.6.1` in `a`: tried") && all.contains("write `pandas ==2.3.3` in `base`: tried"), "{all}");
    assert!(all.contains("for which no candidates were found"), "{all}");
}

#[test]
fn the_machine_is_that_of_the_image() {
    let place = place("layer base { from mamba  conda { newglibc } }\n");
    assert_eq!(lock(&place).status, 1);
    place.write("main.jenv", format!("{HEAD}layer base {{ from mamba  conda {{ newglibc }} }}\n").replace("debian 12", "ubuntu 24.04"));
    assert_eq!(lock(&place).status, 0);
    place.write("main.jenv", format!("{HEAD}layer base {{ from mamba  conda {{ gpu }} }}\n"));
    assert_eq!(lock(&place).status, 1);
    place.write("main.jenv", format!("{HEAD}layer base {{ from mamba  env {{ CONDA_OVERRIDE_CUDA = \"12.4\" }}  conda {{ gpu }} }}\n"));
    let ran = lock(&place);
    assert_eq!(ran.status, 0, "{}{}", ran.out, ran.error);
}

#[test]
fn what_a_package_below_does_not_go_with_is_not_installed_above() {
    let place = place("layer base { from mamba  conda { picky } }\nlayer a { from base  conda { numpy } }\n");
    assert_eq!(lock(&place).status, 0);
    assert!(pins(&place, "a").contains(&"numpy 1.26.4 py312h_0".to_owned()), "{:?}", pins(&place, "a"));
}

#[test]
fn what_an_image_holds_stays() {
    let digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    let place = place(&format!(
        "image lab {{ ref = \"quay.io/o/lab\"  digest = \"{digest}\"  os = \"ubuntu 24.04\"\n  \
         provides {{ conda {{ python ==3.12.4  numpy ==1.26.4  ours ==1.0 }} }} }}\nlayer a {{ from lab  conda {{ pandas }} }}\n"
    ));
    let ran = lock(&place);
    assert_eq!(ran.status, 0, "{}{}", ran.out, ran.error);
    assert_eq!(pins(&place, "a"), ["pandas 2.3.3 py312h_0", "python_abi 3.12 5_cp312"]);
}

#[test]
fn channels_are_asked_in_their_order() {
    let place = place("");
    let ours = place.path().join("ours");
    write(&place, "ours", &[file("libblas 3.9.0 ours", &[]), file("tool 1.0 0", &["numpy"])]);
    let list = |words: &str| format!("{HEAD}layer base {{ from mamba  conda channel \"file://{}\" {{ {words} }} }}\n", ours.display());
    place.write("main.jenv", list("tool"));
    let ran = lock(&place);
    assert_eq!(ran.status, 0, "{}{}", ran.out, ran.error);
    let text = place.read("locks/base.toml");
    assert!(text.contains("libblas = { version = \"3.9.0\", build = \"ours\", channel = \"ours\""), "{text}");
    assert!(text.contains("numpy = { version = \"2.2.0\", build = \"py312h_0\", channel = \"channel\""), "{text}");
    assert!(!text.contains("file://"), "{text}");
    // A later channel has what the first one lacks.
    place.write("main.jenv", list("libblas *=*openblas"));
    assert_eq!(lock(&place).status, 0);
    assert_eq!(pins(&place, "base"), ["libblas 3.9.0 1_openblas"]);
}

#[test]
fn a_channel_that_is_not_there_decides_nothing() {
    let place = place("layer base { from mamba  conda { pandas } }\n");
    let ran = Ran::from(place.command(&["lock"]).env("CONDA_CHANNELS", "file:///nowhere/at-all").output().expect("runs"));
    assert_eq!(ran.status, 5, "{}{}", ran.out, ran.error);
    assert!(!place.has("locks/base.toml"));
    place.write("channel/linux-64/repodata.json", "{ \"packages\": [");
    assert_eq!(lock(&place).status, 5);
}

/// Numbers that are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

/// Packages of one to three versions that require each other in some.
fn universe(numbers: &mut Numbers) -> Vec<File> {
    let names = ["aa", "bb", "cc", "dd"];
    let mut files = Vec::new();
    for name in names {
        for version in 1..=1 + numbers.below(3) {
            let mut depends = Vec::new();
            for other in names.iter().filter(|other| **other != name) {
                if numbers.below(3) == 0 {
                    let op = [">=", "<", "==", "!="][usize::try_from(numbers.below(4)).expect("is small")];
                    depends.push(format!("{other} {op}{}", 1 + numbers.below(3)));
                }
            }
            let depends: Vec<&str> = depends.iter().map(String::as_str).collect();
            files.push(file(&format!("{name} {version} 0"), &depends));
        }
    }
    files
}

/// Whether versions of packages are an answer: what is asked for is there, and each finds what it requires.
fn holds(files: &[File], chosen: &BTreeMap<&str, u64>, asked: &[&str]) -> bool {
    let fits = |text: &str| {
        let (name, spec) = text.split_once(' ').expect("has bounds");
        let (op, bound) = spec.split_at(spec.find(|c: char| c.is_ascii_digit()).expect("has a version"));
        let bound: u64 = bound.parse().expect("is a number");
        chosen.get(name).is_some_and(|version| match op {
            ">=" => *version >= bound,
            "<" => *version < bound,
            "==" => *version == bound,
            _ => *version != bound,
        })
    };
    let there = |file: &&File| chosen.get(file.name.as_str()).is_some_and(|version| version.to_string() == file.version);
    let found = files.iter().filter(there).count() == chosen.len();
    found
        && asked.iter().all(|name| chosen.contains_key(name))
        && files.iter().filter(there).all(|file| file.depends.iter().all(|text| fits(text)))
}

/// Whether there is an answer at all: each package in one of its versions, or not there.
fn has_answer(files: &[File], asked: &[&str]) -> bool {
    let names: Vec<&str> = ["aa", "bb", "cc", "dd"].to_vec();
    (0..4_u32.pow(4)).any(|code| {
        let version = |at: usize| u64::from(code / 4_u32.pow(u32::try_from(at).expect("is small")) % 4);
        let chosen = names.iter().enumerate().map(|(at, name)| (*name, version(at))).filter(|(_, version)| *version > 0).collect();
        holds(files, &chosen, asked)
    })
}

#[test]
fn small_universes_are_answered_as_by_trying_everything() {
    let mut numbers = Numbers(17);
    let mut solved = 0;
    for number in 0..40 {
        let files = universe(&mut numbers);
        let place = Workplace::with([("main.jenv", format!("{HEAD}layer base {{ from mamba  conda {{ aa  bb }} }}\n"))]);
        write(&place, "channel", &files);
        let ran = lock(&place);
        let mut shown = String::new();
        for file in &files {
            let _ = writeln!(shown, "{} {}: {}", file.name, file.version, file.depends.join(", "));
        }
        let wanted = has_answer(&files, &["aa", "bb"]);
        assert_eq!(ran.status, i32::from(!wanted), "universe {number}\n{shown}{}{}", ran.out, ran.error);
        if wanted {
            solved += 1;
            let found = pins(&place, "base");
            let chosen = found.iter().map(|pin| {
                let (name, rest) = pin.split_once(' ').expect("has a version");
                (name, rest.split(' ').next().and_then(|version| version.parse().ok()).expect("is a number"))
            });
            assert!(holds(&files, &chosen.collect(), &["aa", "bb"]), "universe {number}\n{shown}{found:?}");
        }
    }
    assert!((5..35).contains(&solved), "{solved} of 40 have an answer");
}
