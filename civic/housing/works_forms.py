"""What is typed about works, quotes, checks and closures."""

from collections.abc import Sequence
from datetime import date
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
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput

from civic.housing.money_field import MoneyField
from civic.housing.operations.checks import NewCheck
from civic.housing.operations.quotes import NewQuote
from civic.housing.operations.works import NewWork, Plan
from civic.housing.queries.works import BedChoice, LineChoice
from civic.housing.rules.nights import VoidReason
from civic.housing.rules.stock import CheckKind, FileKind, WorkKind
from civic.housing.rules.works import MOST_MONTHS
from civic.housing.words import choices_of, euro
from civic.kernel.errors import Invalid
from civic.web.fields import SentField, clean_line, clean_text

TOO_LONG = _l("Write it in at most %(max)d letters.")
CHOOSE = _l("Choose one.")
CHOOSE_DAY = _l("Choose a day.")
MONTHS = _l("Write after how many months it comes back: a number from 1 to %(max)d.")


def _day(field: DateField) -> date:
    """Of a field that was validated as filled in."""
    if field.data is None:
        raise Invalid
    return field.data


def bed_choices(beds: Sequence[BedChoice]) -> list[tuple[str, str]]:
    return [(str(bed.id), bed.name) for bed in beds]


class PlanForm(FlaskForm):
    first = DateField(_l("First day of the work"), validators=[Optional()])
    until = DateField(_l("From when on somebody can sleep there again"), validators=[Optional()])
    beds = SelectMultipleField(
        _l("Beds nobody can sleep in meanwhile"),
        option_widget=CheckboxInput(),
        validators=[Optional()],
    )

    def offer_beds(self, beds: Sequence[BedChoice]) -> None:
        self.beds.choices = bed_choices(beds)

    def to_plan(self) -> Plan:
        beds = [UUID(bed_id) for bed_id in self.beds.data or ()]
        return Plan(self.first.data, self.until.data, beds)


class WorkForm(PlanForm):
    kind = SelectField(_l("What kind of work"), validators=[InputRequired(message=CHOOSE)])
    words = TextAreaField(
        _l("What is to be done"),
        filters=[clean_text],
        validators=[
            DataRequired(message=_l("Write what is to be done.")),
            Length(max=2000, message=TOO_LONG),
        ],
    )
    sent = SentField()

    def offer(self, beds: Sequence[BedChoice]) -> None:
        self.offer_beds(beds)
        self.kind.choices = [("", gettext("Choose one.")), *choices_of(WorkKind)]

    def to_work(self) -> NewWork:
        words = self.words.data or ""
        return NewWork(WorkKind(self.kind.data), words, self.to_plan(), self.sent.to_id())


class QuoteForm(FlaskForm):
    firm = StringField(
        _l("Firm"),
        filters=[clean_line],
        validators=[
            DataRequired(message=_l("Write which firm it is.")),
            Length(max=120, message=TOO_LONG),
        ],
    )
    amount = MoneyField(
        _l("What they ask, in euro with VAT"),
        validators=[InputRequired(message=_l("Write how much it is in euro, like 350 or 350,50."))],
    )
    day = DateField(_l("Received on"), validators=[InputRequired(message=CHOOSE_DAY)])
    sent = SentField()

    def to_quote(self) -> NewQuote:
        cents = self.amount.cents
        if cents is None:
            raise Invalid
        return NewQuote(self.firm.data or "", cents, _day(self.day), self.sent.to_id())


class ApproveForm(FlaskForm):
    line = SelectField(
        _l("Which budget line pays"),
        validators=[InputRequired(message=_l("Choose a budget line."))],
    )
    quote = RadioField(_l("Which quote"), validators=[InputRequired(message=_l("Choose a quote."))])

    def offer(self, lines: Sequence[LineChoice], quotes: Sequence[tuple[str, str]]) -> None:
        self.line.choices = [
            ("", gettext("Choose one.")),
            *(
                (
                    str(line.id),
                    gettext("%(line)s: %(left)s left", line=line.name, left=euro(line.left_cents)),
                )
                for line in lines
            ),
        ]
        self.quote.choices = list(quotes)


