#!/usr/bin/env bash
# What wheels.sh has built, installed as people do: pip, uv, npm, an image; what can't be tried here (conda, Homebrew, cargo binstall,
# the registries) is read by their own parsers or put together without publishing it.
set -uo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

dist=$root/target/dist
packaging=$root/packaging
release=$(awk -F '"' '/^version = / { print $2; exit }' "$root/Cargo.toml")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

up_to_date() { # PROGRAM…: it finds every example as it is committed
  local folder count=0
  for folder in "$root"/examples/*/; do
    [ "$(basename "$folder")" = conflicts ] && continue # is wrong on purpose
    "$@" build --check "$folder" || return 1
    count=$((count + 1))
  done
  echo "$("$@" --version): $count examples"
}
by_pip() {
  python3 -m venv "$work/venv" && "$work/venv/bin/pip" install --quiet --no-index --find-links "$dist" jenvc && up_to_date "$work/venv/bin/jenvc"
}
by_uv() {
  UV_CACHE_DIR=$work/uv up_to_date uvx --quiet --no-index --find-links "$dist" --from "jenvc==$release" jenvc
}
static() { # for a machine with musl; it runs where there is no other file
  local empty=$work/empty
  python3 -m pip install --quiet --no-index --find-links "$dist" --platform musllinux_1_2_x86_64 --only-binary :all: --target "$work/musl" jenvc || return 1
  up_to_date "$work/musl/bin/jenvc" || return 1
  mkdir "$empty" && cp "$work/musl/bin/jenvc" "$empty/" && cp -r "$root/examples/quickstart" "$empty/"
  chroot "$empty" /jenvc check quickstart
}
other_machine() { # a wheel whose name says another machine than its program is for
  cp "$dist"/*manylinux*_x86_64.whl "$work/jenvc-$release-py3-none-manylinux_2_17_aarch64.whl"
  python3 "$packaging/check_wheel.py" "$work"/*_aarch64.whl
}
newer_glibc() { # a wheel with the program of this machine's compiler
  python3 - "$dist"/*manylinux*_x86_64.whl "$root/target/debug/jenvc" "$work/new" <<'PY'
import os, sys, zipfile
wheel, program, out = sys.argv[1:]
os.mkdir(out)
with zipfile.ZipFile(wheel) as old, zipfile.ZipFile(f"{out}/{os.path.basename(wheel)}", "w") as new:
    for name in old.namelist():
        new.writestr(name, open(program, "rb").read() if name.endswith("scripts/jenvc") else old.read(name))
PY
  python3 "$packaging/check_wheel.py" --any-size "$work"/new/*.whl
}
metadata() { twine check --strict "$dist"/*; }
crate() { (cd "$root" && cargo publish --dry-run --no-verify --allow-dirty --locked); }

every_wheel() { # stand-ins for the wheels of other platforms, so that what is made from all of them is
  local platform
  mkdir "$work/wheels" && cp "$dist"/* "$work/wheels/"
  for platform in musllinux_1_2_aarch64 macosx_10_12_x86_64 macosx_11_0_arm64 win_amd64; do
    [ -e "$work/wheels/jenvc-$release-py3-none-$platform.whl" ] || cp "$dist"/*manylinux*_x86_64.whl "$work/wheels/jenvc-$release-py3-none-$platform.whl"
  done
  python3 "$packaging/repack.py" "$work/wheels" "$work/out" && cp "$dist"/*.tar.gz "$work/out/archives/" && ls "$work/out/archives"
}
archives() { # each target's is where `cargo binstall` looks for it, with the program at its top
  local target names
  for target in x86_64-unknown-linux-gnu x86_64-unknown-linux-musl aarch64-unknown-linux-gnu x86_64-apple-darwin aarch64-apple-darwin x86_64-pc-windows-msvc; do
    names=$(tar --list --gzip --file "$work/out/archives/jenvc-$target.tar.gz") || return 1
    [ "$names" = $'jenvc\nLICENSE-APACHE\nLICENSE-MIT' ] || { echo "for $target: $names"; return 1; }
  done
  mkdir "$work/unpacked" && tar --extract --gzip --file "$work/out/archives/jenvc-x86_64-unknown-linux-gnu.tar.gz" --directory "$work/unpacked"
  cargo metadata --no-deps --format-version 1 --manifest-path "$root/Cargo.toml" | python3 -c '
import json, sys
(package,) = json.load(sys.stdin)["packages"]
binstall = package["metadata"]["binstall"]
url = binstall["pkg-url"].replace("{ repo }", package["repository"]).replace("{ version }", package["version"])
assert url == package["repository"] + "/releases/download/v" + package["version"] + "/jenvc-{ target }.tar.gz", url
assert (binstall["pkg-fmt"], binstall["bin-dir"]) == ("tgz", "{ bin }{ binary-ext }"), binstall
' && up_to_date "$work/unpacked/jenvc"
}
by_npm() { # as npm would from its registry: the package that people name, and the one of this platform
  mkdir "$work/node" && cd "$work/node" && echo '{ "private": true }' >package.json || return 1
  for package in linux-x64 jenvc; do (cd "$work/out/npm/$package" && npm pack --silent --pack-destination "$work/node"); done
  npm install --silent --no-audit --no-fund --offline --omit=optional ./jenvc-*.tgz && npm install --silent --no-audit --no-fund --offline --no-save ./jenvc-linux-x64-*.tgz || return 1
  up_to_date node_modules/.bin/jenvc || return 1
  echo 'layer a { from nowhere }' >main.jenv
  node_modules/.bin/jenvc check main.jenv
  [ $? -eq 1 ] || { echo "the exit status does not pass"; return 1; }
  rm -rf node_modules/@jenvc
  node_modules/.bin/jenvc --version 2>&1 | tee said
  grep -q '@jenvc/linux-x64` is not installed' said
}
formula() { # Homebrew's words in plain Ruby: the archive of each platform, with its checksum
  python3 "$packaging/checksums.py" "$packaging/homebrew/jenvc.rb" "$work/out/archives" >"$work/jenvc.rb" && ruby - "$work/jenvc.rb" "$work/out/archives" <<'RUBY'
require "digest"
class Formula
  class << self
    attr_reader :urls, :sums
    def url(text) = (@urls ||= []) << text
    def sha256(text) = (@sums ||= []) << text
    %i[on_macos on_linux on_arm on_intel].each { |name| define_method(name) { |&block| block.call } }
    %i[desc homepage version license].each { |name| define_method(name) { |*| } }
    def test; end
  end
end
load ARGV[0]
found = Jenvc.urls.map { |url| File.basename(url) }
sums = found.map { |name| Digest::SHA256.file(File.join(ARGV[1], name)).hexdigest }
abort "#{found} #{Jenvc.sums}" unless found.length == 4 && found.uniq == found && sums == Jenvc.sums
abort "no install" unless Jenvc.method_defined?(:install)
puts found
RUBY
}
recipe() { # rattler-build's own reader
  python3 "$packaging/checksums.py" "$packaging/conda/recipe.yaml" "$work/out/archives" >"$work/recipe.yaml" && python3 - "$work/recipe.yaml" "$release" <<'PY'
import sys
from rattler_build import PlatformConfig, RenderConfig, Stage0Recipe, VariantConfig
variants = VariantConfig({"rust_compiler": ["rust"], "c_compiler": ["gcc"], "c_stdlib": ["sysroot"]})
for platform in "linux-64", "osx-arm64", "win-64":
    (rendered,) = Stage0Recipe.from_yaml(open(sys.argv[1]).read()).render(variants, RenderConfig(PlatformConfig(target_platform=platform)))
    recipe = rendered.recipe.to_dict()
    assert recipe["package"] == {"name": "jenvc", "version": sys.argv[2]}, recipe
    assert len(recipe["source"][0]["sha256"]) == 64 and f"jenvc-{sys.argv[2]}.tar.gz" in recipe["source"][0]["url"], recipe
    print(platform, recipe["build"]["script"][-1])
PY
}
push() { # the repository of the hooks, twice; a tag is never moved
  local hooks=$packaging/pre-commit
  git init --quiet --bare --initial-branch main "$work/hooks.git"
  git clone --quiet "$work/hooks.git" "$work/first" 2>/dev/null
  git -C "$work/first" -c user.name=test -c user.email=test@example.org commit --quiet --allow-empty --message start && git -C "$work/first" push --quiet origin HEAD
  bash "$packaging/push.sh" "$work/hooks.git" v1.0.0 "$hooks/pyproject.toml=pyproject.toml" "$hooks/README.md=docs/README.md" || return 1
  git -C "$work/hooks.git" cat-file -e v1.0.0:docs/README.md && git -C "$work/hooks.git" cat-file -e main:pyproject.toml || return 1
  ! bash "$packaging/push.sh" "$work/hooks.git" v1.0.0 "$root/README.md=README.md"
}
another_tag() { bash "$packaging/is_release.sh" "v$release-rc1" "$(awk -F '"' '/^repository = / { print $2 }' "$root/Cargo.toml")"; }
a_fork() { bash "$packaging/is_release.sh" "v$release" https://github.com/somebody/jenvc; }
image() {
  docker build --quiet --network host --build-arg BASE=debian:12 --file "$packaging/image/Dockerfile" --tag jenvc:test "$work/wheels" >"$work/image" || return 1
  git init --quiet "$work/repository" && cp -r "$root/examples/quickstart/." "$work/repository/"
  git -C "$work/repository" add --all && git -C "$work/repository" -c user.name=test -c user.email=test@example.org commit --quiet --message start || return 1
  chown -R 1234:1234 "$work/repository" && sed -i 's/httpx     ==0.28.1/httpx     ==0.28.0/' "$work/repository/main.jenv"
  docker run --rm --volume "$work/repository:/work" jenvc:test diff
  [ $? -eq 2 ] || { echo "the status of diff is another"; return 1; }
  docker run --rm --volume "$work/repository:/work" jenvc:test build && docker image inspect --format '{{.Size}} bytes' jenvc:test
}

if [ ! -e "$dist" ]; then bash "$here/wheels.sh"; fi
if ! ls "$dist"/*manylinux*_x86_64.whl >/dev/null 2>&1; then skip "what is released" "there is no wheel"; exit; fi
[ -x "$root/target/debug/jenvc" ] || cargo build --quiet --manifest-path "$root/Cargo.toml"
pip="pip $(python3 -m pip --version | awk '{ print $2 }')"
consumer "installed by pip: every example is up to date" "$pip" by_pip
if ls "$dist"/*musllinux*_x86_64.whl >/dev/null 2>&1; then consumer "musllinux: the same, and in an empty folder" "$pip" static; fi
consumer "uvx: the same" "uv $(uv --version | awk '{ print $2 }')" by_uv
control "a wheel for another machine than it says" other_machine
control "a wheel that asks for a newer glibc" newer_glibc
consumer "metadata for PyPI" "twine $(twine --version | awk 'NR == 1 { print $3 }')" metadata
consumer "crate: publish --dry-run" "$(cargo --version | awk '{ print $2 }')" crate
consumer "archives and packages of npm are made from the wheels" - every_wheel
consumer "archives: where cargo binstall looks" - archives
has npm && consumer "npm: every example is up to date" "npm $(npm --version)" by_npm
has ruby || DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends ruby </dev/null >/dev/null 2>&1
if has ruby; then consumer "Homebrew's formula" "ruby $(ruby -e 'print RUBY_VERSION')" formula; else skip "Homebrew's formula" "no ruby"; fi
consumer "conda's recipe" "rattler-build $(python3 -c 'import rattler_build as r; print(r.rattler_build_version())' 2>/dev/null)" recipe
consumer "the repository of the hooks gets its tag" "git $(git --version | awk '{ print $3 }')" push
control "a tag that is not the version" another_tag
control "a release from a fork" a_fork
if bash "$here/engine.sh" start && bash "$here/base_images.sh" docker; then
  consumer "image: hadolint" "hadolint $(hadolint --version | awk '{ print $NF }')" hadolint --ignore DL3008 --ignore DL3006 "$packaging/image/Dockerfile"
  consumer "image: diff and build in a repository of somebody else" "$(docker version --format '{{.Server.Version}}')" image
else
  skip "image" "no engine starts here"
fi
