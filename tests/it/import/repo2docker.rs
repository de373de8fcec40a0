//! Folders that repo2docker builds: which of its files count, what becomes of them, and what it stops at.

use super::{imported, originals, proven};
use crate::support::Workplace;

fn folder(files: &[(&str, &str)]) -> Workplace {
    originals(files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())))
}

/// The remarks, a line each: `geo/apt.txt:1 to decide …`.
fn remarks(printed: &serde_json::Value) -> Vec<String> {
    let all = printed["remarks"].as_array().unwrap().iter();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    all.map(|one| format!("{}:{} {} {}", text(&one["file"]), one["line"], text(&one["kind"]), text(&one["text"]))).collect()
}

/// Folders in the manner of those that courses and papers have.
const FAMILY: &[(&str, &str)] = &[
    (
        "course/binder/environment.yml",
        "name: course\nchannels: [conda-forge, nodefaults]\ndependencies:\n  - python=3.11\n\
         \x20 - numpy=1.26  # the exercises were made with it\n\
         \x20 # maps\n  - cartopy>=0.23\n  - pip\n  - pip:\n      - nbgitpuller==1.2.2\n",
    ),
    ("course/binder/apt.txt", "# figures\ngraphviz\nffmpeg  # films\ncurl git\n"),
    ("course/binder/postBuild", "#!/bin/bash\njupyter lab build\n"),
    ("course/binder/start", "#!/bin/bash\nexec \"$@\"\n"),
    ("course/intro.ipynb", "{}\n"),
    ("course/README.md", "# Course\n"),
    ("geo/requirements.txt", "# the gradebook\nnbgrader==0.9.5\nrasterio>=1.3 # bounds\n"),
    ("geo/runtime.txt", "python-3.12\n"),
    ("rlab/.binder/runtime.txt", "r-4.3-2024-06-01\n"),
    ("rlab/.binder/install.R", "# maps\ninstall.packages(c('sf',\n  'terra'))\ninstall.packages(\"tidyverse\")\n"),
    ("scripted/runtime.txt", "r-2025-02-01\n"),
    ("scripted/install.R", "library(remotes)\ninstall_github('example/tool')\n"),
    ("package/requirements.txt", "-e .\nrequests\n"),
    ("package/setup.py", "from setuptools import setup; setup(name=\"x\")\n"),
    ("package/apt.txt", "tmux\n"),
    ("kernels/environment.yml", "dependencies:\n  - python=3.13\n  - r-base=4.4.2\n  - r-sf\n"),
    ("kernels/postBuild", "#!/bin/bash\ntrue\n"),
];

#[test]
fn folders_become_layers_and_are_proven() {
    let place = folder(FAMILY);
    let printed = imported(&place);
    assert_eq!(printed["read"], serde_json::json!(["6 repo2docker folders"]));
    proven(&place);
    let course = place.read("program/layers/course.jenv");
    for wanted in [
        "from repo2docker.binder-base(python = 3.11)\n",
        "# figures\n    graphviz\n    ffmpeg because \"films\"\n    curl\n    \"git\"\n",
        "numpy   =1.26 because \"the exercises were made with it\"\n    # maps\n    cartopy >=0.23\n",
        "pip { nbgitpuller ==1.2.2 }\n",
        "copy \"../files/course\" to \"/home/jovyan/\" owner user\n",
        "run \"chmod +x binder/postBuild && ./binder/postBuild\"\n",
        "env { R2D_ENTRYPOINT = \"/home/jovyan/binder/start\" }\n",
    ] {
        assert!(course.contains(wanted), "{wanted}\n{course}");
    }
    assert_eq!(place.read("program/files/course/intro.ipynb"), "{}\n");
    let geo = place.read("program/layers/geo.jenv");
    assert!(
        geo.contains("(python = 3.12)\n  pip {\n    # the gradebook\n    nbgrader ==0.9.5\n    rasterio >=1.3 because \"bounds\"\n  }\n}"),
        "{geo}"
    );
    let rlab = place.read("program/layers/rlab.jenv");
    assert!(rlab.contains("include repo2docker.r(version = \"4.3.3\", day = \"2024-06-01\")\n"), "{rlab}");
    assert!(rlab.contains("platforms = [\"linux/amd64\"]\n") && rlab.contains("cran { sf terra tidyverse }\n"), "{rlab}");
    let scripted = place.read("program/layers/scripted.jenv");
    assert!(
        scripted.contains("version = \"4.4.2\", day = \"2025-02-01\"") && scripted.contains("with \"../files/scripted/install.R\" at"),
        "{scripted}"
    );
    let package = place.read("program/layers/package.jenv");
    let order = ["apt { tmux }", "copy \"../files/package\"", "--requirement requirements.txt", "--no-cache-dir .'"];
    let found: Vec<usize> = order.iter().map(|step| package.find(step).unwrap_or_else(|| panic!("{step}\n{package}"))).collect();
    assert!(found.is_sorted(), "{package}");
    let kernels = place.read("program/layers/kernels.jenv");
    assert!(kernels.contains("conda { python =3.13  r-base =4.4.2  r-sf }\n  include repo2docker.conda-r\n"), "{kernels}");
    let all = remarks(&printed);
    assert!(all.iter().any(|one| one.starts_with("course/binder/apt.txt:1 to decide the files are in `/home/jovyan`")), "{all:#?}");
}

