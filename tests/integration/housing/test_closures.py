"""Beds closed for a while: refused over a stay, opened early, and a slip put right."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from civic.housing.errors import BedTaken, EndsBeforeStart, TooLongAgo, TooManyNights
from civic.housing.nights_models import BedNight, BedSpan
from civic.housing.operations.closures import close_beds, reopen
from civic.housing.rules.nights import Use, VoidReason
from civic.housing.works_errors import (
    ClosureOver,
    NoBedChosen,
    NoNightOfWork,
    ReopensInPast,
    TooFarAhead,
)
from civic.kernel.clock import FrozenClock
from civic.kernel.context import Context
from civic.kernel.db.database import Database
from civic.kernel.errors import CivicError, NotFound
from civic.kernel.policy import Role, system_in
from tests.factories.accounts import actor_of, make_staff, with_second_factor
from tests.factories.housing import Lodge, make_lodge, make_request, make_stay, make_unit
from tests.integration.housing.works_ground import TODAY, days, refused


@pytest.fixture
def ctx(database: Database) -> Iterator[Context]:
    with database.unit_of_work(system_in()) as ctx:
        yield ctx


@pytest.fixture
def lodge(ctx: Context) -> Lodge:
    return make_lodge(ctx)


@pytest.fixture
def officer(ctx: Context, lodge: Lodge) -> Context:
    return ctx.acting(lodge.officer)


def close(ctx: Context, lodge: Lodge, first: int, until: int, beds: int = 1) -> None:
    chosen = lodge.beds[:beds]
    close_beds(ctx, lodge.unit_id, chosen, days(first), days(until), VoidReason.PESTS)


def closed_nights(ctx: Context) -> list[date]:
    return list(
        ctx.db.scalars(
            select(BedNight.night)
            .join(BedSpan, BedSpan.id == BedNight.span_id)
            .where(BedSpan.use == Use.VOID)
            .order_by(BedNight.night)
        )
    )


def span(ctx: Context) -> UUID:
    return ctx.db.scalars(select(BedSpan.id).where(BedSpan.use == Use.VOID)).one()


def test_closed_beds_have_a_reason_and_take_nobody(officer: Context, lodge: Lodge) -> None:
    close(officer, lodge, 0, 3, beds=2)
    assert len(closed_nights(officer)) == 6
    assert set(officer.db.scalars(select(BedSpan.reason))) == {VoidReason.PESTS}
    request_id = make_request(officer, lodge.city)
    refused(officer, BedTaken, lambda: make_stay(officer, lodge, request_id, first=days(2)))
    make_stay(officer, lodge, request_id, first=days(3))


def test_beds_in_which_somebody_is_to_sleep_stay_open_all_of_them(
    officer: Context, lodge: Lodge
) -> None:
    request_id = make_request(officer, lodge.city)
    make_stay(officer, lodge, request_id, first=days(4), nights=1, beds=[lodge.beds[1]])
    refusal = refused(officer, BedTaken, lambda: close(officer, lodge, 0, 9, beds=2))
    assert refusal.values == {"bed": "Stanza 1 · letto 2", "night": days(4)}


@pytest.mark.parametrize(
    ("first", "until", "beds", "refusal"),
    [
        (3, 2, 1, EndsBeforeStart),
        (3, 3, 1, NoNightOfWork),
        (0, 10_000, 1, TooManyNights),
        (-400, -390, 1, TooLongAgo),
        (900, 901, 1, TooFarAhead),
        (0, 3, 0, NoBedChosen),
    ],
)
def test_closures_that_nobody_can_mean_are_refused(
    officer: Context, lodge: Lodge, first: int, until: int, beds: int, refusal: type[CivicError]
) -> None:
    refused(officer, refusal, lambda: close(officer, lodge, first, until, beds))


def test_beds_of_another_dwelling_are_refused(officer: Context, lodge: Lodge) -> None:
    _unit_id, others = make_unit(officer, lodge.city, "Casa Acanto")
    refused(
        officer,
        NotFound,
        lambda: close_beds(officer, lodge.unit_id, others, TODAY, days(2), VoidReason.OTHER),
    )


def test_a_closure_opens_early_and_the_rest_is_free_at_once(
    officer: Context, lodge: Lodge, clock: FrozenClock
) -> None:
    close(officer, lodge, 0, 10)
    clock.advance(timedelta(days=2))
    refused(officer, ReopensInPast, lambda: reopen(officer, span(officer), days(1)))
    reopen(officer, span(officer), days(4))
    assert closed_nights(officer) == [days(each) for each in range(4)]
    reopen(officer, span(officer), days(2))
    assert closed_nights(officer) == [TODAY, days(1)]
    refused(officer, ClosureOver, lambda: reopen(officer, span(officer), days(2)))
    make_stay(officer, lodge, make_request(officer, lodge.city), first=days(2), nights=8)


def test_a_closure_written_down_by_mistake_goes_whole_on_the_same_day(
    officer: Context, lodge: Lodge
) -> None:
    close(officer, lodge, -30, 10)
    reopen(officer, span(officer), days(-30))
    assert closed_nights(officer) == []
    refused(officer, ClosureOver, lambda: reopen(officer, span(officer), days(-30)))


def test_what_is_no_closure_is_not_opened(officer: Context, lodge: Lodge) -> None:
    make_stay(officer, lodge, make_request(officer, lodge.city))
    stay_span = officer.db.scalars(select(BedSpan.id).where(BedSpan.use == Use.STAY)).one()
    refused(officer, NotFound, lambda: reopen(officer, stay_span, TODAY))


def test_a_safe_house_is_closed_and_opened_by_its_team_alone(ctx: Context, lodge: Lodge) -> None:
    insider = actor_of(ctx, make_staff(ctx, Role.HOUSING_OFFICER, lodge.city, name="Sara Safe"))
    unit_id, beds = make_unit(ctx, lodge.city, "Casa Celata", team=[insider.own_id])
    inside, outside = ctx.acting(insider), ctx.acting(lodge.officer)
    told = (beds, TODAY, days(2), VoidReason.SAFETY)
    refused(outside, NotFound, lambda: close_beds(outside, unit_id, *told))
    close_beds(inside, unit_id, beds[:1], TODAY, days(2), VoidReason.SAFETY)
    closure = span(inside)
    refused(outside, NotFound, lambda: reopen(outside, closure, TODAY))
    reopen(inside, closure, TODAY)


def test_the_pages_close_and_open_beds_and_keep_what_was_typed(
    client: FlaskClient,
    database: Database,
    sign_in: Callable[[FlaskClient, UUID], None],
    html: Callable[[TestResponse], str],
) -> None:
    with database.unit_of_work(system_in()) as ctx:
        lodge = make_lodge(ctx)
    sign_in(client, lodge.officer.own_id)
    with_second_factor(client)
    page = f"/en/housing/units/{lodge.unit_id}/close"
    assert client.get(page).status_code == 200
    typed = {"beds": str(lodge.beds[0]), "first": "2026-03-20", "until": "2026-03-18"}
    answer = client.post(page, data={**typed, "reason": "pests"})
    assert answer.status_code == 422
    assert "The last day comes before the first one" in html(answer)
    assert 'value="2026-03-18"' in html(answer)
    right = {**typed, "until": "2026-03-25", "reason": "pests"}
    assert client.post(page, data=right).status_code == 302
    twice = client.post(page, data=right)
    assert twice.status_code == 409
    assert "Stanza 1 · letto 1 is no longer free on 20 March 2026" in html(twice)
    with database.reading(lodge.officer) as ctx:
        closure = span(ctx)
    opened = client.post(f"/en/housing/closures/{closure}/reopen", data={"day": "2026-03-22"})
    assert opened.status_code == 302
    with database.reading(lodge.officer) as ctx:
        assert closed_nights(ctx) == [days(6), days(7)]
