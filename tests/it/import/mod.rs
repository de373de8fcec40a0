//! `jenvc import` of Dockerfiles: what becomes of them, what is said of them, and the proof that nothing else is different.

mod axes;
mod families;
mod family;
mod folds;
mod habits;
pub(crate) mod image;
mod menus;
mod placed;
mod public;
mod r;
mod repo2docker;
mod scripts;
mod shared;
mod there;

use std::fmt::Write as _;

use crate::support::{Workplace, files_under, text};

/// A place with the originals in `from`.
fn originals(files: impl IntoIterator<Item = (String, String)>) -> Workplace {
    Workplace::with(files.into_iter().map(|(path, text)| (format!("from/{path}"), text)))
}

fn family() -> Workplace {
    originals(family::FILES.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())))
}

/// The Dockerfiles that an example compiles to, and the files that they copy.
fn example(name: &str) -> Workplace {
    let folder = format!("examples/{name}/");
    let files = files_under(&folder).into_iter().filter(|path| path.contains("/images/") || path.contains("/files/"));
    originals(files.map(|path| (path.strip_prefix(&folder).unwrap_or(&path).to_owned(), text(&path))))
}

/// Imports to `program`, and gives what is printed.
fn imported(place: &Workplace) -> serde_json::Value {
    let ran = place.run(&["import", "from", "--to", "program", "--format", "json"]);
    assert_eq!(ran.status, 0, "{}{}", ran.out, ran.error);
    serde_json::from_str(&ran.out).unwrap()
}

fn lines(place: &Workplace, folder: &str, ending: &str) -> usize {
    let mut waiting = vec![place.path().join(folder)];
    let mut count = 0;
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            waiting.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.to_string_lossy().ends_with(ending) {
            count += std::fs::read_to_string(&path).unwrap().lines().filter(|line| !line.trim().is_empty()).count();
        }
    }
    count
}

/// What the table says of all images: lists, steps of other kinds, steps that are kept as `run`.
fn counts(printed: &serde_json::Value) -> [u64; 3] {
    let rows = printed["rows"].as_array().unwrap().iter().filter(|row| row["lists"].is_u64());
    rows.fold([0; 3], |sum, row| {
        let of = |key: &str| row[key].as_u64().unwrap();
        [sum[0] + of("lists"), sum[1] + of("steps"), sum[2] + of("runs")]
    })
}

/// The program compiles, and is the originals.
fn proven(place: &Workplace) {
    let checked = place.run(&["check", "program"]);
    assert_eq!(checked.status, 0, "{}{}", checked.out, checked.error);
    let ran = place.run(&["import", "from", "--verify", "program"]);
    assert_eq!((ran.status, ran.out.contains("differs")), (0, false), "{}{}", ran.out, ran.error);
    assert!(ran.out.starts_with("equal  "), "{}", ran.out);
}

#[test]
fn a_family_becomes_lists() {
    let place = family();
    let printed = imported(&place);
    proven(&place);
    let base = place.read("program/layers/base.jenv");
    for wanted in [
        "from scipy-notebook\n",
        "# merges of notebooks\n    git-lfs\n    htop\n",
        "copy \"../files/base/certs/*.crt\" to \"/usr/local/share/ca-certificates/\"\n",
        "owner user\n",
        "nbgrader   ==0.9.5 because \"the course of 2026\"\n",
        "} then 'fix-permissions \"${CONDA_DIR}\"'\n",
        "env { CAMPUS = \"yes\"  GREETING = \"hello world\" }\n",
    ] {
        assert!(base.contains(wanted), "{wanted}\n{base}");
    }
    let ml = place.read("program/layers/ml.jenv");
    assert!(ml.contains("pip index \"https://download.pytorch.org/whl/cu124\" { torch ==2.5.1  torchvision }"), "{ml}");
    assert!(ml.contains("pip-pre-upgrade { jax }"), "{ml}");
    let r = place.read("program/layers/r.jenv");
    assert!(r.contains("user analyst { uid = 1001  home = \"/home/analyst\" }"), "{r}");
    assert!(place.read("program/layers/build-stage.jenv").contains("apt recommends { libcurl4-openssl-dev }\n  cran { shiny sf }"));
    assert_eq!(place.read("program/files/base/certs/campus.crt"), "a certificate\n");
    let remarks: String = printed["remarks"].as_array().unwrap().iter().fold(String::new(), |mut all, remark| {
        let _ = writeln!(all, "{}:{} {}", remark["file"].as_str().unwrap(), remark["line"], remark["kind"].as_str().unwrap());
        all
    });
    for wanted in [
        "geo/Dockerfile:3 looks like a mistake\n",
        "geo/Dockerfile:5 kept as `run`\n",
        "ml/Dockerfile:2 changed in meaning\n",
        "tools/Dockerfile:5 not expressible\n",
    ] {
        assert!(remarks.contains(wanted), "{wanted}\n{remarks}");
    }
    assert_eq!(printed["installs"], serde_json::json!({ "all": 12, "lists": 12 }));
    assert!(lines(&place, "program", ".jenv") > 0);
}

