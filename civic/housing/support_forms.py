"""What is typed about rent support: a decision, a payment, ceilings, the bank's file."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import HiddenField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from civic.catalogue.forms.fields import CalendarDayField, WholeNumberField
from civic.housing.money_field import MoneyField
from civic.housing.operations.payments import NewPayment
from civic.housing.operations.support import NewSupport
from civic.housing.queries.accounts import Account
from civic.housing.queries.support import AboutChoice
from civic.housing.rules.book import PAYER_NAMES
from civic.housing.rules.ledger import Payer
from civic.housing.rules.support import (
    MOST_MONTHS,
    SUPPORT_NAMES,
    WHOLE,
    CeilingOn,
    Curve,
    SupportKind,
)
from civic.housing.support_errors import ShareOutOfRange
from civic.kernel.errors import Invalid
from civic.web.fields import SentField, clean_line, clean_text

TOO_LONG = _l("Write it in at most %(max)d letters.")
CHOOSE = _l("Choose one.")
CHOOSE_DAY = _l("Choose a day.")
AMOUNT = _l("Write how much it is in euro, like 350 or 350,50.")
PERCENT = NumberRange(0, 100, _l("Between 0 and 100."))
MONTHLY, AT_ONCE = "monthly", "at_once"


class SupportForm(FlaskForm):
    kind = SelectField(_l("What it is for"), validators=[InputRequired(message=CHOOSE)])
    about = SelectField(_l("For which home"), validators=[Optional()])
    grant = SelectField(_l("Which grant pays"), validators=[InputRequired(message=CHOOSE)])
    way = RadioField(
        _l("How the amount is meant"),
        default=MONTHLY,
        validators=[InputRequired(message=CHOOSE)],
    )
    amount = MoneyField(_l("Amount"), validators=[InputRequired(message=AMOUNT)])
    months = WholeNumberField(
        _l("How many months or instalments"),
        default=1,
        validators=[
            InputRequired(message=_l("Write how many there are.")),
            NumberRange(1, MOST_MONTHS, _l("Write a number of months from 1 to %(max)s.")),
        ],
    )
    first_due = CalendarDayField(
        _l("First day on which something is due"),
        validators=[InputRequired(message=CHOOSE_DAY)],
    )
    first_share = WholeNumberField(
        _l("The tenant’s part in the first month, in percent"),
        default=0,
        validators=[Optional(), PERCENT],
    )
    last_share = WholeNumberField(
        _l("The tenant’s part in the last month, in percent"),
        default=0,
        validators=[Optional(), PERCENT],
    )
    curve = StringField(
        _l("Or the part of each month, in percent"),
        filters=[clean_line],
        validators=[Optional(), Length(max=800, message=TOO_LONG)],
    )
    seen = HiddenField()
    """The instalments that were shown before: only these are decided."""
    sent = SentField()

    def offer(self, grants: Sequence[tuple[UUID, str]], homes: Sequence[AboutChoice]) -> None:
        self.kind.choices = [(each.value, gettext(SUPPORT_NAMES[each])) for each in SupportKind]
        self.grant.choices = [(str(grant_id), name) for grant_id, name in grants]
        self.about.choices = [
            *((each.key, each.name or gettext("Their own lease")) for each in homes),
            ("", gettext("A flat outside the stock")),
        ]
        self.way.choices = [
            (MONTHLY, gettext("So much each month")),
            (AT_ONCE, gettext("So much in all, in instalments")),
        ]

    def to_support(self, resident_id: UUID, homes: Sequence[AboutChoice]) -> NewSupport:
        """Raises ShareOutOfRange for what is no row of percents."""
        home = next((each for each in homes if each.key == self.about.data), None)
        if self.first_due.data is None or self.amount.cents is None:
            raise Invalid
        return NewSupport(
            resident_id=resident_id,
            grant_id=UUID(self.grant.data),
            kind=SupportKind(self.kind.data),
            amount_cents=self.amount.cents,
            months=self.months.data or 0,
            first_due=self.first_due.data,
            curve=self._curve(),
            is_monthly=self.way.data == MONTHLY,
            placement_id=home.placement_id if home else None,
            lease_id=home.lease_id if home else None,
            id=self.sent.to_id(),
        )

    def _curve(self) -> Curve:
        each_month = (self.curve.data or "").replace("%", " ").replace(",", " ").split()
        try:
            by_month = tuple(int(each) * WHOLE // 100 for each in each_month)
        except ValueError:
            raise ShareOutOfRange from None
        if by_month:
            return Curve(by_month=by_month)
        first, last = self.first_share.data or 0, self.last_share.data or 0
        return Curve(first * WHOLE // 100, last * WHOLE // 100)


class PaymentForm(FlaskForm):
    payer = RadioField(_l("Who paid"), validators=[InputRequired(message=CHOOSE)])
    amount = MoneyField(_l("How much"), validators=[InputRequired(message=AMOUNT)])
    paid_on = CalendarDayField(_l("On which day"), validators=[InputRequired(message=CHOOSE_DAY)])
    sent = SentField()

    def offer(self) -> None:
        self.payer.choices = [(each.value, gettext(name)) for each, name in PAYER_NAMES.items()]

    def to_payment(self) -> NewPayment:
        if self.paid_on.data is None:
            raise Invalid
        return NewPayment(
            Payer(self.payer.data),
            self.amount.cents or 0,
            self.paid_on.data,
            id=self.sent.to_id(),
        )


class CancelForm(FlaskForm):
    reason = TextAreaField(
        _l("Why it is cancelled"),
        filters=[clean_text],
        validators=[
            DataRequired(message=_l("Write in a few words why.")),
            Length(max=1000, message=TOO_LONG),
        ],
    )


class CeilingsForm(FlaskForm):
    person = MoneyField(_l("At most for one person"), validators=[Optional()])
    unit = MoneyField(_l("At most for one flat"), validators=[Optional()])
    grant = MoneyField(_l("At most from one grant"), validators=[Optional()])

    def to_ceilings(self) -> dict[CeilingOn, int | None]:
        """An empty field takes its ceiling away."""
        return {
            CeilingOn.PERSON: self.person.cents,
            CeilingOn.UNIT: self.unit.cents,
            CeilingOn.GRANT: self.grant.cents,
        }


class AccountForm(FlaskForm):
    holder = StringField(
        _l("Whose account it is"),
        filters=[clean_line],
        validators=[
            InputRequired(message=_l("Write whose account it is.")),
            Length(max=120, message=_l("Write it in at most %(max)d letters.")),
        ],
    )
    iban = StringField(
        _l("IBAN"),
        filters=[clean_line],
        validators=[InputRequired(message=_l("Write the account number."))],
    )

    def to_account(self) -> Account:
        return Account(self.holder.data or "", self.iban.data or "")


class BankFileForm(FlaskForm):
    file = FileField(_l("The bank’s file (CAMT.053 or CSV)"))


class CourseForm(FlaskForm):
    project = SelectField(_l("Project"), validators=[InputRequired(message=CHOOSE)])
    sessions = IntegerField(
        _l("How many sessions make the course"),
        validators=[
            InputRequired(message=_l("Write how many there are.")),
            NumberRange(1, 50, _l("Write a number from 1 to 50.")),
        ],
    )

    def offer(self, projects: Sequence[tuple[UUID, str]]) -> None:
        self.project.choices = [
            ("", gettext("Choose one.")),
            *((str(project_id), title) for project_id, title in projects),
        ]


def shown_mark(made: Any) -> str:
    """What stands behind `seen`: the same instalments give the same mark."""
    return "-".join(
        f"{each.due_on:%Y%m%d}.{each.support_cents}.{each.tenant_cents}" for each in made
    )
