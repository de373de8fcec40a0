#!/usr/bin/env bash
# The images of examples/quickstart are built, on stand-ins for the images below them: by BuildKit from the bake file in one go,
# by buildah Dockerfile after Dockerfile. The program's tests run inside, the result is not root's and names its parent.
set -uo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=quickstart.sh
. "$here/quickstart.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
repository=$work/repository

with_buildkit() {
  (cd "$repository" && docker buildx bake --progress plain --load) || return 1
  local reference
  while read -r reference; do
    docker image inspect --format '{{.Config.User}}' "$reference" | grep -vqxE '(root|0)?(:.*)?' || { echo "$reference runs as root"; return 1; }
  done < <(references "$repository")
  echo "$(references "$repository" | wc -l) images"
}

tested() { # every script of tests, in every image that it is for
  local target reference file count=0
  while read -r target reference file; do
    file=$repository/$(dirname "$file")/test.sh
    [ -f "$file" ] || continue
    bash "$file" "$reference" "$target" || return 1
    count=$((count + 1))
  done < <(jq -r '.target | to_entries[] | "\(.key) \(.value.tags[0]) \(.value.dockerfile)"' "$work/plan.json")
  [ "$count" -gt 0 ] && echo "tests of $count images"
}

parents() { # the label of each result against the graph
  local reference parent label count=0
  while read -r reference parent; do
    label=$(docker image inspect --format '{{index .Config.Labels "org.opencontainers.image.base.name"}}' "$reference")
    [ "$label" = "$parent" ] || { echo "$reference says that it stands on $label, not on $parent"; return 1; }
    count=$((count + 1))
  done < <(jq -r '.target[] | .tags[0] as $tag | (.contexts // {}) | keys[] | "\($tag) \(.)"' "$work/plan.json")
  [ "$count" -gt 0 ] && echo "$count parents"
}

in_order() { # the targets of the plan, parents first
  jq -r '.target | to_entries[] | .key as $key | ((.value.contexts // {})[] | ltrimstr("target:") + " " + $key), "\($key) \($key)"' "$work/plan.json" | tsort
}

with_buildah() {
  local target reference file args
  while read -r target; do
    reference=$(jq -r --arg t "$target" '.target[$t].tags[0]' "$work/plan.json")
    file=$(jq -r --arg t "$target" '.target[$t].dockerfile' "$work/plan.json")
    mapfile -t args < <(jq -r --arg t "$target" '.target[$t].args // {} | to_entries[] | "--build-arg=\(.key)=\(.value)"' "$work/plan.json")
    (cd "$repository" && env -u DOCKER_CONFIG buildah bud --isolation chroot --network host --pull-never --layers "${args[@]}" \
      --tag "$reference" --file "$file" .) || return 1
  done < <(in_order)
  echo "$(in_order | wc -l) images"
}

if ! bash "$here/engine.sh" start; then skip "images are built" "no engine starts here"; exit; fi
if ! bash "$here/base_images.sh" docker; then skip "images are built" "no base image can be made here"; exit; fi
host_network "$work/bin"
if ! cargo build --quiet --manifest-path "$root/Cargo.toml" || ! quickstart "$repository" localhost/example >"$work/log" 2>&1; then
  note "images are built: quickstart compiles" - FAILED 0
  tail -n 20 "$work/log"
  exit
fi
(cd "$repository" && ARCH='' docker buildx bake --progress quiet --print) >"$work/plan.json"
consumer "images are built: BuildKit, from the bake file" "engine $(docker version --format '{{.Server.Version}}')" with_buildkit
consumer "images are built: the program's tests inside" - tested
consumer "images are built: each names its parent" - parents
has buildah || DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends buildah </dev/null >/dev/null 2>&1
if has buildah && bash "$here/base_images.sh" buildah; then
  consumer "images are built: buildah" "$(buildah --version | awk '{ print $3 }')" with_buildah
else
  skip "images are built: buildah" "Debian's buildah can't be installed"
fi
