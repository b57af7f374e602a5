"""Lines of a table become projects and sessions, or faults that name line and column.

Pure: what the catalogue holds already is for `operations.importing` to compare.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar

from civic.accounts.rules import MINIMUM_AGE
from civic.catalogue.rules import (
    MEETING_POINT_LENGTH,
    MOST_PLACES,
    TITLE_LENGTH,
    WORDS_LENGTH,
    Area,
    check_places,
    check_session,
    wall_span,
)
from civic.kernel.errors import CivicError
from civic.kernel.i18n import N_, SPOKEN, language_name

IMPORTS = "imports"
"""Folder of the file store for tables between the look at them and their taking in."""
IMPORTS_LIFE = timedelta(days=1)
OLDEST_MINIMUM = 99
MOST_FAULTS_A_LINE = 20
YES = {"si", "sì", "yes", "y", "x", "1", "true", "vero", "oui", "نعم"}
NO = {"", "no", "n", "0", "false", "falso", "non", "لا"}
DAY_FORMATS = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d/%m/%y")
TIME = re.compile(r"(\d{1,2})(?:[:.hH](\d{2}))?(?::\d{2})?")
RUNS = re.compile(r"[=＝]|[+@-].*[(|!]")
"""How a cell begins that a spreadsheet would run as a formula."""

T = TypeVar("T")


@dataclass(frozen=True)
class Column:
    key: str
    label: str
    """What the header says, in Italian: it is the offices' own paper."""
    also: tuple[str, ...] = ()
    is_needed: bool = True


COLUMNS = (
    Column("title", "Titolo", ("title", "progetto", "project")),
    Column("what_you_do", "Cosa si fa", ("what you do", "descrizione", "description"), False),
    Column("what_to_bring", "Cosa portare", ("what to bring",), False),
    Column("area", "Area", ("area",), False),
    Column("languages", "Lingue", ("languages", "lingue parlate"), False),
    Column("minimum_age", "Età minima", ("minimum age", "eta minima", "età"), False),
    Column("district", "Quartiere", ("district", "zona"), False),
    Column("is_wheelchair_accessible", "Accessibile in sedia a rotelle", ("wheelchair",), False),
    Column("needs_no_italian", "Senza italiano", ("no italian",), False),
    Column("day", "Giorno", ("day", "data", "date")),
    Column("start", "Inizio", ("start", "dalle", "ora inizio")),
    Column("end", "Fine", ("end", "alle", "ora fine")),
    Column("meeting_point", "Ritrovo", ("meeting point", "luogo", "punto di ritrovo")),
    Column("places", "Posti", ("places", "numero posti")),
)
AREAS = {
    "verde": Area.GREEN,
    "cura del verde": Area.GREEN,
    "green": Area.GREEN,
    "persona": Area.CARE,
    "cura della persona": Area.CARE,
    "care": Area.CARE,
    "territorio": Area.TERRITORY,
    "messa in sicurezza del territorio": Area.TERRITORY,
    "territory": Area.TERRITORY,
}
AREA_LABELS = {
    Area.GREEN: "Cura del verde",
    Area.CARE: "Cura della persona",
    Area.TERRITORY: "Messa in sicurezza del territorio",
}


@dataclass(frozen=True)
class Fault:
    """What is wrong in one cell; line 1 is the header."""

    line: int
    column: str
    sentence: str
    """Marked for translation."""
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class SessionLine:
    """A session of a project, with what the line says of the project itself."""

    line: int
    title: str
    what_you_do: str
    what_to_bring: str
    area: Area | None
    languages: tuple[str, ...]
    minimum_age: int
    district: str
    is_wheelchair_accessible: bool
    needs_no_italian: bool
    starts_at: datetime
    ends_at: datetime
    meeting_point: str
    places: int


class _Wrong(Exception):
    """A cell that cannot be read: the sentence and its values."""

    def __init__(self, sentence: str, **values: Any) -> None:
        self.sentence, self.values = sentence, values


