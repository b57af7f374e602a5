"""A form for each part of a file, made from what is asked in it."""

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from babel import Locale
from flask_babel import get_locale, gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput

from civic.cases.access import Data
from civic.cases.errors import UnknownBirth
from civic.cases.sections import MANY, SECTIONS, Ask, Field
from civic.web.fields import SentField, clean_line, clean_text
from civic.web.words import language_choices

TOO_LONG = _l("Write it in at most %(max)d letters.")
WORDS_LENGTH = 8000
BIRTH = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


class SectionForm(FlaskForm):
    base = HiddenField(default="0")
    """The version that whoever writes has before them."""
    sent = SentField()

    def offer(self, data: Data) -> None:
        for field in SECTIONS[data].fields:
            offered = _offered(field)
            if offered is not None:
                shown: Any = self[field.name]
                shown.choices = offered

    def values(self, data: Data) -> dict[str, Any]:
        return {
            field.name: list(self[field.name].data or ())
            if field.ask in MANY
            else self[field.name].data or ""
            for field in SECTIONS[data].fields
        }

    @property
    def base_version(self) -> int:
        text = self.base.data or "0"
        return int(text) if text.isdecimal() else 0


@cache
def form_of(data: Data) -> type[SectionForm]:
    made = {field.name: _field(field) for field in SECTIONS[data].fields}
    return type(f"{data.value.title()}Form", (SectionForm,), made)


def filled(data: Data, values: Mapping[str, Any], version: int) -> SectionForm:
    """As the part stands."""
    form = form_of(data)(formdata=None, data={**values, "base": str(version)})
    form.offer(data)
    return form


def _field(field: Field) -> Any:
    label = _l(field.label)
    if field.ask is Ask.TEXT:
        limit = Length(max=WORDS_LENGTH, message=TOO_LONG)
        return TextAreaField(label, filters=[clean_text], validators=[Optional(), limit])
    if field.ask in (Ask.CHOICE, Ask.COUNTRY):
        return SelectField(label, validators=[Optional()])
    if field.ask in MANY:
        return SelectMultipleField(label, option_widget=CheckboxInput(), validators=[Optional()])
    checks: list[Any] = [Optional(), Length(max=field.length, message=TOO_LONG)]
    if field.ask is Ask.BIRTH:
        checks.append(_is_birth)
    if field.ask is Ask.DAY:
        checks.append(_is_day)
    return StringField(label, filters=[clean_line], validators=checks)


def _offered(field: Field) -> list[tuple[str, str]] | None:
    unsaid = ("", gettext("Not said"))
    if field.ask is Ask.CHOICE:
        return [unsaid, *_choices(field)]
    if field.ask is Ask.SEVERAL:
        return _choices(field)
    if field.ask is Ask.LANGUAGES:
        return language_choices()
    return [unsaid, *_countries()] if field.ask is Ask.COUNTRY else None


def _choices(field: Field) -> list[tuple[str, str]]:
    return [(code, gettext(words)) for code, words in (field.choices or {}).items()]


def _countries() -> list[tuple[str, str]]:
    locale: Locale = get_locale() or Locale("it")
    named = [
        (code, str(name))
        for code, name in locale.territories.items()
        if len(code) == 2
        and code.isalpha()
        and code not in ("EU", "EZ", "UN", "ZZ", "XA", "XB", "QO")
    ]
    return [("XX", gettext("Stateless")), *sorted(named, key=lambda pair: pair[1])]


def _is_birth(_form: SectionForm, field: StringField) -> None:
    """A day, a month or a year that can be one; nobody is asked for more than is known."""
    found = BIRTH.fullmatch(field.data or "")
    if found is None:
        raise ValidationError(gettext(UnknownBirth.sentence))
    try:
        date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
    except ValueError:
        raise ValidationError(gettext(UnknownBirth.sentence)) from None


def _is_day(_form: SectionForm, field: StringField) -> None:
    try:
        date.fromisoformat(field.data or "")
    except ValueError:
        raise ValidationError(gettext("Choose a day.")) from None