#[test]
fn the_examples_come_back_from_what_they_compile_to() {
    for name in ["jupyter-stacks", "vre"] {
        let place = example(name);
        let printed = imported(&place);
        proven(&place);
        let installs = &printed["installs"];
        let (all, became) = (installs["all"].as_u64().unwrap(), installs["lists"].as_u64().unwrap());
        assert!(became * 100 >= all * 95, "{name}: {became} of {all} commands became lists");
        let [lists, steps, runs] = counts(&printed);
        assert!(runs * 6 <= lists + steps + runs, "{name}: {runs} runs in {} steps", lists + steps + runs);
        let (before, now) = (lines(&place, "from", "Dockerfile"), lines(&place, "program", ".jenv"));
        // A list within an environment has a line for each of its packages.
        assert!(now * 100 <= before * 61, "{name}: {now} lines of {before}");
    }
}

/// What images begin with in common is a layer of its own, and nothing is in another order.
#[test]
fn a_common_beginning_is_a_layer() {
    let file = |last: &str| format!("FROM python:3.12\nRUN pip install numpy==2.2.0\nENV A=1\nRUN pip install {last}\n");
    let place = originals(["x", "y"].map(|name| (format!("{name}/Dockerfile"), file(name))));
    imported(&place);
    proven(&place);
    assert!(
        place.read("program/layers/python-numpy.jenv").contains("from python\n  internal\n  pip { numpy ==2.2.0 }\n  env { A = \"1\" }")
    );
    assert!(place.read("program/layers/x.jenv").contains("from python-numpy\n  pip { x }"));
}

/// A difference that nothing is said of is one that a person has to know.
#[test]
fn what_a_program_changes_is_found() {
    let place = family();
    imported(&place);
    let geo = place.read("program/layers/geo.jenv").replace("rasterio", "fiona");
    place.write("program/layers/geo.jenv", geo);
    let base = place.read("program/layers/base.jenv").replace("CAMPUS = \"yes\"", "CAMPUS = \"no\"");
    place.write("program/layers/base.jenv", base);
    let ran = place.run(&["import", "from", "--verify", "program"]);
    assert_ne!(ran.status, 0);
    for wanted in
        ["geo/Dockerfile:2: not there now: conda", "new: conda", "base/Dockerfile:23: not there now: env CAMPUS=yes", "new: env CAMPUS=no"]
    {
        assert!(ran.out.contains(wanted), "{wanted}\n{}", ran.out);
    }
}

/// Everything that a line of the layers says is compared: a line that is gone, or that says another number or text, is noticed.
#[test]
fn no_change_of_a_layer_goes_unnoticed() {
    let place = family();
    imported(&place);
    let mut tried = 0;
    for layer in ["base", "geo", "ml", "r"] {
        let path = format!("program/layers/{layer}.jenv");
        let whole = place.read(&path);
        for line in whole.lines().filter(|line| !line.trim().is_empty() && !line.trim_start().starts_with(['#', '}', '"'])) {
            if line.contains("because") || line.contains("\"\"\"") || line.matches('{').count() != line.matches('}').count() {
                continue;
            }
            place.write(&path, whole.replacen(&format!("{line}\n"), "", 1));
            let ran = place.run(&["import", "from", "--verify", "program"]);
            assert_ne!(ran.status, 0, "{path}: without {line}\n{}", ran.out);
            tried += 1;
        }
        place.write(&path, whole);
    }
    assert!(tried >= 25, "{tried}");
    for (path, text) in
        [("program/files/base/certs/campus.crt", "another certificate\n"), ("program/files/base/jupyter_config.py", "c = None\n")]
    {
        let before = place.read(path);
        place.write(path, text);
        assert_ne!(place.run(&["import", "from", "--verify", "program"]).status, 0, "{path}");
        place.write(path, before);
    }
    proven(&place);
}

