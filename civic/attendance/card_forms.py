"""The printed card: its photo, its PIN, and signing in with both."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, FileField, PasswordField, SelectField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from civic.accounts.errors import PinUnusable
from civic.accounts.pins import check_pin
from civic.accounts.rules import PIN_DIGITS, plain_digits
from civic.attendance.rules import is_short_code, read_code
from civic.kernel.errors import Invalid
from civic.tenancy.queries.standings import City
from civic.web.fields import clean_line
from civic.web.words import say

LONGEST_TYPED = 40


class PinField(PasswordField):
    """Six digits of any script, typed unseen and never sent back."""

    def __init__(self, label: Any, missing: Any = None, **kwargs: Any) -> None:
        super().__init__(
            label, [InputRequired(missing or _l(PinUnusable.sentence))], filters=[_digits], **kwargs
        )

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        pin = self.data or ""
        if not validation_stopped and not (len(pin) == PIN_DIGITS and pin.isdecimal()):
            raise ValidationError(str(_l(PinUnusable.sentence)))


def _digits(typed: Any) -> Any:
    return plain_digits(typed[:LONGEST_TYPED]) if isinstance(typed, str) else typed


class NewPinForm(FlaskForm):
    """A PIN typed twice; whoever is here by a PIN types that one first."""

    present = PinField(_l("The PIN you have now"))
    pin = PinField(_l("Your new PIN: six digits"))
    again = PinField(_l("The same six digits again"))

    def __init__(self, *, asks_present: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if not asks_present:
            del self.present

    def validate_pin(self, field: PinField) -> None:
        pin = field.data or ""
        if len(pin) == PIN_DIGITS and pin.isdecimal():
            try:
                check_pin(pin)
            except Invalid as refusal:
                raise ValidationError(say(refusal)) from None

    def validate_again(self, field: PinField) -> None:
        if field.data and field.data != self.pin.data:
            raise ValidationError(str(_l("These are not the same digits. Type them once more.")))


class CardSignInForm(FlaskForm):
    city = SelectField(
        _l("The city on your card"),
        [InputRequired(_l("Choose the city that stands on your card."))],
    )
    code = StringField(
        _l("The code on your card"),
        [
            InputRequired(_l("Type the code that stands on your card.")),
            Length(max=LONGEST_TYPED, message=_l("This is too long for a code.")),
        ],
        filters=[clean_line],
    )
    pin = PinField(_l("Your PIN"))

    def __init__(self, cities: list[City], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        # None is chosen before: on a shared screen nobody would look at it.
        self.city.choices = [("", _("Choose")), *((city.slug, city.name) for city in cities)]
        if len(cities) < 2:
            del self.city

    def validate_code(self, field: StringField) -> None:
        if not is_short_code(read_code(field.data or "")):
            raise ValidationError(str(_l("Six letters and digits, as they stand on your card.")))


class PhotoForm(FlaskForm):
    file = FileField(_l("Photo of their face"))
    agreed = BooleanField(
        _l("They agree to a photo on their pass, and know that it works without one."),
        [InputRequired(_l("Without their agreement there is no photo."))],
    )
