"""What is typed about dwellings, their rooms and beds, and their leases."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
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
    InputRequired,
    Length,
    NumberRange,
    Optional,
    ValidationError,
)
from wtforms.widgets import CheckboxInput

from civic.housing.money_field import MoneyField
from civic.housing.offer_forms import AMOUNT, CHOOSE, CHOOSE_DAY, TOO_LONG
from civic.housing.operations.dwellings import NewUnit, UnitFacts
from civic.housing.operations.leases import LeaseFacts
from civic.housing.operations.rooms import NewRoom, RoomFacts
from civic.housing.queries.unit_page import RoomRow
from civic.housing.queries.unit_page import UnitFacts as ShownUnit
from civic.housing.rules.dwellings import MOST_IN_ROOM, read_beds
from civic.housing.rules.stock import Direction, FileKind, Gender, UnitKind, Who
from civic.housing.words import choices_of
from civic.kernel.errors import Invalid
from civic.web.fields import SentField, clean_line, clean_text
from civic.web.words import say

Choices = Sequence[tuple[str, str]]
UNIT_FILES = (FileKind.PHOTO, FileKind.FLOOR_PLAN, FileKind.CONTRACT)


def room_called(number: int) -> str:
    return gettext("Room %(number)s", number=number)


def bed_called(number: int) -> str:
    return gettext("bed %(number)s", number=number)


def day_of(field: DateField) -> date:
    """Of a field that was validated as filled in."""
    if field.data is None:
        raise Invalid
    return field.data


def _line(label: Any, most: int, message: Any = None) -> StringField:
    first = Optional() if message is None else DataRequired(message=message)
    return StringField(
        label, filters=[clean_line], validators=[first, Length(max=most, message=TOO_LONG)]
    )


def _text(label: Any) -> TextAreaField:
    return TextAreaField(
        label, filters=[clean_text], validators=[Optional(), Length(max=2000, message=TOO_LONG)]
    )


class UnitForm(FlaskForm):
    name = _line(_l("Name among colleagues"), 80, _l("Write what you call this dwelling."))
    kind = SelectField(_l("Kind"), validators=[InputRequired(message=CHOOSE)])
    quarter = _line(_l("Quarter"), 80, _l("Write in which part of town it is."))
    address = _line(_l("Exact address"), 200, _l("Write where exactly it is."))
    entry = _text(_l("How to get in"))
    contact_day = _line(_l("Whom to call by day"), 120)
    contact_night = _line(_l("Whom to call by night"), 120)
    rules = _text(_l("House rules of this dwelling"))
    takes = SelectMultipleField(_l("Who may live there"), option_widget=CheckboxInput())
    is_step_free = BooleanField(_l("Can be reached without steps"))
    owner = SelectField(_l("Owner"), validators=[Optional()])
    grant = SelectField(_l("Which grant pays"), validators=[Optional()])
    turnaround_nights = IntegerField(
        _l("Nights to make a bed ready"),
        validators=[
            InputRequired(message=_l("Write a number of nights from 0 to 60.")),
            NumberRange(0, 60, _l("Write a number of nights from 0 to 60.")),
        ],
    )
    night_cost = MoneyField(_l("Cost of a bed and night"), validators=[Optional()])
    is_safe_house = BooleanField(_l("A safe house: only its team knows that it is there"))
    team = SelectMultipleField(
        _l("Who is on its team besides you"), option_widget=CheckboxInput(), validators=[Optional()]
    )

    def offer(self, owners: Choices, grants: Choices, officers: Mapping[UUID, str]) -> None:
        """`officers` without whoever fills in the form: they are on the team anyway."""
        self.kind.choices = choices_of(UnitKind)
        self.takes.choices = choices_of(Who)
        self.owner.choices = [("", gettext("Not said")), *owners]
        self.grant.choices = [("", gettext("None")), *grants]
        self.team.choices = [(str(each), name) for each, name in officers.items()]

    @classmethod
    def holding(cls, unit: ShownUnit) -> "UnitForm":
        return cls(
            data={
                "name": unit.name,
                "kind": unit.kind.value,
                "quarter": unit.quarter,
                "address": unit.words.address,
                "entry": unit.words.entry,
                "contact_day": unit.words.contact_day,
                "contact_night": unit.words.contact_night,
                "rules": unit.words.rules,
                "takes": [each.value for each in unit.takes],
                "is_step_free": unit.is_step_free,
                "owner": str(unit.owner_id or ""),
                "grant": str(unit.grant_id or ""),
                "turnaround_nights": unit.turnaround_nights,
                "night_cost": unit.night_cost_cents,
                "is_safe_house": unit.is_safe_house,
                "team": [str(each) for each in unit.team],
            }
        )

    def to_facts(self) -> UnitFacts:
        return UnitFacts(
            name=self.name.data or "",
            kind=UnitKind(self.kind.data),
            quarter=self.quarter.data or "",
            address=self.address.data or "",
            entry=self.entry.data or "",
            contact_day=self.contact_day.data or "",
            contact_night=self.contact_night.data or "",
            rules=self.rules.data or "",
            takes=[Who(each) for each in self.takes.data or ()],
            is_step_free=bool(self.is_step_free.data),
            owner_id=UUID(self.owner.data) if self.owner.data else None,
            grant_id=UUID(self.grant.data) if self.grant.data else None,
            turnaround_nights=self.turnaround_nights.data or 0,
            night_cost_cents=self.night_cost.cents or 0,
            is_safe_house=bool(self.is_safe_house.data),
            team=[UUID(each) for each in self.team.data or ()],
        )


class NewUnitForm(UnitForm):
    """With its beds, room by room; rooms and beds get their names afterwards."""

    beds = StringField(
        _l("Beds in each room"),
        filters=[clean_line],
        validators=[
            DataRequired(message=_l("Write one number for each room, like 2, 2, 1.")),
            Length(max=200, message=TOO_LONG),
        ],
    )
    from_night = DateField(
        _l("First night it can be used"), validators=[InputRequired(message=CHOOSE_DAY)]
    )
    sent = SentField()

    def validate_beds(self, field: StringField) -> None:
        try:
            read_beds(field.data or "")
        except Invalid as refusal:
            raise ValidationError(say(refusal)) from None

    def to_unit(self, offer_id: UUID | None) -> NewUnit:
        rooms = [
            NewRoom(
                RoomFacts(room_called(number), bool(self.is_step_free.data)),
                [bed_called(bed) for bed in range(1, beds + 1)],
            )
            for number, beds in enumerate(read_beds(self.beds.data or ""), start=1)
        ]
        return NewUnit(self.to_facts(), rooms, day_of(self.from_night), offer_id, self.sent.to_id())


class RoomForm(FlaskForm):
    name = _line(_l("Name of the room"), 80, _l("Write what you call this room."))
    is_step_free = BooleanField(_l("Can be reached without steps"))
    only_for = SelectField(_l("Who may sleep there"), validators=[Optional()])

    def offer(self) -> None:
        self.only_for.choices = [
            ("", gettext("Everybody who may live in the dwelling")),
            (Gender.WOMAN.value, gettext("Only women")),
            (Gender.MAN.value, gettext("Only men")),
        ]

    @classmethod
    def holding(cls, room: RoomRow) -> "RoomForm":
        return cls(data=held(room))

    def to_facts(self) -> RoomFacts:
        only_for = Gender(self.only_for.data) if self.only_for.data else None
        return RoomFacts(self.name.data or "", bool(self.is_step_free.data), only_for)


def held(room: RoomRow) -> dict[str, object]:
    """What a form of that room holds."""
    only_for = room.only_for.value if room.only_for else ""
    return {"name": room.name, "is_step_free": room.is_step_free, "only_for": only_for}


def _how_many() -> IntegerField:
    message = _l("Write a number of beds from 1 to %(most)s.", most=MOST_IN_ROOM)
    return IntegerField(
        _l("How many beds"),
        validators=[InputRequired(message=message), NumberRange(1, MOST_IN_ROOM, message)],
    )


class NewRoomForm(RoomForm):
    beds = _how_many()
    from_night = DateField(
        _l("First night they can be used"), validators=[InputRequired(message=CHOOSE_DAY)]
    )

    def to_room(self) -> NewRoom:
        numbers = range(1, (self.beds.data or 1) + 1)
        return NewRoom(self.to_facts(), [bed_called(number) for number in numbers])


class AddBedsForm(FlaskForm):
    beds = _how_many()
    from_night = DateField(
        _l("First night they can be used"), validators=[InputRequired(message=CHOOSE_DAY)]
    )


class BedForm(FlaskForm):
    name = _line(_l("Name of the bed"), 80, _l("Write what you call this bed."))


class AwayForm(FlaskForm):
    day = DateField(
        _l("From which night on nobody can sleep there"),
        validators=[InputRequired(message=CHOOSE_DAY)],
    )


class UnitFileForm(FlaskForm):
    kind = RadioField(_l("What it is"), validators=[InputRequired(message=CHOOSE)])

    def offer(self) -> None:
        self.kind.choices = [pair for pair in choices_of(FileKind) if pair[0] in UNIT_FILES]


class LeaseForm(FlaskForm):
    direction = RadioField(_l("Between whom"), validators=[InputRequired(message=CHOOSE)])
    resident = SelectField(_l("Whose lease it is"), validators=[Optional()])
    starts_on = DateField(_l("First day"), validators=[InputRequired(message=CHOOSE_DAY)])
    ends_on = DateField(_l("Last day"), validators=[Optional()])
    rent = MoneyField(_l("Rent a month"), validators=[InputRequired(message=AMOUNT)])
    deposit = MoneyField(_l("Deposit"), validators=[Optional()])
    registered_on = DateField(_l("Registered on"), validators=[Optional()])
    sent = SentField()

    def offer(self, tenants: Sequence[tuple[UUID, str]]) -> None:
        self.direction.choices = [
            (Direction.IN.value, gettext("From the owner to us")),
            (Direction.OUT.value, gettext("To somebody who lives there")),
        ]
        people = [(str(each), name) for each, name in tenants]
        self.resident.choices = [("", gettext("Choose one.")), *people]

    def to_facts(self) -> LeaseFacts:
        return LeaseFacts(
            Direction(self.direction.data),
            day_of(self.starts_on),
            self.rent.cents or 0,
            self.deposit.cents or 0,
            self.ends_on.data,
            self.registered_on.data,
            UUID(self.resident.data) if self.resident.data else None,
        )
