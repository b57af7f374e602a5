"""The person's own page: when they are awaited, what they agreed to, what they said yes to."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from civic.accounts import operations as accounts
from civic.accounts.contacts import read_contact
from civic.cases.access import Data
from civic.cases.errors import AccountElsewhere, NoSuchAccount
from civic.cases.operations.accounts import link_account, unlink_account
from civic.cases.operations.appointments import NewAppointment, make_appointment, mark_appointment
from civic.cases.operations.entries import NewEntry, NewTask, add_entry, add_task
from civic.cases.operations.files import write_section
from civic.cases.operations.mine import read_own
from civic.cases.operations.reading import read_around, read_case
from civic.cases.vocabulary import AppointmentState, EntryKind
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.policy import Actor, Role, system_in
from tests.factories.accounts import actor_of, make_person, make_staff
from tests.factories.cases import House, consent, in_charge, make_house, participant

Acting = Callable[[Actor], AbstractContextManager[Context]]
SignIn = Callable[[FlaskClient, UUID], None]
Html = Callable[[TestResponse], str]


@pytest.fixture
def house(acting: Acting) -> House:
    with acting(system_in()) as ctx:
        return make_house(ctx)


@pytest.fixture
def awa(acting: Acting, house: House) -> UUID:
    with acting(system_in()) as ctx:
        return participant(ctx, house)


@pytest.fixture
def case_id(acting: Acting, house: House, awa: UUID) -> UUID:
    with acting(house.lead) as ctx:
        case_id = in_charge(ctx, house, person_id=awa)
        write_section(ctx, case_id, Data.SOCIAL, {"story": "non per questa pagina"}, 0)
        note = {"words": "non per questa pagina"}
        add_entry(ctx, case_id, NewEntry(Data.SOCIAL, EntryKind.NOTE, note))
        at = ctx.now() + timedelta(days=3)
        make_appointment(ctx, case_id, NewAppointment(at, 30, "non per questa pagina"))
        off = make_appointment(ctx, case_id, NewAppointment(at + timedelta(days=1), 30))
        mark_appointment(ctx, case_id, off, AppointmentState.CANCELLED)
        add_task(ctx, case_id, NewTask("Portare la carta", date(2026, 4, 1), None, True))
        add_task(ctx, case_id, NewTask("mai accettato", None, None, False))
        add_task(ctx, case_id, NewTask("compito del lead", None, house.lead.person_id))
    return case_id


def test_the_page_shows_what_is_theirs_and_nothing_else(
    case_id: UUID, awa: UUID, client: FlaskClient, sign_in: SignIn, html: Html
) -> None:
    sign_in(client, awa)
    page = html(client.get("/it/me/case"))
    assert "Portare la carta" in page
    assert "Lea Lead" in page
    for hidden in ("non per questa pagina", "mai accettato", "compito del lead"):
        assert hidden not in page
    assert page.count('class="panel mb-2"') == 3


def test_a_consent_is_taken_back_by_the_person_alone(
    case_id: UUID, awa: UUID, house: House, client: FlaskClient, sign_in: SignIn, acting: Acting
) -> None:
    with acting(house.lead) as ctx:
        (row,) = read_around(ctx, case_id).consents
    with acting(system_in()) as ctx:
        other = participant(ctx, house, "Omar")
    at = f"/it/me/case/consents/{row.id}/withdraw"
    sign_in(client, other)
    assert client.post(at).status_code == 404
    sign_in(client, awa)
    assert client.post(at).status_code == 302
    assert client.post(at).status_code == 404
    with acting(house.lead) as ctx:
        (row,) = read_around(ctx, case_id).consents
    assert row.withdrawn_at is not None


def test_the_person_reads_who_opened_their_file(
    case_id: UUID,
    awa: UUID,
    house: House,
    client: FlaskClient,
    sign_in: SignIn,
    html: Html,
    acting: Acting,
) -> None:
    with acting(house.psychologist) as ctx:
        read_case(ctx, case_id)
    sign_in(client, awa)
    page = html(client.get("/it/me/file"))
    assert "Pia Psyche" in page


def test_a_card_and_its_pin_never_open_a_case(
    case_id: UUID, awa: UUID, client: FlaskClient, database: Database
) -> None:
    with database.unit_of_work(system_in()) as ctx:
        token = accounts.open_session(ctx, awa, by_pin=True)
    with client.session_transaction() as session:
        session["_user_id"] = token
    assert client.get("/it/me/case").status_code == 404


def test_nobody_without_a_file_is_told_that_others_have_one(
    house: House, client: FlaskClient, sign_in: SignIn, acting: Acting, html: Html
) -> None:
    with acting(system_in()) as ctx:
        other = participant(ctx, house, "Omar")
    sign_in(client, other)
    answer = client.get("/it/me/case")
    assert answer.status_code == 200
    assert "panel mb-2" not in html(answer)


def test_what_the_page_shows_can_be_taken_away_and_nothing_more(
    case_id: UUID, awa: UUID, client: FlaskClient, sign_in: SignIn, database: Database
) -> None:
    sign_in(client, awa)
    taken = client.get("/it/me/data.json")
    assert taken.status_code == 200
    (file,) = taken.get_json()["cases"]["files"]
    assert [task["words"] for task in file["tasks"]] == ["Portare la carta"]
    assert (len(file["appointments"]), len(file["consents"])) == (1, 1)
    text = taken.get_data(as_text=True)
    for hidden in ("non per questa pagina", "mai accettato", "compito del lead"):
        assert hidden not in text
    with database.unit_of_work(system_in()) as ctx:
        token = accounts.open_session(ctx, awa, by_pin=True)
    with client.session_transaction() as session:
        session["_user_id"] = token
    by_card = client.get("/it/me/data.json")
    assert "Portare la carta" not in by_card.get_data(as_text=True)


def test_an_account_is_linked_by_the_contact_that_the_person_says(
    house: House, acting: Acting
) -> None:
    with acting(system_in()) as ctx:
        awa = make_person(ctx, "Awa", phone="+393331234567")
        make_staff(ctx, Role.OFFICER, house.city, email="officer@example.org")
    with acting(house.lead) as ctx:
        case_id, other = in_charge(ctx, house), in_charge(ctx, house, {"given": "Omar"})
        for nobody in ("+39 320 0000000", "officer@example.org"):
            with pytest.raises(NoSuchAccount):
                link_account(ctx, case_id, read_contact(nobody))
        link_account(ctx, case_id, read_contact("333 123 4567"))
        with pytest.raises(AccountElsewhere):
            link_account(ctx, other, read_contact("333 123 4567"))
    with acting(system_in()) as ctx:
        me = actor_of(ctx, awa)
    with acting(me) as ctx:
        assert [file.case.id for file in read_own(ctx)] == [case_id]
    with acting(house.lead) as ctx:
        unlink_account(ctx, case_id)
    with acting(me) as ctx:
        assert read_own(ctx) == []


def test_a_consent_for_another_purpose_stands_when_one_is_taken_back(
    case_id: UUID, awa: UUID, house: House, acting: Acting
) -> None:
    from civic.cases.operations.consents import withdraw
    from civic.cases.vocabulary import Purpose

    with acting(house.lead) as ctx:
        first = read_around(ctx, case_id).consents[0].id
        other = consent(ctx, case_id, Purpose.REMINDERS)
        withdraw(ctx, case_id, first)
        standing = [row.id for row in read_around(ctx, case_id).consents if not row.withdrawn_at]
    assert standing == [other]
