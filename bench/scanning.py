"""Scans a second, beside a bare check-in in the same run: one at a time by few and by many phones,
and the batches of a phone that was without network, beside pgbench with a commit for each."""

import json
import os
import re
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from sqlalchemy import make_url

from bench import databases
from bench.figures import Figure, Measure, at_least_of, at_most_times
from bench.servers import ROOT, VAR, Server, granian
from civic.kernel.db.database import Database
from civic.kernel.db.dialects import count_again
from civic.kernel.db.engine import make_engine
from civic.kernel.ids import uuid7
from tests.factories.gate import Laid, lay
from tests.provision import postgres

ENOUGH = 0.5
"""Of what the bare check-in reaches."""
SPREAD = 4
"""Times the middle answer that the slow ones may take (p95 and p50), with eight phones."""
PHONES = {1: 200, 8: 400, 32: 400}
"""At the gate at once, and the scans of one round."""
ROUNDS = 5
BATCH, BATCHES = 100, 10
KINDS = ("sqlite", "postgresql")
SCANS = "/api/v1/scans"
ACCEPTED = '"outcome":"accepted"'
LATELY = timedelta(minutes=20)
PGBENCH_TABLES = """
CREATE TABLE pgbench_pass (number integer PRIMARY KEY, person_id uuid NOT NULL);
INSERT INTO pgbench_pass SELECT number, gen_random_uuid() FROM generate_series(1, 1000) AS number;
CREATE TABLE pgbench_check (id uuid PRIMARY KEY, person_id uuid NOT NULL, at timestamptz NOT NULL);
"""
PGBENCH_SCAN = r"""\set number random(1, 1000)
BEGIN;
SELECT person_id FROM pgbench_pass WHERE number = :number;
INSERT INTO pgbench_check VALUES (gen_random_uuid(), gen_random_uuid(), now());
COMMIT;
"""
PGBENCH_SECONDS = 5
RATE = re.compile(r"^tps = ([0-9.]+)", re.MULTILINE)

Body = dict[str, object]


@dataclass(frozen=True)
class Told:
    rate: float
    """Scans a second."""
    milliseconds: tuple[float, ...]
    """Of each answer."""


@dataclass(frozen=True)
class Gate:
    """Two servers before one database; the bare one writes into a table of its own."""

    ours: Server
    bare: Server
    laid: Laid
    fresh: Iterator[str]
    """Codes of people who have not come in yet."""

    def scans(self, count: int) -> list[Body]:
        at = self.laid.now - LATELY
        return [
            {
                "id": str(uuid7(at)),
                "session_id": str(self.laid.ground.session_id),
                "code": next(self.fresh),
                "direction": "entry",
                "scanned_at": at.isoformat(),
            }
            for _ in range(count)
        ]


@contextmanager
def _gate(kind: str, people: int) -> Iterator[Gate]:
    laid: list[Laid] = []

    def fill(database: Database) -> None:
        laid.append(lay(database, people, has_past=True))

    with _database_of(kind):
        url = databases.bare("scanning", fill)
    engine = make_engine(url)
    with engine.begin() as connection:
        count_again(connection)
    engine.dispose()
    reference = granian("bench.bare_gate:app", {"BARE_DATABASE_URL": url}, "/ready")
    with granian("wsgi:app", databases.settings(url), "/healthz") as ours, reference as bare:
        yield Gate(ours, bare, laid[0], iter(laid[0].codes))


@contextmanager
def _database_of(kind: str) -> Iterator[None]:
    before = os.environ.get("CIVIC_BENCH_DATABASE")
    os.environ["CIVIC_BENCH_DATABASE"] = kind
    try:
        yield
    finally:
        if before is None:
            del os.environ["CIVIC_BENCH_DATABASE"]
        else:
            os.environ["CIVIC_BENCH_DATABASE"] = before


