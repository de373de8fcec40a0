#!/usr/bin/env bash
# The hooks of .pre-commit-hooks.yaml, installed by pre-commit from this checkout, in a repository of the test's own: a clean tree
# passes, an error and a stale artifact stop the commit, and the latter says which command mends it.
set -uo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# pre-commit builds the hooks as a release; here they only have to be right.
export PRE_COMMIT_HOME=$work/cache CARGO_TARGET_DIR=$root/target/pre-commit CARGO_PROFILE_RELEASE_OPT_LEVEL=0 CARGO_PROFILE_RELEASE_LTO=off
export CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16

hooks() { # HOOK…
  local hook
  for hook in "$@"; do (cd "$work/repository" && pre-commit try-repo "$work/jenvc" "$hook" --all-files) || return 1; done
}
restored() {
  git -C "$work/repository" checkout --quiet .
}
clean() { hooks jenvc-check jenvc-fmt jenvc-build; }
wrong() {
  sed -i 's/from lab/from labb/' "$work/repository/main.jenv"
  hooks jenvc-check >"$work/log" 2>&1 && return 1
  restored
  cat "$work/log"
  grep -q 'J02' "$work/log"
}
formatted() {
  sed -i 's/from lab/from   lab/' "$work/repository/main.jenv"
  hooks jenvc-fmt >"$work/log" 2>&1 && return 1
  cat "$work/log"
  git -C "$work/repository" diff --exit-code
}
stale() {
  sed -i 's/title       = "Default"/title       = "Standard"/' "$work/repository/main.jenv"
  hooks jenvc-build >"$work/log" 2>&1 && return 1
  restored
  cat "$work/log"
  grep -q 'jenvc build' "$work/log"
}
by_hand() {
  sed -i '$a # by hand' "$work/repository/docker-bake.json" "$(find "$work/repository/images" -name '*Dockerfile' | head -n 1)"
  hooks jenvc-build >"$work/log" 2>&1 && return 1
  restored
}

has pre-commit || pip install --quiet pre-commit==4.7.0 >/dev/null 2>&1
if ! has pre-commit; then skip "pre-commit" "PyPI's pre-commit can't be installed"; exit; fi
# pre-commit clones what is committed; the tree as it stands is what is looked at.
git clone --quiet --no-hardlinks "$root" "$work/jenvc" 2>/dev/null
(cd "$root" && git ls-files --cached --others --exclude-standard | while read -r file; do if [ -f "$file" ]; then echo "$file"; fi; done |
  tar --create --file - --files-from -) | tar --extract --file - --directory "$work/jenvc"
git -C "$work/jenvc" add --all
git -C "$work/jenvc" -c user.name=test -c user.email=test@example.org commit --quiet --allow-empty --message tree
cp -r "$root/examples/quickstart" "$work/repository"
git init --quiet "$work/repository"
git -C "$work/repository" add --all
git -C "$work/repository" -c user.name=test -c user.email=test@example.org commit --quiet --message start
version="pre-commit $(pre-commit --version | awk '{ print $2 }')"
consumer "pre-commit: a clean tree passes" "$version" clean
consumer "pre-commit: an error stops the commit" "$version" wrong
consumer "pre-commit: files in another style are written anew" "$version" formatted
consumer "pre-commit: a stale artifact stops it, with the way out" "$version" stale
consumer "pre-commit: an artifact changed by hand stops it" "$version" by_hand
