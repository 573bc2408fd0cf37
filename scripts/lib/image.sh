# Owns what images are built and booted with: which Debian packages, why, how this machine gets to run arm64 programs, and the
# daemon's own packages.
# Sourced, POSIX sh, after npm.sh and debian.sh.

IMAGE_DEBIAN_PACKAGES='
mmdebstrap       the root file system
arch-test        the root file system: can this machine run its programs?
uidmap           the root file system, made without root
qemu-user-static the root file system of another processor
e2fsprogs        the file system of an image, looked into
libarchive13     the file system of an image, made from a tar file
dosfstools       the boot partition
mtools           the boot partition
fdisk            the partition table
mount            images of others, changed in place
zstd             how much an image grows
qemu-system-x86  the x86 image, booted
ovmf             the x86 image: UEFI
qemu-system-arm  the Rockchip image, booted
u-boot-qemu      the Rockchip image: a boot loader of the same kind as the boards have
qemu-utils       media larger than an image
openssh-client   logins through SSH
python3          logins typed at a terminal
iproute2         a network with nobody else in it
attr             extended attributes, looked at
util-linux       a network with nobody else in it
'

# The kernel starts programs for arm64 with qemu-user once it is told to. binfmt_misc has to stay mounted.
ensure_arm64_programs() {
  [ "$(id -u)" -eq 0 ] || return 0
  [ "$(dpkg --print-architecture)" != arm64 ] || return 0
  _misc=/proc/sys/fs/binfmt_misc
  [ -e "$_misc/register" ] || mount -t binfmt_misc binfmt_misc "$_misc"
  [ -e "$_misc/qemu-aarch64" ] || cat /usr/lib/binfmt.d/qemu-aarch64.conf >"$_misc/register"
}

# In the checkout's folder. What was built is taken, unless a source is newer.
ensure_daemon_packages() {
  [ "$(id -u)" -eq 0 ] || return 0
  mkdir -p dist
  for _arch in x64 arm64; do
    case $_arch in x64) _debian=amd64 ;; *) _debian=$_arch ;; esac
    _package=$(find dist -maxdepth 1 -name "fygo-2fa_*_$_debian.deb")
    if [ -z "$_package" ] || [ -n "$(find daemon pam packaging systemd package-lock.json \
      -path packaging/node_modules -prune -o -type f -newer "$_package" -print -quit)" ]; then
      scripts/build-deb --arch "$_arch"
    fi
  done
}
