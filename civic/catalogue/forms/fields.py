"""Fields that several forms of this room use."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    IntegerField,
    SelectMultipleField,
    TimeField,
)
from wtforms.widgets import CheckboxInput

from civic.catalogue.words import skill_choices

YEARS = range(2000, 3000)


def too_long() -> Any:
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
