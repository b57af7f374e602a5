from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length
from wtforms.widgets import CheckboxInput

from civic.catalogue.words import skill_choices
from civic.plans.errors import AgreementMissing, CityNotYours
from civic.plans.operations import NewGoal
from civic.plans.rules import DOMAIN_NAMES, WORDS_LENGTH, Domain
from civic.tenancy.queries.standings import City
from civic.web.fields import clean_line, clean_text
from civic.web.words import language_choices


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
            Length(max=WORDS_LENGTH, message=_l("Write it in at most %(max)d letters.")),
        ],
    )
    language = SelectField(
        _l("Language of these words"),
        validators=[InputRequired(message=_l("Choose the language the words are in."))],
    )
    skills = SelectMultipleField(_l("Skills that help towards it"), option_widget=CheckboxInput())

    def offer(self, language: str) -> None:
        self.domain.choices = [
            (domain.value, gettext(name)) for domain, name in DOMAIN_NAMES.items()
        ]
        self.language.choices = language_choices()
        self.skills.choices = skill_choices()
        if not self.is_submitted():
            self.language.data = language

    def to_request(self) -> NewGoal:
        return NewGoal(
            Domain(self.domain.data),
            self.words.data or "",
            self.language.data,
            tuple(self.skills.data or ()),
        )
