#!/usr/bin/env bash
# Written by jenvc from main.jenv. Change that file, then run `jenvc build`.
# The tests of dask-root: test.sh IMAGE [TARGET]
# TARGET is a target of the bake file.

set -euo pipefail
shopt -s inherit_errexit
cd -- "$(dirname -- "${BASH_SOURCE[0]}")"/../..

IMAGE=${1:?the reference of the image}
export IMAGE
target=${2:-dask-root-py3-8}
case $target in dask-root-py3-8) ;; *) echo "$0 has no tests for $target" >&2 && exit 64 ;; esac

engine=${CONTAINER_ENGINE:-docker}
passed=0
failed=0

verdict() { # NAME OUTPUT WHAT-IS-WRONG
  if [ -z "$3" ]; then
    echo "ok    $1"
    passed=$((passed + 1))
  else
    printf 'FAIL  %s: %s\n%s\n' "$1" "$3" "$2"
    failed=$((failed + 1))
  fi
}

in_image() { # NAME [OPTION…] [-- EXPECTED…]: the script on standard input, through the image's entrypoint
  local name=$1 script output wrong='' options=() beside
  shift
  while [ "$#" -gt 0 ] && [ "$1" != -- ]; do
    options+=("$1")
    shift
  done
  script=$(cat)
  # The engine keeps no order between two streams: what the script prints is one, and behind it comes what else is said.
  beside=$(mktemp)
  output=$("$engine" run --rm "${options[@]}" "$IMAGE" bash -euo pipefail -c "exec 2>&1; $script" 2>"$beside" </dev/null) ||
    wrong="exit status $?"
  output+=${output:+$'\n'}$(cat "$beside")
  rm -f "$beside"
  for expected in "${@:2}"; do
    [[ $output == *"$expected"* ]] || wrong=${wrong:-"'$expected' is not in what it prints"}
  done
  verdict "$name" "$output" "$wrong"
}

on_host() { # NAME [VARIABLE=VALUE…]: the script on standard input, here, with IMAGE set
  local name=$1 script output wrong=''
  shift
  script=$(cat)
  output=$(env "$@" bash -euo pipefail -c "$script" 2>&1 </dev/null) || wrong="exit status $?"
  verdict "$name" "$output" "$wrong"
}

in_image 'rucio is there (of base-2022)' <<'TEST'
rucio --version
TEST

in_image 'ROOT is there (of root-2022)' -- 6.26 <<'TEST'
root-config --version
TEST

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
