"""Rent support is shown before it is decided, never beyond a ceiling, and adds up to the cent."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import select
from werkzeug.test import TestResponse

from civic.housing.book_errors import (
    DecisionCancelled,
    DecisionOfNothing,
    GrantPassed,
    GrantTooShort,
    GrantUnknown,
    PersonCeilingPassed,
    UnitCeilingPassed,
)
from civic.housing.models import HousingGrant
from civic.housing.operations.support import cancel, set_ceilings
from civic.housing.queries.books import book_of
from civic.housing.queries.support import decision_page, support_page
from civic.housing.queries.support_gate import decision_for
from civic.housing.rules.ledger import Payer
from civic.housing.rules.support import CeilingOn, Curve, SupportKind
from civic.housing.support_errors import AmountTooLarge, CurveFalls
from civic.housing.support_models import SupportDecision, SupportInstalment
from civic.kernel.clock import FrozenClock
from civic.kernel.context import Context
from civic.kernel.errors import CivicError, NotFound
from civic.kernel.policy import Actor, Role, system_in
from tests.factories.accounts import actor_of, make_staff, with_second_factor
from tests.factories.housing import make_grant, make_request, make_resident, make_unit
from tests.factories.housing_support import (
    FIRST_DUE,
    Tenancy,
    make_payment,
    make_support,
    make_tenancy,
    reference,
)

Acting = Callable[[Actor], AbstractContextManager[Context]]
SignIn = Callable[[FlaskClient, UUID], None]
TODAY = date(2026, 3, 14)


@pytest.fixture
def tenancy(acting: Acting) -> Tenancy:
    with acting(system_in()) as ctx:
        return make_tenancy(ctx)


@pytest.fixture
def office(client: FlaskClient, tenancy: Tenancy, sign_in: SignIn) -> FlaskClient:
    assert tenancy.officer.person_id
    sign_in(client, tenancy.officer.person_id)
    return with_second_factor(client)


def test_the_tenants_part_grows_by_the_agreed_curve_and_all_of_it_adds_up(
    acting: Acting, tenancy: Tenancy
) -> None:
    with acting(tenancy.officer) as ctx:
        decision_id = make_support(ctx, tenancy)
    with acting(tenancy.officer) as ctx:
        row = ctx.db.get_one(SupportDecision, decision_id)
        parts = book_of(ctx, decision_id).instalments
        assert [each.tenant_cents for each in parts] == [10_000, 20_000, 30_000, 40_000]
        assert [each.support_cents for each in parts] == [30_000, 20_000, 10_000, 0]
        assert [each.due_on.month for each in parts] == [4, 5, 6, 7]
        assert (row.total_cents, row.support_cents, row.bound_cents) == (160_000, 60_000, 60_000)
        assert row.unit_id == tenancy.lodge.unit_id
        assert row.curve == {"first": "250", "last": "1000"}


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"amount_cents": 0}, DecisionOfNothing),
        ({"amount_cents": 90_000_000, "months": 2}, AmountTooLarge),
        ({"curve": Curve(1000, 250)}, CurveFalls),
        ({"first_due": date(2029, 12, 31)}, GrantTooShort),
        ({"first_due": date(2023, 12, 1)}, GrantTooShort),
        ({"grant_id": uuid4()}, GrantUnknown),
        ({"resident_id": uuid4()}, NotFound),
    ],
)
def test_what_cannot_be_decided_is_refused_and_nothing_is_written(
    acting: Acting, tenancy: Tenancy, change: dict[str, object], refusal: type[CivicError]
) -> None:
    with pytest.raises(refusal), acting(tenancy.officer) as ctx:
        make_support(ctx, tenancy, **change)  # type: ignore[arg-type]
    with acting(tenancy.officer) as ctx:
        assert ctx.db.scalars(select(SupportDecision)).all() == []
        assert ctx.db.scalars(select(SupportInstalment)).all() == []


def test_nothing_is_decided_beyond_the_grant(acting: Acting, tenancy: Tenancy) -> None:
    with acting(system_in(tenancy.city.id)) as ctx:
        ctx.db.get_one(HousingGrant, tenancy.grant_id).amount_cents = 100_000
    with acting(tenancy.officer) as ctx:
        make_support(ctx, tenancy)
    with pytest.raises(GrantPassed) as refused, acting(tenancy.officer) as ctx:
        make_support(ctx, tenancy)
    assert refused.value.values["left"] == 40_000
    assert refused.value.values["over"] == 20_000


def test_ceilings_for_one_person_and_for_one_flat_count_what_the_city_pays(
    acting: Acting, tenancy: Tenancy
) -> None:
    with acting(tenancy.officer) as ctx:
        set_ceilings(ctx, tenancy.city.id, {CeilingOn.PERSON: 60_000, CeilingOn.UNIT: None})
        make_support(ctx, tenancy)
    with pytest.raises(PersonCeilingPassed) as refused, acting(tenancy.officer) as ctx:
        make_support(ctx, tenancy, 1, 1, curve=Curve())
    assert (refused.value.values["most"], refused.value.values["over"]) == (60_000, 1)
    with acting(tenancy.officer) as ctx:
        set_ceilings(ctx, tenancy.city.id, {CeilingOn.PERSON: None, CeilingOn.UNIT: 60_000})
    with pytest.raises(UnitCeilingPassed), acting(tenancy.officer) as ctx:
        make_support(ctx, tenancy, 1, 1, curve=Curve())
    with acting(tenancy.officer) as ctx:
        # What the tenant pays alone counts against no ceiling.
        make_support(ctx, tenancy, 50_000, 2, curve=Curve(1000, 1000))


def test_cancelling_ends_what_is_to_come_and_keeps_what_was_due_and_paid(
    acting: Acting, tenancy: Tenancy, clock: FrozenClock
) -> None:
    with acting(tenancy.officer) as ctx:
        decision_id = make_support(ctx, tenancy)
    clock.advance(timedelta(days=50))  # 3 May: April and May are due
    with acting(tenancy.officer) as ctx:
        make_payment(ctx, tenancy, decision_id, 10_000, date(2026, 4, 2))
        make_payment(ctx, tenancy, decision_id, 40_000, date(2026, 4, 2), Payer.MUNICIPALITY)
        cancel(ctx, decision_id, "Si trasferisce")
    with acting(tenancy.officer) as ctx:
        decision = decision_for(ctx, decision_id)
        page = decision_page(ctx, decision)
        assert page.why_cancelled == "Si trasferisce"
        assert [each.number for each in page.ended] == [3, 4]
        tenant, city = page.row.ledger.tenant, page.row.ledger.municipality
        assert (tenant.decided, tenant.paid, tenant.arrears, tenant.to_come) == (
            30_000, 10_000, 20_000, 0,
        )  # fmt: skip
        assert (city.decided, city.paid, city.arrears, city.to_come) == (50_000, 40_000, 10_000, 0)
        assert decision.bound_cents == 50_000
    with pytest.raises(DecisionCancelled), acting(tenancy.officer) as ctx:
        cancel(ctx, decision_id, "Di nuovo")


def test_what_a_cancelling_sets_free_can_be_decided_again(acting: Acting, tenancy: Tenancy) -> None:
    with acting(tenancy.officer) as ctx:
        set_ceilings(ctx, tenancy.city.id, {CeilingOn.GRANT: 60_000})
        first = make_support(ctx, tenancy)
        cancel(ctx, first, "Sbagliato")
        make_support(ctx, tenancy)


def test_a_form_sent_twice_decides_once(
    office: FlaskClient, acting: Acting, tenancy: Tenancy
) -> None:
    sent = _typed(tenancy)
    shown = office.post(_for(tenancy), data=sent)
    assert "1 avril" not in shown.text
    mark = shown.text.split('name="seen" type="hidden" value="')[1].split('"')[0]
    for _ in range(2):
        answer = office.post(_for(tenancy), data=sent | {"seen": mark})
        assert answer.status_code == 302
    with acting(tenancy.officer) as ctx:
        assert len(ctx.db.scalars(select(SupportDecision)).all()) == 1


def _for(tenancy: Tenancy) -> str:
    return f"/en/housing/support/for/{tenancy.resident_id}"


def _typed(tenancy: Tenancy, **change: str) -> dict[str, str]:
    return {
        "kind": "rent", "about": f"stay-{tenancy.placement_id}", "grant": str(tenancy.grant_id),
        "way": "monthly", "amount": "400", "months": "4", "first_due": "2026-04-01",
        "first_share": "25", "last_share": "100", "curve": "",
        "sent": "01975a00-0000-7000-8000-00000000abcd",
    } | change  # fmt: skip


def test_the_instalments_are_shown_before_anything_is_decided(
    office: FlaskClient, acting: Acting, tenancy: Tenancy, html: Callable[[TestResponse], str]
) -> None:
    page = html(office.post(_for(tenancy), data=_typed(tenancy)))
    assert "What would be decided" in page
    assert "€600.00" in page
    assert "€1,000.00" in page
    with acting(tenancy.officer) as ctx:
        assert ctx.db.scalars(select(SupportDecision)).all() == []


def test_what_was_shown_is_shown_again_when_it_was_changed_meanwhile(
    office: FlaskClient, acting: Acting, tenancy: Tenancy, html: Callable[[TestResponse], str]
) -> None:
    page = html(office.post(_for(tenancy), data=_typed(tenancy)))
    mark = page.split('name="seen" type="hidden" value="')[1].split('"')[0]
    again = office.post(_for(tenancy), data=_typed(tenancy, amount="500", seen=mark))
    assert again.status_code == 200
    assert "What would be decided" in html(again)
    with acting(tenancy.officer) as ctx:
        assert ctx.db.scalars(select(SupportDecision)).all() == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"amount": "-5"}, "An amount cannot be less than nothing."),
        ({"amount": "350,123456789012"}, "Write cents with two digits at most"),
        ({"amount": "ttt"}, "We cannot read this as an amount."),
        ({"months": "999"}, "Write a number of months from 1 to 120."),
        ({"first_share": "80", "last_share": "20"}, "cannot become smaller"),
        ({"curve": "0 20"}, "There are 2 shares for 4 months."),
        ({"curve": "0 20 x 30"}, "between nothing and the whole rent"),
        ({"first_due": "2029-12-31"}, "This grant pays from"),
        ({"kind": "yacht"}, "Not a valid choice"),
    ],
)
def test_a_mistake_is_said_beside_its_field_and_what_was_typed_stays(
    office: FlaskClient,
    tenancy: Tenancy,
    html: Callable[[TestResponse], str],
    change: dict[str, str],
    said: str,
) -> None:
    sent = _typed(tenancy, **change)
    answer = office.post(_for(tenancy), data=sent)
    if answer.status_code == 200:  # the grant is asked once it is decided
        mark = html(answer).split('name="seen" type="hidden" value="')[1].split('"')[0]
        answer = office.post(_for(tenancy), data=sent | {"seen": mark})
    assert answer.status_code == 422
    page = html(answer)
    assert said in page
    assert f'value="{sent["amount"]}"' in page


def test_a_ceiling_is_said_in_euro_of_the_readers_language(
    office: FlaskClient, acting: Acting, tenancy: Tenancy, html: Callable[[TestResponse], str]
) -> None:
    office.post("/en/housing/support/ceilings", data={"person": "500", "unit": "", "grant": ""})
    sent = _typed(tenancy)
    mark = html(office.post(_for(tenancy), data=sent)).split('name="seen" type="hidden" value="')[1]
    answer = office.post(_for(tenancy), data=sent | {"seen": mark.split('"')[0]})
    assert answer.status_code == 409
    assert "The most for one person is €500.00, and this would be €100.00 above it" in html(answer)


def test_whoever_is_late_comes_first_and_the_settled_ones_stay_away(
    acting: Acting, tenancy: Tenancy, clock: FrozenClock
) -> None:
    with acting(system_in(tenancy.city.id)) as ctx:
        other = make_resident(ctx, tenancy.city, "Bilal Khan")
    with acting(tenancy.officer) as ctx:
        in_time = make_support(ctx, tenancy, resident_id=other)
        late = make_support(ctx, tenancy)
        settled = make_support(ctx, tenancy, 1_000, 1, curve=Curve(1000, 1000))
    clock.advance(timedelta(days=30))  # 13 April
    with acting(tenancy.officer) as ctx:
        make_payment(ctx, tenancy, in_time, 10_000, date(2026, 4, 1))
        make_payment(ctx, tenancy, settled, 1_000, date(2026, 4, 1))
        found = support_page(ctx, tenancy.city.id)
        assert [row.id for row in found.rows] == [late, in_time]
        assert [row.name for row in found.rows] == ["Awa Sarr", "Bilal Khan"]
        assert [row.days_late for row in found.rows] == [12, 0]
        assert found.late == 1
        everything = support_page(ctx, tenancy.city.id, ended_too=True)
        assert {row.id for row in everything.rows} == {late, in_time, settled}


def test_the_list_asks_as_often_for_many_decisions_as_for_one(
    office: FlaskClient,
    acting: Acting,
    tenancy: Tenancy,
    statements: Callable[[], AbstractContextManager[object]],
) -> None:
    counts = []
    for number in (1, 6):
        with acting(system_in(tenancy.city.id)) as ctx:
            people = [make_resident(ctx, tenancy.city, f"Persona {n}") for n in range(number)]
        with acting(tenancy.officer) as ctx:
            for resident_id in people:
                make_support(ctx, tenancy, resident_id=resident_id)
        with statements() as counted:
            assert office.get("/en/housing/support").status_code == 200
        counts.append(counted.total)  # type: ignore[attr-defined]
    assert counts[0] == counts[1]


def test_a_safe_house_shows_to_its_team_alone_and_in_no_table(
    office: FlaskClient,
    client: FlaskClient,
    acting: Acting,
    tenancy: Tenancy,
    html: Callable[[TestResponse], str],
) -> None:
    with acting(system_in(tenancy.city.id)) as ctx:
        insider = make_staff(ctx, Role.HOUSING_OFFICER, tenancy.city, name="Ines Dentro")
        member = actor_of(ctx, insider)
        decision_id = make_support(ctx, tenancy)
        hidden, _beds = make_unit(ctx, tenancy.city, "Casa Nascosta", team=[insider])
        ctx.acting(system_in(tenancy.city.id)).db.get_one(
            SupportDecision, decision_id
        ).unit_id = hidden
    assert office.get(f"/en/housing/support/{decision_id}").status_code == 404
    assert "Awa Sarr" not in html(office.get("/en/housing/support"))
    with pytest.raises(NotFound), acting(tenancy.officer) as ctx:
        cancel(ctx, decision_id, "Per caso")
    with acting(member) as ctx:
        assert [row.unit_name for row in support_page(ctx, tenancy.city.id).rows] == [
            "Casa Nascosta"
        ]
        assert support_page(ctx, tenancy.city.id, None).rows == ()


def test_the_list_can_be_taken_away_with_numbers_that_are_numbers(
    office: FlaskClient, acting: Acting, tenancy: Tenancy
) -> None:
    with acting(system_in(tenancy.city.id)) as ctx:
        formula = make_resident(ctx, tenancy.city, "=1+1")
        make_support(ctx, tenancy, first_due=TODAY - timedelta(days=12), resident_id=formula)
    answer = office.get("/en/housing/support/table.xlsx")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    header, line = rows[0], rows[1]
    found = dict(zip(header, line, strict=True))
    assert found["Name"] == "=1+1"
    assert (found["In all"], found["Municipality’s part"]) == (1600, 600)
    assert (found["Tenant is late with"], found["Days late"]) == (100, 12)


def test_the_page_of_a_decision_shows_both_sides(
    office: FlaskClient, acting: Acting, tenancy: Tenancy, html: Callable[[TestResponse], str]
) -> None:
    with acting(tenancy.officer) as ctx:
        decision_id = make_support(ctx, tenancy)
    page = html(office.get(f"/en/housing/support/{decision_id}"))
    assert reference(decision_id) in page
    assert "Awa Sarr" in page
    assert "Casa Ginestra" in page
    assert page.count("€1,000.00") >= 2
    answer = office.post(f"/en/housing/support/{decision_id}/cancel", data={"reason": ""})
    assert answer.status_code == 422
    answer = office.post(f"/en/housing/support/{decision_id}/cancel", data={"reason": "Errore"})
    assert answer.status_code == 302
    assert "Errore" in html(office.get(f"/en/housing/support/{decision_id}"))
    again = office.post(f"/en/housing/support/{decision_id}/cancel", data={"reason": "Errore"})
    assert again.status_code == 409


def test_who_can_be_supported_is_whoever_signs_for_a_stay(
    office: FlaskClient, acting: Acting, tenancy: Tenancy, html: Callable[[TestResponse], str]
) -> None:
    with acting(system_in(tenancy.city.id)) as ctx:
        make_request(ctx, tenancy.city, [make_resident(ctx, tenancy.city, "Chi Aspetta")])
    page = html(office.get("/en/housing/support/people"))
    assert "Awa Sarr" in page
    assert "Chi Aspetta" not in page


def test_another_city_sees_and_changes_nothing(acting: Acting, tenancy: Tenancy) -> None:
    with acting(tenancy.officer) as ctx:
        decision_id = make_support(ctx, tenancy)
    with acting(system_in()) as ctx:
        abroad = make_tenancy(ctx, "latina", name="Chen Wei")
        their_grant = make_grant(ctx, abroad.city, "LT-2")
    for attempt in (
        lambda ctx: decision_for(ctx, decision_id),
        lambda ctx: cancel(ctx, decision_id, "x"),
        lambda ctx: set_ceilings(ctx, tenancy.city.id, {CeilingOn.GRANT: 1}),
    ):
        with pytest.raises(NotFound), acting(abroad.officer) as ctx:
            attempt(ctx)
    with pytest.raises(GrantUnknown), acting(tenancy.officer) as ctx:
        make_support(ctx, tenancy, grant_id=their_grant)


def test_a_one_off_amount_is_spread_to_the_cent(acting: Acting, tenancy: Tenancy) -> None:
    with acting(tenancy.officer) as ctx:
        decision_id = make_support(
            ctx, tenancy, 100_000, 3, kind=SupportKind.DEPOSIT, is_monthly=False, curve=Curve()
        )
        parts = book_of(ctx, decision_id).instalments
        assert [each.support_cents for each in parts] == [33_334, 33_333, 33_333]
        assert parts[0].due_on == FIRST_DUE
