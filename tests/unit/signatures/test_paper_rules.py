"""The hash of a paper vouches for all of it; a drawing is a drawing of a hand."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest

from civic.signatures.rules import (
    BOX,
    FEWEST_POINTS,
    MOST_POINTS,
    MOST_STROKES,
    START,
    Kind,
    Paper,
    content_hash,
    paper_hash,
    read_drawing,
    series_of,
)

AT = datetime(2026, 3, 14, 9, 0, tzinfo=UTC)
PAPER = Paper(
    id=UUID(int=1),
    series="plan:x:",
    number=1,
    kind=Kind.PLAN,
    municipality_id=UUID(int=2),
    association_id=None,
    person_id=UUID(int=3),
    about_id=UUID(int=4),
    content={"goals": ["أريد أن أعمل"], "agreed_on": "2026-03-01"},
    frozen_at=AT,
    frozen_by=UUID(int=5),
    previous_hash=START,
)
OTHERWISE: dict[str, Any] = {
    "id": UUID(int=9),
    "series": "plan:y:",
    "number": 2,
    "kind": Kind.PROJECT,
    "municipality_id": UUID(int=9),
    "association_id": UUID(int=9),
    "person_id": UUID(int=9),
    "about_id": UUID(int=9),
    "content": {"goals": ["أريد أن أعمل"], "agreed_on": "2026-03-02"},
    "frozen_at": AT + timedelta(microseconds=1),
    "frozen_by": None,
    "previous_hash": "1" * 64,
}


@pytest.mark.parametrize("field", Paper._fields)
def test_the_hash_of_a_paper_changes_with_everything_it_vouches_for(field: str) -> None:
    assert paper_hash(PAPER._replace(**{field: OTHERWISE[field]})) != paper_hash(PAPER)


def test_the_order_of_keys_and_the_zone_of_a_clock_change_no_hash() -> None:
    turned = dict(reversed(list(PAPER.content.items())))
    there = AT.astimezone(timezone(timedelta(hours=5)))
    assert content_hash(turned) == content_hash(PAPER.content)
    assert paper_hash(PAPER._replace(content=turned, frozen_at=there)) == paper_hash(PAPER)


def test_papers_of_an_association_are_numbered_apart_from_those_of_its_city() -> None:
    city, other, body = UUID(int=1), UUID(int=2), UUID(int=3)
    found = {
        series_of(kind, municipality, association)
        for kind in Kind
        for municipality in (city, other)
        for association in (None, body)
    }
    assert len(found) == len(Kind) * 4


def strokes(points: int, each: int = 100) -> str:
    line = [[number % BOX[0], number % BOX[1]] for number in range(points)]
    return json.dumps([line[at : at + each] for at in range(0, points, each)])


@pytest.mark.parametrize("points", [FEWEST_POINTS, MOST_POINTS])
def test_strokes_within_the_field_are_a_drawing(points: int) -> None:
    drawing = read_drawing(strokes(points))
    assert drawing is not None
    assert sum(map(len, drawing)) == points


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "null",
        "7",
        "[]",
        "[[]]",
        '{"a": 1}',
        '"a drawing"',
        "[[[1]]]",
        "[[[1, 2, 3]]]",
        '[[["a", "b"]]]',
        "[[[1e999, 1]]]",
        "[[[NaN, 1]]]",
        "[" * 100_000,
        strokes(FEWEST_POINTS - 1),
        strokes(MOST_POINTS + 1),
        strokes(MOST_STROKES + 1, each=1),
        strokes(20).replace("[3, 3]", f"[{BOX[0] + 1}, 3]"),
        strokes(20).replace("[3, 3]", f"[3, {BOX[1] + 1}]"),
        strokes(20).replace("[3, 3]", "[-1, 3]"),
    ],
)
def test_anything_else_is_no_drawing(sent: str) -> None:
    assert read_drawing(sent) is None
