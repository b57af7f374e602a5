"""A small keep-alive client, run as a process of its own: `python -m bench.client`.

For each line it is given it opens several connections, sends one request on each of them and reads
one answer from each, again and again, until the agreed number is reached; several paths are asked
in turn. After each such round it prints when its first request left and when its last answer came.
"""

import socket
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import cycle

BUFFER = 65_536
PATIENCE = 30


def request(port: int, path: str) -> bytes:
    lines = (
        f"GET {path} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        "Accept: text/html",
        "Accept-Encoding: gzip",
        "Accept-Language: it",
        "Connection: keep-alive",
    )
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def read_answer(connection: socket.socket) -> None:
    """One whole answer; anything but a 200 with a length ends the run."""
    received = b""
    while b"\r\n\r\n" not in received:
        received += _more(connection)
    head, _, body = received.partition(b"\r\n\r\n")
    status, *fields = head.split(b"\r\n")
    if b" 200 " not in status + b" ":
        raise SystemExit(f"answer: {status.decode()}")
    lengths = [line for line in fields if line.lower().startswith(b"content-length:")]
    if not lengths:
        raise SystemExit("an answer without a length cannot be counted")
    missing = int(lengths[0].split(b":")[1]) - len(body)
    while missing > 0:
        missing -= len(_more(connection))


def _more(connection: socket.socket) -> bytes:
    received = connection.recv(BUFFER)
    if not received:
        raise SystemExit("the server hung up")
    return received


def main(port: int, connections: int, paths: list[str]) -> None:
    messages = cycle([request(port, path) for path in paths])
    for line in sys.stdin:
        with opened(port, connections) as open_ones:
            began = time.monotonic()
            left = int(line)
            while left > 0:
                asked = open_ones[:left]
                for connection in asked:
                    connection.sendall(next(messages))
                for connection in asked:
                    read_answer(connection)
                left -= len(asked)
            ended = time.monotonic()
        print(began, ended, flush=True)


@contextmanager
def opened(port: int, count: int) -> Iterator[list[socket.socket]]:
    """New ones each round: the system deals them out to the server's processes by chance, and one
    bad hand would else be held through all rounds."""
    with ExitStack() as stack:
        yield [
            stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=PATIENCE))
            for _ in range(count)
        ]


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
