"""Scans that waited for the network come in together; each answers for itself."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from civic.attendance.operations.passes import PassShown
from civic.kernel.db.database import Database
from tests.factories.attendance import (
    ONE,
    TEN,
    Ground,
)
from tests.integration.attendance.door import Door, credited, minutes, one, stored


def test_five_hundred_replayed_scans_add_nothing(
    door: Door, database: Database, ground: Ground, shown: PassShown
) -> None:
    batch = [
        one(shown.token, "entry", TEN),
        one(shown.token, "exit", TEN + timedelta(hours=1)),
        one(shown.token, "entry", TEN + timedelta(hours=2)),
        one(shown.token, "exit", ONE),
        one("nobody's", "entry", TEN),
    ]
    first = door.send(*batch)
    assert [answer["outcome"] for answer in first] == ["accepted"] * 4 + ["refused"]
    before = (minutes(database, ground), credited(database), len(stored(database, ground)))

    replayed = [answer for _again in range(5) for answer in door.send(*(batch * 20))]

    assert len(replayed) == 500
    assert {answer["outcome"] for answer in replayed} == {"repeated"}
    after = (minutes(database, ground), credited(database), len(stored(database, ground)))
    assert after == before
    assert before[0] == [120]


def test_each_item_of_a_batch_answers_for_itself(door: Door, shown: PassShown) -> None:
    good = one(shown.token)
    wrong: list[Any] = [
        {},
        "text",
        None,
        {**good, "id": "1"},
        {**good, "id": str(uuid4()), "direction": "up"},
        {**good, "id": str(uuid4()), "scanned_at": "2026-03-21T10:00:00"},
        {**good, "id": str(uuid4()), "scanned_at": "0001-01-01T00:00:00+23:59"},
        {**good, "id": str(uuid4()), "code": "x" * 1000},
        {**good, "id": str(uuid4()), "code": 12},
    ]
    answers = door.send(*wrong, good)
    assert [answer["outcome"] for answer in answers] == ["malformed"] * len(wrong) + ["accepted"]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"scans": 3}', b"\xff", b'"\\u0000"'])
def test_unreadable_batch_is_refused_in_words(door: Door, body: bytes) -> None:
    answer = door.client.post(f"{door.url}/scans", data=body, content_type="application/json")
    assert answer.status_code == 422
    assert answer.get_json()["text"] == "We could not read these scans."


def test_batch_is_bounded(door: Door) -> None:
    answer = door.client.post(f"{door.url}/scans", json={"scans": [{}] * 201})
    assert answer.status_code == 422
    assert "at most 200" in answer.get_json()["text"]
    huge = door.client.post(
        f"{door.url}/scans", data=b" " * 10_000_000, content_type="application/json"
    )
    assert huge.status_code == 413
