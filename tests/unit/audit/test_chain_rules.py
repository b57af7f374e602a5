from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest

from civic.audit.rules import (
    ACTION_WORDS,
    OTHER_ACTION,
    START,
    Line,
    chained_hash,
    reason_words,
    words_for,
)

LINE = Line(
    id=UUID(int=1),
    municipality_id=UUID(int=2),
    number=1,
    at=datetime(2026, 3, 14, 9, 0, tzinfo=UTC),
    actor_id=UUID(int=3),
    action="person.read",
    subject_id=UUID(int=4),
    thing_id=None,
    reason="è al banco",
    details={"b": 1, "a": [True, None]},
    previous_hash=START,
)


def test_the_same_line_has_the_same_hash_however_it_is_written() -> None:
    in_rome = LINE.at.astimezone(timezone(timedelta(hours=1)))
    assert chained_hash(replace(LINE, at=in_rome)) == chained_hash(LINE)
    assert chained_hash(replace(LINE, details={"a": [True, None], "b": 1})) == chained_hash(LINE)


@pytest.mark.parametrize(
    "change",
    [
        {"id": UUID(int=9)},
        {"municipality_id": UUID(int=9)},
        {"number": 2},
        {"at": LINE.at + timedelta(microseconds=1)},
        {"actor_id": None},
        {"action": "person.changed"},
        {"subject_id": None},
        {"thing_id": UUID(int=9)},
        {"reason": "e al banco"},
        {"details": {"b": 2, "a": [True, None]}},
        {"previous_hash": "1" + START[1:]},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_change_of_any_field_changes_the_hash(change: dict[str, object]) -> None:
    assert chained_hash(replace(LINE, **change)) != chained_hash(LINE)  # type: ignore[arg-type]


def test_values_without_one_way_to_be_written_are_refused() -> None:
    with pytest.raises(TypeError):
        chained_hash(replace(LINE, details={"names": {1, 2}}))
    with pytest.raises(ValueError, match="JSON"):
        chained_hash(replace(LINE, details={"share": float("nan")}))


def test_every_action_has_words_and_an_unknown_one_has_some_too() -> None:
    assert words_for("person.read") == ACTION_WORDS["person.read"]
    assert words_for("something.new") == OTHER_ACTION


def test_a_reason_somebody_wrote_stays_as_it_is() -> None:
    assert reason_words("è al banco") == "è al banco"
    assert reason_words("desk") != "desk"
