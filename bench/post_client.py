"""Sends prepared requests over connections that stay open, run as a process of its own:
`python -m bench.post_client PORT CONNECTIONS`.

For each line on its standard input, a file of bodies one a line, it sends them as POST requests to
the path on the file's first line, each connection its next one as soon as its last was answered.
It prints one JSON line: seconds from the first request to the last answer, milliseconds of each,
and how many answers were not what the path's second line says every good one holds.
"""

import json
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Lock, Thread

from bench.client import opened

BUFFER = 65_536


class Round:
    """The requests of one file, dealt out to whoever is free."""

    def __init__(self, file: Path, port: int) -> None:
        head, good, authorization, *bodies = file.read_bytes().split(b"\n")
        self.good = good
        self._left: Iterator[bytes] = iter(
            [
                b"POST %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAuthorization: %s\r\n"
                b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                % (head, port, authorization, len(body), body)
                for body in bodies
                if body
            ]
        )
        self._turn = Lock()
        self.taken: list[float] = []
        self.wrong = 0

    def next(self) -> bytes | None:
        with self._turn:
            return next(self._left, None)

    def answered(self, seconds: float, body: bytes) -> None:
        self.taken.append(seconds)
        if self.good not in body:
            self.wrong += 1
            if self.wrong == 1:
                print(body[:500].decode(errors="replace"), file=sys.stderr)


def _read(connection: socket.socket) -> bytes:
    received = b""
    while b"\r\n\r\n" not in received:
        received += _more(connection)
    head, _, body = received.partition(b"\r\n\r\n")
    lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    missing = int(lengths[0].split(b":")[1]) - len(body)
    while missing > 0:
        more = _more(connection)
        body, missing = body + more, missing - len(more)
    return head.partition(b"\r\n")[0] + b"\n" + body


def _more(connection: socket.socket) -> bytes:
    received = connection.recv(BUFFER)
    if not received:
        raise SystemExit("the server hung up")
    return received


def _work(connection: socket.socket, this: Round) -> None:
    while (request := this.next()) is not None:
        began = time.perf_counter()
        connection.sendall(request)
        body = _read(connection)
        this.answered(time.perf_counter() - began, body)


def main(port: int, connections: int) -> None:
    for line in sys.stdin:
        this = Round(Path(line.strip()), port)
        with opened(port, connections) as open_ones:
            workers = [Thread(target=_work, args=(each, this)) for each in open_ones]
            began = time.perf_counter()
            for worker in workers:
                worker.start()
            for worker in workers:
                worker.join()
            seconds = time.perf_counter() - began
        told = {
            "seconds": seconds,
            "milliseconds": [round(each * 1000, 3) for each in this.taken],
            "wrong": this.wrong,
        }
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
