"""The card that the desk prints: readable by other scanners, with a photo only by agreement."""

import io
from collections.abc import Callable
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from pypdf import PdfReader
from sqlalchemy import select
from werkzeug.test import TestResponse

from civic.accounts.models import Person
from civic.accounts.operations import note_in_city
from civic.attendance.models import PassPhoto
from civic.attendance.operations.passes import PassShown
from civic.attendance.privacy import export
from civic.attendance.rules import spaced
from civic.audit.models import AuditEntry
from civic.kernel.db.database import Database
from civic.kernel.errors import NotFound
from civic.kernel.files import FileStore
from civic.kernel.keys import Keys
from civic.kernel.policy import Role, system_in
from civic.tenancy.queries.standings import City
from civic.web import paper
from tests.conftest import make_test_app
from tests.factories.accounts import make_person, make_staff
from tests.factories.attendance import signed_in
from tests.factories.tenancy import make_city
from tests.integration.attendance.cards import modules_across, pages_of, read_codes
from tests.integration.attendance.door import pass_of

SignIn = Callable[[FlaskClient, UUID], None]
Html = Callable[[TestResponse], str]


@pytest.fixture
def app(database: Database, tmp_path: Path) -> Flask:
    app = make_test_app(database)
    app.extensions["civic_files"] = FileStore(tmp_path)
    return app


@pytest.fixture
def city(database: Database) -> City:
    with database.unit_of_work(system_in()) as ctx:
        return make_city(ctx)


@pytest.fixture
def amina(database: Database, city: City) -> UUID:
    with database.unit_of_work(system_in(city.id)) as ctx:
        return make_person(ctx, "Amina Diallo", city, page_language="fr")


@pytest.fixture
def officer(database: Database, city: City, client: FlaskClient, sign_in: SignIn) -> UUID:
    """Rosa of Potenza's desk, signed in."""
    with database.unit_of_work(system_in()) as ctx:
        rosa = make_staff(ctx, Role.OFFICER, city, name="Rosa")
    sign_in(client, rosa)
    return rosa


@pytest.fixture
def shown(database: Database, keys: Keys, amina: UUID, city: City) -> PassShown:
    return pass_of(database, keys, amina, city.id)


