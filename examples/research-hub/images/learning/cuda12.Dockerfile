# Written by jenvc from main.jenv. Change that file, then run `jenvc build`.
# Image: ghcr.io/example/learning    Cells: cuda12
# Build: docker build -f images/learning/cuda12.Dockerfile -t ghcr.io/example/learning:cuda12 .
# hadolint global ignore=DL3013

ARG BASE=ghcr.io/example/lab:9f7610aecff9
FROM ${BASE}

ARG BASE
LABEL org.opencontainers.image.title="learning" \
      org.opencontainers.image.base.name="${BASE}" \
      org.opencontainers.image.base.digest=""

# variant cuda12
RUN pip install --no-cache-dir \
        --index-url https://download.pytorch.org/whl/cu126 \
        torch==2.9.1
