"""A real server that speaks clamd's INSTREAM, on a port of this machine."""

import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Clamd:
    """Finds one well-known string. `is_silent`: it takes everything and says nothing."""

    def __init__(self) -> None:
        self.is_silent = False
        self.seen: list[bytes] = []
        self.url = ""

    def answer(self, request: socketserver.StreamRequestHandler) -> None:
        if request.rfile.read(10) != b"zINSTREAM\x00":
            request.wfile.write(b"UNKNOWN COMMAND\x00")
            return
        content = b""
        while size := struct.unpack(">I", request.rfile.read(4))[0]:
            content += request.rfile.read(size)
        self.seen.append(content)
        if not self.is_silent:
            found = b"Eicar FOUND" if EICAR in content else b"OK"
            request.wfile.write(b"stream: " + found + b"\x00")


@contextmanager
def running() -> Iterator[Clamd]:
    clamd = Clamd()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            clamd.answer(self)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        clamd.url = f"tcp://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield clamd
        finally:
            server.shutdown()
            thread.join()
