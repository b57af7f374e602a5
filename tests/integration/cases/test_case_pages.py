"""What a page asks of the database, and what it opens."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from types import SimpleNamespace
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from civic.cases.access import Data
from civic.cases.operations.entries import NewEntry, NewTask, add_entry, add_task
from civic.cases.operations.files import NewCase, open_case
from civic.cases.operations.reading import read_case, read_list
from civic.cases.vocabulary import EntryKind
from civic.kernel.context import Context
from civic.kernel.policy import Actor, system_in
from civic.kernel.vault import SubjectKey
from tests.factories.accounts import with_second_factor
from tests.factories.cases import House, in_charge, make_house

Acting = Callable[[Actor], AbstractContextManager[Context]]
SignIn = Callable[[FlaskClient, UUID], None]
Html = Callable[[TestResponse], str]
Statements = Callable[[], AbstractContextManager[SimpleNamespace]]


@pytest.fixture
def house(acting: Acting) -> House:
    with acting(system_in()) as ctx:
        return make_house(ctx)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every sealed field that is opened, by its table."""
    found: list[str] = []
    before = SubjectKey.open

    def counting(self: SubjectKey, spot: object, sealed: bytes) -> object:
        found.append(str(spot).split(".", 1)[0])
        return before(self, spot, sealed)  # type: ignore[arg-type]

    monkeypatch.setattr(SubjectKey, "open", counting)
    return found


def test_a_list_of_200_cases_takes_8_statements_and_opens_only_what_it_shows(
    acting: Acting,
    house: House,
    client: FlaskClient,
    sign_in: SignIn,
    html: Html,
    statements: Statements,
    opened: list[str],
) -> None:
    with acting(house.lead) as ctx:
        for number in range(200):
            case_id = open_case(ctx, NewCase(house.city.id, {"given": f"Persona{number}"}))
            if number % 2:
                for day in (20, 21, 22):
                    add_task(ctx, case_id, NewTask(f"Passo {number}", date(2026, 3, day)))
    assert house.lead.person_id
    sign_in(client, house.lead.person_id)
    with_second_factor(client)
    client.get("/it/cases")
    opened.clear()
    with statements() as counted:
        page = html(client.get("/it/cases"))
    assert page.count('class="case-name"') == 200
    assert counted.total <= 8, "\n".join(counted.statements)
    assert (opened.count("case_section"), opened.count("case_task")) == (200, 100)
    assert set(opened) == {"case_section", "case_task"}


def test_a_case_of_500_entries_opens_one_page_of_them(
    acting: Acting, house: House, client: FlaskClient, sign_in: SignIn,
    statements: Statements, opened: list[str],
) -> None:  # fmt: skip
    with acting(house.lead) as ctx:
        case_id = in_charge(ctx, house)
        for number in range(500):
            at = ctx.now() - timedelta(hours=number)
            words = {"words": f"Colloquio {number}"}
            add_entry(ctx, case_id, NewEntry(Data.SOCIAL, EntryKind.NOTE, words, at))
    assert house.lead.person_id
    sign_in(client, house.lead.person_id)
    with_second_factor(client)
    client.get(f"/it/cases/{case_id}")
    opened.clear()
    with statements() as counted:
        client.get(f"/it/cases/{case_id}")
    assert opened.count("case_entry") == 20
    assert counted.total <= 16, "\n".join(counted.statements)


