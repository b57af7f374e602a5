"""What an organiser says of a project."""

from collections.abc import Sequence
from typing import Any, Self

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from civic.accounts.forms import SpokenLanguagesField
from civic.accounts.rules import MINIMUM_AGE
from civic.catalogue.forms.fields import SkillsField, WholeNumberField, too_long
from civic.catalogue.forms.places import PlaceForm
from civic.catalogue.operations.projects import NewProject, ProjectContent, ProjectWords
from civic.catalogue.queries.desks import Desk, Draft, Words
from civic.catalogue.queries.projects import ProjectPage
from civic.catalogue.rules import TITLE_LENGTH, WORDS_LENGTH, Area
from civic.catalogue.words import area_name
from civic.kernel.i18n import LANGUAGES
from civic.web.fields import clean_line, clean_text

OLDEST_MINIMUM = 99


class WordsForm(FlaskForm):
    """What a participant reads, in one language."""

    title = StringField(
        _l("Title"),
        filters=[clean_line],
        validators=[
            DataRequired(_l("Give the project a title.")),
            Length(max=TITLE_LENGTH, message=too_long()),
        ],
    )
    what_you_do = TextAreaField(
        _l("What you do there"),
        filters=[clean_text],
        validators=[
            DataRequired(_l("Say what people will do.")),
            Length(max=WORDS_LENGTH, message=too_long()),
        ],
    )
    what_to_bring = TextAreaField(
        _l("What to bring"),
        filters=[clean_text],
        validators=[Length(max=WORDS_LENGTH, message=too_long())],
    )

    def words(self) -> ProjectWords:
        return ProjectWords(
            self.title.data or "", self.what_you_do.data or "", self.what_to_bring.data or ""
        )

    @classmethod
    def showing(cls, words: Words | None) -> Self:
        return cls(obj=words)


class ProjectForm(PlaceForm, WordsForm):
    area = RadioField(_l("Area"), validators=[InputRequired(_l("Choose an area."))])
    languages = SpokenLanguagesField(
        _l("Languages spoken there"),
        validators=[InputRequired(_l("Choose at least one language."))],
    )
    minimum_age = WholeNumberField(
        _l("Minimum age"),
        default=MINIMUM_AGE,
        validators=[
            InputRequired(_l("Write the minimum age.")),
            NumberRange(MINIMUM_AGE, OLDEST_MINIMUM, _l("Write an age from %(min)d to %(max)d.")),
        ],
    )
    skills = SkillsField(_l("Skills people learn"))
    is_wheelchair_accessible = BooleanField(_l("One can come in a wheelchair"))
    needs_no_italian = BooleanField(_l("One needs no Italian"))
    is_occasional = BooleanField(_l("People help now and then only"))
    needs_approval = BooleanField(_l("Each person needs our yes before they join"))
    required_skills = SkillsField(_l("Skills people must show before they join"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.area.choices = [(area.value, area_name(area)) for area in Area]

    def content(self) -> ProjectContent:
        latitude, longitude = self.place() or (None, None)
        return ProjectContent(
            words=self.words(),
            area=Area(self.area.data),
            minimum_age=self.minimum_age.data or MINIMUM_AGE,
            languages=tuple(self.languages.data or ()),
            skills=tuple(self.skills.data or ()),
            district=self.district.data or "",
            latitude=latitude,
            longitude=longitude,
            is_wheelchair_accessible=self.is_wheelchair_accessible.data,
            needs_no_italian=self.needs_no_italian.data,
            is_occasional=self.is_occasional.data,
            needs_approval=self.needs_approval.data,
            required_skills=tuple(self.required_skills.data or ()),
        )

    @classmethod
    def of(cls, draft: Draft, page: ProjectPage) -> Self:
        words = draft.original
        return cls(
            title=words.title,
            what_you_do=words.what_you_do,
            what_to_bring=words.what_to_bring,
            area=page.area.value,
            languages=list(page.languages),
            minimum_age=page.minimum_age,
            skills=list(page.skills),
            district=page.district,
            latitude=page.latitude,
            longitude=page.longitude,
            is_wheelchair_accessible=page.is_wheelchair_accessible,
            needs_no_italian=page.needs_no_italian,
            is_occasional=page.is_occasional,
            needs_approval=page.needs_approval,
            required_skills=list(page.required_skills),
        )


class NewProjectForm(ProjectForm):
    desk = SelectField(_l("Association"), validators=[InputRequired(_l("Choose an association."))])
    language = SelectField(_l("The language you write in"))

    def __init__(self, desks: Sequence[Desk], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._desks = {f"{desk.association_id}:{desk.municipality_id}": desk for desk in desks}
        self.desk.choices = [
            (key, f"{desk.association_name} – {desk.municipality_name}")
            for key, desk in self._desks.items()
        ]
        self.language.choices = [(language.tag, language.endonym) for language in LANGUAGES]

    def new_project(self) -> NewProject:
        desk = self._desks[str(self.desk.data)]
        return NewProject(
            association_id=desk.association_id,
            municipality_id=desk.municipality_id,
            language=str(self.language.data),
            content=self.content(),
        )
