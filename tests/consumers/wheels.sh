#!/usr/bin/env bash
# Builds what is released into target/dist, for the scripts that install it: the wheel for x86-64 with glibc as users get it; the
# static one from the source distribution, and the one for arm64, without optimisation, which halves the time. With JENVC_ALL=1 all are
# as users get them.
set -uo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

dist=$root/target/dist
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

wheel() ( # FOLDER TARGET [OPTION…]: of the sources in a folder
  cd "$1" && bash "$root/packaging/wheel.sh" "$2" "$dist" "${@:3}"
)
released() {
  CARGO_TARGET_DIR=$root/target/wheel wheel "$root" x86_64-unknown-linux-gnu
}
sources() {
  (cd "$root" && maturin sdist --out "$dist") && tar --extract --gzip --file "$dist"/jenvc-*.tar.gz --directory "$work" && mv "$work"/jenvc-* "$work/sources"
}
sampled() ( # FOLDER TARGET
  export CARGO_TARGET_DIR=$root/target/pre-commit
  if [ -n "${JENVC_ALL:-}" ]; then wheel "$@"; exit; fi
  export CARGO_PROFILE_RELEASE_OPT_LEVEL=0 CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16
  wheel "$@" --any-size
)
other() { # NAME FOLDER TARGET
  if rustup target list --installed 2>/dev/null | grep -qx "$3" || rustup target add "$3" >/dev/null 2>&1; then
    consumer "wheel: $1" "$version" sampled "$2" "$3"
  else
    skip "wheel: $1" "Rust's standard library for $3 can't be installed"
  fi
}

rm -rf "$dist"
version="maturin $(maturin --version | awk '{ print $2 }')"
consumer "wheel: x86-64, manylinux2014" "$version" released &
consumer "source distribution" "$version" sources
other "x86-64, musllinux, from the source distribution" "$work/sources" x86_64-unknown-linux-musl
other "arm64, manylinux2014" "$root" aarch64-unknown-linux-gnu
wait
