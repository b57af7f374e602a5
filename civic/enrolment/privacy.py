"""What this room knows of a person, for them to take away."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from civic.catalogue.models import Project
from civic.catalogue.queries.sessions import session_facts
from civic.enrolment.models import Booking, Enrolment, GuardianConsent, RegisterEntry
from civic.kernel.context import Context
from civic.kernel.db.scope import unscoped
from civic.kernel.errors import NotFound
from civic.tenancy import queries as tenancy


def export(ctx: Context, person_id: UUID) -> dict[str, Any]:
    """Only the person may ask, and gets what every city holds of them."""
    if ctx.actor.person_id != person_id:
        raise NotFound
    with unscoped(ctx.db, "a person takes away their data"):
        enrolments = ctx.db.execute(
            select(Project.slug, Enrolment.state, Enrolment.joined_at)
            .join(Project, Project.id == Enrolment.project_id)
            .where(Enrolment.person_id == person_id)
            .order_by(Enrolment.joined_at, Enrolment.id)
        ).all()
        bookings = ctx.db.execute(
            select(Booking.session_id, Booking.state, Booking.queued_at, Booking.changed_at)
            .where(Booking.person_id == person_id)
            .order_by(Booking.queued_at, Booking.id)
        ).all()
        facts = session_facts(ctx, [row.session_id for row in bookings])
        consents = ctx.db.execute(
            select(GuardianConsent.guardian_name, GuardianConsent.recorded_at).where(
                GuardianConsent.person_id == person_id
            )
        ).all()
        register = ctx.db.execute(
            select(RegisterEntry.association_id, RegisterEntry.first_day, RegisterEntry.last_day)
            .where(RegisterEntry.person_id == person_id)
            .order_by(RegisterEntry.first_day, RegisterEntry.id)
        ).all()
    names = tenancy.association_names(ctx, [row.association_id for row in register])
    return {
        "projects": [
            {"project": row.slug, "state": row.state.value, "joined": row.joined_at.isoformat()}
            for row in enrolments
        ],
        "places": [
            {
                "project": facts[row.session_id].title,
                "starts": facts[row.session_id].starts_at.isoformat(),
                "state": row.state.value,
                "asked": row.queued_at.isoformat(),
                "changed": row.changed_at.isoformat(),
            }
            for row in bookings
        ],
        "guardian_consents": [
            {"guardian": row.guardian_name, "recorded": row.recorded_at.isoformat()}
            for row in consents
        ],
        "registers_of_volunteers": [
            {
                "association": names[row.association_id],
                "first_day": row.first_day.isoformat(),
                "last_day": row.last_day and row.last_day.isoformat(),
            }
            for row in register
        ],
    }
