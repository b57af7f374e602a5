from uuid import UUID

from civic.badges.policy import ASSESS, READ_SHELF
from civic.kernel.policy import VISITOR, Actor, Grant, Place, Role

POTENZA, CASERTA, GARDENERS, SCOUTS = (UUID(int=number) for number in range(1, 5))
PERSON, OTHER = UUID(int=8), UUID(int=9)
ORGANISER = Actor(PERSON, grants=(Grant(Role.ORGANISER, POTENZA, GARDENERS),))


def test_organisers_assess_for_their_own_association_in_their_city() -> None:
    assert ASSESS.allows(ORGANISER, Place(POTENZA, GARDENERS))
    assert not ASSESS.allows(ORGANISER, Place(POTENZA, SCOUTS))
    assert not ASSESS.allows(ORGANISER, Place(CASERTA, GARDENERS))


def test_no_other_role_assesses() -> None:
    for role in set(Role) - {Role.ORGANISER}:
        actor = Actor(PERSON, grants=(Grant(role, POTENZA, GARDENERS),))
        assert not ASSESS.allows(actor)
        assert not ASSESS.allows(actor, Place(POTENZA, GARDENERS))


def test_a_shelf_is_for_the_person_alone() -> None:
    assert READ_SHELF.allows(ORGANISER, Place(person_id=PERSON))
    assert not READ_SHELF.allows(ORGANISER, Place(POTENZA, GARDENERS, OTHER))
    assert not READ_SHELF.allows(VISITOR)
