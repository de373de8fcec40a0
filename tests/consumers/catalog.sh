#!/usr/bin/env bash
# Catalogues: the page for browsers in Debian's Chromium and before html-validate, the one in Markdown before GitHub's parser.
set -uo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mapfile -t written < <(find "${examples[@]}" \( -name '*.html' -o -name '*.md' \) -print0 | xargs -0 -r grep -l 'Written by jenvc from ' | sort)
# A program whose texts try to break out of both pages is read as well.
cp -r "$here/catalog/hostile" "$work/hostile"
"$root/target/debug/jenvc" build "$work/hostile" >/dev/null 2>&1
pages=("$work/hostile/environments.html")
texts=("$work/hostile/environments.md")
for file in "${written[@]}"; do
  case $file in *.html) pages+=("$file") ;; *) texts+=("$file") ;; esac
done

each() { # COMMAND FILE…
  local command=$1 file bad=0
  shift
  for file in "$@"; do "$command" "$file" || bad=1; done
  return "$bad"
}
browser() { JENVC_NODE="$tools/npm/package.json" CHROMIUM=$(type -P chromium) node "$here/catalog/page.mjs" "$1"; }
valid() { html-validate --config "$here/catalog/html-validate.json" "$1"; }
forge() { python3 "$here/catalog/markdown.py" "$1"; }
broken() { # FILE NAME SED-SCRIPT: a copy with a fault
  local copy=$work/$2.${1##*.}
  sed -E "$3" "$1" >"$copy"
  if cmp -s "$1" "$copy"; then echo "the fault $2 could not be made" >&2; fi
}

has chromium || DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium </dev/null >/dev/null 2>&1
if has chromium && has node && [ -d "$tools/npm/node_modules/playwright-core" ]; then
  consumer "catalogues: a browser" "$(chromium --version --no-sandbox 2>/dev/null | cut -d ' ' -f 1,2)" each browser "${pages[@]}"
  broken "${pages[0]}" search 's/row\.node\.hidden = narrow/row.node.hidden = false/'
  control "a browser: a search that narrows nothing" browser "$work/search.html"
  broken "${pages[0]}" contrast 's/--quiet: #5a606b/--quiet: #c5c8ce/'
  control "a browser: letters too pale to read" browser "$work/contrast.html"
  broken "${pages[0]}" loads 's|default-src .none.;|default-src *;|; s|<main>|<main><img src="https://example.org/x.png" alt="">|'
  control "a browser: a picture from elsewhere" browser "$work/loads.html"
  broken "${pages[0]}" escape 's|&lt;img src=x onerror=hacked=1&gt;|<img src="data:," onerror="hacked=1" alt="">|'
  control "a browser: a text that runs" browser "$work/escape.html"
else
  skip "catalogues: a browser" "Debian's chromium or npm's playwright-core can't be installed"
fi
if has html-validate; then
  consumer "catalogues: html-validate" "$(html-validate --version | awk '{ print $NF }')" each valid "${pages[@]}"
  broken "${pages[0]}" element 's|</article>||'
  control "html-validate: an element without an end" valid "$work/element.html"
else
  skip "catalogues: html-validate" "npm's html-validate can't be installed"
fi
if python3 -c 'import cmarkgfm' 2>/dev/null; then
  consumer "catalogues: GitHub's Markdown" "cmarkgfm $(python3 -c 'import importlib.metadata as m; print(m.version("cmarkgfm"))')" each forge "${texts[@]}"
  broken "${texts[0]}" escape 's/\\<select/<select/'
  control "GitHub's Markdown: a text that is an element" forge "$work/escape.md"
  broken "${texts[0]}" link 's/\]\(#/](#no-/'
  control "GitHub's Markdown: a link that leads nowhere" forge "$work/link.md"
else
  skip "catalogues: GitHub's Markdown" "PyPI's cmarkgfm can't be installed"
fi
