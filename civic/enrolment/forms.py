from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from civic.accounts.forms import NameField, SpokenLanguagesField, YearField, page_languages
from civic.enrolment.errors import AnswerMissing, GuardianNameMissing
from civic.enrolment.obstacles import ANSWER_LENGTH, ASKED_WORDS_LENGTH
from civic.enrolment.rules import BASIS_WORDS, LegalBasis
from civic.web.fields import clean_line, clean_text
from civic.web.words import language_choices

MESSAGE_LENGTH = 1000
CONFIRMED_ONLY, WITH_WAITING = "confirmed", "with_waiting"
"""Who gets an announcement."""


def basis_choices() -> list[tuple[str, str]]:
    return [(basis.value, _(BASIS_WORDS[basis])) for basis in LegalBasis]


class ConsentForm(FlaskForm):
    guardian_name = StringField(
        _l("Name of the guardian"),
        [
            DataRequired(_l(GuardianNameMissing.sentence)),
            Length(max=160, message=_l("This is too long: at most %(max)d letters.")),
        ],
        filters=[clean_line],
    )


class AskForm(FlaskForm):
    """A request to join: the person's own words, if they like."""

    words = TextAreaField(
        _l("A few words about you"),
        [Length(max=ASKED_WORDS_LENGTH, message=_l("This is too long: at most %(max)d letters."))],
        filters=[clean_text],
    )


class AnswerForm(FlaskForm):
    """Not now, and why."""

    reason = TextAreaField(
        _l("Why not now"),
        [
            DataRequired(_l(AnswerMissing.sentence)),
            Length(max=ANSWER_LENGTH, message=_l("This is too long: at most %(max)d letters.")),
        ],
        filters=[clean_text],
    )


class BasisForm(FlaskForm):
    """On what ground somebody takes part; for officers alone."""

    basis = SelectField(_l("Takes part as"), choices=basis_choices)


class DeskForm(FlaskForm):
    """Writing somebody into a project at the desk; the choices follow from the project."""

    session = RadioField(_l("Date"))
    basis = SelectField(_l("Takes part as"), choices=basis_choices)


class WriteInForm(FlaskForm):
    """Somebody new at the desk: only what a person can be expected to have."""

    name = NameField(_l("The name they go by"))
    birth_year = YearField(_l("Year of birth"), [Optional()])
    languages = SpokenLanguagesField(_l("Languages they speak"))
    page_language = SelectField(_l("Language of our messages"), choices=page_languages)
    contact = StringField(
        _l("Phone number or e-mail"),
        [Optional(), Length(max=254, message=_l("This is too long: at most %(max)d letters."))],
        filters=[clean_line],
    )
    agreed = BooleanField(
        _l("I told them what we keep, and they agree"),
        [InputRequired(_l("Without their agreement we may keep nothing and cannot go on."))],
    )


class BirthYearForm(FlaskForm):
    birth_year = YearField(
        _l("Year of birth"), [InputRequired(_l("Write the year with four digits, like 1990."))]
    )


class AnnouncementForm(FlaskForm):
    """Words to all who come to a session. The page made the id, so that two taps send once."""

    announcement_id = HiddenField()
    words = TextAreaField(
        _l("Your message"),
        [
            DataRequired(_l("Write what they should know.")),
            Length(max=MESSAGE_LENGTH, message=_l("This is too long: at most %(max)d letters.")),
        ],
        filters=[clean_text],
    )
    language = SelectField(_l("The language you write in"), [InputRequired()])
    audience = RadioField(_l("Who gets it"), [InputRequired(_l("Choose who gets it."))])

    def __init__(self, choices: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.language.choices = language_choices()
        self.audience.choices = choices

    @property
    def is_with_waiting(self) -> bool:
        return bool(self.audience.data == WITH_WAITING)
