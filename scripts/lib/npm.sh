# Owns the npm packages of a checkout: installs them once for each state of package-lock.json. Sourced, POSIX sh.

say() {
  printf 'fygo-2fa: %s\n' "$*" >&2
}

# Are the packages of $1/package-lock.json installed? Its checksum is kept next to them.
npm_packages_current() {
  [ -x "$1/node_modules/node/bin/node" ] || return 1
  _stamp=
  [ ! -r "$1/node_modules/.installed-for" ] || read -r _stamp <"$1/node_modules/.installed-for"
  [ "$_stamp" = "$(cksum <"$1/package-lock.json")" ]
}

stamp_npm_packages() {
  cksum <"$1/package-lock.json" >"$1/node_modules/.installed-for.$$"
  mv -f "$1/node_modules/.installed-for.$$" "$1/node_modules/.installed-for"
}

# Installs what is missing in checkout $1. Two at once: the second waits. Says so on stderr after two seconds.
# The lock is a symbolic link that names its owner's process id, because making one is atomic and says who in
# the same step. flock(1) would need a file descriptor that npm's children inherit.
ensure_npm_packages() {
  npm_packages_current "$1" && return 0
  if ! command -v node >/dev/null 2>&1 || ! command -v npm >/dev/null 2>&1; then
    say 'Node and npm are not on the PATH, and the packages of this checkout are not installed yet.'
    say 'Install any Node from 18 on with npm (Debian: apt-get install nodejs npm), then run this again.'
    exit 69
  fi
  mkdir -p "$1/.dev"
  _lock=$1/.dev/npm.lock
  _waited=0
  until ln -s "$$" "$_lock" 2>/dev/null; do
    _owner=$(readlink "$_lock" 2>/dev/null) || continue
    if ! kill -0 "$_owner" 2>/dev/null && [ ! -d "/proc/$_owner" ]; then
      # Renaming picks one winner among those who found the owner gone; what was renamed is looked at again
      # because its owner may have changed in between.
      if mv "$_lock" "$_lock.$$" 2>/dev/null; then
        [ "$(readlink "$_lock.$$")" = "$_owner" ] || ln -s "$(readlink "$_lock.$$")" "$_lock" 2>/dev/null || :
        rm -f "$_lock.$$"
      fi
      continue
    fi
    [ "$_waited" -ne 2 ] || say "process $_owner is installing the npm packages of this checkout; waiting for it …"
    if [ "$_waited" -ge 900 ]; then
      say "process $_owner holds $_lock for 15 minutes. If it is not an installation, delete that link."
      exit 75
    fi
    sleep 1
    _waited=$((_waited + 1))
  done
  trap 'rm -f "$_lock"' EXIT
  if ! npm_packages_current "$1"; then
    if node "$1/scripts/lib/installed.mjs" "$1"; then
      stamp_npm_packages "$1"
    else
      install_npm_packages "$1"
    fi
  fi
  rm -f "$_lock"
  trap - EXIT
}

# Installs exactly what package-lock.json says, with npm's own cache inside the checkout and whatever npm is
# configured to leave out. Not `npm ci`: it refuses a lock file made where a registry does not carry the optional
# packages of other platforms, and it empties node_modules under a daemon that runs. What `npm ci` promises is
# checked afterwards instead.
install_npm_packages() {
  _log=$1/.dev/npm.log
  (
    cd "$1" && npm_config_cache="$1/.dev/npm" exec npm install --no-save --include=dev --include=optional \
      --ignore-scripts=false --no-audit --no-fund --no-update-notifier --loglevel=error
  ) >"$_log" 2>&1 </dev/null &
  _npm=$!
  trap 'kill "$_npm" 2>/dev/null; exit 130' INT
  trap 'kill "$_npm" 2>/dev/null; exit 143' TERM HUP
  _polls=0
  while kill -0 "$_npm" 2>/dev/null; do
    [ "$_polls" -ne 10 ] || say 'installing the npm packages of this checkout (once, about 300 MB) …'
    [ "$_polls" -eq 0 ] || [ $((_polls % 100)) -ne 0 ] || say "still installing, $((_polls / 5)) s …"
    sleep 0.2
    _polls=$((_polls + 1))
  done
  _status=0
  wait "$_npm" || _status=$?
  trap - INT TERM HUP
  if [ "$_status" -ne 0 ]; then
    tail -n 20 "$_log" >&2
    say "npm install failed (status $_status), so nothing was started. All it said is in $_log."
    say 'Is the package registry reachable from here, and is there disk space? Then run this again.'
    exit 69
  fi
  if ! node "$1/scripts/lib/installed.mjs" "$1"; then
    say 'npm installed other packages than package-lock.json asks for, so nothing was started.'
    say 'Do package.json and package-lock.json belong together? Delete node_modules and run this again.'
    exit 69
  fi
  [ "$_polls" -lt 10 ] || say "npm packages installed in $((_polls / 5)) s."
  stamp_npm_packages "$1"
}
