has() { # REF: succeeds where the registry has it, fails where it says that it has not
  local answer pause
  for pause in 2 8 20 60 0; do
    if answer=$(docker buildx imagetools inspect "$1" 2>&1 >/dev/null </dev/null); then
      return 0
    fi
    case $answer in
      *"not found"* | *"manifest unknown"* | *"name unknown"*) return 1 ;;
      # How registries speak of a repository that is not there yet. If it is there and locked, the push will say so.
      *"401 Unauthorized"* | *"403 Forbidden"* | *denied* | *insufficient_scope*) return 1 ;;
    esac
    echo "no answer about $1: $answer" >&2
    sleep "$pause"
  done
  # Neither "there" nor "not there": to build now would rebuild everything, to go on would skip what is missing.
  echo "::error::the registry did not answer about $1: ${answer//$'\n'/ }" >&2
  exit 1
}

again() { # COMMAND…: once more, and once more
  "$@" || { sleep 10 && "$@"; } || { sleep 30 && "$@"; }
}

output() { # NAME VALUE: for the later steps of the job
  echo "$1=$2" | tee -a "${GITHUB_OUTPUT:-/dev/null}"
}

summary() { # TEXT: for the page of the run
  echo "$1" | tee -a "${GITHUB_STEP_SUMMARY:-/dev/null}"
}

graph() { # the bake target and all that it stands on, as JSON
  ARCH='' docker buildx bake --file "$bake_file" --progress quiet --print "$target"
}

link_parents() { # GRAPH TARGET: a parent that the registry has is pulled, one that it has not is built in the same graph
  local parent below links
  links=$(jq -r --arg target "$2" \
    '.target[$target].contexts // {} | to_entries[] | select(.value | startswith("target:")) | "\(.key) \(.value[7:])"' <<<"$1")
  while read -r parent below; do
    if [ -z "$parent" ]; then
      continue
    elif has "$parent-$ARCH"; then
      echo "--set=$2.contexts.$parent=docker-image://$parent-$ARCH"
    elif has "$parent"; then
      echo "--set=$2.contexts.$parent=docker-image://$parent"
    else
      link_parents "$1" "$below"
    fi
  done <<<"$links"
}

plan() {
  local all
  all=$(graph)
  ref=$(jq -r --arg target "$target" '.target[$target].tags[0]' <<<"$all")
  output ref "$ref-$ARCH"
  if has "$ref-$ARCH" || has "$ref"; then
    summary "$ref is there already"
    output build false
  else
    link_parents "$all" "$target" >"$state/parents"
    output build true
  fi
}

bake() { # OPTION…
  local all parents cache=()
  all=$(graph)
  ref=$(jq -r --arg target "$target" '.target[$target].tags[0]' <<<"$all")
  mapfile -t parents <"$state/parents"
  if [ "$keep_cache" = true ]; then
    cache=("--set=$target.cache-from=type=registry,ref=${ref%:*}:cache-$target-$ARCH")
  fi
  docker buildx bake --file "$bake_file" --progress plain --set "*.platform=linux/$ARCH" --set "$target.tags=$ref-$ARCH" \
    "${cache[@]}" "${parents[@]}" "$@" "$target"
}

push() {
  local options=("${push_options[@]}")
  if [ "$keep_cache" = true ]; then
    ref=$(graph | jq -r --arg target "$target" '.target[$target].tags[0]')
    options+=("--set=$target.cache-to=type=registry,ref=${ref%:*}:cache-$target-$ARCH,mode=max")
  fi
  again bake "--set=$target.output=type=registry,oci-mediatypes=true" "${options[@]}"
}

script() { # NAME: the script of the target's image, where it has one
  local folder
  folder=$(graph | jq -r --arg target "$target" '.target[$target].dockerfile' | xargs dirname)
  if [ -f "$folder/$1" ]; then echo "$folder/$1"; fi
}

run_tests() {
  local file
  file=$(script test.sh)
  if [ -n "$file" ]; then bash "$file" "$1" "$target"; else echo "no tests"; fi
}

probe() {
  local file
  file=$(script tags.sh)
  if [ -n "$file" ]; then bash "$file" probed "$1" "$target"; fi
}

