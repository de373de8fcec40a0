# Written by jenvc from main.jenv. Change that file, then run `jenvc build`.
# Image: ghcr.io/example/courses    Cells: spring
# Build: docker build -f images/courses/spring.Dockerfile -t ghcr.io/example/courses:spring-665c5a4b5d2a .
# hadolint global ignore=DL3013

ARG BASE=ghcr.io/example/lab-tables:55b006719868
FROM ${BASE}

LABEL org.opencontainers.image.title="courses"

# variant spring
RUN pip install --no-cache-dir \
        faker==40.54.0
