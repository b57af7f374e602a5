"""What stands between a person and the gate: consent and cover."""

from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from civic.accounts.models import Person, PersonInCity
from civic.catalogue.queries.sessions import SessionFacts
from civic.enrolment.models import (
    Booking,
    Enrolment,
    GuardianConsent,
    InsurancePolicy,
    RegisterEntry,
)
from civic.enrolment.rules import (
    AwaitedConsent,
    EnrolmentState,
    Standing,
    needs_guardian,
)
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.policy import Permission, Place


def is_consented(ctx: Context, person_id: UUID, municipality_id: UUID) -> bool:
    return bool(ctx.db.scalar(select(_consent(person_id, municipality_id))))


def awaits_consent(ctx: Context, municipality_id: UUID) -> bool:
    """Whether the actor can take no place in this city until a guardian has agreed."""
    row = ctx.db.execute(
        select(Person.birth_year, _consent(Person.id, municipality_id)).where(
            Person.id == ctx.actor.person_id
        )
    ).one()
    return needs_guardian(row[0], rome_day(ctx.now())) and not row[1]


def city_of_participant(ctx: Context, person_id: UUID, permission: Permission) -> UUID:
    """The city, of those that know the person, in which the actor may do this."""
    rows = ctx.db.scalars(
        select(PersonInCity.municipality_id)
        .where(PersonInCity.person_id == person_id)
        .order_by(PersonInCity.since, PersonInCity.id)
    )
    for municipality_id in rows:
        if permission.allows(ctx.actor, Place(municipality_id, person_id=person_id)):
            return municipality_id
    raise NotFound


def cover_on(
    ctx: Context, person_id: UUID, association_id: UUID, day: date, municipality_id: UUID
) -> bool:
    """Whether the association's policy and the person's line in its register both span the day."""
    return bool(ctx.db.scalar(select(_cover(person_id, association_id, municipality_id, day))))


def _consent(
    person_id: UUID | InstrumentedAttribute[UUID], municipality_id: UUID
) -> ColumnElement[bool]:
    return (
        select(GuardianConsent.id)
        .where(GuardianConsent.person_id == person_id)
        .where(GuardianConsent.municipality_id == municipality_id)
        .where(GuardianConsent.withdrawn_at.is_(None))
        .exists()
    )


def _cover(
    person_id: UUID, association_id: UUID, municipality_id: UUID, day: date
) -> ColumnElement[bool]:
    policy = (
        select(InsurancePolicy.id)
        .where(InsurancePolicy.association_id == association_id)
        .where(InsurancePolicy.municipality_id == municipality_id)
        .where(InsurancePolicy.starts_on <= day, InsurancePolicy.ends_on >= day)
        .exists()
    )
    entry = (
        select(RegisterEntry.id)
        .where(RegisterEntry.person_id == person_id)
        .where(RegisterEntry.association_id == association_id)
        .where(RegisterEntry.municipality_id == municipality_id)
        .where(RegisterEntry.first_day <= day)
        .where(or_(RegisterEntry.last_day.is_(None), RegisterEntry.last_day >= day))
        .exists()
    )
    return and_(policy, entry)


def standing_at(
    ctx: Context, facts: SessionFacts, person_id: UUID, *, lock: bool = False
) -> Standing | None:
    """Booking, consent and cover of a person for a session, in one statement; None unbooked.

    With `lock` the booking is held to the end of the transaction, so that two devices that scan
    the same person take turns.
    """
    statement = (
        select(
            Booking.state,
            Person.birth_year,
            _consent(person_id, facts.municipality_id),
            _cover(
                person_id, facts.association_id, facts.municipality_id, rome_day(facts.starts_at)
            ),
        )
        .join(Person, Person.id == Booking.person_id)
        .where(Booking.session_id == facts.id)
        .where(Booking.person_id == person_id)
    )
    if lock:
        statement = statement.with_for_update(of=Booking)
    row = ctx.db.execute(statement).first()
    return Standing(*row) if row else None


def awaited_consents(ctx: Context) -> list[AwaitedConsent]:
    """People who joined something in the actor's cities and may be minors nobody spoke for yet."""
    rows = ctx.db.execute(
        select(Person.id, Person.name, Person.birth_year, Enrolment.municipality_id)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .where(Enrolment.state == EnrolmentState.ACTIVE)
        .where(
            ~select(GuardianConsent.id)
            .where(GuardianConsent.person_id == Person.id)
            .where(GuardianConsent.municipality_id == Enrolment.municipality_id)
            .where(GuardianConsent.withdrawn_at.is_(None))
            .exists()
        )
        # Whoever is surely of age is left out by the database already: there are thousands.
        .where(or_(Person.birth_year.is_(None), Person.birth_year >= ctx.now().year - 19))
        .group_by(Person.id, Person.name, Person.birth_year, Enrolment.municipality_id)
        .order_by(Person.name, Person.id)
    )
    today = rome_day(ctx.now())
    return [
        AwaitedConsent(row.id, row.name, row.municipality_id)
        for row in rows
        if needs_guardian(row.birth_year, today)
    ]
