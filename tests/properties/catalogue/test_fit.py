"""The quick ranking of many is the plain one of each."""

from datetime import timedelta
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from civic.accounts.rules import youngest_age
from civic.catalogue.facets import CityFacets, best_first
from civic.catalogue.finding import Spot
from civic.catalogue.fit import Facets, Rank, Wishes, score
from civic.catalogue.rules import Area, Filters, Requirement, RequirementKind
from civic.kernel.clock import rome_day
from tests.factories.wishes import CASERTA, NOW, POTENZA, facets

TAGS = st.sampled_from(["it", "en", "bn", "ar"])
SKILLS = st.sampled_from(["prune", "paint", "listen"])
REQUIREMENTS = st.builds(Requirement, st.sampled_from(RequirementKind), SKILLS)
SPOTS = st.builds(Spot, st.floats(40.4, 40.9), st.floats(15.5, 16.1))
CITIES = st.sampled_from([POTENZA, CASERTA])


@st.composite
def many_facets(draw: st.DrawFn) -> list[Facets]:
    return [
        facets(
            number,
            municipality_id=draw(CITIES),
            area=draw(st.sampled_from(Area)),
            minimum_age=draw(st.integers(14, 21)),
            languages=draw(st.frozensets(TAGS)),
            slots=draw(st.frozensets(st.integers(0, 20), max_size=3)),
            skills=draw(st.frozensets(SKILLS)),
            requirements=draw(st.frozensets(REQUIREMENTS, max_size=2)),
            needs_no_italian=draw(st.booleans()),
            point=draw(st.none() | SPOTS),
            next_starts_at=NOW + timedelta(hours=draw(st.integers(1, 5))),
        )
        for number in range(draw(st.integers(0, 25)))
    ]


WISHES = st.builds(
    Wishes,
    languages=st.lists(TAGS, unique=True).map(tuple),
    free=st.frozensets(st.integers(0, 20), max_size=6),
    skills=st.frozensets(SKILLS),
    areas=st.frozensets(st.sampled_from(Area)),
    held=st.frozensets(REQUIREMENTS),
    birth_year=st.none() | st.integers(2004, 2012),
    cities=st.frozensets(CITIES),
    near=st.none() | SPOTS,
    hidden=st.frozensets(st.integers(1000, 1030).map(lambda number: UUID(int=number)), max_size=3),
)


def plainly(rows: list[Facets], wishes: Wishes) -> list[Rank]:
    """One after the other, as the rules say it."""
    year = wishes.birth_year
    listed = [
        row
        for row in rows
        if row.project_id not in wishes.hidden
        and (year is None or row.minimum_age <= youngest_age(year, rome_day(NOW)))
    ]
    ranks = [Rank(score(row, wishes), row.next_starts_at, row.project_id) for row in listed]
    return sorted(ranks, key=lambda rank: rank.order)


def quickly(rows: list[Facets], wishes: Wishes, after: Rank | None = None) -> list[Rank]:
    cities = [
        CityFacets(row for row in rows if row.municipality_id == city)
        for city in (POTENZA, CASERTA)
    ]
    groups = [(city, city.ranked(wishes, NOW, city.within(Filters()))) for city in cities]
    return [rank for rank, _ in best_first(groups, after)]


@settings(max_examples=300, deadline=None)
@given(rows=many_facets(), wishes=WISHES)
def test_ranking_all_at_once_is_ranking_each(rows: list[Facets], wishes: Wishes) -> None:
    assert quickly(rows, wishes) == plainly(rows, wishes)


@settings(max_examples=150, deadline=None)
@given(rows=many_facets(), wishes=WISHES)
def test_a_page_after_any_project_goes_on_right_behind_it(
    rows: list[Facets], wishes: Wishes
) -> None:
    whole = plainly(rows, wishes)
    for number, rank in enumerate(whole):
        assert quickly(rows, wishes, rank) == whole[number + 1 :]
