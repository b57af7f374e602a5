from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from civic.badges.rules import Grounds, Rule, Worked, earned, missing, nearness, tally
from civic.catalogue.rules import Area

lines = st.lists(
    st.builds(Worked, st.sampled_from(Area), st.integers(min_value=0, max_value=960)), max_size=30
)
rules = st.builds(
    Rule,
    minutes=st.integers(min_value=0, max_value=3000),
    sessions=st.integers(min_value=1, max_value=15),
    area=st.none() | st.sampled_from(Area),
)


@given(rules, lines, st.randoms())
def test_the_order_of_the_lines_never_matters(rule: Rule, worked: list[Worked], random) -> None:  # type: ignore[no-untyped-def]
    shuffled = list(worked)
    random.shuffle(shuffled)
    assert missing(rule, Grounds(shuffled)) == missing(rule, Grounds(worked))


@given(rules, lines, lines)
def test_more_hours_never_take_a_badge_away(
    rule: Rule, worked: list[Worked], more: list[Worked]
) -> None:
    if earned(rule, Grounds(worked)):
        assert earned(rule, Grounds(worked + more))
    assert nearness(rule, Grounds(worked + more)) >= nearness(rule, Grounds(worked))


@given(rules, lines)
def test_done_and_missing_make_what_is_asked(rule: Rule, worked: list[Worked]) -> None:
    have, lack = tally(rule, Grounds(worked)), missing(rule, Grounds(worked))
    assert have.minutes + lack.minutes >= rule.minutes
    assert have.sessions + lack.sessions >= rule.sessions
    assert (
        earned(rule, Grounds(worked)) == lack.is_nothing == (nearness(rule, Grounds(worked)) == 100)
    )


@given(rules, lines)
def test_doing_what_is_missing_earns_the_badge(rule: Rule, worked: list[Worked]) -> None:
    lack = missing(rule, Grounds(worked))
    area = rule.area or Area.GREEN
    assert earned(rule, Grounds([*worked, *_worked(area, lack.minutes, lack.sessions)]))


def _worked(area: Area, minutes: int, sessions: int) -> Sequence[Worked]:
    if minutes == sessions == 0:
        return []
    number = max(1, sessions)
    return [Worked(area, max(1, -(-minutes // number))) for _ in range(number)]


@given(rules, lines)
def test_lines_of_another_area_change_nothing(rule: Rule, worked: list[Worked]) -> None:
    own = [line for line in worked if rule.area in (None, line.area)]
    assert tally(rule, Grounds(own)) == tally(rule, Grounds(worked))
