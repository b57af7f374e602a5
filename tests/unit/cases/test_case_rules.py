"""States, screening, who may: decided from values alone."""

from itertools import product

import pytest

from civic.cases.access import (
    NEEDS_ROLE,
    TABLE,
    Access,
    CaseRole,
    Data,
    access_of,
    emergency_role,
    is_backed,
    only_reading,
)
from civic.cases.screening import GROUNDS, Urgency, screened
from civic.cases.sections import SECTIONS, empty_of
from civic.cases.states import MOVES, CaseState, may_move
from civic.kernel.policy import Role

ALLOWED = {
    ("contact", "intake"), ("contact", "closed"),
    ("intake", "in_charge"), ("intake", "closed"),
    ("in_charge", "suspended"), ("in_charge", "closed"),
    ("suspended", "in_charge"), ("suspended", "closed"),
    ("closed", "reopened"),
    ("reopened", "suspended"), ("reopened", "closed"),
}  # fmt: skip


def test_a_case_takes_the_allowed_moves_alone() -> None:
    for before, after in product(CaseState, CaseState):
        assert may_move(before, after) is ((before.value, after.value) in ALLOWED)
    assert set(MOVES) == set(CaseState)


def test_roles_add_up_and_none_takes_away() -> None:
    for one, other in product(CaseRole, CaseRole):
        both = access_of([one, other])
        assert all(both[data] == max(TABLE[one][data], TABLE[other][data]) for data in Data)
    assert set(access_of([]).values()) == {Access.NONE}


def test_in_an_emergency_nothing_is_written() -> None:
    for role in CaseRole:
        assert Access.WRITE not in only_reading(access_of([role])).values()


def test_the_seal_of_a_discipline_opens_to_that_discipline_alone() -> None:
    sealed = {Data.HEALTH: CaseRole.PSYCHOLOGIST, Data.LEGAL_ADVICE: CaseRole.LEGAL_ADVISER}
    for data, owner in sealed.items():
        assert [role for role in CaseRole if TABLE[role][data] >= Access.READ] == [owner]
    assert is_backed(CaseRole.PSYCHOLOGIST, Role.CASE_WORKER, "psychologist")
    assert not is_backed(CaseRole.PSYCHOLOGIST, Role.CASE_WORKER, "social_worker")
    assert not is_backed(CaseRole.PSYCHOLOGIST, Role.CASE_WORKER, None)


@pytest.mark.parametrize("held", list(Role))
def test_an_emergency_opens_what_one_s_own_trade_reads(held: Role) -> None:
    role = emergency_role(held, None)
    assert role is None or NEEDS_ROLE[role] is held
    if held in (Role.ADMINISTRATOR, Role.COORDINATOR, Role.OFFICER, Role.DATA_PROTECTION):
        assert role is None


def test_a_psychologist_enters_an_emergency_as_one_and_nobody_else_does() -> None:
    assert emergency_role(Role.CASE_WORKER, "psychologist") is CaseRole.PSYCHOLOGIST
    assert emergency_role(Role.CASE_WORKER, "legal_adviser") is CaseRole.LEGAL_ADVISER
    assert emergency_role(Role.CASE_WORKER, "educator") is CaseRole.CASE_LEAD


@pytest.mark.parametrize("ground", [ground for ground in GROUNDS if ground.points >= 4])
def test_somebody_in_grave_danger_is_seen_today(ground: object) -> None:
    found = screened({ground.name: "yes"})  # type: ignore[attr-defined]
    assert found.urgency is Urgency.NOW
    assert [each.name for each in found.grounds] == [ground.name]  # type: ignore[attr-defined]


def test_the_score_is_the_sum_of_its_reasons() -> None:
    answers = {"homeless": "yes", "illness": "yes", "violence": "no"}
    found = screened(answers)
    assert found.score == sum(ground.points for ground in found.grounds) == 5
    assert found.urgency is Urgency.SOON


def test_what_nobody_asked_is_not_the_same_as_a_no() -> None:
    assert screened({}).urgency is Urgency.WATCH
    all_no = {ground.name: "no" for ground in GROUNDS}
    assert screened(all_no).urgency is Urgency.NONE
    assert screened(all_no).unknown == ()
    assert screened({**all_no, "violence": "unknown"}).unknown == ("violence",)


def test_every_kind_of_data_but_the_plan_has_a_part_of_the_file() -> None:
    assert set(SECTIONS) == set(Data) - {Data.PLAN}
    for data in SECTIONS:
        assert set(empty_of(data)) == {field.name for field in SECTIONS[data].fields}


def test_every_ground_of_the_screening_is_asked() -> None:
    asked = {field.name for field in SECTIONS[Data.PROTECTION].fields}
    assert {ground.name for ground in GROUNDS} <= asked
