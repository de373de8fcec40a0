# shellcheck shell=bash
# shellcheck disable=SC2154
# Sourced by the scripts that build for real: a repository made of examples/quickstart for this machine, which has one platform, no
# registry on the internet and no network of its own for containers.

quickstart() { # FOLDER REGISTRY: the sources, compiled by this checkout's jenvc, committed
  cp -r "$root/examples/quickstart" "$1"
  find "$1" -name '*.jenv' -exec sed -i -E \
    -e "s|^( *registry *=) .*|\1 \"$2\"|" \
    -e 's|^( *platforms *=) .*|\1 ["linux/amd64"]|' \
    -e 's|^(output workflow +\{)|\1 attest = false  uses = "./" |' {} +
  git init --quiet --initial-branch main "$1"
  git -C "$1" remote add origin https://github.com/example/environments
  compile "$1"
}

compile() { # FOLDER: jenvc; what it writes is committed
  (cd "$1" && "$root/target/debug/jenvc" build) || return 1
  git -C "$1" add --all
  git -C "$1" -c user.name=test -c user.email=test@example.org commit --quiet --message compiled
}

references() { # FOLDER: every image that its bake file makes
  (cd "$1" && ARCH='' docker buildx bake --progress quiet --print) | jq -r '.target[].tags[0]' | sort
}

host_network() { # FOLDER: a docker in it whose builds use the network of this machine, since its containers have none
  mkdir -p "$1"
  echo '{ "target": { "_common": { "network": "host" } } }' >"$1/network.json" # `--set *.network=host` says nothing to bake 0.29
  cat >"$1/docker" <<SCRIPT
#!/bin/sh
if [ "\$1 \$2" = "buildx bake" ]; then
  shift 2
  exec "$engine/bin/docker" buildx bake --allow network.host --allow "fs.read=$1" --file docker-bake.json --file "$1/network.json" "\$@"
fi
exec "$engine/bin/docker" "\$@"
SCRIPT
  chmod +x "$1/docker"
  export PATH="$1:$PATH"
}
