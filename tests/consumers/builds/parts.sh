#!/usr/bin/env bash
# What the stand-ins for root images are made of, from the archives of Debian and Ubuntu:
#   parts.sh           every part that is missing; `systems` in the folder of the parts says which system has which name
# The parts: a tar of each system, and a Python of each minor version that runs from any folder, for the stand-in of conda.
# Where Ubuntu's archive does not answer, Debian takes its names, and Pythons that only Ubuntu has are left out.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "$0")/../lib.sh"

parts=$tools/builds
ubuntu=http://archive.ubuntu.com/ubuntu
keyring=/usr/share/keyrings/ubuntu-archive-keyring.gpg
mkdir -p "$parts"

get() { # PACKAGE…
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" </dev/null >/dev/null 2>&1
}

sources() { # SUITE: the lines of its archive
  case $1 in
    noble | jammy | focal) printf 'deb [signed-by=%s] %s %s main universe\n' "$keyring" "$ubuntu" "$1" "$keyring" "$ubuntu" "$1-updates" ;;
    *) echo "deb $(bash "$here/engine.sh" mirror) $1 main" ;;
  esac
}

bootstrap() { # VARIANT SUITE TARGET [OPTION…]
  local variant=$1 suite=$2 target=$3 lines
  shift 3
  mapfile -t lines < <(sources "$suite")
  mmdebstrap --quiet --variant="$variant" --mode=root --dpkgopt=force-unsafe-io --aptopt='Acquire::Languages "none"' "$@" "$suite" "$target" "${lines[@]}"
}

ubuntu_answers() { # and its key, which Debian's own package of that name brings
  curl --silent --fail --max-time 20 --output /dev/null "$ubuntu/dists/noble/Release" || return 1
  [ -s "$keyring" ] && return
  local file
  file=$(curl --silent --fail "$(bash "$here/engine.sh" mirror)/pool/main/u/ubuntu-keyring/" | grep -oE 'ubuntu-keyring_[0-9.-]+_all\.deb' | sort -V | tail -n 1)
  curl --silent --fail --output "$parts/keyring.deb" "$(bash "$here/engine.sh" mirror)/pool/main/u/ubuntu-keyring/${file:-ubuntu-keyring_2023.11.28.1-0.2_all.deb}" &&
    dpkg-deb -x "$parts/keyring.deb" / && [ -s "$keyring" ]
}

