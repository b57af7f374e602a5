"""What is written down in the life of a stay."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, time
from typing import Any
from uuid import UUID

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    Field,
    FileField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional
from wtforms.validators import ValidationError as Wrong

from civic.housing.operations.agreements import Terms
from civic.housing.operations.incidents import NewIncident
from civic.housing.operations.moving import Counting, Leaving
from civic.housing.operations.stays import Longer
from civic.housing.queries.gate import Member
from civic.housing.queries.stays import FreeBed
from civic.housing.rules.living import MOST_PIECES, Condition, Meter, Thing
from civic.housing.rules.money import read_cents
from civic.housing.rules.placing import IncidentKind, Outcome
from civic.housing.words import choices_of
from civic.kernel.clock import rome_instant
from civic.kernel.errors import Invalid
from civic.plans.queries.review_days import ReviewDay
from civic.web.fields import SentField, clean_line, clean_text
from civic.web.words import local_date, say

TOO_LONG = _l("Write it in at most %(max)d letters.")
A_DAY = InputRequired(message=_l("Choose a day."))
CHOOSE = InputRequired(message=_l("Choose one."))
READING = re.compile(r"[0-9]{1,9}([.,][0-9]{1,3})?")
MONEY_LETTERS = 60


def _is_amount(_form: FlaskForm, field: Field) -> None:
    try:
        read_cents(field.data or "")
    except Invalid as refusal:
        raise Wrong(say(refusal)) from None


def _is_reading(_form: FlaskForm, field: Field) -> None:
    if field.data and not READING.fullmatch(field.data):
        raise Wrong(gettext("Write what the meter shows, in digits, like 01234,5."))


def amount_field(label: Any) -> StringField:
    return StringField(
        label,
        filters=[clean_line],
        validators=[Length(max=MONEY_LETTERS, message=TOO_LONG), _is_amount],
    )


def typed_cents(cents: int) -> str:
    """As somebody in Italy types it."""
    return f"{cents // 100},{cents % 100:02d}"


def words_field(label: Any, most: int = 2000, *, needed: Any = None) -> TextAreaField:
    must = DataRequired(message=needed) if needed else Optional()
    return TextAreaField(
        label, filters=[clean_text], validators=[must, Length(max=most, message=TOO_LONG)]
    )


def _day(field: DateField) -> date:
    """Of a field that was validated as filled in."""
    if field.data is None:
        raise Invalid
    return field.data


class CountingForm(FlaskForm):
    """The day, the things and the meters; the fields of the things are made below."""

    day = DateField(_l("Day"), validators=[A_DAY])
    electricity = StringField(
        _l("Electricity meter"), filters=[clean_line], validators=[_is_reading]
    )
    gas = StringField(_l("Gas meter"), filters=[clean_line], validators=[_is_reading])
    water = StringField(_l("Water meter"), filters=[clean_line], validators=[_is_reading])
    is_agreed = BooleanField(_l("We looked at it together, and they agree"))

    def offer(self) -> None:
        for _thing, _count, state in self.things:
            state.choices = choices_of(Condition)

    @property
    def things(self) -> list[tuple[Thing, Any, Any]]:
        return [(each, self[f"count_{each}"], self[f"state_{each}"]) for each in Thing]

    @property
    def has_wrong_thing(self) -> bool:
        return any(count.errors or state.errors for _thing, count, state in self.things)

    @property
    def meters(self) -> list[Field]:
        return [self[each.value] for each in Meter]

    def to_counting(self) -> Counting:
        counted = [
            {"thing": thing.value, "count": count.data, "state": state.data}
            for thing, count, state in self.things
            if count.data
        ]
        readings = {each.value: self[each.value].data for each in Meter if self[each.value].data}
        return Counting(_day(self.day), counted, readings, bool(self.is_agreed.data))


def _add_things(form: type[CountingForm]) -> None:
    for thing in Thing:
        bounds = NumberRange(0, MOST_PIECES, message=_l("Write a number from 0 to %(max)s."))
        count = IntegerField(_l("How many"), default=0, validators=[Optional(), bounds])
        state = SelectField(_l("Condition"), default=Condition.GOOD.value)
        setattr(form, f"count_{thing}", count)
        setattr(form, f"state_{thing}", state)


_add_things(CountingForm)


class LeavingForm(CountingForm):
    is_clean = BooleanField(_l("The place is clean"))
    deposit_back = amount_field(_l("Deposit given back, in euro"))
    outcome = RadioField(_l("Where they go"), validators=[CHOOSE])
    words = words_field(_l("In a few words"))

    def offer(self) -> None:
        super().offer()
        self.outcome.choices = choices_of(Outcome)

    def to_leaving(self) -> Leaving:
        return Leaving(
            self.to_counting(),
            Outcome(self.outcome.data),
            bool(self.is_clean.data),
            read_cents(self.deposit_back.data or ""),
            self.words.data or "",
        )


class ExtendForm(FlaskForm):
    until = DateField(_l("New day of leaving"), validators=[A_DAY])
    review = SelectField(_l("The review in which it was agreed"), validators=[Optional()])
    reason = words_field(_l("Why"), 1000)

    def offer(self, reviews: Sequence[ReviewDay]) -> None:
        days = [(str(each.id), local_date(each.held_on)) for each in reviews]
        self.review.choices = [("", gettext("Choose the day")), *days]

    def to_longer(self) -> Longer:
        review_id = UUID(self.review.data) if self.review.data else None
        return Longer(_day(self.until), self.reason.data or "", review_id)


class FromNightForm(FlaskForm):
    """From which night on, and where to: asked first, since the free beds follow from it."""

    class Meta:
        csrf = False

    from_night = DateField(_l("From the night of"), validators=[A_DAY])
    unit = SelectField(_l("Where to"), validators=[Optional()])


class TransferForm(FlaskForm):
    """A bed for each person, made by `transfer_form`."""

    @property
    def beds(self) -> list[Any]:
        return [field for field in self if field.name.startswith("bed_")]

    def to_beds(self) -> dict[UUID, UUID]:
        return {UUID(field.name.removeprefix("bed_")): UUID(field.data) for field in self.beds}


def transfer_form(members: Iterable[Member], free: Sequence[FreeBed]) -> TransferForm:
    """One choice a person, among the free beds of a dwelling."""
    fields = {
        f"bed_{member.id}": SelectField(member.name, validators=[CHOOSE]) for member in members
    }
    form: TransferForm = type("TransferFormOfThem", (TransferForm,), fields)()
    for field in form.beds:
        field.choices = [("", gettext("Choose a bed")), *((str(bed.id), bed.name) for bed in free)]
    return form


class OverstayForm(FlaskForm):
    answer = RadioField(_l("May they stay on?"), validators=[CHOOSE])
    until = DateField(_l("If yes: until which day"), validators=[Optional()])
    reason = words_field(_l("Why"), 1000, needed=_l("Write in a few words why."))

    def offer(self) -> None:
        self.answer.choices = [
            ("yes", gettext("Yes, until a day")),
            ("no", gettext("No, they have to leave")),
        ]

    def validate(self, extra_validators: Any = None) -> bool:
        """A yes needs its day; the day of a no is left alone."""
        is_right = bool(super().validate(extra_validators))
        if self.answer.data == "yes" and self.until.data is None and not self.until.errors:
            self.until.errors = [gettext("Choose the day until which they may stay.")]
            return False
        return is_right


class FollowUpForm(FlaskForm):
    day = DateField(_l("Day on which you asked"), validators=[A_DAY])
    found = RadioField(_l("Where they live now"), validators=[CHOOSE])

    def offer(self) -> None:
        self.found.choices = choices_of(Outcome)


class TermsForm(FlaskForm):
    pays = amount_field(_l("They pay each month, in euro"))
    deposit = amount_field(_l("Deposit, in euro"))

    def to_terms(self) -> Terms:
        return Terms(read_cents(self.pays.data or ""), read_cents(self.deposit.data or ""))


class SignedPaperForm(FlaskForm):
    day = DateField(_l("Day on which both signed"), validators=[A_DAY])
    file = FileField(_l("Photo or scan of the signed paper"))


class IncidentForm(FlaskForm):
    kind = SelectField(_l("What it was"), validators=[CHOOSE])
    stay = SelectField(_l("About whom"), validators=[Optional()])
    day = DateField(_l("Day"), validators=[A_DAY])
    at = TimeField(_l("Time, about"), validators=[Optional()])
    words = words_field(_l("What happened"), 8000, needed=_l("Write what happened."))
    done = words_field(_l("What was done"), 8000)
    sent = SentField()

    def offer(self, stays: Iterable[tuple[UUID, str]]) -> None:
        self.kind.choices = [("", gettext("Choose one.")), *choices_of(IncidentKind)]
        people = [(str(stay_id), name) for stay_id, name in stays]
        self.stay.choices = [("", gettext("Nobody in particular")), *people]

    def to_incident(self, unit_id: UUID) -> NewIncident:
        return NewIncident(
            unit_id=unit_id,
            placement_id=UUID(self.stay.data) if self.stay.data else None,
            kind=IncidentKind(self.kind.data),
            happened_at=rome_instant(_day(self.day), self.at.data or time.min),
            words=self.words.data or "",
            done=self.done.data or "",
            sent_id=self.sent.to_id(),
        )


class DoneForm(FlaskForm):
    done = words_field(_l("What was done"), 8000, needed=_l("Write what was done."))


class FaultForm(FlaskForm):
    words = words_field(
        _l("What is broken?"), 1000, needed=_l("Say in a few words what is broken.")
    )
    file = FileField(_l("A photo"))
    sent = SentField()
