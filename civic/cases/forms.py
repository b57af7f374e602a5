from typing import Any
from uuid import UUID

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from civic.cases.operations.queue import NewTicket
from civic.cases.rules import COUNTER_LENGTH, REASON_NAMES, Reason
from civic.web.fields import SentField, clean_line
from civic.web.words import language_choices


class TicketForm(FlaskForm):
    language = SelectField(
        _l("Language they want"), validators=[InputRequired(message=_l("Choose a language."))]
    )
    reason = RadioField(
        _l("What they come for"), validators=[InputRequired(message=_l("Choose what it is about."))]
    )
    sent = SentField()

    def offer(self, language: str) -> None:
        self.language.choices = language_choices()
        self.reason.choices = [(each.value, gettext(name)) for each, name in REASON_NAMES.items()]
        if not self.language.data:
            self.language.data = language

    def to_ticket(self, municipality_id: UUID) -> NewTicket:
        return NewTicket(
            municipality_id, self.language.data, Reason(self.reason.data), self.sent.to_id()
        )


class CallForm(FlaskForm):
    counter = StringField(
        _l("Where they come to"),
        filters=[clean_line],
        validators=[
            InputRequired(message=_l("Write where they come to, for example: desk 2.")),
            Length(max=COUNTER_LENGTH, message=_l("Write it in at most %(max)d letters.")),
        ],
    )
    language = SelectField(_l("Only who wants this language"), validators=[Optional()])

    def offer(self) -> None:
        anybody: tuple[Any, Any] = ("", gettext("Whoever is next"))
        self.language.choices = [anybody, *language_choices()]
