#!/usr/bin/env bash
# Every Dockerfile of the examples is built by BuildKit, parents first, on stand-ins for the images that they start from; their tests
# run, and what was copied is read as the final user (builds/build.py). Programs with every kind of step, and with steps that read a lock,
# are built by buildah as well, and the results are compared (builds/buildah.py). Artifacts that are broken on purpose are noticed (builds/broken.py).
# One cell of each Dockerfile and some of the breaks are picked by a seed, which is the commit unless JENVC_SEED says another;
# JENVC_ALL=1 takes all of them.
set -uo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

export PYTHONDONTWRITEBYTECODE=1
seed=${JENVC_SEED:-$(git -C "$root" rev-parse HEAD 2>/dev/null || echo 0)}
parts=$tools/builds
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
picked=(--seed "$seed")
if [ -n "${JENVC_ALL:-}" ]; then picked+=(--all); fi
every=$root/tests/builds/every-step
locked=$root/tests/builds/from-the-lock

examples_build() { # with the whole table, which is longer than what is shown of a verdict
  local status
  python3 "$here/builds/build.py" "$parts" "$work" "${picked[@]}" "${examples[@]}" "$every" "$locked" >"$work/log" 2>&1
  status=$?
  cat "$work/log"
  cp "$work/log" "$parts/table"
  return "$status"
}

if ! bash "$here/engine.sh" start; then skip "builds" "no engine starts here"; exit; fi
if ! bash "$here/builds/parts.sh" >"$work/log" 2>&1; then
  tail -n 5 "$work/log"
  skip "builds" "Debian's archive gives no system to build on"
  exit
fi
cargo build --quiet --manifest-path "$root/Cargo.toml" || { note "builds: jenvc compiles" - FAILED 0; exit; }
kept=()
for folder in "${examples[@]}"; do
  if ! [ -f "$folder/docker-bake.json" ]; then
    echo "no bake file, nothing to build: $folder"
  elif [ "$(basename "$folder")" = vre ] && [ -z "${JENVC_ALL:-}" ]; then
    skip "builds: ${folder#"$root/"}" "its pip lists build packages from source, for many minutes: with --all only"
  else
    kept+=("$folder")
  fi
done
examples=("${kept[@]}")
echo "builds: seed $seed, $(cat "$parts/systems")"
version="engine $(docker version --format '{{.Server.Version}}')"
consumer "builds: every Dockerfile of the examples" "$version" examples_build
cat "$parts/table"
consumer "builds: what is broken on purpose is noticed" "$version" python3 "$here/builds/broken.py" "$parts" "$work" "$every" "${picked[@]}"
has buildah || DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends buildah </dev/null >/dev/null 2>&1
if has buildah; then
  consumer "builds: every kind of step, by buildah" "$(buildah --version | awk '{ print $3 }')" python3 "$here/builds/buildah.py" "$parts" "$work" "$every" "$locked"
else
  skip "builds: every kind of step, by buildah" "Debian's buildah can't be installed"
fi
