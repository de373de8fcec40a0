# shellcheck shell=bash
# Sourced by every script here: where the tools are, and how a verdict is written down.

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
tools=${JENVC_TOOLS:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/jenvc-consumers}
table=${JENVC_TABLE:-$tools/table}
engine=$tools/engine
export PATH="$tools/venv/bin:$tools/npm/node_modules/.bin:$engine/bin:/usr/sbin:/sbin:$PATH"
export DOCKER_CONFIG="$engine/config" DOCKER_HOST="unix://${JENVC_ENGINE_STATE:-$engine}/run/docker.sock"
mkdir -p "$tools"

# shellcheck disable=SC2034 # for the scripts that source this
# The programs whose artifacts are read: folders with a bake file, a workflow, a ConfigMap.
examples=("$@")
if [ "$#" -eq 0 ]; then
  for folder in "$root"/examples/*/; do
    if [ -d "$folder" ]; then examples+=("${folder%/}"); fi
  done
fi

has() { # PROGRAM
  type -P "$1" >/dev/null
}

note() { # NAME VERSION VERDICT SECONDS: a line of the table
  printf '%s\t%s\t%s\t%s\n' "$1" "$2" "$3" "$4" >>"$table"
}

skip() { # NAME WHY
  echo "skipped: $1: $2"
  note "$1" - "skipped: $2" 0
}

again() { # NAME FILE: what failed is shown behind the table once more, where a long log's middle is left out
  { echo "FAILED: $1"; tail -n 30 "$2" | sed 's/^/    /'; } >>"$table.failed"
}

consumer() { # NAME VERSION COMMAND…: what it prints is shown where it fails
  local name=$1 version=$2 start=$SECONDS log
  shift 2
  log=$(mktemp)
  if "$@" >"$log" 2>&1; then
    note "$name" "$version" passed $((SECONDS - start))
    echo "passed: $name: $(tail -n 1 "$log")"
  else
    note "$name" "$version" FAILED $((SECONDS - start))
    echo "FAILED: $name"
    sed 's/^/    /' "$log" | tail -n 100
    again "$name" "$log"
  fi
  rm -f "$log"
}

control() { # NAME COMMAND…: a broken artifact; who lets it pass would let everything pass
  local name=$1 log
  shift
  log=$(mktemp)
  if "$@" >"$log" 2>&1; then
    note "control: $name" - "FAILED: not noticed" 0
    echo "FAILED: nobody noticed: $name"
    sed 's/^/    /' "$log" | tail -n 20
    again "nobody noticed: $name" "$log"
  else
    note "control: $name" - noticed 0
    echo "noticed: $name: $(grep -v '^ *$' "$log" | grep -iE 'error|warn|DL[0-9]|refuse|reject|unknown|not |->' | head -n 1 | cut -c 1-140)"
  fi
  rm -f "$log"
}
