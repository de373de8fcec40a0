#!/usr/bin/env bash
# Written by jenvc from main.jenv. Change that file, then run `jenvc build`.
# The steps of the workflow, each a word, for one target of the bake file and the platform in ARCH:
#   plan TARGET         asks the registry what it has: the image, its parents, the tests that it has passed
#   build TARGET        builds what is missing and loads it into the engine
#   test TARGET IMAGE   runs the tests of the target in IMAGE
#   probe TARGET IMAGE  prints the tags that the contents of IMAGE give it
#   push TARGET         pushes what was built and tested under its tag with -ARCH
#   tested TARGET       writes down that an image of the registry has passed its tests
#   merge TARGET ARCH…  puts the platforms under one name, signs it, moves the further tags
#   login HOST          logs in with USERNAME and PASSWORD, in a folder of the job
#   clean TARGET        takes the login and the images of the job off the machine
#   free-disk           removes what a runner holds and no build needs
#   touched             says whether a pull request changes what images are made from
#   rebuild PROGRAM     moves `rebuild` to today, commits what follows and starts its run
#   releases PROGRAM    the same; before that, writes down what the menus name and the registry has
#                       PUBLISH=false: nothing will be pushed, so what may not be read is built

set -euo pipefail
shopt -s inherit_errexit
cd -- "$(dirname -- "${BASH_SOURCE[0]}")"/..

bake_file=docker-bake.json
push_options=(--provenance=mode=max --sbom=generator=docker/buildkit-syft-scanner:1.11.0@sha256:79e7b013cbec16bbb436f312819a49a4a57752b2270c1a9332ae1a10fcc82a68)
keep_cache=false
sign=false
commits=push
upgrade=false
# Targets that no job builds.
by_hand='  '
# Whether the registry refuses to look for what is not there.
hides_absent=false
# What images are made from, for git.
paths=(
  ':(top,glob)**/*.jenv'
  ':(top,glob).github/workflows/images*.yml'
  ':(top,glob)docker-bake.json'
  ':(top,glob)images/**'
)
publish=${PUBLISH:-true}
export REVISION=${REVISION:-${GITHUB_SHA:-}}
if [ -z "${ARCH:-}" ]; then
  case $(uname -m) in aarch64 | arm64) ARCH=arm64 ;; *) ARCH=amd64 ;; esac
fi
# Where one step leaves something for the next.
state=${RUNNER_TEMP:-.jenv}
mkdir -p "$state"

fail() { # TEXT: the job ends here, and its page says why
  echo "::error::${1//$'\n'/ }" >&2
  exit 1
}

# The answers of functions are assigned before they are looked at: in a condition, a failure within would be passed over.
ask() { # REF OPTION…: what the registry has under REF; nothing where it says that it is not there, and only then
  local answer pause
  for pause in 2 8 20 60 0; do
    if answer=$(docker buildx imagetools inspect "${@:2}" "$1" 2>"$state/refusal" </dev/null); then
      echo "${answer:-there}"
      return
    fi
    answer=$(<"$state/refusal")
    case $answer in
      *"429 "* | *toomanyrequests* | *"ate limit"*) ;;
      *"401 "* | *"403 "* | *denied* | *insufficient_scope* | *nauthorized*)
        refused "$1" "$answer"
        return
        ;;
      *"not found"* | *"manifest unknown"* | *"name unknown"*) return ;;
    esac
    echo "no answer about $1: $answer" >&2
    sleep "$pause"
  done
  # Neither "there" nor "not there": to build now would rebuild everything, to go on would skip what is missing.
  fail "the registry did not answer about $1: $answer"
}

refused() { # REF ANSWER: somebody may not look, which does not say that there is nothing
  if [ "$publish" = false ]; then
    echo "::notice::this run may not read $1, so it is built here" >&2
  elif [ "$command" = plan ] && [ "$hides_absent" = true ]; then
    # This registry says the same of what is not there yet. If it is there and locked, the push is refused.
    echo "::notice::the registry does not say whether it has $1" >&2
  else
    fail "the registry refuses to say whether it has $1; create the repository, or see what the login may read: $2"
  fi
}

