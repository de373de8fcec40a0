"""builder.py SOCKET PORT: the BuildKit of the engine at SOCKET, on PORT as a builder of its own is: what `buildx create --driver remote` takes.

The engine hands over its BuildKit to who asks for `/grpc` with an upgrade; from then on the connection is gRPC.
"""

import socket
import sys
import threading

ASK = b"POST /grpc HTTP/1.1\r\nHost: engine\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"


def pass_on(source, target):
    try:
        while data := source.recv(1 << 16):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        target.close()


def serve(client, path):
    engine = socket.socket(socket.AF_UNIX)
    engine.connect(path)
    engine.sendall(ASK)
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        head += engine.recv(1)
    for pair in ((client, engine), (engine, client)):
        threading.Thread(target=pass_on, args=pair, daemon=True).start()


server = socket.create_server(("127.0.0.1", int(sys.argv[2])))
while True:
    serve(server.accept()[0], sys.argv[1])
