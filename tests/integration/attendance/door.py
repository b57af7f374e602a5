"""A phone at the gate, and what its scans left behind."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from flask.testing import FlaskClient
from sqlalchemy import select

from civic.attendance.models import CheckEvent, HoursLine
from civic.attendance.operations import passes
from civic.attendance.operations.passes import PassShown
from civic.kernel.db.database import Database
from civic.kernel.keys import Keys
from civic.kernel.outbox import OutboxEvent
from civic.kernel.policy import system_in
from tests.factories.attendance import (
    TEN,
    Ground,
    signed_in,
)


@dataclass
class Door:
    """An organiser's phone at the gate of the ground's session."""

    client: FlaskClient
    url: str

    def send(self, *scans: dict[str, Any]) -> list[dict[str, Any]]:
        answer = self.client.post(f"{self.url}/scans", json={"scans": list(scans)})
        assert answer.status_code == 200
        answers: list[dict[str, Any]] = answer.get_json()["answers"]
        return answers

    def scan(
        self, code: str, direction: str = "entry", at: datetime = TEN, scan_id: UUID | None = None
    ) -> tuple[str, str | None]:
        [answer] = self.send(one(code, direction, at, scan_id))
        return answer["outcome"], answer["reason"]


def one(
    code: str, direction: str = "entry", at: datetime = TEN, scan_id: UUID | None = None
) -> dict[str, Any]:
    return {
        "id": str(scan_id or uuid4()),
        "code": code,
        "direction": direction,
        "scanned_at": at.isoformat(),
    }


def pass_of(database: Database, keys: Keys, person_id: UUID, city_id: UUID) -> PassShown:
    with database.unit_of_work(signed_in(database, person_id)) as ctx:
        return passes.pass_of(ctx, keys, person_id, city_id)


def minutes(database: Database, ground: Ground) -> list[int]:
    with database.reading(system_in(ground.city.id)) as ctx:
        return list(ctx.db.scalars(select(HoursLine.minutes)))


def credited(database: Database) -> int:
    with database.reading(system_in()) as ctx:
        names = ctx.db.scalars(select(OutboxEvent.name)).all()
    return names.count("attendance.HoursCredited")


def stored(database: Database, ground: Ground) -> list[CheckEvent]:
    with database.reading(system_in(ground.city.id)) as ctx:
        return list(ctx.db.scalars(select(CheckEvent).order_by(CheckEvent.scanned_at)))
