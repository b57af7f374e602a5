"""The embedded edition: how soon it is there, and how much memory it takes."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.figures import Figure, Measure, at_most
from bench.servers import ROOT, VAR, Server, environment, fetch, free_port, started

MOST_SECONDS = 5
MOST_MEGABYTES = 250
FIRST_PAGE = "/it/"
VISITED = ("/it/projects", "/ar/projects", "/en/", "/fr/", "/it/sign-in", "/it/staff/sign-in")
ROUNDS = 10


@contextmanager
def made_to_run() -> Iterator[tuple[Server, float]]:
    """`make run` as the README says it, and how many seconds it took to its first page."""
    port = free_port()
    env = environment(PORT=str(port), CIVIC_DATABASE_URL=f"sqlite:///{VAR / 'start.sqlite3'}")
    began = time.monotonic()
    with started(["make", "-C", str(ROOT), "run"], env, port, FIRST_PAGE) as server:
        yield server, time.monotonic() - began


def embedded() -> Iterator[Figure]:
    with made_to_run():
        pass  # Virtual environment, tables and demonstration data are there from here on.
    with made_to_run() as (server, seconds):
        yield at_most("start.first_page", seconds, "s", MOST_SECONDS)
        for _ in range(ROUNDS):
            for path in VISITED:
                fetch(server.url(path))
        megabytes = sum(memory_of(pid) for pid in descendants(server.process.pid)) / 1e6
        yield at_most("start.memory", megabytes, "MB", MOST_MEGABYTES)


def descendants(ancestor: int) -> list[int]:
    """Process ids of the ancestor and everything it started."""
    printed = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid="], check=True, capture_output=True, text=True
    ).stdout
    parents = {int(pid): int(parent) for pid, parent in map(str.split, printed.splitlines())}
    found = [ancestor]
    for pid in found:
        found += [child for child, parent in parents.items() if parent == pid]
    return found


def memory_of(pid: int) -> float:
    """Bytes: where the system tells, memory shared by processes is counted once (PSS)."""
    shares = Path(f"/proc/{pid}/smaps_rollup")
    if shares.exists():
        for line in shares.read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    printed = subprocess.run(
        ["ps", "-o", "rss=", "-p", str(pid)], check=False, capture_output=True, text=True
    ).stdout
    return int(printed or 0) * 1024


MEASURES = (Measure(("start.first_page", "start.memory"), embedded),)
