from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    IntegerField,
    PasswordField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import InputRequired, Length, ValidationError
from wtforms.widgets import CheckboxInput

from civic.accounts import passwords
from civic.accounts.rules import (
    CODE_DIGITS,
    COMMON_LANGUAGES,
    NAME_LENGTH,
    SECOND_FACTOR_DIGITS,
    SLOTS,
    is_name,
    plain_digits,
)
from civic.accounts.words import slot_name
from civic.kernel.i18n import LANGUAGES
from civic.web.fields import clean_line
from civic.web.words import language_choices


def page_languages() -> list[tuple[str, str]]:
    return [(language.tag, language.endonym) for language in LANGUAGES]


def _slot(text: Any) -> int:
    """-1, which is no part of the week, for what is no number."""
    return int(text) if str(text).isdecimal() else -1


class YearField(IntegerField):
    def process_formdata(self, valuelist: list[Any]) -> None:
        if not valuelist or not str(valuelist[0]).strip():
            return
        digits = plain_digits(str(valuelist[0]))
        if len(digits) != 4 or not digits.isdecimal():
            raise ValueError(str(_l("Write the year with four digits, like 1990.")))
        self.data = int(digits)


class SpokenLanguagesField(SelectMultipleField):
    """Boxes to tick; what most people here speak stands apart from the rest."""

    option_widget = CheckboxInput()

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, choices=language_choices, **kwargs)

    @property
    def common(self) -> list[Any]:
        return [option for option in self if option.data in COMMON_LANGUAGES]

    @property
    def others(self) -> list[Any]:
        return [option for option in self if option.data not in COMMON_LANGUAGES]


class NameField(StringField):
    def __init__(self, label: Any, **kwargs: Any) -> None:
        missing = _l("Tell us the name you go by. One word is enough.")
        too_long = _l("This name is too long: at most %(length)s letters.", length=NAME_LENGTH)
        super().__init__(
            label,
            [InputRequired(missing), Length(max=NAME_LENGTH, message=too_long)],
            filters=[clean_line],
            **kwargs,
        )

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        if not validation_stopped and not is_name(self.data or ""):
            raise ValidationError(str(_l("Tell us the name you go by. One word is enough.")))


class ContactForm(FlaskForm):
    contact = StringField(
        _l("Phone number or e-mail"),
        [InputRequired(_l("Write your phone number or your e-mail address."))],
        filters=[clean_line],
    )


class CodeForm(FlaskForm):
    code = StringField(
        _l("The six digits we sent you"),
        [InputRequired(_l("Write the six digits that we sent you."))],
        filters=[clean_line],
    )

    def validate_code(self, field: StringField) -> None:
        digits = plain_digits(field.data or "")
        if len(digits) != CODE_DIGITS or not digits.isdecimal():
            raise ValidationError(str(_l("Write the six digits that we sent you.")))
        field.data = digits


class SecondStepForm(FlaskForm):
    code = StringField(
        _l("The six digits on your phone"),
        [InputRequired(_l("Write the six digits that your phone shows."))],
        filters=[clean_line],
    )

    def validate_code(self, field: StringField) -> None:
        digits = plain_digits(field.data or "")
        if len(digits) != SECOND_FACTOR_DIGITS or not digits.isdecimal():
            raise ValidationError(str(_l("Write the six digits that your phone shows.")))
        field.data = digits


class WelcomeForm(FlaskForm):
    name = NameField(_l("The name you go by"))
    birth_year = YearField(
        _l("The year you were born"), [InputRequired(_l("Tell us the year you were born."))]
    )
    languages = SpokenLanguagesField(_l("Languages you speak"))
    agreed = BooleanField(
        _l("I have read this and I agree"),
        [InputRequired(_l("Without your agreement we may keep nothing and cannot go on."))],
    )


class ProfileForm(FlaskForm):
    name = NameField(_l("The name you go by"))
    languages = SpokenLanguagesField(_l("Languages you speak"))
    page_language = SelectField(
        _l("Language of the pages and of our messages"),
        choices=page_languages,
    )


class FreeTimeForm(FlaskForm):
    slots = SelectMultipleField(
        _l("When you usually have time"),
        coerce=_slot,
        validate_choice=False,
        option_widget=CheckboxInput(),
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.slots.choices = [(slot, slot_name(slot)) for slot in SLOTS]

    def validate_slots(self, field: SelectMultipleField) -> None:
        if any(slot not in SLOTS for slot in field.data or ()):
            raise ValidationError(str(_l("We could not read this. Please tick the boxes again.")))


class StaffForm(FlaskForm):
    sign_in_name = StringField(
        _l("Sign-in name"),
        [InputRequired(_l("Write your sign-in name.")), Length(max=254)],
        filters=[clean_line],
    )
    password = PasswordField(
        _l("Password"),
        [InputRequired(_l("Write your password.")), Length(max=passwords.LONGEST)],
    )
