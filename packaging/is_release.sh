#!/usr/bin/env bash
# Whether a tag may be released from a repository: is_release.sh TAG REPOSITORY
# The tag has to be that of the version in Cargo.toml, and the repository the one that it names.
set -euo pipefail
cargo=$(dirname "$0")/../Cargo.toml

field() { # NAME: of the package
  awk -F '"' -v "name=$1" '$1 == name " = " { print $2; exit }' "$cargo"
}

[ "$1" = "v$(field version)" ] || { echo "the tag is $1; Cargo.toml has version $(field version)" >&2; exit 1; }
[ "$2" = "$(field repository)" ] || { echo "this is $2; Cargo.toml names $(field repository)" >&2; exit 1; }
