#!/usr/bin/env bash
# The page on which people pick, in a browser: KubeSpawner's form and that of fancy-profiles show every entry of every menu.
#   browser.sh picture CONFIGMAP OUT.png    the picture of the first, as it stands in an example's README
set -uo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
browse() {
  timeout 90 chromium --headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-component-update \
    --disable-sync --user-data-dir="$work/profile" --hide-scrollbars --window-size=900,1780 "$@" 2>/dev/null
}
shown() { # FLAG CONFIGMAP…: the titles in the page as the browser has it after its scripts
  local flag=$1 file title count=0
  shift
  for file in "$@"; do
    python3 "$here/hub/page.py" "$file" "$work/page.html" ${flag:+"$flag"} || return 1
    browse --virtual-time-budget=5000 --dump-dom "file://$work/page.html" | sed '/window.profileList/d' >"$work/dom"
    while read -r title; do
      grep -qF ">$title<" "$work/dom" || { echo "$file: \"$title\" is not on the page"; return 1; }
      count=$((count + 1))
    done < <(sed -n 's/^ *- display_name: "\(.*\)"$/\1/p' "$file")
  done
  [ "$count" -gt 0 ] && echo "$count entries"
}

if [ "${1:-}" = picture ]; then
  python3 "$here/hub/page.py" "$2" "$work/page.html" && browse --screenshot="$(realpath -m "$3")" "file://$work/page.html"
  exit
fi
mapfile -t files < <(find "${examples[@]}" -name 'jhub-profiles.yaml' | sort)
has chromium || DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core </dev/null >/dev/null 2>&1
if ! has chromium; then skip "the menu in a browser" "Debian's chromium can't be installed"; exit; fi
if [ "${#files[@]}" -eq 0 ]; then skip "the menu in a browser" "there is none"; exit; fi
version=$(chromium --version 2>/dev/null | awk '{ print $1, $2 }')
consumer "the menu in a browser: KubeSpawner's form" "$version" shown "" "${files[@]}"
if python3 -c 'import jupyterhub_fancy_profiles' 2>/dev/null; then
  consumer "the menu in a browser: fancy-profiles" "$version" shown --fancy "${files[@]}"
else
  skip "the menu in a browser: fancy-profiles" "PyPI's jupyterhub-fancy-profiles can't be installed"
fi