@contextmanager
def _phones(server: Server, count: int) -> Iterator[Callable[[str, Sequence[Body], int], Told]]:
    """So many phones before a server; they send what they are given as fast as it is answered."""
    command = [sys.executable, "-m", "bench.post_client", str(server.port), str(count)]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:

        def send(head: str, bodies: Sequence[Body], scans: int) -> Told:
            assert process.stdin
            assert process.stdout
            file = VAR / f"{server.port}.requests"
            file.write_text("\n".join([head, *map(json.dumps, bodies)]))
            process.stdin.write(f"{file}\n")
            process.stdin.flush()
            told = json.loads(process.stdout.readline())
            file.unlink()
            if told["wrong"]:
                raise RuntimeError(f"{told['wrong']} answers were not what was expected")
            return Told(scans / told["seconds"], tuple(told["milliseconds"]))

        yield send


def _head(path: str, good: str, token: str) -> str:
    return "\n".join((path, good, f"Bearer {token}"))


def one_by_one(kind: str) -> Iterator[Figure]:
    """Distinct people, each scanned alone; both servers in turn, after a round to warm up."""
    people = (ROUNDS + 1) * sum(PHONES.values())
    with _gate(kind, people) as gate:
        for phones, count in PHONES.items():
            ours, bare = [], []
            with _phones(gate.ours, phones) as send, _phones(gate.bare, phones) as send_bare:
                for _ in range(ROUNDS + 1):
                    scans = gate.scans(count)
                    alone: list[Body] = [{"scans": [scan]} for scan in scans]
                    bare.append(send_bare(_head("/scans", "accepted", ""), scans, count))
                    ours.append(send(_head(SCANS, ACCEPTED, gate.laid.token), alone, count))
            rate, bare_rate = (
                statistics.median(told.rate for told in rounds[1:]) for rounds in (ours, bare)
            )
            name = f"scanning.{kind}.{phones}_phones"
            yield at_least_of(name, rate, "scans/s", bare_rate, ENOUGH)
            if phones == 8:
                answers = [each for told in ours[1:] for each in told.milliseconds]
                slow, middle = statistics.quantiles(answers, n=20)[18], statistics.median(answers)
                yield at_most_times(f"scanning.{kind}.spread", slow, "ms", middle, SPREAD)


def batches() -> Iterator[Figure]:
    """One phone sends what it kept; pgbench, one client too, makes a commit for each scan."""
    people = BATCH * BATCHES * (ROUNDS + 1)
    with _gate("postgresql", people) as gate, _phones(gate.ours, 1) as send:
        rates, references = [], []
        for _ in range(ROUNDS + 1):
            bodies: list[Body] = [{"scans": gate.scans(BATCH)} for _ in range(BATCHES)]
            head = _head(SCANS, ACCEPTED, gate.laid.token)
            rates.append(send(head, bodies, BATCH * BATCHES).rate)
            references.append(_pgbench())
    rate, reference = statistics.median(rates[1:]), statistics.median(references[1:])
    yield at_least_of("scanning.postgresql.batches", rate, "scans/s", reference, 1)


def _pgbench() -> float:
    """Transactions a second of the program that comes with the server, on the same server."""
    with _database_of("postgresql"):
        server = make_url(databases.postgresql_server())
    script = VAR / "scan.pgbench"
    script.write_text(PGBENCH_SCAN)
    engine = make_engine(server.render_as_string(hide_password=False))
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE IF EXISTS pgbench_pass, pgbench_check")
        for statement in filter(str.strip, PGBENCH_TABLES.split(";")):
            connection.exec_driver_sql(statement)
    engine.dispose()
    home = str(server.query["host"])
    words = [
        str(postgres.program("pgbench")), "-n", "-M", "prepared", "-c", "1", "-j", "1",
        "-T", str(PGBENCH_SECONDS), "-f", str(script), "-h", home,
        "-p", str(server.query["port"]), "-U", str(server.username), str(server.database),
    ]  # fmt: skip
    done = subprocess.run(words, check=True, capture_output=True, text=True)
    found = RATE.search(done.stdout)
    if found is None:
        raise RuntimeError(f"pgbench said no rate:\n{done.stdout}")
    return float(found[1])


def _names(kind: str) -> tuple[str, ...]:
    phones = tuple(f"scanning.{kind}.{count}_phones" for count in PHONES)
    return (*phones, f"scanning.{kind}.spread")


MEASURES = (
    *(Measure(_names(kind), partial(one_by_one, kind)) for kind in KINDS),
    Measure(("scanning.postgresql.batches",), batches),
)
