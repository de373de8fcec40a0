# Written by jenvc from main.jenv. Change that file, then run `jenvc build`.
# Image: ghcr.io/example/courses    Cells: spring
# Build: docker build -f images/courses/spring.Dockerfile -t ghcr.io/example/courses:spring .
# hadolint global ignore=DL3013

ARG BASE=ghcr.io/example/lab-tables:090d9687644f
FROM ${BASE}

ARG BASE
LABEL org.opencontainers.image.title="courses" \
      org.opencontainers.image.base.name="${BASE}"

# variant spring
RUN pip install --no-cache-dir \
        faker==40.54.0
