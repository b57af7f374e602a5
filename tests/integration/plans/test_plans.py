"""Plans: opened with the person's agreement, read by two people, fed by badges."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from uuid import UUID

import pytest
from sqlalchemy import func, select

from civic.attendance.models import Pass
from civic.audit.models import AuditEntry
from civic.badges import operations as badges
from civic.badges.startup import PAINTING, PLANTING, STARTUP
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.policy import Actor, Role, system_in
from civic.plans import privacy
from civic.plans.errors import (
    AgreementMissing,
    CityNotYours,
    CodeUnknown,
    GoalClosed,
    PlanElsewhere,
)
from civic.plans.models import Evidence, Plan
from civic.plans.operations import plans as operations
from civic.plans.operations.plans import NewGoal
from civic.plans.policy import WORK_ON_PLANS
from civic.plans.queries.desk import own_plans
from civic.plans.queries.gate import plan_for
from civic.plans.queries.plans import my_plans
from civic.plans.rules import Domain, GoalState
from civic.tenancy.queries.standings import AssociationRow, City
from tests.factories.accounts import actor_of, make_person, make_staff
from tests.factories.badges import make_award, make_proposal, work_hours
from tests.factories.plans import make_goal, make_plan
from tests.factories.tenancy import make_association, make_city

Acting = Callable[[Actor], AbstractContextManager[Context]]
GREEN_12 = next(a for a in STARTUP if a.code == "green-12")
CODE = "AC4D7E"


@dataclass(frozen=True)
class Town:
    city: City
    gardeners: AssociationRow
    organiser: Actor
    worker: Actor
    amina: Actor


def person(actor: Actor) -> UUID:
    assert actor.person_id is not None
    return actor.person_id


@pytest.fixture
def town(acting: Acting) -> Town:
    with acting(system_in()) as ctx:
        city = make_city(ctx)
        gardeners = make_association(ctx, city)
        organiser = make_staff(ctx, Role.ORGANISER, city, gardeners, "Rosa")
        worker = make_staff(ctx, Role.CASE_WORKER, city, name="Giulia")
        amina = make_person(ctx, "Amina", city)
        ctx.db.add(
            Pass(
                id=ctx.new_id(),
                municipality_id=city.id,
                person_id=amina,
                token_hash="0" * 64,
                short_code=CODE,
                issued_at=ctx.now(),
            )
        )
        ctx.db.flush()
        return Town(city, gardeners, *(actor_of(ctx, who) for who in (organiser, worker, amina)))


def planned(acting: Acting, town: Town) -> UUID:
    with acting(system_in(town.city.id)) as ctx:
        return make_plan(ctx, town.city, person(town.amina), person(town.worker))


def trail(ctx: Context) -> list[str]:
    return list(ctx.db.scalars(select(AuditEntry.action).order_by(AuditEntry.number)))


def test_a_plan_begins_with_the_code_and_the_persons_word(acting: Acting, town: Town) -> None:
    with acting(town.worker) as ctx:
        plan_id = operations.open_plan(ctx, town.city.id, "ac4d 7e", agreed=True)
        plan = ctx.db.get_one(Plan, plan_id)
        assert plan.person_id == person(town.amina)
        assert plan.agreed_at == ctx.now()
        assert "plan.opened" in trail(ctx)


def test_without_agreement_nothing_is_opened(acting: Acting, town: Town) -> None:
    with pytest.raises(AgreementMissing), acting(town.worker) as ctx:
        operations.open_plan(ctx, town.city.id, CODE, agreed=False)


def test_a_code_nobody_has_opens_nothing(acting: Acting, town: Town) -> None:
    with pytest.raises(CodeUnknown), acting(town.worker) as ctx:
        operations.open_plan(ctx, town.city.id, "XXXXXX", agreed=True)


def test_a_case_worker_opens_plans_in_their_own_city_alone(acting: Acting, town: Town) -> None:
    with acting(system_in()) as ctx:
        caserta = make_city(ctx, "caserta")
        away = actor_of(ctx, make_staff(ctx, Role.CASE_WORKER, caserta))
    with pytest.raises(CityNotYours), acting(away) as ctx:
        operations.open_plan(ctx, town.city.id, CODE, agreed=True)
    with pytest.raises(CodeUnknown), acting(away) as ctx:
        operations.open_plan(ctx, caserta.id, CODE, agreed=True)


def test_opening_twice_leads_to_the_same_plan(acting: Acting, town: Town) -> None:
    with acting(town.worker) as ctx:
        first = operations.open_plan(ctx, town.city.id, CODE, agreed=True)
    with acting(town.worker) as ctx:
        assert operations.open_plan(ctx, town.city.id, CODE, agreed=True) == first


def test_a_colleague_cannot_open_a_second_plan(acting: Acting, town: Town) -> None:
    planned(acting, town)
    with acting(system_in(town.city.id)) as ctx:
        colleague = actor_of(ctx, make_staff(ctx, Role.CASE_WORKER, town.city))
    with pytest.raises(PlanElsewhere), acting(colleague) as ctx:
        operations.open_plan(ctx, town.city.id, CODE, agreed=True)


def test_each_reading_leaves_a_line_in_the_trail(acting: Acting, town: Town) -> None:
    plan_id = planned(acting, town)
    for _ in range(2):
        with acting(town.worker) as ctx:
            assert operations.read_plan(ctx, plan_id).person_name == "Amina"
    with acting(town.worker) as ctx:
        assert trail(ctx) == ["plan.read", "plan.read"]
        line = ctx.db.scalars(select(AuditEntry)).first()
        assert line is not None
        assert (line.actor_id, line.subject_id) == (person(town.worker), person(town.amina))


def test_nobody_else_finds_the_plan(acting: Acting, town: Town) -> None:
    plan_id = planned(acting, town)
    with acting(system_in(town.city.id)) as ctx:
        goal_id = make_goal(ctx, town.city, plan_id)
        caserta = make_city(ctx, "caserta")
        strangers = [
            actor_of(ctx, make_staff(ctx, Role.CASE_WORKER, town.city)),
            actor_of(ctx, make_staff(ctx, Role.CASE_WORKER, caserta)),
            actor_of(ctx, make_staff(ctx, Role.OFFICER, town.city)),
            actor_of(ctx, make_staff(ctx, Role.COORDINATOR)),
            actor_of(ctx, make_staff(ctx, Role.ADMINISTRATOR)),
            town.organiser,
            town.amina,
        ]
    goal = NewGoal(Domain.WORK, "x", "it", ())
    for stranger in strangers:
        with pytest.raises(NotFound), acting(stranger) as ctx:
            operations.read_plan(ctx, plan_id)
        with pytest.raises(NotFound), acting(stranger) as ctx:
            operations.set_goal(ctx, plan_id, goal)
        with pytest.raises(NotFound), acting(stranger) as ctx:
            operations.mark_goal(ctx, plan_id, goal_id, GoalState.REACHED)
        with acting(stranger) as ctx:
            assert own_plans(ctx) == []


def test_a_case_worker_who_left_the_role_no_longer_finds_it(acting: Acting, town: Town) -> None:
    plan_id = planned(acting, town)
    former = Actor(person(town.worker), municipalities=town.worker.municipalities)
    with pytest.raises(NotFound), acting(former) as ctx:
        plan_for(ctx, plan_id, WORK_ON_PLANS)


def test_a_goal_is_marked_once_and_can_be_taken_up_again(acting: Acting, town: Town) -> None:
    plan_id = planned(acting, town)
    with acting(town.worker) as ctx:
        goal_id = operations.set_goal(
            ctx, plan_id, NewGoal(Domain.ITALIAN, "أريد أن أتكلم الإيطالية", "ar", ())
        )
    with acting(town.worker) as ctx:
        operations.mark_goal(ctx, plan_id, goal_id, GoalState.REACHED)
    with pytest.raises(GoalClosed), acting(town.worker) as ctx:
        operations.mark_goal(ctx, plan_id, goal_id, GoalState.DROPPED)
    with acting(town.worker) as ctx:
        assert own_plans(ctx)[0].reached_goals == 1
        operations.mark_goal(ctx, plan_id, goal_id, GoalState.OPEN)
        assert own_plans(ctx)[0].open_goals == 1
        assert trail(ctx) == ["plan.changed"] * 3


def test_a_goal_of_another_plan_is_not_marked(acting: Acting, town: Town) -> None:
    plan_id = planned(acting, town)
    with acting(system_in(town.city.id)) as ctx:
        other = make_person(ctx, "Other", town.city)
        other_plan = make_plan(ctx, town.city, other, person(town.worker))
        goal_id = make_goal(ctx, town.city, other_plan)
    with pytest.raises(NotFound), acting(town.worker) as ctx:
        operations.mark_goal(ctx, plan_id, goal_id, GoalState.REACHED)


def test_an_awarded_badge_stands_behind_each_goal_it_supports(
    acting: Acting, town: Town, drain: Callable[[], int]
) -> None:
    plan_id = planned(acting, town)
    with acting(system_in(town.city.id)) as ctx:
        make_goal(ctx, town.city, plan_id, "gardener", skills=[PLANTING])
        make_goal(ctx, town.city, plan_id, "painter", skills=[PAINTING])
        make_goal(ctx, town.city, plan_id, "given up", skills=[PLANTING], state=GoalState.DROPPED)
        work_hours(ctx, town.city, town.gardeners, person(town.amina))
        proposal_id = make_proposal(ctx, town.city, town.gardeners, person(town.amina))
    with acting(town.organiser) as ctx:
        badges.confirm(ctx, proposal_id, GREEN_12.skills)
    drain()
    drain()
    with acting(town.amina) as ctx:
        (page,) = my_plans(ctx)
    behind = {goal.words: [b.achievement.code for b in goal.evidence] for goal in page.goals}
    assert behind == {"gardener": ["green-12"], "painter": [], "given up": []}


def test_the_same_badge_told_twice_is_evidence_once(acting: Acting, town: Town) -> None:
    plan_id = planned(acting, town)
    with acting(system_in(town.city.id)) as ctx:
        make_goal(ctx, town.city, plan_id, skills=[PLANTING])
        award_id = make_award(
            ctx, town.city, town.gardeners, person(town.amina), person(town.organiser)
        )
        for expected in (1, 0):
            attached = operations.attach_badge(ctx, person(town.amina), award_id, [PLANTING])
            assert attached == expected
        assert ctx.db.scalar(select(func.count()).select_from(Evidence)) == 1


def test_a_badge_of_one_city_stays_out_of_the_plan_of_another(acting: Acting, town: Town) -> None:
    with acting(system_in()) as ctx:
        caserta = make_city(ctx, "caserta")
        away = make_staff(ctx, Role.CASE_WORKER, caserta)
        plan_id = make_plan(ctx, caserta, person(town.amina), away)
        make_goal(ctx, caserta, plan_id, skills=[PLANTING])
        award_id = make_award(
            ctx, town.city, town.gardeners, person(town.amina), person(town.organiser)
        )
    with acting(system_in(town.city.id)) as ctx:
        assert operations.attach_badge(ctx, person(town.amina), award_id, [PLANTING]) == 0


def test_a_new_goal_picks_up_the_badges_already_held(acting: Acting, town: Town) -> None:
    plan_id = planned(acting, town)
    with acting(system_in(town.city.id)) as ctx:
        make_award(ctx, town.city, town.gardeners, person(town.amina), person(town.organiser))
    with acting(town.worker) as ctx:
        operations.set_goal(ctx, plan_id, NewGoal(Domain.WORK, "gardener", "en", (PLANTING,)))
        page = operations.read_plan(ctx, plan_id)
    assert [badge.achievement.code for badge in page.goals[0].evidence] == ["green-12"]


def test_a_person_takes_their_plan_away_and_nobody_else_does(acting: Acting, town: Town) -> None:
    plan_id = planned(acting, town)
    with acting(system_in(town.city.id)) as ctx:
        make_goal(ctx, town.city, plan_id, "gardener", language="en")
    with acting(town.amina) as ctx:
        (taken,) = privacy.export(ctx, person(town.amina))["plans"]
    assert taken["case_worker"] == "Giulia"
    assert taken["goals"][0]["words"] == "gardener"
    with pytest.raises(NotFound), acting(town.worker) as ctx:
        privacy.export(ctx, person(town.amina))
