"""What is typed and tapped on the list of who comes."""

from datetime import date, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, RadioField, SelectField, StringField
from wtforms.validators import (
    AnyOf,
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    ValidationError,
)

from civic.attendance.errors import (
    CorrectionReasonMissing,
    MinutesOutOfRange,
    ReasonToSetAsideMissing,
)
from civic.attendance.rules import MOST_MINUTES, Decision, Direction
from civic.catalogue.queries.sessions import SessionFacts
from civic.kernel.clock import rome_day
from civic.web.fields import clean_line
from civic.web.words import local_day

LONGEST_REASON = 300
TOO_LONG = _l("This is too long: at most %(max)d letters.")


class TapForm(FlaskForm):
    """One for each name; the button says the direction."""

    scan_id = HiddenField(validators=[InputRequired(), Length(max=40)])
    direction = StringField(validators=[AnyOf([each.value for each in Direction])])


def days_of(facts: SessionFacts) -> list[date]:
    """On which the session was, in Italy; two of one over midnight."""
    day, days = rome_day(facts.starts_at), []
    # What ends at midnight does not reach into the next day.
    while day <= rome_day(facts.ends_at - timedelta(microseconds=1)):
        days.append(day)
        day += timedelta(days=1)
    return days


class CorrectionForm(FlaskForm):
    day = RadioField(_l("Day"))
    minutes = IntegerField(
        _l("Minutes"),
        [
            InputRequired(_l("Write the minutes as a whole number.")),
            NumberRange(0, MOST_MINUTES, message=_l(MinutesOutOfRange.sentence, most=MOST_MINUTES)),
        ],
    )
    reason = StringField(
        _l("Reason"),
        [
            DataRequired(_l(CorrectionReasonMissing.sentence)),
            Length(max=LONGEST_REASON, message=TOO_LONG),
        ],
        filters=[clean_line],
    )

    def __init__(self, days: list[date], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.day.choices = [(day.isoformat(), local_day(day)) for day in days]
        if self.day.data is None:
            self.day.data = days[0].isoformat()
        if len(days) < 2:
            del self.day

    @property
    def chosen_day(self) -> date | None:
        """None where there is one day only."""
        return date.fromisoformat(self.day.data) if "day" in self else None


class ConfirmForm(FlaskForm):
    """A second person's word; of a forgotten exit they may know that it was less."""

    minutes = IntegerField(_l("Minutes"), [Optional()])


class LookForm(FlaskForm):
    """What becomes of a scan: the button says it."""

    decision = StringField(validators=[AnyOf([Decision.KEPT.value, Decision.SET_ASIDE.value])])
    reason = StringField(
        _l("Reason"),
        [Length(max=LONGEST_REASON, message=TOO_LONG)],
        filters=[clean_line],
    )

    def validate_reason(self, field: StringField) -> None:
        if self.decision.data == Decision.SET_ASIDE and not field.data:
            raise ValidationError(str(_l(ReasonToSetAsideMissing.sentence)))


class GiveForm(FlaskForm):
    """Whose code it was, chosen from the list."""

    person = SelectField(_l("Whose was it?"), [DataRequired(_l("Choose a person."))])
