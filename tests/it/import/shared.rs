//! Images that begin in the same way: layers, and what is proposed where sharing more would change the order of steps.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::image::{self, archive, file, layer, packages, root, saved, setting};
use super::{example, imported, originals, proven};
use crate::support::{Workplace, files_under, text};

/// The Dockerfiles of an example, each with the steps of its parents written out.
fn written_out(name: &str) -> BTreeMap<String, String> {
    let folder = format!("examples/{name}/images/");
    let files = files_under(&folder).into_iter().filter(|path| path.ends_with("Dockerfile"));
    let parts: BTreeMap<String, Parts> = files.map(|path| (path.strip_prefix(&folder).unwrap().to_owned(), parts(&text(&path)))).collect();
    parts.iter().map(|(path, own)| (path.clone(), whole(own, &parts))).collect()
}

/// A Dockerfile: its image, what that is built on, the stages before, the steps.
struct Parts {
    image: String,
    base: String,
    stages: String,
    steps: String,
}

fn parts(text: &str) -> Parts {
    let behind = |start: &str| text.lines().find_map(|line| line.strip_prefix(start)).unwrap_or_default();
    let base = behind("ARG BASE=").to_owned();
    let (before, steps) = text.split_once("FROM ${BASE}\n").unwrap();
    let stages = before.split_once(&format!("ARG BASE={base}\n")).unwrap().1.to_owned();
    let image = behind("# Image: ").split_whitespace().next().unwrap().to_owned();
    Parts { image, base, stages, steps: steps.to_owned() }
}

fn whole(own: &Parts, all: &BTreeMap<String, Parts>) -> String {
    let (mut base, mut stages, mut steps) = (own.base.clone(), own.stages.clone(), own.steps.clone());
    while let Some(parent) = all.values().find(|parent| base.rsplit_once(':').is_some_and(|(name, _)| name == parent.image)) {
        stages.insert_str(0, &parent.stages);
        steps.insert_str(0, &parent.steps);
        base.clone_from(&parent.base);
    }
    format!("ARG BASE={base}\n{stages}FROM ${{BASE}}\n{steps}")
}

/// The layers of a program, without the remarks, and without what only the originals with their repositories say.
fn layers(place: &Workplace) -> BTreeMap<String, String> {
    let folder = place.path().join("program/layers");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
    let plain = |text: String| {
        let lines = text.lines().filter(|line| !line.contains("# import: ") && !line.trim_start().starts_with("repository "));
        lines.collect::<Vec<_>>().join("\n")
    };
    files.map(|name| (name.clone(), plain(place.read(&format!("program/layers/{name}"))))).collect()
}

#[test]
fn steps_that_were_written_out_become_the_tree_that_they_came_from() {
    let stacked = example("jupyter-stacks");
    imported(&stacked);
    let flat = originals(written_out("jupyter-stacks").into_iter().map(|(path, text)| (format!("images/{path}"), text)));
    let printed = imported(&flat);
    proven(&flat);
    let (wanted, found) = (layers(&stacked), layers(&flat));
    assert!(wanted.len() >= 13);
    assert_eq!(found, wanted);
    let shared: Vec<(&str, usize)> = printed["shared"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["layer"].as_str().unwrap(), one["images"].as_array().unwrap().len()))
        .collect();
    let all =
        [("docker-stacks-foundation", 14), ("base-notebook", 13), ("minimal-notebook", 12), ("scipy-notebook", 9), ("pyspark-notebook", 2)];
    assert_eq!(shared, all);
}

fn folders(files: &[(&str, &str)]) -> Workplace {
    originals(files.iter().map(|(name, text)| (format!("{name}/Dockerfile"), (*text).to_owned())))
}

/// The parent, and the statements of a layer on one line.
fn of(place: &Workplace, name: &str) -> String {
    let text = place.read(&format!("program/layers/{name}.jenv"));
    text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).collect::<Vec<_>>().join(" ")
}

const COMMON: &str = "FROM python:3.12\nARG V=2.2.0\nRUN pip install numpy==$V\nENV A=1\nCMD [\"lab\"]\n";

#[test]
fn shared_beginnings_are_a_tree() {
    let place = folders(&[
        ("alpha", &format!("{COMMON}RUN pip install pandas\nRUN make alpha\n")),
        ("beta", &format!("{COMMON}RUN pip install pandas\nRUN make beta\nCMD [\"beta\"]\n")),
        ("gamma", &format!("{COMMON}RUN apt-get update && apt-get install -y curl\n")),
        ("delta", "FROM debian:12\nRUN pip install numpy==2.2.0\nENV A=1\n"),
    ]);
    imported(&place);
    proven(&place);
    assert!(of(&place, "python-numpy").starts_with("layer python-numpy { from python internal pip { numpy ==2.2.0 } env { A = \"1\" }"));
    assert!(of(&place, "gamma").starts_with("layer gamma { from python-numpy cmd [\"lab\"]"), "{}", of(&place, "gamma"));
    assert!(of(&place, "alpha").starts_with("layer alpha { from python-numpy"));
    assert!(of(&place, "delta").starts_with("layer delta { from debian"));
}

