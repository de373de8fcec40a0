#!/usr/bin/env bash
# The hooks in a repository of the test's own, run by pre-commit and by prek: those of packaging/pre-commit, which install the wheel that
# wheels.sh has built, and those of this checkout, which compile. A clean tree passes; an error, a conflict and a stale artifact stop the
# commit, and the latter says which command mends it.
set -uo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
links=$work/links
export PRE_COMMIT_HOME=$work/cache PREK_HOME=$work/prek UV_CACHE_DIR=$work/uv

repository() { # FOLDER FILE…: a repository of these files, relative to the current folder
  mkdir -p "$1" && tar --create --file - "${@:2}" | tar --extract --file - --directory "$1"
  git init --quiet "$1"
  save "$1" start
}
save() { # FOLDER MESSAGE
  git -C "$1" add --all
  git -C "$1" -c user.name=test -c user.email=test@example.org commit --allow-empty --message "$2"
} >"$work/log" 2>&1
tried() { # HOOKS: as someone would who looks at the hooks before taking them
  local TIMEFORMAT='%R s, %U s of the processor'
  time (cd "$work/tree" && "$tool" try-repo "$1" --all-files)
}
again() {
  git -C "$work/tree" reset --quiet --hard
}
stopped() { # WORDS: the commit of what has been changed is stopped with these words; everything is as before afterwards
  local status=0
  if save "$work/tree" change; then status=1; fi
  cat "$work/log"
  again
  grep -q "$1" "$work/log" && return "$status"
}
wrong() {
  sed -i 's/from lab/from labb/' "$work/tree/main.jenv"
  stopped 'J0201'
}
conflict() {
  sed -i -E 's/httpx +==0.28.1 /httpx ==0.28.1  httpx ==0.27.2 /' "$work/tree/main.jenv"
  stopped 'J0401'
}
conflict_in_a_list() { # only the file of requirements is changed
  echo 'httpx==0.27.2' >"$work/tree/requirements.txt"
  stopped 'J0401'
}
formatted() {
  sed -i 's/from lab/from   lab/' "$work/tree/main.jenv"
  save "$work/tree" style && return 1
  cat "$work/log"
  git -C "$work/tree" add --all
  git -C "$work/tree" diff --cached --exit-code
}
stale() {
  sed -i 's/1G\.\.2G/1G..3G/' "$work/tree/main.jenv"
  stopped 'run .jenvc build.'
}
by_hand() {
  sed -i '$a # by hand' "$work/tree/images/lab/Dockerfile"
  stopped 'images/lab/Dockerfile'
}
built() { # what the stale one says mends it
  sed -i 's/1G\.\.2G/1G..3G/' "$work/tree/main.jenv"
  (cd "$work/tree" && "$root/target/debug/jenvc" build) && save "$work/tree" "more memory"
}
program() { # the quickstart, with a file of requirements
  local files
  rm -rf "$work/tree"
  cp -r "$root/examples/quickstart" "$work/quickstart"
  echo 'httpx==0.28.1' >"$work/quickstart/requirements.txt"
  sed -i 's/^  pip {$/  pip file "requirements.txt"\n  pip {/' "$work/quickstart/main.jenv"
  cd "$work/quickstart" && "$root/target/debug/jenvc" build --quiet && mapfile -t files < <(ls -A) && repository "$work/tree" "${files[@]}"
  cd "$work" && rm -rf "$work/quickstart"
}
configured() { # HOOKS
  printf 'repos:\n  - repo: %s\n    rev: %s\n    hooks:\n' "$1" "$(git -C "$1" rev-parse HEAD)"
  printf '      - id: %s\n' jenvc-fmt jenvc-check jenvc-build
} >"$work/tree/.pre-commit-config.yaml"
series() { # of one tool, with the hooks that install the wheel
  local version
  version="$tool $("$tool" --version | awk '{ print $2 }')"
  program
  consumer "$tool: try-repo on a clean tree" "$version" tried "$work/hooks"
  configured "$work/hooks"
  (cd "$work/tree" && "$tool" install) >/dev/null 2>&1
  consumer "$tool: a clean tree is committed" "$version" save "$work/tree" "hooks"
  consumer "$tool: an error stops the commit" "$version" wrong
  consumer "$tool: a conflict stops it" "$version" conflict
  consumer "$tool: a conflict in a file of requirements stops it" "$version" conflict_in_a_list
  consumer "$tool: files in another style are written anew" "$version" formatted
  consumer "$tool: a stale artifact stops it, with the way out" "$version" stale
  consumer "$tool: an artifact changed by hand stops it" "$version" by_hand
  consumer "$tool: after jenvc build it is committed" "$version" built
}

if ! has pre-commit || ! has prek; then skip "pre-commit" "PyPI's pre-commit and prek can't be installed"; exit; fi
cargo build --quiet --manifest-path "$root/Cargo.toml" || exit

# The wheel is the only thing that a hook installs, and setuptools makes the empty package around it.
if ls "$root/target/dist"/*manylinux*_x86_64.whl >/dev/null 2>&1 && python3 -m pip download --quiet --dest "$links" setuptools; then
  cp "$root/target/dist"/*.whl "$links/"
  export PIP_NO_INDEX=1 PIP_FIND_LINKS=$links UV_NO_INDEX=1 UV_FIND_LINKS=$links
  (cd "$root/packaging/pre-commit" && repository "$work/hooks" .)
  for tool in pre-commit prek; do series; done
else
  skip "pre-commit: hooks that install the wheel" "there is no wheel"
fi

# A hook that compiles does so as a release; here it only has to be right.
export CARGO_TARGET_DIR=$root/target/pre-commit CARGO_PROFILE_RELEASE_OPT_LEVEL=0 CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16
# The tree as it is, not as it was committed.
(cd "$root" && git ls-files --cached --others --exclude-standard | while read -r file; do if [ -f "$file" ]; then echo "$file"; fi; done >"$work/files" &&
  repository "$work/jenvc" --files-from "$work/files")
tool=pre-commit
program
consumer "pre-commit: the hooks that compile, on a clean tree" "pre-commit $(pre-commit --version | awk '{ print $2 }')" tried "$work/jenvc"
