from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Self

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import (
    DateField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput

from civic.accounts.forms import SpokenLanguagesField
from civic.accounts.rules import MINIMUM_AGE
from civic.catalogue.operations.projects import NewProject, ProjectContent, ProjectWords
from civic.catalogue.operations.sessions import SessionPlan
from civic.catalogue.queries.desks import Desk, Draft, Words
from civic.catalogue.queries.projects import ProjectPage
from civic.catalogue.queries.sessions import SessionFacts
from civic.catalogue.rules import (
    FURTHEST_SESSION,
    MEETING_POINT_LENGTH,
    MOST_PLACES,
    MOST_WEEKS,
    REASON_LENGTH,
    TITLE_LENGTH,
    WORDS_LENGTH,
    Area,
    Cursor,
    Filters,
    wall_span,
    weekly,
)
from civic.catalogue.words import area_name, skill_choices
from civic.kernel.clock import ROME, rome_day
from civic.kernel.errors import Conflict, Invalid
from civic.kernel.i18n import LANGUAGES, SPOKEN
from civic.web.fields import clean_line, clean_text
from civic.web.words import say

OLDEST_MINIMUM = 99
YEARS = range(2000, 3000)


def _too_long() -> Any:
    return _l("This text is too long: at most %(max)d letters.")


class WholeNumberField(IntegerField):
    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_("Write a whole number.")) from None


class CalendarDayField(DateField):
    """A day as browsers send it, or as people here write it."""

    def __init__(self, label: Any, validators: Any, **kwargs: Any) -> None:
        formats = ["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y"]
        super().__init__(label, validators, format=formats, **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_("Choose a day, like 28/11/2026.")) from None
        if self.data is not None and self.data.year not in YEARS:
            self.data = None
            raise ValueError(_("Choose a day, like 28/11/2026."))


class WallTimeField(TimeField):
    """An hour on Italian clocks."""

    def __init__(self, label: Any, validators: Any, **kwargs: Any) -> None:
        super().__init__(label, validators, format=["%H:%M", "%H:%M:%S", "%H.%M"], **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_("Choose an hour, like 9:30.")) from None


class SkillsField(SelectMultipleField):
    option_widget = CheckboxInput()

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, choices=skill_choices, **kwargs)


class WordsForm(FlaskForm):
    """What a participant reads, in one language."""

    title = StringField(
        _l("Title"),
        filters=[clean_line],
        validators=[
            DataRequired(_l("Give the project a title.")),
            Length(max=TITLE_LENGTH, message=_too_long()),
        ],
    )
    what_you_do = TextAreaField(
        _l("What you do there"),
        filters=[clean_text],
        validators=[
            DataRequired(_l("Say what people will do.")),
            Length(max=WORDS_LENGTH, message=_too_long()),
        ],
    )
    what_to_bring = TextAreaField(
        _l("What to bring"),
        filters=[clean_text],
        validators=[Length(max=WORDS_LENGTH, message=_too_long())],
    )

    def words(self) -> ProjectWords:
        return ProjectWords(
            self.title.data or "", self.what_you_do.data or "", self.what_to_bring.data or ""
        )

    @classmethod
    def showing(cls, words: Words | None) -> Self:
        return cls(obj=words)


