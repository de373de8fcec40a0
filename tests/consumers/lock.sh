#!/usr/bin/env bash
# What `jenvc lock` writes, with uv itself: over an index that is made here, and where PyPI answers, over the real one.
set -uo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

if ! has uv; then skip "uv: lock" "no uv"; exit; fi
cargo build --quiet --manifest-path "$root/Cargo.toml" || exit
version=$(uv --version | awk '{ print $2 }')
consumer "uv: locks over an index of our own" "$version" python3 "$here/lock/own.py" "$root/target/debug/jenvc"
consumer "uv: locks of random universes" "$version" python3 "$here/lock/universe.py" "$root/target/debug/jenvc"
consumer "pip: lists of an example, with checksums, from PyPI" "$version" python3 "$here/lock/examples.py" "$root/target/debug/jenvc"
consumer "uv: conflicts that PyPI knows" "$version" python3 "$here/lock/real.py" "$root/target/debug/jenvc"
