"""Three short steps on a phone at night. What was typed travels inside the pages, never in an address."""

import re
from typing import Any
from uuid import UUID

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, IntegerField, RadioField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from civic.housing.operations.tonight import MOST_NIGHTS_TONIGHT, Party
from civic.housing.request_errors import AgeMissing, AgesUnreadable, TooManyPeople
from civic.housing.rules.placing import ADULT, MOST_PEOPLE
from civic.housing.rules.stock import Gender
from civic.housing.words import choices_of
from civic.web.fields import SentField, clean_line

UP_TO = NumberRange(0, MOST_PEOPLE, _l("Between %(min)d and %(max)d."))
AGES = re.compile(r"\d{1,2}(?:[\s,;+،؛]+\d{1,2})*")
"""Of several children, one after the other; digits of any script."""


class TonightForm(FlaskForm):
    called = StringField(
        _l("The name they go by"),
        filters=[clean_line],
        validators=[
            DataRequired(message=_l("Write how they want to be called.")),
            Length(max=80, message=_l("Write it in at most %(max)d letters.")),
        ],
    )
    gender = RadioField(_l("Gender"), validators=[InputRequired(message=_l("Choose one."))])
    is_adult = RadioField(
        _l("Eighteen or older"), validators=[InputRequired(message=_l("Choose one."))]
    )
    age = IntegerField(_l("About how old, if under 18"), validators=[Optional()])
    no_steps = BooleanField(_l("Cannot climb steps"))
    women = IntegerField(_l("Women with them"), validators=[Optional(), UP_TO])
    men = IntegerField(_l("Men with them"), validators=[Optional(), UP_TO])
    children = StringField(
        _l("Children with them: how old each is"),
        filters=[clean_line],
        validators=[Optional(), Length(max=60)],
    )
    is_looked_for = BooleanField(_l("Somebody dangerous looks for them"))
    nights = RadioField(_l("For how long"), default="1", validators=[InputRequired()])
    choice = HiddenField()
    """The dwelling and a bed for each, once they were chosen."""
    sent = SentField()

    def offer(self) -> None:
        self.gender.choices = choices_of(Gender)
        self.is_adult.choices = [("yes", gettext("Yes")), ("no", gettext("No, a minor"))]
        self.nights.choices = [
            ("1", gettext("Tonight")),
            ("2", gettext("Two nights")),
            ("3", gettext("Three nights")),
        ][:MOST_NIGHTS_TONIGHT]

    def validate(self, extra_validators: Any = None) -> bool:
        is_well = bool(super().validate(extra_validators))
        if self.is_adult.data == "no" and not (
            self.age.data is not None and 0 <= self.age.data < ADULT
        ):
            is_well = _wrong(self.age, AgeMissing.sentence)
        ages = self.ages()
        if ages is None:
            return _wrong(self.children, AgesUnreadable.sentence)
        if 1 + (self.women.data or 0) + (self.men.data or 0) + len(ages) > MOST_PEOPLE:
            self.form_errors.append(gettext(TooManyPeople.sentence, most=MOST_PEOPLE))
            is_well = False
        return is_well

    def ages(self) -> list[int] | None:
        """None for what cannot be read as the ages of children."""
        typed = self.children.data or ""
        if not typed:
            return []
        if not AGES.fullmatch(typed):
            return None
        ages = [int(each) for each in re.findall(r"\d+", typed)]
        return ages if all(age < ADULT for age in ages) else None

    def to_party(self) -> Party:
        is_adult = self.is_adult.data == "yes"
        return Party(
            self.called.data or "",
            Gender(self.gender.data),
            is_adult,
            None if is_adult else self.age.data,
            bool(self.no_steps.data),
            self.women.data or 0,
            self.men.data or 0,
            tuple(self.ages() or ()),
            bool(self.is_looked_for.data),
        )

    def chosen(self) -> tuple[UUID, list[UUID]] | None:
        """The dwelling and the beds; None where nothing of ours was chosen."""
        unit, _, beds = (self.choice.data or "").partition(":")
        try:
            return UUID(unit), [UUID(each) for each in beds.split(",")]
        except ValueError:
            return None


def _wrong(field: Any, sentence: str) -> bool:
    field.errors = [*field.errors, gettext(sentence)]
    return False
