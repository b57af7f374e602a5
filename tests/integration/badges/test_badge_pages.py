from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from types import SimpleNamespace
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from civic.badges.startup import STARTUP
from civic.badges.views.pages import badges_panel
from civic.catalogue.rules import Area
from civic.kernel.context import Context
from civic.kernel.policy import Actor, Role, system_in
from civic.tenancy.queries.standings import AssociationRow, City
from tests.factories.accounts import make_person, make_staff
from tests.factories.badges import correct_line, make_award, make_proposal, work_hours
from tests.factories.tenancy import make_association, make_city

Acting = Callable[[Actor], AbstractContextManager[Context]]
SignIn = Callable[[FlaskClient, UUID], None]
Html = Callable[[TestResponse], str]
GREEN_12 = next(a for a in STARTUP if a.code == "green-12")


@dataclass(frozen=True)
class Proposed:
    city: City
    gardeners: AssociationRow
    organiser_id: UUID
    person_id: UUID
    session_id: UUID
    proposal_id: UUID

    def seen(self, *skills: str, how: str = "observed") -> dict[str, str]:
        """What the form sends for these skills; the others were not seen."""
        return {
            f"p{self.proposal_id.hex}-skill{number}": how if skill in skills else ""
            for number, skill in enumerate(GREEN_12.skills)
        }


@pytest.fixture
def proposed(acting: Acting) -> Proposed:
    with acting(system_in()) as ctx:
        city = make_city(ctx)
        gardeners = make_association(ctx, city)
        organiser_id = make_staff(ctx, Role.ORGANISER, city, gardeners, "Rosa")
        person_id = make_person(ctx, "أمينة", city)
        sessions = work_hours(ctx, city, gardeners, person_id)
        proposal_id = make_proposal(ctx, city, gardeners, person_id)
    return Proposed(city, gardeners, organiser_id, person_id, sessions[0], proposal_id)


def test_the_organiser_sees_who_waits_with_every_skill_as_seen(
    client: FlaskClient, sign_in: SignIn, proposed: Proposed, html: Html
) -> None:
    sign_in(client, proposed.organiser_id)
    page = html(client.get("/en/organise/badges"))
    assert "<bdi>أمينة</bdi>" in page
    assert "Green-space care, 12 hours" in page
    assert "12 hours in 4 sessions" in page
    assert page.count('<option selected value="observed"') == len(GREEN_12.skills)


def test_confirming_on_the_page_puts_the_badge_on_the_shelf(
    client: FlaskClient, sign_in: SignIn, proposed: Proposed, html: Html, app: Flask
) -> None:
    sign_in(client, proposed.organiser_id)
    answer = client.post(
        f"/en/organise/badges/{proposed.proposal_id}/confirm",
        data=proposed.seen(*GREEN_12.skills[:2]),
        follow_redirects=True,
    )
    assert answer.status_code == 200
    assert "Nothing to confirm" in html(answer)
    person = app.test_client()
    sign_in(person, proposed.person_id)
    page = html(person.get("/ar/me/badges"))
    assert "العناية بالمساحات الخضراء، 12 ساعة" in page
    assert 'dir="rtl"' in page


def test_confirming_without_a_skill_is_refused_at_the_field(
    client: FlaskClient, sign_in: SignIn, proposed: Proposed, html: Html
) -> None:
    sign_in(client, proposed.organiser_id)
    answer = client.post(
        f"/en/organise/badges/{proposed.proposal_id}/confirm", data=proposed.seen()
    )
    assert answer.status_code == 422
    assert "Choose at least one skill that you saw." in html(answer)


def test_a_way_of_seeing_that_there_is_not_is_refused(
    client: FlaskClient, sign_in: SignIn, proposed: Proposed
) -> None:
    sign_in(client, proposed.organiser_id)
    answer = client.post(
        f"/en/organise/badges/{proposed.proposal_id}/confirm",
        data=proposed.seen(GREEN_12.skills[0], how="x\x00"),
    )
    assert answer.status_code == 422


