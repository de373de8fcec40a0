#!/usr/bin/env bash
# The steps of the workflow where the registry, the engine or the service that signs gives no answer: they fail, and say that nothing is
# there only where the registry says so. Docker and cosign are played by scripts.
set -uo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
repository=$work/repository
export RUNNER_TEMP=$work/state RECORD=$work ARCH=amd64 GITHUB_REPOSITORY=example/environments
mkdir -p "$work/bin" "$RUNNER_TEMP"
cat >"$work/bin/docker" <<'SCRIPT'
#!/usr/bin/env bash
case "$*" in
  *"imagetools inspect"*)
    for word in "$@"; do case $word in */*) reference=$word ;; esac; done
    if grep -qxF -- "$reference" "$RECORD/registry"; then
      case "$*" in *Manifest*) echo '{ "digest": "sha256:77" }' ;; *--raw*) echo '{}' ;; esac
      exit
    fi
    echo "ERROR: $reference: $(cat "$RECORD/answer")" >&2
    exit 1 ;;
  *"imagetools create"*)
    while [ "$#" -gt 1 ]; do if [ "$1" = --tag ]; then echo "$2" >>"$RECORD/registry"; fi; shift; done ;;
  *--print*)
    if [ -e "$RECORD/no-engine" ]; then exit 1; fi
    jq '.tag as $tag | .target |= (map_values(select(.tags)) | with_entries(.key as $name | .value.tags |= map(split("${")[0] + $tag[$name])
      | if .value.contexts then .value.contexts |= with_entries((.value[7:]) as $below | .key |= split("${")[0] + $tag[$below]) else . end))' docker-bake.json ;;
esac
SCRIPT
cat >"$work/bin/cosign" <<'SCRIPT'
#!/usr/bin/env bash
if [ -e "$RECORD/no-cosign" ]; then exit 1; fi
case $1 in verify) grep -q sha256:77 "$RECORD/signed" ;; sign) echo "$*" >>"$RECORD/signed" ;; esac
SCRIPT
printf '#!/bin/sh\n' >"$work/bin/sleep"
chmod +x "$work/bin"/*
export PATH="$work/bin:$root/target/debug:$PATH"

step() { # WORD…: of the script, in the program's folder
  (cd "$repository" && bash images/ci.sh "$@") >"$work/log" 2>&1
}
answers() { # TEXT: what the registry says of everything
  : >"$work/registry"
  : >"$work/signed"
  echo "$1" >"$work/answer"
}
fails() { # WORDS WORD…: the step fails, and says so
  if step "${@:2}" || ! grep -q -- "$1" "$work/log"; then cat "$work/log"; return 1; fi
}
refused() { # neither is there, nor is it missing
  local answer
  for answer in '403 Forbidden: denied' '401 Unauthorized' 'unexpected status: 429 Too Many Requests' 'toomanyrequests: rate limit' 'connection reset'; do
    answers "$answer"
    if ! fails '::error::' plan lab || ! fails '::error::' merge lab amd64 || [ -s "$work/registry" ]; then
      echo "$answer"
      return 1
    fi
  done
}
missing() { # the registry says so: what has no parent is built, what has one waits for it, a merge ends in red
  answers 'not found'
  step plan lab && grep -qx build=true "$work/log" && fails 'is not built' plan analysis && fails 'is not merged' merge lab amd64
}
unread() { # a request from a fork may not read: it builds
  answers '403 Forbidden: denied'
  PUBLISH=false step plan analysis && grep -qx build=true "$work/log"
}
untested() { # nobody can say which tests there are
  touch "$work/no-engine"
  for word in plan build probe test push merge; do if step "$word" lab image; then rm "$work/no-engine"; echo "$word"; return 1; fi; done
  rm "$work/no-engine"
}
unsigned() { # the next run signs
  answers 'not found'
  jq -r '.tag.lab as $tag | .target.lab.tags[0] | split("${")[0] + $tag + "-amd64"' "$repository/docker-bake.json" >"$work/registry"
  touch "$work/no-cosign" && ! step merge lab amd64 && rm "$work/no-cosign" && step merge lab amd64 && step merge lab amd64 &&
    [ "$(grep -c sha256:77 "$work/signed")" -eq 1 ]
}

has jq || { skip "no answer is no answer" "jq can't be installed"; exit; }
cp -r "$root/examples/quickstart" "$repository"
sed -i 's/^output workflow  *{/& sign = true /' "$repository/main.jenv"
if ! cargo build --quiet --manifest-path "$root/Cargo.toml" || ! (cd "$repository" && jenvc build --quiet) >"$work/log" 2>&1; then
  note "no answer is no answer: quickstart compiles" - FAILED 0
  tail -n 20 "$work/log"
  exit
fi
consumer "no answer is no answer: the registry refuses" - refused
consumer "no answer is no answer: the registry has nothing" - missing
consumer "no answer is no answer: a fork may not read" - unread
consumer "no answer is no answer: no engine" - untested
consumer "no answer is no answer: no signature" - unsigned
