"""What happened elsewhere becomes messages, one for each person it concerns.

Who is concerned is read when the event is handled, and a message that no longer holds is not
written: somebody who moved up from the waiting list hears only of their place.
"""

from hashlib import sha256
from typing import Any

from civic.accounts.events import CodeIssued
from civic.accounts.rules import ContactKind
from civic.badges import queries as badges
from civic.badges.events import BadgeAwarded
from civic.catalogue.events import ProjectPublished, ProjectSentBack, SessionMoved
from civic.catalogue.models import Project, ProjectText
from civic.catalogue.queries.sessions import session_facts
from civic.enrolment.events import PlaceCancelled, PlaceConfirmed, PlaceWaiting
from civic.enrolment.queries import bookings
from civic.enrolment.rules import BookingState
from civic.kernel.context import Context
from civic.notifications import letters, queries
from civic.notifications.rules import MessageKind


def on_code_issued(ctx: Context, event: CodeIssued) -> None:
    # The same six digits may come again on another day, so the hour belongs to what is told.
    what = f"{event.kind}\x00{event.value}\x00{event.code}\x00{ctx.now():%Y%m%d%H}"
    letters.send_to_address(
        ctx,
        ContactKind(event.kind),
        event.value,
        event.language,
        MessageKind.SIGN_IN_CODE,
        f"sign_in_code:{sha256(what.encode()).hexdigest()}",
        {"code": event.code},
    )


def on_place_confirmed(ctx: Context, event: PlaceConfirmed) -> None:
    _tell_of_place(ctx, event, BookingState.CONFIRMED, MessageKind.PLACE_CONFIRMED)


def on_place_waiting(ctx: Context, event: PlaceWaiting) -> None:
    _tell_of_place(ctx, event, BookingState.WAITING, MessageKind.PLACE_WAITING)


def _tell_of_place(
    ctx: Context, event: PlaceConfirmed | PlaceWaiting, state: BookingState, kind: MessageKind
) -> None:
    booking = queries.booking_now(ctx, event.session_id, event.person_id)
    if booking is None or booking.state is not state:
        return
    # A place taken again after it was given back is another place, so it is told again.
    since = int(booking.changed_at.timestamp())
    letters.send_to_person(
        ctx,
        event.person_id,
        kind,
        f"{kind}:{event.session_id.hex}:{event.person_id.hex}:{since}",
        lambda language: letters.session_values(ctx, event.session_id, language),
    )


def on_session_moved(ctx: Context, event: SessionMoved) -> None:
    """Old and new side by side, for those with a place and those who wait for one."""
    facts = session_facts(ctx, [event.session_id]).get(event.session_id)
    if facts is None or facts.is_cancelled:
        return
    old = {
        "old_starts_at": event.old_starts_at,
        "old_ends_at": event.old_ends_at,
        "old_meeting_point": event.old_meeting_point,
    }
    people = bookings.booked(ctx, event.session_id, (BookingState.CONFIRMED, BookingState.WAITING))
    for person_id in people:
        letters.send_to_person(
            ctx,
            person_id,
            MessageKind.SESSION_CHANGED,
            f"session_changed:{event.session_id.hex}:{person_id.hex}:{facts.sequence}",
            lambda language: letters.session_values(ctx, event.session_id, language) | old,
        )


def on_place_cancelled(ctx: Context, event: PlaceCancelled) -> None:
    letters.send_to_person(
        ctx,
        event.person_id,
        MessageKind.SESSION_CANCELLED,
        f"session_cancelled:{event.session_id.hex}:{event.person_id.hex}",
        lambda language: letters.session_values(ctx, event.session_id, language),
    )


def on_badge_awarded(ctx: Context, event: BadgeAwarded) -> None:
    achievement = badges.achievement(ctx, event.achievement_id)

    def values(language: str) -> dict[str, Any]:
        name, tag = achievement.named_in(language)
        return {
            "name": letters.isolated(name, tag, language),
            "skills": event.skills,
        }

    letters.send_to_person(
        ctx,
        event.person_id,
        MessageKind.BADGE_AWARDED,
        f"badge_awarded:{event.award_id.hex}",
        values,
    )


def on_project_published(ctx: Context, event: ProjectPublished) -> None:
    _tell_author(ctx, event, MessageKind.PROJECT_PUBLISHED)


def on_project_sent_back(ctx: Context, event: ProjectSentBack) -> None:
    _tell_author(ctx, event, MessageKind.PROJECT_SENT_BACK)


def _tell_author(
    ctx: Context, event: ProjectPublished | ProjectSentBack, kind: MessageKind
) -> None:
    project = ctx.db.get(Project, event.project_id)
    if project is None:
        return
    original = ctx.db.get_one(ProjectText, (project.id, project.language))
    # A project can be sent back, handed in again and sent back once more.
    when = project.decided_at or project.submitted_at or project.created_at
    letters.send_to_person(
        ctx,
        event.author_id,
        kind,
        f"{kind}:{project.id.hex}:{event.author_id.hex}:{int(when.timestamp())}",
        lambda language: {
            "title": letters.isolated(original.title, original.language, language),
            "slug": project.slug,
            "reason": project.sent_back_reason,
        },
    )
