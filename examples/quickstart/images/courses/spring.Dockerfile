# Written by jenvc from main.jenv. Change that file, then run `jenvc build`.
# Image: ghcr.io/example/courses    Cells: spring
# Build: docker build -f images/courses/spring.Dockerfile -t ghcr.io/example/courses:spring-ab529d1f9ce7 .
# hadolint global ignore=DL3013

ARG BASE=ghcr.io/example/lab-tables:c787d7d3fe87
FROM ${BASE}

LABEL org.opencontainers.image.title="courses"

# variant spring
RUN pip install --no-cache-dir \
        faker==40.54.0
