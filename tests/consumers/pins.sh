#!/usr/bin/env bash
# What the real dnf and the real Julia make of pins: the steps of a program's Dockerfiles, with packages made for it.
# Both are skipped where they are missing; Debian has dnf and dnf5, and had Julia up to bullseye.
set -uo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

cargo build --quiet --manifest-path "$root/Cargo.toml" || exit
build=${CARGO_TARGET_DIR:-$root/target}/debug/jenvc
if has createrepo_c && has rpmbuild && { has dnf || has dnf5; }; then
  for dnf in dnf dnf5; do
    if has "$dnf"; then consumer "pins: $dnf" "$("$dnf" --version | head -n 1)" python3 -B "$here/pins.py" "$build" "$dnf"; fi
  done
else
  skip "pins: dnf" "dnf, createrepo-c or rpm is missing"
fi
if has julia; then
  consumer "pins: Julia" "$(julia --version)" python3 -B "$here/pins.py" "$build" julia
else
  skip "pins: Julia" "Julia is missing"
fi
