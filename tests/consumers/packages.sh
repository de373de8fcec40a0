#!/usr/bin/env bash
# The programs of tests/realistic against pip itself: what their comments say that pip installs or refuses, and the steps of the Dockerfiles
# that they compile to, with the constraint files that hold pip to pins. Dry runs; nothing is installed.
set -uo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

cargo build --quiet --manifest-path "$root/Cargo.toml" || exit
[ -x "$tools/pip/bin/pip" ] || python3 -m venv "$tools/pip"
"$tools/pip/bin/pip" install --quiet --disable-pip-version-check pip==26.3 ||
  { skip "pip and realistic programs" "PyPI can't be reached"; exit; }
consumer "pip: realistic programs" "$("$tools/pip/bin/pip" --version | cut -d ' ' -f 2)" \
  "$tools/pip/bin/python" -B "$here/packages.py" "${CARGO_TARGET_DIR:-$root/target}/debug/jenvc" "$root/tests/realistic"
