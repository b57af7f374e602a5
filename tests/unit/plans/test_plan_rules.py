from uuid import UUID

from civic.kernel.policy import Actor, Grant, Place, Role
from civic.plans.policy import READ_OWN_PLAN, WORK_ON_PLANS
from civic.plans.rules import DOMAIN_NAMES, STATE_NAMES, Domain, GoalState, supports

POTENZA, CASERTA, PERSON, OTHER = (UUID(int=number) for number in range(1, 5))


def test_one_skill_in_common_makes_a_badge_evidence() -> None:
    assert supports(["prune", "plant"], ["plant", "team"])


def test_a_goal_that_asks_for_no_skill_takes_no_badge() -> None:
    assert not supports([], ["plant"])
    assert not supports(["prune"], [])
    assert not supports(["prune"], ["plant"])


def test_every_domain_and_state_has_a_name() -> None:
    assert set(DOMAIN_NAMES) == set(Domain)
    assert set(STATE_NAMES) == set(GoalState)


def test_only_case_workers_work_on_plans_and_only_in_their_city() -> None:
    case_worker = Actor(PERSON, grants=(Grant(Role.CASE_WORKER, POTENZA),))
    assert WORK_ON_PLANS.allows(case_worker, Place(POTENZA))
    assert not WORK_ON_PLANS.allows(case_worker, Place(CASERTA))
    for role in set(Role) - {Role.CASE_WORKER}:
        assert not WORK_ON_PLANS.allows(Actor(PERSON, grants=(Grant(role, POTENZA),)))


def test_a_person_reads_their_own_plan_only() -> None:
    assert READ_OWN_PLAN.allows(Actor(PERSON), Place(person_id=PERSON))
    assert not READ_OWN_PLAN.allows(Actor(PERSON), Place(person_id=OTHER))
