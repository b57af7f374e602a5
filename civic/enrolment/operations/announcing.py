"""An organiser writes to all who come to a session."""

from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from civic.catalogue.errors import SessionIsCancelled
from civic.catalogue.models import ProjectSession
from civic.catalogue.queries.sessions import session_for
from civic.enrolment.errors import NobodyToTell, SessionLongOver, TooManyAnnouncements
from civic.enrolment.events import AnnouncementMade
from civic.enrolment.models import Announcement
from civic.enrolment.policy import ANNOUNCE
from civic.enrolment.queries.announcements import audience, sent_lately
from civic.kernel.context import Context
from civic.kernel.db.dialects import insert_once
from civic.kernel.errors import NotFound
from civic.kernel.outbox import emit

MOST_A_DAY = 5
OPEN_AFTER_END = timedelta(days=7)
"""Long enough to say whose jacket stayed behind."""


@dataclass(frozen=True)
class NewAnnouncement:
    id: UUID
    """Made with the page, so that two taps on its button send one message."""
    session_id: UUID
    language: str
    words: str
    with_waiting: bool


def announce(ctx: Context, new: NewAnnouncement) -> int:
    """Returns how many people it goes to."""
    facts = session_for(ctx, new.session_id, ANNOUNCE)
    _hold(ctx, facts.id)
    there = ctx.db.get(Announcement, new.id)
    if there is not None:
        _own(ctx, there, new)
        if there.words == new.words:
            return there.people
        new = replace(new, id=ctx.new_id())  # the page again by the back button, other words
    if facts.is_cancelled:
        raise SessionIsCancelled
    if facts.ends_at + OPEN_AFTER_END <= ctx.now():
        raise SessionLongOver
    if sent_lately(ctx, facts.id) >= MOST_A_DAY:
        raise TooManyAnnouncements(most=MOST_A_DAY)
    people = audience(ctx, facts.id, with_waiting=new.with_waiting).people
    if not people:
        raise NobodyToTell
    is_new = insert_once(
        ctx.db,
        Announcement,
        id=new.id,
        municipality_id=facts.municipality_id,
        session_id=facts.id,
        author_id=ctx.actor.own_id,
        language=new.language,
        words=new.words,
        with_waiting=new.with_waiting,
        people=people,
        made_at=ctx.now(),
    )
    if not is_new:
        raise NotFound  # the id of a message in a city out of sight
    emit(ctx, AnnouncementMade(municipality_id=facts.municipality_id, announcement_id=new.id))
    return people


def _hold(ctx: Context, session_id: UUID) -> None:
    """The session's row: two who write at once are counted one after the other."""
    ctx.db.execute(
        select(ProjectSession.id).where(ProjectSession.id == session_id).with_for_update()
    )


def _own(ctx: Context, there: Announcement, new: NewAnnouncement) -> None:
    """Somebody else's message under this id is none of theirs."""
    if (there.session_id, there.author_id) != (new.session_id, ctx.actor.own_id):
        raise NotFound