def columns_of(header: Sequence[str]) -> tuple[dict[str, int], list[Fault]]:
    """Where each column stands, and a fault for each needed one that is missing."""
    names = {" ".join(name.casefold().split()): place for place, name in enumerate(header) if name}
    found = {}
    for column in COLUMNS:
        known = (column.label.casefold(), column.key, *column.also)
        place = next((names[name] for name in known if name in names), None)
        if place is not None:
            found[column.key] = place
    missing = [
        Fault(1, column.label, N_("This column is missing."))
        for column in COLUMNS
        if column.is_needed and column.key not in found
    ]
    return found, missing


def read_lines(
    header: Sequence[str],
    rows: Iterable[tuple[int, Sequence[Any]]],
    now: datetime,
    *,
    is_typed: bool = False,
) -> tuple[list[SessionLine], list[Fault]]:
    """Lines that can be taken in, and every fault of the others, in the order of the file.

    `is_typed` for cells that carry their kind: there, no text is a formula.
    """
    places, faults = columns_of(header)
    if faults:
        return [], faults
    lines = []
    for number, cells in rows:
        reader = _Reader(number, cells if is_typed else [_harmless(c) for c in cells], places)
        line = reader.line(now)
        if reader.faults or line is None:
            faults.extend(reader.faults[:MOST_FAULTS_A_LINE])
        else:
            lines.append(line)
    return lines, faults


class _Reader:
    """Reads one line and gathers all that is wrong with it, not the first thing alone."""

    def __init__(self, number: int, cells: Sequence[Any], places: Mapping[str, int]) -> None:
        self._number, self._cells, self._places = number, cells, places
        self.faults: list[Fault] = []

    def line(self, now: datetime) -> SessionLine | None:
        title = self._read("title", _needed(_text(TITLE_LENGTH)))
        facts: dict[str, Any] = {
            "what_you_do": self._read("what_you_do", _text(WORDS_LENGTH)),
            "what_to_bring": self._read("what_to_bring", _text(WORDS_LENGTH)),
            "area": self._read("area", _area),
            "languages": self._read("languages", _languages),
            "minimum_age": self._read("minimum_age", _age),
            "district": self._read("district", _text(80)),
            "is_wheelchair_accessible": self._read("is_wheelchair_accessible", _flag),
            "needs_no_italian": self._read("needs_no_italian", _flag),
            "meeting_point": self._read("meeting_point", _needed(_text(MEETING_POINT_LENGTH))),
            "places": self._read("places", _places),
        }
        day = self._read("day", _day)
        start, end = self._read("start", _time), self._read("end", _time)
        if day is None or start is None or end is None:
            return None
        span = self._span(day, start, end, now)
        if span is None or self.faults:
            return None
        return SessionLine(
            line=self._number, title=str(title), starts_at=span[0], ends_at=span[1], **facts
        )

    def _read(self, key: str, read: Callable[[Any], T]) -> T | None:
        place = self._places.get(key)
        cell = self._cells[place] if place is not None and place < len(self._cells) else ""
        try:
            if isinstance(cell, _Formula):
                raise _Wrong(N_("This cell holds a formula. Write its result instead."))
            return read("" if cell is None else cell)
        except _Wrong as wrong:
            self._fault(key, wrong.sentence, wrong.values)
            return None

    def _span(
        self, day: date, start: time, end: time, now: datetime
    ) -> tuple[datetime, datetime] | None:
        try:
            span = wall_span(day, start, end)
            check_session(*span, now)
        except CivicError as refusal:
            key = getattr(refusal, "field", None) or "day"
            self._fault(key, refusal.sentence, refusal.values)
            return None
        return span

    def _fault(self, key: str, sentence: str, values: Mapping[str, Any]) -> None:
        label = next(column.label for column in COLUMNS if column.key == key)
        self.faults.append(Fault(self._number, label, sentence, dict(values)))


