"""What an association says of itself, as somebody types it."""

from collections.abc import Sequence
from typing import Any, Self
from uuid import UUID

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from phonenumbers import PhoneNumberFormat
from wtforms import BooleanField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Regexp, ValidationError
from wtforms.widgets import CheckboxInput

from civic.tenancy.errors import NoCityChosen, ReasonMissing
from civic.tenancy.operations.onboarding import AssociationFacts
from civic.tenancy.queries.own import OwnAssociation
from civic.tenancy.queries.standings import City
from civic.tenancy.rules import ABOUT_LENGTH, LEGAL_FORMS, NAME_LENGTH, REASON_LENGTH, LegalForm
from civic.web.fields import clean_line, clean_text

HOME_REGION = "IT"
REGISTER_NUMBER = r"^[0-9A-Za-z][0-9A-Za-z ./-]{0,38}$"


def _too_long() -> Any:
    return _l("This text is too long: at most %(max)d letters.")


class FactsForm(FlaskForm):
    name = StringField(
        _l("Name of the association"),
        filters=[clean_line],
        validators=[
            DataRequired(_l("Write the name of the association.")),
            Length(max=NAME_LENGTH, message=_too_long()),
        ],
    )
    legal_form = SelectField(
        _l("Legal form"), validators=[InputRequired(_l("Choose the legal form."))]
    )
    register_number = StringField(
        _l("Number in the national register (RUNTS)"),
        filters=[clean_line],
        validators=[
            Regexp(
                rf"^$|{REGISTER_NUMBER}",
                message=_l("A register number has digits, letters and dashes."),
            )
        ],
    )
    about = TextAreaField(
        _l("What the association does"),
        filters=[clean_text],
        validators=[Length(max=ABOUT_LENGTH, message=_too_long())],
    )
    email = StringField(_l("E-mail address for everybody to see"), filters=[clean_line])
    phone = StringField(_l("Phone number for everybody to see"), filters=[clean_line])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.legal_form.choices = [
            ("", gettext("Choose")),
            *((form.value, gettext(words)) for form, words in LEGAL_FORMS.items()),
        ]

    @classmethod
    def of(cls, association: OwnAssociation) -> Self:
        return cls(obj=association)

    def validate_email(self, field: StringField) -> None:
        if not field.data:
            return
        try:
            field.data = validate_email(field.data, check_deliverability=False).normalized
        except EmailNotValidError:
            raise ValidationError(
                gettext("This is not an e-mail address. It looks like name@example.org.")
            ) from None

    def validate_phone(self, field: StringField) -> None:
        if not field.data:
            return
        try:
            number = phonenumbers.parse(field.data, HOME_REGION)
        except phonenumbers.NumberParseException:
            number = None
        if number is None or not phonenumbers.is_valid_number(number):
            raise ValidationError(gettext("This phone number does not exist. Check the digits."))
        field.data = phonenumbers.format_number(number, PhoneNumberFormat.E164)

    def facts(self) -> AssociationFacts:
        return AssociationFacts(
            name=self.name.data or "",
            legal_form=LegalForm(self.legal_form.data),
            register_number=self.register_number.data or "",
            about=self.about.data or "",
            email=self.email.data or "",
            phone=self.phone.data or "",
        )


class ApplyForm(FactsForm):
    cities = SelectMultipleField(
        _l("Municipalities where it works"),
        option_widget=CheckboxInput(),
        validators=[InputRequired(_l(NoCityChosen.sentence))],
    )
    speaks_for_it = BooleanField(
        _l("I may speak for this association"),
        validators=[InputRequired(_l("Only somebody who may speak for it can bring it in."))],
    )

    def __init__(self, cities: Sequence[City], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cities.choices = [(str(city.id), city.name) for city in cities]

    def chosen_cities(self) -> list[UUID]:
        return [UUID(each) for each in self.cities.data or ()]


class LogoForm(FlaskForm):
    file = FileField(_l("Picture"))


class DocumentForm(FlaskForm):
    city = SelectField(_l("For which municipality"))
    title = StringField(
        _l("What it is"),
        filters=[clean_line],
        validators=[
            DataRequired(_l("Write what it is, for example: statute.")),
            Length(max=NAME_LENGTH, message=_too_long()),
        ],
    )
    file = FileField(_l("PDF or photo"))

    def __init__(self, association: OwnAssociation, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.city.choices = [
            (str(each.municipality_id), each.municipality_name) for each in association.standings
        ]


class RefusalForm(FlaskForm):
    reason = TextAreaField(
        _l("Why not, and what would change it"),
        filters=[clean_text],
        validators=[
            DataRequired(_l(ReasonMissing.sentence)),
            Length(max=REASON_LENGTH, message=_too_long()),
        ],
    )
