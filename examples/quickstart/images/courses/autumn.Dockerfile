# Written by jenvc from main.jenv. Change that file, then run `jenvc build`.
# Image: ghcr.io/example/courses    Cells: autumn
# Build: docker build -f images/courses/autumn.Dockerfile -t ghcr.io/example/courses:autumn .
# hadolint global ignore=DL3013

ARG BASE=ghcr.io/example/lab-tables:090d9687644f
FROM ${BASE}

ARG BASE
LABEL org.opencontainers.image.title="courses" \
      org.opencontainers.image.base.name="${BASE}"

# variant autumn
RUN pip install --no-cache-dir \
        faker==39.0.0
