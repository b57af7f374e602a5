"""A session that is under way whenever somebody looks, so that the check-in can be tried."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from civic.accounts.queries import actor_of_person
from civic.attendance.operations import scans as attendance
from civic.attendance.queries.presence import living_pass
from civic.attendance.rules import Direction
from civic.catalogue.operations.sessions import SessionPlan, add_session
from civic.demo.ids import DEMO_NUMBERS, Kind, made_id
from civic.demo.journal import MadeProject, MadeSession
from civic.demo.participants import Participants
from civic.demo.people import ALREADY_IN, IN_POTENZA, WALKER
from civic.demo.projects.potenza_green import TODAYS_GARDEN
from civic.demo.shape import DemoProject
from civic.demo.stage import Stage
from civic.demo.timeline import Timeline
from civic.enrolment.operations import places

LENGTH = timedelta(hours=3)
BEFORE_THE_HOUR = timedelta(minutes=30)
STILL_TO_GO = timedelta(hours=1)
BEFORE = timedelta(hours=2)
COMPANY = ("Ebrima Jallow", "Hind", "Тарас", "Rubel Hossain", "خديجة", "Seydou")
"""Who has a place too."""
ARRIVED = 3
"""Of them, how many came in when it began."""


def is_under_way(sessions: Sequence[MadeSession], garden: MadeProject, now: datetime) -> bool:
    """With time enough left to come in and go."""
    return any(
        session.project.id == garden.id
        and session.starts_at <= now
        and session.ends_at >= now + STILL_TO_GO
        for session in sessions
    )


def garden_in(pairs: Sequence[tuple[DemoProject, MadeProject]]) -> MadeProject | None:
    """None once somebody closed it."""
    return next((made for described, made in pairs if described is TODAYS_GARDEN), None)


def hold(timeline: Timeline, stage: Stage, people: Participants, garden: MadeProject) -> None:
    """It began at half past, an hour and a half ago at most; some are in, the walker is not."""
    hour = timeline.now.replace(minute=0, second=0, microsecond=0)
    starts_at = hour - BEFORE_THE_HOUR
    ends_at = starts_at + LENGTH
    announced_at = starts_at - BEFORE
    organiser = stage.organiser_of(TODAYS_GARDEN)
    meeting = TODAYS_GARDEN.meetings[0]
    plan = SessionPlan(starts_at, ends_at, meeting.meeting_point, meeting.places)
    with timeline.acting(organiser, announced_at) as ctx:
        session_id = add_session(ctx, garden.id, plan)
    company = [person for person in IN_POTENZA if person.name in COMPANY]
    guests = [
        person
        for person in (WALKER, ALREADY_IN, *company)
        if person in people.ids and people.is_free(people.ids[person], starts_at, ends_at)
    ]
    for minutes, person in enumerate(guests):
        with timeline.acting(stage.everywhere) as ctx:
            actor = actor_of_person(ctx, people.ids[person])
        with timeline.acting(actor, announced_at + timedelta(minutes=minutes + 1)) as ctx:
            places.book_place(ctx, session_id)
        people.occupy(people.ids[person], starts_at, ends_at)
    arriving = [person for person in guests if person is not WALKER][: ARRIVED + 1]
    for place, person in enumerate(arriving):
        # At the very start, so that the hours of who leaves now are the most there can be.
        came_at = starts_at + timedelta(seconds=20 * place)
        with timeline.acting(organiser, came_at) as ctx:
            shown = living_pass(ctx, people.ids[person], garden.municipality_id)
            if shown is not None:
                scan_id = made_id(Kind.ENTRY, DEMO_NUMBERS + place, came_at)
                scan = attendance.Scan(scan_id, shown.short_code, Direction.ENTRY, came_at)
                attendance.record_scan(ctx, session_id, scan)
