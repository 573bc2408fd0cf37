# Owns a person with a phone at a terminal: types a line whenever a text has appeared; {last}, {code} and {next} in it
# are what the phone showed 30 s ago, shows now and 30 s later, its secret the one in PHONE_SECRET or the one that was
# on the screen. Looks at the phone no earlier than PHONE_NOT_BEFORE, in seconds since 1970: a code opens once.
# person.py SECONDS COMMAND..., with [[text, line or null], ...] on standard input; prints all that was on the screen.
import base64
import hashlib
import hmac
import json
import os
import pty
import re
import select
import struct
import sys
import time


def totp(secret, ahead):
    counter = struct.pack(">Q", int(time.time()) // 30 + ahead)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    number = struct.unpack(">I", digest[digest[-1] & 15 :][:4])[0] & 0x7FFFFFFF
    return f"{number % 1000000:06d}"


def typed(line, screen):
    if "{" not in line:
        return line
    shown = re.search(rb"Secret Key: ([A-Z2-7 ]+)", screen)
    secret = os.environ.get("PHONE_SECRET") or shown.group(1).decode()
    secret = secret.replace(" ", "")
    time.sleep(max(0, float(os.environ.get("PHONE_NOT_BEFORE", "0")) - time.time()))
    for word, ahead in (("{last}", -1), ("{code}", 0), ("{next}", 1)):
        line = line.replace(word, totp(secret, ahead))
    return line


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
            os.write(terminal, typed(line, seen).encode() + b"\n")

status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
sys.stdout.buffer.write(seen)
for text, _ in steps:
    sys.stdout.buffer.write(f"\n[terminal: never saw {text!r}]".encode())
sys.stdout.flush()
sys.exit(status if status >= 0 else 128 - status)
