"""What is written on the page of one goal, and what stands in the way of a plan."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from civic.catalogue.forms.fields import CalendarDayField
from civic.plans.forms import TOO_LONG
from civic.plans.operations.barriers import NewBarrier
from civic.plans.operations.goal_content import NewEvidence, NewMilestone
from civic.plans.rules import (
    BY_HAND,
    DOMAIN_NAMES,
    EVIDENCE_NAMES,
    LEVELS,
    REASON_LENGTH,
    TITLE_LENGTH,
    WORDS_LENGTH,
    Domain,
    EvidenceKind,
)
from civic.web.fields import SentField, clean_line, clean_text
from civic.web.words import language_choices


class ItalianWordsForm(FlaskForm):
    words_it = TextAreaField(
        _l("The same in Italian"),
        filters=[clean_text],
        validators=[
            DataRequired(message=_l("Write the goal in Italian.")),
            Length(max=WORDS_LENGTH, message=TOO_LONG),
        ],
    )


class MilestoneForm(FlaskForm):
    words = TextAreaField(
        _l("The step"),
        filters=[clean_text],
        validators=[
            DataRequired(message=_l("Write which step comes next.")),
            Length(max=WORDS_LENGTH, message=TOO_LONG),
        ],
    )
    language = SelectField(
        _l("Language of these words"),
        validators=[InputRequired(message=_l("Choose the language the words are in."))],
    )
    due_on = CalendarDayField(_l("By which day"), [Optional()])
    sent = SentField()

    def offer(self, language: str) -> None:
        self.language.choices = language_choices()
        if not self.language.data:
            self.language.data = language

    def to_request(self) -> NewMilestone:
        return NewMilestone(
            self.words.data or "", self.language.data, self.due_on.data, self.sent.to_id()
        )


class EvidenceForm(FlaskForm):
    kind = RadioField(
        _l("What it is"), validators=[InputRequired(message=_l("Choose what it is."))]
    )
    title = StringField(
        _l("What stands on it"),
        filters=[clean_line],
        validators=[
            DataRequired(message=_l("Write what the paper is called.")),
            Length(max=TITLE_LENGTH, message=TOO_LONG),
        ],
    )
    level = SelectField(_l("Level of Italian"), validators=[Optional()])
    dated_on = CalendarDayField(_l("Day on the paper"), [Optional()])
    note = TextAreaField(
        _l("Note"),
        filters=[clean_text],
        validators=[Optional(), Length(max=WORDS_LENGTH, message=TOO_LONG)],
    )
    sent = SentField()

    def offer(self) -> None:
        self.kind.choices = [(kind.value, gettext(EVIDENCE_NAMES[kind])) for kind in BY_HAND]
        self.level.choices = [("", gettext("No level")), *((level, level) for level in LEVELS)]

    def to_request(self) -> NewEvidence:
        return NewEvidence(
            EvidenceKind(self.kind.data),
            self.title.data or "",
            self.level.data or "",
            self.dated_on.data,
            self.note.data or "",
            self.sent.to_id(),
        )


class TakeOffForm(FlaskForm):
    reason = StringField(
        _l("Why it is taken off"),
        filters=[clean_line],
        validators=[
            DataRequired(message=_l("Write in a few words why.")),
            Length(max=REASON_LENGTH, message=TOO_LONG),
        ],
    )


class BarrierForm(FlaskForm):
    domain = SelectField(
        _l("About"), validators=[InputRequired(message=_l("Choose what it is about."))]
    )
    words = TextAreaField(
        _l("What stands in the way"),
        filters=[clean_text],
        validators=[
            DataRequired(message=_l("Write what stands in the way.")),
            Length(max=WORDS_LENGTH, message=TOO_LONG),
        ],
    )
    language = SelectField(
        _l("Language of these words"),
        validators=[InputRequired(message=_l("Choose the language the words are in."))],
    )
    sent = SentField()

    def offer(self, language: str) -> None:
        self.domain.choices = [
            (domain.value, gettext(name)) for domain, name in DOMAIN_NAMES.items()
        ]
        self.language.choices = language_choices()
        if not self.language.data:
            self.language.data = language

    def to_request(self) -> NewBarrier:
        return NewBarrier(
            Domain(self.domain.data),
            self.words.data or "",
            self.language.data,
            self.sent.to_id(),
        )
