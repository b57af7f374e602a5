"""Joined people, places and cover as rows."""

from datetime import date
from typing import Any
from uuid import UUID

from civic.catalogue.models import Project, ProjectSession
from civic.enrolment.models import (
    Booking,
    Enrolment,
    GuardianConsent,
    InsurancePolicy,
    PolicyBasis,
    RegisterEntry,
)
from civic.enrolment.operations.register import write_line
from civic.enrolment.rules import BookingState, EnrolmentState, LegalBasis, LineKind
from civic.kernel.context import Context


def make_enrolment(ctx: Context, person_id: UUID, project_id: UUID, **over: Any) -> UUID:
    project = ctx.db.get_one(Project, project_id)
    values = {"state": EnrolmentState.ACTIVE, "joined_at": ctx.now()} | over
    row = Enrolment(
        id=ctx.new_id(),
        municipality_id=project.municipality_id,
        person_id=person_id,
        project_id=project_id,
        **values,
    )
    ctx.db.add(row)
    ctx.db.flush()
    return row.id


def make_booking(
    ctx: Context,
    person_id: UUID,
    session_id: UUID,
    state: BookingState = BookingState.CONFIRMED,
    **over: Any,
) -> UUID:
    """A confirmed booking also counts on its session."""
    session = ctx.db.get_one(ProjectSession, session_id)
    if state is BookingState.CONFIRMED:
        session.places_taken += 1
    values = {"queued_at": ctx.now(), "changed_at": ctx.now()} | over
    row = Booking(
        id=ctx.new_id(),
        municipality_id=session.municipality_id,
        person_id=person_id,
        session_id=session_id,
        state=state,
        **values,
    )
    ctx.db.add(row)
    ctx.db.flush()
    return row.id


def make_policy(
    ctx: Context,
    association_id: UUID | None,
    municipality_id: UUID,
    starts_on: date = date(2026, 1, 1),
    ends_on: date = date(2026, 12, 31),
    bases: tuple[LegalBasis, ...] = (LegalBasis.VOLUNTEER, LegalBasis.OCCASIONAL),
    **over: Any,
) -> UUID:
    """With all three risks; the municipality's own when no association is given."""
    values = {"insurer": "Mutua dei Volontari", "number": "RC-2026-118"} | over
    row = InsurancePolicy(
        id=ctx.new_id(),
        municipality_id=municipality_id,
        association_id=association_id,
        starts_on=starts_on,
        ends_on=ends_on,
        **values,
    )
    ctx.db.add(row)
    ctx.db.flush()
    ctx.db.add_all(PolicyBasis(policy_id=row.id, legal_basis=basis) for basis in bases)
    ctx.db.flush()
    return row.id


def make_register_entry(
    ctx: Context,
    person_id: UUID,
    association_id: UUID,
    municipality_id: UUID,
    first_day: date = date(2026, 1, 1),
    last_day: date | None = None,
) -> UUID:
    """With the line that says so."""
    row = RegisterEntry(
        id=ctx.new_id(),
        municipality_id=municipality_id,
        person_id=person_id,
        association_id=association_id,
        first_day=first_day,
        last_day=last_day,
    )
    write_line(ctx, row, LineKind.ENTERED)
    ctx.db.add(row)
    ctx.db.flush()
    return row.id


def make_consent(ctx: Context, person_id: UUID, municipality_id: UUID, officer_id: UUID) -> UUID:
    row = GuardianConsent(
        id=ctx.new_id(),
        municipality_id=municipality_id,
        person_id=person_id,
        guardian_name="Direzione della casa di accoglienza",
        recorded_by=officer_id,
        recorded_at=ctx.now(),
    )
    ctx.db.add(row)
    ctx.db.flush()
    return row.id
