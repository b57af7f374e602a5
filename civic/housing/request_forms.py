"""What is typed where a household asks for a home, and where one is proposed to them."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput

from civic.housing.operations.requests import NewRequest
from civic.housing.operations.residents import OLDEST, Mark, NewPerson
from civic.housing.queries.applicants import Known, read_birth
from civic.housing.request_errors import (
    BirthUnknown,
    BornLater,
    BornLongAgo,
    NameMissing,
    TooManyPeople,
    WantedBackwards,
)
from civic.housing.rules.placing import MOST_PEOPLE, Criterion, Need, RefusedFor, Urgency
from civic.housing.rules.stock import Gender
from civic.housing.words import choices_of
from civic.web.fields import SentField, clean_line, clean_text
from civic.web.words import language_choices

TOO_LONG = _l("Write it in at most %(max)d letters.")
CHOOSE_DAY = _l("Choose a day.")
CHOSEN = InputRequired(message=_l("Choose one."))
NAME_LENGTH, WORDS_LENGTH = 120, 2000
GENDERS = (Gender.WOMAN, Gender.MAN, Gender.OTHER, Gender.UNTOLD)


class PersonFields(Form):
    """Of one person of the household."""

    name = StringField(
        _l("Name, or the name they go by"),
        filters=[clean_line],
        validators=[Optional(), Length(max=NAME_LENGTH, message=TOO_LONG)],
    )
    born = StringField(
        _l("Born"),
        filters=[clean_line],
        validators=[Optional(), Length(max=10, message=TOO_LONG)],
    )
    gender = SelectField(_l("Gender"), default=Gender.UNTOLD.value, validators=[Optional()])
    no_steps = BooleanField(_l("Cannot climb steps"))
    known = HiddenField()
    """The resident they are, where they came along before."""

    def offer(self) -> None:
        offered = dict(choices_of(Gender))
        self.gender.choices = [(each.value, offered[each.value]) for each in GENDERS]

    @property
    def is_filled(self) -> bool:
        return bool(self.name.data or self.born.data or self.no_steps.data)

    def check(self, today: date) -> bool:
        """A sentence beside what nobody can mean."""
        if not self.name.data:
            _say(self.name, NameMissing.sentence)
        try:
            year, day = read_birth(self.born.data or "")
        except ValueError:
            _say(self.born, BirthUnknown.sentence)
            return False
        if year is not None and (year > today.year or (day is not None and day > today)):
            _say(self.born, BornLater.sentence)
        if year is not None and year < today.year - OLDEST:
            _say(self.born, BornLongAgo.sentence)
        return not self.errors

    def to_person(self, account: UUID | None = None) -> NewPerson:
        year, day = read_birth(self.born.data or "")
        return NewPerson(
            self.name.data or "",
            Gender(self.gender.data or Gender.UNTOLD.value),
            year,
            day,
            bool(self.no_steps.data),
            _id(self.known.data),
            account,
        )


def _say(field: Any, sentence: str, **values: object) -> None:
    field.errors = [*field.errors, gettext(sentence, **values)]


def _id(typed: str | None) -> UUID | None:
    try:
        return UUID(typed or "")
    except ValueError:
        return None


class RequestForm(FlaskForm):
    people = FieldList(FormField(PersonFields), label=_l("Who comes along"), min_entries=1)
    contact = StringField(
        _l("The phone or e-mail they sign in with"),
        filters=[clean_line],
        validators=[Optional(), Length(max=254, message=TOO_LONG)],
    )
    language = SelectField(_l("Language they read"), validators=[CHOSEN])
    urgency = RadioField(_l("How soon"), validators=[CHOSEN])
    wanted_from = DateField(_l("From which day"), validators=[InputRequired(message=CHOOSE_DAY)])
    wanted_until = DateField(_l("Until which day"), validators=[Optional()])
    needs = SelectMultipleField(_l("What they need"), option_widget=CheckboxInput())
    criteria = SelectMultipleField(_l("Why it is urgent"), option_widget=CheckboxInput())
    words = TextAreaField(
        _l("What else matters"),
        filters=[clean_text],
        validators=[Optional(), Length(max=WORDS_LENGTH, message=TOO_LONG)],
    )
    sent = SentField()

    def offer(self, today: date, language: str) -> None:
        self.today = today
        self.language.choices = language_choices()
        self.urgency.choices = choices_of(Urgency)
        self.needs.choices = choices_of(Need)
        self.criteria.choices = choices_of(Criterion)
        if not self.language.data:
            self.language.data = language
        if not self.is_submitted() and self.wanted_from.data is None:
            self.wanted_from.data = today
        self._offer_people()

    def _offer_people(self) -> None:
        for row in self.people:
            row.form.offer()

    def fill(self, people: Sequence[Known]) -> None:
        """With who is known already."""
        while self.people.entries:
            self.people.pop_entry()
        for each in people[:MOST_PEOPLE]:
            self.people.append_entry(
                {
                    "name": each.name,
                    "born": each.born,
                    "gender": each.gender.value,
                    "no_steps": each.needs_no_steps,
                    "known": str(each.resident_id or ""),
                }
            )
        self._offer_people()

    def make_room(self) -> None:
        """For one more person."""
        if len(self.people.entries) >= MOST_PEOPLE:
            self.form_errors.append(gettext(TooManyPeople.sentence, most=MOST_PEOPLE))
            return
        self.people.append_entry()
        self._offer_people()

    def validate(self, extra_validators: Any = None) -> bool:
        is_well = bool(super().validate(extra_validators))
        rows = [row.form for row in self.people if row.form.is_filled or row is self.people[0]]
        if len(rows) > MOST_PEOPLE:
            self.form_errors.append(gettext(TooManyPeople.sentence, most=MOST_PEOPLE))
            is_well = False
        for form in rows:
            is_well = form.check(self.today) and is_well
        first, until = self.wanted_from.data, self.wanted_until.data
        if first is not None and until is not None and until <= first:
            _say(self.wanted_until, WantedBackwards.sentence)
            is_well = False
        return is_well

    def to_request(
        self, municipality_id: UUID, case_id: UUID | None, account: UUID | None
    ) -> NewRequest:
        rows = [row.form for row in self.people if row.form.is_filled or row is self.people[0]]
        people = [form.to_person() for form in rows]
        people[0] = rows[0].to_person(account)
        return NewRequest(
            municipality_id,
            people,
            self.language.data,
            Urgency(self.urgency.data),
            self.wanted_from.data or self.today,
            self.wanted_until.data,
            [Need(each) for each in self.needs.data or ()],
            [Criterion(each) for each in self.criteria.data or ()],
            self.words.data or "",
            case_id=case_id,
            id=self.sent.to_id(),
        )


class MemberForm(FlaskForm, PersonFields):
    """One more person of a household that waits."""

    def check_today(self, today: date) -> bool:
        return bool(self.validate()) and self.check(today)


class PriorityForm(FlaskForm):
    criteria = SelectMultipleField(_l("Why it is urgent"), option_widget=CheckboxInput())
    why = TextAreaField(
        _l("Why it changes"),
        filters=[clean_text],
        validators=[Optional(), Length(max=WORDS_LENGTH, message=TOO_LONG)],
    )

    def offer(self) -> None:
        self.criteria.choices = choices_of(Criterion)

    def chosen(self) -> list[Criterion]:
        return [Criterion(each) for each in self.criteria.data or ()]


class MarkForm(FlaskForm):
    what = SelectField(_l("What happened"), validators=[CHOSEN])
    day = DateField(_l("On which day"), validators=[InputRequired(message=CHOOSE_DAY)])

    def offer(self) -> None:
        self.what.choices = [
            (Mark.DEPARTED.value, gettext("Left the city")),
            (Mark.DIED.value, gettext("Has died")),
            (Mark.BACK.value, gettext("Is back, or it was a mistake")),
        ]


class NightsForm(FlaskForm):
    """For which days beds are looked for; its answers stand in the address, so nobody is named."""

    class Meta:
        csrf = False

    first = DateField(_l("From which day"), validators=[Optional()])
    until = DateField(_l("Until which day"), validators=[Optional()])


class AnswerForm(FlaskForm):
    answer = RadioField(_l("Their answer"), validators=[CHOSEN])
    reason = SelectField(_l("Why not"), validators=[Optional()])
    words = TextAreaField(
        _l("In their words"),
        filters=[clean_text],
        validators=[Optional(), Length(max=WORDS_LENGTH, message=TOO_LONG)],
    )

    def offer(self) -> None:
        self.answer.choices = [("yes", gettext("Yes")), ("no", gettext("No"))]
        self.reason.choices = [("", gettext("Not said")), *choices_of(RefusedFor)]

    @property
    def is_yes(self) -> bool:
        return bool(self.answer.data == "yes")

    @property
    def refused_for(self) -> RefusedFor:
        return RefusedFor(self.reason.data or RefusedFor.OTHER.value)