trust() { # FOLDER: builds reach the package indexes as this machine does, and the served hosts by the test's own authority
  local folder=$1
  mkdir -p "$folder/usr/local/share/ci" "$folder/usr/local/share/ca-certificates" "$folder/etc/ssl/certs"
  cat "${SSL_CERT_FILE:-${PIP_CERT:-/etc/ssl/certs/ca-certificates.crt}}" "$parts/authority/ca.crt" >"$folder/usr/local/share/ci/bundle.crt"
  cp /usr/local/share/ca-certificates/*.crt "$folder/usr/local/share/ca-certificates/" 2>/dev/null || true
  cp "$parts/authority/ca.crt" "$folder/usr/local/share/ca-certificates/served.crt"
  sed -e '/^cert *=/d' /etc/pip.conf 2>/dev/null >"$folder/etc/pip.conf" || true
  grep -q '^\[global\]' "$folder/etc/pip.conf" || echo '[global]' >>"$folder/etc/pip.conf"
  sed -i '/^\[global\]/a cert = /usr/local/share/ci/bundle.crt' "$folder/etc/pip.conf"
  printf 'Acquire::Check-Valid-Until "false";\nAcquire::Check-Date "false";\nAcquire::Languages "none";\n' >"$folder/etc/apt/apt.conf.d/90here"
}

system() { # NAME SUITE: $parts/NAME.tar
  [ -s "$parts/$1.tar" ] && return
  local folder=$parts/$1.folder
  rm -rf "$folder"
  bootstrap minbase "$2" "$folder" --include=apt
  if [ "$1" = noble ]; then chroot "$folder" useradd --create-home --shell /bin/bash ubuntu; fi # as Ubuntu's own image has it since 24.04
  rm -rf "${folder:?}"/dev/* "$folder"/var/lib/apt/lists/* "$folder"/var/cache/apt/archives/*.deb "$folder"/etc/apt/sources.list.d/*
  sources "$2" | sed 's/\[signed-by=[^]]*\] //' >"$folder/etc/apt/sources.list"
  trust "$folder"
  ln -sfn ../run "$folder/var/run" # relative: `docker cp` refuses the absolute link
  tar -C "$folder" -cf "$parts/$1.new" .
  mv "$parts/$1.new" "$parts/$1.tar"
  rm -rf "$folder"
}

python() { # VERSION SUITE: $parts/python/VERSION.tar, with bin, lib and include at its top
  [ -s "$parts/python/$1.tar" ] && return
  local version=$1 root=$parts/python/$1.root folder=$parts/python/$1.folder
  rm -rf "$root" "$folder"
  mkdir -p "$folder"/{bin,lib,include}
  bootstrap extract "$2" "$root" --include="python$version,python$version-venv,libpython$version-dev"
  cp "$root/usr/bin/python$version" "$folder/bin/"
  cp -r "$root/usr/lib/python$version" "$folder/lib/"
  cp -r "$root/usr/include/python$version" "$folder/include/"
  cp "$root"/usr/include/*-linux-gnu/"python$version/pyconfig.h" "$folder/include/python$version/" # in place of one that looks in /usr
  rm -rf "$folder/lib/python$version"/{test,idlelib,tkinter,turtledemo} "$folder/lib/python$version"/config-*/*.a
  libraries "$folder/bin/python$version" "$root" "$folder/lib"
  find "$folder/lib/python$version/lib-dynload" -name '*.so' | while read -r file; do libraries "$file" "$root" "$folder/lib"; done
  patchelf --force-rpath --set-rpath "\$ORIGIN/../lib" "$folder/bin/python$version"
  tar -C "$folder" -cf "$parts/python/$version.new" .
  mv "$parts/python/$version.new" "$parts/python/$version.tar"
  rm -rf "$root" "$folder"
}

libraries() { # FILE ROOT TARGET: all that it needs beyond the C library
  local name file
  while read -r name; do
    case $name in libc.so.* | libm.so.* | libpthread.so.* | libdl.so.* | librt.so.* | libutil.so.* | ld-linux*) continue ;; esac
    if [ -e "$3/$name" ]; then continue; fi
    file=$(find "$2"/{lib,usr/lib}/ -name "$name" 2>/dev/null | head -n 1 || true)
    if [ -n "$file" ]; then
      cp -L "$file" "$3/$name"
      libraries "$file" "$2" "$3"
    fi
  done < <(objdump -p "$1" | awk '$1 == "NEEDED" { print $2 }')
}

authority() { # of the hosts that are served locally
  [ -s "$parts/authority/ca.crt" ] && return
  mkdir -p "$parts/authority"
  openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj '/CN=stand-ins of a test' -addext basicConstraints=critical,CA:TRUE \
    -keyout "$parts/authority/ca.key" -out "$parts/authority/ca.crt" 2>/dev/null
}

if ! { has mmdebstrap && has patchelf && has objdump && has openssl; }; then get mmdebstrap patchelf binutils openssl; fi
mkdir -p "$parts/python"
authority
if ubuntu_answers; then
  systems='noble=noble jammy=jammy bookworm=bookworm'
  pythons='3.8=focal 3.9=focal 3.10=jammy 3.11=jammy 3.12=noble 3.13=trixie'
else
  systems='noble=trixie jammy=bookworm bookworm=bookworm'
  pythons='3.9=bullseye 3.11=bookworm 3.13=trixie'
fi
echo "$systems" >"$parts/systems"
export -f bootstrap sources system trust python libraries
export parts ubuntu keyring here
{ for pair in $systems; do echo "system ${pair/=/ }"; done; for pair in $pythons; do echo "python ${pair/=/ }"; done; } |
  xargs -P 2 -I '{}' bash -euo pipefail -c '{}'
if ! [ -x "$parts/uv" ]; then
  "$tools/venv/bin/pip" install --quiet --target "$parts/uv.folder" uv
  cp "$parts/uv.folder/bin/uv" "$parts/uv"
  rm -rf "$parts/uv.folder"
fi
for pair in $systems; do [ -s "$parts/${pair%=*}.tar" ]; done
