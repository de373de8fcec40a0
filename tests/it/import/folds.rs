//! Conditions whose variables have known values.

use super::habits::{of, says};
use super::{imported, originals, proven};

/// As the Jupyter community's images install conda.
#[test]
fn the_program_that_installs_conda_runs_a_list() {
    let text = r#"FROM ubuntu:24.04
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
ENV CONDA_DIR=/opt/conda PATH=/opt/conda/bin:$PATH
ARG PYTHON_VERSION=3.13
WORKDIR /tmp
RUN arch=$(uname -m) && \
    if [ "${arch}" = "x86_64" ]; then arch="64"; fi && \
    wget -O - "https://micro.mamba.pm/api/micromamba/linux-${arch}/latest" | tar -xvj bin/micromamba && \
    PYTHON_SPECIFIER="python=${PYTHON_VERSION}" && \
    if [[ "${PYTHON_VERSION}" == "default" ]]; then PYTHON_SPECIFIER="python"; fi && \
    # What all need
    ./bin/micromamba install \
        --root-prefix="${CONDA_DIR}" --prefix="${CONDA_DIR}" --yes 'jupyter_core' 'mamba' "${PYTHON_SPECIFIER}" && \
    rm -rf /tmp/bin/ && \
    mamba list 'python' | awk 'END{print $1; }' >> "${CONDA_DIR}/conda-meta/pinned" && \
    mamba clean --all -f -y && chmod -R g+w /opt/conda
"#;
    let (place, layer) = of(text, &[]);
    let wanted = [
        "Dockerfile:4: `3.13` is written in the place of the argument `PYTHON_VERSION`: `--build-arg` does not set it\n",
        "Dockerfile:6: `/tmp/bin/micromamba` stays in the layer of the step that has made it\n",
        "/latest\" | tar -xvj bin/micromamba'\n",
        "  conda-micromamba bootstrap {\n    # What all need\n    jupyter_core\n    mamba\n    python 3.13.*\n  }",
        "} then \"rm -rf /tmp/bin/ && mamba list 'python' | awk",
        "conda-meta/pinned\\\" && chmod -R g+w /opt/conda\"\n",
    ];
    says(&layer, &wanted, &["default", "PYTHON_SPECIFIER"]);
    says(
        &place.read("program/images.jenv"),
        &["bootstrap = \"/tmp/bin/micromamba install --root-prefix=\\\"{{ prefix }}\\\" --prefix=\\\"{{ prefix }}\\\" --yes\""],
        &[],
    );
}

#[test]
fn branches_that_are_never_run_are_gone() {
    let text = "FROM ubuntu:24.04\nARG KIND=cpu\nENV LAB=yes\nARG TARGETARCH=amd64\n\
        RUN apt-get update && if [ \"$KIND\" = gpu ]; then apt-get install -y cuda; else apt-get install -y less; fi && touch /opt/a\n\
        RUN [ -n \"$LAB\" ] && touch /opt/b\nRUN case $KIND in g*) make gpu;; *) make cpu;; esac\n\
        RUN if [ \"$TARGETARCH\" = amd64 ]; then touch /opt/c; fi\nRUN if [ -z \"$OTHER\" ]; then touch /opt/d; fi\n\
        RUN if [[ $KIND == cpu ]]; then touch /opt/e; fi\nRUN if [ $LAB = no ]; then touch /opt/f; fi\n";
    let (_, layer) = of(text, &[]);
    let wanted = [
        "`cpu` is written in the place of the argument `KIND`: `--build-arg` does not set it\n",
        "apt recommends { less }",
        "touch /opt/a",
        "touch /opt/b",
        "make cpu",
        // By platform, by the base, and by a shell that may not know the word.
        "= amd64 ]; then touch /opt/c; fi",
        "]; then touch /opt/d; fi",
        "if [[ $KIND == cpu ]]",
    ];
    says(&layer, &wanted, &["cuda", "make gpu", "/opt/f", "$LAB"]);
}

/// Docker takes the variable of the base, not the argument.
#[test]
fn what_a_base_sets_is_not_what_an_argument_says() {
    let text = "FROM python:3.12\nARG PYTHON_VERSION=default\nRUN if [ \"$PYTHON_VERSION\" = default ]; then touch /opt/a; fi\n";
    let (_, layer) = of(text, &[]);
    says(&layer, &["if [ ", "touch /opt/a"], &["is written in the place"]);
}

/// Each image has what its own arguments decide.
#[test]
fn images_of_one_file_differ_by_what_is_decided() {
    let file = "FROM ubuntu:24.04\nARG KIND=cpu\nRUN apt-get update && apt-get install -y less\n\
        RUN if [ \"$KIND\" = gpu ]; then apt-get update && apt-get install -y cuda; fi\nRUN touch /opt/$KIND\n";
    let bake = r#"{"target": {"cpu": {"context": "lab", "args": {"KIND": "cpu"}, "tags": ["example.org/lab:cpu"]},
        "gpu": {"context": "lab", "args": {"KIND": "gpu"}, "tags": ["example.org/lab:gpu"]}}}"#;
    let place = originals([("lab/Dockerfile", file), ("docker-bake.json", bake)].map(|(path, text)| (path.to_owned(), text.to_owned())));
    imported(&place);
    proven(&place);
    let layer = place.read("program/layers/lab.jenv");
    assert!(layer.contains("gpu") && layer.matches("cuda").count() == 1 && !layer.contains("if ["), "{layer}");
}

/// The reader of chains passes `fi done`, and what is in brackets with `&&` stops the commands behind it.
#[test]
fn an_if_may_end_a_loop() {
    let text = "FROM ubuntu:24.04\nRUN apt-get update && apt-get install -y less \\\n\
        && for x in 1 2; do if [ -f /opt/$x ]; then rm /opt/$x; fi done && apt-get install -y nano\n";
    let (_, layer) = of(text, &[]);
    says(&layer, &["apt recommends { less }", "apt recommends { nano }"], &[]);
}
