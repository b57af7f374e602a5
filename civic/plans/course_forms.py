"""What a case worker fills in about the way of a plan: its occupation, its end, its move."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import cast
from uuid import UUID

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField, SelectField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from civic.catalogue.forms.fields import CalendarDayField, too_long
from civic.plans.endings import ANSWER_NAMES, OUTCOME_NAMES, FollowUpAnswer, Outcome
from civic.plans.errors import (
    ConsentMissing,
    MoveNowhere,
    NothingChanged,
    OccupationUnknown,
    OutcomeUnknown,
    ReasonMissing,
)
from civic.plans.occupations import OCCUPATIONS
from civic.plans.operations.closing import End
from civic.plans.operations.following_up import Found
from civic.plans.operations.moving import Consent
from civic.plans.rules import WORDS_LENGTH
from civic.tenancy.queries.standings import City
from civic.web.fields import clean_text
from civic.web.words import language_choices


def _outcomes() -> list[tuple[str, str]]:
    return [(outcome.value, gettext(name)) for outcome, name in OUTCOME_NAMES.items()]


class OccupationForm(FlaskForm):
    occupation = RadioField(
        _l("Occupation"), validators=[InputRequired(message=_l(OccupationUnknown.sentence))]
    )

    def offer(self, chosen: Collection[str] = ()) -> None:
        """What is left to choose; to a form that was sent all, so that sent twice it is one."""
        self.occupation.choices = [
            (each.id, _capital(gettext(each.label)))
            for each in OCCUPATIONS.values()
            if each.id not in chosen
        ]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


class ClosingForm(FlaskForm):
    outcome = RadioField(
        _l("How it ended"),
        choices=_outcomes,
        validators=[InputRequired(message=_l(OutcomeUnknown.sentence))],
    )
    closed_on = CalendarDayField(
        _l("On which day"), [InputRequired(message=_l("Choose the day on which it ended."))]
    )
    note = TextAreaField(
        _l("Note"),
        filters=[clean_text],
        validators=[Optional(), Length(max=WORDS_LENGTH, message=too_long())],
    )

    def begin_with(self, today: date) -> None:
        if not self.is_submitted():
            self.closed_on.data = today

    def to_request(self) -> End:
        """After the form was found right: it demands an outcome and a day."""
        day = cast("date", self.closed_on.data)
        return End(Outcome(self.outcome.data), day, self.note.data or "")


class ReopeningForm(FlaskForm):
    reason = TextAreaField(
        _l("Why the plan is taken up again"),
        filters=[clean_text],
        validators=[
            DataRequired(message=_l(ReasonMissing.sentence)),
            Length(max=WORDS_LENGTH, message=too_long()),
        ],
    )


class FollowUpForm(FlaskForm):
    answer = RadioField(
        _l("What you found"),
        choices=lambda: [(each.value, gettext(name)) for each, name in ANSWER_NAMES.items()],
        validators=[InputRequired(message=_l("Choose what you found."))],
    )
    outcome = RadioField(
        _l("What it has become"), choices=_outcomes, validators=[Optional()], validate_choice=False
    )
    asked_on = CalendarDayField(
        _l("Day on which you asked"), [InputRequired(message=_l("Choose the day you asked."))]
    )
    note = TextAreaField(
        _l("Note"),
        filters=[clean_text],
        validators=[Optional(), Length(max=WORDS_LENGTH, message=too_long())],
    )

    def begin_with(self, today: date) -> None:
        if not self.is_submitted():
            self.asked_on.data = today

    def validate_outcome(self, field: RadioField) -> None:
        """Of what it has become only when it has become something else."""
        if field.data and field.data not in OUTCOME_NAMES:
            raise ValidationError(gettext(NothingChanged.sentence))

    def to_request(self) -> Found:
        """After the form was found right: it demands an answer and a day."""
        return Found(
            FollowUpAnswer(self.answer.data),
            cast("date", self.asked_on.data),
            Outcome(self.outcome.data) if self.outcome.data else None,
            self.note.data or "",
        )


class MoveForm(FlaskForm):
    municipality_id = SelectField(
        _l("Municipality"), validators=[InputRequired(message=_l(MoveNowhere.sentence))]
    )

    def offer(self, cities: Iterable[City], home: UUID) -> None:
        self.municipality_id.choices = [
            ("", gettext("Choose a municipality")),
            *((str(city.id), city.name) for city in cities if city.id != home),
        ]


class OwnConsentForm(FlaskForm):
    seen = HiddenField()
    """The digest of what the page showed."""

    def to_consent(self, language: str) -> Consent:
        return Consent(self.seen.data or "", language)


class ConsentForm(OwnConsentForm):
    language = SelectField(
        _l("Language in which you explained it"),
        choices=language_choices,
        validators=[InputRequired(message=_l("Choose the language in which you explained it."))],
    )
    agreed = BooleanField(
        _l("The person agrees, in front of me"),
        validators=[DataRequired(message=_l(ConsentMissing.sentence))],
    )
