from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Self, cast
from uuid import UUID

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import (
    AnyOf,
    DataRequired,
    InputRequired,
    Length,
    Optional,
    ValidationError,
)
from wtforms.widgets import CheckboxInput

from civic.catalogue.forms.fields import CalendarDayField
from civic.catalogue.words import skill_choices
from civic.plans.anchors import anchor
from civic.plans.errors import (
    AgreementMissing,
    CityNotYours,
    GoalOfAnotherPlan,
    IntervalUnknown,
    ScoreUnknown,
)
from civic.plans.operations.actions import NewAction
from civic.plans.operations.plans import NewGoal
from civic.plans.operations.reviews import NewReview
from civic.plans.queries.goals import GoalRow
from civic.plans.rules import (
    DOMAIN_NAMES,
    INTERVALS,
    OWED_BY_NAMES,
    SCORES,
    WORDS_LENGTH,
    Domain,
    OwedBy,
)
from civic.tenancy.queries.standings import City
from civic.web.fields import SentField, clean_line, clean_text
from civic.web.words import language_choices

TOO_LONG = _l("Write it in at most %(max)d letters.")
LEFT_OUT = ""


class OpenPlanForm(FlaskForm):
    short_code = StringField(
        _l("Code on the person's pass"),
        filters=[clean_line],
        validators=[
            DataRequired(message=_l("Type the code under the QR of the person's pass.")),
            Length(max=20, message=_l("The code is shorter than that.")),
        ],
    )
    municipality_id = SelectField(
        _l("Municipality"), validators=[InputRequired(message=_l(CityNotYours.sentence))]
    )
    agreed = BooleanField(
        _l("The person agrees to this plan, in front of me"),
        validators=[DataRequired(message=_l(AgreementMissing.sentence))],
    )

    def offer(self, cities: list[City]) -> None:
        """The case worker's cities; with a single one there is nothing to choose."""
        self.municipality_id.choices = [(str(city.id), city.name) for city in cities]
        if len(cities) == 1 and not self.municipality_id.data:
            self.municipality_id.data = str(cities[0].id)
            self.municipality_id.raw_data = [self.municipality_id.data]


class GoalForm(FlaskForm):
    domain = SelectField(
        _l("About"), validators=[InputRequired(message=_l("Choose what the goal is about."))]
    )
    words = TextAreaField(
        _l("The goal, in the person's own words"),
        filters=[clean_text],
        validators=[
            DataRequired(message=_l("Write what the person wants to reach.")),
            Length(max=WORDS_LENGTH, message=TOO_LONG),
        ],
    )
    language = SelectField(
        _l("Language of these words"),
        validators=[InputRequired(message=_l("Choose the language the words are in."))],
    )
    words_it = TextAreaField(
        _l("The same in Italian"),
        filters=[clean_text],
        validators=[Optional(), Length(max=WORDS_LENGTH, message=TOO_LONG)],
    )
    skills = SelectMultipleField(_l("Skills that help towards it"), option_widget=CheckboxInput())
    sent = SentField()

    def offer(self, language: str) -> None:
        self.domain.choices = [
            (domain.value, gettext(name)) for domain, name in DOMAIN_NAMES.items()
        ]
        self.language.choices = language_choices()
        self.skills.choices = skill_choices()
        if not self.language.data:
            self.language.data = language

    def to_request(self) -> NewGoal:
        return NewGoal(
            Domain(self.domain.data),
            self.words.data or "",
            self.language.data,
            tuple(self.skills.data or ()),
            "" if self.language.data == "it" else self.words_it.data or "",
            self.sent.to_id(),
        )


class ActionForm(FlaskForm):
    owed_by = RadioField(
        _l("Who does it"), validators=[InputRequired(message=_l("Choose who does it."))]
    )
    words = TextAreaField(
        _l("What is to be done"),
        filters=[clean_text],
        validators=[
            DataRequired(message=_l("Write what is to be done.")),
            Length(max=WORDS_LENGTH, message=TOO_LONG),
        ],
    )
    language = SelectField(
        _l("Language of these words"),
        validators=[InputRequired(message=_l("Choose the language the words are in."))],
    )
    due_on = CalendarDayField(_l("By which day"), [Optional()])
    goal_id = SelectField(_l("Towards which goal"), validate_choice=False)
    sent = SentField()

    def offer(self, language: str) -> None:
        self.owed_by.choices = [(who.value, gettext(name)) for who, name in OWED_BY_NAMES.items()]
        self.language.choices = language_choices()
        if not self.language.data:
            self.language.data = language

    def offer_goals(self, goals: Iterable[GoalRow]) -> None:
        self.goal_id.choices = [
            (LEFT_OUT, gettext("No goal in particular")),
            *((str(goal.id), _beginning(goal.words)) for goal in goals),
        ]

    def validate_goal_id(self, field: SelectField) -> None:
        """Whose goal it is, the operation asks; here only whether it names one."""
        try:
            UUID(field.data or str(UUID(int=0)))
        except ValueError:
            raise ValidationError(gettext(GoalOfAnotherPlan.sentence)) from None

    def to_request(self) -> NewAction:
        return NewAction(
            OwedBy(self.owed_by.data),
            self.words.data or "",
            self.language.data,
            self.due_on.data,
            UUID(self.goal_id.data) if self.goal_id.data else None,
            self.sent.to_id(),
        )


def _beginning(words: str, length: int = 60) -> str:
    line = " ".join(words.split())
    return line if len(line) <= length else f"{line[: length - 1]}…"


class CompleteForm(FlaskForm):
    note = TextAreaField(
        _l("Note"),
        filters=[clean_text],
        validators=[Optional(), Length(max=WORDS_LENGTH, message=TOO_LONG)],
    )


class ReviewForm(CompleteForm):
    held_on = CalendarDayField(
        _l("Day of the review"), [InputRequired(message=_l("Choose the day of the review."))]
    )
    months = RadioField(
        _l("Next review"),
        choices=lambda: [
            (str(months), ngettext("In %(num)d month", "In %(num)d months", months))
            for months in INTERVALS
        ],
        validators=[
            InputRequired(message=_l(IntervalUnknown.sentence)),
            AnyOf([str(months) for months in INTERVALS], message=_l(IntervalUnknown.sentence)),
        ],
        validate_choice=False,
    )

    def begin_with(self, today: date) -> None:
        if not self.is_submitted():
            self.held_on.data = today

    def to_request(self) -> NewReview:
        """After the form was found right: it demands a day and an interval."""
        held_on = cast("date", self.held_on.data)
        return NewReview(held_on, int(self.months.data), self.note.data or "")


class ScoresForm(FlaskForm):
    """One view of a review: a field for each domain, each of which can be left out."""

    @classmethod
    def holding(cls, scores: Mapping[Domain, int]) -> Self:
        given = {domain.value: str(score) for domain, score in scores.items()}
        return cls(formdata=None, data=given)

    def to_scores(self) -> dict[Domain, int]:
        return {
            domain: int(self[domain.value].data) for domain in Domain if self[domain.value].data
        }


def _steps(domain: Domain) -> Any:
    return lambda: [
        *((str(score), gettext(anchor(domain, score))) for score in SCORES),
        (LEFT_OUT, gettext("I leave this out")),
    ]


for _domain in Domain:
    setattr(
        ScoresForm,
        _domain.value,
        RadioField(
            _l(DOMAIN_NAMES[_domain]),
            choices=_steps(_domain),
            validators=[
                Optional(),
                AnyOf([str(score) for score in SCORES], message=_l(ScoreUnknown.sentence)),
            ],
            validate_choice=False,
        ),
    )
