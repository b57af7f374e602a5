"""Every badge that an installation starts with, signed as the worker signs it, before verifiers of
others: true as it is, refused after one changed letter."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import Flask
from openbadgeslib.ob3 import (
    OB3LdpVerifier,
    OB3VerificationError,
    verify_data_integrity_proof,
)
from sqlalchemy import select

from civic.badges import endorsing, issuing
from civic.badges.addresses import Addresses
from civic.badges.credential_words import describer, shown, vouched
from civic.badges.credentials.did import ed25519_keys
from civic.badges.credentials.keys import Keyring
from civic.badges.credentials.status import Purpose
from civic.badges.issuing import Signer
from civic.badges.models import BadgeIssuer, Credential, Endorsement, StatusList
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
Signed = tuple[list[str], list[str], Published, str]


@pytest.fixture
def signed(database: Database, app: Flask, clock: FrozenClock, tmp_path: Path) -> Signed:
    """The badges, what assessors saw of them, what their issuer publishes, and where its DID document
    lies."""
    clock.instant = SystemClock().now()  # by which the others' programs judge
    with database.unit_of_work(system_in()) as ctx:
        city = make_city(ctx)
        gardeners = make_association(ctx, city)
        organiser_id = make_staff(ctx, Role.ORGANISER, city, gardeners)
        person_id = make_person(ctx, "Amina", city)
        work_hours(ctx, city, gardeners, person_id)
        for about in STARTUP:
            make_award(ctx, city, gardeners, person_id, organiser_id, about.code)
    keyring = Keyring.open(tmp_path / "keys", "a secret of the tests")
    signer = Signer(keyring, SITE, describer(SITE), vouched, shown)
    with app.app_context():
        assert issuing.issue_due(database, signer) == len(STARTUP)
        assert endorsing.endorse_due(database, signer) == len(STARTUP)
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
        badges = list(ctx.db.scalars(select(Credential.document)))
        return badges, list(ctx.db.scalars(select(Endorsement.document))), published, did_url


def changed(text: str) -> dict[str, Any]:
    assert '"value":"720"' in text
    read: dict[str, Any] = json.loads(text.replace('"value":"720"', '"value":"721"'))
    return read


def test_every_startup_badge_passes_the_verifiers_from_npm_and_fails_after_one_change(
    ask: Ask, signed: Signed
) -> None:
    texts, _endorsements, published, did_url = signed
    for text in texts:
        answer = ask(json.loads(text), published, did_url)
        assert (answer["bazaar"], answer["core"], answer["schema"]) == (True, True, [True]), answer[
            "says"
        ]
        answer = ask(changed(text), published, did_url)
        assert (answer["bazaar"], answer["core"]) == (False, False)


def test_every_startup_badge_passes_openbadgeslib_and_fails_after_one_change(
    signed: Signed,
) -> None:
    texts, _endorsements, published, _did_url = signed
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


def test_every_endorsement_passes_the_verifiers_from_npm_and_fails_after_one_change(
    ask: Ask, signed: Signed
) -> None:
    texts, endorsements, published, did_url = signed
    about = {json.loads(text)["credentialSubject"]["id"] for text in endorsements}
    assert about == {json.loads(text)["id"] for text in texts}
    for text in endorsements:
        answer = ask(json.loads(text), published, did_url)
        assert (answer["bazaar"], answer["core"], answer["schema"]) == (True, True, [True]), answer[
            "says"
        ]
        answer = ask(one_byte_changed(text), published, did_url)
        assert (answer["bazaar"], answer["core"]) == (False, False)


def one_byte_changed(text: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(text)
    subject = read["credentialSubject"]
    subject["endorsementComment"] = "X" + subject["endorsementComment"][1:]
    return read


def test_openbadgeslib_takes_the_proof_of_every_endorsement_and_refuses_one_change(
    signed: Signed,
) -> None:
    """Its verifier takes badges alone; the proof of a credential of another type it checks as well."""
    _texts, endorsements, published, did_url = signed
    key = find_key(did_url, published)
    for text in endorsements:
        verify_data_integrity_proof(json.loads(text), key)
        with pytest.raises(OB3VerificationError):
            verify_data_integrity_proof(one_byte_changed(text), key)


def find_key(did_url: str, published: Published) -> bytes:
    [raw] = ed25519_keys(published[did_url]).values()
    key = Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(raw + "="))
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
