from datetime import date
from typing import Any, cast
from uuid import UUID

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
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
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput

from civic.badges.rules import Rating
from civic.catalogue.forms.fields import CalendarDayField, SkillsField, WholeNumberField
from civic.catalogue.words import skill_name
from civic.recognition.atlante import SECTORS
from civic.recognition.errors import (
    GoalNotOfPath,
    NobodyChosen,
    NoTutorOfOurs,
    SkillNotOfGoal,
    TooFewHours,
)
from civic.recognition.operations.informing import Told
from civic.recognition.operations.paths import NewGoal, ProjectDraft
from civic.recognition.operations.proofs import NewProof
from civic.recognition.queries.paths import GoalRow
from civic.recognition.queries.people import Participant, Tutor
from civic.recognition.rules import HOW_NAMES, LEAST_HOURS, MOST_HOURS, WORDS_LENGTH, How, Proof
from civic.recognition.words import RATING_NAMES, proof_name, sector_name
from civic.web.fields import SentField, clean_line, clean_text
from civic.web.words import language_choices

TOO_LONG = _l("Write it in at most %(max)d letters.")
TOLD_BY_SOMEBODY = (How.ALONE, How.GROUP)
REASON_LENGTH = 300


class InformationForm(FlaskForm):
    people = SelectMultipleField(
        _l("Who was told"),
        option_widget=CheckboxInput(),
        validators=[InputRequired(message=_l(NobodyChosen.sentence))],
    )
    how = RadioField(_l("How"), validators=[InputRequired(message=_l("Choose how."))])
    language = SelectField(_l("In which language"), validators=[InputRequired()])
    given_on = CalendarDayField(_l("Day"), [InputRequired(message=_l("Choose the day."))])

    def offer(self, people: list[Participant], language: str, today: date) -> None:
        self.people.choices = [
            (str(person.id), person.name) for person in people if not person.is_informed
        ]
        self.how.choices = [(how.value, gettext(HOW_NAMES[how])) for how in TOLD_BY_SOMEBODY]
        self.language.choices = language_choices()
        if not self.is_submitted():
            self.language.data = language
            self.given_on.data = today

    def to_told(self) -> Told:
        return Told(
            [UUID(each) for each in self.people.data or ()],
            How(self.how.data),
            self.language.data,
            cast("date", self.given_on.data),
        )


class ProjectForm(FlaskForm):
    tutor = SelectField(_l("Tutor"), validators=[InputRequired(message=_l(NoTutorOfOurs.sentence))])
    hours = WholeNumberField(
        _l("Hours"),
        [
            InputRequired(message=_l(TooFewHours.sentence)),
            NumberRange(LEAST_HOURS, MOST_HOURS, message=_l(TooFewHours.sentence)),
        ],
    )
    starts_on = CalendarDayField(_l("First day"), [InputRequired(message=_l("Choose the day."))])
    ends_on = CalendarDayField(_l("Last day"), [InputRequired(message=_l("Choose the day."))])

    def offer(self, tutors: list[Tutor]) -> None:
        self.tutor.choices = [(str(tutor.id), tutor.name) for tutor in tutors]

    def to_draft(self) -> ProjectDraft:
        return ProjectDraft(
            UUID(self.tutor.data),
            self.hours.data or 0,
            cast("date", self.starts_on.data),
            cast("date", self.ends_on.data),
        )


