"""Lines of a table become sessions, or faults that name line and column."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from civic.catalogue.importing import COLUMNS, Fault, SessionLine, read_lines
from civic.catalogue.rules import Area

NOW = datetime(2026, 3, 14, 9, 0, tzinfo=UTC)
HEADER = [column.label for column in COLUMNS]
GOOD: dict[str, object] = {
    "Titolo": "Orti comuni",
    "Cosa si fa": "Zappiamo insieme.",
    "Cosa portare": "",
    "Area": "Cura del verde",
    "Lingue": "italiano, bn",
    "Età minima": "16",
    "Quartiere": "Bucaletto",
    "Accessibile in sedia a rotelle": "sì",
    "Senza italiano": "",
    "Giorno": "28/03/2026",
    "Inizio": "9.30",
    "Fine": "12:30",
    "Ritrovo": "Fermata del bus",
    "Posti": "12",
}


def read(**over: object) -> tuple[list[SessionLine], list[Fault]]:
    cells = {**GOOD, **{name.replace("_", " "): value for name, value in over.items()}}
    return read_lines(HEADER, [(2, [cells[name] for name in HEADER])], NOW)


def test_a_good_line_becomes_a_session_by_italian_clocks() -> None:
    lines, faults = read()
    assert faults == []
    assert lines[0].starts_at == datetime(2026, 3, 28, 8, 30, tzinfo=UTC)
    assert (lines[0].area, lines[0].languages, lines[0].minimum_age) == (
        Area.GREEN,
        ("it", "bn"),
        16,
    )
    assert (lines[0].is_wheelchair_accessible, lines[0].needs_no_italian) == (True, False)


@pytest.mark.parametrize(
    ("column", "typed"),
    [
        ("Titolo", ""),
        ("Titolo", '=HYPERLINK("http://127.0.0.1")'),
        ("Titolo", "+cmd|' /C calc'!A0"),
        ("Titolo", "x" * 121),
        ("Area", "marziana"),
        ("Lingue", "klingon"),
        ("Età minima", "8"),
        ("Accessibile in sedia a rotelle", "forse"),
        ("Giorno", "31/02/2026"),
        ("Giorno", "14/03/2020"),
        ("Giorno", "14/03/2031"),
        ("Inizio", "25:00"),
        ("Fine", "9:00"),
        ("Posti", "0"),
        ("Posti", "tanti"),
        ("Posti", 2.5),
    ],
)
def test_each_fault_names_its_line_and_column(column: str, typed: object) -> None:
    lines, faults = read(**{column: typed})
    assert lines == []
    assert [(fault.line, fault.column) for fault in faults] == [(2, column)]


def test_the_hour_that_summer_time_skips_is_a_fault() -> None:
    _lines, faults = read(Giorno="29/03/2026", Inizio="2:30", Fine="5:00")
    assert [fault.column for fault in faults] == ["Inizio"]


def test_all_faults_of_a_line_are_told_at_once() -> None:
    _lines, faults = read(Titolo="", Posti="x", Giorno="domani")
    assert {fault.column for fault in faults} == {"Titolo", "Posti", "Giorno"}


def test_typed_cells_of_a_sheet_are_understood() -> None:
    lines, faults = read(
        Giorno=date(2026, 3, 28), Inizio=time(9, 30), Fine=timedelta(hours=12.5), Posti=12.0
    )
    assert faults == []
    assert lines[0].ends_at - lines[0].starts_at == timedelta(hours=3)


def test_an_hour_as_a_part_of_the_day_is_understood() -> None:
    lines, _faults = read(Inizio=0.5, Fine=0.75)
    assert lines[0].ends_at - lines[0].starts_at == timedelta(hours=6)


def test_an_end_before_the_start_is_read_as_the_next_day() -> None:
    lines, faults = read(Giorno="27/03/2026", Inizio="22:00", Fine="6:00")
    assert faults == []
    assert lines[0].ends_at - lines[0].starts_at == timedelta(hours=8)


def test_missing_columns_are_named_and_no_line_is_read() -> None:
    lines, faults = read_lines(["Titolo", "Giorno"], [(2, ["Orti", "x"])], NOW)
    assert lines == []
    assert [(fault.line, fault.column) for fault in faults] == [
        (1, "Inizio"),
        (1, "Fine"),
        (1, "Ritrovo"),
        (1, "Posti"),
    ]


def test_columns_may_stand_in_any_order_and_in_english() -> None:
    header = ["Places", "END", "start", "Day", "Meeting point", "title", "Note"]
    lines, faults = read_lines(header, [(2, [3, "12", "9", "28/3/2026", "Qui", "Orti", "?"])], NOW)
    assert faults == []
    assert lines[0].places == 3


def test_the_apostrophe_of_our_own_exports_is_taken_off_again() -> None:
    lines, _faults = read(Titolo="'=Orti")
    assert lines[0].title == "=Orti"
