#!/usr/bin/env bash
# The step of a scheduled run that writes down releases: what the registry has is noted and committed, the rest waits; a run that builds
# is started where there is something to build. Docker and GitHub's client are played by scripts, the rest is real.
set -uo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
repository=$work/repository
export RUNNER_TEMP=$work/state GITHUB_REF_NAME=main WORKFLOW=images.yml GIT_AUTHOR_NAME=test GIT_AUTHOR_EMAIL=test@example.org
export GIT_COMMITTER_NAME=test GIT_COMMITTER_EMAIL=test@example.org SOURCE_DATE_EPOCH=1795651200

mkdir -p "$work/bin"
cat >"$work/bin/docker" <<'SCRIPT'
#!/usr/bin/env bash
case "$*" in
  *bake*--print*) jq '.tag as $tag | .target |= (map_values(select(.tags)) | with_entries(.key as $name | .value.tags |= map(split("${")[0] + $tag[$name])
      | if .value.contexts then .value.contexts |= with_entries((.value[7:]) as $below | .key |= split("${")[0] + $tag[$below]) else . end))' docker-bake.json ;;
  *"imagetools inspect"*courses*) echo "ERROR: not found" >&2 && exit 1 ;; # its build has failed
  *"imagetools inspect"*) echo "{}" ;;
esac
SCRIPT
cat >"$work/bin/gh" <<SCRIPT
#!/bin/sh
echo "\$*" >>"$work/github"
SCRIPT
chmod +x "$work/bin/docker" "$work/bin/gh"
export PATH="$work/bin:$root/target/debug:$PATH"

commit() { # MESSAGE
  git -C "$repository" add --all && git -C "$repository" commit --quiet --message "$1"
}
scheduled() { # WORD: the step; what it says is in $work/log
  : >"$work/github"
  (cd "$repository" && bash images/ci.sh "$1" main.jenv) >"$work/log" 2>&1 || { cat "$work/log"; return 1; }
}
subject() { git -C "$repository" log -1 --format=%s; }

begin() {
  cp -r "$root/examples/quickstart" "$repository" && git init --quiet --bare "$work/origin" && git init --quiet --initial-branch main "$repository"
  git -C "$repository" remote add origin "$work/origin"
  sed -i -e 's/^    default     = true/    default     = true\n    keep        = 2/' -e 's/^    choose = /    keep   = 2\n    choose = /' \
    -e 's/schedule = "\([^"]*\)"/schedule = "\1"  check = "true"/' "$repository/main.jenv"
  (cd "$repository" && jenvc build --quiet) && commit compiled
}
noted() {
  scheduled releases && [[ $(subject) == "Write down the releases of "* ]] || return 1
  [ "$(git -C "$repository" show --format= --name-only HEAD)" = jenv.lock ] || { echo "more than the lock is committed"; return 1; }
  [ "$(grep -c '^noted ' "$work/log")" -eq 1 ] && [ "$(grep -c '^waits .*courses' "$work/log")" -eq 2 ] || return 1
  grep -q 'workflow run' "$work/github" && { echo "a run is started with nothing to build"; return 1; }
  git -C "$repository" diff --quiet origin/main || { echo "not pushed"; return 1; }
  grep '^noted ' "$work/log"
}
again() {
  scheduled releases && grep 'nothing has moved' "$work/log"
}
offered() {
  sed -i 's/httpx     ==0.28.1/httpx     ==0.28.0/' "$repository/main.jenv"
  (cd "$repository" && jenvc build --quiet) && commit changed
  grep 'Earlier release' "$repository/deploy/jhub-profiles.yaml"
}
rebuilt() {
  sed -i 's/^  from jupyter$/  from jupyter\n  rebuild weekly/' "$repository/main.jenv"
  (cd "$repository" && jenvc build --quiet) && commit weekly && scheduled releases && [[ $(subject) == "Rebuild for "* ]] || return 1
  grep 'workflow run images.yml' "$work/github"
}
gone_by() { # with keys that are cut short in those of releases
  cp -r "$repository" "$work/long" && rm -rf "$work/long/.git" # nobody has seen its keys before
  (cd "$work/long" && sed -i -E 's/variant (autumn|spring) /variant \1-with-all-tables /' main.jenv && rm jenv.lock deploy/* && jenvc build --quiet &&
    jenvc update && sed -i 's/httpx     ==0.28.0/httpx     ==0.27.2/' main.jenv && jenvc build --quiet) >"$work/log" 2>&1 || { cat "$work/log"; return 1; }
  grep -oE 'sp?r?-[0-9a-f]{4}-was-' "$work/long/deploy/jhub-profiles.yaml" >/dev/null || { echo "no key is cut"; return 1; }
  python3 "$here/hub/saved.py" "$work/long/deploy/jhub-profiles.yaml"
}
unanswered() { # a registry that says nothing: nothing is written
  sed -i 's/ERROR: not found/connection reset/; s/^  \*"imagetools inspect"\*)/  nothing)/' "$work/bin/docker"
  printf '#!/bin/sh\n' >"$work/bin/sleep" && chmod +x "$work/bin/sleep"
  scheduled releases
}

has jq || { skip "releases are written down" "jq can't be installed"; exit; }
if ! cargo build --quiet --manifest-path "$root/Cargo.toml" || ! begin >"$work/log" 2>&1; then
  note "releases: quickstart compiles" - FAILED 0
  tail -n 20 "$work/log"
  exit
fi
consumer "releases: what is published is written down" "$(git --version | awk '{ print $3 }')" noted
consumer "releases: a second time, nothing" - again
consumer "releases: the next one offers it" - offered
consumer "releases: with rebuild, a run is started" - rebuilt
if python3 -c 'import kubespawner' 2>/dev/null; then
  consumer "releases: one that went by leads to today's" "KubeSpawner" gone_by
else
  skip "releases: one that went by leads to today's" "PyPI's jupyterhub-kubespawner can't be installed"
fi
control "releases: a registry that does not answer" unanswered
