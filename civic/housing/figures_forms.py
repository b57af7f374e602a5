"""Which period and which dwellings are counted."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask_babel import format_date, gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, SelectField, SelectMultipleField
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput

from civic.housing.queries.counted import Asked
from civic.housing.queries.figures import Grant
from civic.housing.rules.figures import MOST_YEARS, Period
from civic.housing.rules.stock import UnitKind
from civic.housing.words import choices_of


class DayField(DateField):
    """A day that may be left out; what is no day gets our sentence."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(gettext("Write it as a day, or leave both days empty.")) from None


class FiguresForm(FlaskForm):
    """Read from the address; anything unknown there counts everything. Days that nobody can mean get
    a sentence."""

    class Meta:
        csrf = False

    year = SelectField(_l("Year"), validate_choice=False)
    part = SelectField(_l("Part of the year"), validate_choice=False)
    first = DayField(_l("Or from this day"), validators=[Optional()])
    last = DayField(_l("up to and with this day"), validators=[Optional()])
    kind = SelectMultipleField(
        _l("Only these dwellings"), option_widget=CheckboxInput(), validate_choice=False
    )
    grant = SelectMultipleField(
        _l("Only what these grants pay for"), option_widget=CheckboxInput(), validate_choice=False
    )

    offered: Sequence[UUID] = ()

    def offer(self, today: date, first_year: int | None, grants: Sequence[Grant] = ()) -> None:
        oldest = max(min(first_year or today.year, today.year), today.year - MOST_YEARS + 1)
        years = [str(year) for year in range(today.year, oldest - 1, -1)]
        self.year.choices = [(year, year) for year in years]
        parts = [
            ("", gettext("The whole year")),
            *((f"q{n}", gettext("Quarter %(number)d", number=n)) for n in range(1, 5)),
            *((f"{n:02}", format_date(date(2026, n, 1), "LLLL")) for n in range(1, 13)),
        ]
        self.part.choices = parts
        self.kind.choices = choices_of(UnitKind)
        self.grant.choices = [(str(each.id), f"{each.code} · {each.name}") for each in grants]
        self.offered = [each.id for each in grants]
        if self.year.data not in years:
            self.year.data = years[0]
        if self.part.data not in dict(parts):
            self.part.data = ""

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        if not super().validate(extra_validators):
            return False
        first, last = self.first.data, self.last.data
        if (first is None) != (last is None):
            (self.last if last is None else self.first).errors = [
                gettext("Choose both days, or neither of them.")
            ]
        elif first and last and last < first:
            self.last.errors = [
                gettext("The last day comes before the first one. Look at both dates again.")
            ]
        elif first and last and (last - first).days > MOST_YEARS * 366:
            self.last.errors = [
                gettext("That is too long: %(most)d years at most.", most=MOST_YEARS)
            ]
        return not (self.first.errors or self.last.errors)

    @property
    def period(self) -> Period:
        """As chosen, on a form that was validated; the days win over the year."""
        if self.first.data and self.last.data:
            return Period(self.first.data, self.last.data + timedelta(days=1))
        year, part = int(self.year.data), self.part.data
        if not part:
            return Period(date(year, 1, 1), date(year + 1, 1, 1))
        if part.startswith("q"):
            month, months = int(part[1:]) * 3 - 2, 3
        else:
            month, months = int(part), 1
        after = month - 1 + months
        return Period(date(year, month, 1), date(year + after // 12, after % 12 + 1, 1))

    def to_asked(self, today: date) -> Asked:
        """Nights up to last night: tonight and what is planned has not been slept yet."""
        return Asked(self.period.before(today), kinds=self.kinds, grants=self.grants)

    @property
    def kinds(self) -> tuple[UnitKind, ...]:
        return tuple(kind for kind in UnitKind if kind.value in (self.kind.data or ()))

    @property
    def grants(self) -> tuple[UUID, ...]:
        return tuple(each for each in self.offered if str(each) in (self.grant.data or ()))

    @property
    def is_narrowed(self) -> bool:
        return bool(self.first.data or self.last.data or self.kinds or self.grants or self.errors)
