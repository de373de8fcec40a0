#!/usr/bin/env bash
# A build takes secrets; then every blob of what it made is searched for them: layers, configuration, provenance and SBOM. Attestations
# take an engine with containerd's image store, so one of those runs for as long as this does. The SBOM's scanner is an image of the
# test's own, which writes down the names and texts of files. What leaks on purpose is found.
set -uo pipefail
work=$(mktemp -d)
export JENVC_ENGINE_STATE=$work/engine JENVC_ENGINE_FEATURE=containerd-snapshotter
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

secret=swordfish-$RANDOM$RANDOM
program=$work/program
mkdir -p "$program" "$work/scanner"
end() {
  bash "$here/engine.sh" stop
  rm -rf "$work"
}
trap end EXIT

cat >"$program/main.jenv" <<'JENV'
project demo { registry = "ghcr.io/demo" }

image debian {
  ref = "debian"
  tag = "12"
  user root { uid = 0  gid = 0  home = "/root" }
}

layer lab {
  from debian
  credential token env "TOKEN" from "BUILD_TOKEN"
  credential netrc file "/root/.netrc" from "BUILD_NETRC"
  run "test -n \"$TOKEN\" && echo \"${#TOKEN} letters\" >/told" with token
  run "test -s /root/.netrc && wc -c </root/.netrc >>/told" with netrc
}

output dockerfiles { dir = "images" }
output bake        { path = "docker-bake.json" }
JENV
cat >"$work/scanner/scan" <<'SCRIPT'
#!/bin/sh
# What BuildKit asks of a scanner: docs/attestations/sbom-protocol.md of moby/buildkit.
{
  echo '{"_type":"https://in-toto.io/Statement/v0.1","predicateType":"https://spdx.dev/Document","predicate":{"name":"test","files":['
  find "$BUILDKIT_SCAN_SOURCE" -xdev -newer /scan -type f -size -16k | sort | while read -r file; do
    printf '{"fileName":"%s","comment":"%s"},\n' "${file#"$BUILDKIT_SCAN_SOURCE"}" "$(tr -cd 'a-zA-Z0-9 .-' <"$file" | cut -c 1-200)"
  done
  echo '{"fileName":"end"}]}}'
} >"$BUILDKIT_SCAN_DESTINATION/test.spdx.json"
SCRIPT
chmod +x "$work/scanner/scan"
printf 'FROM debian:12\nCOPY scan /scan\nENTRYPOINT ["/scan"]\n' >"$work/scanner/Dockerfile"

made() { # OPTION…: into $work/image
  rm -rf "$work/image"
  mkdir "$work/image"
  (cd "$program" && BUILD_TOKEN=$secret BUILD_NETRC="machine x login y password $secret" docker buildx bake --progress plain --no-cache \
    --provenance=mode=max --sbom=generator=scanner:latest --set "lab.output=type=oci,dest=$work/image.tar" "$@" lab) >"$work/log" 2>&1 &&
    tar -C "$work/image" -xf "$work/image.tar" && rm "$work/image.tar"
}
leaks() { # the blobs that hold the secret, packed or not
  local blob
  for blob in "$work"/image/blobs/sha256/*; do
    { gzip --decompress --stdout "$blob" 2>/dev/null || cat "$blob"; } | grep --quiet --text --fixed-strings "$secret" && echo "$blob"
  done
}
kept() {
  local kinds
  made || { tail -n 20 "$work/log"; return 1; }
  kinds=$(grep -rhoE --text '"predicateType":"[^"]*"' "$work/image/blobs" | sort -u | wc -l)
  [ "$kinds" = 2 ] || { echo "$kinds kinds of attestations, not 2"; return 1; }
  [ -z "$(leaks)" ] || { echo "the secret is in:"; leaks | xargs head -c 2000; return 1; }
  echo "$(find "$work/image/blobs" -type f | wc -l) blobs, with provenance and SBOM"
}
with_leak() { # LINE: is put into the Dockerfile; fails where the secret is found, as it must be
  sed "/^FROM/a $1" "$program/images/lab/Dockerfile" >"$program/leak"
  cmp -s "$program/leak" "$program/images/lab/Dockerfile" && return
  made --set "lab.dockerfile=leak" --set "lab.args.LEAK=$secret" || { tail -n 5 "$work/log"; return 0; }
  [ -z "$(leaks)" ] || { echo "found, not only where it may be"; return 1; }
}

if ! bash "$here/engine.sh" install || ! bash "$here/engine.sh" start; then skip "secrets of builds" "no engine with containerd's image store starts here"; exit; fi
if ! docker import "$tools/debian12.tar" debian:12 >"$work/log" 2>&1; then skip "secrets of builds" "no base image can be made here"; exit; fi
version="engine $(docker version --format '{{.Server.Version}}')"
if ! cargo build --quiet --manifest-path "$root/Cargo.toml" || ! (cd "$program" && "$root/target/debug/jenvc" build) >"$work/log" 2>&1 ||
  ! docker build --quiet --tag scanner:latest "$work/scanner" >>"$work/log" 2>&1; then
  note "secrets of builds: the program and the scanner" - FAILED 0
  tail -n 20 "$work/log"
  exit
fi
consumer "secrets of builds: in no blob and no attestation" "$version" kept
control "a secret as a build argument" with_leak 'ARG LEAK'
# shellcheck disable=SC2016  # the shell of the build reads it
control "a secret in a file of the image" with_leak 'ARG LEAK\nRUN echo "$LEAK" >/leak'
