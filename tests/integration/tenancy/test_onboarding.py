"""An association brings itself in: what it says, the papers it shows, what cities answer."""

import io
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from werkzeug.test import TestResponse

from civic.accounts.queries import actor_of_person
from civic.kernel.db.database import Database
from civic.kernel.files import FileStore
from civic.kernel.policy import Role, system_in
from civic.notifications.models import Message
from civic.tenancy.queries import own
from civic.tenancy.queries.standings import City
from civic.web.uploads import FORM_AROUND_IT, LARGEST_FILE
from tests.conftest import make_test_app
from tests.factories.accounts import make_person, make_staff
from tests.factories.tenancy import make_association, make_city

SignIn = Callable[[FlaskClient, UUID], None]
Html = Callable[[TestResponse], str]
STATUTE = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF"
FACTS = {
    "name": "Giardini d'Incontro",
    "legal_form": "odv",
    "register_number": "RM-12345",
    "about": "Curiamo i giardini insieme.",
    "email": "Info@Giardini.example",
    "phone": "06 4567 8900",
    "speaks_for_it": "y",
}


@pytest.fixture
def app(database: Database, tmp_path: Path) -> Flask:
    app = make_test_app(database)
    app.extensions["civic_files"] = FileStore(tmp_path)
    return app


@pytest.fixture
def cities(database: Database) -> tuple[City, City]:
    with database.unit_of_work(system_in()) as ctx:
        return make_city(ctx, "potenza"), make_city(ctx, "caserta")


@pytest.fixture
def founder(
    database: Database, cities: tuple[City, City], client: FlaskClient, sign_in: SignIn
) -> UUID:
    """Somebody who takes part in Potenza and runs an association, signed in."""
    with database.unit_of_work(system_in()) as ctx:
        person = make_person(ctx, "Rosa", cities[0], email="rosa@example.org")
    sign_in(client, person)
    return person


def officer(database: Database, city: City) -> UUID:
    with database.unit_of_work(system_in()) as ctx:
        return make_staff(ctx, Role.OFFICER, city)


def brought_in(database: Database, client: FlaskClient, *cities: City) -> own.OwnAssociation:
    answer = client.post(
        "/en/associations/new", data={**FACTS, "cities": [str(city.id) for city in cities]}
    )
    assert answer.status_code == 302, answer.get_data(as_text=True)
    with database.reading(system_in()) as ctx:
        reader = actor_of_person(ctx, _signed_in(client))
    with database.reading(reader) as ctx:
        return own.own_associations(ctx)[0]


def _signed_in(client: FlaskClient) -> UUID:
    with client.session_transaction() as session:
        return UUID(session["who"])


@pytest.fixture(autouse=True)
def remember_who(founder: UUID, client: FlaskClient) -> None:
    with client.session_transaction() as session:
        session["who"] = str(founder)


def standing_in(database: Database, association_id: UUID, city: City) -> UUID:
    from civic.tenancy.models import AssociationInCity

    with database.reading(system_in(city.id)) as ctx:
        return ctx.db.scalars(
            select(AssociationInCity.id).where(
                AssociationInCity.association_id == association_id,
                AssociationInCity.municipality_id == city.id,
            )
        ).one()


def test_bringing_an_association_in_gives_no_role_until_a_city_verified_it(
    database: Database,
    client: FlaskClient,
    founder: UUID,
    cities: tuple[City, City],
    sign_in: SignIn,
    drain: Callable[[], int],
) -> None:
    association = brought_in(database, client, *cities)
    assert client.get("/en/organise").status_code == 404
    assert client.get(f"/en/associations/{association.slug}").status_code == 404
    sign_in(client, officer(database, cities[1]))
    standing = standing_in(database, association.id, cities[1])
    client.post(f"/en/city/associations/{standing}/verify")
    drain()
    drain()
    with database.reading(system_in()) as ctx:
        grants = actor_of_person(ctx, founder).grants
    assert [(grant.role, grant.municipality_id) for grant in grants] == [
        (Role.ORGANISER, cities[1].id)
    ]
    assert client.get(f"/en/associations/{association.slug}").status_code == 200


def test_the_public_page_names_verified_cities_alone(
    database: Database,
    client: FlaskClient,
    cities: tuple[City, City],
    sign_in: SignIn,
    html: Html,
) -> None:
    association = brought_in(database, client, *cities)
    sign_in(client, officer(database, cities[1]))
    client.post(f"/en/city/associations/{standing_in(database, association.id, cities[1])}/verify")
    page = html(client.get(f"/en/associations/{association.slug}"))
    assert "Caserta" in page
    assert "Potenza" not in page
    assert "+390645678900" in page
    assert "info@giardini.example" in page.lower()


def test_a_refusal_needs_a_reason_which_the_association_reads_and_can_ask_again(
    database: Database,
    client: FlaskClient,
    founder: UUID,
    cities: tuple[City, City],
    sign_in: SignIn,
    html: Html,
    drain: Callable[[], int],
) -> None:
    association = brought_in(database, client, cities[0])
    standing = standing_in(database, association.id, cities[0])
    sign_in(client, officer(database, cities[0]))
    address = f"/en/city/associations/{standing}"
    assert client.post(f"{address}/refuse", data={"reason": " "}).status_code == 422
    client.post(f"{address}/refuse", data={"reason": "Manca lo statuto firmato."})
    drain()
    sign_in(client, founder)
    assert "Manca lo statuto firmato." in html(client.get("/en/associations/mine"))
    with database.reading(system_in()) as ctx:
        bodies = ctx.db.scalars(select(Message.body).where(Message.person_id == founder)).all()
    assert any("Manca lo statuto firmato." in body for body in bodies)
    again = f"/en/associations/{association.id}/ask/{cities[0].id}"
    assert "has your request" in html(client.post(again, follow_redirects=True))
    assert "asked already" in html(client.post(again, follow_redirects=True))