class DayForm(FlaskForm):
    """When something happened."""

    day = DateField(_l("On which day"), validators=[InputRequired(message=CHOOSE_DAY)])

    @property
    def chosen(self) -> date:
        return _day(self.day)


class InspectionForm(FlaskForm):
    verdict = RadioField(
        _l("What you found"), validators=[InputRequired(message=_l("Choose what you found."))]
    )
    words = TextAreaField(
        _l("In words"),
        filters=[clean_text],
        validators=[Optional(), Length(max=2000, message=TOO_LONG)],
    )

    def offer(self) -> None:
        self.verdict.choices = [
            ("well", gettext("All is well: the beds are free again from tonight on")),
            ("not_well", gettext("Something is not well: the work goes on")),
        ]

    @property
    def is_well(self) -> bool:
        return bool(self.verdict.data == "well")


class RefuseForm(FlaskForm):
    words = TextAreaField(
        _l("Why it is not done"),
        filters=[clean_text],
        validators=[
            DataRequired(message=_l("Write why, so that whoever asked for it can be told.")),
            Length(max=2000, message=TOO_LONG),
        ],
    )


class PhotoForm(FlaskForm):
    kind = RadioField(_l("What it shows"), validators=[InputRequired(message=CHOOSE)])

    def offer(self) -> None:
        self.kind.choices = [
            (FileKind.BEFORE.value, gettext("how it was before the work")),
            (FileKind.AFTER.value, gettext("how it is after the work")),
        ]


class CheckForm(FlaskForm):
    kind = SelectField(_l("What is checked"), validators=[InputRequired(message=CHOOSE)])
    every_months = IntegerField(
        _l("Comes back after how many months"),
        validators=[
            InputRequired(message=_l("Write a number of months.")),
            NumberRange(1, MOST_MONTHS, MONTHS),
        ],
    )
    due_on = DateField(_l("Due on"), validators=[InputRequired(message=CHOOSE_DAY)])

    def offer(self) -> None:
        self.kind.choices = [("", gettext("Choose one.")), *choices_of(CheckKind)]

    def to_check(self) -> NewCheck:
        return NewCheck(CheckKind(self.kind.data), self.every_months.data or 0, _day(self.due_on))


class CheckDayForm(FlaskForm):
    due_on = DateField(_l("Due on"), validators=[InputRequired(message=CHOOSE_DAY)])
    every_months = IntegerField(
        _l("Comes back after how many months"),
        validators=[
            InputRequired(message=_l("Write a number of months.")),
            NumberRange(1, MOST_MONTHS, MONTHS),
        ],
    )

    @property
    def chosen(self) -> date:
        return _day(self.due_on)


class ClosureForm(FlaskForm):
    beds = SelectMultipleField(
        _l("Which beds"),
        option_widget=CheckboxInput(),
        validators=[InputRequired(message=_l("Choose at least one bed."))],
    )
    first = DateField(_l("First night"), validators=[InputRequired(message=CHOOSE_DAY)])
    until = DateField(
        _l("From when on somebody can sleep there again"),
        validators=[InputRequired(message=CHOOSE_DAY)],
    )
    reason = RadioField(_l("Why"), validators=[InputRequired(message=CHOOSE)])

    def offer(self, beds: Sequence[BedChoice]) -> None:
        self.beds.choices = bed_choices(beds)
        self.reason.choices = choices_of(VoidReason)

    @property
    def bed_ids(self) -> list[UUID]:
        return [UUID(bed_id) for bed_id in self.beds.data or ()]

    @property
    def days(self) -> tuple[date, date]:
        return _day(self.first), _day(self.until)
