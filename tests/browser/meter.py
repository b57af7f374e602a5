"""What a phone pays for: the bytes that come down the line, whoever in the browser asked for them."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

PIECE = 65_536


class Meter:
    """A line to the server that counts."""

    def __init__(self, server: str) -> None:
        self._server = urlsplit(server)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._lock = threading.Lock()
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self.received = 0
        threading.Thread(target=self._answer, daemon=True).start()

    def reset(self) -> None:
        with self._lock:
            self.received = 0

    def close(self) -> None:
        self._listening.close()

    def _answer(self) -> None:
        with suppress(OSError):
            while True:
                phone, _address = self._listening.accept()
                server = socket.create_connection(
                    (str(self._server.hostname), int(self._server.port or 80))
                )
                for ends in ((phone, server, False), (server, phone, True)):
                    threading.Thread(target=self._carry, args=ends, daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket, is_counted: bool) -> None:
        with suppress(OSError), source, target:
            while piece := source.recv(PIECE):
                if is_counted:
                    with self._lock:
                        self.received += len(piece)
                target.sendall(piece)


@contextmanager
def measured(server: str) -> Iterator[Meter]:
    meter = Meter(server)
    try:
        yield meter
    finally:
        meter.close()
