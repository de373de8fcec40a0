#!/usr/bin/env bash
# Bake files, before Docker's own evaluator; and what it makes of them against the Dockerfiles and the workflow.
set -uo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

if ! docker buildx version >/dev/null 2>&1; then
  skip "bake files" "no buildx can be had here"
  exit
fi

plans() { # FOLDER…: all targets evaluate, their files are there, each parent is linked by the name that its target has
  local folder count=0
  for folder in "$@"; do
    [ -f "$folder/docker-bake.json" ] || continue
    count=$((count + 1))
    (cd "$folder" && ARCH='' docker buildx bake --progress quiet --print) >"$work/plan.json" || return 1
    python3 "$here/bake.py" "$folder" "$work/plan.json" || return 1
  done
  [ "$count" -gt 0 ] && echo "$count bake files"
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
version=$(docker buildx version | awk '{ print $2 }')
first=
for folder in "${examples[@]}"; do
  if [ -z "$first" ] && [ -f "$folder/docker-bake.json" ] && grep -q target: "$folder/docker-bake.json"; then first=$folder; fi
done
if [ -z "$first" ]; then
  skip "bake files" "there are none with a parent"
  exit
fi
consumer "bake files: buildx bake --print" "buildx $version" plans "${examples[@]}"
for broken in syntax link context; do
  cp -r "$first" "$work/$broken"
done
sed -i '0,/"target": {/s//"target": {{/' "$work/syntax/docker-bake.json"
control "bake: a syntax error" plans "$work/syntax"
sed -i '0,/"target:[^"]*"/s//"target:nowhere"/' "$work/link/docker-bake.json"
control "bake: a parent that is no target" plans "$work/link"
sed -i -E '0,/"([^"]*)": "target:/s//"x\1": "target:/' "$work/context/docker-bake.json"
control "bake: a parent under another name" plans "$work/context"
if [ -f "$first/.github/workflows/images.yml" ]; then
  cp -r "$first" "$work/needs"
  # The first job that publishes and needs one.
  awk '/: a job for each image/ { on = 1 } on && !gone && /^    needs: / { gone = 1; next } { print }' \
    "$first/.github/workflows/images.yml" >"$work/needs/.github/workflows/images.yml"
  control "workflow: lost needs" plans "$work/needs"
fi
