"""A gate before real server processes, and a phone that keeps what it could not send."""

import json
import os
import signal
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from bench.servers import Server, granian
from civic.kernel.ids import uuid7
from tests.factories.gate import Laid

SECRET = "a key for tests, long enough to be taken"
PATIENCE = 60
PAUSE = 0.05


@contextmanager
def serving(url: str) -> Iterator[Server]:
    settings = {
        "CIVIC_MODE": "demonstration",
        "CIVIC_SECRET_KEY": SECRET,
        "CIVIC_DATABASE_URL": url,
        "CIVIC_WORKER": "process",
    }
    with granian("wsgi:app", settings, "/healthz") as server:
        yield server


def kill(server: Server) -> None:
    """All its processes, with no time to finish anything."""
    os.killpg(server.process.pid, signal.SIGKILL)
    server.process.wait(PATIENCE)


@dataclass
class Phone:
    """Sends a scan until it is answered for, under the same id, as the scanner page does."""

    laid: Laid
    port: int
    answers: dict[UUID, list[str]] = field(default_factory=dict)
    """By scan, what the server said, in order."""
    failures: int = 0

    def request(self, scans: Sequence[dict[str, Any]]) -> bytes:
        body = json.dumps({"scans": list(scans)}).encode()
        head = (
            "POST /api/v1/scans HTTP/1.1",
            f"Host: 127.0.0.1:{self.port}",
            f"Authorization: Bearer {self.laid.token}",
            "Content-Type: application/json",
            f"Content-Length: {len(body)}",
            "Connection: close",
        )
        return ("\r\n".join(head) + "\r\n\r\n").encode() + body

    def scan(self, code: str, direction: str, at: datetime) -> dict[str, Any]:
        return {
            "id": str(uuid7(at)),
            "session_id": str(self.laid.ground.session_id),
            "code": code,
            "direction": direction,
            "scanned_at": at.isoformat(),
        }

    def try_once(self, scan: dict[str, Any]) -> str | None:
        """The outcome; None when there was no answer, or one that asks to try again."""
        asked = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api/v1/scans",
            json.dumps({"scans": [scan]}).encode(),
            {
                "Content-Type": "application/json",
                "Authorization": f"Bearer {self.laid.token}",
            },
        )
        try:
            with urllib.request.urlopen(asked, timeout=20) as response:  # noqa: S310 - as above
                told = json.load(response)["answers"][0]["outcome"]
        except urllib.error.HTTPError as error:
            error.close()
            if error.code != 503:
                raise
            return None
        except (OSError, ValueError):
            # Nobody there, hung up in the middle, or half an answer.
            return None
        return None if told == "failed" else str(told)

    def send(self, scan: dict[str, Any]) -> str:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            told = self.try_once(scan)
            if told is not None:
                self.answers.setdefault(UUID(scan["id"]), []).append(told)
                return told
            self.failures += 1
            time.sleep(PAUSE)
        raise AssertionError("nobody answered for a minute")

    @contextmanager
    def not_listening(self, scan: dict[str, Any]) -> Iterator[None]:
        """The reply is lost: the request has left, and at the end of the block the phone goes out of
        reach without having read. Gone any sooner, the server may not even have begun."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=20) as connection:
            connection.sendall(self.request([scan]))
            yield
