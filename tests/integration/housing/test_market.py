"""On the way to a lease of one's own: what somebody can pay, flats with their landlords, the lease."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from civic.audit.models import AuditEntry
from civic.housing.book_errors import FlatToCome, LandlordNameless, LeaseWritten
from civic.housing.market_models import FlatViewed, MarketFile
from civic.housing.models import Lease, Owner
from civic.housing.operations.market import (
    FlatWords,
    Landlord,
    MarketWords,
    OwnLease,
    change_flat,
    keep_file,
    keep_flat,
    sign_lease,
)
from civic.housing.queries.gate import resident_for
from civic.housing.queries.market import MarketPage, market_page
from civic.housing.queries.support import homes_of
from civic.housing.rules.market import FlatState, Paper
from civic.housing.rules.steps import Step
from civic.housing.rules.stock import Direction, OwnerKind, UnitKind
from civic.housing.stock_errors import LeaseEndsFirst, RegisteredToCome
from civic.kernel.context import Context
from civic.kernel.errors import CivicError, NotFound
from civic.kernel.policy import Actor, system_in
from tests.factories.accounts import with_second_factor
from tests.factories.housing import make_unit
from tests.factories.housing_support import Tenancy, make_tenancy

Acting = Callable[[Actor], AbstractContextManager[Context]]
Html = Callable[[TestResponse], str]
TODAY = date(2026, 3, 14)
LANDLORD = Landlord(OwnerKind.PRIVATE, "Rosa Bianchi", "040 1234567")
FLAT = FlatWords("Barriera", 45_000, FlatState.VIEWED, TODAY, "via Rossetti 3", landlord=LANDLORD)
LEASE = OwnLease(date(2026, 3, 1), date(2030, 2, 28), 45_000, 90_000, date(2026, 3, 10))


@pytest.fixture
def tenancy(acting: Acting) -> Tenancy:
    with acting(system_in()) as ctx:
        return make_tenancy(ctx)


def page_of(acting: Acting, tenancy: Tenancy) -> MarketPage:
    with acting(tenancy.officer) as ctx:
        return market_page(ctx, resident_for(ctx, tenancy.resident_id))


def steps_of(acting: Acting, tenancy: Tenancy) -> list[Step]:
    return [row.step for row in page_of(acting, tenancy).steps]


def test_they_can_pay_thirty_percent_without_what_they_pay_back(
    acting: Acting, tenancy: Tenancy
) -> None:
    with acting(tenancy.officer) as ctx:
        keep_file(ctx, tenancy.resident_id, MarketWords(150_000, 5_000, 2, [Paper.IDENTITY]))
    means = page_of(acting, tenancy).means
    assert means is not None
    assert (means.affordable_cents, means.is_ready) == (40_000, False)
    assert steps_of(acting, tenancy) == []


def test_income_and_papers_lie_sealed(acting: Acting, tenancy: Tenancy) -> None:
    with acting(tenancy.officer) as ctx:
        keep_file(ctx, tenancy.resident_id, MarketWords(123_456, 0, 1, [Paper.PERMIT]))
        row = ctx.db.scalars(select(MarketFile)).one()
    assert b"123456" not in row.sealed
    assert b"permit" not in row.sealed


def test_papers_that_are_ready_are_a_step_taken_once(acting: Acting, tenancy: Tenancy) -> None:
    ready = [Paper.IDENTITY, Paper.TAX_CODE, Paper.PAYSLIPS]
    for _ in range(2):
        with acting(tenancy.officer) as ctx:
            keep_file(ctx, tenancy.resident_id, MarketWords(150_000, 0, 1, ready))
    assert steps_of(acting, tenancy) == [Step.PAPERS_READY]


def test_a_flat_keeps_its_landlord_among_the_owners_for_others(
    acting: Acting, tenancy: Tenancy
) -> None:
    with acting(tenancy.officer) as ctx:
        flat_id = keep_flat(ctx, tenancy.resident_id, FLAT)
    (row,) = page_of(acting, tenancy).flats
    assert row.owner is not None
    assert (row.owner.name, row.owner.phone) == ("Rosa Bianchi", "040 1234567")
    with acting(tenancy.officer) as ctx:
        owner_id = ctx.db.scalars(select(Owner.id)).one()
        again = FlatWords("San Vito", 50_000, FlatState.TO_VIEW, owner_id=owner_id)
        keep_flat(ctx, tenancy.resident_id, again)
        sealed = ctx.db.get_one(FlatViewed, flat_id).sealed
        assert b"Rossetti" not in sealed
        assert len(ctx.db.scalars(select(Owner)).all()) == 1


def test_the_landlords_questions_are_kept_with_our_answers(
    acting: Acting, tenancy: Tenancy
) -> None:
    with acting(tenancy.officer) as ctx:
        flat_id = keep_flat(ctx, tenancy.resident_id, FLAT)
        words = FlatWords(
            "Barriera", 43_000, FlatState.ASKED, TODAY, questions="Chi garantisce?",
            answers="Il fondo del Comune, per due anni.",
        )  # fmt: skip
        change_flat(ctx, tenancy.resident_id, flat_id, words)
    (row,) = page_of(acting, tenancy).flats
    assert (row.rent_cents, row.questions) == (43_000, "Chi garantisce?")
    assert row.answers == "Il fondo del Comune, per due anni."
    assert row.owner is not None, "the landlord stays"


def test_the_first_flat_that_was_looked_at_is_a_step(acting: Acting, tenancy: Tenancy) -> None:
    planned = FlatWords("Barriera", 45_000, FlatState.TO_VIEW, date(2026, 3, 20))
    with acting(tenancy.officer) as ctx:
        keep_flat(ctx, tenancy.resident_id, planned)
    assert steps_of(acting, tenancy) == []
    for _ in range(2):
        with acting(tenancy.officer) as ctx:
            keep_flat(ctx, tenancy.resident_id, FLAT)
    assert steps_of(acting, tenancy) == [Step.FLAT_VIEWED]


@pytest.mark.parametrize(
    ("flat", "refusal"),
    [
        (FlatWords("X", 1, FlatState.VIEWED, date(2026, 3, 15)), FlatToCome),
        (
            FlatWords("X", 1, FlatState.TO_VIEW, landlord=Landlord(OwnerKind.AGENCY, "", "040")),
            LandlordNameless,
        ),
        (FlatWords("X", 1, FlatState.TO_VIEW, owner_id=uuid4()), NotFound),
    ],
)
def test_a_flat_that_cannot_be_is_refused_whole(
    acting: Acting, tenancy: Tenancy, flat: FlatWords, refusal: type[CivicError]
) -> None:
    with pytest.raises(refusal), acting(tenancy.officer) as ctx:
        keep_flat(ctx, tenancy.resident_id, flat)
    with acting(tenancy.officer) as ctx:
        assert ctx.db.scalars(select(FlatViewed)).all() == []


def test_a_lease_signed_outside_the_stock_is_theirs_and_a_step(
    acting: Acting, tenancy: Tenancy
) -> None:
    with acting(tenancy.officer) as ctx:
        lease_id = sign_lease(ctx, tenancy.resident_id, LEASE)
        row = ctx.db.get_one(Lease, lease_id)
        assert (row.unit_id, row.direction, row.deposit_cents) == (None, Direction.OUT, 90_000)
        assert row.registered_on == date(2026, 3, 10)
        # From now on support can be decided for it.
        assert [each.lease_id for each in homes_of(ctx, tenancy.resident_id)][-1] == lease_id
    assert steps_of(acting, tenancy) == [Step.OWN_LEASE]
    with pytest.raises(LeaseWritten), acting(tenancy.officer) as ctx:
        sign_lease(ctx, tenancy.resident_id, LEASE)


def test_a_lease_of_a_dwelling_of_the_stock_names_it(acting: Acting, tenancy: Tenancy) -> None:
    with acting(system_in(tenancy.city.id)) as ctx:
        unit_id, _beds = make_unit(ctx, tenancy.city, "Via Udine 4", kind=UnitKind.MARKET)
    with acting(tenancy.officer) as ctx:
        new = OwnLease(date(2026, 4, 1), None, 45_000, 0, unit_id=unit_id)
        lease_id = sign_lease(ctx, tenancy.resident_id, new)
        assert ctx.db.get_one(Lease, lease_id).unit_id == unit_id


@pytest.mark.parametrize(
    ("lease", "refusal"),
    [
        (OwnLease(TODAY, date(2026, 3, 14), 1, 0), LeaseEndsFirst),
        (OwnLease(TODAY, None, 1, 0, date(2026, 3, 15)), RegisteredToCome),
        (OwnLease(TODAY, None, 1, 0, unit_id=uuid4()), NotFound),
    ],
)
def test_a_lease_that_cannot_be_is_refused(
    acting: Acting, tenancy: Tenancy, lease: OwnLease, refusal: type[CivicError]
) -> None:
    with pytest.raises(refusal), acting(tenancy.officer) as ctx:
        sign_lease(ctx, tenancy.resident_id, lease)


def test_another_city_sees_and_writes_nothing(acting: Acting, tenancy: Tenancy) -> None:
    with acting(system_in()) as ctx:
        abroad = make_tenancy(ctx, "latina", name="Chen Wei")
        with_flat = keep_flat(ctx.acting(tenancy.officer), tenancy.resident_id, FLAT)
    with pytest.raises(NotFound), acting(abroad.officer) as ctx:
        market_page(ctx, resident_for(ctx, tenancy.resident_id))
    with pytest.raises(NotFound), acting(abroad.officer) as ctx:
        change_flat(ctx, abroad.resident_id, with_flat, FLAT)
    with pytest.raises(NotFound), acting(abroad.officer) as ctx:
        sign_lease(ctx, tenancy.resident_id, LEASE)


@pytest.fixture
def office(
    client: FlaskClient, tenancy: Tenancy, sign_in: Callable[[FlaskClient, UUID], None]
) -> FlaskClient:
    assert tenancy.officer.person_id
    sign_in(client, tenancy.officer.person_id)
    return with_second_factor(client)


def test_the_way_is_walked_on_its_page(
    office: FlaskClient, acting: Acting, tenancy: Tenancy, html: Html
) -> None:
    address = f"/en/housing/market/{tenancy.resident_id}"
    means = {
        "income": "1.500", "debts": "50", "rooms_wanted": "2",
        "papers": ["identity", "tax_code", "payslips"],
    }  # fmt: skip
    assert office.post(f"{address}/means", data=means).status_code == 302
    flat = {
        "quarter": "Barriera", "rent": "450", "state": "viewed", "on_day": "2026-03-10",
        "landlord": "Rosa Bianchi", "landlord_kind": "private", "phone": "040 1234567",
        "questions": "Chi garantisce?",
    }  # fmt: skip
    assert office.post(f"{address}/flats", data=flat).status_code == 302
    page = html(office.get(address))
    for words in ("A rent of up to €400.00 a month", "Papers for a contract are ready",
                  "Rosa Bianchi", "Chi garantisce?", "more than they can pay"):  # fmt: skip
        assert words in page
    flat_id = next(iter(page_of(acting, tenancy).flats)).id
    assert "Chi garantisce?" in html(office.get(f"{address}/flats/{flat_id}"))
    changed = office.post(f"{address}/flats/{flat_id}", data=flat | {"state": "agreed"})
    assert changed.status_code == 302
    wrong = office.post(f"{address}/flats/{flat_id}", data=flat | {"rent": "-1"})
    assert wrong.status_code == 422
    assert "An amount cannot be less than nothing." in html(wrong)
    assert office.post(f"{address}/flats/{uuid4()}", data=flat).status_code == 404
    lease = {"starts_on": "2026-03-12", "rent": "450", "deposit": "900", "ends_on": "2026-03-01"}
    wrong = office.post(f"{address}/lease", data=lease)
    assert wrong.status_code == 422
    assert "The last day comes before the first one." in html(wrong)
    assert office.post(f"{address}/lease", data=lease | {"ends_on": ""}).status_code == 302
    assert "A rent contract of their own" in html(office.get(address))
    with acting(system_in(tenancy.city.id)) as ctx:
        read = select(AuditEntry.subject_id).where(AuditEntry.action == "housing.market_read")
        assert set(ctx.db.scalars(read)) == {tenancy.person_id}


def test_a_flat_sent_twice_is_one(office: FlaskClient, acting: Acting, tenancy: Tenancy) -> None:
    flat = {
        "quarter": "Barriera", "rent": "450", "state": "to_view",
        "landlord": "Rosa Bianchi", "landlord_kind": "private",
        "sent": "01975a00-0000-7000-8000-00000000bbbb",
    }  # fmt: skip
    for _ in range(2):
        office.post(f"/en/housing/market/{tenancy.resident_id}/flats", data=flat)
    assert len(page_of(acting, tenancy).flats) == 1
    with acting(tenancy.officer) as ctx:
        assert len(ctx.db.scalars(select(Owner)).all()) == 1