class _Formula(str):
    """A text that a spreadsheet would have run."""

    __slots__ = ()


def _harmless(cell: Any) -> Any:
    """Without the apostrophe that our own exports put before what begins like a formula."""
    if isinstance(cell, str) and cell.startswith("'"):
        return cell[1:]
    return _Formula(cell) if isinstance(cell, str) and RUNS.match(cell) else cell


def _needed(read: Callable[[Any], str]) -> Callable[[Any], str]:
    def reading(cell: Any) -> str:
        text = read(cell)
        if not text:
            raise _Wrong(N_("This cell is empty."))
        return text

    return reading


def _text(most: int) -> Callable[[Any], str]:
    def reading(cell: Any) -> str:
        text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
        kept = "".join(letter for letter in text if letter.isprintable() or letter == "\n").strip()
        if len(kept) > most:
            raise _Wrong(N_("This text is too long: at most %(max)s letters."), max=most)
        return kept

    return reading


def _whole(cell: Any) -> int:
    if isinstance(cell, bool):
        raise _Wrong(N_("Write a whole number."))
    if isinstance(cell, int):
        return cell
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    if isinstance(cell, str) and cell.isdecimal() and len(cell) < 7:
        return int(cell)
    raise _Wrong(N_("Write a whole number."))


def _places(cell: Any) -> int:
    number = _whole(cell)
    try:
        check_places(number)
    except CivicError:
        raise _Wrong(N_("Write a number of places from 1 to %(most)s."), most=MOST_PLACES) from None
    return number


def _age(cell: Any) -> int:
    if cell == "":
        return MINIMUM_AGE
    number = _whole(cell)
    if not MINIMUM_AGE <= number <= OLDEST_MINIMUM:
        raise _Wrong(
            N_("Write an age from %(min)s to %(max)s."), min=MINIMUM_AGE, max=OLDEST_MINIMUM
        )
    return number


def _flag(cell: Any) -> bool:
    text = str(int(cell)) if isinstance(cell, float) else str(cell)
    folded = text.casefold().strip()
    if folded in YES:
        return True
    if folded in NO:
        return False
    raise _Wrong(N_("Write “sì” or “no”."))


def _area(cell: Any) -> Area | None:
    text = " ".join(str(cell).casefold().split())
    if not text:
        return None
    if text not in AREAS:
        raise _Wrong(N_("Write one of the three areas: verde, persona or territorio."))
    return AREAS[text]


def _languages(cell: Any) -> tuple[str, ...]:
    """Tags or Italian names, with commas between them."""
    asked = [each.strip().casefold() for each in re.split(r"[,;/]", str(cell)) if each.strip()]
    names = {language_name(tag, "it").casefold(): tag for tag in SPOKEN} | {t: t for t in SPOKEN}
    for each in asked:
        if each not in names:
            raise _Wrong(N_("We do not know the language “%(name)s”."), name=each[:40])
    return tuple(dict.fromkeys(names[each] for each in asked))


def _day(cell: Any) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    for pattern in DAY_FORMATS:
        try:
            return datetime.strptime(str(cell), pattern).date()  # noqa: DTZ007 - a day alone
        except ValueError:
            continue
    raise _Wrong(N_("Write a day, like 28/11/2026."))


def _time(cell: Any) -> time:
    if isinstance(cell, datetime):
        return cell.time().replace(second=0, microsecond=0)
    if isinstance(cell, time):
        return cell.replace(second=0, microsecond=0)
    if isinstance(cell, timedelta):
        cell = cell / timedelta(days=1)
    if isinstance(cell, float) and 0 <= cell < 1:
        minutes = round(cell * 24 * 60)
        return time(minutes // 60 % 24, minutes % 60)
    text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
    found = TIME.fullmatch(text.strip())
    if found and int(found[1]) < 24 and int(found[2] or 0) < 60:
        return time(int(found[1]), int(found[2] or 0))
    raise _Wrong(N_("Write an hour, like 9:30."))
