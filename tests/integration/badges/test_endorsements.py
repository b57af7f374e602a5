"""What an assessor saw, signed beside the badge: once, withdrawn with it, and signed anew with it."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from werkzeug.test import TestResponse

from civic.badges import endorsing, issuing
from civic.badges.addresses import Addresses
from civic.badges.checking import check
from civic.badges.credentials.keys import Keyring
from civic.badges.credentials.verify import Outcome, Verdict
from civic.badges.issuing import Shown, Signer, Vouched
from civic.badges.models import Award, Credential, Endorsement
from civic.badges.rules import Rating
from civic.kernel.clock import FrozenClock
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.policy import Actor, Role, system_in
from tests.factories.accounts import make_person, make_staff
from tests.factories.badges import make_award, work_hours
from tests.factories.credentials import ACHIEVEMENT, EVIDENCE
from tests.factories.tenancy import make_association, make_city
from tests.integration.badges.conftest import SITE, BadgeTown
from tests.integration.badges.test_shared_badges import linked, opened

Acting = Callable[[Actor], AbstractContextManager[Context]]
SignIn = Callable[[FlaskClient, UUID], None]
Html = Callable[[TestResponse], str]


@pytest.fixture
def rated(acting: Acting, badge_town: BadgeTown) -> dict[str, str]:
    """How Rosa saw each skill of the badge."""
    with acting(system_in(badge_town.city.id)) as ctx:
        award = ctx.db.get_one(Award, badge_town.award_id)
        seen = [Rating.ALONE, Rating.WITH_HELP, Rating.OBSERVED]
        award.ratings = {skill: seen[number % 3].value for number, skill in enumerate(award.skills)}
        return dict(award.ratings)


def signed(database: Database, signer: Signer) -> int:
    issuing.issue_due(database, signer)
    count = endorsing.endorse_due(database, signer)
    issuing.sign_lists(database, signer)
    return count


def endorsement(acting: Acting, town: BadgeTown) -> str:
    with acting(system_in(town.city.id)) as ctx:
        return ctx.db.scalars(
            select(Endorsement.document).where(Endorsement.superseded_at.is_(None))
        ).one()


def badge(acting: Acting, town: BadgeTown) -> dict[str, Any]:
    with acting(system_in(town.city.id)) as ctx:
        text = ctx.db.scalars(
            select(Credential.document).where(Credential.superseded_at.is_(None))
        ).one()
    read: dict[str, Any] = json.loads(text)
    return read


def checked(acting: Acting, text: str) -> Verdict:
    with acting(system_in()) as ctx:
        return check(ctx, Addresses(SITE), text.encode())


def test_an_endorsement_stands_beside_the_badge_once_and_the_badge_stays_as_it_was(
    database: Database, acting: Acting, badge_town: BadgeTown, signer: Signer
) -> None:
    issuing.issue_due(database, signer)
    before = badge(acting, badge_town)
    assert endorsing.endorse_due(database, signer) == 1
    first = endorsement(acting, badge_town)
    assert endorsing.endorse_due(database, signer) == 0
    with acting(system_in(badge_town.city.id)) as ctx:
        credential_id = ctx.db.scalars(select(Credential.id)).one()
        assert not endorsing.endorse(ctx, signer, credential_id)
    assert endorsement(acting, badge_town) == first
    assert badge(acting, badge_town) == before
    assert json.loads(first)["credentialSubject"]["id"] == before["id"]


def test_it_says_how_each_skill_was_seen_and_names_the_association_and_no_person(
    database: Database,
    acting: Acting,
    badge_town: BadgeTown,
    signer: Signer,
    rated: dict[str, str],
) -> None:
    signed(database, signer)
    text = endorsement(acting, badge_town)
    for secret in ("Rosa", "Amina", str(badge_town.organiser_id), str(badge_town.person_id)):
        assert secret not in text
    told = json.loads(text)
    assert told["type"] == ["VerifiableCredential", "EndorsementCredential"]
    assert told["issuer"]["id"].endswith(f":issuers:{badge_town.slug}")
    comment = told["credentialSubject"]["endorsementComment"]
    assert badge_town.gardeners.name in comment
    assert comment.count(": ") == len(rated)
    assert "endorsementJwt" not in text


def test_one_of_before_ratings_tells_the_skills_alone(
    database: Database, acting: Acting, badge_town: BadgeTown, signer: Signer
) -> None:
    signed(database, signer)
    comment = json.loads(endorsement(acting, badge_town))["credentialSubject"]["endorsementComment"]
    assert ": " not in comment


def test_it_is_true_as_it_is_and_false_after_one_change(
    database: Database, acting: Acting, badge_town: BadgeTown, signer: Signer
) -> None:
    signed(database, signer)
    text = endorsement(acting, badge_town)
    found = checked(acting, text)
    assert found.outcome is Outcome.VALID
    assert found.facts
    assert found.facts.is_endorsement
    assert found.facts.subject == badge(acting, badge_town)["id"]
    changed = text.replace(badge_town.gardeners.name, "Somebody Else")
    assert checked(acting, changed).outcome is Outcome.FORGED


def test_it_is_withdrawn_with_its_badge_and_has_a_place_of_its_own_on_the_list(
    database: Database, acting: Acting, badge_town: BadgeTown, signer: Signer
) -> None:
    signed(database, signer)
    text = endorsement(acting, badge_town)
    with acting(system_in(badge_town.city.id)) as ctx:
        places = [ctx.db.scalars(select(model.place)).one() for model in (Credential, Endorsement)]
        ctx.db.execute(update(Award).values(revoked_at=ctx.now()))
    assert places == [0, 1]
    issuing.sign_lists(database, signer)
    assert checked(acting, text).outcome is Outcome.REVOKED


def test_a_key_given_up_signs_badge_and_endorsement_anew(
    database: Database, acting: Acting, badge_town: BadgeTown, signer: Signer
) -> None:
    signed(database, signer)
    before = endorsement(acting, badge_town)
    assert issuing.give_up(database, signer, badge_town.gardeners.id, "#k1") == 1
    assert checked(acting, before).outcome is Outcome.UNKNOWN_ISSUER
    assert signed(database, signer) == 1
    after = endorsement(acting, badge_town)
    assert checked(acting, after).outcome is Outcome.VALID
    assert json.loads(after)["credentialSubject"]["id"] == badge(acting, badge_town)["id"]


def test_an_endorsement_alone_is_signed_anew_when_only_its_key_was_given_up(
    database: Database, acting: Acting, badge_town: BadgeTown, signer: Signer
) -> None:
    issuing.issue_due(database, signer)
    issuing.rotate(database, signer, badge_town.gardeners.id)
    endorsing.endorse_due(database, signer)
    before = badge(acting, badge_town)
    assert issuing.give_up(database, signer, badge_town.gardeners.id, "#k2") == 0
    assert endorsing.endorse_due(database, signer) == 1
    issuing.sign_lists(database, signer)
    assert badge(acting, badge_town) == before
    assert checked(acting, endorsement(acting, badge_town)).outcome is Outcome.VALID


def test_a_withdrawn_badge_is_endorsed_no_more(
    database: Database, acting: Acting, badge_town: BadgeTown, signer: Signer
) -> None:
    issuing.issue_due(database, signer)
    with acting(system_in(badge_town.city.id)) as ctx:
        ctx.db.execute(update(Award).values(revoked_at=ctx.now()))
    assert endorsing.endorse_due(database, signer) == 0


def test_two_workers_at_once_sign_one_endorsement(real_database: Database, tmp_path: Path) -> None:
    with real_database.unit_of_work(system_in()) as ctx:
        city = make_city(ctx)
        gardeners = make_association(ctx, city)
        organiser_id = make_staff(ctx, Role.ORGANISER, city, gardeners)
        person_id = make_person(ctx, "Amina", city)
        work_hours(ctx, city, gardeners, person_id)
        make_award(ctx, city, gardeners, person_id, organiser_id)
    signer = Signer(
        Keyring.open(tmp_path / "keys", "a secret of the tests"),
        Addresses(SITE),
        lambda _explained, _award: (ACHIEVEMENT, EVIDENCE),
        lambda _about, _award, association: Vouched("Visto", f"Visto da {association}"),
        lambda _about, _award: Shown("Cura del verde", ()),
    )
    issuing.issue_due(real_database, signer)
    workers = 4
    barrier = Barrier(workers)

    def work(_number: int) -> int:
        barrier.wait()
        return endorsing.endorse_due(real_database, signer)

    with ThreadPoolExecutor(workers) as pool:
        assert sum(pool.map(work, range(workers))) == 1
    with real_database.reading(system_in(city.id)) as ctx:
        assert ctx.db.scalar(select(func.count(Endorsement.id))) == 1


# On pages


def test_the_person_takes_it_along_and_nobody_else_does(
    client: FlaskClient,
    app: Flask,
    html: Html,
    database: Database,
    acting: Acting,
    sign_in: SignIn,
    badge_town: BadgeTown,
    signer: Signer,
) -> None:
    path = f"/en/me/badges/{badge_town.award_id}/endorsement.json"
    sign_in(client, badge_town.person_id)
    assert client.get(path).status_code == 404  # not signed yet
    assert path not in html(client.get("/en/me/badges"))
    signed(database, signer)
    assert path in html(client.get("/en/me/badges"))
    answer = client.get(path)
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=endorsement-")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.data.decode() == endorsement(acting, badge_town)
    other = app.test_client()
    sign_in(other, badge_town.organiser_id)
    assert other.get(path).status_code == 404
    with acting(system_in(badge_town.city.id)) as ctx:
        ctx.db.execute(update(Award).values(revoked_at=ctx.now()))
    assert client.get(path).status_code == 404


def test_a_link_shows_what_the_assessor_saw_only_where_it_was_ticked(
    client: FlaskClient,
    app: Flask,
    html: Html,
    database: Database,
    acting: Acting,
    sign_in: SignIn,
    badge_town: BadgeTown,
    signer: Signer,
    rated: dict[str, str],
    clock: FrozenClock,
) -> None:
    signed(database, signer)
    sign_in(client, badge_town.person_id)
    employer = app.test_client()
    bare = linked(client, html, badge_town, shows_skills="y")
    page = html(opened(employer, bare))
    assert "What the assessor saw" not in page
    assert employer.get(f"/en/b/{bare}/endorsement.json").status_code == 404
    clock.advance(timedelta(minutes=1))
    token = linked(client, html, badge_town, shows_endorsement="y")
    page = html(opened(employer, token))
    assert "What the assessor saw" in page
    assert ": alone" in page
    answer = employer.get(f"/en/b/{token}/endorsement.json")
    assert answer.data.decode() == endorsement(acting, badge_town)
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    with acting(system_in(badge_town.city.id)) as ctx:
        ctx.db.execute(update(Award).values(revoked_at=ctx.now()))
    issuing.sign_lists(database, signer)
    assert "What the assessor saw" not in html(opened(employer, token))
    assert employer.get(f"/en/b/{token}/endorsement.json").status_code == 404


def test_who_checks_it_reads_that_it_endorses_a_badge_and_is_none(
    client: FlaskClient,
    html: Html,
    database: Database,
    acting: Acting,
    badge_town: BadgeTown,
    signer: Signer,
) -> None:
    signed(database, signer)
    text = endorsement(acting, badge_town)
    page = html(client.post("/en/badges/check", data={"text": text}))
    assert "This endorsement is true. Nobody has changed it or taken it back." in page
    assert "It is no badge itself" in page
    assert badge(acting, badge_town)["id"] in page
    assert json.loads(text)["credentialSubject"]["endorsementComment"].split(".")[0][:30] in page
