"""What happened in a dwelling, and who never reads it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from civic.audit.models import AuditEntry
from civic.cases.models import CaseEntry
from civic.housing.operations import incidents
from civic.housing.operations.incidents import NewIncident
from civic.housing.placing_models import Incident
from civic.housing.rules.placing import IncidentKind
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.policy import Actor, Role, system_in
from tests.factories.accounts import make_staff, with_second_factor
from tests.factories.case_team import Team, make_case_team
from tests.factories.housing import (
    Lodge,
    make_lodge,
    make_request,
    make_resident,
    make_stay,
    make_unit,
)
from tests.factories.housing_stays import came, make_guest
from tests.factories.tenancy import make_city

Acting = Callable[[Actor], AbstractContextManager[Context]]
SignIn = Callable[[FlaskClient, UUID], None]
Html = Callable[[TestResponse], str]

WORDS = "Hanno litigato in cucina"
DONE = "Parlato con tutti e due"


@dataclass(frozen=True)
class House:
    """Yusuf, who has a case and an account, lives in a dwelling of his city."""

    team: Team
    lodge: Lodge
    stay_id: UUID

    @property
    def page(self) -> str:
        return f"/en/housing/units/{self.lodge.unit_id}/incidents"


@pytest.fixture
def house(acting: Acting) -> House:
    team = make_case_team(acting)
    with acting(system_in()) as ctx:
        lodge = make_lodge(ctx, slug="napoli")
        yusuf = make_resident(ctx, lodge.city, "Yusuf Warsame", person_id=team.person_id)
        request_id = make_request(ctx, lodge.city, [yusuf], case_id=team.case_id)
        stay_id = make_stay(ctx, lodge, request_id)
    with acting(lodge.officer) as ctx:
        came(ctx, stay_id)
    return House(team, lodge, stay_id)


@pytest.fixture
def enter(client: FlaskClient, sign_in: SignIn) -> Callable[[UUID], FlaskClient]:
    def signed_in(person_id: UUID) -> FlaskClient:
        one = client.application.test_client()
        sign_in(one, person_id)
        return with_second_factor(one)

    return signed_in


Enter = Callable[[UUID], FlaskClient]


def sent(house: House, **changed: str) -> dict[str, str]:
    return {
        "kind": "quarrel",
        "stay": str(house.stay_id),
        "day": "2026-03-14",
        "at": "08:30",
        "words": WORDS,
        "done": "",
        **changed,
    }


def test_an_incident_is_written_down_and_what_was_done_follows(
    enter: Enter, acting: Acting, house: House, html: Html
) -> None:
    officer = enter(house.lodge.officer.own_id)
    page = html(officer.post(house.page, data=sent(house), follow_redirects=True))
    for said in (WORDS, "quarrel", "Yusuf Warsame", "Hugo Housing", "08:30"):
        assert said in page
    with acting(house.lodge.officer) as ctx:
        incident = ctx.db.scalars(select(Incident)).one()
        assert incident.happened_at == datetime(2026, 3, 14, 7, 30, tzinfo=UTC)
        assert WORDS.encode() not in incident.sealed
    there = f"{house.page}/{incident.id}"
    assert officer.post(there, data={"done": ""}).status_code == 422
    page = html(officer.post(there, data={"done": DONE}, follow_redirects=True))
    assert WORDS in page
    assert DONE in page
    assert officer.get(f"{house.page}/{uuid4()}").status_code == 404


def test_a_form_sent_twice_writes_it_once(enter: Enter, acting: Acting, house: House) -> None:
    officer = enter(house.lodge.officer.own_id)
    twice = sent(house, sent=str(uuid4()))
    officer.post(house.page, data=twice)
    officer.post(house.page, data=twice)
    with acting(house.lodge.officer) as ctx:
        assert ctx.db.scalar(select(func.count()).select_from(Incident)) == 1


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"kind": ""}, "Choose one."),
        ({"kind": "party"}, "Not a valid choice"),
        ({"stay": str(uuid4())}, "Not a valid choice"),
        ({"day": ""}, "Choose a day."),
        ({"day": "2026-03-15"}, "This has not happened yet."),
        ({"at": "10:30"}, "This has not happened yet."),
        ({"words": "   "}, "Write what happened."),
        ({"words": "a" * 8001}, "Write it in at most 8000 letters."),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_stays(
    enter: Enter, acting: Acting, house: House, html: Html, changed: dict[str, str], sentence: str
) -> None:
    typed = sent(house, done=DONE, **changed)
    answer = enter(house.lodge.officer.own_id).post(house.page, data=typed)
    assert answer.status_code == 422
    assert sentence in html(answer)
    assert DONE in html(answer)
    with acting(house.lodge.officer) as ctx:
        assert ctx.db.scalars(select(Incident)).all() == []


def write(acting: Acting, house: House, placement_id: UUID | None = None) -> UUID:
    with acting(house.lodge.officer) as ctx:
        new = NewIncident(
            house.lodge.unit_id,
            placement_id,
            IncidentKind.VIOLENCE,
            ctx.now() - timedelta(hours=2),
            WORDS,
            DONE,
        )
        return incidents.write_incident(ctx, new)


def test_nothing_of_it_is_on_the_case_or_among_its_notes_nor_on_the_own_pages(
    enter: Enter, acting: Acting, house: House, html: Html
) -> None:
    before = notes_of(acting, house)
    write(acting, house, house.stay_id)
    assert notes_of(acting, house) == before
    lead = enter(house.team.lead.own_id)
    case = f"/en/cases/{house.team.case_id}"
    for address in (case, f"{case}/around", f"{case}/data.json", "/en/cases"):
        answer = lead.get(address)
        assert answer.status_code == 200
        page = html(answer)
        assert WORDS not in page
        assert DONE not in page
        assert "violence" not in page
    own = enter(house.team.person_id)
    for address in ("/en/me/home", "/en/me", "/en/me/case", "/en/me/data.json"):
        answer = own.get(address)
        assert answer.status_code == 200
        page = html(answer)
        assert WORDS not in page
        assert DONE not in page
    assert WORDS not in html(enter(house.lodge.officer.own_id).get("/en/housing/stays"))


def notes_of(acting: Acting, house: House) -> int:
    with acting(system_in(house.lodge.city.id)) as ctx:
        return ctx.db.scalar(select(func.count()).select_from(CaseEntry)) or 0


@pytest.mark.parametrize("role", [Role.CASE_WORKER, Role.OFFICER, Role.DESK, Role.MOBILE_UNIT])
def test_others_of_the_city_do_not_read_it(
    enter: Enter, acting: Acting, house: House, role: Role
) -> None:
    with acting(system_in(house.lodge.city.id)) as ctx:
        other = make_staff(ctx, role, house.lodge.city)
    assert enter(other).get(house.page).status_code in (403, 404)


def test_another_city_and_who_is_not_of_a_safe_house_find_nothing(
    acting: Acting, enter: Enter, house: House
) -> None:
    city = house.lodge.city
    with acting(system_in()) as ctx:
        elsewhere = make_staff(ctx, Role.HOUSING_OFFICER, make_city(ctx, "latina"), name="Livia")
    with acting(system_in(city.id)) as ctx:
        inside = make_staff(ctx, Role.HOUSING_OFFICER, city, name="Ines")
        hidden, _beds = make_unit(ctx, city, "Rifugio", team=[inside])
    incident_id = write(acting, house)
    assert enter(elsewhere).get(house.page).status_code == 404
    assert enter(elsewhere).get(f"{house.page}/{incident_id}").status_code == 404
    page = f"/en/housing/units/{hidden}/incidents"
    assert enter(inside).get(page).status_code == 200
    assert enter(house.lodge.officer.own_id).get(page).status_code == 404


def test_it_is_about_a_stay_of_that_dwelling_or_about_nobody(acting: Acting, house: House) -> None:
    city = house.lodge.city
    with acting(system_in(city.id)) as ctx:
        other, beds = make_unit(ctx, city, "Casa Acanto")
    with acting(house.lodge.officer) as ctx:
        elsewhere = make_guest(ctx, Lodge(city, house.lodge.officer, other, beds), "Altrove")
    with pytest.raises(NotFound):
        write(acting, house, elsewhere)
    write(acting, house)
    with pytest.raises(NotFound), acting(house.lodge.officer) as ctx:
        incidents.write_what_was_done(ctx, uuid4(), DONE)
    with acting(house.lodge.officer) as ctx:
        (row,) = incidents.read_incidents(ctx, house.lodge.unit_id).incidents
    assert (row.name, row.words) == ("", WORDS)


def test_reading_and_writing_it_stand_in_the_trail_without_a_word_of_it(
    acting: Acting, house: House
) -> None:
    write(acting, house, house.stay_id)
    with acting(house.lodge.officer) as ctx:
        incidents.read_incidents(ctx, house.lodge.unit_id)
    with acting(system_in(house.lodge.city.id)) as ctx:
        lines = ctx.db.scalars(
            select(AuditEntry).where(AuditEntry.action.startswith("housing.incident"))
        ).all()
    assert [line.action for line in lines] == ["housing.incident_written", "housing.incidents_read"]
    assert all("Hanno" not in str(line.details) and line.reason == "" for line in lines)