class GoalForm(FlaskForm):
    sector = SelectField(
        _l("Sector of the Atlante del lavoro"),
        coerce=int,
        validators=[InputRequired(message=_l("Choose the sector."))],
    )
    words_it = TextAreaField(
        _l("What is to be learnt, in Italian"),
        filters=[clean_text],
        validators=[
            DataRequired(message=_l("Write what is to be learnt.")),
            Length(max=WORDS_LENGTH, message=TOO_LONG),
        ],
    )
    words = TextAreaField(
        _l("The same in the person's language"),
        filters=[clean_text],
        validators=[Optional(), Length(max=WORDS_LENGTH, message=TOO_LONG)],
    )
    language = SelectField(_l("Language of these words"), validators=[Optional()])
    skills = SkillsField(
        _l("Skills"), validators=[InputRequired(message=_l("Choose at least one skill."))]
    )
    sent = SentField()

    def offer(self, language: str) -> None:
        self.sector.choices = [(number, sector_name(number)) for number in SECTORS]
        self.language.choices = language_choices()
        if not self.language.data:
            self.language.data = language

    def to_goal(self) -> NewGoal:
        return NewGoal(
            self.sector.data,
            self.words_it.data or "",
            self.words.data or "",
            self.language.data or "it",
            tuple(self.skills.data or ()),
            self.sent.to_id(),
        )


class ProofForm(FlaskForm):
    """One form for all kinds; `kind` says which fields count."""

    kind = RadioField(
        _l("What it is"), validators=[InputRequired(message=_l("Choose what it is."))]
    )
    goal_id = SelectField(
        _l("Behind which goal"), validators=[InputRequired(message=_l(GoalNotOfPath.sentence))]
    )
    session_id = SelectField(_l("From which session"), validators=[Optional()])
    words = TextAreaField(
        _l("In words"),
        filters=[clean_text],
        validators=[Optional(), Length(max=WORDS_LENGTH, message=TOO_LONG)],
    )
    skill = SelectField(_l("Skill that was seen"), validators=[Optional()])
    rating = SelectField(_l("How it was seen"), validators=[Optional()])
    file = FileField(_l("Photo"))
    agreed = BooleanField(_l("The person agrees to this photo, and may take that back any time."))
    sent = SentField()

    def offer(self, goals: tuple[GoalRow, ...], sessions: list[tuple[str, str]]) -> None:
        self.kind.choices = [(kind.value, proof_name(kind)) for kind in Proof]
        self.goal_id.choices = [(str(goal.id), _beginning(goal.words_it)) for goal in goals]
        self.session_id.choices = [("", gettext("No session in particular")), *sessions]
        skills = dict.fromkeys(skill for goal in goals for skill in goal.skills)
        self.skill.choices = [("", gettext("None")), *((s, skill_name(s)) for s in skills)]
        self.rating.choices = [
            ("", gettext("None")),
            *((rating.value, gettext(name)) for rating, name in RATING_NAMES.items()),
        ]

    def validate(self, extra_validators: Any = None) -> bool:
        is_right = super().validate(extra_validators)
        wants_words = self.kind.data in (Proof.NOTE, Proof.PRODUCT)
        if wants_words and not self.words.data:
            self.words.errors = [gettext("Write it in a few words.")]
            return False
        if self.kind.data == Proof.ASSESSMENT and not (self.skill.data and self.rating.data):
            self.skill.errors = [gettext(SkillNotOfGoal.sentence)]
            return False
        return is_right

    def to_proof(self, stored_as: str) -> NewProof:
        return NewProof(
            kind=Proof(self.kind.data),
            goal_id=UUID(self.goal_id.data),
            session_id=UUID(self.session_id.data) if self.session_id.data else None,
            words=self.words.data or "",
            skill=self.skill.data or "",
            rating=Rating(self.rating.data) if self.rating.data else None,
            stored_as=stored_as,
            is_agreed=bool(self.agreed.data),
            id=self.sent.to_id(),
        )


def _beginning(words: str, length: int = 60) -> str:
    line = " ".join(words.split())
    return line if len(line) <= length else f"{line[: length - 1]}…"


class InterruptForm(FlaskForm):
    reason = StringField(
        _l("Why it ends now"),
        filters=[clean_line],
        validators=[
            DataRequired(message=_l("Write in a few words why.")),
            Length(max=REASON_LENGTH, message=TOO_LONG),
        ],
    )
