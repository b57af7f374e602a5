"""The key that seals what somebody is typing: their own, with the page, and for nobody else."""

import base64
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from civic.accounts import login
from civic.kernel.context import Context
from civic.kernel.keys import Keys
from civic.kernel.policy import Actor, system_in
from civic.web.transaction import act_as
from tests.conftest import SETTINGS
from tests.factories.plan_desk import Desk, make_desk

Acting = Callable[[Actor], AbstractContextManager[Context]]
Html = Callable[[TestResponse], str]
SignIn = Callable[[FlaskClient, UUID], None]


@pytest.fixture
def desk(acting: Acting) -> Desk:
    with acting(system_in()) as ctx:
        return make_desk(ctx)


def key_of(app: Flask, actor: Actor) -> str:
    with app.test_request_context("/en/"):
        act_as(actor)
        return login.draft_key()


def test_a_form_brings_the_key_of_who_is_signed_in(
    client: FlaskClient, sign_in: SignIn, desk: Desk, html: Html
) -> None:
    sign_in(client, desk.worker.own_id)
    page = html(client.get(f"/en/plans/{desk.plan_id}/barriers"))
    (draft,) = re.findall(r'data-draft="([^"]+)"', page)
    (key,) = re.findall(r'data-draft-key="([^"]+)"', page)
    assert draft == f"barrier {desk.plan_id}"
    expected = Keys(SETTINGS.secret_key).digest("draft", str(desk.worker.own_id))
    assert base64.b64decode(key) == expected
    assert "shared/drafts.js" in page


def test_each_person_has_their_own(app: Flask, desk: Desk) -> None:
    keys = {key_of(app, Actor(person_id=UUID(int=number))) for number in range(3)}
    assert len(keys) == 3
    assert all(len(base64.b64decode(key)) == 32 for key in keys)


def test_a_visitor_has_none_and_loads_nothing_for_it(
    app: Flask, client: FlaskClient, html: Html
) -> None:
    assert key_of(app, Actor()) == ""
    assert "drafts.js" not in html(client.get("/en/sign-in"))


def test_in_other_hands_nothing_waits_under_the_key_of_who_works_here(app: Flask) -> None:
    assert key_of(app, Actor(person_id=UUID(int=1), handed_over_to="/plans/1")) == ""


def test_signing_out_empties_what_was_kept(
    client: FlaskClient, sign_in: SignIn, desk: Desk, html: Html
) -> None:
    sign_in(client, desk.worker.own_id)
    page = html(client.post("/en/sign-out", follow_redirects=True))
    assert "shared/forget_drafts.js" in page
    assert "shared/drafts.js" not in page
