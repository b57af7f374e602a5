"""Links by which a person shows a badge: what they ticked and no more, until they say so."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from civic.badges import issuing
from civic.badges.issuing import Signer
from civic.badges.models import Award, BadgeLink
from civic.kernel.clock import FrozenClock
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.policy import Actor, system_in
from tests.integration.badges.conftest import BadgeTown

Acting = Callable[[Actor], AbstractContextManager[Context]]
SignIn = Callable[[FlaskClient, UUID], None]
Html = Callable[[TestResponse], str]
LINK = re.compile(r"/b/([\w-]{22})")


@pytest.fixture(autouse=True)
def _signed(database: Database, badge_town: BadgeTown, signer: Signer) -> None:
    issuing.issue_due(database, signer)
    issuing.sign_lists(database, signer)


@pytest.fixture
def amina(client: FlaskClient, sign_in: SignIn, badge_town: BadgeTown) -> FlaskClient:
    sign_in(client, badge_town.person_id)
    return client


@pytest.fixture
def employer(app: Flask) -> FlaskClient:
    return app.test_client()


def path_of(town: BadgeTown) -> str:
    return f"/en/me/badges/{town.award_id}/links"


def linked(amina: FlaskClient, html: Html, town: BadgeTown, **ticked: Any) -> str:
    """The token of a new link."""
    answer = amina.post(path_of(town), data={"days": "30"} | ticked, follow_redirects=True)
    assert answer.status_code == 200
    tokens = LINK.findall(html(answer))
    assert tokens
    return str(tokens[0])


def opened(employer: FlaskClient, token: str) -> TestResponse:
    return employer.get(f"/b/{token}", headers={"Accept-Language": "en"}, follow_redirects=True)


def test_whoever_has_the_link_sees_that_the_badge_is_true_in_their_language(
    amina: FlaskClient, employer: FlaskClient, html: Html, badge_town: BadgeTown
) -> None:
    token = linked(amina, html, badge_town, shows_skills="y")
    answer = opened(employer, token)
    page = html(answer)
    assert "This badge is true. Nobody has changed it or taken it back." in page
    assert "Green-space care, 12 hours" in page
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in answer.headers
    other = employer.get(f"/b/{token}", headers={"Accept-Language": "ar"}, follow_redirects=True)
    assert "هذه الشارة صحيحة" in html(other)


@pytest.mark.parametrize(
    ("ticked", "seen", "unseen"),
    [
        ({}, [], ["plant green plants", "<dd>12 hours</dd>", "Association", "Amina"]),
        ({"shows_skills": "y"}, ["plant green plants"], ["<dd>12 hours</dd>", "Given by"]),
        ({"shows_hours": "y"}, ["<dd>12 hours</dd>"], ["plant green plants", "Given by"]),
        (
            {"shows_place": "y"},
            ["Given by", "Potenza"],
            ["<dd>12 hours</dd>", "plant green plants"],
        ),
        ({"shown_name": "Amina"}, ["Amina"], ["Diallo", "<dd>12 hours</dd>"]),
    ],
)
def test_a_link_shows_what_was_ticked_and_nothing_else(
    amina: FlaskClient,
    employer: FlaskClient,
    html: Html,
    badge_town: BadgeTown,
    ticked: dict[str, str],
    seen: list[str],
    unseen: list[str],
) -> None:
    token = linked(amina, html, badge_town, **ticked)
    page = html(opened(employer, token)).partition("<main")[2].partition("</main>")[0]
    for words in seen:
        assert words in page
    for words in (*unseen, "for the bakery"):
        assert words not in page


def test_a_link_that_is_taken_back_or_over_shows_nothing_and_does_not_say_which(
    amina: FlaskClient,
    employer: FlaskClient,
    html: Html,
    acting: Acting,
    badge_town: BadgeTown,
    clock: FrozenClock,
) -> None:
    token = linked(amina, html, badge_town, for_whom="for the bakery")
    with acting(system_in(badge_town.city.id)) as ctx:
        link_id = ctx.db.scalars(select(BadgeLink.id)).one()
    gone = amina.post(f"{path_of(badge_town)}/{link_id}/withdraw", follow_redirects=True)
    assert "This link shows nothing any more." in html(gone)
    assert token not in html(gone)
    withdrawn = opened(employer, token)
    other = linked(amina, html, badge_town, days="7")
    clock.advance(timedelta(days=7))
    over, never = opened(employer, other), opened(employer, "A" * 22)
    assert [each.status_code for each in (withdrawn, over, never)] == [404, 404, 404]


def test_a_withdrawn_badge_says_so_through_every_link(
    amina: FlaskClient,
    employer: FlaskClient,
    html: Html,
    acting: Acting,
    database: Database,
    badge_town: BadgeTown,
    signer: Signer,
) -> None:
    token = linked(amina, html, badge_town)
    with acting(system_in(badge_town.city.id)) as ctx:
        ctx.db.execute(update(Award).values(revoked_at=ctx.now()))
    issuing.sign_lists(database, signer)
    assert "has taken it back. It does not count any more." in html(opened(employer, token))
    assert amina.get(path_of(badge_town)).status_code == 404


def test_nobody_makes_or_takes_back_links_to_somebody_else_s_badge(
    app: Flask,
    amina: FlaskClient,
    sign_in: SignIn,
    html: Html,
    acting: Acting,
    badge_town: BadgeTown,
) -> None:
    linked(amina, html, badge_town)
    with acting(system_in(badge_town.city.id)) as ctx:
        link_id = ctx.db.scalars(select(BadgeLink.id)).one()
    other = app.test_client()
    sign_in(other, badge_town.organiser_id)
    assert other.get(path_of(badge_town)).status_code == 404
    assert other.post(path_of(badge_town), data={"days": "7"}).status_code == 404
    assert other.post(f"{path_of(badge_town)}/{link_id}/withdraw").status_code == 404


def test_what_was_typed_stays_when_the_form_is_wrong(
    amina: FlaskClient, html: Html, badge_town: BadgeTown
) -> None:
    answer = amina.post(
        path_of(badge_town), data={"days": "9999", "for_whom": "the bakery", "shows_hours": "y"}
    )
    assert answer.status_code == 422
    assert 'value="the bakery"' in html(answer)


def test_the_token_stands_nowhere_in_the_database(
    amina: FlaskClient, html: Html, acting: Acting, badge_town: BadgeTown
) -> None:
    token = linked(amina, html, badge_town)
    with acting(system_in(badge_town.city.id)) as ctx:
        row = ctx.db.scalars(select(BadgeLink)).one()
    assert token not in str(vars(row))


def test_the_text_for_a_curriculum_says_what_the_link_shows_and_no_more(
    amina: FlaskClient, html: Html, badge_town: BadgeTown
) -> None:
    token = linked(amina, html, badge_town, shows_skills="y")
    page = html(amina.get(path_of(badge_town)))
    text = page.partition("readonly>")[2].partition("</textarea>")[0]
    assert "http://data.europa.eu/esco/skill/41be6ab9" in text
    assert f"/b/{token}" in text
    # The badge's name alone, without the hours that were worked.
    assert text.strip().splitlines()[0] == "Green-space care, 12 hours"
    assert badge_town.gardeners.name not in text
    assert "linkedin.com/profile/add?startTask=CERTIFICATION_NAME" in page
    assert "organizationName" not in page


def test_a_person_takes_their_links_away_without_their_tokens(
    amina: FlaskClient, html: Html, badge_town: BadgeTown
) -> None:
    token = linked(amina, html, badge_town, for_whom="the bakery")
    taken = amina.get("/en/me/data.json").get_data(as_text=True)
    assert "the bakery" in taken
    assert token not in taken
