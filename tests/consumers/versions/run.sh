#!/usr/bin/env bash
# Asks the reference implementations and `src/versions` the same tens of thousands of questions about versions; any
# disagreement fails. A reference that is not here is skipped with a line that names it; with CI=true, what Debian packages is installed.
# SEED=n gives other questions; names of schemes as arguments ask those alone. JENVC_ALL=1 asks all about markers, requirement files,
# overrides and pairs of managers instead of a sample.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../../.." && pwd)
cd "$root"

cargo build -q --example versions-answer
target=${CARGO_TARGET_DIR:-$root/target}
export ANSWER=$target/debug/examples/versions-answer
tools=$target/consumers/versions
mkdir -p "$tools"

if [[ ${CI:-} == true && $(id -u) == 0 ]] && command -v apt-get >/dev/null; then
    missing=()
    /usr/bin/python3 -c 'import rpm' 2>/dev/null || missing+=(python3-rpm)
    perl -MDpkg::Version -e 1 2>/dev/null || missing+=(libdpkg-perl)
    command -v Rscript >/dev/null || missing+=(r-base-core)
    if ((${#missing[@]})); then
        export DEBIAN_FRONTEND=noninteractive
        { apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >/dev/null 2>&1 || true
    fi
fi
if [[ ! -x $tools/venv/bin/python ]]; then
    python3 -m venv "$tools/venv"
fi
for package in packaging==26.3 pip==26.3 py-rattler==0.28.0 juliapkg==0.1.28; do
    "$tools/venv/bin/pip" install -q --disable-pip-version-check "$package" || echo "$package can't be installed"
done
export NODE_PATH=$tools/node_modules
if command -v npm >/dev/null && [[ ! -d $NODE_PATH/semver ]]; then
    npm install --silent --no-audit --no-fund --prefix "$tools" semver@7 >/dev/null || true
fi

passed=0 failed=0 skipped=0
for scheme in "${@:-pep440 pep508 pip conda debian rpm npm julia r overrides managers}"; do
    for name in $scheme; do
        python=$tools/venv/bin/python
        # librpm's module belongs to the system's Python.
        [[ $name != rpm ]] || python=/usr/bin/python3
        status=0
        PYTHONDONTWRITEBYTECODE=1 PYTHONHASHSEED=0 "$python" "$here/check_$name.py" || status=$?
        case $status in
            0) passed=$((passed + 1)) ;;
            77) skipped=$((skipped + 1)) ;;
            *) failed=$((failed + 1)) ;;
        esac
    done
done
echo "$passed passed, $failed failed, $skipped skipped"
[[ $failed == 0 ]]