/// Files of a folder, a remark, and a part of its layer.
type Row = (&'static [(&'static str, &'static str)], &'static str, &'static str);

const CONDA: (&str, &str) = ("environment.yml", "dependencies: [python=3.12, numpy]\n");

const PASSED_OVER: &[Row] = &[
    (
        &[CONDA, ("requirements.txt", "six\n")],
        "`requirements.txt` does nothing: repo2docker reads `environment.yml` alone",
        "python = 3.12",
    ),
    (&[CONDA, ("environment.yaml", "dependencies: []\n")], "`environment.yaml` does nothing", "python = 3.12"),
    (&[CONDA, ("runtime.txt", "python-3.9\n")], "`runtime.txt` does nothing", "python = 3.12"),
    (&[("requirements.txt", "six\n"), ("install.R", "1\n")], "`install.R` does nothing", "python = 3.10"),
    (&[("runtime.txt", "r-4.3\n")], "R is asked for without a day", "python = 3.10"),
    (&[("runtime.txt", "python-2.7\n")], "Python 2.7 is in no base", "python = 3.10"),
    (
        &[("runtime.txt", "python-3\n"), ("apt.txt", "tmux\n"), ("requirements3.txt", "a\n")],
        "`requirements3.txt` does nothing",
        "python = 3.10",
    ),
    (
        &[("environment.yml", "dependencies: ['python>=3.12,<3.14']\n")],
        "repo2docker begins with Python 3.10, and conda moves it",
        "python = 3.13",
    ),
    (&[("Project.toml", "[deps]\n"), ("requirements.txt", "six\n")], "`Project.toml` is left out: the base has no Julia", "pip { six }"),
    (
        &[("default.nix", "{}\n"), ("requirements.txt", "six\n")],
        "`requirements.txt` does nothing: repo2docker reads `default.nix` alone",
        "binder-base",
    ),
    (
        &[("Pipfile", "[requires]\npython_version = \"3.9\"\n"), ("requirements.txt", "six\n")],
        "repo2docker reads `Pipfile` alone",
        "python = 3.9",
    ),
    (
        &[("pyproject.toml", "[project]\nrequires-python = \">=3.11,<3.14\"\n"), ("apt.txt", "tmux\n"), ("install.R", "")],
        "`install.R` does nothing",
        "python = 3.13",
    ),
    (
        &[("DESCRIPTION", "Package: x\n"), ("install.R", "install.packages('sf')\n")],
        "the packages of CRAN are today's at each build",
        "day = \"latest\"",
    ),
    (&[("apt.txt", "tmux\n"), (".dockerignore", "x\n"), ("a.csv", "1\n")], "what `.dockerignore` keeps out of the image is copied", "copy"),
];

#[test]
fn files_that_repo2docker_passes_over_are_reported() {
    for (files, remark, text) in PASSED_OVER {
        let place = folder(files);
        let printed = imported(&place);
        let all = remarks(&printed);
        assert!(all.iter().any(|one| one.contains(remark)), "{remark}\n{all:#?}");
        let layer = place.read("program/layers/from.jenv");
        assert!(layer.contains(text), "{text}\n{layer}");
        proven(&place);
    }
}

#[test]
fn what_stops_repo2docker_is_a_finding() {
    let cases: &[(&[(&str, &str)], &str)] = &[
        (&[("binder/apt.txt", "tmux\n"), (".binder/apt.txt", "tmux\n")], "has both `binder` and `.binder`"),
        (&[("runtime.txt", "python\n")], "`runtime.txt` is no runtime: `python`"),
        (&[("runtime.txt", "r-4.3-today-x-y\n")], "is no runtime"),
        (&[("apt.txt", "tmux\nInvalid$(x)\n")], "`Invalid$(x)` is no name of a package"),
        (&[("environment.yml", "dependencies: [numpy\n")], "`environment.yml` is no environment file"),
        (&[("environment.yml", "dependencies: numpy\n")], "`dependencies` is no list"),
    ];
    for (files, wanted) in cases {
        let place = folder(files);
        let ran = place.run(&["import", "from", "--to", "program"]);
        let said = ran.error.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(ran.status == 1 && said.contains(wanted) && !place.has("program"), "{wanted}\n{}{}", ran.out, ran.error);
    }
}

/// Lists that belong to an image with a Dockerfile, or to the repository itself, are no image of their own.
#[test]
fn lists_of_other_purposes_are_left_alone() {
    let file = "FROM python:3.12\nRUN pip install six\n";
    for list in ["requirements.txt", "image/apt.txt", "image/conf/apt.txt", "docs/environment.yml", "tools/environment.yml"] {
        let place = folder(&[("image/Dockerfile", file), (list, "dependencies: []\n")]);
        assert_eq!(imported(&place)["read"], serde_json::json!(["1 Dockerfile"]), "{list}");
    }
    let place = folder(&[("image/Dockerfile", file), ("course/binder/environment.yml", "dependencies: [numpy]\n")]);
    assert_eq!(imported(&place)["read"], serde_json::json!(["1 Dockerfile", "1 repo2docker folder"]));
    proven(&place);
    let build = ".github/workflows/build.yml";
    let place = folder(&[
        ("image/Dockerfile", file),
        (build, "run: jupyter-repo2docker --no-run geo\n"),
        ("geo/environment.yml", "dependencies: [numpy]\n"),
    ]);
    assert!(imported(&place)["read"].as_array().unwrap().contains(&serde_json::json!("1 repo2docker folder")));
}

#[test]
fn what_a_program_changes_is_found() {
    let place = folder(FAMILY);
    imported(&place);
    for (layer, before, after) in [
        ("course", "graphviz", "plantuml"),
        ("geo", "(python = 3.12)", "(python = 3.11)"),
        ("rlab", "4.3.3", "4.2.3"),
        ("package", "owner user", ""),
    ] {
        let path = format!("program/layers/{layer}.jenv");
        let text = place.read(&path);
        assert!(text.contains(before));
        place.write(&path, text.replace(before, after));
    }
    let ran = place.run(&["import", "from", "--verify", "program"]);
    assert_ne!(ran.status, 0);
    for wanted in
        ["course/binder/apt.txt:1: not there now", "the base is `binder-base:py3.11`, and was `binder-base:py3.12`", "R/4.2.3", "package: "]
    {
        assert!(ran.out.contains(wanted), "{wanted}\n{}", ran.out);
    }
}

#[test]
fn a_program_beside_its_folder_is_no_part_of_the_image() {
    let place = folder(&[
        ("apt.txt", "tmux\n"),
        ("data/a.csv", "1\n"),
        ("index.ipynb", "{}\n"),
        (".github/workflows/build.yml", "env: { REPO_DIR: /srv/repo }\nrun: repo2docker .\n"),
    ]);
    assert_eq!(place.run(&["import", "from"]).status, 0);
    let layer = place.read("from/layers/from.jenv");
    for wanted in [
        "env { REPO_DIR = \"/srv/repo\" }",
        "workdir \"/srv/repo\"",
        "\"../index.ipynb\" to \"/srv/repo/\" owner user",
        "copy \"../data\" to \"/srv/repo/data\"",
    ] {
        assert!(layer.contains(wanted), "{wanted}\n{layer}");
    }
    assert_eq!(place.run(&["build", "from"]).status, 0);
    let ran = place.run(&["import", "from", "--verify"]);
    assert!(ran.status == 0 && ran.out.starts_with("equal  "), "{}{}", ran.out, ran.error);
    assert_eq!(place.run(&["build", "from", "--check"]).status, 0);
}