def test_the_same_register_number_is_one_association(
    database: Database, client: FlaskClient, cities: tuple[City, City], html: Html
) -> None:
    brought_in(database, client, cities[0])
    answer = client.post(
        "/en/associations/new",
        data={**FACTS, "name": "Un'altra", "register_number": "rm-12345", "cities": cities[0].id},
    )
    assert answer.status_code == 422
    page = html(answer)
    assert "is here already" in page
    assert "Un&#39;altra" in page


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", "   "),
        ("legal_form", "srl"),
        ("register_number", "<script>"),
        ("email", "nessuna"),
        ("phone", "12"),
        ("cities", ""),
        ("speaks_for_it", ""),
    ],
)
def test_what_cannot_be_is_told_beside_the_field_and_the_rest_stays(
    client: FlaskClient, cities: tuple[City, City], html: Html, field: str, typed: str
) -> None:
    data = {**FACTS, "cities": str(cities[0].id), field: typed}
    answer = client.post("/en/associations/new", data={name: v for name, v in data.items() if v})
    page = html(answer)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in page
    if field != "name":
        assert "Giardini d&#39;Incontro" in page


def upload(client: FlaskClient, association_id: UUID, city: City, body: bytes) -> TestResponse:
    return client.post(
        f"/en/associations/{association_id}/documents",
        data={"title": "Statuto", "city": str(city.id), "file": (io.BytesIO(body), "statuto.pdf")},
        content_type="multipart/form-data",
    )


def test_a_paper_is_read_by_its_city_and_by_who_runs_the_association_alone(
    database: Database,
    client: FlaskClient,
    cities: tuple[City, City],
    sign_in: SignIn,
) -> None:
    association = brought_in(database, client, *cities)
    assert upload(client, association.id, cities[0], STATUTE).status_code == 302
    with database.reading(system_in(cities[0].id)) as ctx:
        paper = own.documents(ctx, association.id, [cities[0].id])[0]
    address = f"/en/associations/documents/{paper.id}"
    answer = client.get(address)
    assert answer.data == STATUTE
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    with database.unit_of_work(system_in()) as ctx:
        other = make_association(ctx, cities[0], "Altra")
        rival = make_staff(ctx, Role.ORGANISER, cities[0], other)
    reads = {
        officer(database, cities[0]): 200,
        officer(database, cities[1]): 404,
        rival: 404,
    }
    for person, status in reads.items():
        sign_in(client, person)
        assert client.get(address).status_code == status


@pytest.mark.parametrize(
    "body", [b"MZ\x90\x00" + b"\x00" * 300, b"<svg><script>alert(1)</script></svg>", b""]
)
def test_what_is_no_paper_is_refused_in_words_and_not_kept(
    database: Database,
    client: FlaskClient,
    cities: tuple[City, City],
    html: Html,
    body: bytes,
    tmp_path: Path,
) -> None:
    association = brought_in(database, client, cities[0])
    answer = upload(client, association.id, cities[0], body)
    assert answer.status_code == 422
    assert 'value="Statuto"' in html(answer)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_logo_is_made_anew_and_the_one_before_goes(
    database: Database,
    client: FlaskClient,
    cities: tuple[City, City],
    sign_in: SignIn,
    founder: UUID,
    tmp_path: Path,
) -> None:
    association = brought_in(database, client, cities[0])
    picture = io.BytesIO()
    Image.new("RGB", (900, 300), "olive").save(picture, "PNG")
    for _ in range(2):
        picture.seek(0)
        client.post(
            f"/en/associations/{association.id}/logo",
            data={"file": (io.BytesIO(picture.read()), "logo.png")},
            content_type="multipart/form-data",
        )
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1
    sign_in(client, officer(database, cities[0]))
    client.post(f"/en/city/associations/{standing_in(database, association.id, cities[0])}/verify")
    answer = client.get(f"/en/associations/{association.slug}/logo.png")
    with Image.open(io.BytesIO(answer.data)) as shown:
        assert shown.size == (320, 107)


def test_a_drawing_with_a_script_is_no_logo(
    database: Database, client: FlaskClient, cities: tuple[City, City], html: Html
) -> None:
    association = brought_in(database, client, cities[0])
    answer = client.post(
        f"/en/associations/{association.id}/logo",
        data={"file": (io.BytesIO(b"<svg><script>1</script></svg>"), "logo.svg")},
        content_type="multipart/form-data",
        follow_redirects=True,
    )
    assert "not a picture that we can show" in html(answer)


def test_a_body_far_too_large_is_refused_before_it_is_read(
    database: Database, client: FlaskClient, cities: tuple[City, City], html: Html
) -> None:
    association = brought_in(database, client, cities[0])
    answer = client.post(
        f"/en/associations/{association.id}/logo",
        data=b"x" * (LARGEST_FILE + FORM_AROUND_IT + 1),
        content_type="multipart/form-data; boundary=x",
    )
    assert answer.status_code == 413
    assert "too large" in html(answer)


def test_nobody_changes_an_association_that_is_not_theirs(
    database: Database, client: FlaskClient, cities: tuple[City, City]
) -> None:
    with database.unit_of_work(system_in()) as ctx:
        other = make_association(ctx, cities[0], "Altra")
    for address in ("edit", "documents"):
        assert client.get(f"/en/associations/{other.id}/{address}").status_code == 404
    for address in ("edit", "documents", "logo", f"ask/{cities[1].id}"):
        assert client.post(f"/en/associations/{other.id}/{address}").status_code == 404
