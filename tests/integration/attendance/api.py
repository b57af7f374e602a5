"""A device before the interface: its token, what it sends, and what it is answered."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from civic.attendance.operations import devices
from civic.attendance.operations.devices import NewDevice
from civic.attendance.tokens import Scope
from civic.kernel.clock import rome_day
from civic.kernel.db.database import Database
from civic.kernel.policy import Place
from tests.factories.attendance import TEN, Ground, signed_in

BOTH = frozenset({Scope.SCAN, Scope.ROSTER})


@dataclass
class Gate:
    """A device and the session it scans for."""

    client: FlaskClient
    session_id: UUID
    token: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def post(self, body: Any, **headers: str) -> TestResponse:
        return self.client.post("/api/v1/scans", json=body, headers=self.headers | headers)

    def send(self, *scans: dict[str, Any], **more: Any) -> list[dict[str, Any]]:
        answer = self.post({"scans": list(scans), **more})
        assert answer.status_code == 200, answer.get_data(as_text=True)
        answers: list[dict[str, Any]] = answer.get_json()["answers"]
        return answers

    def scan(self, code: str, direction: str = "entry", **more: Any) -> dict[str, Any]:
        [answer] = self.send(self.one(code, direction, **more))
        return answer

    def one(
        self, code: str, direction: str = "entry", at: datetime = TEN, **more: Any
    ) -> dict[str, Any]:
        return {
            "id": str(uuid4()),
            "session_id": str(self.session_id),
            "code": code,
            "direction": direction,
            "scanned_at": at.isoformat(),
            **more,
        }

    def undo(self, scan_id: str) -> TestResponse:
        return self.client.post(f"/api/v1/scans/{scan_id}/undo", headers=self.headers)

    def roster(self, day: str | None = "2026-03-21") -> TestResponse:
        asked = {} if day is None else {"day": day}
        return self.client.get("/api/v1/roster", query_string=asked, headers=self.headers)


def let_in(
    database: Database,
    ground: Ground,
    scopes: frozenset[Scope] = BOTH,
    *,
    days: int = 0,
    language: str = "en",
    by: UUID | None = None,
    session_id: UUID | None = None,
) -> devices.Handed:
    """Software of others, by the ground's organiser."""
    with database.unit_of_work(signed_in(database, by or ground.organiser_id)) as ctx:
        return devices.let_in(
            ctx,
            NewDevice(
                Place(ground.city.id, ground.association.id),
                "Turnstile",
                "North gate",
                scopes,
                rome_day(ctx.now()) + timedelta(days=days),
                language,
                session_id,
            ),
        )


def gate_of(client: FlaskClient, database: Database, ground: Ground, **device: Any) -> Gate:
    return Gate(client, ground.session_id, let_in(database, ground, **device).token)
