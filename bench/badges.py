"""All badges of a city-sized network evaluated anew, in a process of its own that tells how long it
took and how much memory it held."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from bench import databases
from bench.figures import Figure, Measure, at_most
from bench.servers import ROOT, environment

MOST_SECONDS, MOST_MEGABYTES = 60, 300


def evaluation() -> Iterator[Figure]:
    """Of 20,000 people with 200,000 check events, as if nothing had been proposed yet."""
    url = databases.city()
    command = [sys.executable, "-m", "bench.badges", url]
    done = subprocess.run(command, cwd=ROOT, env=environment(), check=True, capture_output=True)
    told = json.loads(done.stdout)
    yield at_most("badges.evaluated", told["seconds"], "s", MOST_SECONDS)
    yield at_most("badges.memory", told["megabytes"], "MB", MOST_MEGABYTES)
    yield at_most("badges.missed", told["missed"], "badges", 0)


def main(url: str) -> None:
    """Take the open proposals away, propose all anew, and say whether the same are back."""
    import time

    from sqlalchemy import delete, func, select

    from civic.badges.evaluating import propose_all
    from civic.badges.models import Proposal
    from civic.badges.rules import ProposalState
    from civic.kernel.db.database import Database
    from civic.kernel.db.engine import make_engine
    from civic.kernel.db.scope import unscoped
    from civic.kernel.policy import system_in
    from civic.tenancy.queries.standings import municipalities

    database = Database(make_engine(url))
    with (
        database.unit_of_work(system_in()) as ctx,
        unscoped(ctx.db, "the bench begins with nothing proposed"),
    ):
        is_open = Proposal.state == ProposalState.OPEN
        before = ctx.db.scalar(select(func.count()).select_from(Proposal).where(is_open)) or 0
        ctx.db.execute(delete(Proposal).where(is_open))
        cities = municipalities(ctx)
    began = time.perf_counter()
    opened = sum(propose_all(database, city.id) for city in cities)
    seconds = time.perf_counter() - began
    # Of this program alone: what `getrusage` tells begins with the process that started it.
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    peak = int(status["VmHWM"].split()[0]) / 1024
    told = {
        "seconds": round(seconds, 2),
        "megabytes": round(peak, 1),
        "missed": max(0, before - opened),
    }
    print(json.dumps(told))


MEASURES = (Measure(("badges.evaluated", "badges.memory", "badges.missed"), evaluation),)

if __name__ == "__main__":
    main(sys.argv[1])
