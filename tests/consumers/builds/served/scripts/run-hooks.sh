#!/bin/bash
# Sources the scripts of a folder, and runs its programs.
[ "$#" -eq 1 ] && [ -d "$1" ] || { echo "run-hooks.sh: a folder is wanted, not '$*'" >&2; exit 1; }
for hook in "$1"/*; do
  case ${hook} in
    *.sh) source "${hook}" ;;
    *) if [ -x "${hook}" ]; then "${hook}" || echo "${hook} has failed, going on" >&2; fi ;;
  esac
done
