"""What is typed about offers, visits and owners."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import (
    DataRequired,
    Email,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    ValidationError,
)
from wtforms.widgets import CheckboxInput

from civic.housing.money_field import MoneyField
from civic.housing.operations.offers import NewOffer, OfferFacts, OwnerFacts
from civic.housing.queries.offers import OfferPage, OwnerRow
from civic.housing.rules.stock import Guarantee, OfferRefusal, OwnerKind
from civic.housing.words import choices_of
from civic.kernel.errors import Invalid
from civic.web.fields import SentField, clean_line, clean_text

TOO_LONG = _l("Write it in at most %(max)d letters.")
CHOOSE = _l("Choose one.")
CHOOSE_DAY = _l("Choose a day.")
AMOUNT = _l("Write how much it is in euro, like 350 or 350,50.")


def _rooms() -> IntegerField:
    return IntegerField(
        _l("Rooms"),
        validators=[
            InputRequired(message=_l("Write how many rooms there are.")),
            NumberRange(1, 40, _l("Write a number of rooms from 1 to 40.")),
        ],
    )


class FlatForm(FlaskForm):
    """The flat that is offered."""

    quarter = StringField(
        _l("Quarter"),
        filters=[clean_line],
        validators=[
            DataRequired(message=_l("Write in which part of town it is.")),
            Length(max=80, message=TOO_LONG),
        ],
    )
    address = StringField(
        _l("Exact address"),
        filters=[clean_line],
        validators=[
            DataRequired(message=_l("Write where exactly it is.")),
            Length(max=200, message=TOO_LONG),
        ],
    )
    rooms = _rooms()
    rent = MoneyField(_l("Rent asked a month"), validators=[InputRequired(message=AMOUNT)])
    offered_on = DateField(_l("Offered on"), validators=[InputRequired(message=CHOOSE_DAY)])
    words = TextAreaField(
        _l("What else the owner said"),
        filters=[clean_text],
        validators=[Optional(), Length(max=2000, message=TOO_LONG)],
    )

    @classmethod
    def holding(cls, page: OfferPage) -> "FlatForm":
        return cls(
            data={
                "quarter": page.row.quarter,
                "address": page.address,
                "rooms": page.row.rooms,
                "rent": page.row.rent_cents,
                "offered_on": page.row.offered_on,
                "words": page.words,
            }
        )

    def to_facts(self) -> OfferFacts:
        if self.offered_on.data is None:
            raise Invalid
        return OfferFacts(
            self.quarter.data or "",
            self.rooms.data or 1,
            self.rent.cents or 0,
            self.offered_on.data,
            self.address.data or "",
            self.words.data or "",
        )


def _contact(label: Any, most: int) -> StringField:
    return StringField(
        label, filters=[clean_line], validators=[Optional(), Length(max=most, message=TOO_LONG)]
    )


class NewOfferForm(FlatForm):
    """With an owner: one who is known, or somebody new."""

    owner = SelectField(_l("Owner"), validators=[Optional()])
    owner_name = _contact(_l("Name of the new owner"), 120)
    owner_kind = SelectField(_l("What they are"), validators=[Optional()])
    phone = _contact(_l("Phone"), 30)
    email = StringField(
        _l("E-mail"),
        filters=[clean_line],
        validators=[
            Optional(),
            Length(max=120, message=TOO_LONG),
            Email(message=_l("Write an e-mail address like name@example.org, or leave it out.")),
        ],
    )
    sent = SentField()

    def offer(self, owners: Sequence[OwnerRow]) -> None:
        known = [(str(each.id), each.name) for each in owners]
        self.owner.choices = [("", gettext("Somebody new")), *known]
        self.owner_kind.choices = choices_of(OwnerKind)

    def validate_owner_name(self, field: StringField) -> None:
        if not self.owner.data and not field.data:
            raise ValidationError(gettext("Choose an owner, or write the name of the new one."))

    def to_offer(self) -> NewOffer:
        if self.owner.data:
            return NewOffer(self.to_facts(), UUID(self.owner.data), id=self.sent.to_id())
        owner = OwnerFacts(
            OwnerKind(self.owner_kind.data or OwnerKind.PRIVATE),
            self.owner_name.data or "",
            self.phone.data or "",
            self.email.data or "",
        )
        return NewOffer(self.to_facts(), owner=owner, id=self.sent.to_id())


class OwnerForm(FlaskForm):
    kind = RadioField(_l("What they are"), validators=[InputRequired(message=CHOOSE)])
    name = StringField(
        _l("Name"),
        filters=[clean_line],
        validators=[
            DataRequired(message=_l("Write the name of the owner.")),
            Length(max=120, message=TOO_LONG),
        ],
    )
    phone = _contact(_l("Phone"), 30)
    email = StringField(
        _l("E-mail"),
        filters=[clean_line],
        validators=[
            Optional(),
            Length(max=120, message=TOO_LONG),
            Email(message=_l("Write an e-mail address like name@example.org, or leave it out.")),
        ],
    )
    guarantees = SelectMultipleField(_l("What we offer them"), option_widget=CheckboxInput())
    words = TextAreaField(
        _l("What to know about them"),
        filters=[clean_text],
        validators=[Optional(), Length(max=2000, message=TOO_LONG)],
    )

    def offer(self) -> None:
        self.kind.choices = choices_of(OwnerKind)
        self.guarantees.choices = choices_of(Guarantee)

    @classmethod
    def holding(cls, row: OwnerRow) -> "OwnerForm":
        return cls(
            data={
                "kind": row.kind.value,
                "name": row.name,
                "phone": row.phone,
                "email": row.email,
                "guarantees": [each.value for each in row.guarantees],
                "words": row.words,
            }
        )

    def to_facts(self) -> OwnerFacts:
        return OwnerFacts(
            OwnerKind(self.kind.data),
            self.name.data or "",
            self.phone.data or "",
            self.email.data or "",
            self.words.data or "",
            [Guarantee(each) for each in self.guarantees.data or ()],
        )


class PlanVisitForm(FlaskForm):
    day = DateField(_l("Day of the visit"), validators=[InputRequired(message=CHOOSE_DAY)])
    visitor = SelectField(_l("Who goes there"), validators=[InputRequired(message=CHOOSE)])

    def offer(self, officers: Mapping[UUID, str]) -> None:
        self.visitor.choices = [(str(each), name) for each, name in officers.items()]


class FoundForm(FlaskForm):
    is_fit = RadioField(_l("Can people live there?"), validators=[InputRequired(message=CHOOSE)])
    words = TextAreaField(
        _l("What you found"),
        filters=[clean_text],
        validators=[
            DataRequired(message=_l("Write what you found.")),
            Length(max=4000, message=TOO_LONG),
        ],
    )

    def offer(self) -> None:
        self.is_fit.choices = [
            ("yes", gettext("Yes, as it is or after small works")),
            ("no", gettext("No")),
        ]


class RefuseForm(FlaskForm):
    reason = RadioField(_l("Why"), validators=[InputRequired(message=CHOOSE)])
    words = TextAreaField(
        _l("In words"),
        filters=[clean_text],
        validators=[
            DataRequired(message=_l("Write why, so that colleagues can tell the owner.")),
            Length(max=2000, message=TOO_LONG),
        ],
    )

    def offer(self) -> None:
        self.reason.choices = choices_of(OfferRefusal)
