"""Dates that come again: shown one by one before they are made."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from civic.catalogue.forms.sessions import NewSessionForm
from civic.catalogue.operations.series import add_series
from civic.catalogue.queries.projects import ProjectPage
from civic.catalogue.queries.series import starts_there
from civic.catalogue.rhythm import OfferedDay, Rhythm, offered_days
from civic.catalogue.rules import check_session, wall_span
from civic.catalogue.words import rhythm_words
from civic.kernel.clock import rome_day
from civic.kernel.errors import Conflict, Invalid
from civic.web.fields import show_refusal
from civic.web.transaction import reading, unit_of_work


@dataclass(frozen=True)
class Tick:
    """A day of the rhythm, and whether there is to be a session."""

    offered: OfferedDay
    is_ticked: bool


def check_dates(form: NewSessionForm, page: ProjectPage) -> ResponseReturnValue:
    """The second step: which of the days. Raises what the first step must put right."""
    rhythm, ticks = _offered(form, page.id)
    if request.form.get("step") == "save":
        kept = [tick.offered.day for tick in ticks if tick.is_ticked]
        try:
            with unit_of_work() as ctx:
                added = add_series(ctx, page.id, form.series(rhythm, kept))
            said = ngettext("%(num)d session added.", "%(num)d sessions added.", len(added))
            flash(said, "success")
            return redirect(url_for("catalogue_organise.project", project_id=page.id))
        except (Invalid, Conflict) as refusal:
            show_refusal(form, refusal)
            rhythm, ticks = _offered(form, page.id)
    status = 422 if form.errors or form.form_errors else 200
    return render_template(
        "catalogue/organise/series_dates.html",
        form=form,
        page=page,
        said=rhythm_words(rhythm),
        months=_by_month(ticks),
        known=",".join(tick.offered.day.isoformat() for tick in ticks),
        typed=_typed(form),
    ), status


def _offered(form: NewSessionForm, project_id: UUID) -> tuple[Rhythm, list[Tick]]:
    start, end = form.start.data, form.end.data
    if start is None or end is None:
        raise ValueError("days are offered for a form that was found valid")
    with reading() as ctx:
        now, there = ctx.now(), starts_there(ctx, project_id)
    rhythm = form.rhythm(rome_day(now))
    days = offered_days(rhythm, start, end, there)
    possible = [offered.day for offered in days if offered.is_possible]
    if possible:
        check_session(*wall_span(possible[0], start, end), now)
    return rhythm, _ticks(days)


def _ticks(days: Sequence[OfferedDay]) -> list[Tick]:
    """As they were ticked on the page before; a day that was not on it is on unless a holiday."""
    known = set(request.form.get("known", "").split(","))
    ticked = set(request.form.getlist("days"))

    def is_ticked(offered: OfferedDay) -> bool:
        day = offered.day.isoformat()
        return day in ticked if day in known else offered.holiday is None

    return [Tick(offered, offered.is_possible and is_ticked(offered)) for offered in days]


def _by_month(ticks: Sequence[Tick]) -> list[tuple[date, list[Tick]]]:
    months = groupby(ticks, lambda tick: tick.offered.day.replace(day=1))
    return [(month, list(group)) for month, group in months]


def _typed(form: NewSessionForm) -> list[tuple[str, str]]:
    """What the first step was told, to travel on with the second."""
    names = {field.name for field in form} - {"csrf_token"}
    return [(name, text) for name, text in request.form.items(multi=True) if name in names]
