"""What this room knows of a person, for them to take away."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from civic.accounts.models import (
    Contact,
    FreeTime,
    LoginSession,
    Person,
    PersonInCity,
    Pin,
    RoleGrant,
    SecondFactor,
)
from civic.accounts.rules import free_time_code
from civic.audit import queries as audit
from civic.kernel.context import Context
from civic.kernel.db.scope import unscoped
from civic.kernel.errors import NotFound
from civic.tenancy.queries import standings as tenancy


def export(ctx: Context, person_id: UUID) -> dict[str, Any]:
    """Plain values in the person's own words where they gave any; only they may ask."""
    if ctx.actor.person_id != person_id:
        raise NotFound
    person = ctx.db.get_one(Person, person_id)
    with unscoped(ctx.db, "a person takes away their data"):
        cities = ctx.db.execute(
            select(PersonInCity.municipality_id, PersonInCity.since)
            .where(PersonInCity.person_id == person_id)
            .order_by(PersonInCity.since)
        ).all()
    contacts = ctx.db.execute(
        select(Contact.kind, Contact.value).where(Contact.person_id == person_id)
    )
    grants = ctx.db.execute(
        select(RoleGrant.role, RoleGrant.municipality_id).where(RoleGrant.person_id == person_id)
    ).all()
    sessions = ctx.db.execute(
        select(
            LoginSession.created_at,
            LoginSession.expires_at,
            LoginSession.revoked_at,
            LoginSession.by_pin,
            LoginSession.second_factor_at,
        )
        .where(LoginSession.person_id == person_id)
        .order_by(LoginSession.created_at)
    )
    free = ctx.db.scalars(
        select(FreeTime.slot).where(FreeTime.person_id == person_id).order_by(FreeTime.slot)
    )
    pin_set_at = ctx.db.scalar(select(Pin.set_at).where(Pin.person_id == person_id))
    second_step_since = ctx.db.scalar(
        select(SecondFactor.confirmed_at).where(SecondFactor.person_id == person_id)
    )
    readings = audit.readings_of(ctx, person_id)
    named = {row.municipality_id for row in cities} | {row.municipality_id for row in readings}
    named |= {row.municipality_id for row in grants if row.municipality_id}
    places = tenancy.city_names(ctx, named)
    return {
        "name": person.name,
        "birth_year": person.birth_year,
        "nationality": person.nationality,
        "languages": list(person.languages),
        "page_language": person.page_language,
        "free_time": [free_time_code(slot) for slot in free],
        "since": person.created_at.isoformat(),
        "contacts": [{"kind": row.kind.value, "value": row.value} for row in contacts],
        "known_in": [
            {"municipality": places[row.municipality_id], "since": row.since.isoformat()}
            for row in cities
        ],
        "roles": [
            {
                "role": row.role.value,
                "municipality": row.municipality_id and places[row.municipality_id],
            }
            for row in grants
        ],
        "signed_in": [
            {
                "from": row.created_at.isoformat(),
                "until": (row.revoked_at or row.expires_at).isoformat(),
                "with_card": row.by_pin,
                "with_second_step": row.second_factor_at is not None,
            }
            for row in sessions
        ],
        "pin_set": pin_set_at and pin_set_at.isoformat(),
        "second_step_since": second_step_since and second_step_since.isoformat(),
        "file_opened": [
            {
                "at": reading.at.isoformat(),
                "action": reading.action,
                "reason": reading.reason,
                "municipality": places[reading.municipality_id],
            }
            for reading in readings
        ],
    }
