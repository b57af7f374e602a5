"""When, where and for how many."""

from datetime import date, datetime, time
from typing import Self

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    StringField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from civic.catalogue.forms.fields import CalendarDayField, WallTimeField, WholeNumberField, too_long
from civic.catalogue.operations.sessions import SessionPlan
from civic.catalogue.queries.sessions import SessionFacts
from civic.catalogue.rules import (
    MEETING_POINT_LENGTH,
    MOST_PLACES,
    MOST_WEEKS,
    wall_span,
    weekly,
)
from civic.kernel.clock import ROME, rome_day
from civic.web.fields import clean_line


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
        return self._plan(self.day.data)

    def _plan(self, day: date | None) -> SessionPlan:
        start, end = self.start.data, self.end.data
        if day is None or start is None or end is None or not self.places.data:
            raise ValueError("a plan is made of a form that was found valid")
        starts_at, ends_at = wall_span(day, start, end)
        return SessionPlan(starts_at, ends_at, self.meeting_point.data or "", self.places.data)

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


class NewSessionForm(SessionForm):
    weeks = WholeNumberField(
        _l("How many weeks in a row"),
        default=1,
        validators=[
            Optional(),
            NumberRange(1, MOST_WEEKS, _l("Write a number of weeks from %(min)d to %(max)d.")),
        ],
    )

    def plans(self) -> list[SessionPlan]:
        """One a week at the same hour of the wall clock."""
        days = weekly(self.day.data, self.weeks.data or 1) if self.day.data else []
        return [self._plan(day) for day in days]