probed_tags() { # ARCH…: what the build jobs read from their images, as far as all platforms agree
  local arch file all=()
  for arch in "$@"; do
    file="$state/tags/$target.$arch.txt"
    if [ -f "$file" ]; then all+=("$file"); fi
  done
  if [ "${#all[@]}" -eq 0 ]; then
    probe "$ref-$1"     # built in an earlier run that did not come to its end
    return
  fi
  sort "${all[@]}" | uniq -c | while read -r count tag; do
    if [ "$count" -eq "${#all[@]}" ]; then
      echo "$tag"
    else
      echo "::warning::$ref: the platforms do not agree on the tag $tag, it is left out" >&2
    fi
  done
}

merge() { # ARCH…
  local arch probed file tags=() sources=()
  ref=$(graph | jq -r --arg target "$target" '.target[$target].tags[0]')
  if has "$ref"; then
    probed=$(docker buildx imagetools inspect --raw "$ref" | jq -r '.annotations["jenv.tags"] // "unknown"')
    if [ "$probed" = unknown ]; then probed=$(probe "$ref" | paste -sd ' ' -); fi
  else
    for arch in "$@"; do
      if ! has "$ref-$arch"; then
        summary "$ref is not merged: its build for $arch has not come through"
        return 0
      fi
      sources+=("$ref-$arch")
    done
    probed=$(probed_tags "$@" | paste -sd ' ' -)
    again docker buildx imagetools create --tag "$ref" --annotation "index:jenv.tags=$probed" "${sources[@]}"
    summary "$ref is new"
    if [ "$sign" = true ]; then
      again cosign sign --yes "${ref%:*}@$(docker buildx imagetools inspect --format '{{json .Manifest}}' "$ref" | jq -r .digest)"
    fi
  fi
  # Further tags are moved for unchanged images, too: a change that was taken back takes its tags back.
  file=$(script tags.sh)
  if [ -n "$file" ]; then
    # shellcheck disable=SC2086 # a list of words
    mapfile -t tags < <(bash "$file" all "$target" $probed | sed "s|^|--tag=${ref%:*}:|")
    if [ "${#tags[@]}" -gt 0 ]; then
      again docker buildx imagetools create "${tags[@]}" "$ref"
    fi
  fi
}

login() { # HOST
  again docker login "$1" --username "$USERNAME" --password-stdin <<<"$PASSWORD"
}

published() { # the images of the bake file that the registry has, one a line
  ARCH='' docker buildx bake --file "$bake_file" --progress quiet --print | jq -r '.target[].tags[0] // empty' | sort -u | while read -r ref; do
    if has "$ref"; then echo "$ref"; fi
  done
}

rebuild() { # PROGRAM [published]: moves the slots of `rebuild` to today's, commits what follows, starts the run that builds it
  local options=() what
  if [ "${2:-}" = published ]; then     # what no build has pushed is no release
    published >"$state/published"
    options=(--published "$state/published")
  fi
  jenvc update "${options[@]}" "$1"
  jenvc build "$1"
  git add --all .
  if git diff --cached --quiet; then
    summary "nothing has moved"
    return
  fi
  what="Rebuild for $(date --utc +%F)"
  if git diff --cached --quiet -- . ':!jenv.lock'; then what="Write down the releases of $(date --utc +%F)"; fi
  git -c user.name='github-actions[bot]' -c user.email='41898282+github-actions[bot]@users.noreply.github.com' \
    commit --quiet --message "$what"
  gh auth setup-git
  git push origin "HEAD:$GITHUB_REF_NAME"
  if [[ $what == Write* ]]; then return; fi
  # What a run's own token pushes starts no other run.
  gh workflow run "$WORKFLOW" --ref "$GITHUB_REF_NAME"
}

free_disk() { # what GitHub's runners hold and no image build needs, some 20 GB
  if [ "${RUNNER_ENVIRONMENT:-}" != github-hosted ]; then
    echo "not a runner of GitHub's: nothing is removed"
    return
  fi
  sudo rm -rf /usr/share/dotnet /usr/share/swift /usr/local/lib/android /usr/local/.ghcup /opt/ghc /opt/hostedtoolcache/CodeQL
  df -h /
}

command=${1:-}
target=${2:-}
case $command in
  plan | push) "$command" ;;
  build) bake --load ;;
  test) run_tests "$3" ;;
  probe) probe "$3" ;;
  merge) merge "${@:3}" ;;
  login) login "$target" ;;
  free-disk) free_disk ;;
  rebuild) rebuild "$target" ;;
  releases) rebuild "$target" published ;;
  *)
    sed -n '2,/^$/s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
    exit 64
    ;;
esac
