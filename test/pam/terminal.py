# Owns a person at a terminal: runs a program on a pseudo-terminal, types a line whenever a text has appeared, and
# prints all that was on the screen. terminal.py SECONDS COMMAND..., with [[text, line or null], ...] on standard input.
import json
import os
import pty
import select
import sys
import time

seconds, command = float(sys.argv[1]), sys.argv[2:]
steps = json.load(sys.stdin)
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(command[0], command)

seen, searched, deadline = b"", 0, time.monotonic() + seconds
while True:
    left = deadline - time.monotonic()
    if left <= 0:
        seen += b"\n[terminal: gave up waiting]\n"
        os.kill(pid, 9)
        break
    if not select.select([terminal], [], [], left)[0]:
        continue
    try:
        chunk = os.read(terminal, 65536)
    except OSError:  # the program has left: Linux says EIO
        break
    if not chunk:
        break
    seen += chunk
    while steps and steps[0][0].encode() in seen[searched:]:
        text, line = steps.pop(0)
        searched = seen.index(text.encode(), searched) + len(text.encode())
        if line is not None:
            os.write(terminal, line.encode() + b"\n")

status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
sys.stdout.buffer.write(seen)
for text, _ in steps:
    sys.stdout.buffer.write(f"\n[terminal: never saw {text!r}]".encode())
sys.stdout.flush()
sys.exit(status if status >= 0 else 128 - status)
