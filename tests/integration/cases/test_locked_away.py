"""A key that is missing or wrong: the page says which one, and no row is touched."""

from collections.abc import Callable
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Connection, MetaData, select

from civic.kernel.db.database import Database
from civic.kernel.policy import system_in
from civic.kernel.vault import Vault
from tests.factories.accounts import with_second_factor
from tests.factories.cases import House, in_charge, make_house

SignIn = Callable[[FlaskClient, UUID], None]
OF_SESSIONS = "login_session"


def everything(connection: Connection) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table but those of who is signed in."""
    tables = MetaData()
    tables.reflect(connection)
    return {
        table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
        for table in tables.sorted_tables
        if table.name != OF_SESSIONS and not table.name.startswith("project_search")
    }


@pytest.fixture
def scene(database: Database) -> tuple[House, UUID]:
    with database.unit_of_work(system_in()) as ctx:
        house = make_house(ctx)
        return house, in_charge(ctx, house)


@pytest.fixture
def signed_in(client: FlaskClient, sign_in: SignIn, scene: tuple[House, UUID]) -> FlaskClient:
    sign_in(client, scene[0].lead.own_id)
    return with_second_factor(client)


def is_locked(client: FlaskClient, case_id: UUID, key: str) -> None:
    for address in (f"/en/cases/{case_id}", f"/en/cases/{case_id}/around", "/en/cases"):
        answer = client.get(address)
        assert answer.status_code == 503, address
        assert key in answer.text
        assert "Sarr" not in answer.text
    told = {"given": "Other", "base": "1"}
    assert client.post(f"/en/cases/{case_id}/parts/identity", data=told).status_code == 503


def test_a_missing_city_key_is_named_and_nothing_is_changed(
    scene: tuple[House, UUID],
    signed_in: FlaskClient,
    database: Database,
    connection: Connection,
    vault: Vault,
) -> None:
    house, case_id = scene
    vault._city_file(house.city.id).unlink()
    database.vault = Vault(vault._city_folder, vault._subject_folder)
    before = everything(connection)
    is_locked(signed_in, case_id, f"{house.city.id}/*")
    assert everything(connection) == before
    assert not vault.has_city_keys(house.city.id)


def test_a_wrong_city_key_is_named_and_the_right_one_opens_all_again(
    scene: tuple[House, UUID], signed_in: FlaskClient, connection: Connection, vault: Vault
) -> None:
    house, case_id = scene
    file = vault._city_file(house.city.id)
    right = file.read_text()
    file.unlink()
    vault.add_city_key(house.city.id)
    before = everything(connection)
    is_locked(signed_in, case_id, f"{house.city.id}/1")
    assert everything(connection) == before
    file.write_text(right)
    assert "Sarr" in signed_in.get(f"/en/cases/{case_id}").text


def test_a_missing_key_of_the_file_is_named(
    scene: tuple[House, UUID], signed_in: FlaskClient, vault: Vault
) -> None:
    house, case_id = scene
    vault.destroy(house.city.id, case_id)
    is_locked(signed_in, case_id, f"{house.city.id}/{case_id}")
