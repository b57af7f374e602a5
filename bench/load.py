"""Requests a second, two pages in turn so that both meet the same weather."""

import statistics
import subprocess
import sys
from dataclasses import dataclass

from bench.servers import ROOT, Server

CLIENTS = 2
CONNECTIONS = 4
"""Of each client: eight requests are always under way."""
COUNT = 200
"""Requests of each client in one round."""
ROUNDS = 5
WARM_UP = 60


@dataclass(frozen=True)
class Target:
    server: Server
    paths: tuple[str, ...]
    """Asked in turn."""


def requests_a_second(target: Target, count: int = COUNT) -> float:
    command = [sys.executable, "-m", "bench.client", str(target.server.port)]
    command += [str(count), str(CONNECTIONS), *target.paths]
    clients = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for _ in range(CLIENTS)
    ]
    spans = []
    for client in clients:
        printed, _ = client.communicate(timeout=120)
        if client.returncode:
            raise RuntimeError(f"a client of {target.paths[0]} gave up: {printed}")
        began, ended = printed.split()
        spans.append((float(began), float(ended)))
    seconds = max(end for _, end in spans) - min(begin for begin, _ in spans)
    return CLIENTS * count / seconds


def in_turn(ours: Target, reference: Target) -> tuple[float, float]:
    """Median requests a second of both, measured alternately."""
    for target in (ours, reference):
        requests_a_second(target, WARM_UP)
    seen: dict[Target, list[float]] = {ours: [], reference: []}
    for _ in range(ROUNDS):
        for target in (reference, ours):
            seen[target].append(requests_a_second(target))
    return statistics.median(seen[ours]), statistics.median(seen[reference])