/// A command of a parent would hold for a child that has none; so would the argument that a step reads.
#[test]
fn what_would_be_inherited_keeps_images_apart() {
    let place = folders(&[
        ("alpha", "FROM python:3.12\nRUN pip install numpy\nRUN make\nCMD [\"lab\"]\n"),
        ("beta", "FROM python:3.12\nRUN pip install numpy\nRUN make\nRUN make beta\n"),
        ("gamma", "FROM python:3.12\nARG N=1\nRUN pip install six\nRUN make $N\nRUN make gamma\n"),
        ("delta", "FROM python:3.12\nARG N=2\nRUN pip install six\nRUN make $N\nRUN make delta\n"),
    ]);
    imported(&place);
    proven(&place);
    assert_eq!(of(&place, "alpha"), "layer alpha { from python-numpy cmd [\"lab\"] }");
    assert!(of(&place, "beta").starts_with("layer beta { from python-numpy run \"make beta\""));
    assert!(of(&place, "gamma").contains("from python "), "{}", of(&place, "gamma"));
}

/// An entry point takes away the command of the parent, and that of its own file stays.
#[test]
fn commands_stay_behind_another_entry_point() {
    let begin = "FROM python:3.12\nRUN pip install numpy\nRUN make\nENTRYPOINT [\"tini\"]\nCMD [\"lab\"]\n";
    let place = folders(&[("alpha", begin), ("beta", &format!("{begin}RUN make beta\nENTRYPOINT [\"sh\"]\n"))]);
    imported(&place);
    proven(&place);
    let beta = of(&place, "beta");
    assert!(beta.contains("from alpha") && beta.contains("entrypoint [\"sh\"]") && beta.contains("cmd [\"lab\"]"), "{beta}");
}

/// Every folder has a copy of the same script, and a stage of the same name.
#[test]
fn copies_and_stages_are_the_same_by_what_is_in_them() {
    let text = |own: &str| {
        format!(
            "FROM debian:12 AS build\nRUN apt-get update && apt-get install -y gcc\nRUN make tool\nFROM python:3.12\n\
             COPY --from=build /tool /usr/bin/tool\nCOPY start.sh /usr/local/bin/\nRUN pip install numpy\nRUN pip install {own}\n"
        )
    };
    let files = ["alpha", "beta"].map(|name| {
        [("Dockerfile", text(name)), ("start.sh", "exec \"$@\"\n".to_owned())].map(|(file, text)| (format!("{name}/{file}"), text))
    });
    let place = originals(files.into_iter().flatten());
    imported(&place);
    proven(&place);
    let shared = of(&place, "python-numpy");
    assert!(shared.contains("from build-stage to \"/usr/bin/tool\"") && shared.contains("alpha/start.sh"), "{shared}");
    assert!(!place.has("program/layers/build-stage-2.jenv") && of(&place, "beta").contains("from python-numpy pip { beta }"));
}

/// Names that begin with one word are no reason to take images for variants of one, once what they share is a layer.
#[test]
fn images_with_one_prefix_are_not_one_definition() {
    let begin = (0..6).map(|at| format!("RUN pip install base{at}\nRUN make base{at}\n")).collect::<Vec<_>>().concat();
    let file = |own: &str| format!("FROM python:3.12\n{begin}{own}");
    let place = folders(&[
        ("lab-geo", &file("RUN apt-get update && apt-get install -y gdal-bin\nENV GEO=1\n")),
        ("lab-ml", &file("RUN pip install torch\nRUN make models\n")),
    ]);
    imported(&place);
    proven(&place);
    assert!(of(&place, "lab-ml").starts_with("layer lab-ml { from python-base0 pip { torch }"), "{}", of(&place, "lab-ml"));
}

#[test]
fn many_images_that_differ_in_a_number_are_one_definition_on_a_layer() {
    let file = |at: usize| {
        format!(
            "FROM python:3.12\nRUN pip install nbgitpuller==1.2.2\nRUN git clone https://example.org/course{at} /srv/course\n\
             ENV COURSE=course{at}\n"
        )
    };
    let place = originals((1..=12).map(|at| (format!("course{at}/Dockerfile"), file(at))));
    imported(&place);
    proven(&place);
    let course = of(&place, "course");
    assert!(course.contains("from python-nbgitpuller matrix variant = [ course1, course2, course3,"), "{course}");
    assert!(course.contains("env { COURSE = \"{{ variant }}\" }"), "{course}");
}

#[test]
fn equal_lists_elsewhere_are_an_open_layer() {
    let list = "RUN pip install dask==2026.3.0 xarray zarr fsspec\n";
    let place = folders(&[
        ("alpha", &format!("FROM python:3.12\n{list}RUN make alpha\n")),
        ("beta", &format!("FROM debian:12\nRUN make beta\n{list}RUN make more\n")),
    ]);
    let printed = imported(&place);
    proven(&place);
    assert_eq!(
        of(&place, "pip-dask"),
        "layer pip-dask { pip { dask ==2026.3.0 xarray zarr fsspec } }"
            .replace("xarray", " xarray")
            .replace("zarr", " zarr")
            .replace("fsspec", " fsspec")
    );
    assert!(of(&place, "alpha").starts_with("layer alpha { from python / pip-dask run \"make alpha\""));
    assert!(of(&place, "beta").starts_with("layer beta { from debian run \"make beta\" include pip-dask run"));
    assert_eq!(printed["proposals"], json!([]));
}

