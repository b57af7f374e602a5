from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, StringField, TextAreaField
from wtforms.validators import AnyOf, DataRequired, Length, ValidationError

from civic.accounts.rules import plain_digits
from civic.signatures.errors import NothingDrawn
from civic.signatures.in_person import Shown
from civic.signatures.rules import IN_PERSON, Means
from civic.web.fields import clean_text

LONGEST_DIGITS = 20
LONGEST_DRAWING = 60_000
LONGEST_REASON = 300


def _digits(typed: Any) -> Any:
    return plain_digits(typed[:LONGEST_DIGITS]) if isinstance(typed, str) else typed


class PersonSignsForm(FlaskForm):
    """Sent by one of three small forms: which one, `means` says; the fields of the others are empty."""

    means = HiddenField(
        validators=[
            AnyOf([means.value for means in IN_PERSON], message=_l("Choose how you sign.")),
        ]
    )
    pin = PasswordField(_l("Your PIN"), filters=[_digits])
    code = StringField(_l("The six digits that we sent"), filters=[_digits])
    drawing = HiddenField()

    def validate_pin(self, field: PasswordField) -> None:
        if self.means.data == Means.PIN and not field.data:
            raise ValidationError(str(_l("Type the PIN of your card.")))

    def validate_code(self, field: StringField) -> None:
        if self.means.data == Means.CODE and not field.data:
            raise ValidationError(str(_l("Type the six digits.")))

    def validate_drawing(self, field: HiddenField) -> None:
        if self.means.data == Means.DRAWN and (not field.data or len(field.data) > LONGEST_DRAWING):
            raise ValidationError(str(_l(NothingDrawn.sentence)))

    def to_shown(self) -> Shown:
        return Shown(
            Means(self.means.data or Means.DRAWN),
            pin=self.pin.data or "",
            code=self.code.data or "",
            drawing=self.drawing.data or "",
        )


class SetAsideForm(FlaskForm):
    reason = TextAreaField(
        _l("Why it is set aside"),
        filters=[clean_text],
        validators=[
            DataRequired(message=_l("Write in a few words why.")),
            Length(max=LONGEST_REASON, message=_l("Write it in at most %(max)d letters.")),
        ],
    )
