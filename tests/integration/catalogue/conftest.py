import pytest

from civic.kernel.db.database import Database
from tests.integration.catalogue.scene import Scene, set_scene


@pytest.fixture
def scene(database: Database) -> Scene:
    return set_scene(database)


@pytest.fixture
def elsewhere(database: Database) -> Scene:
    """Another city, with its own association."""
    return set_scene(database, "caserta", "Villa Viva")
