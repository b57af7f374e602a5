"""Grants and their lines: what they hold, and what is booked on them."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from civic.housing.models import BudgetLine, HousingGrant
from civic.housing.queries.grants import booked_on, grant_page
from civic.housing.rules.stock import WorkState
from civic.kernel.context import Context
from civic.kernel.policy import Actor, system_in
from tests.factories.accounts import with_second_factor
from tests.factories.housing import Lodge, make_grant, make_lodge
from tests.factories.housing_stock import make_booked_work, make_line

Acting = Callable[[Actor], AbstractContextManager[Context]]
SignIn = Callable[[FlaskClient, UUID], None]
Html = Callable[[TestResponse], str]
NEW = "/it/housing/grants/new"


@pytest.fixture
def lodge(acting: Acting) -> Lodge:
    with acting(system_in()) as ctx:
        return make_lodge(ctx)


@pytest.fixture
def officer(client: FlaskClient, lodge: Lodge, sign_in: SignIn) -> FlaskClient:
    sign_in(client, lodge.officer.own_id)
    return with_second_factor(client)


def sent(**other: str) -> dict[str, str]:
    return {
        "code": "FAMI-2026",
        "name": "Fondo asilo",
        "amount": "2.000.000,50",
        "starts_on": "2026-01-01",
        "ends_on": "2027-01-31",
        **other,
    }


def line(**other: str) -> dict[str, str]:
    return {"code": "L1", "name": "Piccoli lavori", "amount": "5.000", **other}


def test_a_grant_may_be_larger_than_a_million(
    officer: FlaskClient, acting: Acting, lodge: Lodge, html: Html
) -> None:
    answer = officer.post(NEW, data=sent())
    assert answer.status_code == 302
    page = html(officer.get(answer.location))
    assert "2.000.000,50" in page
    assert officer.post(NEW, data=sent(code="MAX", amount="20000000")).status_code == 302
    with acting(lodge.officer) as ctx:
        amounts = ctx.db.scalars(select(HousingGrant.amount_cents)).all()
    assert sorted(amounts) == [200_000_050, 2_000_000_000]
    assert "FAMI-2026" in html(officer.get("/it/housing/grants"))


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": "20000000,01"},
        {"amount": "-5"},
        {"amount": "0"},
        {"amount": "1,123456789012"},
        {"amount": ""},
        {"amount": "tanto"},
        {"code": ""},
        {"code": "x" * 41},
        {"ends_on": "2025-12-31"},
        {"starts_on": "0026-01-01"},
        {"ends_on": "9999-12-31"},
    ],
)
def test_a_grant_that_cannot_be_is_refused_and_what_was_typed_stays(
    wrong: dict[str, str], officer: FlaskClient, acting: Acting, lodge: Lodge, html: Html
) -> None:
    answer = officer.post(NEW, data=sent(**wrong))
    assert answer.status_code == 422
    page = html(answer)
    assert 'class="error-summary"' in page
    assert 'value="Fondo asilo"' in page
    with acting(lodge.officer) as ctx:
        assert ctx.db.scalar(select(func.count()).select_from(HousingGrant)) == 0


def test_the_same_grant_sent_twice_is_one_and_another_of_its_code_is_refused(
    officer: FlaskClient, acting: Acting, lodge: Lodge
) -> None:
    told = sent(sent=str(uuid4()))
    for _turn in range(2):
        assert officer.post(NEW, data=told).status_code == 302
    assert officer.post(NEW, data=sent()).status_code == 409
    with acting(lodge.officer) as ctx:
        assert ctx.db.scalar(select(func.count()).select_from(HousingGrant)) == 1


def test_lines_are_never_more_than_the_grant(
    officer: FlaskClient, acting: Acting, lodge: Lodge, html: Html
) -> None:
    with acting(system_in(lodge.city.id)) as ctx:
        grant_id = make_grant(ctx, lodge.city, amount_cents=1_000_000)
    at = f"/it/housing/grants/{grant_id}"
    assert officer.post(f"{at}/lines/new", data=line(amount="6.000")).status_code == 302
    assert officer.post(f"{at}/lines/new", data=line(amount="1")).status_code == 409, "same code"
    over = officer.post(f"{at}/lines/new", data=line(code="L2", amount="4.000,01"))
    assert over.status_code == 409
    assert 'value="4.000,01"' in html(over)
    assert officer.post(f"{at}/lines/new", data=line(code="L2", amount="4.000")).status_code == 302
    change = sent(code="PON-1", amount="9.999,99")
    assert officer.post(f"{at}/change", data=change).status_code == 409
    with acting(lodge.officer) as ctx:
        assert ctx.db.get_one(HousingGrant, grant_id).amount_cents == 1_000_000
        first = ctx.db.scalars(select(BudgetLine).where(BudgetLine.code == "L1")).one()
    here = f"/it/housing/lines/{first.id}"
    assert officer.post(here, data=line(amount="6.000,01")).status_code == 409
    assert officer.post(here, data=line(amount="5.000", name="Caldaie")).status_code == 302
    assert "Caldaie" in html(officer.get(at))


def test_a_line_shows_what_approved_works_book_on_it(
    officer: FlaskClient, acting: Acting, lodge: Lodge, html: Html
) -> None:
    with acting(system_in(lodge.city.id)) as ctx:
        grant_id = make_grant(ctx, lodge.city)
        line_id = make_line(ctx, lodge.city, grant_id, amount_cents=500_000)
        for state, cents in (
            (WorkState.APPROVED, 10_000),
            (WorkState.UNDER_WAY, 2_000),
            (WorkState.DONE, 300),
            (WorkState.CLOSED, 40),
        ):
            make_booked_work(ctx, lodge, line_id, cents, state)
    with acting(lodge.officer) as ctx:
        assert booked_on(ctx, [line_id]) == {line_id: 12_340}
        row = grant_page(ctx, grant_id)
        assert row.lines[0].left_cents == 500_000 - 12_340
        assert row.left_cents == row.amount_cents - 12_340
    page = html(officer.get(f"/it/housing/grants/{grant_id}"))
    assert "123,40" in page
    here = f"/it/housing/lines/{line_id}"
    assert officer.post(here, data=line(amount="123,39")).status_code == 409
    assert officer.post(here, data=line(amount="123,40")).status_code == 302


def test_a_grant_is_not_made_smaller_than_what_is_decided_from_it(
    officer: FlaskClient, acting: Acting, lodge: Lodge
) -> None:
    with acting(system_in(lodge.city.id)) as ctx:
        grant_id = make_grant(ctx, lodge.city, amount_cents=1_000_000)
        line_id = make_line(ctx, lodge.city, grant_id, amount_cents=1)
        make_booked_work(ctx, lodge, line_id, 700_000)
    at = f"/it/housing/grants/{grant_id}/change"
    assert officer.post(at, data=sent(code="PON-1", amount="6.999,99")).status_code == 409
    assert officer.post(at, data=sent(code="PON-1", amount="7.000")).status_code == 302
