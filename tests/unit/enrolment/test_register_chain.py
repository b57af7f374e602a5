"""What reading a register finds out, on lines made here without any database."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from civic.enrolment.register_chain import (
    START,
    Entry,
    Fault,
    FaultKind,
    Line,
    Reader,
    Who,
    content_of,
    line_hash,
)
from civic.enrolment.rules import LineKind

ORTI, CITY, AMINA, BILAL = (UUID(int=number) for number in range(1, 5))
FIRST, LAST = date(2026, 3, 14), date(2026, 3, 20)

Chain = list[tuple[Line, str]]


def chain(*said: tuple[LineKind, UUID, date | None, int | None]) -> Chain:
    """Kind, person, last day and what it corrects, line by line."""
    made: Chain = []
    for number, (kind, person_id, last_day, corrects) in enumerate(said, start=1):
        line = Line(
            id=UUID(int=100 + number),
            municipality_id=CITY,
            association_id=ORTI,
            number=number,
            kind=kind,
            person_id=person_id,
            content=content_of(Who("Amina", 1995), FIRST, last_day),
            corrects=corrects,
            recorded_at=datetime(2026, 3, 14, 9, number, tzinfo=UTC),
            recorded_by=person_id,
            previous_hash=made[-1][1] if made else START,
        )
        made.append((line, line_hash(line)))
    return made


WHOLE = chain(
    (LineKind.ENTERED, AMINA, None, None),
    (LineKind.ENTERED, BILAL, None, None),
    (LineKind.LEFT, AMINA, LAST, None),
    (LineKind.CORRECTED, AMINA, None, 3),
    (LineKind.CORRECTED, BILAL, None, 2),
)
ENTRIES = [Entry(AMINA, FIRST, None, 4), Entry(BILAL, FIRST, None, 5)]


def read(lines: Chain, entries: list[Entry] = ENTRIES) -> list[Fault]:
    reader = Reader(ORTI)
    faults = [fault for line, hash_ in lines for fault in reader.take(line, hash_)]
    return faults + reader.settle(entries)


def test_a_whole_register_has_no_fault() -> None:
    assert read(WHOLE) == []


def test_the_hash_of_a_line_is_the_one_that_was_agreed() -> None:
    """Written down, because lines of before must stay right whatever the program becomes."""
    assert WHOLE[0][1] == "ff04e8f959304a45b7fa3cb19b4a6e423dcb9e4866f35187af5b1067122f1bbd"


@pytest.mark.parametrize("place", range(len(WHOLE)))
def test_a_line_with_other_words_is_named(place: int) -> None:
    line, hash_ = WHOLE[place]
    lines = list(WHOLE)
    lines[place] = (line._replace(content={**line.content, "name": "Amira"}), hash_)
    assert read(lines) == [Fault(ORTI, place + 1, FaultKind.CHANGED)]


def test_a_line_written_anew_with_its_hash_no_longer_fits_the_next() -> None:
    line = WHOLE[1][0]._replace(content={**WHOLE[1][0].content, "name": "Amira"})
    lines = [WHOLE[0], (line, line_hash(line)), *WHOLE[2:]]
    assert read(lines) == [Fault(ORTI, 3, FaultKind.UNCHAINED)]


def test_a_hash_alone_changed_is_named_with_the_line_after() -> None:
    lines = [WHOLE[0], (WHOLE[1][0], "f" * 64), *WHOLE[2:]]
    assert read(lines) == [
        Fault(ORTI, 2, FaultKind.CHANGED),
        Fault(ORTI, 3, FaultKind.UNCHAINED),
    ]


def test_a_line_taken_out_of_the_middle_is_missed() -> None:
    found = read([WHOLE[0], *WHOLE[2:]])
    assert Fault(ORTI, 2, FaultKind.MISSING) in found


@pytest.mark.parametrize("left", range(len(WHOLE)))
def test_lines_cut_off_at_the_end_are_missed_by_the_entries(left: int) -> None:
    """Also where the last line only set a name right, and the days are what they were."""
    found = read(WHOLE[:left])
    assert Fault(ORTI, 5, FaultKind.MISSING) in found


def test_an_entry_that_no_line_speaks_of_is_named() -> None:
    found = read(WHOLE, [*ENTRIES, Entry(BILAL, LAST, None, 0)])
    assert found == [Fault(ORTI, 0, FaultKind.DIFFERS)]


def test_an_entry_with_another_last_day_is_named() -> None:
    found = read(WHOLE, [Entry(AMINA, FIRST, LAST, 4), ENTRIES[1]])
    assert found == [Fault(ORTI, 4, FaultKind.DIFFERS)]


def test_an_entry_taken_away_is_named() -> None:
    assert read(WHOLE, ENTRIES[:1]) == [Fault(ORTI, 5, FaultKind.DIFFERS)]


@pytest.mark.parametrize(
    "said",
    [
        (LineKind.LEFT, BILAL, LAST, None),
        (LineKind.CORRECTED, BILAL, None, 1),  # the line of somebody else
        (LineKind.CORRECTED, BILAL, None, 7),
        (LineKind.ENTERED, AMINA, None, None),  # twice
    ],
)
def test_a_line_about_nothing_is_named(said: tuple[Any, ...]) -> None:
    lines = chain((LineKind.ENTERED, AMINA, None, None), said)
    assert Fault(ORTI, 2, FaultKind.UNFOUNDED) in read(lines)


def test_words_without_a_first_day_are_no_line() -> None:
    [(line, _)] = chain((LineKind.ENTERED, AMINA, None, None))
    line = line._replace(content={"name": "Amina"})
    assert Fault(ORTI, 1, FaultKind.UNFOUNDED) in read([(line, line_hash(line))], [])


def test_birth_is_a_day_or_a_year_or_nothing() -> None:
    def birth(who: Who) -> object:
        return content_of(who, FIRST, None)["birth"]

    assert birth(Who("Amina", 1995, date(1995, 4, 2))) == "1995-04-02"
    assert birth(Who("Amina", 1995)) == "1995"
    assert birth(Who("Amina", None)) == ""
