"""Asking for a home from a case: a reference, opened by who may open the case, and nothing typed twice."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from civic.audit.models import AuditEntry
from civic.housing.operations.requests import NewRequest, open_request, withdraw_request
from civic.housing.operations.residents import NewPerson
from civic.housing.placing_models import HousingRequest, RequestMember, Resident
from civic.housing.queries.applicants import applicant_of
from civic.housing.queries.requests import asked_for
from civic.housing.request_errors import AlreadyWaiting
from civic.housing.rules.placing import Source, Urgency
from civic.housing.rules.stock import Gender
from civic.kernel.context import Context
from civic.kernel.errors import NotFound
from civic.kernel.policy import Actor, Role, system_in
from tests.factories.accounts import actor_of, make_staff, with_second_factor
from tests.factories.cases import House, file_of, in_charge, make_house, participant
from tests.factories.housing_requests import TODAY, typed

Acting = Callable[[Actor], AbstractContextManager[Context]]
SignIn = Callable[[FlaskClient, UUID], None]
Html = Callable[[TestResponse], str]
WHO = {"given": "Awa", "family": "Sarr", "born": "1998-05-30", "gender": "woman"}


@pytest.fixture
def house(acting: Acting) -> House:
    with acting(system_in()) as ctx:
        return make_house(ctx)


def asks(house: House, case_id: UUID, *people: NewPerson) -> NewRequest:
    return NewRequest(
        house.city.id, people or [NewPerson("Awa Sarr")], "fr", Urgency.THIS_WEEK, TODAY,
        case_id=case_id,
    )  # fmt: skip


def signed_in(client: FlaskClient, sign_in: SignIn, who: Actor) -> FlaskClient:
    sign_in(client, who.own_id)
    return with_second_factor(client)


def test_what_the_case_says_stands_in_the_form_and_reading_it_is_written_down(
    acting: Acting, house: House, client: FlaskClient, sign_in: SignIn, html: Html
) -> None:
    with acting(house.lead) as ctx:
        case_id = in_charge(ctx, house, WHO)
    signed_in(client, sign_in, house.lead)
    page = html(client.get(f"/en/housing/requests/new?case={case_id}"))
    for said in ('value="Awa Sarr"', 'value="1998-05-30"', '<option selected value="woman"'):
        assert said in page
    assert '<option selected value="fr"' in page
    with acting(house.dpo) as ctx:
        lines = ctx.db.scalars(select(AuditEntry.action).where(AuditEntry.thing_id == case_id))
        assert list(lines)[-1] == "case.read"


def test_the_form_of_a_case_makes_a_request_of_that_case(
    acting: Acting, house: House, client: FlaskClient, sign_in: SignIn, html: Html
) -> None:
    with acting(house.lead) as ctx:
        account = participant(ctx, house)
        case_id = in_charge(ctx, house, WHO, person_id=account)
    signed_in(client, sign_in, house.lead)
    at = f"/en/housing/requests/new?case={case_id}"
    wrong = client.post(at, data=typed("Awa Sarr", wanted_from=""))
    assert wrong.status_code == 422
    assert f"case={case_id}" in html(wrong)
    answer = client.post(at, data=typed("Awa Sarr"))
    assert answer.status_code == 302
    with acting(house.housing) as ctx:
        (row,) = ctx.db.scalars(select(HousingRequest))
        (who,) = ctx.db.scalars(select(Resident))
        assert (row.case_id, row.source, who.person_id) == (case_id, Source.CASE, account)
    again = client.get(at)
    assert again.headers["Location"].endswith(f"/housing/requests/{row.id}")
    assert client.post(at, data=typed("Awa Sarr")).status_code == 409


def test_a_case_of_somebody_elses_is_as_if_it_were_not_there(
    acting: Acting, house: House, client: FlaskClient, sign_in: SignIn
) -> None:
    with acting(house.desk) as ctx:
        case_id = file_of(ctx, house, WHO)
    signed_in(client, sign_in, house.lead)
    assert client.get(f"/en/housing/requests/new?case={case_id}").status_code == 404
    told = typed("Awa Sarr")
    at = f"/en/housing/requests/new?case={case_id}"
    assert client.post(at, data=told).status_code == 404
    with acting(house.lead) as ctx, pytest.raises(NotFound):
        open_request(ctx, asks(house, case_id))


def test_a_case_of_another_city_opens_no_request_here(acting: Acting, house: House) -> None:
    with acting(system_in()) as ctx:
        abroad = make_house(ctx, "latina")
        case_id = in_charge(ctx, abroad, WHO)
    with acting(house.lead) as ctx, pytest.raises(NotFound):
        open_request(ctx, asks(house, case_id))


def test_only_what_the_actor_reads_there_comes_along(acting: Acting, house: House) -> None:
    with acting(house.lead) as ctx:
        case_id = in_charge(ctx, house, WHO)
    with acting(house.tutor) as ctx:
        (who,) = applicant_of(ctx, case_id).people
        assert (who.name, who.born, who.gender) == ("", "", Gender.UNTOLD)
    with acting(house.housing) as ctx:
        (who,) = applicant_of(ctx, case_id).people
        assert (who.name, who.born, who.gender) == ("Awa Sarr", "1998-05-30", Gender.WOMAN)


@pytest.mark.parametrize("with_account", [True, False])
def test_from_a_case_the_same_person_and_household_are_found_again(
    acting: Acting, house: House, *, with_account: bool
) -> None:
    with acting(house.lead) as ctx:
        account = participant(ctx, house) if with_account else None
        case_id = in_charge(ctx, house, WHO, person_id=account)
    with acting(house.lead) as ctx:
        child = NewPerson("Moussa Sarr", Gender.MAN, 2019)
        first = open_request(ctx, asks(house, case_id, NewPerson("Awa Sarr"), child))
        with pytest.raises(AlreadyWaiting):
            open_request(ctx, asks(house, case_id))
        withdraw_request(ctx, first)
        known = applicant_of(ctx, case_id)
        assert [each.name for each in known.people] == ["Awa Sarr", "Moussa Sarr"]
        again = [NewPerson(each.name, known=each.resident_id) for each in known.people]
        second = open_request(ctx, asks(house, case_id, *again))
        members = {
            request_id: set(
                ctx.db.scalars(
                    select(RequestMember.resident_id).where(RequestMember.request_id == request_id)
                )
            )
            for request_id in (first, second)
        }
    assert members[first] == members[second]


def test_nobody_elses_child_comes_along_by_its_id(acting: Acting, house: House) -> None:
    with acting(house.lead) as ctx:
        one, other = in_charge(ctx, house, WHO), in_charge(ctx, house, {"given": "Bintu"})
        child = NewPerson("Moussa Sarr", Gender.MAN, 2019)
        first = open_request(ctx, asks(house, one, NewPerson("Awa Sarr"), child))
        row = asked_for(ctx, first)
        members = ctx.db.scalars(
            select(RequestMember.resident_id).where(RequestMember.request_id == first)
        )
        (moussa,) = set(members) - {row.resident_id}
    stolen = NewPerson("Moussa", known=moussa)
    with acting(house.lead) as ctx, pytest.raises(NotFound):
        open_request(ctx, asks(house, other, NewPerson("Bintu"), stolen))


def test_the_page_of_a_case_shows_that_a_home_was_asked_for(
    acting: Acting, house: House, client: FlaskClient, sign_in: SignIn, html: Html
) -> None:
    with acting(house.lead) as ctx:
        case_id = in_charge(ctx, house, WHO)
    signed_in(client, sign_in, house.lead)
    around = f"/en/cases/{case_id}/around"
    assert f"/en/housing/requests/new?case={case_id}" in html(client.get(around))
    with acting(house.lead) as ctx:
        request_id = open_request(ctx, asks(house, case_id))
    page = html(client.get(around))
    assert f"/en/housing/requests/{request_id}" in page
    assert "A home was asked for on 14 March 2026" in page
    assert f"/en/housing/requests/new?case={case_id}" not in page
    assert client.get(f"/en/housing/requests/{request_id}").status_code == 200


def test_who_is_on_the_case_sees_its_request_and_who_is_not_does_not(
    acting: Acting, house: House
) -> None:
    with acting(house.lead) as ctx:
        case_id = in_charge(ctx, house, WHO)
        request_id = open_request(ctx, asks(house, case_id))
    with acting(house.psychologist) as ctx:
        assert asked_for(ctx, request_id).id == request_id
    with acting(system_in(house.city.id)) as ctx:
        stranger = actor_of(ctx, make_staff(ctx, Role.CASE_WORKER, house.city))
    with acting(stranger) as ctx, pytest.raises(NotFound):
        asked_for(ctx, request_id)
