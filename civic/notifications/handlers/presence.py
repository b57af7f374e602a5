"""Who had a place and was not seen hears from us: a question, never a reproach. And whoever asked
about their hours hears the answer."""

from typing import Any

from civic.attendance.events import ContestAnswered, NoShowNoticed
from civic.attendance.models import Contest
from civic.attendance.queries.no_shows import still_missed
from civic.catalogue.queries.sessions import session_facts
from civic.kernel.context import Context
from civic.notifications import letters
from civic.notifications.rules import MessageKind
from civic.tenancy.models import Association


def on_no_show_noticed(ctx: Context, event: NoShowNoticed) -> None:
    """Unless they were seen after all by the time this is told."""
    facts = session_facts(ctx, [event.session_id]).get(event.session_id)
    if facts is None or not still_missed(ctx, event.session_id, event.person_id):
        return
    association = ctx.db.get_one(Association, facts.association_id)

    def values(language: str) -> dict[str, Any]:
        return letters.session_values(ctx, event.session_id, language) | {
            "association": letters.isolated(association.name, "it", language),
            "phone": association.phone,
        }

    letters.send_to_person(
        ctx,
        event.person_id,
        MessageKind.MISSED,
        f"{MessageKind.MISSED}:{event.session_id.hex}:{event.person_id.hex}",
        values,
    )


def on_contest_answered(ctx: Context, event: ContestAnswered) -> None:
    """In the words of whoever answered, whose name stays on the page: letters are read by others."""
    contest = ctx.db.get(Contest, event.contest_id)
    if contest is None:
        return

    def values(language: str) -> dict[str, Any]:
        return letters.session_values(ctx, event.session_id, language) | {
            "day": contest.day,
            "session_id": event.session_id,
            "answer": contest.answer,
            "minutes": event.proposed_minutes,
        }

    letters.send_to_person(
        ctx,
        event.person_id,
        MessageKind.HOURS_ANSWERED,
        f"{MessageKind.HOURS_ANSWERED}:{event.contest_id.hex}",
        values,
    )