def test_corrected_hours_are_said_and_leave_nothing_to_confirm(
    acting: Acting, client: FlaskClient, sign_in: SignIn, proposed: Proposed, html: Html
) -> None:
    with acting(system_in(proposed.city.id)) as ctx:
        correct_line(ctx, proposed.session_id, proposed.person_id, 0)
    sign_in(client, proposed.organiser_id)
    page = html(client.get("/en/organise/badges"))
    assert "The hours were corrected" in page
    assert "/confirm" not in page
    answer = client.post(
        f"/en/organise/badges/{proposed.proposal_id}/confirm",
        data=proposed.seen(*GREEN_12.skills),
    )
    assert answer.status_code == 409
    sign_in(client, proposed.person_id)
    page = html(client.get("/en/me/badges"))
    assert "Your hours were corrected. Still missing: 1 more session and 3 hours" in page


def test_not_yet_keeps_the_proposal_in_sight(
    client: FlaskClient, sign_in: SignIn, proposed: Proposed, html: Html
) -> None:
    sign_in(client, proposed.organiser_id)
    answer = client.post(
        f"/en/organise/badges/{proposed.proposal_id}/decline", follow_redirects=True
    )
    page = html(answer)
    assert f"/organise/badges/{proposed.proposal_id}/confirm" in page
    assert f"/organise/badges/{proposed.proposal_id}/decline" not in page


def test_participants_and_visitors_do_not_assess(
    client: FlaskClient, sign_in: SignIn, proposed: Proposed
) -> None:
    path = f"/en/organise/badges/{proposed.proposal_id}/confirm"
    assert "/sign-in" in client.get("/en/organise/badges").headers["Location"]
    sign_in(client, proposed.person_id)
    assert client.get("/en/organise/badges").status_code == 404
    assert client.post(path, data=proposed.seen(*GREEN_12.skills)).status_code == 404


def test_nearness_is_told_in_words(
    acting: Acting, client: FlaskClient, sign_in: SignIn, html: Html
) -> None:
    with acting(system_in()) as ctx:
        city = make_city(ctx)
        gardeners = make_association(ctx, city)
        person_id = make_person(ctx, "Amina", city)
        work_hours(ctx, city, gardeners, person_id, (180, 210), area=Area.CARE)
    sign_in(client, person_id)
    page = html(client.get("/en/me/badges"))
    assert "Still missing: 2 more sessions and 5 hours 30 minutes" in page
    assert "No badge yet" in page


def test_proposals_page_has_a_fixed_number_of_statements(
    acting: Acting,
    client: FlaskClient,
    sign_in: SignIn,
    proposed: Proposed,
    statements: Callable[[], AbstractContextManager[SimpleNamespace]],
) -> None:
    sign_in(client, proposed.organiser_id)
    with statements() as few:
        client.get("/en/organise/badges")
    with acting(system_in()) as ctx:
        for number in range(5):
            person_id = make_person(ctx, f"Person {number}", proposed.city)
            work_hours(ctx, proposed.city, proposed.gardeners, person_id)
            make_proposal(ctx, proposed.city, proposed.gardeners, person_id)
    with statements() as many:
        client.get("/en/organise/badges")
    assert many.total == few.total <= 7


def test_shelf_has_a_fixed_number_of_statements(
    acting: Acting,
    client: FlaskClient,
    sign_in: SignIn,
    proposed: Proposed,
    statements: Callable[[], AbstractContextManager[SimpleNamespace]],
) -> None:
    with acting(system_in()) as ctx:
        for code in ("green-12", "care-12", "first-day"):
            make_award(
                ctx,
                proposed.city,
                proposed.gardeners,
                proposed.person_id,
                proposed.organiser_id,
                code,
            )
    sign_in(client, proposed.person_id)
    with statements() as counted:
        assert client.get("/en/me/badges").status_code == 200
    assert counted.total <= 8


def test_the_panel_names_the_badges_of_the_area_and_asks_once(
    app: Flask, statements: Callable[[], AbstractContextManager[SimpleNamespace]]
) -> None:
    with app.test_request_context("/en/projects/siepe"):
        app.preprocess_request()
        with statements() as counted:
            first = badges_panel(SimpleNamespace(area=Area.GREEN, requirements=()))
            again = badges_panel(SimpleNamespace(area=Area.GREEN, requirements=()))
    assert first == again
    assert counted.total <= 1
    assert "Green-space care, 12 hours" in first
    assert "First day" in first
    assert "Personal care" not in first
