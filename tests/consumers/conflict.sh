#!/usr/bin/env bash
# What check says of packages, against pip itself: a program that passes installs; with one constraint changed, check reports a
# conflict, and the Dockerfile with the same change ends in pip's own.
set -uo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat >"$work/main.jenv" <<'JENV'
project conflict { registry = "localhost/example" }
image jupyter {
  ref = "quay.io/jupyter/base-notebook"
  tag = "2026-07-28"
  user jovyan { uid = 1000  gid = 100  home = "/home/jovyan" }
  provides { conda { python >=3.11 } }
}
fragment tables { pip { tabulate ==0.9.0 } }
fragment drawing { pip { rich ==15.0.0 } }
environment both {
  from jupyter
  include tables
  include drawing
  profile { title = "Both"  default = true }
}
output dockerfiles { dir = "images" }
JENV
change=(-e 's/rich ==15\.0\.0/tabulate ==0.10.0/' -e 's/rich==15\.0\.0/tabulate==0.10.0/')
jenvc() { (cd "$work" && "$root/target/debug/jenvc" "$@"); }
install() { docker build --network host --progress plain --file "$work/images/both/Dockerfile" "$work"; }

passes() { jenvc build && install; }
refused() { # by check, and by pip for the same reason
  sed -i "${change[@]}" "$work/main.jenv" "$work/images/both/Dockerfile"
  jenvc check --format concise >"$work/check" 2>&1 && { echo "check passes it"; return 1; }
  cat "$work/check"
  grep -q 'J0401.*tabulate' "$work/check" || return 1
  install >"$work/pip" 2>&1 && { echo "pip installs it"; return 1; }
  grep -E 'Cannot install tabulate==|Double requirement given' "$work/pip" | head -n 1
}

if ! bash "$here/engine.sh" start || ! bash "$here/base_images.sh" docker; then skip "pip and check" "no image is built here"; exit; fi
cargo build --quiet --manifest-path "$root/Cargo.toml" || exit
consumer "pip: what check passes installs" pip passes
consumer "pip: what check refuses is a conflict" pip refused
