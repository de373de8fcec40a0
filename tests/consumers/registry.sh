#!/usr/bin/env bash
# A registry on this machine, for everybody or for one user: registry.sh start PORT [USER PASSWORD] | stop PORT
set -uo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

folder=$tools/registry-${2:-}
case ${1:-} in
  start)
    has docker-registry || DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends docker-registry </dev/null >/dev/null 2>&1
    has docker-registry || exit 1
    rm -rf "$folder"
    mkdir -p "$folder"
    cat >"$folder/config.yml" <<YAML
version: 0.1
storage: { filesystem: { rootdirectory: $folder/data } }
http: { addr: "127.0.0.1:$2" }
log: { level: warn }
YAML
    if [ -n "${3:-}" ]; then
      python3 -W ignore -c 'import crypt, sys; print(sys.argv[1] + ":" + crypt.crypt(sys.argv[2], crypt.mksalt(crypt.METHOD_BLOWFISH, rounds=16)))' "$3" "$4" >"$folder/users" || exit 1
      echo "auth: { htpasswd: { realm: test, path: $folder/users } }" >>"$folder/config.yml"
    fi
    setsid docker-registry serve "$folder/config.yml" >"$folder/log" 2>&1 </dev/null &
    echo $! >"$folder/started"
    for _ in $(seq 1 40); do
      curl --silent --output /dev/null "http://127.0.0.1:$2/v2/" && exit
      sleep 0.25
    done
    exit 1
    ;;
  stop)
    if [ -f "$folder/started" ]; then
      kill "$(cat "$folder/started")" 2>/dev/null
      rm -rf "$folder"
    fi
    ;;
  *) exit 64 ;;
esac
