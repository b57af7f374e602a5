from uuid import uuid4

import pytest

from civic.catalogue.policy import ORGANISE, REVIEW
from civic.kernel.policy import Actor, Grant, Permission, Place, Role

CITY, OTHER_CITY = uuid4(), uuid4()
ASSOCIATION, OTHER_ASSOCIATION = uuid4(), uuid4()
HERE = Place(CITY, ASSOCIATION)


def holder(role: Role) -> Actor:
    association = ASSOCIATION if role is Role.ORGANISER else None
    return Actor(person_id=uuid4(), grants=(Grant(role, CITY, association),))


@pytest.mark.parametrize(
    ("permission", "role"), [(ORGANISE, Role.ORGANISER), (REVIEW, Role.OFFICER)]
)
def test_one_role_alone_may(permission: Permission, role: Role) -> None:
    assert {one for one in Role if permission.allows(holder(one), HERE)} == {role}


@pytest.mark.parametrize("permission", [ORGANISE, REVIEW])
def test_not_in_another_city(permission: Permission) -> None:
    elsewhere = Place(OTHER_CITY, ASSOCIATION)
    assert not any(permission.allows(holder(role), elsewhere) for role in Role)


def test_an_organiser_of_another_association_may_not() -> None:
    assert not ORGANISE.allows(holder(Role.ORGANISER), Place(CITY, OTHER_ASSOCIATION))


def test_a_visitor_may_neither() -> None:
    assert not ORGANISE.allows(Actor())
    assert not REVIEW.allows(Actor())
