"""Sentences that lower floors only marked, said in the reader's language; dates and numbers too."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from functools import lru_cache

from babel.dates import format_date as babel_date
from flask import Flask
from flask_babel import format_date, format_decimal, gettext, ngettext
from flask_babel import gettext as _

from civic.kernel.clock import ROME
from civic.kernel.errors import CivicError
from civic.kernel.i18n import SPOKEN, direction, endonym, language_name
from civic.web.locale import page_language

FIRST_OF_MONTH = {"fr": "1er", "it": "1º"}
LTR_ISOLATE, END_ISOLATE = "\u2066", "\u2069"


def say(error: CivicError) -> str:
    """The refusal as a sentence for the reader of the page."""
    return said(error.sentence, error.values)


def said(sentence: str, values: Mapping[str, object]) -> str:
    """A marked sentence and its values, in the language of the page."""
    shown = {
        name: local_date(value) if isinstance(value, date) else value
        for name, value in values.items()
    }
    return gettext(sentence, **shown) if sentence else ""


def local_date(day: date | datetime) -> str:
    """28 November 2026."""
    return _first_of_month(_in_words(_rome(day), "d MMMM y", page_language().tag))


def local_day(day: date | datetime) -> str:
    """Saturday 28 November, without the year: for things to come."""
    return _first_of_month(_in_words(_rome(day), "EEEE d MMMM", page_language().tag))


@lru_cache(maxsize=5000)
def _in_words(day: date, pattern: str, language: str) -> str:
    """Kept, because pages name few days and reading a pattern takes longer than looking one up."""
    return str(babel_date(day, pattern, locale=language))


def _first_of_month(text: str) -> str:
    """The first day has an ordinal in French and in Italian, which no date pattern knows."""
    ordinal = FIRST_OF_MONTH.get(page_language().tag)
    return re.sub(r"(?<!\d)1 ", f"{ordinal} ", text, count=1) if ordinal else text


def local_month(day: date) -> str:
    """November 2026."""
    return str(format_date(day, "LLLL y"))


def local_time(instant: datetime) -> str:
    """10:00 on an Italian wall clock; digits stay Western, as on the posters in the street."""
    return instant.astimezone(ROME).strftime("%H:%M")


def local_span(starts_at: datetime, ends_at: datetime) -> str:
    """10:00–13:00, kept in this order inside right-to-left text; of a night, that it is one."""
    last = ends_at.astimezone(ROME)
    ends_next_day = last.date() > _rome(starts_at) and last.time() > time.min
    return wall_hours(local_time(starts_at), local_time(ends_at), ends_next_day=ends_next_day)


def wall_hours(start: str, end: str, *, ends_next_day: bool) -> str:
    span = f"{LTR_ISOLATE}{start}–{end}{END_ISOLATE}"
    # Translators: hours of a night, like 22:00–06:00, that end on the day after the one named
    return _("%(span)s (next day)", span=span) if ends_next_day else span


def local_datetime(instant: datetime) -> str:
    return _("%(day)s at %(time)s", day=local_day(instant), time=local_time(instant))


def minutes_as_hours(minutes: int) -> str:
    """150 is `2 hours 30 minutes`; whole hours leave the minutes out."""
    if minutes < 0:
        # Translators: hours taken off, like "minus 1 hour 30 minutes"
        return _("minus %(hours)s", hours=minutes_as_hours(-minutes))
    hours, rest = divmod(minutes, 60)
    said_hours = ngettext("%(num)s hour", "%(num)s hours", hours)
    said_minutes = ngettext("%(num)s minute", "%(num)s minutes", rest)
    if not rest:
        return said_hours
    if not hours:
        return said_minutes
    return _("%(hours)s %(minutes)s", hours=said_hours, minutes=said_minutes)


def local_number(value: float) -> str:
    return str(format_decimal(value))


def shown_language(tag: str) -> str:
    """A language's name in the language of the page."""
    return language_name(tag, page_language().tag)


def language_choices() -> list[tuple[str, str]]:
    """Languages to pick from: the page's name for each, with what its own speakers call it."""
    return [
        (
            tag,
            shown_language(tag) if own == shown_language(tag) else f"{shown_language(tag)} · {own}",
        )
        for tag in SPOKEN
        for own in (endonym(tag),)
    ]


def _rome(day: date | datetime) -> date:
    return day.astimezone(ROME).date() if isinstance(day, datetime) else day


def install(app: Flask) -> None:
    app.jinja_env.filters.update(
        local_date=local_date,
        local_day=local_day,
        local_month=local_month,
        local_time=local_time,
        local_datetime=local_datetime,
        minutes_as_hours=minutes_as_hours,
        local_number=local_number,
        language_name=shown_language,
        endonym=endonym,
        text_direction=direction,
    )
    app.jinja_env.globals.update(local_span=local_span, wall_hours=wall_hours)