digest() { # REF: its digest, or nothing
  local answer
  answer=$(ask "$1" --format '{{json .Manifest}}')
  case $answer in '' | there) ;; *) jq -r '.digest // empty' <<<"$answer" ;; esac
}

note_of() { # REF NAME: an annotation of its index, or nothing
  local raw
  raw=$(ask "$1" --raw)
  case $raw in '' | there) ;; *) jq -r --arg name "$2" '.annotations[$name] // empty' <<<"$raw" ;; esac
}

again() { # PROGRAM…: once more, and once more
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

reference() { # the reference of the target
  graph | jq -er --arg target "$target" '.target[$target].tags[0]'
}

script() { # NAME: the script of the target's image, where it has one
  local file
  file=$(graph | jq -er --arg target "$target" '.target[$target].dockerfile')
  file=$(dirname "$file")/$1
  if [ -f "$file" ]; then echo "$file"; fi
}

tests_id() { # what tells the tests of the target's image from other ones; nothing where it has none
  local file
  file=$(script test.sh)
  if [ -n "$file" ]; then sha256sum "$file" | cut -c 1-16; fi
}

link_parents() { # GRAPH TARGET: a parent that the registry has is pulled, one that it has not is built in the same graph
  local parent below links there
  links=$(jq -r --arg target "$2" \
    '.target[$target].contexts // {} | to_entries[] | select(.value | startswith("target:")) | "\(.key) \(.value[7:])"' <<<"$1")
  while read -r parent below; do
    if [ -z "$parent" ]; then continue; fi
    there=$(ask "$parent-$ARCH")
    if [ -n "$there" ]; then
      echo "--set=$2.contexts.$parent=docker-image://$parent-$ARCH"
      continue
    fi
    there=$(ask "$parent")
    if [ -n "$there" ]; then
      echo "--set=$2.contexts.$parent=docker-image://$parent"
    elif [ "$publish" = true ] && [[ $by_hand != *" $below "* ]]; then
      fail "$2 is not built: $parent is not in the registry, see the job of $below"
    else
      link_parents "$1" "$below"
    fi
  done <<<"$links"
}

plan() {
  local all there tests tested
  all=$(graph)
  ref=$(jq -er --arg target "$target" '.target[$target].tags[0]' <<<"$all")
  tests=$(tests_id)
  there=$(ask "$ref-$ARCH")
  if [ -n "$there" ]; then
    ref=$ref-$ARCH
  else
    there=$(ask "$ref")
  fi
  if [ -n "$there" ]; then
    summary "$ref is there already"
    tested=$(note_of "$ref" jenv.tests)
    output ref "$ref"
    output build false
    # Tests are no part of a tag: those that this image has not passed yet are run on what is there.
    if [ -n "$tests" ] && [ "$tests" != "$tested" ]; then output test true; else output test false; fi
  else
    link_parents "$all" "$target" >"$state/parents"
    output ref "$ref-$ARCH"
    output build true
    output test true
  fi
}

bake_options() { # GRAPH: fills `options` with what a build and the push of its result have in common, `engine` with whose builder it is
  local all=$1 cache driver last=push
  driver=$(docker buildx inspect)
  engine=false
  if [[ $driver == *"Driver:"*" docker"$'\n'* ]]; then engine=true last=build; fi
  ref=$(jq -er --arg target "$target" '.target[$target].tags[0]' <<<"$all")
  mapfile -t options <"$state/parents"
  options+=(--file "$bake_file" --progress plain --set "*.platform=linux/$ARCH")
  if [ "$keep_cache" = true ]; then
    cache=${ref%:*}:cache-$target-$ARCH
    options+=("--set=$target.cache-from=type=registry,ref=$cache")
    if [ "$command" = "$last" ]; then options+=("--set=$target.cache-to=type=registry,ref=$cache,mode=max"); fi
  fi
  if [ "$command" = "$last" ]; then options+=("${push_options[@]}"); fi
}

has_secrets() { # what is built here has each secret that it takes: an empty one would fail as something else
  local built names name why='set it in the settings of the repository'
  built=$(docker buildx bake "${options[@]}" --progress quiet --print "$target")
  names=$(jq -r '.target[].secret[]? | if type == "string" then capture("(^|,)env=(?<env>[^,]+)") else . end | .env // empty' <<<"$built")
  if [ "$publish" = false ]; then why='a pull request from a fork gets none; a branch of the repository itself does'; fi
  while read -r name; do
    if [ -n "$name" ] && [ -z "${!name:-}" ]; then fail "the build of $target takes the secret $name, which this run does not have: $why"; fi
  done <<<"$names"
}

build() {
  local options engine all
  all=$(graph)
  touch "$state/parents"
  bake_options "$all"
  has_secrets
  echo "$ref-$ARCH" >>"$state/loaded"
  docker buildx bake "${options[@]}" --set "$target.tags=$ref-$ARCH" --metadata-file "$state/built.json" --load "$target"
}

parts_of() { # REPOSITORY DIGEST: the digests of the manifest and the configuration of an image, of this platform where there are several
  local raw inner
  raw=$(ask "$1@$2" --raw)
  inner=$(jq -r --arg arch "$ARCH" '[.manifests[]? | select(.platform.architecture == $arch)][0].digest // empty' <<<"$raw")
  if [ -n "$inner" ]; then raw=$(ask "$1@$inner" --raw); fi
  echo "${inner:-$2} $(jq -er .config.digest <<<"$raw")"
}

push() { # what was built and tested, and nothing else
  local options engine all built pushed parts
  if ! [ -f "$state/parents" ] || ! [ -f "$state/built.json" ]; then fail "$target is not built: \`build\` comes before \`push\`"; fi
  all=$(graph)
  bake_options "$all"
  if [ "$engine" = true ]; then
    # The engine's own builder can't push by digest, and what the engine has loaded is what was tested.
    again docker push "$ref-$ARCH"
    pushed=$(digest "$ref-$ARCH")
    name "${ref%:*}@${pushed:?the registry has what was pushed}"
    return
  fi
  # A tag comes when the registry has the image, and it is the one that was tested.
  options+=(--set "$target.tags=${ref%:*}" --set "$target.output=type=image,push=true,push-by-digest=true,name-canonical=true,oci-mediatypes=true")
  again docker buildx bake "${options[@]}" --metadata-file "$state/pushed.json" "$target"
  pushed=$(jq -er --arg target "$target" '.[$target]["containerimage.digest"]' "$state/pushed.json")
  # An engine with containerd's image store says which manifest it has loaded, others which configuration.
  built=$(jq -er --arg target "$target" '.[$target] | .["containerimage.config.digest"] // .["containerimage.digest"]' "$state/built.json")
  parts=$(parts_of "${ref%:*}" "$pushed")
  if [[ " $parts " != *" $built "* ]]; then
    fail "what was pushed ($pushed with $parts) is not what was tested ($built): run this job again"
  fi
  name "${ref%:*}@$pushed"
}

name() { # SOURCE: gives it the tag of this platform, with what is known of it
  local tests notes=()
  tests=$(tests_id)
  if [ -n "$tests" ]; then notes+=(--annotation "index:jenv.tests=$tests"); fi
  if [ -s "$state/tags" ]; then notes+=(--annotation "index:jenv.tags=$(paste -sd ' ' - <"$state/tags")"); fi
  again docker buildx imagetools create --tag "$ref-$ARCH" "${notes[@]}" "$1"
}

tested() { # an image that was there has passed tests that are new
  local there tags
  ref=$(reference)
  there=$(digest "$ref-$ARCH")
  if [ -z "$there" ]; then there=$(digest "$ref"); fi
  tags=$(note_of "$ref-$ARCH" jenv.tags)
  if [ -n "$tags" ]; then tr ' ' '\n' <<<"$tags" >"$state/tags"; fi
  name "${ref%:*}@$there"
}

run_tests() { # IMAGE
  local file
  file=$(script test.sh)
  if [ -z "$file" ]; then
    echo "no tests"
    return
  fi
  echo "$1" >>"$state/loaded"
  bash "$file" "$1" "$target"
}

probe() { # IMAGE
  local file
  file=$(script tags.sh)
  if [ -n "$file" ]; then bash "$file" probed "$1" "$target" | tee "$state/tags"; fi
}

probed_tags() { # ARCH…: what the build jobs read from their images, as far as all platforms agree
  local arch known all=() count tag
  for arch in "$@"; do
    known=$(note_of "$ref-$arch" jenv.tags)
    if [ -z "$known" ] && [ "$arch" = "$ARCH" ]; then known=$(probe "$ref-$arch" | paste -sd ' ' -); fi
    if [ -n "$known" ]; then all+=("$known"); fi
  done
  printf '%s\n' "${all[@]}" | tr ' ' '\n' | sed '/^$/d' | sort | uniq -c | while read -r count tag; do
    if [ "$count" -eq "${#all[@]}" ]; then
      echo "$tag"
    else
      echo "::warning::$ref: the platforms do not agree on the tag $tag, it is left out" >&2
    fi
  done
}

merge() { # ARCH…
  local arch there probed file tags sources=()
  ref=$(reference)
  there=$(ask "$ref")
  if [ -z "$there" ]; then
    for arch in "$@"; do
      there=$(ask "$ref-$arch")
      if [ -z "$there" ]; then fail "$ref is not merged: its build for $arch has not come through"; fi
      sources+=("$ref-$arch")
    done
    probed=$(probed_tags "$@" | paste -sd ' ' -)
    again docker buildx imagetools create --tag "$ref" --annotation "index:jenv.tags=$probed" "${sources[@]}"
    summary "$ref is new"
  else
    probed=$(note_of "$ref" jenv.tags)
    if [ -z "$probed" ]; then probed=$(probed_tags "$@" | paste -sd ' ' -); fi
  fi
  if [ "$sign" = true ]; then signed; fi
  # Further tags are moved for unchanged images, too: a change that was taken back takes its tags back.
  file=$(script tags.sh)
  if [ -n "$file" ]; then
    # shellcheck disable=SC2086 # a list of words
    tags=$(bash "$file" all "$target" $probed | sed "s|^|--tag=${ref%:*}:|")
    if [ -n "$tags" ]; then
      mapfile -t tags <<<"$tags"
      again docker buildx imagetools create "${tags[@]}" "$ref"
    fi
  fi
}

signed() { # signs the image unless it is; a run that failed to is made up for by the next one
  local image known
  known=$(digest "$ref")
  image=${ref%:*}@$known
  if cosign verify --certificate-identity-regexp "^${GITHUB_SERVER_URL:-https://github.com}/${GITHUB_REPOSITORY:-}/" \
    --certificate-oidc-issuer-regexp . "$image" >/dev/null 2>&1; then
    return
  fi
  again cosign sign --yes "$image"
}

login() { # HOST: into a folder of the job, so that nothing of it stays on the machine
  local before=${DOCKER_CONFIG:-$HOME/.docker} own=$state/docker part
  if [ -z "${PASSWORD:-}" ]; then
    if [ "$publish" = true ]; then fail "there is no password for $1: its secret is not set, or not for this run"; fi
    echo "no secret reaches this run: what is private can't be read"
    return
  fi
  mkdir -p "$own"
  for part in cli-plugins contexts buildx; do
    if [ -e "$before/$part" ]; then ln -sfn "$(cd "$before/$part" && pwd)" "$own/$part"; fi
  done
  if [ -f "$before/config.json" ]; then jq 'del(.auths, .credsStore, .credHelpers)' "$before/config.json" >"$own/config.json"; fi
  export DOCKER_CONFIG=$own
  echo "DOCKER_CONFIG=$own" >>"${GITHUB_ENV:-/dev/null}"
  enter() { docker login "$host" --username "$USERNAME" --password-stdin <<<"$PASSWORD"; }
  host=$1
  again enter
}

clean() { # nothing of a job stays on a machine that lives on
  local image
  if [ "${RUNNER_ENVIRONMENT:-}" != github-hosted ] && [ -f "$state/loaded" ]; then
    sort -u "$state/loaded" | while read -r image; do docker image rm --force "$image" || true; done
  fi
  rm -rf "$state"/{docker,parents,loaded,tags,refusal,built.json,pushed.json,published}
}

touched() { # whether a request changes what images are made from; a run that is started by hand asks for them
  local status=0
  if [ "${GITHUB_EVENT_NAME:-}" = pull_request ]; then
    git diff --quiet HEAD^1 HEAD -- "${paths[@]}" || status=$?
    if [ "$status" -gt 1 ]; then fail "git can't tell what this request changes"; fi
  else
    status=1
  fi
  if [ "$status" -eq 1 ]; then output images true; else output images false; fi
}

published() { # the images of the bake file that the registry has, one a line
  local all there
  all=$(ARCH='' docker buildx bake --file "$bake_file" --progress quiet --print | jq -r '.target[].tags[0] // empty' | sort -u)
  while read -r ref; do
    there=$(ask "$ref")
    if [ -n "$there" ]; then echo "$ref"; fi
  done <<<"$all"
}

rebuild() { # PROGRAM [published]: moves the slots of `rebuild` to today's, commits what follows, starts the run that builds it
  local options=() files what
  if [ "${2:-}" = published ]; then     # what no build has pushed is no release
    published >"$state/published"
    options=(--published "$state/published")
  fi
  jenvc update "${options[@]}" "$1"
  if [ "$upgrade" = true ]; then        # 5: something is unknown, which stays as it was
    jenvc lock --upgrade "$1" || [ $? -eq 5 ]
  fi
  files=$(jenvc build --format json "$1" | jq -r '.files[] | select(.status != "kept").path')
  if [ -e jenv.lock ]; then files=jenv.lock$'\n'$files; fi
  if [ "$upgrade" = true ] && [ -e locks ]; then files=locks$'\n'$files; fi
  mapfile -t files < <(sed '/^$/d' <<<"$files")
  # What else a step has left in the work tree is none of it.
  git reset --quiet
  if [ "${#files[@]}" -gt 0 ]; then git add --all -- "${files[@]}"; fi
  if git diff --cached --quiet; then
    summary "nothing has moved"
    return
  fi
  what="Rebuild for $(date --utc +%F)"
  if git diff --cached --quiet -- . ':!jenv.lock'; then what="Write down the releases of $(date --utc +%F)"; fi
  git -c user.name='github-actions[bot]' -c user.email='41898282+github-actions[bot]@users.noreply.github.com' \
    commit --quiet --message "$what"
  gh auth setup-git
  if [ "$commits" = pull_request ]; then
    propose "$what" "$1"
  else
    git push origin "HEAD:$GITHUB_REF_NAME"
    # What a run's own token pushes starts no other run.
    if [[ $what != Write* ]]; then gh workflow run "$WORKFLOW" --ref "$GITHUB_REF_NAME"; fi
  fi
}

propose() { # TITLE PROGRAM: a pull request with the last commit and what it means; one that is open already is brought up to date
  local branch=jenvc/${WORKFLOW%.*} open body
  if git fetch --quiet origin "$branch" 2>/dev/null && git diff --quiet FETCH_HEAD HEAD; then
    summary "$branch proposes the same already"
    return
  fi
  git push --force origin "HEAD:refs/heads/$branch"
  body=$(printf 'Made by the scheduled run of %s.\n\n' "$WORKFLOW"; jenvc diff --since HEAD^ --format markdown "$2" || [ $? -eq 2 ])
  open=$(gh pr list --head "$branch" --base "$GITHUB_REF_NAME" --state open --json number --jq length)
  if [ "$open" = 0 ]; then
    gh pr create --head "$branch" --base "$GITHUB_REF_NAME" --title "$1" --body "$body"
  else
    gh pr edit "$branch" --title "$1" --body "$body"
  fi
  # What a run's own token pushes starts no other run, so nothing would be tried.
  gh workflow run "$WORKFLOW" --ref "$branch"
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
case $command/$# in
  touched/* | clean/*) "$command" ;;
  free-disk/*) free_disk ;;
  plan/[2-9] | build/[2-9] | push/[2-9] | tested/[2-9]) "$command" ;;
  test/[3-9]) run_tests "$3" ;;
  probe/[3-9]) probe "$3" ;;
  merge/[3-9]) merge "${@:3}" ;;
  login/[2-9]) login "$target" ;;
  rebuild/[2-9]) rebuild "$target" ;;
  releases/[2-9]) rebuild "$target" published ;;
  *)
    sed -n '2,/^$/s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
    exit 64
    ;;
esac
