"""Servers started for a measurement, on ports of their own, and ended after it."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from civic.cli.commands import THREADS

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var" / "bench"
WORKERS = 2
SECONDS_TO_START = 60
SECONDS_TO_STOP = 15


def fetch(url: str) -> bytes:
    """The body of one of our own pages."""
    with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - always http, loopback
        body: bytes = answer.read()
        return body


@dataclass(frozen=True)
class Server:
    port: int
    process: subprocess.Popen[bytes]

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def environment(**settings: str) -> dict[str, str]:
    """This one's, without settings of Civic that somebody may have exported."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CIVIC_")}
    return {**kept, **settings}


@contextmanager
def granian(
    target: str, settings: Mapping[str, str], path: str, workers: int = WORKERS
) -> Iterator[Server]:
    """The production server with the same options for whatever is measured."""
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
    command += ["--port", str(port), "--workers", str(workers), "--no-ws"]
    command += ["--blocking-threads", str(THREADS), "--log-level", "warning", target]
    with started(command, environment(**settings), port, path) as server:
        yield server


@contextmanager
def started(command: list[str], env: Mapping[str, str], port: int, path: str) -> Iterator[Server]:
    """Run a command until its page answers; end it and what it started."""
    VAR.mkdir(parents=True, exist_ok=True)
    log = VAR / f"server-{port}.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, cwd=ROOT, env=dict(env), stdout=out, stderr=out, start_new_session=True
        )
        server = Server(port, process)
        try:
            wait_for(server, path, log)
            yield server
        finally:
            stop(process)
    log.unlink()


def wait_for(server: Server, path: str, log: Path) -> float:
    """The moment the page was there."""
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        if server.process.poll() is not None:
            break
        try:
            fetch(server.url(path))
            return time.monotonic()
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"{path} answers {error.code}: see {log}") from None
        except OSError:
            time.sleep(0.02)
    raise RuntimeError(f"the server did not start:\n{log.read_text(errors='replace')[-2000:]}")


def stop(process: subprocess.Popen[bytes]) -> None:
    """Ask the whole group that we started to end, as Ctrl-C does, and make sure that it did."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
        if process.poll() is not None:
            return
        os.killpg(process.pid, number)
        try:
            process.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            continue
