"""What is typed about grants and their budget lines."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from civic.housing.dwelling_forms import day_of
from civic.housing.money_field import MoneyField
from civic.housing.offer_forms import AMOUNT, CHOOSE_DAY, TOO_LONG
from civic.housing.operations.grants import GrantFacts, LineFacts
from civic.housing.queries.grants import GrantRow, LineRow
from civic.housing.rules.grants import read_grant_cents
from civic.web.fields import SentField, clean_line


def _line(label: Any, most: int, message: Any) -> StringField:
    return StringField(
        label,
        filters=[clean_line],
        validators=[DataRequired(message=message), Length(max=most, message=TOO_LONG)],
    )


class LineForm(FlaskForm):
    code = _line(_l("Code"), 40, _l("Write the code that stands on the papers."))
    name = _line(_l("What it is for"), 200, _l("Write what the money is for."))
    amount = MoneyField(
        _l("Amount"), read=read_grant_cents, validators=[InputRequired(message=AMOUNT)]
    )
    sent = SentField()

    @classmethod
    def holding(cls, row: LineRow) -> "LineForm":
        return cls(data={"code": row.code, "name": row.name, "amount": row.amount_cents})

    def to_line(self) -> LineFacts:
        return LineFacts(self.code.data or "", self.name.data or "", self.amount.cents or 0)


class GrantForm(LineForm):
    starts_on = DateField(_l("First day"), validators=[InputRequired(message=CHOOSE_DAY)])
    ends_on = DateField(_l("Last day"), validators=[InputRequired(message=CHOOSE_DAY)])

    @classmethod
    def of_grant(cls, row: GrantRow) -> "GrantForm":
        return cls(
            data={
                "code": row.code,
                "name": row.name,
                "amount": row.amount_cents,
                "starts_on": row.starts_on,
                "ends_on": row.ends_on,
            }
        )

    def to_grant(self) -> GrantFacts:
        return GrantFacts(
            self.code.data or "",
            self.name.data or "",
            self.amount.cents or 0,
            day_of(self.starts_on),
            day_of(self.ends_on),
        )
