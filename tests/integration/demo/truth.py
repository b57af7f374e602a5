"""Whether rows written as history say what the operations would have said."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from uuid import UUID

from sqlalchemy import Table, func, select

from civic.accounts.models import Person, PersonInCity
from civic.attendance.hours import worked
from civic.attendance.models import CheckEvent, HoursLine, Pass
from civic.attendance.queries.presence import marks_of
from civic.attendance.rules import Gate, judge_scan
from civic.badges.grounds import grounds_in
from civic.badges.models import Award, Proposal
from civic.badges.queries import achievements
from civic.badges.rules import ProposalState, earned, tally
from civic.catalogue.models import Project, ProjectSession
from civic.catalogue.rules import ProjectState
from civic.enrolment.models import Booking, Enrolment, RegisterEntry
from civic.enrolment.queries.enrolments import project_to_join
from civic.enrolment.queries.standing import cover_on, is_consented
from civic.enrolment.queries.verifying import verify_registers
from civic.enrolment.rules import (
    HELD,
    BookingState,
    EnrolmentState,
    LegalBasis,
    is_old_enough,
    needs_guardian,
)
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.db.base import Base
from civic.kernel.db.database import Database
from civic.kernel.db.scope import unscoped
from civic.kernel.policy import system_in
from civic.tenancy.models import Municipality


@contextmanager
def everywhere(database: Database) -> Iterator[Context]:
    with database.unit_of_work(system_in()) as ctx, unscoped(ctx.db, "a test looks at all rows"):
        yield ctx


def tables_of(room: str) -> list[Table]:
    """Those first that others hang on."""
    own = {
        mapper.local_table
        for mapper in Base.registry.mappers
        if mapper.class_.__module__.startswith(f"civic.{room}.")
    }
    return [table for table in Base.metadata.sorted_tables if table in own]


def check(ctx: Context) -> None:
    """Every rule that rows could break."""
    places_are_counted(ctx)
    nobody_is_in_two_places(ctx)
    who_booked_had_joined(ctx)
    hours_follow_from_scans(ctx)
    registers_are_whole(ctx)
    badges_follow_from_hours(ctx)
    only_published_projects_are_public(ctx)
    who_takes_part_is_known_and_holds_a_pass(ctx)


def registers_are_whole(ctx: Context) -> None:
    """Every line fits, and each volunteer stands in the register of whom they help."""
    for city_id in ctx.db.scalars(select(Municipality.id)).all():
        assert verify_registers(ctx, city_id).faults == ()
    standing = set(
        ctx.db.execute(
            select(RegisterEntry.person_id, RegisterEntry.association_id).where(
                RegisterEntry.last_day.is_(None)
            )
        )
    )
    joined = ctx.db.execute(
        select(Enrolment.person_id, Project.association_id)
        .join(Project, Project.id == Enrolment.project_id)
        .where(Enrolment.state == EnrolmentState.ACTIVE)
        .where(Enrolment.legal_basis == LegalBasis.VOLUNTEER)
    )
    assert set(joined) <= standing


def places_are_counted(ctx: Context) -> None:
    confirmed = (
        select(func.count())
        .where(Booking.session_id == ProjectSession.id)
        .where(Booking.state == BookingState.CONFIRMED)
        .correlate(ProjectSession)
        .scalar_subquery()
    )
    waiting = (
        select(func.count())
        .where(Booking.session_id == ProjectSession.id)
        .where(Booking.state == BookingState.WAITING)
        .correlate(ProjectSession)
        .scalar_subquery()
    )
    rows = ctx.db.execute(
        select(ProjectSession.places, ProjectSession.places_taken, confirmed, waiting)
    ).all()
    for places, taken, held, queued in rows:
        assert taken == held <= places
        assert not queued or taken == places


def nobody_is_in_two_places(ctx: Context) -> None:
    rows = ctx.db.execute(
        select(Booking.person_id, ProjectSession.starts_at, ProjectSession.ends_at)
        .join(ProjectSession, ProjectSession.id == Booking.session_id)
        .where(Booking.state.in_(HELD))
        .order_by(Booking.person_id, ProjectSession.starts_at)
    ).all()
    for before, after in pairwise(rows):
        assert before.person_id != after.person_id or before.ends_at <= after.starts_at


def who_booked_had_joined(ctx: Context) -> None:
    rows = ctx.db.execute(
        select(
            Booking.queued_at,
            Enrolment.joined_at,
            Person.birth_year,
            Project.minimum_age,
            Project.decided_at,
            ProjectSession.starts_at,
        )
        .join(ProjectSession, ProjectSession.id == Booking.session_id)
        .join(Project, Project.id == ProjectSession.project_id)
        .join(Person, Person.id == Booking.person_id)
        .outerjoin(
            Enrolment,
            (Enrolment.project_id == Project.id) & (Enrolment.person_id == Booking.person_id),
        )
    ).all()
    for row in rows:
        assert row.decided_at <= row.joined_at <= row.queued_at <= row.starts_at
        assert row.queued_at <= ctx.now()
        assert is_old_enough(row.birth_year, row.minimum_age, rome_day(row.joined_at))


def hours_follow_from_scans(ctx: Context) -> None:
    lines = {(line.session_id, line.person_id): line for line in ctx.db.scalars(select(HoursLine))}
    scanned = set(ctx.db.scalars(select(CheckEvent.session_id)))
    booked: dict[UUID, set[UUID]] = defaultdict(set)
    confirmed = select(Booking.session_id, Booking.person_id).where(
        Booking.state == BookingState.CONFIRMED
    )
    for session_id, person_id in ctx.db.execute(confirmed):
        booked[session_id].add(person_id)
    born = dict(ctx.db.execute(select(Person.id, Person.birth_year)).all())
    for session in ctx.db.scalars(select(ProjectSession).where(ProjectSession.id.in_(scanned))):
        project = ctx.db.get_one(Project, session.project_id)
        joined = project_to_join(ctx, project_id=session.project_id)
        day = rome_day(session.starts_at)
        for person_id, marks in marks_of(ctx, session.id).items():
            gate = Gate(
                starts_at=session.starts_at,
                ends_at=session.ends_at,
                is_cancelled=False,
                is_revoked=False,
                is_booked=person_id in booked[session.id],
                is_guardian_missing=needs_guardian(born[person_id], day)
                and not is_consented(ctx, person_id, session.municipality_id),
                is_covered=cover_on(ctx, person_id, joined, day),
            )
            in_time = sorted(marks, key=lambda mark: mark.scanned_at)
            for place, mark in enumerate(in_time):
                assert mark.scanned_at <= ctx.now()
                assert (
                    judge_scan(mark.direction, mark.scanned_at, gate, in_time[:place])
                    is mark.reason
                )
            minutes = worked(marks, session.starts_at, session.ends_at).total
            line = lines.pop((session.id, person_id), None)
            assert (line.minutes if line else None) == minutes
            if line:
                assert (line.area, line.day) == (project.area, day)
                assert line.association_id == project.association_id
    assert not lines


def badges_follow_from_hours(ctx: Context) -> None:
    known = {
        city_id: achievements(ctx, city_id) for city_id in ctx.db.scalars(select(Municipality.id))
    }
    proposals = {
        (row.person_id, row.municipality_id, row.achievement_id): row
        for row in ctx.db.scalars(select(Proposal))
    }
    people = ctx.db.execute(select(HoursLine.person_id, HoursLine.municipality_id).distinct()).all()
    for person_id, city_id in people:
        grounds = grounds_in(ctx, person_id, city_id)
        for achievement in known[city_id]:
            proposal = proposals.pop((person_id, city_id, achievement.id), None)
            assert (proposal is not None) == earned(achievement.rule, grounds)
            if proposal:
                have = tally(achievement.rule, grounds)
                assert (proposal.minutes, proposal.sessions) == (have.minutes, have.sessions)
    assert not proposals
    awarded = set(ctx.db.execute(select(Award.person_id, Award.achievement_id)))
    confirmed = set(
        ctx.db.execute(
            select(Proposal.person_id, Proposal.achievement_id).where(
                Proposal.state == ProposalState.CONFIRMED
            )
        )
    )
    assert awarded == confirmed


def only_published_projects_are_public(ctx: Context) -> None:
    rows = ctx.db.execute(
        select(Project.state, Project.is_public, ProjectSession.is_public).join(
            ProjectSession, ProjectSession.project_id == Project.id
        )
    ).all()
    for state, is_public, is_session_public in rows:
        assert is_public == is_session_public == (state is ProjectState.PUBLISHED)


def who_takes_part_is_known_and_holds_a_pass(ctx: Context) -> None:
    taking_part = set(ctx.db.execute(select(Enrolment.person_id, Enrolment.municipality_id)))
    for model in (PersonInCity, Pass):
        known = ctx.db.execute(select(model.person_id, model.municipality_id))
        assert taking_part <= set(known)
