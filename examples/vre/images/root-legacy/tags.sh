#!/usr/bin/env bash
# Written by jenvc from main.jenv. Change that file, then run `jenvc build`.
# The further tags of root-legacy, one a line.
#   tags.sh probed IMAGE [TARGET]
#       those that the contents of IMAGE give it
#   tags.sh all [TARGET] [PROBED…]
#       all of TARGET, a target of the bake file: the default cell's bare, the others' behind the name of the cell

set -euo pipefail
shopt -s inherit_errexit
cd -- "$(dirname -- "${BASH_SOURCE[0]}")"/../..

usage() {
  sed -n '2,/^$/s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
  exit 64
}

case ${1:-} in
  probed) image=${2:?the reference of the image} ;;
  all) ;;
  *) usage ;;
esac

if [ "$1" = all ]; then
  prefix=''
  {
    printf '%s\n' "${@:3}"
    echo latest
    sha=${GITHUB_SHA:-$(git rev-parse HEAD)} && echo "${sha:0:12}"
  } | sed -e '/^$/d' -e "s|^|$prefix|"
  exit
fi
: "$image" # nothing is read from it
