"""What is written down on a case: lines, tasks, alerts, consents, appointments, referrals, the team."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
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
    TimeField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput

from civic.cases.access import CASE_ROLE_NAMES, DATA_NAMES, TEAM_ROLES, CaseRole, Data
from civic.cases.operations.appointments import NewAppointment
from civic.cases.operations.consents import NewConsent
from civic.cases.operations.entries import NewAlert, NewEntry, NewTask
from civic.cases.operations.referrals import NewReferral
from civic.cases.states import ENDING_NAMES, Ending
from civic.cases.vocabulary import (
    ALERT_NAMES,
    INTERVENTIONS,
    PURPOSE_NAMES,
    RECIPIENT_NAMES,
    RELATION_NAMES,
    AlertKind,
    EntryKind,
    Purpose,
    Recipient,
    Relation,
)
from civic.kernel.clock import rome_instant
from civic.kernel.errors import Invalid
from civic.web.fields import SentField, clean_line, clean_text
from civic.web.words import language_choices

TOO_LONG = _l("Write it in at most %(max)d letters.")
CHOOSE_DAY = _l("Choose a day.")
Choices = Sequence[tuple[str, str]]


def named(names: Mapping[Any, str], only: Iterable[Any] | None = None) -> list[tuple[str, str]]:
    wanted = list(names) if only is None else list(only)
    return [(each.value, gettext(names[each])) for each in wanted]


CHOSEN = InputRequired(message=_l("Choose one."))


def kinds_of(writable: Sequence[Data]) -> list[tuple[str, str]]:
    """None is chosen beforehand: by what it belongs to, others may read what is written or may not."""
    kinds = named(DATA_NAMES, [each for each in Data if each in writable])
    return [("", gettext("Choose one.")), *kinds] if kinds else []


def _day(field: DateField) -> date:
    """Of a field that was validated as filled in."""
    if field.data is None:
        raise Invalid
    return field.data


class EntryForm(FlaskForm):
    belongs = SelectField(_l("What it belongs to"), validators=[CHOSEN])
    what = SelectField(_l("What was done"), validators=[Optional()])
    words = TextAreaField(
        _l("What happened"),
        filters=[clean_text],
        validators=[
            DataRequired(message=_l("Write what happened.")),
            Length(max=8000, message=TOO_LONG),
        ],
    )
    on = DateField(_l("On which day"), validators=[Optional()])
    third_parties = StringField(
        _l("Names of other people in these words"),
        filters=[clean_line],
        validators=[Optional(), Length(max=400, message=TOO_LONG)],
    )
    sent = SentField()

    def offer(self, writable: Sequence[Data]) -> None:
        self.belongs.choices = kinds_of(writable)
        offered = [
            (gettext(DATA_NAMES[data]), [(code, gettext(name)) for code, name in codes.items()])
            for data, codes in INTERVENTIONS.items()
            if data in writable
        ]
        self.what.choices = {
            gettext("Without an intervention"): [("", gettext("A note"))],
            **dict(offered),
        }

    def to_entry(self, now: datetime) -> NewEntry:
        data = Data(self.belongs.data)
        code = self.what.data or ""
        for belongs_to, codes in INTERVENTIONS.items():
            if code in codes:
                data = belongs_to
        happened = now if self.on.data is None else min(rome_instant(self.on.data, time(12)), now)
        others = self.third_parties.data or ""
        words = {
            "words": self.words.data or "",
            **({"code": code} if code else {}),
            **({"third_parties": others} if others else {}),
        }
        kind = EntryKind.INTERVENTION if code else EntryKind.NOTE
        return NewEntry(data, kind, words, happened, None, self.sent.to_id())


class TaskForm(FlaskForm):
    words = StringField(
        _l("What is to do"),
        filters=[clean_line],
        validators=[
            DataRequired(message=_l("Write what is to do.")),
            Length(max=300, message=TOO_LONG),
        ],
    )
    due_on = DateField(_l("By when"), validators=[Optional()])
    owner = SelectField(_l("Who does it"), validators=[Optional()])
    is_agreed = BooleanField(_l("The person was asked and said yes"))
    sent = SentField()

    def offer(self, team: Choices) -> None:
        self.owner.choices = [("", gettext("The person themselves")), *team]

    def to_task(self, language: str) -> NewTask:
        owner = UUID(self.owner.data) if self.owner.data else None
        return NewTask(
            self.words.data or "",
            self.due_on.data,
            owner,
            bool(self.is_agreed.data),
            language,
            self.sent.to_id(),
        )


class AlertForm(FlaskForm):
    belongs = SelectField(_l("What it belongs to"), validators=[CHOSEN])
    kind = RadioField(_l("Kind"), validators=[InputRequired(message=_l("Choose one."))])
    words = StringField(
        _l("What to keep in mind"),
        filters=[clean_line],
        validators=[
            DataRequired(message=_l("Write what to keep in mind.")),
            Length(max=300, message=TOO_LONG),
        ],
    )
    expires_on = DateField(_l("Show it until"), validators=[InputRequired(message=CHOOSE_DAY)])

    def offer(self, writable: Sequence[Data]) -> None:
        self.belongs.choices = kinds_of(writable)
        self.kind.choices = named(ALERT_NAMES, (AlertKind.DANGER, AlertKind.OTHER))

    def to_alert(self) -> NewAlert:
        return NewAlert(
            Data(self.belongs.data),
            AlertKind(self.kind.data),
            self.words.data or "",
            _day(self.expires_on),
        )


class ConsentForm(FlaskForm):
    purpose = RadioField(
        _l("What they say yes to"), validators=[InputRequired(message=_l("Choose one."))]
    )
    recipient = SelectField(_l("Who may know it"), validators=[InputRequired()])
    city = SelectField(_l("Which city, if it is another one"), validators=[Optional()])
    language = SelectField(_l("Explained in"), validators=[InputRequired()])
    with_mediator = BooleanField(_l("A mediator was there"))
    given_on = DateField(_l("On which day"), validators=[InputRequired(message=CHOOSE_DAY)])

    def offer(self, cities: Choices) -> None:
        self.purpose.choices = named(PURPOSE_NAMES)
        self.recipient.choices = named(RECIPIENT_NAMES)
        self.city.choices = [("", gettext("None")), *cities]
        self.language.choices = language_choices()

    def to_consent(self) -> NewConsent:
        return NewConsent(
            Purpose(self.purpose.data),
            Recipient(self.recipient.data),
            _day(self.given_on),
            self.language.data,
            bool(self.with_mediator.data),
            UUID(self.city.data) if self.city.data else None,
        )


class AppointmentForm(FlaskForm):
    day = DateField(_l("Day"), validators=[InputRequired(message=CHOOSE_DAY)])
    hour = TimeField(_l("Hour"), validators=[InputRequired(message=_l("Choose an hour."))])
    minutes = IntegerField(
        _l("Minutes"), default=30, validators=[NumberRange(5, 480, _l("Between 5 and 480."))]
    )
    service = SelectField(_l("Where"), validators=[Optional()])
    about = StringField(
        _l("What it is about"),
        filters=[clean_line],
        validators=[Optional(), Length(max=300, message=TOO_LONG)],
    )
    sent = SentField()

    def offer(self, services: Choices) -> None:
        self.service.choices = [("", gettext("Not said")), *services]

    def to_appointment(self) -> NewAppointment:
        return NewAppointment(
            rome_instant(_day(self.day), self.hour.data or time()),
            self.minutes.data or 30,
            self.about.data or "",
            UUID(self.service.data) if self.service.data else None,
            None,
            self.sent.to_id(),
        )


class ReferralForm(FlaskForm):
    consent = RadioField(
        _l("To whom, as the person agreed"),
        validators=[InputRequired(message=_l("Choose to whom."))],
    )
    carried = SelectMultipleField(_l("What goes along"), option_widget=CheckboxInput())
    service = SelectField(_l("Which service of the city"), validators=[Optional()])
    words = TextAreaField(
        _l("What is asked of them"),
        filters=[clean_text],
        validators=[
            DataRequired(message=_l("Write what is asked of them.")),
            Length(max=2000, message=TOO_LONG),
        ],
    )

    def offer(self, consents: Choices, carried: Choices, services: Choices) -> None:
        self.consent.choices = list(consents)
        self.carried.choices = list(carried)
        self.service.choices = [("", gettext("None")), *services]

    def to_referral(self) -> NewReferral:
        return NewReferral(
            UUID(self.consent.data),
            [Data(each) for each in self.carried.data or ()],
            UUID(self.service.data) if self.service.data else None,
            self.words.data or "",
        )


class TeamForm(FlaskForm):
    role = SelectField(_l("As what"), validators=[InputRequired()])
    person = SelectField(_l("Who"), validators=[InputRequired(message=_l("Choose somebody."))])

    def offer(self, staff: Choices) -> None:
        self.role.choices = named(CASE_ROLE_NAMES, TEAM_ROLES)
        self.person.choices = list(staff)

    @property
    def case_role(self) -> CaseRole:
        return CaseRole(self.role.data)


class MoveForm(FlaskForm):
    ending = SelectField(_l("How it ended"), validators=[Optional()])
    why = TextAreaField(
        _l("Why"),
        filters=[clean_text],
        validators=[Optional(), Length(max=2000, message=TOO_LONG)],
    )

    def offer(self) -> None:
        self.ending.choices = [("", gettext("Choose one.")), *named(ENDING_NAMES)]

    @property
    def chosen(self) -> Ending | None:
        return Ending(self.ending.data) if self.ending.data else None


class MemberForm(FlaskForm):
    reference = StringField(
        _l("Reference of the other file"),
        filters=[clean_line],
        validators=[DataRequired(message=_l("Write the reference of the other file."))],
    )
    relation = SelectField(_l("What they are to this person"), validators=[InputRequired()])

    def offer(self) -> None:
        self.relation.choices = named(
            RELATION_NAMES, [each for each in Relation if each is not Relation.SELF]
        )


class DocumentForm(FlaskForm):
    title = StringField(
        _l("What paper it is"),
        filters=[clean_line],
        validators=[
            DataRequired(message=_l("Write what paper it is.")),
            Length(max=120, message=TOO_LONG),
        ],
    )
    belongs = SelectField(_l("What it belongs to"), validators=[CHOSEN])

    def offer(self, writable: Sequence[Data]) -> None:
        self.belongs.choices = kinds_of(writable)


class ReasonForm(FlaskForm):
    reason = TextAreaField(
        _l("Why you must open it now"),
        filters=[clean_text],
        validators=[
            DataRequired(message=_l("Write why, in a sentence that your colleagues will read.")),
            Length(max=1000, message=TOO_LONG),
        ],
    )


class AccountForm(FlaskForm):
    contact = StringField(
        _l("The phone or e-mail they sign in with"),
        filters=[clean_line],
        validators=[DataRequired(message=_l("Write the phone or e-mail they sign in with."))],
    )


class KnownForm(FlaskForm):
    given = StringField(_l("First name"), filters=[clean_line], validators=[Length(max=80)])
    family = StringField(_l("Surname"), filters=[clean_line], validators=[Length(max=80)])
    born = StringField(_l("Born"), filters=[clean_line], validators=[Length(max=10)])
    phone = StringField(_l("Phone"), filters=[clean_line], validators=[Length(max=30)])
    fiscal_code = StringField(_l("Fiscal code"), filters=[clean_line], validators=[Length(max=20)])
    permit = StringField(
        _l("Number of the permit"), filters=[clean_line], validators=[Length(max=30)]
    )

    def to_facts(self) -> dict[str, str]:
        return {
            name: self[name].data or ""
            for name in ("given", "family", "born", "phone", "fiscal_code", "permit")
        }
