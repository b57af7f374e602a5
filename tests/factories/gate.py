"""A session under way, people with passes before it, and a device that may scan them: for measuring
and for what goes wrong, so in real commits."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import insert

from civic.attendance.models import CheckEvent, Pass, ScannerDevice
from civic.attendance.operations.passes import hashed
from civic.attendance.rules import Direction, Outcome
from civic.demo.passes import made_code
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.policy import system_in
from tests.factories.attendance import Ground, make_booked_person, make_ground
from tests.factories.catalogue import make_session
from tests.factories.enrolment import make_policy


@dataclass(frozen=True)
class Laid:
    """What stands in the database before the first scan."""

    ground: Ground
    token: str
    """Of the device at the gate."""
    codes: tuple[str, ...]
    now: datetime


WEEK = timedelta(days=7)


def lay(database: Database, people: int, *, has_past: bool = False) -> Laid:
    """A session under way with so many people who have a place and a pass, and a device; if asked
    so, they have been in and out a week ago: tables that are empty say nothing about a city's."""
    with database.unit_of_work(system_in()) as ctx:
        now = ctx.now()
        ground = make_ground(
            ctx,
            starts_at=now - timedelta(hours=2),
            ends_at=now + timedelta(hours=3),
            places=people,
        )
        ctx.enter(ground.city.id)
        day = timedelta(days=1)
        make_policy(ctx, ground.association.id, ground.city.id, now.date() - day, now.date() + day)
        codes = [secrets.token_hex(13).upper() for _ in range(people)]
        booked = [make_booked_person(ctx, ground, f"Person {number}") for number in range(people)]
        rows = [
            {
                "id": ctx.new_id(),
                "municipality_id": ground.city.id,
                "person_id": person_id,
                "token_hash": hashed(code),
                "short_code": made_code(number),
                "issued_at": now,
            }
            for number, (person_id, code) in enumerate(zip(booked, codes, strict=True))
        ]
        ctx.db.connection().execute(insert(Pass), rows)
        token = secrets.token_urlsafe(32)
        ctx.db.add(
            ScannerDevice(
                id=ctx.new_id(),
                municipality_id=ground.city.id,
                association_id=ground.association.id,
                name="Gate",
                gate="North",
                language="en",
                token_hash=hashlib.sha256(token.encode()).hexdigest(),
                scopes=["scan", "roster"],
                made_by=ground.organiser_id,
                made_at=now,
                expires_at=now + timedelta(hours=12),
            )
        )
        if has_past:
            _a_week_ago(ctx, ground, booked, now)
    return Laid(ground, token, tuple(codes), now)


def _a_week_ago(ctx: Context, ground: Ground, people: list[UUID], now: datetime) -> None:
    begin = now - WEEK
    session_id = make_session(ctx, ground.project_id, begin, begin + timedelta(hours=3))
    ctx.db.flush()
    events = [
        {
            "id": ctx.new_id(),
            "municipality_id": ground.city.id,
            "session_id": session_id,
            "person_id": person_id,
            "direction": direction,
            "scanned_at": at,
            "told_at": at,
            "received_at": at,
            "outcome": Outcome.ACCEPTED,
            "operator_id": ground.organiser_id,
        }
        for person_id in people
        for direction, at in (
            (Direction.ENTRY, begin),
            (Direction.EXIT, begin + timedelta(hours=3)),
        )
    ]
    ctx.db.connection().execute(insert(CheckEvent), events)
