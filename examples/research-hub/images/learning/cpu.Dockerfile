# Written by jenvc from main.jenv. Change that file, then run `jenvc build`.
# Image: ghcr.io/example/learning    Cells: cpu
# Build: docker build -f images/learning/cpu.Dockerfile -t ghcr.io/example/learning:cpu-7a7578ab6a09 .
# hadolint global ignore=DL3013

ARG BASE=ghcr.io/example/lab:9f7610aecff9
FROM ${BASE}

LABEL org.opencontainers.image.title="learning"

# variant cpu
RUN pip install --no-cache-dir \
        --index-url https://download.pytorch.org/whl/cpu \
        torch==2.9.1
