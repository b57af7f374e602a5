"""Projects by their distance from a place, each by its next session that fits.

Few that match are all measured. Of many, those in a box around the place are: the smallest of a
row of boxes that holds enough for a page. Distances are compared as squares
of degrees, with degrees of longitude shortened as they are at the place: exact enough to choose by
in one country, and both databases can compute it.
"""

from functools import lru_cache
from typing import Any

from sqlalchemy import (
    Float,
    Subquery,
    Uuid,
    and_,
    bindparam,
    case,
    func,
    literal,
    literal_column,
    or_,
    select,
)

from civic.catalogue.finding import NearCursor, Spot
from civic.catalogue.models import ProjectSearch
from civic.catalogue.queries.candidates import (
    KEPT,
    Asked,
    Candidates,
    Condition,
    few_that_match,
    limited,
    many_that_match,
    next_session,
)

BOXES = (0.006, 0.015, 0.04, 0.1, 0.3, 1.0)
"""Half of the height of each, in degrees: from some 700 metres to 110 kilometres."""
EVERYWHERE = 400.0


def around(spot: Spot, after: NearCursor | None) -> dict[str, Any]:
    """Parameters of the statement below."""
    asked: dict[str, Any] = {
        "latitude": spot.latitude,
        "longitude": spot.longitude,
        "narrowing": spot.narrowing,
    }
    return asked | ({"after_squared": after.squared, "after_project": after.id} if after else {})


@lru_cache(maxsize=KEPT)
def nearest(asked: Asked) -> Subquery:
    """Sessions with the square of their distance; one a project, and one more than the page."""
    squared, following = _squared(), next_session(asked, "id")
    statement = select(following, squared.label("squared")).where(
        ProjectSearch.latitude.is_not(None), following.element.is_not(None)
    )
    if asked.is_after:
        statement = statement.where(_is_farther())
    if not asked.has_many:
        statement = statement.where(*few_that_match(asked))
    elif asked.has_city:
        # All of a city are measured: from far away no box would hold any of them.
        statement = statement.where(*many_that_match(asked))
    else:
        reach = _reach(asked).cte("reach")
        statement = statement.join(reach, literal(True)).where(
            *_in_box(reach.c.degrees), *many_that_match(asked)
        )
    return limited(statement.order_by(squared, ProjectSearch.project_id), asked)


def _squared() -> Any:
    north = ProjectSearch.latitude - bindparam("latitude", type_=Float)
    east = (ProjectSearch.longitude - bindparam("longitude", type_=Float)) * bindparam(
        "narrowing", type_=Float
    )
    return north * north + east * east


def _is_farther() -> Condition:
    squared, least = _squared(), bindparam("after_squared", type_=Float)
    row = bindparam("after_project", type_=Uuid)
    return or_(squared > least, and_(squared == least, ProjectSearch.project_id > row))


def _in_box(degrees: Any) -> tuple[Condition, ...]:
    """What the index of places seeks to, and then the circle in it."""
    latitude = bindparam("latitude", type_=Float)
    longitude = bindparam("longitude", type_=Float)
    width = degrees / bindparam("narrowing", type_=Float)
    return (
        ProjectSearch.latitude.between(latitude - degrees, latitude + degrees),
        ProjectSearch.longitude.between(longitude - width, longitude + width),
        _squared() <= degrees * degrees,
    )


def _reach(asked: Asked) -> Candidates:
    """How far to look; boxes after the first that holds enough are not looked into."""
    enough = [
        (
            select(func.count()).select_from(_within(degrees, asked)).scalar_subquery()
            >= literal_column(str(asked.limit)),
            literal_column(str(degrees), Float),
        )
        for degrees in BOXES
    ]
    return select(case(*enough, else_=literal_column(str(EVERYWHERE), Float)).label("degrees"))


def _within(degrees: float, asked: Asked) -> Subquery:
    statement = select(ProjectSearch.number).where(
        *_in_box(literal_column(str(degrees), Float)), *many_that_match(asked)
    )
    if asked.is_after:
        statement = statement.where(_is_farther())
    return limited(statement.where(next_session(asked, "id").element.is_not(None)), asked)
