from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from civic.audit.rules import Line, chained_hash

ids = st.integers(min_value=1, max_value=2**64).map(lambda number: UUID(int=number))
words = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=30)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "id": ids,
    "municipality_id": ids,
    "number": st.integers(min_value=1),
    "at": st.datetimes(min_value=datetime(2000, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    "actor_id": st.none() | ids,
    "action": words,
    "subject_id": st.none() | ids,
    "thing_id": st.none() | ids,
    "reason": words,
    "details": st.dictionaries(words, st.none() | st.integers() | words),
    "previous_hash": st.text("0123456789abcdef", min_size=64, max_size=64),
}
lines = st.builds(Line, **VALUES)


@given(lines, st.data())
def test_two_lines_that_differ_anywhere_have_different_hashes(
    line: Line, data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from([field.name for field in fields(Line)]))
    other = replace(line, **{name: data.draw(VALUES[name])})
    assert (chained_hash(other) == chained_hash(line)) is (other == line)


@given(lines, st.integers(min_value=-12, max_value=12))
def test_the_clock_an_instant_is_shown_on_does_not_matter(line: Line, hours: int) -> None:
    moved = line.at.astimezone(timezone(timedelta(hours=hours)))
    assert chained_hash(replace(line, at=moved)) == chained_hash(line)
