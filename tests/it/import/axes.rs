//! Images that are one definition: built with other arguments, or from files that differ in little; and what repeats in several.

use super::{imported, originals, proven};
use crate::support::Workplace;

fn place(files: &[(&str, &str)]) -> Workplace {
    originals(files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())))
}

/// The text of a file of the program, and what `wanted` is not in it.
fn holds(place: &Workplace, path: &str, wanted: &[&str]) {
    let text = place.read(&format!("program/{path}"));
    for words in wanted {
        assert!(text.contains(words), "{path}: {words}\n{text}");
    }
}

const LAB: &str = "ARG PYTHON_VERSION=3.11\nFROM quay.io/jupyter/base-notebook:python-${PYTHON_VERSION}\nARG PYTHON_VERSION\n\
    RUN mamba install -y \"python=${PYTHON_VERSION}\" numpy && mamba clean -afy\nENV PY=${PYTHON_VERSION}\n";

#[test]
fn a_build_matrix_is_an_axis() {
    let workflow = "on: push\njobs:\n  b:\n    strategy: { matrix: { python: [3.10, '3.11', 3.12], exclude: [{ python: 3.12 }] } }\n    \
        runs-on: x\n    steps:\n      - uses: docker/build-push-action@v6\n        with:\n          context: lab\n          \
        tags: ghcr.io/acme/lab:py${{ matrix.python }}\n          build-args: |\n            PYTHON_VERSION=${{ matrix.python }}\n";
    let place = place(&[("lab/Dockerfile", LAB), (".github/workflows/b.yml", workflow)]);
    let printed = imported(&place);
    proven(&place);
    holds(&place, "images.jenv", &["matrix python = [3.10, 3.11]\n", "tag = \"python-{{ python }}\"\n"]);
    holds(&place, "layers/lab.jenv", &["from base-notebook\n  conda { python ={{ python }}  numpy }\n  env { PY = \"{{ python }}\" }"]);
    assert_eq!(printed["rows"][0]["name"], "lab (2 builds)");
}

#[test]
fn arguments_that_move_together_are_linked() {
    let bake = "variable \"R\" { default = \"ghcr.io/acme\" }\ntarget \"_c\" { context = \".\" }\n\
        target \"a\" {\n  inherits = [\"_c\"]\n  args = { TORCH = \"2.5.1\", INDEX = \"cu124\" }\n  tags = [\"${R}/torch:a\"]\n}\n\
        target \"b\" {\n  inherits = [\"_c\"]\n  args = { TORCH = \"2.4.1\", INDEX = \"cu121\" }\n  tags = [\"${R}/torch:b\"]\n}\n";
    let file = "FROM python:3.12\nARG TORCH\nARG INDEX\nRUN pip install --index-url https://x.org/${INDEX} torch==${TORCH}\n";
    let place = place(&[("torch/Dockerfile", file), ("torch/docker-bake.hcl", bake)]);
    imported(&place);
    proven(&place);
    let wanted =
        ["link {", "index = [cu124, cu121]", "torch = [2.5.1, 2.4.1]", "pip index \"https://x.org/{{ index }}\" { torch =={{ torch }} }"];
    holds(&place, "layers/torch.jenv", &wanted);
}

#[test]
fn single_arguments_are_what_they_are_given() {
    let compose = "services:\n  lab: { build: { context: ./lab, args: { PYTHON_VERSION: 3.12 } }, image: acme/lab }\n";
    let place = place(&[("lab/Dockerfile", LAB), ("compose.yml", compose)]);
    imported(&place);
    proven(&place);
    holds(&place, "layers/lab.jenv", &["conda { python =3.12  numpy }"]);
    holds(&place, "main.jenv", &["registry = \"docker.io/acme\""]);
}

#[test]
fn files_of_versions_are_an_axis() {
    let file = |version: &str| {
        format!("FROM quay.io/jupyter/base-notebook:python-{version}\nRUN mamba install -y python={version} numpy\nRUN pip install a==1\n")
    };
    let place = originals(["3.11", "3.12"].map(|version| (format!("py{}/Dockerfile", version.replace('.', "")), file(version))));
    imported(&place);
    proven(&place);
    holds(&place, "images.jenv", &["matrix python = [3.11, 3.12]"]);
    holds(&place, "layers/py.jenv", &["conda { python ={{ python }}  numpy }\n  pip   { a ==1 }"]);
}

