"""A badge looked at again: the person hears that it is, and how it ended."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from sqlalchemy import select

from civic.badges import operations, reviewed
from civic.kernel.context import Context
from civic.kernel.policy import Actor, Role, system_in
from civic.notifications.models import Message
from tests.factories.accounts import actor_of, make_person, make_staff
from tests.factories.badges import correct_line, make_award, work_hours
from tests.factories.tenancy import make_association, make_city

Acting = Callable[[Actor], AbstractContextManager[Context]]


@pytest.mark.parametrize(
    ("keep", "expected"),
    [(True, ["badge_looked_at", "badge_kept"]), (False, ["badge_looked_at", "badge_withdrawn"])],
)
def test_the_person_is_told_once_that_it_is_looked_at_and_once_how_it_ended(
    acting: Acting, drain: Callable[[], int], keep: bool, expected: list[str]
) -> None:
    with acting(system_in()) as ctx:
        city = make_city(ctx)
        body = make_association(ctx, city)
        assessor = actor_of(ctx, make_staff(ctx, Role.ORGANISER, city, body))
        person_id = make_person(ctx, "Amina", city, phone="+393331112233", page_language="it")
        sessions = work_hours(ctx, city, body, person_id)
        make_award(ctx, city, body, person_id, assessor.own_id)
        correct_line(ctx, sessions[0], person_id, 60)
    for _ in range(2):
        with acting(system_in(city.id)) as ctx:
            operations.look_again(ctx, person_id, city.id)
        drain()
    with acting(assessor) as ctx:
        (review,) = reviewed.open_reviews(ctx)
        operations.decide_review(ctx, review.id, keep=keep, reason="Motivo segreto")
    drain()
    with acting(system_in()) as ctx:
        told = ctx.db.scalars(select(Message).order_by(Message.created_at, Message.kind)).all()
        assert sorted(row.kind.value for row in told) == sorted(expected)
        assert all("Cura del verde" in row.body for row in told)
        assert not any("segreto" in row.body for row in told)