#[test]
fn without_a_folder_the_program_beside_the_originals_is_compared() {
    let place = originals([("base/Dockerfile".to_owned(), "FROM python:3.12\nRUN pip install six\n".to_owned())]);
    assert_eq!(place.run(&["import", "from"]).status, 0);
    let ran = place.run(&["import", "from", "--verify"]);
    assert_eq!((ran.status, ran.out.starts_with("equal  ")), (0, true), "{}{}", ran.out, ran.error);
    assert_eq!(place.run(&["import", "from", "--to", "other", "--verify"]).status, 64);
}

#[test]
fn what_means_something_else_in_pieces_stays_whole() {
    let cases = [
        ("apt-get update; apt-get install -y curl", "run \"set +e; apt-get update; apt-get install -y curl\""),
        ("pip install a || true", "run \"set +e; pip install a || true\""),
        ("if [ -f x ]; then pip install a; fi", "pip install a; fi\""),
        ("for p in a b; do pip install $p; done", "run \"set +e; for p in a b; do pip install $p; done\""),
        ("pip install $(cat list)", "run \"pip install $(cat list)\""),
        ("pip install -e .", "run \"pip install -e .\""),
        ("date | tee /x && pip install b", "run \"date | tee /x\"\n  pip { b }"),
        ("HTTPS_PROXY=http://proxy dnf install -y git", "run \"HTTPS_PROXY=http://proxy dnf install -y git\""),
        ("npm_config_prefix=/x npm install -g left", "run \"npm_config_prefix=/x npm install -g left\""),
        ("npm install -g left@1.2.x right@1.2.3", "npm { left 1.2.*  right ==1.2.3 }"),
        ("cd /opt && pip install b && make", "pip { b }\n  run \"cd /opt && make\""),
    ];
    let file = |script: &str| format!("FROM python:3.12\nRUN {script}\n");
    let place = originals(cases.iter().enumerate().map(|(at, (script, _))| (format!("c{at}/Dockerfile"), file(script))));
    imported(&place);
    proven(&place);
    for (at, (script, wanted)) in cases.iter().enumerate() {
        let layer = place.read(&format!("program/layers/c{at}.jenv"));
        assert!(layer.contains(wanted), "{script}\n{layer}");
    }
}

/// Docker adds units up, and has one field more than the language.
#[test]
fn checks_of_health_keep_their_durations() {
    let file =
        "FROM python:3.12\nHEALTHCHECK --interval=1m30s --timeout=500ms --start-period=1h5ms --start-interval=2s --retries=2 CMD true\n";
    let place = originals([("lab/Dockerfile".to_owned(), file.to_owned())]);
    let printed = imported(&place);
    proven(&place);
    let wanted = "{ interval = 90000ms  timeout = 500ms  start_period = 3600005ms  retries = 2 }";
    let layer = place.read("program/layers/lab.jenv");
    assert!(layer.contains(wanted), "{layer}");
    assert_eq!(printed["remarks"][0]["text"], "`--start-interval=2s` of `HEALTHCHECK` is left out");
}

#[test]
fn what_is_broken_is_a_finding_and_nothing_is_written() {
    for (text, wanted) in [
        ("FROM a\nINSTALL x\n", "`INSTALL` is no instruction"),
        ("RUN x\n", "it has no `FROM`"),
        ("FROM a\nRUN <<EOF\nx\n", "the here-document `EOF` has no end"),
        ("FROM a\nCOPY\n", "`COPY` has nothing behind it"),
        ("", "it has no `FROM`"),
    ] {
        let place = originals([("Dockerfile".to_owned(), text.to_owned())]);
        let ran = place.run(&["import", "from", "--to", "program"]);
        assert_eq!(ran.status, 1, "{text}{}{}", ran.out, ran.error);
        assert!(
            ran.error.split_whitespace().collect::<Vec<_>>().join(" ").contains(wanted) && !place.has("program"),
            "{text}{}",
            ran.error
        );
    }
    for odd in [
        "FROM a\nCOPY x\n",
        "FROM\ta\nENV =\nLABEL\t=\n",
        "FROM a AS a\nFROM a\nCOPY --from=9 / /\n",
        "FROM a\nRUN [\"\nUSER\t:\n",
        "ARG A=$A\nFROM $A\nADD ${x /y\n",
    ] {
        let place = originals([("Dockerfile".to_owned(), odd.to_owned())]);
        let code = place.run(&["import", "from", "--to", "program"]).status;
        assert!(code <= 2, "{odd}");
    }
}

#[test]
fn nothing_is_overwritten() {
    let place = family();
    imported(&place);
    let ran = place.run(&["import", "from", "--to", "program"]);
    assert!(ran.status != 0 && ran.error.contains("overwrites nothing"), "{}", ran.error);
}
