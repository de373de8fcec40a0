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

tried() { # as someone would who looks at the hooks before taking them
  (cd "$work/repository" && pre-commit try-repo "$work/jenvc" --all-files)
}
commit() { # MESSAGE
  git -C "$work/repository" add --all
  git -C "$work/repository" -c user.name=test -c user.email=test@example.org commit --message "$1" >"$work/log" 2>&1
}
stopped() { # MESSAGE: the commit of what has been changed is stopped with these words; everything is as before afterwards
  local status=0
  if commit change; then status=1; fi
  cat "$work/log"
  git -C "$work/repository" reset --quiet --hard
  grep -q "$1" "$work/log" && return "$status"
}
wrong() {
  sed -i 's/from lab/from labb/' "$work/repository/main.jenv"
  stopped 'J0201'
}
conflict() {
  sed -i -E 's/httpx +==0.28.1 /httpx ==0.28.1  httpx ==0.27.2 /' "$work/repository/main.jenv"
  stopped 'J0401'
}
formatted() {
  sed -i 's/from lab/from   lab/' "$work/repository/main.jenv"
  commit style && return 1
  cat "$work/log"
  git -C "$work/repository" add --all
  git -C "$work/repository" diff --cached --exit-code
}
stale() {
  sed -i 's/1G\.\.2G/1G..3G/' "$work/repository/main.jenv"
  stopped 'run .jenvc build.'
}
by_hand() {
  sed -i '$a # by hand' "$work/repository/images/lab/Dockerfile"
  stopped 'images/lab/Dockerfile'
}
built() { # what the stale one says mends it
  sed -i 's/1G\.\.2G/1G..3G/' "$work/repository/main.jenv"
  (cd "$work/repository" && "$root/target/debug/jenvc" build) && commit "more memory"
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
cargo build --quiet --manifest-path "$root/Cargo.toml" || exit
consumer "pre-commit: try-repo on a clean tree" "$version" tried
{
  printf 'repos:\n  - repo: %s\n    rev: %s\n    hooks:\n' "$work/jenvc" "$(git -C "$work/jenvc" rev-parse HEAD)"
  printf '      - id: %s\n' jenvc-check jenvc-fmt jenvc-build
} >"$work/repository/.pre-commit-config.yaml"
(cd "$work/repository" && pre-commit install) >/dev/null
consumer "pre-commit: a clean tree is committed" "$version" commit "hooks"
consumer "pre-commit: an error stops the commit" "$version" wrong
consumer "pre-commit: a conflict stops it" "$version" conflict
consumer "pre-commit: files in another style are written anew" "$version" formatted
consumer "pre-commit: a stale artifact stops it, with the way out" "$version" stale
consumer "pre-commit: an artifact changed by hand stops it" "$version" by_hand
consumer "pre-commit: after jenvc build it is committed" "$version" built
