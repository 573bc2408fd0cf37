# Owns the Debian packages that tests need: which, why, and how they are installed. Sourced, POSIX sh.

# One a line: the package, and what is tested with it.
DEBIAN_PACKAGES='
oathtool          codes from an independent RFC 6238 implementation
zbar-tools        reading QR codes back
librsvg2-bin      QR codes as SVG, rasterised
xvfb              QR codes in a real terminal: a display without a screen
xterm             QR codes in a real terminal
imagemagick       QR codes in a real terminal: screenshots
fonts-dejavu-core QR codes in a real terminal: a font with block elements
curl              the sockets, spoken to by a client that is not ours
strace            what is flushed before an answer leaves
sqlite3           the database, read by a program that is not ours
faketime          wrong wall clocks
libfaketime       wrong wall clocks that change while the daemon runs
chrony            time servers on loopback addresses, right and wrong ones
gcc               the PAM module, built
libpam0g-dev      the PAM module, built
pamtester         the PAM module, driven by a stock client
openssh-server    logins through SSH
openssh-client    logins through SSH
sudo              logins through sudo
valgrind          the PAM module, memory
python3           logins typed at a terminal
libnss-wrapper    users that only a test knows, through the real getent
tmux              the command line at a terminal
chromium          the pages, in a real browser
fonts-droid-fallback the pages in Chinese: a font for the pictures
openssl           certificates of mail servers, good and bad ones
exim4-daemon-light  mail, through a mail server as there are many
nginx             the gateway of docs/examples
util-linux        setpriv: peers with other user ids
'

# Likewise, for the tests of a booted machine.
DEBIAN_MACHINE_PACKAGES='
mmdebstrap        the root file system of the machine
arch-test         mmdebstrap, to see what it can build
systemd-container the machine itself: systemd-nspawn
gcc               the PAM module, built
libpam0g-dev      the PAM module, built
python3           what systemd is told, received
'

missing_debian_packages() {
  printf '%s' "$DEBIAN_PACKAGES" | while read -r _package _why; do
    [ -n "$_package" ] || continue
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$_package" 2>/dev/null)" = installed ] || printf '%s\n' "$_package"
  done
}

# Says on stderr which packages of "$1" (one a line) are not there and what is left out for it.
say_left_out() {
  say "$2 Tests that need these are skipped, each with its reason:"
  printf '%s' "$DEBIAN_PACKAGES" | while read -r _package _why; do
    printf '%s\n' "$1" | grep -qxF -- "${_package:-/}" && printf '  %-18s %s\n' "$_package" "$_why" >&2
  done || :
}

# Root: installs what is missing, starting no service. Others: says what will be left out. In CI a failed
# installation is an error, because tests that are skipped there are skipped for everybody.
ensure_debian_packages() {
  if ! command -v apt-get >/dev/null 2>&1; then
    say 'This is not a Debian system: what tests need beyond npm packages is not installed for you.'
    return 0
  fi
  _missing=$(missing_debian_packages)
  [ -n "$_missing" ] || return 0
  if [ "$(id -u)" -ne 0 ]; then
    say_left_out "$_missing" 'Not root, so missing Debian packages are not installed.'
    return 0
  fi
  # Unquoted: one word a package.
  # shellcheck disable=SC2086
  set -- $_missing
  say "installing Debian packages: $*"
  if ! apt_install "$@"; then
    say_left_out "$(missing_debian_packages)" 'apt-get failed.'
    [ -z "${CI:-}" ]
  fi
}

# policy-rc.d is Debian's way to keep a package's service from being started; one that is there already decides.
apt_install() (
  _policy=/usr/sbin/policy-rc.d
  if [ ! -e "$_policy" ]; then
    trap 'rm -f "$_policy"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    printf '#!/bin/sh\nexit 101\n' >"$_policy"
    chmod 755 "$_policy"
  fi
  export DEBIAN_FRONTEND=noninteractive
  set -- -qq -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 -- "$@"
  apt-get -qq -o DPkg::Lock::Timeout=300 update </dev/null >&2 &&
    apt-get install --yes --no-install-recommends "$@" </dev/null >/dev/null
)
