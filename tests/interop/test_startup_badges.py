"""Every badge that an installation starts with, signed as the worker signs it, before verifiers of
others: true as it is, refused after one changed letter."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from openbadgeslib.ob3 import OB3LdpVerifier, OB3VerificationError
from sqlalchemy import select

from civic.badges import issuing
from civic.badges.addresses import Addresses
from civic.badges.credential_words import describer
from civic.badges.credentials.keys import Keyring
from civic.badges.credentials.status import Purpose
from civic.badges.issuing import Signer
from civic.badges.models import BadgeIssuer, Credential, StatusList
from civic.badges.startup import STARTUP
from civic.kernel.clock import FrozenClock, SystemClock
from civic.kernel.db.database import Database
from civic.kernel.policy import Role, system_in
from civic.tenancy.models import Association
from tests.factories.accounts import make_person, make_staff
from tests.factories.badges import make_award, work_hours
from tests.factories.tenancy import make_association, make_city
from tests.interop.conftest import Ask
from tests.interop.test_other_verifiers import download_from

SITE = Addresses("https://civic.example.org")
Published = dict[str, dict[str, Any]]


@pytest.fixture
def signed(
    database: Database, app: Flask, clock: FrozenClock, tmp_path: Path
) -> tuple[list[str], Published, str]:
    """The badges, what their issuer publishes, and where its DID document lies."""
    clock.instant = SystemClock().now()  # by which the others' programs judge
    with database.unit_of_work(system_in()) as ctx:
        city = make_city(ctx)
        gardeners = make_association(ctx, city)
        organiser_id = make_staff(ctx, Role.ORGANISER, city, gardeners)
        person_id = make_person(ctx, "Amina", city)
        work_hours(ctx, city, gardeners, person_id)
        for about in STARTUP:
            make_award(ctx, city, gardeners, person_id, organiser_id, about.code)
    signer = Signer(Keyring.open(tmp_path / "keys", "a secret of the tests"), SITE, describer(SITE))
    with app.app_context():
        assert issuing.issue_due(database, signer) == len(STARTUP)
        issuing.sign_lists(database, signer)
    with database.reading(system_in(city.id)) as ctx:
        slug = ctx.db.scalars(select(Association.slug).where(Association.id == gardeners.id)).one()
        listing = ctx.db.scalars(select(StatusList)).one()
        did_url = f"{SITE.site}/issuers/{slug}/did.json"
        assert listing.revocation
        assert listing.suspension
        published: Published = {
            did_url: ctx.db.scalars(select(BadgeIssuer.document)).one(),
            SITE.status_list(slug, 1, Purpose.REVOCATION): listing.revocation,
            SITE.status_list(slug, 1, Purpose.SUSPENSION): listing.suspension,
        }
        return list(ctx.db.scalars(select(Credential.document))), published, did_url


def changed(text: str) -> dict[str, Any]:
    assert '"value":"720"' in text
    read: dict[str, Any] = json.loads(text.replace('"value":"720"', '"value":"721"'))
    return read


def test_every_startup_badge_passes_the_verifiers_from_npm_and_fails_after_one_change(
    ask: Ask, signed: tuple[list[str], Published, str]
) -> None:
    texts, published, did_url = signed
    for text in texts:
        answer = ask(json.loads(text), published, did_url)
        assert (answer["bazaar"], answer["core"], answer["schema"]) == (True, True, [True]), answer[
            "says"
        ]
        answer = ask(changed(text), published, did_url)
        assert (answer["bazaar"], answer["core"]) == (False, False)


def test_every_startup_badge_passes_openbadgeslib_and_fails_after_one_change(
    signed: tuple[list[str], Published, str],
) -> None:
    texts, published, _did_url = signed
    assert len(texts) == len(STARTUP)
    download = download_from(published)
    for text in texts:
        badge = json.loads(text)
        verifier = OB3LdpVerifier.for_issuer_did(badge["issuer"]["id"])
        found = verifier.verify(
            badge, check_status=True, verify_status_list=False, download=download
        )
        assert found.issuer.name == badge["issuer"]["name"]
        with pytest.raises(OB3VerificationError):
            verifier.verify(changed(text), download=download)
