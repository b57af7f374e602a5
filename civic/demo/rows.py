"""Rows on their way to the database: gathered by table, written in chunks, parents first."""

from collections import defaultdict
from typing import Any

from sqlalchemy import Connection, insert

from civic.accounts.models import Contact, Person, PersonInCity, RoleGrant
from civic.attendance.models import CheckEvent, HoursEntry, HoursLine, Pass
from civic.badges.models import Award, Proposal
from civic.catalogue.models import (
    Project,
    ProjectLanguage,
    ProjectSession,
    ProjectSkill,
    ProjectText,
)
from civic.enrolment.models import (
    Booking,
    Enrolment,
    InsurancePolicy,
    PolicyBasis,
    RegisterEntry,
    RegisterLine,
)
from civic.kernel.db.base import Base
from civic.tenancy.models import Association, AssociationInCity, Municipality

PARENTS_FIRST: tuple[type[Base], ...] = (
    Municipality,
    Association,
    AssociationInCity,
    Person,
    PersonInCity,
    Contact,
    RoleGrant,
    InsurancePolicy,
    PolicyBasis,
    Project,
    ProjectText,
    ProjectLanguage,
    ProjectSkill,
    ProjectSession,
    Enrolment,
    RegisterEntry,
    RegisterLine,
    Booking,
    Pass,
    CheckEvent,
    HoursLine,
    HoursEntry,
    Proposal,
    Award,
)

CHUNK = 5_000


class Rows:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._waiting: dict[type[Base], list[dict[str, Any]]] = defaultdict(list)

    def add(self, model: type[Base], **values: Any) -> None:
        self._waiting[model].append(values)

    def write_if_many(self) -> None:
        if sum(map(len, self._waiting.values())) >= CHUNK:
            self.write()

    def write(self) -> None:
        """Core inserts: no session, so no tenancy guard either; each row says its own city."""
        for model in PARENTS_FIRST:
            rows = self._waiting.pop(model, None)
            if rows:
                self.connection.execute(insert(model.__table__), rows)  # type: ignore[arg-type]
        assert not self._waiting, "a table without a place in the order"  # noqa: S101
