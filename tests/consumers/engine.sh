#!/usr/bin/env bash
# A Docker engine with a current BuildKit, beside whatever the machine has: its own folder, its own socket.
#   engine.sh install   unpacks it from a newer suite of the machine's own Debian mirror
#   engine.sh start     starts it, and makes the stand-ins for images that FROM lines name
#   engine.sh stop      ends the one that was started here
# JENVC_ENGINE_STATE is another folder for a second engine beside the first; JENVC_ENGINE_FEATURE what it has switched on.
# Debian's stable engine has no `build --check`. The newer suites' binaries run on it, but for runc, which is the machine's.
set -uo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

state=${JENVC_ENGINE_STATE:-$engine}

mirror() {
  { sed -n 's/^URIs: *//p' /etc/apt/sources.list.d/debian.sources; awk '$1 == "deb" { for (i = 2; i <= NF; i++) if ($i ~ /^https?:/) print $i }' /etc/apt/sources.list; } 2>/dev/null |
    head -n 1 | awk '{ print $1 }'
}

unpack() { # SUITE
  local work="$engine/apt-$1" files="$engine/root-$1" address
  address=$(mirror)
  [ -n "$address" ] || return 1
  mkdir -p "$work"/{lists/partial,cache/archives/partial,debs} "$files"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $address $1 main" >"$work/sources.list"
  local options=(-o "Dir::Etc::sourcelist=$work/sources.list" -o Dir::Etc::sourceparts=/dev/null -o "Dir::State::lists=$work/lists"
    -o "Dir::Cache=$work/cache" -o APT::Sandbox::User=root)
  apt-get "${options[@]}" update -qq >/dev/null &&
    (cd "$work/debs" && apt-get "${options[@]}" download -qq "docker.io/$1" "docker-cli/$1" "docker-buildx/$1" "containerd/$1" >/dev/null) &&
    for package in "$work"/debs/*.deb; do dpkg-deb -x "$package" "$files"; done &&
    "$files/usr/sbin/dockerd" --version >/dev/null && "$files/usr/libexec/docker/cli-plugins/docker-buildx" version >/dev/null || return 1
  rm -rf "$work"
  mkdir -p "$engine/bin" "$engine/config/cli-plugins" "$engine/run"
  ln -sf "$files"/usr/sbin/dockerd "$files"/usr/bin/{docker,docker-init,containerd,containerd-shim-runc-v2} "$engine/bin/"
  ln -sf "$files"/usr/sbin/docker-proxy "$engine/bin/" 2>/dev/null
  ln -sf "$files/usr/libexec/docker/cli-plugins/docker-buildx" "$engine/config/cli-plugins/docker-buildx"
}

install() {
  [ -x "$engine/bin/docker" ] && return
  has apt-get && has dpkg-deb && [ "$(id -u)" = 0 ] || { echo "no engine: it takes Debian and root"; return; }
  has runc || DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends runc iptables </dev/null >/dev/null 2>&1 ||
    { apt-get update -qq >/dev/null 2>&1 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends runc iptables </dev/null >/dev/null 2>&1; }
  unpack sid || unpack trixie || { rm -f "$engine/bin/docker"; echo "no engine: no suite gives one that runs here"; }
}

start() {
  [ -x "$engine/bin/dockerd" ] || return 1
  docker version >/dev/null 2>&1 && return
  mkdir -p "$state/run"
  cat >"$state/daemon.json" <<JSON
{"data-root": "$state/data", "exec-root": "$state/exec", "pidfile": "$state/run/docker.pid", "hosts": ["$DOCKER_HOST"],
 "iptables": false, "ip6tables": false, "features": {"${JENVC_ENGINE_FEATURE:-buildkit}": true}}
JSON
  rm -f "$state/run/docker.pid"
  setsid dockerd --config-file "$state/daemon.json" >"$state/run/log" 2>&1 </dev/null &
  echo $! >"$state/run/started"
  for _ in $(seq 1 120); do
    docker version >/dev/null 2>&1 && return
    sleep 0.5
  done
  tail -n 3 "$state/run/log"
  return 1
}

stop() {
  local id
  id=$(cat "$state/run/started" 2>/dev/null) || return 0
  kill "$id" 2>/dev/null
  for _ in $(seq 1 60); do
    kill -0 "$id" 2>/dev/null || break
    sleep 0.5
  done
  rm -f "$state/run/started"
}

"${1:?install, start, stop or mirror}"
