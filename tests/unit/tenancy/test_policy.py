from uuid import UUID

from civic.kernel.policy import Actor, Grant, Place, Role
from civic.tenancy.policy import VERIFY_ASSOCIATION

HERE, THERE = UUID(int=1), UUID(int=2)


def actor(role: Role) -> Actor:
    return Actor(person_id=UUID(int=9), grants=(Grant(role, HERE, UUID(int=5)),))


def test_only_the_citys_own_officer_verifies_associations() -> None:
    here, there = Place(municipality_id=HERE), Place(municipality_id=THERE)
    assert VERIFY_ASSOCIATION.allows(actor(Role.OFFICER), here)
    assert not VERIFY_ASSOCIATION.allows(actor(Role.OFFICER), there)
    for role in set(Role) - {Role.OFFICER}:
        assert not VERIFY_ASSOCIATION.allows(actor(role), here)
        assert not VERIFY_ASSOCIATION.allows(actor(role))
