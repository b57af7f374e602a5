from civic.badges.rules import Rule
from civic.badges.startup import STARTUP
from civic.catalogue.rules import Area
from civic.catalogue.skills import SKILLS

CHAINSAWS = "8a1942a8-bebd-4cc5-bdff-fe215aaa3de5"


def test_each_area_has_a_badge_for_twelve_hours_and_one_for_forty() -> None:
    for area in Area:
        asked = [(a.level, a.minutes, a.sessions) for a in STARTUP if a.area is area]
        assert asked == [(1, 720, 4), (2, 2400, 12)]


def test_the_first_day_counts_in_any_area() -> None:
    asked = {a.code: (a.minutes, a.sessions) for a in STARTUP if a.area is None}
    assert asked["first-day"] == (0, 1)
    assert set(asked) == {"first-day", "reliable", "italian", "team"}


def test_what_an_assessor_must_have_seen_is_a_skill_of_the_badge() -> None:
    for achievement in STARTUP:
        rule = Rule.of(
            {"minutes": achievement.minutes, "sessions": achievement.sessions, **achievement.more},
            achievement.area,
        )
        assert {skill for skill, _least in rule.ratings} <= set(achievement.skills)


def test_badges_show_skills_of_their_area_or_of_every_area() -> None:
    for achievement in STARTUP:
        assert achievement.skills
        for skill in achievement.skills:
            assert SKILLS[skill].area in (achievement.area, None)


def test_no_badge_for_a_few_saturdays_claims_chainsaws() -> None:
    assert not any(CHAINSAWS in achievement.skills for achievement in STARTUP)


def test_a_higher_level_shows_all_that_the_lower_one_shows() -> None:
    for area in Area:
        lower, higher = (set(a.skills) for a in STARTUP if a.area is area)
        assert lower < higher
