# Written by jenvc from main.jenv. Change that file, then run `jenvc build`.
# Image: ghcr.io/example/courses    Cells: autumn
# Build: docker build -f images/courses/autumn.Dockerfile -t ghcr.io/example/courses:autumn-d73a7d654f5a .
# hadolint global ignore=DL3013

ARG BASE=ghcr.io/example/lab-tables:55b006719868
FROM ${BASE}

LABEL org.opencontainers.image.title="courses"

# variant autumn
RUN pip install --no-cache-dir \
        faker==39.0.0