def test_the_list_stands_by_what_is_due_first_and_hides_what_a_role_may_not_see(
    acting: Acting, house: House
) -> None:
    with acting(house.lead) as ctx:
        late = in_charge(ctx, house, {"given": "Omar", "family": "Sy"})
        soon = in_charge(ctx, house, {"given": "Awa", "family": "Sarr"})
        add_task(ctx, late, NewTask("Dopo", date(2026, 5, 1)))
        add_task(ctx, soon, NewTask("Prima", date(2026, 3, 16)))
        rows = read_list(ctx, house.city.id)
        assert [(row.name, row.next_task and row.next_task.words) for row in rows] == [
            ("Awa Sarr", "Prima"), ("Omar Sy", "Dopo"),
        ]  # fmt: skip
    with acting(house.coordinator) as ctx:
        rows = read_list(ctx, house.city.id)
        assert {(row.name, row.next_task) for row in rows} == {("A. S.", None), ("O. S.", None)}
    with acting(house.housing) as ctx:
        rows = read_list(ctx, house.city.id)
        assert {row.name for row in rows} == {"Awa Sarr", "Omar Sy"}


def test_the_page_after_the_first_shows_older_entries(acting: Acting, house: House) -> None:
    with acting(house.lead) as ctx:
        case_id = in_charge(ctx, house)
        for number in range(25):
            words = {"words": f"Colloquio {number}"}
            at = ctx.now() - timedelta(hours=number)
            add_entry(ctx, case_id, NewEntry(Data.SOCIAL, EntryKind.NOTE, words, at))
        second = read_case(ctx, case_id, page=2).timeline
    assert [row.words and row.words["words"] for row in second.entries] == [
        f"Colloquio {number}" for number in range(20, 25)
    ]
    assert not second.has_more


@pytest.mark.parametrize("language", ["it", "fr", "ar"])
@pytest.mark.parametrize(
    "path", ["", "/around", "/likely", "/parts/identity", "/parts/social", "/emergency"]
)
def test_every_page_of_a_case_is_rendered_in_every_language(
    language: str, path: str, acting: Acting, house: House, client: FlaskClient, sign_in: SignIn
) -> None:
    with acting(house.lead) as ctx:
        case_id = in_charge(ctx, house)
    assert house.lead.person_id
    sign_in(client, house.lead.person_id)
    with_second_factor(client)
    answer = client.get(f"/{language}/cases/{case_id}{path}")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("path", ["", "/known", "/new", "/arrivals"])
def test_every_page_of_the_list_is_rendered(
    path: str, house: House, client: FlaskClient, sign_in: SignIn
) -> None:
    assert house.desk.person_id
    sign_in(client, house.desk.person_id)
    with_second_factor(client)
    assert client.get(f"/it/cases{path}").status_code == 200


@pytest.mark.parametrize("what", ["entries", "alerts", "documents"])
def test_what_is_written_goes_nowhere_until_somebody_says_what_it_belongs_to(
    what: str, acting: Acting, house: House, client: FlaskClient, sign_in: SignIn, html: Html
) -> None:
    """Whatever stood there beforehand would be chosen in a hurry, and read by who should not."""
    with acting(house.lead) as ctx:
        case_id = in_charge(ctx, house)
    assert house.lead.person_id
    sign_in(client, house.lead.person_id)
    with_second_factor(client)
    told = {"words": "Parole scritte", "title": "Parole scritte", "kind": "danger"}
    answer = client.post(f"/it/cases/{case_id}/{what}", data={**told, "expires_on": "2026-05-01"})
    assert answer.status_code == 422
    assert "Parole scritte" in html(answer)
    with acting(house.lead) as ctx:
        assert read_case(ctx, case_id).timeline.entries == ()


def test_without_a_second_factor_no_page_of_a_case_opens(
    acting: Acting, house: House, client: FlaskClient, sign_in: SignIn
) -> None:
    with acting(house.lead) as ctx:
        case_id = in_charge(ctx, house)
    assert house.lead.person_id
    sign_in(client, house.lead.person_id)
    for path in ("/it/cases", f"/it/cases/{case_id}", f"/it/cases/{case_id}/data.json"):
        answer = client.get(path)
        assert answer.status_code in (302, 403)
        assert "Sarr" not in answer.get_data(as_text=True)
    assert client.post(f"/it/cases/{case_id}/entries", data={"words": "x"}).status_code == 403
