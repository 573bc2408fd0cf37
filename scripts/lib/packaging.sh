# Owns what the executable and the Debian packages are built with: which, why, and how it is installed. Sourced, POSIX
# sh, after npm.sh and debian.sh.

PACKAGING_DEBIAN_PACKAGES='
binutils                   Node without its symbols
binutils-aarch64-linux-gnu the same for arm64
qemu-user-static           the code cache for arm64, made by the Node of arm64
libstdc++6-arm64-cross     what that Node is linked with
'

DEB_DEBIAN_PACKAGES='debhelper             the packages
po-debconf            the question asked at a purge
crossbuild-essential-arm64 the PAM module for arm64
libpam0g-dev          the PAM module: its headers
lintian               what Debian thinks of the packages
mandoc                what a strict reader thinks of the manual pages
'

# npm itself checks what it fetches against packaging/package-lock.json. --force: both Nodes are wanted, and each is
# for one processor only. --ignore-scripts: nothing here has to run while it is installed.
ensure_packaging_packages() {
  _stamp=
  [ ! -r "$1/packaging/node_modules/.installed-for" ] || read -r _stamp <"$1/packaging/node_modules/.installed-for"
  [ "$_stamp" != "$(cksum <"$1/packaging/package-lock.json")" ] || return 0
  say 'installing what the executable is built with (once, about 450 MB) …'
  mkdir -p "$1/.dev"
  if ! (cd "$1/packaging" && npm_config_cache="$1/.dev/npm" npm install --no-save --force --ignore-scripts \
    --no-audit --no-fund --no-update-notifier --loglevel=error) >"$1/.dev/npm-packaging.log" 2>&1 </dev/null; then
    tail -n 20 "$1/.dev/npm-packaging.log" >&2
    say 'npm install failed, so nothing was built. Is the package registry reachable from here?'
    exit 69
  fi
  cksum <"$1/packaging/package-lock.json" >"$1/packaging/node_modules/.installed-for"
}

DEB_TEST_PACKAGES='mmdebstrap        Debians to install on
arch-test         mmdebstrap, to see what it can build
qemu-user-static  the Debian for arm64
systemd-container the Debian for x86-64, booted
util-linux        another folder to build in: a mount of its own
'

# make_machine ARCH VARIANT PACKAGES: a root file system below .dev/machines, once for each list of packages.
make_machine() {
  _machine=.dev/machines/$1
  [ "$(cat "$_machine.packages" 2>/dev/null)" != "$2 $3" ] || return 0
  say "making the Debian for $1 that packages are installed on (once) …"
  rm -rf "$_machine" "$_machine.tar"
  mkdir -p "$_machine"
  # No manuals and no translations: under qemu-user each file costs.
  mmdebstrap --quiet "--variant=$2" "--architectures=$1" "--include=$3" \
    --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
    --dpkgopt='path-exclude=/usr/share/doc/*' bookworm "$_machine.tar"
  tar -xf "$_machine.tar" -C "$_machine"
  rm "$_machine.tar"
  printf '%s' "$2 $3" >"$_machine.packages"
}