class ProjectForm(WordsForm):
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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.area.choices = [(area.value, area_name(area)) for area in Area]

    def content(self) -> ProjectContent:
        return ProjectContent(
            words=self.words(),
            area=Area(self.area.data),
            minimum_age=self.minimum_age.data or MINIMUM_AGE,
            languages=tuple(self.languages.data or ()),
            skills=tuple(self.skills.data or ()),
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


class SessionForm(FlaskForm):
    day = CalendarDayField(
        _l("Day"), validators=[InputRequired(_l("Choose a day, like 28/11/2026."))]
    )
    start = WallTimeField(_l("Start"), validators=[InputRequired(_l("Choose an hour, like 9:30."))])
    end = WallTimeField(_l("End"), validators=[InputRequired(_l("Choose an hour, like 9:30."))])
    meeting_point = StringField(
        _l("Meeting point"),
        filters=[clean_line],
        validators=[
            DataRequired(_l("Say where people meet.")),
            Length(max=MEETING_POINT_LENGTH, message=_too_long()),
        ],
    )
    places = WholeNumberField(
        _l("Places"),
        validators=[
            InputRequired(_l("Write how many people can come.")),
            NumberRange(1, MOST_PLACES, _l("Write a number of places from %(min)d to %(max)d.")),
        ],
    )

    def plan(self) -> SessionPlan:
        return self._plan(self.day.data)

    def _plan(self, day: date | None) -> SessionPlan:
        start, end = self.start.data, self.end.data
        if day is None or start is None or end is None or not self.places.data:
            raise ValueError("a plan is made of a form that was found valid")
        starts_at, ends_at = wall_span(day, start, end)
        return SessionPlan(starts_at, ends_at, self.meeting_point.data or "", self.places.data)

    @classmethod
    def of(cls, facts: SessionFacts) -> Self:
        return cls(
            day=rome_day(facts.starts_at),
            start=_wall_time(facts.starts_at),
            end=_wall_time(facts.ends_at),
            meeting_point=facts.meeting_point,
            places=facts.places,
        )


def _wall_time(instant: datetime) -> time:
    return instant.astimezone(ROME).time()


class NewSessionForm(SessionForm):
    weeks = WholeNumberField(
        _l("How many weeks in a row"),
        default=1,
        validators=[
            Optional(),
            NumberRange(1, MOST_WEEKS, _l("Write a number of weeks from %(min)d to %(max)d.")),
        ],
    )

    def plans(self) -> list[SessionPlan]:
        """One a week at the same hour of the wall clock."""
        days = weekly(self.day.data, self.weeks.data or 1) if self.day.data else []
        return [self._plan(day) for day in days]


class SendBackForm(FlaskForm):
    reason = TextAreaField(
        _l("What must change before it can be published?"),
        filters=[clean_text],
        validators=[
            DataRequired(_l("Write the reason, so that the association knows what to change.")),
            Length(max=REASON_LENGTH, message=_too_long()),
        ],
    )


def show_refusal(form: FlaskForm, refusal: Invalid | Conflict) -> None:
    """Put what an operation refused beside the field at fault, or above the form."""
    name = refusal.field if isinstance(refusal, Invalid) else None
    if name and name in form:
        form[name].errors = [*form[name].errors, say(refusal)]
    else:
        form.form_errors.append(say(refusal))


@dataclass(frozen=True)
class Asked:
    """What a visitor asked of the list, as far as it made sense."""

    filters: Filters
    after: Cursor | None
    query: dict[str, Any]
    """The filters as they stand in an address."""
    notes: list[str] = field(default_factory=list)
    """A sentence for each part that did not."""


def read_filters(args: MultiDict[str, str], cities: Sequence[str], today: date) -> Asked:
    """From an address that anybody may have typed; nothing in it can be refused."""
    notes: list[str] = []
    given = {name: value.strip() for name, value in args.items() if value.strip()}
    area = given.get("area")
    if area and area not in set(Area):
        notes.append(_("We do not know this area, so you see all areas."))
        area = None
    city = given.get("municipality")
    if city and city not in cities:
        notes.append(_("We do not know this municipality, so you see all of them."))
        city = None
    spoken = given.get("language")
    if spoken and spoken not in SPOKEN:
        notes.append(_("We do not know this language, so you see projects in all languages."))
        spoken = None
    day = _read_day(given.get("day"), today, notes)
    after = Cursor.decode(given["after"]) if "after" in given else None
    if "page" in given or ("after" in given and after is None):
        notes.append(_("We could not find that page of the list, so it starts from the beginning."))
    query = {"area": area, "municipality": city, "day": day and day.isoformat(), "language": spoken}
    return Asked(
        Filters(Area(area) if area else None, city, day, spoken),
        after,
        {name: value for name, value in query.items() if value},
        notes,
    )


def _read_day(text: str | None, today: date, notes: list[str]) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        notes.append(_("We could not read this day, so you see all days."))
        return None
    if day < today:
        notes.append(_("This day is over, so you see the days to come."))
        return None
    if day - today > FURTHEST_SESSION + timedelta(days=1):
        notes.append(_("This day is too far away, so you see all days."))
        return None
    return day
