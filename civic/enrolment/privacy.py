"""What this room knows of a person, for them to take away."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from civic.catalogue.models import Project
from civic.catalogue.queries.sessions import session_facts
from civic.enrolment.models import (
    Announcement,
    Booking,
    CalendarFeed,
    Enrolment,
    GuardianConsent,
    Qualification,
    RegisterEntry,
    RegisterLine,
    VolunteerDetails,
)
from civic.kernel.context import Context
from civic.kernel.db.scope import unscoped
from civic.kernel.errors import NotFound
from civic.tenancy.queries import standings as tenancy


def export(ctx: Context, person_id: UUID) -> dict[str, Any]:
    """Only the person may ask, and gets what every city holds of them."""
    if ctx.actor.person_id != person_id:
        raise NotFound
    with unscoped(ctx.db, "a person takes away their data"):
        enrolments = ctx.db.execute(
            select(
                Project.slug,
                Enrolment.state,
                Enrolment.joined_at,
                Enrolment.asked_words,
                Enrolment.legal_basis,
                Enrolment.enrolled_by,
                Enrolment.decided_at,
                Enrolment.decision_reason,
                Enrolment.escalated_at,
            )
            .join(Project, Project.id == Enrolment.project_id)
            .where(Enrolment.person_id == person_id)
            .order_by(Enrolment.joined_at, Enrolment.id)
        ).all()
        bookings = ctx.db.execute(
            select(
                Booking.session_id,
                Booking.state,
                Booking.queued_at,
                Booking.changed_at,
                Booking.asked_again_at,
                Booking.offered_until,
                Booking.group_id,
                Booking.booked_by,
            )
            .where(Booking.person_id == person_id)
            .order_by(Booking.queued_at, Booking.id)
        ).all()
        facts = session_facts(ctx, [row.session_id for row in bookings])
        consents = ctx.db.execute(
            select(GuardianConsent.guardian_name, GuardianConsent.recorded_at).where(
                GuardianConsent.person_id == person_id
            )
        ).all()
        lines = ctx.db.execute(
            select(
                RegisterLine.association_id,
                RegisterLine.number,
                RegisterLine.kind,
                RegisterLine.content,
                RegisterLine.recorded_at,
            )
            .where(RegisterLine.person_id == person_id)
            .order_by(RegisterLine.association_id, RegisterLine.number)
        ).all()
        register = ctx.db.execute(
            select(RegisterEntry.association_id, RegisterEntry.first_day, RegisterEntry.last_day)
            .where(RegisterEntry.person_id == person_id)
            .order_by(RegisterEntry.first_day, RegisterEntry.id)
        ).all()
        shown = ctx.db.execute(
            select(Qualification.kind, Qualification.value)
            .where(Qualification.person_id == person_id)
            .order_by(Qualification.kind, Qualification.value)
        ).all()
        calendars = ctx.db.execute(
            select(CalendarFeed.created_at, CalendarFeed.revoked_at)
            .where(CalendarFeed.person_id == person_id)
            .order_by(CalendarFeed.created_at, CalendarFeed.id)
        ).all()
        written = ctx.db.execute(
            select(Announcement.made_at, Announcement.language, Announcement.words)
            .where(Announcement.author_id == person_id)
            .order_by(Announcement.made_at, Announcement.id)
        ).all()
    names = tenancy.association_names(ctx, [row.association_id for row in (*register, *lines)])
    details = ctx.db.get(VolunteerDetails, person_id)
    return {
        "projects": [
            {
                "project": row.slug,
                "state": row.state.value,
                "joined": row.joined_at.isoformat(),
                "own_words": row.asked_words,
                "takes_part_as": row.legal_basis.value,
                "written_in_by_the_desk": row.enrolled_by is not None,
                "answered": row.decided_at and row.decided_at.isoformat(),
                "answer": row.decision_reason,
                "passed_to_the_municipality": row.escalated_at and row.escalated_at.isoformat(),
            }
            for row in enrolments
        ],
        "can_show": [{"kind": row.kind.value, "value": row.value} for row in shown],
        "places": [
            {
                "project": facts[row.session_id].title,
                "starts": facts[row.session_id].starts_at.isoformat(),
                "state": row.state.value,
                "asked": row.queued_at.isoformat(),
                "changed": row.changed_at.isoformat(),
                "asked_again": row.asked_again_at and row.asked_again_at.isoformat(),
                "held_until": row.offered_until and row.offered_until.isoformat(),
                "with_a_group": row.group_id is not None,
                "by_somebody_else": row.booked_by is not None,
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
        "messages_to_sessions": [
            {"written": row.made_at.isoformat(), "language": row.language, "words": row.words}
            for row in written
        ],
        "calendar_addresses": [
            {
                "made": row.created_at.isoformat(),
                "stopped": row.revoked_at and row.revoked_at.isoformat(),
            }
            for row in calendars
        ],
        "register_details": details
        and {
            "fiscal_code": details.fiscal_code,
            "birth_date": details.birth_date and details.birth_date.isoformat(),
            "birth_place": details.birth_place,
            "residence": details.residence,
            "changed": details.changed_at.isoformat(),
        },
        "register_lines": [
            {
                "association": names[row.association_id],
                "number": row.number,
                "what": row.kind.value,
                "written": row.recorded_at.isoformat(),
                **row.content,
            }
            for row in lines
        ],
    }
