"""A small keep-alive client, run as processes of its own: `python -m bench.client`.

It holds several connections, sends one request on each and then reads one answer from each, until
the agreed number is reached; several paths are asked in turn. It prints when its first request
left and when its last answer came.
"""

import socket
import sys
import time
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


def read_answer(connection: socket.socket) -> int:
    """Length of one whole answer's body; anything but a 200 with a length ends the run."""
    received = connection.recv(BUFFER)
    while b"\r\n\r\n" not in received:
        more = connection.recv(BUFFER)
        if not more:
            raise SystemExit("the server hung up")
        received += more
    head, _, body = received.partition(b"\r\n\r\n")
    status, *fields = head.split(b"\r\n")
    if b" 200 " not in status + b" ":
        raise SystemExit(f"answer: {status.decode()}")
    lengths = [line for line in fields if line.lower().startswith(b"content-length:")]
    if not lengths:
        raise SystemExit("an answer without a length cannot be counted")
    length = int(lengths[0].split(b":")[1])
    missing = length - len(body)
    while missing > 0:
        more = connection.recv(BUFFER)
        if not more:
            raise SystemExit("the server hung up")
        missing -= len(more)
    return length


def main(port: int, count: int, connections: int, paths: list[str]) -> None:
    messages = cycle([request(port, path) for path in paths])
    open_ones = [
        socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) for _ in range(connections)
    ]
    left = count
    began = time.monotonic()
    while left > 0:
        round_of = open_ones[: min(left, len(open_ones))]
        for connection in round_of:
            connection.sendall(next(messages))
        for connection in round_of:
            read_answer(connection)
        left -= len(round_of)
    ended = time.monotonic()
    for connection in open_ones:
        connection.close()
    print(began, ended)


if __name__ == "__main__":
    port, count, connections = map(int, sys.argv[1:4])
    main(port, count, connections, sys.argv[4:])
