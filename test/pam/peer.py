# Owns a daemon whose socket root made and another user listens on, as with systemd's sockets: peer.py PATH UID BODY.
# Without a body it hangs up at once.
import os
import socket
import sys

path, uid, body = sys.argv[1], int(sys.argv[2]), sys.argv[3].encode()
server = socket.socket(socket.AF_UNIX)
server.bind(path)
os.setgid(uid)
os.setuid(uid)
server.listen(16)
print("listening", flush=True)
while True:
    connection, _ = server.accept()
    # A module that does not trust this process hangs up without a word.
    if body and connection.recv(65536):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
    connection.close()
