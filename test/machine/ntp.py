# Owns four NTP servers (RFC 5905) on loopback addresses of a machine, which say what its clock says.
import select
import socket
import struct
import time

servers = []
for last in (11, 12, 13, 14):
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.%d" % last, 123))
    servers.append(server)


def stamp():
    seconds = time.time() + 2208988800
    return struct.pack("!II", int(seconds), int(seconds % 1 * 2**32))


while True:
    for server in select.select(servers, [], [])[0]:
        asked, sender = server.recvfrom(512)
        if len(asked) < 48:
            continue
        now = stamp()
        head = struct.pack("!BBbbII4s", 0x24, 2, 6, -20, 0x100, 0x100, b"\x0a\x00\x00\x01")
        server.sendto(head + now + asked[40:48] + now + stamp(), sender)
