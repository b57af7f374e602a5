"""The day before somebody is awaited they are reminded, once: of the day and the hour, and of nothing
else. Only who has an account, and said yes to reminders; phones are read by others."""

from datetime import timedelta

from civic.cases.operations.appointments import note_reminded
from civic.cases.queries.awaited import Awaited, awaited_until
from civic.kernel.clock import ROME, rome_day, rome_day_bounds
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.db.scope import unscoped
from civic.kernel.policy import system_in
from civic.notifications import letters
from civic.notifications.rules import WAKING, MessageKind

ALL_CITIES = "appointments of all cities"


def queue_near(database: Database) -> int:
    """Write the reminders that are due in all cities, not at night; returns how many are new."""
    with database.reading(system_in()) as ctx, unscoped(ctx.db, ALL_CITIES):
        due = _due(ctx)
    if not due:
        return 0
    with database.unit_of_work(system_in()) as ctx, unscoped(ctx.db, ALL_CITIES):
        # Asked again: one may have been called off or taken back since.
        return sum(remind(ctx, each, MessageKind.APPOINTMENT_NEAR) for each in _due(ctx))


def _due(ctx: Context) -> list[Awaited]:
    if ctx.now().astimezone(ROME).hour not in WAKING:
        return []
    return awaited_until(ctx, rome_day_bounds(rome_day(ctx.now()) + timedelta(days=1))[1])


def remind(ctx: Context, appointment: Awaited, kind: MessageKind) -> bool:
    """Tell of it so that nobody tells again; False when somebody has, or nobody is reached."""
    is_told = tell(ctx, appointment, kind)
    if is_told:
        note_reminded(ctx, appointment.id)
    return is_told


def tell(ctx: Context, appointment: Awaited, kind: MessageKind) -> bool:
    return letters.send_to_person(
        ctx,
        appointment.person_id,
        kind,
        f"{kind}:{appointment.id.hex}",
        lambda _language: {"at": appointment.at},
    )
