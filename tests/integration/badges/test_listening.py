"""A badge's card in whole sentences, for those who would rather listen."""

import json
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from html import unescape
from uuid import UUID

from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from civic.badges.models import Achievement, Award
from civic.kernel.context import Context
from civic.kernel.policy import Actor, system_in
from civic.tenancy.models import Association
from tests.integration.badges.conftest import BadgeTown

Acting = Callable[[Actor], AbstractContextManager[Context]]
SignIn = Callable[[FlaskClient, UUID], None]
Html = Callable[[TestResponse], str]


def spoken(page: str) -> list[list[str]]:
    found = re.search(r'data-listen="([^"]*)" hidden', page)
    assert found
    sentences: list[list[str]] = json.loads(unescape(found[1]))
    return sentences


def test_the_card_is_there_in_whole_sentences_and_hidden_without_a_voice(
    acting: Acting, client: FlaskClient, sign_in: SignIn, html: Html, badge_town: BadgeTown
) -> None:
    with acting(system_in(badge_town.city.id)) as ctx:
        ctx.db.execute(
            update(Association)
            .where(Association.id == badge_town.gardeners.id)
            .values(name='L\'orto <b>& la "siepe"')
        )
        award = ctx.db.get_one(Award, badge_town.award_id)
        award.skills = award.skills[:2]
        award.ratings = {award.skills[0]: "alone"}
    sign_in(client, badge_town.person_id)
    page = html(client.get("/en/me/badges"))
    said = spoken(page)
    assert said[0] == ["en", "Green-space care, 12 hours."]
    assert said[1] == ["en", "You worked 12 hours in 4 sessions."]
    assert said[2][1].startswith("You practised: ")
    assert said[2][1].count("(alone)") == 1
    assert said[3][1].startswith('L\'orto <b>& la "siepe" confirmed it on ')
    assert len(said) == 4
    assert "badges/listen" in page


def test_a_name_that_is_in_another_language_is_marked_as_such(
    acting: Acting, client: FlaskClient, sign_in: SignIn, html: Html, badge_town: BadgeTown
) -> None:
    with acting(system_in(badge_town.city.id)) as ctx:
        about = ctx.db.get_one(Award, badge_town.award_id).achievement_id
        ctx.db.execute(
            update(Achievement).where(Achievement.id == about).values(names={"it": "Siepi"})
        )
    sign_in(client, badge_town.person_id)
    said = spoken(html(client.get("/ar/me/badges")))
    assert said[0] == ["it", "Siepi."]
    assert {tag for tag, _words in said[1:]} == {"ar"}


def test_an_empty_shelf_loads_nothing_to_listen_to(
    acting: Acting, client: FlaskClient, sign_in: SignIn, html: Html, badge_town: BadgeTown
) -> None:
    sign_in(client, badge_town.organiser_id)
    assert "badges/listen" not in html(client.get("/en/me/badges"))