/// What a menu chooses between has its name, and the keys of the menu stay.
#[test]
fn variants_are_named_after_the_menu() {
    let file = |index: &str, more: &str| {
        format!(
            "FROM ghcr.io/acme/base:latest\nRUN pip install --index-url https://x.org/{index} torch==2.5.1\n\
            RUN pip install lightgbm\n{more}"
        )
    };
    let values = "singleuser:\n  profileList:\n    - display_name: ML\n      profile_options:\n        accelerator:\n          \
        display_name: Accelerator\n          choices:\n            \
        01-cpu: { display_name: CPU, kubespawner_override: { image: 'ghcr.io/acme/ml-cpu:latest' } }\n            \
        02-cuda: { display_name: GPU, kubespawner_override: { image: 'ghcr.io/acme/ml-cuda:latest' } }\n";
    let calls = "for i in base ml-cpu ml-cuda; do docker build -t ghcr.io/acme/$i:latest images/$i; done\n";
    let place = place(&[
        ("images/base/Dockerfile", "FROM python:3.12\nRUN pip install numpy\n"),
        ("images/ml-cpu/Dockerfile", &file("cpu", "")),
        ("images/ml-cuda/Dockerfile", &file("cu124", "ENV NVIDIA_VISIBLE_DEVICES=all\n")),
        ("values.yaml", values),
        ("build.sh", calls),
    ]);
    imported(&place);
    proven(&place);
    let wanted = [
        "repository = \"ml-{{ accelerator }}\"",
        "variant accelerator {\n    cpu  { pip index \"https://x.org/cpu\" { torch ==2.5.1 } }",
        "  pip { lightgbm }\n  when accelerator == cuda {",
    ];
    holds(&place, "layers/ml.jenv", &wanted);
    holds(&place, "hub.jenv", &["\"01-cpu\" {", "image = ml(accelerator = cuda)"]);
}

#[test]
fn what_repeats_is_a_fragment() {
    let tail = "# certificates of the campus\nRUN curl -o /ca.crt https://ca.example.org\nRUN update-ca-certificates\nENV BUNDLE=/ca.crt\n\
        RUN pip install jupyterlab==4.2.5\n";
    let file = |base: &str, own: &str| format!("FROM {base}\nRUN pip install {own}\n{tail}");
    let place = place(&[
        ("a/Dockerfile", &file("python:3.12", "x")),
        ("b/Dockerfile", &file("debian:12", "y")),
        ("c/Dockerfile", &file("ubuntu:24.04", "z")),
    ]);
    imported(&place);
    proven(&place);
    holds(
        &place,
        "fragments/certificates-campus.jenv",
        &["## certificates of the campus\nfragment certificates-campus {", "pip { jupyterlab ==4.2.5 }"],
    );
    for layer in ["a", "b", "c"] {
        holds(&place, &format!("layers/{layer}.jenv"), &["  include certificates-campus\n}"]);
    }
}

#[test]
fn lists_that_follow_one_another_are_one() {
    let file = "FROM python:3.12\nRUN pip install a\nLABEL x=y\n# for plots\nRUN pip install b==1\nRUN pip install A==2\n\
        RUN make\nRUN pip install c\n";
    let place = place(&[("lab/Dockerfile", file)]);
    imported(&place);
    proven(&place);
    let wanted = ["pip {\n    a\n    b ==1 because \"for plots\"\n  }", "pip { A ==2 }", "run \"make\"\n  pip { c }"];
    holds(&place, "layers/lab.jenv", &wanted);
}

#[test]
fn environments_computed_versions_and_mounts_are_lists() {
    let file = "FROM quay.io/jupyter/minimal-notebook:2026-07-28\n\
        RUN mamba create -y -n work python=3.11 && /opt/conda/envs/work/bin/pip install x==1\n\
        RUN mamba install -y \"pandas=$(cat /opt/version)\"\n\
        RUN --mount=from=ghcr.io/astral-sh/uv:0.9,source=/uv,target=/bin/uv uv pip install --system httpx && uv --version\n";
    let place = place(&[("lab/Dockerfile", file)]);
    let printed = imported(&place);
    proven(&place);
    assert_eq!(printed["installs"], serde_json::json!({ "all": 4, "lists": 4 }));
    let wanted = [
        "conda env work { python =3.11  pip { x ==1 } }\n",
        "pandas resolved \"cat /opt/version\"",
        "  tool uv from \"ghcr.io/astral-sh/uv:0.9\" bin \"/uv\"\n  uv-pip-system with uv { httpx }\n  run with uv \"uv --version\"",
    ];
    holds(&place, "layers/lab.jenv", &wanted);
}
