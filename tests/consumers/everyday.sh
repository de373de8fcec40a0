#!/usr/bin/env bash
# What the everyday tools print, read by those who read it at our users': Graphviz, an XML parser, the shells, groff.
set -uo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

jenvc() {
  "$root/target/debug/jenvc" "$@"
}
graphs() { # FORMAT COMMAND…: the graph of every example
  local format=$1 folder
  shift
  for folder in "${examples[@]}"; do
    # One example is wrong on purpose, and is not drawn.
    if [ ! -f "$folder/main.jenv" ] || ! jenvc check --quiet "$folder" >/dev/null; then continue; fi
    jenvc graph --quiet --format "$format" "$folder" 2>/dev/null | "$@" || return 1
  done
}
graphviz() { graphs dot dot -Tsvg -o /dev/null; }
drawings() { graphs svg python3 -c 'import sys, xml.etree.ElementTree as tree; tree.parse(sys.stdin)'; }
completions() { # SHELL: the script is read, not run
  jenvc completions "$1" >"$work/jenvc.$1" && "$1" -n "$work/jenvc.$1"
}
pages() {
  local page said
  jenvc man "$work/man1" || return 1
  for page in "$work"/man1/*.1; do
    said=$(groff -man -Tutf8 -ww "$page" 2>&1 >/dev/null)
    if [ -n "$said" ]; then
      echo "$page: $said"
      return 1
    fi
  done
}

[ -x "$root/target/debug/jenvc" ] || cargo build --quiet --manifest-path "$root/Cargo.toml"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for package in graphviz zsh fish groff; do
  program=$package
  [ "$package" = graphviz ] && program="dot"
  has "$program" || DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$package" </dev/null >/dev/null 2>&1
done
if has dot; then consumer "graph: Graphviz draws it" "$(dot -V 2>&1 | awk '{ print $5 }')" graphviz; else skip "graph" "no Graphviz"; fi
consumer "graph: SVG is XML" "$(python3 --version | awk '{ print $2 }')" drawings
for shell in bash zsh fish; do
  if has "$shell"; then consumer "completions: $shell reads them" "$("$shell" --version | head -n 1 | grep -o '[0-9][0-9.]*' | head -n 1)" completions "$shell"; else skip "completions" "no $shell"; fi
done
if has groff; then consumer "manual pages: groff" "$(groff --version | grep -o '[0-9][0-9.]*' | head -n 1)" pages; else skip "manual pages" "no groff"; fi
