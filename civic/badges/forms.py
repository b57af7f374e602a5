from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    FileField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput

from civic.badges.credentials.baking import MOST_BYTES
from civic.badges.errors import ReviewReasonMissing
from civic.badges.rules import ALT_LENGTH, LIVES, MOST_KEPT, Rating, Rule
from civic.catalogue.forms.fields import CalendarDayField, WholeNumberField
from civic.catalogue.rules import Area
from civic.catalogue.words import area_name
from civic.kernel.i18n import LANGUAGES, N_
from civic.web.fields import clean_line, clean_text

REASON_LENGTH = 300
NAME_LENGTH, WORDS_LENGTH = 80, 600
MOST_HOURS = 2000
TOO_LONG = _l("This is too long: at most %(max)d letters.")
UNSEEN = ""
RATING_WORDS = {
    Rating.OBSERVED: N_("I saw it"),
    Rating.WITH_HELP: N_("They do it with some help"),
    Rating.ALONE: N_("They do it alone"),
}


class ConfirmForm(FlaskForm):
    """How the assessor saw each skill of a badge: a field for each, made by `confirm_form`."""

    skills: Mapping[str, Any]

    @property
    def ratings(self) -> dict[str, Rating]:
        """Of the skills that were seen."""
        return {skill: Rating(field.data) for skill, field in self.skills.items() if field.data}


def _ratings() -> list[tuple[str, str]]:
    seen = [(rating.value, _(words)) for rating, words in RATING_WORDS.items()]
    return [(UNSEEN, _("I did not see it")), *seen]


def _least() -> list[tuple[str, str]]:
    asked = [(rating.value, _(words)) for rating, words in RATING_WORDS.items()]
    return [(UNSEEN, _("As the assessor decides")), *asked]


def _languages() -> list[tuple[str, str]]:
    return [(language.tag, language.endonym) for language in LANGUAGES]


def _areas() -> list[tuple[str, str]]:
    return [("", _("Any area")), *((area.value, area_name(area)) for area in Area)]


def _levels() -> list[tuple[int, str]]:
    return [(level, str(level)) for level in (1, 2, 3)]


def _lives() -> list[tuple[int, str]]:
    return [(days, ngettext("%(num)d day", "%(num)d days", days)) for days in LIVES]


def within(least: int, most: int) -> NumberRange:
    words = _l("Write a number from %(min)s to %(max)s.")
    return NumberRange(least, most, message=words)


def confirm_form(
    skills: Iterable[tuple[str, str]], expected: Mapping[str, Rating], prefix: str, *, typed: bool
) -> ConfirmForm:
    """For skills by id and name. What the rule asks for is chosen to begin with."""
    skills = list(skills)
    fields = {
        f"skill{number}": SelectField(
            name, choices=_ratings, default=expected.get(skill, Rating.OBSERVED).value
        )
        for number, (skill, name) in enumerate(skills)
    }
    made: type[ConfirmForm] = type("ConfirmForm", (ConfirmForm,), fields)
    form = made(prefix=prefix) if typed else made(formdata=None, prefix=prefix)
    form.skills = {skill: form[f"skill{number}"] for number, (skill, _name) in enumerate(skills)}
    return form


class ReviewForm(FlaskForm):
    reason = TextAreaField(
        _l("Why"),
        [
            DataRequired(_l(ReviewReasonMissing.sentence)),
            Length(max=REASON_LENGTH, message=TOO_LONG),
        ],
        filters=[clean_text],
    )


class AskedForForm(FlaskForm):
    """Badges that people show before they join a project."""

    badges = SelectMultipleField(_l("Badges to have first"), option_widget=CheckboxInput())


class DefineForm(FlaskForm):
    """A badge of a city or an association."""

    place = SelectField(_l("Whose badge it is"))
    name = StringField(
        _l("Name"),
        [DataRequired(_l("Give it a name.")), Length(max=NAME_LENGTH, message=TOO_LONG)],
        filters=[clean_line],
    )
    language = SelectField(_l("Language of these words"), choices=_languages)
    description = TextAreaField(
        _l("What it stands for"),
        [Length(max=WORDS_LENGTH, message=TOO_LONG)],
        filters=[clean_text],
    )
    criteria = TextAreaField(
        _l("What it takes, in plain words"),
        [
            DataRequired(_l("Write what it takes, so that everybody understands it.")),
            Length(max=WORDS_LENGTH, message=TOO_LONG),
        ],
        filters=[clean_text],
    )
    area = SelectField(_l("Area"), choices=_areas)
    level = SelectField(_l("Level"), choices=_levels, coerce=int)
    hours = WholeNumberField(_l("Hours at least"), [within(0, MOST_HOURS)], default=12)
    sessions = WholeNumberField(_l("Sessions at least"), [within(1, 500)], default=4)
    months = WholeNumberField(_l("In how many different months"), [within(0, 60)], default=0)
    kept = WholeNumberField(
        _l("Of a hundred places taken, how many kept"), [within(0, MOST_KEPT)], default=0
    )
    since = CalendarDayField(_l("Hours from this day on"), [Optional()])
    until = CalendarDayField(_l("Hours up to this day"), [Optional()])
    skills = SelectMultipleField(
        _l("Skills it shows"),
        [DataRequired(_l("Choose at least one skill."))],
        option_widget=CheckboxInput(),
    )
    rating = SelectField(_l("How the assessor must have seen each skill"), choices=_least)
    badges = SelectMultipleField(_l("Badges that come before it"), option_widget=CheckboxInput())
    valid_months = WholeNumberField(
        _l("For how many months it holds"), [Optional(), within(1, 120)]
    )

    def rule(self, association_id: UUID | None) -> Rule:
        skills, least = self.skills.data or [], self.rating.data
        return Rule(
            minutes=(self.hours.data or 0) * 60,
            sessions=self.sessions.data or 0,
            area=Area(self.area.data) if self.area.data else None,
            association_id=association_id,
            since=self.since.data,
            until=self.until.data,
            months=self.months.data or 0,
            kept=self.kept.data or 0,
            badges=tuple(sorted(self.badges.data or [])),
            ratings=tuple((skill, Rating(least)) for skill in sorted(skills)) if least else (),
        )


class PictureForm(FlaskForm):
    """The picture of a badge of a city or an association."""

    file = FileField(_l("Picture"))
    alt = StringField(
        _l("What can be seen on it"),
        [
            DataRequired(_l("Say in a few words what can be seen on the picture.")),
            Length(max=ALT_LENGTH, message=TOO_LONG),
        ],
        filters=[clean_line],
    )


class CheckForm(FlaskForm):
    """A badge that somebody shows."""

    file = FileField(_l("File of the badge"))
    text = TextAreaField(_l("Or the text of the badge"), [Length(max=MOST_BYTES)])


class ShareForm(FlaskForm):
    """What a link shows, to whom and for how long."""

    for_whom = StringField(
        _l("For whom (only you read this)"),
        [Length(max=NAME_LENGTH, message=TOO_LONG)],
        filters=[clean_line],
    )
    shows_skills = BooleanField(_l("The skills"), default=True)
    shows_hours = BooleanField(_l("The hours"))
    shows_place = BooleanField(_l("The association and the city"))
    shows_endorsement = BooleanField(
        _l("How the assessor saw each skill, signed by the association (it names the association)")
    )
    shown_name = StringField(
        _l("A name, as you want to be called"),
        [Length(max=NAME_LENGTH, message=TOO_LONG)],
        filters=[clean_line],
    )
    days = RadioField(_l("For how long"), choices=_lives, coerce=int, default=30)
