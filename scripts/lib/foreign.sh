# Owns how files of Debian packages for another processor are had without making the machine a multi-arch one: they are
# unpacked into a folder of the checkout. Sourced, POSIX sh, after npm.sh.

# fetch_foreign ARCH FOLDER PACKAGE…: apt checks signatures and checksums of what it fetches as it always does.
fetch_foreign() {
  _arch=$1 _into=$2
  shift 2
  [ "$(cat "$_into/.packages" 2>/dev/null)" != "$*" ] || return 0
  say "fetching for $_arch: $*"
  mkdir -p "$_into"
  _into=$(cd "$_into" && pwd -P)
  _apt=$_into/.apt
  rm -rf "$_into"
  mkdir -p "$_apt/lists/partial" "$_apt/cache/archives/partial"
  : >"$_apt/status"
  for _step in update "download $*"; do
    # shellcheck disable=SC2086 # one word a package
    if ! (cd "$_apt" && apt-get -qq -o "APT::Architecture=$_arch" -o "APT::Architectures=$_arch" \
      -o "Dir::State=$_apt" -o "Dir::State::status=$_apt/status" -o "Dir::Cache=$_apt/cache" \
      -o APT::Sandbox::User= $_step) >"$_apt/log" 2>&1 </dev/null; then
      cat "$_apt/log" >&2
      say "apt-get could not fetch packages for $_arch. Is the Debian mirror reachable from here?"
      return 1
    fi
  done
  for _deb in "$_apt"/*.deb; do dpkg-deb -x "$_deb" "$_into"; done
  rm -rf "$_apt"
  printf '%s' "$*" >"$_into/.packages"
}
