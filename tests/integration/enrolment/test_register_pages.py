"""The register through its pages: who may see it, what leaves the house, what is on record."""

import csv
import io
from collections.abc import Callable
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select
from werkzeug.test import TestResponse

from civic.accounts.models import Person
from civic.audit.models import AuditEntry
from civic.enrolment.models import RegisterLine, VolunteerDetails
from civic.enrolment.queries import register
from civic.kernel.db.database import Database
from civic.kernel.policy import Role, system_in
from tests.factories.accounts import make_person, make_staff
from tests.factories.attendance import Ground, make_booked_person, on_ground
from tests.factories.enrolment import make_register_entry

SignIn = Callable[[FlaskClient, UUID], None]
Html = Callable[[TestResponse], str]

FISCAL_CODE = "RSSMRA85T10A562S"


@pytest.fixture
def ground(database: Database) -> Ground:
    return on_ground(database)


@pytest.fixture
def officer(database: Database, ground: Ground) -> UUID:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        return make_staff(ctx, Role.OFFICER, ground.city)


@pytest.fixture
def amina(database: Database, ground: Ground) -> UUID:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        return make_booked_person(ctx, ground, "Amina")


def address(ground: Ground, rest: str = "") -> str:
    return f"/en/organise/registers/{ground.association.standing_id}{rest}"


def actions(database: Database, ground: Ground) -> list[str]:
    with database.reading(system_in(ground.city.id)) as ctx:
        return list(ctx.db.scalars(select(AuditEntry.action).order_by(AuditEntry.number)))


def test_organiser_and_officer_find_the_register_and_who_is_in_it(
    client: FlaskClient, html: Html, sign_in: SignIn, ground: Ground, amina: UUID, officer: UUID
) -> None:
    for who in (ground.organiser_id, officer):
        sign_in(client, who)
        assert address(ground) in html(client.get("/en/organise/registers"))
        page = html(client.get(address(ground)))
        assert "Amina" in page
        assert "1 line so far." in page
        assert "Something is missing" in page


def test_nobody_sees_a_register_but_their_own(
    client: FlaskClient,
    html: Html,
    sign_in: SignIn,
    database: Database,
    ground: Ground,
    amina: UUID,
) -> None:
    elsewhere = on_ground(database, slug="caserta")
    sign_in(client, elsewhere.organiser_id)
    assert address(ground) not in html(client.get("/en/organise/registers"))
    for rest in ("", "/register.pdf", "/register.csv", f"/people/{amina}"):
        assert client.get(address(ground, rest)).status_code == 404


