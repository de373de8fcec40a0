//! A family of Dockerfiles in the manner of public ones: what people write, with its mistakes.

/// The files of a repository.
pub(super) const FILES: &[(&str, &str)] = &[
    (
        "base/Dockerfile",
        r#"# syntax=docker/dockerfile:1
ARG TAG=2026-08-03
FROM quay.io/jupyter/scipy-notebook:${TAG}

LABEL maintainer="RSE <rse@example.org>"
USER root
# for the terminal
RUN apt-get update -qq && \
    DEBIAN_FRONTEND=noninteractive apt-get install -yq --no-install-recommends \
      # merges of notebooks
      git-lfs \
      htop \
      "libgl1" \
    && apt-get clean && rm -rf /var/lib/apt/lists/*
COPY certs/*.crt /usr/local/share/ca-certificates/
RUN update-ca-certificates
COPY --chown=${NB_UID}:${NB_GID} jupyter_config.py /home/jovyan/.jupyter/
USER ${NB_UID}
COPY requirements.txt /tmp/requirements.txt
RUN pip install --no-cache-dir -r /tmp/requirements.txt && \
    fix-permissions "${CONDA_DIR}" && \
    rm /tmp/requirements.txt
ENV CAMPUS=yes \
    GREETING="hello world"
WORKDIR /home/jovyan
EXPOSE 8888
CMD ["start-notebook.py"]
"#,
    ),
    ("base/certs/campus.crt", "a certificate\n"),
    ("base/jupyter_config.py", "c = get_config()\n"),
    ("base/requirements.txt", "# the gradebook\nnbgrader==0.9.5  # the course of 2026\nipywidgets>=8,<9\nrequests[socks]\n"),
    (
        "geo/Dockerfile",
        r"FROM registry.example.org/lab/base:latest
RUN mamba install -y -c conda-forge 'gdal=3.9' rasterio xarray=2026.1.0 && mamba clean -afy
RUN pip install geopandas>=1.0
ENV PATH=/opt/geo/bin:$PATH
RUN mkdir -p work/data; cp -r /opt/data work/data || true
",
    ),
    (
        "ml/Dockerfile",
        r"FROM registry.example.org/lab/base:latest
ARG CUDA=cu124
RUN pip install --no-cache-dir --index-url https://download.pytorch.org/whl/${CUDA} torch==2.5.1 torchvision
RUN pip install --upgrade --pre jax
RUN --mount=type=cache,target=/home/jovyan/.cache/pip pip install git+https://github.com/example/tool.git@v1.2#egg=tool
USER root
RUN cd /opt && git clone https://github.com/example/models && cd models && make install
RUN curl -fsSL https://example.org/setup.sh | bash -
USER jovyan
",
    ),
    (
        "r/Dockerfile",
        r#"FROM rocker/r-ver:4.4.1 AS build
RUN apt-get update && apt-get install -y libcurl4-openssl-dev && rm -rf /var/lib/apt/lists/*
RUN install2.r --error shiny sf
FROM build
RUN R -q -e "install.packages(c('terra', 'stars'), repos = 'https://p3m.dev/cran/2026-08-01')"
RUN useradd -m -u 1001 analyst
COPY --from=ghcr.io/astral-sh/uv:0.9 /uv /usr/local/bin/
USER analyst
RUN <<EOF
set -e
mkdir -p ~/projects
echo "ready" > ~/projects/state
EOF
ENTRYPOINT ["/bin/bash"]
"#,
    ),
    (
        "tools/Dockerfile",
        "FROM condaforge/miniforge3:24.9.2-0\nRUN conda install -y -n base python=3.12 nodejs && conda clean -afy\n\
         RUN npm install -g prettier@3.4.2\nHEALTHCHECK --interval=30s CMD curl -f http://localhost/\nVOLUME /data\n",
    ),
    (
        ".github/workflows/build.yml",
        "on: push\njobs:\n  all:\n    strategy: { matrix: { image: [base, geo, ml, r, tools] } }\n    runs-on: ubuntu-24.04\n\
         \x20   steps:\n      - run: docker build -t registry.example.org/lab/${{ matrix.image }}:latest ${{ matrix.image }}\n",
    ),
];
