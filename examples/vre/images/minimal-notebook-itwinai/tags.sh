#!/usr/bin/env bash
# Written by jenvc from main.jenv. Change that file, then run `jenvc build`.
# The further tags of minimal-notebook-itwinai, one a line.
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
  probed) image=${2:?the reference of the image} target=${3:-minimal-notebook-itwinai-itwinai-py3-10} ;;
  all) target=${2:-minimal-notebook-itwinai-itwinai-py3-10} ;;
  *) usage ;;
esac

if [ "$1" = all ]; then
  prefix=''
  case $target in
    minimal-notebook-itwinai-itwinai-py3-10) prefix=itwinai-py3.10- ;;
  esac
  {
    printf '%s\n' "${@:3}"
    echo latest
    sha=${GITHUB_SHA:-$(git rev-parse HEAD)} && echo "${sha:0:12}"
    date -u +%F
    echo python-3.10
  } | sed -e '/^$/d' -e "s|^|$prefix|"
  exit
fi

probe() { # NAME PATTERN: the command on standard input; its first line that matches, or the group in it
  local name=$1 pattern=$2 command output line value=''
  command=$(cat)
  output=$("${CONTAINER_ENGINE:-docker}" run --rm "$image" bash -euo pipefail -c "$command" </dev/null)
  while IFS= read -r line; do
    if [[ $line =~ $pattern ]]; then
      value=${BASH_REMATCH[1]:-${BASH_REMATCH[0]}}
      break
    fi
  done <<<"$output"
  value=${value//[!A-Za-z0-9_.-]/-}
  if [ -z "$value" ]; then
    printf 'the tag %s: nothing in this output matches %s\n%s\n' "$name" "$pattern" "$output" >&2
    exit 1
  fi
  echo "$name-${value:0:100}"
}

probe ubuntu '[0-9]+\.[0-9]+' <<'PROBE'
sed -n 's/^VERSION_ID=//p' /etc/os-release
PROBE

probe python '[0-9]+\.[0-9]+\.[A-Za-z0-9_]+' <<'PROBE'
python --version
PROBE

probe mamba '[0-9][A-Za-z0-9_.]*' <<'PROBE'
mamba --version
PROBE

probe conda '[0-9][A-Za-z0-9_.]*' <<'PROBE'
conda --version
PROBE

probe notebook '[0-9][A-Za-z0-9_.]*' <<'PROBE'
jupyter-notebook --version
PROBE

probe lab '[0-9][A-Za-z0-9_.]*' <<'PROBE'
jupyter-lab --version
PROBE

probe hub '[0-9][A-Za-z0-9_.]*' <<'PROBE'
jupyterhub --version
PROBE
