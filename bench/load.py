"""Requests a second, of two pages in turn so that both meet the same weather."""

import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from bench.servers import ROOT, Server

CLIENTS = 1
CONNECTIONS = 8
"""Of each client: eight requests are always under way."""
COUNT = 500
"""Requests of each client in one round."""
ROUNDS = 9
"""In turn: whatever else the machine does then slows both pages alike."""


@dataclass(frozen=True)
class Target:
    server: Server
    paths: tuple[str, ...]
    """Asked in turn."""


@dataclass(frozen=True)
class Crowd:
    """Clients before one server, each waiting for its word."""

    clients: tuple[subprocess.Popen[str], ...]

    def requests_a_second(self) -> float:
        for client in self.clients:
            assert client.stdin
            client.stdin.write(f"{COUNT}\n")
            client.stdin.flush()
        spans = [self._span(client) for client in self.clients]
        seconds = max(end for _, end in spans) - min(begin for begin, _ in spans)
        return len(self.clients) * COUNT / seconds

    def _span(self, client: subprocess.Popen[str]) -> tuple[float, float]:
        assert client.stdout
        told = client.stdout.readline().split()
        if len(told) != 2:
            raise RuntimeError("a client gave up: its reason stands above")
        return float(told[0]), float(told[1])


@contextmanager
def crowd_before(target: Target) -> Iterator[Crowd]:
    command = [sys.executable, "-m", "bench.client", str(target.server.port), str(CONNECTIONS)]
    with ExitStack() as started:
        yield Crowd(
            tuple(
                started.enter_context(
                    # At the end its standard input is closed, which ends it.
                    subprocess.Popen(
                        [*command, *target.paths],
                        cwd=ROOT,
                        stdin=subprocess.PIPE,
                        stdout=subprocess.PIPE,
                        text=True,
                    )
                )
                for _ in range(CLIENTS)
            )
        )


def in_turn(ours: Target, reference: Target) -> tuple[float, float]:
    """Median requests a second of both, measured alternately after a round to warm up."""
    with crowd_before(ours) as before_ours, crowd_before(reference) as before_reference:
        rounds = [
            (before_ours.requests_a_second(), before_reference.requests_a_second())
            for _ in range(1 + ROUNDS)
        ]
    our_rates, bare_rates = zip(*rounds[1:], strict=True)
    return statistics.median(our_rates), statistics.median(bare_rates)
