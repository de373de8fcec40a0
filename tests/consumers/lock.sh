#!/usr/bin/env bash
# What `jenvc lock` writes, with uv itself: over an index that is made here, and where PyPI answers, over the real one. Packages of conda with
# py-rattler, over channels that are made here.
set -uo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

if ! has uv; then skip "uv: lock" "no uv"; exit; fi
cargo build --quiet --manifest-path "$root/Cargo.toml" || exit
version=$(uv --version | awk '{ print $2 }')
consumer "uv: locks over an index of our own" "$version" python3 "$here/lock/own.py" "$root/target/debug/jenvc"
consumer "uv: locks of random universes" "$version" python3 "$here/lock/universe.py" "$root/target/debug/jenvc"
consumer "uv, pip: files of PEP 751 from a lock" "$version" python3 "$here/lock/pylock.py" "$root/target/debug/jenvc"
consumer "pip: lists of an example, with checksums, from PyPI" "$version" python3 "$here/lock/examples.py" "$root/target/debug/jenvc"
consumer "uv: conflicts that PyPI knows" "$version" python3 "$here/lock/real.py" "$root/target/debug/jenvc"
if has apt-get; then
  consumer "apt: packages of a day" "$(apt-get --version | awk 'NR == 1 { print $2 }')" python3 "$here/lock/archive.py" "$root/target/debug/jenvc"
fi

rattler=$("$tools/venv/bin/python" -c 'import importlib.metadata; print(importlib.metadata.version("py-rattler"))' 2>/dev/null)
if [ -z "$rattler" ]; then skip "py-rattler: locks of random channels" "no py-rattler"; exit; fi
with_conda=$(mktemp)
trap 'rm -f "$with_conda"' EXIT
# The other scripts take what is built without it.
cargo build --quiet --manifest-path "$root/Cargo.toml" --features conda && install -m 755 "$root/target/debug/jenvc" "$with_conda"
cargo build --quiet --manifest-path "$root/Cargo.toml" || exit
consumer "py-rattler: locks of random channels" "$rattler" "$tools/venv/bin/python" "$here/lock/conda.py" "$with_conda"
consumer "py-rattler: installs lists of a lock" "$rattler" "$tools/venv/bin/python" "$here/lock/explicit.py" "$with_conda" py-rattler
for tool in conda mamba micromamba; do
  # None of them is on PyPI, npm, crates.io or in Debian.
  if ! has "$tool"; then skip "$tool: installs lists of a lock" "no $tool on the PATH"; continue; fi
  consumer "$tool: installs lists of a lock" "$("$tool" --version | awk '{ print $NF }' | head -n 1)" "$tools/venv/bin/python" "$here/lock/explicit.py" "$with_conda" "$tool"
done
