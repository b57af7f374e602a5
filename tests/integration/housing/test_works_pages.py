"""Works on the pages: every step in its form, refusals beside their field, tables to take away."""

import io
from collections.abc import Callable
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from werkzeug.test import TestResponse

from civic.housing.models import HousingFile
from civic.housing.rules.stock import CheckKind, WorkState
from civic.housing.works_models import RecurringCheck, Work, WorkQuote
from civic.kernel.db.database import Database
from civic.kernel.policy import Role, system_in
from tests.factories.accounts import make_staff, with_second_factor
from tests.factories.housing import Lodge, make_lodge, make_request, make_stay, make_unit
from tests.factories.housing_works import make_done, make_line, make_quote, make_work
from tests.integration.housing.works_ground import days

Html = Callable[[TestResponse], str]
SignIn = Callable[[FlaskClient, UUID], None]


@pytest.fixture
def lodge(database: Database) -> Lodge:
    with database.unit_of_work(system_in()) as ctx:
        return make_lodge(ctx)


@pytest.fixture
def officer(client: FlaskClient, lodge: Lodge, sign_in: SignIn) -> FlaskClient:
    sign_in(client, lodge.officer.own_id)
    return with_second_factor(client)


def picture() -> io.BytesIO:
    body = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(body, "PNG")
    return io.BytesIO(body.getvalue())


def work_of(database: Database, lodge: Lodge, work_id: UUID) -> Work:
    with database.reading(lodge.officer) as ctx:
        row = ctx.db.get_one(Work, work_id)
        ctx.db.expunge(row)
        return row


def test_a_work_goes_its_whole_way_on_its_page(
    officer: FlaskClient, lodge: Lodge, database: Database, html: Html
) -> None:
    with database.unit_of_work(lodge.officer) as ctx:
        line_id = make_line(ctx, lodge.city, 100_000)
    new = f"/en/housing/units/{lodge.unit_id}/work"
    assert officer.get(new).status_code == 200
    typed = {
        "kind": "painting",
        "words": "Paint the room",
        "first": "2026-03-14",
        "until": "2026-03-18",
        "beds": str(lodge.beds[0]),
    }
    answer = officer.post(new, data=typed)
    assert answer.status_code == 302
    page = answer.location
    with database.reading(lodge.officer) as ctx:
        work_id = ctx.db.scalars(select(Work.id)).one()
    shown = html(officer.get(page))
    assert "Paint the room" in shown
    assert "Stanza 1 · letto 1" in shown
    quote = {"quote-firm": "Edil Carso", "quote-amount": "1.250,50", "quote-day": "2026-03-14"}
    sent = officer.post(f"{page}/quotes", data={**quote, "file": (picture(), "q.png")})
    assert sent.status_code == 302
    with database.reading(lodge.officer) as ctx:
        row = ctx.db.scalars(select(WorkQuote)).one()
        quote_id, cents = row.id, row.amount_cents
        assert ctx.db.scalars(select(HousingFile.about_id)).one() == quote_id
    assert cents == 125_050
    choice = {"approve-quote": str(quote_id), "approve-line": str(line_id)}
    refused = officer.post(f"{page}/approve", data=choice)
    assert refused.status_code == 409
    assert "Only €1,000.00 is left on this budget line" in html(refused)
    cheaper = {**quote, "quote-amount": "801", "quote-firm": "Tinte"}
    assert officer.post(f"{page}/quotes", data=cheaper).status_code == 302
    with database.reading(lodge.officer) as ctx:
        cheap = ctx.db.scalars(select(WorkQuote.id).where(WorkQuote.firm == "Tinte")).one()
    choice["approve-quote"] = str(cheap)
    assert officer.post(f"{page}/approve", data=choice).status_code == 302
    assert officer.post(f"{page}/approve", data=choice).status_code == 409
    assert officer.post(f"{page}/begin", data={"begin-day": "2026-03-14"}).status_code == 302
    plan = {"plan-first": "2026-03-14", "plan-until": "2026-03-20", "plan-beds": str(lodge.beds[0])}
    assert officer.post(f"{page}/plan", data=plan).status_code == 302
    assert officer.post(f"{page}/end", data={"end-day": "2026-03-14"}).status_code == 302
    shown = html(officer.get(page))
    assert "Look at it" in shown
    assert "€801.00" in shown
    silent = officer.post(f"{page}/inspect", data={"inspect-verdict": "not_well"})
    assert silent.status_code == 422
    assert "Write what is not well yet" in html(silent)
    assert officer.post(f"{page}/inspect", data={"inspect-verdict": "well"}).status_code == 302
    assert work_of(database, lodge, work_id).state is WorkState.CLOSED
    assert "free again from tonight on" in html(officer.get(page))
    assert str(work_id) not in html(officer.get("/en/housing/works"))
    assert str(work_id) in html(officer.get("/en/housing/works?closed=1"))


@pytest.mark.parametrize(
    ("amount", "sentence"),
    [
        ("-5", "An amount cannot be less than nothing"),
        ("5,123456789012", "Write cents with two digits at most"),
        ("2000000", "more than a million euro"),
        ("abc", "We cannot read this as an amount"),
        ("", "Write how much it is in euro"),
    ],
)
def test_an_amount_that_is_none_keeps_what_was_typed(
    officer: FlaskClient,
    lodge: Lodge,
    database: Database,
    html: Html,
    amount: str,
    sentence: str,
) -> None:
    with database.unit_of_work(system_in()) as ctx:
        work_id = make_work(ctx, lodge)
    typed = {"quote-firm": "Edil Carso", "quote-amount": amount, "quote-day": "2026-03-14"}
    answer = officer.post(f"/en/housing/works/{work_id}/quotes", data=typed)
    assert answer.status_code == 422
    assert sentence in html(answer)
    assert 'value="Edil Carso"' in html(answer)
    assert work_of(database, lodge, work_id).state is WorkState.REQUESTED


