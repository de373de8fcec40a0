#!/usr/bin/env bash
# Written by jenvc from main.jenv. Change that file, then run `jenvc build`.
# The tests of r-notebook: test.sh IMAGE [TARGET]
# TARGET is a target of the bake file.

set -euo pipefail
shopt -s inherit_errexit
cd -- "$(dirname -- "${BASH_SOURCE[0]}")"/../..

IMAGE=${1:?the reference of the image}
export IMAGE
target=${2:-r-notebook-py3-13}
case $target in r-notebook-py3-12 | r-notebook-py3-13) ;; *) echo "$0 has no tests for $target" >&2 && exit 64 ;; esac

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

case $target in r-notebook-py3-12)
in_image 'python is the one asked for (of docker-stacks-foundation)' -- 'Python 3.12.' <<'TEST'
python --version
TEST
;;
esac

in_image 'python is pinned (of docker-stacks-foundation)' -- python <<'TEST'
cat /opt/conda/conda-meta/pinned
TEST

in_image 'runs as the account (of docker-stacks-foundation)' -- jovyan <<'TEST'
id --user --name
TEST

in_image 'the home can be written (of docker-stacks-foundation)' <<'TEST'
touch "${HOME}/work/file"
TEST

in_image 'the kernel is there (of base-notebook)' -- python3 <<'TEST'
jupyter kernelspec list
TEST

in_image 'pandoc is there (of base-notebook)' -- pandoc <<'TEST'
pandoc --version
TEST

in_image 'the server answers (of base-notebook)' <<'TEST'
start-notebook.py &
for _ in $(seq 60); do
  if /etc/jupyter/docker_healthcheck.py; then exit 0; fi
  sleep 1
done
exit 1
TEST

in_image 'notebooks become PDF files (of minimal-notebook)' <<'TEST'
cd "$(mktemp -d)"
python -c 'import nbformat.v4 as v4, nbformat; nbformat.write(v4.new_notebook(cells=[v4.new_markdown_cell("# A title")]), "page.ipynb")'
jupyter nbconvert --to pdf page.ipynb
TEST

in_image 'the R kernel is there (of r-checks)' -- ir <<'TEST'
jupyter kernelspec list
TEST

in_image 'R computes (of r-checks)' -- 10 <<'TEST'
R --slave -e 'cat(sum(1:4))'
TEST

case $target in r-notebook-py3-13)
in_image 'python is the one asked for (of docker-stacks-foundation)' -- 'Python 3.13.' <<'TEST'
python --version
TEST
;;
esac

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
