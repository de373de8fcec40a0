# Written by jenvc from main.jenv. Change that file, then run `jenvc build`.
# Image: ghcr.io/example/courses    Cells: autumn
# Build: docker build -f images/courses/autumn.Dockerfile -t ghcr.io/example/courses:autumn-573d560de535 .
# hadolint global ignore=DL3013

ARG BASE=ghcr.io/example/lab-tables:c787d7d3fe87
FROM ${BASE}

LABEL org.opencontainers.image.title="courses"

# variant autumn
RUN pip install --no-cache-dir \
        faker==39.0.0
