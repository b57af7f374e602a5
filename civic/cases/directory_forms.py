from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput

from civic.accounts.words import weekday_name
from civic.cases.opening import Span, read_spans, say_spans
from civic.cases.operations.directory import Facts
from civic.cases.queries.directory import ServiceRow
from civic.cases.rules import REASON_NAMES, Reason
from civic.kernel.i18n import LANGUAGES
from civic.web.fields import SentField, clean_line, clean_text
from civic.web.words import language_choices

WORDS_LENGTH = 1000
TOO_LONG = _l("Write it in at most %(max)d letters.")
WEEKDAYS = range(7)


class ServiceForm(FlaskForm):
    """Words in each of the pages' languages, of which Italian is needed, and a line for each day."""

    name = StringField(
        _l("Name of the service"),
        filters=[clean_line],
        validators=[
            DataRequired(message=_l("Write what the service is called.")),
            Length(max=120, message=TOO_LONG),
        ],
    )
    reason = SelectField(
        _l("What people come for"),
        validators=[InputRequired(message=_l("Choose what it is about."))],
    )
    address = StringField(
        _l("Where"),
        filters=[clean_line],
        validators=[
            DataRequired(message=_l("Write where it is.")),
            Length(max=200, message=TOO_LONG),
        ],
    )
    phone = StringField(
        _l("Phone"), filters=[clean_line], validators=[Optional(), Length(max=20, message=TOO_LONG)]
    )
    languages = SelectMultipleField(
        _l("Languages spoken there"),
        option_widget=CheckboxInput(),
        validators=[InputRequired(message=_l("Choose at least one language."))],
    )
    closed_on_holidays = BooleanField(_l("Closed on public holidays"))
    sent = SentField()

    def offer(self) -> None:
        self.reason.choices = [(each.value, gettext(name)) for each, name in REASON_NAMES.items()]
        self.languages.choices = language_choices()
        for weekday in WEEKDAYS:
            self[f"day_{weekday}"].label.text = weekday_name(weekday)

    @classmethod
    def holding(cls, row: ServiceRow) -> "ServiceForm":
        data: dict[str, Any] = {
            "name": row.name,
            "reason": row.reason.value,
            "address": row.address,
            "phone": row.phone,
            "languages": list(row.languages),
            "closed_on_holidays": row.closed_on_holidays,
        }
        for language, words in row.texts.items():
            data[f"what_{language}"], data[f"bring_{language}"] = words.what, words.bring
        for weekday in WEEKDAYS:
            data[f"day_{weekday}"] = say_spans([s for s in row.week if s.weekday == weekday])
        return cls(data=data)

    @property
    def days(self) -> list[Any]:
        return [self[f"day_{weekday}"] for weekday in WEEKDAYS]

    def to_facts(self) -> Facts:
        texts = {
            language.tag: (
                self[f"what_{language.tag}"].data or "",
                self[f"bring_{language.tag}"].data or "",
            )
            for language in LANGUAGES
            if self[f"what_{language.tag}"].data
        }
        week = [
            Span(weekday, *span)
            for weekday in WEEKDAYS
            for span in read_spans(self[f"day_{weekday}"].data or "") or ()
        ]
        return Facts(
            name=self.name.data or "",
            reason=Reason(self.reason.data),
            address=self.address.data or "",
            phone=self.phone.data or "",
            languages=tuple(self.languages.data or ()),
            closed_on_holidays=bool(self.closed_on_holidays.data),
            texts=texts,
            week=week,
            id=self.sent.to_id(),
        )


def _is_a_day(_form: ServiceForm, field: StringField) -> None:
    if read_spans(field.data or "") is None:
        raise ValidationError(
            gettext(
                "Write hours like 9:00-12:30, 14:00-17:00, or leave it empty when it is closed."
            )
        )


def _what_is_there(form: ServiceForm, field: TextAreaField) -> None:
    """What to bring is read below what is done there: alone it would be shown to nobody."""
    if not form[field.name.replace("bring_", "what_")].data:
        raise ValidationError(gettext("Write in this language what is done there, too."))


for _language in LANGUAGES:
    _is_needed = _language.tag == "it"
    setattr(
        ServiceForm,
        f"what_{_language.tag}",
        TextAreaField(
            _l("What is done there (%(language)s)", language=_language.endonym),
            filters=[clean_text],
            validators=[
                DataRequired(message=_l("Write what is done there, in Italian."))
                if _is_needed
                else Optional(),
                Length(max=WORDS_LENGTH, message=TOO_LONG),
            ],
        ),
    )
    setattr(
        ServiceForm,
        f"bring_{_language.tag}",
        TextAreaField(
            _l("What to bring (%(language)s)", language=_language.endonym),
            filters=[clean_text],
            validators=[Optional(), Length(max=WORDS_LENGTH, message=TOO_LONG), _what_is_there],
        ),
    )


for _day in WEEKDAYS:
    setattr(
        ServiceForm,
        f"day_{_day}",
        StringField(
            filters=[clean_line],
            validators=[Optional(), Length(max=80, message=TOO_LONG), _is_a_day],
        ),
    )
