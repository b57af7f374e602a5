"""What is typed about the way to a lease of one's own."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import IntegerField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput

from civic.catalogue.forms.fields import CalendarDayField
from civic.housing.models import NAME
from civic.housing.money_field import MoneyField
from civic.housing.operations.market import FlatWords, Landlord, MarketWords, OwnLease
from civic.housing.queries.market import FlatRow, Means, OwnerRow
from civic.housing.rules.market import FLAT_NAMES, MOST_ROOMS, PAPER_NAMES, FlatState, Paper
from civic.housing.rules.stock import OWNER_NAMES, OwnerKind
from civic.housing.support_forms import AMOUNT, CHOOSE, CHOOSE_DAY, TOO_LONG
from civic.kernel.errors import Invalid
from civic.web.fields import SentField, clean_line, clean_text


class MeansForm(FlaskForm):
    income = MoneyField(_l("What comes in each month"), validators=[InputRequired(message=AMOUNT)])
    debts = MoneyField(_l("What they pay back each month"), validators=[Optional()])
    rooms_wanted = IntegerField(
        _l("Rooms they need"),
        default=1,
        validators=[
            InputRequired(message=_l("Write how many rooms.")),
            NumberRange(1, MOST_ROOMS, _l("Write a number from 1 to %(max)s.")),
        ],
    )
    papers = SelectMultipleField(_l("Papers that are ready"), option_widget=CheckboxInput())

    def offer(self) -> None:
        self.papers.choices = [(each.value, gettext(name)) for each, name in PAPER_NAMES.items()]

    @classmethod
    def holding(cls, means: Means | None) -> "MeansForm":
        if means is None:
            return cls(formdata=None)
        data = {
            "income": means.income_cents,
            "debts": means.debts_cents,
            "rooms_wanted": means.rooms_wanted,
            "papers": [each.value for each in means.papers],
        }
        return cls(formdata=None, data=data)

    def to_words(self) -> MarketWords:
        return MarketWords(
            self.income.cents or 0,
            self.debts.cents or 0,
            self.rooms_wanted.data or 1,
            [Paper(each) for each in self.papers.data or ()],
        )


def _words(label: Any) -> TextAreaField:
    return TextAreaField(
        label,
        filters=[clean_text],
        validators=[Optional(), Length(max=2000, message=TOO_LONG)],
    )


def _line(label: Any, most: int) -> StringField:
    return StringField(
        label, filters=[clean_line], validators=[Optional(), Length(max=most, message=TOO_LONG)]
    )


class FlatForm(FlaskForm):
    quarter = StringField(
        _l("Quarter"),
        filters=[clean_line],
        validators=[
            DataRequired(message=_l("Write in which part of town it is.")),
            Length(max=NAME, message=TOO_LONG),
        ],
    )
    address = _line(_l("Address"), 200)
    rent = MoneyField(_l("Rent a month"), validators=[InputRequired(message=AMOUNT)])
    state = SelectField(_l("How it stands"), validators=[InputRequired(message=CHOOSE)])
    on_day = CalendarDayField(_l("Day on which they look at it"), [Optional()])
    owner = SelectField(_l("Landlord"), validators=[Optional()])
    landlord = _line(_l("Name of a new landlord"), 120)
    landlord_kind = SelectField(_l("Who they are"), validators=[Optional()])
    phone = _line(_l("Phone"), 30)
    email = _line(_l("E-mail"), 120)
    questions = _words(_l("What the landlord asks"))
    answers = _words(_l("What we answered"))
    words = _words(_l("Note"))
    sent = SentField()

    def offer(self, owners: Sequence[OwnerRow]) -> None:
        self.state.choices = [(each.value, gettext(FLAT_NAMES[each])) for each in FlatState]
        self.owner.choices = [
            ("", gettext("Somebody new, or not known yet")),
            *((str(each.id), each.name) for each in owners),
        ]
        self.landlord_kind.choices = [
            (each.value, gettext(OWNER_NAMES[each])) for each in OwnerKind
        ]

    @classmethod
    def holding(cls, flat: FlatRow) -> "FlatForm":
        data = {
            "quarter": flat.quarter,
            "address": flat.address,
            "rent": flat.rent_cents,
            "state": flat.state.value,
            "on_day": flat.on_day,
            "owner": str(flat.owner.id) if flat.owner else "",
            "questions": flat.questions,
            "answers": flat.answers,
            "words": flat.words,
        }
        return cls(data=data)

    def to_flat(self) -> FlatWords:
        return FlatWords(
            quarter=self.quarter.data or "",
            rent_cents=self.rent.cents or 0,
            state=FlatState(self.state.data),
            on_day=self.on_day.data,
            address=self.address.data or "",
            questions=self.questions.data or "",
            answers=self.answers.data or "",
            words=self.words.data or "",
            landlord=self._landlord(),
            owner_id=UUID(self.owner.data) if self.owner.data else None,
            id=self.sent.to_id(),
        )

    def _landlord(self) -> Landlord | None:
        name, phone, email = self.landlord.data, self.phone.data, self.email.data
        if self.owner.data or not (name or phone or email):
            return None
        kind = OwnerKind(self.landlord_kind.data or OwnerKind.PRIVATE.value)
        return Landlord(kind, name or "", phone or "", email or "")


class LeaseForm(FlaskForm):
    unit = SelectField(_l("Which home"), validators=[Optional()])
    starts_on = CalendarDayField(_l("First day"), [InputRequired(message=CHOOSE_DAY)])
    ends_on = CalendarDayField(_l("Last day"), [Optional()])
    rent = MoneyField(_l("Rent a month"), validators=[InputRequired(message=AMOUNT)])
    deposit = MoneyField(_l("Deposit"), validators=[Optional()])
    registered_on = CalendarDayField(_l("Registered with the revenue agency on"), [Optional()])

    def offer(self, units: Sequence[tuple[UUID, str]]) -> None:
        self.unit.choices = [
            ("", gettext("A flat outside the stock")),
            *((str(unit_id), name) for unit_id, name in units),
        ]

    def to_lease(self) -> OwnLease:
        if self.starts_on.data is None:
            raise Invalid
        return OwnLease(
            self.starts_on.data,
            self.ends_on.data,
            self.rent.cents or 0,
            self.deposit.cents or 0,
            self.registered_on.data,
            UUID(self.unit.data) if self.unit.data else None,
        )
