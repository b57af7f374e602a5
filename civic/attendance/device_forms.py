"""Software of others, as an organiser lets it in."""

from collections.abc import Sequence
from datetime import date
from typing import cast
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, InputRequired, Length
from wtforms.widgets import CheckboxInput

from civic.attendance.operations.devices import NewDevice
from civic.attendance.tokens import NAME_LENGTH, SCOPE_WORDS, Scope
from civic.catalogue.forms.fields import CalendarDayField
from civic.catalogue.queries.sessions import SessionFacts
from civic.kernel.policy import Place
from civic.tenancy.queries.standings import AssociationRow
from civic.web.fields import clean_line
from civic.web.words import local_day, local_span

TOO_LONG = _l("This is too long: at most %(max)d letters.")


def _scopes() -> list[tuple[str, str]]:
    return [(scope.value, _(sentence)) for scope, sentence in SCOPE_WORDS.items()]


class DeviceForm(FlaskForm):
    name = StringField(
        _l("Name of the software or device"),
        [
            DataRequired(_l("Give it a name, so that you know it again.")),
            Length(max=NAME_LENGTH, message=TOO_LONG),
        ],
        filters=[clean_line],
    )
    gate = StringField(
        _l("Name of the gate"), [Length(max=NAME_LENGTH, message=TOO_LONG)], filters=[clean_line]
    )
    whose = SelectField(_l("For which sessions"), [InputRequired(_l("Choose the sessions."))])
    scopes = SelectMultipleField(
        _l("What it may do"),
        [InputRequired(_l("Tick what it may do."))],
        choices=_scopes,
        default=[scope.value for scope in SCOPE_WORDS],
        option_widget=CheckboxInput(),
    )
    until = CalendarDayField(_l("Last day"), [InputRequired(_l("Choose the last day."))])

    def offer(
        self,
        associations: Sequence[AssociationRow],
        cities: dict[UUID, str],
        sessions: Sequence[SessionFacts],
    ) -> None:
        """All sessions of an association in a city, or one."""
        self._places = {
            str(row.standing_id): (Place(row.municipality_id, row.id), None) for row in associations
        } | {
            str(facts.id): (Place(facts.municipality_id, facts.association_id), facts.id)
            for facts in sessions
        }
        self.whose.choices = [
            (
                str(row.standing_id),
                _(
                    "All sessions: %(association)s, %(city)s",
                    association=row.name,
                    city=cities[row.municipality_id],
                ),
            )
            for row in associations
        ] + [
            (
                str(facts.id),
                _(
                    "Only: %(title)s, %(day)s %(span)s",
                    title=facts.title,
                    day=local_day(facts.starts_at),
                    span=local_span(facts.starts_at, facts.ends_at),
                ),
            )
            for facts in sessions
        ]

    def to_device(self, language: str) -> NewDevice:
        """After the form was found right."""
        place, session_id = self._places[self.whose.data]
        return NewDevice(
            place,
            self.name.data or "",
            self.gate.data or "",
            frozenset(Scope(each) for each in self.scopes.data or ()),
            cast("date", self.until.data),
            language,
            session_id,
        )
