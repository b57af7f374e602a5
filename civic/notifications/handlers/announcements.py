"""What an organiser wrote to those who come to a session."""

from civic.enrolment.events import AnnouncementMade
from civic.enrolment.queries import bookings
from civic.enrolment.queries.announcements import states_of, stored_announcement
from civic.kernel.context import Context
from civic.notifications import letters
from civic.notifications.rules import MessageKind


def on_announcement_made(ctx: Context, event: AnnouncementMade) -> None:
    """Once for each person, however often the event comes."""
    made = stored_announcement(ctx, event.announcement_id)
    if made is None:
        return
    for person_id in bookings.booked(ctx, made.session_id, states_of(made.with_waiting)):
        letters.send_to_person(
            ctx,
            person_id,
            MessageKind.ANNOUNCEMENT,
            f"announcement:{event.announcement_id.hex}:{person_id.hex}",
            lambda language: letters.announcement_values(
                ctx, made.session_id, language, made.words, made.language
            ),
        )
