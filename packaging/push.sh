#!/usr/bin/env bash
# Puts files into another repository of ours and gives the commit the release's tag: push.sh REPOSITORY TAG FILE=PATH…
# FILE goes to PATH in that repository; what else is there stays. Where nothing differs, nothing is committed.
set -euo pipefail
repository=$1
tag=$2
shift 2

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
git clone --quiet --depth 1 "$repository" "$work/clone"
for pair in "$@"; do
  mkdir -p "$(dirname "$work/clone/${pair#*=}")"
  cp "${pair%%=*}" "$work/clone/${pair#*=}"
done
cd "$work/clone"
git add --all
git diff --cached --quiet || git -c user.name=jenvc -c user.email=jenvc@users.noreply.github.com commit --quiet --message "jenvc ${tag#v}"
git tag "$tag"
git push --quiet --atomic origin HEAD "refs/tags/$tag"
