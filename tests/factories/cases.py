"""A city with everybody who works on cases, and a case that holds something of each kind of data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from civic.accounts.rules import Discipline
from civic.cases.access import CaseRole, Data
from civic.cases.models import CaseAccess, CaseSection
from civic.cases.operations.consents import NewConsent, record_consent
from civic.cases.operations.files import NewCase, open_case
from civic.cases.operations.states import join_team, move
from civic.cases.states import CaseState
from civic.cases.vocabulary import Purpose, Recipient
from civic.kernel.context import Context
from civic.kernel.policy import Actor, Role
from civic.kernel.vault import Spot
from civic.tenancy.queries.standings import City
from tests.factories.accounts import actor_of, make_person, make_staff
from tests.factories.tenancy import make_city


@dataclass(frozen=True)
class House:
    """The staff of a city, each with one role."""

    city: City
    desk: Actor
    unit: Actor
    lead: Actor
    psychologist: Actor
    legal: Actor
    housing: Actor
    tutor: Actor
    coordinator: Actor
    officer: Actor
    dpo: Actor


def make_house(ctx: Context, slug: str = "napoli") -> House:
    city = make_city(ctx, slug)

    def staff(role: Role, name: str, discipline: Discipline | None = None) -> Actor:
        return actor_of(ctx, make_staff(ctx, role, city, name=name, discipline=discipline))

    worker = Role.CASE_WORKER
    return House(
        city=city,
        desk=staff(Role.DESK, "Dora Desk"),
        unit=staff(Role.MOBILE_UNIT, "Ugo Unit"),
        lead=staff(worker, "Lea Lead", Discipline.SOCIAL_WORKER),
        psychologist=staff(worker, "Pia Psyche", Discipline.PSYCHOLOGIST),
        legal=staff(worker, "Leo Legal", Discipline.LEGAL_ADVISER),
        housing=staff(Role.HOUSING_OFFICER, "Hugo Housing"),
        tutor=staff(worker, "Tea Tutor", Discipline.EDUCATOR),
        coordinator=staff(Role.CITY_COORDINATOR, "Cora City"),
        officer=staff(Role.OFFICER, "Otto Officer"),
        dpo=staff(Role.DATA_PROTECTION, "Dino Data"),
    )


def file_of(
    ctx: Context,
    house: House,
    identity: Mapping[str, Any] | None = None,
    *,
    person_id: UUID | None = None,
) -> UUID:
    """A file that the desk has just opened."""
    given = identity or {"given": "Awa", "family": "Sarr", "born": "1998-05-30"}
    new = NewCase(house.city.id, given, "fr", person_id=person_id)
    return open_case(ctx.acting(house.desk), new)


def in_charge(
    ctx: Context,
    house: House,
    identity: Mapping[str, Any] | None = None,
    *,
    person_id: UUID | None = None,
) -> UUID:
    """A case led by the lead, with the whole team on it; what was said to it is written down."""
    given = identity or {"given": "Awa", "family": "Sarr", "born": "1998-05-30"}
    case_id = open_case(
        ctx.acting(house.lead), NewCase(house.city.id, given, "fr", person_id=person_id)
    )
    lead = ctx.acting(house.lead)
    consent(lead, case_id)
    move(lead, case_id, CaseState.INTAKE)
    move(lead, case_id, CaseState.IN_CHARGE)
    for role, who in (
        (CaseRole.PSYCHOLOGIST, house.psychologist),
        (CaseRole.LEGAL_ADVISER, house.legal),
        (CaseRole.HOUSING_OFFICER, house.housing),
        (CaseRole.TUTOR, house.tutor),
    ):
        join_team(lead, case_id, role, who.person_id)
    return case_id


def consent(
    ctx: Context,
    case_id: UUID,
    purpose: Purpose = Purpose.TAKING_CHARGE,
    recipient: Recipient = Recipient.TEAM,
    city_id: UUID | None = None,
) -> UUID:
    new = NewConsent(purpose, recipient, date(2026, 3, 14), "fr", True, city_id)
    return record_consent(ctx, case_id, new)


def stand_on(ctx: Context, case_id: UUID, house: House, role: CaseRole, who: Actor) -> None:
    """A role on a case without anybody's leave, to try what it opens."""
    ctx.db.add(
        CaseAccess(
            id=ctx.new_id(),
            municipality_id=house.city.id,
            case_id=case_id,
            person_id=who.person_id,
            role=role,
            since=ctx.now(),
            until=ctx.now() + timedelta(days=1),
        )
    )
    ctx.db.flush()


def plant(ctx: Context, case_id: UUID, house: House, data: Data, values: Mapping[str, Any]) -> None:
    """A part written by nobody in particular, whoever may write it."""
    row_id = ctx.new_id()
    key = ctx.vault.key_of(house.city.id, case_id)
    top = 2 if data is Data.IDENTITY else 1
    ctx.db.add(
        CaseSection(
            id=row_id,
            municipality_id=house.city.id,
            case_id=case_id,
            data=data,
            version=top,
            written_at=ctx.now(),
            received_at=ctx.now(),
            sealed=key.seal(Spot("case_section", row_id), dict(values)),
        )
    )
    ctx.db.flush()


def participant(ctx: Context, house: House, name: str = "Awa", **told: Any) -> UUID:
    return make_person(ctx, name, house.city, **told)
