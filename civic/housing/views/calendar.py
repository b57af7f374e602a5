"""A year of all beds on one page: drawn, or in sentences. On a phone the sentences come first."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any
from uuid import UUID

from babel.dates import get_month_names
from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from civic.housing.policy import WORK_ON_HOUSING
from civic.housing.queries.calendar import Closure, open_closures, year_of, year_of_unit
from civic.housing.rules.nights import Nights
from civic.housing.rules.works import months_after
from civic.housing.rules.year import (
    MOST_LETTERS,
    STEPS,
    BedYear,
    Row,
    Run,
    UnitYear,
    month_lines,
    outlines,
    runs_of,
)
from civic.housing.views.blueprint import bp, own_city
from civic.housing.words import housing_name
from civic.kernel.clock import rome_day
from civic.kernel.policy import Role
from civic.web.guard import requires
from civic.web.transaction import reading
from civic.web.words import local_date

MONTHS = 12
YEARS = (2000, 2100)
RUNS_BESIDE, RUNS_LISTED, RUNS_OF_ONE = 2, 5, 60
"""How much is said of a bed: beside the drawing, in the list, and on the page of its dwelling."""
VIEWS = ("list", "year")


@dataclass(frozen=True)
class Said:
    """A dwelling or a bed, drawn and in words."""

    id: UUID
    name: str
    free: int
    there: int
    summary: str
    paths: Sequence[tuple[Row, str]] = ()
    beds: Sequence[tuple[str, str]] = ()
    """Each bed's name with what is said of it."""
    closures: Sequence[Closure] = ()


@dataclass(frozen=True)
class Frame:
    """What every view of the calendar needs to know of its twelve months."""

    year: Nights
    today: date

    @property
    def night(self) -> date:
        """The one that is counted: tonight, or the first one of another year."""
        return self.today if self.year.first <= self.today < self.year.until else self.year.first

    @property
    def is_tonight(self) -> bool:
        return self.night == self.today

    @property
    def place(self) -> int:
        return (self.night - self.year.first).days

    @property
    def months(self) -> list[tuple[str, int]]:
        """Short names, each with how many days it has."""
        names = get_month_names("abbreviated", "stand-alone", get_locale())
        firsts = [months_after(self.year.first, number) for number in range(MONTHS + 1)]
        return [
            (str(names[first.month]), (after - first).days) for first, after in pairwise(firsts)
        ]


@bp.get("/housing/calendar")
@requires(WORK_ON_HOUSING)
def calendar() -> ResponseReturnValue:
    view = request.args.get("view", "")
    unit_id = _asked_unit()
    with reading() as ctx:
        today = rome_day(ctx.now())
        first = _asked_month(today)
        frame = Frame(Nights(first, months_after(first, MONTHS)), today)
        if unit_id is not None:
            unit = year_of_unit(ctx, unit_id, frame.year)
            return _unit_page(frame, unit, open_closures(ctx, unit_id))
        units = year_of(ctx, own_city(Role.HOUSING_OFFICER), frame.year)
    view = view if view in VIEWS else ""
    step, drawn = (1, [[] for _unit in units]) if view == "list" else _drawn(units, frame.year)
    most = RUNS_LISTED if view == "list" else 0 if view == "year" else RUNS_BESIDE
    return render_template(
        "housing/calendar.html",
        frame=frame,
        units=[_said(unit, frame, paths, most) for unit, paths in zip(units, drawn, strict=True)],
        step=step,
        view=view,
        **_around(frame, view=view or None),
    )


def _unit_page(frame: Frame, unit: UnitYear, closures: Sequence[Closure]) -> ResponseReturnValue:
    beds = [
        _said_bed(bed, frame, [each for each in closures if each.bed_id == bed.id])
        for bed in unit.beds
    ]
    return render_template(
        "housing/calendar_unit.html",
        frame=frame,
        unit=_said(unit, frame, (), 0),
        beds=beds,
        **_around(frame, unit=unit.id),
    )


def _around(frame: Frame, **asked: object) -> dict[str, object]:
    """The years before and after, with what else was asked; and the lines of the months."""
    first = frame.year.first
    back, on = months_after(first, -MONTHS), months_after(first, MONTHS)
    return {
        "lines": month_lines(frame.year),
        "kinds": [Row.TAKEN, Row.WORKS, Row.CLOSED, Row.READY, Row.AWAY],
        "before_url": _url(back, **asked) if back.year >= YEARS[0] else None,
        "after_url": _url(on, **asked) if on.year <= YEARS[1] else None,
        "url_of": lambda **other: _url(first, **{**asked, **other}),
        "month": f"{first:%Y-%m}",
    }


def _url(first: date, **asked: object) -> str:
    values: dict[str, Any] = {"from": f"{first:%Y-%m}", **asked}
    return url_for("housing.calendar", **values)


def _asked_month(today: date) -> date:
    """`2026-03` in the address; this month where it is missing or no month."""
    found = re.fullmatch(r"(\d{4})-(\d{2})", request.args.get("from", ""), re.ASCII)
    if found:
        year, month = int(found[1]), int(found[2])
        if YEARS[0] <= year <= YEARS[1] and 1 <= month <= 12:
            return date(year, month, 1)
    return today.replace(day=1)


def _asked_unit() -> UUID | None:
    try:
        return UUID(request.args.get("unit", ""))
    except ValueError:
        return None


def _drawn(units: Sequence[UnitYear], year: Nights) -> tuple[int, list[list[tuple[Row, str]]]]:
    """As fine as the weight of the page allows."""
    for step in STEPS:
        drawn = [outlines(unit.beds, year, step) for unit in units]
        letters = sum(len(path) for paths in drawn for _row, path in paths)
        if letters <= MOST_LETTERS:
            break
    return step, drawn


def _said(unit: UnitYear, frame: Frame, paths: Sequence[tuple[Row, str]], most: int) -> Said:
    free, there = unit.count_on(frame.night)
    summary = ngettext(
        "%(free)s of %(num)d bed free", "%(free)s of %(num)d beds free", there, free=free
    )
    beds = [(bed.name, said_runs(runs_of(bed, frame.night), most)) for bed in unit.beds if most]
    return Said(unit.id, unit.name, free, there, summary, paths, beds)


def _said_bed(bed: BedYear, frame: Frame, closures: Sequence[Closure]) -> Said:
    words = said_runs(runs_of(bed, frame.night), RUNS_OF_ONE)
    free, there = UnitYear(bed.id, bed.name, [bed]).count_on(frame.night)
    paths = outlines([bed], frame.year)
    return Said(bed.id, bed.name, free, there, words, paths, closures=closures)


def said_runs(runs: Sequence[Run], most: int) -> str:
    """Taken until 3 May 2026, then works until 10 May 2026, then free."""
    shown = [_said_run(run) for run in runs[:most]]
    words = shown[0] if shown else ""
    for following in shown[1:]:
        # Translators: what a bed is, one after the other, like "taken until 3 May, then free"
        words = _("%(first)s, then %(next)s", first=words, next=following)
    return words


def _said_run(run: Run) -> str:
    if run.until is None:
        return housing_name(run.row)
    # Translators: of a bed, like "taken until 3 May 2026" or "free until 3 May 2026"
    return _("%(what)s until %(day)s", what=housing_name(run.row), day=local_date(run.until))
