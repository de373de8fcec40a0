#!/usr/bin/env bash
# Builds the wheel of one target into a folder and checks it.
#   wheel.sh TARGET FOLDER [OPTION of check_wheel.py]…
# It takes maturin, for Linux ziglang too, and Rust's standard library for the target (`rustup target add TARGET`). Zig links against
# the glibc of 2014, so that one wheel runs on every distribution since then.
set -euo pipefail
packaging=$(cd "$(dirname "$0")" && pwd)
target=$1
folder=$2
shift 2

case $target in
  *-linux-gnu) options=(--zig --compatibility manylinux2014) ;;
  *-linux-musl) options=(--zig --compatibility musllinux_1_2) ;;
  *) options=(--compatibility pypi) ;;
esac
new=$(mktemp -d)
trap 'rm -rf "$new"' EXIT
maturin build --release --locked --compression-level 9 --target "$target" --out "$new" "${options[@]}"
"$(command -v python3 || echo python)" "$packaging/check_wheel.py" "$@" "$new"/*.whl
mkdir -p "$folder"
mv "$new"/*.whl "$folder/"
