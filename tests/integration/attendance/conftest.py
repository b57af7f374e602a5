from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from civic.attendance.operations.passes import PassShown
from civic.kernel.clock import FrozenClock
from civic.kernel.db.database import Database
from civic.kernel.keys import Keys
from civic.kernel.policy import system_in
from tests.factories.attendance import (
    ONE,
    TEN,
    Ground,
    make_booked_person,
    on_ground,
)
from tests.integration.attendance.card_moves import PIN, set_pin
from tests.integration.attendance.door import Door, pass_of
from tests.integration.attendance.place import Phone

SignIn = Callable[[FlaskClient, UUID], None]


@pytest.fixture
def ground(database: Database) -> Ground:
    return on_ground(database)


@pytest.fixture
def amina(database: Database, ground: Ground) -> UUID:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        return make_booked_person(ctx, ground)


@pytest.fixture
def keys(app: Flask) -> Keys:
    found: Keys = app.extensions["civic_keys"]
    return found


@pytest.fixture
def door(client: FlaskClient, sign_in: SignIn, ground: Ground, clock: FrozenClock) -> Door:
    clock.instant = ONE + timedelta(hours=1)
    sign_in(client, ground.organiser_id)
    return Door(client, f"/en/organise/sessions/{ground.session_id}")


@pytest.fixture
def phone(client: FlaskClient, keys: Keys, ground: Ground, clock: FrozenClock) -> Phone:
    """Of somebody who stands before the screen at ten."""
    clock.instant = TEN
    return Phone(client, keys, ground, clock)


@pytest.fixture
def shown(database: Database, keys: Keys, amina: UUID, ground: Ground) -> PassShown:
    return pass_of(database, keys, amina, ground.city.id)


@pytest.fixture
def code(database: Database, amina: UUID, shown: PassShown) -> str:
    """The short code of Amina's card, whose PIN is set."""
    set_pin(database, amina, PIN)
    return shown.short_code
