"""Offers: written down with their owner, visited, accepted, refused or taken back."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from civic.housing.models import HousingFile, Offer, Owner, Unit, Visit
from civic.housing.operations.files import HOUSING_FILES
from civic.housing.operations.offers import accept_offer, refuse_offer, withdraw_offer
from civic.housing.queries.offers import offer_page
from civic.housing.rules.stock import OfferRefusal, OfferState, OwnerKind
from civic.housing.stock_errors import OfferNotOpen, OfferNotVisited
from civic.kernel.clock import rome_day
from civic.kernel.context import Context
from civic.kernel.files import FileStore
from civic.kernel.policy import Actor, system_in
from tests.factories.accounts import with_second_factor
from tests.factories.housing import Lodge, make_lodge
from tests.factories.housing_stock import PDF, make_offer, send_file, unit_sent

Acting = Callable[[Actor], AbstractContextManager[Context]]
SignIn = Callable[[FlaskClient, UUID], None]
Html = Callable[[TestResponse], str]


@pytest.fixture
def lodge(acting: Acting) -> Lodge:
    with acting(system_in()) as ctx:
        return make_lodge(ctx)


@pytest.fixture
def officer(client: FlaskClient, lodge: Lodge, sign_in: SignIn) -> FlaskClient:
    sign_in(client, lodge.officer.own_id)
    return with_second_factor(client)


def offered(acting: Acting, lodge: Lodge, state: OfferState = OfferState.NEW) -> UUID:
    with acting(lodge.officer) as ctx:
        return make_offer(ctx, lodge, state=state)


def sent(**other: str) -> dict[str, str]:
    return {
        "owner": "",
        "owner_name": "Olga Owner",
        "owner_kind": "agency",
        "quarter": "Barriera",
        "address": "via delle Rose 12",
        "rooms": "3",
        "rent": "450,00",
        "offered_on": "2026-03-10",
        **other,
    }


def count(acting: Acting, lodge: Lodge, model: type[Offer] | type[Owner] | type[Visit]) -> int:
    with acting(lodge.officer) as ctx:
        return ctx.db.scalar(select(func.count()).select_from(model)) or 0


def test_an_offer_of_somebody_new_writes_both_down(
    officer: FlaskClient, acting: Acting, lodge: Lodge, html: Html
) -> None:
    answer = officer.post("/it/housing/offers/new", data=sent())
    assert answer.status_code == 302
    page = html(officer.get(answer.location))
    assert "Olga Owner" in page
    assert "via delle Rose 12" in page
    with acting(lodge.officer) as ctx:
        row = ctx.db.scalars(select(Offer)).one()
        owner = ctx.db.scalars(select(Owner)).one()
    assert (row.rent_cents, row.rooms, row.state) == (45_000, 3, OfferState.NEW)
    assert owner.kind is OwnerKind.AGENCY
    assert b"Rose" not in row.sealed
    assert b"Olga" not in owner.sealed


def test_the_same_form_sent_twice_is_one_offer_of_one_owner(
    officer: FlaskClient, acting: Acting, lodge: Lodge
) -> None:
    told = sent(sent=str(uuid4()))
    for _turn in range(2):
        assert officer.post("/it/housing/offers/new", data=told).status_code == 302
    assert count(acting, lodge, Offer) == count(acting, lodge, Owner) == 1


def test_another_offer_of_a_known_owner_makes_no_second_owner(
    officer: FlaskClient, acting: Acting, lodge: Lodge, html: Html
) -> None:
    offered(acting, lodge)
    with acting(lodge.officer) as ctx:
        owner_id = ctx.db.scalars(select(Owner.id)).one()
    told = sent(owner=str(owner_id), owner_name="", quarter="Servola")
    assert officer.post("/it/housing/offers/new", data=told).status_code == 302
    assert count(acting, lodge, Owner) == 1
    page = html(officer.get(f"/it/housing/owners/{owner_id}"))
    assert "Barriera" in page
    assert "Servola" in page


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("rent", "-450"),
        ("rent", "450,123456789012"),
        ("rent", "molto"),
        ("rent", ""),
        ("rent", "9999999999"),
        ("rooms", "0"),
        ("rooms", "500"),
        ("owner_name", ""),
        ("address", ""),
        ("quarter", "x" * 81),
        ("offered_on", "2026-02-30"),
        ("offered_on", "0026-03-01"),
        ("email", "nessuna"),
    ],
)
def test_what_cannot_be_meant_is_told_beside_it_and_nothing_is_kept(
    field: str, typed: str, officer: FlaskClient, acting: Acting, lodge: Lodge, html: Html
) -> None:
    answer = officer.post("/it/housing/offers/new", data=sent(**{field: typed}))
    assert answer.status_code == 422
    page = html(answer)
    assert 'class="error-summary"' in page
    assert "Barriera" in page or field == "quarter", "what was typed is kept"
    assert count(acting, lodge, Offer) == count(acting, lodge, Owner) == 0


def test_an_offer_is_visited_then_accepted_and_fills_the_form_of_the_dwelling(
    officer: FlaskClient, acting: Acting, lodge: Lodge, html: Html
) -> None:
    offer_id = offered(acting, lodge)
    at = f"/it/housing/offers/{offer_id}"
    told = {"day": "2026-03-14", "visitor": str(lodge.officer.own_id)}
    assert officer.post(f"{at}/visits", data=told).status_code == 302
    with acting(lodge.officer) as ctx:
        visit_id = ctx.db.scalars(select(Visit.id)).one()
        assert ctx.db.get_one(Offer, offer_id).state is OfferState.TO_VISIT
    told = {"is_fit": "yes", "words": "Luminoso e asciutto"}
    assert officer.post(f"{at}/visits/{visit_id}", data=told).status_code == 302
    assert "Luminoso e asciutto" in html(officer.get(at))
    answer = officer.post(f"{at}/accept")
    assert answer.location.endswith(f"/it/housing/units/new?offer={offer_id}")
    form = html(officer.get(answer.location))
    assert 'value="via delle Rose 12"' in form
    assert 'value="Barriera"' in form
    with acting(lodge.officer) as ctx:
        owner_id = ctx.db.get_one(Offer, offer_id).owner_id
    assert f'<option selected value="{owner_id}">Olga Owner</option>' in form
    told_unit = unit_sent(owner=str(owner_id), sent=str(uuid4()))
    for _turn in range(2):
        made = officer.post(answer.location, data=told_unit)
        assert made.status_code == 302
    with acting(lodge.officer) as ctx:
        unit = ctx.db.scalars(select(Unit).where(Unit.name == "Casa Salvia")).one()
        assert ctx.db.get_one(Offer, offer_id).unit_id == unit.id
    assert "Casa Salvia" in html(officer.get(at))


def test_an_offer_becomes_a_dwelling_once(
    officer: FlaskClient, acting: Acting, lodge: Lodge
) -> None:
    offer_id = offered(acting, lodge, OfferState.ACCEPTED)
    at = f"/it/housing/units/new?offer={offer_id}"
    assert officer.post(at, data=unit_sent()).status_code == 302
    again = officer.post(at, data=unit_sent(name="Casa Menta"))
    assert again.status_code == 409
    with acting(lodge.officer) as ctx:
        assert ctx.db.scalar(select(Unit.id).where(Unit.name == "Casa Menta")) is None
    assert officer.get(at).status_code == 409


def test_an_offer_that_nobody_accepted_fills_no_form(
    officer: FlaskClient, acting: Acting, lodge: Lodge
) -> None:
    offer_id = offered(acting, lodge, OfferState.VISITED)
    at = f"/it/housing/units/new?offer={offer_id}"
    assert officer.get(at).status_code == 409
    assert officer.post(at, data=unit_sent()).status_code == 409


def test_nobody_accepts_what_nobody_has_seen(acting: Acting, lodge: Lodge) -> None:
    offer_id = offered(acting, lodge)
    with acting(lodge.officer) as ctx, pytest.raises(OfferNotVisited):
        accept_offer(ctx, offer_id)


def test_a_refusal_says_why_and_closes_the_offer(
    officer: FlaskClient, acting: Acting, lodge: Lodge, html: Html
) -> None:
    offer_id = offered(acting, lodge)
    at = f"/it/housing/offers/{offer_id}"
    wordless = officer.post(f"{at}/refuse", data={"reason": "unsafe", "words": ""})
    assert wordless.status_code == 422
    told = {"reason": "unsafe", "words": "Caldaia senza scarico"}
    assert officer.post(f"{at}/refuse", data=told).status_code == 302
    assert "Caldaia senza scarico" in html(officer.get(at))
    with acting(lodge.officer) as ctx:
        row = ctx.db.get_one(Offer, offer_id)
        assert (row.state, row.refused_for) == (OfferState.REFUSED, OfferRefusal.UNSAFE)
        page = offer_page(ctx, offer_id, rome_day(ctx.now()))
        assert page.address == "via delle Rose 12", "the other words stay"
    assert officer.post(f"{at}/refuse", data=told).status_code == 409
    assert str(offer_id) not in html(officer.get("/it/housing/offers"))
    assert str(offer_id) in html(officer.get("/it/housing/offers?show=answered"))


def test_an_answered_offer_is_not_answered_again(acting: Acting, lodge: Lodge) -> None:
    offer_id = offered(acting, lodge, OfferState.VISITED)
    with acting(lodge.officer) as ctx:
        withdraw_offer(ctx, offer_id)
        for again in (
            lambda: accept_offer(ctx, offer_id),
            lambda: withdraw_offer(ctx, offer_id),
            lambda: refuse_offer(ctx, offer_id, OfferRefusal.OTHER, "Tardi"),
        ):
            with pytest.raises(OfferNotOpen):
                again()


@pytest.mark.parametrize(("day", "status"), [("2028-03-14", 422), ("2024-03-14", 422), ("", 422)])
def test_a_visit_is_within_a_year(
    day: str, status: int, officer: FlaskClient, acting: Acting, lodge: Lodge, html: Html
) -> None:
    offer_id = offered(acting, lodge)
    told = {"day": day, "visitor": str(lodge.officer.own_id)}
    answer = officer.post(f"/it/housing/offers/{offer_id}/visits", data=told)
    assert answer.status_code == status
    assert f'value="{day}"' in html(answer)
    assert count(acting, lodge, Visit) == 0


def test_what_is_found_is_written_once_and_not_before_the_visit(
    officer: FlaskClient, acting: Acting, lodge: Lodge
) -> None:
    offer_id = offered(acting, lodge)
    at = f"/it/housing/offers/{offer_id}/visits"
    officer.post(at, data={"day": "2026-03-20", "visitor": str(lodge.officer.own_id)})
    with acting(lodge.officer) as ctx:
        visit = ctx.db.scalars(select(Visit)).one()
    told = {"is_fit": "no", "words": "Muffa"}
    assert officer.post(f"{at}/{visit.id}", data=told).status_code == 409
    with acting(lodge.officer) as ctx:
        ctx.db.get_one(Visit, visit.id).on_day = rome_day(ctx.now())
    assert officer.post(f"{at}/{visit.id}", data=told).status_code == 302
    assert officer.post(f"{at}/{visit.id}", data=told).status_code == 409
    other = offered(acting, lodge)
    elsewhere = f"/it/housing/offers/{other}/visits/{visit.id}"
    assert officer.post(elsewhere, data=told).status_code == 404


def test_the_contract_of_an_owner_is_sealed_and_comes_back_as_it_was(
    officer: FlaskClient, acting: Acting, lodge: Lodge, tmp_path: Path
) -> None:
    offered(acting, lodge)
    with acting(lodge.officer) as ctx:
        owner_id = ctx.db.scalars(select(Owner.id)).one()
    at = f"/it/housing/owners/{owner_id}"
    assert send_file(officer, f"{at}/contract", b"").status_code == 422
    assert send_file(officer, f"{at}/contract", b"MZ not a paper").status_code == 422
    assert send_file(officer, f"{at}/contract", PDF).status_code == 302
    with acting(lodge.officer) as ctx:
        row = ctx.db.scalars(select(HousingFile)).one()
    store = FileStore(tmp_path / "files" / HOUSING_FILES)
    assert b"contratto" not in store.get(row.stored_as)
    answer = officer.get(f"/it/housing/files/{row.id}")
    assert answer.data == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert officer.post(f"{at}/files/{row.id}/remove").status_code == 302
    assert officer.get(f"/it/housing/files/{row.id}").status_code == 404


def test_an_owner_s_file_is_changed(
    officer: FlaskClient, acting: Acting, lodge: Lodge, html: Html
) -> None:
    offered(acting, lodge)
    with acting(lodge.officer) as ctx:
        owner_id = ctx.db.scalars(select(Owner.id)).one()
    at = f"/it/housing/owners/{owner_id}"
    told = {"kind": "private", "name": "Olga O. Owner", "guarantees": ["deposit", "one_contact"]}
    assert officer.post(f"{at}/change", data={**told, "name": ""}).status_code == 422
    assert officer.post(f"{at}/change", data=told).status_code == 302
    assert "Olga O. Owner" in html(officer.get("/it/housing/owners"))
    with acting(lodge.officer) as ctx:
        assert ctx.db.get_one(Owner, owner_id).guarantees == ["deposit", "one_contact"]


def test_an_open_offer_is_changed_and_an_answered_one_is_not(
    officer: FlaskClient, acting: Acting, lodge: Lodge, html: Html
) -> None:
    offer_id = offered(acting, lodge)
    at = f"/it/housing/offers/{offer_id}"
    assert 'value="450"' in html(officer.get(f"{at}/change"))
    assert officer.post(f"{at}/change", data=sent(rent="400")).status_code == 302
    with acting(lodge.officer) as ctx:
        assert ctx.db.get_one(Offer, offer_id).rent_cents == 40_000
        withdraw_offer(ctx, offer_id)
    assert officer.post(f"{at}/change", data=sent(rent="300")).status_code == 409
