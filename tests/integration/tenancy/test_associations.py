from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from civic.audit.handlers import on_association_decided
from civic.audit.models import AuditEntry
from civic.kernel.db.database import Database
from civic.kernel.errors import NotFound
from civic.kernel.outbox import Dispatcher
from civic.kernel.policy import Actor, Role, system_in
from civic.tenancy.errors import AlreadyDecided
from civic.tenancy.events import AssociationDecided
from civic.tenancy.operations import verification as operations
from civic.tenancy.queries import standings as queries
from civic.tenancy.queries.standings import AssociationRow, City
from civic.tenancy.rules import Verification
from tests.factories.accounts import actor_of, make_staff
from tests.factories.tenancy import make_association, make_city

SignIn = Callable[[FlaskClient, UUID], None]


@pytest.fixture
def potenza(database: Database) -> City:
    with database.unit_of_work(system_in()) as ctx:
        return make_city(ctx)


@pytest.fixture
def asking(database: Database, potenza: City) -> AssociationRow:
    with database.unit_of_work(system_in()) as ctx:
        return make_association(ctx, potenza, "Orti in Comune", Verification.ASKED)


def staff(database: Database, role: Role, city: City) -> Actor:
    with database.unit_of_work(system_in()) as ctx:
        return actor_of(ctx, make_staff(ctx, role, city))


def state(database: Database, row: AssociationRow) -> bool:
    with database.reading(system_in(row.municipality_id)) as ctx:
        return queries.is_verified(ctx, row.id, row.municipality_id)


def test_officer_verifies_and_takes_it_back(
    database: Database, potenza: City, asking: AssociationRow
) -> None:
    officer = staff(database, Role.OFFICER, potenza)
    assert not state(database, asking)
    with database.unit_of_work(officer) as ctx:
        operations.verify_association(ctx, asking.id, potenza.id)
    assert state(database, asking)
    with database.unit_of_work(officer) as ctx:
        operations.refuse_association(ctx, asking.id, potenza.id, "Manca lo statuto.")
    assert not state(database, asking)


def test_the_same_answer_twice_is_refused(
    database: Database, potenza: City, asking: AssociationRow
) -> None:
    officer = staff(database, Role.OFFICER, potenza)
    with database.unit_of_work(officer) as ctx:
        operations.verify_association(ctx, asking.id, potenza.id)
    with pytest.raises(AlreadyDecided), database.unit_of_work(officer) as ctx:
        operations.verify_association(ctx, asking.id, potenza.id)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.OFFICER}))
def test_no_other_role_verifies(
    database: Database, potenza: City, asking: AssociationRow, role: Role
) -> None:
    with pytest.raises(NotFound), database.unit_of_work(staff(database, role, potenza)) as ctx:
        operations.verify_association(ctx, asking.id, potenza.id)
    assert not state(database, asking)


def test_an_officer_of_another_city_finds_nothing(
    database: Database, potenza: City, asking: AssociationRow
) -> None:
    with database.unit_of_work(system_in()) as ctx:
        caserta = make_city(ctx, "caserta")
    stranger = staff(database, Role.OFFICER, caserta)
    for city_id in (potenza.id, caserta.id):
        with pytest.raises(NotFound), database.unit_of_work(stranger) as ctx:
            operations.verify_association(ctx, asking.id, city_id)
    with database.reading(stranger) as ctx:
        assert queries.associations_of(ctx, potenza.id) == []
        assert queries.associations_within_reach(ctx) == []
    assert not state(database, asking)


def test_being_verified_in_one_city_says_nothing_in_another(
    database: Database, potenza: City
) -> None:
    with database.unit_of_work(system_in()) as ctx:
        caserta = make_city(ctx, "caserta")
        row = make_association(ctx, potenza)
        assert queries.is_verified(ctx, row.id, potenza.id)
        assert not queries.is_verified(ctx, row.id, caserta.id)


def test_every_decision_is_in_the_audit_trail_under_the_officers_name(
    database: Database, potenza: City, asking: AssociationRow
) -> None:
    officer = staff(database, Role.OFFICER, potenza)
    with database.unit_of_work(officer) as ctx:
        operations.verify_association(ctx, asking.id, potenza.id)
    assert Dispatcher(database, {AssociationDecided: [on_association_decided]}).drain() == 1
    with database.reading(system_in(potenza.id)) as ctx:
        line = ctx.db.scalars(select(AuditEntry)).one()
    assert (line.action, line.actor_id, line.thing_id) == (
        "association.verified",
        officer.person_id,
        asking.id,
    )


def test_those_who_wait_stand_first(database: Database, potenza: City) -> None:
    with database.unit_of_work(system_in()) as ctx:
        make_association(ctx, potenza, "Alfa")
        make_association(ctx, potenza, "Zeta", Verification.ASKED)
        assert [row.name for row in queries.associations_of(ctx, potenza.id)] == ["Zeta", "Alfa"]


def test_officer_verifies_on_the_page(
    database: Database,
    potenza: City,
    asking: AssociationRow,
    client: FlaskClient,
    sign_in: SignIn,
    html: Callable[[TestResponse], str],
) -> None:
    officer = staff(database, Role.OFFICER, potenza)
    sign_in(client, officer.own_id)
    page = html(client.get("/en/city/associations"))
    assert "Orti in Comune" in page
    assert "Waits for your answer" in page
    address = f"/en/city/associations/{asking.standing_id}/verify"
    page = html(client.post(address, follow_redirects=True))
    assert "Verified" in page
    assert "Orti in Comune may now post projects." in page
    page = html(client.post(address, follow_redirects=True))
    assert "already answered" in page


def test_pages_are_not_there_for_others(
    database: Database, potenza: City, asking: AssociationRow, client: FlaskClient, sign_in: SignIn
) -> None:
    address = f"/en/city/associations/{asking.standing_id}/verify"
    answer = client.post(address)
    assert answer.status_code == 302
    assert "/sign-in" in answer.headers["Location"]
    sign_in(client, staff(database, Role.ORGANISER, potenza).own_id)
    assert client.get("/en/city/associations").status_code == 404
    assert client.post(address).status_code == 404
    with database.unit_of_work(system_in()) as ctx:
        caserta = make_city(ctx, "caserta")
    sign_in(client, staff(database, Role.OFFICER, caserta).own_id)
    assert client.post(address).status_code == 404
    assert client.post(f"/en/city/associations/{uuid4()}/refuse").status_code == 404
    assert client.post("/en/city/associations/not-an-id/refuse").status_code == 404
    assert not state(database, asking)


def test_the_list_takes_the_same_statements_for_many(
    database: Database,
    potenza: City,
    client: FlaskClient,
    sign_in: SignIn,
    statements: Callable[[], AbstractContextManager[object]],
) -> None:
    sign_in(client, staff(database, Role.OFFICER, potenza).own_id)
    counts = []
    for size in (1, 12):
        with database.unit_of_work(system_in()) as ctx:
            for number in range(size):
                make_association(ctx, potenza, f"Ente {number}")
        with statements() as counted:
            assert client.get("/en/city/associations").status_code == 200
        counts.append(counted.total)  # type: ignore[attr-defined]
    assert counts[0] == counts[1] <= 5
