"""A case in charge with its team, and those around it who are not of the team."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from civic.accounts.rules import Discipline
from civic.cases.access import CaseRole
from civic.cases.operations.appointments import NewAppointment, make_appointment
from civic.cases.operations.consents import NewConsent, record_consent
from civic.cases.operations.files import NewCase, open_case
from civic.cases.operations.states import join_team
from civic.cases.vocabulary import Purpose, Recipient
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.policy import Actor, Role, system_in
from civic.tenancy.queries.standings import City
from tests.factories.accounts import actor_of, make_person, make_staff
from tests.factories.tenancy import make_city

Acting = Callable[[Actor], AbstractContextManager[Context]]


@dataclass
class Team:
    city: City
    case_id: UUID
    person_id: UUID
    lead: Actor
    psychologist: Actor
    desk: Actor
    watching: Actor
    """The data-protection officer."""


def make_case_team(
    acting: Acting, *, phone: str | None = "+46701740605", city: str = "napoli"
) -> Team:
    """Yusuf's case, led by Giulia; everybody on it and around it reads mail."""
    with acting(system_in()) as ctx:
        place = make_city(ctx, city)
        person_id = make_person(ctx, "Yusuf", place, page_language="fr", phone=phone)
        lead = make_case_worker(ctx, place, "Giulia", Discipline.SOCIAL_WORKER)
        psychologist = make_case_worker(ctx, place, "Marta", Discipline.PSYCHOLOGIST)
        desk = _staff(ctx, place, "Nello", Role.DESK)
        watching = _staff(ctx, place, "Dora", Role.DATA_PROTECTION)
    with acting(lead) as ctx:
        identity = {"given": "Yusuf", "family": "Warsame", "born": "1999"}
        case_id = open_case(ctx, NewCase(place.id, identity, "fr", person_id=person_id))
        join_team(ctx, case_id, CaseRole.PSYCHOLOGIST, psychologist.own_id)
    return Team(place, case_id, person_id, lead, psychologist, desk, watching)


def make_case_worker(ctx: Context, city: City, name: str, discipline: Discipline) -> Actor:
    return _staff(ctx, city, name, Role.CASE_WORKER, discipline)


def _staff(
    ctx: Context, city: City, name: str, role: Role, discipline: Discipline | None = None
) -> Actor:
    address = f"{name.casefold()}@example.org"
    person_id = make_staff(
        ctx, role, city, name=name, page_language="en", email=address, discipline=discipline
    )
    return actor_of(ctx, person_id)


def agree(acting: Acting, team: Team, purpose: Purpose = Purpose.REMINDERS) -> UUID:
    with acting(team.lead) as ctx:
        new = NewConsent(purpose, Recipient.TEAM, rome_day(ctx.now()), "fr")
        return record_consent(ctx, team.case_id, new)


def await_them(acting: Acting, team: Team, at: datetime, about: str = "") -> UUID:
    with acting(team.lead) as ctx:
        return make_appointment(ctx, team.case_id, NewAppointment(at, 45, about))
