"""200 people tap at once on a session of 20 places, through four server processes, on each of the
two databases: whole requests, each in its own browser session, none of them known there before.
"""

import os
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from uuid import UUID

from flask import Flask, session
from flask_wtf.csrf import generate_csrf
from sqlalchemy import select

from bench import databases
from bench.figures import Figure, Measure, at_most, exactly
from bench.servers import Server, granian
from civic.accounts import operations as accounts
from civic.app import create_app
from civic.enrolment.models import Booking
from civic.enrolment.queries import waiting
from civic.enrolment.rules import BookingState
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.db.engine import make_engine
from civic.kernel.policy import Role, system_in
from civic.settings import Settings
from tests.factories.accounts import make_person, make_staff
from tests.factories.catalogue import make_project, make_session
from tests.factories.enrolment import make_policy
from tests.factories.tenancy import make_association, make_city

PEOPLE, PLACES, PROCESSES = 200, 20, 4
MOST_SECONDS = 20
"""Until the last of them has an answer; a phone's browser waits longer than that."""
PATIENCE = 60
KINDS = ("sqlite", "postgresql")
NAMES = ("confirmed", "waiting", "in_order", "errors", "seconds")


@dataclass(frozen=True)
class Crowd:
    session_id: UUID
    city_id: UUID
    tokens: tuple[str, ...]
    """Of each one's browser."""


def _gather(ctx: Context) -> Crowd:
    city = make_city(ctx)
    association = make_association(ctx, city)
    organiser = make_staff(ctx, Role.ORGANISER, city, association)
    project = make_project(ctx, association.id, city.id, organiser)
    starts_at = ctx.now() + timedelta(days=7)
    ends_at = starts_at + timedelta(hours=3)
    session_id = make_session(ctx, project, starts_at, ends_at, PLACES)
    today = ctx.now().date()
    make_policy(ctx, association.id, city.id, today - timedelta(days=1), today + timedelta(days=30))
    people = [make_person(ctx, f"Person {number}") for number in range(PEOPLE)]
    return Crowd(session_id, city.id, tuple(accounts.open_session(ctx, each) for each in people))


@contextmanager
def _on(kind: str) -> Iterator[None]:
    before = os.environ.get("CIVIC_BENCH_DATABASE")
    os.environ["CIVIC_BENCH_DATABASE"] = kind
    try:
        yield
    finally:
        if before is None:
            del os.environ["CIVIC_BENCH_DATABASE"]
        else:
            os.environ["CIVIC_BENCH_DATABASE"] = before


def _request(app: Flask, server: Server, crowd: Crowd, token: str) -> bytes:
    """The tap of somebody's browser, with the cookie and the form's token that it was given."""
    with app.test_request_context():
        session.update(_user_id=token, _fresh=True)
        form_token = generate_csrf()
        signed = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        cookie = signed.dumps(dict(session))
    body = f"csrf_token={form_token}"
    lines = (
        f"POST /it/sessions/{crowd.session_id}/book HTTP/1.1",
        f"Host: 127.0.0.1:{server.port}",
        f"Cookie: civic={cookie}",
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(body)}",
        "Connection: close",
    )
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


def _all_at_once(server: Server, requests: list[bytes]) -> tuple[int, float]:
    """How many answers were not the way back to the project, and the seconds until the last."""
    address = ("127.0.0.1", server.port)
    phones = [socket.create_connection(address, timeout=PATIENCE) for _ in requests]
    began = time.monotonic()
    for phone, request in zip(phones, requests, strict=True):
        phone.sendall(request)
    answers = [_answer(phone) for phone in phones]
    seconds = time.monotonic() - began
    errors = [answer for answer in answers if not _leads_back(answer)]
    for first_line in sorted({answer.partition(b"\r\n")[0] for answer in errors}):
        print(f"answered instead: {first_line.decode() or 'nothing'}", file=sys.stderr)
    return len(errors), seconds


def _leads_back(answer: bytes) -> bool:
    """To the project, where the page says what they got; anything else counts as an error."""
    head, _, _ = answer.partition(b"\r\n\r\n")
    return head.startswith(b"HTTP/1.1 302 ") and b"/it/projects/" in head


def _answer(phone: socket.socket) -> bytes:
    received = b""
    with phone:
        while more := phone.recv(65_536):
            received += more
    return received


@dataclass(frozen=True)
class Line:
    confirmed: int
    waiting: int
    is_in_order: bool
    """The places went to those who came first, and the others stand from 1 on without a gap."""


def _line(ctx: Context, crowd: Crowd) -> Line:
    rows = ctx.db.execute(
        select(Booking.person_id, Booking.state).order_by(Booking.queued_at, Booking.id)
    ).all()
    states = [row.state for row in rows]
    in_line = [row.person_id for row in rows if row.state is BookingState.WAITING]
    numbers = [
        waiting.positions(ctx, [crowd.session_id], person_id)[crowd.session_id]
        for person_id in in_line
    ]
    confirmed = states.count(BookingState.CONFIRMED)
    first_come = states[:confirmed] == [BookingState.CONFIRMED] * confirmed
    return Line(confirmed, len(in_line), first_come and numbers == list(range(1, len(in_line) + 1)))


def join(kind: str) -> Iterator[Figure]:
    gathered: list[Crowd] = []

    def fill(database: Database) -> None:
        with database.unit_of_work(system_in()) as ctx:
            gathered.append(_gather(ctx))

    with _on(kind):
        settings = databases.settings(databases.bare("joining", fill))
    crowd = gathered[0]
    app = create_app(Settings.from_env(settings))
    with granian("wsgi:app", settings, "/healthz", PROCESSES) as server:
        requests = [_request(app, server, crowd, token) for token in crowd.tokens]
        errors, seconds = _all_at_once(server, requests)
    engine = make_engine(settings["CIVIC_DATABASE_URL"])
    with Database(engine).reading(system_in(crowd.city_id)) as ctx:
        line = _line(ctx, crowd)
    engine.dispose()
    yield exactly(f"joining.{kind}.confirmed", line.confirmed, "people", PLACES)
    yield exactly(f"joining.{kind}.waiting", line.waiting, "people", PEOPLE - PLACES)
    yield exactly(f"joining.{kind}.in_order", int(line.is_in_order), "yes", 1)
    yield exactly(f"joining.{kind}.errors", errors, "answers", 0)
    yield at_most(f"joining.{kind}.seconds", seconds, "seconds", MOST_SECONDS)


MEASURES = tuple(
    Measure(tuple(f"joining.{kind}.{name}" for name in NAMES), partial(join, kind))
    for kind in KINDS
)
