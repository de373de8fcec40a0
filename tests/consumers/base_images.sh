#!/usr/bin/env bash
# Stand-ins for images that FROM lines name, made from the machine's Debian mirror: debian:12, and a Debian with Python, pip and the
# user jovyan under the name of the community's base-notebook. They resolve without a registry. So that builds reach the package
# indexes as this machine does, its certificates and its pip configuration are in these stand-ins, and only there: push none.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

archive=$tools/debian12.tar
notebook=quay.io/jupyter/base-notebook:2026-07-28

make_archive() {
  local folder=$tools/debian12
  has mmdebstrap || DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends mmdebstrap </dev/null >/dev/null
  mmdebstrap --quiet --variant=apt --mode=root --dpkgopt=force-unsafe-io --aptopt='Acquire::Languages "none"' bookworm "$folder.tar" \
    "$(bash "$here/engine.sh" mirror)"
  rm -rf "$folder"
  mkdir -p "$folder"
  tar -C "$folder" --exclude=./dev/* -xf "$folder.tar"
  rm -rf "$folder.tar" "$folder"/var/lib/apt/lists/* "$folder"/var/cache/apt/archives/*.deb "$folder/etc/apt/sources.list"
  cp /etc/apt/sources.list.d/debian.sources "$folder/etc/apt/sources.list.d/" 2>/dev/null || cp /etc/apt/sources.list "$folder/etc/apt/"
  grep -l Check-Valid-Until /etc/apt/apt.conf.d/* 2>/dev/null | xargs -r -I{} cp {} "$folder/etc/apt/apt.conf.d/"
  mkdir -p "$folder/usr/local/share/ci" "$folder/usr/local/share/ca-certificates"
  cp "${SSL_CERT_FILE:-${PIP_CERT:-/etc/ssl/certs/ca-certificates.crt}}" "$folder/usr/local/share/ci/bundle.crt"
  cp /usr/local/share/ca-certificates/*.crt "$folder/usr/local/share/ca-certificates/" 2>/dev/null || true
  sed -e '/^cert *=/d' /etc/pip.conf 2>/dev/null >"$folder/etc/pip.conf" || true
  grep -q '^\[global\]' "$folder/etc/pip.conf" || echo '[global]' >>"$folder/etc/pip.conf"
  sed -i '/^\[global\]/a cert = /usr/local/share/ci/bundle.crt' "$folder/etc/pip.conf"
  ln -sfn ../run "$folder/var/run" # relative: `docker cp` refuses the absolute link
  tar -C "$folder" -cf "$archive.new" .
  mv "$archive.new" "$archive"
  rm -rf "$folder"
}

dockerfile() { # FROM
  cat <<DOCKERFILE
FROM $1
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends python3 python3-pip python3-venv ca-certificates git >/dev/null && \
    ln -s python3 /usr/bin/python && rm -rf /var/lib/apt/lists/* /usr/lib/python3.*/EXTERNALLY-MANAGED && \
    useradd --create-home --shell /bin/bash --uid 1000 --gid 100 jovyan
ENV HOME=/home/jovyan PATH=/home/jovyan/.local/bin:/usr/local/bin:/usr/bin:/bin PIP_BREAK_SYSTEM_PACKAGES=1
WORKDIR /home/jovyan
USER jovyan
DOCKERFILE
}

[ -s "$archive" ] || make_archive
case ${1:-docker} in
  docker)
    docker image inspect debian:12 >/dev/null 2>&1 || docker import "$archive" debian:12 >/dev/null
    docker image inspect "$notebook" >/dev/null 2>&1 || dockerfile debian:12 | docker build --quiet --network host --tag "$notebook" - >/dev/null
    ;;
  buildah)
    name=docker.io/library/debian:12
    if ! env -u DOCKER_CONFIG buildah inspect --type image "$name" >/dev/null 2>&1; then
      container=$(env -u DOCKER_CONFIG buildah from scratch)
      env -u DOCKER_CONFIG buildah add --quiet "$container" "$archive" / >/dev/null
      env -u DOCKER_CONFIG buildah config --cmd bash "$container"
      env -u DOCKER_CONFIG buildah commit --quiet "$container" "$name" >/dev/null
      env -u DOCKER_CONFIG buildah rm "$container" >/dev/null
    fi
    if ! env -u DOCKER_CONFIG buildah inspect --type image "$notebook" >/dev/null 2>&1; then
      context=$(mktemp -d)
      dockerfile "$name" >"$context/Dockerfile"
      env -u DOCKER_CONFIG buildah bud --quiet --isolation chroot --network host --tag "$notebook" "$context" >/dev/null
      rm -rf "$context"
    fi
    ;;
esac