#[test]
fn what_would_change_the_order_is_proposed() {
    let file = |first: &str, more: &str| format!("FROM python:3.12\n{first}RUN pip install dask==2026.3.0 xarray zarr {more}\n");
    let place = folders(&[
        ("alpha", &file("RUN make alpha\n", "")),
        ("beta", &file("RUN make beta\n", "fsspec")),
        ("gamma", &file("", "numcodecs")),
    ]);
    let printed = imported(&place);
    proven(&place);
    let wanted = json!([{
        "layers": ["alpha", "beta", "gamma"], "parent": "python",
        "lists": [{ "head": "pip", "entries": ["dask ==2026.3.0", "xarray", "zarr"] }],
        "saves": { "entries": 6, "steps": 0, "bytes": 0 },
    }]);
    assert_eq!(printed["proposals"], wanted);
    assert!(of(&place, "beta").contains("run \"make beta\" pip { dask ==2026.3.0"), "nothing was moved");
    let ran = place.run(&["import", "from", "--report"]);
    assert!(
        ran.out.contains(
            "1 proposal, not applied, since it changes the order of steps:\n  a layer on `python` for alpha, beta, gamma: saves 6 entries\n"
        ),
        "{}",
        ran.out
    );
}

/// None of three images is the beginning of another one; what they share is a tree all the same, and its copies are the same files.
#[test]
fn archives_share_what_they_begin_with() {
    let common = |more: Vec<image::Step>| root().into_iter().chain(packages().into_iter().take(3)).chain(more).collect::<Vec<_>>();
    let conda = || packages().into_iter().nth(3).unwrap();
    let script = || layer("COPY start.sh /usr/local/bin/ # buildkit", vec![file("usr/local/bin/start.sh", "exec \"$@\"\n")]);
    let make = |of: &'static str, size: usize| layer(of, vec![file("srv/made", "x".repeat(size))]);
    let images = [
        ("one", common(vec![conda(), script(), make("RUN /bin/sh -c make one # buildkit", 1), setting("CMD [\"one\"]")])),
        ("two", common(vec![conda(), script(), make("RUN /bin/sh -c make two # buildkit", 2)])),
        ("three", common(vec![make("RUN /bin/sh -c make three # buildkit", 3)])),
    ];
    let place = Workplace::with([("notes.txt", "x")]);
    let paths: Vec<String> = images.iter().map(|(name, _)| format!("{name}.tar")).collect();
    for (name, steps) in &images {
        let bytes = archive(&saved(&format!("ghcr.io/example/{name}:1"), steps, &json!({})));
        std::fs::write(place.path().join(format!("{name}.tar")), bytes).unwrap();
    }
    let call = |more: &[&str]| {
        let words: Vec<&str> = ["import"].into_iter().chain(paths.iter().map(String::as_str)).chain(more.iter().copied()).collect();
        place.run(&words)
    };
    let ran = call(&["--to", "program", "--format", "json"]);
    assert_eq!(ran.status, 0, "{}{}", ran.out, ran.error);
    let printed: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(printed["shared"].as_array().unwrap().len(), 2, "{printed:#}");
    assert!(of(&place, "three").contains("from ubuntu-httpx run \"make three\""), "{}", of(&place, "three"));
    assert!(of(&place, "one").contains("from ubuntu-httpx-gdal"), "{}", of(&place, "one"));
    assert_eq!(place.run(&["check", "program"]).status, 0);
    let ran = call(&["--verify", "program"]);
    assert!(ran.status == 0 && ran.out.contains("equal  three, one, two: every step"), "{}{}", ran.out, ran.error);
}

/// The size of what is installed twice is known of an archive.
#[test]
fn a_proposal_says_what_it_saves() {
    let install = |size: usize| {
        let mut files = ["dask", "xarray", "zarr", "fsspec"].map(|name| image::wheel(name, "1.0", "pip", true, &[])).concat();
        files.push(file("usr/lib/python3.12/site-packages/data", "x".repeat(size)));
        layer("RUN /bin/sh -c pip install dask xarray zarr fsspec # buildkit", files)
    };
    let make = |of: &'static str| layer(of, vec![file("srv/made", "x")]);
    let place = Workplace::with([("notes.txt", "x")]);
    for (name, own) in [("one", "RUN /bin/sh -c make one # buildkit"), ("two", "RUN /bin/sh -c make two # buildkit")] {
        let mut steps = root();
        steps.extend([make(own), install(3 << 20)]);
        std::fs::write(place.path().join(format!("{name}.tar")), archive(&saved(name, &steps, &json!({})))).unwrap();
    }
    let ran = place.run(&["import", "one.tar", "two.tar", "--report"]);
    assert!(ran.out.contains("a layer on `ubuntu` for one, two: saves 1 step, 3 MB\n"), "{}{}", ran.out, ran.error);
}