def test_a_work_over_a_stay_is_refused_by_bed_and_night_and_keeps_what_was_typed(
    officer: FlaskClient, lodge: Lodge, database: Database, html: Html
) -> None:
    with database.unit_of_work(lodge.officer) as ctx:
        request_id = make_request(ctx, lodge.city)
        make_stay(ctx, lodge, request_id, first=days(2), nights=3)
    typed = {
        "kind": "painting",
        "words": "Paint the room",
        "first": "2026-03-14",
        "until": "2026-03-18",
        "beds": [str(bed) for bed in lodge.beds],
    }
    answer = officer.post(f"/en/housing/units/{lodge.unit_id}/work", data=typed)
    assert answer.status_code == 409
    assert "Stanza 1 · letto 1 is no longer free on 16 March 2026" in html(answer)
    assert "Paint the room" in html(answer)
    with database.reading(lodge.officer) as ctx:
        assert ctx.db.scalars(select(Work.id)).all() == []


def test_photos_are_added_shown_and_taken_away(
    officer: FlaskClient, lodge: Lodge, database: Database, html: Html
) -> None:
    with database.unit_of_work(system_in()) as ctx:
        work_id = make_work(ctx, lodge)
    page = f"/en/housing/works/{work_id}"
    sent = {"photo-kind": "before", "file": (picture(), "a.png")}
    assert officer.post(f"{page}/photos", data=sent).status_code == 302
    with database.reading(lodge.officer) as ctx:
        file_id = ctx.db.scalars(select(HousingFile.id)).one()
    assert f"/en/housing/files/{file_id}" in html(officer.get(page))
    photo = officer.get(f"/en/housing/files/{file_id}")
    assert photo.content_type == "image/jpeg"
    no_picture = {"photo-kind": "after", "file": (io.BytesIO(b"<script>"), "a.png")}
    refused = officer.post(f"{page}/photos", data=no_picture)
    assert refused.status_code == 422
    assert "This is not a picture" in html(refused)
    assert officer.post(f"{page}/files/{file_id}/remove").status_code == 302
    assert officer.get(f"/en/housing/files/{file_id}").status_code == 404


def test_checks_are_added_done_changed_and_dropped_on_the_pages(
    officer: FlaskClient, lodge: Lodge, database: Database, html: Html
) -> None:
    page = f"/en/housing/works?unit={lodge.unit_id}"
    typed = {"kind": "boiler", "every_months": "12", "due_on": "2026-03-01"}
    added = f"/en/housing/units/{lodge.unit_id}/checks"
    assert officer.post(added, data=typed).status_code == 302
    assert officer.post(added, data=typed).status_code == 409
    assert officer.post(added, data={**typed, "every_months": "0"}).status_code == 422
    assert "late since 1 March 2026" in html(officer.get(page))
    assert "late since 1 March 2026" in html(officer.get("/en/housing/works"))
    with database.reading(lodge.officer) as ctx:
        check_id = ctx.db.scalars(select(RecurringCheck.id)).one()
    one = f"/en/housing/checks/{check_id}"
    assert officer.get(one).status_code == 200
    to_come = officer.post(one, data={"done-day": "2026-04-01"})
    assert to_come.status_code == 422
    assert "That day has not come yet" in html(to_come)
    assert officer.post(one, data={"done-day": "2026-03-10"}).status_code == 302
    assert "due on 10 March 2027" in html(officer.get(page))
    again = {"act": "change", "again-due_on": "2026-05-01", "again-every_months": "6"}
    assert officer.post(one, data=again).status_code == 302
    assert "due on 1 May 2026" in html(officer.get(page))
    assert officer.post(f"{one}/drop").status_code == 302
    assert CheckKind.BOILER.value not in html(officer.get(page)).split("<form")[0]


def test_the_table_of_works_carries_costs_and_leaves_out_safe_houses(
    officer: FlaskClient, lodge: Lodge, database: Database, html: Html
) -> None:
    with database.unit_of_work(system_in(lodge.city.id)) as ctx:
        make_done(ctx, lodge, make_line(ctx, lodge.city), beds=2)
        insider = make_staff(ctx, Role.HOUSING_OFFICER, lodge.city, name="Sara Safe")
        unit_id, _beds = make_unit(ctx, lodge.city, "Casa Celata", team=[insider])
    assert officer.get(f"/en/housing/works?unit={unit_id}").status_code == 404
    answer = officer.get("/en/housing/works/table.csv")
    (_header, row) = answer.get_data().decode("utf-8-sig").strip().splitlines()
    cells = row.split(";")
    assert cells[:3] == ["Casa Ginestra", "painting", "done, to be inspected"]
    assert cells[-4:] == ["2", "10", "600", "300"]
    sheet = officer.get("/en/housing/works/table.xlsx")
    assert sheet.get_data().startswith(b"PK")


def test_whoever_is_no_housing_officer_finds_none_of_these_pages(
    client: FlaskClient, lodge: Lodge, database: Database, sign_in: SignIn
) -> None:
    with database.unit_of_work(system_in()) as ctx:
        work_id = make_work(ctx, lodge)
        make_quote(ctx, lodge, work_id)
        desk = make_staff(ctx, Role.DESK, lodge.city)
    pages = [
        "works",
        f"works/{work_id}",
        "calendar",
        "works/table.csv",
        f"units/{lodge.unit_id}/close",
        f"units/{lodge.unit_id}/work",
    ]
    for page in pages:
        assert client.get(f"/en/housing/{page}").status_code == 302
    sign_in(client, desk)
    with_second_factor(client)
    for page in pages:
        assert client.get(f"/en/housing/{page}").status_code == 404
