"""The pages of the desk: somebody is found or written down, joins, and takes a printed pass home."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from civic.accounts.models import Contact, Person
from civic.accounts.rules import ContactKind
from civic.audit.models import AuditEntry
from civic.catalogue.models import Project
from civic.enrolment.operations.desk import DeskWish
from civic.enrolment.rules import EnrolmentState, LegalBasis
from civic.kernel.db.database import Database
from civic.kernel.policy import Role, system_in
from tests.conftest import Counted
from tests.factories.accounts import make_person, make_staff
from tests.factories.attendance import Ground, make_ground, on_ground
from tests.factories.enrolment import make_enrolment
from tests.integration.enrolment.at_the_desk import (
    enrolment,
    write_into,
)

Html = Callable[[TestResponse], str]
SignIn = Callable[[FlaskClient, UUID], None]
Counting = Callable[[], AbstractContextManager[Counted]]
MOST_FOR_PERSON = 16
"""Statements of the page of a person at the desk: the recorded reading is five of them."""


@pytest.fixture
def ground(database: Database) -> Ground:
    return on_ground(database)


@pytest.fixture
def slug(database: Database, ground: Ground) -> str:
    with database.reading(system_in()) as ctx:
        return ctx.db.get_one(Project, ground.project_id).slug


@pytest.fixture
def officer(database: Database, ground: Ground) -> UUID:
    with database.unit_of_work(system_in()) as ctx:
        return make_staff(ctx, Role.OFFICER, ground.city)


@pytest.fixture
def case_worker(database: Database, ground: Ground) -> UUID:
    with database.unit_of_work(system_in()) as ctx:
        return make_staff(ctx, Role.CASE_WORKER, ground.city)


@pytest.fixture
def amina(database: Database, ground: Ground) -> UUID:
    """Known to the city, with neither phone nor address."""
    with database.unit_of_work(system_in()) as ctx:
        return make_person(ctx, "Amina", ground.city)


def test_somebody_without_phone_or_address_is_written_down_joins_and_has_a_printed_pass(
    client: FlaskClient,
    html: Html,
    sign_in: SignIn,
    database: Database,
    ground: Ground,
    slug: str,
    officer: UUID,
) -> None:
    sign_in(client, officer)
    new = {"name": "Ousmane", "birth_year": "1990", "page_language": "fr", "agreed": "y"}
    answer = client.post("/en/city/people/new", data=new | {"languages": ["fr", "bm"]})
    page = html(client.get(answer.location))
    assert "Ousmane" in page
    assert "French, Bambara" in page
    assert "Siepe di alloro a Villa Giaquinto" in page

    url = f"{answer.location}/{slug}"
    form = html(client.get(url))
    assert "Saturday 21 March" in form
    done = client.post(
        url, data={"session": str(ground.session_id), "basis": "volunteer"}, follow_redirects=True
    )
    assert "Ousmane has a place." in html(done)

    with database.reading(system_in(ground.city.id)) as ctx:
        person = ctx.db.scalars(select(Person).where(Person.name == "Ousmane")).one()
        assert ctx.db.scalars(select(Contact).where(Contact.person_id == person.id)).all() == []
    printed = html(client.get(f"/en/city/people/{person.id}/pass"))
    assert "Ousmane" in printed
    assert 'src="data:image/' in printed


def test_a_name_and_the_agreement_are_all_that_is_demanded(
    client: FlaskClient, html: Html, sign_in: SignIn, officer: UUID
) -> None:
    sign_in(client, officer)

    refused = client.post("/en/city/people/new", data={"page_language": "it", "contact": "+39 12"})
    taken = client.post(
        "/en/city/people/new", data={"name": "Kim", "page_language": "it", "agreed": "y"}
    )

    assert refused.status_code == 422
    assert "Without their agreement we may keep nothing" in html(refused)
    assert "+39 12" in html(refused)
    assert taken.status_code == 302


def test_a_number_that_somebody_has_is_not_given_to_another(
    client: FlaskClient, html: Html, sign_in: SignIn, database: Database, officer: UUID
) -> None:
    with database.unit_of_work(system_in()) as ctx:
        make_person(ctx, "Amina", phone="+393331234567")
        before = len(ctx.db.scalars(select(Person.id)).all())
    sign_in(client, officer)

    answer = client.post(
        "/en/city/people/new",
        data={"name": "Kim", "page_language": "it", "agreed": "y", "contact": "333 1234567"},
    )

    assert answer.status_code == 422
    assert "Somebody is known by this number or address already." in html(answer)
    with database.reading(system_in()) as ctx:
        assert len(ctx.db.scalars(select(Person.id)).all()) == before
        kinds = ctx.db.scalars(select(Contact.kind)).all()
    assert kinds == [ContactKind.PHONE]


def test_a_missing_year_is_added_once_and_only_by_an_officer(
    client: FlaskClient,
    html: Html,
    sign_in: SignIn,
    database: Database,
    ground: Ground,
    officer: UUID,
    case_worker: UUID,
) -> None:
    with database.unit_of_work(system_in()) as ctx:
        kim = make_person(ctx, "Kim", ground.city, birth_year=None)
    url = f"/en/city/people/{kim}/birth-year"
    sign_in(client, case_worker)
    assert client.post(url, data={"birth_year": "1990"}).status_code == 404
    sign_in(client, officer)

    assert client.post(url, data={"birth_year": "2024"}).status_code == 422
    assert client.post(url, data={"birth_year": "abc"}).status_code == 422
    assert client.post(url, data={"birth_year": "١٩٩٠"}).status_code == 302
    again = client.post(url, data={"birth_year": "1970"})

    assert again.status_code == 409
    assert "The year is known already." in html(again)
    with database.reading(system_in()) as ctx:
        assert ctx.db.get_one(Person, kim).birth_year == 1990


def test_person_reads_on_the_project_that_the_desk_wrote_them_in(
    client: FlaskClient,
    html: Html,
    sign_in: SignIn,
    database: Database,
    slug: str,
    officer: UUID,
    amina: UUID,
) -> None:
    write_into(database, officer, DeskWish(amina, slug))
    sign_in(client, amina)

    assert "The desk of Potenza wrote you in." in html(client.get(f"/en/projects/{slug}"))


def test_obstacles_are_shown_at_the_desk_and_no_form_is(
    client: FlaskClient,
    html: Html,
    sign_in: SignIn,
    database: Database,
    ground: Ground,
    slug: str,
    officer: UUID,
) -> None:
    with database.unit_of_work(system_in()) as ctx:
        kim = make_person(ctx, "Kim", ground.city, birth_year=None)
    sign_in(client, officer)

    page = html(client.get(f"/en/city/people/{kim}/enrol/{slug}"))

    assert "We do not know the year you were born." in page
    assert "Write them in" not in page


def test_a_minor_is_in_and_told_about_the_guardian(
    client: FlaskClient,
    html: Html,
    sign_in: SignIn,
    database: Database,
    ground: Ground,
    slug: str,
    officer: UUID,
) -> None:
    with database.unit_of_work(system_in()) as ctx:
        yusuf = make_person(ctx, "Yusuf", ground.city, birth_year=2010)
    sign_in(client, officer)

    answer = client.post(
        f"/en/city/people/{yusuf}/enrol/{slug}",
        data={"session": str(ground.session_id), "basis": "volunteer"},
        follow_redirects=True,
    )

    assert "your guardian&#39;s consent first" in html(answer)
    assert enrolment(database, ground, yusuf).state is EnrolmentState.ACTIVE


def test_a_made_up_date_or_ground_is_refused(
    client: FlaskClient, sign_in: SignIn, slug: str, officer: UUID, amina: UUID
) -> None:
    sign_in(client, officer)
    url = f"/en/city/people/{amina}/enrol/{slug}"

    assert client.post(url, data={"session": "x", "basis": "volunteer"}).status_code == 422
    assert client.post(url, data={"session": "", "basis": "slave"}).status_code == 422


def test_names_are_found_by_at_least_two_letters_and_the_search_is_recorded(
    client: FlaskClient,
    html: Html,
    sign_in: SignIn,
    database: Database,
    ground: Ground,
    case_worker: UUID,
    amina: UUID,
) -> None:
    sign_in(client, case_worker)
    with database.unit_of_work(system_in()) as ctx:
        make_person(ctx, "Aminata", make_ground(ctx, "caserta").city)

    assert "Amina" not in html(client.get("/en/city/desk?name=a"))
    page = html(client.get("/en/city/desk?name=amin"))

    assert f"/en/city/people/{amina}/enrol" in page
    assert "Aminata" not in page
    assert "Write down a new person" not in page
    with database.reading(system_in(ground.city.id)) as ctx:
        assert ctx.db.scalars(select(AuditEntry.action)).all() == ["desk.searched"]


def test_officer_alone_sees_and_changes_on_what_ground_somebody_takes_part(
    client: FlaskClient,
    html: Html,
    sign_in: SignIn,
    database: Database,
    ground: Ground,
    officer: UUID,
    case_worker: UUID,
    amina: UUID,
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        which = make_enrolment(ctx, amina, ground.project_id, legal_basis=LegalBasis.ASYLUM_SEEKER)
    url = f"/en/city/people/{amina}/enrol"
    sign_in(client, case_worker)
    assert "sylum" not in html(client.get(url))
    sign_in(client, officer)
    assert "Asylum seekers" in html(client.get(url))

    answer = client.post(
        f"/en/city/people/{amina}/enrolments/{which}/basis",
        data={f"e{which.hex}-basis": "puc"},
        follow_redirects=True,
    )

    assert "Changed. The register and the insurance follow it." in html(answer)
    assert enrolment(database, ground, amina).legal_basis is LegalBasis.PUC


def test_the_page_of_a_person_costs_few_statements(
    client: FlaskClient,
    sign_in: SignIn,
    database: Database,
    ground: Ground,
    officer: UUID,
    amina: UUID,
    statements: Counting,
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        make_enrolment(ctx, amina, ground.project_id)
    sign_in(client, officer)
    client.get(f"/en/city/people/{amina}/enrol")

    with statements() as counted:
        client.get(f"/en/city/people/{amina}/enrol")

    assert counted.total <= MOST_FOR_PERSON, counted.statements