def a_photo(size: tuple[int, int] = (900, 600), kind: str = "JPEG") -> bytes:
    out = io.BytesIO()
    picture = Image.new("RGB", size, "red")
    picture.paste("blue", (size[0] // 3, 0, size[0] * 2 // 3, size[1]))
    exif = Image.Exif()
    exif[0x010E] = "Via della Casa 4"
    picture.save(out, kind, exif=exif)
    return out.getvalue()


def send(client: FlaskClient, person_id: UUID, body: bytes, *, agreed: bool = True) -> TestResponse:
    return client.post(
        f"/en/city/people/{person_id}/pass/photo",
        data={"file": (io.BytesIO(body), "face.jpg")} | ({"agreed": "y"} if agreed else {}),
        content_type="multipart/form-data",
    )


def card(client: FlaskClient, person_id: UUID) -> TestResponse:
    answer = client.get(f"/en/city/people/{person_id}/pass.pdf")
    assert answer.status_code == 200
    return answer


def kept_files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


# The card


@pytest.mark.usefixtures("officer")
def test_another_decoder_reads_the_printed_card_and_its_code_has_at_most_33_modules(
    client: FlaskClient, amina: UUID, shown: PassShown
) -> None:
    [page] = pages_of(card(client, amina).data)
    [code] = read_codes(page)
    assert code.text == shown.token
    assert modules_across(code) <= 33


@pytest.mark.usefixtures("officer")
def test_a_card_printed_small_and_grey_still_reads(
    client: FlaskClient, amina: UUID, shown: PassShown
) -> None:
    [page] = pages_of(card(client, amina).data, scale=1)
    worn = page.convert("L").point(lambda light: 70 + light * 110 // 255)
    assert [code.text for code in read_codes(worn)] == [shown.token]


@pytest.mark.usefixtures("officer")
def test_the_card_says_name_city_and_code_and_explains_itself_in_both_languages(
    client: FlaskClient, amina: UUID, shown: PassShown, city: City
) -> None:
    answer = card(client, amina)
    reader = PdfReader(io.BytesIO(answer.data))
    [page] = reader.pages
    text = page.extract_text().replace("\xa0", " ")
    assert "Amina" in text
    assert city.name in text
    assert spaced(shown.short_code) in text
    for language in ("fr", "it"):
        assert f"/{language}/sign-in/card" in text.replace("\n", "")
    assert (round(page.mediabox.width), round(page.mediabox.height)) == (595, 842)
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.usefixtures("officer", "shown")
def test_the_card_is_a_pdf_for_screen_readers_too(client: FlaskClient, amina: UUID) -> None:
    pdf = card(client, amina).data
    reader = PdfReader(io.BytesIO(pdf))
    assert "/MarkInfo" in reader.root_object
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
    assert "Amina" not in str(reader.metadata)


@pytest.mark.usefixtures("officer", "shown")
@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("عبد الرحمن محمد الأمين", "ar"),
        ("ሰላማዊት ተስፋዬ", "en"),  # in letters that the fonts lack: romanised
        ("沈 佳宜", "it"),
        ("Wolfeschlegelsteinhausenbergerdorff-von-der-Quercia-Lunghissima e così via", "it"),
        ("A" * 80, "it"),
        ("#strong[x] \\ $y$", "en"),
    ],
)
def test_every_name_makes_a_card_that_reads(
    client: FlaskClient, database: Database, amina: UUID, shown: PassShown, name: str, language: str
) -> None:
    with database.unit_of_work(system_in()) as ctx:
        person = ctx.db.get_one(Person, amina)
        person.name, person.page_language = name, language
    [page] = pages_of(card(client, amina).data)
    assert [code.text for code in read_codes(page)] == [shown.token]


def test_a_right_to_left_name_keeps_its_direction_beside_a_left_to_right_code(
    client: FlaskClient,
    monkeypatch: pytest.MonkeyPatch,
    database: Database,
    amina: UUID,
    officer: UUID,
) -> None:
    seen: list[dict[str, object]] = []

    def noting(_template: str, values: dict[str, object]) -> bytes:
        seen.append(values)
        return b"%PDF-"

    monkeypatch.setattr(paper, "typeset", noting)
    for name in ("محمد", "Moussa", "ሰላም", "7 محمد"):
        with database.unit_of_work(system_in()) as ctx:
            ctx.db.get_one(Person, amina).name = name
        card(client, amina)
    assert [each["name_dir"] for each in seen] == ["rtl", "ltr", "ltr", "rtl"]


def test_printing_a_card_is_a_reading_of_the_file(
    client: FlaskClient, database: Database, amina: UUID, officer: UUID, city: City
) -> None:
    card(client, amina)
    with database.reading(system_in(city.id)) as ctx:
        [entry] = ctx.db.scalars(select(AuditEntry).where(AuditEntry.action == "person.read")).all()
        assert (entry.subject_id, entry.actor_id, entry.reason) == (amina, officer, "desk")


def test_no_desk_of_another_city_prints_the_card(
    client: FlaskClient, database: Database, sign_in: SignIn, amina: UUID
) -> None:
    with database.unit_of_work(system_in()) as ctx:
        stranger = make_staff(ctx, Role.OFFICER, make_city(ctx, "caserta"))
    sign_in(client, stranger)
    assert client.get(f"/en/city/people/{amina}/pass.pdf").status_code == 404
    assert send(client, amina, a_photo()).status_code == 404
    sign_in(client, amina)
    assert client.get(f"/en/city/people/{amina}/pass.pdf").status_code == 404


def test_cards_of_two_cities_share_nothing_by_which_one_could_tell_it_is_one_person(
    database: Database, keys: Keys, amina: UUID, shown: PassShown
) -> None:
    with database.unit_of_work(system_in()) as ctx:
        elsewhere = make_city(ctx, "caserta")
        note_in_city(ctx, amina, elsewhere.id)
    other = pass_of(database, keys, amina, elsewhere.id)
    assert other.short_code != shown.short_code
    assert not any(shown.token[at : at + 8] in other.token for at in range(len(shown.token) - 7))
    # 128 bits in 26 letters of base32.
    assert {len(shown.token), len(other.token)} == {26}


# The photo


def test_a_photo_is_made_anew_as_a_small_square_without_what_was_in_the_file(
    client: FlaskClient, amina: UUID, officer: UUID, tmp_path: Path
) -> None:
    assert send(client, amina, a_photo()).status_code == 302
    [file] = kept_files(tmp_path)
    with Image.open(file) as kept:
        assert (kept.format, kept.size, dict(kept.getexif())) == ("JPEG", (400, 400), {})
        assert kept.getpixel((200, 200))[2] > 200  # type: ignore[index]  # the blue middle
    assert b"Via della Casa" not in file.read_bytes()
    assert len(file.read_bytes()) < 60_000


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_the_photo_stands_on_the_card_and_the_code_still_reads(
    client: FlaskClient, amina: UUID, officer: UUID, shown: PassShown, kind: str
) -> None:
    without = card(client, amina).data
    send(client, amina, a_photo(kind=kind))
    with_photo = card(client, amina).data
    assert len(PdfReader(io.BytesIO(with_photo)).pages[0].images) == 1
    assert len(PdfReader(io.BytesIO(without)).pages[0].images) == 0
    [page] = pages_of(with_photo)
    assert [code.text for code in read_codes(page)] == [shown.token]


def test_without_agreement_there_is_no_photo(
    client: FlaskClient, html: Html, amina: UUID, officer: UUID, tmp_path: Path
) -> None:
    answer = send(client, amina, a_photo(), agreed=False)
    assert answer.status_code == 422
    assert "Without their agreement there is no photo." in html(answer)
    assert kept_files(tmp_path) == []


@pytest.mark.parametrize("body", [b"", b"<svg><script>1</script></svg>", b"%PDF-1.7 x", b"GIF89a"])
def test_what_is_no_photo_is_refused_at_its_field(
    client: FlaskClient, html: Html, amina: UUID, officer: UUID, tmp_path: Path, body: bytes
) -> None:
    answer = send(client, amina, body)
    assert answer.status_code == 422
    assert "field-error" in html(answer)
    assert kept_files(tmp_path) == []


def test_agreement_is_kept_with_when_and_to_whom_and_the_person_can_read_it(
    client: FlaskClient,
    html: Html,
    database: Database,
    sign_in: SignIn,
    amina: UUID,
    officer: UUID,
    city: City,
) -> None:
    send(client, amina, a_photo())
    page = html(client.get(f"/en/city/people/{amina}/pass"))
    assert "They agreed on 14 March 2026." in page
    assert "Rosa" in page
    with database.reading(system_in(city.id)) as ctx:
        row = ctx.db.scalars(select(PassPhoto)).one()
        assert (row.person_id, row.taken_by) == (amina, officer)
        actions = ctx.db.scalars(select(AuditEntry.action)).all()
        assert "pass.photo_taken" in actions
    with database.reading(signed_in(database, amina)) as ctx:
        [taken] = export(ctx, amina)["photos"]
    assert taken == {"municipality": "Potenza", "agreed": "2026-03-14T09:00:00+00:00"}
    sign_in(client, amina)
    assert "put your photo on your pass" in html(client.get("/en/me/file"))


def test_a_new_photo_leaves_no_file_of_the_old_one(
    client: FlaskClient, amina: UUID, officer: UUID, tmp_path: Path
) -> None:
    for side in (500, 700):
        send(client, amina, a_photo((side, side)))
    assert len(kept_files(tmp_path)) == 1


def test_the_desk_removes_photo_and_file(
    client: FlaskClient, database: Database, amina: UUID, officer: UUID, city: City, tmp_path: Path
) -> None:
    send(client, amina, a_photo())
    assert client.post(f"/en/city/people/{amina}/pass/photo/remove").status_code == 302
    assert kept_files(tmp_path) == []
    with database.reading(system_in(city.id)) as ctx:
        assert ctx.db.scalars(select(PassPhoto)).all() == []
        assert "pass.photo_removed" in ctx.db.scalars(select(AuditEntry.action)).all()


def test_the_person_sees_and_removes_their_photo_and_nobody_else_does(
    client: FlaskClient,
    html: Html,
    database: Database,
    sign_in: SignIn,
    amina: UUID,
    officer: UUID,
    city: City,
    tmp_path: Path,
) -> None:
    send(client, amina, a_photo())
    with database.unit_of_work(system_in(city.id)) as ctx:
        other = make_person(ctx, "Bilal", city)
    sign_in(client, other)
    assert "data:image/jpeg" not in html(client.get("/en/me/pass"))
    assert client.post(f"/en/me/pass/{city.id}/photo/remove").status_code == 404
    assert client.post(f"/en/me/pass/{uuid4()}/photo/remove").status_code == 404
    sign_in(client, amina)
    assert "data:image/jpeg;base64," in html(client.get("/en/me/pass"))
    assert client.post(f"/en/me/pass/{city.id}/photo/remove").status_code == 302
    assert kept_files(tmp_path) == []
    assert "data:image/jpeg" not in html(client.get("/en/me/pass"))


def test_no_photo_of_a_person_in_another_city_is_seen_by_this_desk(
    client: FlaskClient,
    html: Html,
    database: Database,
    sign_in: SignIn,
    amina: UUID,
    officer: UUID,
) -> None:
    send(client, amina, a_photo())
    with database.unit_of_work(system_in()) as ctx:
        caserta = make_city(ctx, "caserta")
        note_in_city(ctx, amina, caserta.id)
        stranger = make_staff(ctx, Role.OFFICER, caserta)
    sign_in(client, stranger)
    assert "data:image/jpeg" not in html(client.get(f"/en/city/people/{amina}/pass"))


def test_nobody_takes_away_the_photos_of_somebody_else(
    database: Database, amina: UUID, officer: UUID
) -> None:
    with (
        database.reading(signed_in(database, officer)) as ctx,
        pytest.raises(NotFound),
    ):
        export(ctx, amina)


def test_a_lost_file_takes_the_photo_away_and_never_the_pass(
    client: FlaskClient,
    html: Html,
    sign_in: SignIn,
    amina: UUID,
    officer: UUID,
    shown: PassShown,
    tmp_path: Path,
) -> None:
    send(client, amina, a_photo())
    for file in kept_files(tmp_path):
        file.unlink()
    assert client.get(f"/en/city/people/{amina}/pass").status_code == 200
    [page] = pages_of(card(client, amina).data)
    assert [code.text for code in read_codes(page)] == [shown.token]
    sign_in(client, amina)
    assert spaced(shown.short_code) in html(client.get("/en/me/pass"))
