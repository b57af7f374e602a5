"""Badges as software of others reads them: signed once, withdrawn in public, checked on the spot."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from io import BytesIO
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from civic.accounts.models import Person
from civic.badges import issuing, operations
from civic.badges.addresses import Addresses
from civic.badges.checking import check
from civic.badges.credentials import baking
from civic.badges.credentials.status import Purpose
from civic.badges.credentials.verify import Outcome, Verdict
from civic.badges.drawing import as_png, as_svg
from civic.badges.issuing import Signer
from civic.badges.models import Achievement, Award, AwardReview, Credential, StatusList
from civic.badges.startup import STARTUP
from civic.catalogue.rules import Area
from civic.kernel.clock import FrozenClock
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.policy import Actor, system_in
from tests.factories.accounts import actor_of
from tests.factories.badges import correct_line, make_award
from tests.integration.badges.conftest import SITE, BadgeTown

Acting = Callable[[Actor], AbstractContextManager[Context]]
SignIn = Callable[[FlaskClient, UUID], None]
Html = Callable[[TestResponse], str]


def award(ctx: Context, town: BadgeTown, code: str) -> UUID:
    return make_award(ctx, town.city, town.gardeners, town.person_id, town.organiser_id, code)


def signed(database: Database, signer: Signer) -> int:
    issued = issuing.issue_due(database, signer)
    issuing.sign_lists(database, signer)
    return issued


def document(acting: Acting, badge_town: BadgeTown) -> str:
    with acting(system_in(badge_town.city.id)) as ctx:
        return ctx.db.scalars(
            select(Credential.document).where(Credential.superseded_at.is_(None))
        ).one()


def token(acting: Acting, badge_town: BadgeTown) -> str:
    with acting(system_in(badge_town.city.id)) as ctx:
        return ctx.db.scalars(select(Credential.token)).one()


def checked(acting: Acting, data: bytes) -> Verdict:
    with acting(system_in()) as ctx:
        return check(ctx, Addresses(SITE), data)


def test_a_badge_is_signed_once_however_often_the_worker_comes(
    database: Database, acting: Acting, badge_town: BadgeTown, signer: Signer
) -> None:
    assert signed(database, signer) == 1
    first = document(acting, badge_town)
    assert signed(database, signer) == 0
    assert document(acting, badge_town) == first
    with acting(system_in(badge_town.city.id)) as ctx:
        assert not issuing.issue(ctx, signer, badge_town.award_id)


def test_what_is_signed_names_nobody_and_says_what_was_done(
    database: Database, acting: Acting, badge_town: BadgeTown, signer: Signer
) -> None:
    signed(database, signer)
    text = document(acting, badge_town)
    for secret in ("Amina", "Diallo", "Rosa", str(badge_town.person_id), str(badge_town.award_id)):
        assert secret not in text
    told = json.loads(text)
    assert told["issuer"]["id"] == f"did:web:127.0.0.1%3A8000:issuers:{badge_town.slug}"
    assert told["credentialSubject"]["achievement"]["name"] == "Cura del verde, 12 ore"
    found = checked(acting, text.encode())
    assert found.outcome is Outcome.VALID
    assert found.facts
    assert (found.facts.minutes, found.facts.sessions) == (720, 4)
    green = next(a for a in STARTUP if a.code == "green-12")
    assert [skill.url.rpartition("/")[2] for skill in found.facts.skills] == list(green.skills)


def test_two_badges_of_a_person_do_not_tell_that_they_are_one_persons(
    database: Database, acting: Acting, badge_town: BadgeTown, signer: Signer
) -> None:
    with acting(system_in(badge_town.city.id)) as ctx:
        award(ctx, badge_town, "team")
    assert signed(database, signer) == 2
    with acting(system_in(badge_town.city.id)) as ctx:
        texts = ctx.db.scalars(select(Credential.document)).all()
    subjects = {json.loads(text)["credentialSubject"]["id"] for text in texts}
    assert len(subjects) == 2


def test_every_startup_badge_is_true_in_every_form_and_false_after_one_change(
    database: Database, acting: Acting, badge_town: BadgeTown, signer: Signer
) -> None:
    with acting(system_in(badge_town.city.id)) as ctx:
        for about in STARTUP:
            if about.code != "green-12":
                award(ctx, badge_town, about.code)
    assert signed(database, signer) == len(STARTUP)
    with acting(system_in(badge_town.city.id)) as ctx:
        rows = ctx.db.execute(
            select(Credential.document, Credential.token, Achievement.area, Achievement.level)
            .join(Award, Award.id == Credential.award_id)
            .join(Achievement, Achievement.id == Award.achievement_id)
        ).all()
    for text, jwt, area, level in rows:
        baked = [
            baking.bake(as_png(area, level), text),
            baking.bake(as_svg(area, level).encode(), text),
        ]
        for data in (text.encode(), jwt.encode(), *baked):
            assert checked(acting, data).outcome is Outcome.VALID
        changed = text.replace('"value":"720"', '"value":"721"')
        assert changed != text
        assert checked(acting, changed.encode()).outcome is Outcome.FORGED


def test_a_withdrawn_badge_says_so_once_the_list_is_signed(
    database: Database, acting: Acting, badge_town: BadgeTown, signer: Signer
) -> None:
    signed(database, signer)
    with acting(system_in(badge_town.city.id)) as ctx:
        ctx.db.execute(update(Award).values(revoked_at=ctx.now()))
    assert issuing.sign_lists(database, signer) == 1
    for data in (document(acting, badge_town), token(acting, badge_town)):
        assert checked(acting, data.encode()).outcome is Outcome.REVOKED


def test_a_badge_that_is_looked_at_again_is_suspended_meanwhile(
    database: Database, acting: Acting, badge_town: BadgeTown, signer: Signer
) -> None:
    signed(database, signer)
    with acting(system_in(badge_town.city.id)) as ctx:
        correct_line(ctx, badge_town.sessions[0], badge_town.person_id, 0)
        operations.look_again(ctx, badge_town.person_id, badge_town.city.id)
    issuing.sign_lists(database, signer)
    assert checked(acting, document(acting, badge_town).encode()).outcome is Outcome.SUSPENDED
    with acting(system_in(badge_town.city.id)) as ctx:
        review_id = ctx.db.scalars(select(AwardReview.id)).one()
        organiser = actor_of(ctx, badge_town.organiser_id)
    with acting(organiser) as ctx:
        operations.decide_review(ctx, review_id, keep=True, reason="All saw it.")
    issuing.sign_lists(database, signer)
    assert checked(acting, document(acting, badge_town).encode()).outcome is Outcome.VALID


def test_lists_are_signed_when_something_changed_and_once_a_day(
    database: Database, badge_town: BadgeTown, signer: Signer, clock: FrozenClock
) -> None:
    signed(database, signer)
    assert issuing.sign_lists(database, signer) == 0
    clock.advance(timedelta(hours=21))
    assert issuing.sign_lists(database, signer) == 1


def test_an_expired_badge_says_so(
    database: Database, acting: Acting, badge_town: BadgeTown, signer: Signer, clock: FrozenClock
) -> None:
    with acting(system_in(badge_town.city.id)) as ctx:
        ctx.db.execute(update(Award).values(valid_until=ctx.now() + timedelta(days=1)))
    signed(database, signer)
    clock.advance(timedelta(days=1))
    issuing.sign_lists(database, signer)
    assert checked(acting, document(acting, badge_town).encode()).outcome is Outcome.EXPIRED


# Keys


def test_what_an_old_key_signed_stays_true_after_another_took_its_place(
    database: Database, acting: Acting, badge_town: BadgeTown, signer: Signer
) -> None:
    signed(database, signer)
    before = document(acting, badge_town)
    assert issuing.rotate(database, signer, badge_town.gardeners.id) == "#k2"
    issuing.sign_lists(database, signer)
    assert checked(acting, before.encode()).outcome is Outcome.VALID
    with acting(system_in(badge_town.city.id)) as ctx:
        award(ctx, badge_town, "team")
    signed(database, signer)
    with acting(system_in(badge_town.city.id)) as ctx:
        keys = ctx.db.scalars(select(Credential.key_id).order_by(Credential.place)).all()
    assert keys == ["#k1", "#k2"]


def test_what_a_stolen_key_signed_is_signed_anew_and_proves_nothing_any_more(
    database: Database, acting: Acting, badge_town: BadgeTown, signer: Signer
) -> None:
    signed(database, signer)
    before = document(acting, badge_town)
    assert issuing.give_up(database, signer, badge_town.gardeners.id, "#k1") == 1
    assert checked(acting, before.encode()).outcome is Outcome.UNKNOWN_ISSUER
    assert signed(database, signer) == 1
    after = document(acting, badge_town)
    assert after != before
    assert checked(acting, after.encode()).outcome is Outcome.VALID


def test_a_full_list_is_followed_by_another(
    database: Database,
    acting: Acting,
    badge_town: BadgeTown,
    signer: Signer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("civic.badges.issuing.status.SIZE", 1)
    with acting(system_in(badge_town.city.id)) as ctx:
        award(ctx, badge_town, "team")
    assert issuing.issue_due(database, signer) == 2
    with acting(system_in()) as ctx:
        assert ctx.db.execute(
            select(StatusList.number, StatusList.used).order_by(StatusList.number)
        ).all() == [(1, 1), (2, 1)]


# In public


def test_others_find_the_issuer_and_its_lists_and_nobody_s_name(
    client: FlaskClient, database: Database, badge_town: BadgeTown, signer: Signer
) -> None:
    signed(database, signer)
    did = client.get(f"/issuers/{badge_town.slug}/did.json")
    assert did.mimetype == "application/did+json"
    assert did.headers["Access-Control-Allow-Origin"] == "*"
    assert did.get_json()["id"].endswith(f":issuers:{badge_town.slug}")
    for purpose in Purpose:
        told = client.get(f"/issuers/{badge_town.slug}/status/1/{purpose.value}")
        assert told.get_json()["credentialSubject"]["statusPurpose"] == purpose.value
        assert "Set-Cookie" not in told.headers
    for missing in (
        "nobody/did.json",
        f"{badge_town.slug}/status/2/revocation",
        f"{badge_town.slug}/status/1/x",
    ):
        assert client.get(f"/issuers/{missing}").status_code == 404


@pytest.mark.parametrize("kind", ["json", "jwt", "png", "svg"])
def test_the_person_takes_their_badge_along_and_nobody_else_does(
    client: FlaskClient,
    app: Flask,
    database: Database,
    acting: Acting,
    sign_in: SignIn,
    badge_town: BadgeTown,
    signer: Signer,
    kind: str,
) -> None:
    path = f"/en/me/badges/{badge_town.award_id}/{kind}"
    sign_in(client, badge_town.person_id)
    assert client.get(path).status_code == 404  # not signed yet
    signed(database, signer)
    answer = client.get(path)
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=badge-")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert checked(acting, answer.data).outcome is Outcome.VALID
    other = app.test_client()
    sign_in(other, badge_town.organiser_id)
    assert other.get(path).status_code == 404
    assert app.test_client().get(path).status_code in (302, 401, 404)


def test_anybody_checks_a_badge_and_reads_the_answer_in_words(
    client: FlaskClient,
    html: Html,
    database: Database,
    acting: Acting,
    badge_town: BadgeTown,
    signer: Signer,
) -> None:
    signed(database, signer)
    text = document(acting, badge_town)
    upload = {"file": (BytesIO(baking.bake(as_png(Area.GREEN, 1), text)), "badge.png")}
    page = html(client.post("/en/badges/check", data=upload))
    assert "This badge is true. Nobody has changed it or taken it back." in page
    assert "Cura del verde, 12 ore" in page
    assert "12 hours" in page
    forged = text.replace("12 ore", "99 ore")
    page = html(client.post("/en/badges/check", data={"text": forged}))
    assert "This badge was changed, or somebody else made it." in page
    assert "99 ore</bdi>" not in page


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "Choose a file, or paste the text of a badge."),
        (b"hello", "We find no badge in this file."),
        (b"{}", "We find no badge in this file."),
        (b"[" * 100_000, "We find no badge in this file."),
        (b"\x89PNG\r\n\x1a\n cut short", "We find no badge in this file."),
        (b"x" * 400_000, "We find no badge in this file."),
        (b"x" * 1_048_577, "This file is too large. A badge has at most 1 MB."),
    ],
)
def test_what_is_no_badge_is_said_so(
    client: FlaskClient, html: Html, data: bytes, said: str
) -> None:
    body = b"".join(
        (
            b'--mark\r\nContent-Disposition: form-data; name="file"; filename="badge.json"\r\n\r\n',
            data,
            b"\r\n--mark--\r\n",
        )
    )
    answer = client.post(
        "/en/badges/check",
        data=body if data else {},
        content_type="multipart/form-data; boundary=mark",
    )
    assert answer.status_code in (200, 422)
    assert said in html(answer)


def test_what_a_badge_stands_for_is_for_everybody_to_read(client: FlaskClient, html: Html) -> None:
    reliable = next(a for a in STARTUP if a.code == "reliable")
    page = html(client.get(f"/en/badges/{reliable.id}"))
    for words in (
        "Reliable",
        "At least 20 hours",
        "In at least 2 different months.",
        "meet commit",
    ):
        assert words in page
    assert client.get(f"/en/badges/{uuid4()}").status_code == 404


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("Amina Diallo", "Amina Diallo"),
        ("أمينة الدرعي", None),
        ("রফিকুল ইসলাম", None),
        ("王小明", None),  # of no script that our fonts have: written in Latin letters
        ("Олена Коваль", "Олена Коваль"),
        ("ሰላም", None),
    ],
)
@pytest.mark.parametrize("language", ["it", "ar"])
def test_the_badge_on_paper_takes_names_in_any_script(
    client: FlaskClient,
    database: Database,
    acting: Acting,
    sign_in: SignIn,
    badge_town: BadgeTown,
    signer: Signer,
    name: str,
    read: str | None,
    language: str,
) -> None:
    signed(database, signer)
    with acting(system_in(badge_town.city.id)) as ctx:
        ctx.db.execute(update(Person).where(Person.id == badge_town.person_id).values(name=name))
    sign_in(client, badge_town.person_id)
    answer = client.get(f"/{language}/me/badges/{badge_town.award_id}/certificate.pdf")
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Cache-Control"] == "private, no-store"
    [page] = PdfReader(BytesIO(answer.data)).pages
    words = page.extract_text()
    assert "Cura del verde, 12 ore" in words
    assert read is None or read in words
