from hypothesis import given
from hypothesis import strategies as st

from civic.catalogue.skills import SKILLS
from civic.plans.rules import supports

skills = st.lists(st.sampled_from(sorted(SKILLS)), unique=True)


@given(skills, skills)
def test_order_and_side_do_not_matter(goal: list[str], badge: list[str]) -> None:
    assert supports(goal, badge) == supports(badge, goal) == supports(goal[::-1], badge[::-1])


@given(skills, skills, skills)
def test_a_badge_with_more_skills_supports_at_least_as_much(
    goal: list[str], badge: list[str], more: list[str]
) -> None:
    if supports(goal, badge):
        assert supports(goal, badge + more)
