"""Who is awaited hears of the day and the hour; who is on a case hears that it was opened in an
emergency. No message says whose case it is, nor what anything is about."""

from typing import Any
from uuid import UUID

from civic.accounts import queries as accounts
from civic.cases.events import AppointmentMade, GlassBroken
from civic.cases.queries.awaited import awaited
from civic.cases.queries.gate import reference_of
from civic.cases.queries.teams import standing_team
from civic.kernel.context import Context
from civic.kernel.policy import Role
from civic.notifications import coming, letters
from civic.notifications.rules import MessageKind, is_near


def on_appointment_made(ctx: Context, event: AppointmentMade) -> None:
    """At once; of one that is near already, this is the reminder as well."""
    appointment = awaited(ctx, event.appointment_id)
    if appointment is None or appointment.reminded_at is not None:
        return
    if is_near(appointment.at, ctx.now()):
        coming.remind(ctx, appointment, MessageKind.APPOINTMENT_MADE)
    else:
        coming.tell(ctx, appointment, MessageKind.APPOINTMENT_MADE)


def on_glass_broken(ctx: Context, event: GlassBroken) -> None:
    """The team, led to the case; and whoever watches over data in that city, who cannot open it, to the
    trail."""
    team = standing_team(ctx, event.case_id)
    city_id = event.municipality_id
    watching = accounts.holders_of(ctx, Role.DATA_PROTECTION, city_id) if city_id else []
    name = accounts.names(ctx, [event.by_id]).get(event.by_id, "")
    for person_id in dict.fromkeys([*team, *watching]):
        if person_id != event.by_id:
            _tell_of_emergency(ctx, person_id, event, name, is_team=person_id in team)


def _tell_of_emergency(
    ctx: Context, person_id: UUID, event: GlassBroken, name: str, *, is_team: bool
) -> None:
    def values(language: str) -> dict[str, Any]:
        return {
            "name": letters.isolated(name, "it", language),
            "reference": letters.isolated(reference_of(event.case_id), "it", language),
            "case_id": event.case_id,
            "asked": reference_of(event.case_id),
            "is_team": is_team,
        }

    letters.send_to_person(
        ctx,
        person_id,
        MessageKind.EMERGENCY_OPENED,
        f"{MessageKind.EMERGENCY_OPENED}:{event.access_id.hex}:{person_id.hex}",
        values,
    )
