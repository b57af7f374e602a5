"""How skills were seen, and badges whose ground a correction took away."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from threading import Barrier, Thread
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from civic.attendance.models import HoursEntry, HoursLine
from civic.attendance.rules import Cause
from civic.audit.models import AuditEntry
from civic.badges import operations, queries, reviewed
from civic.badges.errors import AlreadyReviewed, NotSeenSo, OwnBadge, ReviewReasonMissing
from civic.badges.explaining import explain, explained
from civic.badges.models import Achievement, Award, AwardReview, Proposal
from civic.badges.rules import ProposalState, Rating, ReviewState
from civic.badges.startup import SPOKEN_ITALIAN, STARTUP
from civic.enrolment.models import Qualification
from civic.kernel.clock import FrozenClock
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.errors import NotFound
from civic.kernel.policy import Actor, Role, system_in
from civic.tenancy.queries.standings import AssociationRow, City
from tests.factories.accounts import actor_of, make_person, make_staff
from tests.factories.badges import correct_line, make_award, make_proposal, work_hours
from tests.factories.tenancy import make_association, make_city

Acting = Callable[[Actor], AbstractContextManager[Context]]
SignIn = Callable[[FlaskClient, UUID], None]
Html = Callable[[TestResponse], str]
GREEN_12 = next(a for a in STARTUP if a.code == "green-12")
ITALIAN = next(a for a in STARTUP if a.code == "italian")


@dataclass(frozen=True)
class Town:
    city: City
    gardeners: AssociationRow
    organiser: Actor
    person_id: UUID
    sessions: list[UUID]
    award_id: UUID
    """Of twelve hours of green-space care."""

    @property
    def organiser_id(self) -> UUID:
        assert self.organiser.person_id
        return self.organiser.person_id


def founded(ctx: Context) -> Town:
    city = make_city(ctx)
    gardeners = make_association(ctx, city)
    organiser_id = make_staff(ctx, Role.ORGANISER, city, gardeners, "Rosa")
    person_id = make_person(ctx, "Amina", city)
    sessions = work_hours(ctx, city, gardeners, person_id)
    make_proposal(ctx, city, gardeners, person_id, state=ProposalState.CONFIRMED)
    award_id = make_award(ctx, city, gardeners, person_id, organiser_id)
    return Town(city, gardeners, actor_of(ctx, organiser_id), person_id, sessions, award_id)


@pytest.fixture
def town(acting: Acting) -> Town:
    with acting(system_in()) as ctx:
        return founded(ctx)


def corrected(acting: Acting, town: Town, minutes: int) -> None:
    """The first session becomes so many minutes, and the badges are looked at."""
    with acting(system_in(town.city.id)) as ctx:
        correct_line(ctx, town.sessions[0], town.person_id, minutes)
        operations.look_again(ctx, town.person_id, town.city.id)


def states(acting: Acting, town: Town) -> list[ReviewState]:
    with acting(system_in(town.city.id)) as ctx:
        return list(ctx.db.scalars(select(AwardReview.state).order_by(AwardReview.opened_at)))


def the_review(acting: Acting, town: Town) -> reviewed.ReviewRow:
    with acting(town.organiser) as ctx:
        [row] = reviewed.open_reviews(ctx)
        return row


def decided(acting: Acting, town: Town, *, keep: bool, reason: str = "Seen by all.") -> None:
    review_id = the_review(acting, town).id
    with acting(town.organiser) as ctx:
        operations.decide_review(ctx, review_id, keep=keep, reason=reason)


def holds_badge(acting: Acting, town: Town) -> bool:
    with acting(system_in(town.city.id)) as ctx:
        return bool(queries.badges_of(ctx, town.person_id))


# How a skill was seen


def test_a_badge_for_italian_needs_more_than_having_been_there(acting: Acting, town: Town) -> None:
    with acting(system_in(town.city.id)) as ctx:
        proposal = make_proposal(ctx, town.city, town.gardeners, town.person_id, "italian")
    with pytest.raises(NotSeenSo), acting(town.organiser) as ctx:
        operations.confirm(ctx, proposal, ITALIAN.skills)
    with pytest.raises(NotSeenSo), acting(town.organiser) as ctx:
        operations.confirm(ctx, proposal, ITALIAN.skills[1:], {ITALIAN.skills[1]: Rating.ALONE})
    with acting(town.organiser) as ctx:
        award = operations.confirm(ctx, proposal, ITALIAN.skills, {SPOKEN_ITALIAN: Rating.ALONE})
        ratings = ctx.db.scalars(select(Award.ratings).where(Award.id == award)).one()
    assert ratings == {SPOKEN_ITALIAN: "alone", ITALIAN.skills[1]: "observed"}


def test_a_badge_can_end_after_so_many_months(
    acting: Acting, town: Town, clock: FrozenClock
) -> None:
    with acting(system_in(town.city.id)) as ctx:
        about = update(Achievement).where(Achievement.code == "first-day")
        ctx.db.execute(about.values(valid_months=12))
        proposal = make_proposal(ctx, town.city, town.gardeners, town.person_id, "first-day")
    with acting(town.organiser) as ctx:
        operations.confirm(ctx, proposal, [first_skill("first-day")])
        held = {each.achievement.code: each for each in queries.badges_of(ctx, town.person_id)}
    badge = held["first-day"]
    assert badge.valid_until is not None
    assert (badge.valid_until.year, badge.valid_until.day) == (
        badge.awarded_at.year + 1,
        badge.awarded_at.day,
    )


def first_skill(code: str) -> str:
    return next(a for a in STARTUP if a.code == code).skills[0]


# Badges of one city or association


def test_a_badge_of_another_city_is_proposed_to_nobody_here(acting: Acting, town: Town) -> None:
    with acting(system_in()) as ctx:
        matera = make_city(ctx, "matera")
        for code, city in (("ours", town.city), ("theirs", matera)):
            ctx.db.add(
                Achievement(
                    id=ctx.new_id(),
                    code=code,
                    municipality_id=city.id,
                    area=None,
                    level=1,
                    names={"it": code},
                    rule={"minutes": 0, "sessions": 1},
                    skills=[first_skill("first-day")],
                )
            )
    with acting(system_in(town.city.id)) as ctx:
        operations.propose_earned(ctx, town.person_id, town.city.id, town.gardeners.id)
        proposed = set(
            ctx.db.scalars(
                select(Achievement.code).join(Proposal, Proposal.achievement_id == Achievement.id)
            )
        )
    assert "ours" in proposed
    assert "theirs" not in proposed


# Ground that a correction took away


def test_a_badge_without_ground_is_put_to_review_and_stays_meanwhile(
    acting: Acting, town: Town
) -> None:
    corrected(acting, town, 60)
    row = the_review(acting, town)
    assert (row.award_id, row.lacking.minutes, row.worked.minutes) == (town.award_id, 120, 600)
    with acting(system_in(town.city.id)) as ctx:
        [badge] = queries.badges_of(ctx, town.person_id)
    assert badge.is_under_review


def test_it_is_put_to_review_once_however_often_it_is_told(acting: Acting, town: Town) -> None:
    for minutes in (60, 60, 30):
        corrected(acting, town, minutes)
    assert states(acting, town) == [ReviewState.OPEN]


def test_hours_that_come_back_end_the_review(acting: Acting, town: Town) -> None:
    corrected(acting, town, 60)
    corrected(acting, town, 180)
    assert states(acting, town) == [ReviewState.RESTORED]
    with acting(town.organiser) as ctx:
        assert not reviewed.open_reviews(ctx)


def test_a_kept_badge_is_not_asked_about_again_unless_still_more_is_taken_away(
    acting: Acting, town: Town, clock: FrozenClock
) -> None:
    corrected(acting, town, 60)
    decided(acting, town, keep=True)
    corrected(acting, town, 60)
    assert states(acting, town) == [ReviewState.KEPT]
    assert holds_badge(acting, town)
    clock.advance(timedelta(minutes=1))
    corrected(acting, town, 0)
    assert states(acting, town) == [ReviewState.KEPT, ReviewState.OPEN]


def test_a_withdrawn_badge_is_off_the_shelf_and_shows_nothing_any_more(
    acting: Acting, town: Town
) -> None:
    with acting(system_in(town.city.id)) as ctx:
        for kind, value in (("badge", "green-12"), ("skill", GREEN_12.skills[0])):
            ctx.db.add(Qualification(person_id=town.person_id, kind=kind, value=value))
    corrected(acting, town, 60)
    decided(acting, town, keep=False, reason="The session did not take place.")
    assert not holds_badge(acting, town)
    with acting(system_in(town.city.id)) as ctx:
        assert not ctx.db.scalars(select(Qualification.value)).all()
        award = ctx.db.scalars(select(Award)).one()
        assert (award.revoked_by, award.revoked_at) == (town.organiser_id, ctx.now())
        review = ctx.db.scalars(select(AwardReview)).one()
        assert review.reason == "The session did not take place."
        entry = ctx.db.scalars(select(AuditEntry).order_by(AuditEntry.number.desc())).first()
        assert entry
        assert (entry.action, entry.subject_id) == ("badge.withdrawn", town.person_id)


def test_a_withdrawn_badge_can_be_earned_and_confirmed_anew(acting: Acting, town: Town) -> None:
    corrected(acting, town, 60)
    decided(acting, town, keep=False)
    corrected(acting, town, 180)
    with acting(town.organiser) as ctx:
        [proposal] = queries.open_proposals(ctx)
        assert operations.confirm(ctx, proposal.id, GREEN_12.skills)
    assert holds_badge(acting, town)


def test_without_a_reason_nothing_is_decided(acting: Acting, town: Town) -> None:
    corrected(acting, town, 60)
    with pytest.raises(ReviewReasonMissing):
        decided(acting, town, keep=False, reason="")
    assert states(acting, town) == [ReviewState.OPEN]


def test_nobody_decides_about_their_own_badge(acting: Acting, town: Town) -> None:
    with acting(system_in(town.city.id)) as ctx:
        ctx.db.execute(update(Award).values(person_id=town.organiser_id))
        ctx.db.execute(update(HoursLine).values(person_id=town.organiser_id))
        correct_line(ctx, town.sessions[0], town.organiser_id, 0)
        operations.look_again(ctx, town.organiser_id, town.city.id)
    with pytest.raises(OwnBadge):
        decided(acting, town, keep=True)


def test_only_the_association_that_confirmed_decides(acting: Acting, town: Town) -> None:
    corrected(acting, town, 60)
    review_id = the_review(acting, town).id
    with acting(system_in()) as ctx:
        others = make_association(ctx, town.city, "Scout")
        beside = actor_of(ctx, make_staff(ctx, Role.ORGANISER, town.city, others))
        officer = actor_of(ctx, make_staff(ctx, Role.OFFICER, town.city))
        away = make_city(ctx, "matera")
        far = actor_of(ctx, make_staff(ctx, Role.ORGANISER, away, make_association(ctx, away)))
    for actor in (beside, officer, far):
        with pytest.raises(NotFound), acting(actor) as ctx:
            operations.decide_review(ctx, review_id, keep=True, reason="No.")


def test_two_who_decide_at_once_decide_once(real_database: Database) -> None:
    with real_database.unit_of_work(system_in()) as ctx:
        town = founded(ctx)
    with real_database.unit_of_work(system_in(town.city.id)) as ctx:
        correct_line(ctx, town.sessions[0], town.person_id, 0)
        operations.look_again(ctx, town.person_id, town.city.id)
        review_id = ctx.db.scalars(select(AwardReview.id)).one()
    outcomes: list[str] = []
    start = Barrier(4)

    def decide(keep: bool) -> None:
        start.wait()
        try:
            with real_database.unit_of_work(town.organiser) as ctx:
                operations.decide_review(ctx, review_id, keep=keep, reason="Why.")
            outcomes.append("kept" if keep else "withdrawn")
        except (AlreadyReviewed, NotFound):
            outcomes.append("late")

    threads = [Thread(target=decide, args=(number % 2 == 0,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes).count("late") == 3
    with real_database.reading(system_in(town.city.id)) as ctx:
        is_withdrawn = ctx.db.scalars(select(Award.revoked_at)).one() is not None
    assert is_withdrawn == ("withdrawn" in outcomes)


# On the pages


def test_the_organiser_withdraws_on_the_page_and_the_person_is_told_meanwhile(
    acting: Acting, client: FlaskClient, sign_in: SignIn, html: Html, town: Town
) -> None:
    corrected(acting, town, 60)
    sign_in(client, town.person_id)
    assert "looks at this badge again" in html(client.get("/en/me/badges"))
    sign_in(client, town.organiser_id)
    page = html(client.get("/en/organise/badges"))
    assert "To look at again" in page
    assert "Still missing: 2 hours" in page
    review = the_review(acting, town)
    path, field = f"/en/organise/badges/reviews/{review.id}", f"p{review.id.hex}-reason"
    refused = client.post(path, data={field: " ", "keep": "0"})
    assert refused.status_code == 422
    assert "Write why" in html(refused)
    typed = client.post(path, data={field: "x" * 301, "keep": "0"})
    assert typed.status_code == 422
    assert "x" * 301 in html(typed)
    done = client.post(path, data={field: "It rained.", "keep": "0"}, follow_redirects=True)
    assert "The badge is withdrawn. It can be earned again." in html(done)
    assert not holds_badge(acting, town)


# Replayed from the ledger


def credited(ctx: Context, town: Town, session_id: UUID, minutes: int) -> None:
    line = ctx.db.scalars(select(HoursLine).where(HoursLine.session_id == session_id)).one()
    ctx.db.add(
        HoursEntry(
            id=ctx.new_id(),
            municipality_id=town.city.id,
            session_id=session_id,
            association_id=town.gardeners.id,
            person_id=town.person_id,
            day=line.day,
            minutes=minutes,
            month=line.day.replace(day=1),
            cause=Cause.SCAN,
            made_at=ctx.now(),
        )
    )
    ctx.db.flush()


def test_an_award_is_replayed_from_the_entries_of_its_day(
    acting: Acting, town: Town, clock: FrozenClock
) -> None:
    with acting(system_in(town.city.id)) as ctx:
        for session_id in town.sessions:
            credited(ctx, town, session_id, 180)
        found = explain(ctx, town.award_id)
        assert found.is_right
        assert [line.minutes for line in found.lines] == [180] * 4
    clock.advance(timedelta(days=1))
    with acting(system_in(town.city.id)) as ctx:
        # What was corrected later does not change what it rested on then.
        credited(ctx, town, town.sessions[0], -120)
        assert explain(ctx, town.award_id) == found


def test_an_award_that_the_ledger_does_not_bear_is_found(acting: Acting, town: Town) -> None:
    with acting(system_in(town.city.id)) as ctx:
        for session_id in town.sessions[1:]:
            credited(ctx, town, session_id, 180)
        [found] = explained(ctx)
        assert not found.is_right
        assert (found.then.minutes, found.told.minutes) == (540, 720)


def test_an_award_that_is_not_there_cannot_be_explained(acting: Acting, town: Town) -> None:
    with pytest.raises(NotFound), acting(system_in(town.city.id)) as ctx:
        explain(ctx, UUID(int=7))