def test_somebody_who_is_in_no_register_of_theirs_has_no_page(
    client: FlaskClient, sign_in: SignIn, database: Database, ground: Ground
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        stranger = make_person(ctx, "Bilal", ground.city)
    sign_in(client, ground.organiser_id)
    assert client.get(address(ground, f"/people/{stranger}")).status_code == 404


def test_a_long_register_comes_page_by_page_in_the_same_number_of_statements(
    client: FlaskClient,
    html: Html,
    sign_in: SignIn,
    database: Database,
    ground: Ground,
    monkeypatch: pytest.MonkeyPatch,
    statements: Callable[[], object],
) -> None:
    monkeypatch.setattr(register, "PAGE", 3)
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        for number in range(7):
            # Two of each name, so that a page ends between two of one.
            person_id = make_person(ctx, f"Volontaria {number // 2}", ground.city)
            make_register_entry(ctx, person_id, ground.association.id, ground.city.id)
    sign_in(client, ground.organiser_id)
    url, seen, costs = address(ground), [], []
    while url:
        with statements() as counted:  # type: ignore[attr-defined]
            page = html(client.get(url))
        costs.append(counted.total)
        seen.append(page.count("<bdi>Volontaria"))
        following = page.split('rel="next" href="')
        url = following[1].split('"')[0] if len(following) > 1 else ""
    # Each name twice: in its cell, and in the words of its link.
    assert seen == [6, 6, 2]
    assert costs[1] == costs[0] + 1
    assert client.get(address(ground, "?after=nonsense")).status_code == 404
    assert client.get(address(ground, f"?after={UUID(int=1)}")).status_code == 404


# Exports


def table(answer: TestResponse) -> list[list[str]]:
    text = answer.get_data().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


def test_the_table_has_every_line_and_runs_no_formula(
    client: FlaskClient, sign_in: SignIn, database: Database, ground: Ground
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        for name in ("=HYPERLINK(1)", "أمينة"):
            make_booked_person(ctx, ground, name)
        last = ctx.db.scalars(
            select(RegisterLine.hash).order_by(RegisterLine.number.desc())
        ).first()
    sign_in(client, ground.organiser_id)

    answer = client.get(address(ground, "/register.csv"))

    header, first, second = table(answer)
    assert len(header) == len(first) == 11
    assert first[0] == "1"
    assert first[3] == "'=HYPERLINK(1)"
    assert (second[3], second[8], second[10]) == ("أمينة", "01/01/2026", last)
    assert answer.headers["Content-Disposition"].endswith('registro-volontari.csv"')
    assert actions(database, ground)[-1] == "register.exported"


def test_the_paper_counts_its_pages_and_names_the_last_line(
    client: FlaskClient, sign_in: SignIn, database: Database, ground: Ground, officer: UUID
) -> None:
    with database.unit_of_work(system_in(ground.city.id)) as ctx:
        for number in range(60):
            person_id = make_person(ctx, f"Volontaria {number}", ground.city)
            make_register_entry(ctx, person_id, ground.association.id, ground.city.id)
        last = ctx.db.scalars(
            select(RegisterLine.hash).order_by(RegisterLine.number.desc())
        ).first()
    sign_in(client, officer)

    answer = client.get(address(ground, "/register.pdf"))

    pages = PdfReader(io.BytesIO(answer.get_data())).pages
    words = [page.extract_text() for page in pages]
    assert len(pages) == 2
    assert pages[0].mediabox.width > pages[0].mediabox.height
    for each in words:
        assert ground.association.name in each
        assert "Potenza" in each
        assert "14/03/2026" in each
        assert str(last) in each
        assert "60" in each
    assert "Volontaria 0" in words[0]
    assert "Volontaria 59" in words[1]
    assert "2" in words[1].splitlines()[-1]
    assert actions(database, ground)[-1] == "register.exported"


def test_a_register_without_a_line_is_a_paper_too(
    client: FlaskClient, sign_in: SignIn, ground: Ground
) -> None:
    sign_in(client, ground.organiser_id)
    answer = client.get(address(ground, "/register.pdf"))
    assert len(PdfReader(io.BytesIO(answer.get_data())).pages) == 1


# What the law asks


def test_a_person_writes_what_they_have_and_nothing_is_demanded(
    client: FlaskClient, html: Html, sign_in: SignIn, database: Database, amina: UUID
) -> None:
    sign_in(client, amina)
    assert "you can still take part" in html(client.get("/en/me/register-details"))
    assert client.post("/en/me/register-details", data={}).status_code == 302
    given = {
        "fiscal_code": " rssmra 85t10 a562s ",
        "birth_date": "10/12/1985",
        "birth_place": "Bamako",
    }

    answer = client.post("/en/me/register-details", data=given, follow_redirects=True)

    assert FISCAL_CODE in html(answer)
    with database.reading(system_in()) as ctx:
        assert ctx.db.get_one(VolunteerDetails, amina).fiscal_code == FISCAL_CODE


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"fiscal_code": "RSSMRA85T10A562T"}, "This is no fiscal code"),
        ({"fiscal_code": "x" * 10_000}, "This is no fiscal code"),
        ({"birth_date": "last year"}, "Check the date of birth."),
        ({"birth_date": "1850-01-01"}, "Check the date of birth."),
        ({"residence": "x" * 300}, "at most 200 letters"),
    ],
)
def test_what_cannot_be_true_is_refused_beside_its_field_and_kept(
    client: FlaskClient,
    html: Html,
    sign_in: SignIn,
    amina: UUID,
    given: dict[str, str],
    sentence: str,
) -> None:
    sign_in(client, amina)
    answer = client.post("/en/me/register-details", data={"birth_place": "Bamako", **given})
    assert answer.status_code == 422
    assert sentence in html(answer)
    assert "Bamako" in html(answer)


def test_an_organiser_writes_for_a_volunteer_and_the_person_can_see_it(
    client: FlaskClient,
    html: Html,
    sign_in: SignIn,
    database: Database,
    ground: Ground,
    amina: UUID,
) -> None:
    with database.unit_of_work(system_in()) as ctx:
        ctx.db.get_one(Person, amina).nationality = "SO"
    url = address(ground, f"/people/{amina}")
    sign_in(client, ground.organiser_id)
    page = html(client.get(url))
    assert "Somalia" not in page
    assert client.post(url, data={"fiscal_code": "no"}).status_code == 422

    answer = client.post(
        url,
        data={"fiscal_code": FISCAL_CODE, "residence": "Via Gemito 12"},
        follow_redirects=True,
    )

    assert "2 lines so far." in html(answer)
    assert "Complete" in html(answer)
    assert {"details.read", "details.changed"} <= set(actions(database, ground))
    sign_in(client, amina)
    assert "what the register of volunteers says of you" in html(client.get("/en/me/file"))
