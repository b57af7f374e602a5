"""A town with one signed badge, for tests of what is shown of it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from civic.badges.addresses import Addresses
from civic.badges.credential_words import describer, shown, vouched
from civic.badges.credentials.keys import Keyring
from civic.badges.issuing import Signer
from civic.kernel.context import Context
from civic.kernel.policy import Actor, Role, system_in
from civic.tenancy.models import Association
from civic.tenancy.queries.standings import AssociationRow, City
from tests.factories.accounts import make_person, make_staff
from tests.factories.badges import make_award, work_hours
from tests.factories.tenancy import make_association, make_city

Acting = Callable[[Actor], AbstractContextManager[Context]]
Said = TypeVar("Said")
SITE = "http://127.0.0.1:8000"


@dataclass(frozen=True)
class BadgeTown:
    city: City
    gardeners: AssociationRow
    organiser_id: UUID
    person_id: UUID
    sessions: list[UUID]
    award_id: UUID
    slug: str


def make_badge_town(ctx: Context) -> BadgeTown:
    city = make_city(ctx)
    gardeners = make_association(ctx, city)
    organiser_id = make_staff(ctx, Role.ORGANISER, city, gardeners, "Rosa")
    person_id = make_person(ctx, "Amina Diallo", city)
    sessions = work_hours(ctx, city, gardeners, person_id)
    award_id = make_award(ctx, city, gardeners, person_id, organiser_id)
    slug = ctx.db.scalars(select(Association.slug).where(Association.id == gardeners.id)).one()
    return BadgeTown(city, gardeners, organiser_id, person_id, sessions, award_id, slug)


@pytest.fixture
def badge_town(acting: Acting) -> BadgeTown:
    with acting(system_in()) as ctx:
        return make_badge_town(ctx)


@pytest.fixture
def signer(tmp_path: Path, app: Flask) -> Signer:
    addresses = Addresses(SITE)
    keyring = Keyring.open(tmp_path / "keys" / "issuers", "a secret of the tests, long enough")

    def within(said: Callable[..., Said]) -> Callable[..., Said]:
        def say(*about: object) -> Said:
            with app.app_context():
                return said(*about)

        return say

    return Signer(keyring, addresses, within(describer(addresses)), within(vouched), within(shown))
