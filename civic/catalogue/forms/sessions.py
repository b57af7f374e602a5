"""When, where and for how many."""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any, Self

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput

from civic.catalogue.forms.fields import CalendarDayField, WallTimeField, WholeNumberField, too_long
from civic.catalogue.operations.series import NewSeries
from civic.catalogue.operations.sessions import SessionPlan
from civic.catalogue.queries.series import Repetition
from civic.catalogue.queries.sessions import SessionFacts
from civic.catalogue.rhythm import Frequency, Rhythm, Scope, Wish, rhythm_of
from civic.catalogue.rules import MEETING_POINT_LENGTH, MOST_PLACES, wall_span
from civic.catalogue.words import WEEK_NAMES, week_name, weekday_name
from civic.kernel.clock import ROME, rome_day
from civic.web.fields import clean_line

MOST_EVERY = 26


class WeekdaysField(SelectMultipleField):
    option_widget = CheckboxInput()

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(
            label,
            coerce=int,
            choices=lambda: [(number, weekday_name(number)) for number in range(7)],
            **kwargs,
        )


class SessionForm(FlaskForm):
    day = CalendarDayField(
        _l("Day"), validators=[InputRequired(_l("Choose a day, like 28/11/2026."))]
    )
    start = WallTimeField(_l("Start"), validators=[InputRequired(_l("Choose an hour, like 9:30."))])
    end = WallTimeField(_l("End"), validators=[InputRequired(_l("Choose an hour, like 9:30."))])
    meeting_point = StringField(
        _l("Meeting point"),
        filters=[clean_line],
        validators=[
            DataRequired(_l("Say where people meet.")),
            Length(max=MEETING_POINT_LENGTH, message=too_long()),
        ],
    )
    places = WholeNumberField(
        _l("Places"),
        validators=[
            InputRequired(_l("Write how many people can come.")),
            NumberRange(1, MOST_PLACES, _l("Write a number of places from %(min)d to %(max)d.")),
        ],
    )

    def plan(self) -> SessionPlan:
        day, start, end, places = self.day.data, self.start.data, self.end.data, self.places.data
        if day is None or start is None or end is None or not places:
            raise ValueError("a plan is made of a form that was found valid")
        starts_at, ends_at = wall_span(day, start, end)
        return SessionPlan(starts_at, ends_at, self.meeting_point.data or "", places)

    @classmethod
    def of(cls, facts: SessionFacts) -> Self:
        return cls(
            day=rome_day(facts.starts_at),
            start=_wall_time(facts.starts_at),
            end=_wall_time(facts.ends_at),
            meeting_point=facts.meeting_point,
            places=facts.places,
        )


def _wall_time(instant: datetime) -> time:
    return instant.astimezone(ROME).time()


class EditSessionForm(SessionForm):
    """One session, or it and others of its series."""

    scope = RadioField(
        _l("Which dates?"), coerce=Scope, choices=list, default=Scope.ONE, validate_choice=False
    )

    def offer(self, repetition: Repetition | None) -> None:
        """Ask for which dates, with how many each answer means; not for a date that stands alone."""
        if repetition is None:
            del self.scope
            return
        self.scope.choices = [
            (Scope.ONE, _("Only this one")),
            (Scope.FOLLOWING, _following(repetition.following)),
            (Scope.ALL, _all(repetition.coming)),
        ]

    @property
    def meant(self) -> Scope:
        return Scope(self.scope.data) if "scope" in self else Scope.ONE


def _following(number: int) -> str:
    said = ngettext("%(num)d date", "%(num)d dates", number)
    return str(_("This one and those after it (%(dates)s)", dates=said))


def _all(number: int) -> str:
    said = ngettext("%(num)d date", "%(num)d dates", number)
    return str(_("All still to come (%(dates)s)", dates=said))


class NewSessionForm(SessionForm):
    """A date, which may come again by a rule."""

    repeat = RadioField(
        _l("Does it come again?"),
        choices=lambda: [
            ("once", _("No, only on this day")),
            (Frequency.WEEKLY.value, _("Yes, by the week")),
            (Frequency.MONTHLY.value, _("Yes, by the month")),
        ],
        default="once",
    )
    every = WholeNumberField(
        _l("Every how many weeks or months"),
        default=1,
        validators=[
            Optional(),
            NumberRange(1, MOST_EVERY, _l("Write a number from %(min)d to %(max)d.")),
        ],
    )
    weekdays = WeekdaysField(_l("On which days of the week"))
    week = SelectField(
        _l("If by the month: which one in the month"),
        choices=lambda: (
            [("", _("As on the first day"))]
            + [(str(number), week_name(number)) for number in WEEK_NAMES]
        ),
        validators=[Optional()],
    )
    until = CalendarDayField(_l("Last day"), validators=[Optional()])
    times = WholeNumberField(
        _l("Or how many times"),
        validators=[
            Optional(),
            NumberRange(1, message=_l("Write a whole number from 1 up.")),
        ],
    )

    @property
    def repeats(self) -> bool:
        return bool(self.repeat.data != "once")

    def rhythm(self, today: date) -> Rhythm:
        if self.day.data is None:
            raise ValueError("a rhythm is made of a form that was found valid")
        wish = Wish(
            from_day=self.day.data,
            frequency=Frequency(self.repeat.data),
            weekdays=tuple(self.weekdays.data or ()),
            every=self.every.data or 1,
            week=int(self.week.data) if self.week.data else None,
            until=self.until.data,
            times=self.times.data,
        )
        return rhythm_of(wish, today)

    def series(self, rhythm: Rhythm, kept: Iterable[date]) -> NewSeries:
        return NewSeries(
            rhythm=rhythm,
            start=self.start.data or time.min,
            end=self.end.data or time.min,
            meeting_point=self.meeting_point.data or "",
            places=self.places.data or 0,
            kept=tuple(kept),
        )
