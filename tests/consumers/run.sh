#!/usr/bin/env bash
# Hands every artifact of every example to the programs that will read it at our users', and prints what they say.
#   run.sh [FOLDER…]    the programs to look at; all of examples/ where none is given
# A tool that can't be installed is skipped with a line. Exit status 1 where one refuses, or lets a broken artifact pass.
set -uo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

own_table=${JENVC_TABLE:-}
[ -n "$own_table" ] || { : >"$table"; rm -f "$table.failed"; }
bash "$here/install.sh"
if [ "$#" -eq 0 ]; then # it takes minutes, of which most are those of one core
  nice bash "$here/wheels.sh" >"$tools/wheels.log" 2>&1 &
  wheels=$!
fi
if [ "${#examples[@]}" -eq 0 ]; then
  note "examples" - "FAILED: there are none" 0
fi
for script in dockerfiles bake workflows hub catalog everyday; do
  bash "$here/$script.sh" "${examples[@]}"
done
if [ "$#" -eq 0 ]; then # these have programs of their own
  for script in images conflict packages pins lock releases refusals act secrets; do
    bash "$here/$script.sh"
  done
  bash "$here/builds.sh"
  wait "$wheels"
  cat "$tools/wheels.log"
  for script in ship action pre_commit; do # these install what has been built
    bash "$here/$script.sh"
  done
fi
if [ -f "$here/versions/run.sh" ]; then
  consumer "version schemes against their own libraries" - bash "$here/versions/run.sh"
fi
bash "$here/engine.sh" stop
[ -n "$own_table" ] || bash "$here/table.sh"
