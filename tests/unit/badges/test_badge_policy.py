from uuid import UUID

from civic.badges.policy import ASSESS, DEFINE, READ_SHELF
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


def test_officers_define_for_their_city_and_organisers_for_their_association() -> None:
    officer = Actor(OTHER, grants=(Grant(Role.OFFICER, POTENZA),))
    assert DEFINE.allows(officer, Place(POTENZA))
    assert DEFINE.allows(officer, Place(POTENZA, GARDENERS))
    assert not DEFINE.allows(officer, Place(CASERTA))
    assert DEFINE.allows(ORGANISER, Place(POTENZA, GARDENERS))
    for place in (Place(POTENZA), Place(POTENZA, SCOUTS), Place(CASERTA, GARDENERS)):
        assert not DEFINE.allows(ORGANISER, place)
