"""What a goal carries beside its words, and what stands in the way of a plan."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from civic.audit.models import AuditEntry
from civic.badges.startup import PLANTING
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.policy import Actor, Role, system_in
from civic.plans import privacy
from civic.plans.errors import EvidenceInFuture, GoalClosed, LevelMissing, TakenOffBefore
from civic.plans.models import Barrier, Evidence, Goal, Milestone
from civic.plans.operations import actions, barriers, goal_content, plans
from civic.plans.operations.actions import NewAction
from civic.plans.operations.barriers import NewBarrier
from civic.plans.operations.goal_content import NewEvidence, NewMilestone
from civic.plans.operations.plans import NewGoal
from civic.plans.queries.goals import GoalRow
from civic.plans.queries.plans import my_plans
from civic.plans.rules import Domain, EvidenceKind, GoalState, OwedBy
from tests.factories.accounts import actor_of, make_person, make_staff
from tests.factories.badges import make_award
from tests.factories.plan_desk import Desk, make_desk, make_others
from tests.factories.plans import make_goal, make_paper, make_plan
from tests.factories.tenancy import make_association

Acting = Callable[[Actor], AbstractContextManager[Context]]
TODAY = date(2026, 3, 14)
MOMENT = datetime(2026, 3, 14, 9, tzinfo=UTC)
ARABIC = "أريد أن أعمل في الحدائق"


@pytest.fixture
def desk(acting: Acting) -> Desk:
    with acting(system_in()) as ctx:
        return make_desk(ctx)


@pytest.fixture
def goal_id(acting: Acting, desk: Desk) -> UUID:
    with acting(desk.worker) as ctx:
        return plans.set_goal(ctx, desk.plan_id, NewGoal(Domain.WORK, ARABIC, "ar", (PLANTING,)))


def goal_of(acting: Acting, desk: Desk) -> GoalRow:
    with acting(desk.person) as ctx:
        ((goal,),) = [page.goals for page in my_plans(ctx)]
        return goal


def test_a_goal_in_italian_stands_beside_ones_own_words(
    acting: Acting, desk: Desk, goal_id: UUID
) -> None:
    assert goal_of(acting, desk).words_it == ""
    with acting(desk.worker) as ctx:
        goal_content.write_in_italian(ctx, desk.plan_id, goal_id, "Voglio lavorare nei giardini")
    goal = goal_of(acting, desk)
    assert (goal.words, goal.words_it) == (ARABIC, "Voglio lavorare nei giardini")


def test_a_goal_said_in_italian_needs_no_second_text(acting: Acting, desk: Desk) -> None:
    with acting(desk.worker) as ctx:
        plans.set_goal(ctx, desk.plan_id, NewGoal(Domain.WORK, "Un lavoro", "it", ()))
    assert goal_of(acting, desk).words_it == "Un lavoro"


def test_the_words_of_a_closed_goal_stay_as_they_are(
    acting: Acting, desk: Desk, goal_id: UUID
) -> None:
    with acting(desk.worker) as ctx:
        plans.mark_goal(ctx, desk.plan_id, goal_id, GoalState.REACHED)
    with pytest.raises(GoalClosed), acting(desk.worker) as ctx:
        goal_content.write_in_italian(ctx, desk.plan_id, goal_id, "Altro")


def test_milestones_come_by_their_days_and_are_reached_and_taken_back(
    acting: Acting, desk: Desk, goal_id: UUID
) -> None:
    with acting(desk.worker) as ctx:
        for words, due_on in (("terzo", None), ("secondo", date(2026, 5, 1)), ("primo", TODAY)):
            goal_content.add_milestone(
                ctx, desk.plan_id, goal_id, NewMilestone(words, "it", due_on)
            )
    steps = goal_of(acting, desk).milestones
    assert [each.words for each in steps] == ["primo", "secondo", "terzo"]
    for is_reached, expected in ((True, TODAY), (True, TODAY), (False, None)):
        with acting(desk.worker) as ctx:
            goal_content.mark_milestone(
                ctx, desk.plan_id, goal_id, steps[0].id, is_reached=is_reached
            )
        assert goal_of(acting, desk).milestones[0].reached_on == expected


def test_a_paper_stands_behind_a_goal_with_level_and_day(
    acting: Acting, desk: Desk, goal_id: UUID
) -> None:
    with acting(desk.worker) as ctx:
        goal_content.put_behind(
            ctx,
            desk.plan_id,
            goal_id,
            NewEvidence(EvidenceKind.ITALIAN, "CPIA Potenza", "A2", TODAY, "Ottimo"),
        )
        goal_content.put_behind(
            ctx, desk.plan_id, goal_id, NewEvidence(EvidenceKind.DOCUMENT, "HACCP", "B1")
        )
    other, italian = sorted(goal_of(acting, desk).by_hand, key=lambda each: each.level)
    assert (italian.title, italian.level, italian.dated_on) == ("CPIA Potenza", "A2", TODAY)
    assert other.level == ""


@pytest.mark.parametrize(
    ("new", "error"),
    [
        (NewEvidence(EvidenceKind.ITALIAN, "CPIA"), LevelMissing),
        (NewEvidence(EvidenceKind.ITALIAN, "CPIA", "Z9"), LevelMissing),
        (
            NewEvidence(EvidenceKind.CONTRACT, "X", "", TODAY + timedelta(days=1)),
            EvidenceInFuture,
        ),
    ],
)
def test_a_paper_without_its_level_or_from_tomorrow_is_refused(
    acting: Acting, desk: Desk, goal_id: UUID, new: NewEvidence, error: type[Exception]
) -> None:
    with pytest.raises(error), acting(desk.worker) as ctx:
        goal_content.put_behind(ctx, desk.plan_id, goal_id, new)


def test_what_is_taken_off_stays_on_record_with_its_reason(
    acting: Acting, desk: Desk, goal_id: UUID
) -> None:
    with acting(desk.worker) as ctx:
        paper_id = goal_content.put_behind(
            ctx, desk.plan_id, goal_id, NewEvidence(EvidenceKind.DOCUMENT, "HACCP")
        )
        goal_content.take_off(ctx, desk.plan_id, goal_id, paper_id, "Era di un altro")
    goal = goal_of(acting, desk)
    assert goal.by_hand == ()
    (off,) = goal.taken_off
    assert off.by_hand is not None
    assert (off.by_hand.title, off.reason) == ("HACCP", "Era di un altro")
    with pytest.raises(TakenOffBefore), acting(desk.worker) as ctx:
        goal_content.take_off(ctx, desk.plan_id, goal_id, paper_id, "Ancora")


def test_a_badge_taken_off_does_not_come_back_by_itself(
    acting: Acting, desk: Desk, goal_id: UUID
) -> None:
    with acting(system_in(desk.city.id)) as ctx:
        garden = make_association(ctx, desk.city)
        assessor = make_staff(ctx, Role.ORGANISER, desk.city, garden)
        award_id = make_award(ctx, desk.city, garden, desk.person.own_id, assessor, "green-12")
        assert plans.attach_badge(ctx, desk.person.own_id, award_id, [PLANTING]) == 1
    goal = goal_of(acting, desk)
    with acting(desk.worker) as ctx:
        goal_content.take_off(
            ctx, desk.plan_id, goal_id, goal.evidence_ids[award_id], "Non c'entra"
        )
    with acting(system_in(desk.city.id)) as ctx:
        assert plans.attach_badge(ctx, desk.person.own_id, award_id, [PLANTING]) == 0
    goal = goal_of(acting, desk)
    assert (goal.evidence, goal.evidence_ids) == ((), {})
    assert [off.badge.award_id for off in goal.taken_off if off.badge] == [award_id]


def test_what_is_overcome_goes_below_what_still_stands_in_the_way(
    acting: Acting, desk: Desk
) -> None:
    with acting(desk.worker) as ctx:
        first = barriers.add_barrier(
            ctx, desk.plan_id, NewBarrier(Domain.WORK, "Nessun autobus", "it")
        )
        barriers.add_barrier(ctx, desk.plan_id, NewBarrier(Domain.HOUSING, "Un debito", "it"))
        for _ in range(2):
            barriers.mark_barrier(ctx, desk.plan_id, first, is_overcome=True)
    with acting(desk.person) as ctx:
        (page,) = my_plans(ctx)
    assert [(each.words, each.overcome_on) for each in page.barriers] == [
        ("Un debito", None),
        ("Nessun autobus", TODAY),
    ]


def test_the_same_form_sent_twice_makes_one(acting: Acting, desk: Desk, goal_id: UUID) -> None:
    ids = [uuid4() for _ in range(5)]
    for _ in range(2):
        with acting(desk.worker) as ctx:
            plan = desk.plan_id
            plans.set_goal(ctx, plan, NewGoal(Domain.WORK, "Due", "it", (), id=ids[0]))
            actions.add_action(ctx, plan, NewAction(OwedBy.PERSON, "Fare", "it", id=ids[1]))
            goal_content.add_milestone(ctx, plan, goal_id, NewMilestone("Passo", "it", id=ids[2]))
            goal_content.put_behind(
                ctx, plan, goal_id, NewEvidence(EvidenceKind.OTHER, "Carta", id=ids[3])
            )
            barriers.add_barrier(ctx, plan, NewBarrier(Domain.WORK, "Muro", "it", id=ids[4]))
    with acting(desk.person) as ctx:
        (page,) = my_plans(ctx)
    counts = (
        len(page.goals),
        len(page.actions),
        len(page.goals[0].milestones),
        len(page.goals[0].by_hand),
        len(page.barriers),
    )
    assert counts == (2, 1, 1, 1, 1)


def test_an_id_of_somebody_elses_thing_makes_nothing_and_tells_nothing(
    acting: Acting, desk: Desk, goal_id: UUID
) -> None:
    with acting(system_in(desk.city.id)) as ctx:
        other = make_plan(ctx, desk.city, make_person(ctx, "Oleh", desk.city), desk.worker.own_id)
        theirs = make_goal(ctx, desk.city, other)
        paper = make_paper(ctx, desk.city, theirs)
    tries = (
        lambda ctx: plans.set_goal(
            ctx, desk.plan_id, NewGoal(Domain.WORK, "X", "it", (), id=theirs)
        ),
        lambda ctx: goal_content.put_behind(
            ctx, desk.plan_id, goal_id, NewEvidence(EvidenceKind.OTHER, "X", id=paper)
        ),
        lambda ctx: goal_content.take_off(ctx, desk.plan_id, goal_id, paper, "X"),
        lambda ctx: goal_content.add_milestone(ctx, desk.plan_id, theirs, NewMilestone("X", "it")),
        lambda ctx: barriers.mark_barrier(ctx, desk.plan_id, theirs, is_overcome=True),
    )
    for attempt in tries:
        with pytest.raises(NotFound), acting(desk.worker) as ctx:
            attempt(ctx)


def test_nobody_else_writes_on_a_goal(acting: Acting, desk: Desk, goal_id: UUID) -> None:
    with acting(system_in(desk.city.id)) as ctx:
        others = [actor_of(ctx, each) for each in make_others(ctx, desk).values()]
    for other in (*others, desk.person):
        for attempt in (
            lambda ctx: goal_content.read_goal(ctx, desk.plan_id, goal_id),
            lambda ctx: goal_content.write_in_italian(ctx, desk.plan_id, goal_id, "X"),
            lambda ctx: barriers.add_barrier(ctx, desk.plan_id, NewBarrier(Domain.WORK, "X", "it")),
        ):
            with pytest.raises(NotFound), acting(other) as ctx:
                attempt(ctx)


def test_the_trail_says_of_which_thing_and_never_its_words(
    acting: Acting, desk: Desk, goal_id: UUID
) -> None:
    with acting(desk.worker) as ctx:
        goal_content.write_in_italian(ctx, desk.plan_id, goal_id, "parole segrete")
        goal_content.add_milestone(ctx, desk.plan_id, goal_id, NewMilestone("parole segrete", "it"))
        barriers.add_barrier(ctx, desk.plan_id, NewBarrier(Domain.WORK, "parole segrete", "it"))
    with acting(system_in(desk.city.id)) as ctx:
        lines = ctx.db.scalars(select(AuditEntry)).all()
    assert {"written_in_italian", "set"} <= {line.details.get("what") for line in lines}
    assert not any("segrete" in str(line.details) for line in lines)


def test_a_person_takes_all_of_it_away(acting: Acting, desk: Desk, goal_id: UUID) -> None:
    with acting(desk.worker) as ctx:
        goal_content.write_in_italian(ctx, desk.plan_id, goal_id, "In italiano")
        goal_content.add_milestone(ctx, desk.plan_id, goal_id, NewMilestone("Passo", "it"))
        paper = goal_content.put_behind(
            ctx, desk.plan_id, goal_id, NewEvidence(EvidenceKind.OTHER, "Carta")
        )
        goal_content.take_off(ctx, desk.plan_id, goal_id, paper, "Perché sì")
        barriers.add_barrier(ctx, desk.plan_id, NewBarrier(Domain.WORK, "Muro", "it"))
    with acting(desk.person) as ctx:
        taken = str(privacy.export(ctx, desk.person.own_id))
    for words in ("In italiano", "Passo", "Carta", "Perché sì", "Muro"):
        assert words in taken


def test_the_database_takes_evidence_by_badge_or_by_hand_only(
    acting: Acting, desk: Desk, goal_id: UUID
) -> None:
    neither = Evidence(
        id=uuid4(), municipality_id=desk.city.id, goal_id=goal_id, attached_at=MOMENT
    )
    with acting(desk.worker) as ctx:
        ctx.db.add(neither)
        with pytest.raises(IntegrityError):
            ctx.db.flush()
        ctx.db.rollback()


def test_what_hangs_on_a_goal_goes_with_it(acting: Acting, desk: Desk, goal_id: UUID) -> None:
    with acting(desk.worker) as ctx:
        goal_content.add_milestone(ctx, desk.plan_id, goal_id, NewMilestone("Passo", "it"))
        ctx.db.delete(ctx.db.get_one(Goal, goal_id))
        ctx.db.flush()
        assert ctx.db.scalars(select(Milestone)).all() == []
        assert ctx.db.scalars(select(Barrier)).all() == []
