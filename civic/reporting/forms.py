from datetime import date

from flask_babel import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField

from civic.catalogue.rules import Area
from civic.catalogue.words import area_name
from civic.reporting.queries import Period, month_of


class FiguresForm(FlaskForm):
    """What to count; anything unknown in the address counts everything."""

    class Meta:
        csrf = False

    month = SelectField(_l("Month"), validate_choice=False)
    area = SelectField(_l("Area"), validate_choice=False)

    def offer(self, months: list[date]) -> None:
        self.month.choices = [
            ("", _("All months")),
            *((first.strftime("%Y-%m"), format_date(first, "LLLL y")) for first in months),
        ]
        self.area.choices = [
            ("", _("All areas")),
            *((area.value, area_name(area)) for area in Area),
        ]

    def period(self) -> Period | None:
        try:
            return month_of(date.fromisoformat(f"{self.month.data}-01"))
        except ValueError:
            return None

    def chosen_area(self) -> Area | None:
        return Area(self.area.data) if self.area.data in set(Area) else None
