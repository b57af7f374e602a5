"""Three days before the day set for a review both people are reminded, once; and before one on which
to ask how things are months after a plan, the case worker. Phones are read by others: what the
appointment is about, the message does not say."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from civic.kernel.clock import ROME, rome_day
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.db.scope import unscoped
from civic.kernel.policy import system_in
from civic.notifications import letters, queries
from civic.notifications.rules import APPOINTMENT_LEAD, WAKING, MessageKind
from civic.plans.queries.closings import FollowUpDue, follow_ups_between
from civic.plans.queries.reviews import Appointment, appointments_between


@dataclass(frozen=True)
class _Due:
    reviews: list[Appointment]
    follow_ups: list[FollowUpDue]


def queue_appointments(database: Database) -> int:
    """Write the reminders that are due in all cities; returns how many are new."""
    with database.reading(system_in()) as ctx:
        due = _due(ctx)
    if not due.reviews and not due.follow_ups:
        return 0
    with database.unit_of_work(system_in()) as ctx, unscoped(ctx.db, "appointments of all cities"):
        return _write(ctx, due)


def _due(ctx: Context) -> _Due:
    """Not at night; and nothing that everybody has been told of already."""
    now = ctx.now()
    if now.astimezone(ROME).hour not in WAKING:
        return _Due([], [])
    today = rome_day(now)
    with unscoped(ctx.db, "appointments of all cities"):
        reviews = appointments_between(ctx, today, today + APPOINTMENT_LEAD)
        follow_ups = follow_ups_between(ctx, today, today + APPOINTMENT_LEAD)
    keys = {each: (_key(each), _staff_key(each.case_worker_id, each.day)) for each in reviews}
    asked = {each: _staff_key(each.case_worker_id, each.day) for each in follow_ups}
    told = queries.told(ctx, [key for pair in keys.values() for key in pair] + [*asked.values()])
    return _Due(
        [each for each in reviews if not told.issuperset(keys[each])],
        [each for each in follow_ups if asked[each] not in told],
    )


def _write(ctx: Context, due: _Due) -> int:
    written = sum(_tell_person(ctx, each) for each in due.reviews)
    of_staff = Counter((each.case_worker_id, each.day) for each in due.reviews)
    of_staff += Counter((each.case_worker_id, each.day) for each in due.follow_ups)
    return written + sum(
        _tell_staff(ctx, worker_id, day, number) for (worker_id, day), number in of_staff.items()
    )


def _tell_person(ctx: Context, appointment: Appointment) -> bool:
    return letters.send_to_person(
        ctx,
        appointment.person_id,
        MessageKind.APPOINTMENT,
        _key(appointment),
        lambda _language: {"day": appointment.day},
    )


def _tell_staff(ctx: Context, worker_id: UUID, day: date, number: int) -> bool:
    return letters.send_to_person(
        ctx,
        worker_id,
        MessageKind.APPOINTMENTS_OF_STAFF,
        _staff_key(worker_id, day),
        lambda _language: {"day": day, "number": number},
    )


def _key(appointment: Appointment) -> str:
    return f"{MessageKind.APPOINTMENT}:{appointment.review_id.hex}"


def _staff_key(worker_id: UUID, day: date) -> str:
    """One message for all of a day."""
    return f"{MessageKind.APPOINTMENTS_OF_STAFF}:{worker_id.hex}:{day.isoformat()}"
