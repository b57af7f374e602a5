"""The small demonstration as it stands once it is loaded."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import Connection, Engine

from civic.demo.loader import load
from civic.kernel.clock import FrozenClock
from civic.kernel.db.database import Database
from civic.kernel.vault import Vault
from civic.settings import Settings
from tests.conftest import SATURDAY_MORNING, SETTINGS


@pytest.fixture(scope="module")
def demo_vault(tmp_path_factory: pytest.TempPathFactory) -> Vault:
    folder = tmp_path_factory.mktemp("keys")
    return Vault(folder / "cities", folder / "subjects", makes_city_keys=True)


@pytest.fixture(scope="module")
def demo_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """With a folder of its own for what people hand in."""
    return replace(SETTINGS, files=str(tmp_path_factory.mktemp("files")))


@pytest.fixture(scope="module")
def loaded_connection(
    engine: Engine, demo_vault: Vault, demo_settings: Settings
) -> Iterator[Connection]:
    """Loaded once for all tests here; each of them undoes what it did."""
    with engine.connect() as connection:
        transaction = connection.begin()
        database = Database.within(connection, FrozenClock(SATURDAY_MORNING), demo_vault)
        assert load(database, demo_settings)
        yield connection
        transaction.rollback()
