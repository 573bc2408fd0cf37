# Owns the attempts of a process that was taken over: what it can reach from within its unit's sandbox.
try() {
  if "$@" >/dev/null 2>&1; then echo "reached: $*"; else echo "refused: $*"; fi
}
try cat /var/lib/fygo-2fa/key/master.key
try cat /var/lib/fygo-2fa/state.db
try ls /var/lib/fygo-2fa
try cat /etc/fygo-2fa/roster
try cat "/proc/$1/mem"
try cat "/proc/$1/environ"
try touch /usr/bin/planted
try touch /etc/planted
try touch /root/planted
try mount -t tmpfs none /mnt
try unshare --user true
try date -s 2030-01-01
try curl -s --unix-socket /run/fygo-2fa/login.sock http://localhost/v1/health
try curl -s --unix-socket /run/fygo-2fa/admin.sock http://localhost/v1/status
try curl -s --max-time 2 http://127.0.0.1:80/
try cat /etc/shadow
